"""Durations as they are usually compared: means of minutes, closed tickets only, tickets for independent."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from calibration.worlds.durations import Sample, Two, Weeks

Floats = NDArray[np.float64]
ALPHA = 0.05


def welch(drawn: Two) -> Floats:
    """Welch's t test on minutes."""
    p = stats.ttest_ind(drawn.one.minutes, drawn.other.minutes, axis=1, equal_var=False).pvalue
    return (np.asarray(p) < ALPHA).astype(np.float64)


def mann_whitney(drawn: Two) -> Floats:
    """Mann-Whitney test on tickets (scipy)."""
    p = stats.mannwhitneyu(drawn.one.minutes, drawn.other.minutes, axis=1, method="asymptotic").pvalue
    return (np.asarray(p) < ALPHA).astype(np.float64)


def mean_covers(drawn: Sample, mean: float) -> Floats:
    """1 where the t interval of raw minutes holds their true mean."""
    n = drawn.minutes.shape[1]
    half = special.stdtrit(n - 1, 0.975) * drawn.minutes.std(axis=1, ddof=1) / math.sqrt(n)
    found: Floats = (np.abs(drawn.minutes.mean(axis=1) - mean) <= half).astype(np.float64)
    return found


def closed_only(drawn: Weeks) -> Floats:
    """t test on log minutes of the tickets that are closed."""
    found = []
    for day, minutes, closed in zip(drawn.day, drawn.minutes, drawn.closed, strict=True):
        logs = np.log(minutes)
        now, before = (logs[closed & (day // 7 == week)] for week in (1, 0))
        p = stats.ttest_ind(now, before).pvalue
        found.append(float(p < ALPHA))
    return np.array(found)


def closed_median_covers(drawn: Weeks) -> Floats:
    """1 where the order-statistic interval of the newest week's closed tickets holds the true median."""
    found = []
    for day, minutes, closed in zip(drawn.day, drawn.minutes, drawn.closed, strict=True):
        chosen = np.sort(minutes[closed & (day // 7 == 1)])
        low, high = stats.binom.ppf([0.025, 0.975], chosen.size, 0.5).astype(int)
        found.append(float(chosen[max(0, low - 1)] <= drawn.truth <= chosen[min(high, chosen.size - 1)]))
    return np.array(found)
