"""Mix and performance of a median (or another quantile), with times that have not ended yet.

A median is no weighted mean of segments, so its change is taken apart by re-weighting: the median that the
period now would have with the segments in the proportions of before, and the other way round. Performance is
what remains at equal proportions, mix what the proportions move, each the average of both ways round
(Shapley), so that they add up to the change exactly. DiNardo, Fortin & Lemieux (1996), Econometrica 64:1001.

The parts of single segments come from the share that has ended by the middle of both medians, turned into
time by the slope of the curve there (Firpo, Fortin & Lemieux 2009, Econometrica 77:953). They are then
scaled, each by its size, so that they add up to the exact mix and performance.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from kpi.drivers.sides import Floats, Side, Times
from kpi.drivers.terms import Pulls, Terms, difference_of, terms_of
from kpi.drivers.weighted_quantiles import own_quantiles, pooled, quantile_of, slope_of
from kpi.measures import Days, Gap, Quantile, Survival
from kpi.measures.daily_evidence import Case
from kpi.measures.evidence import Evidence
from kpi.model import Difference
from kpi.stats import influence, kaplan_meier, two_sided_p

TRUSTED = 4.0
"""A share is carried over to time as long as the exact part is between a fourth and four times of that."""


@dataclass(frozen=True)
class MedianTerms:
    """The decomposition in the shown unit; parts of segments add up to ``sums``.

    Attributes:
        sums: mix, performance, new and vanished.
        parts: the same by segment.
        terms: the decomposition of the share ended by the middle of both medians; times ``slope`` it is
            about that in the unit.
        quantiles: of both periods together, in the unit of the column.
    """

    sums: tuple[float, float, float]
    parts: tuple[Floats, Floats, Floats]
    terms: Terms
    slope: float
    medians_now: tuple[float | None, ...]
    medians_before: tuple[float | None, ...]
    quantiles: Callable[[float], float | None]
    q: float
    unit: float

    def case(self, kind: int, level: float) -> Case | Gap:
        """Mix (0), performance (1), or new and vanished (2), to be judged by the share that it moves."""
        pulls = (self.terms.mix, self.terms.performance, self.terms.lone)[kind]
        shares = self.terms.parts
        share = (shares.mix.value, shares.performance.value, shares.new_and_vanished.value)[kind]
        return self._judged(self.sums[kind], share, pulls(), level)

    def case_of(self, kind: int, k: int, level: float) -> Case | Gap:
        """The part of one segment."""
        pulls = (self.terms.mix_of, self.terms.performance_of, self.terms.lone_of)[kind]
        shares = self.terms.parts
        share = (shares.mix_terms, shares.performance_terms, shares.new_and_vanished_terms)[kind][k]
        return self._judged(float(self.parts[kind][k]), float(share), pulls(k), level)

    def _judged(self, value: float, share: float, pulls: Pulls, level: float) -> Case | Gap:
        def finish(evidence: Evidence) -> Difference:
            return self._difference(value, share, evidence, level)

        return self.terms.judged(pulls, finish)

    def _difference(self, value: float, share: float, evidence: Evidence, level: float) -> Difference:
        """The interval of the share carried over to time by the quantiles of both periods together.

        Where they are far from straight, as between quick and slow kinds of tickets, the interval is longer
        to that side. What moves the median without moving the share as expected, or by less than can be seen
        in it, has the symmetric interval of the slope.
        """
        se = evidence.se
        crit = evidence.crit(level)
        moved = self._time(share, share)
        if se <= 0 or self.slope == 0:
            return difference_of(value, evidence, level)
        factor = value / moved if moved else 0.0
        p = two_sided_p(share / se, evidence.df)
        if moved is None or not 1 / TRUSTED <= factor <= TRUSTED:
            wide = replace(evidence, variance=(se * self.slope) ** 2)
            return difference_of(value, wide, level)
        ends = [self._time(share + sign * crit * se, share) for sign in (-1, 1)]
        low, high = sorted(value if end is None else factor * end for end in ends)
        method = f"carried over from shares; {evidence.words}"
        if None in ends:
            # The quantiles end before the interval does, so that side of it is not known.
            return Difference(
                value, None if value < 0 else low, high if value < 0 else None, p, method, level=level
            )
        return Difference(value, low, high, p, method, level=level)

    def _time(self, share: float, about: float) -> float | None:
        """How far a share moves the quantile, walking across the middle of ``about``; None if not reached."""
        start = self.q + about / 2
        if not (0 < start < 1 and 0 < start - share < 1):
            return None
        first, last = self.quantiles(start), self.quantiles(start - share)
        if first is None or last is None:
            return None
        return (last - first) / self.unit


def median_terms(
    measure: Quantile | Survival,
    now: Times,
    before: Times,
    surroundings: Sequence[tuple[Days, Times]] | None = None,
    days: tuple[Days, Days] | None = None,
) -> MedianTerms | str:
    """The decomposition, or why there is none."""
    one = np.ones(now.n.size)
    both = (now.n > 0) & (before.n > 0)
    unit = measure.per_unit
    whole2, whole1 = quantile_of(measure, now, one), quantile_of(measure, before, one)
    if whole2 is None or whole1 is None:
        return "the median is not reached yet in one of the periods"
    within2 = within1 = moved2 = moved1 = (whole1 + whole2) / 2
    if both.any():
        weight2, weight1 = _weights(now, both), _weights(before, both)
        shift = np.divide(weight1, weight2, out=np.zeros(one.size), where=both)
        back = np.divide(weight2, weight1, out=np.zeros(one.size), where=both)
        there = both.astype(np.float64)
        found = [
            quantile_of(measure, now, there),
            quantile_of(measure, before, there),
            quantile_of(measure, now, shift),
            quantile_of(measure, before, back),
        ]
        known = [value for value in found if value is not None]
        if len(known) < len(found):
            return "the median of the re-weighted periods is not reached yet"
        within2, within1, moved2, moved1 = known
    performance = ((moved2 - within1) + (within2 - moved1)) / 2 / unit
    mix = ((within2 - moved2) + (moved1 - within1)) / 2 / unit
    lone = ((whole2 - within2) - (whole1 - within1)) / unit
    middle = (whole1 + whole2) / 2
    around = None if surroundings is None else [(at, _share_side(side, middle)) for at, side in surroundings]
    terms = terms_of(_share_side(now, middle), _share_side(before, middle), around, days)
    slope = -(slope_of(measure, now, one) + slope_of(measure, before, one)) / 2 / unit
    shares = terms.parts
    return MedianTerms(
        (mix, performance, lone),
        (
            _scaled(shares.mix_terms * slope, mix),
            _scaled(shares.performance_terms * slope, performance),
            _scaled(shares.new_and_vanished_terms * slope, lone),
        ),
        terms,
        slope,
        own_quantiles(measure, now),
        own_quantiles(measure, before),
        pooled(measure, now, before),
        measure.q,
        unit,
    )


def _weights(side: Times, both: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Floats:
    rows: Floats = np.where(both, side.n, 0.0)
    shares: Floats = rows / rows.sum()
    return shares


def _share_side(side: Times, until: float) -> Side:
    """The share ended by then, as the ratio of each segment; errors are those of its Kaplan-Meier curve."""
    count = side.n.size
    rate, spread = np.full(count, np.nan), np.zeros(count)
    error = np.zeros(side.value.size)
    for k, (mine, values, place, ended, still) in enumerate(side.apart):
        if mine.size == 0:
            continue
        curve = kaplan_meier(values, ended, still)
        past = np.flatnonzero(curve.time <= until)
        rate[k] = 1 - float(curve.survival[past[-1]]) if past.size else 0.0
        if past.size and rate[k] < 1:
            one, other = influence(curve, until, values)
            n = float(side.n[k])
            error[mine] = n * (side.observed[mine] * one[place] + side.censored[mine] * other[place])
            spread[k] = n * float((ended * one**2 + still * other**2).sum())
    total = max(float(side.n.sum()), 1.0)
    inside = float((side.n * spread).sum()) / total
    spread = (side.n * spread + inside) / (side.n + 1)
    return Side(side.day, side.agent, side.segment, side.rows, error, side.n, rate, spread, side.n.copy())


def _scaled(parts: Floats, total: float) -> Floats:
    """Parts with the remainder to their exact sum shared out by size."""
    size = np.abs(parts)
    rest = total - float(parts.sum())
    everything = float(size.sum())
    if everything > 0:
        shared: Floats = parts + rest * size / everything
        return shared
    return np.where(np.arange(parts.size) == 0, rest, 0.0) if parts.size else parts
