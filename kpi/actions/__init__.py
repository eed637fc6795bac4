"""Actions: what somebody did about a finding, and whether it helped."""

from kpi.actions.nouns import (
    FEWEST_AFTER,
    FEWEST_BEFORE,
    JUDGED,
    Effect,
    Extreme,
    Outcome,
    Review,
)
from kpi.actions.reviewing import apart, review

__all__ = [
    "FEWEST_AFTER",
    "FEWEST_BEFORE",
    "JUDGED",
    "Effect",
    "Extreme",
    "Outcome",
    "Review",
    "apart",
    "review",
]
