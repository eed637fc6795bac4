"""Issues in the order of what they cost: bars from the largest down, and how much they add up to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd

from kpi.charts.palette import Palette

ROW = 40
EDGES = 72
MOST = 15
COLUMNS = (
    "row",
    "name",
    "value",
    "low",
    "high",
    "before",
    "tone",
    "text",
    "label",
    "interval",
    "earlier",
    "sum",
)


@dataclass(frozen=True)
class ParetoBar:
    """One issue.

    Attributes:
        value: in the unit of the axis; ``low`` and ``high`` its interval, None without one.
        before: the value of the earlier period, None without one.
        grew: beyond chance.
        text, interval, earlier: value, interval and earlier value as written elsewhere on the page.
        cumulated: share (0 to 1) of the total that this bar and those above it hold.
    """

    name: str
    value: float
    text: str
    cumulated: float
    low: float | None = None
    high: float | None = None
    before: float | None = None
    grew: bool = False
    interval: str = ""
    earlier: str = ""


def pareto(bars: Sequence[ParetoBar], unit: str, colours: Palette) -> alt.LayerChart:
    """The largest bars; orange where an issue grew beyond chance, a tick where it stood before.

    Raises:
        ValueError: without bars.
    """
    if not bars:
        raise ValueError("there are no issues to draw")
    frame = pd.DataFrame(
        [_record(place, bar) for place, bar in enumerate(bars[:MOST])], columns=list(COLUMNS)
    )
    y = alt.Y("row:O", sort=None, axis=None, title=None)
    x = alt.X("value:Q", title=unit, axis=alt.Axis(tickCount=5, format="~s"), scale=alt.Scale(domainMin=0))
    tips = [
        alt.Tooltip("name:N", title="issue"),
        alt.Tooltip("text:N", title=unit),
        alt.Tooltip("interval:N", title="95 % interval"),
        alt.Tooltip("earlier:N", title="before"),
        alt.Tooltip("sum:N", title="with those above"),
    ]
    colour = alt.Color(
        "tone:N",
        legend=None,
        scale=alt.Scale(domain=["grew", "other"], range=[colours.worse, colours.quiet]),
    )
    edge = alt.Stroke(
        "tone:N",
        legend=None,
        scale=alt.Scale(domain=["grew", "other"], range=[colours.worse, colours.edge]),
    )
    base = alt.Chart(frame)
    layers = [
        base.mark_bar(height=12, yOffset=9, cornerRadius=2, strokeWidth=1).encode(
            x=x, y=y, color=colour, stroke=edge, tooltip=tips
        )
    ]
    # A layer without a mark is read out as a picture without a name, so it is left out.
    if any(bar.low is not None and bar.high is not None for bar in bars[:MOST]):
        layers.append(
            base.transform_filter("isValid(datum.low) && isValid(datum.high)")
            .mark_rule(color=colours.text, opacity=0.75, strokeWidth=1.5, yOffset=9)
            .encode(x=alt.X("low:Q"), x2="high:Q", y=y, tooltip=tips)
        )
    if any(bar.before is not None for bar in bars[:MOST]):
        layers.append(
            base.transform_filter("isValid(datum.before)")
            .mark_tick(color=colours.text, thickness=3, height=18, yOffset=9)
            .encode(x=alt.X("before:Q"), y=y, tooltip=tips)
        )
    layers += [
        base.mark_text(align="left", fontSize=13, fontWeight=600, color=colours.text, yOffset=-8).encode(
            x=alt.value(1), y=y, text="label:N"
        ),
        base.mark_text(align="right", fontSize=12, color=colours.muted, yOffset=-8).encode(
            x=alt.XValue({"expr": "width"}), y=y, text="sum:N"
        ),
    ]
    return alt.layer(*layers).properties(height=ROW * len(frame) + EDGES)


def _record(place: int, bar: ParetoBar) -> dict[str, object]:
    return {
        "row": f"{place:03d}",
        "name": bar.name,
        "value": bar.value,
        "low": bar.low,
        "high": bar.high,
        "before": bar.before,
        "tone": "grew" if bar.grew else "other",
        "text": bar.text,
        "label": f"{bar.name}: {bar.text}",
        "interval": bar.interval or "none",
        "earlier": bar.earlier or "none",
        "sum": f"{bar.cumulated * 100:.0f} %",
    }
