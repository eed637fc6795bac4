"""Every accepted form of a period, and what is said to the others."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.definitions import Definitions
from kpi.model import EPOCH, Period
from kpi.periods import Kind, describe, kind_of, parse, written

FIRST, LAST = date(2024, 5, 6), date(2026, 11, 12)  # a Monday; a Thursday
OCTOBER_YEAR = Definitions(fiscal_year_start=10)
SUNDAY_WEEK = Definitions(first_weekday=6)

days = st.dates(date(1950, 1, 1), date(2150, 1, 1))
definitions = st.builds(Definitions, first_weekday=st.integers(0, 6), fiscal_year_start=st.integers(1, 12))


def read(text: str, chosen: Definitions | None = None, last: date = LAST, first: date = FIRST) -> Period:
    return parse(text, first_day=first, last_day=last, definitions=chosen)


@pytest.mark.parametrize(
    ("text", "start", "end", "label"),
    [
        ("2026-Q3", "2026-07-01", "2026-09-30", "Q3 2026"),
        ("2026-09", "2026-09-01", "2026-09-30", "September 2026"),
        ("2026-W38", "2026-09-14", "2026-09-20", "Week 38, 2026 (14–20 Sep)"),
        ("2026-W1", "2025-12-29", "2026-01-04", "Week 1, 2026 (29 Dec – 4 Jan)"),
        ("2026-W53", "2026-12-28", "2027-01-03", "Week 53, 2026 (28 Dec – 3 Jan)"),
        ("2026", "2026-01-01", "2026-12-31", "2026"),
        ("2024-02", "2024-02-01", "2024-02-29", "February 2024"),
        ("2026-01-01", "2026-01-01", "2026-01-01", "1 January 2026"),
        ("2026-01-01..2026-03-30", "2026-01-01", "2026-03-30", "1 January – 30 March 2026"),
        ("2026-01-01..2026-03-31", "2026-01-01", "2026-03-31", "Q1 2026"),
        ("2026-01 .. 2026-02", "2026-01-01", "2026-02-28", "1 January – 28 February 2026"),
        ("last-full-week", "2026-11-02", "2026-11-08", "Week 45, 2026 (2–8 Nov)"),
        ("last-full-month", "2026-10-01", "2026-10-31", "October 2026"),
        ("last-full-quarter", "2026-07-01", "2026-09-30", "Q3 2026"),
        ("last-full-year", "2025-01-01", "2025-12-31", "2025"),
        ("last-2-full-weeks", "2026-10-26", "2026-11-08", "Last 2 full weeks (26 Oct – 8 Nov 2026)"),
        ("last-7-days", "2026-11-06", "2026-11-12", "Last 7 days (6–12 Nov 2026)"),
        ("last-90-days", "2026-08-15", "2026-11-12", "Last 90 days (15 Aug – 12 Nov 2026)"),
        ("last-1-day", "2026-11-12", "2026-11-12", "Last day (12 Nov 2026)"),
        ("this-week", "2026-11-09", "2026-11-12", "Week 46, 2026 to date (9–12 Nov)"),
        ("this-month", "2026-11-01", "2026-11-12", "November 2026 to date (1–12 Nov)"),
        ("this-quarter", "2026-10-01", "2026-11-12", "Q4 2026 to date (1 Oct – 12 Nov)"),
        ("this-year", "2026-01-01", "2026-11-12", "2026 to date (1 Jan – 12 Nov)"),
        ("all", "2024-05-06", "2026-11-12", "all data"),
        # names of choices
        ("September 2026", "2026-09-01", "2026-09-30", "September 2026"),
        ("sep 2026", "2026-09-01", "2026-09-30", "September 2026"),
        ("Q3 2026", "2026-07-01", "2026-09-30", "Q3 2026"),
        ("Week 38, 2026 (14–20 Sep)", "2026-09-14", "2026-09-20", "Week 38, 2026 (14–20 Sep)"),
        ("14 September 2026", "2026-09-14", "2026-09-14", "14 September 2026"),
        ("Last 28 days", "2026-10-16", "2026-11-12", "Last 28 days (16 Oct – 12 Nov 2026)"),
        ("This month to date", "2026-11-01", "2026-11-12", "November 2026 to date (1–12 Nov)"),
        ("  LAST-FULL-MONTH ", "2026-10-01", "2026-10-31", "October 2026"),
    ],
)
def test_every_form(text: str, start: str, end: str, label: str) -> None:
    found = read(text)
    assert (found.start.isoformat(), found.end.isoformat(), found.label) == (start, end, label)


@pytest.mark.parametrize(
    ("text", "start", "end", "label"),
    [
        ("2026-Q1", "2025-10-01", "2025-12-31", "FY2026 Q1"),
        ("2026-Q4", "2026-07-01", "2026-09-30", "FY2026 Q4"),
        ("FY2026", "2025-10-01", "2026-09-30", "FY2026"),
        ("2026", "2025-10-01", "2026-09-30", "FY2026"),
        ("FY2026 Q4", "2026-07-01", "2026-09-30", "FY2026 Q4"),
        ("last-full-quarter", "2026-07-01", "2026-09-30", "FY2026 Q4"),
        ("last-full-year", "2025-10-01", "2026-09-30", "FY2026"),
        ("this-year", "2026-10-01", "2026-11-12", "FY2027 to date (1 Oct – 12 Nov)"),
        ("2026-09", "2026-09-01", "2026-09-30", "September 2026"),
    ],
)
def test_a_fiscal_year_from_october(text: str, start: str, end: str, label: str) -> None:
    found = read(text, OCTOBER_YEAR)
    assert (found.start.isoformat(), found.end.isoformat(), found.label) == (start, end, label)


def test_weeks_from_sunday_are_named_by_date_and_iso_weeks_stay_iso() -> None:
    full = read("last-full-week", SUNDAY_WEEK)
    assert (str(full), full.start, full.days) == ("Week of 1 November 2026", date(2026, 11, 1), 7)
    assert read(str(full), SUNDAY_WEEK) == full
    assert read("this-week", SUNDAY_WEEK).label == "Week of 8 November 2026 to date (8–12 Nov)"
    assert read("2026-W38", SUNDAY_WEEK).start == date(2026, 9, 14)


def test_the_newest_day_decides_what_is_full() -> None:
    assert read("last-full-week", last=date(2026, 11, 8)).start == date(2026, 11, 2)
    assert read("last-full-week", last=date(2026, 11, 7)).start == date(2026, 10, 26)
    assert read("last-full-month", last=date(2026, 10, 31)).label == "October 2026"
    assert read("last-full-month", last=date(2026, 10, 30)).label == "September 2026"


def test_a_newest_day_cut_short_makes_nothing_full() -> None:
    span = {"first_day": FIRST, "last_day": date(2026, 11, 8), "newest_day_whole": False}
    assert parse("last-full-week", **span).start == date(2026, 10, 26)
    assert parse("last-7-days", **span).end == date(2026, 11, 7)
    assert parse("this-week", **span).end == date(2026, 11, 7)
    assert parse("all", **span).end == date(2026, 11, 8)


def test_to_date_that_is_complete_is_the_whole_unit() -> None:
    found = read("this-month", last=date(2026, 9, 30))
    assert (found.label, kind_of(found, Definitions())) == ("September 2026", Kind.MONTH)
    assert read("this-month", last=date(2026, 9, 29)).kind == Kind.MONTH_TO_DATE.value


def test_day_numbers_are_as_good_as_dates() -> None:
    numbers = {"first_day": (FIRST - EPOCH).days, "last_day": (LAST - EPOCH).days}
    assert parse("last-28-days", **numbers) == read("last-28-days")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "cannot be read; accepted are 2026-Q3, 2026-09"),
        ("yesterday", "period 'yesterday' cannot be read; accepted are"),
        ("last-month", "last-full-week|month"),
        ("2026-Q5", "cannot be read"),
        ("2026-13", "there is no such date"),
        ("2026-02-30", "there is no such date"),
        ("2025-W53", "there is no such date"),
        ("30 February 2026", "there is no such date"),
        ("0001", "the year must lie between 1900 and 2200"),
        ("9999-12-31", "the year must lie between 1900 and 2200"),
        ("2026-03-31..2026-01-01", "ends before it starts; swap the two"),
        ("2026-01-01..", "cannot be read"),
        ("01.02.2026", "cannot be read"),
        ("last-0-days", "must lie between 1 and 3660"),
        ("last-99999-days", "must lie between 1 and 3660"),
        ("last-3660-full-years", "fewer than 3660 full years"),
        ("x" * 100_000, "cannot be read"),
    ],
)
def test_what_cannot_be_read_is_answered_with_what_can(text: str, says: str) -> None:
    with pytest.raises(ValueError) as raised:
        read(text)
    assert says in str(raised.value)
    assert len(str(raised.value)) < 500


def test_no_full_month_in_the_data_is_said() -> None:
    with pytest.raises(ValueError, match=r"1–12 November 2026.* hold no full month; ask for last-7-days"):
        read("last-full-month", first=date(2026, 11, 1))
    with pytest.raises(ValueError, match="must not end"):
        read("all", first=date(2026, 12, 1))


@settings(max_examples=200, deadline=None)
@given(days, st.integers(1, 800), definitions)
def test_what_is_written_is_read_back(start: date, length: int, chosen: Definitions) -> None:
    period = Period(start, start + timedelta(days=length - 1))
    assert read(written(period, chosen), chosen) == period


@settings(max_examples=200, deadline=None)
@given(days, st.sampled_from(["day", "week", "month", "quarter", "year"]), definitions)
def test_a_unit_is_read_back_from_its_text_and_from_its_name(
    day: date, unit: str, chosen: Definitions
) -> None:
    from kpi.periods.kinds import unit_holding

    period = unit_holding(day, Kind(unit), chosen)
    assert period.start <= day <= period.end
    assert kind_of(Period(period.start, period.end), chosen) is Kind(unit)
    for text in (written(period, chosen), period.label):
        again = read(text, chosen)
        assert (again, again.label, again.kind) == (period, period.label, period.kind)


@settings(max_examples=200, deadline=None)
@given(days, st.integers(1, 900), st.sampled_from(["week", "month", "quarter", "year"]), definitions)
def test_last_full_and_to_date_lie_inside_what_the_data_allow(
    first: date, length: int, unit: str, chosen: Definitions
) -> None:
    last = first + timedelta(days=length - 1)
    now = read(f"this-{unit}", chosen, last=last, first=first)
    assert now.end == last
    try:
        full = read(f"last-full-{unit}", chosen, last=last, first=first)
    except ValueError:
        assert length < {"week": 14, "month": 62, "quarter": 184, "year": 731}[unit]
        return
    assert first <= full.start
    assert full.end <= last
    assert full.end in (last, now.start - timedelta(days=1))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        found = read(text)
    except ValueError:
        return
    assert found.label


@settings(max_examples=100, deadline=None)
@given(days, st.integers(1, 800))
def test_a_description_names_both_ends(start: date, length: int) -> None:
    period = Period(start, start + timedelta(days=length - 1))
    words = describe(period)
    assert words.startswith(f"{start.day}")
    assert words.endswith(str(period.end.year))
