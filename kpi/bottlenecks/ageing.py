"""The age of what is open: at the end of the period now, and of the one before."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from kpi import compare, engine
from kpi.bottlenecks.nouns import NO_ROWS, Age, Ageing, Behind, Bools, Longs
from kpi.bottlenecks.splitting import lacking
from kpi.calendars import MISSING_DAY
from kpi.facts import Facts, FactTable
from kpi.model import Basis, Comparison, Filter, Grain, Period

BANDS = ((0, 1), (1, 3), (3, 7), (7, 14), (14, 30), (30, 90), (90, None))
WEEK = 7
MOST_VALUES = 2_000


def ageing(
    facts: Facts,
    now: Period,
    before: Period,
    *,
    where: tuple[Filter, ...] = (),
    by: tuple[str, ...] = ("channel", "category"),
) -> Ageing:
    """Open contacts by age in days, counted at the end of the last day of each period that the data hold."""
    table = facts.table(Grain.TICKETS)
    nothing = Behind(Grain.TICKETS, NO_ROWS)
    refused = _refused(table, where)
    if refused is not None or table is None:
        return Ageing(now, before, (), nothing, nothing, None, None, {}, (), refused)
    rows = engine.select(table, Basis.POINT, None, where=where).rows.astype(np.int64)
    ends = tuple(min(period.last_day, facts.last_day) for period in (now, before))
    there = [rows[_open(table, rows, end)] for end in ends]
    ages = [end - table.columns["created_day"][found] for end, found in zip(ends, there, strict=True)]
    bands = tuple(
        Age(
            _words(low, high),
            low,
            high,
            *(
                Behind(Grain.TICKETS, found[(age >= low) & ((age < high) if high is not None else True)])
                for found, age in zip(there, ages, strict=True)
            ),
        )
        for low, high in BANDS
    )
    notes = []
    undated = int((table.columns["created_day"][rows] == MISSING_DAY).sum())
    if undated:
        notes.append(f"{undated:,} contacts without a time of creation have no age and are not counted")
    if note := table.notes.get("entered"):
        notes.append(note)
    return Ageing(
        now,
        before,
        bands,
        Behind(Grain.TICKETS, there[0]),
        Behind(Grain.TICKETS, there[1]),
        int(ages[0].max()) if ages[0].size else None,
        _compared(facts, now, before, where),
        _by(table, there[0], ages[0], by),
        tuple(notes),
        None,
    )


def _refused(table: FactTable | None, where: tuple[Filter, ...]) -> str | None:
    if table is None:
        return "the data hold no tickets"
    why = lacking(table, where)
    if why is not None:
        return why
    if "entered" not in table.columns:
        return table.absent.get("entered", "no column says whether a ticket is open")
    if not (table.columns["created_day"] != MISSING_DAY).any():
        return "no column holds the time a ticket was created"
    return None


def _open(table: FactTable, rows: Longs, end: int) -> Bools:
    """Created by the end of that day, and not solved or cancelled by then."""
    columns = table.columns
    created = columns["created_day"][rows]
    gone = (columns["left"][rows] != 0) & (columns["left_day"][rows] <= end)
    found: Bools = (columns["entered"][rows] != 0) & (created != MISSING_DAY) & (created <= end) & ~gone
    return found


def _compared(facts: Facts, now: Period, before: Period, where: tuple[Filter, ...]) -> Comparison | None:
    try:
        (found,) = compare.compare(facts, now, before, metrics=["backlog"], where=where)
    except ValueError:
        return None
    return found


def _by(
    table: FactTable, rows: Longs, age: np.ndarray, by: tuple[str, ...]
) -> Mapping[str, tuple[tuple[str, Behind, Behind], ...]]:
    """Value of a dimension → all open, and those open for a week or more; the most first."""
    found: dict[str, tuple[tuple[str, Behind, Behind], ...]] = {}
    for name in by:
        dimension = table.dimensions.get(name)
        if dimension is None or len(dimension.categories) > MOST_VALUES:
            continue
        codes = dimension.codes[rows]
        lines = []
        for code in np.unique(codes).tolist():
            mine = codes == code
            lines.append(
                (
                    str(dimension.categories[code]),
                    Behind(Grain.TICKETS, rows[mine]),
                    Behind(Grain.TICKETS, rows[mine & (age >= WEEK)]),
                )
            )
        found[name] = tuple(sorted(lines, key=lambda line: (-line[1].n, line[0].casefold())))
    return found


def _words(low: int, high: int | None) -> str:
    """
    >>> _words(0, 1), _words(3, 7), _words(90, None)
    ('created that day', '3 to 6 days', '90 days or more')
    """
    if high is None:
        return f"{low} days or more"
    if high - low > 1:
        return f"{low} to {high - 1} days"
    return "created that day" if low == 0 else f"{low} day"
