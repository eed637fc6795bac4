"""Estimates of many segments at once, each pulled towards their mean by how little it knows itself."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from kpi.stats.arrays import Floats, as_floats, frozen, not_counts, not_finite, refuse, unequal
from kpi.stats.checks import confidence
from kpi.stats.intervals import critical


@dataclass(frozen=True, eq=False)
class Shrunk:
    """Segments pulled towards their mean; arrays are float64[K], read-only, None without an answer.

    Attributes:
        mean: what they are pulled towards; tau2: variance of true values between segments.
        values: the shrunk estimates; kept: share of its own distance from the mean that each keeps (0 to 1).
        se, low, high: posterior standard deviation and interval. For the most extreme of many segments it is
            too narrow (covers 61 to 93 %): show the shrunk value with a selection-adjusted interval.
        reason: why there is no answer.
    """

    mean: float | None
    tau2: float | None
    values: Floats | None
    kept: Floats | None
    se: Floats | None
    low: Floats | None
    high: Floats | None
    reason: str | None = None


def empirical_bayes(values: ArrayLike, variances: ArrayLike, *, level: float = 0.95) -> Shrunk:
    """Normal-normal shrinkage; the variance between segments by Paule and Mandel's iteration.

    Sources: Paule & Mandel (1982), J. Res. NBS 87:377-385; Morris (1983), JASA 78:47-55.

    Args:
        values: float[K], estimates; variances: float[K], sampling variance of each, above 0.

    Raises:
        ValueError: for missing values, variances that are 0, negative or missing, unequal lengths.

    >>> shrunk = empirical_bayes([0.70, 0.80, 0.95], [0.004, 0.004, 0.004])
    >>> shrunk.values.round(3).tolist(), round(shrunk.tau2, 4)
    ([0.729, 0.804, 0.916], 0.0118)
    """
    y, v = as_floats(values), as_floats(variances)
    confidence(level)
    wrong = np.flatnonzero(~(v > 0))
    refuse(
        unequal(values=y, variances=v),
        not_finite("values", y),
        not_counts("variances", v),
        f"variances must be above 0, but number {int(wrong[0]) + 1} is not" if wrong.size else None,
    )
    if y.size < 3:
        reason = f"{y.size} segments say nothing about how segments differ: at least 3 are needed"
        return Shrunk(None, None, None, None, None, None, None, reason)
    tau2 = _paule_mandel(y, v)
    weight = 1 / (v + tau2)
    mean = float((weight * y).sum() / weight.sum())
    kept = tau2 / (v + tau2)
    shrunk = mean + kept * (y - mean)
    se = np.sqrt(kept * v + (1 - kept) ** 2 / weight.sum())
    half = critical(level) * se
    return Shrunk(
        mean,
        tau2,
        frozen(shrunk),
        frozen(kept),
        frozen(se),
        frozen(shrunk - half),
        frozen(shrunk + half),
    )


@dataclass(frozen=True, eq=False)
class Stein:
    """James-Stein estimates with the factor that distances from the mean are multiplied by."""

    mean: float | None
    factor: float | None
    values: Floats | None
    reason: str | None = None


def james_stein(values: ArrayLike, variance: float) -> Stein:
    """Positive-part James-Stein estimator towards the mean, one variance for all; needs at least 4 values.

    Source: Efron & Morris (1977), Scientific American 236:119-127.

    Raises:
        ValueError: for missing values or a variance that is not above 0.

    >>> stein = james_stein([0.4, 0.3, 0.2, 0.1, 0.0], 0.004)
    >>> round(stein.factor, 3), stein.values.round(3).tolist()
    (0.92, [0.384, 0.292, 0.2, 0.108, 0.016])
    """
    y = as_floats(values)
    wrong = None if math.isfinite(variance) and variance > 0 else f"variance must be above 0: {variance:g}"
    refuse(not_finite("values", y), wrong)
    if y.size < 4:
        return Stein(None, None, None, f"{y.size} values are too few: at least 4 are needed")
    mean = float(y.mean())
    spread = float(((y - mean) ** 2).sum())
    factor = max(0.0, 1 - (y.size - 3) * variance / spread) if spread > 0 else 0.0
    return Stein(mean, factor, frozen(mean + factor * (y - mean)))


def _paule_mandel(y: Floats, v: Floats) -> float:
    """τ² at which the weighted squares around the weighted mean equal K − 1; 0 when they never exceed it."""

    def excess(tau2: float) -> float:
        weight = 1 / (v + tau2)
        mean = (weight * y).sum() / weight.sum()
        return float((weight * (y - mean) ** 2).sum()) - (y.size - 1)

    if excess(0.0) <= 0:
        return 0.0
    low, high = 0.0, float(((y - y.mean()) ** 2).sum())
    while excess(high) > 0:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        if excess(middle) > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2
