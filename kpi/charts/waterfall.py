"""A change as a walk from before to now: every part starts where the one before it ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import altair as alt
import pandas as pd

from kpi.charts.palette import Palette
from kpi.charts.scale import AxisUnit, axis_unit
from kpi.model import Unit, Verdict

ROW = 44
BELOW, ABOVE = 9, -11
COLUMNS = ("row", "text", "name", "words", "interval", "kind", "start", "end", "low", "high", "tone", "next")


@dataclass(frozen=True)
class Bar:
    """One row: a level (``start`` = ``end``) or a part, in the unit of the metric.

    Attributes:
        words: value and verdict as written elsewhere on the page; ``interval`` likewise, empty without one.
        low, high: where the part may end; None without an interval.
        verdict: None for levels and for parts that were not judged.
        inner: a share of the part above it, drawn thinner, that does not move the walk.
    """

    name: str
    words: str
    start: float
    end: float
    low: float | None = None
    high: float | None = None
    interval: str = ""
    verdict: Verdict | None = None
    level: bool = False
    inner: bool = False


def waterfall(bars: Sequence[Bar], unit: Unit, colours: Palette) -> alt.LayerChart:
    """Rows from before to now. Blue and orange only for parts beyond chance that matter; all others are grey.

    Raises:
        ValueError: without bars, or where a part does not start at the end of the one before it.
    """
    if not bars:
        raise ValueError("there are no parts to draw")
    check_walk(bars)
    shown = axis_unit(unit, [value for bar in bars for value in (bar.start, bar.end)])
    frame = pd.DataFrame(_records(bars, shown), columns=list(COLUMNS))
    rows = frame["row"].tolist()
    y = alt.Y("row:O", scale=alt.Scale(domain=rows), sort=None, axis=None, title=None)
    x = alt.X(
        "start:Q",
        title=shown.word,
        scale=alt.Scale(domain=_domain(frame), nice=False, zero=False),
        axis=alt.Axis(format=shown.number_format, tickCount=5),
    )
    colour = alt.Color(
        "tone:N",
        legend=None,
        scale=alt.Scale(
            domain=["better", "worse", "changed", "unclear", "level"],
            range=[colours.better, colours.worse, colours.text, colours.unclear, colours.text],
        ),
    )
    tips = [
        alt.Tooltip("name:N", title="part"),
        alt.Tooltip("words:N", title="adds"),
        alt.Tooltip("interval:N", title="interval"),
    ]
    base = alt.Chart(frame)
    whole = base.transform_filter("datum.kind == 'part'")
    inner = base.transform_filter("datum.kind == 'inner'")
    levels = base.transform_filter("datum.kind == 'level'")
    judged = base.transform_filter("isValid(datum.low) && datum.kind != 'level'")
    linked = base.transform_filter("isValid(datum.next)")
    return alt.layer(
        linked.mark_rule(
            color=colours.unclear, strokeWidth=1, strokeDash=[2, 2], yOffset=BELOW, y2Offset=BELOW
        ).encode(x=alt.X("end:Q"), y=y, y2="next:O"),
        whole.mark_bar(height=16, yOffset=BELOW, cornerRadius=2).encode(
            x=x, x2="end:Q", y=y, color=colour, tooltip=tips
        ),
        inner.mark_bar(height=7, yOffset=BELOW, opacity=0.75).encode(
            x=x, x2="end:Q", y=y, color=colour, tooltip=tips
        ),
        judged.mark_rule(strokeWidth=1.5, yOffset=BELOW, color=colours.text, opacity=0.7).encode(
            x=alt.X("low:Q"), x2="high:Q", y=y, tooltip=tips
        ),
        levels.mark_tick(thickness=4, height=20, yOffset=BELOW).encode(x=x, y=y, color=colour, tooltip=tips),
        *(
            names.mark_text(
                align="left", fontSize=size, fontWeight=weight, color=colours.text, yOffset=ABOVE
            ).encode(x=alt.value(left), y=y, text="text:N")
            for names, left, size, weight in (
                (base.transform_filter("datum.kind != 'inner'"), 2, 13, 600),
                (inner, 20, 13, 400),
            )
        ),
    ).properties(height=ROW * len(rows) + 40)


def check_walk(bars: Sequence[Bar]) -> None:
    """Nothing when each part begins where the one before it ended; else ValueError naming the place."""
    size = max(abs(value) for bar in bars for value in (bar.start, bar.end))
    walk = [bar for bar in bars if not bar.inner]
    for bar, after in pairwise(walk):
        if abs(bar.end - after.start) > 1e-9 * max(size, 1e-9):
            raise ValueError(f"'{after.name}' starts at {after.start:g} and the walk is at {bar.end:g}")


def _records(bars: Sequence[Bar], shown: AxisUnit) -> list[dict[str, object]]:
    records: list[dict[str, object]] = []
    for place, bar in enumerate(bars):
        after = next((at for at in range(place + 1, len(bars)) if not bars[at].inner), None)
        tone = "level" if bar.level else "unclear"
        if bar.verdict in (Verdict.BETTER, Verdict.WORSE, Verdict.CHANGED):
            tone = bar.verdict.value
        records.append(
            {
                "row": f"{place:03d}",
                "text": f"{bar.name}: {bar.words}",
                "name": bar.name,
                "words": bar.words,
                "interval": bar.interval or "none",
                "kind": "level" if bar.level else "inner" if bar.inner else "part",
                "start": shown.shown(bar.start),
                "end": shown.shown(bar.end),
                "low": shown.shown(bar.low),
                "high": shown.shown(bar.high),
                "tone": tone,
                "next": None if bar.inner or after is None else f"{after:03d}",
            }
        )
    return records


def _domain(frame: pd.DataFrame) -> list[float]:
    """Room for every bar and the intervals of whole parts; those of single segments may be cut."""
    whole = frame[frame["kind"] != "inner"]
    values = pd.concat([frame["start"], frame["end"], whole["low"], whole["high"]]).dropna().astype(float)
    low, high = float(values.min()), float(values.max())
    margin = (high - low) * 0.06 or abs(high) * 0.1 or 1.0
    return [low - margin, high + margin]
