"""Actions: what somebody did about a finding, and whether it helped."""

from kpi.actions.linking import Draft, draft, parameters
from kpi.actions.nouns import (
    FEWEST_AFTER,
    FEWEST_BEFORE,
    JUDGED,
    Effect,
    Extreme,
    Outcome,
    Review,
)
from kpi.actions.reviewing import apart, review, review_one, together, weeks_around
from kpi.actions.telling import harmful, told_text

__all__ = [
    "FEWEST_AFTER",
    "FEWEST_BEFORE",
    "JUDGED",
    "Draft",
    "Effect",
    "Extreme",
    "Outcome",
    "Review",
    "apart",
    "draft",
    "harmful",
    "parameters",
    "review",
    "review_one",
    "together",
    "told_text",
    "weeks_around",
]
