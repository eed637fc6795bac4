"""An interval leaves zero out exactly when p is below 1 − level, and always holds its own estimate."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.stats import (
    agreeing_p,
    brunner_munzel,
    critical,
    miettinen_nurminen,
    mover,
    newcombe,
    nps_difference,
    nps_interval,
    poisson_exact,
    quantile,
    quantile_interval,
    rate_difference,
    rate_ratio,
    wilson,
)

LEVELS = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99, 0.999])
FREEDOM = st.sampled_from([1.0, 3.7, 12.0, math.inf])
COUNT = st.integers(0, 60)


def agree(low: float, high: float, p: float, level: float) -> None:
    assert not math.isnan(low)
    assert not math.isnan(high)
    assert 0 < p <= 1
    alpha = 1 - level
    if abs(p - alpha) > 1e-5 * alpha:
        assert (low > 0 or high < 0) == (p < alpha), (low, high, p, alpha)


@given(COUNT, COUNT, COUNT, COUNT, LEVELS, FREEDOM)
@settings(max_examples=200, deadline=None)
def test_two_shares(k1: int, rest1: int, k2: int, rest2: int, level: float, df: float) -> None:
    n1, n2 = k1 + rest1, k2 + rest2
    low, high, p = miettinen_nurminen(k1, n1, k2, n2, level, df=df)
    agree(low, high, p, level)
    assert -1 <= low <= high <= 1
    if n1 and n2:
        difference = k1 / n1 - k2 / n2
        assert low - 1e-12 <= difference <= high + 1e-12
        turned = miettinen_nurminen(k2, n2, k1, n1, level, df=df)
        assert (-turned[1], -turned[0], turned[2]) == pytest.approx((low, high, p), abs=1e-7)
        low, high = newcombe(k1, n1, k2, n2, level)
        assert -1 <= low <= difference + 1e-12
        assert difference - 1e-12 <= high <= 1


EFFECTIVE = st.one_of(st.just(0.0), st.floats(0.05, 1e5))


@given(EFFECTIVE, EFFECTIVE, EFFECTIVE, EFFECTIVE, LEVELS)
@settings(max_examples=100, deadline=None)
def test_two_shares_of_effective_counts(
    k1: float, rest1: float, k2: float, rest2: float, level: float
) -> None:
    n1, n2 = k1 + rest1, k2 + rest2
    low, high, p = miettinen_nurminen(k1, n1, k2, n2, level)
    agree(low, high, p, level)
    if n1 and n2:
        assert low - 1e-9 <= k1 / n1 - k2 / n2 <= high + 1e-9


@given(COUNT, COUNT, COUNT, COUNT, COUNT, COUNT, LEVELS, FREEDOM)
@settings(max_examples=150, deadline=None)
def test_net_scores(a: int, b: int, c: int, d: int, e: int, f: int, level: float, df: float) -> None:
    low, high, p = nps_difference((a, b, c), (d, e, f), level, df=df)
    agree(low, high, p, level)
    low, high = nps_interval(a, b, c, level)
    assert -1 <= low <= high <= 1
    if a + b + c:
        assert low <= (a - c) / (a + b + c) <= high


@given(COUNT, st.sampled_from([0.5, 1.0, 40.0]), COUNT, st.sampled_from([0.5, 1.0, 40.0]), LEVELS, FREEDOM)
@settings(max_examples=150, deadline=None)
def test_rates(e1: int, x1: float, e2: int, x2: float, level: float, df: float) -> None:
    low, high, p = rate_difference(e1, x1, e2, x2, level, df=df)
    agree(low, high, p, level)
    assert low <= e1 / x1 - e2 / x2 <= high
    low, high, p = rate_ratio(e1, x1, e2, x2, level)
    agree(math.log(low) if low > 0 else -math.inf, math.log(high) if high > 0 else -math.inf, p, level)
    low, high = poisson_exact(e1, x1, level)
    assert 0 <= low <= e1 / x1 < high


@given(COUNT, st.integers(0, 60), LEVELS)
@settings(max_examples=100, deadline=None)
def test_one_share(k: int, rest: int, level: float) -> None:
    low, high = wilson(k, k + rest, level)
    assert 0 <= low < high <= 1
    if k + rest:
        assert low <= k / (k + rest) <= high


SAMPLE = st.lists(st.integers(0, 12), min_size=1, max_size=40)


@given(SAMPLE, SAMPLE, st.sampled_from([0.5, 0.9]), st.sampled_from([1.0, 2.5]), LEVELS, FREEDOM)
@settings(max_examples=120, deadline=None)
def test_quantiles(x: list[int], y: list[int], q: float, effect: float, level: float, df: float) -> None:
    tallies = []
    for sample in (x, y):
        values = sorted(set(sample))
        tallies.append((values, [sample.count(value) for value in values]))
    (v1, c1), (v2, c2) = tallies
    one, two = quantile(v1, c1, q), quantile(v2, c2, q)
    assert one is not None
    assert two is not None

    def bounds(z: float) -> tuple[float, float]:
        return mover(
            one,
            quantile_interval(v1, c1, q, effect=effect, crit=z),
            two,
            quantile_interval(v2, c2, q, effect=effect, crit=z),
        )

    low, high = bounds(critical(level, df))
    assert low <= one - two <= high
    agree(low, high, agreeing_p(bounds, df), level)


@given(SAMPLE, SAMPLE, LEVELS)
@settings(max_examples=100, deadline=None)
def test_brunner_munzel(x: list[int], y: list[int], level: float) -> None:
    test = brunner_munzel(x, [1] * len(x), y, [1] * len(y), level)
    if test is None:
        assert min(len(x), len(y)) == 1
        return
    assert 0 <= test.low <= test.probability <= test.high <= 1
    if test.low > 0 and test.high < 1:
        agree(test.low - 0.5, test.high - 0.5, test.p, level)
