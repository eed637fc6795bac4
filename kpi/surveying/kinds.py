"""Counts by kind of ticket: how many were asked, how many answered, what they said; small kinds together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kpi import engine
from kpi.estimates import exposure_of
from kpi.measures import Cells, Days, Mean, Measure, Share
from kpi.model import Filter, Period
from kpi.surveying.population import ANSWERED, ANSWERS, ASKED, VALUE, Population

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Kind = tuple[str, ...]
"""One value of each dimension."""
OTHERS = "(others)"


@dataclass(frozen=True)
class Rows:
    """One period by cell (day × agent × kind).

    Attributes:
        day, agent, kind: int[m]; agent -1 unknown; a kind is its place among the names.
        asked, answers, total, squares: float64[m], counts, sum of answers, sum of their squares.
        names: of the kinds. days: first and last day of the period within the data.
    """

    day: NDArray[np.integer]
    agent: NDArray[np.integer]
    kind: Longs
    asked: Floats
    answers: Floats
    total: Floats
    squares: Floats
    names: tuple[Kind, ...]
    days: Days

    def by_kind(self, values: Floats) -> Floats:
        """Sums of a column by kind."""
        return np.bincount(self.kind, weights=values, minlength=len(self.names)).astype(np.float64)

    def told_as(self, place: Longs, names: Sequence[Kind]) -> Rows:
        """The same rows with other kinds: ``place`` gives the new one of each old one."""
        return Rows(
            self.day,
            self.agent,
            place[self.kind],
            self.asked,
            self.answers,
            self.total,
            self.squares,
            tuple(names),
            self.days,
        )


def rows_of(
    found: Population, period: Period, dimensions: tuple[str, ...], where: tuple[Filter, ...]
) -> Rows:
    """Counts of a period by the crossed dimensions; no dimension: one kind.

    Raises:
        ValueError: for a field that the table of those asked does not have.
    """
    flag = ANSWERED if found.asked is not None else ANSWERS
    measures: dict[str, Measure] = {"rate": Share(flag, ASKED), "value": Mean(VALUE, flag)}
    result = engine.aggregate(
        found.table, measures, basis=found.basis, period=period, by=dimensions, where=where
    )
    parts: list[tuple[int, Cells, Cells]] = []
    names: list[Kind] = []
    for group, statistics in result.items():
        rate, value = statistics["rate"], statistics["value"]
        if isinstance(rate, Cells) and isinstance(value, Cells):
            parts.append((len(names), rate, value))
            names.append(tuple(text for _, text in group.keys))
    days = exposure_of(found.facts, found.table, found.basis, period) or (period.first_day, period.last_day)
    return Rows(
        _joined([rate.day for _, rate, _ in parts]),
        _joined([rate.agent for _, rate, _ in parts]),
        _joined([np.full(rate.day.size, place) for place, rate, _ in parts]),
        _joined([rate.sums["n"] for _, rate, _ in parts], np.float64),
        _joined([value.sums["n"] for _, _, value in parts], np.float64),
        _joined([value.sums["sum"] for _, _, value in parts], np.float64),
        _joined([value.sums["sumsq"] for _, _, value in parts], np.float64),
        tuple(names),
        days,
    )


def aligned(now: Rows, before: Rows) -> tuple[Rows, Rows]:
    """Both periods with the same kinds in the same order."""
    names = list(dict.fromkeys([*now.names, *before.names]))
    place = {name: number for number, name in enumerate(names)}
    return (
        now.told_as(np.array([place[name] for name in now.names], np.int64), names),
        before.told_as(np.array([place[name] for name in before.names], np.int64), names),
    )


def merged(names: Sequence[Kind], answers: Floats, fewest: float) -> tuple[Longs, tuple[Kind, ...]]:
    """Kinds with too few answers put together: first within their first dimension, then all of them, then
    with the smallest of the others, until every kind has enough.

    Args:
        answers: float64[k], answers of each kind in the period that has fewer of them.

    Returns:
        The new place of each old kind, and the new names.

    >>> kinds = [("chat", "bill"), ("chat", "login"), ("chat", "order"), ("phone", "bill")]
    >>> place, names = merged(kinds, np.array([40.0, 12.0, 9.0, 30.0]), 20)
    >>> place.tolist(), names
    ([0, 1, 1, 2], (('chat', 'bill'), ('chat', '(others)'), ('phone', 'bill')))
    """
    told: list[Kind] = list(names)
    if len(told) and len(told[0]) > 1:
        told = _pooled(told, answers, fewest, lambda kind: (kind[0], *[OTHERS] * (len(kind) - 1)))
    told = _pooled(told, answers, fewest, lambda kind: tuple(OTHERS for _ in kind))
    while True:
        sizes = _sizes(told, answers)
        if len(sizes) < 2 or min(sizes.values()) >= fewest:
            break
        smallest, next_one = sorted(sizes, key=lambda kind: (sizes[kind], kind))[:2]
        both: Kind = tuple(OTHERS for _ in smallest)
        told = [both if kind in (smallest, next_one) else kind for kind in told]
    new = list(dict.fromkeys(told))
    return np.array([new.index(kind) for kind in told], np.int64), tuple(new)


def _pooled(told: list[Kind], answers: Floats, fewest: float, into: Callable[[Kind], Kind]) -> list[Kind]:
    sizes = _sizes(told, answers)
    return [kind if sizes[kind] >= fewest else into(kind) for kind in told]


def _sizes(told: Sequence[Kind], answers: Floats) -> dict[Kind, float]:
    sizes: dict[Kind, float] = {}
    for kind, number in zip(told, answers.tolist(), strict=True):
        sizes[kind] = sizes.get(kind, 0.0) + number
    return sizes


def _joined(parts: Sequence[Any], dtype: Any = np.int64) -> Any:
    return np.concatenate(parts).astype(dtype) if parts else np.zeros(0, dtype)
