"""Where time goes: one bar for each channel or issue, in parts that add up to all of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd

from kpi.charts.palette import Palette, mixed

ROW = 46
EDGES = 80
LEGEND = 22
"""Pixels of a line of the legend; a narrow screen has one for each part."""
NARROW = 480
COLUMNS = ("row", "part", "place", "hours", "share", "text", "title")


@dataclass(frozen=True)
class SplitBar:
    """One bar: hours by name of the part, and how its total is written."""

    name: str
    hours: Mapping[str, float]
    total: str


def time_split(bars: Sequence[SplitBar], parts: Sequence[str], colours: Palette) -> alt.LayerChart:
    """Bars of equal length, parts in the order given; the name and the total stand above each.

    Raises:
        ValueError: without bars or parts.
    """
    if not bars or not parts:
        raise ValueError("there is no time to draw")
    frame = pd.DataFrame(
        [
            _record(row, bar, part, place)
            for row, bar in enumerate(bars)
            for place, part in enumerate(parts)
            if bar.hours.get(part, 0.0) > 0
        ],
        columns=list(COLUMNS),
    )
    shades = _shades(colours, len(parts))
    y = alt.Y("row:O", sort=None, title=None, axis=None)
    colour = alt.Color(
        "part:N",
        sort=list(parts),
        scale=alt.Scale(domain=list(parts), range=shades),
        legend=alt.Legend(
            orient="bottom",
            direction="horizontal",
            columns={"expr": f"width < {NARROW} ? 1 : 3"},
            title=None,
            labelLimit=260,
            symbolType="square",
            symbolSize=140,
            columnPadding=20,
            rowPadding=6,
            symbolStrokeColor=colours.edge,
            symbolStrokeWidth=1,
        ),
    )
    tips = [
        alt.Tooltip("title:N", title="of"),
        alt.Tooltip("part:N", title="part"),
        alt.Tooltip("text:N", title="share of its time"),
        alt.Tooltip("hours:Q", title="hours", format=",.0f"),
    ]
    heads = pd.DataFrame([{"row": row, "label": f"{bar.name}: {bar.total}"} for row, bar in enumerate(bars)])
    return alt.layer(
        alt.Chart(frame)
        .mark_bar(height=18, yOffset=9, stroke=colours.background, strokeWidth=1)
        .encode(
            x=alt.X(
                "hours:Q",
                stack="normalize",
                title="share of its time",
                axis=alt.Axis(format=".0%", tickCount=5),
            ),
            y=y,
            color=colour,
            order=alt.Order("place:Q"),
            tooltip=tips,
        ),
        alt.Chart(heads)
        .mark_text(align="left", fontSize=13, color=colours.text, yOffset=-10)
        .encode(x=alt.value(2), y=y, text="label:N"),
    ).properties(height=ROW * len(bars) + EDGES + LEGEND * len(parts))


def _shades(colours: Palette, count: int) -> list[str]:
    """Shades of the accent for time with the team, greys for the rest: no part is better or worse."""
    first = [mixed(colours.accent, colours.background, share) for share in (1.0, 0.68, 0.4)]
    rest = [mixed(colours.unclear, colours.background, share) for share in (1.0, 0.7)]
    return [*first, *rest, colours.quiet, colours.grid][:count]


def _record(row: int, bar: SplitBar, part: str, place: int) -> dict[str, object]:
    whole = sum(bar.hours.values()) or 1.0
    share = bar.hours[part] / whole
    return {
        "row": row,
        "part": part,
        "place": place,
        "hours": bar.hours[part],
        "share": share,
        "text": f"{share:.1%}".replace("%", " %"),
        "title": bar.name,
    }
