"""Areas for improvement: what is behind its peers (issues, channels, teams), and what meeting them gives."""

from kpi.improvements.finding import improvements
from kpi.improvements.nouns import (
    RATE,
    Improvements,
    Look,
    Need,
    Outcome,
    Spread,
    Standing,
    Suggestion,
    Whole,
)
from kpi.improvements.rows import ALL, PARTS, SHORT, months, rows
from kpi.improvements.suggesting import suggestions
from kpi.improvements.training import needs

__all__ = [
    "ALL",
    "PARTS",
    "RATE",
    "SHORT",
    "Improvements",
    "Look",
    "Need",
    "Outcome",
    "Spread",
    "Standing",
    "Suggestion",
    "Whole",
    "improvements",
    "months",
    "needs",
    "rows",
    "suggestions",
]
