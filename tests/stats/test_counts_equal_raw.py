"""What is computed from value counts is what libraries compute from the raw rows."""

from __future__ import annotations

import math
import warnings
from functools import cache
from itertools import combinations

import numpy as np
import pytest
from scipy import stats as reference
from statsmodels.api import OLS
from statsmodels.duration.survfunc import SurvfuncRight, survdiff
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from kpi.stats import (
    benjamini_hochberg,
    brunner_munzel,
    cr2,
    critical,
    hodges_lehmann,
    holm,
    influence,
    kaplan_meier,
    log_rank,
    mann_whitney,
    miettinen_nurminen,
    newcombe,
    poisson_exact,
    quantile,
    quantile_interval,
    rate_ratio,
    wilson,
)

SEEDS = range(12)
PAIRS = 1_000
CLOSE = 1e-10


def ties(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Two heavy-tailed samples of unequal size, rounded to 1, 5 or 60."""
    random = np.random.default_rng(seed)
    step = (1, 5, 60)[seed % 3]
    x = np.exp(random.normal(3, 1.2, int(random.integers(2, 80))))
    y = np.exp(random.normal(3.2, 0.9, int(random.integers(2, 80))))
    return np.ceil(x / step) * step, np.ceil(y / step) * step


def tally(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.unique(values, return_counts=True)


def flags(seed: int, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which rows ended; the others were last seen still going."""
    random = np.random.default_rng([seed, 1])
    ended_x, ended_y = random.random(x.size) < 0.7, random.random(y.size) < 0.6
    ended_x[0] = ended_y[0] = True
    return ended_x, ended_y


def censored(values: np.ndarray, ended: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Distinct values, how many ended at each and how many were still going."""
    grid, place = np.unique(values, return_inverse=True)
    return grid, np.bincount(place, ended, grid.size), np.bincount(place, ~ended, grid.size)


def test_mann_whitney_is_that_of_scipy() -> None:
    for seed in range(PAIRS):
        x, y = ties(seed)
        test = mann_whitney(*tally(x), *tally(y))
        assert test is not None
        raw = reference.mannwhitneyu(x, y, method="asymptotic")
        assert test.u == raw.statistic, seed
        assert test.p == (pytest.approx(raw.pvalue, abs=CLOSE) if np.ptp([*x, *y]) else 1), seed


def test_exact_mann_whitney_is_that_of_scipy() -> None:
    random = np.random.default_rng(5)
    for seed in range(40):
        deck = random.permutation(60).astype(float)
        x, y = deck[: 2 + seed % 9], deck[20 : 24 + seed]
        for side in ("two-sided", "less", "greater"):
            test = mann_whitney(*tally(x), *tally(y), method="exact", alternative=side)
            raw = reference.mannwhitneyu(x, y, method="exact", alternative=side)
            assert test is not None
            assert test.p == pytest.approx(raw.pvalue, abs=CLOSE)


def test_exact_mann_whitney_with_ties_is_the_permutation_test() -> None:
    for seed in range(30):
        x, y = (values[:5] for values in ties(seed))
        every = np.array([*x, *y])

        def pairs(chosen: np.ndarray, rest: np.ndarray) -> float:
            gaps = chosen[:, None] - rest[None, :]
            return float((gaps > 0).sum() + (gaps == 0).sum() / 2)

        dealt = []
        for places in combinations(range(every.size), x.size):
            drawn = np.isin(np.arange(every.size), places)
            dealt.append(pairs(every[drawn], every[~drawn]))
        test = mann_whitney(*tally(x), *tally(y), method="exact", alternative="greater")
        assert test is not None
        assert test.p == pytest.approx(float(np.mean(np.array(dealt) >= test.u)), abs=CLOSE)


def test_brunner_munzel_is_that_of_scipy() -> None:
    judged = 0
    for seed in range(PAIRS):
        x, y = ties(seed)
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            raw = reference.brunnermunzel(x, y)
        test = brunner_munzel(*tally(x), *tally(y))
        if not math.isfinite(raw.statistic):
            assert test is None or test.probability in (0, 0.5, 1)
            continue
        judged += 1
        assert test is not None
        assert test.statistic == pytest.approx(raw.statistic, abs=CLOSE), seed
        assert test.p == pytest.approx(raw.pvalue, abs=CLOSE), seed
    assert judged > 0.98 * PAIRS


@pytest.mark.parametrize("seed", SEEDS)
def test_clusters_of_one_row_are_no_clusters(seed: int) -> None:
    x, y = ties(seed)
    plain = brunner_munzel(*tally(x), *tally(y))
    again = brunner_munzel(
        x, np.ones(x.size), y, np.ones(y.size), x_clusters=np.arange(x.size), y_clusters=np.arange(y.size)
    )
    assert plain is not None
    assert again is not None
    # Every row its own cluster: the leverage correction 1 − 1/n is the n − 1 of the plain test.
    assert again.p == pytest.approx(plain.p, abs=1e-12)


def test_hodges_lehmann_is_the_median_of_all_differences() -> None:
    z = critical()
    for seed in range(PAIRS):
        x, y = ties(seed)
        every = np.sort((x[:, None] - y[None, :]).ravel())
        shift = hodges_lehmann(*tally(x), *tally(y))
        assert shift is not None
        assert shift.value == pytest.approx(float(np.median(every)), abs=CLOSE), seed
        if x.size + y.size > 100:
            _, tied = np.unique([*x, *y], return_counts=True)
            rows = x.size + y.size
            lost = (tied**3 - tied).sum() / (rows * (rows - 1))
            rank = math.floor(every.size / 2 - z * math.sqrt(every.size / 12 * (rows + 1 - lost)))
        else:
            below = ways(min(x.size, y.size), max(x.size, y.size)).cumsum()
            rank = int((below <= 0.025 * below[-1]).sum())
        bounds = (every[rank - 1], every[-rank]) if rank else (-math.inf, math.inf)
        assert (shift.low, shift.high) == pytest.approx(bounds, abs=CLOSE), seed


@cache
def ways(m: int, n: int) -> np.ndarray:
    """In how many orders U is 0, 1, 2 …: the recursion of Mann & Whitney (1947)."""
    if min(m, n) == 0:
        return np.ones(1)
    number = np.zeros(m * n + 1)
    number[n:] += ways(m - 1, n)
    number[: m * (n - 1) + 1] += ways(m, n - 1)
    return number


def test_quantiles_are_those_of_numpy() -> None:
    for seed in range(PAIRS):
        x, _ = ties(seed)
        for q in (0.1, 0.5, 0.9, 0.95):
            assert quantile(*tally(x), q) == pytest.approx(float(np.quantile(x, q)), abs=CLOSE), seed


@pytest.mark.parametrize("seed", SEEDS)
def test_quantile_interval_lies_between_the_binomial_ranks(seed: int) -> None:
    x = np.sort(ties(seed)[0])
    low, high = quantile_interval(*tally(x), 0.5)
    rank = int(reference.binom.ppf(0.025, x.size, 0.5))
    if rank >= 1:
        assert x[rank - 1] <= low <= x[min(rank, x.size - 1)]
        assert x[x.size - rank - 1] <= high <= x[x.size - rank]
    elif 2 * 0.5**x.size > 0.05:
        assert (low, high) == (-math.inf, math.inf)


def test_kaplan_meier_is_that_of_scipy() -> None:
    for seed in range(PAIRS):
        x, y = ties(seed)
        ended, _ = flags(seed, x, y)
        curve = kaplan_meier(*censored(x, ended))
        raw = reference.ecdf(reference.CensoredData(uncensored=x[ended], right=x[~ended])).sf
        at = np.searchsorted(raw.quantiles, curve.time)
        assert curve.survival == pytest.approx(raw.probabilities[at], abs=CLOSE), seed


def test_kaplan_meier_and_its_error_are_those_of_statsmodels() -> None:
    for seed in range(PAIRS):
        x, y = ties(seed)
        ended, _ = flags(seed, x, y)
        curve = kaplan_meier(*censored(x, ended))
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            raw = SurvfuncRight(x, ended.astype(int))
        assert curve.time.tolist() == raw.surv_times.tolist()
        going = raw.surv_prob > 0
        assert curve.survival == pytest.approx(raw.surv_prob, abs=CLOSE), seed
        assert curve.se[going] == pytest.approx(raw.surv_prob_se[going], abs=CLOSE), seed


def test_log_rank_is_that_of_scipy() -> None:
    for seed in range(PAIRS):
        x, y = ties(seed)
        ended_x, ended_y = flags(seed, x, y)
        raw = reference.logrank(
            reference.CensoredData(uncensored=x[ended_x], right=x[~ended_x]),
            reference.CensoredData(uncensored=y[ended_y], right=y[~ended_y]),
        )
        test = log_rank(censored(x, ended_x), censored(y, ended_y))
        if not math.isfinite(raw.statistic):
            assert (test.chi2, test.p) == (0, 1)
            continue
        assert test.chi2 == pytest.approx(float(raw.statistic) ** 2, abs=CLOSE), seed
        assert test.p == pytest.approx(raw.pvalue, abs=CLOSE), seed


@pytest.mark.parametrize("seed", SEEDS)
def test_log_rank_is_that_of_statsmodels(seed: int) -> None:
    x, y = ties(seed)
    ended_x, ended_y = flags(seed, x, y)
    chi2, p = survdiff(
        np.concatenate([x, y]), np.concatenate([ended_x, ended_y]), [0] * x.size + [1] * y.size
    )
    test = log_rank(censored(x, ended_x), censored(y, ended_y))
    assert (test.chi2, test.p) == pytest.approx((chi2, p), abs=CLOSE)


@pytest.mark.parametrize("seed", SEEDS)
def test_cluster_variance_is_that_of_a_library(seed: int) -> None:
    random = np.random.default_rng(seed)
    sizes = random.integers(1, 30, 3 + seed)
    group = np.repeat(np.arange(sizes.size), sizes)
    hits = (random.random(group.size) < 0.6).astype(float)
    fit = OLS(hits, np.ones(group.size)).fit(
        cov_type="cluster", cov_kwds={"groups": group, "use_correction": False}
    )
    ratio = cr2(np.bincount(group, hits), sizes)
    residual = np.bincount(group, hits) - (ratio.value or 0) * sizes
    assert fit.params[0] == pytest.approx(ratio.value)
    # Without the correction for leverage it is the library's; the correction is 1 ÷ (1 − share of the rows).
    plain = float((residual**2).sum()) / sizes.sum() ** 2
    assert fit.bse[0] ** 2 == pytest.approx(plain)
    corrected = float((residual**2 / (1 - sizes / sizes.sum())).sum()) / sizes.sum() ** 2
    assert ratio.variance == pytest.approx(corrected)


@pytest.mark.parametrize("seed", range(3))
def test_arrays_are_their_entries(seed: int) -> None:
    random = np.random.default_rng(seed)
    n1, n2 = (random.integers(0, 60, 200).astype(float) for _ in range(2))
    k1, k2 = (np.floor(random.random(200) * (n + 1)) for n in (n1, n2))
    n1[seed], k1[seed] = 0.0, 0.0
    entries = list(zip(k1.tolist(), n1.tolist(), k2.tolist(), n2.tolist(), strict=True))
    one = np.array([wilson(k, n, 0.9) for k, n, _, _ in entries])
    assert pytest.approx(one, abs=1e-12) == np.array(wilson(k1, n1, 0.9)).T
    for df in (math.inf, 7.0):
        two = np.array([miettinen_nurminen(*entry, df=df) for entry in entries])
        assert pytest.approx(two, abs=1e-12) == np.array(miettinen_nurminen(k1, n1, k2, n2, df=df)).T


@pytest.mark.parametrize("seed", SEEDS)
def test_influence_adds_up_to_zero_and_squares_to_greenwood(seed: int) -> None:
    random = np.random.default_rng(seed)
    x, _ = ties(seed)
    grid, at = np.unique(x, return_inverse=True)
    ended = np.bincount(at, weights=random.random(x.size) < 0.6)
    still = np.bincount(at) - ended
    curve = kaplan_meier(grid, ended, still)
    for place in np.flatnonzero(curve.survival > 0):
        pull_ended, pull_still = influence(curve, float(curve.time[place]), grid)
        assert float((ended * pull_ended + still * pull_still).sum()) == pytest.approx(0, abs=1e-12)
        squares = float((ended * pull_ended**2 + still * pull_still**2).sum())
        assert squares == pytest.approx(curve.se[place] ** 2, rel=1e-9)


@pytest.mark.parametrize(("k", "n"), [(0, 7), (3, 7), (7, 7), (999, 1000), (12345, 100000)])
def test_wilson_is_that_of_statsmodels(k: int, n: int) -> None:
    assert wilson(k, n, 0.9) == pytest.approx(proportion_confint(k, n, alpha=0.1, method="wilson"), abs=1e-12)


@pytest.mark.parametrize("table", [(5, 9, 3, 11), (0, 9, 3, 11), (40, 50, 300, 500)])
def test_newcombe_is_that_of_statsmodels(table: tuple[int, int, int, int]) -> None:
    expected = confint_proportions_2indep(*table, method="newcomb", compare="diff")
    assert newcombe(*table) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("events", [0, 1, 7, 250, 100_000])
def test_exact_poisson_is_chi_square(events: int) -> None:
    low, high = poisson_exact(events, 2.5, 0.99)
    expected = reference.chi2.ppf(0.005, 2 * events) / 2 if events else 0.0
    assert low * 2.5 == pytest.approx(expected, rel=1e-9)
    assert high * 2.5 == pytest.approx(reference.chi2.ppf(0.995, 2 * events + 2) / 2, rel=1e-9)


@pytest.mark.parametrize(
    ("e1", "x1", "e2", "x2"), [(3, 1, 9, 2), (0, 1, 5, 1), (5, 1, 0, 1), (60, 51477.5, 30, 54308.7)]
)
def test_rate_ratio_is_the_exact_binomial(e1: int, x1: float, e2: int, x2: float) -> None:
    low, high, p = rate_ratio(e1, x1, e2, x2)
    share = reference.binomtest(e1, e1 + e2, x1 / (x1 + x2)).proportion_ci(method="exact")
    assert low == pytest.approx(share.low / (1 - share.low) * x2 / x1, rel=1e-9)
    if e2:
        assert high == pytest.approx(share.high / (1 - share.high) * x2 / x1, rel=1e-9)
    else:
        assert high == math.inf
    null = reference.binom(e1 + e2, x1 / (x1 + x2))
    assert p == pytest.approx(min(1.0, 2 * min(null.cdf(e1), null.sf(e1 - 1))), rel=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_adjusted_p_values_are_those_of_statsmodels(seed: int) -> None:
    p = np.round(np.random.default_rng(seed).beta(0.5, 3, 1 + 3 * seed), 3)
    assert benjamini_hochberg(p.tolist()) == pytest.approx(multipletests(p, method="fdr_bh")[1])
    assert holm(p.tolist()) == pytest.approx(multipletests(p, method="holm")[1])
