"""Curves and log-rank with delayed entry, against statsmodels and published numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight, survdiff

from kpi.customers.late_entry import curve, log_rank
from kpi.stats import kaplan_meier
from kpi.stats import log_rank as two_groups


def test_without_delay_it_is_the_curve_of_the_stats_room() -> None:
    """Freireich et al. 1963, 6-MP: survival 0.857 at week 6, 0.807 at week 7, 0.448 at week 23."""
    weeks = np.array([6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35], float)
    ended = np.array([1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0], bool)
    made = curve(np.zeros(weeks.size), weeks, ended)
    assert [round(made.at(week), 3) for week in (6, 7, 23)] == [0.857, 0.807, 0.448]
    plain = kaplan_meier(weeks, ended.astype(int), (~ended).astype(int))
    assert made.survival == pytest.approx(plain.survival)
    assert made.interval(6) == pytest.approx(plain.interval(6))


@pytest.mark.parametrize("seed", range(4))
def test_delayed_entry_agrees_with_statsmodels(seed: int) -> None:
    random = np.random.default_rng(seed)
    n = 300
    entry = np.where(random.random(n) < 0.5, 0.0, random.uniform(0, 10, n).round(1))
    exit = entry + random.exponential(8, n).round(1) + 0.1
    ended = random.random(n) < 0.6
    made = curve(entry, exit, ended)
    theirs = SurvfuncRight(exit, ended.astype(int), entry=entry)
    assert made.time == pytest.approx(theirs.surv_times)
    assert made.survival == pytest.approx(theirs.surv_prob)
    assert made.at_risk == pytest.approx(theirs.n_risk)
    group = random.integers(0, 3, n)
    ours = log_rank(entry, exit, ended, group, 3)
    chi2, p = survdiff(exit, ended.astype(int), group, entry=entry)
    assert (ours.chi2, ours.p, ours.df) == (pytest.approx(chi2), pytest.approx(p), 2)


def test_two_groups_without_delay_agree_with_the_stats_room() -> None:
    """Freireich et al. 1963: χ² 16.79 between 6-MP and placebo."""
    treated = np.array([6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35], float)
    left = np.array([1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0], bool)
    placebo = np.array([1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23], float)
    exit = np.concatenate([treated, placebo])
    ended = np.concatenate([left, np.ones(21, bool)])
    ours = log_rank(np.zeros(42), exit, ended, np.repeat([0, 1], 21), 2)
    assert ours.chi2 == pytest.approx(16.793, abs=0.001)
    theirs = two_groups(
        (treated, left.astype(int), (~left).astype(int)), (placebo, np.ones(21), np.zeros(21))
    )
    assert ours.p == pytest.approx(theirs.p)


def test_watching_late_does_not_make_people_look_immortal() -> None:
    """Half of them joined long before anybody was recorded as leaving; counting them from the start lies."""
    random = np.random.default_rng(3)
    entry, life = np.repeat([0.0, 20.0], 3000), random.exponential(20, 6000)
    life[3000:] += 20.0
    exit = np.minimum(life, entry + 12)
    ended = life <= entry + 12
    honest = curve(entry, exit, ended).at(10)
    naive = curve(np.zeros(6000), exit, ended).at(10)
    assert honest == pytest.approx(np.exp(-0.5), abs=0.02)
    assert naive > honest + 0.1


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 6), st.booleans(), st.integers(0, 2)), max_size=25)
)
def test_any_rows_give_a_curve_within_bounds(rows: list[tuple[int, int, bool, int]]) -> None:
    table = np.array(rows, dtype=float).reshape(-1, 4)
    entry, exit, ended = table[:, 0], table[:, 0] + table[:, 1], table[:, 2] > 0
    made = curve(entry, exit, ended)
    assert ((made.survival >= 0) & (made.survival <= 1)).all()
    assert (np.diff(made.survival) <= 1e-12).all()
    for time in (0.0, 3.0, 9.0):
        low, high = made.interval(time)
        assert 0 <= low <= made.at(time) <= high <= 1
    test = log_rank(entry, exit, ended, table[:, 3].astype(int), 3)
    assert (test.p is None) == bool(test.reason)
    assert test.p is None or 0 < test.p <= 1
    assert sum(test.observed) == pytest.approx(sum(test.expected))
