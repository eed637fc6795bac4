"""Local days, hours and weekdays against zoneinfo."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.calendars import MISSING_DAY, local_days, local_parts

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "Africa/Monrovia",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Antarctica/Troll",
)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(ZONES),
    st.lists(st.datetimes(datetime(1965, 1, 1), datetime(2060, 1, 1)), min_size=1, max_size=40),
)
def test_day_hour_and_weekday_are_those_of_the_wall_clock(zone: str, moments: list[datetime]) -> None:
    stamps = pd.Series(pd.to_datetime(moments, utc=True)).dt.as_unit("ns")
    local = [moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)) for moment in moments]
    parts = local_parts(stamps, zone)
    assert local_days(stamps, zone).tolist() == [(moment.date() - date(1970, 1, 1)).days for moment in local]
    assert parts.hour.tolist() == [moment.hour for moment in local]
    assert parts.weekday.tolist() == [moment.weekday() for moment in local]


@pytest.mark.parametrize("zone", ZONES)
def test_every_quarter_of_an_hour_of_two_years(zone: str) -> None:
    start = datetime(2025, 1, 1, tzinfo=UTC)
    stamps = pd.DatetimeIndex(pd.date_range(start, periods=2 * 365 * 96, freq="15min"))
    rules = ZoneInfo(zone)
    local = [
        (start + timedelta(minutes=15 * number)).astimezone(rules) for number in range(0, len(stamps), 7)
    ]
    hours = local_parts(stamps, zone).hour[::7]
    assert hours.tolist() == [moment.hour for moment in local]


def test_missing_times_are_marked() -> None:
    stamps = pd.Series(pd.to_datetime(["2026-09-14 12:00", None], utc=True))
    assert local_days(stamps, "UTC").tolist()[1] == MISSING_DAY
    assert local_parts(stamps, "UTC").hour.tolist() == [12, -1]
    assert local_parts(stamps, "UTC").weekday.tolist() == [0, -1]
    nothing = stamps[1:]
    assert local_days(nothing, "Europe/Berlin").tolist() == [MISSING_DAY]
    assert local_days(stamps[:0], "UTC").tolist() == []


def test_types_are_compact() -> None:
    stamps = pd.Series(pd.to_datetime(["2026-09-14 12:00"], utc=True))
    assert local_days(stamps, "UTC").dtype == np.int32
    assert local_parts(stamps, "UTC").hour.dtype == np.int8


def test_far_dates_do_not_break() -> None:
    stamps = pd.Series(pd.to_datetime(["1900-01-01 12:00", "2099-12-31 23:30"], utc=True)).dt.as_unit("ns")
    assert local_days(stamps, "Asia/Tokyo").tolist() == [-25567, 47482]


def test_an_unknown_zone_and_times_out_of_reach_are_refused_in_words() -> None:
    stamps = pd.Series(pd.to_datetime(["2026-09-14 12:00"], utc=True))
    with pytest.raises(ValueError, match="'Mars/Olympus' is not an IANA zone"):
        local_days(stamps, "Mars/Olympus")
    with pytest.raises(ValueError, match="not an IANA zone"):
        local_days(stamps, "../../etc/passwd")
    with pytest.raises(ValueError, match="outside the years 1678-2261"):
        local_days(np.array(["0900-01-01"], dtype="datetime64[s]"), "UTC")
