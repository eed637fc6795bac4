"""Cohorts by age: the darker the more are still there; what cannot be known yet is grey and says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from kpi.charts.palette import Palette, mixed

if TYPE_CHECKING:
    from kpi.customers.cohorts import Cohorts

ROW = 30
EDGES = 70
COLUMNS = ("cohort", "step", "share", "text", "interval", "n", "why")


def cohorts(found: Cohorts, colours: Palette) -> alt.LayerChart:
    """A row a cohort (the oldest first), a column a step since it began.

    Raises:
        ValueError: when no cell can be told.
    """
    told = [cell.step for cohort in found.cohorts for cell in cohort.cells if cell.share.value is not None]
    if not told:
        raise ValueError("no cohort can be followed yet")
    last = max(told)
    frame = pd.DataFrame(
        [
            {
                "cohort": f"{cohort.name}  ({cohort.n:,})",
                "step": cell.step,
                "share": cell.share.value,
                "text": "" if cell.share.value is None else f"{cell.share.value * 100:.0f} %",
                "interval": ""
                if cell.share.low is None or cell.share.high is None
                else f"{cell.share.low * 100:.1f} to {cell.share.high * 100:.1f} %",
                "n": f"{cell.share.n:,}",
                "why": cell.share.reason or "",
            }
            for cohort in found.cohorts
            for cell in cohort.cells[:last]
        ],
        columns=list(COLUMNS),
    )
    unit = "quarter" if found.grain == "quarter" else "month"
    order = list(dict.fromkeys(frame["cohort"]))
    low, high = float(frame["share"].min()), float(frame["share"].max())
    frame["fill"] = [
        None if share is None or share != share else _fill((share - low) / ((high - low) or 1.0), colours)
        for share in frame["share"]
    ]
    frame["ink"] = [colours.ink(fill) if isinstance(fill, str) else colours.text for fill in frame["fill"]]
    y = alt.Y("cohort:N", sort=order, title=None, axis=alt.Axis(domain=False, ticks=False, labelLimit=180))
    x = alt.X(
        "step:O",
        title=f"{unit} since {'joining' if found.since.value == 'joined' else 'the first contact'}",
        axis=alt.Axis(labelAngle=0, orient="top", domain=False, ticks=False),
    )
    tips = [
        alt.Tooltip("cohort:N", title="cohort"),
        alt.Tooltip("step:O", title=unit),
        alt.Tooltip("text:N", title=found.follow.value.lower()),
        alt.Tooltip("interval:N", title="95 % interval"),
        alt.Tooltip("n:N", title="customers"),
        alt.Tooltip("why:N", title="not told"),
    ]
    known, unknown = "isValid(datum.share)", "!isValid(datum.share)"
    base = alt.Chart(frame)
    return alt.layer(
        base.transform_filter(unknown)
        .mark_rect(color=colours.grid, opacity=0.55, stroke=colours.background, strokeWidth=2)
        .encode(x=x, y=y, tooltip=tips),
        base.transform_filter(known)
        .mark_rect(stroke=colours.background, strokeWidth=2)
        .encode(
            x=x,
            y=y,
            tooltip=tips,
            color=alt.Color("fill:N", scale=None),
        ),
        base.transform_filter(known)
        .mark_text(fontSize=12)
        .encode(x=x, y=y, text="text:N", color=alt.Color("ink:N", scale=None)),
    ).properties(height=ROW * len(order) + EDGES)


def _fill(share: float, colours: Palette) -> str:
    """From the quiet colour (fewest) to the accent (most)."""
    return mixed(colours.accent, colours.quiet, share)
