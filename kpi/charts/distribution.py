"""How a duration is spread: bars over a logarithmic scale of minutes, with median, p90 and target."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from kpi.charts.palette import Palette
from kpi.model import Unit

HEIGHT = 300
EDGES_MINUTES = (
    *(0.0, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 240.0, 480.0),
    *(1_440.0, 2_880.0, 5_760.0, 10_080.0, 20_160.0, 43_200.0),
)
"""Edges that people say: 15 s, 1 min, 15 min, 1 h, 1 day, 1 week, 30 days."""


def edge_words(minutes: float) -> str:
    """An edge as it is said.

    >>> [edge_words(edge) for edge in (0.25, 5, 120, 2_880, 10_080)]
    ['15 s', '5 min', '2 h', '2 d', '7 d']
    """
    if minutes < 1:
        return f"{minutes * 60:g} s"
    if minutes < 60:
        return f"{minutes:g} min"
    return f"{minutes / 60:g} h" if minutes < 1_440 else f"{minutes / 1_440:g} d"


def bins(values: Sequence[float] | pd.Series, unit: Unit) -> list[tuple[str, int]]:
    """(label, count) of each bin from the first to the last that holds a value; ``values`` in ``unit``.

    >>> bins([0.5, 3.0, 4.0], Unit.MINUTES)
    [('30 s–1 min', 1), ('1 min–2 min', 0), ('2 min–5 min', 2)]
    """
    per_unit = 60.0 if unit is Unit.HOURS else 1.0
    minutes = pd.Series(values, dtype="float64") * per_unit
    places = pd.cut(minutes, [*EDGES_MINUTES, float("inf")], right=False, labels=False)
    counts = places.value_counts()
    filled = sorted(int(place) for place in counts.index)
    if not filled:
        return []
    return [(_label(place), int(counts.get(place, 0))) for place in range(filled[0], filled[-1] + 1)]


def _label(place: int) -> str:
    low = EDGES_MINUTES[place]
    if place + 1 == len(EDGES_MINUTES):
        return f"over {edge_words(low)}"
    high = edge_words(EDGES_MINUTES[place + 1])
    return f"under {high}" if low == 0 else f"{edge_words(low)}–{high}"


def distribution(
    now: Sequence[float] | pd.Series,
    before: Sequence[float] | pd.Series,
    unit: Unit,
    colours: Palette,
    labels: tuple[str, str],
) -> alt.LayerChart:
    """Share of tickets by how long it took: bars for now, ticks for before; ``labels`` name the two.

    Raises:
        ValueError: when the period now holds no value.
    """
    counted = {name: dict(bins(values, unit)) for name, values in zip(labels, (now, before), strict=True)}
    if not counted[labels[0]]:
        raise ValueError("no ticket in this period has this duration")
    order = [_label(place) for place in range(len(EDGES_MINUTES))]
    seen = [label for label in order if any(label in counts for counts in counted.values())]
    order = order[order.index(seen[0]) : order.index(seen[-1]) + 1]
    frames = {name: _shares(order, counts, name) for name, counts in counted.items()}
    x = alt.X("label:N", sort=order, title=None, axis=alt.Axis(labelAngle=0, ticks=False, labelLimit=140))
    y = alt.Y(
        "share:Q",
        title="share of all",
        axis=alt.Axis(format=".0%", tickCount=4, titleAngle=0, titleAlign="left", titleX=0, titleY=-12),
    )
    tips: list[Any] = [
        alt.Tooltip("period:N", title="period"),
        alt.Tooltip("label:N", title="took"),
        alt.Tooltip("count:Q", title="n", format=","),
        alt.Tooltip("share:Q", title="share", format=".1%"),
    ]
    layers: list[Any] = [
        alt.Chart(frames[labels[0]])
        .mark_bar(color=colours.accent, opacity=0.75)
        .encode(x=x, y=y, tooltip=tips)
    ]
    if counted[labels[1]]:
        layers.append(
            alt.Chart(frames[labels[1]])
            .mark_tick(color=colours.text, thickness=2, width={"band": 0.7})
            .encode(x=x, y=y, tooltip=tips)
        )
    return alt.layer(*layers).properties(height=HEIGHT)


def _shares(order: Sequence[str], counts: dict[str, int], name: str) -> pd.DataFrame:
    total = sum(counts.values()) or 1
    return pd.DataFrame(
        [
            {
                "label": label,
                "count": counts.get(label, 0),
                "share": counts.get(label, 0) / total,
                "period": name,
            }
            for label in order
        ]
    )
