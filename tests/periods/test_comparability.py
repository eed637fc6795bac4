"""When two periods may be compared, and what is said."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.definitions import Calendar, Definitions
from kpi.model import Period
from kpi.periods import Kind, Window, comparable, inside

DATA = {"first_day": date(2026, 1, 5), "last_day": date(2026, 12, 20)}
days = st.dates(date(2020, 1, 1), date(2030, 1, 1))


def days_of(start: str, end: str) -> Period:
    return Period(date.fromisoformat(start), date.fromisoformat(end))


def window(now: Period, before: Period, **chosen: object) -> Window:
    return comparable(now, before, **{**DATA, **chosen})  # type: ignore[arg-type]


def test_months_of_different_length_are_compared_per_day() -> None:
    found = window(days_of("2026-09-01", "2026-09-30"), days_of("2026-08-01", "2026-08-31"))
    assert found.refused is None
    assert not found.equal_length
    assert found.per_day_basis
    assert (found.working_days_now, found.working_days_before) == (22, 21)
    assert found.words == (
        "1–30 September 2026 (30 days, 22 working) against 1–31 August 2026 (31 days, 21 working). "
        "The lengths differ, so totals are compared per day."
    )


def test_equal_weeks_need_no_per_day_basis() -> None:
    found = window(days_of("2026-09-14", "2026-09-20"), days_of("2026-09-07", "2026-09-13"))
    assert found.equal_length
    assert found.same_weekdays
    assert not found.per_day_basis
    assert found.words == (
        "14–20 September 2026 (7 days, 5 working) against 7–13 September 2026 (7 days, 5 working)."
    )


def test_holidays_are_no_working_days() -> None:
    german = Definitions(calendar=Calendar(zone="Europe/Berlin", country="DE"))
    found = window(
        days_of("2026-05-01", "2026-05-31"), days_of("2026-04-01", "2026-04-30"), definitions=german
    )
    # Labour Day, Ascension, Whit Monday; Good Friday, Easter Monday
    assert (found.working_days_now, found.working_days_before) == (21 - 3, 22 - 2)


def test_the_edge_of_the_data_shortens_a_side() -> None:
    found = window(days_of("2026-02-01", "2026-02-28"), days_of("2026-01-01", "2026-01-31"))
    assert (found.days_now, found.days_before) == (28, 27)
    assert found.coverage_before == pytest.approx(27 / 31)
    assert found.coverage_now == 1
    assert found.per_day_basis
    assert "only 27 of its 31 days in the data" in found.words


@pytest.mark.parametrize(
    ("now", "before", "says"),
    [
        (
            ("2026-01-05", "2026-01-11"),
            ("2025-12-29", "2026-01-04"),
            "the period before (29 December 2025 – 4 Jan",
        ),
        (
            ("2027-01-04", "2027-01-10"),
            ("2026-12-07", "2026-12-13"),
            "the period (4–10 January 2027) lies wholly",
        ),
        (("2026-09-01", "2026-09-30"), ("2026-08-15", "2026-09-03"), "share 3 days (1–3 September 2026)"),
        (("2026-09-01", "2026-09-30"), ("2026-09-30", "2026-09-30"), "share 1 day (30 September 2026)"),
        (("2026-09-01", "2026-09-30"), ("2026-09-01", "2026-09-30"), "are the same days"),
    ],
)
def test_refusals(now: tuple[str, str], before: tuple[str, str], says: str) -> None:
    found = window(days_of(*now), days_of(*before))
    assert found.refused is not None
    assert says in found.refused
    assert "choose" in found.refused


def test_both_sides_outside_are_both_named() -> None:
    refused = window(days_of("2030-01-01", "2030-01-31"), days_of("2029-12-01", "2029-12-31")).refused
    assert refused is not None
    assert "the period (1–31 January 2030)" in refused
    assert "the period before (1–31 December 2029)" in refused
    assert "the data (5 January – 20 December 2026)" in refused


def test_a_clipped_period_is_no_month_any_more() -> None:
    found = inside(Period(date(2026, 12, 1), date(2026, 12, 31), "December 2026", Kind.MONTH.value), **DATA)
    assert found is not None
    assert (found.label, found.kind, found.days) == ("1–20 December 2026", "custom", 20)
    assert inside(days_of("2025-01-01", "2025-01-31"), **DATA) is None
    whole = Period(date(2026, 9, 1), date(2026, 9, 30), "September 2026", Kind.MONTH.value)
    assert inside(whole, **DATA) is whole


@settings(max_examples=150, deadline=None)
@given(days, st.integers(1, 400), days, st.integers(1, 400))
def test_counts_agree_with_a_walk_over_the_days(a: date, n: int, b: date, m: int) -> None:
    now, before = Period(a, a + timedelta(days=n - 1)), Period(b, b + timedelta(days=m - 1))
    span = {"first_day": date(2022, 3, 1), "last_day": date(2027, 8, 9)}
    found = comparable(now, before, **span)

    def walk(period: Period) -> list[date]:
        every = (period.start + timedelta(days=day) for day in range(period.days))
        return [day for day in every if span["first_day"] <= day <= span["last_day"]]

    ours, theirs = walk(now), walk(before)
    assert (found.days_now, found.days_before) == (len(ours), len(theirs))
    assert found.working_days_now == sum(day.weekday() < 5 for day in ours)
    assert found.weekdays_before == tuple(sum(day.weekday() == w for day in theirs) for w in range(7))
    shared = now.start <= before.end and before.start <= now.end
    assert (found.refused is not None) == bool(not ours or not theirs or shared)
