"""How often a true change would be called, by its size: the judge of this app and a plain test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from kpi.charts.palette import Palette
from kpi.model import Unit

if TYPE_CHECKING:
    from kpi.calling.simulating import Simulation

HEIGHT = 300
JUDGE, PLAIN = "this app", "a plain test"
COLUMNS = ("change", "shown", "share", "who", "words")


def power(simulation: Simulation, colours: Palette) -> alt.LayerChart:
    """Two curves over the true change; the shaded middle is too small to matter, the upright line is the
    change asked about."""
    unit = simulation.metric.unit
    factor = 100.0 if unit is Unit.PERCENT else 1.0
    frame = pd.DataFrame(
        [
            (point.change * factor, unit.change(point.change), share, who, f"{share * 100:.0f} %")
            for point in simulation.curve
            for who, share in ((JUDGE, point.seen), (PLAIN, point.plain))
        ],
        columns=list(COLUMNS),
    )
    word = {Unit.PERCENT: "points", Unit.POINTS: "points", Unit.SCORE: "score"}.get(unit, "minutes")
    x = alt.X(
        "change:Q",
        title=f"true change, {word}",
        scale=alt.Scale(nice=False),
        axis=alt.Axis(
            tickCount=9, labelExpr="(datum.value < 0 ? '−' : '') + format(abs(datum.value), ',~f')"
        ),
    )
    y = alt.Y(
        "share:Q",
        title="chance that it is called",
        scale=alt.Scale(domain=[0, 1], nice=False),
        axis=alt.Axis(
            format=".0%",
            values=[0, 0.2, 0.4, 0.6, 0.8, 1.0],
            titleAngle=0,
            titleAlign="left",
            titleX=0,
            titleY=-12,
        ),
    )
    edge = frame["change"].abs().max()
    band = min(simulation.least * factor, edge)
    tips = [
        alt.Tooltip("shown:N", title="true change"),
        alt.Tooltip("who:N", title="called by"),
        alt.Tooltip("words:N", title="how often"),
    ]
    return alt.layer(
        alt.Chart(pd.DataFrame([{"low": -band, "high": band}]))
        .mark_rect(color=colours.quiet, opacity=0.3)
        .encode(x=alt.X("low:Q", title=f"true change, {word}"), x2="high:Q"),
        alt.Chart(pd.DataFrame([{"share": 0.8}]))
        .mark_rule(color=colours.muted, strokeDash=[4, 4])
        .encode(y=y),
        alt.Chart(pd.DataFrame([{"change": simulation.change * factor}]))
        .mark_rule(color=colours.text, strokeWidth=1)
        .encode(x=x),
        alt.Chart(frame)
        .mark_line(strokeWidth=2.5, interpolate="monotone")
        .encode(
            x=x,
            y=y,
            color=alt.Color(
                "who:N",
                legend=None,
                scale=alt.Scale(domain=[JUDGE, PLAIN], range=[colours.accent, colours.unclear]),
            ),
            strokeDash=alt.StrokeDash(
                "who:N", legend=None, scale=alt.Scale(domain=[JUDGE, PLAIN], range=[[1, 0], [6, 4]])
            ),
            tooltip=tips,
        ),
    ).properties(height=HEIGHT)
