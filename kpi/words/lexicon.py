"""The fixed words. Same facts, same words: a changed word then means changed facts.

No word here says why: cause is only for what a person types.
"""

from __future__ import annotations

from kpi.model import Claim, Comparison, Direction, Grain, Metric, Verdict

CLEAR = frozenset({Verdict.BETTER, Verdict.WORSE, Verdict.CHANGED})
"""Verdicts that say a change is beyond chance."""

JUDGEMENT = {
    Verdict.BETTER: "which is better",
    Verdict.WORSE: "which is worse",
    Verdict.CHANGED: "a clear change",
}
SHORT = {
    Verdict.BETTER: "better",
    Verdict.WORSE: "worse",
    Verdict.CHANGED: "changed",
    Verdict.UNCLEAR: "no clear change",
    Verdict.TOO_FEW: "too few",
}
MARK = {
    Verdict.BETTER: "▲",
    Verdict.WORSE: "▼",
    Verdict.CHANGED: "◆",
    Verdict.UNCLEAR: "●",
    Verdict.TOO_FEW: "○",
}
NOUN = {
    Grain.TICKETS: "tickets",
    Grain.SURVEYS: "answers",
    Grain.CALLS: "calls",
    Grain.AGENT_DAYS: "agent-days",
    Grain.CUSTOMERS: "customers",
}
HIGHER_IS = {
    Direction.UP: "higher is better",
    Direction.DOWN: "lower is better",
    Direction.NEUTRAL: "neither way is better",
}


def moved(rising: bool) -> str:
    """The verb of a change over time."""
    return "rose" if rising else "fell"


def compared(rising: bool) -> str:
    """The adjective of a difference between segments."""
    return "higher" if rising else "lower"


def beyond_chance(comparison: Comparison) -> bool:
    """Whether the change is real, however small: adjusted p below 1 − confidence, with enough cases."""
    difference = comparison.difference
    if difference is None or difference.p_adjusted is None or comparison.verdict is Verdict.TOO_FEW:
        return False
    # Rounded, since 1 − 0.95 is a little more than 0.05 in binary.
    return difference.p_adjusted < round(1 - difference.level, 12)


def hedge(claim: Claim) -> str:
    """How a comparison without a clear finding begins; a real change can still be too small to matter."""
    thing = "change" if claim.over_time else "difference"
    return f"Only a small {thing}" if beyond_chance(claim.comparison) else f"No clear {thing}"


def excluded(claim: Claim, rising: bool) -> str:
    """The noun for a change that is unlikely."""
    if claim.over_time:
        return "A rise of" if rising else "A fall of"
    return "Higher by" if rising else "Lower by"


def subject(claim: Claim) -> str:
    """The metric, and the group it is about."""
    group = " ".join(str(claim.comparison.group).split())
    name = claim.comparison.metric.name
    return f"{name} for {group}" if group else name


def noun(metric: Metric) -> str:
    """What is counted by n."""
    return NOUN[metric.grain]
