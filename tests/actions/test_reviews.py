"""Actions on the sample: the planted step, what was left alone, and everything that allows no verdict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from kpi.actions import Outcome, Review, apart, review
from kpi.definitions import Definitions
from kpi.drill import rows
from kpi.facts import Facts, build_facts
from kpi.ingest import import_files
from kpi.metrics import metric
from kpi.model import Filter, Period
from kpi.trend import Known
from kpi.words import action_sentences as words
from kpi.workspace import Action

Truth = Callable[[str], dict[str, Any]]
CHAT, PHONE, SOCIAL, EMAIL = ((Filter("channel", (name,)),) for name in ("chat", "phone", "social", "email"))
SCRIPTS = Action(
    "a" * 32,
    "Scripted answers",
    "Ana",
    date(2026, 6, 15),
    metric="csat",
    where=CHAT,
    control=PHONE,
    expected_change=0.05,
    status="done",
    done_on=date(2026, 6, 15),
)


def only(facts: Facts, action: Action, **more: Any) -> Review:
    (found,) = review(facts, [action], **more)
    return found


@pytest.fixture(scope="module")
def planted(sample: Facts) -> Review:
    return only(sample, SCRIPTS)


def test_the_planted_step_is_made_worse_against_phone_and_its_size_is_held(
    planted: Review, truth: Truth
) -> None:
    size = truth("csat_step")["size"]["points"] / 100
    assert planted.outcome is Outcome.MADE_WORSE
    assert planted.control == PHONE
    assert planted.effect is not None
    assert planted.effect.low <= size <= planted.effect.high
    assert planted.expected_held is False
    said = words.verdict_sentence(planted)
    assert said.startswith("Made worse: customer satisfaction (CSAT) for chat fell against phone by ")
    assert words.expected_sentence(planted) == "Expected: +5.0 points: it went the other way."


def test_the_same_without_a_control_says_what_it_cannot_rule_out(sample: Facts, truth: Truth) -> None:
    found = only(sample, replace(SCRIPTS, control=()))
    assert found.outcome is Outcome.MADE_WORSE
    assert found.effect is not None
    assert found.effect.low <= truth("csat_step")["size"]["points"] / 100 <= found.effect.high
    assert any("Without a control segment" in text for text in words.beside_sentences(found))


def test_segments_that_were_left_alone_cannot_be_told(sample: Facts) -> None:
    left_alone = [
        ("csat", PHONE, SOCIAL),
        ("csat", PHONE, ()),
        ("csat", SOCIAL, ()),
        ("reopen_rate", (), ()),
        ("reopen_rate", CHAT, PHONE),
        ("frt", CHAT, ()),
        ("abandonment", (), ()),
        ("occupancy", (), ()),
        ("qa", (), ()),
        ("conversion", (), ()),
    ]
    plan = [
        replace(SCRIPTS, id=f"{place:032x}", metric=key, where=where, control=control, expected_change=None)
        for place, (key, where, control) in enumerate(left_alone)
    ]
    found = review(sample, plan)
    assert [one.outcome for one in found] == [Outcome.CANNOT_TELL] * len(plan)
    assert all("would have been seen" in words.verdict_sentence(one) for one in found)


def test_many_actions_are_one_family(sample: Facts, planted: Review) -> None:
    others = [replace(SCRIPTS, id=f"{n:032x}", where=PHONE, control=()) for n in range(3)]
    found = review(sample, [SCRIPTS, *others])
    assert planted.effect is not None
    assert planted.p_adjusted == planted.effect.p
    assert found[0].p_adjusted == pytest.approx(4 * planted.effect.p)


def test_n_before_and_after_is_the_number_of_rows_behind(sample: Facts, planted: Review) -> None:
    assert planted.days is not None
    split = Period(planted.days.start, date(2026, 6, 14)), Period(date(2026, 6, 15), planted.days.end)
    for days, estimate in zip(split, (planted.before, planted.after), strict=True):
        assert estimate is not None
        assert len(rows(sample, "csat", days, where=CHAT)) == estimate.n


def test_the_review_day_ends_what_is_looked_at(sample: Facts) -> None:
    found = only(sample, replace(SCRIPTS, review_on=date(2026, 8, 31)))
    assert found.days is not None
    assert found.days.end == date(2026, 8, 31)
    assert not found.early
    later = only(sample, replace(SCRIPTS, review_on=date(2026, 12, 31)))
    assert later.early
    assert any("An early look" in text for text in words.beside_sentences(later))


def test_a_day_of_review_that_came_too_soon_does_not_forbid_a_verdict(sample: Facts) -> None:
    found = only(sample, replace(SCRIPTS, review_on=date(2026, 6, 20)))
    assert found.outcome is Outcome.MADE_WORSE
    assert found.days is not None
    assert found.days.end == date(2026, 9, 30)
    assert any("left too few days" in note for note in found.notes)


def test_data_without_a_date_have_no_before_and_after() -> None:
    imported = import_files([("customers.csv", b"customerID,Churn\n1,Yes\n2,No\n3,No\n")], {})
    facts = build_facts(imported.tables, Definitions())
    found = only(facts, replace(SCRIPTS, metric="churn", where=(), control=()))
    assert found.outcome is Outcome.NO_DATA
    assert "no row has a date" in found.reason


@pytest.mark.parametrize(
    ("changed", "outcome", "reason"),
    [
        ({"done_on": date(2026, 9, 25)}, Outcome.TOO_EARLY, "only 5 days have a value since it"),
        ({"done_on": date(2026, 12, 1)}, Outcome.TOO_EARLY, "the data end on 2026-09-30"),
        ({"done_on": date(2020, 1, 1)}, Outcome.NO_DATA, "the data begin on 2025-04-01"),
        ({"done_on": date(2025, 4, 10)}, Outcome.NO_DATA, "before it: at least 28"),
        ({"done_on": None, "status": "planned"}, Outcome.NOT_DONE, "not set"),
        ({"status": "given up"}, Outcome.NOT_DONE, "given up"),
        ({"metric": ""}, Outcome.NO_METRIC, "no metric"),
        ({"metric": "vanished"}, Outcome.NO_DATA, "not in the list any more"),
        ({"metric": "churn", "where": (), "control": ()}, Outcome.NO_DATA, "customer list"),
        ({"where": (Filter("nobody", ("x",)),)}, Outcome.NO_DATA, "unknown field 'nobody'"),
        ({"where": (Filter("channel", ("fax",)),), "control": ()}, Outcome.NO_DATA, ""),
    ],
)
def test_what_allows_no_verdict_says_why(
    sample: Facts, changed: dict[str, Any], outcome: Outcome, reason: str
) -> None:
    found = only(sample, replace(SCRIPTS, **changed))
    assert found.outcome is outcome
    assert reason in found.reason
    assert found.effect is None
    start = "No verdict" if found.action.status == "given up" else words.OUTCOME[outcome]
    assert words.verdict_sentence(found).startswith(start)
    assert (found.ready_on is not None) == (outcome is Outcome.TOO_EARLY)


def test_a_control_that_holds_the_same_rows_is_left_aside_and_said(sample: Facts) -> None:
    found = only(sample, replace(SCRIPTS, where=(), control=CHAT))
    assert found.control == ()
    assert any("both segments may hold the same rows" in note for note in found.notes)
    csat = metric("csat")
    assert apart(sample, csat, CHAT, PHONE)
    assert apart(sample, csat, (Filter("Channel", ("CHAT",)),), PHONE)
    assert not apart(sample, csat, CHAT, (Filter("channel", ("Chat", "phone")),))
    assert not apart(sample, csat, CHAT, (Filter("team", ("A",)),))


def test_a_control_without_enough_days_is_left_aside_and_said(sample: Facts) -> None:
    found = only(sample, replace(SCRIPTS, control=(Filter("channel", ("fax",)),)))
    assert found.control == ()
    assert found.outcome is Outcome.MADE_WORSE
    assert any("judged without its control" in note for note in found.notes)


def test_an_action_begun_in_its_worst_weeks_is_told_of_regression_to_the_mean(sample: Facts) -> None:
    found = only(sample, replace(SCRIPTS, where=PHONE, control=()))
    assert found.extreme is not None
    assert found.extreme.period == Period(date(2026, 5, 18), date(2026, 6, 14))
    assert any("regression to the mean" in text for text in words.beside_sentences(found))
    assert only(sample, replace(SCRIPTS, control=())).extreme is None


def test_what_happened_in_the_same_weeks_is_named(sample: Facts) -> None:
    other = replace(SCRIPTS, id="b" * 32, title="New chat tool", done_on=date(2026, 6, 20))
    given_up = replace(SCRIPTS, id="c" * 32, title="Not this", status="given up")
    events = (Known(date(2026, 6, 1), "Release 2.4"), Known(date(2026, 1, 1), "Long ago"))
    found = review(sample, [SCRIPTS, other, given_up], events)
    assert found[0].beside == ("New chat tool", "Release 2.4")


def test_a_metric_without_a_better_side_helps_when_it_moves_as_hoped(sample: Facts) -> None:
    failed = (Filter("category", ("Payment failed",)),)
    plan = replace(SCRIPTS, metric="volume", where=failed, control=(), done_on=date(2026, 6, 15))
    outcomes = [only(sample, replace(plan, expected_change=change)).outcome for change in (1.0, -1.0, None)]
    assert outcomes == [Outcome.HELPED, Outcome.MADE_WORSE, Outcome.CHANGED]
    found = only(sample, plan)
    assert found.before is not None
    assert found.before.value is not None
    assert found.before.value < 20
    assert words.plain_words(found, found.before).count("per day") == 1
