"""What is computed from value counts is what libraries compute from the raw rows."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import stats as reference
from statsmodels.duration.survfunc import SurvfuncRight, survdiff
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from kpi.stats import (
    benjamini_hochberg,
    brunner_munzel,
    holm,
    influence,
    kaplan_meier,
    log_rank,
    newcombe,
    poisson_exact,
    quantile,
    quantile_interval,
    rate_ratio,
    wilson,
)

SEEDS = range(12)


def ties(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Two heavy-tailed samples of unequal size, rounded to 1, 5 or 60."""
    random = np.random.default_rng(seed)
    step = (1, 5, 60)[seed % 3]
    x = np.exp(random.normal(3, 1.2, int(random.integers(2, 80))))
    y = np.exp(random.normal(3.2, 0.9, int(random.integers(2, 80))))
    return np.ceil(x / step) * step, np.ceil(y / step) * step


def tally(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.unique(values, return_counts=True)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("q", [0.1, 0.5, 0.9, 0.95])
def test_quantile_is_that_of_pandas(seed: int, q: float) -> None:
    x, _ = ties(seed)
    assert quantile(*tally(x), q) == pytest.approx(pd.Series(x).quantile(q), rel=1e-12)


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


@pytest.mark.parametrize("seed", SEEDS)
def test_brunner_munzel_is_that_of_scipy(seed: int) -> None:
    x, y = ties(seed)
    expected = reference.brunnermunzel(x, y)
    test = brunner_munzel(*tally(x), *tally(y))
    assert test is not None
    if math.isfinite(expected.statistic):
        assert test.statistic == pytest.approx(expected.statistic, abs=1e-10)
        assert test.p == pytest.approx(expected.pvalue, abs=1e-12)
    again = brunner_munzel(
        x, np.ones(x.size), y, np.ones(y.size), x_clusters=np.arange(x.size), y_clusters=np.arange(y.size)
    )
    assert again is not None
    # Every row its own cluster: the leverage correction 1 − 1/n is the n − 1 of the plain test.
    assert again.p == pytest.approx(test.p, abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_kaplan_meier_and_log_rank_are_those_of_statsmodels(seed: int) -> None:
    random = np.random.default_rng(seed)
    x, y = ties(seed)
    event_x, event_y = random.random(x.size) < 0.7, random.random(y.size) < 0.6
    event_x[0] = event_y[0] = True
    grid = np.unique(np.concatenate([x, y]))

    def at(values: np.ndarray) -> np.ndarray:
        return np.bincount(np.searchsorted(grid, values), minlength=grid.size)

    curve = kaplan_meier(grid, at(x[event_x]), at(x[~event_x]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        raw = SurvfuncRight(x, event_x.astype(int))
        chi2, p = survdiff(
            np.concatenate([x, y]), np.concatenate([event_x, event_y]), [0] * x.size + [1] * y.size
        )
    assert curve.time == pytest.approx(raw.surv_times)
    assert curve.survival == pytest.approx(raw.surv_prob, abs=1e-12)
    going = raw.surv_prob > 0
    assert curve.se[going] == pytest.approx(raw.surv_prob_se[going], abs=1e-12)
    test = log_rank((grid, at(x[event_x]), at(x[~event_x])), (grid, at(y[event_y]), at(y[~event_y])))
    assert test.chi2 == pytest.approx(chi2, abs=1e-9)
    assert test.p == pytest.approx(p, abs=1e-10)


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
