"""Fields by which rows are split and filtered: dimensions, custom headers, grains of time."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kpi.calendars import MISSING_DAY
from kpi.definitions import Definitions
from kpi.facts import NONE, FactTable
from kpi.facts.dimensions import CUSTOM, NAMES
from kpi.model import EPOCH, Basis

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
GRAINS = ("day", "week", "month", "quarter", "year", "weekday", "hour")
PARTS_OF_TIME = ("day", "week", "month", "quarter", "year")
"""Grains that are stretches of days, each with a first and a last one."""


@dataclass(frozen=True)
class Codes:
    """Rows as codes into names; every code is that of a name."""

    names: tuple[str, ...]
    codes: NDArray[Any]


def fields(table: FactTable) -> tuple[str, ...]:
    """Every field of a table: its dimensions, then the grains of time.

    Custom columns are named by their header.
    """
    return (*table.dimensions, *GRAINS)


def resolve(table: FactTable, name: str) -> str | None:
    """The table's own spelling of a field, without regard to case; None when it has none of that name.

    ``group`` and ``agent_name`` mean team and agent; a custom header is accepted with and without "custom:".
    """
    return resolve_among(table.dimensions, name)


def resolve_among(dimensions: Iterable[str], name: str) -> str | None:
    """The same for the names of dimensions."""
    wanted = name.strip().casefold()
    wanted = NAMES.get(wanted, wanted)
    known = {own.casefold(): own for own in (*GRAINS, *dimensions)}
    return known.get(wanted) or known.get(wanted.removeprefix(CUSTOM)) or known.get(CUSTOM + wanted)


def unknown(name: str, tables: Iterable[FactTable]) -> ValueError:
    """The error for a field that no table has: what there is, and what was probably meant."""
    return unknown_among(name, (dimension for table in tables for dimension in table.dimensions))


def unknown_among(name: str, dimensions: Iterable[str]) -> ValueError:
    """The same for the names of dimensions."""
    known = [*dict.fromkeys(dimensions), *GRAINS]
    close = difflib.get_close_matches(name.casefold(), [field.casefold() for field in known], n=1, cutoff=0.6)
    meant = next((field for field in known if close and field.casefold() == close[0]), None)
    hint = f"did you mean '{meant}'? " if meant else ""
    return ValueError(f"unknown field '{name}'; {hint}known fields: {', '.join(known)}")


def values(table: FactTable, name: str) -> tuple[str, ...]:
    """The values a dimension takes, in natural order.

    Raises:
        ValueError: for an unknown field or a grain of time.
    """
    field = resolve(table, name)
    if field is None or field not in table.dimensions:
        raise unknown(name, [table])
    return tuple(map(str, table.dimensions[field].categories))


# ---------------------------------------------------------------- grains of time


def by_time(days: NDArray[np.int32], grain: str, definitions: Definitions) -> Codes:
    """Days as codes of a grain, names in order of time; a missing day is "(none)", last.

    Names: ``2026-09-14``; ``2026-W38`` (the first day, where weeks do not begin on Monday); ``2026-09``;
    ``2026-Q3``
    and ``2026`` (``FY2026-Q3``, ``FY2026`` where the fiscal year does not begin in January); Monday … Sunday.
    """
    known = days != MISSING_DAY
    if not known.any():
        return Codes((NONE,), np.zeros(days.size, np.int64))
    low, high = int(days[known].min()), int(days[known].max())
    label = _labels(grain, definitions)
    names: dict[str, int] = {name: code for code, name in enumerate(WEEKDAYS)} if grain == "weekday" else {}
    lookup = np.empty(high - low + 2, np.int64)
    for day in range(low, high + 1):
        lookup[day - low] = names.setdefault(label(EPOCH + timedelta(days=day)), len(names))
    if known.all():
        return Codes(tuple(names), lookup[days - low])
    lookup[-1] = names.setdefault(NONE, len(names))
    return Codes(tuple(names), lookup[np.where(known, days - low, high - low + 1)])


def by_hour(hours: NDArray[np.uint8]) -> Codes:
    """Hours as codes; 24 is unknown."""
    return Codes((*(f"{hour:02d}" for hour in range(24)), NONE), hours.astype(np.int64))


def name_of(day: int, grain: str, definitions: Definitions) -> str:
    """The name of the stretch of time that holds a day.

    >>> name_of(20711, "week", Definitions()), name_of(20711, "quarter", Definitions(fiscal_year_start=10))
    ('2026-W38', 'FY2026-Q4')
    """
    return _labels(grain, definitions)(EPOCH + timedelta(days=day))


def hour_column(basis: Basis) -> str:
    """The fact column with the hour that belongs to a basis."""
    return basis.value.replace("_day", "_hour")


def _labels(grain: str, definitions: Definitions) -> Callable[[date], str]:
    start = definitions.fiscal_year_start

    def week(day: date) -> str:
        if definitions.first_weekday == 0:
            year, number, _ = day.isocalendar()
            return f"{year}-W{number:02d}"
        first = day - timedelta(days=(day.weekday() - definitions.first_weekday) % 7)
        return first.isoformat()

    def year(day: date) -> str:
        return str(day.year) if start == 1 else f"FY{day.year + (day.month >= start)}"

    def quarter(day: date) -> str:
        return f"{year(day)}-Q{(day.month - start) % 12 // 3 + 1}"

    return {
        "day": lambda day: day.isoformat(),
        "week": week,
        "month": lambda day: f"{day.year}-{day.month:02d}",
        "quarter": quarter,
        "year": year,
        "weekday": lambda day: WEEKDAYS[day.weekday()],
    }[grain]
