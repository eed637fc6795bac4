"""Many values, each against others of its kind: a dot pulled in by how little it knows, with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd

from kpi.charts.palette import Palette
from kpi.model import Verdict

ROW = 44
EDGES = 56
COLUMNS = ("row", "name", "value", "low", "high", "pulled", "verdict", "text", "label", "interval", "n")
SHAPES = {Verdict.BETTER: "triangle-right", Verdict.WORSE: "triangle-left"}


@dataclass(frozen=True)
class GapRow:
    """One value.

    Attributes:
        gap, low, high: difference of two shares (0 to 1) with its interval; pulled: the same pulled in.
        text: the difference as it is written elsewhere on the page.
    """

    name: str
    gap: float
    low: float
    high: float
    pulled: float
    n: int
    verdict: Verdict
    text: str
    interval: str


def gaps(rows: Sequence[GapRow], colours: Palette) -> alt.LayerChart:
    """One row a value, right is more success; blue and orange only beyond chance.

    Raises:
        ValueError: without rows.
    """
    if not rows:
        raise ValueError("there is no value to draw")
    frame = pd.DataFrame([_record(place, row) for place, row in enumerate(rows)], columns=list(COLUMNS))
    reach = max(0.1, *(abs(bound) for row in rows for bound in (row.gap, row.pulled))) * 1.6
    scale = alt.Scale(domain=[-reach, reach], nice=False, clamp=True)
    y = alt.Y("row:O", sort=None, axis=None, title=None)
    x = alt.X(
        "value:Q",
        scale=scale,
        title="points against the same kind",
        axis=alt.Axis(tickCount=5, labelExpr="datum.value == 0 ? 'same' : format(datum.value * 100, '+.0f')"),
    )
    shown = [Verdict.BETTER, Verdict.WORSE, Verdict.UNCLEAR]
    colour = alt.Color(
        "verdict:N",
        legend=None,
        scale=alt.Scale(domain=[v.value for v in shown], range=[colours.verdict(v) for v in shown]),
    )
    shape = alt.Shape(
        "verdict:N",
        legend=None,
        scale=alt.Scale(domain=[v.value for v in shown], range=[SHAPES.get(v, "circle") for v in shown]),
    )
    tips = [
        alt.Tooltip("name:N", title="value"),
        alt.Tooltip("text:N", title="difference"),
        alt.Tooltip("interval:N", title="interval"),
        alt.Tooltip("n:Q", title="judged", format=","),
    ]
    base = alt.Chart(frame)
    return alt.layer(
        alt.Chart(pd.DataFrame([{"value": 0.0}])).mark_rule(color=colours.unclear, strokeWidth=1).encode(x=x),
        base.mark_rule(strokeWidth=2, strokeCap="round", yOffset=10, clip=True).encode(
            x=alt.X("low:Q", scale=scale), x2="high:Q", y=y, color=colour, tooltip=tips
        ),
        base.mark_tick(thickness=2, height=12, yOffset=10, color=colours.text, opacity=0.7, clip=True).encode(
            x=alt.X("pulled:Q", scale=scale), y=y, tooltip=tips
        ),
        base.mark_point(size=90, filled=True, opacity=1, yOffset=10, clip=True).encode(
            x=x, y=y, color=colour, shape=shape, tooltip=tips
        ),
        base.mark_text(align="left", fontSize=13, color=colours.text, yOffset=-10).encode(
            x=alt.value(2), y=y, text="label:N"
        ),
    ).properties(height=ROW * len(frame) + EDGES)


def _record(place: int, row: GapRow) -> dict[str, object]:
    return {
        "row": f"{place:03d}",
        "name": row.name,
        "value": row.gap,
        "low": row.low,
        "high": row.high,
        "pulled": row.pulled,
        "verdict": row.verdict.value,
        "text": row.text,
        "label": f"{row.name}: {row.text}, n = {row.n:,}",
        "interval": row.interval,
        "n": row.n,
    }
