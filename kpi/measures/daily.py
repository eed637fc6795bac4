"""Counts per calendar day, balanced by weekday.

Help desks have a weekly rhythm, and months do not hold each weekday equally often. The mean over weekdays of
the mean per weekday is the same for any stretch of days of a constant process, and so is the sum over the
same weekdays.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpi.measures.evidence import ENOUGH, WEEK, Evidence, combine
from kpi.measures.statistics import Days
from kpi.stats import Bounds, ClusterVariance, cluster_variance, difference_variance, poisson_exact

Floats = NDArray[np.float64]
Weekdays = NDArray[np.int64]


@dataclass(frozen=True)
class Weighted:
    """A weighted sum of daily counts: Σ weight × events.

    ``residual`` is weight × (events − mean of the same weekday, or of all days); ``repeats`` says how many
    days share that mean.
    """

    days: Days
    weekday: Weekdays
    value: float
    events: Floats
    weight: Floats
    residual: Floats
    repeats: Floats
    plain: float
    unit_exposure: float
    """Exposure that a zero stands for: the days behind a mean, 1 behind a total."""
    means: dict[int, float]

    def bounds(self, effect: float, crit: float) -> Bounds:
        """Exact Poisson interval of the events and exposure that give this value this variance."""
        if self.value <= 0 or self.plain <= 0:
            return poisson_exact(0, self.unit_exposure / effect, crit=crit)
        variance = self.plain * effect
        return poisson_exact(self.value**2 / variance, self.value / variance, crit=crit)


@dataclass(frozen=True)
class Daily:
    """Events on each day from the first to the last; 0 on days without rows.

    >>> Daily.of(np.array([3, 5]), np.array([2.0, 1.0]), (2, 6)).events.tolist()
    [0.0, 2.0, 0.0, 1.0, 0.0]
    """

    days: Days
    events: Floats

    @staticmethod
    def of(day: NDArray[np.integer], events: Floats, days: Days | None) -> Daily | None:
        """Events by day within the period (the days of the rows when None); None without rows and period."""
        if days is None:
            if day.size == 0:
                return None
            days = int(day.min()), int(day.max())
        inside = (day >= days[0]) & (day <= days[1])
        length = days[1] - days[0] + 1
        counted = np.bincount(day[inside] - days[0], weights=events[inside], minlength=length)
        return Daily(days, counted.astype(np.float64))

    @property
    def weekday(self) -> Weekdays:
        """0 Monday to 6 Sunday of each day (day 0, 1970-01-01, was a Thursday)."""
        return (np.arange(self.days[0], self.days[1] + 1, dtype=np.int64) + 3) % WEEK

    def same_weekdays(self, other: Daily) -> bool:
        """Whether both hold each weekday equally often."""
        one, two = (np.bincount(side.weekday, minlength=WEEK) for side in (self, other))
        return bool(np.array_equal(one, two))

    def balanced(self) -> Weighted:
        """Events per day: the mean of the weekday means from a whole week on, else the plain mean."""
        return self._weighted(np.unique(self.weekday).size == WEEK, False)

    def summed(self) -> Weighted:
        """All events; days are held against the mean of their weekday from a whole week on."""
        return self._weighted(np.unique(self.weekday).size == WEEK, True)

    def _weighted(self, by_weekday: bool, total: bool) -> Weighted:
        weekday = self.weekday if by_weekday else np.zeros(self.events.size, np.int64)
        repeats = np.bincount(weekday, minlength=WEEK)
        held = repeats > 0
        sums = np.bincount(weekday, weights=self.events, minlength=WEEK)
        means = np.where(held, sums / np.maximum(repeats, 1), 0.0)
        share = repeats if total else held
        scale = 1 if total else int(held.sum())
        weight = (share / scale / np.maximum(repeats, 1))[weekday]
        return Weighted(
            self.days,
            weekday,
            float((share * means).sum()) / scale,
            self.events,
            weight,
            weight * (self.events - means[weekday]),
            repeats[weekday].astype(np.float64),
            float((weight**2 * self.events).sum()),
            1.0 if total else float(self.events.size),
            {int(w): float(share[w] * means[w]) / scale for w in np.flatnonzero(held)},
        )


def comparable(now: Daily, before: Daily, total: bool) -> tuple[Weighted, Weighted, str]:
    """Both sides on one basis, and how it is called: weekday by weekday where both hold the same weekdays."""
    same = np.array_equal(np.unique(now.weekday), np.unique(before.weekday))
    basis = "totals of the same weekdays" if total else "weekday-balanced"
    how = basis if same else "not weekday-balanced, the sides hold different weekdays"
    return now._weighted(same, total), before._weighted(same, total), how


def evidence_of_days(side: Weighted) -> Evidence:
    """Evidence for one value: 7-day blocks where there are four, else days against their weekday."""
    time, unit = _variance(side, side.residual)
    if time is None:
        words = "rows taken as independent: no weekday is repeated"
        return Evidence(side.plain, math.inf, 1.0, words)
    return combine(time, None, side.plain, math.inf, unit, math.inf)


def evidence_of_two(now: Weighted, before: Weighted) -> Evidence:
    """Evidence for a difference: of the same days (segments), two periods, two short periods by weekday."""
    plain = now.plain + before.plain
    if now.days == before.days:
        time, unit = _variance(now, now.residual - before.residual)
        if time is None:
            words = "rows taken as independent: no weekday is repeated"
            return Evidence(plain, math.inf, 1.0, words)
        return combine(time, None, plain, math.inf, unit, math.inf)
    lengths = [side.days[1] - side.days[0] + 1 for side in (now, before)]
    if min(lengths) // WEEK >= ENOUGH:
        keys = [np.arange(length) // WEEK for length in lengths]
        ones = [np.ones(length) for length in lengths]
        apart = difference_variance(keys[0], now.residual, ones[0], -1 - keys[1], before.residual, ones[1])
        return combine(apart, None, plain, math.inf, "week", math.inf)
    if min(now.repeats.min(), before.repeats.min()) >= 2:
        (one, df1), (two, df2) = (_by_day(side, side.residual) for side in (now, before))
        df = (one + two) ** 2 / (one**2 / df1 + two**2 / df2) if one + two > 0 else df1 + df2
        return combine(ClusterVariance(one + two, df, df + 2, False), None, plain, math.inf, "day", _few(df))
    gaps = np.array([now.means[w] - before.means[w] for w in now.means if w in before.means])
    if gaps.size < 2 or len(now.means) != len(before.means):
        return combine(ClusterVariance(None, 1.0, 1.0, False), None, plain, math.inf, "day", 1.0)
    spread = float(((gaps - gaps.mean()) ** 2).sum()) * gaps.size / (gaps.size - 1)
    df = float(gaps.size - 1)
    return combine(ClusterVariance(spread, df, df + 1, True), None, plain, math.inf, "weekday", _few(df))


def _few(df: float) -> float:
    return math.inf if df >= ENOUGH - 1 else df


def _variance(side: Weighted, residual: Floats) -> tuple[ClusterVariance | None, str]:
    length = residual.size
    if length // WEEK >= ENOUGH:
        return cluster_variance(np.arange(length) // WEEK, residual, np.ones(length)), "week"
    if side.repeats.min() < 2:
        return None, "day"
    variance, df = _by_day(side, residual)
    return ClusterVariance(variance, df, df + 1, False), "day"


def _by_day(side: Weighted, residual: Floats) -> tuple[float, float]:
    """Variance between days of the same weekday, and its degrees of freedom."""
    corrected = residual**2 / (1 - 1 / side.repeats)
    return float(corrected.sum()), max(1.0, float(residual.size) - len(side.means))
