"""Common issues: what customers contact the team about, what it costs, and what is new."""

from kpi.issues.counting import report
from kpi.issues.families import FAMILIES, family_of
from kpi.issues.nouns import NO_TEXT, NOT_MAPPED, OTHER, Issue, Onset, Origin, Ratio, Report, Rule, Source
from kpi.issues.ranking import Order, Ranked, orders, ranked
from kpi.issues.rows import ALL, PARTS, Moment, Story, parts, rows, story
from kpi.issues.sorting import ISSUE, Sorted, choices, contacts, settle, sort

__all__ = [
    "ALL",
    "FAMILIES",
    "ISSUE",
    "NOT_MAPPED",
    "NO_TEXT",
    "OTHER",
    "PARTS",
    "Issue",
    "Moment",
    "Onset",
    "Order",
    "Origin",
    "Ranked",
    "Ratio",
    "Report",
    "Rule",
    "Sorted",
    "Source",
    "Story",
    "choices",
    "contacts",
    "family_of",
    "orders",
    "parts",
    "ranked",
    "report",
    "rows",
    "settle",
    "sort",
    "story",
]
