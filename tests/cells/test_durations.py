"""Durations in every form, units, basis."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.ingest.cells import durations, read_durations, recognise_durations, unit_from_header


def column(*cells: str) -> pd.Series:
    return pd.Series(list(cells), dtype="str")


def seconds(
    *cells: str, unit: str | None = None, header: str = "", negative: bool = False
) -> list[float | None]:
    text = column(*cells)
    shape = recognise_durations(text, header)
    reading = read_durations(text, unit, shape=shape, negative=negative)
    return [None if pd.isna(value) else value for value in reading.seconds]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("37:12:45", 133_965),
        ("00:45:23", 2_723),
        ("0:02:23", 143),
        ("25:30", 91_800),
        ("01:08:39.283", 4_119.283),
        ("12:02:23 AM", 143),
        ("1:05:00 PM", 47_100),
        ("1/1/1970 0:27", 1_620),
        ("1/2/1970 1:00", 90_000),
        ("1970-01-01 00:27:00", 1_620),
        ("12/30/1899 0:27", 1_620),
        ("1/0/1900 0:27", 1_620),
        ("1/1/1900 1:30", 91_800),
        ("12,5 min", 750),
        ("12.5 min.", 750),
        ("95 Minuten", 5_700),
        ("3h", 10_800),
        ("250 ms", 0.25),
        ("2 weeks", 1_209_600),
        ("1 day 2 hours", 93_600),
        ("1 d 9 h 46 m 18 s", 121_578),
        ("2h 05m", 7_500),
        ("3 hours, 4 minutes and 5 seconds", 11_045),
        ("1 Tag und 2 Stunden", 93_600),
        ("1 days 02:03:04", 93_784),
        ("1 day, 2:03:04", 93_784),
        ("1.09:46:18", 121_578),
        ("PT12M", 720),
        ("P1DT2H3M4.5S", 93_784.5),
        ("P1D", 86_400),
    ],
)
def test_one_duration(cell: str, expected: float) -> None:
    assert seconds(cell) == [expected]


@pytest.mark.parametrize(
    "cell", ["5 m 3 h", "1:75:00", "abc", "3 apples", "2 months", "PT", "P1H", "1/1/2020 0:27", "12:99"]
)
def test_what_is_no_duration(cell: str) -> None:
    assert recognise_durations(column(cell)) is None
    assert seconds(cell) == [None]


def test_bare_numbers_beside_worded_cells_are_said_and_wait_for_a_unit() -> None:
    text = column("12,5 min", "00:07:30", "95", "-")
    shape = recognise_durations(text, "Handling time")
    assert shape is not None
    assert (shape.kind, shape.unit, shape.bare, shape.worded, shape.clock, shape.decimal) == (
        "mixed",
        "minutes",
        1,
        1,
        1,
        ",",
    )
    without = read_durations(text, None, shape=shape)
    assert without.seconds.isna().tolist() == [False, False, True, True]
    assert without.seconds.tolist()[:2] == [750.0, 450.0]
    assert [(f.code, f.count) for f in without.findings] == [("C_PLACEHOLDER", 1), ("C_DUR_UNPARSEABLE", 1)]
    assert "without a unit" in without.findings[1].examples[0][2]
    assert read_durations(text, "minutes", shape=shape).seconds.tolist()[2] == 5_700


def test_zero_needs_no_unit() -> None:
    assert seconds("0", "12") == [0, None]


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("milliseconds", 1.5),
        ("seconds", 1_500),
        ("minutes", 90_000),
        ("hours", 5_400_000),
        ("days", 129_600_000),
    ],
)
def test_units_of_bare_numbers(unit: str, expected: float) -> None:
    assert seconds("1500", unit=unit) == [expected]


def test_decimal_and_thousands_signs_are_those_of_the_column() -> None:
    assert seconds("1,234.5", "12", unit="hours") == [4_444_200, 43_200]
    assert seconds("1.234,5 min", "1.234 min") == [74_070, 74_040]


def test_two_part_clocks() -> None:
    text = column("4:02", "12:30")
    unclear = recognise_durations(text, "AvgTalkDuration")
    assert unclear is not None
    assert (unclear.two_part, unclear.certain) == ("m:ss", False)
    assert read_durations(text, "m:ss", shape=unclear).seconds.tolist() == [242, 750]
    assert read_durations(text, "h:mm", shape=unclear).seconds.tolist() == [14_520, 45_000]
    said = recognise_durations(text, "FRT (hh:mm)")
    assert said is not None
    assert (said.two_part, said.certain) == ("h:mm", True)


def test_times_of_day_are_durations_only_when_all_cells_are() -> None:
    assert seconds("12:02:23 AM", "12:04:02 AM", "") == [143, 242, None]
    assert seconds(*["0:02:23"] * 9, "12:04:02 AM") == [143] * 9 + [None]


def test_negative_and_endless_ones_are_nulled_and_counted() -> None:
    text = column("-0:05:00", "-12", "1:00:00", "90000000000")
    reading = read_durations(text, "seconds", records=np.array([11, 12, 13, 14]))
    assert reading.seconds.isna().tolist() == [True, True, False, True]
    found = {finding.code: finding for finding in reading.findings}
    assert found["C_DUR_NEGATIVE"].count == 2
    assert found["C_DUR_NEGATIVE"].examples[0][:2] == (11, "-0:05:00")
    assert found["C_DUR_IMPLAUSIBLE"].examples[0][:2] == (14, "90000000000")


def test_time_left_may_be_negative() -> None:
    assert seconds("-0:05", "1:00", negative=True) == [-300, 3_600]


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown unit 'fortnights'"):
        read_durations(column("1"), "fortnights")


FORMS = {
    "clock": lambda s: f"{s // 3600}:{s // 60 % 60:02d}:{s % 60:02d}",
    "words": lambda s: f"{s // 86400} d {s // 3600 % 24} h {s // 60 % 60} m {s % 60} s",
    "iso": lambda s: f"P{s // 86400}DT{s // 3600 % 24}H{s // 60 % 60}M{s % 60}S",
    "days": lambda s: f"{s // 86400} days {s // 3600 % 24:02d}:{s // 60 % 60:02d}:{s % 60:02d}",
    "seconds": lambda s: f"{s} sec",
}


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(sorted(FORMS)), st.lists(st.integers(0, 10**8), min_size=1, max_size=30))
def test_generated_durations_come_back(form: str, spans: list[int]) -> None:
    assert seconds(*(FORMS[form](span) for span in spans)) == spans


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(alphabet="0123456789:.,-/ adhmspty'()€", max_size=24), max_size=30))
def test_any_text_is_read_without_error(cells: list[str]) -> None:
    reading = read_durations(column(*cells), "minutes")
    assert len(reading.seconds) == len(cells)
    assert not (reading.seconds < 0).any()


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("First reply time in minutes", "minutes"),
        ("First reply time in minutes within business hours", "minutes"),
        ("Time to close, within office hours (seconds)", "seconds"),
        ("First response time (in hrs)", "hours"),
        ("resolution_hours", "hours"),
        ("call duration in minutes", "minutes"),
        ("Speed_of_answer_in_seconds", "seconds"),
        ("duration (ms)", "milliseconds"),
        ("handle_s", "seconds"),
        ("Age (d)", "days"),
        ("frtMinutes", "minutes"),
        ("Dauer (Std.)", "hours"),
        ("FRT (hh:mm)", "h:mm"),
        ("Wait [mm:ss]", "m:ss"),
        ("Talk (hh:mm:ss)", "h:mm:ss"),
        ("Response within 24 hours", None),
        ("Resolution time (business hours)", None),
        ("AvgTalkDuration", None),
        ("Status", None),
    ],
)
def test_unit_from_header(header: str, unit: str | None) -> None:
    assert unit_from_header(header) == unit


START = pd.Series(pd.date_range("2025-01-01", periods=40, freq="7h", tz="UTC"))
SPAN = pd.Series(np.arange(1, 41) * 3_607.0)
END = START + pd.to_timedelta(SPAN, unit="s")


@pytest.mark.parametrize(
    ("unit", "size"),
    [("milliseconds", 0.001), ("seconds", 1.0), ("minutes", 60.0), ("hours", 3600.0), ("days", 86400.0)],
)
def test_the_unit_follows_from_two_stamps(unit: str, size: float) -> None:
    assert durations.test_unit(SPAN / size, START, END) == unit


def test_business_time_shows_its_unit_by_the_short_spans() -> None:
    business = np.where(SPAN > 15 * 3600, SPAN / 3, SPAN) / 60
    assert durations.test_unit(pd.Series(business), START, END) == "minutes"


def test_units_that_do_not_fit_or_too_few_rows_are_asked() -> None:
    assert durations.test_unit(SPAN / 7, START, END) is None
    assert durations.test_unit((SPAN / 60)[:19], START[:19], END[:19]) is None


def test_basis() -> None:
    assert durations.test_basis(SPAN, START, END) == "cal"
    assert durations.test_basis(SPAN / 3, START, END) == "bus"
    assert durations.test_basis(SPAN * 2, START, END) is None, "longer than the clock"
    mixed = pd.Series(np.where(np.arange(40) % 4 > 0, SPAN, SPAN / 3))
    assert durations.test_basis(mixed, START, END) is None, "three in four are equal"
    assert durations.test_basis(SPAN[:10], START[:10], END[:10]) is None, "no row spans a night"
