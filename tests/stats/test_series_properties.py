"""What holds for every chart, decomposition, funnel and trend, whatever is put in."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.stats import (
    NELSON,
    NHS_MDC,
    WESTERN_ELECTRIC,
    c_chart,
    chi_square,
    das_gupta,
    empirical_bayes,
    ewma,
    funnel,
    funnel_ratio,
    james_stein,
    kitagawa,
    laney,
    mann_kendall,
    mantel_haenszel,
    p_chart,
    pettitt,
    seasonal_mann_kendall,
    signals,
    snht,
    sup_f,
    surprise,
    u_chart,
    xmr,
)

ALL_RULES = tuple({rule.name: rule for rule in (*NELSON, *WESTERN_ELECTRIC, *NHS_MDC)}.values())
MANY = settings(max_examples=60, deadline=None)

weights = st.floats(0, 1).map(lambda value: value if value > 1e-6 else 0.0)
rates = st.floats(-1000, 1000)
# Quarters are exact in binary, so a moved and stretched series is exactly the same series.
quarters = st.integers(-40, 40).map(lambda value: value / 4)


@st.composite
def two_periods(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    size = draw(st.integers(1, 12))

    def column(each: st.SearchStrategy[float]) -> np.ndarray:
        return np.array(draw(st.lists(each, min_size=size, max_size=size)))

    w1, w2 = column(weights), column(weights)
    w1, w2 = w1 / (w1.sum() or 1.0), w2 / (w2.sum() or 1.0)
    r1 = np.where(w1 > 0, column(rates), np.nan)
    r2 = np.where(w2 > 0, column(rates), np.nan)
    return w1, r1, w2, r2


@MANY
@given(two_periods())
def test_the_parts_of_a_change_add_up_to_it(periods: tuple[np.ndarray, ...]) -> None:
    w1, r1, w2, r2 = periods
    change = math.fsum(np.nan_to_num(w2 * r2)) - math.fsum(np.nan_to_num(w1 * r1))
    scale = max(1.0, float(np.nanmax(np.abs([*r1, *r2, 1.0]))))
    both = w1.sum() > 0 and w2.sum() > 0
    for centred in (False, True) if both else (False,):
        parts = kitagawa(w1, r1, w2, r2, centred=centred)
        three = parts.mix.value + parts.performance.value + parts.new_and_vanished.value
        terms = [*parts.mix_terms, *parts.performance_terms, *parts.new_and_vanished_terms]
        assert abs(parts.total.value - change) <= 1e-12 * scale
        assert abs(three - change) <= 1e-12 * scale
        assert abs(math.fsum(terms) - change) <= 1e-12 * scale
        absent = (w1 == 0) | (w2 == 0)
        assert not parts.mix_terms[absent].any()
        assert not parts.performance_terms[absent].any()
        assert not parts.new_and_vanished_terms[~absent].any()
        assert parts.mix.se is None
        back = kitagawa(w2, r2, w1, r1, centred=centred)
        assert back.mix.value == pytest.approx(-parts.mix.value, abs=1e-12 * scale)


@MANY
@given(two_periods(), st.integers(1, 5000), st.integers(1, 5000))
def test_intervals_of_the_parts_hold_their_estimate(
    periods: tuple[np.ndarray, ...], n1: int, n2: int
) -> None:
    w1, r1, w2, r2 = periods
    if not (w1.sum() and w2.sum()):
        return
    v = np.full(w1.size, 0.01)
    for centred in (False, True):
        parts = kitagawa(w1, r1, w2, r2, v1=v, v2=v, n1=n1, n2=n2, centred=centred)
        for part in (parts.total, parts.mix, parts.performance, parts.new_and_vanished):
            assert part.se is not None
            assert part.se >= 0
            if part.low is not None and part.high is not None:
                assert part.low <= part.value <= part.high
            if part.p is not None and part.low is not None and part.high is not None:
                assert 0 < part.p <= 1
                assert (part.p < 0.05) == (part.low > 0 or part.high < 0) or abs(part.p - 0.05) < 1e-9
        # The total is the same number with the same error however it is cut.
        plain = kitagawa(w1, r1, w2, r2, v1=v, v2=v, n1=n1, n2=n2)
        assert parts.total.se == pytest.approx(plain.total.se, rel=1e-7, abs=1e-9)
        for one in (parts.mix_se, parts.performance_se, parts.new_and_vanished_se):
            assert one is not None
            assert np.isfinite(one).all()


@MANY
@given(st.lists(st.tuples(*[st.floats(-50, 50)] * 6), min_size=1, max_size=6))
def test_das_gupta_adds_up(rows: list[tuple[float, ...]]) -> None:
    table = np.array(rows).T
    parts = das_gupta(list(table[:3]), list(table[3:]))
    change = math.fsum(np.prod(table[3:], axis=0)) - math.fsum(np.prod(table[:3], axis=0))
    assert abs(parts.total - change) <= 1e-12 * max(1.0, float(np.abs(table).max()) ** 3 * len(rows))


@MANY
@given(
    st.lists(st.one_of(quarters, st.just(math.nan)), min_size=0, max_size=60),
    st.integers(-64, 64),
    st.sampled_from([0.5, 1.0, 4.0]),
    st.booleans(),
    st.booleans(),
)
def test_flags_do_not_depend_on_origin_and_unit(
    values: list[float], move: int, stretch: float, screen: bool, persistent: bool
) -> None:
    points = np.array(values, dtype=float)
    here = xmr(points, screen=screen, persistent=persistent)
    there = xmr(points * stretch + move, screen=screen, persistent=persistent)
    assert (here.reason is None) == (there.reason is None)
    near_edge = here.z is not None and bool(
        (np.abs(np.abs(np.nan_to_num(here.z))[:, None] - [1.0, 2.0, 3.0]) < 1e-7).any()
    )
    if not near_edge:
        one, other = signals(here, ALL_RULES), signals(there, ALL_RULES)
        for name in one.flags:
            assert one.flags[name].tolist() == other.flags[name].tolist(), name
    if here.z is not None and there.z is not None:
        # Upside down, the same points are flagged.
        mirrored = signals(xmr(-points, screen=screen, persistent=persistent), ALL_RULES)
        if not near_edge:
            assert mirrored.names == signals(here, ALL_RULES).names
        missing = ~np.isfinite(points)
        assert not any(flag[missing].any() for flag in signals(here, ALL_RULES).flags.values())


@MANY
@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=0, max_size=40),
    st.integers(0, 40),
)
def test_limits_contain_their_centre(rows: list[tuple[int, int]], until: int) -> None:
    events = np.array([min(row) for row in rows], dtype=float)
    totals = np.array([max(row) for row in rows], dtype=float)
    baseline = slice(0, until)
    charts = [
        xmr(events, baseline=baseline),
        xmr(events, baseline=baseline, persistent=True),
        p_chart(events, totals, baseline=baseline),
        u_chart(events, totals, baseline=baseline),
        c_chart(events, baseline=baseline),
        laney(events, totals, baseline=baseline),
        laney(events, totals, kind="u", baseline=baseline, persistent=True),
    ]
    for chart in charts:
        if chart.reason is not None:
            assert chart.centre is None
            assert chart.lower is None
            assert not any(flag.any() for flag in signals(chart).flags.values())
            continue
        assert (chart.lower <= chart.centre).all()
        assert (chart.upper >= chart.centre).all()
        assert not np.isnan(chart.lower).any()
        assert not np.isnan(chart.upper).any()
        flagged = signals(chart).flags["limits"]
        known = np.isfinite(chart.values)
        beyond = np.zeros_like(known)
        beyond[known] = (chart.values[known] > chart.upper[known] + 1e-9) | (
            chart.values[known] < chart.lower[known] - 1e-9
        )
        # Only a value on a limit, up to rounding, may be seen either way.
        assert not (beyond & ~flagged).any()
        assert len(signals(chart).names) == len(rows)


@MANY
@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), min_size=0, max_size=30),
    st.sampled_from([0.8, 0.95, 0.998]),
)
def test_funnels_are_ordered_and_contain_their_centre(rows: list[tuple[int, int]], level: float) -> None:
    events, totals = [min(row) for row in rows], [max(row) for row in rows]
    expected = [row[1] / 3 for row in rows]
    for chart in (
        funnel(events, totals, level=level),
        funnel(events, totals, level=level, overdispersed=False),
        funnel_ratio(events, expected, level=level),
        funnel_ratio(events, expected, level=level, overdispersed=False),
    ):
        if chart.centre is None:
            assert chart.reason is not None
            assert not chart.flags.any()
            continue
        assert (chart.lower <= chart.centre).all()
        assert (chart.upper >= chart.centre).all()
        assert not np.isnan(chart.z_adjusted).any()
        assert (np.abs(chart.z_adjusted) <= np.abs(chart.z) + 1e-12).all()
        assert chart.phi >= chart.phi_uncorrected >= 0
        assert chart.tau2 >= 0
        if level == 0.998:
            assert (chart.lower <= chart.lower_warning).all()
            assert (chart.upper >= chart.upper_warning).all()
        assert not chart.flags[~np.isfinite(chart.values)].any()


@MANY
@given(st.lists(st.one_of(quarters, st.just(math.nan)), min_size=0, max_size=40), st.integers(1, 7))
def test_trends_turn_with_their_series(values: list[float], period: int) -> None:
    points = np.array(values, dtype=float)
    up, down = seasonal_mann_kendall(points, period), seasonal_mann_kendall(-points, period)
    assert up.s == -down.s
    for trend in (up, down):
        assert (trend.p is None) == (trend.reason is not None)
        if trend.p is not None:
            assert 0 < trend.p <= 1
            assert -1 <= trend.tau <= 1
            assert trend.low <= trend.slope <= trend.high
    if up.slope is not None:
        assert up.slope == pytest.approx(-down.slope, abs=1e-12)
        turned = seasonal_mann_kendall(points * 3 + 1, period)
        assert turned.slope == pytest.approx(3 * up.slope, abs=1e-9)


@MANY
@given(st.lists(st.floats(0, 1), min_size=3, max_size=20), st.floats(1e-4, 0.1))
def test_shrunk_values_lie_between_their_own_and_the_mean(values: list[float], variance: float) -> None:
    shrunk = empirical_bayes(values, np.full(len(values), variance))
    for own, pulled, low, high in zip(values, shrunk.values, shrunk.low, shrunk.high, strict=True):
        assert min(own, shrunk.mean) - 1e-9 <= pulled <= max(own, shrunk.mean) + 1e-9
        assert low <= pulled <= high
    if len(values) > 3:
        assert 0 <= james_stein(values, variance).factor <= 1


@MANY
@given(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), min_size=1, max_size=12))
def test_surprise_is_never_negative(rows: list[tuple[int, int]]) -> None:
    found = surprise([row[0] for row in rows], [row[1] for row in rows])
    if found is None:
        assert not sum(row[0] for row in rows) or not sum(row[1] for row in rows)
    else:
        assert (found >= -1e-15).all()
        assert found.sum() <= math.log(2) + 1e-12


# Nothing, too little, nothing that varies: no answer, and why.
NOTHING = [[], [math.nan] * 9, [4.0], [4.0, 5.0], [7.0] * 30]


@pytest.mark.parametrize("values", NOTHING, ids=["empty", "all missing", "one", "two", "constant"])
def test_no_answer_has_a_reason(values: list[float]) -> None:
    chart = xmr(values)
    assert chart.centre is None
    assert chart.reason
    assert signals(chart).names == (None,) * len(values)
    for found in (pettitt(values), snht(values), sup_f(values)):
        assert (found.at, found.statistic, found.p) == (None, None, None)
        assert found.reason
    trend = mann_kendall(values)
    assert trend.p is None
    assert trend.reason
    assert not ewma(values, 5, 2).beyond.any()


def test_nothing_to_compare_has_a_reason() -> None:
    for events, totals in (([], []), ([0], [0]), ([0, 0], [0, 0])):
        assert p_chart(events, totals).reason
        assert laney(events, totals).reason
        assert funnel(events, totals).reason
        assert chi_square(events, totals).reason
    assert p_chart([0, 0, 0], [5, 6, 7]).reason
    assert p_chart([5, 6, 7], [5, 6, 7]).reason
    assert "too few" in (funnel([3], [9]).reason or "")
    assert funnel([0, 0, 0, 0], [5, 5, 5, 5]).flags.tolist() == [False] * 4
    assert chi_square([0, 0], [5, 6]).reason
    assert empirical_bayes([0.5], [0.1]).reason
    assert james_stein([0.5, 0.6], 0.1).reason
    assert mantel_haenszel([1], [2], [0], [0]).reason
    assert mantel_haenszel([2], [2], [3], [3]).reason
    assert kitagawa([], [], [], []).total.value == 0
    alone = kitagawa([1], [0.5], [1], [0.7])
    assert (alone.mix.value, alone.performance.value) == (0, pytest.approx(0.2))


def test_variances_of_zero_are_no_certainty() -> None:
    parts = kitagawa([1.0], [0.5], [1.0], [1.0], v1=[0.0], v2=[0.0])
    assert parts.performance.value == 0.5
    assert (parts.performance.low, parts.performance.high, parts.performance.p) == (None, None, None)
    assert (parts.new_and_vanished.low, parts.new_and_vanished.high) == (0, 0)


def test_evidence_never_becomes_certainty() -> None:
    trend = mann_kendall(np.arange(3000.0))
    assert trend.p is not None
    assert 0 < trend.p < 1e-300
    step = np.repeat([0.0, 1e6], 500) + np.tile([0.0, 1.0], 500)
    assert 0 < pettitt(step).p < 1e-100
    assert 0 < sup_f(step).p < 1e-100
    assert chi_square([0, 10**7], [10**7, 10**7]).p > 0


IMPOSSIBLE: list[tuple[str, Callable[[], object], str]] = [
    ("negative events", lambda: p_chart([-1, 2], [5, 5]), "events must be numbers of at least 0"),
    ("more events than total", lambda: laney([6, 2], [5, 5]), "events must not be more than totals"),
    ("missing total", lambda: funnel([1, 2], [5, math.nan]), "totals must be numbers of at least 0"),
    ("both at once", lambda: funnel([-1, 2], [5, -3]), "events .*; totals"),
    ("unequal lengths", lambda: funnel([1, 2, 3], [5, 5]), "events has 3, totals has 2"),
    ("infinite value", lambda: xmr([1, math.inf, 2]), "number 2 is inf"),
    ("baseline of another length", lambda: xmr([1, 2, 3], baseline=[True]), "3 true or false"),
    ("no σ", lambda: ewma([1, 2], 0, 0), "σ must be above 0"),
    ("negative share", lambda: kitagawa([-0.1, 1.1], [1, 1], [0.5, 0.5], [1, 1]), "w1 must be"),
    ("rate missing", lambda: kitagawa([1], [math.nan], [1], [1]), "r1 must be a number where w1"),
    ("one variance", lambda: kitagawa([1], [1], [1], [1], v1=[1]), "v1 and v2 belong together"),
    ("counts as shares", lambda: kitagawa([30, 70], [1, 1], [1, 0], [1, 1], n1=100, n2=9), "sum to 1"),
    ("no factor", lambda: das_gupta([], []), "1 to 10 factors"),
    ("variance 0", lambda: empirical_bayes([1, 2, 3], [1, 0, 1]), "variances must be above 0"),
    ("level", lambda: mann_kendall([1, 2, 3, 4], level=95), "level"),
    ("period", lambda: seasonal_mann_kendall([1, 2], 0), "at least 1 period"),
    ("trim", lambda: sup_f([1, 2, 3], trim=0.5), "trim must lie between"),
]


@pytest.mark.parametrize(
    ("call", "words"), [case[1:] for case in IMPOSSIBLE], ids=[case[0] for case in IMPOSSIBLE]
)
def test_impossible_input_is_refused_with_words(call: Callable[[], object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()


def test_results_cannot_be_changed() -> None:
    chart = xmr([1.0, 2.0, 4.0, 3.0])
    for array in (chart.values, chart.lower, chart.z, signals(chart).flags["limits"], funnel([1], [2]).z):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 9
    given_values = np.array([1.0, 2.0, 4.0, 3.0])
    kept = xmr(given_values)
    given_values[0] = 99
    assert kept.values[0] == 1


def test_missing_weeks_break_no_run_and_make_no_range() -> None:
    values = [1.0, 2.0, math.nan, 9.0, 8.0, 9.0]
    chart = xmr(values)
    assert chart.mean_range == pytest.approx(1.0)
    baseline = [1.0, -1.0] * 10
    run = [0.5] * 4 + [math.nan] + [0.5] * 4
    flags = signals(xmr(baseline + run, baseline=slice(0, 20))).flags["shift of 8"]
    assert np.flatnonzero(flags).tolist() == [28]
