"""More published numbers: whole tables, of which test_published_cases.py has single rows."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kpi.stats import (
    cr2,
    cr2_difference,
    detectable_change,
    detectable_difference,
    miettinen_nurminen,
    newcombe,
    power_of_shares,
    rate_ratio,
    wilson,
)

# Newcombe (1998) Two-sided confidence intervals for the single proportion. Statistics in Medicine 17:857-872,
# Table I, method 3 (score, Wilson).
WILSON = [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]

# Newcombe (1998) Interval estimation for the difference between independent proportions. Statistics in
# Medicine 17:873-890, Table II: rows (a)-(h), method 10 (hybrid score) and method 6 (Miettinen-Nurminen).
NEWCOMBE = [
    ((56, 70, 48, 80), (0.0524, 0.3339), (0.0528, 0.3382)),
    ((9, 10, 3, 10), (0.1705, 0.8090), (0.1700, 0.8406)),
    ((6, 7, 2, 7), (0.0582, 0.8062), (0.0342, 0.8534)),
    ((5, 56, 0, 29), (-0.0381, 0.1926), (-0.0326, 0.1933)),
    ((0, 10, 0, 20), (-0.1611, 0.2775), (-0.1658, 0.2844)),
    ((0, 10, 0, 10), (-0.2775, 0.2775), (-0.2879, 0.2879)),
    ((10, 10, 0, 20), (0.6791, 1.0), (0.7156, 1.0)),
    ((10, 10, 0, 10), (0.6075, 1.0), (0.6636, 1.0)),
]


@pytest.mark.parametrize(("k", "n", "low", "high"), WILSON)
def test_wilson(k: int, n: int, low: float, high: float) -> None:
    assert wilson(k, n) == pytest.approx((low, high), abs=6e-5)


@pytest.mark.parametrize(("table", "hybrid", "score"), NEWCOMBE)
def test_two_shares(
    table: tuple[int, int, int, int], hybrid: tuple[float, float], score: tuple[float, float]
) -> None:
    assert newcombe(*table) == pytest.approx(hybrid, abs=6e-5)
    assert miettinen_nurminen(*table)[:2] == pytest.approx(score, abs=6e-5)


def test_two_shares_where_a_library_is_wrong() -> None:
    # statsmodels issue #10269: 450/500 against 8000/10000 gives .0690 to .1276 there.
    assert miettinen_nurminen(450, 500, 8000, 10000)[:2] == pytest.approx((0.0697, 0.1248), abs=6e-5)


def test_rate_ratio_of_two_cohorts() -> None:
    # Gu et al. (2008) Biometrical Journal 50:283-298, example 1: coronary disease by hormone use; their score
    # test has a one-sided p of .000316, the exact conditional one is a little larger.
    low, high, p = rate_ratio(60, 51477.5, 30, 54308.7)
    ratio = (60 / 51477.5) / (30 / 54308.7)
    assert 1 < low < ratio < high
    assert 2 * 0.000316 < p < 2 * 0.000316 * 1.5


def test_design_effects_of_the_rat_litters() -> None:
    # Weil (1970): pups surviving by litter; R aod::raoscott(rats) prints these design effects (with n/(n-1),
    # no leverage correction, so they are compared on that footing).
    size = [13, 12, 9, 9, 8, 8, 13, 12, 10, 10, 9, 13, 5, 7, 10, 10]
    alive = [13, 12, 9, 9, 8, 8, 12, 11, 9, 9, 8, 11, 4, 5, 7, 7]
    p, total, litters = sum(alive) / sum(size), sum(size), len(size)
    residual = np.array(alive) - p * np.array(size)
    without = litters / (litters - 1) * float((residual**2).sum()) / total**2
    assert without / (p * (1 - p) / total) == pytest.approx(1.2324953943, abs=1e-9)
    corrected = cr2(alive, size)
    assert corrected.value == pytest.approx(p)
    assert corrected.variance == pytest.approx(without, rel=0.03)


def test_detectable_change() -> None:
    # 1.96 + 0.8416, the constants of every sample-size table.
    assert detectable_change(1) == pytest.approx(1.959964 + 0.841621, abs=1e-6)


def test_detectable_difference_is_not_symmetric() -> None:
    # 85 % of 200 rows on each side: the symmetric formula says 10.0 points, with a power of
    # 71 % down and 93 % up.
    symmetric = detectable_change(math.sqrt(2 * 0.85 * 0.15 / 200))
    assert symmetric == pytest.approx(0.1, abs=1e-3)
    assert power_of_shares(0.85 - symmetric, 0.85, 200, 200) == pytest.approx(0.71, abs=0.01)
    assert power_of_shares(0.85 + symmetric, 0.85, 200, 200) == pytest.approx(0.93, abs=0.03)
    found = detectable_difference(0.85, 200, 200)
    assert (found.down, found.up) == pytest.approx((0.113, 0.086), abs=6e-4)


def test_difference_of_two_clustered_groups() -> None:
    # Rat litters, treated against control, worked by hand: Welch-Satterthwaite on the Kish-effective
    # numbers.
    control = ([13, 12, 9, 9, 8, 8, 12, 11], [13, 12, 9, 9, 8, 8, 13, 12])
    treated = ([12, 11, 10, 9, 10, 9, 9, 8], [12, 11, 10, 9, 11, 10, 10, 9])
    one, two = cr2(*control), cr2(*treated)
    found = cr2_difference(*control, *treated)
    assert one.variance is not None
    assert two.variance is not None
    total = one.variance + two.variance
    df = total**2 / (one.variance**2 / (one.effective - 1) + two.variance**2 / (two.effective - 1))
    assert found.df == pytest.approx(df)
    assert found.se == pytest.approx(math.sqrt(total))
    assert found.estimate == pytest.approx(
        sum(control[0]) / sum(control[1]) - sum(treated[0]) / sum(treated[1])
    )
