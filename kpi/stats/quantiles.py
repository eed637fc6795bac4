"""Quantiles and their intervals from value counts."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from kpi.stats import checks
from kpi.stats.clusters import cr2
from kpi.stats.intervals import Bounds, critical, tail_of

Floats = NDArray[np.float64]


def quantile(values: ArrayLike, counts: ArrayLike, q: float) -> float | None:
    """The quantile of spreadsheets, numpy and pandas (linear between neighbours, type 7); None without rows.

    Args:
        values: distinct values (raw rows may be given with counts of 1).
        counts: how often each occurs, whole numbers.

    Raises:
        ValueError: for NaN, negative or fractional counts, and for ``q`` outside 0 to 1.

    >>> quantile([1, 2, 10], [1, 2, 1], 0.5), quantile([1, 2], [1, 1], 0.5), quantile([], [], 0.5)
    (2.0, 1.5, None)
    """
    if not 0 <= q <= 1:
        raise ValueError(f"a quantile lies between 0 and 1 (0.5 is the median), found {q}")
    given, upto = _ranked(values, counts)
    if upto.size == 0 or upto[-1] == 0:
        return None
    return _at_rank(given, upto, 1 + (int(upto[-1]) - 1) * q)


def quantiles_of_groups(values: ArrayLike, counts: ArrayLike, starts: ArrayLike, q: float) -> Floats:
    """:func:`quantile` of many groups at once, float64[groups]; NaN for a group without rows.

    Args:
        values, counts: float64[n] or whole numbers; the values of a group ascend and stand together.
        starts: int64[groups], the place at which each group begins: 0 first, then ever larger ones.

    >>> quantiles_of_groups([1, 2, 10, 7, 1, 2], [1, 2, 1, 0, 1, 1], [0, 3, 4], 0.5).tolist()
    [2.0, nan, 1.5]
    """
    if not 0 <= q <= 1:
        raise ValueError(f"a quantile lies between 0 and 1 (0.5 is the median), found {q}")
    given, first = np.asarray(values, np.float64), np.asarray(starts, np.int64)
    found = np.full(first.size, np.nan)
    if not given.size:
        return found
    upto = np.cumsum(np.asarray(counts, np.int64))
    before = np.where(first > 0, upto[first - 1], 0)
    rows = upto[np.append(first[1:], given.size) - 1] - before
    some = rows > 0
    rank = 1 + (rows[some] - 1) * q
    whole = np.floor(rank).astype(np.int64)
    part = rank - whole
    low = given[np.searchsorted(upto, before[some] + whole)]
    high = given[np.searchsorted(upto, before[some] + np.minimum(whole + 1, rows[some]))]
    found[some] = np.where(part == 0, low, low + part * (high - low))
    return found


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
    _inside(q)
    given, upto = _ranked(values, counts)
    rows = int(upto[-1]) if upto.size else 0
    if rows == 0:
        return -math.inf, math.inf
    worth = rows / max(1.0, effect)
    if not worth > 0:
        raise ValueError(f"a design effect is a finite number, found {effect}")
    tail = tail_of(critical(level, df) if crit is None else crit)
    middle = _at_rank(given, upto, 1 + (rows - 1) * q)
    stretch = (rows + 1) / (worth + 1)
    below, above = _lower_rank(worth, q, tail), _lower_rank(worth, 1 - q, tail)
    low = -math.inf if below is None else min(middle, _at_rank(given, upto, below * stretch))
    high = math.inf if above is None else max(middle, _at_rank(given, upto, rows + 1 - above * stretch))
    return low, high


def woodruff_interval(
    values: ArrayLike, counts: ArrayLike, clusters: ArrayLike, q: float, level: float = 0.95
) -> Bounds:
    """Interval of a quantile when rows come in clusters (agents, days).

    The variance of "the share at or below the quantile" between clusters (CR2) says how many independent rows
    the rows are worth; the bounds are the order statistics at those binomial ranks, with Student's t for the
    Kish-effective clusters. One cluster sets no bound.

    Source: Woodruff (1952), JASA 47:635-646; Korn & Graubard (1998) for effective rows.

    Args:
        values, counts, clusters: a row for each value in each cluster.

    >>> low, high = woodruff_interval([1, 2, 3, 4] * 30, [1] * 120, [i // 12 for i in range(120)], 0.5)
    >>> low <= 2.5 <= high, woodruff_interval([1, 2, 3], [5, 5, 5], [7, 7, 7], 0.5)
    (True, (-inf, inf))
    """
    _inside(q)
    given, number = checks.finite(values=values, counts=counts)
    codes = np.unique(np.atleast_1d(np.asarray(clusters)), return_inverse=True)[1]
    if codes.size != given.size:
        raise ValueError(f"one cluster for each value is needed: {codes.size:,} of {given.size:,}")
    middle = quantile(given, number, q)
    if middle is None:
        return -math.inf, math.inf
    sizes = np.bincount(codes, number)
    below = cr2(np.bincount(codes, number * (given <= middle)), sizes)
    if below.value is None or below.variance is None:
        return -math.inf, math.inf
    plain = below.value * (1 - below.value) / float(sizes.sum())
    effect = below.variance / plain if plain > 0 else 1.0
    return quantile_interval(given, number, q, level, effect=effect, df=max(1.0, below.effective - 1))


def _inside(q: float) -> None:
    if not 0 < q < 1:
        raise ValueError(f"an interval is given for quantiles above 0 and below 1, found {q}")


def _ranked(values: ArrayLike, counts: ArrayLike) -> tuple[Floats, NDArray[np.int64]]:
    """Ascending values and how many rows there are up to each."""
    given, number = checks.tally(values, counts)
    rows = number.astype(np.int64)
    if (rows != number).any():
        raise ValueError("counts must be whole numbers of rows; effective rows are given by `effect`")
    return given, np.cumsum(rows)


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
