"""Open tickets and their limits: time left, or overdue, as of the newest stamp of the data or as of now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpi import engine, fields
from kpi.attainment.clocks import READS, limit_of_rows
from kpi.attainment.nouns import Clock
from kpi.calendars import business_seconds
from kpi.estimates import checked_fields
from kpi.facts import Facts, FactTable
from kpi.facts.columns import Canonical
from kpi.model import Basis, Filter, Grain

SOON = 0.25
"""Runs out soon: less than this part of the promised time is left."""
STATES = ("runs out soon", "in time", "overdue")
DEADLINES = (("first_response_due_at", "first response, deadline of the export"),
             ("due_at", "resolution, deadline of the export"))  # fmt: skip
BESIDE = (
    "channel",
    "priority",
    "group",
    "agent_name",
    "category",
    "product",
    "status",
    "created_at",
    "subject",
)
SECOND = 1_000_000_000


@dataclass(frozen=True, eq=False)
class Waiting:
    """Open tickets with a limit, the next to run out first, then the overdue, the least overdue first.

    Attributes:
        tickets: ``ticket_id``, ``promise``, ``state``, ``left_h`` (hours; below 0: overdue), ``waited_h``,
            ``limit_h``, then what is known about the ticket. A ticket with two promises has two rows.
        as_of: the moment up to which waits are counted (UTC).
        counts: rows by state.
        business_hours: whether hours are those while the desk is open; deadlines of the export never are.
        reason: why there is nothing to list; empty where there is.
        newest: the newest stamp of the data, where waits are counted further than that; else None.
    """

    tickets: pd.DataFrame
    as_of: datetime
    counts: dict[str, int]
    business_hours: bool
    reason: str = ""
    newest: datetime | None = None

    @property
    def soonest_h(self) -> float | None:
        """Hours until the next limit runs out; None where none still runs."""
        running = [] if self.tickets.empty else self.tickets.loc[self.tickets["left_h"] >= 0, "left_h"]
        return float(min(running)) if len(running) else None

    def only(self, state: str | None) -> pd.DataFrame:
        """The rows of one state, of all for None."""
        if state is None or self.tickets.empty:
            return self.tickets
        return self.tickets[self.tickets["state"] == state].reset_index(drop=True)


def waiting(facts: Facts, *, where: tuple[Filter, ...] = (), now: datetime | None = None) -> Waiting:
    """Every open ticket with a promised time or a deadline of its own.

    Parameters
        now: count waits up to this moment (with a zone), for data that are read as they come; up to the
            newest stamp of the data when None or earlier than that.

    Raises:
        ValueError: for a field that no table has.
    """
    checked_fields(facts, (each.field for each in where))
    as_of = facts.as_of if now is None else max(now, facts.as_of)
    newest = facts.as_of if as_of > facts.as_of else None
    counts = dict.fromkeys(STATES, 0)
    nothing = Waiting(pd.DataFrame(), as_of, counts, facts.definitions.business_hours, newest=newest)
    table = facts.table(Grain.TICKETS)
    if table is None:
        return _without(nothing, "the data hold no tickets")
    if "entered" not in table.columns:
        return _without(nothing, table.absent.get("entered", "no column says whether a ticket is open"))
    open_rows = (table.columns["entered"] != 0) & (table.columns["left"] == 0)
    for each in where:
        if fields.resolve(table, each.field) is None:
            return _without(nothing, f"tickets have no field '{each.field}'")
    wanted = np.zeros(len(table), dtype=np.bool_)
    wanted[engine.select(table, Basis.POINT, None, where=where).rows] = True
    open_rows &= wanted
    since = _passed(facts, as_of)
    frames = [
        frame
        for frame in (
            _promised(table, open_rows, Clock.RESPONSE, "frt_waiting", since),
            _promised(table, open_rows, Clock.RESOLUTION, "ttr_open", since),
            *(_deadline(table, open_rows, as_of, *each) for each in DEADLINES),
        )
        if frame is not None and len(frame)
    ]
    if not frames:
        words = "no open ticket has a promised time or a deadline that still runs"
        return _without(nothing, words if open_rows.any() else "no ticket is open")
    found = pd.concat(frames, ignore_index=True)
    rank = found["state"].map({name: place for place, name in enumerate(STATES)}).to_numpy()
    left = found["left_h"].to_numpy()
    found = found.iloc[np.lexsort((np.abs(left), rank))].reset_index(drop=True)
    counts = {state: int((found["state"] == state).sum()) for state in STATES}
    return replace(nothing, tickets=found, counts=counts)


def _without(bare: Waiting, reason: str) -> Waiting:
    return replace(bare, reason=reason)


def _passed(facts: Facts, as_of: datetime) -> float:
    """Seconds since the newest stamp, by the clock of the definitions: so long every open ticket waited."""
    if not facts.definitions.business_hours:
        return (as_of - facts.as_of).total_seconds()
    newest, now = (pd.Series([moment]) for moment in (facts.as_of, as_of))
    return float(business_seconds(newest, now, facts.definitions.calendar)[0])


def _promised(
    table: FactTable, open_rows: NDArray[np.bool_], clock: Clock, flag: str, since: float
) -> pd.DataFrame | None:
    reads = READS[clock]
    if flag not in table.columns or reads.time not in table.columns:
        return None
    limit = limit_of_rows(table, clock)
    rows = np.flatnonzero(open_rows & (table.columns[flag] != 0) & (limit >= 0))
    waited = table.columns[reads.time][rows].astype(np.float64) * reads.seconds + since
    return _frame(table, rows, clock.value, waited, limit[rows])


def _deadline(
    table: FactTable, open_rows: NDArray[np.bool_], as_of: datetime, column: str, words: str
) -> pd.DataFrame | None:
    """By the export's own deadline, in clock time."""
    canonical = Canonical("tickets", table.source)
    due, created = canonical.time(column), canonical.time("created_at")
    still = open_rows & due.known & created.known & (due.values >= created.values)
    if column == "first_response_due_at":
        still &= ~canonical.time("first_response_at").known
    rows = np.flatnonzero(still)
    now = int(as_of.timestamp()) * SECOND
    waited = (now - created.values[rows]) / SECOND
    return _frame(table, rows, words, waited, (due.values[rows] - created.values[rows]) / SECOND)


def _frame(
    table: FactTable,
    rows: NDArray[np.intp],
    promise: str,
    waited: NDArray[np.float64],
    limit: NDArray[np.float64],
) -> pd.DataFrame:
    left = limit - waited
    state = np.where(left < 0, STATES[2], np.where(left < SOON * limit, STATES[0], STATES[1]))
    source = table.source.iloc[rows]
    made: dict[str, Any] = {
        "ticket_id": source["ticket_id"].to_numpy() if "ticket_id" in source else rows + 1,
        "promise": promise,
        "state": state.astype(object),
        "left_h": np.round(left / 3600, 2),
        "waited_h": np.round(waited / 3600, 2),
        "limit_h": np.round(limit / 3600, 2),
    }
    made |= {name: source[name].array for name in BESIDE if name in source}
    return pd.DataFrame(made)
