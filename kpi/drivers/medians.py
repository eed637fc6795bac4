"""Mix and performance of a median (or another quantile), with times that have not ended yet.

A median is no weighted mean of segments, so its change is taken apart by re-weighting: the median that the
period now would have with the segments in the proportions of before, and the other way round. Performance is
what remains at equal proportions, mix what the proportions move, each the average of both ways round
(Shapley), so that they add up to the change exactly. DiNardo, Fortin & Lemieux (1996), Econometrica 64:1001.

Evidence and the parts of single segments come from the share that has ended by the middle of both medians,
turned into time by the slope of the curve there (Firpo, Fortin & Lemieux 2009, Econometrica 77:953). The
parts of segments are then scaled, each by its size, so that they add up to the exact mix and performance.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kpi.drivers.sides import Floats, Side, Times
from kpi.drivers.terms import Terms, terms_of
from kpi.measures import Days, Quantile, Survival
from kpi.stats import influence, kaplan_meier

REACH = 1.96
"""The slope is taken over the range in which the quantile is likely to lie: so many standard errors."""
WIDEST = 0.45


@dataclass(frozen=True)
class MedianTerms:
    """The decomposition in the shown unit; parts of segments add up to ``mix``, ``performance``, ``lone``.

    ``terms`` is that of the share ended by the middle of both medians; times ``slope`` it is in the unit.
    """

    mix: float
    performance: float
    lone: float
    mix_parts: Floats
    performance_parts: Floats
    lone_parts: Floats
    terms: Terms
    slope: float
    medians_now: tuple[float | None, ...]
    medians_before: tuple[float | None, ...]


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
    whole2, whole1 = _quantile(measure, now, one), _quantile(measure, before, one)
    if whole2 is None or whole1 is None:
        return "the median is not reached yet in one of the periods"
    if both.any():
        weight2, weight1 = _weights(now, both), _weights(before, both)
        shift = np.divide(weight1, weight2, out=np.zeros(one.size), where=both)
        back = np.divide(weight2, weight1, out=np.zeros(one.size), where=both)
        there = both.astype(np.float64)
        found = [
            _quantile(measure, now, there),
            _quantile(measure, before, there),
            _quantile(measure, now, shift),
            _quantile(measure, before, back),
        ]
        if any(value is None for value in found):
            return "the median of the re-weighted periods is not reached yet"
        within2, within1, moved2, moved1 = (float(value or 0.0) for value in found)
    else:
        within2 = within1 = moved2 = moved1 = (whole1 + whole2) / 2
    performance = ((moved2 - within1) + (within2 - moved1)) / 2
    mix = ((within2 - moved2) + (moved1 - within1)) / 2
    lone = (whole2 - within2) - (whole1 - within1)
    middle = (whole1 + whole2) / 2
    around = None if surroundings is None else [(at, _share_side(side, middle)) for at, side in surroundings]
    terms = terms_of(_share_side(now, middle), _share_side(before, middle), around, days)
    slope = -(_slope(measure, now) + _slope(measure, before)) / 2
    return MedianTerms(
        mix / unit,
        performance / unit,
        lone / unit,
        _scaled(terms.parts.mix_terms * slope, mix) / unit,
        _scaled(terms.parts.performance_terms * slope, performance) / unit,
        _scaled(terms.parts.new_and_vanished_terms * slope, lone) / unit,
        terms,
        slope / unit,
        tuple(_own(measure, now, k) for k in range(one.size)),
        tuple(_own(measure, before, k) for k in range(one.size)),
    )


def weighted_quantile(values: Floats, weights: Floats, q: float) -> float | None:
    """Type 7 as :func:`kpi.stats.quantile`, for weights that need not be whole numbers.

    >>> import numpy as np
    >>> weighted_quantile(np.array([1.0, 2.0]), np.array([1.0, 1.0]), 0.5)
    1.5
    >>> weighted_quantile(np.array([1.0, 2.0]), np.array([0.4, 1.6]), 0.5)
    2.0
    """
    upto = np.cumsum(weights)
    if upto.size == 0 or upto[-1] <= 0:
        return None
    total = float(upto[-1])
    rank = min(max(1 + (total - 1) * q, 1.0), max(total, 1.0))
    whole = math.floor(rank + 1e-9)
    part = max(0.0, rank - whole)
    place = min(int(np.searchsorted(upto, whole - 1e-9)), values.size - 1)
    low = float(values[place])
    if part <= 1e-9:
        return low
    above = min(int(np.searchsorted(upto, whole + 1 - 1e-9)), values.size - 1)
    return low + part * (float(values[above]) - low)


def _weights(side: Times, both: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Floats:
    rows: Floats = np.where(both, side.n, 0.0)
    shares: Floats = rows / rows.sum()
    return shares


def _quantile(
    measure: Quantile | Survival, side: Times, factor: Floats, q: float | None = None
) -> float | None:
    """The quantile in the unit of the column, each row counting as its segment's factor."""
    values, ended, still = side.weighted(factor)
    share = measure.q if q is None else q
    if isinstance(measure, Quantile):
        return weighted_quantile(values, ended, share)
    return kaplan_meier(values, ended, still).quantile(share)


def _own(measure: Quantile | Survival, side: Times, k: int) -> float | None:
    own = np.zeros(side.n.size)
    own[k] = 1.0
    value = _quantile(measure, side, own) if side.n[k] > 0 else None
    return None if value is None else value / measure.per_unit


def _share_side(side: Times, until: float) -> Side:
    """The share ended by then, as the ratio of each segment; errors are those of its Kaplan-Meier curve."""
    count = side.n.size
    rate, spread = np.full(count, np.nan), np.zeros(count)
    error = np.zeros(side.value.size)
    order = np.argsort(side.segment, kind="stable")
    bounds = np.searchsorted(side.segment[order], np.arange(count + 1))
    for k in range(count):
        mine = order[bounds[k] : bounds[k + 1]]
        if mine.size == 0:
            continue
        values, place = np.unique(side.value[mine], return_inverse=True)
        ended = np.bincount(place, weights=side.observed[mine], minlength=values.size)
        still = np.bincount(place, weights=side.censored[mine], minlength=values.size)
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


def _slope(measure: Quantile | Survival, side: Times) -> float:
    """Time per share around the quantile, over the range in which it is likely to lie."""
    rows = float(side.n.sum())
    q, one = measure.q, np.ones(side.n.size)
    half = min(WIDEST, REACH * math.sqrt(q * (1 - q) / max(rows, 1.0)))
    while True:
        low, high = max(q - half, 0.01), min(q + half, 0.99)
        first, last = _quantile(measure, side, one, low), _quantile(measure, side, one, high)
        while last is None and high > q + 1e-6:
            high = q + (high - q) / 2
            last = _quantile(measure, side, one, high)
        if last is None:
            last, high = _quantile(measure, side, one), q
        if first is not None and last is not None and last > first and high > low:
            return (last - first) / (high - low)
        if half >= WIDEST:
            return 0.0
        half = min(WIDEST, 2 * half)


def _scaled(parts: Floats, total: float) -> Floats:
    """Parts with the remainder to their exact sum shared out by size."""
    size = np.abs(parts)
    rest = total - float(parts.sum())
    everything = float(size.sum())
    if everything > 0:
        shared: Floats = parts + rest * size / everything
        return shared
    return np.where(np.arange(parts.size) == 0, rest, 0.0) if parts.size else parts
