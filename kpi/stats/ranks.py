"""Does one group tend to larger values? Brunner-Munzel test from value counts, plain and with clusters."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kpi.stats import checks
from kpi.stats.clusters import cluster_variance
from kpi.stats.intervals import critical, two_sided_p

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Superiority:
    """P(X < Y) + ½ P(X = Y) with its interval, and the p-value for "it is one half"."""

    probability: float
    low: float
    high: float
    p: float
    statistic: float
    df: float


def brunner_munzel(
    x: ArrayLike,
    x_counts: ArrayLike,
    y: ArrayLike,
    y_counts: ArrayLike,
    level: float = 0.95,
    *,
    x_clusters: ArrayLike | None = None,
    y_clusters: ArrayLike | None = None,
) -> Superiority | None:
    """Brunner-Munzel test of two groups given as values with counts.

    With cluster codes (one per value entry; a value may stand in several clusters) the variance of the
    placements is that between clusters, with leverage correction and Kish-effective degrees of freedom.
    Groups that do not overlap at all have no variance: then the exact permutation p is given (of clusters,
    where there are any), and the interval that goes with it.

    Returns:
        None when a group is empty; when it has one row (or one cluster) only and overlaps with the other, so
        that its spread cannot be known; or when clusters overlap but do not vary at all.

    Raises:
        ValueError: for NaN, negative counts or unequal lengths.

    Sources: Brunner & Munzel (2000), Biometrical Journal 42:17-25; Obuchowski (1997), Biometrics 53:567-578.

    >>> test = brunner_munzel([1, 2, 4], [11, 2, 1], [1, 2, 3, 4, 5], [3, 1, 4, 2, 1])  # Neubert & Brunner
    >>> round(test.statistic, 4), round(test.p, 6), round(test.probability, 4)
    (3.1375, 0.005786, 0.789)
    >>> round(test.low, 4), round(test.high, 4)
    (0.5952, 0.9827)
    """
    x_values, x_weights, x_codes = _sample(x, x_counts, x_clusters)
    y_values, y_weights, y_codes = _sample(y, y_counts, y_clusters)
    n_x, n_y = float(x_weights.sum()), float(y_weights.sum())
    critical(level)
    if n_x <= 0 or n_y <= 0:
        return None
    below_x = _placements(x_values, y_values, y_weights)
    below_y = _placements(y_values, x_values, x_weights)
    probability = float((below_y * y_weights).sum()) / n_y
    spread_x = _spread(below_x, x_weights, 1 - probability, x_codes)
    spread_y = _spread(below_y, y_weights, probability, y_codes)
    alike = np.ptp(np.concatenate([x_values, y_values])) == 0
    if alike or min(probability, 1 - probability) <= 1e-14:
        units_x = n_x if x_codes is None else np.unique(x_codes).size
        units_y = n_y if y_codes is None else np.unique(y_codes).size
        return _without_variance(probability, units_x, units_y, level)
    if spread_x is None or spread_y is None:
        return None
    (variance_x, df_x), (variance_y, df_y) = spread_x, spread_y
    variance = variance_x + variance_y
    if variance <= 1e-24:
        return None
    df = max(1.0, variance**2 / (variance_x**2 / df_x + variance_y**2 / df_y))
    se = math.sqrt(variance)
    half = critical(level, df) * se
    statistic = (probability - 0.5) / se
    return Superiority(
        probability,
        max(0.0, probability - half),
        min(1.0, probability + half),
        two_sided_p(statistic, df),
        statistic,
        df,
    )


def _placements(at: Floats, values: Floats, weights: Floats) -> Floats:
    """Share of the other group below each value, ties counted half."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    upto = np.concatenate([[0.0], np.cumsum(weights[order])])
    below = upto[np.searchsorted(ordered, at, side="left")]
    through = upto[np.searchsorted(ordered, at, side="right")]
    placed: Floats = (below + through) / (2 * upto[-1])
    return placed


def _sample(
    values: ArrayLike, counts: ArrayLike, clusters: ArrayLike | None
) -> tuple[Floats, Floats, NDArray[np.int64] | None]:
    """Values, counts and cluster codes of the entries that occur at all."""
    given, number = checks.finite(values=values, counts=counts)
    if (number < 0).any():
        raise ValueError(f"counts must be 0 or more: {np.count_nonzero(number < 0):,} are negative")
    codes = None
    if clusters is not None:
        codes = np.unique(np.atleast_1d(np.asarray(clusters)), return_inverse=True)[1].astype(np.int64)
        if codes.size != given.size:
            raise ValueError(f"one cluster for each value is needed: {codes.size:,} of {given.size:,}")
    there = number > 0
    return given[there], number[there], None if codes is None else codes[there]


def _spread(
    placements: Floats, weights: Floats, mean: float, clusters: NDArray[np.int64] | None
) -> tuple[float, float] | None:
    """Variance of the mean placement and its degrees of freedom; None for one row or one cluster."""
    rows = float(weights.sum())
    if clusters is None:
        if rows <= 1:
            return None
        squares = float((weights * (placements - mean) ** 2).sum())
        return squares / (rows - 1) / rows, rows - 1
    between = cluster_variance(clusters, weights * (placements - mean) / rows, weights)
    return None if between.variance is None else (between.variance, between.df)


def _without_variance(probability: float, units_x: float, units_y: float, level: float) -> Superiority:
    """All values the same, or all of one group above all of the other."""
    if 0.25 < probability < 0.75:
        return Superiority(0.5, 0.5, 0.5, 1.0, 0.0, math.inf)
    splits = math.lgamma(units_x + units_y + 1) - math.lgamma(units_x + 1) - math.lgamma(units_y + 1)
    p = min(1.0, max(math.exp(max(math.log(2) - splits, -700)), two_sided_p(math.inf)))
    away = ((1 - level) / 2) ** (1 / max(1.0, math.log2(2 / p)))
    low, high = (away, 1.0) if probability > 0.5 else (0.0, 1 - away)
    side = 1.0 if probability > 0.5 else 0.0
    return Superiority(side, low, high, p, math.copysign(math.inf, side - 0.5), math.inf)
