"""The periods on offer, the one shown first, and whether the newest day is whole."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.definitions import Definitions
from kpi.periods import (
    default_choice,
    default_period,
    from_label,
    newest_day_is_partial,
    options,
    parse,
    previous,
)

days = st.dates(date(1950, 1, 1), date(2150, 1, 1))
definitions = st.builds(Definitions, first_weekday=st.integers(0, 6), fiscal_year_start=st.integers(1, 12))


@settings(max_examples=80, deadline=None)
@given(days, st.integers(1, 1200), definitions, st.booleans())
def test_labels_are_unique_and_lead_back_to_their_period(
    first: date, length: int, chosen: Definitions, whole: bool
) -> None:
    last = first + timedelta(days=length - 1)
    listed = options(first, last, chosen, newest_day_whole=whole)
    assert len({choice.label.lower() for choice in listed}) == len(listed)
    span = {"first_day": first, "last_day": last, "definitions": chosen, "newest_day_whole": whole}
    for choice in listed:
        assert from_label(choice.label, listed) is choice
        for text in (choice.text, choice.label):
            again = parse(text, **span)
            assert (again, again.label, again.kind) == (
                choice.period,
                choice.period.label,
                choice.period.kind,
            )


@settings(max_examples=150, deadline=None)
@given(days, st.integers(1, 1200), definitions, st.booleans())
def test_the_first_period_shown_has_as_much_before_it_and_is_on_offer(
    first: date, length: int, chosen: Definitions, whole: bool
) -> None:
    last = first + timedelta(days=length - 1)
    shown = default_period(first, last, chosen, newest_day_whole=whole)
    assert first <= shown.start
    assert shown.end <= last
    if length > 2:
        assert previous(shown, chosen).start >= first
    listed = options(first, last, chosen, newest_day_whole=whole)
    assert default_choice(listed, shown) is listed[0]
    assert listed[0].period == shown
    assert previous(listed[0].period, chosen) == previous(shown, chosen)


@pytest.mark.parametrize(
    ("first", "last", "label"),
    [
        ("2025-06-03", "2026-11-12", "October 2026"),
        ("2026-01-01", "2026-03-31", "March 2026"),
        ("2026-01-02", "2026-03-30", "Last 4 full weeks (2–29 Mar 2026)"),
        ("2026-09-01", "2026-10-20", "Last 3 full weeks (28 Sep – 18 Oct 2026)"),
        ("2026-09-14", "2026-09-27", "Week 39, 2026 (21–27 Sep)"),
        ("2026-09-01", "2026-09-09", "Last 4 days (6–9 Sep 2026)"),
        ("2026-09-01", "2026-09-01", "Last day (1 Sep 2026)"),
    ],
)
def test_what_is_shown_first(first: str, last: str, label: str) -> None:
    assert default_period(date.fromisoformat(first), date.fromisoformat(last)).label == label


def test_what_is_on_offer_for_a_quarter_of_data() -> None:
    listed = options(date(2026, 1, 1), date(2026, 3, 31))
    assert [choice.label for choice in listed] == [
        "March 2026",
        "Last 7 days",
        "Last 28 days",
        "Last 30 days",
        "This week to date",
        "This month to date",
        "This quarter to date",
        "This year to date",
        "February 2026",
        "January 2026",
        "Q1 2026",
        *(
            f"Week {week}, 2026 ({span})"
            for week, span in ((13, "23–29 Mar"), (12, "16–22 Mar"), (11, "9–15 Mar"))
        ),
        *(choice.label for choice in listed[14:-1]),
        "All data",
    ]
    assert from_label("Week 2, 2026 (5–11 Jan)", listed) is not None
    assert from_label("Week 1, 2026 (29 Dec – 4 Jan)", listed) is None


def test_a_stray_date_does_not_make_an_endless_list() -> None:
    assert len(options(date(1900, 1, 1), date(2099, 12, 31))) < 100


def arrivals(days_back: int, until_hour: float, seed: int = 7) -> pd.Series:
    """Forty tickets a day between 8 and 20 o'clock, the newest day only up to an hour."""
    draw = np.random.default_rng(seed)
    newest = datetime(2026, 9, 30, tzinfo=UTC)
    stamps = [
        newest - timedelta(days=day) + timedelta(hours=float(hour))
        for day in range(days_back + 1)
        for hour in draw.uniform(8, 20, 40)
        if day > 0 or hour <= until_hour
    ]
    return pd.Series(pd.to_datetime(stamps, utc=True))


def test_an_export_at_noon_is_noticed_and_a_quiet_evening_is_not() -> None:
    assert newest_day_is_partial(arrivals(60, 12), "UTC")
    assert not newest_day_is_partial(arrivals(60, 24), "UTC")
    assert not newest_day_is_partial(arrivals(60, 19.5), "UTC")


def test_without_weeks_before_the_newest_day_counts_as_whole() -> None:
    assert not newest_day_is_partial(arrivals(6, 12), "UTC")
    assert not newest_day_is_partial(pd.Series(pd.to_datetime([None], utc=True)), "UTC")


def test_whole_newest_days_are_seldom_called_partial() -> None:
    called = sum(newest_day_is_partial(arrivals(60, 24, seed=seed), "UTC") for seed in range(300))
    assert called <= 9  # nominal 1 %: 3 of 300, and the chance of more than 9 is 0.1 %
