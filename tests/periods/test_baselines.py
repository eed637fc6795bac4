"""What a period is compared with."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.definitions import Definitions
from kpi.model import Period
from kpi.periods import Kind, custom, kind_of, parse, previous, same_last_year
from kpi.periods.kinds import unit_holding

days = st.dates(date(1950, 1, 1), date(2150, 1, 1))
definitions = st.builds(Definitions, first_weekday=st.integers(0, 6), fiscal_year_start=st.integers(1, 12))
UNITS = st.sampled_from([Kind.DAY, Kind.WEEK, Kind.MONTH, Kind.QUARTER, Kind.YEAR])


def at(text: str, last: str = "2026-11-12", chosen: Definitions | None = None) -> Period:
    span = {"first_day": date(2010, 1, 1), "last_day": date.fromisoformat(last)}
    return parse(text, **span, definitions=chosen)


def shown(period: Period) -> tuple[str, str, str]:
    return period.start.isoformat(), period.end.isoformat(), period.label


@pytest.mark.parametrize(
    ("text", "last", "expected"),
    [
        ("2026-03", "2026-11-12", ("2026-02-01", "2026-02-28", "February 2026")),
        ("2024-03", "2026-11-12", ("2024-02-01", "2024-02-29", "February 2024")),
        ("2026-Q1", "2026-11-12", ("2025-10-01", "2025-12-31", "Q4 2025")),
        ("2026", "2026-11-12", ("2025-01-01", "2025-12-31", "2025")),
        ("2027-W01", "2026-11-12", ("2026-12-28", "2027-01-03", "Week 53, 2026 (28 Dec – 3 Jan)")),
        ("2026-11-02", "2026-11-12", ("2026-11-01", "2026-11-01", "1 November 2026")),
        ("last-28-days", "2026-11-12", ("2026-09-18", "2026-10-15", "28 days before (18 Sep – 15 Oct 2026)")),
        # a rolling window that happens to be a month stays a window of 30 days
        ("last-30-days", "2026-09-30", ("2026-08-02", "2026-08-31", "30 days before (2–31 Aug 2026)")),
        (
            "2026-09-04..2026-09-10",
            "2026-11-12",
            ("2026-08-28", "2026-09-03", "28 August – 3 September 2026"),
        ),
        ("this-week", "2026-11-12", ("2026-11-02", "2026-11-05", "2–5 November 2026")),
        ("this-month", "2026-11-12", ("2026-10-01", "2026-10-12", "1–12 October 2026")),
        (
            "this-month",
            "2026-03-30",
            ("2026-02-01", "2026-02-28", "1–28 February 2026 (the whole month: 28 days)"),
        ),
        ("this-month", "2024-03-29", ("2024-02-01", "2024-02-29", "1–29 February 2024")),
        ("this-quarter", "2026-11-12", ("2026-07-01", "2026-08-12", "1 July – 12 August 2026")),
        ("this-quarter", "2026-06-30", ("2026-01-01", "2026-03-31", "Q1 2026")),
        ("this-year", "2026-11-12", ("2025-01-01", "2025-11-12", "1 January – 12 November 2025")),
        ("this-year", "2024-02-29", ("2023-01-01", "2023-02-28", "1 January – 28 February 2023")),
    ],
)
def test_previous(text: str, last: str, expected: tuple[str, str, str]) -> None:
    assert shown(previous(at(text, last))) == expected


@pytest.mark.parametrize(
    ("text", "last", "expected"),
    [
        ("2026-09", "2026-11-12", ("2025-09-01", "2025-09-30", "September 2025")),
        ("2024-02", "2026-11-12", ("2023-02-01", "2023-02-28", "February 2023")),
        ("2026-Q3", "2026-11-12", ("2025-07-01", "2025-09-30", "Q3 2025")),
        ("2026", "2026-11-12", ("2025-01-01", "2025-12-31", "2025")),
        ("2026-W38", "2026-11-12", ("2025-09-15", "2025-09-21", "Week 38, 2025 (15–21 Sep)")),
        # the year after a 53rd week: 53 weeks back to the week of the same number
        ("2027-W10", "2026-11-12", ("2026-03-02", "2026-03-08", "Week 10, 2026 (2–8 Mar)")),
        (
            "2026-W53",
            "2026-11-12",
            (
                "2025-12-29",
                "2026-01-04",
                "Week 1, 2026 (29 Dec – 4 Jan) (2025 has no week 53: 52 weeks earlier)",
            ),
        ),
        ("2026-09-01", "2026-11-12", ("2025-09-02", "2025-09-02", "2 September 2025 (52 weeks earlier)")),
        (
            "last-28-days",
            "2026-11-12",
            ("2025-10-17", "2025-11-13", "17 October – 13 November 2025 (52 weeks earlier)"),
        ),
        ("this-week", "2026-11-12", ("2025-11-10", "2025-11-13", "10–13 November 2025")),
        ("this-month", "2026-11-12", ("2025-11-01", "2025-11-12", "1–12 November 2025")),
        ("this-month", "2024-02-28", ("2023-02-01", "2023-02-28", "1–28 February 2023")),
        ("this-quarter", "2026-11-12", ("2025-10-01", "2025-11-12", "1 October – 12 November 2025")),
        ("this-year", "2026-11-12", ("2025-01-01", "2025-11-12", "1 January – 12 November 2025")),
    ],
)
def test_same_last_year(text: str, last: str, expected: tuple[str, str, str]) -> None:
    assert shown(same_last_year(at(text, last))) == expected


def test_fiscal_quarters_and_years_step_by_the_fiscal_year() -> None:
    april = Definitions(fiscal_year_start=4)
    assert previous(at("2027-Q1", chosen=april), april).label == "FY2026 Q4"
    assert same_last_year(at("2027-Q1", chosen=april), april).label == "FY2026 Q1"
    assert previous(at("this-year", chosen=april), april).label == "1 April – 12 November 2025"


def test_a_range_that_is_a_unit_is_that_unit() -> None:
    assert custom(date(2026, 2, 1), date(2026, 2, 28)).kind == Kind.MONTH.value
    assert previous(custom(date(2026, 1, 1), date(2026, 3, 31))).label == "Q4 2025"
    assert (
        kind_of(custom(date(2026, 10, 1), date(2027, 9, 30)), Definitions(fiscal_year_start=10))
        is Kind.CUSTOM
    )
    october = Definitions(fiscal_year_start=10)
    assert custom(date(2026, 10, 1), date(2027, 9, 30), october).label == "FY2027"
    with pytest.raises(ValueError, match="must not end"):
        custom(date(2026, 2, 1), date(2026, 1, 1))


@settings(max_examples=200, deadline=None)
@given(days, UNITS, definitions)
def test_the_unit_before_touches_and_is_of_the_same_kind(day: date, unit: Kind, chosen: Definitions) -> None:
    now = unit_holding(day, unit, chosen)
    before = previous(now, chosen)
    assert before.end + timedelta(days=1) == now.start
    assert kind_of(Period(before.start, before.end), chosen) is unit
    assert before.kind == unit.value
    # also when the period does not say what it is
    assert previous(Period(now.start, now.end), chosen) == before


@settings(max_examples=200, deadline=None)
@given(days, st.integers(1, 800), definitions)
def test_days_before_touch_and_are_as_many(start: date, length: int, chosen: Definitions) -> None:
    now = Period(start, start + timedelta(days=length - 1), kind=Kind.ROLLING.value)
    before = previous(now, chosen)
    assert before.end + timedelta(days=1) == now.start
    assert before.days == now.days
    assert before.kind == now.kind


@settings(max_examples=300, deadline=None)
@given(days, st.sampled_from(["week", "month", "quarter", "year"]), definitions)
def test_to_date_is_compared_with_to_date(last: date, unit: str, chosen: Definitions) -> None:
    now = parse(f"this-{unit}", first_day=date(1940, 1, 1), last_day=last, definitions=chosen)
    before, a_year_ago = previous(now, chosen), same_last_year(now, chosen)
    whole = unit_holding(before.start, Kind(unit), chosen)
    assert before.start == whole.start
    assert before.end <= whole.end
    assert before.end < now.start
    assert abs(a_year_ago.days - now.days) <= 1
    if before.days != now.days and kind_of(now, chosen) is not Kind(unit):
        assert before.end == whole.end or unit == "year"
    assert previous(before, chosen).end < before.start


@settings(max_examples=200, deadline=None)
@given(days, st.integers(1, 364), definitions)
def test_last_year_keeps_weekdays_or_the_place_in_the_year(
    start: date, length: int, chosen: Definitions
) -> None:
    now = Period(start, start + timedelta(days=length - 1))
    before = same_last_year(now, chosen)
    kind = kind_of(now, chosen)
    assert 358 <= (now.start - before.start).days <= 372
    if kind in (Kind.MONTH, Kind.QUARTER, Kind.YEAR):
        assert (before.start.month, before.start.day) == (now.start.month, now.start.day)
        assert kind_of(Period(before.start, before.end), chosen) is kind
    else:
        assert before.start.weekday() == now.start.weekday()
        assert before.days == now.days


@settings(max_examples=200, deadline=None)
@given(st.integers(1950, 2150), st.integers(1, 53))
def test_iso_weeks_go_back_to_the_week_of_the_same_number(year: int, week: int) -> None:
    try:
        now = at(f"{year}-W{week:02d}")
    except ValueError:
        assert week == 53
        return
    before = same_last_year(now).start.isocalendar()
    if week < 53:
        assert (before.year, before.week, before.weekday) == (year - 1, week, 1)
    else:
        assert (now.start - same_last_year(now).start).days == 364
