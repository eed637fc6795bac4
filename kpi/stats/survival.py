"""Times that have not ended yet: Kaplan-Meier curves and the log-rank test, from value counts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kpi.stats import checks
from kpi.stats.intervals import Bounds, critical, two_sided_p
from kpi.stats.proportions import wilson

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Curve:
    """A Kaplan-Meier curve at its event times.

    Attributes:
        time: times at which something ended, ascending.
        survival: share still going after each time.
        greenwood: Σ d/(n(n−d)) up to each time; variance = survival² × this. inf once nobody is left.
        at_risk, ended: rows still going just before each time, and how many ended at it.
    """

    time: Floats
    survival: Floats
    greenwood: Floats
    at_risk: Floats
    ended: Floats

    @property
    def se(self) -> Floats:
        """Standard error of the curve (Greenwood); 0 where nobody is left."""
        left = self.survival > 0
        return np.where(left, self.survival * np.sqrt(np.where(left, self.greenwood, 0.0)), 0.0)

    @cached_property
    def _log_log(self) -> tuple[Floats, Floats, Floats]:
        """Times with the curve between 0 and 1, log(−log) of the curve there, and its standard error."""
        inner = (self.survival > 0) & (self.survival < 1)
        logarithm = -np.log(self.survival[inner])
        return self.time[inner], np.log(logarithm), np.sqrt(self.greenwood[inner]) / logarithm

    def at(self, time: float) -> float:
        """Share still going after this time; 1 before the first event.

        >>> kaplan_meier([1, 2, 3, 4], [1, 1, 1, 1], [0, 0, 0, 0]).at(2.5)
        0.5
        """
        place = int(np.searchsorted(self.time, time, side="right"))
        return float(self.survival[place - 1]) if place else 1.0

    def interval(self, time: float, level: float = 0.95) -> Bounds:
        """Interval of the share still going after a time: log(−log) transform, within 0 and 1.

        Before the first event, and once nobody is left, the curve has no variance: then the bound that the
        rows at risk give by themselves (Wilson) is used on the open side.

        Source: Kalbfleisch & Prentice (1980), The Statistical Analysis of Failure Time Data, 1.3.

        >>> curve = kaplan_meier([6, 7, 9], [3, 1, 0], [1, 0, 16])
        >>> [round(bound, 3) for bound in curve.interval(6)]           # R: survfit(conf.type = "log-log")
        [0.62, 0.952]
        """
        z = critical(level)
        place = int(np.searchsorted(self.time, time, side="right"))
        if not place:
            rows = float(self.at_risk[0]) if self.time.size else 0.0
            return wilson(rows, rows, crit=z)
        share = float(self.survival[place - 1])
        if share <= 0:
            return wilson(0.0, float(self.at_risk[0]), crit=z)
        logarithm = -math.log(share)
        spread = z * math.sqrt(float(self.greenwood[place - 1])) / logarithm
        low, high = (math.exp(-logarithm * math.exp(each)) for each in (spread, -spread))
        return min(low, share), max(high, share)

    def quantile(self, q: float) -> float | None:
        """First time by which the share ``q`` has ended; None when it is not reached yet.

        The middle of the step when the curve is exactly there.

        >>> kaplan_meier([1, 2, 3, 4], [1, 1, 1, 1], [0, 0, 0, 0]).quantile(0.5)
        2.5
        >>> kaplan_meier([1, 5], [1, 0], [0, 9]).quantile(0.5) is None
        True
        """
        _inside(q)
        goal = 1 - q
        reached = np.flatnonzero(self.survival <= goal + 1e-12)
        if reached.size == 0:
            return None
        place = int(reached[0])
        if abs(float(self.survival[place]) - goal) <= 1e-12 and place + 1 < self.time.size:
            return float(self.time[place] + self.time[place + 1]) / 2
        return float(self.time[place])

    def quantile_interval(
        self,
        q: float,
        level: float = 0.95,
        *,
        effect: float = 1.0,
        df: float = math.inf,
        crit: float | None = None,
        transform: Literal["log-log", "log"] = "log-log",
    ) -> Bounds:
        """Interval of a quantile: the times at which the interval of the curve holds 1 − q.

        Source: Brookmeyer & Crowley (1982), Biometrics 38:29-41, with the log(−log) transform, or the log one
        that R's survival package prints. ``effect`` is a design effect from clusters: the variance of the
        curve is multiplied by it. No bound: 0 below, inf above.

        >>> rows = [6, 7, 9, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 34, 35]
        >>> ended = [3, 1, 0, 1, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0]
        >>> still = [1, 0, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 2, 1, 1]
        >>> kaplan_meier(rows, ended, still).quantile_interval(0.5)      # Freireich et al. 1963, treated
        (13.0, inf)
        """
        _inside(q)
        z = critical(level, df) if crit is None else crit
        time, curve, error = self._log_log
        goal = math.log(-math.log(1 - q)) - 1e-12
        if transform == "log":
            logarithm = np.exp(curve)
            curve, error, goal = logarithm, error * logarithm, -math.log(1 - q) - 1e-12
        spread = z * math.sqrt(max(1.0, effect)) * error
        # With nobody left the curve is surely below; while it never is, the quantile lies beyond all events.
        low = [*time[curve + spread >= goal][:1], *self.time[self.survival <= 0], *self.time[-1:]]
        high = time[curve - spread >= goal]
        value = self.quantile(q)
        first = float(low[0]) if low else 0.0
        last = float(high[0]) if high.size else math.inf
        return (first, last) if value is None else (min(first, value), max(last, value))


def kaplan_meier(values: ArrayLike, events: ArrayLike, censored: ArrayLike) -> Curve:
    """Kaplan-Meier curve from counts: at each value, how many ended and how many were last seen still going.

    Rows still going at a value count as at risk there. Sources: Kaplan & Meier (1958); Greenwood (1926).

    Args:
        values: minutes; raw rows may be given with events 1 or 0 and censored 0 or 1.
        events, censored: how many ended at each value, and how many were last seen still going.

    Raises:
        ValueError: for NaN, negative counts or unequal lengths.

    >>> curve = kaplan_meier([6, 7, 9], [3, 1, 0], [1, 0, 16])
    >>> curve.time.tolist(), curve.survival.round(3).tolist(), curve.se.round(4).tolist()
    ([6.0, 7.0], [0.857, 0.807], [0.0764, 0.0869])
    """
    time, ended, still = checks.tally(values, events, censored)
    gone = np.cumsum(ended + still)
    at_risk = (gone[-1] if gone.size else 0.0) - np.concatenate([[0.0], gone[:-1]]) if gone.size else gone
    steps = ended > 0
    d, n = ended[steps], at_risk[steps]
    left = n - d
    hazard = np.divide(d, n * left, out=np.full(d.size, np.inf), where=left > 0)
    return Curve(time[steps], np.cumprod(left / n), np.cumsum(hazard), n, d)


def influence(curve: Curve, until: float, values: ArrayLike) -> tuple[Floats, Floats]:
    """How far one row pulls the ended share at time ``until``.

    First for rows that ended at these values, second for rows still going at them. Over all rows of a sample
    the sum is 0 and the sum of squares is Greenwood's variance: it is the derivative of the curve by the
    weight of a row (infinitesimal jackknife). Ying & Wei (1994), J. Multivariate Analysis 50:17-29.

    >>> ended, still = influence(kaplan_meier([1, 2], [1, 1], [0, 0]), 1, [1, 2])
    >>> ended.tolist()
    [0.25, -0.25]
    """
    checks.numbers(until=until)
    (given,) = checks.finite(values=values)
    left = curve.at_risk - curve.ended
    inside = (curve.time <= until) & (left > 0)
    time, ended, at_risk, left = curve.time[inside], curve.ended[inside], curve.at_risk[inside], left[inside]
    if time.size == 0:
        return np.zeros(given.size), np.zeros(given.size)
    share = float(curve.survival[inside][-1])
    hazard = np.concatenate([[0.0], np.cumsum(ended / (at_risk * left))])
    expected = hazard[np.searchsorted(time, given, side="right")]
    place = np.minimum(np.searchsorted(time, given), time.size - 1)
    jump = np.where(time[place] == given, 1 / left[place], 0.0)
    return share * (jump - expected), -share * expected


@dataclass(frozen=True)
class LogRank:
    """Log-rank test: χ² with one degree of freedom, p-value, events seen and expected in the first group."""

    chi2: float
    p: float
    observed: float
    expected: float


Group = Sequence[ArrayLike]
"""Minutes, how many ended at each, and how many were last seen still going at each."""


def log_rank(a: Group, b: Group) -> LogRank:
    """Are two survival curves the same? From the counts of both groups, each (minutes, events, censored).

    Source: Mantel (1966), Cancer Chemotherapy Reports 50:163-170. Without events, or with one group empty,
    nothing speaks against it: χ² 0, p 1.

    Raises:
        ValueError: for NaN, negative counts or unequal lengths.

    >>> log_rank(([1, 2, 3], [0, 1, 1], [0, 0, 0]), ([1, 2], [1, 1], [0, 0])).observed
    2.0
    """
    time1, ended1, still1 = checks.tally(*a)
    time2, ended2, still2 = checks.tally(*b)
    grid = np.union1d(time1, time2)

    def on_grid(time: Floats, counts: Floats) -> Floats:
        placed = np.zeros(grid.size)
        placed[np.searchsorted(grid, time)] = counts
        return placed

    d1, d2 = on_grid(time1, ended1), on_grid(time2, ended2)
    n1 = _at_risk(d1 + on_grid(time1, still1))
    n = n1 + _at_risk(d2 + on_grid(time2, still2))
    d = d1 + d2
    there = d > 0
    d, n, n1 = d[there], n[there], n1[there]
    expected = float((d * n1 / n).sum())
    variance = float(
        (d * (n1 / n) * (1 - n1 / n) * np.where(n > 1, (n - d) / np.maximum(n - 1, 1), 0.0)).sum()
    )
    observed = float(d1.sum())
    chi2 = (observed - expected) ** 2 / variance if variance > 0 else 0.0
    return LogRank(chi2, two_sided_p(math.sqrt(chi2)), observed, expected)


def _at_risk(gone: Floats) -> Floats:
    """Rows still going just before each time, from how many go at each."""
    left: Floats = np.cumsum(gone[::-1])[::-1]
    return left


def _inside(q: float) -> None:
    if not 0 < q < 1:
        raise ValueError(f"a quantile of a curve lies above 0 and below 1 (0.5 is the median), found {q}")
