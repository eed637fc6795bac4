"""Quantiles and their intervals from value counts."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from kpi.stats.intervals import Bounds, critical, tail_of

Floats = NDArray[np.float64]


def quantile(values: ArrayLike, counts: ArrayLike, q: float) -> float | None:
    """The quantile of spreadsheets, numpy and pandas (linear between neighbours, type 7); None without rows.

    Args:
        values: distinct values in ascending order.
        counts: how often each occurs.

    >>> quantile([1, 2, 10], [1, 2, 1], 0.5), quantile([1, 2], [1, 1], 0.5), quantile([], [], 0.5)
    (2.0, 1.5, None)
    """
    upto = np.cumsum(np.asarray(counts, np.int64))
    if upto.size == 0 or upto[-1] == 0:
        return None
    return _at_rank(np.asarray(values, np.float64), upto, 1 + (int(upto[-1]) - 1) * q)


def quantile_interval(
    values: ArrayLike,
    counts: ArrayLike,
    q: float,
    level: float = 0.95,
    *,
    effect: float = 1.0,
    df: float = math.inf,
    crit: float | None = None,
) -> Bounds:
    """Interval of a quantile from the (interpolated) order statistics at binomial ranks.

    With a design effect above 1 the ranks are those of n/effect rows, as in Woodruff's method for clusters. A
    bound that so few rows cannot give is −inf or inf.

    Sources: Thompson (1936) and Hutson (1999), J. Applied Statistics 26:343-353, for fractional ranks;
    Woodruff (1952), JASA 47:635-646.

    Args:
        values, counts: as in :func:`quantile`.
        effect: variance of the share at or below the quantile ÷ its variance under independent rows.
        df: degrees of freedom of the critical value; ``crit`` replaces it.

    >>> [round(bound, 2) for bound in quantile_interval(range(1, 101), [1] * 100, 0.5)]
    [40.72, 60.28]
    >>> quantile_interval([1, 2, 3], [1, 1, 1], 0.5)
    (-inf, inf)
    """
    given = np.asarray(values, np.float64)
    upto = np.cumsum(np.asarray(counts, np.int64))
    rows = int(upto[-1]) if upto.size else 0
    if rows == 0:
        return -math.inf, math.inf
    worth = rows / max(1.0, effect)
    tail = tail_of(critical(level, df) if crit is None else crit)
    middle = _at_rank(given, upto, 1 + (rows - 1) * q)
    stretch = (rows + 1) / (worth + 1)
    below, above = _lower_rank(worth, q, tail), _lower_rank(worth, 1 - q, tail)
    low = -math.inf if below is None else min(middle, _at_rank(given, upto, below * stretch))
    high = math.inf if above is None else max(middle, _at_rank(given, upto, rows + 1 - above * stretch))
    return low, high


def _lower_rank(rows: float, q: float, tail: float) -> float | None:
    """Fractional rank that exceeds the quantile with this probability; None below the first rank."""
    if tail <= 0 or rows * math.log1p(-q) > math.log(tail):
        return None
    return float(special.bdtrik(tail, rows, q)) + 1


def _at_rank(values: Floats, upto: NDArray[np.int64], rank: float) -> float:
    """Value at a (fractional) rank counted from 1, linear between neighbours."""
    rank = min(max(rank, 1.0), float(upto[-1]))
    whole = math.floor(rank)
    part = rank - whole
    low = float(values[np.searchsorted(upto, whole)])
    if part == 0:
        return low
    return low + part * (float(values[np.searchsorted(upto, whole + 1)]) - low)
