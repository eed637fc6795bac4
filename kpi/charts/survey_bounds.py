"""What everybody may think: the answers as a dot with its interval, in a band from worst to best case."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from kpi.charts.palette import Palette
from kpi.charts.scale import axis_unit
from kpi.model import Unit

if TYPE_CHECKING:
    from kpi.surveying.nouns import Honesty, Side

ROW = 74
EDGES = 70
COLUMNS = (
    *("period", "value", "low", "high", "first", "last", "weighted", "weighted_low", "weighted_high"),
    *("answered", "everybody", "reweighted"),
)


def survey_bounds(honesty: Honesty, colours: Palette, target: float | None = None) -> alt.LayerChart:
    """One row a period: band of what is possible, answers and re-weighted answers with their intervals.

    Raises:
        ValueError: when no period has bounds.
    """
    unit = honesty.metric.unit
    sides = [side for side in (honesty.now, honesty.before) if side is not None and side.bounds is not None]
    if not sides or honesty.scale is None:
        raise ValueError("neither period has a worst and a best case to draw")
    shown = axis_unit(unit, honesty.scale)
    frame = pd.DataFrame([_record(unit, side) for side in sides], columns=list(COLUMNS))
    order = list(frame["period"])
    y = alt.Y("period:N", sort=order, title=None, axis=None)
    axis = alt.Axis(format=shown.number_format, tickCount=5)
    scale = alt.Scale(domain=list(honesty.scale), nice=False)
    x = alt.X("first:Q", title=None, scale=scale, axis=axis)
    tips = [
        alt.Tooltip("period:N", title="period"),
        alt.Tooltip("answered:N", title="those who answered"),
        alt.Tooltip("reweighted:N", title="re-weighted"),
        alt.Tooltip("everybody:N", title="everybody, worst to best"),
    ]
    base = alt.Chart(frame)
    weighted = base.transform_filter("isValid(datum.weighted)")
    layers = [
        base.mark_bar(height=26, color=colours.quiet, stroke=colours.edge, cornerRadius=3).encode(
            x=x, x2="last:Q", y=y, tooltip=tips
        ),
        base.transform_filter("isValid(datum.low)")
        .mark_rule(color=colours.accent, strokeWidth=4, strokeCap="round", yOffset=-5)
        .encode(x=alt.X("low:Q", scale=scale, title=None), x2="high:Q", y=y, tooltip=tips),
        base.mark_point(color=colours.accent, filled=True, size=100, opacity=1, yOffset=-5).encode(
            x=alt.X("value:Q", scale=scale, title=None), y=y, tooltip=tips
        ),
        weighted.transform_filter("isValid(datum.weighted_low)")
        .mark_rule(color=colours.text, strokeWidth=2, strokeCap="round", yOffset=6)
        .encode(x=alt.X("weighted_low:Q", scale=scale, title=None), x2="weighted_high:Q", y=y, tooltip=tips),
        weighted.mark_point(
            color=colours.text, fill=colours.background, shape="diamond", size=80, opacity=1, yOffset=6
        ).encode(x=alt.X("weighted:Q", scale=scale, title=None), y=y, tooltip=tips),
        base.transform_calculate(label="datum.period + ': answered ' + datum.answered")
        .mark_text(align="left", fontSize=13, color=colours.text, yOffset=-25)
        .encode(x=alt.value(2), y=y, text="label:N"),
    ]
    if target is not None:
        layers.append(
            alt.Chart(pd.DataFrame([{"target": target}]))
            .mark_rule(color=colours.muted, strokeDash=[5, 4])
            .encode(x=alt.X("target:Q", scale=scale, title=None))
        )
    return alt.layer(*layers).properties(height=ROW * len(order) + EDGES)


def _record(unit: Unit, side: Side) -> dict[str, object]:
    if side.bounds is None:
        raise ValueError(f"{side.period} has no worst and best case")
    worst, best = sorted((side.bounds.worst, side.bounds.best))
    one = side.reweighted
    return {
        "period": str(side.period),
        "value": side.raw.value,
        "low": side.raw.low,
        "high": side.raw.high,
        "first": worst,
        "last": best,
        "weighted": None if one is None else one.value,
        "weighted_low": None if one is None else one.low,
        "weighted_high": None if one is None else one.high,
        "answered": unit.level(side.raw.value),
        "everybody": f"{unit.level(worst)} to {unit.level(best)}",
        "reweighted": "" if one is None else unit.level(one.value),
    }
