"""An action over time: its metric week by week before and from its day on, and the control beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import altair as alt
import pandas as pd

from kpi.charts.days import stamp, tick, time_axis
from kpi.charts.history import Point
from kpi.charts.palette import Palette
from kpi.charts.scale import AxisUnit, axis_unit
from kpi.model import Estimate, Unit

HEIGHT = 300
TOP = 40
"""Pixels at the top that belong to the unit and the name of the day."""
HALF_DAY = 43_200_000
NARROW = 480


def effect(
    points: Sequence[Point],
    at: date,
    unit: Unit,
    colours: Palette,
    *,
    control: Sequence[Point] = (),
    name: str = "",
    control_name: str = "",
) -> alt.LayerChart:
    """The segment as a line with its interval, the control as a thin grey line, the day as a rule.

    Raises:
        ValueError: when there is no value to draw.
    """
    known = [point for point in points if point.estimate.value is not None]
    if not known:
        raise ValueError("there is no value to draw")
    drawn = [*points, *control]
    shown = axis_unit(unit, [point.estimate.value for point in drawn])
    own = pd.DataFrame([_record(point, unit, shown) for point in points])
    first, last = points[0].start, max(points[-1].end, at)
    x_scale = alt.Scale(type="utc", domain=[tick(first), tick(last + timedelta(days=1))], nice=False)
    y_scale = _domain(drawn, unit, shown)
    axis = alt.Axis(
        format=shown.number_format, tickCount=5, titleAngle=0, titleAlign="left", titleX=0, titleY=TOP - 30
    )
    x = alt.X("middle:T", scale=x_scale, title=None, axis=time_axis(first, last, 8))
    y = alt.Y("value:Q", title=shown.word, axis=axis, scale=y_scale)
    base = alt.Chart(own).transform_filter("isValid(datum.value)")
    layers: list[Any] = [
        base.mark_area(color=colours.accent, opacity=0.15, clip=True).encode(
            x=x, y=alt.Y("low:Q", scale=y_scale), y2=alt.Y2("high:Q")
        ),
        *_control(control, control_name, unit, shown, colours, x, y_scale),
        alt.Chart(own).mark_line(color=colours.accent, strokeWidth=2, clip=True).encode(x=x, y=y),
        base.mark_point(filled=True, size=28, opacity=1, color=colours.accent, clip=True).encode(
            x=x, y=y, tooltip=_tooltips()
        ),
        *_day(at, first, last, colours),
        *_name(known[-1].estimate, known[-1], name, shown, colours.accent, y_scale, bold=True),
    ]
    return alt.layer(*layers, height=HEIGHT)


def _record(point: Point, unit: Unit, shown: AxisUnit) -> dict[str, object]:
    estimate = point.estimate
    sure = estimate.value is not None and estimate.low is not None and estimate.high is not None
    return {
        "middle": stamp(point.start) + point.days * HALF_DAY,
        "value": shown.shown(estimate.value),
        "low": shown.shown(estimate.low if sure else estimate.value),
        "high": shown.shown(estimate.high if sure else estimate.value),
        "n": estimate.n,
        "text": unit.level(estimate.value),
        "interval": f"{unit.level(estimate.low)} to {unit.level(estimate.high)}" if sure else "",
        "span": f"{point.start:%-d %b} to {point.end:%-d %b %Y}"
        + (" (not final)" if point.provisional else ""),
    }


def _tooltips() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("span:N", title="days"),
        alt.Tooltip("text:N", title="value"),
        alt.Tooltip("interval:N", title="interval"),
        alt.Tooltip("n:Q", title="n", format=","),
    ]


def _control(
    points: Sequence[Point],
    name: str,
    unit: Unit,
    shown: AxisUnit,
    colours: Palette,
    x: alt.X,
    y_scale: alt.Scale,
) -> list[alt.Chart]:
    known = [point for point in points if point.estimate.value is not None]
    if not known:
        return []
    frame = pd.DataFrame([_record(point, unit, shown) for point in points])
    y = alt.Y("value:Q", scale=y_scale)
    return [
        alt.Chart(frame)
        .mark_line(color=colours.unclear, strokeWidth=1.25, strokeDash=[5, 3], opacity=0.8, clip=True)
        .encode(x=x, y=y),
        alt.Chart(frame)
        .transform_filter("isValid(datum.value)")
        .mark_point(filled=True, size=10, opacity=0.8, color=colours.unclear, clip=True)
        .encode(x=x, y=y, tooltip=_tooltips()),
        *_name(known[-1].estimate, known[-1], name, shown, colours.muted, y_scale),
    ]


def _name(
    estimate: Estimate,
    point: Point,
    name: str,
    shown: AxisUnit,
    colour: str,
    y_scale: alt.Scale,
    *,
    bold: bool = False,
) -> list[alt.Chart]:
    """What a line is, at its right end; a legend would be further away."""
    if not name:
        return []
    row = {"middle": stamp(point.end), "value": shown.shown(estimate.value), "label": name[:24]}
    return [
        alt.Chart(pd.DataFrame([row]))
        .mark_text(
            align="left",
            dx=8,
            color=colour,
            fontSize=12,
            fontWeight="bold" if bold else "normal",
            opacity={"expr": f"width < {NARROW} ? 0 : 1"},
        )
        .encode(x=alt.X("middle:T", title=None), y=alt.Y("value:Q", scale=y_scale), text="label:N")
    ]


def _day(at: date, first: date, last: date, colours: Palette) -> list[alt.Chart]:
    """A dashed rule at the first day after the change, with the day beside it."""
    late = (at - first).days > (last - first).days * 0.7
    row = {"day": stamp(at), "label": f"from {at:%-d %b %Y} on"}
    x = alt.X("day:T", title=None)
    base = alt.Chart(pd.DataFrame([row]))
    return [
        base.mark_rule(color=colours.text, strokeDash=[3, 3], strokeWidth=1.25).encode(
            x=x, y=alt.YValue(TOP - 12), y2=alt.Y2Value({"expr": "height"})
        ),
        base.mark_text(
            align="right" if late else "left",
            dx=-5 if late else 5,
            baseline="middle",
            color=colours.text,
            fontSize=12,
        ).encode(x=x, y=alt.YValue(TOP - 8), text="label:N"),
    ]


def _domain(points: Sequence[Point], unit: Unit, shown: AxisUnit) -> alt.Scale:
    """A range that holds all values; wide intervals of single weeks do not flatten the rest."""
    values = [float(shown.shown(p.estimate.value) or 0.0) for p in points if p.estimate.value is not None]
    low, high = min(values), max(values)
    room = (high - low) or abs(high) or 1.0
    floor, ceiling = low - room * 0.35, high + room * 0.15
    if unit is not Unit.POINTS:
        floor = max(floor, 0.0)
    if unit is Unit.PERCENT:
        ceiling = min(ceiling, 1.0)
    return alt.Scale(
        domain=[floor, ceiling], range=[{"expr": "height"}, TOP], nice=False, zero=False, clamp=True
    )
