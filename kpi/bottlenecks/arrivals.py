"""Contacts by the hour at which they come: how long they wait, and how many come and are answered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kpi import engine
from kpi.bottlenecks.nouns import Behind, Cell, Floats, Grid, Longs
from kpi.bottlenecks.opening import DAY_HOURS, WEEK, applies, replies
from kpi.calendars import MISSING_DAY
from kpi.facts import Facts, FactTable
from kpi.facts.columns import Canonical
from kpi.model import Basis, Filter, Grain, Period
from kpi.periods.kinds import as_date

LIVE = {"chat": "in live chat", "messaging": "in messaging", "sms": "to text messages"}
PHONE = "phone"
FEWEST_ROWS = 20
MOSTLY = 0.9
BY_THE_CLOCK = "by the clock: what comes before closing waits for the next opening"
QUEUE, GIVEN_UP = "wait on the phone", "calls given up"
NEW_TICKETS, NEW_CALLS, REPLIES, ANSWERED, PEOPLE = (
    "new tickets a day",
    "calls a day",
    "first replies a day",
    "answered calls a day",
    "agents who reply",
)
AGAINST = (
    (NEW_TICKETS, f"{PEOPLE} (send first replies)", "new tickets for each agent who replies"),
    (NEW_CALLS, f"{PEOPLE} (answer calls)", "calls for each agent who answers"),
)
"""What comes, who answers, and what their quotient is called."""
QUOTIENTS = frozenset(name for _, _, name in AGAINST)


@dataclass(frozen=True, eq=False)
class Wait:
    """Contacts with a wait (kind "wait") or an outcome (kind "share"), by local day and hour of coming.

    ``raw`` are seconds, or 0 and 1; ``value`` what is compared: logs of seconds, or the same.
    """

    name: str
    kind: str
    grain: Grain
    rows: Longs
    day: Longs
    hour: Longs
    raw: Floats
    value: Floats
    about: str


@dataclass(frozen=True)
class Waits:
    """All that wait, and what is not told."""

    waits: tuple[Wait, ...]
    notes: tuple[str, ...]


def waits(facts: Facts, days: Period, where: tuple[Filter, ...] = ()) -> Waits:
    """First replies of live channels, waits on the phone, calls given up."""
    found: list[Wait] = []
    notes: list[str] = []
    calls = facts.table(Grain.CALLS)
    timed_calls = calls is not None and bool((calls.columns["started_hour"] < DAY_HOURS).any())
    tickets = facts.table(Grain.TICKETS)
    if tickets is None:
        notes.append("the data hold no tickets, so first replies are not told")
    elif not applies(tickets, where):
        notes.append("the tickets lack a column that is filtered by, so first replies are not told")
    elif not (tickets.columns["created_hour"] < DAY_HOURS).any():
        notes.append("tickets have a date of creation but no time of day, so their hours are not told")
    elif "frt_s" not in tickets.columns:
        notes.append(f"first replies are not told: {tickets.absent.get('frt_s', 'no column holds them')}")
    else:
        found += _first_replies(facts, tickets, days, where, notes, phone_too=not timed_calls)
    if calls is not None and applies(calls, where):
        found += _calls(calls, days, where, notes)
    elif calls is not None:
        notes.append("the calls lack a column that is filtered by, so the phone is not told")
    return Waits(tuple(each for each in found if each.rows.size >= FEWEST_ROWS), tuple(notes))


def _first_replies(
    facts: Facts,
    table: FactTable,
    days: Period,
    where: tuple[Filter, ...],
    notes: list[str],
    *,
    phone_too: bool,
) -> list[Wait]:
    chosen = engine.select(table, Basis.CREATED, days, where=where)
    hour = chosen.column("created_hour").astype(np.int64)
    own = Canonical("tickets", table.source).number("first_reply_bus_s")
    rows = chosen.rows.astype(np.int64)
    known = (chosen.column("frt_known") != 0) & (hour < DAY_HOURS)
    open_known = own.known[rows] & (own.values[rows] >= 0)
    channel = table.dimensions.get("channel")
    groups: list[tuple[str, np.ndarray]] = []
    if channel is not None:
        names = [str(name).casefold() for name in channel.categories]
        codes = channel.codes[rows]
        wanted = {**LIVE, **({PHONE: "on the phone"} if phone_too else {})}
        for name, words in wanted.items():
            if name in names:
                groups.append((f"first reply {words}", codes == names.index(name)))
    if not groups:
        groups = [("first reply", np.ones(rows.size, np.bool_))]
        notes.append(
            "no column names the channel, so all contacts are taken together"
            if channel is None
            else "no live channel (chat, messaging, phone) in these data: all channels are taken together"
        )
    made = []
    for name, mine in groups:
        keep = known & mine
        if not keep.any():
            continue
        in_open = not facts.definitions.business_hours and (open_known & keep).sum() >= MOSTLY * keep.sum()
        if in_open:
            keep &= open_known
            seconds = own.values[rows]
            about = "in the export's own business hours, so that the night counts for nobody"
        else:
            seconds = chosen.column("frt_s").astype(np.float64)
            about = "in business hours" if facts.definitions.business_hours else BY_THE_CLOCK
        made.append(
            _wait(name, Grain.TICKETS, rows[keep], chosen.day[keep], hour[keep], seconds[keep], about)
        )
    return made


def _calls(table: FactTable, days: Period, where: tuple[Filter, ...], notes: list[str]) -> list[Wait]:
    chosen = engine.select(table, Basis.STARTED, days, where=where)
    hour = chosen.column("started_hour").astype(np.int64)
    rows = chosen.rows.astype(np.int64)
    timed = hour < DAY_HOURS
    made: list[Wait] = []
    if not timed.any():
        notes.append("calls have a date but no time of day, so their hours are not told")
        return made
    if "wait_known" in table.columns:
        keep = (chosen.column("wait_known") != 0) & timed
        seconds = chosen.column("wait_s").astype(np.float64)
        about = "answered calls, until an agent answers"
        made.append(_wait(QUEUE, Grain.CALLS, rows[keep], chosen.day[keep], hour[keep], seconds[keep], about))
    else:
        notes.append(f"waits on the phone are not told: {table.absent.get('wait_s', 'no column holds them')}")
    if "offered" in table.columns and "long_abandoned" in table.columns:
        keep = (chosen.column("offered") != 0) & timed
        lost = (chosen.column("long_abandoned")[keep] != 0).astype(np.float64)
        if lost.any() and not lost.all():
            day = chosen.day[keep].astype(np.int64)
            about = "calls that customers gave up, of those offered"
            made.append(Wait(GIVEN_UP, "share", Grain.CALLS, rows[keep], day, hour[keep], lost, lost, about))
    return made


def _wait(
    name: str, grain: Grain, rows: Longs, day: np.ndarray, hour: Longs, seconds: Floats, about: str
) -> Wait:
    # Half a step of the clock stands for "at once", as its log would be minus infinity.
    whole_minutes = bool(seconds.size) and bool((np.mod(seconds, 60) == 0).all())
    least = 30.0 if whole_minutes else 0.5
    logs = np.log(np.maximum(seconds, least))
    return Wait(name, "wait", grain, rows, day.astype(np.int64), hour, seconds, logs, about)


# ---------------------------------------------------------------- counts


def grids(facts: Facts, days: Period, where: tuple[Filter, ...] = ()) -> tuple[Grid, ...]:
    """How much comes and is answered, by hour and weekday, for each day of that weekday in the data."""
    found: list[Grid] = []
    first, last = max(days.first_day, facts.first_day), min(days.last_day, facts.last_day)
    if last < first or not facts.dated:
        return ()
    span = Period(as_date(first), as_date(last))
    weekdays = np.bincount((np.arange(first, last + 1) + 3) % WEEK, minlength=WEEK)
    for grain, basis, column, name in (
        (Grain.TICKETS, Basis.CREATED, "created_hour", NEW_TICKETS),
        (Grain.CALLS, Basis.STARTED, "started_hour", NEW_CALLS),
    ):
        table = facts.table(grain)
        if table is None or not applies(table, where) or column not in table.columns:
            continue
        chosen = engine.select(table, basis, span, where=where)
        hour = chosen.column(column).astype(np.int64)
        known = (hour < DAY_HOURS) & (chosen.day != MISSING_DAY)
        rows, day = chosen.rows[known].astype(np.int64), chosen.day[known].astype(np.int64)
        found.append(_count(name, grain, rows, day, hour[known], weekdays, "by the hour at which they come"))
    for table, day, hour, rows in replies(facts, where):
        inside = (day >= first) & (day <= last)
        name = REPLIES if table.grain is Grain.TICKETS else ANSWERED
        about = "by the hour in which the team replies"
        found.append(_count(name, table.grain, rows[inside], day[inside], hour[inside], weekdays, about))
        if "agent" in table.dimensions:
            found.append(_people(table, rows[inside], day[inside], hour[inside], weekdays))
    once = _one_of_each(found)
    return tuple(grid for grid in (*once, *_against(once)) if grid.cells)


def _against(grids: list[Grid]) -> list[Grid]:
    """What comes in an hour for each agent who replies in it; nothing where nobody replies in that hour."""
    named = {grid.name: grid for grid in grids}
    found = []
    for comes, answers, name in AGAINST:
        if comes not in named or answers not in named:
            continue
        people = {(cell.weekday, cell.hour): cell.value for cell in named[answers].cells}
        cells = []
        for cell in named[comes].cells:
            there = people.get((cell.weekday, cell.hour))
            if cell.value is not None and there:
                cells.append(Cell(cell.weekday, cell.hour, cell.behind, cell.value / there, None))
        about = (
            "what comes in an hour ÷ different agents who reply in it, means over the days; hours in which "
            "nobody replies are empty, and no roster tells who was there"
        )
        found.append(Grid(name, "count", tuple(cells), about, named[comes].grain))
    return found


def _count(
    name: str, grain: Grain, rows: Longs, day: Longs, hour: Longs, weekdays: np.ndarray, about: str
) -> Grid:
    code = (day + 3) % WEEK * DAY_HOURS + hour
    order = np.argsort(code, kind="stable")
    cells = []
    for place, mine in _runs(code, order):
        weekday, at = divmod(place, DAY_HOURS)
        value = mine.size / max(int(weekdays[weekday]), 1)
        cells.append(Cell(weekday, at, Behind(grain, np.sort(rows[mine])), value, None))
    return Grid(name, "count", tuple(cells), about, grain)


def _people(table: FactTable, rows: Longs, day: Longs, hour: Longs, weekdays: np.ndarray) -> Grid:
    """Different agents who reply in an hour, on average over the days of the weekday."""
    agent = table.dimensions["agent"].codes[rows].astype(np.int64)
    code = (day + 3) % WEEK * DAY_HOURS + hour
    seen = np.unique(np.stack([code, day, agent]), axis=1)
    people = np.bincount(seen[0], minlength=WEEK * DAY_HOURS)
    order = np.argsort(code, kind="stable")
    cells = []
    for place, mine in _runs(code, order):
        weekday, at = divmod(place, DAY_HOURS)
        value = float(people[place]) / max(int(weekdays[weekday]), 1)
        cells.append(Cell(weekday, at, Behind(table.grain, np.sort(rows[mine])), value, None))
    what = "answer calls" if table.grain is Grain.CALLS else "send first replies"
    about = f"different agents who {what} in an hour, the mean over the days: no roster tells who was there"
    return Grid(f"{PEOPLE} ({what})", "count", tuple(cells), about, table.grain)


def _runs(code: Longs, order: Longs) -> list[tuple[int, Longs]]:
    """Every code with the places that have it."""
    if not code.size:
        return []
    placed = code[order]
    starts = np.flatnonzero(np.concatenate([[True], placed[1:] != placed[:-1]]))
    ends = np.append(starts[1:], placed.size)
    return [(int(placed[a]), order[a:b]) for a, b in zip(starts, ends, strict=True)]


def _one_of_each(found: list[Grid]) -> list[Grid]:
    return list({grid.name: grid for grid in found}.values())
