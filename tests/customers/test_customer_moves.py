"""Tables of moves: published tests, exact p by enumeration, coverage of the net move."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import SquareTable, mcnemar

from kpi.customers.moving import balance, margins, net_move, symmetry

VISION = np.array([[1520, 266, 124], [234, 1512, 432], [117, 362, 1772]])
"""Unaided distance vision of women, right and left eye, Stuart 1953 (without the lowest grade)."""


def test_symmetry_and_margins_agree_with_statsmodels() -> None:
    theirs = SquareTable(VISION, shift_zeros=False)
    assert symmetry(VISION) == pytest.approx(theirs.symmetry(method="bowker").pvalue)
    assert margins(VISION) == pytest.approx(theirs.homogeneity(method="stuart_maxwell").pvalue)


def test_two_groups_are_mcnemars_exact_test() -> None:
    table = np.array([[30, 12, 0], [5, 40, 0], [0, 0, 0]])
    assert balance(table) == pytest.approx(mcnemar(table[:2, :2], exact=True).pvalue)


def test_the_exact_p_is_that_of_all_ways_round() -> None:
    """Each move may as well have gone the other way: all 2^8 ways counted."""
    table = np.array([[4, 3, 2], [1, 5, 1], [0, 1, 6]])
    steps = [1] * 4 + [2] * 2 + [-1] * 2
    seen = abs(sum(steps))
    ways = [
        sum(s * abs(v) for s, v in zip(signs, steps, strict=True)) for signs in product((1, -1), repeat=8)
    ]
    assert balance(table) == pytest.approx(np.mean([abs(way) >= seen for way in ways]))


def test_nobody_moves() -> None:
    table = np.diag([3, 4, 5])
    assert (balance(table), symmetry(table), margins(table)) == (None, None, None)
    net, low, high = net_move(table)
    assert net == 0
    assert low < 0 < high


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=9, max_size=9))
def test_any_table_has_an_interval_that_holds_its_own_value(cells: list[int]) -> None:
    table = np.array(cells).reshape(3, 3)
    net, low, high = net_move(table)
    assert -2 <= low <= net <= high <= 2
    assert low < high
    p = balance(table)
    assert (p is None) == (table.sum() == np.trace(table))
    assert p is None or 0 < p <= 1
    mirrored = net_move(table.T)
    assert (mirrored[0], mirrored[1], mirrored[2]) == pytest.approx((-net, -high, -low))


@pytest.mark.parametrize(("n", "seed"), [(15, 1), (60, 2), (300, 3)])
def test_the_interval_holds_the_truth_about_95_times_in_100(n: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    chances = np.array([0.12, 0.05, 0.08, 0.07, 0.18, 0.1, 0.04, 0.11, 0.25])
    steps = np.array([0, 1, 2, -1, 0, 1, -2, -1, 0])
    truth = float(chances @ steps)
    held = []
    for _ in range(400):
        _, low, high = net_move(random.multinomial(n, chances).reshape(3, 3))
        held.append(low <= truth <= high)
    assert 0.93 <= np.mean(held) <= 0.985


def test_the_exact_test_errs_no_more_than_it_says() -> None:
    random = np.random.default_rng(5)
    chances = np.array([[0.15, 0.08, 0.04], [0.08, 0.2, 0.09], [0.04, 0.09, 0.23]]).ravel()
    wrong = [(balance(random.multinomial(80, chances).reshape(3, 3)) or 1.0) < 0.05 for _ in range(400)]
    assert np.mean(wrong) <= 0.065
