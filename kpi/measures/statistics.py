"""Mergeable statistics by day and agent: sums (:class:`Cells`) and value counts (:class:`Counts`).

Two halves of the rows, aggregated apart and added, give what aggregating all rows at once gives. That is
exact as long as the sums are whole numbers (or binary fractions) below 2**53, which counts, seconds and
scores are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Days = tuple[int, int]
"""First and last day of a period, both included, as days since 1970-01-01."""
Exposure = Days | tuple[Days, Days]
"""The days of both sides of a comparison, or of each: now, before."""
Column = NDArray[Any]
"""One value per row."""
Columns = Mapping[str, Column]
"""Fact columns by name."""


def each_side(exposure: Exposure | None) -> tuple[Days | None, Days | None]:
    """The days of now and of before.

    >>> each_side((1, 7)), each_side(((8, 14), (1, 7)))
    (((1, 7), (1, 7)), ((8, 14), (1, 7)))
    """
    if exposure is None:
        return None, None
    first, second = exposure
    if isinstance(first, tuple) and isinstance(second, tuple):
        return first, second
    if isinstance(first, tuple) or isinstance(second, tuple):
        raise TypeError(f"exposure must be (first day, last day) of both sides or of each, is {exposure!r}")
    return (int(first), int(second)), (int(first), int(second))


def _group(keys: Sequence[NDArray[np.integer]]) -> tuple[list[Ints], NDArray[np.intp]]:
    """Distinct combinations of the keys in ascending order, and the place of each row's combination."""
    size = len(keys[0])
    if size == 0:
        return [np.zeros(0, np.int32) for _ in keys], np.zeros(0, np.intp)
    code = np.zeros(size, np.int64)
    lows, spans = [], []
    for key in keys:
        low = int(key.min())
        span = int(key.max()) - low + 1
        lows.append(low)
        spans.append(span)
    if float(np.prod(np.array(spans, float))) < 2.0**62:
        for key, low, span in zip(keys, lows, spans, strict=True):
            code = code * span + (key.astype(np.int64) - low)
        distinct, place = np.unique(code, return_inverse=True)
        found: list[Ints] = []
        for low, span in zip(reversed(lows), reversed(spans), strict=True):
            found.append((distinct % span + low).astype(np.int32))
            distinct = distinct // span
        return found[::-1], place
    table, place = np.unique(
        np.stack([key.astype(np.int64) for key in keys], axis=1), axis=0, return_inverse=True
    )
    return [table[:, i].astype(np.int32) for i in range(len(keys))], place.reshape(-1)


@dataclass(frozen=True)
class Cells:
    """Sums by cell (day × agent), each cell once, sorted by day and agent.

    Attributes:
        day: int32[m], days since 1970-01-01.
        agent: int32[m], code of the agent; -1 unknown.
        sums: name → float64[m]; the names are fixed by the measure.

    >>> one = Cells.of_rows([1, 1], [7, 7], {"n": [1, 1]})
    >>> two = Cells.of_rows([1, 2], [7, -1], {"n": [1, 1]})
    >>> both = one + two
    >>> both.day.tolist(), both.agent.tolist(), both.sums["n"].tolist(), both.total("n")
    ([1, 2], [7, -1], [3.0, 1.0], 4.0)
    """

    day: Ints
    agent: Ints
    sums: Mapping[str, Floats]

    @staticmethod
    def of_rows(
        day: Sequence[int] | NDArray[np.integer],
        agent: Sequence[int] | NDArray[np.integer] | None,
        contributions: Mapping[str, Sequence[float] | NDArray[np.number]],
    ) -> Cells:
        """Cells from one value per row; rows (or cells) of the same day and agent are added."""
        days = np.asarray(day, dtype=np.int32)
        agents = np.full(days.size, -1, np.int32) if agent is None else np.asarray(agent, dtype=np.int32)
        (first, second), place = _group([days, agents])
        sums = {
            name: np.bincount(place, weights=np.asarray(values, np.float64), minlength=first.size).astype(
                np.float64
            )
            for name, values in contributions.items()
        }
        return Cells(first, second, MappingProxyType(sums))

    @staticmethod
    def empty(names: Sequence[str]) -> Cells:
        """No rows at all."""
        none = np.zeros(0, np.int32)
        return Cells(none, none, MappingProxyType({name: np.zeros(0) for name in names}))

    def __add__(self, other: Cells) -> Cells:
        if set(self.sums) != set(other.sums):
            raise ValueError(f"sums of {sorted(self.sums)} and of {sorted(other.sums)} cannot be added")
        return Cells.of_rows(
            np.concatenate([self.day, other.day]),
            np.concatenate([self.agent, other.agent]),
            {name: np.concatenate([values, other.sums[name]]) for name, values in self.sums.items()},
        )

    def total(self, name: str) -> float:
        """Sum over all cells."""
        return float(self.sums[name].sum())

    def select(self, days: Days) -> Cells:
        """The cells from the first to the last day, both included."""
        keep = (self.day >= days[0]) & (self.day <= days[1])
        return Cells(
            self.day[keep],
            self.agent[keep],
            MappingProxyType({name: values[keep] for name, values in self.sums.items()}),
        )


@dataclass(frozen=True)
class Counts:
    """How often each value occurs by cell (day × agent), each (day, agent, value) once, sorted.

    Attributes:
        day, agent: as in :class:`Cells`.
        value: int32[m], in the unit of the fact column.
        observed: int64[m], rows whose value is known to be this.
        censored: int64[m], rows whose value is known to be larger than this (still open at this age).

    >>> one = Counts.of_rows([1, 1], [7, 7], [30, 30], [1, 0], [0, 1])
    >>> (one + one).observed.tolist(), (one + one).total
    ([2], 4)
    """

    day: Ints
    agent: Ints
    value: Ints
    observed: Longs
    censored: Longs

    @staticmethod
    def of_rows(
        day: Sequence[int] | NDArray[np.integer],
        agent: Sequence[int] | NDArray[np.integer] | None,
        value: Sequence[int] | NDArray[np.number],
        observed: Sequence[int] | NDArray[np.integer],
        censored: Sequence[int] | NDArray[np.integer] | None = None,
    ) -> Counts:
        """Counts from one value per row; rows that are neither observed nor censored are left out."""
        days = np.asarray(day, dtype=np.int32)
        agents = np.full(days.size, -1, np.int32) if agent is None else np.asarray(agent, dtype=np.int32)
        seen = np.asarray(observed).astype(np.int64)
        unseen = np.zeros(days.size, np.int64) if censored is None else np.asarray(censored).astype(np.int64)
        values = np.asarray(value)
        keep = (seen > 0) | (unseen > 0)
        if not keep.all():
            days, agents, values, seen, unseen = (
                days[keep],
                agents[keep],
                values[keep],
                seen[keep],
                unseen[keep],
            )
        (first, second, third), place = _group([days, agents, np.rint(values).astype(np.int32)])
        return Counts(
            first, second, third, _summed(place, seen, first.size), _summed(place, unseen, first.size)
        )

    @staticmethod
    def empty() -> Counts:
        """No rows at all."""
        none, zero = np.zeros(0, np.int32), np.zeros(0, np.int64)
        return Counts(none, none, none, zero, zero)

    def __add__(self, other: Counts) -> Counts:
        return Counts.of_rows(
            np.concatenate([self.day, other.day]),
            np.concatenate([self.agent, other.agent]),
            np.concatenate([self.value, other.value]),
            np.concatenate([self.observed, other.observed]),
            np.concatenate([self.censored, other.censored]),
        )

    @cached_property
    def total(self) -> int:
        """Rows behind the counts, observed and censored."""
        return int(self.observed.sum() + self.censored.sum())

    def select(self, days: Days) -> Counts:
        """The counts from the first to the last day, both included."""
        keep = (self.day >= days[0]) & (self.day <= days[1])
        return Counts(
            self.day[keep], self.agent[keep], self.value[keep], self.observed[keep], self.censored[keep]
        )

    @cached_property
    def by_value(self) -> tuple[Ints, Longs, Longs]:
        """Distinct values in ascending order with how many rows were observed and censored at each."""
        if self.value.size == 0:
            return self.value, self.observed, self.censored
        low = int(self.value.min())
        span = int(self.value.max()) - low + 1
        if span <= max(2**20, 4 * self.value.size):
            # Counting into a table of all possible values is faster than sorting.
            place = self.value - np.int32(low)
            observed, censored = _summed(place, self.observed, span), _summed(place, self.censored, span)
            there = np.flatnonzero((observed > 0) | (censored > 0))
            return (there + low).astype(np.int32), observed[there], censored[there]
        (distinct,), place = _group([self.value])
        return (
            distinct,
            _summed(place, self.observed, distinct.size),
            _summed(place, self.censored, distinct.size),
        )

    @cached_property
    def places(self) -> NDArray[np.intp]:
        """For every count the place of its value in :attr:`by_value`."""
        values = self.by_value[0]
        if self.value.size == 0:
            return np.zeros(0, np.intp)
        low = int(self.value.min())
        span = int(self.value.max()) - low + 1
        if span > max(2**20, 4 * self.value.size):
            return np.searchsorted(values, self.value)
        # Looking up in a table of all possible values is faster than searching.
        table = np.zeros(span, np.intp)
        table[values - low] = np.arange(values.size)
        found: NDArray[np.intp] = table[self.value - np.int32(low)]
        return found

    @cached_property
    def cells(self) -> tuple[Ints, Ints, NDArray[np.intp]]:
        """Day and agent of each cell, and for every count the place of its cell."""
        if self.day.size == 0:
            return self.day, self.agent, np.zeros(0, np.intp)
        starts = np.flatnonzero((np.diff(self.day) != 0) | (np.diff(self.agent) != 0)) + 1
        first = np.concatenate([[0], starts])
        place = np.zeros(self.day.size, np.intp)
        place[starts] = 1
        return self.day[first], self.agent[first], np.cumsum(place)


def _summed(place: NDArray[np.integer], counts: Longs, size: int) -> Longs:
    return np.rint(np.bincount(place, weights=counts, minlength=size)).astype(np.int64)


Statistics = Cells | Counts
