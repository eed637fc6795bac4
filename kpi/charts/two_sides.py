"""Two groups of customers in several outcomes: a dot with its interval for each side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd

from kpi.charts.palette import Palette
from kpi.model import Estimate, Unit

ROW = 58
EDGES = 112
"""Pixels of the axis, its title and the legend."""
COLUMNS = ("row", "side", "value", "low", "high", "text", "interval", "n")


@dataclass(frozen=True)
class TwoSides:
    """One outcome: its name with what may be said, and both shares."""

    name: str
    one: Estimate
    other: Estimate


def two_sides(
    outcomes: Sequence[TwoSides], one: str, other: str, axis: str, colours: Palette
) -> alt.LayerChart:
    """One row an outcome: a dark diamond for the first side, a grey dot for the second.

    Raises:
        ValueError: when no outcome has a share.
    """
    frame = pd.DataFrame(
        [record for outcome in outcomes for record in _records(outcome, one, other)], columns=list(COLUMNS)
    )
    if frame.empty:
        raise ValueError("no outcome has a share to draw")
    order = list(dict.fromkeys(frame["row"]))
    y = alt.Y("row:N", sort=order, title=None, axis=None)
    scale = alt.Scale(zero=True, nice=True)
    x = alt.X("value:Q", title=axis, scale=scale, axis=alt.Axis(format=".0%", tickCount=5))
    colour = alt.Color(
        "side:N",
        sort=[one, other],
        legend=alt.Legend(title=None, orient="top"),
        scale=alt.Scale(domain=[one, other], range=[colours.text, colours.unclear]),
    )
    shape = alt.Shape(
        "side:N",
        sort=[one, other],
        legend=alt.Legend(title=None, orient="top"),
        scale=alt.Scale(domain=[one, other], range=["diamond", "circle"]),
    )
    tips = [
        alt.Tooltip("row:N", title="what came"),
        alt.Tooltip("side:N", title="who"),
        alt.Tooltip("text:N", title="share"),
        alt.Tooltip("interval:N", title="95 % interval"),
        alt.Tooltip("n:N", title="n"),
    ]
    layers = []
    for side, offset in ((one, 2), (other, 16)):
        part = alt.Chart(frame[frame["side"] == side])
        layers += [
            part.mark_rule(strokeWidth=2, strokeCap="round", yOffset=offset).encode(
                x=alt.X("low:Q", title=axis, scale=scale), x2="high:Q", y=y, color=colour, tooltip=tips
            ),
            part.mark_point(size=85, filled=True, opacity=1, yOffset=offset).encode(
                x=x, y=y, color=colour, shape=shape, tooltip=tips
            ),
        ]
    names = pd.DataFrame({"row": order})
    layers.append(
        alt.Chart(names)
        .mark_text(align="left", fontSize=13, color=colours.text, yOffset=-16)
        .encode(x=alt.value(1), y=y, text="row:N")
    )
    return alt.layer(*layers).properties(height=ROW * len(order) + EDGES)


def _records(outcome: TwoSides, one: str, other: str) -> list[dict[str, object]]:
    made: list[dict[str, object]] = []
    for side, share in ((one, outcome.one), (other, outcome.other)):
        if share.value is None or share.low is None or share.high is None:
            continue
        made.append(
            {
                "row": outcome.name,
                "side": side,
                "value": share.value,
                "low": share.low,
                "high": share.high,
                "text": Unit.PERCENT.level(share.value),
                "interval": f"{Unit.PERCENT.level(share.low)} to {Unit.PERCENT.level(share.high)}",
                "n": f"{share.n:,}",
            }
        )
    return made
