"""Variance when rows come in clusters (days, weeks, agents) that resemble each other.

A cluster is represented by its residual (how far it pulls the estimate away from the whole) and its size (its
share of the rows or of the exposure). The variance is the sum of squared residuals, each corrected for the
fact that a large cluster pulls the estimate towards itself (leverage correction CR2).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kpi.stats import checks
from kpi.stats.intervals import critical, two_sided_p

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Ratio:
    """A ratio of two sums over clusters, its variance, and how many equal clusters the sizes are worth.

    ``value`` is None without any size; ``variance`` is None with fewer than two clusters.
    """

    value: float | None
    variance: float | None
    effective: float


@dataclass(frozen=True)
class ClusterVariance:
    """Variance of an estimate or a difference from clusters, with its degrees of freedom (at least 1).

    ``variance`` is None when a side consists of a single cluster. ``fewest`` is the smaller Kish-effective
    number of clusters of the sides; ``paired`` says whether the same clusters stand on both sides.
    """

    variance: float | None
    df: float
    fewest: float
    paired: bool


@dataclass(frozen=True)
class ClusterContrast:
    """Difference of two ratios with its interval and p-value from clusters.

    ``estimate`` is None without any size on a side; the others are None, with a ``reason``, when the spread
    between clusters cannot be known.
    """

    estimate: float | None
    low: float | None
    high: float | None
    p: float | None
    se: float | None
    df: float | None
    reason: str | None = None


def kish(sizes: ArrayLike) -> float:
    """How many clusters of equal size these are worth: (Σn)² ÷ Σn². Kish (1965), Survey Sampling.

    >>> kish([10, 10, 10, 10]), round(kish([100, 1, 1]), 2), kish([])
    (4.0, 1.04, 0.0)
    """
    (given,) = checks.finite(sizes=sizes)
    squares = float((given * given).sum())
    return float(given.sum()) ** 2 / squares if squares > 0 else 0.0


def cr2(sums: ArrayLike, sizes: ArrayLike) -> Ratio:
    """Ratio Σy ÷ Σn over clusters with its leverage-corrected variance Σ e²/(1−h) ÷ N².

    Sources: Liang & Zeger (1986); Bell & McCaffrey (2002); Deng, Knoblich & Lu (2018).

    Args:
        sums, sizes: one of each per cluster: hits and rows, total score and answers, events and hours.

    Raises:
        ValueError: for NaN, unequal lengths or negative sizes.

    >>> ratio = cr2([8, 9, 7, 8], [10, 10, 10, 10])
    >>> round(ratio.value, 3), round(ratio.variance, 6), ratio.effective
    (0.8, 0.001667, 4.0)
    >>> cr2([3], [5])
    Ratio(value=0.6, variance=None, effective=1.0)
    """
    y, n = checks.finite(sums=sums, sizes=sizes)
    if (n < 0).any():
        raise ValueError(f"sizes must be 0 or more: {np.count_nonzero(n < 0):,} are negative")
    if not (n > 0).any():
        return Ratio(None, None, 0.0)
    total = float(n.sum())
    value = float(y.sum()) / total
    return Ratio(value, _variance((y - value * n) / total, n), kish(n))


def cr2_difference(
    sums1: ArrayLike, sizes1: ArrayLike, sums2: ArrayLike, sizes2: ArrayLike, level: float = 0.95
) -> ClusterContrast:
    """Ratio 1 − ratio 2 of two groups of different clusters (teams with their own agents).

    Two CR2 variances; Student's t with Welch-Satterthwaite degrees of freedom from Kish-effective clusters.
    For clusters that stand on both sides see :func:`difference_variance`.

    Sources: Bell & McCaffrey (2002); Welch (1947); Kish (1965).

    >>> found = cr2_difference([8, 9, 7, 8], [10, 10, 10, 10], [6, 5, 7, 6], [10, 10, 10, 10])
    >>> round(found.estimate, 2), round(found.low, 3), round(found.high, 3), found.df
    (0.2, 0.059, 0.341, 6.0)
    >>> cr2_difference([8, 9], [10, 10], [6], [10]).reason
    'a side is a single cluster: how much clusters differ cannot be known'
    """
    checks.confidence(level)
    one, two = cr2(sums1, sizes1), cr2(sums2, sizes2)
    if one.value is None or two.value is None:
        return ClusterContrast(None, None, None, None, None, None, "a side has no rows")
    estimate = one.value - two.value
    if one.variance is None or two.variance is None:
        reason = "a side is a single cluster: how much clusters differ cannot be known"
        return ClusterContrast(estimate, None, None, None, None, None, reason)
    variance = one.variance + two.variance
    if variance <= 1e-28 * max(one.value**2, two.value**2):
        reason = "the clusters of each side are all the same: how much clusters differ cannot be known"
        return ClusterContrast(estimate, None, None, None, None, None, reason)
    freedom = [(each.variance or 0.0, max(each.effective - 1, 1e-9)) for each in (one, two)]
    df = min(satterthwaite(freedom), max(1.0, one.effective + two.effective - 2))
    se = math.sqrt(variance)
    half = critical(level, df) * se
    p = two_sided_p(estimate / se, df)
    return ClusterContrast(estimate, estimate - half, estimate + half, p, se, df)


def cluster_variance(key: ArrayLike, residual: ArrayLike, size: ArrayLike) -> ClusterVariance:
    """Variance of one estimate. Equal keys are one cluster; residuals add up to the error of the estimate.

    >>> weeks = cluster_variance([1, 1, 2, 3], [0.01, 0.0, -0.03, 0.02], [5, 5, 10, 10])
    >>> round(weeks.variance, 6), weeks.df, weeks.fewest
    (0.0021, 2.0, 3.0)
    """
    (residuals, sizes), _ = _by_cluster(key, residual, size)
    effective = kish(sizes)
    variance = _variance(residuals, sizes)
    return ClusterVariance(variance, max(1.0, effective - 1), effective, False)


def difference_variance(
    key1: ArrayLike,
    residual1: ArrayLike,
    size1: ArrayLike,
    key2: ArrayLike,
    residual2: ArrayLike,
    size2: ArrayLike,
) -> ClusterVariance:
    """Variance of the difference of two estimates.

    A cluster found on both sides counts with the difference of its residuals, so what it has in common on
    both sides cancels.

    Degrees of freedom: Welch-Satterthwaite from Kish-effective clusters for different clusters; the smaller
    number of effective clusters less one when at least half of either side stands on both.

    >>> different = difference_variance([1, 2], [0.1, -0.1], [5, 5], [3, 4], [0.1, -0.1], [5, 5])
    >>> same = difference_variance([1, 2], [0.1, -0.1], [5, 5], [1, 2], [0.1, -0.1], [5, 5])
    >>> round(different.variance, 4), same.variance, same.paired
    (0.08, 0.0, True)
    """
    (first, size_a), keys_a = _by_cluster(key1, residual1, size1)
    (second, size_b), keys_b = _by_cluster(key2, residual2, size2)
    effective_a, effective_b = kish(size_a), kish(size_b)
    fewest = min(effective_a, effective_b)
    shared, in_a, in_b = np.intersect1d(keys_a, keys_b, assume_unique=True, return_indices=True)
    paired = bool(
        shared.size
        and max(
            float(side[common].sum()) / max(float(side.sum()), 1e-300)
            for side, common in ((size_a, in_a), (size_b, in_b))
        )
        >= 0.5
    )
    scaled_a, scaled_b = _scaled(first, size_a), _scaled(second, size_b)
    if scaled_a is None or scaled_b is None:
        return ClusterVariance(None, 1.0, fewest, paired)
    variance_a, variance_b = float((scaled_a**2).sum()), float((scaled_b**2).sum())
    variance = max(0.0, variance_a + variance_b - 2 * float((scaled_a[in_a] * scaled_b[in_b]).sum()))
    if paired:
        df = fewest - 1
    else:
        parts = variance_a**2 / max(effective_a - 1, 1e-9) + variance_b**2 / max(effective_b - 1, 1e-9)
        df = variance**2 / parts if parts > 0 and shared.size == 0 else fewest - 1
        df = min(df, effective_a + effective_b - 2)
    return ClusterVariance(variance, max(1.0, df), fewest, paired)


def satterthwaite(parts: list[tuple[float, float]]) -> float:
    """Degrees of freedom of a sum of variances, each (variance, its degrees of freedom); at least 1.

    A variance from a single row has none and makes the sum no less certain.

    Source: Satterthwaite (1946), Biometrics Bulletin 2:110-114.

    >>> satterthwaite([(1.0, 5.0), (1.0, 5.0)]), satterthwaite([])
    (10.0, inf)
    """
    if wrong := [part for part in parts if not (part[0] >= 0 and part[1] >= 0)]:
        raise ValueError(f"variances and degrees of freedom of 0 or more are needed, found {wrong}")
    total = sum(variance for variance, _ in parts)
    spread = sum(variance * variance / df for variance, df in parts if df > 0)
    return max(1.0, total * total / spread) if spread > 0 else math.inf


def _by_cluster(
    key: ArrayLike, residual: ArrayLike, size: ArrayLike
) -> tuple[tuple[Floats, Floats], NDArray[np.int64]]:
    given, weights = checks.finite(residual=residual, size=size)
    keys, place = np.unique(np.atleast_1d(np.asarray(key, np.int64)), return_inverse=True)
    if place.size != given.size:
        raise ValueError(f"one key for each residual is needed: {place.size:,} of {given.size:,}")
    residuals = np.bincount(place, weights=given, minlength=keys.size)
    sizes = np.bincount(place, weights=weights, minlength=keys.size)
    there = (sizes > 0) | (residuals != 0)
    return (residuals[there].astype(np.float64), sizes[there].astype(np.float64)), keys[there]


def _scaled(residuals: Floats, sizes: Floats) -> Floats | None:
    """Residuals after the leverage correction; None for fewer than two clusters."""
    if np.count_nonzero(sizes) < 2:
        return None
    leverage = sizes / sizes.sum()
    corrected: Floats = residuals / np.sqrt(1 - leverage)
    return corrected


def _variance(residuals: Floats, sizes: Floats) -> float | None:
    scaled = _scaled(residuals, sizes)
    return None if scaled is None else float((scaled**2).sum())
