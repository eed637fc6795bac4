"""Text never contradicts numbers: every sentence is read back by an independent reader."""

from __future__ import annotations

import random
import re
from dataclasses import replace

import pytest
from claim_cases import LABELS, LEVELS, NAMES, Case, claim, random_case, verdict
from hypothesis import given, settings
from hypothesis import strategies as st
from sentence_reader import read

from kpi import words
from kpi.model import Claim, Direction, Unit, Verdict

SUREST = {Verdict.TOO_FEW: 0, Verdict.UNCLEAR: 1, Verdict.CHANGED: 2, Verdict.BETTER: 2, Verdict.WORSE: 2}
HEDGES = ("No clear", "Only a small", "Too few")
FLIPPED = {Verdict.BETTER: Verdict.WORSE, Verdict.WORSE: Verdict.BETTER}


@st.composite
def cases(draw: st.DrawFn) -> Case:
    unit = draw(st.sampled_from(list(Unit)))
    low, high = LEVELS[unit]
    number = (
        st.floats(low, high, allow_nan=False) if unit is not Unit.COUNT else st.integers(0, 90_000).map(float)
    )
    now, before = draw(number), draw(number)
    return Case(
        unit=unit,
        better=draw(st.sampled_from(list(Direction))),
        now=now,
        before=before,
        reach=draw(st.floats(0, (high - low) / 3)),
        p=draw(st.floats(0, 1)),
        now_n=draw(st.integers(1, 10**6)),
        before_n=draw(st.integers(1, 10**6)),
        looks=draw(st.integers(1, 500)),
        over_time=draw(st.booleans()),
        group=draw(st.sampled_from(["", "Live chat", "Refund status"])),
        name=draw(st.sampled_from(NAMES)),
        labels=draw(st.sampled_from(LABELS)),
        least=draw(st.sampled_from([0.0, (high - low) / 20])),
        unbounded=draw(st.sampled_from(["", "", "", "low", "high"])),
    )


@settings(max_examples=1500, deadline=None)
@given(cases())
def test_every_sentence_says_what_the_claim_says(case: Case) -> None:
    made = claim(case)
    sentence = words.sentence(made)
    assert read(sentence, made) == [], sentence


@settings(max_examples=300, deadline=None)
@given(cases())
def test_swapped_periods_turn_direction_and_judgement(case: Case) -> None:
    other = replace(
        case,
        now=case.before,
        before=case.now,
        now_n=case.before_n,
        before_n=case.now_n,
        labels=case.labels[::-1],
    )
    one, two = claim(case), claim(other)
    assert two.comparison.verdict is FLIPPED.get(one.comparison.verdict, one.comparison.verdict)
    said, turned = words.sentence(one), words.sentence(two)
    for up, down in (
        ("rose from", "fell from"),
        ("is higher:", "is lower:"),
        ("which is better", "which is worse"),
    ):
        assert (up in said) == (down in turned)
        assert (down in said) == (up in turned)


@settings(max_examples=300, deadline=None)
@given(cases(), st.integers(2, 40))
def test_more_looks_and_fewer_rows_are_never_surer(case: Case, factor: int) -> None:
    sure = SUREST[verdict(case)]
    more = replace(case, looks=case.looks * factor)
    fewer = replace(case, now_n=max(1, case.now_n // factor), reach=case.reach * factor**0.5)
    for weaker in (more, fewer):
        assert SUREST[verdict(weaker)] <= sure
        text = words.sentence(claim(weaker))
        hedged = text.startswith(HEDGES)
        assert hedged or not words.sentence(claim(case)).startswith(HEDGES)


@settings(max_examples=300, deadline=None)
@given(cases())
def test_a_renamed_group_or_metric_changes_no_other_word(case: Case) -> None:
    plain = words.sentence(claim(replace(case, group="Aaa", name="Qqq")))
    renamed = words.sentence(claim(replace(case, group="Bbb", name="Qqq")))
    assert plain.replace("Aaa", "Bbb") == renamed


@settings(max_examples=400, deadline=None)
@given(cases())
def test_at_most_25_words_beside_the_subject_and_the_periods(case: Case) -> None:
    bare = replace(case, labels=("A", "B"), name="Xx", group="")
    for part in re.split(r"(?<=[a-z)]\.) ", words.sentence(claim(bare))):
        assert len(re.findall(r"[A-Za-z]+", part.replace(" per day", ""))) <= 25, part


def test_the_longest_usual_sentence_has_at_most_25_words() -> None:
    made = claim(Case(Unit.PERCENT, Direction.UP, 0.772, 0.851, 0.02, 0.0001, group="Live chat"))
    assert len(re.findall(r"[A-Za-z]+", words.sentence(made))) <= 25


def test_never_the_words_for_no_change() -> None:
    draw = random.Random(11)
    for _ in range(500):
        text = words.sentence(claim(random_case(draw))).lower()
        assert not re.search(r"\b(stable|unchanged|no change|same as|steady|significant)\b", text)


SAID = {
    Verdict.WORSE: "Customer satisfaction (CSAT) fell from 85.1 % in Q2 2026 (n 1,105) to 77.2 % in Q3 "
    "2026 (n 1,210), "
    "which is worse: −7.9 points (95 % interval −11.2 to −4.6 points).",
    Verdict.UNCLEAR: "No clear change in customer satisfaction (CSAT): 84.2 % in Q3 2026 (n 1,210) and "
    "85.1 % in Q2 2026 "
    "(n 1,105), −0.9 points (95 % interval −4.2 to +2.4 points). A fall of more than 4.2 points is unlikely.",
    Verdict.TOO_FEW: "Too few answers to compare customer satisfaction (CSAT): 77.2 % in Q3 2026 (n 5) "
    "and 85.1 % in "
    "Q2 2026 (n 1,105).",
    Verdict.CHANGED: "New tickets rose from 2,916 in Q2 2026 to 3,378 in Q3 2026, a clear change: +462 "
    "(95 % interval +262 to +662).",
    Verdict.BETTER: "First response time fell from 90.1 min in Q2 2026 (n 1,105) to 75.2 min in Q3 2026 "
    "(n 1,210), "
    "which is better: −14.9 min (95 % interval −19.9 to −9.9 min).",
}


@pytest.mark.parametrize("judged", list(Verdict), ids=lambda one: one.name)
def test_the_fixed_form_of_every_verdict(judged: Verdict) -> None:
    csat = Case(Unit.PERCENT, Direction.UP, 0.772, 0.851, 0.033, 0.0001)
    case = {
        Verdict.WORSE: csat,
        Verdict.UNCLEAR: replace(csat, now=0.842, p=0.6),
        Verdict.TOO_FEW: replace(csat, now_n=5),
        Verdict.CHANGED: Case(
            Unit.COUNT, Direction.NEUTRAL, 3378, 2916, 200, 0.0001, 3378, 2916, name="New tickets"
        ),
        Verdict.BETTER: Case(
            Unit.MINUTES, Direction.DOWN, 75.2, 90.1, 5.0, 0.0001, name="First response time"
        ),
    }[judged]
    assert words.sentence(claim(case)) == SAID[judged]


def test_a_change_that_cannot_be_tested_is_not_called_too_few() -> None:
    """Forty tickets against 23 are not too few; what is missing is time between the two counts."""
    backlog = Case(Unit.COUNT, Direction.DOWN, 40, 23, 5, 0.4, 40, 23, name="Open backlog")
    made = claim(backlog)
    assert made.comparison.difference is not None
    untested = replace(made.comparison.difference, low=None, high=None, p=None, p_adjusted=None)
    judged = replace(
        made.comparison,
        difference=untested,
        verdict=Verdict.TOO_FEW,
        reason="fewer than four whole weeks in between",
    )
    assert words.sentence(replace(made, comparison=judged)) == (
        "Not enough to compare open backlog: 40 in Q3 2026 and 23 in Q2 2026; fewer than four whole weeks in "
        "between."
    )


def test_a_real_change_that_is_too_small_is_not_called_unclear() -> None:
    small = Case(Unit.PERCENT, Direction.UP, 0.842, 0.851, 0.004, 0.0001, least=0.02)
    assert words.sentence(claim(small)) == (
        "Only a small change in customer satisfaction (CSAT): 84.2 % in Q3 2026 (n 1,210) and 85.1 % "
        "in Q2 2026 (n 1,105), −0.9 points (95 % interval −1.3 to −0.5 points). "
        "A fall of more than 1.3 points is unlikely."
    )


def test_an_interval_without_a_bound_says_so() -> None:
    open_ended = Case(Unit.HOURS, Direction.DOWN, 30.0, 20.5, 20.0, 1.0, unbounded="high")
    text = words.sentence(claim(open_ended))
    assert text.endswith(
        "+9.5 h (95 % interval −10.5 h to no upper bound). A fall of more than 10.5 h is unlikely."
    )
    text = words.sentence(claim(replace(open_ended, unbounded="low")))
    assert text.endswith("(95 % interval no lower bound to +29.5 h). A rise of more than 29.5 h is unlikely.")


def test_segments_are_higher_or_lower_and_never_rise_or_fall() -> None:
    case = Case(Unit.PERCENT, Direction.UP, 0.772, 0.851, 0.033, 0.0001, over_time=False)
    assert words.sentence(claim(case)) == (
        "Customer satisfaction (CSAT) is lower: 77.2 % in chat (n 1,210) against 85.1 % in email (n 1,105), "
        "which is worse: −7.9 points (95 % interval −11.2 to −4.6 points)."
    )
    unclear = words.sentence(claim(replace(case, p=1.0)))
    assert unclear.startswith("No clear difference in customer satisfaction (CSAT): 77.2 % in chat")


def test_totals_of_unequal_days_are_not_said_to_rise() -> None:
    """92 days against 90: the total is larger, the day is not."""
    case = Case(
        Unit.COUNT, Direction.NEUTRAL, 3378, 3350, 0.3, 0.0001, 3378, 3350, per="per day", per_change=-0.51
    )
    assert words.sentence(claim(replace(case, name="New tickets"))) == (
        "New tickets fell per day, a clear change: −0.5 per day (95 % interval −0.8 to −0.2 per day); "
        "as counted 3,378 in Q3 2026 and 3,350 in Q2 2026."
    )


@pytest.mark.parametrize("judged", [Verdict.BETTER, Verdict.CHANGED])
def test_a_verdict_that_contradicts_the_difference_is_not_said(judged: Verdict) -> None:
    made = claim(Case(Unit.PERCENT, Direction.UP, 0.772, 0.851, 0.033, 0.0001))
    wrong = replace(made, comparison=replace(made.comparison, verdict=judged))
    with pytest.raises(ValueError, match="made_up: the verdict is"):
        words.sentence(wrong)
    with pytest.raises(ValueError, match="there is no change"):
        words.sentence(replace(made, comparison=replace(made.comparison, difference=None)))


def without(made: Claim, side: str, reason: str) -> Claim:
    estimate = replace(getattr(made.comparison, side), value=None, n=0, reason=reason)
    changed = {side: estimate, "difference": None, "verdict": Verdict.UNCLEAR}
    return replace(made, comparison=replace(made.comparison, **changed))


def test_no_answer_comes_with_its_reason() -> None:
    made = claim(Case(Unit.PERCENT, Direction.UP, 0.772, 0.851, 0.033, 0.0001))
    gone = without(made, "now", "no column holds an answer")
    assert words.sentence(gone) == (
        "No answer for customer satisfaction (CSAT) in Q3 2026: no column holds an answer. 85.1 % in Q2 "
        "2026 (n 1,105)."
    )
    both = without(gone, "before", "no column holds an answer")
    assert words.sentence(both) == (
        "No answer for customer satisfaction (CSAT) in Q3 2026 and Q2 2026: no column holds an answer."
    )


def test_names_from_the_data_stay_on_one_line() -> None:
    made = claim(Case(Unit.PERCENT, Direction.UP, 0.772, 0.851, 0.033, 0.0001, group="Live\n\nchat\t#1"))
    assert "for Live chat #1 fell" in words.sentence(made)
