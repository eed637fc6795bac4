"""Which hours of the week the team is open, from what it does or from the hours that were set."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kpi import engine, fields
from kpi.bottlenecks.nouns import Bools, Floats, Longs
from kpi.calendars import MISSING_DAY
from kpi.definitions import NINE_TO_FIVE
from kpi.facts import Facts, FactTable
from kpi.facts.columns import Canonical, days_of, hours_of
from kpi.model import Basis, Filter, Grain, Period

DAY_HOURS, WEEK = 24, 7
USUAL = (0, 1, 2, 3, 4)
QUARTER = 0.25
"""An hour is open when the team replies at least a quarter as often as in the busiest of its weekday."""
TENTH = 0.1
"""A weekday is open when its busiest hour has a tenth of the replies of the busiest of all."""


@dataclass(frozen=True, eq=False)
class Opening:
    """Open hours by weekday and hour; ``working`` are the weekdays taken together as working days."""

    open: Bools
    working: tuple[int, ...]
    words: str
    refused: str | None = None


def opening(facts: Facts, days: Period, where: tuple[Filter, ...] = ()) -> Opening:
    """The open hours on these days."""
    calendar = facts.definitions.calendar
    chosen = calendar.weekly != NINE_TO_FIVE and any(calendar.weekly)
    if chosen and calendar.zone == facts.definitions.timezone:
        open_hours = np.zeros((WEEK, DAY_HOURS), np.bool_)
        for weekday, shifts in enumerate(calendar.weekly):
            for start, end in shifts:
                open_hours[weekday, start // 60 : -(-end // 60)] = True
        return Opening(open_hours, _working(open_hours.sum(axis=1)), "the opening hours under Definitions")
    counted, words = acts(facts, days, where)
    if counted is None:
        why = "no stamp of these contacts has a time of day"
        return Opening(np.zeros((WEEK, DAY_HOURS), np.bool_), (), "", why)
    busiest = counted.max(axis=1, keepdims=True)
    busy = (counted >= QUARTER * busiest) & (busiest >= TENTH * counted.max()) & (counted > 0)
    # A thin hour between two busy ones is a bottleneck, and no closing time.
    forwards, backwards = (np.maximum.accumulate(each, axis=1) for each in (busy, busy[:, ::-1]))
    open_hours = forwards & backwards[:, ::-1]
    return Opening(open_hours, _working(counted.sum(axis=1)), words)


def acts(facts: Facts, days: Period, where: tuple[Filter, ...]) -> tuple[Floats | None, str]:
    """How often the team replied, by weekday and hour; arrivals where no reply has a time."""
    found = np.zeros((WEEK, DAY_HOURS))
    for _, day, hour, _ in replies(facts, where):
        inside = (day >= days.first_day) & (day <= days.last_day) & (hour < DAY_HOURS)
        np.add.at(found, ((day[inside] + 3) % WEEK, hour[inside]), 1.0)
    if found.any():
        return found, "the hours in which your team replies"
    for grain, basis, name in (
        (Grain.TICKETS, Basis.CREATED, "created_hour"),
        (Grain.CALLS, Basis.STARTED, "started_hour"),
    ):
        table = facts.table(grain)
        if table is None or name not in table.columns or not applies(table, where):
            continue
        chosen = engine.select(table, basis, days, where=where)
        hour = chosen.column(name)
        known = hour < DAY_HOURS
        np.add.at(found, ((chosen.day[known].astype(np.int64) + 3) % WEEK, hour[known]), 1.0)
    return (found, "the hours in which contacts come, as no reply has a time") if found.any() else (None, "")


def replies(facts: Facts, where: tuple[Filter, ...]) -> list[tuple[FactTable, Longs, Longs, Longs]]:
    """First replies of tickets and answered calls: table, local day, local hour, row."""
    found = []
    zone = facts.definitions.timezone
    tickets = facts.table(Grain.TICKETS)
    if tickets is not None and applies(tickets, where):
        first = Canonical("tickets", tickets.source).time("first_response_at")
        created = tickets.columns["created_hour"]
        chosen = engine.select(tickets, Basis.POINT, None, where=where).rows
        day, hour = days_of(first, zone), hours_of(first, zone)
        # A desk whose stamps are dates would reply at midnight only.
        if created.size and (created < DAY_HOURS).any():
            kept = chosen[(day[chosen] != MISSING_DAY) & (hour[chosen] < DAY_HOURS)]
            found.append(
                (tickets, day[kept].astype(np.int64), hour[kept].astype(np.int64), kept.astype(np.int64))
            )
    calls = facts.table(Grain.CALLS)
    if calls is not None and applies(calls, where) and "answered" in calls.columns:
        chosen = engine.select(calls, Basis.POINT, None, where=where).rows
        day, hour = calls.columns["started_day"], calls.columns["started_hour"]
        kept = chosen[
            (calls.columns["answered"][chosen] != 0)
            & (day[chosen] != MISSING_DAY)
            & (hour[chosen] < DAY_HOURS)
        ]
        found.append((calls, day[kept].astype(np.int64), hour[kept].astype(np.int64), kept.astype(np.int64)))
    return found


def applies(table: FactTable, where: tuple[Filter, ...]) -> bool:
    """Whether the table has every field that is filtered by."""
    return all(fields.resolve(table, each.field) is not None for each in where)


def _working(weight: Floats) -> tuple[int, ...]:
    """Monday to Friday where all of them are worked; else the weekdays that hold at least half of the
    busiest."""
    worked = weight >= 0.5 * weight.max()
    if all(worked[day] for day in USUAL):
        return USUAL
    return tuple(int(day) for day in np.flatnonzero(worked & (weight > 0)))
