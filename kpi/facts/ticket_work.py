"""What was done with tickets: escalated, passed on, worked on, surveyed."""

from __future__ import annotations

import numpy as np

from kpi.facts.columns import Bools, flags, whole
from kpi.facts.ratings import Ratings
from kpi.facts.ticket_columns import DAY_NS, TicketColumns


def movement(made: TicketColumns) -> None:
    """Escalations and transfers."""
    c, columns = made.canonical, made.columns
    escalated, teams = c.flag("escalated"), c.number("group_stations")
    moves, owners = c.number("reassignments"), c.number("assignee_stations")
    if escalated.known.any() or teams.known.any():
        columns["escalation_known"] = flags(escalated.known | teams.known)
        columns["escalated"] = flags(np.where(escalated.known, escalated.values, teams.values > 1))
        if not escalated.known.any():
            made.notes["escalation_known"] = (
                "a ticket that went through more than one team counts as escalated"
            )
    else:
        why = "no column says whether a ticket was escalated"
        made.absent |= {"escalation_known": why, "escalated": why}
    known = moves.known | owners.known | teams.known
    if known.any():
        columns["transfer_known"] = flags(known)
        columns["transferred"] = flags((moves.values > 0) | (owners.values > 1) | (teams.values > 1))
    else:
        why = "no column counts the agents or teams a ticket went through"
        made.absent |= {"transfer_known": why, "transferred": why}


def handling(made: TicketColumns) -> None:
    """Working time booked on the ticket."""
    booked = made.canonical.number("handle_s")
    known = booked.known & (booked.values >= 0)
    if known.any():
        made.columns["handle_s"] = whole(booked.values, known)
        made.columns["handle_known"] = flags(known)
        made.notes["handle_known"] = "working time booked on tickets, not talk time"
    else:
        why = "no column holds talk time or working time"
        made.absent |= {"handle_s": why, "handle_known": why}


def surveyed(made: TicketColumns, ratings: Ratings) -> None:
    """Whether the ticket's customer answered a satisfaction survey, and how."""
    rated = ratings.of(made.canonical)
    _offered(made, None if rated is None else rated[0])
    if rated is None:
        made.absent |= dict.fromkeys(
            ("rated", "rated_satisfied", "rated_or_silent", "coverage_mature", "coverage_immature"),
            "no satisfaction survey can be joined to the tickets",
        )
        return
    answered, satisfied = rated
    d = made.definitions
    made.columns["rated"] = flags(answered)
    made.columns["rated_satisfied"] = flags(satisfied)
    made.columns["rated_or_silent"] = flags(satisfied | ~answered)
    if not made.state_known.any():
        why = "no column says whether or when a ticket was solved"
        made.absent |= dict.fromkeys(("coverage_mature", "coverage_immature"), why)
        return
    mature = made.solved_at.values <= made.as_of - d.survey_window_days * DAY_NS
    ripe = made.solved & (mature | ~made.solved_at.known)
    made.columns["coverage_mature"] = flags(ripe)
    made.columns["coverage_immature"] = flags(made.solved_at.known & ~mature)


def _offered(made: TicketColumns, rated: Bools | None) -> None:
    """Surveys offered with the ticket, where the export says so and some were not answered."""
    names = ("offer_answered", "offer_mature", "offer_immature")
    offered = made.canonical.flag("csat_offered")
    answered = offered.values & (made.canonical.nothing() if rated is None else rated)
    if not answered.any() or answered.sum() == offered.values.sum():
        why = "the data do not say which surveys were sent and not answered"
        made.absent |= dict.fromkeys(names, why)
        return
    mature = made.solved_at.values <= made.as_of - made.definitions.survey_window_days * DAY_NS
    made.columns["offer_answered"] = flags(answered)
    made.columns["offer_mature"] = flags(offered.values & made.solved & (mature | ~made.solved_at.known))
    made.columns["offer_immature"] = flags(offered.values & made.solved_at.known & ~mature)
