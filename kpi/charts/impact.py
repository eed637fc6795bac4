"""What all contacts would gain if each value met the median of its peers: dots with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd

from kpi.charts.palette import Palette
from kpi.charts.scale import AxisUnit, axis_unit
from kpi.model import Unit

ROW = 42
EDGES = 64
MOST = 12
ABOVE, BELOW = -9, 9
TONES = ("behind", "ahead", "unclear")
SHAPES = {"behind": "triangle-right", "ahead": "triangle-left", "unclear": "circle"}
COLUMNS = ("row", "value", "low", "high", "tone", "label", "side", "text", "interval", "detail")


@dataclass(frozen=True)
class ImpactBar:
    """One value of a dimension.

    Attributes:
        value, low, high: what all rows would gain, in the unit of the metric; above 0 where it is behind.
        tone: behind, ahead or unclear.
        text, interval, detail: the gain, its interval and the value against its peers, as written elsewhere.
        side: words at the right end of the row.
    """

    name: str
    value: float
    low: float
    high: float
    tone: str
    text: str
    interval: str
    side: str = ""
    detail: str = ""


def impact(bars: Sequence[ImpactBar], unit: Unit, title: str, colours: Palette) -> alt.LayerChart:
    """The first rows; orange behind beyond chance, blue ahead, grey cannot be told from the median.

    Raises:
        ValueError: without bars, and for a tone that is none.
    """
    if not bars:
        raise ValueError("there is nothing to draw")
    if wrong := [bar.tone for bar in bars if bar.tone not in TONES]:
        raise ValueError(f"unknown tones {wrong}; known: {', '.join(TONES)}")
    drawn = bars[:MOST]
    shown, suffix = _axis(unit, drawn)
    frame = pd.DataFrame(
        [_record(place, bar, shown) for place, bar in enumerate(drawn)], columns=list(COLUMNS)
    )
    y = alt.Y("row:O", sort=None, axis=None, title=None)
    x = alt.X("value:Q", title=f"{title}{suffix}", axis=alt.Axis(tickCount=5, format=shown.number_format))
    tips = [
        alt.Tooltip("label:N", title="what"),
        alt.Tooltip("text:N", title="gain"),
        alt.Tooltip("interval:N", title="interval"),
        alt.Tooltip("detail:N", title="against its peers"),
    ]
    colour = alt.Color(
        "tone:N",
        legend=None,
        scale=alt.Scale(domain=list(TONES), range=[colours.worse, colours.better, colours.unclear]),
    )
    shape = alt.Shape(
        "tone:N", legend=None, scale=alt.Scale(domain=list(TONES), range=[SHAPES[tone] for tone in TONES])
    )
    base = alt.Chart(frame)
    return alt.layer(
        alt.Chart(pd.DataFrame([{"value": 0.0}]))
        .mark_rule(color=colours.unclear, strokeWidth=1)
        .encode(x="value:Q"),
        base.mark_rule(strokeWidth=2, strokeCap="round", yOffset=BELOW).encode(
            x=alt.X("low:Q"), x2="high:Q", y=y, color=colour, tooltip=tips
        ),
        base.mark_point(size=110, filled=True, opacity=1, yOffset=BELOW).encode(
            x=x, y=y, color=colour, shape=shape, tooltip=tips
        ),
        base.mark_text(align="left", fontSize=13, fontWeight=600, color=colours.text, yOffset=ABOVE).encode(
            x=alt.value(1), y=y, text="label:N"
        ),
        base.mark_text(align="right", fontSize=12, color=colours.muted, yOffset=ABOVE).encode(
            x=alt.XValue({"expr": "width"}),
            y=y,
            text="side:N",
            opacity=alt.OpacityValue({"expr": "width < 420 ? 0 : 1"}),
        ),
    ).properties(height=ROW * len(frame) + EDGES)


def _axis(unit: Unit, bars: Sequence[ImpactBar]) -> tuple[AxisUnit, str]:
    """Shares as points; durations in the unit that fits the largest."""
    if unit is Unit.PERCENT:
        return AxisUnit(0.01, "~r", "points"), ", in points"
    shown = axis_unit(unit, [each for bar in bars for each in (bar.low, bar.high)])
    return shown, f", in {shown.word}"


def _record(place: int, bar: ImpactBar, shown: AxisUnit) -> dict[str, object]:
    return {
        "row": f"{place:03d}",
        "value": shown.shown(bar.value),
        "low": shown.shown(bar.low),
        "high": shown.shown(bar.high),
        "tone": bar.tone,
        "label": f"{bar.name}: {bar.text}",
        "side": bar.side,
        "text": bar.text,
        "interval": bar.interval,
        "detail": bar.detail,
    }
