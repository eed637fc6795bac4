"""Agents: work done, time used, quality, and how agents themselves feel. Never a ranking of raw numbers."""

from __future__ import annotations

from dataclasses import replace

from kpi.measures import Mean, Rate, Share, Survival
from kpi.metrics.companions import Count, CountedShare, Deviation
from kpi.metrics.response import TTR
from kpi.model import Basis, Direction, Family, Grain, Metric, Unit

PRODUCTIVITY = Metric(
    key="productivity",
    name="Agent productivity",
    question="How much is solved per day worked?",
    family=Family.AGENTS,
    unit=Unit.PER_DAY,
    better=Direction.UP,
    grain=Grain.AGENT_DAYS,
    basis=Basis.WORKED,
    measure=Rate("work_done", "work_days"),
    formula="tickets solved ÷ agent-days worked",
    needs=("agent_days.solved|agent_days.handled", "agent_days.date"),
    parts={
        "solved": Count("work_done"),
        "agent_days": Count("work_days"),
        "per_hour": Rate("work_done", "hours_worked"),
    },
    caveat="Agents with harder tickets solve fewer: compare only with the mix of cases beside it.",
    variants=("per day or per hour worked",),
    matters=0.1,
    relative_matters=True,
    lacking="no column counts tickets solved per agent and day",
)
PRODUCTIVITY_OF_TICKETS = replace(
    PRODUCTIVITY,
    name="Agent productivity (days with a solved ticket)",
    grain=Grain.TICKETS,
    basis=Basis.SOLVED,
    measure=Rate("solved_by_agent", "agent_day_in_period"),
    formula="tickets solved ÷ days on which an agent solved a ticket",
    needs=("tickets.agent_name", "tickets.solved_at"),
    parts={"solved": Count("solved_by_agent"), "agent_days": Count("agent_day_in_period")},
    caveat="Without a roster, days on which an agent solved nothing are not seen: this is higher than "
    "per day worked. " + PRODUCTIVITY.caveat,
    incomparable_segments="without a roster each segment counts every day on which an agent touched it",
    variants=(),
)

TTR_AGENT = replace(
    TTR,
    key="ttr_agent",
    name="Resolution time per agent",
    question="How long until an agent's ticket is solved?",
    family=Family.AGENTS,
    measure=Survival("ttr_min", "ttr_ended", 0.5, "ttr_assigned", per_unit=60),
    formula="as time to resolution, of tickets that have an agent; split by agent",
    needs=(*TTR.needs, "tickets.agent_name"),
    parts={
        "median": Survival("ttr_min", "ttr_ended", 0.5, "ttr_assigned", per_unit=60),
        "p90": Survival("ttr_min", "ttr_ended", 0.9, "ttr_assigned", per_unit=60),
    },
    part_bases={},
    caveat="By the agent at the time of export, who need not be the one who took longest. "
    + PRODUCTIVITY.caveat,
    headline=False,
    lacking="no columns hold the agent and the times a ticket was created and solved",
)

ASAT = Metric(
    key="asat",
    name="Agent satisfaction (ASAT)",
    question="How satisfied are our agents?",
    family=Family.AGENTS,
    unit=Unit.PERCENT,
    better=Direction.UP,
    grain=Grain.AGENT_DAYS,
    basis=Basis.WORKED,
    measure=Share("asat_satisfied", "asat_answered"),
    formula="answers of 4-5 of 5 ÷ all answers of agents",
    needs=("agent_days.asat_score",),
    parts={"answers": Count("asat_answered")},
    caveat="Not shown for fewer answers than the smallest group set in the definitions, so that "
    "nobody is exposed.",
    matters=0.05,
    lacking="no column holds answers of agents",
)
ASAT_OF_SURVEYS = replace(ASAT, grain=Grain.SURVEYS, basis=Basis.ANSWERED, needs=("surveys.survey_type",))

OCCUPANCY = Metric(
    key="occupancy",
    name="Occupancy",
    question="How much of the time ready for contacts is spent on them?",
    family=Family.AGENTS,
    unit=Unit.PERCENT,
    better=Direction.NEUTRAL,
    grain=Grain.AGENT_DAYS,
    basis=Basis.WORKED,
    measure=CountedShare("busy_shifts", "staffed_shifts"),
    formula="handling time ÷ (handling time + available time)",
    needs=("agent_days.contact_s", "agent_days.available_s"),
    parts={"shifts_of_8_hours": Count("staffed_shifts")},
    caveat="Neither high nor low is good: there is a band. Idle time is its complement. n counts "
    "shifts of 8 hours.",
    matters=0.03,
    lacking="no columns hold the time agents handled contacts and were available",
)

QA = Metric(
    key="qa",
    name="QA score",
    question="How good are the reviewed contacts?",
    family=Family.AGENTS,
    unit=Unit.SCORE,
    better=Direction.UP,
    grain=Grain.AGENT_DAYS,
    basis=Basis.WORKED,
    measure=Mean("qa_score", "qa_reviewed"),
    formula="mean score of reviews (0-100); a failed critical criterion makes a review 0",
    needs=("agent_days.qa_score",),
    parts={
        "reviews": Count("qa_reviewed"),
        "failed_critical": Count("qa_failed"),
        "std": Deviation("qa_score", "qa_reviewed"),
    },
    caveat="Few reviews per agent say little about an agent.",
    matters=2.0,
    lacking="no column holds scores of quality reviews",
)

CONVERSION = Metric(
    key="conversion",
    name="Upsell and cross-sell rate",
    question="How many offers become sales?",
    family=Family.AGENTS,
    unit=Unit.PERCENT,
    better=Direction.UP,
    grain=Grain.AGENT_DAYS,
    basis=Basis.WORKED,
    measure=CountedShare("sales", "offers"),
    formula="sales made ÷ offers made",
    needs=("agent_days.offers", "agent_days.sales"),
    parts={"offers": Count("offers"), "sales": Count("sales")},
    matters=0.02,
    lacking="no columns count offers and sales",
)

METRICS = (PRODUCTIVITY, TTR_AGENT, ASAT, OCCUPANCY, QA, CONVERSION)
STAND_INS = (PRODUCTIVITY_OF_TICKETS, ASAT_OF_SURVEYS)
