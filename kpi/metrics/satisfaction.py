"""Satisfaction: what customers say, and how many say it."""

from __future__ import annotations

from dataclasses import replace

from kpi.measures import Mean, Quantile, Score, Share
from kpi.metrics import benchmarks
from kpi.metrics.companions import Count, Deviation
from kpi.model import Basis, Direction, Family, Grain, Metric, Unit

CSAT = Metric(
    key="csat",
    name="Customer satisfaction (CSAT)",
    question="How many of those who answer are satisfied?",
    family=Family.SATISFACTION,
    unit=Unit.PERCENT,
    better=Direction.UP,
    grain=Grain.SURVEYS,
    basis=Basis.ANSWERED,
    measure=Share("csat_satisfied", "csat_answered"),
    formula="satisfied ÷ all answers; satisfied is 4-5 of 5, 8-10 of 10, good of good and bad, the top of 3",
    needs=("surveys.csat_label|surveys.csat_norm",),
    parts={
        "mean": Mean("csat_score", "csat_scored"),
        "std": Deviation("csat_score", "csat_scored"),
        "satisfied": Count("csat_satisfied"),
        "neutral": Count("csat_neutral"),
        "dissatisfied": Count("csat_dissatisfied"),
        "answers": Count("csat_answered"),
        "scale_low": Mean("csat_scale_low", "csat_scored"),
        "scale_high": Mean("csat_scale_high", "csat_scored"),
    },
    caveat="Only of those who answered. The mean score stands beside it and is never mixed with it.",
    variants=("threshold of satisfied", "mean score", "rolling 7 days"),
    benchmarks=benchmarks.CSAT,
    matters=0.02,
    headline=True,
    lacking="no column holds satisfaction answers",
)

NPS = Metric(
    key="nps",
    name="Net promoter score",
    question="Would customers recommend us?",
    family=Family.SATISFACTION,
    unit=Unit.POINTS,
    better=Direction.UP,
    grain=Grain.SURVEYS,
    basis=Basis.ANSWERED,
    measure=Score("nps_promoter", "nps_detractor", "nps_answered"),
    formula="share of 9-10 − share of 0-6, of all answers; 7-8 are passives; from −100 to +100",
    needs=("surveys.nps_raw|surveys.nps_bucket",),
    parts={
        "promoters": Share("nps_promoter", "nps_answered"),
        "passives": Share("nps_passive", "nps_answered"),
        "detractors": Share("nps_detractor", "nps_answered"),
        "promoters_count": Count("nps_promoter"),
        "passives_count": Count("nps_passive"),
        "detractors_count": Count("nps_detractor"),
    },
    caveat="The same score can come from very different shares: all three stand beside it.",
    benchmarks=benchmarks.NPS,
    matters=3.0,
    headline=True,
    lacking="no column holds a 0-10 answer",
)

CES = Metric(
    key="ces",
    name="Customer effort score",
    question="How easy is it to get help?",
    family=Family.SATISFACTION,
    unit=Unit.SCORE,
    better=Direction.UP,
    grain=Grain.SURVEYS,
    basis=Basis.ANSWERED,
    measure=Mean("ces_score", "ces_answered"),
    formula="mean answer on the survey's own scale (1-7, high is easy; on the older 1-5 scale low is good)",
    needs=("surveys.ces_raw",),
    parts={
        "easy": Share("ces_easy", "ces_answered"),
        "std": Deviation("ces_score", "ces_answered"),
        "median": Quantile("ces_score", 0.5, "ces_answered"),
        "answers": Count("ces_answered"),
    },
    caveat="Which way is better depends on the scale: say so at import.",
    matters=0.1,
    lacking="no column holds an effort score",
)

RESPONSE_RATE = Metric(
    key="response_rate",
    name="Survey response rate",
    question="How many of those we ask answer?",
    family=Family.SATISFACTION,
    unit=Unit.PERCENT,
    better=Direction.UP,
    grain=Grain.SURVEYS,
    basis=Basis.SENT,
    measure=Share("response_answered", "response_mature"),
    formula="surveys answered ÷ surveys sent",
    needs=("surveys.status|surveys.sent_at",),
    parts={"sent": Count("response_mature")},
    caveat="Surveys sent in the last days are left out: an answer may still come.",
    benchmarks=benchmarks.RESPONSE_RATE,
    matters=0.02,
    lacking="the data do not say which surveys were sent and not answered",
    left_out={
        "response_immature": "surveys sent in the last {survey_window_days} days left out: answers "
        "may still come"
    },
)

COVERAGE = Metric(
    key="coverage",
    name="Survey coverage",
    question="For how many solved tickets do we know what the customer thought?",
    family=Family.SATISFACTION,
    unit=Unit.PERCENT,
    better=Direction.UP,
    grain=Grain.TICKETS,
    basis=Basis.SOLVED,
    measure=Share("rated", "coverage_mature"),
    formula="solved tickets with an answered satisfaction survey ÷ solved tickets",
    needs=("surveys.ticket_id", "tickets.solved_at|tickets.status"),
    parts={
        "rated": Share("rated", "coverage_mature"),
        "csat_at_worst": Share("rated_satisfied", "coverage_mature"),
        "csat_at_best": Share("rated_or_silent", "coverage_mature"),
    },
    caveat="At worst every silent customer was dissatisfied, at best every one satisfied; both stand "
    "beside it.",
    benchmarks=benchmarks.COVERAGE,
    matters=0.02,
    lacking="no satisfaction survey can be joined to tickets",
    left_out={
        "coverage_immature": "tickets solved in the last {survey_window_days} days left out: answers "
        "may still come"
    },
)
COVERAGE_OF_ALL = replace(
    COVERAGE,
    question="For how many tickets do we know what the customer thought?",
    basis=Basis.CREATED,
    measure=Share("rated", "ticket"),
    formula="tickets with an answered satisfaction survey ÷ tickets",
    needs=("surveys.ticket_id",),
    parts={
        "rated": Share("rated", "ticket"),
        "csat_at_worst": Share("rated_satisfied", "ticket"),
        "csat_at_best": Share("rated_or_silent", "ticket"),
    },
    caveat="No column says when a ticket was solved, so every ticket counts. " + COVERAGE.caveat,
    left_out={},
)
RESPONSES_OF_TICKETS = replace(
    RESPONSE_RATE,
    grain=Grain.TICKETS,
    basis=Basis.SOLVED,
    measure=Share("offer_answered", "offer_mature"),
    formula="tickets whose survey was answered ÷ solved tickets with a survey offered",
    needs=("tickets.csat_offered", "tickets.solved_at|tickets.status"),
    parts={"sent": Count("offer_mature")},
    left_out={
        "offer_immature": "tickets solved in the last {survey_window_days} days left out: "
        "answers may still come"
    },
)
_RATED_CALLS = replace(
    COVERAGE,
    question="For how many answered calls do we know what the customer thought?",
    grain=Grain.CALLS,
    basis=Basis.STARTED,
    formula="answered calls with an answered satisfaction survey ÷ answered calls",
    needs=("surveys.call_id", "calls.outcome|calls.answered_at"),
    lacking="no satisfaction survey can be joined to tickets or calls",
    left_out={
        "coverage_immature": "calls of the last {survey_window_days} days left out: answers may still come"
    },
)

SENTIMENT = Metric(
    key="sentiment",
    name="Sentiment of comments",
    question="In what mood do customers write?",
    family=Family.SATISFACTION,
    unit=Unit.PERCENT,
    better=Direction.UP,
    grain=Grain.TICKETS,
    basis=Basis.CREATED,
    measure=Share("sentiment_positive", "sentiment_known"),
    formula="contacts with a positive sentiment ÷ contacts with a sentiment",
    needs=("tickets.sentiment",),
    parts={
        "positive": Share("sentiment_positive", "sentiment_known"),
        "neutral": Share("sentiment_neutral", "sentiment_known"),
        "negative": Share("sentiment_negative", "sentiment_known"),
        "positive_count": Count("sentiment_positive"),
        "neutral_count": Count("sentiment_neutral"),
        "negative_count": Count("sentiment_negative"),
    },
    caveat="As the source names it; very positive and very negative count as positive and negative.",
    matters=0.02,
    lacking="no column holds a sentiment",
)
_OF_CALLS = replace(SENTIMENT, grain=Grain.CALLS, basis=Basis.STARTED, needs=("calls.sentiment",))
_OF_ANSWERS = replace(SENTIMENT, grain=Grain.SURVEYS, basis=Basis.ANSWERED, needs=("surveys.sentiment",))

METRICS = (CSAT, NPS, CES, RESPONSE_RATE, COVERAGE, SENTIMENT)
STAND_INS = (COVERAGE_OF_ALL, RESPONSES_OF_TICKETS, _RATED_CALLS, _OF_CALLS, _OF_ANSWERS)
