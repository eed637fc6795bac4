"""Sizes, gains and names of the improvements page as text: the pieces that its sentences are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kpi.model import Unit, inside
from kpi.words.figures import enough, shown_as
from kpi.words.figures import level as figure

if TYPE_CHECKING:
    from kpi.improvements.nouns import Look, Outcome

ISSUE = "issue of the contact"
MOST_NAMED = 3
SHORT = {
    "csat": "CSAT",
    "nps": "NPS",
    "ces": "the effort score",
    "sentiment": "the share of positive sentiment",
    "ttr": "the mean time to resolution",
    "sla": "the share solved in the promised time",
    "frt_within_target": "the share answered within target",
    "ttr_within_target": "the share solved within target",
    "response_to_resolution": "the mean time from first response to resolution",
    "fcr": "first contact resolution",
    "escalation_rate": "the escalation rate",
    "reopen_rate": "the reopen rate",
    "repeat_contact": "the repeat contact rate",
    "aht": "the mean handle time",
}
PLURAL = {ISSUE: "issues", "priority": "priorities", "category": "categories"}


def word(outcome: Outcome) -> str:
    """The outcome inside a sentence."""
    return SHORT.get(outcome.key, inside(outcome.metric.name))


def dimension(name: str, n: int = 1) -> str:
    """A dimension inside a sentence.

    >>> dimension("issue of the contact"), dimension("priority", 2), dimension("channel", 3)
    ('issue', 'priorities', 'channels')
    """
    own = name.removeprefix("custom:")
    if own != name:
        return own if n == 1 else f"values of {own}"
    if n == 1:
        return "issue" if name == ISSUE else name
    return PLURAL.get(name, f"{name}s")


def better(outcome: Outcome) -> str:
    """Which way is better, as a comparative."""
    if outcome.sign > 0:
        return "higher"
    return "shorter" if outcome.metric.unit in (Unit.MINUTES, Unit.HOURS) else "lower"


def amount(unit: Unit, value: float) -> str:
    """A size without its sign.

    >>> amount(Unit.PERCENT, 0.0567), amount(Unit.HOURS, 29.4)
    ('5.7 points', '29.4 h')
    """
    shown = shown_as(unit, (value,))
    size = abs(value) * shown.factor
    return f"{size:,.{enough(size, shown.decimals)}f}{shown.change}"


def span(unit: Unit, value: float, low: float, high: float) -> str:
    """From bound to bound, in the unit of the value; the unit is not said again.

    >>> span(Unit.PERCENT, 0.0567, 0.0065, 0.108), span(Unit.PERCENT, 0.01, -0.02, 0.03)
    ('0.7 to 10.8', '−2.0 to 3.0')
    """
    shown = shown_as(unit, (value,))

    def one(bound: float) -> str:
        scaled = bound * shown.factor
        text = f"{abs(scaled):,.{enough(scaled, shown.decimals)}f}"
        return f"−{text}" if scaled < 0 else text

    return f"{one(low)} to {one(high)}"


def gain(look: Look) -> str:
    """What all rows would gain, with its interval: "5.7 points higher (0.7 to 10.8)"."""
    unit = look.outcome.metric.unit
    interval = span(unit, look.impact, look.low, look.high)
    return f"{amount(unit, look.impact)} {better(look.outcome)} ({interval})"


def value_words(look: Look) -> str:
    """The value, with its dimension where that is not the issue."""
    return look.value if look.dimension == ISSUE else f"{dimension(look.dimension)} {look.value}"


def all_names(look: Look) -> str:
    """The value with its dimension and whatever else stands for the very same rows."""
    also = [f"{dimension(name)} {value}" for name, value in look.also]
    inner = [] if look.dimension == ISSUE else [dimension(look.dimension)]
    inner += [f"also {joined(also)}"] if also else []
    return f"{look.value} ({', '.join(inner)})" if inner else look.value


def levels(look: Look) -> tuple[str, str]:
    """Own level and reference in one unit."""
    shown = shown_as(look.outcome.metric.unit, (look.level, look.reference))
    own, other = (figure(value, shown, shown.decimals) or "" for value in (look.level, look.reference))
    return own, other


def peers(look: Look) -> str:
    """What a value is held against."""
    return f"the median of the other {dimension(look.dimension, 2)}"


def listed(names: Sequence[str]) -> str:
    """Names as they stand in a sentence; many are cut.

    >>> listed(["a"]), listed(["a", "b", "c"]), listed(["a", "b", "c", "d", "e"])
    ('a', 'a, b and c', 'a, b, c and 2 more')
    """
    if len(names) > MOST_NAMED:
        return f"{', '.join(names[:MOST_NAMED])} and {len(names) - MOST_NAMED} more"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def joined(names: Sequence[str], last: str = "and") -> str:
    """All of them as they stand in a sentence.

    >>> joined(["4 channels", "5 products", "4 priorities"], "or")
    '4 channels, 5 products or 4 priorities'
    """
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"


def percent(level: float) -> str:
    """A confidence.

    >>> percent(0.95), percent(0.99789)
    ('95 %', '99.8 %')
    """
    return f"{level * 100:.1f}".removesuffix(".0") + " %"


def signed(look: Look, among: Sequence[Look]) -> str:
    """What the whole would gain, as a signed size in the unit of the largest; the better side is plus."""
    shown = shown_as(look.outcome.metric.unit, (max(abs(each.impact) for each in among),))
    size = abs(look.impact) * shown.factor
    text = f"{size:,.{enough(size, shown.decimals)}f}{shown.change}"
    return f"{'+' if look.impact > 0 else '−'}{text}" if look.impact else text


def level_words(look: Look) -> str:
    """Own level and reference beside a row of the picture."""
    own, other = levels(look)
    return f"{own}, others {other}"
