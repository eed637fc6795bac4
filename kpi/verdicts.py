"""What may be said about a difference: one truth table of direction, sign, evidence and size."""

from __future__ import annotations

from dataclasses import dataclass

from kpi.measures import Rate, Stock
from kpi.model import Difference, Direction, Estimate, Metric, Unit, Verdict

FEWEST_EVENTS = 5


@dataclass(frozen=True)
class Judgement:
    """A verdict and why: which bound, which limit, which count."""

    verdict: Verdict
    reason: str


def judge(
    metric: Metric,
    now: Estimate,
    before: Estimate,
    difference: Difference | None,
    *,
    confidence: float,
    minimum_n: int,
    looks: int = 1,
    unlike: str = "",
) -> Judgement:
    """The verdict.

    ======================================  =================================================
    either side without a value             too few, with the reason of that side
    too few rows, no interval or no p       too few
    adjusted p not below 1 − confidence     unclear: says what can be excluded
    below, but smaller than what matters    unclear: real, but smaller than what matters
    below, and it matters                   better or worse by sign × direction; changed
                                            when the metric has no better direction
    ======================================  =================================================

    Before all that, two sides that cannot be compared are unclear, with the reason given as ``unlike``.

    Parameters
        difference: with its p adjusted for everything that was looked at.
        looks: how many comparisons that were.
    """
    if unlike and now.value is not None and before.value is not None:
        return Judgement(Verdict.UNCLEAR, f"cannot be judged: {unlike}")
    few = _too_few(metric, now, before, difference, minimum_n)
    if few is not None or difference is None:
        return Judgement(Verdict.TOO_FEW, few or "no difference can be computed")
    p = difference.p if difference.p_adjusted is None else difference.p_adjusted
    least = matters(metric, before, difference)
    unit = metric.unit
    limit = f"the smallest difference that matters is {size(unit, least)}"
    if p is None or p >= chance(confidence):
        return Judgement(Verdict.UNCLEAR, _unclear(metric, difference, p, confidence, looks))
    if abs(difference.value) < least:
        return Judgement(
            Verdict.UNCLEAR,
            f"the change is real (adjusted p {words_of(p)}) but smaller than what matters: {limit}",
        )
    per = f" {difference.per}" if difference.per else ""
    reason = f"{_interval(unit, difference)}{per}, adjusted p {words_of(p)}; {limit}{per}"
    if metric.better is Direction.NEUTRAL:
        return Judgement(Verdict.CHANGED, reason)
    good = difference.value * metric.better.value > 0
    return Judgement(Verdict.BETTER if good else Verdict.WORSE, reason)


def chance(confidence: float) -> float:
    """1 − confidence, without the rounding of binary numbers.

    >>> chance(0.95)
    0.05
    """
    return round(1 - confidence, 12)


def matters(metric: Metric, before: Estimate, difference: Difference | None) -> float:
    """The smallest difference worth acting on, in the unit (and per day where the difference is)."""
    if not metric.relative_matters:
        return metric.matters
    base = before.parts.get("per_day") if difference is not None and difference.per else before.value
    return metric.matters * abs(base or 0.0)


def size(unit: Unit, value: float) -> str:
    """A change without its sign.

    >>> size(Unit.PERCENT, 0.021), size(Unit.MINUTES, -5)
    ('2.1 points', '5.0 min')
    """
    return unit.change(abs(value)).lstrip("+±−")


def words_of(p: float) -> str:
    """A p-value as words.

    >>> words_of(0.0304), words_of(0.00001)
    ('0.030', 'below 0.001')
    """
    return "below 0.001" if p < 0.001 else f"{p:.3f}"


def _too_few(
    metric: Metric, now: Estimate, before: Estimate, difference: Difference | None, minimum_n: int
) -> str | None:
    """Why nothing can be said; None when something can."""
    for side, which in ((now, "now"), (before, "before")):
        if side.value is None:
            return f"no answer {which}: {side.reason or 'no rows'}"
    if isinstance(metric.measure, Rate):
        if max(now.n, before.n) < FEWEST_EVENTS:
            return f"fewer than {FEWEST_EVENTS} events on either side ({now.n:,} now, {before.n:,} before)"
    elif not isinstance(metric.measure, Stock) and min(now.n, before.n) < minimum_n:
        return f"fewer than {minimum_n} on one side ({now.n:,} now, {before.n:,} before)"
    if difference is None:
        return "no difference can be computed from so few rows"
    if difference.p is None or (difference.low is None and difference.high is None):
        return difference.method
    return None


def _unclear(metric: Metric, difference: Difference, p: float | None, confidence: float, looks: int) -> str:
    """What an unclear result still excludes."""
    low, high, unit = difference.low, difference.high, metric.unit
    per = f" {difference.per}" if difference.per else ""
    if difference.p is not None and difference.p < chance(confidence):
        adjusted = "" if p is None else f" (adjusted p {words_of(p)})"
        return (
            f"the interval ({_interval(unit, difference)}{per}) leaves out no change, but among "
            f"{looks} comparisons "
            f"one such result is to be expected by chance{adjusted}"
        )
    excluded = []
    if low is not None and low <= 0:
        excluded.append(f"a fall of more than {size(unit, low)}{per}")
    if high is not None and high >= 0:
        excluded.append(f"a rise of more than {size(unit, high)}{per}")
    if not excluded:
        return "no evidence of a change, and no size of change can be excluded"
    return f"no evidence of a change; {' and '.join(excluded)} can be excluded"


def _interval(unit: Unit, difference: Difference) -> str:
    low = "no lower bound" if difference.low is None else unit.change(difference.low)
    high = "no upper bound" if difference.high is None else unit.change(difference.high)
    return f"{low} to {high}"
