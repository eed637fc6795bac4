"""A metric week by week: line, interval band, target, and below it how many answers each week rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import altair as alt
import pandas as pd

from kpi.charts.days import DAY, month_axis, stamp, tick
from kpi.charts.palette import Palette
from kpi.charts.scale import AxisUnit, axis_unit
from kpi.model import Estimate, Period, Unit

HEIGHT = 320
FOOT = 56
"""Pixels at the foot that belong to the bars of n."""

COLUMNS = ("middle", "left", "right", "value", "low", "high", "n", "provisional", "span", "text", "interval")


@dataclass(frozen=True)
class Point:
    """One whole span of a history. ``provisional``: more of its outcomes are still to come."""

    start: date
    days: int
    estimate: Estimate
    provisional: bool = False

    @property
    def end(self) -> date:
        """Last day, included."""
        return self.start + timedelta(days=self.days - 1)


def history(
    points: Sequence[Point],
    unit: Unit,
    colours: Palette,
    *,
    target: float | None = None,
    now: Period | None = None,
    before: Period | None = None,
) -> alt.LayerChart:
    """Line with its interval band over whole spans; the two periods compared are shaded.

    ``points`` hold whole spans, in order; one without an answer leaves a gap, a provisional one is hollow.

    Raises:
        ValueError: without a single point.
    """
    if not points:
        raise ValueError("a history needs at least one whole week; this range holds none")
    estimates = [point.estimate for point in points]
    shown = axis_unit(unit, [*(e.value for e in estimates), target])
    frame = pd.DataFrame([_record(point, unit, shown) for point in points], columns=list(COLUMNS))
    x = alt.X("middle:T", scale=alt.Scale(type="utc"), title=None, axis=_time_axis(points))
    y = alt.Y("value:Q", title=shown.word, axis=_value_axis(shown), scale=_domain(frame, unit, shown, target))
    known = alt.Chart(frame).transform_filter("isValid(datum.value)")
    layers: list[Any] = []
    for period, label in ((before, "before"), (now, "now")):
        if period:
            layers.extend(_shade(period, label, points, colours))
    layers.append(
        known.mark_area(color=colours.accent, opacity=0.15, clip=True).encode(
            x=x, y=alt.Y("low:Q"), y2=alt.Y2("high:Q")
        )
    )
    layers.append(alt.Chart(frame).mark_line(color=colours.accent, strokeWidth=2, clip=True).encode(x=x, y=y))
    layers.append(
        known.mark_point(size=30, filled=True, opacity=1, stroke=colours.accent, strokeWidth=1.5).encode(
            x=x,
            y=y,
            fill=alt.condition("datum.provisional", alt.value(colours.background), alt.value(colours.accent)),
            tooltip=_tooltips(),
        )
    )
    if target is not None:
        layers.extend(_target(target, unit, shown, colours))
    foot = (
        alt.Chart(frame)
        .mark_rect(color=colours.quiet)
        .encode(
            x=alt.X("left:T", scale=alt.Scale(type="utc"), title=None),
            x2=alt.X2("right:T"),
            y=alt.Y(
                "n:Q",
                axis=None,
                scale=alt.Scale(domainMin=0, range=[{"expr": "height"}, {"expr": f"height - {FOOT - 20}"}]),
            ),
            y2=alt.Y2Value({"expr": "height"}),
            tooltip=_tooltips(),
        )
    )
    most = pd.DataFrame([{"label": f"n, up to {frame['n'].max():,}"}])
    foot_label = (
        alt.Chart(most)
        .mark_text(align="left", dx=8, color=colours.muted, fontSize=12)
        .encode(
            x=alt.XValue({"expr": "width"}),
            y=alt.YValue({"expr": f"height - {FOOT // 2 - 10}"}),
            text=alt.Text("label:N"),
        )
    )
    # Every call on a finished chart copies all of it, and so does every level of layers.
    return alt.layer(
        alt.layer(*layers),
        alt.layer(foot, foot_label),
        resolve=alt.Resolve(scale=alt.ScaleResolveMap(y="independent")),
        height=HEIGHT,
    )


def _record(point: Point, unit: Unit, shown: AxisUnit) -> dict[str, object]:
    estimate = point.estimate
    known = estimate.value is not None
    return {
        "middle": stamp(point.start) + point.days * 43_200_000,
        "left": stamp(point.start) + point.days * 8_640_000,
        "right": stamp(point.start) + point.days * 77_760_000,
        "value": shown.shown(estimate.value),
        "low": shown.shown(estimate.low if known else None),
        "high": shown.shown(estimate.high if known else None),
        "n": estimate.n,
        "provisional": point.provisional,
        "span": f"{point.start:%-d %b} to {point.end:%-d %b %Y}"
        + (" (provisional)" if point.provisional else ""),
        "text": unit.level(estimate.value) if known else f"no answer: {estimate.reason or ''}",
        "interval": ""
        if not known or estimate.low is None or estimate.high is None
        else f"{unit.level(estimate.low)} to {unit.level(estimate.high)}",
    }


def _tooltips() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("span:N", title="week"),
        alt.Tooltip("text:N", title="value"),
        alt.Tooltip("interval:N", title="interval"),
        alt.Tooltip("n:Q", title="n", format=","),
    ]


def _time_axis(points: Sequence[Point]) -> alt.Axis:
    days = (points[-1].end - points[0].start).days + 1
    if days < 75:
        middles = [tick(point.start + timedelta(days=point.days // 2)) for point in points]
        return alt.Axis(values=middles, labelExpr=DAY, grid=False, ticks=False, labelFlush=False)
    first = points[0].start.year * 12 + points[0].start.month
    months = [date(number // 12, number % 12 + 1, 1) for number in range(first, first + days // 28 + 1)]
    step = 1 + len(months) // 14
    shown = [month for month in months if month <= points[-1].end and (month.month - 1) % step == 0]
    return month_axis(shown)


def _value_axis(shown: AxisUnit) -> alt.Axis:
    return alt.Axis(
        format=shown.number_format, tickCount=5, titleAngle=0, titleAlign="left", titleX=0, titleY=-12
    )


def _domain(frame: pd.DataFrame, unit: Unit, shown: AxisUnit, target: float | None) -> alt.Scale:
    """A range that shows the line and the middle of its band: one wild interval must not flatten the rest."""
    values = frame["value"].dropna()
    pixels = [{"expr": f"height - {FOOT}"}, 4]
    if values.empty:
        return alt.Scale(range=pixels)
    room = (values.max() - values.min()) or abs(values.max())
    ends = [
        values.min(),
        values.max(),
        max(frame["low"].quantile(0.1), values.min() - room),
        min(frame["high"].quantile(0.9), values.max() + room),
    ]
    if target is not None:
        ends.append(shown.shown(target))
    low, high = min(e for e in ends if pd.notna(e)), max(e for e in ends if pd.notna(e))
    margin = (high - low) * 0.08 or abs(high) * 0.1 or 1.0
    floor = low - margin
    if unit is not Unit.POINTS:
        floor = max(floor, 0.0)
    ceiling = min(high + margin, 1.0) if unit is Unit.PERCENT else high + margin
    return alt.Scale(domain=[floor, ceiling], range=pixels, nice=False, zero=False)


def _shade(period: Period, label: str, points: Sequence[Point], colours: Palette) -> list[alt.Chart]:
    start = max(period.start, points[0].start)
    end = min(period.end, points[-1].end)
    rows = [] if end < start else [{"left": stamp(start), "right": stamp(end) + 86_400_000, "label": label}]
    span = alt.Chart(pd.DataFrame(rows, columns=["left", "right", "label"]))
    across = alt.X("left:T", scale=alt.Scale(type="utc"), title=None)
    return [
        span.mark_rect(color=colours.quiet, opacity=0.28 if label == "now" else 0.14).encode(
            x=across, x2=alt.X2("right:T")
        ),
        span.mark_text(align="left", baseline="top", dx=4, color=colours.muted, fontSize=12).encode(
            x=across, y=alt.YValue(2), text=alt.Text("label:N")
        ),
    ]


def _target(target: float, unit: Unit, shown: AxisUnit, colours: Palette) -> list[alt.Chart]:
    rule = alt.Chart(pd.DataFrame([{"value": shown.shown(target), "label": f"target {unit.level(target)}"}]))
    return [
        rule.mark_rule(color=colours.text, strokeDash=[2, 3], strokeWidth=1.25).encode(y=alt.Y("value:Q")),
        rule.mark_text(align="left", dx=8, color=colours.text, fontSize=12).encode(
            y=alt.Y("value:Q"), x=alt.XValue({"expr": "width"}), text=alt.Text("label:N")
        ),
    ]
