"""A metric over time with its control limits: calm, with colour only on what the limits do not expect."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from kpi.charts.days import DAY, month_axis, stamp, tick
from kpi.charts.happenings import DAY_LONG, FOOT, HEAD, events_drawn, steps_drawn
from kpi.charts.palette import Palette
from kpi.charts.scale import AxisUnit, axis_unit
from kpi.model import Unit

if TYPE_CHECKING:
    from kpi.trend.nouns import Limits, Trend, TrendPoint

HEIGHT = 380
INNER = 326
"""What the axis and its labels leave of that, near enough to move labels apart."""
MORNING = 43_200_000
LINE = 15
"""Pixels between two labels at the right."""
POINT_COLUMNS = (
    "middle", "left", "right", "value", "low", "high", "n", "kind", "colour", "fill",
    "span", "text", "interval", "why"
)  # fmt: skip
LIMIT_COLUMNS = ("left", "right", "low", "centre", "high")
KINDS = ("expected", "provisional", "above", "below")
SHAPES = ("circle", "circle", "triangle-up", "triangle-down")


def control(trend: Trend, colours: Palette) -> alt.LayerChart:
    """Points and line in grey, limits thin, signals as coloured triangles, provisional points hollow.

    Known events are dashed lines with their names, steps that the scan found are bands over the days between
    which they lie. Bars at the foot show n.

    Raises:
        ValueError: when no point has a value.
    """
    points = trend.points
    if not any(point.estimate.value is not None for point in points):
        raise ValueError("there is no point to draw")
    unit = trend.metric.unit
    shown = axis_unit(unit, [*(point.estimate.value for point in points), trend.target])
    frame = pd.DataFrame([_record(trend, p, shown, colours) for p in points], columns=list(POINT_COLUMNS))
    limits = _limit_frame(trend.limits, points, shown)
    scale = _domain(frame, limits, trend, shown)
    y = alt.Y("value:Q", title=shown.word, axis=_value_axis(shown), scale=scale)
    x = alt.X("middle:T", scale=_across(points), title=None, axis=_time_axis(points))
    layers: list[Any] = [
        *steps_drawn(trend.change_points, points, colours),
        *_limits(limits, colours, scale),
        *_target(trend.target, shown, colours),
        alt.Chart(frame)
        .transform_filter("isValid(datum.value)")
        .mark_line(color=colours.unclear, strokeWidth=1.25, clip=True)
        .encode(x=x, y=y),
        *events_drawn([effect.event for effect in trend.events], points, colours),
        _marks(frame, x, y, colours),
        *_labels(trend, limits, shown, scale, colours),
    ]
    return alt.layer(
        alt.layer(*layers),
        alt.layer(*_foot(frame, colours, trend.grain)),
        resolve=alt.Resolve(scale=alt.ScaleResolveMap(y="independent")),
        height=HEIGHT,
    )


# ---------------------------------------------------------------- points


def _record(trend: Trend, point: TrendPoint, shown: AxisUnit, colours: Palette) -> dict[str, object]:
    estimate, unit = point.estimate, trend.metric.unit
    known = estimate.value is not None
    start, end = point.span.start, point.span.end
    days = point.span.days
    span = f"{start:%a %-d %b %Y}" if days == 1 else f"{start:%-d %b} to {end:%-d %b %Y}"
    why = point.provisional or ""
    if point.signal is not None:
        side = "above" if point.signal.above else "below"
        why = f"signal: {point.signal.says or point.signal.rule}, {side}"
    return {
        "middle": stamp(start) + days * MORNING,
        "left": stamp(start) + days * DAY_LONG // 10,
        "right": stamp(start) + days * DAY_LONG * 9 // 10,
        "value": shown.shown(estimate.value),
        "low": shown.shown(estimate.low if known else None),
        "high": shown.shown(estimate.high if known else None),
        "n": estimate.n,
        "kind": _kind(point),
        "colour": _colour(trend, point, colours),
        "fill": colours.background if point.provisional else _colour(trend, point, colours),
        "span": span,
        "text": unit.level(estimate.value) if known else f"no answer: {estimate.reason or ''}",
        "interval": ""
        if not known or estimate.low is None or estimate.high is None
        else f"{unit.level(estimate.low)} to {unit.level(estimate.high)}",
        "why": why,
    }


def _kind(point: TrendPoint) -> str:
    if point.signal is not None:
        return "above" if point.signal.above else "below"
    return "expected" if point.provisional is None else "provisional"


def _colour(trend: Trend, point: TrendPoint, colours: Palette) -> str:
    """Blue on the better side, orange on the worse, the colour of text where neither is better."""
    if point.signal is None:
        return colours.unclear
    good = trend.metric.better.value * (1 if point.signal.above else -1)
    return colours.text if good == 0 else colours.better if good > 0 else colours.worse


def _marks(frame: pd.DataFrame, x: alt.X, y: alt.Y, colours: Palette) -> alt.Chart:
    many = len(frame) > 120
    return (
        alt.Chart(frame)
        .transform_filter("isValid(datum.value)")
        .mark_point(filled=True, opacity=1, strokeWidth=1.25, clip=True)
        .encode(
            x=x,
            y=y,
            shape=alt.Shape("kind:N", legend=None, scale=alt.Scale(domain=list(KINDS), range=list(SHAPES))),
            size=alt.Size(
                "kind:N",
                legend=None,
                scale=alt.Scale(domain=list(KINDS), range=[10 if many else 26, 30, 90, 90]),
            ),
            fill=alt.Fill("fill:N", legend=None, scale=None),
            stroke=alt.Stroke("colour:N", legend=None, scale=None),
            tooltip=_tooltips(),
        )
    )


def _tooltips() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("span:N", title="days"),
        alt.Tooltip("text:N", title="value"),
        alt.Tooltip("interval:N", title="interval"),
        alt.Tooltip("n:Q", title="n", format=","),
        alt.Tooltip("why:N", title="note"),
    ]


def _foot(frame: pd.DataFrame, colours: Palette, grain: str) -> list[alt.Chart]:
    bars = (
        alt.Chart(frame)
        .mark_rect(color=colours.quiet)
        .encode(
            x=alt.X("left:T", scale=alt.Scale(type="utc"), title=None),
            x2=alt.X2("right:T"),
            y=alt.Y(
                "n:Q",
                axis=None,
                scale=alt.Scale(domainMin=0, range=[{"expr": "height"}, {"expr": f"height - {FOOT - 18}"}]),
            ),
            y2=alt.Y2Value({"expr": "height"}),
            tooltip=_tooltips(),
        )
    )
    label = (
        alt.Chart(pd.DataFrame([{"label": f"n, up to {int(frame['n'].max()):,}"}]))
        .mark_text(align="left", dx=8, color=colours.muted, fontSize=12)
        .encode(
            x=alt.XValue({"expr": "width"}),
            y=alt.YValue({"expr": f"height - {FOOT // 2 - 10}"}),
            text=alt.Text("label:N"),
        )
    )
    return [bars, label]


# ---------------------------------------------------------------- limits, target, and their labels


def _limit_frame(limits: Limits | None, points: Sequence[TrendPoint], shown: AxisUnit) -> pd.DataFrame:
    rows = [
        {
            "left": stamp(limit.start),
            "right": stamp(limit.end) + DAY_LONG,
            "low": shown.shown(limit.low),
            "centre": shown.shown(limit.centre),
            "high": shown.shown(limit.high),
        }
        for limit in (limits.limits if limits is not None else ())
        if points and limit.end >= points[0].span.start
    ]
    return pd.DataFrame(rows, columns=list(LIMIT_COLUMNS))


def _limits(frame: pd.DataFrame, colours: Palette, scale: alt.Scale) -> list[alt.Chart]:
    if frame.empty:
        return []
    # A step line needs the right end of the last limit as a point of its own.
    last = frame.iloc[-1]
    ends = pd.concat([frame, pd.DataFrame([{**last, "left": last["right"]}])], ignore_index=True)
    base = alt.Chart(ends)
    across = alt.X("left:T", scale=alt.Scale(type="utc"), title=None)
    return [
        base.mark_area(color=colours.quiet, opacity=0.28, interpolate="step-after", clip=True).encode(
            x=across, y=alt.Y("low:Q", scale=scale), y2=alt.Y2("high:Q")
        ),
        *(
            base.mark_line(
                color=colours.unclear,
                strokeWidth=0.9,
                strokeDash=[1, 0] if name == "centre" else [4, 3],
                interpolate="step-after",
                clip=True,
            ).encode(x=across, y=alt.Y(f"{name}:Q", scale=scale))
            for name in ("low", "centre", "high")
        ),
    ]


def _target(target: float | None, shown: AxisUnit, colours: Palette) -> list[alt.Chart]:
    if target is None:
        return []
    return [
        alt.Chart(pd.DataFrame([{"value": shown.shown(target)}]))
        .mark_rule(color=colours.text, strokeDash=[2, 3], strokeWidth=1.25)
        .encode(y=alt.Y("value:Q"))
    ]


def _labels(
    trend: Trend, limits: pd.DataFrame, shown: AxisUnit, scale: alt.Scale, colours: Palette
) -> list[alt.Chart]:
    """What the lines are, at the right, moved apart where they would touch."""
    unit = trend.metric.unit
    said: list[tuple[float, str, str]] = []
    if trend.limits is not None and trend.limits.limits:
        last = trend.limits.limits[-1]
        said += [
            (float(shown.shown(last.high) or 0.0), f"upper limit {unit.level(last.high)}", colours.muted),
            (float(shown.shown(last.centre) or 0.0), f"average {unit.level(last.centre)}", colours.muted),
            (float(shown.shown(last.low) or 0.0), f"lower limit {unit.level(last.low)}", colours.muted),
        ]
    if trend.target is not None:
        goal = float(shown.shown(trend.target) or 0.0)
        said.append((goal, f"target {unit.level(trend.target)}", colours.text))
    low, high = scale.domain
    inner = INNER - HEAD - FOOT
    rows = []
    for value, text, colour in sorted(said, reverse=True):
        inside = min(max(value, low), high)
        rows.append({"pixel": HEAD + (high - inside) / (high - low) * inner, "label": text, "colour": colour})
    pixels = apart([float(str(row["pixel"])) for row in rows], HEAD, INNER - FOOT)
    for row, pixel in zip(rows, pixels, strict=True):
        row["pixel"] = pixel
    return [
        alt.Chart(pd.DataFrame([row]))
        .mark_text(align="left", dx=8, color=str(row["colour"]), fontSize=12)
        .encode(
            x=alt.XValue({"expr": "width"}),
            y=alt.YValue({"expr": f"{HEAD} + {_share_of_inner(row)} * (height - {HEAD + FOOT})"}),
            text=alt.Text("label:N"),
        )
        for row in rows
    ]


def _share_of_inner(row: dict[str, object]) -> float:
    return round((float(str(row["pixel"])) - HEAD) / (INNER - HEAD - FOOT), 4)


def apart(pixels: Sequence[float], top: float, bottom: float, least: float = LINE) -> list[float]:
    """Places of labels from the top down, moved as little as needed to be that far apart.

    >>> apart([10, 12, 80], 0, 100), apart([90, 95], 0, 100)
    ([10.0, 25.0, 80.0], [85.0, 100.0])
    """
    placed: list[float] = []
    for pixel in pixels:
        placed.append(max(float(pixel), placed[-1] + least if placed else top))
    limit = float(bottom)
    for place in range(len(placed) - 1, -1, -1):
        placed[place] = min(placed[place], limit)
        limit = placed[place] - least
    return placed


# ---------------------------------------------------------------- axes


def _across(points: Sequence[TrendPoint]) -> alt.Scale:
    ends = [tick(points[0].span.start), tick(points[-1].span.end + timedelta(days=1))]
    return alt.Scale(type="utc", domain=ends, nice=False)


def _time_axis(points: Sequence[TrendPoint]) -> alt.Axis:
    first, last = points[0].span.start, points[-1].span.end
    days = (last - first).days + 1
    if days < 75:
        step = 1 + days // 60 * 6 if points[0].span.days == 1 else 7
        step = max(step, 7 if days > 14 else 1)
        values = [tick(first + timedelta(days=shift)) for shift in range(0, days, step)]
        return alt.Axis(values=values, labelExpr=DAY, grid=False, ticks=False, labelFlush=False)
    number = first.year * 12 + first.month
    months = [date(n // 12, n % 12 + 1, 1) for n in range(number, number + days // 28 + 1)]
    step = 1 + len(months) // 14
    return month_axis([month for month in months if month <= last and (month.month - 1) % step == 0])


def _value_axis(shown: AxisUnit) -> alt.Axis:
    return alt.Axis(
        format=shown.number_format, tickCount=5, titleAngle=0, titleAlign="left", titleX=0, titleY=HEAD - 14
    )


def _domain(frame: pd.DataFrame, limits: pd.DataFrame, trend: Trend, shown: AxisUnit) -> alt.Scale:
    """A range that holds points, limits and target; a target far away does not flatten the rest."""
    values = frame["value"].dropna()
    final = frame.loc[frame["kind"] != "provisional", "value"].dropna()
    ends = [float(final.min()), float(final.max())] if not final.empty else []
    if not final.empty:
        # What is not final may be far off for now; it must not flatten the rest.
        room = ends[1] - ends[0]
        values = values.clip(ends[0] - room, ends[1] + room)
    ends += [float(values.min()), float(values.max())]
    if not limits.empty:
        ends += [float(limits["low"].quantile(0.1)), float(limits["high"].quantile(0.9))]
    low, high = min(ends), max(ends)
    if trend.target is not None:
        goal = float(shown.shown(trend.target) or 0.0)
        reach = (high - low) or abs(high) or 1.0
        if low - 3 * reach <= goal <= high + 3 * reach:
            low, high = min(low, goal), max(high, goal)
    margin = (high - low) * 0.06 or abs(high) * 0.1 or 1.0
    floor = low - margin
    if trend.metric.unit is not Unit.POINTS:
        floor = max(floor, 0.0)
    ceiling = min(high + margin, 1.0) if trend.metric.unit is Unit.PERCENT else high + margin
    if ceiling <= floor:
        floor, ceiling = floor - 1.0, ceiling + 1.0
    return alt.Scale(
        domain=[floor, ceiling],
        range=[{"expr": f"height - {FOOT}"}, HEAD],
        nice=False,
        zero=False,
        clamp=True,
    )
