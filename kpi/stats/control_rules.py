"""Rules that say which points of a control chart are signals: each a tiny function, in sets with names.

A rule looks at the distance of points from the centre in σ (``z``) or at the values themselves (trends), in
order of time, and flags the points at which its pattern is complete. More rules find more and cry wolf more
often: on steady series with limits from 30 points rule 1 flags about 1 point in 100, each of the big sets 3
to 5 (:mod:`kpi.stats.false_signals`). The recommended set is limits and shift of 8, on weekly points.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from kpi.stats.arrays import Bools, Floats, frozen_flags, series
from kpi.stats.control_charts import ControlChart
from kpi.stats.false_signals import expected_false_signals as expected_false_signals


def beyond_limits(z: Floats, sigmas: float = 3.0) -> Bools:
    """Points more than 3 σ from the centre.

    >>> beyond_limits(np.array([0.0, 3.0, -3.1])).tolist()
    [False, False, True]
    """
    return np.abs(z) > sigmas


def shift(z: Floats, length: int = 8) -> Bools:
    """The last point of ``length`` or more in a row on one side; a point on the centre ends the row.

    >>> shift(np.array([1.0, 2.0, 1.0, -1.0]), 3).tolist()
    [False, False, True, False]
    """
    return _all_of(z > 0, length) | _all_of(z < 0, length)


def trend(values: Floats, length: int = 7) -> Bools:
    """The last point of ``length`` points that each rise, or each fall; equal neighbours end it.

    >>> trend(np.array([1.0, 2.0, 3.0, 3.0, 4.0]), 3).tolist()
    [False, False, True, False, False]
    """
    steps = np.diff(values, prepend=np.nan)
    return _all_of(steps > 0, length - 1) | _all_of(steps < 0, length - 1)


def alternating(values: Floats, length: int = 14) -> Bools:
    """The last point of ``length`` points that go up and down in turn.

    >>> alternating(np.array([1.0, 2.0, 1.0, 2.0]), 4).tolist()
    [False, False, False, True]
    """
    steps = np.sign(np.diff(values, prepend=np.nan))
    turns = np.zeros(values.size, dtype=np.bool_)
    turns[1:] = steps[1:] * steps[:-1] < 0
    return _all_of(turns, length - 2)


def two_of_three(z: Floats, *, one_side: bool = False, extremes: bool = True) -> Bools:
    """Two of three points in a row more than 2 σ away on the same side; the last is one of the two.

    Args:
        one_side: all three points must be on that side of the centre (NHS Making Data Count).
        extremes: a point beyond 3 σ counts as one of the two; the NHS rule wants points between 2 and 3 σ.

    >>> two_of_three(np.array([2.5, -1.0, 2.5])).tolist(), two_of_three(np.array([5.5, -5.5])).tolist()
    ([False, False, True], [False, False])
    """
    found = np.zeros(z.size, dtype=np.bool_)
    for side in (z, -z):
        far = (side > 2) if extremes else (side > 2) & (side <= 3)
        found |= _some_of(far, 2, 3) & far & (_all_of(side > 0, 3) if one_side else True)
    return found


def four_of_five(z: Floats) -> Bools:
    """Four of five points in a row more than 1 σ away on the same side; the last is one of the four.

    >>> four_of_five(np.array([1.5, 1.5, 0.0, 1.5, 1.5])).tolist()
    [False, False, False, False, True]
    """
    high, low = z > 1, z < -1
    return (_some_of(high, 4, 5) & high) | (_some_of(low, 4, 5) & low)


def within_one_sigma(z: Floats, length: int = 15) -> Bools:
    """The last point of ``length`` in a row that all lie within 1 σ: the limits may be too wide.

    >>> within_one_sigma(np.array([0.3, -0.3, 1.2]), 2).tolist()
    [False, True, False]
    """
    return _all_of(np.abs(z) < 1, length)


def outside_one_sigma(z: Floats, length: int = 8) -> Bools:
    """The last point of ``length`` in a row none of which lies within 1 σ: two mixed processes.

    >>> outside_one_sigma(np.array([1.5, -1.5, 1.2]), 3).tolist()
    [False, False, True]
    """
    return _all_of(np.abs(z) > 1, length)


@dataclass(frozen=True)
class Rule:
    """One rule by name.

    Attributes:
        name: short name, also the key of its flags; says: what a flagged point means, in words.
        span: how many points the pattern covers.
        looks_at: "z" (distance in σ) or "values".
        found: flags the points at which the pattern is complete.
    """

    name: str
    says: str
    span: int
    looks_at: Literal["z", "values"]
    found: Callable[[Floats], Bools]


LIMITS = Rule("limits", "outside the limits", 1, "z", beyond_limits)
SHIFT_8 = Rule("shift of 8", "8 points in a row on one side", 8, "z", shift)
SHIFT_7 = Rule("shift of 7", "7 points in a row on one side", 7, "z", lambda z: shift(z, 7))
SHIFT_9 = Rule("shift of 9", "9 points in a row on one side", 9, "z", lambda z: shift(z, 9))
TREND_7 = Rule("trend of 7", "7 points in a row that rise or fall", 7, "values", trend)
TREND_6 = Rule("trend of 6", "6 points in a row that rise or fall", 6, "values", lambda v: trend(v, 6))
TWO_OF_THREE = Rule("2 of 3", "2 of 3 points near the same limit", 3, "z", two_of_three)
TWO_OF_THREE_NHS = Rule(
    "2 of 3, one side",
    "2 of 3 points on one side near its limit",
    3,
    "z",
    lambda z: two_of_three(z, one_side=True, extremes=False),
)
FOUR_OF_FIVE = Rule("4 of 5", "4 of 5 points more than 1 σ away on one side", 5, "z", four_of_five)
ALTERNATING = Rule("alternating 14", "14 points up and down in turn", 14, "values", alternating)
STRATIFIED = Rule("15 within 1 σ", "15 points in a row close to the centre", 15, "z", within_one_sigma)
MIXED = Rule("8 outside 1 σ", "8 points in a row away from the centre", 8, "z", outside_one_sigma)

RECOMMENDED = (LIMITS, SHIFT_8)
NHS_MDC = (LIMITS, SHIFT_7, TREND_7, TWO_OF_THREE_NHS)
"""NHS England, Making Data Count, as NHSRplotthedots reads it: equal neighbours end a trend, all three points
of "2 of 3" are on one side (its issue 143), and a point beyond 3 σ is not one of the two (issue 153)."""
WESTERN_ELECTRIC = (LIMITS, TWO_OF_THREE, FOUR_OF_FIVE, SHIFT_8)
"""Western Electric (1956), Statistical Quality Control Handbook."""
NELSON = (LIMITS, SHIFT_9, TREND_6, ALTERNATING, TWO_OF_THREE, FOUR_OF_FIVE, STRATIFIED, MIXED)
"""Nelson (1984), Journal of Quality Technology 16:237-239."""


@dataclass(frozen=True, eq=False)
class Signals:
    """Which points are signals, and by which rule.

    Attributes:
        flags: name of the rule -> bool[T], read-only, the points at which its pattern is complete.
        patterns: name of the rule -> bool[T], all points that such a pattern covers.
    """

    flags: Mapping[str, Bools]
    patterns: Mapping[str, Bools]

    @property
    def names(self) -> tuple[str | None, ...]:
        """Per point the first rule that flags it, in the order of the set; None for no signal."""
        found: list[str | None] = []
        for point in zip(*self.flags.values(), strict=True):
            found.append(next((name for name, flag in zip(self.flags, point, strict=True) if flag), None))
        return tuple(found)


def signals(chart: ControlChart, rules: Sequence[Rule] = RECOMMENDED) -> Signals:
    """The points of a chart that rules flag. Points without a value are passed over; no limits, no signals.

    >>> from kpi.stats.control_charts import xmr
    >>> chart = xmr([5, 6, 5, 7, 6, 5, 6, 7, 5, 6, 15], baseline=slice(0, 10))
    >>> signals(chart).names[-2:]
    (None, 'limits')
    """
    size, z = chart.values.size, chart.z
    flags: dict[str, Bools] = {}
    patterns: dict[str, Bools] = {}
    for rule in rules:
        flag, pattern = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
        if z is not None:
            known = np.isfinite(z)
            found = rule.found((z if rule.looks_at == "z" else chart.values)[known])
            flag[known] = found
            covered = np.zeros(found.size, np.bool_)
            for back in range(min(rule.span, found.size)):
                covered[: found.size - back] |= found[back:]
            pattern[known] = covered
        flags[rule.name], patterns[rule.name] = frozen_flags(flag), frozen_flags(pattern)
    return Signals(MappingProxyType(flags), MappingProxyType(patterns))


def shift_rule(length: int) -> Rule:
    """A shift of ``length`` points in a row on one side, as a rule of its own name.

    >>> shift_rule(12).name
    'shift of 12'
    """
    return Rule(
        f"shift of {length}", f"{length} points in a row on one side", length, "z", lambda z: shift(z, length)
    )


@dataclass(frozen=True)
class Runs:
    """Anhøj's two run tests around the median.

    Attributes:
        useful: points that are not on the median; longest: the longest run on one side, a signal above
        ``longest_limit``; crossings: changes of side, a signal below ``crossings_limit``.
    """

    median: float | None
    useful: int
    longest: int
    longest_limit: int
    crossings: int
    crossings_limit: int
    reason: str | None = None

    @property
    def signal(self) -> bool:
        """Either test signals: the values are not in random order around their median."""
        judged = self.reason is None
        return judged and (self.longest > self.longest_limit or self.crossings < self.crossings_limit)


def anhoej_runs(values: ArrayLike, median: float | None = None) -> Runs:
    """Unusually long runs or unusually few crossings of the median; points on it are passed over.

    Source: Anhøj & Olesen (2014), PLoS ONE 9:e113825: longest run > round(log2 n) + 3, crossings below the
    5 % point of a binomial of n − 1.

    Raises:
        ValueError: when a value is infinite.

    >>> anhoej_runs([1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2]).signal, anhoej_runs(range(24)).signal
    (False, True)
    """
    points = series(values)
    points = points[np.isfinite(points)]
    if not points.size:
        return Runs(None, 0, 0, 0, 0, 0, "there is no value")
    centre = float(np.median(points)) if median is None else float(median)
    side = np.sign(points - centre)
    side = side[side != 0]
    if side.size < 10:
        reason = f"{side.size} points off the median are too few: at least 10 are needed"
        return Runs(centre, int(side.size), 0, 0, 0, 0, reason)
    changes = np.flatnonzero(np.diff(side))
    lengths = np.diff(np.concatenate([[-1], changes, [side.size - 1]]))
    return Runs(
        centre,
        int(side.size),
        int(lengths.max()),
        round(math.log2(side.size)) + 3,
        int(changes.size),
        int(stats.binom.ppf(0.05, side.size - 1, 0.5)),
    )


def _all_of(condition: Bools, length: int) -> Bools:
    """True where this and the ``length`` − 1 points before it all satisfy the condition."""
    return _some_of(condition, length, length)


def _some_of(condition: Bools, needed: int, length: int) -> Bools:
    """True where the condition holds at ``needed`` or more of this and the ``length`` − 1 points before."""
    total = np.concatenate([[0], np.cumsum(condition)])
    start = np.maximum(0, np.arange(condition.size) - length + 1)
    return np.asarray(total[1:] - total[start] >= needed, dtype=np.bool_)
