"""Facts of tickets with the parts of their time and the waits of their stages, made once for each data set.

Parts of a solved ticket, in seconds, add up to the time from creation to the last solution. What an export
books to nobody stays "not told by the data"; where booked parts are longer than the whole (two clocks, a
reply after the solution) they are cut, the least certain first, and counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpi.bottlenecks.nouns import (
    AFTER,
    CALL_PARTS,
    CLOSED,
    CUSTOMER,
    FIRST,
    HELD,
    PARTS,
    QUEUE,
    TALK,
    TEAM,
    THIRD,
    UNTOLD,
    WORK,
    Bools,
    Floats,
)
from kpi.bottlenecks.staging import STAGES, stage_columns
from kpi.calendars import MISSING_DAY, business_seconds, is_open
from kpi.definitions import NINE_TO_FIVE, Calendar
from kpi.facts import Facts, FactTable
from kpi.facts.columns import SECOND, Canonical, Known, as_times, flags, whole
from kpi.model import Basis, Grain

PART_COLUMN: Mapping[str, str] = {
    **{name: f"part_{place}" for place, name in enumerate(PARTS)},
    **{name: f"call_part_{place}" for place, name in enumerate(CALL_PARTS)},
}
SPLIT_KNOWN = "split_known"
PLAUSIBLE = 0.8
"""So many of the first replies must lie inside opening hours that nobody chose before they are believed."""
SAME = 90.0
"""Seconds by which lengths in whole minutes may differ and still be the same."""


@dataclass(frozen=True, eq=False)
class Timed:
    """Facts whose tickets have the columns of parts and stages, and what was found while making them.

    Attributes:
        closed_from: what tells when the desk is closed; empty with the reason in ``why_open``.
        notes: what was assumed or cut. refused: why no part can be told.
        stages: names of the stages that can be told; ``missing`` the others, each with what it lacks.
    """

    facts: Facts
    closed_from: str
    why_open: str
    notes: tuple[str, ...]
    refused: str | None
    stages: tuple[str, ...]
    missing: tuple[tuple[str, str], ...]
    basis: Basis = Basis.CREATED
    """The date that puts a contact into a period for its stages: that of solving where none was created."""
    stage_notes: tuple[str, ...] = ()
    calls_refused: str | None = "the data hold no calls"
    call_notes: tuple[str, ...] = ()


_KEPT: WeakKeyDictionary[Facts, Timed] = WeakKeyDictionary()


def timed(facts: Facts) -> Timed:
    """The facts with the columns of parts and stages."""
    if facts not in _KEPT:
        _KEPT[facts] = _timed(facts)
    return _KEPT[facts]


def _timed(facts: Facts) -> Timed:
    table = facts.table(Grain.TICKETS)
    if table is None:
        nothing = tuple((name, "tickets with times") for name, _, _ in STAGES)
        # A copy: what is kept must not keep alive what it is kept by.
        return _with_calls(Timed(replace(facts), "", "", (), "the data hold no tickets", (), nothing))
    moments = _moments(table, facts)
    columns: dict[str, NDArray[Any]] = dict(table.columns)
    told = _parts(table, facts, moments, columns)
    stages, missing, stage_notes = stage_columns(moments, facts, table, columns)
    made = replace(table, columns=columns)
    tables = {**facts.tables, Grain.TICKETS: made}
    dated = bool((columns["created_day"] != MISSING_DAY).any())
    told = replace(
        told,
        facts=replace(facts, tables=tables),
        stages=stages,
        missing=missing,
        stage_notes=stage_notes,
        basis=Basis.CREATED if dated else Basis.SOLVED,
    )
    return _with_calls(told)


def _with_calls(told: Timed) -> Timed:
    """The same with the parts of answered calls: queue, talk, hold, work after the call."""
    table = told.facts.table(Grain.CALLS)
    if table is None:
        return told
    lacking = next((name for name in ("wait_known", "handle_known") if name not in table.columns), None)
    if lacking is not None:
        why = table.absent.get(lacking, "no column holds waits and talk time of calls")
        return replace(told, calls_refused=why)
    known = (table.columns["wait_known"] != 0) & (table.columns["handle_known"] != 0)
    columns: dict[str, NDArray[Any]] = dict(table.columns)
    columns[SPLIT_KNOWN] = flags(known)
    held, after = (
        np.where(known, table.columns.get(name, np.zeros(len(table), np.int32)), 0)
        for name in ("hold_s", "acw_s")
    )
    columns[PART_COLUMN[QUEUE]] = np.where(known, table.columns["wait_s"], 0).astype(np.int32)
    columns[PART_COLUMN[HELD]] = held.astype(np.int32)
    columns[PART_COLUMN[AFTER]] = after.astype(np.int32)
    rest = np.where(known, table.columns["handle_s"] - held - after, 0)
    columns[PART_COLUMN[TALK]] = np.maximum(rest, 0).astype(np.int32)
    tables = {**told.facts.tables, Grain.CALLS: replace(table, columns=columns)}
    note = table.notes.get("handle_known")
    return replace(
        told,
        facts=replace(told.facts, tables=tables),
        calls_refused=None if known.any() else "no answered call has both a wait and a talk time",
        call_notes=(note,) if note else (),
    )


# ---------------------------------------------------------------- moments


def _moments(table: FactTable, facts: Facts) -> dict[str, Known]:
    """Nanoseconds at which each ticket was created, assigned, answered, first solved and solved."""
    c = Canonical("tickets", table.source)
    created = c.time("created_at")
    exact = created.known & ~c.text("created_at_precision").among("day")
    created = Known(created.values, exact)
    solved_flag = table.columns.get("solved", np.zeros(len(table), np.uint8)) != 0
    solved = _later(c, created, ("solved_at", "closed_at"), "full_resolution_cal_s")
    first_solved = _later(c, created, (), "first_resolution_cal_s")
    reopened = c.number("reopens")
    once = solved.known & solved_flag & reopened.known & (reopened.values == 0) & ~first_solved.known
    first_solved = Known(np.where(once, solved.values, first_solved.values), first_solved.known | once)
    return {
        "created": created,
        "assigned": c.time("first_assigned_at"),
        "replied": _later(c, created, ("first_response_at",), "first_reply_cal_s"),
        "first_solved": first_solved,
        "solved": Known(solved.values, solved.known & solved_flag),
    }


def _later(c: Canonical, created: Known, stamps: tuple[str, ...], length: str) -> Known:
    """The first stamp that is known, else creation plus a measured length."""
    values, known = np.zeros(c.size, np.int64), c.nothing()
    for name in stamps:
        stamp = c.time(name)
        take = stamp.known & ~known
        values, known = np.where(take, stamp.values, values), known | stamp.known
    after = c.number(length)
    take = ~known & created.known & after.known & (after.values >= 0)
    values = np.where(take, created.values + (after.values * SECOND).astype(np.int64), values)
    return Known(values, known | take)


# ---------------------------------------------------------------- parts


def _parts(
    table: FactTable, facts: Facts, moments: Mapping[str, Known], columns: dict[str, NDArray[Any]]
) -> Timed:
    c = Canonical("tickets", table.source)
    solved = table.columns.get("solved", np.zeros(len(table), np.uint8)) != 0
    created, ended = moments["created"], moments["solved"]
    own = c.number("full_resolution_cal_s")
    between = created.known & ended.known
    total = np.where(own.known, own.values, (ended.values - created.values) / SECOND)
    known = solved & (own.known | between) & (total >= 0)
    columns[SPLIT_KNOWN] = flags(known)
    for name in PARTS:
        columns[PART_COLUMN[name]] = np.zeros(len(table), np.int32)
    if not known.any():
        why = table.absent.get("ttr_min", "no column holds the time a ticket was solved")
        return Timed(facts, "", "", (), why, (), ())
    total = np.where(known, total, 0.0)
    booked = _booked(table, facts, c, moments, total, known)
    closed, closed_from, why_open = _closed(facts, c, moments, total, booked, known)
    parts = _made(total, booked, closed)
    notes = [*booked.notes]
    columns |= {PART_COLUMN[name]: whole(parts[name], known) for name in PARTS}
    # Rounding each part by itself could break the sum by a second or two: the largest part takes it.
    column = np.stack([columns[PART_COLUMN[name]] for name in PARTS])
    gap = whole(total, known) - column.sum(axis=0)
    largest = column.argmax(axis=0)
    column[largest, np.arange(len(table))] += gap.astype(np.int32)
    for place, name in enumerate(PARTS):
        columns[PART_COLUMN[name]] = column[place]
    return Timed(facts, closed_from, why_open, tuple(notes), None, (), ())


@dataclass(frozen=True, eq=False)
class _Booked:
    """What the export books, in seconds of clock time, all of it inside the whole.

    ``rest`` is what is left; ``told`` where the export says that the rest is with the team.
    """

    first: Floats
    customer: Floats
    third: Floats
    work: Floats
    rest: Floats
    told: Bools
    notes: tuple[str, ...]


def _booked(
    table: FactTable,
    facts: Facts,
    c: Canonical,
    moments: Mapping[str, Known],
    total: Floats,
    known: Bools,
) -> _Booked:
    first = _first_reply(c, moments, known)
    customer, third = (_length(c, f"{name}_cal_s", known) for name in ("agent_wait", "on_hold"))
    requester = _length(c, "requester_wait_cal_s", known)
    notes = []
    outside = _hold_outside(total, requester, customer, third)
    left = total.copy()
    cut = np.zeros(len(table), np.bool_)
    taken: dict[str, Floats] = {}
    for name, part in (("first", first), ("customer", customer), ("third", third)):
        given = np.where(part.known, part.values, 0.0)
        taken[name] = np.minimum(given, left)
        cut |= given > left + SAME
        left = left - taken[name]
    if (cut & known).any():
        notes.append(
            f"{int((cut & known).sum()):,} contacts book more time than passed from creation to solution; "
            "what does not fit was cut"
        )
    # Where waits are booked at all, what is left after them is with the team.
    said = requester.known | (customer.known & third.known)
    if requester.known.any():
        with_team = np.where(
            requester.known,
            requester.values - taken["first"] - (0.0 if outside else taken["third"]),
            left,
        )
        with_team = np.clip(with_team, 0.0, left)
    else:
        with_team = left
    told = np.where(said, np.where(left - with_team <= SAME, left, with_team), 0.0)
    work = _work(table, facts)
    worked = np.minimum(np.where(work.known, work.values, 0.0), left)
    from_told = np.minimum(worked, told)
    rest_told = told - from_told
    rest_untold = left - told - (worked - from_told)
    if not customer.known.any():
        notes.append("no column books the time spent waiting for the customer (pending)")
    if not third.known.any():
        notes.append("no column books the time on hold for a third party")
    if not first.known.any():
        notes.append("no column holds the first reply, so its wait is not told apart")
    if not work.known.any():
        notes.append("no column holds working or talk time, so work is not told apart from waiting")
    return _Booked(
        taken["first"],
        taken["customer"],
        taken["third"],
        worked,
        np.stack([rest_told, np.maximum(rest_untold, 0.0)]),
        said,
        tuple(notes),
    )


def _first_reply(c: Canonical, moments: Mapping[str, Known], known: Bools) -> Known:
    own = c.number("first_reply_cal_s")
    created, replied = moments["created"], moments["replied"]
    between = created.known & replied.known
    values = np.where(own.known, own.values, (replied.values - created.values) / SECOND)
    good = (own.known | between) & (values >= 0) & known
    return Known(np.where(good, values, 0.0), good)


def _length(c: Canonical, name: str, known: Bools) -> Known:
    found = c.number(name)
    good = found.known & (found.values >= 0) & known
    return Known(np.where(good, found.values, 0.0), good)


def _hold_outside(total: Floats, requester: Known, customer: Known, third: Known) -> bool:
    """Whether time on hold stands beside the requester's wait (True) or inside it (Zendesk's own way).

    Decided by which sum is the whole in more of the contacts that were on hold.
    """
    held = requester.known & third.known & (third.values > SAME)
    both = requester.values + np.where(customer.known, customer.values, 0.0)
    beside = np.abs(both + third.values - total) <= SAME
    inside = np.abs(both - total) <= SAME
    return int((beside & held).sum()) > int((inside & held).sum())


def _work(table: FactTable, facts: Facts) -> Known:
    """Seconds of work on each ticket: booked on it, else on the calls that belong to it."""
    if "handle_known" in table.columns and table.columns["handle_known"].any():
        known = table.columns["handle_known"] != 0
        return Known(np.where(known, table.columns["handle_s"], 0).astype(np.float64), known)
    nothing = Known(np.zeros(len(table)), np.zeros(len(table), np.bool_))
    calls = facts.table(Grain.CALLS)
    if calls is None or "handle_known" not in calls.columns:
        return nothing
    if "ticket_id" not in calls.source.columns or "ticket_id" not in table.source.columns:
        return nothing
    there = (calls.columns["handle_known"] != 0) & calls.source["ticket_id"].notna().to_numpy(dtype=bool)
    if not there.any():
        return nothing
    seconds = pd.Series(calls.columns["handle_s"][there].astype(np.float64))
    by_ticket = seconds.groupby(calls.source["ticket_id"][there].to_numpy()).sum()
    found = table.source["ticket_id"].map(by_ticket)
    known = found.notna().to_numpy(dtype=bool)
    return Known(found.fillna(0.0).to_numpy(dtype=np.float64), known)


def _closed(
    facts: Facts,
    c: Canonical,
    moments: Mapping[str, Known],
    total: Floats,
    booked: _Booked,
    known: Bools,
) -> tuple[tuple[Floats, Floats] | None, str, str]:
    """Seconds with the desk closed, of the first reply and of what is left after it; their origin."""
    whole_bus, first_bus = c.number("full_resolution_bus_s"), c.number("first_reply_bus_s")
    if (whole_bus.known & known).sum() >= 0.9 * known.sum():
        return (*_measured(c, total, booked, whole_bus, first_bus),), "the export's own business hours", ""
    calendar = facts.definitions.calendar
    why = _unbelievable(calendar, moments["replied"] if moments["replied"].known.any() else moments["solved"])
    if why:
        return None, "", why
    created, replied, ended = moments["created"], moments["replied"], moments["solved"]
    all_closed = np.maximum(total - _open_seconds(created, ended, calendar, known, total), 0.0)
    first_open = _open_seconds(created, replied, calendar, known, booked.first)
    first_closed = np.clip(booked.first - first_open, 0.0, booked.first)
    waits = booked.customer + booked.third
    after = np.clip(total - booked.first, 1e-9, None)
    # Waits of others lie at unknown moments after the first reply: closed time is shared out evenly.
    rest_closed = np.clip(all_closed - first_closed, 0.0, None) * np.clip(1 - waits / after, 0.0, 1.0)
    return (first_closed, rest_closed), "the opening hours under Definitions", ""


def _measured(
    c: Canonical, total: Floats, booked: _Booked, whole_bus: Known, first_bus: Known
) -> tuple[Floats, Floats]:
    """Closed seconds from lengths that the export gives in both clocks."""
    closed = np.where(whole_bus.known, np.maximum(total - whole_bus.values, 0.0), 0.0)
    first = np.where(
        first_bus.known, np.clip(booked.first - np.maximum(first_bus.values, 0.0), 0.0, booked.first), 0.0
    )
    others = np.zeros(total.size)
    for name, part in (("agent_wait", booked.customer), ("on_hold", booked.third)):
        open_part = c.number(f"{name}_bus_s")
        others += np.where(open_part.known, np.clip(part - open_part.values, 0.0, part), 0.0)
    return first, np.maximum(closed - first - others, 0.0)


def _unbelievable(calendar: Calendar, acts: Known) -> str:
    """Why the opening hours are not used; empty when they are."""
    if not any(calendar.weekly):
        return "no opening hours are set under Definitions"
    if calendar.weekly != NINE_TO_FIVE:
        return ""
    if not acts.known.any():
        return "no reply tells whether the usual opening hours (9 to 17, Monday to Friday) are yours"
    inside = float(is_open(as_times(Known(acts.values[acts.known], acts.known[acts.known])), calendar).mean())
    if inside >= PLAUSIBLE:
        return ""
    return (
        f"only {inside * 100:.0f} % of what your team did lies inside the usual opening hours (9 to 17, "
        "Monday to Friday); set yours under Definitions"
    )


def _open_seconds(start: Known, end: Known, calendar: Calendar, known: Bools, otherwise: Floats) -> Floats:
    """Open seconds between two moments; where either is unknown the whole length counts as open."""
    both = start.known & end.known & known & (end.values >= start.values)
    found = otherwise.copy()
    if both.any():
        every = both[both]
        found[both] = business_seconds(
            as_times(Known(start.values[both], every)), as_times(Known(end.values[both], every)), calendar
        )
    return found


def _made(total: Floats, booked: _Booked, closed: tuple[Floats, Floats] | None) -> dict[str, Floats]:
    """The parts; closed time is taken from the first reply and from what is left with the team."""
    team, untold = booked.rest
    first, shut = booked.first, np.zeros(total.size)
    if closed is not None:
        first_closed, rest_closed = closed
        first = booked.first - first_closed
        from_team = np.minimum(rest_closed, team)
        from_untold = np.minimum(rest_closed - from_team, untold)
        team, untold = team - from_team, untold - from_untold
        shut = first_closed + from_team + from_untold
    parts = {
        FIRST: first,
        TEAM: team,
        WORK: booked.work,
        CUSTOMER: booked.customer,
        THIRD: booked.third,
        CLOSED: shut,
    }
    sum_told = sum(parts.values(), np.zeros(total.size))
    parts[UNTOLD] = np.maximum(total - sum_told, 0.0)
    return parts
