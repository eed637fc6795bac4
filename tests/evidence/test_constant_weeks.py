"""A desk in which every week is the same, from its files to the comparison: nothing is better or worse.

Whatever the windows: weeks around a change of the clock, months of 28 to 31 days, a leap year, quarters,
years, rolling days, ranges of any two lengths, periods to date with tickets that are still open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from constant_desk import FIRST, LAST, files

from kpi import compare, periods
from kpi.definitions import Calendar, Definitions
from kpi.facts import Facts, build_facts
from kpi.ingest import Import, import_files
from kpi.model import Comparison, Direction, Grain, Period, Verdict

ZONE = "Europe/Berlin"
QUIET = (Verdict.UNCLEAR, Verdict.TOO_FEW)
CLOCK_CHANGES = (
    date(2023, 3, 26),
    date(2023, 10, 29),
    date(2024, 3, 31),
    date(2024, 10, 27),
    date(2025, 3, 30),
)
BY_LENGTH = ("retention", "churn")
"""Customers lost in a period: more in a longer one."""
AFTER_A_MONTH = FIRST + timedelta(weeks=5)
"""By then the long tickets of the first weeks are solved and customers have a past."""


@pytest.fixture(scope="module")
def imported() -> Import:
    return import_files(files(), {"timezone": ZONE}, team_zone=ZONE)


@pytest.fixture(scope="module")
def desk(imported: Import) -> Facts:
    return build_facts(imported.tables, Definitions(timezone=ZONE))


@pytest.fixture(scope="module")
def desk_in_open_hours(imported: Import) -> Facts:
    definitions = replace(Definitions(timezone=ZONE), business_hours=True, calendar=Calendar(zone=ZONE))
    return build_facts(imported.tables, definitions)


def period(text: str, facts: Facts) -> Period:
    return periods.parse(
        text,
        first_day=facts.first_day,
        last_day=facts.last_day,
        definitions=facts.definitions,
        newest_day_whole=False,
    )


def quiet(facts: Facts, now: Period, before: Period, by: tuple[str, ...] = ()) -> list[Comparison]:
    """The comparisons, none of which says anything; volume per day is exactly the same from a week on."""
    terms = periods.comparable(now, before, first_day=facts.first_day, last_day=facts.last_day)
    assert terms.refused is None
    found = list(compare.compare(facts, now, before, by=by))
    if not terms.equal_length:
        found = [each for each in found if each.metric.key not in BY_LENGTH]
    loud = [(str(now), str(before), each) for each in found if each.verdict not in QUIET]
    assert loud == []
    if not by and min(terms.days_now, terms.days_before) >= 7:
        (volume,) = (each for each in found if each.metric.key == "volume")
        assert volume.difference is not None
        assert volume.difference.value == pytest.approx(0, abs=1e-9)
        assert volume.difference.p == pytest.approx(1)
    return found


def small(found: list[Comparison]) -> list[Comparison]:
    return [
        c for c in found if c.difference is not None and c.difference.p is not None and c.difference.p < 0.05
    ]


def test_the_files_are_read_without_loss(imported: Import, desk: Facts) -> None:
    assert len(imported.files) == 5
    for account in imported.files:
        assert account.rows_kept == account.rows_read
        assert account.rejects == ()
    assert set(desk.tables) == set(Grain)
    assert (desk.first_day, desk.last_day) == (
        (FIRST - date(1970, 1, 1)).days,
        (LAST - date(1970, 1, 1)).days,
    )
    answered = {
        each.metric.key
        for each in compare.measure(desk, Period(date(2024, 1, 1), date(2024, 12, 31)))
        if each.estimate.value is not None
    }
    assert {
        "frt",
        "ttr",
        "volume",
        "backlog",
        "csat",
        "nps",
        "ces",
        "fcr",
        "reopen_rate",
        "churn",
        "qa",
    } <= answered
    assert len(answered) >= 25


@pytest.mark.parametrize("change", CLOCK_CHANGES, ids=str)
def test_weeks_around_a_change_of_the_clock(desk: Facts, desk_in_open_hours: Facts, change: date) -> None:
    week = Period(change - timedelta(days=6), change)
    for facts in (desk, desk_in_open_hours):
        for now in (week, week.shifted(7), week.shifted(14)):
            found = quiet(facts, now, periods.previous(now))
            assert small(found) == []


def months() -> list[str]:
    return [f"{year}-{month:02d}" for year in (2023, 2024, 2025) for month in range(1, 13)][2:29]


@pytest.mark.parametrize("text", months())
def test_every_month_against_the_one_before(desk: Facts, text: str) -> None:
    now = period(text, desk)
    assert 28 <= now.days <= 31
    found = quiet(desk, now, periods.previous(now))
    assert small(found) == []


@pytest.mark.parametrize("text", ["2024-02", "2024-03", "2025-02", "2024-Q2", "2025-Q1", "2024", "2024-W10"])
def test_the_same_period_of_the_year_before(desk: Facts, text: str) -> None:
    now = period(text, desk)
    if now.start.year - 1 > 2023 or now.start > date(2024, 1, 31):
        quiet(desk, now, periods.same_last_year(now))
    else:
        quiet(desk, now, Period(AFTER_A_MONTH, date(2023, 12, 31)))


@pytest.mark.parametrize(
    "text", ["2023-Q3", "2023-Q4", "2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4", "2025-Q1"]
)
def test_every_quarter_against_the_one_before(desk: Facts, text: str) -> None:
    now = period(text, desk)
    assert 90 <= now.days <= 92
    quiet(desk, now, periods.previous(now))


@pytest.mark.parametrize(
    "text",
    [
        *("last-7-days", "last-10-days", "last-28-days", "last-30-days", "last-91-days"),
        *("last-full-week", "last-4-full-weeks", "last-full-month", "last-full-quarter"),
        *("this-week", "this-month", "this-quarter"),
    ],
)
def test_the_newest_days_while_tickets_are_still_open(desk: Facts, text: str) -> None:
    now = period(text, desk)
    assert now.end < LAST
    quiet(desk, now, periods.previous(now))
    quiet(desk, now, periods.same_last_year(now))


@pytest.mark.parametrize("field", ["channel", "agent", "category"])
def test_every_segment_of_a_leap_february(desk: Facts, field: str) -> None:
    now = period("2024-02", desk)
    assert now.days == 29
    found = quiet(desk, now, periods.previous(now), by=(field,))
    assert len({str(each.group) for each in found if each.metric.key == "volume"}) >= 3


def ranges(number: int, seed: int, equal: bool) -> Iterator[tuple[Period, Period]]:
    """Random pairs of ranges of 7 to 120 days, one after the other, with any gap."""
    random = np.random.default_rng(seed)
    whole = (LAST - AFTER_A_MONTH).days
    for _ in range(number):
        early, late = (int(length) for length in random.integers(7, 121, 2))
        late = early if equal else late
        gap = int(random.integers(0, 60))
        start = AFTER_A_MONTH + timedelta(days=int(random.integers(0, whole - early - gap - late)))
        before = Period(start, start + timedelta(days=early - 1))
        begin = before.end + timedelta(days=1 + gap)
        yield Period(begin, begin + timedelta(days=late - 1)), before


@pytest.mark.parametrize("equal", [True, False], ids=["equal lengths", "any lengths"])
def test_ranges_of_any_dates(desk: Facts, equal: bool) -> None:
    for now, before in ranges(20, 5, equal):
        quiet(desk, now, before)


@pytest.mark.full
@pytest.mark.parametrize("equal", [True, False], ids=["equal lengths", "any lengths"])
def test_many_ranges_of_any_dates(desk: Facts, equal: bool) -> None:
    for now, before in ranges(400, 6, equal):
        quiet(desk, now, before)


@pytest.mark.parametrize("key", BY_LENGTH)
def test_customers_lost_in_periods_of_unequal_length(desk: Facts, key: str) -> None:
    """As many leave in every week; a longer period loses more of them, which is no change."""
    month, quarter = period("2024-04", desk), period("2024-Q1", desk)
    (found,) = compare.compare(desk, month, quarter, metrics=(key,))
    assert found.metric.better is not Direction.NEUTRAL
    assert found.verdict in QUIET, found
