"""Published answers of shares, rates, ranks, curves and clusters, one test for each, named as the case is.

Inputs and answers are those that were printed; the tolerance is what the printed digits allow.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import pytest

from kpi.stats import (
    barnard,
    benjamini_hochberg,
    bonferroni,
    brunner_munzel,
    clopper_pearson,
    cohen_h,
    detectable_difference,
    fisher,
    hochberg,
    hodges_lehmann,
    holm,
    kaplan_meier,
    koopman,
    log_rank,
    mann_whitney,
    mee,
    mid_p,
    miettinen_nurminen,
    newcombe,
    newcombe_continuity,
    nps_interval,
    nps_variance,
    odds_ratio,
    poisson_exact,
    power_of_shares,
    rao_scott,
    rate_jeffreys,
    rate_ratio_z,
    rate_score,
    ratio_miettinen_nurminen,
    ratio_mover,
    rows_needed,
    two_sided_p,
    wilson,
    wilson_continuity,
)


class Case(NamedTuple):
    id: str
    found: Callable[[], Sequence[float | None]]
    expected: Sequence[float]
    tolerance: float


# Newcombe (1998) Two-sided confidence intervals for the single proportion: comparison of seven methods.
# Statistics in Medicine 17:857-872, Table I.
ONE_SHARE = [
    Case("wilson_15_148", lambda: wilson(15, 148), (0.0624, 0.1605), 6e-5),
    Case("wilson_cc_81_263", lambda: wilson_continuity(81, 263), (0.2535, 0.3682), 6e-5),
    Case("midp_81_263", lambda: mid_p(81, 263), (0.2544, 0.3658), 6e-5),
    Case("midp_0_20", lambda: mid_p(0, 20), (0, 0.1391), 6e-5),
    Case("clopper_0_20", lambda: clopper_pearson(0, 20), (0, 0.1684), 6e-5),
    Case("clopper_1_29", lambda: clopper_pearson(1, 29), (0.0009, 0.1776), 6e-5),
    # No data say nothing.
    Case("edge_prop_0_of_0", lambda: wilson(0, 0), (0, 1), 0),
]

# Newcombe (1998) Interval estimation for the difference between independent proportions: comparison of eleven
# methods. Statistics in Medicine 17:873-890, Table II: method 10 (hybrid score), 11 (with continuity
# correction), 6 (Miettinen-Nurminen), 5 (Mee).
TWO_SHARES = [
    Case("newcombe_diff_a", lambda: newcombe(56, 70, 48, 80), (0.0524, 0.3339), 6e-5),
    Case("mee_diff_a", lambda: mee(56, 70, 48, 80)[:2], (0.0533, 0.3377), 6e-5),
    Case("newcombe_cc_diff_b", lambda: newcombe_continuity(9, 10, 3, 10), (0.1013, 0.8387), 6e-5),
    Case("mee_diff_b", lambda: mee(9, 10, 3, 10)[:2], (0.1821, 0.837), 6e-5),
    Case("newcombe_cc_diff_c", lambda: newcombe_continuity(6, 7, 2, 7), (-0.029, 0.8423), 6e-5),
    Case("newcombe_diff_d", lambda: newcombe(5, 56, 0, 29), (-0.0381, 0.1926), 6e-5),
    Case("newcombe_diff_e", lambda: newcombe(0, 10, 0, 20), (-0.1611, 0.2775), 6e-5),
    Case("newcombe_diff_g", lambda: newcombe(10, 10, 0, 20), (0.6791, 1.0), 6e-5),
    Case("newcombe_cc_diff_g", lambda: newcombe_continuity(10, 10, 0, 20), (0.6014, 1.0), 6e-5),
    Case("mee_diff_g", lambda: mee(10, 10, 0, 20)[:2], (0.7225, 1.0), 6e-5),
    Case("newcombe_diff_h", lambda: newcombe(10, 10, 0, 10), (0.6075, 1.0), 6e-5),
    Case("newcombe_cc_diff_h", lambda: newcombe_continuity(10, 10, 0, 10), (0.5128, 1.0), 6e-5),
    Case("mn_diff_h", lambda: miettinen_nurminen(10, 10, 0, 10)[:2], (0.6636, 1.0), 6e-5),
    Case("mee_diff_h", lambda: mee(10, 10, 0, 10)[:2], (0.6777, 1.0), 6e-5),
    # Fagerland, Lydersen & Laake (2015) Recommended confidence intervals for two independent binomial
    # proportions. Statistical Methods in Medical Research 24:224-254, 7/34 against 1/34.
    Case("fagerland_newcombe", lambda: newcombe(7, 34, 1, 34), (0.019, 0.34), 6e-4),
    # Gart & Nam (1990), as recorded in the tests of R's ratesci (scoreci, skew and bcf off).
    Case("gart_nam_mee", lambda: mee(7, 25, 2, 25)[:2], (-0.014, 0.412), 6e-4),
    # By symmetry the intervals of 10/10 against 10/10 are those of Newcombe's row (f), 0/10 against 0/10.
    Case(
        "edge_two_all_success",
        lambda: (*miettinen_nurminen(10, 10, 10, 10), *newcombe(10, 10, 10, 10)),
        (-0.2879, 0.2879, 1.0, -0.2775, 0.2775),
        6e-5,
    ),
]

# Fagerland & Newcombe (2013) Confidence intervals for odds ratio and relative risk based on the inverse
# hyperbolic sine transformation. Statistics in Medicine 32:2823-2836; recorded in the tests of R's ratesci.
RATIOS = [
    Case("fagerland_koopman_rr", lambda: koopman(7, 34, 1, 34)[:2], (1.21, 43.0), 0.5),
    Case("rr_score_24_73_53_65", lambda: ratio_miettinen_nurminen(24, 73, 53, 65)[:2], (0.28, 0.56), 0.0011),
    Case(
        "rr_score_29_55_11_11", lambda: ratio_miettinen_nurminen(29, 55, 11, 11)[:2], (0.397, 0.742), 0.0011
    ),
    Case("rr_mover_29_55_11_11", lambda: ratio_mover(29, 55, 11, 11), (0.398, 0.761), 0.0011),
    Case("rr_score_7_18_1_18", lambda: ratio_miettinen_nurminen(7, 18, 1, 18)[:2], (1.296, 42.544), 0.0011),
]

# Garwood (1936) Biometrika 28:437-442; Ulm (1990) American Journal of Epidemiology 131:373-375. The other
# forms for 15 events in 400: R exactci::poisson.exact, DescTools::PoissonCI, ratesci::jeffreysci.
RATES = [
    Case(
        "garwood_0_10",
        lambda: [bound for events in (0, 1, 5, 10, 20) for bound in poisson_exact(events, 1)],
        (0, 3.689, 0.0253, 5.572, 1.623, 11.668, 4.795, 18.39, 12.217, 30.888),
        6e-4,
    ),
    Case(
        "poisson_15_400",
        lambda: (*poisson_exact(15, 400), *rate_score(15, 400), *rate_jeffreys(15, 400)),
        (
            0.0209884653319583,
            0.0618505471787146,
            0.0227264749053794,
            0.0618771721463559,
            0.0219234232268444,
            0.0602898619930649,
        ),
        1e-10,
    ),
    # Gu, Ng, Tang & Schucany (2008) Testing the ratio of two Poisson rates. Biometrical Journal 50:283-298,
    # example 1: coronary heart disease by use of hormones; one-sided p-values.
    Case(
        "gu2008_ex1",
        lambda: [two_sided_p(rate_ratio_z(60, 51477.5, 30, 54308.7, form)) / 2 for form in ("wald", "score")],
        (0.000356, 0.000316),
        6e-6,
    ),
    # No event is an upper bound, exact and by Jeffreys' prior. By definition; Garwood (1936).
    Case(
        "edge_poisson_zero",
        lambda: (*poisson_exact(0, 1), rate_jeffreys(0, 1)[1]),
        (0, 3.688879454, 2.511943953),
        1e-5,
    ),
]

# Benjamini & Hochberg (1995) JRSS B 57:289-300, section 4.1: thrombolysis, 15 endpoints; R p.adjust.
THROMBOLYSIS = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240,
    0.4262, 0.5719, 0.6528, 0.7590, 1.0,
]  # fmt: skip


def rejected(adjusted: list[float | None]) -> float:
    return float(sum(p is not None and p <= 0.05 for p in adjusted))


MULTIPLE = [
    Case(
        "bh1995",
        lambda: [
            rejected(method(THROMBOLYSIS)) for method in (bonferroni, benjamini_hochberg, holm, hochberg)
        ],
        (3, 4, 3, 3),
        0,
    ),
    Case(
        "bh1995_adj",
        lambda: benjamini_hochberg(THROMBOLYSIS)[:10],
        (0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.06385714, 0.06385714, 0.0645, 0.0765, 0.486),
        1e-6,
    ),
]

# R's power.prop.test: the examples of its help page. Cohen (1988) Statistical Power Analysis, chapter 6.
POWER = [
    Case("power_prop_R2", lambda: [rows_needed(0.5, 0.75, power=0.9)], [76.7], 0.05),
    Case(
        "power_prop_R3_mde",
        lambda: [0.5 + (detectable_difference(0.5, 50, 50, power=0.9).up or math.nan)],
        [0.8026141],
        2e-5,
    ),
    Case("power_prop_R1", lambda: [power_of_shares(0.5, 0.75, 50, 50)], [0.7401659], 2e-5),
    Case("cohen_h", lambda: [cohen_h(0.65, 0.45)], [0.4049], 6e-4),
]

# whuber on Cross Validated, question 18603: NPS 1/3 with variance 5/9 per answer; 324 answers.
# Rocks (2016) Interval estimation for the net promoter score. The American Statistician 70:365-372; Lewis &
# Sauro (2021) at MeasuringU: 3 added to n, 3/4 to promoters and to detractors.
SCORES = [
    Case(
        "nps_cv",
        lambda: [nps_variance(162, 108, 54) * 324, math.sqrt(nps_variance(162, 108, 54))],
        (5 / 9, 0.0414),
        6e-5,
    ),
    Case("nps_adjwald", lambda: nps_interval(15, 9, 12), (-0.19027939993209864, 0.3441255537782525), 1e-12),
]

CASES = [*ONE_SHARE, *TWO_SHARES, *RATIOS, *RATES, *MULTIPLE, *POWER, *SCORES]


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_numbers(case: Case) -> None:
    found = list(case.found())
    assert len(found) == len(case.expected)
    assert found == pytest.approx(list(case.expected), abs=case.tolerance, rel=0)


def test_aspirin_diff() -> None:
    # Agresti (2013) Categorical Data Analysis, 3rd edition, 3.1; Agresti (2007), table 2.3: heart attacks in
    # the Physicians' Health Study. His intervals are those of Wald; with 22,000 rows they are the score ones.
    table = (189, 11034, 104, 11037)
    low, high, p = miettinen_nurminen(*table)
    difference = 189 / 11034 - 104 / 11037
    assert difference == pytest.approx(0.0077, abs=6e-5)
    assert low < difference < high
    assert (low, high) == pytest.approx((0.005, 0.011), abs=0.006)
    assert p < 1e-5
    assert ratio_miettinen_nurminen(*table)[:2] == pytest.approx((1.43, 2.31), abs=0.006)
    assert ratio_mover(*table) == pytest.approx((1.43, 2.31), abs=0.006)
    assert odds_ratio(*table)[:2] == pytest.approx((1.44, 2.33), abs=0.006)


def test_fisher_tea() -> None:
    # Fisher (1935) The Design of Experiments; Agresti, Categorical Data Analysis, table 3.9.
    assert fisher(3, 4, 1, 4) == pytest.approx(0.4857, abs=6e-5)
    assert fisher(3, 4, 1, 4, "greater") == pytest.approx(0.2429, abs=6e-5)


def test_barnard_boschloo() -> None:
    # Mehta & Senchaudhuri (2003): 7 of 15 vaccinated against 12 of 15; documentation of scipy.
    z, p = barnard(7, 15, 12, 15, "less")
    assert (z, p) == pytest.approx((-1.894, 0.0341), abs=6e-4)
    assert barnard(7, 15, 12, 15)[1] == pytest.approx(0.0682, abs=6e-4)


def test_hw_permeability() -> None:
    # Hollander & Wolfe (1973) Nonparametric Statistical Methods, p. 69: permeability of the human
    # chorioamnion; example of R's wilcox.test.
    x = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
    y = [1.15, 0.88, 0.90, 0.74, 1.21]
    test = mann_whitney(x, np.ones(10), y, np.ones(5), method="exact", alternative="greater")
    assert test is not None
    assert test.u == 35
    assert test.p == pytest.approx(0.1272, abs=6e-5)
    shift = hodges_lehmann(x, np.ones(10), y, np.ones(5))
    assert shift is not None
    assert shift.value == pytest.approx(0.305, abs=6e-5)


def test_mwu_dias() -> None:
    # Age at the onset of type II diabetes by sex: documentation of scipy.stats.mannwhitneyu.
    sample = ([19, 22, 16, 29, 24], np.ones(5), [20, 11, 17, 12], np.ones(4))
    exact, normal = mann_whitney(*sample, method="exact"), mann_whitney(*sample)
    assert exact is not None
    assert normal is not None
    assert exact.u == normal.u == 17
    assert exact.p == pytest.approx(0.1111111111, abs=1e-9)
    assert normal.p == pytest.approx(0.11134688653, abs=1e-9)


# Neubert & Brunner (2007) CSDA 51:5192-5204: pain scores after surgery; R lawstat::brunner.munzel.test.
PAIN = ([1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 1, 1], [3, 3, 4, 3, 1, 2, 3, 1, 1, 5, 4])


def test_brunner_munzel() -> None:
    test = brunner_munzel(PAIN[0], np.ones(14), PAIN[1], np.ones(11))
    assert test is not None
    assert test.statistic == pytest.approx(3.1374674823, abs=1e-9)
    assert test.p == pytest.approx(0.0057862087, abs=1e-9)
    assert test.df == pytest.approx(17.683, abs=1e-3)
    assert test.probability == pytest.approx(0.788961, abs=1e-6)
    assert (test.low, test.high) == pytest.approx((0.5952169, 0.9827052), abs=1e-7)


def test_brunner_munzel_counts() -> None:
    values = [1, 2, 3, 4, 5]
    test = brunner_munzel(values, [11, 2, 0, 1, 0], values, [3, 1, 4, 2, 1])
    assert test is not None
    assert test.p == pytest.approx(0.0057862087, abs=2e-7)
    assert test.probability == pytest.approx(0.788961, abs=2e-7)
    assert (test.low, test.high) == pytest.approx((0.5952169, 0.9827052), abs=2e-7)


def test_edge_bm_separated() -> None:
    # Complete separation: 2 of the 252 ways to deal ten values to two groups of five are as extreme.
    x, y = [1, 2, 3, 4, 5], [6, 7, 8, 9, 10]
    test, exact = (
        brunner_munzel(x, np.ones(5), y, np.ones(5)),
        mann_whitney(x, np.ones(5), y, np.ones(5), method="exact"),
    )
    assert test is not None
    assert exact is not None
    assert test.probability == 1
    assert test.p == pytest.approx(2 / 252, abs=1e-12)
    assert exact.p == pytest.approx(2 / 252, abs=1e-12)
    assert 0.5 < test.low < test.high == 1


class Times(NamedTuple):
    minutes: list[int]
    ended: list[int]

    @property
    def sample(self) -> tuple[list[int], list[int], list[int]]:
        return self.minutes, self.ended, [1 - each for each in self.ended]


# Freireich et al. (1963) Blood 21:699-716: weeks of remission, treated and placebo; Cox & Oakes (1984);
# Kleinbaum & Klein, Survival Analysis, chapter 2.
TREATED = Times(
    [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35],
    [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0],
)
PLACEBO = Times([1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23], [1] * 21)
# Miller (1981) Survival Analysis: maintenance of chemotherapy for leukaemia; printed output of R's survival.
MAINTAINED = Times([9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161], [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0])
NOT_MAINTAINED = Times([5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45], [1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1])


def test_freireich_km() -> None:
    curve = kaplan_meier(*TREATED.sample)
    assert curve.time.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert curve.survival == pytest.approx([0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=6e-4)
    assert curve.se == pytest.approx([0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346], abs=6e-5)
    assert curve.quantile(0.5) == 23
    assert curve.quantile_interval(0.5) == (13, math.inf)


def test_aml_km() -> None:
    curve = kaplan_meier(*MAINTAINED.sample)
    assert curve.time.tolist() == [9, 13, 18, 23, 31, 34, 48]
    assert curve.survival == pytest.approx([0.909, 0.818, 0.716, 0.614, 0.491, 0.368, 0.184], abs=6e-4)
    assert curve.se == pytest.approx([0.0867, 0.1163, 0.1397, 0.1526, 0.1642, 0.1627, 0.1535], abs=6e-5)
    assert curve.quantile(0.5) == 31
    assert curve.quantile_interval(0.5, transform="log") == (18, math.inf)


def test_freireich_logrank() -> None:
    test = log_rank(TREATED.sample, PLACEBO.sample)
    assert (test.chi2, test.observed, test.expected) == pytest.approx((16.79, 9, 19.25), abs=0.006)


def test_aml_logrank() -> None:
    test = log_rank(MAINTAINED.sample, NOT_MAINTAINED.sample)
    assert (test.chi2, test.observed, test.expected) == pytest.approx((3.4, 7, 10.69), abs=0.05)
    assert test.p == pytest.approx(0.07, abs=0.006)


def test_raoscott_rats() -> None:
    # Weil (1970), Williams (1975): pups alive by litter, control and treated. Method: Rao & Scott (1992)
    # Biometrics 48:577-585; R aod::raoscott(rats).
    rows = [13, 12, 9, 9, 8, 8, 13, 12, 10, 10, 9, 13, 5, 7, 10, 10, 12, 11, 10, 9, 11, 10, 10, 9, 9, 5, 9, 7]
    rows += [10, 6, 10, 7]
    alive = [13, 12, 9, 9, 8, 8, 12, 11, 9, 9, 8, 11, 4, 5, 7, 7, 12, 11, 10, 9, 10, 9, 9, 8, 8, 4, 7, 4, 5]
    alive += [3, 3, 0]
    test = rao_scott(alive, rows, ["control"] * 16 + ["treated"] * 16)
    assert test is not None
    assert test.effects == pytest.approx((1.2324953943067687, 3.9528606259640737), abs=1e-9)
    assert test.chi2 == pytest.approx(4.040610501136383, abs=1e-9)
    # Each row as its own cluster: the ordinary χ² of shares.
    single = np.concatenate([np.repeat([1.0, 0.0], [k, n - k]) for k, n in zip(alive, rows, strict=True)])
    side = np.repeat(["control", "treated"], [sum(rows[:16]), sum(rows[16:])])
    naive = rao_scott(single, np.ones(single.size), side)
    assert naive is not None
    share = [sum(alive[:16]) / sum(rows[:16]), sum(alive[16:]) / sum(rows[16:])]
    assert naive.effects == pytest.approx([n / (n - 1) for n in (sum(rows[:16]), sum(rows[16:]))])
    pooled = sum(alive) / sum(rows)
    plain = sum(
        n * (p - pooled) ** 2 for n, p in zip((sum(rows[:16]), sum(rows[16:])), share, strict=True)
    ) / (pooled * (1 - pooled))
    assert plain == pytest.approx(8.899893223579637, abs=1e-9)
    assert naive.chi2 == pytest.approx(plain, rel=0.01)
