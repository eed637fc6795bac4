"""Facts of tickets, one row each: response, resolution, recontacts, commitments, transfers, answers to
surveys."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpi.calendars import MISSING_DAY, business_seconds
from kpi.definitions import Definitions
from kpi.facts import contacts
from kpi.facts.columns import (
    SECOND,
    Bools,
    Canonical,
    Known,
    as_times,
    days_of,
    flags,
    hours_of,
    whole,
)
from kpi.facts.dimensions import dimensions_of
from kpi.facts.exclusions import excluded_tickets
from kpi.facts.nouns import FactTable
from kpi.facts.ratings import Ratings
from kpi.facts.sentiments import sentiment_columns
from kpi.model import Grain

SOLVED = ("solved", "closed")
GONE = ("cancelled",)
DAY_NS = 86_400 * SECOND
AGE_BANDS = (7, 30)


def ticket_facts(
    rows: pd.DataFrame,
    definitions: Definitions,
    as_of: int,
    *,
    ratings: Ratings,
    bots: frozenset[str],
    customers: int,
) -> FactTable | None:
    """Facts of the tickets that the policy counts; None when none is left.

    Parameters
        rows: the canonical table.
        as_of: newest stamp in the data, UTC nanoseconds.
        ratings: answered surveys by ticket.
        bots: names of agents who are no people.
        customers: size of the customer list, 0 without one.
    """
    keep, excluded = excluded_tickets(Canonical("tickets", rows), definitions, bots)
    source = rows if keep.all() else rows[keep]
    source = source.reset_index(drop=True)
    if not len(source):
        return None
    made = _Tickets(source, definitions, as_of)
    made.state()
    made.response()
    made.resolution()
    made.backlog()
    made.recontact()
    made.movement()
    made.commitments()
    made.handling()
    made.surveyed(ratings)
    sentiment_columns(made.canonical, made.columns, made.absent)
    if customers:
        made.columns["ticket_per_1000_customers"] = np.full(len(source), 1000.0 / customers)
    return FactTable(
        grain=Grain.TICKETS,
        columns=made.columns,
        dimensions=made.dimensions,
        source=source,
        excluded=excluded,
        notes=made.notes,
        absent=made.absent,
        definitions=definitions,
    )


class _Tickets:
    """Builds the columns one subject after the other."""

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
            else:
                why = "no first-response target is set for any channel in the data"
                self.absent |= {"frt_decided": why, "frt_met": why}
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
        for column in ("frt_s", "frt_known", "frt_counts", "frt_waiting", "frt_decided", "frt_met"):
            self.absent[column] = why

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
            for column in ("ttr_min", "ttr_ended", "ttr_counts", "ttr_open", "ttr_assigned"):
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

    # ------------------------------------------------------------ recontact

    def recontact(self) -> None:
        """First contact resolution, repeat contacts, returning customers."""
        c, d, columns = self.canonical, self.definitions, self.columns
        keys, _ = c.keys("requester_id", "requester_email")
        known = keys >= 0
        reopens = c.number("reopens")
        reopened = (
            reopens.known & (reopens.values > 0) if reopens.known.any() else c.time("reopened_at").known
        )
        self._reopened(reopened, bool(reopens.known.any()) or c.has("reopened_at"))
        window = d.fcr_window_days * 86_400
        mature = self.solved_at.known & (self.solved_at.values <= self.as_of - window * SECOND)
        if known.any() and self.solved_at.known.any() and self.created.known.any():
            category = self.dimensions.get("category")
            issue = keys if category is None else contacts.combined(keys, category.codes)
            again = contacts.followed(
                issue,
                self.created.values,
                self.created.known,
                self.solved_at.values,
                self.solved_at.known,
                window,
            )
            columns["fcr_mature"] = flags(mature & known)
            columns["fcr"] = flags(mature & known & ~again & ~reopened)
            columns["fcr_again"] = flags(mature & known & again)
            columns["fcr_immature"] = flags(self.solved_at.known & ~mature & known)
            if "reopened" not in columns:
                self.notes["fcr_mature"] = "the data do not say whether a ticket was reopened"
            if (self.solved_at.known & ~known).any():
                words = f"{int((self.solved_at.known & ~known).sum()):,} solved tickets without a "
                "customer left out"
                self.notes["fcr_mature"] = "; ".join(filter(None, [self.notes.get("fcr_mature"), words]))
        else:
            for column in ("fcr_mature", "fcr", "fcr_again", "fcr_immature"):
                self.absent[column] = (
                    "no column says which customer wrote, so a further contact cannot be seen"
                    if not known.any()
                    else "no ticket has a time of solving"
                    if not self.solved_at.known.any()
                    else "no column holds the time a ticket was created"
                )
        replies = c.number("replies")
        if replies.known.any() and reopens.known.any():
            touched = self.solved & replies.known
            columns["touch_known"] = flags(touched)
            columns["one_touch"] = flags(touched & (replies.values == 1) & ~reopened)
        flagged = c.flag("fcr")
        if flagged.known.any():
            columns["fcr_flag"] = flags(flagged.values)
            columns["fcr_flag_known"] = flags(flagged.known)
        self._customers(keys, known)

    def _reopened(self, reopened: Bools, said: bool) -> None:
        columns, d = self.columns, self.definitions
        if not said:
            why = "no column says whether a ticket was reopened"
            self.absent |= dict.fromkeys(("reopened", "reopen_mature", "reopen_immature"), why)
            return
        mature = self.solved_at.values <= self.as_of - d.reopen_window_days * DAY_NS
        columns["reopened"] = flags(reopened)
        columns["reopen_mature"] = flags(self.solved & (mature | ~self.solved_at.known))
        columns["reopen_immature"] = flags(self.solved_at.known & ~mature)

    def _customers(self, keys: NDArray[np.int64], known: Bools) -> None:
        columns, d = self.columns, self.definitions
        if not known.any():
            why = "no column says which customer wrote"
            names = (
                "requester",
                "first_contact_day",
                "contacts",
                "repeat_mature",
                "repeated",
                "repeat_immature",
            )
            self.absent |= dict.fromkeys((*names, "customer_in_period", "customer_returned"), why)
            return
        columns["requester"] = keys.astype(np.int32)
        columns["contacts"] = contacts.times_seen(keys)
        columns["first_contact_day"] = contacts.first_days(keys, columns["created_day"], self.created.known)
        if not self.created.known.any():
            why = "no column holds the time a ticket was created"
            self.absent |= dict.fromkeys(("repeat_mature", "repeated", "repeat_immature"), why)
            return
        window = d.repeat_window_days * 86_400
        again = contacts.followed(
            keys, self.created.values, self.created.known, self.created.values, self.created.known, window
        )
        mature = self.created.known & (self.created.values <= self.as_of - window * SECOND)
        columns["repeat_mature"] = flags(mature & known)
        columns["repeated"] = flags(mature & known & again)
        columns["repeat_immature"] = flags(self.created.known & ~mature & known)

    # ------------------------------------------------------------ movement

    def movement(self) -> None:
        """Escalations and transfers."""
        c, columns = self.canonical, self.columns
        escalated, teams = c.flag("escalated"), c.number("group_stations")
        moves, owners = c.number("reassignments"), c.number("assignee_stations")
        if escalated.known.any() or teams.known.any():
            columns["escalation_known"] = flags(escalated.known | teams.known)
            columns["escalated"] = flags(np.where(escalated.known, escalated.values, teams.values > 1))
            if not escalated.known.any():
                self.notes["escalation_known"] = (
                    "a ticket that went through more than one team counts as escalated"
                )
        else:
            why = "no column says whether a ticket was escalated"
            self.absent |= {"escalation_known": why, "escalated": why}
        known = moves.known | owners.known | teams.known
        if known.any():
            columns["transfer_known"] = flags(known)
            columns["transferred"] = flags((moves.values > 0) | (owners.values > 1) | (teams.values > 1))
        else:
            why = "no column counts the agents or teams a ticket went through"
            self.absent |= {"transfer_known": why, "transferred": why}

    # ------------------------------------------------------------ commitments

    def commitments(self) -> None:
        """Service-level commitments: the export's own labels, else its deadlines, else the targets set."""
        c, columns = self.canonical, self.columns
        first = c.time("first_response_at")
        response, response_from = self._commitment("sla_first_response_met", "first_response_due_at", first)
        resolution, resolution_from = self._commitment("sla_resolution_met", "due_at", self.solved_at)
        if not resolution.known.any():
            resolution, resolution_from = self._own_target()
        decided = response.known.astype(np.uint8) + resolution.known.astype(np.uint8)
        if not decided.any():
            why = "no column holds a service-level label or deadline, and no target is set"
            names = (
                "decided",
                "met",
                "response_decided",
                "response_met",
                "resolution_decided",
                "resolution_met",
            )
            self.absent |= {f"sla_{name}": why for name in (*names, "any_decided", "both_met")}
            return
        columns["sla_decided"] = decided
        columns["sla_met"] = response.values.astype(np.uint8) + resolution.values.astype(np.uint8)
        columns["sla_any_decided"] = flags(decided > 0)
        columns["sla_both_met"] = flags((decided > 0) & (columns["sla_met"] == decided))
        for name, outcome in (("response", response), ("resolution", resolution)):
            if outcome.known.any():
                columns[f"sla_{name}_decided"] = flags(outcome.known)
                columns[f"sla_{name}_met"] = flags(outcome.values)
        origins = [
            f"{name}: {words}"
            for name, words in (("response", response_from), ("resolution", resolution_from))
            if words
        ]
        self.notes["sla_decided"] = "; ".join(origins)
        due = c.time("due_at")
        over = due.known & self.solved_at.known & (self.solved_at.values > due.values)
        if over.any():
            columns["sla_late"] = flags(over)
            columns["sla_late_min"] = whole((self.solved_at.values - due.values) / SECOND / 60, over)

    def _commitment(self, label: str, deadline: str, stamp: Known) -> tuple[Known, str]:
        """Outcome by label where the export gives labels; else by deadline, once it was kept or has
        passed."""
        labels = self.canonical.flag(label)
        if labels.known.any():
            return labels, "the export's own label"
        due = self.canonical.time(deadline)
        if not due.known.any():
            return labels, ""
        met = due.known & stamp.known & (stamp.values <= due.values)
        passed = due.known & (stamp.known | ((due.values < self.as_of) & ~self.gone))
        return Known(met, passed), "the export's own deadline"

    def _own_target(self) -> tuple[Known, str]:
        targets = self.definitions.ttr_target_hours
        nothing = Known(self.canonical.nothing(), self.canonical.nothing())
        if not targets or "ttr_min" not in self.columns:
            return nothing, ""
        priority = self.dimensions.get("priority")
        other = targets.get("*", -1.0)
        if priority is None:
            target = np.full(self.size, other * 60)
        else:
            names = [str(name).casefold() for name in priority.categories]
            target = np.array([targets.get(name, other) * 60 for name in names])[priority.codes]
        counts, ended = self.columns["ttr_counts"] != 0, self.columns["ttr_ended"] != 0
        late = counts & (self.columns["ttr_min"] > target)
        decided = (target >= 0) & ((counts & ended) | late)
        return Known(decided & ended & ~late, decided), "the resolution target set here"

    # ------------------------------------------------------------ handling, surveys

    def handling(self) -> None:
        """Working time booked on the ticket."""
        booked = self.canonical.number("handle_s")
        known = booked.known & (booked.values >= 0)
        if known.any():
            self.columns["handle_s"] = whole(booked.values, known)
            self.columns["handle_known"] = flags(known)
            self.notes["handle_known"] = "working time booked on tickets, not talk time"
        else:
            why = "no column holds talk time or working time"
            self.absent |= {"handle_s": why, "handle_known": why}

    def surveyed(self, ratings: Ratings) -> None:
        """Whether the ticket's customer answered a satisfaction survey, and how."""
        rated = ratings.of(self.canonical)
        self._offered(None if rated is None else rated[0])
        if rated is None:
            self.absent |= dict.fromkeys(
                ("rated", "rated_satisfied", "rated_or_silent", "coverage_mature", "coverage_immature"),
                "no satisfaction survey can be joined to the tickets",
            )
            return
        answered, satisfied = rated
        d = self.definitions
        self.columns["rated"] = flags(answered)
        self.columns["rated_satisfied"] = flags(satisfied)
        self.columns["rated_or_silent"] = flags(satisfied | ~answered)
        if not self.state_known.any():
            why = "no column says whether or when a ticket was solved"
            self.absent |= dict.fromkeys(("coverage_mature", "coverage_immature"), why)
            return
        mature = self.solved_at.values <= self.as_of - d.survey_window_days * DAY_NS
        ripe = self.solved & (mature | ~self.solved_at.known)
        self.columns["coverage_mature"] = flags(ripe)
        self.columns["coverage_immature"] = flags(self.solved_at.known & ~mature)

    def _offered(self, rated: Bools | None) -> None:
        """Surveys offered with the ticket, where the export says so and some were not answered."""
        names = ("offer_answered", "offer_mature", "offer_immature")
        offered = self.canonical.flag("csat_offered")
        answered = offered.values & (self.canonical.nothing() if rated is None else rated)
        if not answered.any() or answered.sum() == offered.values.sum():
            why = "the data do not say which surveys were sent and not answered"
            self.absent |= dict.fromkeys(names, why)
            return
        mature = self.solved_at.values <= self.as_of - self.definitions.survey_window_days * DAY_NS
        self.columns["offer_answered"] = flags(answered)
        self.columns["offer_mature"] = flags(offered.values & self.solved & (mature | ~self.solved_at.known))
        self.columns["offer_immature"] = flags(offered.values & self.solved_at.known & ~mature)
