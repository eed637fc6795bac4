"""The page "Who answers our surveys?" with every widget moved."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from conftest import sound, title, words
from streamlit.testing.v1 import AppTest

from kpi import periods
from kpi.model import Difference
from kpi.surveying import Alarm, Shift, survey_honesty
from kpi.words import survey_sentences
from ui import store, surveys

Open = Callable[..., AppTest]
PERIOD = {"period": "Q3 2026"}


def test_the_title_is_the_finding_of_the_package(visit: Open) -> None:
    at = visit("surveys", **PERIOD)
    view = at.selectbox(key="survey")
    assert view.value == "Customer satisfaction (CSAT)"
    assert "31.6 % of surveys sent have a CSAT answer" in title(at)
    assert "cannot be known from these data" in words(at)
    # Nothing is known of those who did not answer, so the bounds are as far apart as they are many.
    found = re.search(r"lies somewhere between (\d+\.\d) % and (\d+\.\d) %", words(at))
    assert found is not None
    low, high = map(float, found.groups())
    assert high - low == pytest.approx(100 - 31.6, abs=0.11)


def test_every_question_can_be_chosen(visit: Open) -> None:
    at = visit("surveys", **PERIOD)
    seen = {words(at)}
    for name in at.selectbox(key="survey").options[1:]:
        at.selectbox(key="survey").select(name).run()
        assert sound(at)
        seen.add(words(at))
    assert len(seen) == 3


def test_kinds_of_tickets_and_weights_change_what_is_shown(visit: Open) -> None:
    at = visit("surveys", **PERIOD)
    for key in ("kinds", "weight"):
        box = at.selectbox(key=key)
        assert len(box.options) >= 4
        for label in box.options[1:4]:
            before = words(at)
            at.selectbox(key=key).select(label).run()
            assert sound(at)
            if key == "weight":
                assert f"by {label.lower()}" in words(at), label
                assert words(at) != before


def test_a_filter_and_two_periods_that_share_days(visit: Open) -> None:
    at = visit("surveys", channel=["chat"], **PERIOD)
    assert "of surveys sent have a CSAT answer" in title(at)


def test_the_same_words_on_the_page_as_from_the_package(visit: Open) -> None:
    facts = store.facts(store.SAMPLE)
    now = periods.parse(
        "2026-Q3", first_day=facts.first_day, last_day=facts.last_day, definitions=facts.definitions
    )
    honesty = survey_honesty(facts, "csat", now, periods.previous(now, facts.definitions))
    said = words(visit("surveys", **PERIOD))
    for text in (
        survey_sentences.survey_title(honesty),
        survey_sentences.bounds_sentence(honesty),
        survey_sentences.reweighted_sentence(honesty),
        survey_sentences.change_sentence(honesty),
        survey_sentences.alarm_sentence(honesty),
    ):
        assert text in said, text


def test_the_metrics_page_warns_and_links_when_the_alarm_rings(
    visit: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    ringing = Alarm(
        rings=True,
        rate=None,
        rate_clear=False,
        shifts=(
            Shift("channel", "chat", 0.08, -0.02, Difference(0.10, 0.06, 0.14, 0.001, "made", 0.01), True),
        ),
        looks=12,
        relative=True,
        words="surveys sent",
    )
    surveys._alarm.clear()  # type: ignore[attr-defined]
    monkeypatch.setattr(surveys, "survey_alarm", lambda *_, **__: ringing)
    at = visit("metrics", **PERIOD)
    said = words(at)
    surveys._alarm.clear()  # type: ignore[attr-defined]
    assert (
        "Read the change of CSAT with care, it changed who answers: channel chat makes up 10.0 points" in said
    )
    assert "Read the change of NPS with care" in said


def test_the_metrics_page_is_silent_while_the_alarm_is(visit: Open) -> None:
    assert "changed who answers" not in words(visit("metrics", **PERIOD))
