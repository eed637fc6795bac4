"""Evidence for differences from the days around them: the judge wherever eight weeks of days are there.

What a difference of two periods is worth depends on how much the desk's days wander, and that is learned from
the days around both periods as well as from the periods themselves (:mod:`kpi.stats.day_noise`). The
difference stays the pooled one that is shown: it is a weighted sum of daily residuals, and its variance is
that of the same sum over noise of the learned kind, averaged over all kinds that the days allow. What agents
add beyond their single days comes on top, and rows that are independent are the least there is.

Every run of days has a level, and a longer one a drift, of its own, so that neither an earlier change nor a
steady rise passes for noise. A day's residual is put on the scale of one day (× the number of days of its
period), so that days of periods of unequal length are alike. Weekdays on which nothing ever happens are no
days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from kpi.measures.evidence import Evidence, Gap, Side, agents_between, combine_daily, people_between, wider
from kpi.measures.series import WEEK, every_day, summed
from kpi.measures.statistics import Days
from kpi.stats import FEWEST_DAYS, ClusterVariance, kish
from kpi.stats.day_noise import Learned, learn, spread_of_sum

Floats = NDArray[np.float64]

FEWEST_EFFECTIVE_DAYS = 28.0
"""Fewer days with rows than this (by Kish's count) are no daily series."""
LONGEST = 371
"""Days that the noise is learned from at most: 53 weeks."""
AT_ONCE = 48
"""Series fitted together; more would need too much memory."""
DRIFTING = 28
"""A run of at least so many days has a drift of its own: what grows steadily through a period is a change,
and no noise that would make every change look like chance."""
TAILS = (0.025, 0.0005)
_DF = np.concatenate([np.arange(1.0, 40.0, 0.5), np.geomspace(40, 1e6, 60)])
_RATIO = special.stdtrit(_DF, 1 - TAILS[1]) / special.stdtrit(_DF, 1 - TAILS[0])


@dataclass(frozen=True)
class Stretch:
    """A run of days beside the compared ones; for two segments of the same days, that of either segment."""

    days: Days
    one: Side
    other: Side | None = None


@dataclass(frozen=True)
class Case:
    """A gap to be judged: its two sides, the days of each, and what lies around."""

    gap: Gap
    days: tuple[Days, Days]
    around: tuple[Stretch, ...] = ()


@dataclass(frozen=True)
class _Daily:
    """One case as a daily series on the open days; ``share`` is the weight of each day in the difference."""

    day: NDArray[np.int64]
    value: Floats
    level: NDArray[np.int64]
    weekday: NDArray[np.int64]
    sum_day: NDArray[np.int64]
    share: Floats
    effective: float

    @property
    def key(self) -> tuple[bytes, bytes]:
        """Cases with the same key share their design."""
        return self.day.tobytes(), self.level.tobytes()


def evidence_for(cases: Sequence[Case]) -> list[Evidence]:
    """Evidence of each case: from its days where eight weeks are there, else from clusters of rows."""
    found: dict[int, Evidence] = {}
    together: dict[tuple[bytes, bytes], list[tuple[int, _Daily]]] = {}
    for place, case in enumerate(cases):
        series = _daily(case)
        if series is not None:
            together.setdefault(series.key, []).append((place, series))
    for group in together.values():
        for first in range(0, len(group), AT_ONCE):
            part = group[first : first + AT_ONCE]
            for (place, series), time in zip(part, _learned([one for _, one in part]), strict=True):
                if time is not None:
                    found[place] = _with_agents(cases[place].gap, series, time)
    return [found[place] if place in found else case.gap.clustered() for place, case in enumerate(cases)]


# ---------------------------------------------------------------- one case as a series


def _daily(case: Case) -> _Daily | None:
    """The case as a series; None where there are too few days, or the two sides overlap in part."""
    now, before = case.days
    same = now == before
    if not same and now[0] <= before[1] and before[0] <= now[1]:
        return None
    first = min(now[0], before[0], *(stretch.days[0] for stretch in case.around))
    last = max(now[1], before[1], *(stretch.days[1] for stretch in case.around))
    whole = first, last
    length = last - first + 1
    value, size = np.zeros(length), np.zeros(length)
    level, share = np.full(length, -1, np.int64), np.zeros(length)
    sides = [(now, case.gap.now, case.gap.before if same else None)]
    if not same:
        sides.append((before, case.gap.before, None))
    sides += [(stretch.days, stretch.one, stretch.other) for stretch in case.around]
    for _, one, other in sides:
        for side in (one, other):
            if side is not None:
                size += summed(side.day, side.size, whole)
    open_weekday = np.bincount((every_day(whole) + 3) % WEEK, weights=size, minlength=WEEK) > 0
    held = open_weekday[(every_day(whole) + 3) % WEEK]
    for number, (days, one, other) in enumerate(sides):
        part = slice(days[0] - first, days[1] - first + 1)
        level[part] = np.where(held[part], number, -1)
        open_days = int(held[part].sum())
        if not open_days:
            if number < len(sides) - len(case.around):
                return None
            continue
        weight = _weight(one, days, held[part])
        pull = summed(one.day, one.residual, days)
        if other is not None:
            pull = pull - summed(other.day, other.residual, days)
        value[part] = np.divide(pull, weight, out=np.zeros_like(pull), where=weight > 0)
        if number == 0:
            share[part] = weight
        elif number == 1 and not same:
            share[part] = -weight
    used = level >= 0
    effective = kish(size[used])
    if int(used.sum()) * WEEK < FEWEST_DAYS * int(open_weekday.sum()) or effective < FEWEST_EFFECTIVE_DAYS:
        return None
    day = every_day(whole)
    compared = used & (share != 0)
    if last - first + 1 > LONGEST:
        newest = last - LONGEST + 1
        used = used & (day >= newest)
    return _Daily(
        day[used], value[used], level[used], (day[used] + 3) % WEEK, day[compared], share[compared], effective
    )


def _weight(side: Side, days: Days, held: NDArray[np.bool_]) -> Floats:
    """Weight of each day in the value of its side: all open days alike, unless the side says otherwise."""
    if side.weight is None:
        return np.where(held, 1.0 / float(held.sum()), 0.0)
    return np.where(held, summed(side.day, side.weight, days), 0.0)


# ---------------------------------------------------------------- learning


def _learned(series: Sequence[_Daily]) -> list[ClusterVariance | None]:
    """Variance and degrees of freedom of each difference; None where the days say nothing of their noise."""
    first = series[0]
    levels = np.unique(first.level)
    weekdays = np.unique(first.weekday)
    runs = [(first.level == level).astype(np.float64) for level in levels]
    drifts = [run * (first.day - first.day[run > 0].mean()) / WEEK for run in runs if run.sum() >= DRIFTING]
    rhythm = [(first.weekday == weekday).astype(np.float64) for weekday in weekdays[1:]]
    design = np.column_stack(runs + drifts + rhythm)
    n, k = design.shape
    if n <= k + 1 or np.linalg.matrix_rank(design) < k:
        return [None] * len(series)
    table = np.column_stack([one.value for one in series])
    known = np.isfinite(table).all(axis=0)
    table = np.where(known, table, 0.0)
    moving = known & (np.ptp(table, axis=0) > 1e-12 * np.abs(table).max(axis=0))
    if not moving.any():
        return [None] * len(series)
    scale = np.where(moving, np.abs(table).max(axis=0), 1.0)
    learned = learn(first.day, design, table / scale)
    spreads = [spread_of_sum(one.sum_day, one.share) for one in series]
    deviation = np.sqrt(learned.variance * np.column_stack(spreads)) * scale
    se, df = _as_student(learned, deviation)
    found: list[ClusterVariance | None] = []
    for place, one in enumerate(series):
        if not moving[place] or learned.exact[place] or not np.isfinite(se[place]):
            found.append(None)
            continue
        worth = max(1.0, min(float(df[place]), one.effective - 1))
        found.append(ClusterVariance(float(se[place]) ** 2, worth, float(n), False))
    return found


def _as_student(learned: Learned, deviation: Floats) -> tuple[Floats, Floats]:
    """Scale and degrees of freedom of the Student t that agrees with a mixture at 5 % and at 0.1 %."""
    weight = learned.weight
    held = weight > 1e-9
    ends = []
    for tail in TAILS:
        t = float(special.stdtrit(learned.df, 1 - tail))
        low = np.where(held, deviation, np.inf).min(axis=0) * t
        high = np.where(held, deviation, 0.0).max(axis=0) * t
        for _ in range(34):
            middle = (low + high) / 2
            beyond = (weight * special.stdtr(learned.df, -middle / np.maximum(deviation, 1e-300))).sum(axis=0)
            outside = beyond > tail
            low, high = np.where(outside, middle, low), np.where(outside, high, middle)
        ends.append((low + high) / 2)
    ratio = ends[1] / np.maximum(ends[0], 1e-300)
    df: Floats = np.interp(-ratio, -_RATIO, _DF)
    df = np.minimum(df, learned.df)
    return ends[0] / special.stdtrit(df, 1 - TAILS[0]), df


def _with_agents(gap: Gap, series: _Daily, time: ClusterVariance) -> Evidence:
    agents = agents_between(gap.now, gap.before, time)
    words = f"daily series of {series.day.size} days (SN-GLS)"
    found = combine_daily(time, agents, gap.plain, gap.plain_df, words)
    people = people_between(gap.now, gap.before, gap.plain)
    return wider(found, people, time.variance or 0.0, time.df, gap.plain)
