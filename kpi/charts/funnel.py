"""Agents against what chance allows: a dot each, limits that narrow with the number of contacts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd

from kpi.charts.palette import Palette
from kpi.model import Verdict

HEIGHT = 320
ABOVE = {"titleAngle": 0, "titleAlign": "left", "titleX": 0, "titleY": -12}
COLUMNS = ("name", "value", "weight", "tone", "label", "tip", "n")
CURVE = ("weight", "outer_low", "low", "high", "outer_high")
WORDS = {Verdict.BETTER: "better", Verdict.WORSE: "worse", Verdict.CHANGED: "apart"}


@dataclass(frozen=True)
class FunnelPoint:
    """One agent: value (0 to 1), rows by how much they tell, verdict, whether it gets its name."""

    name: str
    value: float
    weight: float
    n: int
    verdict: Verdict
    tip: str
    labelled: bool = False


Curve = Sequence[tuple[float, float, float, float, float]]


def funnel(
    points: Sequence[FunnelPoint],
    curve: Curve,
    centre: float,
    axis: str,
    counted: str,
    domain: tuple[float, float],
    colours: Palette,
) -> alt.LayerChart:
    """Dots, limits (95 % dark band, 99.8 % light), the expected level dashed.

    Args:
        curve: (weight, outer low, low, high, outer high) by weight.
        domain: of the vertical axis, so that two funnels side by side share it.

    Raises:
        ValueError: without points.
    """
    if not points:
        raise ValueError("there is nobody to draw")
    frame = pd.DataFrame([_record(point) for point in points], columns=list(COLUMNS))
    limits = pd.DataFrame(list(curve), columns=list(CURVE))
    y_scale = alt.Scale(domain=list(domain), nice=False, zero=False, clamp=True)
    x = alt.X(
        "weight:Q",
        title=counted,
        scale=alt.Scale(type="sqrt", nice=True, zero=True),
        axis=alt.Axis(tickCount=5, grid=False),
    )
    y = alt.Y("value:Q", title=axis, scale=y_scale, axis=alt.Axis(format=".0%", tickCount=5, **ABOVE))
    colour = alt.Color(
        "tone:N",
        legend=None,
        scale=alt.Scale(
            domain=["better", "worse", "apart", "chance"],
            range=[colours.better, colours.worse, colours.text, colours.unclear],
        ),
    )
    shape = alt.Shape(
        "tone:N",
        legend=None,
        scale=alt.Scale(
            domain=["better", "worse", "apart", "chance"],
            range=["triangle-up", "triangle-down", "diamond", "circle"],
        ),
    )
    tips = [
        alt.Tooltip("name:N", title="agent"),
        alt.Tooltip("tip:N", title="value"),
        alt.Tooltip("n:N", title="rows"),
    ]
    bands = [
        alt.Chart(limits)
        .mark_area(color=colours.quiet, opacity=opacity)
        .encode(x=x, y=alt.Y(f"{low}:Q", title=axis, scale=y_scale), y2=f"{high}:Q")
        for low, high, opacity in (("outer_low", "outer_high", 0.35), ("low", "high", 0.55))
    ]
    dots = alt.Chart(frame)
    return alt.layer(
        *bands,
        alt.Chart(pd.DataFrame([{"centre": centre}]))
        .mark_rule(color=colours.muted, strokeDash=[5, 4])
        .encode(y=alt.Y("centre:Q", title=axis, scale=y_scale)),
        dots.mark_point(
            filled=True, size=75, opacity=0.95, stroke=colours.background, strokeWidth=0.8
        ).encode(x=x, y=y, color=colour, shape=shape, tooltip=tips),
        *(
            dots.transform_filter("datum.label != ''")
            .mark_text(align="right", dx=-9, fontSize=12, fontWeight=600, **look)
            .encode(x=x, y=y, text="label:N")
            # Other dots end at a name, so that it can be read.
            for look in ({"stroke": colours.background, "strokeWidth": 4}, {"color": colours.text})
        ),
    ).properties(height=HEIGHT)


def _record(point: FunnelPoint) -> dict[str, object]:
    return {
        "name": point.name,
        "value": point.value,
        "weight": point.weight,
        "tone": WORDS.get(point.verdict, "chance"),
        "label": point.name if point.labelled else "",
        "tip": point.tip,
        "n": f"{point.n:,}",
    }
