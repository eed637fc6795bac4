"""What customers are told holds no person; links bring a finding along; both survive anything typed."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.actions import Outcome, Review, draft, harmful, parameters, told_text, weeks_around
from kpi.actions.linking import where_from, where_text
from kpi.actions.plain import review_plain
from kpi.charts import DARK, LIGHT, Point
from kpi.charts.effect import effect
from kpi.model import Estimate, Filter, Period, Unit
from kpi.words import action_sentences as words
from kpi.workspace import Action


def told(text: str, status: str = "done", **more: Any) -> Review:
    action = Action("", "Title", "Ana Lopez", date(2026, 6, 20), status=status, told=text, **more)
    return Review(action, Outcome.NO_METRIC)


def test_names_addresses_and_numbers_are_taken_out() -> None:
    text = told_text(
        [
            told(
                "Ana Lopez and LOPEZ, ana: mail a.b@example.com, call +49 171 2345678 or (030) 123-4567.\n"
                "Open since 2026-06-15, 24 hours, 1,000 answers, order 12345."
            )
        ],
        ["Ana Lopez", "Ana Lopez", "Bo", ""],
    )
    assert text == (
        "What we changed because of your feedback\n\n"
        "- June 2026: a colleague and a colleague: mail [e-mail], call [number] or [number]. "
        "Open since 2026-06-15, 24 hours, 1,000 answers, order 12345."
    )


def test_only_what_is_done_or_under_way_is_told_newest_first() -> None:
    text = told_text(
        [
            told("old", done_on=date(2026, 1, 5)),
            told("new", done_on=date(2026, 5, 5)),
            told("begun", "in progress"),
            told("planned", "planned"),
            told("dropped", "given up"),
            told(""),
        ]
    )
    assert text.splitlines() == [
        "What we changed because of your feedback",
        "",
        "- May 2026: new",
        "- January 2026: old",
        "",
        "What we are working on",
        "",
        "- begun",
    ]
    assert told_text([told("", "done"), told("x", "planned")]) == ""


def test_what_made_things_worse_is_named_before_customers_are_told() -> None:
    bad = Review(told("x").action, Outcome.MADE_WORSE)
    assert harmful([bad, told("y")]) == ("Title",)


FILTERS = st.lists(
    st.tuples(
        st.text(min_size=1, max_size=12), st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=3)
    ),
    max_size=3,
    unique_by=lambda pair: pair[0],
)


@settings(max_examples=60, deadline=None)
@given(FILTERS)
def test_a_segment_in_a_link_comes_back(pairs: list[tuple[str, list[str]]]) -> None:
    where = tuple(Filter(field, tuple(values)) for field, values in pairs)
    assert where_from(where_text(where)) == where


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text_in_a_link_is_read_without_a_fault(text: str) -> None:
    found = draft({"finding": text, "metric": text, "where": text})
    assert isinstance(found.where, tuple)
    assert told_text([told(text)], [text]) is not None


def test_a_link_says_only_what_there_is() -> None:
    assert parameters("") == {}
    assert draft({}).empty


def test_a_review_is_plain_json() -> None:
    plain = json.loads(json.dumps(review_plain(told("x"))))
    assert plain["effect"] is None
    assert plain["outcome"] == "no metric"


def test_a_verdict_against_its_numbers_is_never_said() -> None:
    from dataclasses import replace

    from kpi.actions import Effect
    from kpi.metrics import metric

    step = Effect(-0.1, -0.2, -0.05, 0.01, 0.1, 0.0, "test")
    good = Review(told("x").action, Outcome.MADE_WORSE, metric("csat"), effect=step)
    assert words.verdict_sentence(good)
    with pytest.raises(ValueError, match="against the direction"):
        words.verdict_sentence(replace(good, outcome=Outcome.HELPED))
    with pytest.raises(ValueError, match="holds no change"):
        words.verdict_sentence(replace(good, effect=replace(step, high=0.05)))


# ---------------------------------------------------------------- the picture


def test_no_week_of_the_picture_holds_days_of_both_sides() -> None:
    action = Action("", "T", "A", date(2026, 6, 20), done_on=date(2026, 6, 17))
    one = Review(action, Outcome.CANNOT_TELL, days=Period(date(2026, 5, 30), date(2026, 7, 3)))
    weeks = weeks_around(one)
    assert [week.start for week in weeks] == [
        date(2026, 6, 3),
        date(2026, 6, 10),
        date(2026, 6, 17),
        date(2026, 6, 24),
    ]
    assert all(week.days == 7 for week in weeks)


@pytest.mark.parametrize("colours", [LIGHT, DARK])
@pytest.mark.parametrize("unit", list(Unit))
def test_the_picture_draws_segment_control_and_day(unit: Unit, colours: Any) -> None:
    def weeks(value: float) -> list[Point]:
        values = [value, None, value * 1.1, value]
        return [
            Point(
                date(2026, 6, 1 + 7 * place),
                7,
                Estimate.absent("none") if each is None else Estimate(each, 10, each * 0.9, each * 1.1),
            )
            for place, each in enumerate(values)
        ]

    drawn = effect(
        weeks(0.8), date(2026, 6, 15), unit, colours, control=weeks(0.5), name="chat", control_name="phone"
    ).to_dict()
    rows = [row for data in drawn["datasets"].values() for row in data]
    labels = {row["label"] for row in rows if "label" in row}
    assert labels == {"chat", "phone", "from 15 Jun 2026 on"}
    assert [row["n"] for row in rows if "span" in row].count(0) >= 2
    with pytest.raises(ValueError, match="no value"):
        effect([Point(date(2026, 6, 1), 7, Estimate.absent("none"))], date(2026, 6, 15), unit, colours)
