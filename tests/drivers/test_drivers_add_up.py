"""Parts add up to the change, whatever the numbers; and pulls are the derivatives of the parts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.drivers.medians import MedianTerms, median_terms
from kpi.drivers.sides import Floats, Side, Times
from kpi.drivers.terms import Pulls, Terms, terms_of
from kpi.drivers.weighted_quantiles import weighted_quantile
from kpi.measures import Quantile, Survival
from kpi.measures.evidence import Gap
from kpi.stats import quantile

SEGMENTS = 4
MEDIAN = Survival("minutes", "ended", 0.5, "counts", 60)
KNOWN = Quantile("minutes", 0.5, "counts", 60)

counts = st.lists(st.integers(0, 40), min_size=SEGMENTS, max_size=SEGMENTS).filter(lambda n: sum(n) > 0)


def side_of(day: Floats, segment: Floats, y: Floats, size: Floats | None = None) -> Side:
    """A side from rows, as the drivers make it from cells."""
    places = segment.astype(np.int64)
    each = np.ones(y.size) if size is None else size
    n = np.bincount(places, weights=each, minlength=SEGMENTS).astype(np.float64)
    total = np.bincount(places, weights=y, minlength=SEGMENTS)
    rate = np.divide(total, n, out=np.full(SEGMENTS, np.nan), where=n > 0)
    error = y - np.nan_to_num(rate)[places] * each
    spread = np.nan_to_num(rate * (1 - rate))
    agent = np.full(y.size, -1)
    return Side(day.astype(np.int64), agent, places, each, error, n, rate, spread, n.copy())


def made(n: list[int], seed: int, first: int) -> Side:
    random = np.random.default_rng(seed)
    segment = np.repeat(np.arange(SEGMENTS), n)
    return side_of(first + random.integers(0, 60, segment.size), segment, random.random(segment.size).round())


@settings(max_examples=60)
@given(counts, counts, st.integers(0, 10_000))
def test_parts_of_ratios_add_up(now: list[int], before: list[int], seed: int) -> None:
    terms = terms_of(made(now, seed, 100), made(before, seed + 1, 0))
    one, other = terms.now, terms.before
    change = float(np.nansum(one.weight * one.rate) - np.nansum(other.weight * other.rate))
    parts = terms.parts
    assert parts.mix.value + parts.performance.value + parts.new_and_vanished.value == pytest.approx(
        change, abs=1e-9
    )
    everything = parts.mix_terms + parts.performance_terms + parts.new_and_vanished_terms
    assert float(everything.sum()) == pytest.approx(change, abs=1e-9)


@settings(max_examples=60)
@given(counts, counts, st.integers(0, 10_000), st.sampled_from([MEDIAN, KNOWN]))
def test_parts_of_medians_add_up(
    now: list[int], before: list[int], seed: int, measure: Survival | Quantile
) -> None:
    one, other = times(now, seed, 100), times(before, seed + 1, 0)
    found = median_terms(measure, one, other)
    if not isinstance(found, MedianTerms):
        assert "not reached" in found
        return
    whole = [median_of(measure, side) for side in (one, other)]
    assert sum(found.sums) == pytest.approx(whole[0] - whole[1], abs=1e-9)
    for total, parts in zip(found.sums, found.parts, strict=True):
        assert float(parts.sum()) == pytest.approx(total, abs=1e-9)


def times(n: list[int], seed: int, first: int) -> Times:
    random = np.random.default_rng(seed)
    segment = np.repeat(np.arange(SEGMENTS), n)
    value = (random.exponential(60 * (1 + segment * 20)) + 1).astype(np.int64)
    still = (random.random(segment.size) < 0.1).astype(np.float64)
    day = first + random.integers(0, 60, segment.size)
    agent = np.full(segment.size, -1)
    return Times(day, agent, segment, value, 1 - still, still, np.array(n, np.float64))


def median_of(measure: Survival | Quantile, side: Times) -> float:
    """As the measure itself gives it."""
    from kpi.measures import Counts

    made = Counts.of_rows(side.day, side.agent, side.value, side.observed, side.censored)
    if isinstance(measure, Quantile):
        values, observed, _ = made.by_value
        return float(quantile(values, observed, measure.q) or 0.0) / measure.per_unit
    return float(measure.estimate(made).value or 0.0)


# ---------------------------------------------------------------- pulls

WHAT: dict[str, tuple[Callable[[Terms], float], Callable[[Terms], Pulls]]] = {
    "mix": (lambda t: t.parts.mix.value, lambda t: t.mix()),
    "performance": (lambda t: t.parts.performance.value, lambda t: t.performance()),
    "lone": (lambda t: t.parts.new_and_vanished.value, lambda t: t.lone()),
    "mix of one": (lambda t: float(t.parts.mix_terms[0]), lambda t: t.mix_of(0)),
    "performance of one": (lambda t: float(t.parts.performance_terms[1]), lambda t: t.performance_of(1)),
    "a new one": (lambda t: float(t.parts.new_and_vanished_terms[2]), lambda t: t.lone_of(2)),
    "a vanished one": (lambda t: float(t.parts.new_and_vanished_terms[3]), lambda t: t.lone_of(3)),
}


@pytest.mark.parametrize("what", WHAT)
def test_pulls_are_derivatives_by_the_weight_of_a_row(what: str) -> None:
    """A row counted a little more moves the part by its pull; on the side before with the other sign."""
    value, pulls = WHAT[what]
    random = np.random.default_rng(1)
    rows = {
        name: (random.integers(0, 60, 40), np.repeat(groups, 40 // len(groups)), random.random(40).round())
        for name, groups in (("now", [0, 1, 2, 2]), ("before", [0, 0, 1, 3]))
    }
    whole = np.ones(40)
    terms = terms_of(*(side_of(*rows[name]) for name in ("now", "before")))
    step = 1e-6
    for place in range(0, 40, 7):
        for sign, name in ((1.0, "now"), (-1.0, "before")):
            size = whole.copy()
            size[place] += step
            day, segment, y = rows[name]
            heavier = side_of(day, segment, y * size, size)
            other = terms_of(heavier, terms.before) if name == "now" else terms_of(terms.now, heavier)
            slope = (value(other) - value(terms)) / step
            pull = pulls(terms)[0 if name == "now" else 1]
            side = terms.now if name == "now" else terms.before
            expected = pull.size[segment[place]] + pull.error[segment[place]] * side.error[place]
            assert slope == pytest.approx(sign * expected, abs=1e-6)


def test_pulls_of_one_side_add_up_to_nothing() -> None:
    terms = terms_of(made([30, 20, 10, 0], 3, 100), made([10, 20, 0, 30], 4, 0))
    for _, pulls in WHAT.values():
        for pull, side in zip(pulls(terms), (terms.now, terms.before), strict=True):
            total = pull.size[side.segment] * side.size + pull.error[side.segment] * side.error
            assert float(total.sum()) == pytest.approx(0.0, abs=1e-12)


# ---------------------------------------------------------------- bad input


def test_all_alike_gives_no_test_and_no_error() -> None:
    """Every row a success on both sides: nothing moved."""
    ones = np.ones(40)
    day, segment = np.arange(40), np.repeat(np.arange(4), 10)
    terms = terms_of(side_of(day + 100, segment, ones), side_of(day, segment, ones))
    case = terms.case(terms.parts.mix.value, terms.mix(), 0.95)
    assert isinstance(case, Gap)
    difference = case.finish(case.clustered())
    assert (difference.value, difference.p) == (0.0, 1.0)


def test_tied_times_have_no_interval_that_leaves_out_their_own_value() -> None:
    tied = [np.full(30, value, np.int64) for value in (60, 120)]
    sides = [
        Times(
            np.arange(30) + first,
            np.full(30, -1),
            np.repeat([0, 1], 15),
            value,
            np.ones(30),
            np.zeros(30),
            np.array([15.0, 15.0]),
        )
        for first, value in zip((100, 0), tied[::-1], strict=True)
    ]
    found = median_terms(KNOWN, *sides)
    assert isinstance(found, MedianTerms)
    assert sum(found.sums) == pytest.approx(1.0)
    case = found.case(1, 0.95)
    assert isinstance(case, Gap)
    difference = case.finish(case.clustered())
    assert difference.p is None or difference.p > 0
    if difference.low is not None and difference.high is not None:
        assert difference.low <= difference.value <= difference.high


def test_a_median_that_is_not_reached_says_so() -> None:
    n = np.array([20.0, 0.0, 0.0, 0.0])
    still = Times(
        np.arange(20),
        np.full(20, -1),
        np.zeros(20, np.int64),
        np.arange(1, 21),
        np.zeros(20),
        np.ones(20),
        n,
    )
    assert median_terms(MEDIAN, still, still) == "the median is not reached yet in one of the periods"


@settings(max_examples=40)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=12), st.floats(0.05, 0.95))
def test_weighted_quantile_is_the_usual_one_for_whole_weights(values: list[int], q: float) -> None:
    distinct, counts = np.unique(values, return_counts=True)
    expected = quantile(distinct, counts, q)
    found = weighted_quantile(distinct.astype(np.float64), counts.astype(np.float64), q)
    assert found == pytest.approx(expected, abs=1e-6)
    assert found == pytest.approx(float(np.quantile(values, q)), abs=1e-6)
