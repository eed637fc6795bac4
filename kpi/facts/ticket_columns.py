"""The state of tickets and their times: created, answered, solved, still waiting, open."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpi.calendars import MISSING_DAY, business_seconds
from kpi.definitions import Definitions
from kpi.facts.columns import SECOND, Bools, Canonical, Known, as_times, days_of, flags, hours_of, whole
from kpi.facts.dimensions import dimensions_of

SOLVED = ("solved", "closed")
GONE = ("cancelled",)
DAY_NS = 86_400 * SECOND
AGE_BANDS = (7, 30)
FRT_SETTLED = ("frt_open", "frt_settled", "frt_settled_met", "frt_unsettled")
TTR_TARGET = ("ttr_decided", "ttr_met", "ttr_undecided")


class TicketColumns:
    """The columns of tickets as they are made, one subject after the other.

    Call :meth:`state` first; response, resolution and backlog need it, and so do the further subjects
    (further contacts, work, promises), which are functions of their own.
    """

    def __init__(self, rows: pd.DataFrame, definitions: Definitions, as_of: int) -> None:
        self.canonical = Canonical("tickets", rows)
        self.definitions = definitions
        self.as_of = as_of
        self.columns: dict[str, NDArray[Any]] = {}
        self.notes: dict[str, str] = {}
        self.absent: dict[str, str] = {}
        self.dimensions = dimensions_of(rows)
        self.size = len(rows)

    # ------------------------------------------------------------ state

    def state(self) -> None:
        """Created, solved, and whether the ticket is solved, open or gone."""
        c, zone = self.canonical, self.definitions.timezone
        self.created = c.time("created_at")
        stamped = c.time("solved_at")
        closed = c.time("closed_at")
        from_closed = ~stamped.known & closed.known
        stamped = Known(np.where(from_closed, closed.values, stamped.values), stamped.known | closed.known)
        status = c.text("status")
        if status.known.any():
            solved = status.among(*SOLVED) | (~status.known & stamped.known)
        else:
            solved = stamped.known
        self.gone = status.among(*GONE)
        full = c.number("full_resolution_cal_s")
        counted = solved & ~stamped.known & self.created.known & full.known
        moment = np.where(
            counted, self.created.values + (full.values * SECOND).astype(np.int64), stamped.values
        )
        self.solved = solved
        self.solved_at = Known(np.where(solved, moment, 0), solved & (stamped.known | counted))
        self.open = ~solved & ~self.gone
        self.state_known = status.known | c.has("solved_at") | c.has("closed_at")
        precision = c.text("created_at_precision")
        self.exact = self.created.known & ~precision.among("day")
        columns = self.columns
        columns["ticket"] = np.ones(self.size, np.uint8)
        columns["created_day"] = days_of(self.created, zone)
        columns["created_hour"] = hours_of(Known(self.created.values, self.exact), zone)
        columns["solved_day"] = days_of(self.solved_at, zone)
        columns["solved_hour"] = hours_of(self.solved_at, zone)
        if self.state_known.any():
            columns["solved"] = flags(solved)
            columns["state_known"] = flags(self.state_known)
            columns["solved_dated"] = flags(self.solved_at.known)
        else:
            why = "no column says whether or when a ticket was solved"
            self.absent |= {"solved": why, "state_known": why, "solved_dated": why}
        used = from_closed & solved
        if used.any():
            self.notes["solved_dated"] = (
                f"{int(used.sum()):,} tickets have no time of solving; the time of closing stands in"
            )

    # ------------------------------------------------------------ response

    def response(self) -> None:
        """First response: known, or still waited for (censored)."""
        c, d = self.canonical, self.definitions
        first = c.time("first_response_at")
        measured = c.number("first_reply_bus_s" if d.business_hours else "first_reply_cal_s")
        pair = Known(first.values, first.known & self.exact)
        between = self._seconds(self.created, pair)
        seconds = np.where(measured.known, measured.values, between.values)
        replied = first.known | c.number("first_reply_cal_s").known | c.number("first_reply_bus_s").known
        known = measured.known | between.known
        negative = known & (seconds < 0)
        known &= ~negative
        columns = self.columns
        if not known.any():
            self._without_response(replied)
        else:
            waited = self._waited(~replied)
            columns["frt_s"] = whole(np.where(known, seconds, waited.values), known | waited.known)
            columns["frt_known"] = flags(known)
            columns["frt_counts"] = flags(known | waited.known)
            columns["frt_waiting"] = flags(waited.known & ~known)
            target = self._response_target()
            late = (columns["frt_s"] > target) & (known | waited.known)
            decided = (known | late) & (target >= 0)
            if (target >= 0).any():
                columns["frt_decided"] = flags(decided)
                columns["frt_met"] = flags(decided & known & (seconds <= target))
                self._answered_in_time(target, known, waited.known & ~known & self.open)
            else:
                why = "no first-response target is set for any channel in the data"
                self.absent |= dict.fromkeys(("frt_decided", "frt_met", *FRT_SETTLED), why)
        words = []
        if negative.any():
            words.append(f"{int(negative.sum()):,} tickets left out: the response lies before the creation")
        if d.business_hours and known.any():
            words.append("in business hours")
        if words:
            self.notes["frt_known"] = self.notes["frt_counts"] = "; ".join(words)

    def _without_response(self, replied: Bools) -> None:
        if not self.created.known.any() and replied.any():
            why = "no column holds the time a ticket was created"
        elif replied.any() and not self.exact.any():
            why = "the time of creation is known to the day only"
        elif replied.any() and self.definitions.business_hours:
            why = "the first reply is known in clock time only, and business hours were asked for"
        elif replied.any():
            why = "the first reply is known in business hours only, and clock time was asked for"
        else:
            why = "no column holds the time of the first response"
        names = ("frt_s", "frt_known", "frt_counts", "frt_waiting", "frt_decided", "frt_met", *FRT_SETTLED)
        self.absent |= dict.fromkeys(names, why)

    def _answered_in_time(self, target: NDArray[np.float64], known: Bools, waits: Bools) -> None:
        """Of tickets whose promised time is over, as long as any still waits in time.

        Of younger ones only those that were answered in time are known, not those that will be late, so that
        the newest day could not but look good.
        """
        columns = self.columns
        decided, met = columns["frt_decided"] != 0, columns["frt_met"] != 0
        late = decided & ~met
        pending = waits & ~late & (target >= 0)
        settled = decided
        if pending.any():
            passed = self._seconds(self.created, Known(np.full(self.size, self.as_of), self.created.known))
            settled = decided & (late | ~passed.known | (passed.values >= target))
        columns["frt_open"] = flags(waits)
        columns["frt_settled"] = flags(settled)
        columns["frt_settled_met"] = flags(settled & met)
        columns["frt_unsettled"] = flags(pending | (decided & ~settled))

    def _waited(self, waiting: Bools) -> Known:
        """Time without an answer so far: until solved, else until the newest stamp in the data."""
        until = np.where(self.solved_at.known, self.solved_at.values, self.as_of)
        ended = self.solved_at.known | self.open
        spent = self._seconds(self.created, Known(until, ended & waiting & self.exact))
        return Known(spent.values, spent.known & (spent.values >= 0))

    def _response_target(self) -> NDArray[np.float64]:
        """Target of each row in seconds, −1 where none is set."""
        targets = self.definitions.frt_target_minutes
        channel = self.dimensions.get("channel")
        if channel is None:
            return np.full(self.size, targets.get("*", -1 / 60) * 60)
        by_code = np.array(
            [targets.get(str(name).casefold(), targets.get("*", -1 / 60)) * 60 for name in channel.categories]
        )
        found: NDArray[np.float64] = by_code[channel.codes]
        return found

    def _seconds(self, start: Known, end: Known) -> Known:
        """Seconds between two times, in clock or business hours as defined."""
        both = start.known & end.known
        if self.definitions.business_hours:
            passed = np.zeros(self.size)
            if both.any():
                one, other = Known(start.values[both], both[both]), Known(end.values[both], both[both])
                passed[both] = business_seconds(as_times(one), as_times(other), self.definitions.calendar)
                # a pair in the wrong order outside opening hours is 0 in business time and still wrong
                passed[both & (end.values < start.values) & (passed == 0)] = -1
            return Known(passed, both)
        return Known(np.where(both, (end.values - start.values) / SECOND, 0.0), both)

    # ------------------------------------------------------------ resolution

    def resolution(self) -> None:
        """Time to resolution with open tickets censored, and from first response to resolution."""
        c, d = self.canonical, self.definitions
        measured = c.number("full_resolution_bus_s" if d.business_hours else "full_resolution_cal_s")
        between = self._seconds(self.created, Known(self.solved_at.values, self.solved_at.known & self.exact))
        seconds = np.where(measured.known, measured.values, between.values)
        ended = self.solved & (measured.known | between.known)
        negative = ended & (seconds < 0)
        ended &= ~negative
        waited = self._seconds(self.created, Known(np.full(self.size, self.as_of), self.open & self.exact))
        still = waited.known & (waited.values >= 0) & self.state_known
        columns = self.columns
        if ended.any():
            columns["ttr_min"] = whole(np.where(ended, seconds, waited.values) / 60, ended | still)
            columns["ttr_ended"] = flags(ended)
            columns["ttr_counts"] = flags(ended | still)
            columns["ttr_open"] = flags(still & ~ended)
            self._solved_in_time(np.where(ended, seconds, waited.values), ended, still)
            agent = self.dimensions.get("agent")
            if agent is not None:
                assigned = agent.codes != agent.categories.get_indexer(["(none)"])[0]
                columns["ttr_assigned"] = flags((ended | still) & assigned)
            else:
                self.absent["ttr_assigned"] = "no column names the agent"
        else:
            why = "no column holds the time a ticket was solved"
            if self.solved_at.known.any() and not self.created.known.any():
                why = "no column holds the time a ticket was created"
            elif self.solved_at.known.any():
                why = "no ticket has both a time of creation (finer than the day) and a later time of solving"
            for column in ("ttr_min", "ttr_ended", "ttr_counts", "ttr_open", "ttr_assigned", *TTR_TARGET):
                self.absent[column] = why
        words = ["in business hours"] if d.business_hours else []
        if negative.any():
            words.append(f"{int(negative.sum()):,} tickets left out: solved before they were created")
        if words:
            self.notes["ttr_ended"] = "; ".join(words)
        first = c.time("first_response_at")
        gap = self._seconds(first, self.solved_at)
        backwards = gap.known & (gap.values < 0)
        good = gap.known & ~backwards
        if good.any():
            columns["response_to_resolution_min"] = whole(gap.values / 60, good)
            columns["response_to_resolution_known"] = flags(good)
            if backwards.any():
                self.notes["response_to_resolution_known"] = (
                    f"{int(backwards.sum()):,} of {int(gap.known.sum()):,} tickets left out: "
                    "the resolution lies before the first response"
                )
        else:
            why = "no ticket has a time of first response and a later time of solving"
            self.absent |= {"response_to_resolution_min": why, "response_to_resolution_known": why}

    def _solved_in_time(self, seconds: NDArray[np.float64], ended: Bools, still: Bools) -> None:
        """Solved within the target of the priority, or not.

        As long as any ticket is open in time, tickets count once their own time is over: of younger ones
        only those solved in time are known, not those that will be late, so the newest days would look good.
        """
        target = self.resolution_target()
        if not (target >= 0).any():
            why = "no resolution target is set for any priority in the data"
            if "priority" not in self.dimensions:
                why = "no column names the priority, and no resolution target is set for every priority"
            self.absent |= dict.fromkeys(TTR_TARGET, why)
            return
        promised = (ended | still) & (target >= 0)
        late = promised & (seconds > target)
        decided = promised & (ended | late)
        pending = promised & ~decided
        if pending.any():
            passed = self._seconds(self.created, Known(np.full(self.size, self.as_of), self.created.known))
            decided &= late | ~passed.known | (passed.values >= target)
        columns = self.columns
        columns["ttr_decided"] = flags(decided)
        columns["ttr_met"] = flags(decided & ~late)
        columns["ttr_undecided"] = flags(promised & ~decided)

    def resolution_target(self) -> NDArray[np.float64]:
        """Target of each row in seconds by its priority, −1 where none is set."""
        targets = self.definitions.ttr_target_hours
        other = targets.get("*", -1 / 3600)
        priority = self.dimensions.get("priority")
        if priority is None or not len(priority.categories):
            return np.full(self.size, other * 3600)
        by_code = np.array([targets.get(str(name).casefold(), other) * 3600 for name in priority.categories])
        found: NDArray[np.float64] = by_code[priority.codes]
        return found

    # ------------------------------------------------------------ backlog

    def backlog(self) -> None:
        """In and out of the stock of open tickets, and of those older than a week and a month."""
        columns = self.columns
        dated = self.created.known
        if not self.state_known.any() or not self.open.any():
            why = (
                "no column says whether a ticket is open"
                if not self.state_known.any()
                else "every ticket in the data is solved: a file of solved tickets cannot show a backlog"
            )
            for name in ("entered", "left", "left_day", *(f"aged_{age}" for age in AGE_BANDS)):
                self.absent[name] = why
            return
        undated = self.solved & ~self.solved_at.known
        left = (self.solved | self.gone) & self.state_known
        day = columns["created_day"]
        left_day = np.where(self.solved_at.known, np.maximum(columns["solved_day"], day), day).astype(
            np.int32
        )
        columns["entered"] = flags(self.state_known)
        columns["left"] = flags(left)
        columns["left_day"] = left_day
        for age in AGE_BANDS:
            ripe = np.where(dated, day + age, MISSING_DAY).astype(np.int32)
            columns[f"aged_{age}_day"] = ripe
            columns[f"aged_{age}"] = flags(dated & self.state_known & (~left | (left_day >= ripe)))
            columns[f"aged_{age}_left"] = flags(dated & left & (left_day >= ripe))
        if undated.any():
            self.notes["entered"] = (
                f"{int(undated.sum()):,} tickets solved at an unknown time are never counted as open"
            )
