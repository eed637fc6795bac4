"""Nothing, one, all the same, all censored: a defined answer, never NaN and never an exception."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kpi.stats import (
    agreeing_p,
    benjamini_hochberg,
    brunner_munzel,
    cluster_variance,
    cr2,
    critical,
    difference_variance,
    holm,
    kaplan_meier,
    kish,
    log_rank,
    miettinen_nurminen,
    newcombe,
    nps_difference,
    nps_interval,
    nps_variance,
    poisson_exact,
    quantile,
    quantile_interval,
    rate_difference,
    rate_ratio,
    two_sided_p,
    wilson,
)


def test_no_rows() -> None:
    assert wilson(0, 0) == (0, 1)
    assert newcombe(0, 0, 3, 5) == (-1, 1)
    assert miettinen_nurminen(3, 5, 0, 0) == (-1, 1, 1)
    assert nps_interval(0, 0, 0) == (-1, 1)
    assert nps_variance(0, 0, 0) == 0
    assert nps_difference((0, 0, 0), (1, 1, 1)) == (-2, 2, 1)
    assert poisson_exact(0, 0) == (0, math.inf)
    assert rate_difference(1, 1, 0, 0) == (-math.inf, math.inf, 1)
    assert rate_ratio(0, 1, 0, 1) == (0, math.inf, 1)
    assert quantile([], [], 0.5) is None
    assert quantile_interval([], [], 0.5) == (-math.inf, math.inf)
    assert brunner_munzel([], [], [1], [1]) is None
    assert cr2([], []).value is None
    assert kish([]) == 0
    assert benjamini_hochberg([]) == []
    assert holm([None]) == [None]
    curve = kaplan_meier([], [], [])
    assert curve.quantile(0.5) is None
    assert log_rank(([], [], []), ([], [], [])).p == 1


def test_all_and_none() -> None:
    # By symmetry the intervals of 10/10 against 10/10 are those of Newcombe's row (f), 0/10 against 0/10.
    low, high, p = miettinen_nurminen(10, 10, 10, 10)
    assert (low, high) == pytest.approx((-0.2879, 0.2879), abs=6e-5)
    assert p == 1
    assert newcombe(10, 10, 10, 10) == pytest.approx((-0.2775, 0.2775), abs=6e-5)
    assert wilson(0, 10)[0] == 0
    assert wilson(10, 10)[1] == 1
    assert poisson_exact(0, 1) == pytest.approx((0, 3.688879454), abs=1e-8)
    assert nps_interval(9, 0, 0)[1] == 1
    low, high, p = rate_difference(0, 5, 0, 5)
    assert low < 0 < high
    assert p == 1


def test_the_largest_tables() -> None:
    low, high, p = miettinen_nurminen(0, 10**9, 10**9, 10**9)
    assert -1 <= low <= high < -0.99
    assert 0 < p < 1e-100
    assert two_sided_p(1e6) > 0
    assert 0 < agreeing_p(lambda z: (5.0, 6.0)) < 1e-100


def test_one_cluster_says_nothing_about_clusters() -> None:
    assert cr2([3], [5]).variance is None
    assert cluster_variance([7, 7], [0.1, -0.1], [3, 3]).variance is None
    between = difference_variance([1], [0.0], [5], [2, 3], [0.1, -0.1], [5, 5])
    assert between.variance is None
    assert between.df == 1


def test_all_tied() -> None:
    assert quantile_interval([5], [100], 0.5) == (5, 5)
    same = brunner_munzel([5], [10], [5], [20])
    assert same is not None
    assert (same.probability, same.p) == (0.5, 1)


def test_complete_separation_is_judged_by_permutation() -> None:
    test = brunner_munzel([1, 2, 3, 4, 5], np.ones(5), [6, 7, 8, 9, 10], np.ones(5))
    assert test is not None
    assert test.probability == 1
    assert test.p == pytest.approx(2 / 252, abs=1e-12)
    assert 0.5 < test.low < test.high == 1


def test_all_censored() -> None:
    curve = kaplan_meier([3, 9], [0, 0], [4, 5])
    assert curve.quantile(0.5) is None
    assert curve.quantile_interval(0.5) == (0, math.inf)
    assert log_rank(([3], [0], [4]), ([3], [0], [5])).p == 1


def test_the_curve_that_ends_at_zero() -> None:
    curve = kaplan_meier([4], [10], [0])
    assert curve.quantile(0.5) == 4
    low, high = curve.quantile_interval(0.5)
    assert low <= 4 <= high
    assert curve.se.tolist() == [0]


def test_critical_values() -> None:
    assert critical(0.95, 1) == pytest.approx(12.7062, abs=1e-4)
    assert critical(0.95) == pytest.approx(1.959964, abs=1e-6)
