"""Resolution: solved at the first go, solved at all, without detours, as promised."""

from __future__ import annotations

from dataclasses import replace

from kpi.measures import Quantile, Share
from kpi.metrics import benchmarks
from kpi.metrics.companions import Count, CountedShare
from kpi.model import Basis, Direction, Family, Grain, Metric, Unit

FCR = Metric(
    key="fcr",
    name="First contact resolution",
    question="How often do we solve it the first time?",
    family=Family.RESOLUTION,
    unit=Unit.PERCENT,
    better=Direction.UP,
    grain=Grain.TICKETS,
    basis=Basis.SOLVED,
    measure=Share("fcr", "fcr_mature"),
    formula="solved, not reopened, and no further ticket of the same customer in the same category "
    "within the window "
    "÷ solved tickets whose window has passed",
    needs=("tickets.requester_id|tickets.requester_email", "tickets.solved_at", "tickets.created_at"),
    parts={
        "came_back": Count("fcr_again"),
        "one_touch": Share("one_touch", "touch_known"),
        "flagged_by_source": Share("fcr_flag", "fcr_flag_known"),
    },
    caveat="Tickets solved so recently that a repeat contact may still come are left out. Contacts "
    "outside these data "
    "are not seen.",
    variants=(
        "window of 1 to 30 days",
        "one-touch: exactly one public reply",
        "the flag of the source where it has one",
    ),
    benchmarks=benchmarks.FCR,
    matters=0.02,
    headline=True,
    lacking="no columns say which customer wrote and when a ticket was solved",
    left_out={
        "fcr_immature": "tickets solved in the last {fcr_window_days} days left out: a repeat contact "
        "may still come"
    },
)
FCR_BY_FLAG = replace(
    FCR,
    measure=Share("fcr_flag", "fcr_flag_known"),
    formula="tickets that the source flags as solved on first contact ÷ tickets with a flag",
    needs=("tickets.fcr",),
    parts={"one_touch": Share("one_touch", "touch_known")},
    caveat="As flagged by the source; its rule is not known.",
    left_out={},
)
FCR_BY_FLAG_CREATED = replace(FCR_BY_FLAG, basis=Basis.CREATED)
ONE_TOUCH = replace(
    FCR,
    name="First contact resolution (one-touch)",
    measure=Share("one_touch", "touch_known"),
    formula="solved with exactly one public reply and not reopened ÷ solved tickets",
    needs=("tickets.replies", "tickets.reopens"),
    parts={},
    caveat="No column says which customer wrote, so a further contact cannot be seen.",
    left_out={},
)

RESOLUTION_RATE = Metric(
    key="resolution_rate",
    name="Resolution rate",
    question="How much of what comes in is solved?",
    family=Family.RESOLUTION,
    unit=Unit.PERCENT,
    better=Direction.UP,
    grain=Grain.TICKETS,
    basis=Basis.CREATED,
    measure=Share("solved", "state_known"),
    formula="tickets created in the period and solved by now ÷ tickets created in the period",
    needs=("tickets.status|tickets.solved_at",),
    parts={
        "solved": Count("solved"),
        "created": Count("ticket"),
        "solved_in_period": Count("solved_dated"),
    },
    part_bases={"solved_in_period": Basis.SOLVED},
    incomparable="the newer tickets have had less time to be solved; time to resolution allows for that",
    caveat="The newest tickets have had less time to be solved: the newest period always looks lower.",
    variants=("of those created in the period", "throughput: solved in the period ÷ created in the period"),
    follows_tickets=True,
    matters=0.02,
    headline=True,
    lacking="no column says whether a ticket is solved",
)
RESOLUTION_OF_CALLS = replace(
    RESOLUTION_RATE,
    question="How many calls are resolved?",
    grain=Grain.CALLS,
    basis=Basis.STARTED,
    measure=Share("resolved", "call"),
    formula="calls resolved ÷ calls offered",
    needs=("calls.resolved",),
    parts={
        "resolved": Count("resolved"),
        "answered": Count("answered"),
        "offered": Count("call"),
        "of_answered": Share("resolved", "answered_state_known"),
    },
    part_bases={},
    incomparable="",
    caveat="Unanswered calls count as not resolved; the share of answered calls stands beside it.",
    variants=("of calls offered", "of calls answered"),
    lacking="no column says whether a ticket or call is resolved",
)

ESCALATION_RATE = Metric(
    key="escalation_rate",
    name="Escalation rate",
    question="How often must a higher level help?",
    family=Family.RESOLUTION,
    unit=Unit.PERCENT,
    better=Direction.DOWN,
    grain=Grain.TICKETS,
    basis=Basis.CREATED,
    measure=Share("escalated", "escalation_known"),
    formula="tickets escalated to a higher level ÷ tickets",
    needs=("tickets.escalated|tickets.group_stations",),
    caveat="Not the same as a transfer between equals.",
    matters=0.01,
    lacking="no column says whether a ticket was escalated",
)

REOPEN_RATE = Metric(
    key="reopen_rate",
    name="Reopen rate",
    question="How often was it not solved after all?",
    family=Family.RESOLUTION,
    unit=Unit.PERCENT,
    better=Direction.DOWN,
    grain=Grain.TICKETS,
    basis=Basis.SOLVED,
    measure=Share("reopened", "reopen_mature"),
    formula="tickets reopened at least once ÷ tickets solved",
    needs=("tickets.reopens|tickets.reopened_at", "tickets.solved_at|tickets.status"),
    caveat="By the last time of solving: a ticket that is open again at the time of export is not in it yet.",
    matters=0.01,
    lacking="no column says whether a ticket was reopened",
    left_out={
        "reopen_immature": "tickets solved in the last {reopen_window_days} days left out: they may "
        "still be reopened"
    },
)

TRANSFER_RATE = Metric(
    key="transfer_rate",
    name="Transfer rate",
    question="How often is a customer passed on?",
    family=Family.RESOLUTION,
    unit=Unit.PERCENT,
    better=Direction.DOWN,
    grain=Grain.TICKETS,
    basis=Basis.CREATED,
    measure=Share("transferred", "transfer_known"),
    formula="tickets moved to another agent or team at least once ÷ tickets",
    needs=("tickets.reassignments|tickets.assignee_stations|tickets.group_stations",),
    caveat="Not the same as an escalation.",
    matters=0.02,
    lacking="no column counts the agents or teams a ticket went through",
)
TRANSFERS_OF_CALLS = replace(
    TRANSFER_RATE,
    grain=Grain.CALLS,
    basis=Basis.STARTED,
    formula="calls passed on at least once ÷ calls answered",
    needs=("calls.transferred|calls.transfer_count",),
)

SLA = Metric(
    key="sla",
    name="SLA adherence",
    question="Do we keep what we promised?",
    family=Family.RESOLUTION,
    unit=Unit.PERCENT,
    better=Direction.UP,
    grain=Grain.TICKETS,
    basis=Basis.CREATED,
    measure=CountedShare("sla_met", "sla_decided"),
    formula="commitments met ÷ commitments decided; a ticket may have one for the response and one "
    "for the resolution",
    needs=(
        "tickets.sla_first_response_met|tickets.sla_resolution_met|tickets.due_at|tickets.first_response_due_at",
    ),
    parts={
        "response": Share("sla_response_met", "sla_response_decided"),
        "resolution": Share("sla_resolution_met", "sla_resolution_decided"),
        "both": Share("sla_both_met", "sla_any_decided"),
        "response_met": Count("sla_response_met"),
        "response_decided": Count("sla_response_decided"),
        "resolution_met": Count("sla_resolution_met"),
        "resolution_decided": Count("sla_resolution_decided"),
        "late_by_median_hours": Quantile("sla_late_min", 0.5, "sla_late", per_unit=60),
    },
    caveat="The export's own label comes first, then its deadline, then the target set here.",
    variants=("response, resolution or both", "the export's own label", "our targets"),
    matters=0.02,
    headline=True,
    lacking="no column holds a service-level label or deadline",
)

METRICS = (FCR, RESOLUTION_RATE, ESCALATION_RATE, REOPEN_RATE, TRANSFER_RATE, SLA)
STAND_INS = (FCR_BY_FLAG, FCR_BY_FLAG_CREATED, ONE_TOUCH, RESOLUTION_OF_CALLS, TRANSFERS_OF_CALLS)
