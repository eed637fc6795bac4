"""The attainment curve: share in time by the time allowed, with its band, the promise and the time read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from kpi.charts.palette import Palette

if TYPE_CHECKING:
    from kpi.attainment.nouns import AttainmentCurve

HEIGHT = 300
TOP = 24
"""Pixels at the top that belong to the word of the unit."""
COLUMNS = ("seconds", "share", "low", "high", "text", "interval")
LABEL = (
    "datum.value >= 259200 ? format(datum.value / 86400, '.3~g') + ' d' : "
    "datum.value >= 3600 ? format(datum.value / 3600, '.3~g') + ' h' : "
    "datum.value >= 60 ? format(datum.value / 60, '.3~g') + ' min' : format(datum.value, '.3~g') + ' s'"
)
TICKS = (10, 30, 60, 120, 300, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400, 172_800, 604_800, 2_592_000)


def attainment(found: AttainmentCurve, chosen: float | None, colours: Palette) -> alt.LayerChart:
    """Time allowed on a log scale against the share in time.

    Args:
        chosen: the time that is read, in seconds; None for none.

    Raises:
        ValueError: when the curve has no points.
    """
    if not found.points:
        raise ValueError("there is no curve to draw")
    frame = pd.DataFrame(
        [
            {
                "seconds": point.seconds,
                "share": point.share,
                "low": point.low,
                "high": point.high,
                "text": f"{point.share * 100:.1f} %",
                "interval": f"{point.low * 100:.1f} to {point.high * 100:.1f} %",
            }
            for point in found.points
        ],
        columns=list(COLUMNS),
    )
    first, last = found.points[0].seconds, found.points[-1].seconds
    scale = alt.Scale(type="log", domain=[first, max(last, first * 2)], nice=False)
    ticks = [tick for tick in TICKS if first <= tick <= last]
    axis = alt.Axis(values=ticks, labelExpr=LABEL, grid=False, ticks=False, labelOverlap=True)
    x = alt.X("seconds:Q", scale=scale, title="time allowed", axis=axis)
    y_axis = alt.Axis(format=".0%", tickCount=5, titleAngle=0, titleAlign="left", titleX=0, titleY=TOP - 14)
    y_scale = alt.Scale(domain=[0, 1], range=[{"expr": "height"}, TOP])
    y = alt.Y("share:Q", scale=y_scale, title="share in time", axis=y_axis)
    tips = [alt.Tooltip("text:N", title="in time"), alt.Tooltip("interval:N", title="interval")]
    base = alt.Chart(frame)
    layers = [
        base.mark_area(color=colours.accent, opacity=0.18).encode(x=x, y=alt.Y("low:Q"), y2="high:Q"),
        base.mark_line(color=colours.accent, strokeWidth=2).encode(x=x, y=y),
        base.mark_point(color=colours.accent, filled=True, size=36, opacity=1).encode(x=x, y=y, tooltip=tips),
    ]
    promised = [limit for limit in found.limits if first <= limit <= last]
    if promised:
        rule = alt.Chart(pd.DataFrame({"seconds": promised}))
        layers.append(rule.mark_rule(color=colours.text, strokeDash=[5, 4]).encode(x=x))
    point = found.at(chosen) if chosen is not None else None
    if point is not None:
        right = point.seconds > (first * last) ** 0.5
        here = alt.Chart(frame[frame["seconds"] == point.seconds])
        layers += [
            here.mark_point(color=colours.text, filled=True, size=110, opacity=1).encode(
                x=x, y=y, tooltip=tips
            ),
            here.mark_text(
                color=colours.text,
                align="right" if right else "left",
                dx=-10 if right else 10,
                dy=-12 if right else 16,
                fontSize=13,
                fontWeight="bold",
            ).encode(x=x, y=y, text="text:N"),
        ]
    return alt.layer(*layers, height=HEIGHT)
