"""A process that does not change shows no change: any month length, leap year, rhythm, any pair."""

from __future__ import annotations

import itertools
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.measures import Cells, Mean, Quantile, Rate, Share, Stock

EPOCH = date(1970, 1, 1)
RHYTHM = np.array([40, 31, 30, 28, 25, 6, 0])
"""Tickets created on Monday … Sunday."""
SOLVED = np.array([46, 33, 30, 27, 24, 0, 0])
"""As many in a week, without work on weekends."""


def day_number(day: date) -> int:
    return (day - EPOCH).days


def months(year: int) -> list[tuple[int, int]]:
    starts = [date(year, month, 1) for month in range(1, 13)] + [date(year + 1, 1, 1)]
    return [(day_number(a), day_number(b) - 1) for a, b in itertools.pairwise(starts)]


def created(days: tuple[int, int], rhythm: np.ndarray = RHYTHM) -> Cells:
    every = np.arange(days[0], days[1] + 1)
    return Cells.of_rows(every, None, {"events": rhythm[(every + 3) % 7]})


@pytest.mark.parametrize("year", [2023, 2024])
@pytest.mark.parametrize("total", [True, False])
def test_months_of_a_weekly_rhythm(year: int, total: bool) -> None:
    volume = Rate("created", total=total)
    every = [*months(year), *months(year + 1)]
    for now, before in itertools.product(every[:14], every[:14]):
        difference = volume.difference(created(now), created(before), exposure=(now, before))
        assert difference is not None
        assert (difference.value, difference.p) == (0, 1)
        assert difference.low is not None
        assert difference.high is not None
        assert difference.low < 0 < difference.high
        lengths_differ = now[1] - now[0] != before[1] - before[0]
        if total and lengths_differ:
            assert difference.per == "per day"


def test_totals_are_compared_as_totals_where_the_weekdays_are_the_same() -> None:
    volume = Rate("created", total=True)
    now, before = (20006, 20033), (19978, 20005)
    more = created(now, RHYTHM + 5)
    difference = volume.difference(more, created(before), exposure=(now, before))
    assert difference is not None
    assert difference.per == ""
    assert difference.value == 28 * 5
    assert difference.p is not None
    assert difference.p < 0.01


@given(
    start=st.integers(15000, 22000),
    length=st.integers(7, 120),
    gap=st.integers(0, 400),
    other=st.integers(7, 120),
)
@settings(max_examples=60, deadline=None)
def test_any_two_stretches_of_at_least_a_week(start: int, length: int, gap: int, other: int) -> None:
    before = (start, start + length - 1)
    now = (before[1] + 1 + gap, before[1] + gap + other)
    difference = Rate("created", total=True).difference(created(now), created(before), exposure=(now, before))
    assert difference is not None
    assert (difference.value, difference.p) == (0, 1)


def test_the_same_weekdays_of_two_short_weeks() -> None:
    now, before = (20003, 20007), (19996, 20000)
    difference = Rate("created").difference(created(now), created(before), exposure=(now, before))
    assert difference is not None
    assert (difference.value, difference.p) == (0, 1)
    assert "weekday-balanced" in difference.method


def test_different_weekdays_are_said_to_be_different() -> None:
    now, before = (20000, 20002), (20003, 20005)
    difference = Rate("created").difference(created(now), created(before), exposure=(now, before))
    assert difference is not None
    assert "different weekdays" in difference.method


@pytest.mark.parametrize("first", range(20000, 20014))
def test_shares_means_and_medians_of_a_weekly_rhythm(first: int) -> None:
    """More rows on Mondays, and other values on Mondays: the mix of weekdays must not look like a change."""
    day = np.arange(first, first + 61)
    day = np.repeat(day, RHYTHM[(day + 3) % 7])
    weekday = (day + 3) % 7
    turn = np.arange(day.size)
    columns = {
        "all": np.ones(day.size, np.uint8),
        "flag": (turn % 10 < 6 + weekday % 3).astype(np.uint8),
        "value": (60 + 10 * weekday + 7 * (turn % 13)).astype(np.int32),
    }
    now = day >= first + 31
    for measure in (Share("flag", "all"), Mean("value", "all"), Quantile("value", 0.5, "all")):
        sides = [measure.collect(day[m], None, {k: c[m] for k, c in columns.items()}) for m in (now, ~now)]
        difference = measure.difference(*sides)
        assert difference is not None
        assert difference.p is not None
        assert difference.p > 0.2, difference


def flows(last: int, extra: int = 0) -> Cells:
    """A backlog that rises on weekends and falls on Mondays; ``extra`` stay open weekly from day 19900."""
    day = np.arange(18000, last + 1)
    weekday = (day + 3) % 7
    fewer = np.where((weekday == 0) & (day >= 19900), extra, 0)
    return Cells.of_rows(day, None, {"opened": RHYTHM[weekday], "closed": SOLVED[weekday] - fewer})


def test_a_backlog_with_a_weekly_rhythm_has_not_changed() -> None:
    stock = Stock("opened", "closed")
    for last, earlier in itertools.product(range(20050, 20057), range(20000, 20014)):
        difference = stock.difference(
            flows(last), flows(earlier), exposure=((last, last), (earlier, earlier))
        )
        assert difference is not None
        assert difference.p == 1
        assert difference.low is not None
        assert difference.high is not None
        assert difference.low <= min(0, difference.value)
        assert max(0, difference.value) <= difference.high


def test_a_backlog_that_grows_each_week_has_changed() -> None:
    stock = Stock("opened", "closed")
    difference = stock.difference(flows(20097, 9), flows(20006, 9), exposure=((20097, 20097), (20006, 20006)))
    assert difference is not None
    assert difference.value == 13 * 9
    assert difference.p is not None
    assert difference.p < 0.001
    assert difference.low is not None
    assert difference.low > 0


def test_a_backlog_of_noisy_weeks() -> None:
    random = np.random.default_rng(4)
    stock = Stock("opened", "closed")
    false = 0
    for _ in range(200):
        day = np.arange(19800, 20100)
        both = random.poisson(30, (2, 300))
        cells = Cells.of_rows(day, None, {"opened": both[0], "closed": both[1]})
        difference = stock.difference(cells, cells, exposure=((20080, 20099), (20000, 20019)))
        assert difference is not None
        assert difference.value == both[0, 220:300].sum() - both[1, 220:300].sum()
        assert difference.p is not None
        assert difference.low is not None
        assert difference.high is not None
        assert difference.low <= difference.value <= difference.high
        false += difference.p < 0.05
    assert 2 <= false <= 18  # 5 % of 200 is 10


def test_a_backlog_counts_up_to_the_last_day() -> None:
    stock = Stock("opened", "solved", "created_day", "solved_day")
    columns = {
        "opened": np.ones(4, np.uint8),
        "solved": np.array([1, 1, 0, 0], np.uint8),
        "created_day": np.array([10, 11, 11, 20]),
        "solved_day": np.array([12, 30, 0, 0]),
    }
    cells = stock.collect(columns["created_day"], np.array([1, 1, 2, -1]), columns)
    counts = {last: stock.estimate(cells, exposure=(1, last)).value for last in (10, 11, 12, 20, 30)}
    assert counts == {10: 1, 11: 3, 12: 2, 20: 3, 30: 2}
    estimate = stock.estimate(cells, exposure=(15, 20))
    assert (estimate.n, estimate.low, estimate.method) == (3, None, "exact count")
    assert dict(estimate.parts) == {"opened": 4, "closed": 1}
    assert stock.estimate(cells, exposure=(1, 5)).value is None


def test_a_backlog_too_near_in_time_is_not_judged() -> None:
    stock = Stock("opened", "closed")
    difference = stock.difference(flows(20020, 9), flows(20000, 9), exposure=((20020, 20020), (20000, 20000)))
    assert difference is not None
    assert (difference.low, difference.high, difference.p) == (None, None, None)
    assert "four whole weeks" in difference.method
    segments = stock.difference(flows(20020, 9), flows(20020), exposure=(20000, 20020))
    assert segments is not None
    assert segments.value > 0
    assert segments.p is None
