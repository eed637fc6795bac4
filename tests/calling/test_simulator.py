"""The simulator against what is known: analytic power, stated false alarms, the judge itself."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.calling import Kind, World, plain_power, simulate, worked_examples
from kpi.calling.asking import TYPED, kind_named, world_typed
from kpi.calling.moving import score_p
from kpi.calling.rules import CASES, absent_example
from kpi.calling.simulating import adjusted_first, called_at_once, metric_of
from kpi.definitions import Definitions
from kpi.model import Difference, Estimate, Unit, Verdict
from kpi.stats import benjamini_hochberg, nps_difference, power_of_shares
from kpi.verdicts import judge
from kpi.words import verdict_sentences as words

DEFINITIONS = Definitions()


def test_the_plain_test_has_the_power_of_r() -> None:
    # R: power.prop.test(p1 = .50, p2 = .75, power = .90) gives n = 76.7 in each group, alpha .05 (help page
    # of power.prop.test). 7 days × 11 = 77 rows; 6,000 runs: ± 0.8 points, and the score test of shares is
    # no more than a point from the normal approximation.
    seen = plain_power(World(Kind.SHARE, 7, 11, 0.5), 0.25, 6_000)
    assert seen == pytest.approx(0.90, abs=0.02)


@pytest.mark.parametrize(("base", "change", "per_day"), [(0.8, -0.05, 40), (0.8, -0.10, 10), (0.3, 0.08, 20)])
def test_the_plain_test_has_analytic_power(base: float, change: float, per_day: int) -> None:
    world = World(Kind.SHARE, 14, per_day, base)
    known = power_of_shares(base, base + change, world.n, world.n)
    assert plain_power(world, change, 4_000) == pytest.approx(known, abs=0.035)


def test_the_judge_comes_close_to_the_power_of_independent_rows() -> None:
    # Days that differ by chance only: 77 rows, power .90 by the formula; the judge pays for not knowing that.
    found = simulate(World(Kind.SHARE, 7, 11, 0.5), 0.25, DEFINITIONS)
    assert 0.75 <= found.changed.better <= 0.93
    assert found.changed.worse == 0
    assert found.plain_changed == pytest.approx(0.9, abs=0.03)


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize(("swing", "persistence"), [(0.0, 0.0), (1.0, 0.5)])
def test_unchanged_months_are_seldom_called(kind: Kind, swing: float, persistence: float) -> None:
    base = TYPED[kind].base / TYPED[kind].factor
    world = World(kind, 28, 12, base, swing, persistence, 1, 126)
    found = simulate(world, 0.0, DEFINITIONS)
    assert found.changed == found.unchanged
    assert found.unchanged.called <= 0.065 + found.unchanged.error
    if swing:
        assert found.plain_unchanged > 0.15


def test_a_plain_test_calls_half_of_unchanged_months_on_a_wandering_desk() -> None:
    found = simulate(World(Kind.SHARE, 28, 40, 0.8, 2.0, 0.7, 1, 126), 0.0, DEFINITIONS)
    assert found.plain_unchanged > 0.5
    assert found.unchanged.called < 0.12
    assert "A plain test" in words.plain_warning(found)


def test_too_few_rows_are_never_called() -> None:
    found = simulate(World(Kind.SHARE, 7, 1, 0.8), -0.5, DEFINITIONS)
    assert found.changed.too_few == 1
    assert found.changed.called == 0
    assert "too few, always" in words.simulation_title(found)


def test_more_looks_call_less() -> None:
    world = World(Kind.SHARE, 28, 20, 0.8)
    one, many = (simulate(replace(world, looks=looks), -0.08, DEFINITIONS) for looks in (1, 50))
    assert many.changed.worse < one.changed.worse
    assert many.unchanged.called <= one.unchanged.called


def test_the_same_world_gives_the_same_answer() -> None:
    world = World(Kind.SCORE, 14, 10, 30.0, 0.5, 0.3)
    assert simulate(world, -10, DEFINITIONS) == simulate(world, -10, DEFINITIONS)


def test_a_shorter_move_of_a_duration_is_better() -> None:
    found = simulate(World(Kind.MEDIAN, 28, 30, 60.0), -25.0, DEFINITIONS)
    assert found.changed.better > 0.8
    assert found.changed.worse == 0


@pytest.mark.parametrize(
    ("world", "change", "said"),
    [
        (World(Kind.SHARE, 0, 10, 0.8), 0.0, "days must lie"),
        (
            World(Kind.SHARE, 7, 0, 1.8, swing=-1, looks=0),
            0.0,
            "rows a day.*value before.*swing.*comparisons",
        ),
        (World(Kind.SHARE, 7, 10, 0.8), 0.5, "make 1.3"),
        (World(Kind.MEDIAN, 7, 10, 60.0), -61.0, "make -1"),
        (World(Kind.SHARE, 7, 10, 0.8), float("nan"), "must be a number"),
    ],
)
def test_impossible_worlds_are_refused_with_everything_that_is_wrong(
    world: World, change: float, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        simulate(world, change, DEFINITIONS)


# ---------------------------------------------------------------- as the app judges


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(list(Kind)),
    st.floats(-0.3, 0.3),
    st.floats(1e-9, 1),
    st.floats(0.05, 0.95),
    st.floats(0.8, 0.99),
)
def test_verdicts_at_once_are_those_of_the_judge(
    kind: Kind, change: float, p: float, before: float, confidence: float
) -> None:
    definitions = replace(DEFINITIONS, confidence=round(confidence, 3))
    metric = metric_of(kind, definitions)
    scale = {Unit.PERCENT: 1.0, Unit.POINTS: 100.0}.get(metric.unit, 7.0)
    value, base = change * scale, before * scale
    difference = Difference(value, value, value, p, "made", p_adjusted=p)
    found = judge(
        metric,
        Estimate(base + value, 500),
        Estimate(base, 500),
        difference,
        confidence=definitions.confidence,
        minimum_n=10,
    )
    at_once = called_at_once(
        np.array([value]), np.array([p]), np.array([base]), metric, definitions.confidence
    )
    assert bool(at_once[0]) == (found.verdict in (Verdict.BETTER, Verdict.WORSE))


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 1), st.lists(st.floats(0, 1), max_size=12))
def test_adjusting_the_first_is_benjamini_hochberg(p: float, others: list[float]) -> None:
    found = adjusted_first(np.array([p]), np.sort(np.array([others], float).reshape(1, -1), axis=1))
    assert found[0] == pytest.approx(benjamini_hochberg([p, *others])[0])


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 400), *[st.tuples(st.floats(0, 1), st.floats(0, 1))] * 2, st.floats(3, 1000))
def test_scores_at_once_are_those_of_kpi_stats(
    n: int, now: tuple[float, float], before: tuple[float, float], df: float
) -> None:
    counts = []
    for first, second in (now, before):
        up = round(first * n)
        down = round(second * (n - up))
        counts.append((float(up), float(n - up - down), float(down)))
    sides = [(np.array([up / n]), np.array([down / n])) for up, _, down in counts]
    found = score_p(sides[0], sides[1], np.array([float(n)]), np.array([df]), 0.95)
    known = nps_difference(counts[0], counts[1], df=df)[2]
    assert found[0] == pytest.approx(known, rel=1e-6, abs=1e-12)


# ---------------------------------------------------------------- words


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from([Kind.SHARE, Kind.MEAN, Kind.SCORE]),
    st.sampled_from([7, 14, 28]),
    st.integers(2, 40),
    st.floats(-3, 3),
    st.integers(1, 20),
)
def test_words_agree_with_numbers(kind: Kind, days: int, per_day: int, move: float, looks: int) -> None:
    typed = TYPED[kind]
    change = round(move * abs(typed.change) / typed.factor, 4)
    found = simulate(
        World(kind, days, per_day, typed.base / typed.factor, 0.0, 0.0, looks), change, DEFINITIONS
    )
    rates = found.changed
    assert rates.better + rates.worse + rates.unclear + rates.too_few == pytest.approx(1)
    title = words.simulation_title(found)
    good = change * found.metric.better.value > 0
    if change and rates.too_few < 1:
        assert ("better" if good else "worse") in title
        share = rates.better if good else rates.worse
        number = re.search(r"in (\d+) of 100", title)
        if number and "fewer" not in title and "more" not in title:
            assert abs(int(number[1]) - 100 * share) <= 0.5
    said = words.simulation_sentences(found)
    assert f"better {rates.better * 100:.1f} %" in said[0]
    assert f"worse {rates.worse * 100:.1f} %" in said[0]
    assert f"{rates.runs:,} simulated" in said[0]
    assert words.of_hundred(found.plain_unchanged) in said[1]
    for size in (found.smallest_down, found.smallest_up):
        if size is not None:
            assert found.metric.unit.change(size).lstrip("+") in said[2]
            assert size >= 0
    assert found.design in said[3]
    shares = [point.seen for point in found.curve]
    assert all(0 <= share <= 1 for share in shares)
    assert {point.change for point in found.curve} >= {0.0}


def test_the_title_and_needs_are_written_from_the_definitions() -> None:
    strict = replace(DEFINITIONS, confidence=0.99, minimum_n=30)
    assert "p below 0.01" in words.verdicts_title(strict)
    needs = dict(words.verdict_needs(strict))
    assert "at least 30 rows" in needs[Verdict.BETTER]
    assert "fewer than 30 rows" in needs[Verdict.TOO_FEW]
    assert set(needs) == set(Verdict)
    assert "8 weeks" in words.verdict_designs()[0]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_worked_example_gets_the_verdict_it_is_for(case: object) -> None:
    (example,) = worked_examples(DEFINITIONS, [case])  # type: ignore[list-item]
    verdict = example.comparison.verdict
    assert verdict is example.case.expected
    assert verdict.value.capitalize() in words.example_title(example)
    sentence = words.example_sentence(example)
    assert ("which is better" in sentence) == (verdict is Verdict.BETTER)
    assert ("which is worse" in sentence) == (verdict is Verdict.WORSE)
    assert example.comparison.reason.rstrip(".")[1:] in words.example_reason(example)


@pytest.mark.parametrize("case", [one for one in CASES if one.metric == "csat"], ids=lambda case: case.name)
def test_a_worked_example_shows_the_share_of_its_own_numbers(case: object) -> None:
    (example,) = worked_examples(DEFINITIONS, [case])  # type: ignore[list-item]
    comparison, made = example.comparison, example.case
    assert (comparison.now.n, comparison.before.n) == (made.rows_now, made.rows_before)
    assert comparison.now.value == pytest.approx(made.hits_now / made.rows_now)
    assert comparison.before.value == pytest.approx(made.hits_before / made.rows_before)


def test_the_examples_follow_the_definitions() -> None:
    loose = replace(DEFINITIONS, minimum_n=5)
    (example,) = worked_examples(loose, [one for one in CASES if one.name == "too few rows"])
    assert example.comparison.verdict is not Verdict.TOO_FEW
    assert absent_example(DEFINITIONS) == (Verdict.TOO_FEW, "no answer now: nobody answered")


def test_what_is_typed_becomes_the_world() -> None:
    for kind, typed in TYPED.items():
        assert kind_named(typed.name) is kind
        world, change = world_typed(
            kind,
            "1 month",
            12,
            typed.base,
            typed.change,
            1,
            "Not at all",
            "Some: 0.3",
            "Half a year more",
        )
        assert world.problems() == ()
        assert change * typed.factor == pytest.approx(typed.change)
        assert world.history == 182
