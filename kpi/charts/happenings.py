"""What happened at a date, drawn on a time axis: known events and changes of level."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from kpi.charts.days import stamp
from kpi.charts.palette import Palette

if TYPE_CHECKING:
    from kpi.trend.nouns import ChangePoint, KnownEvent, TrendPoint

HEAD = 40
"""Pixels at the top that belong to the names of events."""
FOOT = 52
"""Pixels at the foot that belong to the bars of n."""
DAY_LONG = 86_400_000
NAME = 22
"""Letters of an event's name that are shown; the rest stands in the table below."""
WIDE = 480
LETTER = 0.008
"""Width of a letter as a part of a wide chart."""
BOTTOM = {"expr": f"height - {FOOT - 8}"}


def events_drawn(
    events: Sequence[KnownEvent], points: Sequence[TrendPoint], colours: Palette
) -> list[alt.Chart]:
    """Dashed lines with names; neighbours take another line of text. An event with an end is a band."""
    first, last = points[0].span.start, points[-1].span.end
    inside = [event for event in events if event.day <= last and (event.until or event.day) >= first]
    if not inside:
        return []
    days = (last - first).days + 1
    rows: list[dict[str, object]] = []
    taken: list[list[tuple[float, float]]] = [[], [], []]
    for event in sorted(inside, key=lambda each: each.day):
        day = max(event.day, first)
        at, name = (day - first).days / days, _name(event)
        wide = LETTER * (len(name) + 2)
        side = "right" if at > 0.8 else "left"
        ends = (at - wide, at) if side == "right" else (at, at + wide)
        free = (n for n, line in enumerate(taken) if all(ends[1] < a or ends[0] > b for a, b in line))
        line = next(free, len(taken) - 1)
        taken[line].append(ends)
        rows.append(
            {
                "left": stamp(day),
                "right": stamp(min(event.until or day, last)) + DAY_LONG,
                "label": name,
                "pixel": 6 + 13 * line,
                "when": f"{event.day:%-d %b %Y}" + (f" to {event.until:%-d %b %Y}" if event.until else ""),
                "kind": event.kind,
                "ends": event.until is not None,
                "side": side,
            }
        )
    frame = pd.DataFrame(rows)
    across = alt.X("left:T", scale=alt.Scale(type="utc"), title=None)
    tips = [
        alt.Tooltip("label:N", title="event"),
        alt.Tooltip("when:N", title="day"),
        alt.Tooltip("kind:N", title="kind"),
    ]
    base = alt.Chart(frame)
    layers = [
        base.transform_filter("datum.ends")
        .mark_rect(color=colours.accent, opacity=0.12)
        .encode(x=across, x2=alt.X2("right:T"), y=alt.YValue(HEAD), y2=alt.Y2Value(BOTTOM)),
        base.mark_rule(color=colours.accent, strokeDash=[3, 3], strokeWidth=1).encode(
            x=across, y=alt.Y("pixel:Q", scale=None), y2=alt.Y2Value(BOTTOM), tooltip=tips
        ),
    ]
    layers += [
        base.transform_filter(f"datum.side === '{side}'")
        .mark_text(
            align=side,
            baseline="middle",
            dx=shift,
            color=colours.text,
            fontSize=12,
            # On a narrow screen names would lie on each other; the table below has them.
            opacity={"expr": f"width < {WIDE} ? 0 : 1"},
        )
        .encode(x=across, y=alt.Y("pixel:Q", scale=None), text=alt.Text("label:N"), tooltip=tips)
        for side, shift in (("left", 5), ("right", -5))
    ]
    return layers


def _name(event: KnownEvent) -> str:
    name = " ".join(event.name.split()) or event.kind
    return name if len(name) <= NAME else f"{name[: NAME - 1]}…"


def steps_drawn(
    steps: Sequence[ChangePoint], points: Sequence[TrendPoint], colours: Palette
) -> list[alt.Chart]:
    """A band over the days between which a step lies."""
    if not steps:
        return []
    first, last = points[0].span.start, points[-1].span.end
    rows = [
        {
            "left": stamp(max(step.low, first)),
            "right": stamp(min(step.high, last)) + DAY_LONG,
            "label": f"change of level, most likely {step.day:%-d %b %Y}",
        }
        for step in steps
    ]
    return [
        alt.Chart(pd.DataFrame(rows))
        .mark_rect(color=colours.unclear, opacity=0.22)
        .encode(
            x=alt.X("left:T", scale=alt.Scale(type="utc"), title=None),
            x2=alt.X2("right:T"),
            y=alt.YValue(HEAD),
            y2=alt.Y2Value(BOTTOM),
            tooltip=[alt.Tooltip("label:N", title="found")],
        )
    ]
