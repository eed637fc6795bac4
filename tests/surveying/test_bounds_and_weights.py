"""Bounds, tipping points and weights: published numbers, numbers worked by hand, properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.stats import critical
from kpi.surveying.bounding import silent_needed, worst_and_best
from kpi.surveying.influence import evidence
from kpi.surveying.kinds import Rows, merged
from kpi.surveying.reweighting import _pulls, post_stratified


def test_manskis_bounds_of_leaving_homelessness() -> None:
    # Manski (1989), Journal of Human Resources 24:343-360, and Identification Problems in the Social Sciences
    # (1995), section 2.3: of 106 men sampled 64 were found again, 21 of them had left; of 31 women 14 were
    # found, 3 had left. Bounds: [.20, .59] and [.10, .65].
    assert worst_and_best(64, 106, 21, 0, 1) == pytest.approx((21 / 106, 63 / 106))
    assert [round(bound, 2) for bound in worst_and_best(64, 106, 21, 0, 1)] == [0.20, 0.59]
    assert [round(bound, 2) for bound in worst_and_best(14, 31, 3, 0, 1)] == [0.10, 0.65]


def test_a_weight_is_the_share_wanted_over_the_share_found() -> None:
    # Kushner (2002), Quirk's, on post-stratification: region 1 is 36.47 % of the market and 25 % of the
    # sample: weight 36.47 / 25 = 1.459.
    found = post_stratified([3647, 6353], [25, 75], [10, 30])
    assert round(found.weights[0], 3) == 1.459


def test_a_post_stratified_mean_worked_by_hand() -> None:
    # 600 chat and 400 e-mail tickets asked; 60 answer in chat (30 happy), 140 by e-mail (126 happy).
    # Raw 156/200 = .78; .6 × .5 + .4 × .9 = .66. Kish: 1 / (.36/60 + .16/140) = 140.0 answers.
    found = post_stratified([600, 400], [60, 140], [30, 126])
    assert found.value == pytest.approx(0.66)
    assert found.effective == pytest.approx(140.0)
    assert found.weights == pytest.approx((2.0, 400 / 700))


def test_the_tipping_point_worked_by_hand() -> None:
    # 300 of 1,000 answer, 86 %; for 80 % of all, the other 700 need (800 − 258) / 700 = 77.43 %.
    needed, gap = silent_needed(300, 1000, 0.86, 0.80, 0, 1)
    assert needed == pytest.approx(542 / 700)
    assert gap == pytest.approx(542 / 700 - 0.86)
    assert silent_needed(700, 1000, 0.9, 0.5, 0, 1)[0] is None


@pytest.mark.parametrize(
    ("asked", "answers", "totals", "words"),
    [
        ([10, 10], [5, 0], [3, 0], "no answer"),
        ([10], [11], [3], "between 0"),
        ([10], [-1], [3], "between 0"),
        ([0], [0], [0], "nobody was asked"),
        ([10, float("nan")], [5, 5], [3, 3], "numbers"),
    ],
)
def test_impossible_counts_are_refused_in_words(
    asked: list[float], answers: list[float], totals: list[float], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        post_stratified(asked, answers, totals)


def test_impossible_bounds_are_refused() -> None:
    for answered, asked in ((5, 4), (0, 0), (-1, 3)):
        with pytest.raises(ValueError, match="answers"):
            worst_and_best(answered, asked, 0, 0, 1)
    for answered in (0, 10):
        with pytest.raises(ValueError, match="nobody"):
            silent_needed(answered, 10, 0.5, 0.4, 0, 1)


counts = st.lists(st.tuples(st.integers(1, 400), st.floats(0.01, 1), st.floats(0, 1)), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(counts)
def test_weights_average_one_and_the_value_lies_between_its_kinds(
    kinds: list[tuple[int, float, float]],
) -> None:
    answers = np.array([many for many, _, _ in kinds], float)
    asked = np.array([np.ceil(many / rate) for many, rate, _ in kinds])
    totals = answers * np.array([mean for _, _, mean in kinds])
    found = post_stratified(asked, answers, totals)
    assert (np.array(found.weights) * answers).sum() == pytest.approx(answers.sum())
    means = totals / answers
    assert means.min() - 1e-9 <= found.value <= means.max() + 1e-9
    assert 0 < found.effective <= answers.sum() * (1 + 1e-9)


@settings(max_examples=60, deadline=None)
@given(counts, st.floats(0.05, 1))
def test_when_all_kinds_answer_alike_nothing_is_weighted(
    kinds: list[tuple[int, float, float]], rate: float
) -> None:
    answers = np.array([many for many, _, _ in kinds], float)
    totals = answers * np.array([mean for _, _, mean in kinds])
    found = post_stratified(answers / rate, answers, totals)
    assert found.value == pytest.approx(totals.sum() / answers.sum())
    assert found.effective == pytest.approx(answers.sum())


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 200), st.integers(0, 200), st.floats(0, 1), st.floats(0, 1))
def test_whatever_the_silent_say_lies_within_the_bounds(
    answered: int, silent: int, mean: float, said: float
) -> None:
    worst, best = worst_and_best(answered, answered + silent, mean * answered, 0, 1)
    truth = (mean * answered + said * silent) / (answered + silent)
    assert worst - 1e-9 <= truth <= best + 1e-9
    if silent:
        needed, gap = silent_needed(answered, answered + silent, mean, truth, 0, 1)
        assert needed is None or needed == pytest.approx(said, abs=1e-6)
        assert gap == pytest.approx(said - mean, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=1, max_size=12), st.integers(1, 40))
def test_small_kinds_are_put_together_until_all_are_large(answers: list[int], fewest: int) -> None:
    kinds = [(f"channel {place % 3}", f"category {place}") for place in range(len(answers))]
    place, names = merged(kinds, np.array(answers, float), fewest)
    sizes = np.bincount(place, weights=answers, minlength=len(names))
    assert sizes.sum() == sum(answers)
    assert len(names) == 1 or sizes.min() >= fewest
    assert len(set(names)) == len(names)


def _drawn(
    rng: np.random.Generator, means: tuple[float, ...], rates: tuple[float, ...]
) -> tuple[Rows, float]:
    """An independent desk of 56 days: kinds by (mean, rate); the truth is the mean of all asked."""
    size, weights = 1_500, np.array([0.5, 0.3, 0.2])
    kind = rng.choice(3, size, p=weights)
    value = (rng.random(size) < np.array(means)[kind]).astype(float)
    answers = (rng.random(size) < np.array(rates)[kind]).astype(float)
    day = rng.integers(0, 56, size)
    names = (("a",), ("b",), ("c",))
    said = answers * value
    rows = Rows(day, np.full(size, -1), kind, np.ones(size), answers, said, said, names, (0, 55))
    return rows, float((np.array(means) * weights).sum())


def test_the_interval_covers_and_re_weighting_repairs_what_kinds_explain() -> None:
    # 300 desks; 95 % ± 2.5 points (two standard errors), so 270 to 297.
    rng = np.random.default_rng(11)
    covered, raw_covered, off = 0, 0, []
    for _ in range(300):
        rows, truth = _drawn(rng, (0.9, 0.7, 0.4), (0.5, 0.3, 0.1))
        raw, weighted, gap = _pulls(rows)
        assert gap.value == pytest.approx(weighted.value - raw.value)
        for one in (weighted, raw):
            known = evidence(one)
            assert known is not None
            half = critical(0.95, known.df) * known.se
            hit = abs(one.value - truth) <= half
            covered += hit and one is weighted
            raw_covered += hit and one is raw
        off.append(weighted.value - truth)
    assert 275 <= covered <= 299, covered
    assert raw_covered < 30, "the raw value should miss: happy kinds answer more"
    assert abs(float(np.mean(off))) < 0.005
