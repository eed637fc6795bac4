"""Who is still there: Kaplan-Meier curves since joining, one or one for each kind of customer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from kpi.charts.palette import Palette

if TYPE_CHECKING:
    from kpi.customers.staying import Group

ABOVE = {"titleAngle": 0, "titleAlign": "left", "titleX": 0, "titleY": -12}
HEIGHT = 320
MOST_POINTS = 240
MOST_GROUPS = 6
SHAPES = ((1, 0), (6, 3), (2, 2), (8, 3, 2, 3), (1, 3), (10, 4))
COLUMNS = ("months", "share", "low", "high", "name", "text", "interval")


def staying(groups: Sequence[Group], colours: Palette) -> alt.LayerChart:
    """Curves with their bands, up to the time at which too few are watched.

    Several curves are told apart by their dashes and a name at their end; only a single one has a band.

    Raises:
        ValueError: when no group has a curve.
    """
    drawn = [group for group in groups if group.curve.time.size][:MOST_GROUPS]
    if not drawn:
        raise ValueError("nobody has left, so there is no curve")
    frame = pd.DataFrame([row for group in drawn for row in _points(group)], columns=list(COLUMNS))
    names = [group.name for group in drawn]
    floor = float(frame["low" if len(drawn) == 1 else "share"].min())
    low = max(0.0, (floor * 10 // 1) / 10 - (0.1 if floor * 10 % 1 < 0.1 else 0.0))
    x = alt.X("months:Q", title="months since joining", axis=alt.Axis(tickCount=8, grid=False))
    scale = alt.Scale(domain=[low, 1.0], nice=False)
    y = alt.Y("share:Q", title="still there", scale=scale, axis=alt.Axis(format=".0%", tickCount=5, **ABOVE))
    dash = alt.StrokeDash(
        "name:N",
        sort=names,
        legend=None if len(drawn) == 1 else alt.Legend(title=None, orient="top"),
        scale=alt.Scale(domain=names, range=[list(shape) for shape in SHAPES[: len(names)]]),
    )
    tips = [
        alt.Tooltip("name:N", title="customers"),
        alt.Tooltip("months:Q", title="months", format=".1f"),
        alt.Tooltip("text:N", title="still there"),
        alt.Tooltip("interval:N", title="95 % interval"),
    ]
    base = alt.Chart(frame)
    layers = []
    if len(drawn) == 1:
        layers.append(
            base.mark_area(color=colours.accent, opacity=0.18, interpolate="step-after").encode(
                x=x, y=alt.Y("low:Q", title="still there", scale=scale), y2="high:Q"
            )
        )
    layers += [
        base.mark_line(color=colours.accent, strokeWidth=2, interpolate="step-after").encode(
            x=x, y=y, strokeDash=dash
        ),
        base.mark_point(opacity=0, size=60).encode(x=x, y=y, tooltip=tips),
    ]
    return alt.layer(*layers).properties(height=HEIGHT)


def _points(group: Group) -> list[dict[str, object]]:
    """The curve from 1 at joining, thinned where it has very many steps."""
    curve = group.curve
    inside = [float(time) for time in curve.time if time <= group.until]
    step = max(1, len(inside) // MOST_POINTS)
    times = [0.0, *inside[step - 1 :: step]]
    if inside and times[-1] != inside[-1]:
        times.append(inside[-1])
    made = []
    for time in times:
        share = curve.at(time)
        low, high = curve.interval(time) if time else (1.0, 1.0)
        made.append(
            {
                "months": time,
                "share": share,
                "low": low,
                "high": high,
                "name": group.name,
                "text": f"{share * 100:.1f} %",
                "interval": f"{low * 100:.1f} to {high * 100:.1f} %",
            }
        )
    return made
