"""Response: how fast, how much, how much is waiting."""

from __future__ import annotations

from kpi.measures import Mean, Quantile, Rate, Share, Stock, Survival
from kpi.metrics import benchmarks
from kpi.metrics.companions import Count, Largest, Smallest
from kpi.model import Basis, Direction, Family, Grain, Metric, Unit

FRT = Metric(
    key="frt",
    name="First response time",
    question="How long does a customer wait for the first answer?",
    family=Family.RESPONSE,
    unit=Unit.MINUTES,
    better=Direction.DOWN,
    grain=Grain.TICKETS,
    basis=Basis.CREATED,
    measure=Survival("frt_s", "frt_known", 0.5, "frt_counts", per_unit=60),
    formula="median time from creation to the first public human reply; tickets still waiting count "
    "as waiting "
    "at least so long (Kaplan–Meier)",
    needs=(
        "tickets.first_reply_cal_s|tickets.first_reply_bus_s|tickets.first_response_at",
        "tickets.created_at|tickets.first_reply_cal_s|tickets.first_reply_bus_s",
    ),
    parts={
        "median": Survival("frt_s", "frt_known", 0.5, "frt_counts", per_unit=60),
        "p90": Survival("frt_s", "frt_known", 0.9, "frt_counts", per_unit=60),
        "mean": Mean("frt_s", "frt_known", per_unit=60),
        "answered": Count("frt_known"),
        "waiting": Count("frt_waiting"),
    },
    caveat="A ticket closed without a reply counts as waiting until it was closed. The mean is of "
    "answered tickets "
    "only; a few very long waits move it far.",
    variants=("clock time or business hours", "median, p90 or mean"),
    matters=0.1,
    relative_matters=True,
    headline=True,
    lacking="no column holds the time of the first response",
)

FRT_WITHIN_TARGET = Metric(
    key="frt_within_target",
    name="Answered within target",
    question="How often do we answer in the time we aim for?",
    family=Family.RESPONSE,
    unit=Unit.PERCENT,
    better=Direction.UP,
    grain=Grain.TICKETS,
    basis=Basis.CREATED,
    measure=Share("frt_met", "frt_decided"),
    formula="tickets answered within their channel's target ÷ tickets answered or already past the target",
    needs=FRT.needs,
    parts={"met": Count("frt_met"), "decided": Count("frt_decided")},
    caveat="Channels without a target are left out.",
    variants=("target of each channel",),
    matters=0.02,
    lacking="no column holds the time of the first response",
)

TTR = Metric(
    key="ttr",
    name="Time to resolution",
    question="How long until a ticket is solved?",
    family=Family.RESPONSE,
    unit=Unit.HOURS,
    better=Direction.DOWN,
    grain=Grain.TICKETS,
    basis=Basis.CREATED,
    measure=Survival("ttr_min", "ttr_ended", 0.5, "ttr_counts", per_unit=60),
    formula="median time from creation to the last solving, by date created; open tickets count as "
    "open at least "
    "so long (Kaplan–Meier)",
    needs=(
        "tickets.solved_at|tickets.full_resolution_cal_s|tickets.full_resolution_bus_s",
        "tickets.created_at",
    ),
    parts={
        "median": Survival("ttr_min", "ttr_ended", 0.5, "ttr_counts", per_unit=60),
        "p90": Survival("ttr_min", "ttr_ended", 0.9, "ttr_counts", per_unit=60),
        "solved_median": Quantile("ttr_min", 0.5, "ttr_ended", per_unit=60),
        "mean": Mean("ttr_min", "ttr_ended", per_unit=60),
        "solved": Count("ttr_ended"),
        "open": Count("ttr_open"),
    },
    part_bases={"solved_median": Basis.SOLVED, "mean": Basis.SOLVED, "solved": Basis.SOLVED},
    caveat="Leaving open tickets out would make the newest tickets look fast. Beside it: median and "
    "mean of the "
    "tickets solved in the period.",
    variants=("first or last resolution", "clock time or business hours"),
    matters=0.1,
    relative_matters=True,
    headline=True,
    lacking="no columns hold the times a ticket was created and solved",
)

TTR_WITHIN_TARGET = Metric(
    key="ttr_within_target",
    name="Solved within target",
    question="How often do we solve in the time we aim for?",
    family=Family.RESPONSE,
    unit=Unit.PERCENT,
    better=Direction.UP,
    grain=Grain.TICKETS,
    basis=Basis.CREATED,
    measure=Share("ttr_met", "ttr_decided"),
    formula="tickets solved within their priority's target ÷ tickets solved or already past the target; "
    "while any ticket is open in time, only tickets whose time is over",
    needs=TTR.needs,
    parts={"met": Count("ttr_met"), "decided": Count("ttr_decided")},
    caveat="Priorities without a target are left out. Tickets whose time is not over yet are left out: of "
    "those only the quick ones are known.",
    variants=("target of each priority", "clock time or business hours"),
    matters=0.02,
    lacking="no resolution target is set",
    left_out={"ttr_undecided": "tickets left out: the time they were promised is not over yet"},
)

RESPONSE_TO_RESOLUTION = Metric(
    key="response_to_resolution",
    name="First response to resolution",
    question="How long from the first answer until a ticket is solved?",
    family=Family.RESPONSE,
    unit=Unit.HOURS,
    better=Direction.DOWN,
    grain=Grain.TICKETS,
    basis=Basis.SOLVED,
    measure=Quantile("response_to_resolution_min", 0.5, "response_to_resolution_known", per_unit=60),
    formula="median time from the first response to solving, solved tickets with both times in this order",
    needs=("tickets.first_response_at", "tickets.solved_at"),
    parts={
        "median": Quantile("response_to_resolution_min", 0.5, "response_to_resolution_known", per_unit=60),
        "p90": Quantile("response_to_resolution_min", 0.9, "response_to_resolution_known", per_unit=60),
        "mean": Mean("response_to_resolution_min", "response_to_resolution_known", per_unit=60),
        "max": Largest("response_to_resolution_min", "response_to_resolution_known", per_unit=60),
    },
    caveat="Stands in for time to resolution where no time of creation is known; the wait for the "
    "first answer is "
    "not in it.",
    matters=0.1,
    relative_matters=True,
    lacking="no columns hold the times of the first response and of solving",
)

AHT = Metric(
    key="aht",
    name="Average handle time",
    question="How long do we work on a contact?",
    family=Family.RESPONSE,
    unit=Unit.MINUTES,
    better=Direction.DOWN,
    grain=Grain.CALLS,
    basis=Basis.STARTED,
    measure=Mean("handle_s", "handle_known", per_unit=60),
    formula="(talk + hold + after-call work) ÷ contacts handled",
    needs=("calls.talk_s|calls.handle_s|calls.total_s",),
    parts={
        "mean": Mean("handle_s", "handle_known", per_unit=60),
        "median": Quantile("handle_s", 0.5, "handle_known", per_unit=60),
        "p90": Quantile("handle_s", 0.9, "handle_known", per_unit=60),
        "min": Smallest("handle_s", "handle_known", per_unit=60),
        "max": Largest("handle_s", "handle_known", per_unit=60),
        "talk": Mean("talk_s", "handle_known", per_unit=60),
        "hold": Mean("hold_s", "handle_known", per_unit=60),
        "after_call": Mean("acw_s", "handle_known", per_unit=60),
    },
    caveat="Shorter is only better when the problem is still solved.",
    variants=("mean or median",),
    matters=0.05,
    relative_matters=True,
    lacking="no column holds talk time or working time",
)

AHT_OF_TICKETS = Metric(
    key="aht",
    name="Average handle time (tickets)",
    question=AHT.question,
    family=Family.RESPONSE,
    unit=Unit.MINUTES,
    better=Direction.DOWN,
    grain=Grain.TICKETS,
    basis=Basis.CREATED,
    measure=Mean("handle_s", "handle_known", per_unit=60),
    formula="working time booked on tickets ÷ tickets with a booking",
    needs=("tickets.handle_s",),
    parts={
        "mean": Mean("handle_s", "handle_known", per_unit=60),
        "median": Quantile("handle_s", 0.5, "handle_known", per_unit=60),
        "p90": Quantile("handle_s", 0.9, "handle_known", per_unit=60),
        "min": Smallest("handle_s", "handle_known", per_unit=60),
        "max": Largest("handle_s", "handle_known", per_unit=60),
    },
    caveat=AHT.caveat,
    matters=0.05,
    relative_matters=True,
    lacking="no column holds talk time or working time",
)

QUEUE_WAIT = Metric(
    key="queue_wait",
    name="Hold time before an agent",
    question="How long does a caller wait for an agent?",
    family=Family.RESPONSE,
    unit=Unit.MINUTES,
    better=Direction.DOWN,
    grain=Grain.CALLS,
    basis=Basis.STARTED,
    measure=Mean("wait_s", "wait_known", per_unit=60),
    formula="mean wait of answered calls until an agent answers (average speed of answer)",
    needs=("calls.wait_s|calls.answered_at",),
    parts={
        "mean": Mean("wait_s", "wait_known", per_unit=60),
        "median": Quantile("wait_s", 0.5, "wait_known", per_unit=60),
        "p90": Quantile("wait_s", 0.9, "wait_known", per_unit=60),
    },
    caveat="Callers who hung up are not in it: a rising abandonment rate can make it look better.",
    benchmarks=benchmarks.SPEED_OF_ANSWER,
    matters=0.1,
    relative_matters=True,
    headline=True,
    lacking="no column holds the wait before an agent answered",
)

WAIT_WITHIN_TARGET = Metric(
    key="wait_within_target",
    name="Calls answered within target",
    question="How many callers reach an agent in time?",
    family=Family.RESPONSE,
    unit=Unit.PERCENT,
    better=Direction.UP,
    grain=Grain.CALLS,
    basis=Basis.STARTED,
    measure=Share("wait_met", "wait_decided"),
    formula="calls answered within the target ÷ (calls answered + abandoned after the short-abandon "
    "threshold)",
    needs=("calls.wait_s|calls.answered_at", "calls.outcome|calls.answered_at"),
    parts={"met": Count("wait_met"), "decided": Count("wait_decided")},
    variants=("target in seconds", "with or without abandoned calls"),
    matters=0.02,
    lacking="no column holds the wait before an agent answered",
)

ABANDONMENT = Metric(
    key="abandonment",
    name="Call abandonment rate",
    question="How many callers give up?",
    family=Family.RESPONSE,
    unit=Unit.PERCENT,
    better=Direction.DOWN,
    grain=Grain.CALLS,
    basis=Basis.STARTED,
    measure=Share("long_abandoned", "offered"),
    formula="calls abandoned after the short-abandon threshold ÷ calls offered without short abandons",
    needs=("calls.outcome|calls.answered_at",),
    parts={
        "abandoned": Count("long_abandoned"),
        "short_abandoned": Count("short_abandoned"),
        "answered": Count("answered"),
        "offered": Count("call"),
        "with_short": Share("abandoned", "call"),
    },
    caveat="Missed and timed-out calls count as abandoned; voicemail and busy lines do not.",
    variants=("threshold of 0 to 60 seconds", "short abandons in or out (both shown)"),
    benchmarks=benchmarks.ABANDONMENT,
    matters=0.01,
    headline=True,
    lacking="no column says whether a call was answered",
)

VOLUME = Metric(
    key="volume",
    name="New tickets",
    question="How much comes in?",
    family=Family.RESPONSE,
    unit=Unit.COUNT,
    better=Direction.NEUTRAL,
    grain=Grain.TICKETS,
    basis=Basis.CREATED,
    measure=Rate("ticket", total=True),
    formula="tickets created",
    needs=("tickets.ticket_id",),
    parts={"per_1000_customers": Count("ticket_per_1000_customers")},
    caveat="More is neither better nor worse. Periods of unequal length are compared per day.",
    variants=("per day, week, month or quarter", "per 1,000 customers"),
    matters=0.1,
    relative_matters=True,
    headline=True,
    lacking="the data hold no tickets",
)

VOLUME_OF_CALLS = Metric(
    key="volume",
    name="Calls",
    question=VOLUME.question,
    family=Family.RESPONSE,
    unit=Unit.COUNT,
    better=Direction.NEUTRAL,
    grain=Grain.CALLS,
    basis=Basis.STARTED,
    measure=Rate("call", total=True),
    formula="calls offered",
    needs=("calls.call_id",),
    caveat=VOLUME.caveat,
    variants=("per day, week, month or quarter",),
    matters=0.1,
    relative_matters=True,
    headline=True,
    lacking="the data hold no tickets or calls",
)

BACKLOG = Metric(
    key="backlog",
    name="Open backlog",
    question="How much is waiting to be solved?",
    family=Family.RESPONSE,
    unit=Unit.COUNT,
    better=Direction.DOWN,
    grain=Grain.TICKETS,
    basis=Basis.POINT,
    measure=Stock("entered", "left", "created_day", "left_day"),
    formula="tickets created − tickets solved, up to the end of the last day",
    needs=("tickets.created_at|tickets.status", "tickets.status|tickets.solved_at"),
    parts={
        "older_than_7_days": Stock("aged_7", "aged_7_left", "aged_7_day", "left_day"),
        "older_than_30_days": Stock("aged_30", "aged_30_left", "aged_30_day", "left_day"),
    },
    caveat="From the state at the time of export: a ticket reopened since then is not seen as solved "
    "in between.",
    variants=("by age: all, older than 7 days, older than 30 days",),
    matters=0.1,
    relative_matters=True,
    headline=True,
    lacking="no column says whether a ticket is open",
)

METRICS = (
    FRT,
    FRT_WITHIN_TARGET,
    TTR,
    TTR_WITHIN_TARGET,
    RESPONSE_TO_RESOLUTION,
    AHT,
    QUEUE_WAIT,
    WAIT_WITHIN_TARGET,
    ABANDONMENT,
    VOLUME,
    BACKLOG,
)
STAND_INS = (AHT_OF_TICKETS, VOLUME_OF_CALLS)
