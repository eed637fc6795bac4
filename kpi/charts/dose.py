"""Dose and response: a share by bands of a time, each with its interval, against the share of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd

from kpi.charts.palette import Palette
from kpi.model import Estimate, Unit

HEIGHT = 240
COLUMNS = ("name", "value", "low", "high", "text", "interval", "n", "raw")


@dataclass(frozen=True)
class DosePoint:
    """One band: its name, the share with the case mix made alike, and the share as it is."""

    name: str
    estimate: Estimate
    raw: float


def dose(points: Sequence[DosePoint], whole: float, colours: Palette) -> alt.LayerChart:
    """Bands from the fastest to the slowest; dashed: the share of all.

    Raises:
        ValueError: without points.
    """
    if not points:
        raise ValueError("there are no bands to draw")
    frame = pd.DataFrame([_record(point) for point in points], columns=list(COLUMNS))
    x = alt.X(
        "name:N",
        sort=list(frame["name"]),
        title=None,
        scale=alt.Scale(padding=0.5),
        axis=alt.Axis(labelAngle=0, ticks=False, labelLimit=90, labelExpr="split(datum.label, ' ')"),
    )
    y = alt.Y(
        "value:Q",
        title="satisfied",
        scale=alt.Scale(zero=False, nice=True),
        axis=alt.Axis(format=".0%", tickCount=5, titleAngle=0, titleAlign="left", titleX=0, titleY=-12),
    )
    tips = [
        alt.Tooltip("name:N", title="band"),
        alt.Tooltip("text:N", title="satisfied, case mix made alike"),
        alt.Tooltip("interval:N", title="interval"),
        alt.Tooltip("raw:N", title="as it is"),
        alt.Tooltip("n:Q", title="answers", format=","),
    ]
    base = alt.Chart(frame)
    return alt.layer(
        alt.Chart(pd.DataFrame([{"whole": whole}]))
        .mark_rule(color=colours.muted, strokeDash=[5, 4])
        .encode(y=alt.Y("whole:Q", title="satisfied")),
        base.transform_filter("isValid(datum.low)")
        .mark_rule(color=colours.accent, strokeWidth=3, opacity=0.7, strokeCap="round")
        .encode(x=x, y=alt.Y("low:Q", title="satisfied"), y2="high:Q", tooltip=tips),
        base.mark_point(color=colours.accent, filled=True, size=90, opacity=1).encode(x=x, y=y, tooltip=tips),
    ).properties(height=HEIGHT)


def _record(point: DosePoint) -> dict[str, object]:
    one = point.estimate
    known = one.low is not None and one.high is not None
    return {
        "name": point.name,
        "value": one.value,
        "low": one.low,
        "high": one.high,
        "text": Unit.PERCENT.level(one.value),
        "interval": f"{Unit.PERCENT.level(one.low)} to {Unit.PERCENT.level(one.high)}" if known else "none",
        "n": one.n,
        "raw": Unit.PERCENT.level(point.raw),
    }
