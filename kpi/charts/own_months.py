"""One agent's months: own values with intervals, beside what the same kind of contacts gives in the team."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import altair as alt
import pandas as pd

from kpi.charts.palette import Palette
from kpi.charts.scale import axis_unit
from kpi.model import Estimate, Unit

HEIGHT = 260
ABOVE = {"titleAngle": 0, "titleAlign": "left", "titleX": 0, "titleY": -12}
COLUMNS = ("month", "value", "low", "high", "expected", "text", "interval", "team", "n")


def own_months(
    months: Sequence[tuple[date, Estimate, float | None]], unit: Unit, colours: Palette
) -> alt.LayerChart:
    """Dots with intervals; a tick where the team is with the same kind of contacts.

    Raises:
        ValueError: when no month has a value.
    """
    told = [each for each in months if each[1].value is not None]
    if not told:
        raise ValueError("no month has a value to draw")
    axis = axis_unit(unit, [each for _, e, team in told for each in (e.value, e.high, team)])
    frame = pd.DataFrame(
        [
            {
                "month": f"{day:%b %Y}",
                "value": axis.shown(estimate.value),
                "low": axis.shown(estimate.low),
                "high": axis.shown(estimate.high),
                "expected": axis.shown(expected),
                "text": unit.level(estimate.value),
                "interval": "none"
                if estimate.low is None or estimate.high is None
                else f"{unit.level(estimate.low)} to {unit.level(estimate.high)}",
                "team": "none" if expected is None else unit.level(expected),
                "n": f"{estimate.n:,}",
            }
            for day, estimate, expected in told
        ],
        columns=list(COLUMNS),
    )
    x = alt.X(
        "month:O", sort=None, title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True, labelFlush=False)
    )
    scale = alt.Scale(zero=unit is not Unit.PERCENT, nice=True)
    y = alt.Y(
        "value:Q",
        title=axis.word,
        scale=scale,
        axis=alt.Axis(format=axis.number_format, tickCount=5, **ABOVE),
    )
    tips = [
        alt.Tooltip("month:N", title="month"),
        alt.Tooltip("text:N", title="own"),
        alt.Tooltip("interval:N", title="95 % interval"),
        alt.Tooltip("team:N", title="team, same kind"),
        alt.Tooltip("n:N", title="n"),
    ]
    base = alt.Chart(frame)
    return alt.layer(
        base.transform_filter("isValid(datum.low) && isValid(datum.high)")
        .mark_rule(color=colours.accent, strokeWidth=3, opacity=0.7, strokeCap="round")
        .encode(x=x, y=alt.Y("low:Q", title=axis.word, scale=scale), y2="high:Q", tooltip=tips),
        base.transform_filter("isValid(datum.expected)")
        .mark_tick(color=colours.text, thickness=2.5, width=22, orient="horizontal")
        .encode(x=x, y=alt.Y("expected:Q", title=axis.word, scale=scale), tooltip=tips),
        base.mark_point(filled=True, size=80, color=colours.accent, opacity=1).encode(x=x, y=y, tooltip=tips),
    ).properties(height=HEIGHT)
