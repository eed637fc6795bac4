"""Common issues: what customers contact the team about, what it costs, and what is new."""

from kpi.issues.channels import CHANNEL, SOCIAL, Beside, Here, beside, channels
from kpi.issues.counting import periods_of, report
from kpi.issues.families import FAMILIES, family_of
from kpi.issues.feeling import LISTED, WORD_LIST, Agreement, agreement, can_feel, felt
from kpi.issues.nouns import (
    NO_TEXT,
    NOT_MAPPED,
    OTHER,
    Issue,
    More,
    Onset,
    Origin,
    Ratio,
    Report,
    Rise,
    Rule,
    Source,
)
from kpi.issues.phrases import Phrase, Phrases, new_phrases, typical_phrases
from kpi.issues.ranking import Order, Ranked, orders, ranked
from kpi.issues.reading import Reading, read
from kpi.issues.recurring import Group, Recurring, near_duplicates, recurring
from kpi.issues.rows import AGAIN, ALL, PARTS, Moment, Story, parts, rows, rows_of, story
from kpi.issues.sorting import ISSUE, Sorted, choices, contacts, settle, sort
from kpi.issues.together import Company, Together, together

__all__ = [
    "AGAIN",
    "ALL",
    "CHANNEL",
    "FAMILIES",
    "ISSUE",
    "LISTED",
    "NOT_MAPPED",
    "NO_TEXT",
    "OTHER",
    "PARTS",
    "SOCIAL",
    "WORD_LIST",
    "Agreement",
    "Beside",
    "Company",
    "Group",
    "Here",
    "Issue",
    "Moment",
    "More",
    "Onset",
    "Order",
    "Origin",
    "Phrase",
    "Phrases",
    "Ranked",
    "Ratio",
    "Reading",
    "Recurring",
    "Report",
    "Rise",
    "Rule",
    "Sorted",
    "Source",
    "Story",
    "Together",
    "agreement",
    "beside",
    "can_feel",
    "channels",
    "choices",
    "contacts",
    "family_of",
    "felt",
    "near_duplicates",
    "new_phrases",
    "orders",
    "parts",
    "periods_of",
    "ranked",
    "read",
    "recurring",
    "report",
    "rows",
    "rows_of",
    "settle",
    "sort",
    "story",
    "together",
    "typical_phrases",
]
