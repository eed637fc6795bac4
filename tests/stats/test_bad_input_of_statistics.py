"""Whatever counts come, the answer is finite where it must be, holds its own estimate and never is certainty;
what cannot be a count is refused with words."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kpi.stats as stats

LEVELS = st.sampled_from([0.5, 0.8, 0.95, 0.999])
FREEDOM = st.sampled_from([1.0, 3.7, 12.0, math.inf])
COUNT = st.one_of(st.integers(0, 12), st.integers(0, 10**7), st.floats(1e-6, 50))
SHARE = st.floats(0, 1)
EXPOSURE = st.sampled_from([1e-3, 1.0, 250.0, 1e9])
QUICK = settings(max_examples=60, deadline=None)
VALUES = st.lists(st.one_of(st.integers(0, 6), st.sampled_from([1e-9, 0.1, 1e9])), min_size=0, max_size=25)


def holds(low: float, high: float, estimate: float | None) -> None:
    assert not math.isnan(low)
    assert not math.isnan(high)
    assert low <= high
    if estimate is not None:
        slack = 1e-9 * max(1.0, abs(estimate))
        assert low <= estimate + slack
        assert high >= estimate - slack


def evidence(p: float) -> None:
    assert 0 < p <= 1


def contradicts(low: float, high: float, null: float, p: float, level: float) -> None:
    """Interval and p-value say the same, but for the last digits of a tie."""
    if abs(p - (1 - level)) > 1e-5 * (1 - level):
        assert (low > null or high < null) == (p < 1 - level), (low, high, p, level)


def rows(hits: float, misses: float) -> tuple[float, float]:
    return hits, hits + misses


@given(COUNT, COUNT, LEVELS)
@QUICK
def test_one_share(hits: float, misses: float, level: float) -> None:
    k, n = rows(hits, misses)
    for method in (stats.wilson, stats.wilson_continuity, stats.clopper_pearson, stats.mid_p):
        low, high = method(k, n, level)
        holds(low, high, k / n if n else None)
        assert 0 <= low <= high <= 1
        assert n or (low, high) == (0, 1)


@given(COUNT, COUNT, COUNT, COUNT, LEVELS, FREEDOM)
@QUICK
def test_difference_of_two_shares(a: float, b: float, c: float, d: float, level: float, df: float) -> None:
    (k1, n1), (k2, n2) = rows(a, b), rows(c, d)
    estimate = k1 / n1 - k2 / n2 if n1 and n2 else None
    for method in (stats.newcombe, stats.newcombe_continuity):
        low, high = method(k1, n1, k2, n2, level)
        holds(low, high, estimate)
        assert -1 <= low <= high <= 1
    for score in (stats.miettinen_nurminen, stats.mee):
        low, high, p = score(k1, n1, k2, n2, level, df=df)
        holds(low, high, estimate)
        evidence(p)
        contradicts(low, high, 0, p, level)


@given(COUNT, COUNT, COUNT, COUNT, LEVELS, FREEDOM)
@QUICK
def test_ratio_of_two_shares(a: float, b: float, c: float, d: float, level: float, df: float) -> None:
    (k1, n1), (k2, n2) = rows(a, b), rows(c, d)
    ratio = k1 / n1 / (k2 / n2) if n1 and n2 and k2 / n2 else None
    odds = k1 * (n2 - k2) / (k2 * (n1 - k1)) if k2 * (n1 - k1) else None
    low, high = stats.ratio_mover(k1, n1, k2, n2, level)
    holds(low, high, ratio)
    for method in (stats.ratio_miettinen_nurminen, stats.koopman, stats.odds_ratio):
        low, high, p = method(k1, n1, k2, n2, level, df=df)
        holds(low, high, odds if method is stats.odds_ratio else ratio)
        evidence(p)
        contradicts(low, high, 1, p, level)
        assert low >= 0


@given(COUNT, EXPOSURE, COUNT, EXPOSURE, LEVELS)
@QUICK
def test_rates(e1: float, t1: float, e2: float, t2: float, level: float) -> None:
    for one in (stats.poisson_exact, stats.rate_score, stats.rate_jeffreys):
        low, high = one(e1, t1, level)
        holds(low, high, e1 / t1)
        assert low >= 0
    ratio = (e1 / t1) / (e2 / t2) if e2 / t2 > 0 else None
    for two in (stats.rate_ratio, stats.rate_ratio_score):
        low, high, p = two(e1, t1, e2, t2, level)
        holds(low, high, ratio)
        evidence(p)
        contradicts(low, high, 1, p, level)
    low, high, p = stats.rate_difference(e1, t1, e2, t2, level)
    holds(low, high, e1 / t1 - e2 / t2)
    evidence(p)


@given(st.tuples(COUNT, COUNT, COUNT), st.tuples(COUNT, COUNT, COUNT), LEVELS)
@QUICK
def test_net_scores(now: tuple[float, ...], before: tuple[float, ...], level: float) -> None:
    def score(answers: tuple[float, ...]) -> float | None:
        return (answers[0] - answers[2]) / sum(answers) if sum(answers) else None

    low, high = stats.nps_interval(*now, level)
    holds(low, high, score(now))
    assert -1 <= low <= high <= 1
    assert stats.nps_variance(*now) >= 0
    low, high, p = stats.nps_difference(now, before, level)
    first, second = score(now), score(before)
    holds(low, high, None if first is None or second is None else first - second)
    evidence(p)
    contradicts(low, high, 0, p, level)


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
@settings(max_examples=25, deadline=None)
def test_exact_tests(a: int, b: int, c: int, d: int) -> None:
    evidence(stats.fisher(a, a + b, c, c + d))
    if a + b + c + d < 40:
        z, p = stats.barnard(a, a + b, c, c + d)
        assert math.isfinite(z)
        evidence(p)


@given(VALUES, VALUES, LEVELS)
@QUICK
def test_ranks(x: list[float], y: list[float], level: float) -> None:
    sample = (x, np.ones(len(x)), y, np.ones(len(y)))
    for method in ("asymptotic", "exact"):
        test = stats.mann_whitney(*sample, method=method)
        assert (test is None) == (not x or not y)
        if test is not None:
            evidence(test.p)
            assert 0 <= test.probability <= 1
            assert test.u == pytest.approx(test.probability * len(x) * len(y))
    shift = stats.hodges_lehmann(*sample, level)
    assert (shift is None) == (not x or not y)
    if shift is not None:
        assert math.isfinite(shift.value)
        holds(shift.low, shift.high, shift.value)
    judged = stats.brunner_munzel(*sample, level)
    if judged is None:
        assert min(len(x), len(y)) <= 1
    else:
        evidence(judged.p)
        holds(judged.low, judged.high, judged.probability)
        assert 0 <= judged.low <= judged.high <= 1


@given(VALUES, VALUES, st.integers(1, 5), LEVELS)
@QUICK
def test_ranks_of_clusters(x: list[float], y: list[float], clusters: int, level: float) -> None:
    test = stats.brunner_munzel(
        x,
        np.ones(len(x)),
        y,
        np.ones(len(y)),
        level,
        x_clusters=np.arange(len(x)) % clusters,
        y_clusters=np.arange(len(y)) % clusters,
    )
    if test is not None:
        evidence(test.p)
        holds(test.low, test.high, test.probability)


@given(VALUES, st.sampled_from([0.01, 0.5, 0.9, 0.999]), st.integers(1, 6), LEVELS)
@QUICK
def test_quantiles(x: list[float], q: float, clusters: int, level: float) -> None:
    counts = np.ones(len(x))
    value = stats.quantile(x, counts, q)
    assert (value is None) == (not x)
    holds(*stats.quantile_interval(x, counts, q, level), value)
    bounds = stats.woodruff_interval(x, counts, np.arange(len(x)) % clusters, q, level)
    holds(*bounds, value)
    if min(clusters, len(x)) < 2:
        assert bounds == (-math.inf, math.inf)


@given(VALUES, st.integers(0, 2**25 - 1), VALUES, st.sampled_from([0.1, 0.5, 0.9]), LEVELS)
@QUICK
def test_curves(x: list[float], bits: int, y: list[float], q: float, level: float) -> None:
    def sample(values: list[float]) -> tuple[list[float], list[int], list[int]]:
        ended = [bits >> place & 1 for place in range(len(values))]
        return values, ended, [1 - each for each in ended]

    curve = stats.kaplan_meier(*sample(x))
    assert np.isfinite(curve.survival).all()
    assert np.isfinite(curve.se).all()
    assert (np.diff(curve.survival) <= 1e-12).all()
    for transform in ("log-log", "log"):
        holds(*curve.quantile_interval(q, level, transform=transform), curve.quantile(q))
    for time in (0.0, 3.0, 1e12):
        low, high = curve.interval(time, level)
        holds(low, high, curve.at(time))
        assert 0 <= low <= high <= 1
    test = stats.log_rank(sample(x), sample(y))
    assert test.chi2 >= 0
    assert math.isfinite(test.chi2)
    evidence(test.p)


CLUSTERS = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=8)


@given(CLUSTERS, CLUSTERS, LEVELS)
@QUICK
def test_clusters(one: list[tuple[int, int]], two: list[tuple[int, int]], level: float) -> None:
    sides = [([k for k, _ in side], [k + rest for k, rest in side]) for side in (one, two)]
    ratio = stats.cr2(*sides[0])
    assert (ratio.value is None) == (sum(sides[0][1]) == 0)
    assert ratio.variance is None or (math.isfinite(ratio.variance) and ratio.variance >= 0)
    found = stats.cr2_difference(*sides[0], *sides[1], level)
    assert (found.p is None) == (found.reason is not None)
    if found.low is not None and found.high is not None and found.p is not None and found.df is not None:
        holds(found.low, found.high, found.estimate)
        evidence(found.p)
        assert found.df >= 1
    test = stats.rao_scott(
        [*sides[0][0], *sides[1][0]],
        [*sides[0][1], *sides[1][1]],
        ["a"] * len(one) + ["b"] * len(two),
    )
    assert (test is None) == (not sum(sides[0][1]) or not sum(sides[1][1]))
    if test is not None:
        evidence(test.p)
        assert all(math.isfinite(effect) and effect > 0 for effect in test.effects)


@given(CLUSTERS, CLUSTERS, st.lists(st.integers(0, 6), min_size=16, max_size=16))
@QUICK
def test_cluster_variances(one: list[tuple[int, int]], two: list[tuple[int, int]], keys: list[int]) -> None:
    sides = [
        (keys[start : start + len(side)], [each[0] - each[1] for each in side], [sum(each) for each in side])
        for start, side in ((0, one), (8, two))
    ]
    for found in (stats.cluster_variance(*sides[0]), stats.difference_variance(*sides[0], *sides[1])):
        assert found.variance is None or (math.isfinite(found.variance) and found.variance >= 0)
        assert found.df >= 1
        assert math.isfinite(found.fewest)
    assert 0 <= stats.kish(sides[0][2]) <= len(one) + 1e-9
    assert stats.satterthwaite([(0.0, 3.0), (0.0, math.inf)]) == math.inf


@given(st.floats(0, 1e9), FREEDOM, LEVELS)
@QUICK
def test_detectable_change(se: float, df: float, level: float) -> None:
    found = stats.detectable_change(se, df, level, 0.9)
    assert math.isfinite(found)
    assert found >= stats.critical(level, df) * se


@given(st.lists(st.one_of(st.none(), SHARE, st.just(1e-320)), max_size=12))
@QUICK
def test_many_p_values(p: list[float | None]) -> None:
    for method in (stats.benjamini_hochberg, stats.holm, stats.hochberg, stats.bonferroni):
        adjusted = method(p)
        assert [each is None for each in adjusted] == [each is None for each in p]
        for before, after in zip(p, adjusted, strict=True):
            if before is not None and after is not None:
                evidence(after)
                assert after >= before * (1 - 1e-12)


@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(0, 3), st.booleans()), max_size=10), LEVELS)
@QUICK
def test_chosen_intervals(cells: list[tuple[float, float, bool]], level: float) -> None:
    estimates, errors, chosen = ([cell[place] for cell in cells] for place in range(3))
    found = stats.fcr_intervals(estimates, errors, chosen, level)
    for (estimate, error, wanted), bounds in zip(cells, found, strict=True):
        assert (bounds is None) == (not wanted)
        if bounds is not None:
            holds(*bounds, estimate)
            # Never narrower than it would be for itself.
            assert bounds[1] - bounds[0] >= 2 * stats.critical(level) * error * (1 - 1e-9) - 1e-12


@given(SHARE, SHARE, st.floats(0, 1e6), st.floats(0, 1e6), st.sampled_from([0.5, 0.8, 0.99]))
@QUICK
def test_power(p1: float, p2: float, n1: float, n2: float, power: float) -> None:
    assert 0.05 - 1e-12 <= stats.power_of_shares(p1, p2, n1, n2) <= 1
    needed = stats.rows_needed(p1, p2, power=power)
    if needed is not None and math.isfinite(needed) and needed >= 1:
        assert stats.power_of_shares(p1, p2, needed * (1 + 1e-9), needed * (1 + 1e-9)) >= power - 1e-6
    found = stats.detectable_difference(p1, n1, n2, power=power)
    for change, sign in ((found.down, -1), (found.up, 1)):
        if change is not None:
            assert change > 0
            there = min(1.0, max(0.0, p1 + sign * change))
            assert stats.power_of_shares(there, p1, n1, n2) >= power - 1e-6
    assert abs(stats.cohen_h(p1, p2)) <= math.pi + 1e-12


IMPOSSIBLE: list[tuple[Callable[..., Any], tuple[Any, ...], str]] = [
    (stats.wilson, (-1, 5), "k is -1"),
    (stats.wilson, (6, 5), "more hits than rows"),
    (stats.wilson, (math.nan, 5), "k is nan"),
    (stats.wilson, (1, math.inf), "n is inf"),
    (stats.wilson, (1, 5, 95), "between 0 and 1"),
    (stats.wilson, (np.array([1.0, -1.0]), np.array([5.0, 5.0])), "k has 1 entries"),
    (stats.wilson, (np.array([9.0]), np.array([5.0])), "more hits than rows"),
    (stats.wilson_continuity, (6, 5), "more hits than rows"),
    (stats.clopper_pearson, (6, 5), "more hits than rows"),
    (stats.mid_p, (1, 5, 0), "between 0 and 1"),
    (stats.newcombe, (1, 5, 2, -1), "n2 is -1"),
    (stats.newcombe_continuity, (1, 5, 7, 5), "k2 is 7 of n2 5"),
    (stats.miettinen_nurminen, (1, 5, math.nan, 5), "k2 is nan"),
    (stats.miettinen_nurminen, (np.array([math.nan]), 5, 1, 5), "k1 has 1 entries"),
    (stats.mee, (7, 5, 1, 5), "k1 is 7"),
    (stats.ratio_miettinen_nurminen, (-1, 5, 1, 5), "k1 is -1"),
    (stats.koopman, (1, 5, 9, 5), "k2 is 9"),
    (stats.odds_ratio, (1, 5, 9, 5), "k2 is 9"),
    (stats.ratio_mover, (1, 5, 9, 5), "k2 is 9"),
    (stats.mover_ratio, (-1, (-2, 1), 1, (0, 2)), "estimates of 0 or more"),
    (stats.poisson_exact, (-1, 5), "events is -1"),
    (stats.rate_score, (1, math.nan), "exposure is nan"),
    (stats.rate_jeffreys, (1, -1), "exposure is -1"),
    (stats.rate_ratio, (1, 5, -2, 5), "events2 is -2"),
    (stats.rate_ratio_score, (1, 5, 2, math.nan), "exposure2 is nan"),
    (stats.rate_difference, (1, -5, 2, 5), "exposure1 is -5"),
    (stats.nps_interval, (1, -1, 1), "passives is -1"),
    (stats.nps_difference, ((1, 1, 1), (1, 1, math.nan)), "detractors is nan"),
    (stats.fisher, (0.5, 5, 1, 5), "whole numbers"),
    (stats.barnard, (6, 5, 1, 5), "more hits than rows"),
    (stats.mann_whitney, ([1, math.nan], [1, 1], [1], [1]), "no finite number"),
    (stats.hodges_lehmann, ([1], [-1], [1], [1]), "1 are negative"),
    (stats.hodges_lehmann, ([1], [0.5], [1], [1]), "whole numbers"),
    (stats.brunner_munzel, ([1, 2], [1], [1], [1]), "unequal lengths"),
    (stats.quantile, ([1], [1], 50), "between 0 and 1"),
    (stats.quantile_interval, ([1], [1], 1.0), "above 0 and below 1"),
    (stats.quantile_interval, ([1], [1.5], 0.5), "whole numbers"),
    (stats.woodruff_interval, ([1, 2], [1, 1], [1], 0.5), "one cluster for each"),
    (stats.kaplan_meier, ([1, 2], [1, -1], [0, 0]), "1 are negative"),
    (stats.log_rank, (([1], [1], [0]), ([math.nan], [1], [0])), "no finite number"),
    (stats.cr2, ([1, 2], [3]), "unequal lengths"),
    (stats.cr2, ([1, 2], [3, -1]), "1 are negative"),
    (stats.cr2_difference, ([1], [math.nan], [1], [2]), "no finite number"),
    (stats.rao_scott, ([3], [2], ["a"]), "0 to all of its rows"),
    (stats.benjamini_hochberg, ([0.5, math.nan],), "nan at place 1"),
    (stats.holm, ([-0.1],), "-0.1 at place 0"),
    (stats.fcr_level, (5, 3), "cannot be chosen"),
    (stats.fcr_intervals, ([1.0], [-1.0], [True]), "0 or more"),
    (stats.power_of_shares, (1.2, 0.5, 9, 9), "p1 is 1.2"),
    (stats.rows_needed, (0.1, 0.5, 0.95, 1.0), "a power lies"),
    (stats.detectable_difference, (0.5, -1, 9), "n1 is -1"),
    (stats.cohen_h, (0.5, 50), "p2 is 50"),
    (stats.critical, (0.95, 0), "above 0"),
    (stats.two_sided_p, (math.nan,), "not a number: z"),
    (stats.mover, (1.0, (0.5, math.nan), 2.0, (1.0, 3.0)), "not a number: high1"),
    (stats.detectable_change, (-1.0,), "0 or more"),
    (stats.detectable_change, (1.0, 5.0, 0.95, 80), "a power lies"),
    (stats.kish, ([1.0, math.nan],), "no finite number"),
    (stats.satterthwaite, ([(1.0, -3.0)],), "0 or more"),
    (stats.cluster_variance, ([1, 2], [0.1, math.nan], [1, 1]), "no finite number"),
    (stats.difference_variance, ([1], [0.1], [1], [1, 2], [0.1], [1]), "one key for each"),
    (stats.influence, (stats.kaplan_meier([1], [1], [0]), math.nan, [1]), "not a number: until"),
]


@pytest.mark.parametrize(("function", "given", "words"), IMPOSSIBLE)
def test_impossible_input_is_refused_with_words(
    function: Callable[..., Any], given: tuple[Any, ...], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        function(*given)


def test_an_exact_test_of_many_rows_says_what_to_do() -> None:
    many = np.arange(200)
    with pytest.raises(ValueError, match="method='asymptotic'"):
        stats.mann_whitney(many, np.ones(200), many, np.ones(200), method="exact")


def test_one_row_or_one_cluster_that_overlaps_has_no_spread() -> None:
    assert stats.brunner_munzel([2], [1], [1, 3], [1, 1]) is None
    one = stats.brunner_munzel([1, 2, 3], [1] * 3, [2, 3], [1] * 2, x_clusters=[7] * 3, y_clusters=[1, 2])
    assert one is None


def test_separated_clusters_are_dealt_as_clusters() -> None:
    # Two teams of three agents: 2 of 20 ways to deal six agents, however many tickets they have.
    agents = np.repeat([1, 2, 3], 40)
    test = stats.brunner_munzel(
        np.arange(120), np.ones(120), np.arange(200, 320), np.ones(120), x_clusters=agents, y_clusters=agents
    )
    assert test is not None
    assert test.p == pytest.approx(0.1)


def test_the_smallest_p_value_is_no_zero() -> None:
    values = np.arange(50_000)
    count = np.full(50_000, 1000)
    for test in (
        stats.mann_whitney(values, count, values + 90_000, count),
        stats.brunner_munzel(values, count, values + 90_000, count),
        stats.brunner_munzel(values, count, values + 20_000, count),
        stats.log_rank((values, count, 0 * count), (values + 90_000, count, 0 * count)),
    ):
        assert test is not None
        assert 0 < test.p < 1e-200
    assert 0 < (stats.benjamini_hochberg([0.0, 0.5])[0] or 0) < 1e-300
    assert 0 < stats.rate_ratio(10**6, 1, 1, 1)[2] < 1e-200
