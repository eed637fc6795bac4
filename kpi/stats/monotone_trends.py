"""Does a series rise or fall at all? Rank tests and median slopes, to show beside the daily engine's answer.

They take the values as independent. With day-to-day persistence they call 11 to 55 % of trendless series
significant, so no verdict rests on them (:mod:`kpi.stats.daily` judges); seasons and ties are handled.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from kpi.stats.arrays import Floats, series
from kpi.stats.checks import confidence
from kpi.stats.intervals import critical, two_sided_p

FEWEST = 4
MOST = 5_000
"""Slopes are taken between all pairs of values; beyond this many values there are too many pairs."""


@dataclass(frozen=True)
class MonotoneTrend:
    """A rank test of trend with its median slope.

    Attributes:
        s: rises minus falls over all pairs; variance: of s under no trend, ties counted.
        tau: Kendall's tau-b, within −1 and 1; None when all values are equal.
        z, p: with continuity correction; None without an answer.
        slope: Sen's slope per period (per cycle in seasonal tests); low, high: its interval.
        n: values used.
        reason: why something is None.
    """

    s: float
    variance: float
    tau: float | None
    z: float | None
    p: float | None
    slope: float | None
    low: float | None
    high: float | None
    n: int
    reason: str | None = None


def mann_kendall(values: ArrayLike, *, level: float = 0.95) -> MonotoneTrend:
    """Mann-Kendall test with ties, and Sen's slope per period with the interval of Gilbert (1987).

    Sources: Mann (1945); Kendall (1975); Sen (1968), JASA 63:1379-1389.

    Args:
        values: float[T] in order of time, one per period; NaN = no value then, distances stay true.

    Raises:
        ValueError: when a value is infinite, the level impossible, or there are more than 5,000 values.

    >>> trend = mann_kendall([1, 3, 2, 5, 4, 6, 8, 7])
    >>> trend.s, round(trend.tau, 3), round(trend.p, 4), round(trend.slope, 2)
    (22.0, 0.786, 0.0094, 1.0)
    """
    return seasonal_mann_kendall(values, 1, level=level)


def seasonal_mann_kendall(values: ArrayLike, period: int, *, level: float = 0.95) -> MonotoneTrend:
    """Mann-Kendall within each season (same weekday, same month), summed; Sen's slope per cycle.

    Seasons are taken as independent of each other. Source: Hirsch, Slack & Smith (1982), Water Resources
    Research 18:107-121.

    Raises:
        ValueError: as :func:`mann_kendall`, or when the period is below 1.

    >>> seasonal_mann_kendall([1, 10, 2, 12, 3, 14, 4, 16], 2).s
    12.0
    """
    points = series(values)
    confidence(level)
    if period < 1:
        raise ValueError(f"a cycle has at least 1 period, but period is {period}")
    if points.size > MOST:
        raise ValueError(f"trends are computed for up to {MOST:,} values, but there are {points.size:,}")
    s = variance = comparable = untied = 0.0
    slopes: list[Floats] = []
    for season in range(min(period, points.size)):
        chosen = points[season::period]
        place = np.flatnonzero(np.isfinite(chosen))
        chosen = chosen[place]
        n = chosen.size
        rises, season_slopes = _pairs(chosen, place.astype(np.float64))
        _, ties = np.unique(chosen, return_counts=True)
        tied = ties.astype(np.float64)
        s += rises
        variance += (n * (n - 1) * (2 * n + 5) - float((tied * (tied - 1) * (2 * tied + 5)).sum())) / 18
        comparable += n * (n - 1) / 2
        untied += n * (n - 1) / 2 - float((tied * (tied - 1)).sum()) / 2
        slopes.append(season_slopes)
    count = int(np.isfinite(points).sum())
    every = np.sort(np.concatenate(slopes)) if slopes else np.zeros(0)
    if count < FEWEST or not every.size:
        reason = f"a trend needs at least {FEWEST} values to compare, but there are {count}"
        return MonotoneTrend(s, variance, None, None, None, None, None, None, count, reason)
    slope = float(np.median(every))
    if variance <= 0:
        reason = "all values are equal, so there is nothing to rank"
        return MonotoneTrend(s, 0.0, None, None, None, slope, None, None, count, reason)
    z = math.copysign(max(0.0, abs(s) - 1), s) / math.sqrt(variance)
    half = critical(level) * math.sqrt(variance)
    low, high = _ranked(every, (every.size - half) / 2), _ranked(every, (every.size + half) / 2 + 1)
    tau = s / math.sqrt(comparable * untied)
    return MonotoneTrend(s, variance, tau, z, two_sided_p(z), slope, min(low, slope), max(high, slope), count)


@dataclass(frozen=True)
class SignTrend:
    """Cox-Stuart sign test: rises among the pairs that differ, with z and p (None without an answer)."""

    rises: int
    pairs: int
    z: float | None
    p: float | None
    reason: str | None = None


def cox_stuart(values: ArrayLike) -> SignTrend:
    """Sign test of the last third of a series against the first.

    Source: Cox & Stuart (1955), Biometrika 42:80-95, with the normal approximation of Sachs (1997),
    continuity correction up to 30 values; each tied pair takes three values out of n.

    Raises:
        ValueError: when a value is infinite.

    >>> rising = [5, 6, 2, 3, 5, 6, 4, 3, 7, 8, 9, 7, 5, 3, 4, 7, 3, 5, 6, 7, 8, 9]       # Sachs, p. 486
    >>> round(cox_stuart(rising).z, 4)
    2.0926
    """
    points = series(values)
    points = points[np.isfinite(points)]
    n = points.size
    third = math.ceil(n / 3)
    signs = np.sign(points[n - third :] - points[:third]) if n >= 2 * third else np.zeros(0)
    rises, falls = int((signs > 0).sum()), int((signs < 0).sum())
    if rises + falls == 0:
        short = f"a trend needs at least {FEWEST} values, but there are {n}"
        return SignTrend(0, 0, None, None, short if n < FEWEST else "the first and last third are equal")
    untied = n - 3 * (third - rises - falls)
    away = max(rises, falls) - untied / 6 - (0.5 if untied <= 30 else 0.0)
    z = math.copysign(max(0.0, away), rises - falls) / math.sqrt(untied / 12)
    return SignTrend(rises, rises + falls, z, two_sided_p(z))


def _pairs(values: Floats, place: Floats) -> tuple[float, Floats]:
    """Rises minus falls over all pairs, and the slope of each pair."""
    rises = 0.0
    slopes = np.empty(values.size * (values.size - 1) // 2)
    filled = 0
    for start in range(values.size - 1):
        steps = values[start + 1 :] - values[start]
        rises += float(np.sign(steps).sum())
        slopes[filled : filled + steps.size] = steps / (place[start + 1 :] - place[start])
        filled += steps.size
    return rises, slopes


def _ranked(ordered: Floats, rank: float) -> float:
    """The value at a fractional 1-based rank, interpolated, within the ends."""
    return float(np.interp(rank, np.arange(1, ordered.size + 1), ordered))
