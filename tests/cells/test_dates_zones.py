"""Zones and clock changes: what is declared, what is doubled, what does not exist."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import pytest

from kpi.ingest.cells import DateReading, read_dates, recognise_dates

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def read(cells: list[str], zone: str, hints: list[str | None] | None = None) -> DateReading:
    text = pd.Series(cells, dtype="str")
    shape = recognise_dates(text)
    assert shape is not None
    expected = None if hints is None else pd.Series(pd.to_datetime(hints, utc=True))
    return read_dates(text, shape, zone, hints=expected, now=NOW)


def utc(reading: DateReading) -> list[str]:
    return [f"{value:%Y-%m-%dT%H:%MZ}" for value in reading.values]


@pytest.mark.parametrize(
    ("cells", "declared"),
    [
        (["2025-11-03T08:12:00Z", "2025-11-04T08:12:00Z"], "UTC"),
        (["2025-11-03T08:12:00+02:00"], "+02:00"),
        (["2025-11-03T08:12:00+01:00", "2025-07-03T08:12:00+02:00"], "offsets"),
        (["2025-11-03 08:12 Europe/Berlin"], "Europe/Berlin"),
        (["2025-11-03 08:12"], None),
        (["2025-11-03"], None),
        (["2025-11-03T08:12:00Z", "2025-11-04 08:12:00"], None),
        (["1762171449"], "UTC"),
    ],
)
def test_declared_zone(cells: list[str], declared: str | None) -> None:
    shape = recognise_dates(pd.Series(cells, dtype="str"))
    assert shape is not None
    assert shape.zone == declared


def test_a_declared_offset_goes_before_the_zone() -> None:
    reading = read(["2025-11-03T08:12:00Z", "2025-11-03T08:12:00"], "America/New_York")
    assert utc(reading) == ["2025-11-03T08:12Z", "2025-11-03T13:12Z"]


def test_a_zone_word_with_several_meanings_is_left_to_the_answer() -> None:
    text = pd.Series(["2025-11-03 08:00:00 IST"], dtype="str")
    shape = recognise_dates(text)
    assert shape is not None
    assert shape.zone_unclear
    assert shape.zone is None
    assert utc(read(["2025-11-03 08:00:00 IST"], "Asia/Kolkata")) == ["2025-11-03T02:30Z"]


def test_the_doubled_hour_is_the_first_one_and_flagged() -> None:
    reading = read(["2025-10-26 02:30", "2025-10-26 03:00", "2025-10-26 01:59"], "Europe/Berlin")
    assert utc(reading) == ["2025-10-26T00:30Z", "2025-10-26T02:00Z", "2025-10-25T23:59Z"]
    (finding,) = reading.findings
    assert (finding.code, finding.count) == ("C_DATE_DST_AMBIGUOUS", 1)


def test_the_doubled_hour_is_settled_by_a_hint() -> None:
    """Created 00:40 and resolved after 170 minutes: 02:30 is the second one (01:30 UTC)."""
    cells = ["2025-10-26 02:30"] * 3
    reading = read(cells, "Europe/Berlin", ["2025-10-26T01:30:00Z", "2025-10-26T00:29:00Z", None])
    assert utc(reading) == ["2025-10-26T01:30Z", "2025-10-26T00:30Z", "2025-10-26T00:30Z"]
    (finding,) = reading.findings
    assert finding.count == 3
    assert "settled by a duration" in finding.examples[0][2]
    assert "first of the two" in finding.examples[2][2]


def test_hints_touch_only_the_doubled_hour() -> None:
    reading = read(["2025-10-25 12:00"], "Europe/Berlin", ["2025-01-01T00:00:00Z"])
    assert utc(reading) == ["2025-10-25T10:00Z"]
    assert reading.findings == ()


def test_the_skipped_hour_moves_forward_and_is_flagged() -> None:
    reading = read(["2025-03-30 02:30", "2025-03-30 03:30"], "Europe/Berlin")
    assert utc(reading) == ["2025-03-30T01:00Z", "2025-03-30T01:30Z"]
    (finding,) = reading.findings
    assert (finding.code, finding.count) == ("C_DATE_DST_NONEXISTENT", 1)


def test_half_hour_clock_change() -> None:
    """Lord Howe Island goes back by 30 minutes on 6 April 2025 at 02:00 (to 01:30)."""
    reading = read(["2025-04-06 01:45"], "Australia/Lord_Howe", ["2025-04-05T15:15:00Z"])
    assert utc(reading) == ["2025-04-05T15:15Z"]


def test_days_are_local_midnights_and_never_flagged() -> None:
    """Midnight of 27 March 2022 does not exist in Beirut."""
    reading = read(["2022-03-27", "2022-03-28"], "Asia/Beirut")
    assert reading.findings == ()
    assert reading.day_only.all()
    local = reading.values.dt.tz_convert("Asia/Beirut")
    assert [f"{value:%Y-%m-%d}" for value in local] == ["2022-03-27", "2022-03-28"]
