"""All rows, in the order of the table. A new row is a record in the file of its subject."""

from __future__ import annotations

from functools import cache
from typing import Any

from calibration.record import Row
from calibration.rows import charts, durations, measures, rates, selection, shares, steps, tickets, trends

SUBJECTS: dict[str, tuple[Row[Any], ...]] = {
    "Trends, changes, means and projections of a daily series": trends.ROWS,
    "Change points": steps.ROWS,
    "Control charts": charts.ROWS,
    "Months, reports, teams and segments": tickets.ROWS,
    "Every kind of measure": measures.ROWS,
    "The largest of many; mix; looking every day; refusals": selection.ROWS,
    "Durations": durations.ROWS,
    "Intervals of shares": shares.ROWS,
    "Intervals of rates and net scores": rates.ROWS,
}
ROWS: tuple[Row[Any], ...] = tuple(row for rows in SUBJECTS.values() for row in rows)


@cache
def _by_key() -> dict[str, Row[Any]]:
    found = {row.key: row for row in ROWS}
    if len(found) < len(ROWS):
        raise ValueError("two rows have the same key")
    return found


def row_of(key: str) -> Row[Any]:
    """The row of a key; KeyError for an unknown one."""
    return _by_key()[key]
