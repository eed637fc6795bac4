"""Times of day, and a date and a time column joined."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.ingest.cells import join_date_time, read_times_of_day, recognise_dates, recognise_times_of_day

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def column(*cells: str) -> pd.Series:
    return pd.Series(list(cells), dtype="str")


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        ("09:12:58", 33178),
        ("9:12", 33120),
        ("9:12 PM", 76320),
        ("12:05 am", 300),
        ("12:05 PM", 43500),
        ("0.38400462962963", 33178),
        ("0,5", 43200),
        ("0", 0),
        ("00:00", 0),
        ("14h30", 52200),
        ("24:00", None),
        ("25:00", None),
        ("9:61", None),
        ("13:00 PM", None),
        ("1.5", None),
        ("9", None),
        ("noon", None),
        ("", None),
    ],
)
def test_one_time(cell: str, seconds: int | None) -> None:
    (value,) = read_times_of_day(column(cell)).tolist()
    assert (None if pd.isna(value) else value) == seconds


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 86_399), min_size=1, max_size=30))
def test_fractions_of_a_day_give_back_the_second(seconds: list[int]) -> None:
    text = column(*(f"{second / 86_400:.14f}" for second in seconds))
    assert read_times_of_day(text).tolist() == seconds


@pytest.mark.parametrize(
    ("cells", "precision"),
    [
        (["09:12:58", "17:03:22"], "second"),
        (["9:12", "17:03"], "minute"),
        (["0.38400462962963", "0.40799768518519"], "second"),
        (["0.5", "0.25", "0.1"], None),
        (["1", "0", "1"], None),
        (["37:12:45"], None),
        (["2025-11-03 09:12"], None),
    ],
)
def test_recognised(cells: list[str], precision: str | None) -> None:
    assert recognise_times_of_day(column(*cells)) == precision


def test_joined() -> None:
    dates, times = (
        column("13.10.2025", "14.10.2025", "15.10.2025", "16.10.2025"),
        column("9:12", "", "x", "0:00"),
    )
    shape = recognise_dates(dates)
    assert shape is not None
    reading = join_date_time(dates, times, shape, "Europe/Berlin", now=NOW, column="Date")
    assert [f"{value:%d %H:%M}" for value in reading.values] == [
        "13 07:12",
        "13 22:00",
        "14 22:00",
        "15 22:00",
    ]
    assert reading.day_only.tolist() == [False, True, True, False]
    assert reading.precision == "minute"
    (finding,) = reading.findings
    assert (finding.code, finding.count) == ("C_DATE_UNPARSEABLE", 1)


def test_midnight_stamps_take_the_time_of_the_other_column() -> None:
    """A stamp at midnight has no time of its own; the doubled hour is still flagged."""
    dates, times = column("2025-10-26 00:00:00"), column("02:30:00")
    shape = recognise_dates(dates)
    assert shape is not None
    hints = pd.Series(pd.to_datetime(["2025-10-26T01:29:00Z"], utc=True))
    reading = join_date_time(dates, times, shape, "Europe/Berlin", hints=hints, now=NOW)
    assert f"{reading.values.iloc[0]:%H:%M}" == "01:30"
    assert set(reading.masks) == {"C_DATE_DST_AMBIGUOUS"}
