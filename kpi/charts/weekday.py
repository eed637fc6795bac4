"""The week: a dot with its interval for every weekday, on one axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from kpi.charts.palette import Palette
from kpi.charts.scale import axis_unit

if TYPE_CHECKING:
    from kpi.trend.nouns import Trend

NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ROW = 28
EDGES = 70
"""Pixels of the axis and its title."""
COLUMNS = ("name", "value", "low", "high", "n", "text", "interval", "label")


def weekday(trend: Trend, colours: Palette, first_weekday: int = 0) -> alt.LayerChart:
    """Weekdays from the first day of the week down; the value and n stand at the right.

    Raises:
        ValueError: when no weekday has a value.
    """
    days = [day for day in trend.weekdays.days if day.estimate.value is not None]
    if not days:
        raise ValueError("no weekday has a value to draw")
    unit = trend.change_unit
    estimates = [day.estimate for day in days]
    shown = axis_unit(unit, [bound for e in estimates for bound in (e.value, e.low, e.high)])
    order = [NAMES[(first_weekday + shift) % 7] for shift in range(7)]
    frame = pd.DataFrame(
        [
            {
                "name": NAMES[day.weekday],
                "value": shown.shown(day.estimate.value),
                "low": shown.shown(day.estimate.low),
                "high": shown.shown(day.estimate.high),
                "n": day.estimate.n,
                "text": unit.level(day.estimate.value),
                "interval": ""
                if day.estimate.low is None or day.estimate.high is None
                else f"{unit.level(day.estimate.low)} to {unit.level(day.estimate.high)}",
                "label": f"{unit.level(day.estimate.value)}  (n {day.estimate.n:,})",
            }
            for day in days
        ],
        columns=list(COLUMNS),
    )
    present = [name for name in order if name in set(frame["name"])]
    y = alt.Y("name:N", sort=present, title=None, axis=alt.Axis(domain=False, ticks=False))
    x = alt.X(
        "value:Q",
        title=shown.word,
        scale=alt.Scale(zero=False, nice=True),
        axis=alt.Axis(format=shown.number_format, tickCount=4),
    )
    tips = [
        alt.Tooltip("name:N", title="weekday"),
        alt.Tooltip("text:N", title="mean"),
        alt.Tooltip("interval:N", title="interval"),
        alt.Tooltip("n:Q", title="n", format=","),
    ]
    base = alt.Chart(frame)
    return alt.layer(
        base.transform_filter("isValid(datum.low)")
        .mark_rule(color=colours.accent, strokeWidth=3, opacity=0.7, strokeCap="round")
        .encode(x=alt.X("low:Q", title=shown.word), x2="high:Q", y=y, tooltip=tips),
        base.mark_point(color=colours.accent, size=80, filled=True, opacity=1).encode(x=x, y=y, tooltip=tips),
        base.mark_text(align="left", dx=8, color=colours.text, fontSize=12).encode(
            x=alt.XValue({"expr": "width"}), y=y, text="label:N"
        ),
        height=ROW * len(present) + EDGES,
    )
