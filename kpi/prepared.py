"""Facts in the order of their days, kept per fact table so that a period is a slice."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from kpi import fields
from kpi.calendars import MISSING_DAY
from kpi.facts import NONE, FactTable
from kpi.measures import Cells
from kpi.model import Basis


class Prepared:
    """Arrays of one fact table in the order of the days of each basis; made on first use, then only read."""

    def __init__(self, table: FactTable) -> None:
        self.size = len(table)
        self.definitions = table.definitions
        self.columns = table.columns
        self.dimensions = table.dimensions
        self._made: dict[tuple[str, str], Any] = {}
        self.stocks: dict[tuple[Any, ...], list[Cells]] = {}

    def order(self, basis: Basis) -> NDArray[np.intp] | None:
        """Row numbers by day; None when the rows are in that order already."""
        key = ("order", basis.value)
        if key not in self._made:
            days = self._raw_days(basis)
            sorted_already = days.size < 2 or bool((days[1:] >= days[:-1]).all())
            self._made[key] = None if sorted_already else np.argsort(days, kind="stable")
        found: NDArray[np.intp] | None = self._made[key]
        return found

    def days(self, basis: Basis) -> NDArray[np.int32]:
        """Days in order; those without one first."""
        return self._ordered("day", basis, self._raw_days(basis))

    def undated_day(self, basis: Basis) -> int:
        """The day before the first known one; 0 when none is known."""
        days = self.days(basis)
        known = int(np.searchsorted(days, MISSING_DAY, side="right"))
        return int(days[known]) - 1 if known < days.size else 0

    def column(self, name: str, basis: Basis) -> NDArray[Any]:
        """A fact column in order."""
        return self._ordered(f"column {name}", basis, self.columns[name])

    def agents(self, basis: Basis) -> NDArray[np.int32]:
        """Codes of agents in order; −1 unknown."""
        key = ("agents", basis.value)
        if key not in self._made:
            agent = self.dimensions.get("agent")
            if agent is None:
                codes = np.full(self.size, -1, np.int32)
            else:
                none = int(agent.categories.get_indexer([NONE])[0])
                codes = agent.codes.astype(np.int32)
                codes = np.where(codes == none, np.int32(-1), codes) if none >= 0 else codes
            self._made[key] = self._in_order(codes, basis)
        found: NDArray[np.int32] = self._made[key]
        return found

    def name(self, wanted: str) -> str:
        """The table's own spelling of a field."""
        own = fields.resolve_among(self.dimensions, wanted)
        if own is None:
            raise fields.unknown_among(wanted, self.dimensions)
        return own

    def field(self, wanted: str, basis: Basis, place: slice | None) -> fields.Codes:
        """A field of the rows in place, as codes."""
        name = self.name(wanted)
        if name in self.dimensions:
            dimension = self.dimensions[name]
            codes = self._ordered(f"field {name}", basis, dimension.codes)
            return fields.Codes(
                tuple(map(str, dimension.categories)), codes if place is None else codes[place]
            )
        if name == "hour":
            hours = self.columns.get(fields.hour_column(basis))
            known = np.full(self.size, 24, np.uint8) if hours is None else hours
            coded = fields.by_hour(self._ordered("hour", basis, known))
        else:
            key = ("time " + name, basis.value)
            if key not in self._made:
                days = self._in_order(self._raw_days(basis), basis)
                self._made[key] = fields.by_time(days, name, self.definitions)
            coded = self._made[key]
        return coded if place is None else fields.Codes(coded.names, coded.codes[place])

    def _raw_days(self, basis: Basis) -> NDArray[np.int32]:
        name = "created_day" if basis is Basis.POINT else basis.value
        days = self.columns.get(name)
        return np.full(self.size, MISSING_DAY, np.int32) if days is None else days

    def _ordered(self, name: str, basis: Basis, values: NDArray[Any]) -> NDArray[Any]:
        key = (name, basis.value)
        if key not in self._made:
            self._made[key] = self._in_order(values, basis)
        found: NDArray[Any] = self._made[key]
        return found

    def _in_order(self, values: NDArray[Any], basis: Basis) -> NDArray[Any]:
        order = self.order(basis)
        return values if order is None else values[order]


_KEPT: WeakKeyDictionary[FactTable, Prepared] = WeakKeyDictionary()


def prepared(table: FactTable) -> Prepared:
    """What is kept of a table, for as long as the table itself."""
    kept = _KEPT.get(table)
    if kept is None:
        kept = _KEPT[table] = Prepared(table)
    return kept
