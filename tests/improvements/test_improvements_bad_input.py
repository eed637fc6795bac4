"""Data that lack things: what can be said is said, and which column would help with the rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from peer_desk import Q3, desk, stamp

from kpi import improvements, issues
from kpi.facts import Facts
from kpi.improvements import Improvements, Standing
from kpi.issues import ISSUE
from kpi.model import Grain, Period
from kpi.words import improvement_sentences as words

HEADERS = (
    "Ticket ID",
    "Created at",
    "Solved at",
    "Channel",
    "Category",
    "Agent",
    "Satisfaction rating",
    "Customer ID",
)


def rows(
    count: int,
    category: Callable[[int], str],
    channel: Callable[[int], str] = lambda i: "email" if i // 3 % 2 else "chat",
    score: Callable[[int], str] = lambda i: "541"[i * 7 % 11 % 3],
) -> list[list[str]]:
    return [
        [
            str(1000 + i),
            stamp(i),
            stamp(i).replace(":00", ":30"),
            channel(i),
            category(i),
            f"A{i % 7}",
            score(i),
            f"c{i}",
        ]
        for i in range(count)
    ]


def look_at(facts: Facts, period: Period = Q3) -> Improvements:
    """Everything the page asks for, so that no sentence fails."""
    kept = issues.sort(facts)
    found = improvements.improvements(kept, period)
    for outcome in (None, *found.outcomes):
        assert words.improvement_title(found, outcome)
        if outcome is not None:
            assert isinstance(words.clear_sentence(found, outcome), str)
            for name in found.dimensions:
                if found.of(outcome.key, name):
                    assert words.chart_sentence(found, outcome, name)
                    assert words.chart_alt(found, outcome, name)
    for look in found.looks:
        assert "nan" not in words.look_sentence(look, len(found.looks)).lower()
        assert look.low <= look.impact <= look.high
        assert 0 < look.p <= 1
    assert all(words.need_sentence(need) for need in improvements.needs(kept, found))
    assert all(words.suggestion_sentence(each) for each in improvements.suggestions(found))
    assert words.method_sentences(found)
    return found


def lacking(found: Improvements) -> str:
    return " ".join(words.lacking_sentences(found))


def test_without_surveys_the_rest_is_shown_and_the_column_is_named(sample: Facts) -> None:
    tables = {grain: table for grain, table in sample.tables.items() if grain is not Grain.SURVEYS}
    found = look_at(replace(sample, tables=tables))
    assert "csat" not in {outcome.key for outcome in found.outcomes}
    assert "a satisfaction answer for each contact would help" in lacking(found)
    assert found.of("fcr", ISSUE)[0].value == "Seller dispute"


def test_one_issue_leaves_the_other_columns() -> None:
    found = look_at(desk(HEADERS, rows(300, lambda i: "Login")))
    assert found.dimensions == ("channel",)


def test_one_issue_and_one_channel_say_that_nothing_parts_them() -> None:
    found = look_at(desk(HEADERS, rows(300, lambda i: "Login", lambda i: "chat")))
    assert "at least two groups" in found.refused
    assert words.improvement_title(found, None) == "Where improving would pay most cannot be said"


def test_five_thousand_issues_are_counted_and_not_compared() -> None:
    found = look_at(desk(HEADERS, rows(6000, lambda i: f"Issue {i % 5000}")))
    assert not found.of("csat", ISSUE)
    assert "up to 5,000 issues" in lacking(found)


def test_the_hundred_largest_of_many_issues_are_looked_at() -> None:
    found = look_at(desk(HEADERS, rows(3000, lambda i: f"Issue {i % 150}")))
    assert len(found.of("csat", ISSUE)) == 100
    assert "up to 50 issues" in lacking(found)


def test_few_answers_are_not_compared() -> None:
    few = desk(HEADERS, rows(400, lambda i: "ABCD"[i % 4], score=lambda i: "5" if i % 40 == 0 else ""))
    found = look_at(few)
    assert not found.of("csat")
    assert "no two groups with enough rows" in lacking(found)


def test_everybody_satisfied_is_no_comparison_and_one_issue_all_bad_is_found() -> None:
    good = look_at(desk(HEADERS, rows(300, lambda i: "ABC"[i % 3], score=lambda i: "5")))
    assert not good.of("csat")
    bad = look_at(
        desk(HEADERS, rows(300, lambda i: "ABC"[i % 3], score=lambda i: "1" if i % 3 == 0 else "5"))
    )
    first = bad.of("csat", ISSUE)[0]
    assert (first.value, first.standing) == ("A", Standing.BEHIND)
    assert first.impact == pytest.approx(1 / 3)
    assert 0.25 < first.low <= first.impact <= first.high <= 1 / 3 + 1e-9


def test_names_in_markup_and_emoji_stay_what_they_are() -> None:
    names = ("😀 <b>x</b>", "[a](http://b)", "$x$ | `c`")
    found = look_at(
        desk(HEADERS, rows(300, lambda i: names[i % 3], score=lambda i: "1" if i % 3 == 0 else "5"))
    )
    assert {look.value for look in found.of("csat", ISSUE)} == set(names)


def test_no_outcome_at_all_names_what_would_help() -> None:
    found = look_at(
        desk(("Ticket ID", "Created at", "Category"), [[str(i), stamp(i), "AB"[i % 2]] for i in range(100)])
    )
    assert found.refused == "no column holds an outcome of contacts"
    assert "the working time of each contact would help" in lacking(found)


def test_answers_without_dates_or_tickets_go_by_their_own_column() -> None:
    sheet = [[str(i), "ABC"[i % 3], "1" if i % 3 == 0 and i % 2 else "4"] for i in range(300)]
    found = look_at(desk(("Ticket ID", "Category", "Satisfaction rating"), sheet))
    assert found.undated
    assert found.of("csat")[0].value == "A"
    assert found.of("csat")[0].standing is Standing.BEHIND


def test_a_period_without_rows_and_a_single_day() -> None:
    facts = desk(HEADERS, rows(300, lambda i: "ABC"[i % 3]))
    nothing = look_at(facts, Period(date(2020, 1, 1), date(2020, 3, 31)))
    assert nothing.refused == "no row of this period counts in any outcome"
    look_at(facts, Period(date(2026, 7, 3), date(2026, 7, 3)))


def test_two_people_make_no_team() -> None:
    made = [
        [*row[:5], f"P{i % 8}", *row[6:], "Duo" if i % 8 < 2 else f"Team {i % 2}"]
        for i, row in enumerate(rows(400, lambda i: "AB"[i // 5 % 2]))
    ]
    found = look_at(desk((*HEADERS, "Team"), made))
    assert "Duo" not in {look.value for look in found.looks}
    assert {"Team 0", "Team 1"} <= {look.value for look in found.looks}
