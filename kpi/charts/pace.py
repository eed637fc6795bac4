"""A goal over time: its rolling value with interval, the straight line it should follow, where it may end."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from kpi.charts.days import stamp, tick, time_axis
from kpi.charts.palette import Palette
from kpi.charts.scale import AxisUnit, axis_unit
from kpi.model import Unit

if TYPE_CHECKING:
    from kpi.goals.nouns import Progress

HEIGHT = 300
TOP = 24
"""Pixels at the top that belong to the word of the unit."""
MIDDAY = 43_200_000
COLUMNS = ("day", "value", "low", "high", "n", "text", "interval", "when")


def pace(found: Progress, colours: Palette) -> alt.LayerChart:
    """Rolling value as a line with a band, the path dashed to the goal, the outlook as a dot with its range.

    Raises:
        ValueError: when there is no value to draw.
    """
    metric, path = found.metric, found.path
    known = [one for one in found.rolling if one.estimate.value is not None]
    if metric is None or path is None or not known:
        raise ValueError("there is no value to draw")
    ahead = found.ahead
    outlook = [] if ahead is None else [ahead.value, ahead.high]
    shown = axis_unit(metric.unit, [*(one.estimate.value for one in known), *(v for _, v in path), *outlook])
    frame = pd.DataFrame([_record(one.day, one.estimate, metric.unit, shown) for one in found.rolling])
    frame = frame.reindex(columns=list(COLUMNS))
    first = min(found.rolling[0].day, path[0][0])
    last = max(found.goal.by, found.rolling[-1].day)
    ends = [tick(first), tick(last + timedelta(days=1))]
    x_scale = alt.Scale(type="utc", domain=ends, nice=False)
    y_scale = _domain(found, frame, shown)
    x = alt.X("day:T", scale=x_scale, title=None, axis=time_axis(first, last, 10))
    axis = alt.Axis(format=shown.number_format, tickCount=5, titleAngle=0, titleAlign="left", titleX=0,
                    titleY=TOP - 14)  # fmt: skip
    y = alt.Y("value:Q", title=shown.word, axis=axis, scale=y_scale)
    tips = [
        alt.Tooltip("when:N", title="days to"),
        alt.Tooltip("text:N", title="value"),
        alt.Tooltip("interval:N", title="interval"),
        alt.Tooltip("n:Q", title="n", format=","),
    ]
    base = alt.Chart(frame).transform_filter("isValid(datum.value)")
    layers: list[Any] = [
        base.mark_area(color=colours.accent, opacity=0.15, clip=True).encode(
            x=x, y=alt.Y("low:Q", scale=y_scale), y2=alt.Y2("high:Q")
        ),
        *_path(found, shown, colours, x_scale, y_scale),
        alt.Chart(frame).mark_line(color=colours.accent, strokeWidth=2, clip=True).encode(x=x, y=y),
        base.mark_point(filled=True, size=90, opacity=0, clip=True).encode(x=x, y=y, tooltip=tips),
        *_now(known[-1].day, found, shown, colours, y_scale),
        *_ahead(found, shown, colours, y_scale),
    ]
    return alt.layer(*layers, height=HEIGHT)


def _record(day: date, estimate: Any, unit: Unit, shown: AxisUnit) -> dict[str, object]:
    known = estimate.value is not None
    sure = known and estimate.low is not None and estimate.high is not None
    return {
        "day": stamp(day) + MIDDAY,
        "value": shown.shown(estimate.value),
        "low": shown.shown(estimate.low if sure else estimate.value),
        "high": shown.shown(estimate.high if sure else estimate.value),
        "n": estimate.n,
        "text": unit.level(estimate.value),
        "interval": f"{unit.level(estimate.low)} to {unit.level(estimate.high)}" if sure else "",
        "when": f"{day:%-d %b %Y}",
    }


def _path(
    found: Progress, shown: AxisUnit, colours: Palette, x_scale: alt.Scale, y_scale: alt.Scale
) -> list[alt.Chart]:
    """The straight line from the start to the goal, and its end as a ring with its name."""
    path, metric = found.path, found.metric
    assert path is not None
    assert metric is not None
    rows = [{"day": stamp(day) + MIDDAY, "value": shown.shown(value)} for day, value in path]
    end = {**rows[1], "label": f"goal {metric.unit.level(path[1][1])}"}
    x = alt.X("day:T", scale=x_scale, title=None)
    y = alt.Y("value:Q", scale=y_scale)
    up = found.goal.to_value >= found.goal.from_value
    return [
        alt.Chart(pd.DataFrame(rows))
        .mark_line(color=colours.text, strokeDash=[4, 3], strokeWidth=1.5, clip=True)
        .encode(x=x, y=y),
        alt.Chart(pd.DataFrame([end]))
        .mark_point(color=colours.text, size=70, strokeWidth=1.5, opacity=1)
        .encode(x=x, y=y),
        alt.Chart(pd.DataFrame([end]))
        .mark_text(align="right", dx=-10, dy=-9 if up else 12, color=colours.text, fontSize=12)
        .encode(x=x, y=y, text="label:N"),
    ]


def _now(
    day: date, found: Progress, shown: AxisUnit, colours: Palette, y_scale: alt.Scale
) -> list[alt.Chart]:
    """The newest value as a dot, with its number."""
    newest = next(one.estimate for one in reversed(found.rolling) if one.day == day)
    assert found.metric is not None
    row = {
        "day": stamp(day) + MIDDAY,
        "value": shown.shown(newest.value),
        "label": found.metric.unit.level(newest.value),
    }
    # The path may run through the number: it stands on the side on which the line is not.
    above = newest.value is not None and found.expected is not None and newest.value >= found.expected
    base = alt.Chart(pd.DataFrame([row]))
    x, y = alt.X("day:T", title=None), alt.Y("value:Q", scale=y_scale)
    return [
        base.mark_point(filled=True, color=colours.accent, size=60, opacity=1).encode(x=x, y=y),
        base.mark_text(align="left", dx=8, dy=-9 if above else 11, color=colours.accent, fontSize=12,
                       opacity={"expr": "width < 480 ? 0 : 1"},
            fontWeight="bold").encode(x=x, y=y, text="label:N"),
    ]  # fmt: skip


def _ahead(found: Progress, shown: AxisUnit, colours: Palette, y_scale: alt.Scale) -> list[alt.Chart]:
    """Where it may end: a range with a dot on the last day."""
    ahead = found.ahead
    if ahead is None or ahead.value is None or found.metric is None:
        return []
    unit = found.metric.unit
    row = {
        "day": stamp(found.goal.by) + MIDDAY,
        "value": shown.shown(ahead.value),
        "low": shown.shown(ahead.low),
        "high": shown.shown(ahead.high),
        "text": f"{unit.level(ahead.value)} ({unit.level(ahead.low)} to {unit.level(ahead.high)})",
    }
    base = alt.Chart(pd.DataFrame([row]))
    x = alt.X("day:T", title=None)
    tips = [alt.Tooltip("text:N", title="to be expected if nothing changes")]
    return [
        base.mark_rule(color=colours.unclear, strokeWidth=3, opacity=0.8, clip=True).encode(
            x=x, y=alt.Y("low:Q", scale=y_scale), y2=alt.Y2("high:Q"), tooltip=tips
        ),
        base.mark_point(filled=True, color=colours.unclear, size=60, opacity=1, clip=True).encode(
            x=x, y=alt.Y("value:Q", scale=y_scale), tooltip=tips
        ),
    ]


def _domain(found: Progress, frame: pd.DataFrame, shown: AxisUnit) -> alt.Scale:
    """A range that holds the value, the path and the outlook; wide intervals do not flatten the rest."""
    values = frame["value"].dropna()
    path = [float(shown.shown(value) or 0.0) for _, value in found.path or ()]
    ends = [float(values.min()), float(values.max()), *path]
    if found.ahead is not None and found.ahead.value is not None:
        ends.append(float(shown.shown(found.ahead.value) or 0.0))
    low, high = min(ends), max(ends)
    room = (high - low) or abs(high) or 1.0
    band = pd.concat([frame["low"].dropna(), frame["high"].dropna()]).clip(low - room / 2, high + room / 2)
    reach = [*band.tolist(), low, high]
    if found.ahead is not None and found.ahead.low is not None and found.ahead.high is not None:
        outlook = [float(shown.shown(end) or 0.0) for end in (found.ahead.low, found.ahead.high)]
        reach += [max(outlook[0], low - room / 2), min(outlook[1], high + room / 2)]
    floor, ceiling = min(reach) - room * 0.06, max(reach) + room * 0.06
    unit = None if found.metric is None else found.metric.unit
    if unit is not Unit.POINTS:
        floor = max(floor, 0.0)
    if unit is Unit.PERCENT:
        ceiling = min(ceiling, 1.0)
    return alt.Scale(
        domain=[floor, ceiling], range=[{"expr": "height"}, TOP], nice=False, zero=False, clamp=True
    )
