"""Hours of the week: what comes, what is answered, how long it waits, and which hours stand out."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from kpi import periods
from kpi.bottlenecks.arrivals import QUOTIENTS, Wait, grids, waits
from kpi.bottlenecks.nouns import NO_ROWS, Behind, Bools, Cell, Grid, Hours, Load, Slot, Standing
from kpi.bottlenecks.opening import DAY_HOURS, WEEK, Opening, applies, opening
from kpi.bottlenecks.searching import FEWEST, ByHour, Look, Rest, search
from kpi.facts import Facts
from kpi.model import Filter, Grain, Period
from kpi.periods.kinds import as_date
from kpi.stats import fcr_level
from kpi.verdicts import chance

HALF_YEAR = 182


def hours(facts: Facts, days: Period, *, where: tuple[Filter, ...] = ()) -> Hours:
    """Which hours stand out on these days.

    Raises:
        ValueError: for a field of ``where`` that no table has.
    """
    level = facts.definitions.confidence
    found = waits(facts, days, where)
    opened = opening(facts, days, where)
    counted = grids(facts, days, where)
    zone = facts.definitions.timezone
    if opened.refused is not None:
        grains = (facts.table(grain) for grain in (Grain.TICKETS, Grain.CALLS))
        usable = any(table is not None and applies(table, where) for table in grains)
        why = opened.refused if usable else "; ".join(found.notes)
        return Hours(days, zone, counted, (), 0, 0, (), "", (), why, level)
    tables = [ByHour.of(wait, opened) for wait in found.waits]
    searched = search(tables, opened, level, facts.definitions.minimum_n)
    # Intervals of what was chosen for being extreme are widened (Benjamini & Yekutieli 2005).
    wide = fcr_level(len(searched.found), max(len(searched.looks), 1), chance(level))
    standing = [
        _standing(searched.rests[look.measure], look, q, searched.shrunk.get(look), wide)
        for look, q in searched.found
    ]
    standing.sort(key=lambda one: (not one.slower, -abs(one.effect.value or 0.0) / (one.effect.se or 1.0)))
    marked = {(one.measure, weekday, one.slot.hour) for one in standing for weekday in one.slot.weekdays}
    made = tuple(_grid(rest, opened, marked, level) for rest in searched.rests)
    return Hours(
        days,
        zone,
        (*made, *counted),
        tuple(standing),
        len(searched.looks),
        searched.too_few,
        opened.working,
        opened.words,
        found.notes,
        None if tables else "no column tells how long customers waited, by the hour at which they came",
        level,
    )


def half_year(facts: Facts, period: Period) -> Period:
    """The 182 days up to the end of a period (or all of it, where it is longer), as far as the data go."""
    last = min(period.last_day, facts.last_day)
    first = max(min(period.first_day, last - HALF_YEAR + 1), min(facts.first_day, last))
    return periods.custom(as_date(first), as_date(max(first, last)), facts.definitions)


def rows_of_slot(grid: Grid, weekdays: tuple[int, ...], hour: int | None) -> Behind:
    """The contacts of an hour (every hour when None) on some weekdays."""
    return _rows_of(
        grid, [cell for cell in grid.cells if cell.weekday in weekdays and hour in (None, cell.hour)]
    )


def _rows_of(grid: Grid, cells: Sequence[Cell]) -> Behind:
    chosen = [cell.behind.rows for cell in cells]
    return Behind(grid.grain, np.sort(np.concatenate(chosen)) if chosen else NO_ROWS)


def load(found: Hours, slot: Slot) -> tuple[Load, ...]:
    """What comes and is answered in an hour, against the mean of the other open hours of its days."""
    judged = {
        (cell.weekday, cell.hour)
        for grid in found.grids
        if grid.kind != "count"
        for cell in grid.cells
        if cell.against is not None and cell.weekday in slot.weekdays
    }
    made = []
    for grid in found.grids:
        if grid.kind != "count" or grid.name in QUOTIENTS:
            continue
        value = {(cell.weekday, cell.hour): cell.value or 0.0 for cell in grid.cells}
        own = [value.get((day, slot.hour), 0.0) for day in slot.weekdays]
        others = {place for place in judged if place[1] != slot.hour}
        if not others:
            continue
        rest = [value.get(place, 0.0) for place in others]
        behind = rows_of_slot(grid, slot.weekdays, slot.hour)
        there = _rows_of(grid, [cell for cell in grid.cells if (cell.weekday, cell.hour) in others])
        made.append(Load(grid.name, float(np.mean(own)), float(np.mean(rest)), behind, there))
    return tuple(made)


def _standing(rest: Rest, look: Look, q: float, shrunk: float | None, level: float) -> Standing:
    wait, table = rest.table.wait, rest.table
    on = np.isin((wait.day + 3) % WEEK, look.slot.weekdays)
    mine = on & (wait.hour == look.slot.hour)
    same_days = np.zeros(table.weekday.size, np.bool_)
    same_days[wait.day[mine] - table.first] = True
    place = wait.day - table.first
    others = on & ~mine & rest.usable[place, wait.hour] & same_days[place]
    return Standing(
        wait.name,
        look.slot,
        rest.effect(look.slot, level, own_too=True),
        shrunk,
        _typical(wait, mine),
        _typical(wait, others),
        q,
        Behind(wait.grain, np.sort(wait.rows[mine])),
        int(others.sum()),
    )


def _typical(wait: Wait, mask: Bools) -> float:
    if not mask.any():
        return 0.0
    return float(wait.value[mask].mean()) if wait.kind == "share" else float(np.median(wait.raw[mask]))


def _grid(rest: Rest, opened: Opening, marked: set[tuple[str, int, int]], level: float) -> Grid:
    """Every hour of every weekday that has contacts."""
    wait = rest.table.wait
    code = (wait.day + 3) % WEEK * DAY_HOURS + wait.hour
    order = np.argsort(code, kind="stable")
    bounds = np.searchsorted(code[order], np.arange(WEEK * DAY_HOURS + 1))
    cells = []
    for place in range(WEEK * DAY_HOURS):
        mine = order[bounds[place] : bounds[place + 1]]
        if not mine.size:
            continue
        day, hour = divmod(place, DAY_HOURS)
        against = None
        if opened.open[day, hour] and mine.size >= FEWEST:
            value = rest.effect(Slot((day,), hour), level, own_too=True).value
            against = None if value is None else (value if wait.kind == "share" else math.exp(value))
        typical = None
        if mine.size >= FEWEST:
            typical = float(wait.value[mine].mean() if wait.kind == "share" else np.median(wait.raw[mine]))
        behind = Behind(wait.grain, np.sort(wait.rows[mine]))
        cells.append(Cell(day, hour, behind, typical, against, (wait.name, day, hour) in marked))
    return Grid(wait.name, wait.kind, tuple(cells), wait.about, wait.grain)
