"""Headline, title, explanation, marks, targets."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from claim_cases import Case, claim, metric

from kpi import words
from kpi.model import Basis, Direction, Estimate, Unit, Verdict

FELL = claim(Case(Unit.PERCENT, Direction.UP, 0.772, 0.851, 0.033, 0.0001))
FASTER = claim(Case(Unit.MINUTES, Direction.DOWN, 75.2, 90.1, 5.0, 0.0001, name="First response time"))
UNCLEAR = claim(Case(Unit.POINTS, Direction.UP, 31.2, 33.1, 4.1, 0.4, name="Net promoter score (NPS)"))
FEW = claim(Case(Unit.PERCENT, Direction.UP, 0.772, 0.851, 0.033, 0.0001, now_n=4))


def test_headline_names_the_periods_first_and_keeps_the_order() -> None:
    lines = words.headline([FASTER, FELL, UNCLEAR, FEW])
    assert lines == (
        "Q3 2026 against Q2 2026: 2 of 3 comparisons are beyond chance.",
        words.sentence(FASTER),
        words.sentence(FELL),
    )


def test_the_overview_counts_the_metrics_that_changed_and_which_way() -> None:
    assert words.overview([FASTER, FELL, UNCLEAR, FEW]) == (
        "2 of 3 metrics changed beyond chance in Q3 2026: 1 better, 1 worse"
    )
    assert words.overview([UNCLEAR]) == "None of 1 metric changed beyond chance in Q3 2026"
    assert words.overview([FEW]) == words.title([FEW])
    assert words.overview([]) == "There is nothing to compare"


def test_headline_has_at_most_six_points() -> None:
    assert len(words.headline([FELL] * 9)) == 7


def test_headline_says_when_nothing_is_beyond_chance() -> None:
    lines = words.headline([FEW, UNCLEAR])
    assert lines[0] == "Q3 2026 against Q2 2026: nothing is beyond chance in 1 comparison."
    assert lines[1:] == (words.sentence(UNCLEAR),)
    assert words.headline([FEW]) == ("Q3 2026 against Q2 2026: there are too few cases to compare anything.",)
    assert words.headline([]) == ("There is nothing to compare.",)


def test_headline_does_not_call_a_small_real_change_chance() -> None:
    small = claim(Case(Unit.PERCENT, Direction.UP, 0.842, 0.851, 0.004, 0.0001, least=0.02))
    assert words.headline([small, UNCLEAR]) == (
        "Q3 2026 against Q2 2026: nothing that matters is beyond chance in 2 comparisons; 1 is real but too "
        "small to matter.",
        words.sentence(small),
        words.sentence(UNCLEAR),
    )
    assert words.headline([FELL, small, small])[0] == (
        "Q3 2026 against Q2 2026: 1 of 3 comparisons is beyond chance; 2 more are, but too small to matter."
    )


def test_the_hedge_goes_by_the_limit_of_the_verdict() -> None:
    """1 − 0.95 is a little more than 0.05 in binary; p of exactly 0.05 is not beyond chance."""
    made = claim(Case(Unit.PERCENT, Direction.UP, 0.842, 0.851, 0.009, 0.05, looks=1))
    assert made.comparison.verdict is Verdict.UNCLEAR
    assert words.sentence(made).startswith("No clear change in ")


def test_title_is_the_first_finding() -> None:
    assert (
        words.title([UNCLEAR, FELL, FASTER])
        == "Customer satisfaction (CSAT) fell from 85.1 % to 77.2 % in Q3 2026"
    )
    assert words.title([UNCLEAR]) == "No clear change: Q3 2026 against Q2 2026"
    assert words.title([FEW]) == "Too few cases to compare Q3 2026 against Q2 2026"
    segments = claim(Case(Unit.PERCENT, Direction.UP, 0.772, 0.851, 0.033, 0.0001, over_time=False))
    assert (
        words.title([segments])
        == "Customer satisfaction (CSAT) is lower in chat (77.2 %) than in email (85.1 %)"
    )


def test_title_takes_every_number_from_the_sentence() -> None:
    for made in (FELL, FASTER):
        numbers = re.findall(r"\d[\d.,]*", words.title([made]))
        assert set(numbers) <= set(re.findall(r"\d[\d.,]*\d|\d", words.sentence(made)))


def test_explanation_says_method_n_interval_adjustment_and_what_could_be_seen() -> None:
    made = replace(
        FELL,
        comparison=replace(
            FELL.comparison,
            metric=replace(FELL.comparison.metric, caveat="Answers come late"),
            now=replace(FELL.comparison.now, low=0.75, high=0.79, note="120 tickets are left out"),
        ),
    )
    assert words.explain(made) == (
        "Customer satisfaction (CSAT): these ÷ those; by date answered. 1,210 answers in Q3 2026, 1,105 "
        "in Q2 2026. "
        "Q3 2026: 77.2 %, interval 75.0 % to 79.0 %. Change: −7.9 points, 95 % interval −11.2 to −4.6 "
        "points; a test. "
        "p below 0.001, adjusted for 24 comparisons 0.0024. A true change of 4.6 points would have been "
        "seen four "
        "times in five. A bound decided. Answers come late. Q3 2026: 120 tickets are left out."
    )


def test_explanation_without_a_test() -> None:
    bare = replace(FEW, comparison=replace(FEW.comparison, difference=None))
    assert "There is no test of the change." in words.explain(bare)


@pytest.mark.parametrize(
    ("judged", "mark", "short"),
    [
        (Verdict.BETTER, "▲ better", "better (higher is better)"),
        (Verdict.WORSE, "▼ worse", "worse (higher is better)"),
        (Verdict.CHANGED, "◆ changed", "changed"),
        (Verdict.UNCLEAR, "● no clear change", "no clear change"),
        (Verdict.TOO_FEW, "○ too few", "too few answers to say"),
    ],
)
def test_a_verdict_always_has_a_shape_and_a_word(judged: Verdict, mark: str, short: str) -> None:
    assert words.mark(judged) == mark
    assert words.verdict_words(judged, metric(Unit.PERCENT, Direction.UP)) == short


TARGETS = [
    (Direction.UP, 0.85, 0.83, 0.87, "target 80.0 %: met"),
    (Direction.UP, 0.75, 0.73, 0.77, "target 80.0 %: missed"),
    (Direction.UP, 0.81, 0.79, 0.83, "target 80.0 %: met or missed cannot be told"),
    (Direction.DOWN, 0.85, 0.83, 0.87, "target 80.0 %: missed"),
    (Direction.DOWN, 0.75, 0.73, 0.77, "target 80.0 %: met"),
    (Direction.NEUTRAL, 0.75, 0.73, 0.77, "target 80.0 %: below"),
    (Direction.UP, 0.82, 0.80, 0.84, "target 80.0 %: met"),
    (Direction.DOWN, 0.82, 0.80, 0.84, "target 80.0 %: met or missed cannot be told"),
    (Direction.DOWN, 0.78, 0.76, 0.80, "target 80.0 %: met"),
    (Direction.UP, 0.78, 0.76, 0.80, "target 80.0 %: met or missed cannot be told"),
    (Direction.UP, 0.85, None, None, "target 80.0 %: met or missed cannot be told"),
    (Direction.UP, 0.85, 0.83, None, "target 80.0 %: met"),
    (Direction.UP, 0.75, None, 0.77, "target 80.0 %: missed"),
]


@pytest.mark.parametrize(("better", "value", "low", "high", "said"), TARGETS)
def test_target(better: Direction, value: float, low: float | None, high: float | None, said: str) -> None:
    declared = metric(Unit.PERCENT, better, target=0.8)
    assert words.target_words(declared, Estimate(value, 900, low, high)) == said
    judged = replace(FELL.comparison, metric=declared, now=Estimate(value, 900, low, high))
    assert words.target(judged) == said


@pytest.mark.parametrize(("value", "said"), [(80, "met"), (79, "met"), (81, "missed")])
def test_an_exact_count_needs_no_interval(value: float, said: str) -> None:
    declared = metric(Unit.COUNT, Direction.DOWN, target=80.0, basis=Basis.POINT)
    assert words.target_words(declared, Estimate(value, 80)) == f"target 80: {said}"


def test_no_target_no_words() -> None:
    assert words.target(FELL.comparison) == ""
    assert (
        words.target_words(metric(Unit.PERCENT, Direction.UP, target=0.8), Estimate.absent("no answers"))
        == ""
    )


def test_absent_says_why() -> None:
    assert words.absent(metric(Unit.POINTS, Direction.UP, "NPS"), "no column holds a 0-10 answer") == (
        "No NPS: no column holds a 0-10 answer."
    )
