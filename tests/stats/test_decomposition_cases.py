"""Published numbers of decompositions, funnels, shrinkage and stratified tables, each with its source."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats as reference

from kpi.stats import (
    chi_square,
    das_gupta,
    empirical_bayes,
    explanatory_power,
    funnel,
    funnel_ratio,
    heterogeneity,
    james_stein,
    kitagawa,
    mantel_haenszel,
    rank_dimensions,
    surprise,
)

# Bickel, Hammel & O'Connell (1975) Science 187:398: admitted and rejected at Berkeley in 1973.
BERKELEY = {
    "A": ([512, 313], [89, 19]),
    "B": ([353, 207], [17, 8]),
    "C": ([120, 205], [202, 391]),
    "D": ([138, 279], [131, 244]),
    "E": ([53, 138], [94, 299]),
    "F": ([22, 351], [24, 317]),
}
MEN = np.array([men for men, _ in BERKELEY.values()])
WOMEN = np.array([women for _, women in BERKELEY.values()])


def test_berkeley_simpson() -> None:
    """R: mantelhaen.test(UCBAdmissions)."""
    assert MEN[:, 0].sum() / MEN.sum() == pytest.approx(0.4452, abs=6e-4)
    assert WOMEN[:, 0].sum() / WOMEN.sum() == pytest.approx(0.3035, abs=6e-4)
    test = mantel_haenszel(MEN[:, 0], MEN.sum(axis=1), WOMEN[:, 0], WOMEN.sum(axis=1))
    assert test.statistic == pytest.approx(1.4269, abs=6e-4)
    assert test.p == pytest.approx(0.2323, abs=6e-4)
    assert test.odds_ratio == pytest.approx(0.9046968, abs=6e-7)
    assert (test.low, test.high) == pytest.approx((0.7719074, 1.0603298), abs=6e-7)
    assert test.strata == 6


def test_berkeley_is_a_simpson_paradox_for_the_decomposition() -> None:
    men, women = MEN.sum(axis=1), WOMEN.sum(axis=1)
    parts = kitagawa(men / men.sum(), MEN[:, 0] / men, women / women.sum(), WOMEN[:, 0] / women)
    assert parts.total.value == pytest.approx(0.3035 - 0.4452, abs=6e-4)
    assert parts.mix.value < parts.total.value < 0 < parts.performance.value
    assert parts.simpson


def test_dasgupta_2factor() -> None:
    """Das Gupta (1993), example 2.1: mean earnings of black and white persons."""
    parts = das_gupta([10930, 0.717892], [16591, 0.825974])
    assert parts.effects == pytest.approx((4369.913, 1487.262), abs=0.002)
    assert parts.total == pytest.approx(5857.175, abs=0.002)


def test_dasgupta_3vector() -> None:
    """Das Gupta (1993), example 4.3: crude birth rate of Taiwan, 1960 and 1970."""
    bm = [[393, 407, 369, 274, 184, 90, 16], [488, 452, 338, 156, 63, 22, 3]]
    mw = [
        [0.122, 0.622, 0.903, 0.93, 0.916, 0.873, 0.8],
        [0.082, 0.527, 0.866, 0.941, 0.942, 0.923, 0.876],
    ]
    wp = [
        [0.043, 0.041, 0.036, 0.032, 0.026, 0.02, 0.018],
        [0.058, 0.038, 0.032, 0.03, 0.026, 0.023, 0.019],
    ]
    parts = das_gupta([bm[0], mw[0], wp[0]], [bm[1], mw[1], wp[1]])
    assert parts.effects == pytest.approx((-7.285632, -2.720633, -1.565181), abs=2e-6)
    assert parts.total == pytest.approx(-11.571446, abs=2e-6)


def test_two_factors_are_kitagawa() -> None:
    w1, r1, w2, r2 = [0.2, 0.8], [0.9, 0.7], [0.5, 0.5], [0.85, 0.75]
    parts, product = kitagawa(w1, r1, w2, r2), das_gupta([w1, r1], [w2, r2])
    assert product.effects == pytest.approx((parts.mix.value, parts.performance.value), abs=1e-15)
    assert product.terms == pytest.approx(np.array([parts.mix_terms, parts.performance_terms]), abs=1e-15)


def test_new_and_vanished_segments_are_a_part_of_their_own() -> None:
    parts = kitagawa([0.4, 0.6, 0.0], [0.5, 0.9, np.nan], [0.5, 0.0, 0.5], [0.6, np.nan, 0.8])
    assert parts.new_and_vanished_terms.tolist() == pytest.approx([0, -0.54, 0.4])
    assert parts.mix_terms.tolist() == pytest.approx([0.055, 0, 0])
    assert parts.performance_terms.tolist() == pytest.approx([0.045, 0, 0])
    assert parts.is_new.tolist() == [False, False, True]
    assert parts.is_vanished.tolist() == [False, True, False]
    centred = kitagawa([0.4, 0.6, 0.0], [0.5, 0.9, np.nan], [0.5, 0.0, 0.5], [0.6, np.nan, 0.8], centred=True)
    assert centred.reference == pytest.approx((0.74 + 0.7) / 2)
    assert centred.total.value == pytest.approx(parts.total.value)
    assert centred.performance.value == parts.performance.value
    assert centred.new_and_vanished_terms.tolist() == pytest.approx([0, -0.6 * 0.18, 0.5 * 0.08])


def test_funnel_phi_shmi() -> None:
    """FunnelPlotR, test-classes_methods.R; Spiegelhalter (2005); NHS Digital, SHMI methodology."""
    chart = funnel_ratio([100, 150, 180, 80, 120, 225], [108, 112, 165, 95, 100, 220])
    assert chart.phi_uncorrected == pytest.approx(2.948033, abs=1e-6)
    assert chart.correction == 1
    assert chart.tau2 > 0


def test_funnel_poisson_limits() -> None:
    """Garwood's limits around an expected count, as FunnelPlotR draws them: χ² quantiles over 2 E."""
    expected = np.array([5.0, 50.0, 500.0])
    chart = funnel_ratio(expected, expected, overdispersed=False)
    for level, low, high in (
        (0.95, chart.lower_warning, chart.upper_warning),
        (0.998, chart.lower, chart.upper),
    ):
        tail = (1 - level) / 2
        assert low == pytest.approx(reference.chi2.ppf(tail, 2 * expected) / 2 / expected, rel=1e-9)
        assert high == pytest.approx(
            reference.chi2.ppf(1 - tail, 2 * (expected + 1)) / 2 / expected, rel=1e-9
        )


def test_efron_morris_js() -> None:
    """Efron & Morris (1977) Scientific American 236:119: grand average .265, factor .212, Clemente .294."""
    averages = [
        0.4, 0.378, 0.356, 0.333, 0.311, 0.311, 0.289, 0.267, 0.244,
        0.244, 0.222, 0.222, 0.222, 0.222, 0.222, 0.2, 0.178, 0.156,
    ]  # fmt: skip
    mean = float(np.mean(averages))
    stein = james_stein(averages, mean * (1 - mean) / 45)
    assert stein.mean == pytest.approx(0.265, abs=0.002)
    assert stein.factor == pytest.approx(0.212, abs=0.002)
    assert stein.values[0] == pytest.approx(0.294, abs=0.002)


def test_empirical_bayes_is_statsmodels_paule_mandel() -> None:
    combine_effects = pytest.importorskip("statsmodels.stats.meta_analysis").combine_effects
    rng = np.random.default_rng(8)
    for _ in range(20):
        variances = rng.uniform(0.001, 0.02, 12)
        values = rng.normal(0.8, 0.1, 12) + rng.normal(0, np.sqrt(variances))
        theirs = combine_effects(values, variances, method_re="iterated")
        ours = empirical_bayes(values, variances)
        assert ours.tau2 == pytest.approx(float(theirs.tau2), rel=1e-4, abs=1e-9)
        assert ours.mean == pytest.approx(float(theirs.mean_effect_re), rel=1e-5)


def test_global_tests_are_those_of_scipy_and_statsmodels() -> None:
    events, totals = np.array([30, 45, 12, 60]), np.array([100, 90, 40, 150])
    theirs = reference.chi2_contingency(np.array([events, totals - events]), correction=False)
    assert chi_square(events, totals).statistic == pytest.approx(theirs.statistic, rel=1e-12)
    assert chi_square(events, totals).p == pytest.approx(theirs.pvalue, rel=1e-10)
    combine_effects = pytest.importorskip("statsmodels.stats.meta_analysis").combine_effects
    values, variances = np.array([0.5, 0.7, 0.65]), np.array([0.002, 0.004, 0.001])
    theirs_q = combine_effects(values, variances, method_re="iterated").q
    assert heterogeneity(values, variances).statistic == pytest.approx(float(theirs_q), rel=1e-10)


# Bhagwan et al. (2014) Adtributor, NSDI: revenue drops from 100 to 50; devices are the surprising dimension.
REVENUE = {
    "data centre": (["X", "Y"], [94, 6], [47, 3]),
    "advertiser": (["A1", "A2", "A3", "A4"], [50, 20, 20, 10], [24, 21, 4, 1]),
    "device": (["PC", "mobile", "tablet"], [50, 25, 25], [49, 1, 0]),
}


def test_adtributor_example() -> None:
    power = {name: explanatory_power(*rest).tolist() for name, (_, *rest) in REVENUE.items()}
    assert power["data centre"] == pytest.approx([0.94, 0.06])
    assert power["advertiser"] == pytest.approx([0.52, -0.02, 0.32, 0.18])
    assert power["device"] == pytest.approx([0.02, 0.48, 0.5])
    ranked = rank_dimensions(REVENUE)
    assert ranked[0].dimension == "device"
    assert set(ranked[0].elements) == {"mobile", "tablet"}
    # Both halves of a dimension that keeps its shares are no surprise at all.
    assert surprise([94, 6], [47, 3]).tolist() == pytest.approx([0, 0], abs=1e-15)
    js = reference.entropy([0.5, 0.25, 0.25], [0.74, 0.135, 0.125]) / 2
    js += reference.entropy([0.98, 0.02, 0.0], [0.74, 0.135, 0.125]) / 2
    assert surprise([50, 25, 25], [49, 1, 0]).sum() == pytest.approx(js, rel=1e-12)


def test_the_funnel_and_its_flags_are_one_result() -> None:
    rng = np.random.default_rng(4)
    totals = rng.integers(20, 800, 60)
    events = rng.binomial(totals, 0.8)
    events[0], totals[0] = 100, 400
    chart = funnel(events, totals)
    assert chart.flags[0]
    outside = (chart.values < chart.lower) | (chart.values > chart.upper)
    assert chart.flags.tolist() == outside.tolist()
    assert chart.flags.tolist() == (np.abs(chart.z_adjusted) > reference.norm.ppf(0.999)).tolist()
