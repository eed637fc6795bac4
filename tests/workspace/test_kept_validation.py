"""What cannot be kept is said in words, everything at once; what can be is kept in one form."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from victim import EXAMPLES

from kpi.model import Filter
from kpi.workspace import Action, CategoryRule, Event, Goal, Invalid, Kept, Note, Target
from kpi.workspace.records import as_plain, record_from_plain

DAY = date(2026, 3, 2)
BEFORE = date(2026, 3, 1)


def wrongs(record: Kept) -> dict[str, str]:
    """Field → what is wrong with it; empty when nothing is."""
    try:
        record.checked()
    except Invalid as invalid:
        return dict(invalid.wrongs)
    return {}


@pytest.mark.parametrize("name", EXAMPLES)
def test_checking_twice_is_checking_once(name: str) -> None:
    once = EXAMPLES[name].checked()
    assert once == once.checked() == EXAMPLES[name]


def test_everything_that_is_wrong_is_said_at_once() -> None:
    bad = Event("", "2026-03-02", " \t ", "party", "n" * 4001, BEFORE)  # type: ignore[arg-type]
    assert wrongs(bad) == {
        "day": "'2026-03-02' is no date",
        "name": "missing",
        "kind": "'party' is none of release, outage, campaign, staffing, other",
        "note": "4001 characters; expected at most 4000",
    }
    with pytest.raises(Invalid) as raised:
        bad.checked()
    said = str(raised.value)
    assert said.startswith("this event cannot be kept; day: '2026-03-02' is no date; name: missing; kind: ")


@pytest.mark.parametrize(
    ("record", "field", "says"),
    [
        (Event("", DAY, "x" * 81), "name", "81 characters; expected at most 80"),
        (Event("", DAY, "x", until=BEFORE), "until", "2026-03-01 is before the day, 2026-03-02"),
        (Event("", date(1066, 10, 14), "x"), "day", "1066-10-14 lies outside 1970 to 2200"),
        (Event("", datetime(2026, 3, 2, 9), "x"), "day", "'2026-03-02 09:00:00' is no date"),
        (Event("", None, "x"), "day", "missing"),  # type: ignore[arg-type]
        (Target("", "", 0.9), "metric", "missing"),
        (Target("", "csat", math.nan), "value", "'nan' is no number"),
        (Target("", "csat", math.inf), "value", "'inf' is no number"),
        (Target("", "csat", True), "value", "'True' is no number"),
        (Target("", "csat", "0.9"), "value", "'0.9' is no number"),  # type: ignore[arg-type]
        (Target("", "csat", None), "value", "missing"),  # type: ignore[arg-type]
        (Target("", "csat", 1e15), "value", "1e+15 is not between -1e+12 and 1e+12"),
        (Target("", "csat", 0.9, valid_from=DAY, valid_until=BEFORE), "valid_until", "2026-03-01 is before"),
        (Target("", "csat", 0.9, (Filter("channel", ()),)), "where", "'channel' has 0 values"),
        (Target("", "csat", 0.9, (Filter("", ("a",)),)), "where", "missing"),
        (Target("", "csat", 0.9, (Filter("a", ("1",)),) * 2), "where", "'a' is filtered twice"),
        (Target("", "csat", 0.9, "channel=chat"), "where", "no list of filters"),  # type: ignore[arg-type]
        (Goal("", "csat", 0.8, 0.8, DAY), "to_value", "0.8 is where it starts; a goal is a change"),
        (Goal("", "csat", 0.8, 0.9, BEFORE, start=DAY), "by", "2026-03-01 is before the start, 2026-03-02"),
        (Goal("", "csat", 0.8, 0.9, DAY, 0), "window_days", "0 is not between 1 and 366"),
        (Goal("", "csat", 0.8, 0.9, DAY, 7.5), "window_days", "7.5 is not whole"),  # type: ignore[arg-type]
        (Action("", "x", "", DAY), "owner", "missing"),
        (Action("", "x", "Ann", DAY, "soon"), "horizon", "'soon' is none of immediate, long-term"),
        (Action("", "x", "Ann", DAY, status="done"), "done_on", "missing: without it nobody can tell"),
        (Action("", "x", "Ann", DAY, done_on=DAY), "done_on", "given, but the action is only planned"),
        (Action("", "x", "Ann", DAY, expected_change=0.1), "metric", "missing: the expected change is of"),
        (Action("", "x", "Ann", DAY, metric="csat", expected_change=0), "expected_change", "0 is no change"),
        (
            Action("", "x", "Ann", DAY, where=(Filter("a", ("1",)),), control=(Filter("a", ("1",)),)),
            "control",
            "the same segment",
        ),
        (Action("", "x", "Ann", DAY, reference="javascript:alert(1)"), "reference", "is neither a page"),
        (Action("", "x", "Ann", DAY, reference="//evil.example/x"), "reference", "is neither a page"),
        (Action("", "x", "Ann", DAY, reference="data:text/html,x"), "reference", "is neither a page"),
        (CategoryRule("", (), "Login", "technology"), "patterns", "0 patterns; expected 1 to 200"),
        (CategoryRule("", (" ",), "Login", "technology"), "patterns", "0 patterns; expected 1 to 200"),
        (CategoryRule("", ("a*b",), "Login", "technology"), "patterns", "'a*b': a star stands at the end"),
        (CategoryRule("", ("*",), "Login", "technology"), "patterns", "'*': a star stands at the end"),
        (CategoryRule("", "login", "Login", "technology"), "patterns", "0 patterns"),  # type: ignore[arg-type]
        (CategoryRule("", ("a",), "Login", "magic"), "family", "'magic' is none of product or service"),
        (CategoryRule("", ("a",), "Login", "process", -1), "place", "-1 is not between 0 and 5000"),
        (Note("", "csat", "  \n "), "text", "missing"),
    ],
    ids=lambda given: given if isinstance(given, str) else type(given).__name__,
)
def test_what_is_wrong_with_one_field(record: Kept, field: str, says: str) -> None:
    found = wrongs(record)
    assert set(found) == {field}
    assert says in found[field]


@pytest.mark.parametrize(
    "record",
    [
        Event("", date(1970, 1, 1), "x" * 80, until=date(2200, 12, 31)),
        Target("", "a metric that vanished", -5.0, valid_until=date(2001, 1, 1)),
        Goal("", "nps", 40.0, 30.0, DAY, 366, start=DAY),
        Action("", "x", "Ann", date(2001, 1, 1), status="given up"),
        Action("", "x", "Ann", DAY, status="in progress", done_on=BEFORE, review_on=BEFORE),
        Action("", "x", "Ann", DAY, reference="https://tracker.example/ABC-1?x=1#y"),
        Action("", "x", "Ann", DAY, reference="/tickets?metric=frt&where=channel:chat"),
        CategoryRule("", ("a*", "the word"), "x", "customer service", 5000),
    ],
)
def test_what_may_be_kept(record: Kept) -> None:
    assert record.checked() == record


def test_one_thing_is_written_one_way() -> None:
    assert Event("", DAY, " Release\n2.4\u202e\x07", "RELEASE", " a \r\nb\x00\n\n", DAY).checked() == Event(
        "", DAY, "Release 2.4", "release", "a\nb"
    )
    mixed = (Filter("priority", ("urgent", "urgent ")), Filter(" channel", ("chat",)))
    tidy = (Filter("channel", ("chat",)), Filter("priority", ("urgent",)))
    assert Target("", "csat", 1, mixed).checked() == Target("", "csat", 1.0, tidy)
    family = "👩‍👩‍👧"
    assert Event("", DAY, f"{family} می‌خواهم").checked().name == f"{family} می‌خواهم", "joiners carry meaning"


NASTY = st.text(st.characters(), max_size=120)
DAYS = st.dates(date(1900, 1, 1), date(2300, 1, 1)) | st.none()
FILTERS = st.lists(st.builds(Filter, NASTY, st.lists(NASTY, max_size=3).map(tuple)), max_size=3).map(tuple)
NUMBERS = st.floats() | st.integers() | st.none()
RECORDS: st.SearchStrategy[Any] = st.one_of(
    st.builds(Event, st.just(""), DAYS, NASTY, st.sampled_from(["release", "Other", "x"]), NASTY, DAYS),
    st.builds(Target, st.just(""), NASTY, NUMBERS, FILTERS, DAYS, DAYS, NASTY),
    st.builds(Goal, st.just(""), NASTY, NUMBERS, NUMBERS, DAYS, NUMBERS, FILTERS, DAYS, NASTY, NASTY, NASTY),
    st.builds(
        Action,
        st.just(""),
        NASTY,
        NASTY,
        DAYS,
        finding=NASTY,
        reference=NASTY,
        metric=NASTY,
        where=FILTERS,
        control=FILTERS,
        expected_change=NUMBERS,
        status=st.sampled_from(["planned", "done", "x"]),
        done_on=DAYS,
        review_on=DAYS,
    ),
    st.builds(
        CategoryRule,
        st.just(""),
        st.lists(NASTY, max_size=3).map(tuple),
        NASTY,
        st.sampled_from(["process", "Technology", "x"]),
        NUMBERS,
    ),
    st.builds(Note, st.just(""), NASTY, NASTY, NASTY, DAYS),
)


@settings(max_examples=300)
@given(RECORDS)
def test_anything_is_kept_in_one_form_or_refused_in_words(record: Any) -> None:
    found = wrongs(record)
    assert all(says.strip() and hasattr(record, field) for field, says in found.items())
    str(found).encode()
    if found:
        return
    once = record.checked()
    assert once.checked() == once
    plain = as_plain(once)
    assert record_from_plain(plain, type(once)) == once
    assert once.order() <= once.order()
    str(plain).encode()


def test_targets_know_when_they_hold() -> None:
    target = Target("", "csat", 0.9, valid_from=DAY, valid_until=date(2026, 3, 31))
    days = [BEFORE, DAY, date(2026, 3, 31), date(2026, 4, 1)]
    assert [target.holds_on(day) for day in days] == [False, True, True, False]
    assert replace(target, valid_from=None).holds_on(date(1970, 1, 1))
    assert Target("", "csat", 0.9).holds_on(DAY)
