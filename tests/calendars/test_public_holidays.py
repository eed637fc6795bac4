"""Holidays and the check of a calendar."""

from __future__ import annotations

from datetime import date

import pytest

from kpi.calendars import checked, countries, holiday_dates, named_holidays, subdivisions
from kpi.definitions import NINE_TO_FIVE, Calendar


def test_german_holidays_of_2026() -> None:
    # Nationwide holidays; Easter Sunday 2026 is 5 April (computus): Good Friday 3 April, Ascension 14 May.
    found = holiday_dates(Calendar(country="DE"), date(2026, 1, 1), date(2026, 12, 31))
    assert found == (
        date(2026, 1, 1),
        date(2026, 4, 3),
        date(2026, 4, 6),
        date(2026, 5, 1),
        date(2026, 5, 14),
        date(2026, 5, 25),
        date(2026, 10, 3),
        date(2026, 12, 25),
        date(2026, 12, 26),
    )


def test_a_subdivision_adds_its_own() -> None:
    # Reformation Day is a holiday in Saxony, not in Bavaria.
    day = date(2026, 10, 31)
    assert holiday_dates(Calendar(country="DE", subdivision="SN"), day, day) == (day,)
    assert holiday_dates(Calendar(country="DE", subdivision="BY"), day, day) == ()


def test_a_holiday_on_a_saturday_counts_on_the_day_it_is_observed() -> None:
    # 5 U.S.C. 6103(b): a holiday on a Saturday is observed on the Friday before; 4 July 2026 is a Saturday.
    found = named_holidays(Calendar(country="US"), date(2026, 7, 1), date(2026, 7, 31))
    assert list(found) == [date(2026, 7, 3), date(2026, 7, 4)]


def test_closed_dates_join_the_holidays_in_order() -> None:
    calendar = Calendar(country="DE", closed=(date(2026, 12, 24), date(2027, 3, 1)))
    found = holiday_dates(calendar, date(2026, 12, 1), date(2027, 1, 1))
    assert found == (date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1))


def test_no_country_has_no_holidays() -> None:
    assert holiday_dates(Calendar(), date(2000, 1, 1), date(2050, 1, 1)) == ()


def test_every_country_on_offer_can_be_used() -> None:
    assert len(countries()) > 200
    for country in countries():
        checked(Calendar(country=country))
        for subdivision in subdivisions(country)[:2]:
            checked(Calendar(country=country, subdivision=subdivision))


def test_an_unknown_country_lists_the_choices_and_the_likely_one() -> None:
    with pytest.raises(ValueError, match=r"'de' is not known \(did you mean DE\?\); choose one of AD, AE,"):
        named_holidays(Calendar(country="de"), date(2026, 1, 1), date(2026, 1, 2))


def test_every_problem_of_a_calendar_is_named_at_once() -> None:
    weekly = (*NINE_TO_FIVE[:5], ((600, 540), (0, 1500)))
    broken = Calendar(zone="Nowhere", weekly=weekly, country="DE", subdivision="ZZ")
    with pytest.raises(ValueError) as raised:
        checked(broken)
    message = str(raised.value)
    for part in (
        "'Nowhere' is not an IANA zone",
        "found 6",
        "600-540",
        "0-1500",
        "'ZZ'",
        "choose one of BB, BE",
    ):
        assert part in message
