"""Every way of writing a date and time, read cell by cell and generated."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.ingest.cells import read_dates, recognise_dates

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def column(*cells: str | None) -> pd.Series:
    return pd.Series(list(cells), dtype="str")


def read(cells: pd.Series, zone: str = "UTC", **options: object) -> list[str | None]:
    shape = recognise_dates(cells)
    assert shape is not None
    reading = read_dates(cells, shape, zone, now=NOW, **options)  # type: ignore[arg-type]
    return [None if pd.isna(value) else value.isoformat() for value in reading.values]


@pytest.mark.parametrize(
    ("cell", "utc"),
    [
        ("2025-11-03T08:12:09Z", "2025-11-03T08:12:09+00:00"),
        ("2025-11-03T08:12:09.083Z", "2025-11-03T08:12:09.083000+00:00"),
        ("2025-11-03T08:12:09,5Z", "2025-11-03T08:12:09.500000+00:00"),
        ("2025-11-03 08:12", "2025-11-03T08:12:00+00:00"),
        ("2023-06-01 7:29", "2023-06-01T07:29:00+00:00"),
        ("2025-11-03T08:12:09+02:00", "2025-11-03T06:12:09+00:00"),
        ("2025-11-03T08:12:09-0530", "2025-11-03T13:42:09+00:00"),
        ("2025-11-03T08:12:09+05", "2025-11-03T03:12:09+00:00"),
        ("2025-11-03 08:00:00 UTC", "2025-11-03T08:00:00+00:00"),
        ("2025-11-03 08:00:00 GMT+2", "2025-11-03T06:00:00+00:00"),
        ("2025-11-03 08:00:00 EST", "2025-11-03T13:00:00+00:00"),
        ("2025/09/23 2:05:12 PM GMT+2", "2025-09-23T12:05:12+00:00"),
        ("2025-11-03 08:00 Europe/Berlin", "2025-11-03T07:00:00+00:00"),
        ("13.10.2025 09:15", "2025-10-13T09:15:00+00:00"),
        ("13.10.2025 09.15", "2025-10-13T09:15:00+00:00"),
        ("13.10.25", "2025-10-13T00:00:00+00:00"),
        ("13/10/2025 9:15 pm", "2025-10-13T21:15:00+00:00"),
        ("10/13/2025, 11:14 AM", "2025-10-13T11:14:00+00:00"),
        ("10/13/25 12:05 AM", "2025-10-13T00:05:00+00:00"),
        ("10/13/2025 12:05:30 p.m.", "2025-10-13T12:05:30+00:00"),
        ("19/Jan/26 12:47 PM", "2026-01-19T12:47:00+00:00"),
        ("19/ene/26 1:47 AM", "2026-01-19T01:47:00+00:00"),
        ("1-Jan-21", "2021-01-01T00:00:00+00:00"),
        ("14 Oct 2025 10:15 AM", "2025-10-14T10:15:00+00:00"),
        ("Thu, 27 Oct 2016 14:51:34", "2016-10-27T14:51:34+00:00"),
        ("Mon Nov  3 08:12:00 UTC 2025", "2025-11-03T08:12:00+00:00"),
        ("Mon Nov 03 2025 08:12:00 GMT+0100 (CET)", "2025-11-03T07:12:00+00:00"),
        ("November 3rd, 2025", "2025-11-03T00:00:00+00:00"),
        ("Nov 3, 2025, 8:12 PM", "2025-11-03T20:12:00+00:00"),
        ("3. November 2025 um 09:15 Uhr", "2025-11-03T09:15:00+00:00"),
        ("3 de noviembre de 2025", "2025-11-03T00:00:00+00:00"),
        ("mar. 4 mars 2025", "2025-03-04T00:00:00+00:00"),
        ("4 août 2025 14h30", "2025-08-04T14:30:00+00:00"),
        ("5 maja 2025", "2025-05-05T00:00:00+00:00"),
        ("3\u00a0mrt 2025 08:00", "2025-03-03T08:00:00+00:00"),
        ("20251103T130409Z", "2025-11-03T13:04:09+00:00"),
        ("20251103130409", "2025-11-03T13:04:09+00:00"),
        ("2025-11-03T24:00:00Z", "2025-11-04T00:00:00+00:00"),
        ("97-05-12 10:00", "1997-05-12T10:00:00+00:00"),
        ("1762171449", "2025-11-03T12:04:09+00:00"),
        ("1762171449250", "2025-11-03T12:04:09.250000+00:00"),
        ("45966.704734", "2025-11-05T16:54:49+00:00"),
    ],
)
def test_one_way_of_writing(cell: str, utc: str) -> None:
    assert read(column(cell)) == [utc]


@pytest.mark.parametrize(
    "cell",
    [
        "hello",
        "T-0001",
        "192.168.1.1",
        "1-2-3",
        "Nov 2025",
        "2025-11",
        "2025-W45-1",
        "+49 170 1234567",
        "12:02:23 AM",
        "37:12:45",
        "3.5",
        "1234",
        "99999",
        "5 min",
        "2025-11-03 25:00",
        "Monday",
        "12/2025",
        "1/2",
        "v1.2.2025.3",
    ],
)
def test_what_is_no_date(cell: str) -> None:
    assert recognise_dates(column(cell)) is None


def test_a_phone_column_is_numbers_and_says_so() -> None:
    shape = recognise_dates(column("1512550100", "1512550101"))
    assert shape is not None
    assert shape.kind == "epoch_s", "only a header can say that these are times"


def test_cells_that_are_no_dates_are_counted_with_their_records() -> None:
    cells = column("2025-11-03", "2025-02-29", "-", "", None, "0000-00-00", *["2025-11-04"] * 10)
    shape = recognise_dates(cells)
    assert shape is not None
    reading = read_dates(cells, shape, "UTC", now=NOW, records=np.arange(100, 116), column="Opened")
    found = {finding.code: finding for finding in reading.findings}
    assert found["C_DATE_UNPARSEABLE"].count == 2
    assert [example[:2] for example in found["C_DATE_UNPARSEABLE"].examples] == [
        (101, "2025-02-29"),
        (105, "0000-00-00"),
    ]
    assert found["C_PLACEHOLDER"].count == 1
    assert found["C_PLACEHOLDER"].column == "Opened"
    assert reading.values.isna().tolist() == [False, True, True, True, True, True, *[False] * 10]
    assert reading.masks["C_DATE_UNPARSEABLE"].tolist() == [
        False,
        True,
        False,
        False,
        False,
        True,
        *[False] * 10,
    ]


def test_examples_stop_at_twenty_and_counts_do_not() -> None:
    cells = column(*["2025-11-03"] * 200, *["2025-02-30"] * 30)
    shape = recognise_dates(cells)
    assert shape is not None
    (finding,) = read_dates(cells, shape, "UTC", now=NOW).findings
    assert (finding.count, len(finding.examples)) == (30, 20)


def test_years_before_1995_and_days_after_now_are_nulled() -> None:
    cells = column("1994-12-31", "1995-01-01", "2026-06-02", "2026-06-05", "9999-12-31", "1900-01-01")
    assert read(cells) == [None, "1995-01-01T00:00:00+00:00", "2026-06-02T00:00:00+00:00", None, None, None]


def test_due_dates_may_lie_ahead() -> None:
    assert read(column("2027-06-05", "9999-12-31", "2026-01-01"), future=True) == [
        "2027-06-05T00:00:00+00:00",
        None,
        "2026-01-01T00:00:00+00:00",
    ]


def test_serial_days_within_text_dates_are_repaired() -> None:
    cells = column("2025-11-03 10:00:10", "45966.704734", *["2025-11-04 00:30:00"] * 5)
    shape = recognise_dates(cells)
    assert shape is not None
    reading = read_dates(cells, shape, "Asia/Kolkata", now=NOW)
    (finding,) = reading.findings
    assert finding.code == "C_DATE_EXCEL_SERIAL"
    assert "2025-11-05 16:54:49" in finding.examples[0][2]
    assert reading.values.iloc[1] == pd.Timestamp("2025-11-05 16:54:49", tz="Asia/Kolkata")


def test_numbers_are_not_dates_of_a_text_column_when_they_are_many() -> None:
    assert recognise_dates(column("2025-11-03", "45966", "45967")) is None


def test_month_words_of_another_language_are_flagged() -> None:
    cells = column("19/ene/26 1:02 AM", "19/Jan/26 12:47 PM")
    shape = recognise_dates(cells)
    assert shape is not None
    (finding,) = read_dates(cells, shape, "UTC", now=NOW).findings
    assert (finding.code, finding.count) == ("C_DATE_LOCALISED_MONTH", 1)


@pytest.mark.parametrize(
    ("cells", "precision"),
    [
        (["2025-11-03"], "day"),
        (["2025-11-03 00:00:00"] * 5, "day"),
        (["2025-11-03 09:15"], "minute"),
        ([f"2025-11-03 09:{minute:02d}:00" for minute in range(20)], "minute"),
        (["2025-11-03 09:15:01"], "second"),
    ],
)
def test_precision(cells: list[str], precision: str) -> None:
    shape = recognise_dates(column(*cells))
    assert shape is not None
    assert shape.precision == precision
    reading = read_dates(column(*cells), shape, "UTC", now=NOW)
    assert reading.precision == precision
    assert reading.day_only.tolist() == [precision == "day"] * len(cells)


FORMATS = [
    ("%Y-%m-%d %H:%M:%S", 1),
    ("%Y-%m-%dT%H:%M:%S", 1),
    ("%Y/%m/%d %H:%M", 60),
    ("%d.%m.%Y %H:%M", 60),
    ("%d/%m/%Y %H:%M:%S", 1),
    ("%m/%d/%Y %I:%M:%S %p", 1),
    ("%d-%m-%y %H:%M", 60),
    ("%d/%b/%y %I:%M %p", 60),
    ("%a, %d %b %Y %H:%M:%S", 1),
    ("%B %d, %Y %I:%M %p", 60),
    ("%Y%m%d%H%M%S", 1),
]
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "+02:00"]
EARLIEST = int(datetime(2005, 1, 1, tzinfo=UTC).timestamp())


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(FORMATS),
    st.sampled_from(ZONES),
    st.lists(st.integers(EARLIEST, EARLIEST + 20 * 365 * 86_400), min_size=1, max_size=30),
)
def test_generated_dates_come_back(form: tuple[str, int], zone: str, seconds: list[int]) -> None:
    """Writing instants in any format and zone and reading them gives them back (the first, where doubled)."""
    pattern, step = form
    place = ZoneInfo(zone) if "/" in zone or zone == "UTC" else None
    shift = timedelta(hours=2)
    # One moment with a day above 12 in any zone proves the order.
    proof = int(datetime(2020, 6, 20, 12, 34, 56, tzinfo=UTC).timestamp())
    instants = [second - second % step for second in [*seconds, proof]]
    local = [
        datetime.fromtimestamp(second, tz=place) if place else datetime.fromtimestamp(second, tz=UTC) + shift
        for second in instants
    ]
    cells = column(*(moment.strftime(pattern) for moment in local))
    shape = recognise_dates(cells)
    assert shape is not None
    assert shape.share == 1
    if shape.order == "ambiguous":
        raise AssertionError("the proof was not seen")
    reading = read_dates(cells, shape, zone, now=NOW)
    for instant, moment, value in zip(instants, local, reading.values, strict=True):
        expected = pd.Timestamp(instant, unit="s", tz="UTC")
        if place is not None and moment.fold == 1:
            first = moment.replace(fold=0).astimezone(UTC)
            assert value in (expected, pd.Timestamp(first))
        else:
            assert value == expected


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=90), max_size=30))
def test_any_text_is_read_without_error(cells: list[str]) -> None:
    text = column(*cells, "2025-11-03 08:12")
    shape = recognise_dates(column("2025-11-03 08:12"))
    assert shape is not None
    reading = read_dates(text, shape, "Europe/Berlin", now=NOW)
    assert len(reading.values) == len(text)
    assert reading.values.iloc[-1] == pd.Timestamp("2025-11-03 07:12", tz="UTC")
    noted = sum(
        f.count
        for f in reading.findings
        if f.code in ("C_PLACEHOLDER", "C_DATE_UNPARSEABLE", "C_DATE_OUT_OF_RANGE")
    )
    blank = int((text.str.strip().fillna("") == "").sum())
    assert int(reading.values.isna().sum()) - noted <= blank


def test_an_index_is_kept() -> None:
    cells = pd.Series(["2025-11-03", "2025-11-04"], index=[7, 3], dtype="str")
    shape = recognise_dates(cells)
    assert shape is not None
    values = read_dates(cells, shape, "UTC", now=NOW).values
    assert values.index.tolist() == [7, 3]
    assert str(values.dtype) == "datetime64[ns, UTC]"


def test_an_empty_column_has_no_shape() -> None:
    assert recognise_dates(column()) is None
    assert recognise_dates(column("", "-", None)) is None


def test_an_unknown_zone_is_refused() -> None:
    cells = column("2025-11-03")
    shape = recognise_dates(cells)
    assert shape is not None
    with pytest.raises(ValueError, match="unknown time zone 'Mars/Base'"):
        read_dates(cells, shape, "Mars/Base", now=NOW)
