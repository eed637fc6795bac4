"""Direction × sign × evidence × size → verdict."""

from __future__ import annotations

import itertools

import pytest

from kpi.measures import Rate, Share, Stock
from kpi.model import (
    Basis,
    Difference,
    Direction,
    Estimate,
    Family,
    Grain,
    Metric,
    Unit,
    Verdict,
)
from kpi.verdicts import judge


def metric(better: Direction, measure=None, **more) -> Metric:
    given = {
        "key": "m",
        "name": "M",
        "question": "?",
        "family": Family.RESPONSE,
        "unit": Unit.PERCENT,
        "grain": Grain.TICKETS,
        "basis": Basis.CREATED,
        "measure": measure or Share("a", "b"),
        "formula": "a ÷ b",
        "needs": (),
        "matters": 0.02,
    }
    return Metric(**(given | {"better": better} | more))


def estimate(value: float | None = 0.5, n: int = 100, **more) -> Estimate:
    return Estimate(value, n, reason=None if value is not None else "why", **more)


def difference(value: float, p: float | None = 0.001, **more) -> Difference:
    given = {"low": value - 0.01, "high": value + 0.01, "p": p, "method": "test", "p_adjusted": p}
    return Difference(value, **(given | more))


def verdict(m: Metric, now: Estimate, before: Estimate, d: Difference | None, **more) -> Verdict:
    return judge(m, now, before, d, confidence=0.95, minimum_n=10, **more).verdict


@pytest.mark.parametrize(
    ("better", "sign", "evidence", "size"),
    list(itertools.product(Direction, (1, -1), ("strong", "weak"), ("large", "small"))),
)
def test_direction_sign_evidence_and_size(better: Direction, sign: int, evidence: str, size: str) -> None:
    value = sign * (0.05 if size == "large" else 0.01)
    gap = difference(value, 0.001 if evidence == "strong" else 0.2)
    found = verdict(metric(better), estimate(), estimate(), gap)
    if evidence == "weak" or size == "small":
        expected = Verdict.UNCLEAR
    elif better is Direction.NEUTRAL:
        expected = Verdict.CHANGED
    else:
        expected = Verdict.BETTER if sign * better.value > 0 else Verdict.WORSE
    assert found is expected


def test_the_limits_themselves() -> None:
    up = metric(Direction.UP)
    assert verdict(up, estimate(), estimate(), difference(0.02, 0.0499)) is Verdict.BETTER
    assert verdict(up, estimate(), estimate(), difference(0.02, 0.05)) is Verdict.UNCLEAR
    assert verdict(up, estimate(n=10), estimate(n=10), difference(0.02)) is Verdict.BETTER
    assert verdict(up, estimate(n=9), estimate(n=10), difference(0.02)) is Verdict.TOO_FEW
    assert verdict(up, estimate(n=10), estimate(n=9), difference(0.02)) is Verdict.TOO_FEW


def test_the_adjusted_p_decides() -> None:
    up = metric(Direction.UP)
    chance = difference(0.05, 0.01, p_adjusted=0.12)
    found = judge(up, estimate(), estimate(), chance, confidence=0.95, minimum_n=10, looks=12)
    assert found.verdict is Verdict.UNCLEAR
    assert "among 12 comparisons" in found.reason
    assert "adjusted p 0.120" in found.reason


@pytest.mark.parametrize(
    ("now", "before", "gap"),
    [
        (estimate(None, 0), estimate(), None),
        (estimate(), estimate(None, 0), None),
        (estimate(), estimate(), None),
        (estimate(), estimate(), difference(0.5, None)),
        (estimate(), estimate(), difference(0.5, 0.001, low=None, high=None)),
    ],
)
def test_no_value_no_interval_no_p_is_too_few(
    now: Estimate, before: Estimate, gap: Difference | None
) -> None:
    found = judge(metric(Direction.UP), now, before, gap, confidence=0.95, minimum_n=10)
    assert found.verdict is Verdict.TOO_FEW
    assert found.reason


def test_rates_need_events_and_stocks_need_none() -> None:
    rate = metric(Direction.DOWN, Rate("x", total=True), matters=0.1, relative_matters=True, unit=Unit.COUNT)
    few = difference(-3.0, low=-4, high=-2)
    assert verdict(rate, estimate(1, 1), estimate(4, 4), few) is Verdict.TOO_FEW
    # a total that collapses is no "too few": one side has plenty
    collapse = difference(-90.0, low=-99, high=-80)
    assert verdict(rate, estimate(0, 0), estimate(90, 90), collapse) is Verdict.BETTER
    stock = metric(Direction.DOWN, Stock("a", "b"), matters=0.1, relative_matters=True, unit=Unit.COUNT)
    assert verdict(stock, estimate(2, 2), estimate(6, 6), difference(-4.0)) is Verdict.BETTER


def test_relative_limits_go_by_the_level_before() -> None:
    hours = metric(Direction.DOWN, matters=0.1, relative_matters=True, unit=Unit.HOURS)
    assert verdict(hours, estimate(9.1), estimate(10.0), difference(-0.9)) is Verdict.UNCLEAR
    assert verdict(hours, estimate(9.0), estimate(10.0), difference(-1.0)) is Verdict.BETTER
    share = {"matters": 0.1, "relative_matters": True, "unit": Unit.COUNT}
    totals = metric(Direction.NEUTRAL, Rate("x", total=True), **share)
    before = estimate(300.0, 300, parts={"per_day": 10.0})
    per_day = difference(1.1, per="per day")
    assert verdict(totals, estimate(310.0, 310), before, per_day) is Verdict.CHANGED
    assert verdict(totals, estimate(310.0, 310), before, difference(0.9, per="per day")) is Verdict.UNCLEAR


def test_unclear_says_what_can_be_excluded() -> None:
    gap = difference(0.004, 0.4, low=-0.021, high=0.03)
    found = judge(metric(Direction.UP), estimate(), estimate(), gap, confidence=0.95, minimum_n=10)
    expected = "a fall of more than 2.1 points and a rise of more than 3.0 points can be excluded"
    assert expected in found.reason
    open_ended = difference(0.004, 0.4, low=-0.021, high=None)
    found = judge(metric(Direction.UP), estimate(), estimate(), open_ended, confidence=0.95, minimum_n=10)
    assert "a fall of more than 2.1 points can be excluded" in found.reason
    assert "rise" not in found.reason


def test_real_but_small_says_so() -> None:
    up = metric(Direction.UP)
    found = judge(up, estimate(), estimate(), difference(0.01), confidence=0.95, minimum_n=10)
    assert "real" in found.reason
    assert "smallest difference that matters is 2.0 points" in found.reason


def test_periods_that_cannot_be_compared_are_unclear_with_the_reason() -> None:
    odd = metric(Direction.UP, incomparable="the newer one is younger")
    found = judge(odd, estimate(), estimate(), None, confidence=0.95, minimum_n=10, unlike=odd.incomparable)
    assert found.verdict is Verdict.UNCLEAR
    assert found.reason == "cannot be judged: the newer one is younger"
