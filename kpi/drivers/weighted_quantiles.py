"""Quantiles of rows that count as their segment's factor, and how far a share moves them."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from kpi.drivers.sides import Floats, Times
from kpi.measures import Quantile, Survival
from kpi.stats import kaplan_meier

REACH = 1.96
"""The slope is taken over the range in which the quantile is likely to lie: so many standard errors."""
WIDEST = 0.45


def weighted_quantile(values: Floats, weights: Floats, q: float) -> float | None:
    """Type 7 as :func:`kpi.stats.quantile`, for weights that need not be whole numbers.

    >>> import numpy as np
    >>> weighted_quantile(np.array([1.0, 2.0]), np.array([1.0, 1.0]), 0.5)
    1.5
    >>> weighted_quantile(np.array([1.0, 2.0]), np.array([0.4, 1.6]), 0.5)
    2.0
    """
    upto = np.cumsum(weights)
    if upto.size == 0 or upto[-1] <= 0:
        return None
    total = float(upto[-1])
    rank = min(max(1 + (total - 1) * q, 1.0), max(total, 1.0))
    whole = math.floor(rank + 1e-9)
    part = max(0.0, rank - whole)
    place = min(int(np.searchsorted(upto, whole - 1e-9)), values.size - 1)
    low = float(values[place])
    if part <= 1e-9:
        return low
    above = min(int(np.searchsorted(upto, whole + 1 - 1e-9)), values.size - 1)
    return low + part * (float(values[above]) - low)


def quantile_of(measure: Quantile | Survival, side: Times, factor: Floats) -> float | None:
    """The quantile in the unit of the column, each row counting as its segment's factor."""
    return _quantiles(measure, *side.weighted(factor))(measure.q)


def own_quantiles(measure: Quantile | Survival, side: Times) -> tuple[float | None, ...]:
    """The quantile of each segment in the shown unit."""
    found = [
        _quantiles(measure, values.astype(np.float64), ended, still)(measure.q) if mine.size else None
        for mine, values, _, ended, still in side.apart
    ]
    return tuple(None if value is None else value / measure.per_unit for value in found)


def slope_of(measure: Quantile | Survival, side: Times, factor: Floats) -> float:
    """Time per share around the quantile, over the range in which it is likely to lie; 0 if all rows tie."""
    rows = float((side.n * factor).sum()) ** 2 / max(float((side.n * factor**2).sum()), 1e-300)
    return _slope(_quantiles(measure, *side.weighted(factor)), measure.q, rows)


def pooled(measure: Quantile | Survival, now: Times, before: Times) -> Callable[[float], float | None]:
    """The quantiles of both periods together, each period counting as much as the other."""
    whole = np.concatenate([now.value, before.value])
    weight = np.concatenate(
        [np.full(side.value.size, 1 / max(float(side.n.sum()), 1.0)) for side in (now, before)]
    )
    values, place = np.unique(whole, return_inverse=True)
    # As many rows as there are, so that a quantile between two of them is where it always is.
    rows = float(now.n.sum() + before.n.sum()) / 2
    weight = rows * weight
    ended = np.bincount(place, weight * np.concatenate([now.observed, before.observed]), values.size)
    still = np.bincount(place, weight * np.concatenate([now.censored, before.censored]), values.size)
    return _quantiles(measure, values.astype(np.float64), ended.astype(np.float64), still.astype(np.float64))


def _quantiles(
    measure: Quantile | Survival, values: Floats, ended: Floats, still: Floats
) -> Callable[[float], float | None]:
    if isinstance(measure, Quantile):
        return lambda q: weighted_quantile(values, ended, q)
    return kaplan_meier(values, ended, still).quantile


def _slope(quantile: Callable[[float], float | None], q: float, rows: float) -> float:
    half = min(WIDEST, REACH * math.sqrt(q * (1 - q) / max(rows, 1.0)))
    while True:
        low, high = max(q - half, 0.01), min(q + half, 0.99)
        first, last = quantile(low), quantile(high)
        while last is None and high > q + 1e-6:
            high = q + (high - q) / 2
            last = quantile(high)
        if last is None:
            last, high = quantile(q), q
        if first is not None and last is not None and last > first and high > low:
            return (last - first) / (high - low)
        if half >= WIDEST:
            return 0.0
        half = min(WIDEST, 2 * half)
