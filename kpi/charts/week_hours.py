"""The week by the hour: a square for each hour of each weekday, and a frame around those that stand out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd

from kpi.charts.palette import Palette, mixed

NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ROW = 34
EDGES = 48
FURTHEST = 3.0
"""Ratios beyond three times, or below a third, have the colour of that."""
COLUMNS = ("weekday", "at", "value", "tone", "label", "text", "against", "n", "frame", "fill", "ink")


@dataclass(frozen=True)
class HourSquare:
    """One hour of one weekday (0 Monday).

    Attributes:
        tone: −1 (better than the other hours of its days) to 1 (worse), None where it is not held against
            them; of counts from 0 to 1, share of the largest.
        label: the number in the square; ``text`` and ``against`` as written in the tip.
    """

    weekday: int
    hour: int
    tone: float | None
    label: str
    text: str
    against: str
    n: int
    stands_out: bool = False


def tone_of_ratio(ratio: float) -> float:
    """
    >>> tone_of_ratio(3.0), tone_of_ratio(1.0), round(tone_of_ratio(1 / 9), 2)
    (1.0, 0.0, -1.0)
    """
    return max(-1.0, min(1.0, math.log(max(ratio, 1e-9)) / math.log(FURTHEST)))


def week_hours(
    squares: Sequence[HourSquare], colours: Palette, *, counts: bool = False, first_weekday: int = 0
) -> alt.LayerChart:
    """Hours across, weekdays down; grey to orange is worse, grey to blue better, or pale to full for counts.

    Raises:
        ValueError: without squares.
    """
    if not squares:
        raise ValueError("there are no hours to draw")
    frame = pd.DataFrame([_record(each, colours, counts) for each in squares], columns=list(COLUMNS))
    order = [NAMES[(first_weekday + shift) % 7] for shift in range(7)]
    present = [name for name in order if name in set(frame["weekday"])]
    hours = [f"{hour:02d}" for hour in range(min(s.hour for s in squares), max(s.hour for s in squares) + 1)]
    x = alt.X(
        "at:O",
        sort=hours,
        scale=alt.Scale(domain=hours, paddingInner=0.06),
        title="hour of the day",
        axis=alt.Axis(labelAngle=0, ticks=False, domain=False, labelOverlap=True),
    )
    y = alt.Y(
        "weekday:O",
        sort=present,
        title=None,
        scale=alt.Scale(domain=present, paddingInner=0.08),
        axis=alt.Axis(ticks=False, domain=False),
    )
    tips = [
        alt.Tooltip("weekday:N", title="weekday"),
        alt.Tooltip("at:N", title="hour from"),
        alt.Tooltip("text:N", title="value"),
        alt.Tooltip("against:N", title="against the other hours"),
        alt.Tooltip("n:Q", title="contacts", format=","),
    ]
    base = alt.Chart(frame)
    return alt.layer(
        base.transform_filter("isValid(datum.tone)")
        .mark_rect(cornerRadius=3)
        .encode(x=x, y=y, color=alt.Color("fill:N", scale=None), tooltip=tips),
        base.transform_filter("!isValid(datum.tone)")
        .mark_rect(cornerRadius=3, fillOpacity=0, stroke=colours.grid, strokeWidth=1)
        .encode(x=x, y=y, tooltip=tips),
        base.transform_filter("datum.frame")
        .mark_rect(cornerRadius=3, fillOpacity=0, stroke=colours.text, strokeWidth=2)
        .encode(x=x, y=y, tooltip=tips),
        base.mark_text(fontSize=11).encode(
            x=x,
            y=y,
            # Narrow squares would show scraps of numbers: the tip has them.
            text=alt.condition(f"width / {len(hours)} > 30", "label:N", alt.value("")),
            color=alt.Color("ink:N", scale=None),
            tooltip=tips,
        ),
    ).properties(height=ROW * len(present) + EDGES)


def _fill(square: HourSquare, colours: Palette, counts: bool) -> str:
    """Colour of a square; that of the page where it is not held against others."""
    tone = square.tone
    if tone is None:
        return colours.background
    if counts:
        return mixed(colours.accent, colours.background, tone)
    return mixed(colours.worse if tone > 0 else colours.better, colours.grid, abs(tone))


def _record(square: HourSquare, colours: Palette, counts: bool) -> dict[str, object]:
    fill = _fill(square, colours, counts)
    return {
        "weekday": NAMES[square.weekday],
        "at": f"{square.hour:02d}",
        "value": square.tone,
        "tone": square.tone,
        "label": square.label,
        "text": square.text,
        "against": square.against or "not held against them",
        "n": square.n,
        "frame": square.stands_out,
        "fill": fill,
        "ink": colours.ink(fill),
    }
