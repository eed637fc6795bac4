"""Published numbers, each with its source. Where a table prints four digits, four digits are asked for."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kpi.stats import (
    benjamini_hochberg,
    brunner_munzel,
    cr2,
    detectable_change,
    holm,
    kaplan_meier,
    log_rank,
    miettinen_nurminen,
    newcombe,
    nps_interval,
    nps_variance,
    poisson_exact,
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

# Garwood (1936) Biometrika 28:437; Ulm (1990).
GARWOOD = [(0, 0.0, 3.689), (1, 0.0253, 5.572), (5, 1.623, 11.668), (10, 4.795, 18.390), (20, 12.217, 30.888)]

# Benjamini & Hochberg (1995) JRSS B 57:289-300, section 4.1 (neonatal thrombolysis).
THROMBOLYSIS = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240,
    0.4262, 0.5719, 0.6528, 0.7590, 1.0,
]  # fmt: skip

# Freireich et al. (1963) Blood 21:699: weeks of remission; treated (with censoring) and placebo.
TREATED = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]

# Miller (1981) Survival Analysis, AML maintenance study; output of R's survival package.
MAINTAINED = [9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161]
MAINTAINED_EVENT = [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0]
NOT_MAINTAINED = [5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45]
NOT_MAINTAINED_EVENT = [1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1]


def counts(times: list[int], events: list[int], grid: list[int]) -> tuple[list[int], list[int]]:
    ended = [sum(1 for t, e in zip(times, events, strict=True) if t == g and e) for g in grid]
    still = [sum(1 for t, e in zip(times, events, strict=True) if t == g and not e) for g in grid]
    return ended, still


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


def test_two_shares_of_fagerland() -> None:
    # Fagerland, Lydersen & Laake (2015) Stat Methods Med Res 24:224-254, 7/34 against 1/34.
    assert newcombe(7, 34, 1, 34) == pytest.approx((0.019, 0.34), abs=6e-4)


def test_aspirin() -> None:
    # Agresti (2007) An Introduction to Categorical Data Analysis, table 2.3: 189/11034 against 104/11037.
    low, high, p = miettinen_nurminen(189, 11034, 104, 11037)
    assert (low, high) == pytest.approx((0.005, 0.011), abs=6e-4)
    assert p < 1e-5


@pytest.mark.parametrize(("events", "low", "high"), GARWOOD)
def test_exact_poisson(events: int, low: float, high: float) -> None:
    assert poisson_exact(events, 1) == pytest.approx((low, high), abs=6e-4)


def test_exact_poisson_rate() -> None:
    # R exactci::poisson.exact(15, 400)
    assert poisson_exact(15, 400) == pytest.approx((0.0209884653319583, 0.0618505471787146), abs=1e-12)


def test_rate_ratio_of_two_cohorts() -> None:
    # Gu et al. (2008) Biometrical Journal 50:283-298, example 1: coronary disease by hormone use; their score
    # test has a one-sided p of .000316, the exact conditional one is a little larger.
    low, high, p = rate_ratio(60, 51477.5, 30, 54308.7)
    ratio = (60 / 51477.5) / (30 / 54308.7)
    assert 1 < low < ratio < high
    assert 2 * 0.000316 < p < 2 * 0.000316 * 1.5


def test_benjamini_hochberg_and_holm() -> None:
    adjusted = [p for p in benjamini_hochberg(THROMBOLYSIS) if p is not None]
    # R p.adjust(method = "BH")
    shown = [0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.06385714, 0.06385714, 0.0645, 0.0765, 0.486]
    assert adjusted[:10] == pytest.approx(shown, abs=1e-6)
    assert sum(p <= 0.05 for p in adjusted) == 4
    assert sum(p <= 0.05 for p in holm(THROMBOLYSIS) if p is not None) == 3


def test_brunner_munzel_pain_scores() -> None:
    # Neubert & Brunner (2007) CSDA 51:5192; printed in R's lawstat::brunner.munzel.test.
    x = [1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 1, 1]
    y = [3, 3, 4, 3, 1, 2, 3, 1, 1, 5, 4]
    raw = brunner_munzel(x, np.ones(14), y, np.ones(11))
    tallied = brunner_munzel([1, 2, 3, 4, 5], [11, 2, 0, 1, 0], [1, 2, 3, 4, 5], [3, 1, 4, 2, 1])
    for test in (raw, tallied):
        assert test is not None
        assert test.statistic == pytest.approx(3.1374674823, abs=1e-9)
        assert test.p == pytest.approx(0.0057862087, abs=1e-9)
        assert test.df == pytest.approx(17.683, abs=1e-3)
        assert (test.low, test.high) == pytest.approx((0.5952169, 0.9827052), abs=1e-7)


def test_kaplan_meier_of_freireich() -> None:
    # Cox & Oakes (1984); Kleinbaum & Klein, Survival Analysis, chapter 2.
    grid = sorted(set(TREATED))
    curve = kaplan_meier(grid, *counts(TREATED, RELAPSED, grid))
    assert curve.time.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert curve.survival == pytest.approx([0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=6e-4)
    assert curve.se == pytest.approx([0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346], abs=6e-5)
    assert curve.quantile(0.5) == 23
    assert curve.quantile_interval(0.5) == (13, math.inf)


def test_kaplan_meier_of_aml() -> None:
    grid = sorted(set(MAINTAINED))
    curve = kaplan_meier(grid, *counts(MAINTAINED, MAINTAINED_EVENT, grid))
    assert curve.survival == pytest.approx([0.909, 0.818, 0.716, 0.614, 0.491, 0.368, 0.184], abs=6e-4)
    assert curve.se == pytest.approx([0.0867, 0.1163, 0.1397, 0.1526, 0.1642, 0.1627, 0.1535], abs=6e-5)
    assert curve.quantile(0.5) == 31


@pytest.mark.parametrize(
    ("first", "second", "chi2", "observed", "expected", "digits"),
    [
        ((TREATED, RELAPSED), (PLACEBO, [1] * 21), 16.79, 9, 19.25, 0.006),
        ((MAINTAINED, MAINTAINED_EVENT), (NOT_MAINTAINED, NOT_MAINTAINED_EVENT), 3.4, 7, 10.69, 0.05),
    ],
)
def test_log_rank(
    first: tuple[list[int], list[int]],
    second: tuple[list[int], list[int]],
    chi2: float,
    observed: int,
    expected: float,
    digits: float,
) -> None:
    grid = sorted({*first[0], *second[0]})
    test = log_rank((grid, *counts(*first, grid)), (grid, *counts(*second, grid)))
    assert test.chi2 == pytest.approx(chi2, abs=digits)
    assert test.observed == observed
    assert test.expected == pytest.approx(expected, abs=digits)


def test_nps() -> None:
    # Cross Validated question 18603: NPS 1/3 of 324 answers has variance 5/9 and standard error 4.14 points.
    assert math.sqrt(nps_variance(162, 108, 54)) == pytest.approx(0.0414, abs=6e-5)
    # Rocks (2016) The American Statistician 70:365: 3 added to n, 3/4 to promoters and to detractors.
    assert nps_interval(15, 9, 12) == pytest.approx((-0.19027939993209864, 0.3441255537782525), abs=1e-12)


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
