"""The segments of one metric in two periods, as arrays over cells (day × agent × segment)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kpi.estimates import Measured, measured
from kpi.facts import Facts
from kpi.measures import Cells, Counts, Days, Mean, Rate, Score, Share, Statistics
from kpi.model import EPOCH, Filter, Group, Metric, Period

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
PRIOR = 1.0
"""Rows of the spread within all segments that are added to each segment's own: a segment of one or two rows
says nothing about its spread."""


@dataclass(frozen=True)
class Side:
    """One period.

    Attributes:
        day, agent, segment: int[m], the cells; a segment is its place among the names.
        size: float64[m], rows or exposure of each cell.
        error: float64[m], how far the cell's sum lies from what its size gives at the segment's rate.
        n, rate: float64[K] by segment; rate NaN where n is 0.
        spread: float64[K], variance of one row (or of one unit of exposure) within the segment.
        lumps: float64[K], Σ size² over what came in at once (rows; cells of an exposure).
    """

    day: NDArray[np.integer]
    agent: NDArray[np.integer]
    segment: Longs
    size: Floats
    error: Floats
    n: Floats
    rate: Floats
    spread: Floats
    lumps: Floats

    @property
    def weight(self) -> Floats:
        """Share of each segment in the whole."""
        total = float(self.n.sum())
        return self.n / total if total > 0 else np.zeros(self.n.size)


@dataclass(frozen=True)
class Segments:
    """Results of every segment in both periods, in the order of ``names``."""

    names: tuple[str, ...]
    groups: tuple[Group, ...]
    now: tuple[Measured | None, ...]
    before: tuple[Measured | None, ...]
    whole_now: Measured
    whole_before: Measured
    missing: str = ""
    """Why there is no segment."""


def gather(
    facts: Facts, metric: Metric, now: Period, before: Period, dimension: str, where: tuple[Filter, ...]
) -> Segments:
    """Statistics by segment in both periods; segments that are not shown by choice are one together.

    Raises:
        ValueError: for a dimension that no table has.
    """
    sides = [
        measured(facts, (metric,), period, by=(dimension,), where=where, parts=False)[metric.key]
        for period in (now, before)
    ]
    wholes = [
        measured(facts, (metric,), period, where=where, parts=False)[metric.key] for period in (now, before)
    ]
    whole = [side.get(Group(), next(iter(side.values()))) for side in wholes]
    sides = [_with_rest(side, one, facts) for side, one in zip(sides, whole, strict=True)]
    groups = [group for group in dict.fromkeys([*sides[0], *sides[1]]) if group.keys]
    kept = [
        group
        for group in groups
        if any((one := side.get(group)) is not None and one.statistics is not None for side in sides)
    ]
    return Segments(
        tuple(map(str, kept)),
        tuple(kept),
        tuple(sides[0].get(group) for group in kept),
        tuple(sides[1].get(group) for group in kept),
        whole[0],
        whole[1],
        next(
            (one.estimate.reason or "" for side in sides for group, one in side.items() if not group.keys), ""
        ),
    )


def beside(
    facts: Facts,
    metric: Metric,
    segments: Segments,
    dimension: str,
    runs: Sequence[Days],
    where: tuple[Filter, ...],
) -> list[tuple[Days, tuple[Measured | None, ...]]]:
    """The same segments on other runs of days, in the same order; rows of other segments are left out."""
    found = []
    for first, last in runs:
        period = Period(EPOCH + timedelta(days=first), EPOCH + timedelta(days=last))
        side = measured(facts, (metric,), period, by=(dimension,), where=where, parts=False)[metric.key]
        found.append(((first, last), tuple(side.get(group) for group in segments.groups)))
    return found


def _with_rest(side: Mapping[Group, Measured], whole: Measured, facts: Facts) -> Mapping[Group, Measured]:
    """Segments without statistics (hidden by choice) are told together: the whole less those shown."""
    hidden = [group for group, one in side.items() if group.keys and one.statistics is None]
    if not hidden or not isinstance(whole.statistics, Cells):
        return side
    shown = {group: one for group, one in side.items() if one.statistics is not None}
    rest = whole.statistics
    for one in shown.values():
        if isinstance(one.statistics, Cells):
            minus = {name: -values for name, values in one.statistics.sums.items()}
            rest = rest + Cells(one.statistics.day, one.statistics.agent, MappingProxyType(minus))
    if not any(np.any(values != 0) for values in rest.sums.values()):
        return shown
    field = hidden[0].keys[0][0]
    least = facts.definitions.minimum_agent_answers
    together = Group(((field, f"(fewer than {least} answers each)"),))
    return {**shown, together: Measured(whole.estimate, rest, whole.exposure)}


def ratio_side(metric: Metric, each: Sequence[Measured | None]) -> Side:
    """A period of a share, a score, a mean or a rate."""
    cells = [one.statistics if one is not None else None for one in each]
    given = [(place, one) for place, one in enumerate(cells) if isinstance(one, Cells) and one.day.size]
    sums = [_sums(metric, one) for _, one in given]
    day = _joined([one.day for _, one in given], np.int32)
    agent = _joined([one.agent for _, one in given], np.int32)
    segment = _joined([np.full(one.day.size, place, np.int64) for place, one in given], np.int64)
    y, size, lumps, spreads = (_joined([found[i] for found in sums], np.float64) for i in range(4))
    n, total, lump, squares = (_by_segment(segment, v, len(each)) for v in (size, y, lumps, spreads))
    rate = np.divide(total, n, out=np.full(n.size, np.nan), where=n > 0)
    error = y - np.nan_to_num(rate)[segment] * size
    spread = _pooled(_own_spread(metric, rate, n, squares, cells), n)
    return Side(day, agent, segment, size, error, n, rate, spread, lump)


def _sums(metric: Metric, cells: Cells) -> tuple[Floats, Floats, Floats, Floats]:
    """Per cell: what is summed in the shown unit, rows or exposure, Σ size², Σ value²."""
    measure, sums = metric.measure, cells.sums
    if isinstance(measure, Share):
        lumps = sums["nn"] if "nn" in sums else sums["n"]
        return sums["k"], sums["n"], lumps, sums["k"]
    if isinstance(measure, Score):
        net = 100 * (sums["up"] - sums["down"])
        return net, sums["n"], sums["n"], 1e4 * (sums["up"] + sums["down"])
    if isinstance(measure, Mean):
        unit = measure.per_unit
        return sums["sum"] / unit, sums["n"], sums["n"], sums["sumsq"] / unit**2
    if isinstance(measure, Rate):
        size = sums["exposure"]
        return sums["events"], size, size * size, sums["events"]
    raise TypeError(f"{type(measure).__name__} has no mix of segments")


def _own_spread(
    metric: Metric, rate: Floats, n: Floats, squares: Floats, cells: Sequence[Statistics | None]
) -> Floats:
    """Variance of one row within each segment, from its own rows."""
    level = np.nan_to_num(rate)
    if isinstance(metric.measure, Rate):
        return np.maximum(level, 0.0)
    if any(isinstance(one, Cells) and "kn" in one.sums for one in cells):
        found = np.zeros(n.size)
        for place, one in enumerate(cells):
            if isinstance(one, Cells) and n[place] > 0:
                p = level[place]
                between = one.total("kk") - 2 * p * one.total("kn") + p * p * one.total("nn")
                found[place] = max(between, 0.0) / n[place]
        return found
    mean_square = np.divide(squares, n, out=np.zeros(n.size), where=n > 0)
    variance = mean_square - level**2
    variance[variance <= 1e-12 * mean_square] = 0.0
    return np.maximum(variance, 0.0)


def _pooled(spread: Floats, n: Floats) -> Floats:
    """Each segment's spread drawn towards that of all segments by :data:`PRIOR` rows."""
    total = float(n.sum())
    if total <= 0:
        return spread
    inside = float((n * spread).sum()) / total
    drawn: Floats = (n * spread + PRIOR * inside) / (n + PRIOR)
    return drawn


def _by_segment(segment: Longs, values: Floats, count: int) -> Floats:
    return np.bincount(segment, weights=values, minlength=count).astype(np.float64)


def _joined(parts: list[Any], dtype: Any) -> Any:
    return np.concatenate(parts).astype(dtype) if parts else np.zeros(0, dtype)


@dataclass(frozen=True)
class Times:
    """Value counts of one period with their segment; ``n`` rows by segment."""

    day: NDArray[np.integer]
    agent: NDArray[np.integer]
    segment: Longs
    value: NDArray[np.integer]
    observed: Floats
    censored: Floats
    n: Floats

    @property
    def rows(self) -> Floats:
        """Rows of each count."""
        return self.observed + self.censored

    @cached_property
    def distinct(self) -> tuple[NDArray[np.integer], NDArray[np.intp]]:
        """Distinct values in ascending order, and the place of each count's value among them."""
        return np.unique(self.value, return_inverse=True)

    @cached_property
    def apart(self) -> tuple[tuple[NDArray[np.intp], Longs, NDArray[np.intp], Floats, Floats], ...]:
        """For each segment: its counts, their distinct values, the place of each, ended and open at each."""
        order = np.argsort(self.segment, kind="stable")
        bounds = np.searchsorted(self.segment[order], np.arange(self.n.size + 1))
        found = []
        for first, last in pairwise(bounds.tolist()):
            mine = order[first:last]
            values, place = np.unique(self.value[mine], return_inverse=True)
            ended = _by_segment(place, self.observed[mine], values.size)
            still = _by_segment(place, self.censored[mine], values.size)
            found.append((mine, values.astype(np.int64), place, ended, still))
        return tuple(found)

    def weighted(self, factor: Floats) -> tuple[Floats, Floats, Floats]:
        """Distinct values with ended and open rows, each row counting as its segment's factor."""
        values, place = self.distinct
        weight = factor[self.segment]
        ended = _by_segment(place, self.observed * weight, values.size)
        still = _by_segment(place, self.censored * weight, values.size)
        there = (ended > 0) | (still > 0)
        return values[there].astype(np.float64), ended[there], still[there]


def times_side(each: Sequence[Measured | None]) -> Times:
    """A period of a median."""
    given = [
        (place, one.statistics)
        for place, one in enumerate(each)
        if one is not None and isinstance(one.statistics, Counts) and one.statistics.day.size
    ]
    segment = _joined([np.full(c.day.size, place, np.int64) for place, c in given], np.int64)
    observed = _joined([c.observed for _, c in given], np.float64)
    censored = _joined([c.censored for _, c in given], np.float64)
    return Times(
        _joined([c.day for _, c in given], np.int32),
        _joined([c.agent for _, c in given], np.int32),
        segment,
        _joined([c.value for _, c in given], np.int64),
        observed,
        censored,
        _by_segment(segment, observed + censored, len(each)),
    )
