"""``aggregate``: the statistics of many measures, by many groups, in one pass over facts.

Rows are kept sorted by the day of each basis, so a period is a slice; what is prepared is kept per fact
table and
never changed. The result holds mergeable statistics only: adding those of all groups gives those of the
whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kpi import fields
from kpi.calendars import MISSING_DAY
from kpi.facts import FactTable
from kpi.facts.periodic import PERIODIC
from kpi.measures import Cells, Counts, Measure, Statistics, Stock
from kpi.model import Basis, Filter, Group, Period
from kpi.prepared import Prepared, prepared

Longs = NDArray[np.int64]
Result = Mapping[Group, Mapping[str, Statistics]]
STOCKS_KEPT = 64
"""Flows of stocks do not depend on the period, so they are kept for so many combinations of filters."""
DENSE = 4
"""Cells are counted in a plain array while that has no more than this many places per row (and 2**20
more)."""


def aggregate(
    table: FactTable,
    measures: Mapping[str, Measure],
    *,
    basis: Basis,
    period: Period | None,
    by: tuple[str, ...] = (),
    where: tuple[Filter, ...] = (),
) -> Result:
    """Statistics by group and name of measure.

    Parameters
        measures: name → measure; those that sum the same columns share their statistics.
        basis: which day puts a row in the period. A ``Stock`` has days of its own and is counted up to the
        end.
        period: None means every row, those without a day included (on the day before all others).
        by: fields; without, the only group is the whole, which is always there.
        where: filters; all must hold. A value that does not occur keeps no row.

    Raises:
        ValueError: for a field that the table does not have, naming those that it has.
    """
    rows = select(table, basis, period, by=by, where=where)
    flows = {name: measure for name, measure in measures.items() if isinstance(measure, Stock)}
    plain = {name: measure for name, measure in measures.items() if name not in flows}
    made: dict[tuple[type, tuple[str, ...]], list[Statistics]] = {}
    cells: _Cells | None = None
    found: dict[str, list[Statistics]] = {}
    for name, measure in plain.items():
        key = (type(measure), measure.reads())
        if key not in made:
            if cells is None:
                cells = _Cells(rows)
            columns = {column: rows.column(column) for column in measure.reads() if column != "days"}
            made[key] = cells.statistics(measure, columns)
        found[name] = made[key]
    if flows:
        found |= _stocks(table, flows, period, by, where, rows)
    return MappingProxyType(
        {
            group: MappingProxyType({name: found[name][place] for name in measures})
            for place, group in enumerate(rows.groups)
        }
    )


def series(
    table: FactTable,
    measures: Mapping[str, Measure],
    *,
    basis: Basis,
    period: Period | None,
    grain: str = "week",
    where: tuple[Filter, ...] = (),
) -> Mapping[str, Mapping[str, Statistics]]:
    """The same by stretch of time, in order: name of the day, week, month, quarter or year → statistics.

    Raises:
        ValueError: for a grain that is no stretch of time.
    """
    if grain not in fields.PARTS_OF_TIME:
        raise ValueError(f"'{grain}' is no stretch of time; choose one of {', '.join(fields.PARTS_OF_TIME)}")
    result = aggregate(table, measures, basis=basis, period=period, by=(grain,), where=where)
    return {group.keys[0][1]: statistics for group, statistics in result.items()}


# ---------------------------------------------------------------- selection


@dataclass(eq=False)
class Selection:
    """Rows of one table that count: within the period by the basis, kept by the filters, split into
    groups."""

    table: FactTable
    basis: Basis
    days: tuple[int, int] | None
    rows: NDArray[np.intp]
    """Row numbers of the table."""
    day: NDArray[np.int32]
    group: Longs
    groups: tuple[Group, ...]
    _made: dict[str, NDArray[Any]] = field(default_factory=dict)
    _place: slice | None = None
    _kept: NDArray[np.intp] | None = None

    @property
    def agent(self) -> NDArray[np.int32]:
        """Code of the agent of each row; −1 unknown."""
        if "" not in self._made:
            self._made[""] = self._cut(prepared(self.table).agents(self.basis))
        return self._made[""]

    def column(self, name: str) -> NDArray[Any]:
        """A fact column, or one that depends on the period."""
        if name not in self._made:
            periodic = PERIODIC.get(name)
            if periodic is None:
                self._made[name] = self._cut(prepared(self.table).column(name, self.basis))
            else:
                self._made[name] = periodic.make(self)
        return self._made[name]

    def _cut(self, ordered: NDArray[Any]) -> NDArray[Any]:
        part = ordered if self._place is None else ordered[self._place]
        return part if self._kept is None else part[self._kept]


def select(
    table: FactTable,
    basis: Basis,
    period: Period | None,
    *,
    by: tuple[str, ...] = (),
    where: tuple[Filter, ...] = (),
) -> Selection:
    """The rows that count, in the order of their days. Raises ValueError for an unknown field."""
    kept = prepared(table)
    ordered = kept.days(basis)
    dated = basis not in (Basis.POINT, Basis.LISTED)
    place: slice | None = None
    if period is not None and dated:
        low = int(np.searchsorted(ordered, period.first_day, side="left"))
        high = int(np.searchsorted(ordered, period.last_day, side="right"))
        place = slice(low, high)
    day = ordered if place is None else ordered[place]
    mask: NDArray[np.bool_] | None = None
    for each in where:
        coded = kept.field(each.field, basis, place)
        wanted = {value.strip().casefold() for value in each.values}
        hits = np.array([name.casefold() in wanted for name in coded.names], dtype=np.bool_)
        hit = hits[coded.codes]
        mask = hit if mask is None else mask & hit
    chosen = None if mask is None or mask.all() else np.flatnonzero(mask)
    group, groups = _grouped(kept, by, basis, place, chosen, day.size)
    order = kept.order(basis)
    rows = np.arange(len(table)) if order is None else order
    rows = rows if place is None else rows[place]
    return Selection(
        table=table,
        basis=basis,
        days=None if period is None else (period.first_day, period.last_day),
        rows=rows if chosen is None else rows[chosen],
        day=_with_undated(day if chosen is None else day[chosen], kept.undated_day(basis)),
        group=group,
        groups=groups,
        _place=place,
        _kept=chosen,
    )


def undated_day(table: FactTable, basis: Basis) -> int | None:
    """The day that rows without one are put on when the period is all data; None when every row has a day."""
    days = prepared(table).days(basis)
    if basis in (Basis.POINT, Basis.LISTED) or not (days.size and days[0] == MISSING_DAY):
        return None
    return prepared(table).undated_day(basis)


def _with_undated(days: NDArray[np.int32], stand_in: int) -> NDArray[np.int32]:
    if days.size and days[0] == MISSING_DAY:
        return np.where(days == MISSING_DAY, np.int32(stand_in), days)
    return days


def _grouped(
    kept: Prepared,
    by: tuple[str, ...],
    basis: Basis,
    place: slice | None,
    chosen: NDArray[np.intp] | None,
    size: int,
) -> tuple[Longs, tuple[Group, ...]]:
    """Code of the group of each row, and the groups that have rows, in natural order."""
    length = size if chosen is None else chosen.size
    if not by:
        return np.zeros(length, np.int64), (Group(),)
    code = np.zeros(length, np.int64)
    coded = []
    for name in by:
        one = kept.field(name, basis, place)
        coded.append((kept.name(name), one.names))
        codes = one.codes if chosen is None else one.codes[chosen]
        code = code * len(one.names) + codes
    used, group = np.unique(code, return_inverse=True)
    groups = []
    for number in used.tolist():
        keys: list[tuple[str, str]] = []
        for name, names in reversed(coded):
            number, at = divmod(number, len(names))
            keys.append((name, names[at]))
        groups.append(Group(tuple(reversed(keys))))
    return group.reshape(-1).astype(np.int64), tuple(groups)


# ---------------------------------------------------------------- cells


class _Cells:
    """Numbers of the cells (group × day × agent) of rows, and the sums over them."""

    def __init__(self, rows: Selection) -> None:
        self.groups = len(rows.groups)
        day, agent = rows.day, rows.agent
        self.low = int(day.min()) if day.size else 0
        self.width = int(day.max()) - self.low + 1 if day.size else 1
        self.agents = int(agent.max(initial=-1)) + 2
        code = (rows.group * self.width + (day - self.low)) * self.agents + (agent + 1)
        size = self.groups * self.width * self.agents
        if size <= DENSE * code.size + 2**20:
            found = np.flatnonzero(np.bincount(code, minlength=size))
            number = np.zeros(size, np.int64)
            number[found] = np.arange(found.size)
            self.cell: Longs = number[code]
        else:
            found, self.cell = np.unique(code, return_inverse=True)
        self.size = found.size
        self.agent = (found % self.agents - 1).astype(np.int32)
        self.day = (found // self.agents % self.width + self.low).astype(np.int32)
        per_group = self.width * self.agents
        self.bounds = np.searchsorted(found, np.arange(self.groups + 1) * per_group)

    def statistics(self, measure: Measure, columns: Mapping[str, NDArray[Any]]) -> list[Statistics]:
        """One for each group."""
        given = measure.contributions(columns)
        if measure.collects is Counts:
            return list(self._counts(given["value"], given["observed"], given["censored"]))
        sums = {
            name: np.bincount(self.cell, weights=values, minlength=self.size).astype(np.float64)
            for name, values in given.items()
        }
        return [
            Cells(
                self.day[low:high],
                self.agent[low:high],
                MappingProxyType({name: total[low:high] for name, total in sums.items()}),
            )
            for low, high in self._pairs(self.bounds)
        ]

    def _counts(self, value: NDArray[Any], observed: NDArray[Any], censored: NDArray[Any]) -> list[Counts]:
        """Value counts by sorting one combined code; flags are 0 or 1."""
        ended, still = observed != 0, censored != 0
        keep = ended | still
        rounded = (
            np.rint(value[keep]).astype(np.int64) if value.dtype.kind == "f" else value[keep].astype(np.int64)
        )
        cell = self.cell[keep]
        if not cell.size:
            return [Counts.empty()] * self.groups
        low = int(rounded.min())
        span = int(rounded.max()) - low + 1
        code = (cell * span + (rounded - low)) * 2 + still[keep]
        code.sort()
        place = code >> 1
        first = np.flatnonzero(np.concatenate([[True], place[1:] != place[:-1]]))
        open_rows = np.add.reduceat(code & 1, first)
        rows = np.diff(np.append(first, code.size))
        distinct = place[first]
        at, values = distinct // span, (distinct % span + low).astype(np.int32)
        return [
            Counts(
                self.day[at[a:b]],
                self.agent[at[a:b]],
                values[a:b],
                (rows[a:b] - open_rows[a:b]).astype(np.int64),
                open_rows[a:b].astype(np.int64),
            )
            for a, b in self._pairs(np.searchsorted(at, self.bounds))
        ]

    @staticmethod
    def _pairs(bounds: NDArray[np.integer[Any]]) -> list[tuple[int, int]]:
        return list(pairwise(bounds.tolist()))


def _stocks(
    table: FactTable,
    measures: Mapping[str, Stock],
    period: Period | None,
    by: tuple[str, ...],
    where: tuple[Filter, ...],
    rows: Selection,
) -> dict[str, list[Statistics]]:
    """Flows into and out of stocks, from the first day of the data on.

    A stretch of time in ``by`` is the moment at which is counted, so every such group has the flows of all
    rows.
    """
    found: dict[str, list[Statistics]] = {}
    kept = prepared(table).stocks
    timeless = tuple(name for name in by if fields.resolve(table, name) not in fields.PARTS_OF_TIME)
    whole = select(table, Basis.POINT, None, by=timeless, where=where)
    names = {fields.resolve(table, name) for name in timeless}
    place_of = {group: place for place, group in enumerate(whole.groups)}
    places = [
        place_of.get(Group(tuple(key for key in group.keys if key[0] in names))) for group in rows.groups
    ]
    for name, stock in measures.items():
        key = (stock, timeless, where, period is None)
        if key in kept:
            parts, empty = kept[key], Cells.empty(("opened", "closed"))
            found[name] = [empty if place is None else parts[place] for place in places]
            continue
        columns = {column: whole.column(column) for column in stock.reads()}
        given = stock.contributions(columns)
        into, out = given["opened"] != 0, given["closed"] != 0
        opened_day, closed_day = columns[stock.opened_day], columns[stock.closed_day]
        if period is not None:
            # what has no day of opening has no place in any period
            dated = opened_day != MISSING_DAY
            into, out = into & dated, out & dated
        parts = []
        for group in range(len(whole.groups)):
            mine = whole.group == group
            one, other = into & mine, out & mine
            flow = np.concatenate([np.ones(int(one.sum())), np.zeros(int(other.sum()))])
            parts.append(
                Cells.of_rows(
                    np.concatenate([opened_day[one], closed_day[other]]),
                    np.concatenate([whole.agent[one], whole.agent[other]]),
                    {"opened": flow, "closed": 1 - flow},
                )
            )
        if len(kept) < STOCKS_KEPT:
            kept[key] = parts
        empty = Cells.empty(("opened", "closed"))
        found[name] = [empty if place is None else parts[place] for place in places]
    return found
