"""Values against their targets, all as one family: what may be said, and how many rows would tell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from kpi.attainment.nouns import Judged, Side
from kpi.compare import against_target
from kpi.model import Direction, Estimate, Metric
from kpi.stats import critical

POWER = 0.8416
"""Standard normal quantile of 80 %: found four times in five."""
MOST_ROWS = 10_000_000
"""More rows than this are no answer."""


@dataclass(frozen=True)
class Case:
    """One value and its aim; ``at`` gives the estimate with an interval of another confidence."""

    metric: Metric
    estimate: Estimate
    aim: float | None
    at: Callable[[float], Estimate]


def judge(cases: Sequence[Case], confidence: float, minimum_n: int) -> tuple[Judged, ...]:
    """The side of each value by Benjamini-Hochberg over all that can be judged.

    Step-up on the intervals themselves: with k values called, each must exclude its target at confidence
    1 − (1 − confidence) · k / m. What is called is therefore never narrower than the interval that is shown.
    """
    able = [
        place
        for place, case in enumerate(cases)
        if case.aim is not None and case.estimate.value is not None and case.estimate.n >= minimum_n
    ]
    called = _called([cases[place] for place in able], confidence)
    sure = {place for place, yes in zip(able, called, strict=True) if yes}
    return tuple(
        replace(_judged(case, place in sure, confidence, minimum_n), looks=len(able))
        for place, case in enumerate(cases)
    )


def _called(cases: Sequence[Case], confidence: float) -> list[bool]:
    left = list(range(len(cases)))
    for count in range(len(cases), 0, -1):
        level = 1 - (1 - confidence) * count / len(cases)
        # What holds its target at a lower confidence holds it at every higher one.
        left = [place for place in left if _outside(cases[place], level, confidence)]
        if len(left) >= count:
            return [place in left for place in range(len(cases))]
    return [False] * len(cases)


def _outside(case: Case, level: float, confidence: float) -> bool:
    estimate = case.estimate if level == confidence else case.at(level)
    return against_target(estimate, replace(case.metric, target=case.aim)) != "cannot tell"


def _judged(case: Case, sure: bool, confidence: float, minimum_n: int) -> Judged:
    if case.aim is None:
        return Judged(Side.NO_TARGET)
    estimate = case.estimate
    if estimate.value is None:
        return Judged(Side.NO_VALUE, reason=estimate.reason or "there is no value")
    if estimate.n < minimum_n:
        return Judged(Side.TOO_FEW, reason=f"only {estimate.n:,}; at least {minimum_n} are needed")
    side = against_target(estimate, replace(case.metric, target=case.aim))
    if sure and side != "cannot tell":
        if case.metric.better is Direction.NEUTRAL:
            return Judged(Side.ABOVE if side == "above" else Side.BELOW)
        good = (side == "above") == (case.metric.better is Direction.UP)
        return Judged(Side.REACHED if good else Side.MISSED)
    rows, reason = rows_to_tell(estimate, case.aim, confidence)
    if side != "cannot tell":
        reason = "its own interval excludes the target, but with so many looks that happens by chance"
    return Judged(Side.CANNOT_TELL, rows, reason)


def rows_to_tell(estimate: Estimate, aim: float, confidence: float) -> tuple[float | None, str]:
    """About how many rows would tell the value from its aim four times in five, if it stays as it is.

    The interval shrinks with the root of the rows: n (½ width / gap)² (1 + z₈₀ / z)².

    >>> rows, _ = rows_to_tell(Estimate(0.55, 100, 0.45, 0.65), 0.5, 0.95)
    >>> round(rows)
    817
    """
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return None, "the value has no interval"
    gap = abs(estimate.value - aim)
    half = estimate.value - estimate.low if aim < estimate.value else estimate.high - estimate.value
    holds = "its interval holds the target"
    if gap == 0 or half <= 0:
        return None, f"{holds}, and the value lies on it"
    needed = estimate.n * (half / gap * (1 + POWER / critical(confidence))) ** 2
    if needed > MOST_ROWS:
        return None, f"{holds}, and the value all but lies on it"
    return needed, holds
