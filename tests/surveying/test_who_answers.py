"""Desks of which everything is known: what the page must find, and what it must leave open."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from answering_desk import BEFORE, NOW, STEADY, Channel, Made, made

from kpi.compare import compare, measure
from kpi.definitions import Definitions
from kpi.facts import Facts, build_facts
from kpi.ingest.nouns import Tables
from kpi.model import Filter, Period
from kpi.surveying import Honesty, Lean, survey_alarm, survey_honesty, surveys_with_answers
from kpi.words import survey_sentences as words

FILES = Path(__file__).resolve().parents[2] / "sample_data" / "files"


@pytest.fixture(scope="module")
def steady() -> Made:
    return made(STEADY)


@pytest.fixture(scope="module")
def honesty(steady: Made) -> Honesty:
    return survey_honesty(steady.facts, "csat", NOW, BEFORE)


def everything_said(honesty: Honesty) -> str:
    return "\n".join(
        [
            words.survey_title(honesty),
            *words.survey_findings(honesty),
            words.bounds_sentence(honesty),
            words.reweighted_sentence(honesty),
            words.change_sentence(honesty),
            words.alarm_sentence(honesty),
            words.coverage_sentence(honesty),
            words.survey_alt(honesty),
            *words.survey_method(honesty),
            *(words.tipping_sentence(honesty, one) for one in (honesty.now.tipping if honesty.now else ())),
        ]
    )


# ---------------------------------------------------------------- what can be seen is found


def test_re_weighting_repairs_what_the_channel_explains(steady: Made, honesty: Honesty) -> None:
    assert honesty.weighting is not None
    assert honesty.weighting.dimensions == ("channel",)
    assert honesty.weighting.matters
    for side, truth in ((honesty.now, steady.truth_now), (honesty.before, steady.truth_before)):
        assert side is not None
        assert side.raw.value is not None
        assert side.reweighted is not None
        assert side.bounds is not None
        assert side.raw.value - truth > 0.03
        assert abs(side.reweighted.value - truth) < 0.035
        assert side.reweighted.low is not None
        assert side.reweighted.high is not None
        assert side.reweighted.low < truth < side.reweighted.high
        assert side.reweighted.difference.value == pytest.approx(side.reweighted.value - side.raw.value)
        assert side.reweighted.effective < side.reweighted.n
        assert side.bounds.worst < truth < side.bounds.best


def test_kinds_that_answer_more_and_less_are_named(honesty: Honesty) -> None:
    leans = {one.name: one.lean for one in honesty.segments if one.dimension == "channel"}
    assert leans["chat"] is Lean.UNDER
    assert leans["email"] is Lean.OVER
    assert honesty.asked is not None
    assert honesty.asked.rate == "response rate"
    for one in honesty.segments:
        assert 0 <= one.answered <= one.asked


def test_the_alarm_is_silent_while_nothing_changed(honesty: Honesty) -> None:
    assert not honesty.alarm.rings
    assert honesty.alarm.looks >= 8
    assert "no sign that it changed who answers" in words.survey_title(honesty)
    assert words.warning_sentence(honesty) == ""


def test_the_change_is_split_into_parts_that_add_up(honesty: Honesty) -> None:
    change = honesty.change
    assert change is not None
    assert change.raw.value == pytest.approx(change.reweighted.value + change.who.value)
    printed = [row["Size"] for row in words.change_rows(honesty)]
    numbers = [float(text.replace("−", "-").replace("±", "").split(" ")[0]) for text in printed]
    assert numbers[0] == pytest.approx(numbers[1] + numbers[2], abs=1e-9)


def test_the_alarm_rings_when_a_channel_stops_answering() -> None:
    # E-mail customers, who are happy, answer half as often now: CSAT falls although nobody is less satisfied.
    desk = made(
        (
            STEADY[0],
            replace(STEADY[1], answers_now=(0.15, 0.15)),
            STEADY[2],
        )
    )
    found = survey_honesty(desk.facts, "csat", NOW, BEFORE)
    assert found.alarm.rings
    assert found.alarm.rate_clear
    assert any(one.dimension == "channel" and one.name == "email" for one in found.alarm.clear)
    assert found.change is not None
    assert found.change.raw.value < -0.02
    assert found.change.who.high is not None
    assert found.change.who.high < 0
    assert abs(found.change.reweighted.value) < 0.04
    assert words.survey_title(found).startswith("It changed who answers")
    assert "with care" in words.warning_sentence(found)
    assert survey_alarm(desk.facts, "csat", NOW, BEFORE) == found.alarm


def test_more_tickets_of_a_kind_are_no_alarm() -> None:
    # Twice as many chat tickets, answered as before: the answers change, who answers does not.
    desk = made((replace(STEADY[0], now=1800), *STEADY[1:]), seed=3)
    found = survey_honesty(desk.facts, "csat", NOW, BEFORE)
    assert not any(one.clear for one in found.alarm.shifts)


def test_what_only_the_silent_know_is_not_repaired_but_bounded() -> None:
    # Within each channel the happy answer twice as often: no weighting can see that.
    odds = (0.4, 0.2)
    desk = made(tuple(replace(one, answers_now=odds, answers_before=odds) for one in STEADY), seed=5)
    found = survey_honesty(desk.facts, "csat", NOW, BEFORE)
    assert found.now is not None
    assert found.now.reweighted is not None
    assert found.now.bounds is not None
    assert found.now.reweighted.value - desk.truth_now > 0.05
    assert found.now.bounds.worst < desk.truth_now < found.now.bounds.best
    assert not found.alarm.rings
    said = everything_said(found)
    assert "cannot be known from these data" in said


def test_false_alarms_are_rare() -> None:
    # At 5 % for the whole family, 12 desks ring 0.6 times on average; 4 or more have a chance of 0.2 %.
    rung = sum(
        survey_alarm(made(STEADY, seed=seed).facts, "csat", NOW, BEFORE).rings for seed in range(100, 112)
    )
    assert rung <= 3


# ---------------------------------------------------------------- coverage, answers alone


def test_without_surveys_sent_it_is_coverage_and_called_so() -> None:
    desk = made(STEADY, sent=False)
    found = survey_honesty(desk.facts, "csat", NOW, BEFORE)
    assert found.asked is not None
    assert found.asked.rate == "coverage"
    said = everything_said(found)
    assert "response rate" not in said.lower()
    assert "solved tickets" in said
    official = measure(desk.facts, NOW, metrics=("coverage",))[0].estimate
    assert found.now is not None
    assert (found.now.answered, found.now.asked) == (official.parts["count"], official.n)
    assert found.now.bounds is not None
    assert found.now.bounds.worst == pytest.approx(official.parts["csat_at_worst"])
    assert found.now.bounds.best == pytest.approx(official.parts["csat_at_best"])


def test_answers_without_tickets_are_refused_with_the_reason() -> None:
    desk = made(STEADY, sent=False, joined=False)
    found = survey_honesty(desk.facts, "csat", NOW, BEFORE)
    assert found.asked is None
    assert found.now is not None
    assert found.now.bounds is None
    assert found.now.reweighted is None
    said = everything_said(found)
    assert "which surveys were sent and not answered" in said
    assert "somewhere between" not in said


def test_no_surveys_at_all() -> None:
    desk = made(STEADY)
    facts = build_facts(Tables(tickets=desk.tables.tickets), Definitions())
    found = survey_honesty(facts, "csat", NOW, BEFORE)
    assert found.refused
    assert surveys_with_answers(facts) == ()
    assert "cannot be told" in words.survey_title(found)
    assert not survey_alarm(facts, "csat", NOW, BEFORE).rings


def test_when_everybody_answers_nobody_is_silent() -> None:
    all_of = tuple(replace(one, answers_now=(1, 1), answers_before=(1, 1)) for one in STEADY)
    desk = made(all_of, sent=False)
    found = survey_honesty(desk.facts, "csat", NOW, BEFORE)
    assert "nobody is silent" in found.unbounded
    assert "nothing to re-weight" in found.not_weighted
    assert found.now is not None
    assert found.now.tipping == ()
    assert "cannot be known" not in everything_said(found)


def test_a_period_without_answers_and_one_with_a_handful(steady: Made) -> None:
    never = Period(pd.Timestamp("2025-12-01").date(), pd.Timestamp("2025-12-20").date(), "never")
    assert survey_honesty(steady.facts, "csat", never, BEFORE).refused == "nobody answered in never"
    found = survey_honesty(steady.facts, "csat", NOW, never)
    assert found.change is None
    assert not found.alarm.rings
    assert everything_said(found)
    day = Period(NOW.start, NOW.start, "one day")
    few = survey_honesty(steady.facts, "csat", day, BEFORE)
    assert few.not_weighted
    assert everything_said(few)


def test_all_answers_alike() -> None:
    same = tuple(replace(one, happy=1.0) for one in STEADY)
    found = survey_honesty(made(same).facts, "csat", NOW, BEFORE)
    assert found.now is not None
    assert found.now.raw.value == 1.0
    if found.now.reweighted is not None:
        assert found.now.reweighted.value == pytest.approx(1.0)
        assert found.now.reweighted.low is None or found.now.reweighted.low <= 1.0
    assert everything_said(found)


def test_what_cannot_be_asked() -> None:
    desk = made(STEADY)
    with pytest.raises(ValueError, match="no answer to a survey"):
        survey_honesty(desk.facts, "frt", NOW, BEFORE)
    with pytest.raises(ValueError, match="unknown field"):
        survey_honesty(desk.facts, "csat", NOW, BEFORE, weight_by=("nonsense",))


def test_filters_and_chosen_weights(steady: Made) -> None:
    only = survey_honesty(steady.facts, "csat", NOW, BEFORE, where=(Filter("channel", ("chat",)),))
    assert only.now is not None
    assert only.now.asked == 900
    by_agent = survey_honesty(steady.facts, "csat", NOW, BEFORE, weight_by=("agent",))
    assert by_agent.weighting is not None
    assert by_agent.weighting.dimensions == ("agent",)
    assert by_agent.weighting.chosen


# ---------------------------------------------------------------- the sample data


QUARTERS = (
    Period(pd.Timestamp("2026-07-01").date(), pd.Timestamp("2026-09-30").date(), "Q3 2026"),
    Period(pd.Timestamp("2026-04-01").date(), pd.Timestamp("2026-06-30").date(), "Q2 2026"),
)


def test_the_planted_truth_lies_within_the_bounds_and_its_direction_is_left_open(sample: Facts) -> None:
    # Planted: happy customers answer more often (33 % against 28 %), so those who answer look happier than
    # all are. From answers alone nobody can know that, and no sentence may say it.
    found = survey_honesty(sample, "csat", *QUARTERS)
    note = json.loads((FILES / "truths.json").read_text(encoding="utf-8"))["truths"][0]["size"]["note"]
    assert note.startswith("happy customers answer more often")
    for side in (found.now, found.before):
        assert side is not None
        assert side.raw.value is not None
        assert side.bounds is not None
        happy, upset = side.raw.value / 0.33, (1 - side.raw.value) / 0.28
        truth = happy / (happy + upset)
        assert truth < side.raw.value
        assert side.bounds.worst < truth < side.bounds.best
    said = everything_said(found)
    assert "cannot be known from these data" in said
    assert not re.search(r"silent (are|is|were) (un)?happier(?! or unhappier)", said)
    assert not found.alarm.rings


def test_the_numbers_are_those_of_the_other_pages(sample: Facts) -> None:
    found = survey_honesty(sample, "csat", *QUARTERS)
    rate, csat = compare(sample, *QUARTERS, metrics=("response_rate", "csat"))
    assert found.now is not None
    assert found.now.share == rate.now.value
    assert found.official is not None
    assert found.official.now == csat.now
    assert found.coverage is not None


@pytest.mark.parametrize("key", ["nps", "ces"])
def test_scores_have_bounds_on_their_own_scale(sample: Facts, key: str) -> None:
    found = survey_honesty(sample, key, *QUARTERS)
    assert found.scale == {"nps": (-100.0, 100.0), "ces": (1.0, 7.0)}[key]
    assert found.now is not None
    assert found.now.bounds is not None
    assert found.now.raw.value is not None
    assert found.scale[0] <= found.now.bounds.worst < found.now.raw.value < found.now.bounds.best
    assert found.now.bounds.best <= found.scale[1]
    assert everything_said(found)


def test_a_channel_that_is_new_breaks_nothing() -> None:
    new = Channel("social", 300, 0, 0.7, (0.3, 0.3), (0.3, 0.3))
    found = survey_honesty(made((*STEADY, new)).facts, "csat", NOW, BEFORE)
    assert found.now is not None
    assert everything_said(found)
