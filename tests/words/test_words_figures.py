"""Rounding: what is printed adds up, and what is not zero does not read as zero."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from claim_cases import Case, claim
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi import words
from kpi.model import Direction, Unit


def figures(unit: Unit, now: float, before: float, reach: float = 1.0) -> words.Numbers:
    return words.numbers(claim(Case(unit, Direction.UP, now, before, reach, 0.0001)))


@pytest.mark.parametrize(
    ("unit", "now", "before", "expected"),
    [
        (Unit.PERCENT, 0.772, 0.851, ("77.2 %", "85.1 %", "−7.9 points")),
        (Unit.PERCENT, 0.82461, 0.80442, ("82.46 %", "80.44 %", "+2.02 points")),
        (Unit.PERCENT, 0.8, 0.8, ("80.0 %", "80.0 %", "±0.0 points")),
        (Unit.PERCENT, 0.80004, 0.8, ("80.0 %", "80.0 %", "+0.004 points")),
        (Unit.PERCENT, 67 / 82, 87 / 94, ("82 %", "93 %", "−11 points")),
        (Unit.PERCENT, 2 / 3, 1 / 3, ("66.7 %", "33.3 %", "+33.3 points")),
        (Unit.POINTS, -6, 2, ("−6.0", "2.0", "−8.0 points")),
        (Unit.SCORE, 4.31, 4.2, ("4.31", "4.20", "+0.11")),
        (Unit.COUNT, 3378, 2916, ("3,378", "2,916", "+462")),
        # The first published sentence of this kind said "3.58 to 45.24 … up 41.65".
        (Unit.SCORE, 45.235, 3.58, ("45.235", "3.580", "+41.655")),
        (Unit.MINUTES, 1.5, 1.2, ("90 s", "72 s", "+18 s")),
        (Unit.MINUTES, 1.5, 2.2, ("1.5 min", "2.2 min", "−0.7 min")),
        (Unit.MINUTES, 75.2, 90.1, ("75.2 min", "90.1 min", "−14.9 min")),
        (Unit.MINUTES, 150, 90, ("2.5 h", "1.5 h", "+1.0 h")),
        (Unit.HOURS, 30, 20.5, ("30.0 h", "20.5 h", "+9.5 h")),
        (Unit.HOURS, 96, 48, ("4.0 days", "2.0 days", "+2.0 days")),
        (Unit.PER_DAY, 12.5, 11.0, ("12.5 per day", "11.0 per day", "+1.5 per day")),
    ],
)
def test_levels_and_change(unit: Unit, now: float, before: float, expected: tuple[str, str, str]) -> None:
    shown = figures(unit, now, before)
    assert (shown.now, shown.before, shown.change) == expected


def test_a_bound_that_is_not_zero_does_not_read_as_zero() -> None:
    shown = figures(Unit.PERCENT, 0.84, 0.80, 0.03996)
    assert shown.interval == "+0.004 to +8.0 points"
    assert shown.low_bare == "0.004 points"
    assert figures(Unit.PERCENT, 0.84, 0.80, 0.04 + 1e-15).interval == "±0.0 to +8.0 points"


def test_minus_zero_is_not_printed() -> None:
    assert figures(Unit.POINTS, -0.04, 0.0, 3).now == "−0.04"
    assert figures(Unit.POINTS, 0.04, -1e-12, 3).before == "0.00"


def test_changes_per_day_have_their_own_unit() -> None:
    case = Case(Unit.COUNT, Direction.NEUTRAL, 3378, 2916, 2.0, 0.0001, per="per day", per_change=5.02)
    shown = words.numbers(claim(case))
    assert (shown.now, shown.change, shown.interval) == ("3,378", "+5.0 per day", "+3.0 to +7.0 per day")
    assert not shown.adds_up


def test_the_confidence_is_the_one_of_the_difference() -> None:
    made = claim(Case(Unit.PERCENT, Direction.UP, 0.772, 0.851, 0.033, 0.0001))
    assert made.comparison.difference is not None
    wider = replace(made.comparison, difference=replace(made.comparison.difference, level=0.9))
    assert "(90 % interval" in words.sentence(replace(made, comparison=wider))


@settings(max_examples=500, deadline=None)
@given(st.integers(0, 4000), st.integers(0, 4000), st.integers(1, 4000))
def test_printed_shares_add_up_unless_two_decimals_cannot(k1: int, k2: int, n: int) -> None:
    now, before = min(k1 / n, 1.0), min(k2 / n, 1.0)
    shown = figures(Unit.PERCENT, now, before, 0.5)
    printed = (shown.now, shown.before, shown.change)
    a, b, change = (Decimal(re.sub(r"[^\d.−]", "", str(text)).replace("−", "-")) for text in printed)
    if a - b != change:
        assert abs(a - b - change) <= Decimal("0.1")
        for places in (1, 2):
            one, two, both = (Decimal(f"{100 * value:.{places}f}") for value in (now, before, now - before))
            hidden = (now != 0 and one == 0) or (before != 0 and two == 0) or (now != before and both == 0)
            assert one - two != both or hidden
