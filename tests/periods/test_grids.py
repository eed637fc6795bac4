"""Grids tile their period."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.definitions import Definitions
from kpi.model import Period
from kpi.periods import Kind, grid, kind_of

days = st.dates(date(1950, 1, 1), date(2150, 1, 1))
definitions = st.builds(Definitions, first_weekday=st.integers(0, 6), fiscal_year_start=st.integers(1, 12))


@settings(max_examples=150, deadline=None)
@given(days, st.integers(1, 900), st.sampled_from(["day", "week", "month", "quarter", "year"]), definitions)
def test_parts_cover_the_period_and_only_the_ends_are_cut(
    start: date, length: int, grain: str, chosen: Definitions
) -> None:
    period = Period(start, start + timedelta(days=length - 1))
    parts = grid(period, grain, chosen)
    assert parts[0].start == period.start
    assert parts[-1].end == period.end
    assert all(a.end + timedelta(days=1) == b.start for a, b in pairwise(parts))
    whole = [part for part in parts if part.kind == grain]
    assert all(kind_of(Period(part.start, part.end), chosen) is Kind(grain) for part in whole)
    assert all(part.kind == grain for part in parts[1:-1])
    assert all("only" in part.label for part in parts if part.kind != grain)
    assert grid(period, grain, chosen, partial="drop") == tuple(whole)
    assert len({part.label for part in parts}) == len(parts)


def test_weeks_across_the_clock_change_and_the_new_year() -> None:
    parts = grid(Period(date(2026, 12, 21), date(2027, 1, 5)), "week")
    assert [part.label for part in parts] == [
        "Week 52, 2026 (21–27 Dec)",
        "Week 53, 2026 (28 Dec – 3 Jan)",
        "Week 1, 2027 (only 4–5 Jan)",
    ]


def test_an_unknown_grain_is_refused_with_the_choices() -> None:
    with pytest.raises(ValueError, match="'hour' is no grain of a grid; choose one of day, week, month"):
        grid(Period(date(2026, 1, 1), date(2026, 1, 2)), "hour")
