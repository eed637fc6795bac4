"""Suggestions written from the findings: every value that is behind, with its outcomes and what to check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from kpi.improvements.nouns import Improvements, Look, Suggestion
from kpi.issues import ISSUE, Rule, family_of
from kpi.issues.families import PROCESS, PRODUCT, SERVICE, TECHNOLOGY
from kpi.issues.nouns import NOT_MAPPED

CHECK: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        PRODUCT: (
            "which product, size or batch these contacts name",
            "whether what is promised fits what is delivered",
        ),
        PROCESS: (
            "which step these contacts wait for, and who may decide it",
            "whether a rule sends customers round in a circle",
        ),
        SERVICE: (
            "what the answers say, beside those that satisfied",
            "whether an article or a template is missing",
        ),
        TECHNOLOGY: (
            "which release, device or error message they name",
            "whether a known fault could be told before customers ask",
        ),
        NOT_MAPPED: ("which of the four families it belongs to (Issues, rules and families)",),
        "channel": (
            "whether the promise of this channel fits how it is staffed",
            "how many of its contacts have to change to another channel",
        ),
        "product": (
            "what customers of this product ask that others do not",
            "whether its texts and articles are up to date",
        ),
        "team": (
            "which contacts this team gets that others do not",
            "whether it has the rights and tools that others have",
        ),
        "queue": ("how this queue is staffed over the day", "which contacts end up in it by mistake"),
        "priority": ("who sets the priority and by which rule", "whether it changes what happens next"),
    }
)
OTHERWISE = ("what these contacts have in common beside this",)
BY_OUTCOME: Mapping[str, str] = MappingProxyType(
    {
        "ttr": "where the time goes: waiting for an agent, the customer or somebody else",
        "sla": "where the time goes: waiting for an agent, the customer or somebody else",
        "escalation_rate": "what a higher level does that the first could not",
        "reopen_rate": "what was still open when it was called solved",
        "fcr": "what customers come back with",
        "repeat_contact": "what customers write about next",
        "aht": "which step of handling takes the time",
    }
)


def suggestions(found: Improvements, rules: Sequence[Rule] = ()) -> tuple[Suggestion, ...]:
    """One for every value that is behind, the surest impact first; none where nothing is clear."""
    by_value: dict[tuple[str, str], list[Look]] = {}
    for look in found.behind:
        by_value.setdefault((look.dimension, look.value), []).append(look)
    return tuple(
        _suggestion(dimension, value, looks, rules) for (dimension, value), looks in by_value.items()
    )


def _suggestion(dimension: str, value: str, looks: list[Look], rules: Sequence[Rule]) -> Suggestion:
    family = family_of(value, rules)[0] if dimension == ISSUE else dimension
    by_outcome = [BY_OUTCOME[look.outcome.key] for look in looks if look.outcome.key in BY_OUTCOME]
    check = (*CHECK.get(family, OTHERWISE), *dict.fromkeys(by_outcome[:2]))
    return Suggestion(dimension, value, family, tuple(looks), check)
