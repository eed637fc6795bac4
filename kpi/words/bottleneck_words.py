"""Pieces that sentences about bottlenecks are made of: counts, hours, days, shares, ratios, changes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from kpi.model import Comparison, Estimate, Grain, Unit, Verdict
from kpi.words.figures import probability

if TYPE_CHECKING:
    from kpi.bottlenecks.nouns import Behind, Slot

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NOUNS = {Grain.TICKETS: ("ticket", "tickets"), Grain.CALLS: ("call", "calls")}


def contacts(behind: Behind) -> str:
    """A number of contacts with their noun."""
    return counted(behind.n, behind.grain)


def counted(n: int, grain: Grain) -> str:
    """
    >>> counted(1, Grain.CALLS), counted(1_204, Grain.TICKETS)
    ('1 call', '1,204 tickets')
    """
    one, many = NOUNS.get(grain, ("row", "rows"))
    return f"{n:,} {one if n == 1 else many}"


def hour_words(hour: int) -> str:
    """
    >>> hour_words(9)
    '09:00 to 09:59'
    """
    return f"{hour:02d}:00 to {hour:02d}:59"


def day_words(weekdays: Sequence[int]) -> str:
    """Weekdays as they stand in a sentence.

    >>> day_words((0, 1, 2, 3, 4)), day_words((5,)), day_words((0, 2)), day_words((6, 0, 1, 2, 3))
    ('Monday to Friday', 'Saturday', 'Monday and Wednesday', 'Sunday to Thursday')
    """
    days = list(weekdays)
    if len(days) > 2:
        inner = set(days)
        for first in range(7):
            run = [(first + step) % 7 for step in range(len(days))]
            if set(run) == inner and (first - 1) % 7 not in inner:
                return f"{WEEKDAYS[run[0]]} to {WEEKDAYS[run[-1]]}"
    names = [WEEKDAYS[day] for day in sorted(days)]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def slot_words(slot: Slot) -> str:
    """An hour on its days."""
    return f"{day_words(slot.weekdays)} from {hour_words(slot.hour)}"


def seconds(value: float) -> str:
    """
    >>> seconds(45), seconds(480), seconds(9_000)
    ('45 s', '8.0 min', '2 h 30 min')
    """
    return Unit.MINUTES.level(value / 60)


def hours_words(value: float) -> str:
    """
    >>> hours_words(138_059.3), hours_words(12.34)
    ('138,059 h', '12.3 h')
    """
    return f"{value:,.0f} h" if value >= 100 else f"{value:,.1f} h"


def percent(value: float | None) -> str:
    """
    >>> percent(0.5237), percent(0.004), percent(None)
    ('52 %', '0.4 %', 'no answer')
    """
    if value is None:
        return "no answer"
    if 0 < value < 0.0005:
        return "below 0.1 %"
    return f"{value * 100:.0f} %" if value >= 0.0995 or value == 0 else f"{value * 100:.1f} %"


def span(estimate: Estimate) -> str:
    """The interval of a share; empty without one."""
    if estimate.low is None or estimate.high is None:
        return ""
    places = 1 if estimate.high >= 0.01 else 2
    return f"{estimate.low * 100:.{places}f} to {estimate.high * 100:.{places}f} %"


def times(log: float) -> str:
    """A log of a ratio as "2.5 times".

    >>> times(math.log(2.5)), times(math.log(0.4))
    ('2.5 times', '0.40 times')
    """
    ratio = math.exp(log)
    if ratio >= 99.5:
        return f"{ratio:,.0f} times"
    return f"{ratio:.1f} times" if ratio >= 1 else f"{ratio:.2f} times"


def listed(names: Sequence[str]) -> str:
    """
    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def capital(text: str) -> str:
    """With a capital letter in front."""
    return text[:1].upper() + text[1:]


CLEAR = (Verdict.BETTER, Verdict.WORSE, Verdict.CHANGED)


def interval(one: Comparison) -> str:
    """Change with its interval and p."""
    difference, unit = one.difference, one.metric.unit
    if difference is None:
        return "no interval"
    if difference.low is None or difference.high is None:
        return unit.change(difference.value)
    p = difference.p if difference.p_adjusted is None else difference.p_adjusted
    sure = "" if p is None else f", p {probability(p)} after adjusting"
    return (
        f"{unit.change(difference.value)}, between {unit.change(difference.low)} and "
        f"{unit.change(difference.high)}{sure}"
    )


def change_words(one: Comparison | None) -> str:
    if one is None or one.difference is None:
        return "no answer" if one is None else capital(one.reason)[:120]
    mark = {
        Verdict.BETTER: "better",
        Verdict.WORSE: "worse",
        Verdict.CHANGED: "changed",
        Verdict.UNCLEAR: "not clear",
        Verdict.TOO_FEW: "too few",
    }[one.verdict]
    return f"{one.metric.unit.change(one.difference.value)} each, {mark}"
