"""Whether a comparison contradicts itself: value, interval, p, verdict and the words of its reason.

Each check raises AssertionError with everything that is wrong. None of them asks the code under test what is
right: the verdict is worked out anew from the table of STATISTICS, Benjamini-Hochberg from its definition.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from typing import Any

from amounts import amounts

from kpi.measures import Measure, Rate, Stock
from kpi.model import Comparison, Difference, Direction, Estimate, Metric, Unit, Verdict

NEAR = 1e-9
FEWEST_EVENTS = 5
RANGES = {Unit.PERCENT: (0.0, 1.0), Unit.POINTS: (-100.0, 100.0)}
BY_DAY = (Unit.COUNT, Unit.PER_DAY)
"""Units whose change may be balanced by weekday, so that it is not simply now minus before."""


def none_of(problems: Sequence[str], what: object) -> None:
    """Nothing when there is no problem; else all of them."""
    assert not problems, f"{'; '.join(problems)} in {brief(what)}"


def brief(what: object) -> str:
    """A comparison without the declaration of its metric."""
    if not isinstance(what, Comparison):
        return str(what)
    sides = f"{what.now.value} (n {what.now.n}) against {what.before.value} (n {what.before.n})"
    return f"{what.metric.key} {what.group}: {sides}, {what.difference}, {what.verdict.value}: {what.reason}"


def check_estimate(estimate: Estimate, metric: Metric) -> None:
    """A value lies in its interval and in the range of its unit; no value has a reason."""
    problems = []
    if estimate.n < 0:
        problems.append(f"n is {estimate.n}")
    if estimate.value is None:
        problems += [] if estimate.reason else ["no value and no reason"]
    else:
        low, high = RANGES.get(metric.unit, (-math.inf, math.inf))
        ends = [estimate.low, estimate.value, estimate.high]
        known = [end for end in ends if end is not None]
        if not all(math.isfinite(end) for end in known):
            problems.append("a number is not finite")
        if any(b < a - NEAR for a, b in itertools.pairwise(known)):
            problems.append("the value lies outside its interval")
        if min(known) < low - NEAR or max(known) > high + NEAR:
            problems.append(f"a number lies outside {low} to {high}")
    none_of(problems, estimate)


def check_difference(comparison: Comparison, confidence: float) -> None:
    """The change is now minus before, lies in its interval, and p and interval say the same."""
    difference, now, before = comparison.difference, comparison.now.value, comparison.before.value
    if difference is None:
        return
    problems = []
    alpha = 1 - confidence
    numbers = [difference.value, difference.low, difference.high, difference.p, difference.p_adjusted]
    if not all(math.isfinite(number) for number in numbers if number is not None):
        problems.append("a number is not finite")
    if now is None or before is None:
        problems.append("a change without two values")
    elif not (difference.per or comparison.metric.unit in BY_DAY):
        off = abs(difference.value - (now - before)) > 1e-6 * max(abs(now), abs(before), 1e-3)
        if off:
            problems.append(f"the change is {difference.value} and not {now - before}")
    if difference.level != confidence:
        problems.append(f"the interval is one of {difference.level}, not of {confidence}")
    low, high, p = difference.low, difference.high, difference.p
    if low is not None and low > difference.value + NEAR:
        problems.append("the change is below its interval")
    if high is not None and high < difference.value - NEAR:
        problems.append("the change is above its interval")
    if p is not None:
        problems += [] if 0 < p <= 1 else [f"p is {p}"]
        outside = (low is not None and low > NEAR) or (high is not None and high < -NEAR)
        inside = (low is None or low < -NEAR) and (high is None or high > NEAR)
        if (p < alpha * 0.999 and inside) or (p > alpha * 1.001 and outside):
            problems.append(f"p is {p} and the interval {low} to {high}")
        adjusted = difference.p_adjusted
        if adjusted is None or not p - NEAR <= adjusted <= 1:
            problems.append(f"p is {p} and adjusted {adjusted}")
    none_of(problems, comparison)


def expected_verdict(comparison: Comparison, confidence: float, minimum_n: int) -> Verdict:
    """The verdict from the numbers alone."""
    metric, now, before, difference = (
        comparison.metric,
        comparison.now,
        comparison.before,
        comparison.difference,
    )
    if now.value is None or before.value is None:
        return Verdict.TOO_FEW
    if comparison.reason.startswith("cannot be judged"):
        return Verdict.UNCLEAR
    if isinstance(metric.measure, Rate):
        few = max(now.n, before.n) < FEWEST_EVENTS
    else:
        few = not isinstance(metric.measure, Stock) and min(now.n, before.n) < minimum_n
    if few or difference is None or difference.p is None or (difference.low is difference.high is None):
        return Verdict.TOO_FEW
    p = difference.p if difference.p_adjusted is None else difference.p_adjusted
    least = metric.matters
    if metric.relative_matters:
        per_day = before.parts.get("per_day") if difference.per else before.value
        least *= abs(per_day or 0.0)
    if p >= round(1 - confidence, 12) or abs(difference.value) < least:
        return Verdict.UNCLEAR
    if metric.better is Direction.NEUTRAL:
        return Verdict.CHANGED
    rising = difference.value > 0
    return Verdict.BETTER if rising is (metric.better is Direction.UP) else Verdict.WORSE


def check_verdict(comparison: Comparison, confidence: float, minimum_n: int) -> None:
    """The verdict is the one that the numbers give, and a loud one has an interval without zero."""
    expected = expected_verdict(comparison, confidence, minimum_n)
    problems = []
    if comparison.verdict is not expected:
        problems.append(f"the verdict is '{comparison.verdict.value}', the numbers say '{expected.value}'")
    difference = comparison.difference
    if comparison.verdict in (Verdict.BETTER, Verdict.WORSE, Verdict.CHANGED):
        low, high = (None, None) if difference is None else (difference.low, difference.high)
        if not ((low is not None and low > 0) or (high is not None and high < 0)):
            problems.append("a verdict although the interval holds zero")
    none_of(problems, comparison)


def check_reason(comparison: Comparison, looks: int) -> None:
    """Numbers in the reason of a verdict are those of the comparison, in a unit of changes."""
    difference, text = comparison.difference, comparison.reason
    problems = [] if text.strip() else ["no reason"]
    judged = comparison.verdict is not Verdict.TOO_FEW and not text.startswith("cannot be judged")
    if difference is not None and judged:
        unit = (
            Unit.PER_DAY
            if difference.per and comparison.metric.unit is Unit.COUNT
            else comparison.metric.unit
        )
        problems += _reason_numbers(text, difference, comparison, unit, looks)
    none_of(problems, comparison)


def _reason_numbers(
    text: str, difference: Difference, comparison: Comparison, unit: Unit, looks: int
) -> list[str]:
    problems = []
    if " %" in text:
        problems.append("a change is said in percent")
    if found := re.search(r"adjusted p (below )?(\d+\.\d+)", text):
        p, said = difference.p_adjusted or 0.0, float(found[2])
        if (p >= said) if found[1] else abs(p - said) > 0.000_500_1:
            problems.append(f"adjusted p is {p}, not {found[0]}")
    if (found := re.search(r"among (\d+) comparisons", text)) and int(found[1]) != looks:
        problems.append(f"{looks} comparisons were made, not {found[1]}")
    for pattern, bound in (
        (r"a fall of more than (.+?)(?: and a rise| can be)", difference.low),
        (r"a rise of more than (.+?) can be", difference.high),
    ):
        if found := re.search(pattern, text):
            (said_amount, *_) = amounts(found[1], unit)
            if bound is None or not said_amount.says(abs(bound)):
                problems.append(f"excludes {found[1]} where the bound is {bound}")
    if comparison.verdict in (Verdict.BETTER, Verdict.WORSE, Verdict.CHANGED):
        interval = text.partition(", adjusted")[0]
        bounds = [bound for bound in (difference.low, difference.high) if bound is not None]
        read = amounts(interval, unit)
        if len(read) != len(bounds) or not all(a.says(b) for a, b in zip(read, bounds, strict=True)):
            problems.append(f"the interval is said as '{interval}'")
    return problems


def check_family(comparisons: Sequence[Comparison]) -> None:
    """Adjusted p-values are those of Benjamini & Hochberg (1995) over everything that was tested."""
    tested = [c.difference for c in comparisons if c.difference is not None and c.difference.p is not None]
    values = [float(d.p) for d in tested if d.p is not None]
    problems = []
    for difference, p in zip(tested, values, strict=True):
        expected = min(
            1.0, *(len(values) * other / sum(q <= other for q in values) for other in values if other >= p)
        )
        given = difference.p_adjusted
        if given is None or abs(given - expected) > 1e-9:
            problems.append(f"p {p} is adjusted to {given} and not to {expected}")
    none_of(problems[:3], f"a family of {len(values)}")


def check_comparison(comparison: Comparison, confidence: float, minimum_n: int, looks: int) -> None:
    """All checks of one comparison."""
    check_estimate(comparison.now, comparison.metric)
    check_estimate(comparison.before, comparison.metric)
    check_difference(comparison, confidence)
    check_verdict(comparison, confidence, minimum_n)
    check_reason(comparison, looks)


def check_comparisons(comparisons: Sequence[Comparison], confidence: float, minimum_n: int) -> None:
    """All checks of one call of compare."""
    check_family(comparisons)
    looks = sum(c.difference is not None and c.difference.p is not None for c in comparisons)
    for comparison in comparisons:
        check_comparison(comparison, confidence, minimum_n, looks)


def check_measure(measure: Measure, now: Any, before: Any, exposure: Any) -> None:
    """Interval and p of one difference come from one test: two-sided, nested, the same seen from behind."""
    found = {
        level: measure.difference(now, before, level=level, exposure=exposure) for level in (0.8, 0.95, 0.99)
    }
    usual = found[0.95]
    if usual is None or usual.p is None or usual.low is None or usual.high is None:
        return
    problems = []
    width = usual.high - usual.low
    for narrow, wide in ((0.8, 0.95), (0.95, 0.99)):
        one, two = found[narrow], found[wide]
        assert one is not None
        assert two is not None
        if one.p is None or two.p is None or abs(one.p - two.p) > 1e-9:
            problems.append("p depends on the level of the interval")
        for inner, outer, sign in ((one.low, two.low, 1), (one.high, two.high, -1)):
            if inner is not None and outer is not None and sign * (inner - outer) < -1e-9 * width:
                problems.append(f"the {narrow} interval is not within the {wide} one")
    if width > 0 and found[0.8] == found[0.99]:
        problems.append("the level does not move the interval")
    turned = measure.difference(before, now, exposure=_turned(exposure))
    assert turned is not None
    assert turned.p is not None
    if abs(turned.value + usual.value) > 1e-9 * max(1.0, abs(usual.value)):
        problems.append("before minus now is not minus now minus before")
    if abs(turned.p - usual.p) > 1e-6:
        problems.append(f"p is {usual.p}, and {turned.p} the other way round")
    # The interval of a stock is stretched to hold the exact change, so only its verdict follows from p.
    if 1e-4 < usual.p < 0.9 and not isinstance(measure, Stock):
        for factor, holds in ((0.97, True), (1.03, False)):
            at_p = measure.difference(now, before, level=1 - min(1.0, factor * usual.p), exposure=exposure)
            assert at_p is not None
            low, high = (0.0 if end is None else end for end in (at_p.low, at_p.high))
            edge = 1e-6 * width
            if holds and not (low <= edge and high >= -edge):
                problems.append(f"p is {usual.p}, yet a wider interval than 1 − p is {low} to {high}")
            # An interval may be stretched to hold its own estimate (adjusted Wald of few answers).
            stretched = min(abs(low - usual.value), abs(high - usual.value)) <= edge
            if not holds and low < -edge and high > edge and not stretched:
                problems.append(f"p is {usual.p}, yet a narrower interval than 1 − p is {low} to {high}")
    none_of(problems, (measure, usual))


def _turned(exposure: Any) -> Any:
    pair = isinstance(exposure, tuple) and len(exposure) == 2 and isinstance(exposure[0], tuple)
    return (exposure[1], exposure[0]) if pair else exposure
