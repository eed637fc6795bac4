"""How many answer, by kind of ticket: a dot with its interval against the rate of all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from kpi.charts.palette import Palette
from kpi.model import Unit

if TYPE_CHECKING:
    from kpi.surveying.nouns import Represented

ROW = 30
EDGES = 70
AXIS = "share that has an answer"
COLUMNS = ("name", "value", "low", "high", "clear", "rate", "interval", "counts", "lean")


def answering(kinds: Sequence[Represented], whole: float, colours: Palette) -> alt.LayerChart:
    """One row a kind, in the order given; those that differ clearly are dark, the others grey.

    Args:
        whole: the rate of all, as a share.

    Raises:
        ValueError: when no kind has a rate.
    """
    rows = [kind for kind in kinds if kind.rate.value is not None]
    if not rows:
        raise ValueError("no kind of ticket has a rate to draw")
    frame = pd.DataFrame([_record(kind) for kind in rows], columns=list(COLUMNS))
    order = list(frame["name"])
    y = alt.Y("name:N", sort=order, title=None, axis=alt.Axis(domain=False, ticks=False, labelLimit=150))
    x = alt.X(
        "value:Q",
        title=AXIS,
        scale=alt.Scale(zero=True, nice=True),
        axis=alt.Axis(format=".0%", tickCount=4),
    )
    colour = alt.Color(
        "clear:N",
        legend=None,
        scale=alt.Scale(domain=[True, False], range=[colours.text, colours.unclear]),
    )
    tips = [
        alt.Tooltip("name:N", title="kind"),
        alt.Tooltip("rate:N", title="has an answer"),
        alt.Tooltip("interval:N", title="interval"),
        alt.Tooltip("counts:N", title="answers"),
        alt.Tooltip("lean:N", title="among the answers"),
    ]
    base = alt.Chart(frame)
    return alt.layer(
        alt.Chart(pd.DataFrame([{"whole": whole}]))
        .mark_rule(color=colours.accent, strokeDash=[5, 4])
        .encode(x="whole:Q"),
        base.transform_filter("isValid(datum.low)")
        .mark_rule(strokeWidth=2, strokeCap="round")
        .encode(
            x=alt.X("low:Q", title="share that has an answer"), x2="high:Q", y=y, color=colour, tooltip=tips
        ),
        base.mark_point(size=80, filled=True, opacity=1).encode(x=x, y=y, color=colour, tooltip=tips),
    ).properties(height=ROW * len(order) + EDGES)


def _record(kind: Represented) -> dict[str, object]:
    rate = kind.rate
    return {
        "name": kind.name,
        "value": rate.value,
        "low": rate.low,
        "high": rate.high,
        "clear": kind.lean.value in ("over-represented", "under-represented"),
        "rate": Unit.PERCENT.level(rate.value),
        "interval": ""
        if rate.low is None or rate.high is None
        else f"{Unit.PERCENT.level(rate.low)} to {Unit.PERCENT.level(rate.high)}",
        "counts": f"{kind.answered:,} of {kind.asked:,}",
        "lean": kind.lean.value,
    }
