"""Business hours against a slow oracle that walks minute by minute on the wall clock (zoneinfo)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.calendars import add_business, business_seconds, business_time, is_open, working_days
from kpi.calendars.openings import minutes_passed
from kpi.definitions import NINE_TO_FIVE, Calendar, read_weekly_hours
from kpi.model import Period

# Berlin and New York: whole-hour changes; Lord Howe: half an hour; Kolkata, Kathmandu: odd offsets without
# changes; St. John's: an odd offset with changes; Casablanca: changes around Ramadan; Apia: a day left out.
CHANGES = {
    "UTC": datetime(2026, 3, 29, tzinfo=UTC),
    "Europe/Berlin": datetime(2026, 3, 29, tzinfo=UTC),
    "Europe/London": datetime(2026, 10, 25, tzinfo=UTC),
    "America/New_York": datetime(2026, 11, 1, tzinfo=UTC),
    "Australia/Lord_Howe": datetime(2026, 10, 3, tzinfo=UTC),
    "Asia/Kolkata": datetime(2026, 1, 1, tzinfo=UTC),
    "Asia/Kathmandu": datetime(2024, 2, 28, tzinfo=UTC),
    "America/St_Johns": datetime(2026, 3, 8, tzinfo=UTC),
    "Africa/Casablanca": datetime(2026, 2, 15, tzinfo=UTC),
    "Pacific/Apia": datetime(2011, 12, 30, tzinfo=UTC),
}
ALWAYS = (((0, 1440),),) * 7


def open_on_the_wall(moment: datetime, calendar: Calendar) -> bool:
    local = moment.astimezone(ZoneInfo(calendar.zone))
    minute = local.hour * 60 + local.minute
    if local.date() in calendar.closed:
        return False
    return any(first <= minute < last for first, last in calendar.weekly[local.weekday()])


def slow_business_seconds(start: datetime, end: datetime, calendar: Calendar) -> int:
    total, minute = 0, start.replace(second=0)
    while minute < end:
        after = minute + timedelta(minutes=1)
        if open_on_the_wall(minute, calendar):
            total += int((min(after, end) - max(minute, start)).total_seconds())
        minute = after
    return total


def times(*moments: datetime | None) -> pd.Series:
    return pd.Series(pd.to_datetime(list(moments), utc=True)).dt.as_unit("ns")


@st.composite
def shifts(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    """Up to three intervals of one day; they may touch or overlap."""
    found = []
    for _ in range(draw(st.integers(0, 3))):
        first = draw(st.integers(0, 1439))
        found.append((first, draw(st.integers(first + 1, 1440))))
    return tuple(found)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Calendar, datetime, datetime]:
    zone = draw(st.sampled_from(sorted(CHANGES)))
    near = CHANGES[zone]
    closed = draw(st.lists(st.integers(-2, 2), max_size=1))
    calendar = Calendar(
        zone=zone,
        weekly=tuple(draw(st.lists(shifts(), min_size=7, max_size=7))),
        closed=tuple(near.date() + timedelta(days=days) for days in closed),
    )
    start = near + timedelta(seconds=draw(st.integers(-86_400 * 2, 86_400)))
    end = start + timedelta(seconds=draw(st.integers(0, 86_400 * 2)))
    return calendar, start, end


@settings(max_examples=120, deadline=None)
@given(cases())
def test_every_zone_and_shift_counts_like_a_walk_on_the_wall_clock(
    case: tuple[Calendar, datetime, datetime],
) -> None:
    calendar, start, end = case
    expected = slow_business_seconds(start, end, calendar)
    assert business_seconds(times(start), times(end), calendar)[0] == expected
    assert is_open(times(start), calendar)[0] == open_on_the_wall(start, calendar)


@settings(max_examples=60, deadline=None)
@given(cases(), st.integers(-(10**8), 10**8))
def test_parts_add_up_and_the_reverse_is_negative(
    case: tuple[Calendar, datetime, datetime], seconds: int
) -> None:
    calendar, start, end = case
    middle = times(start + timedelta(seconds=seconds))
    whole = business_seconds(times(start), times(end), calendar)
    first = business_seconds(times(start), middle, calendar)
    second = business_seconds(middle, times(end), calendar)
    assert whole[0] == first[0] + second[0]
    assert business_seconds(times(end), times(start), calendar)[0] == -whole[0]
    assert 0 <= whole[0] <= (end - start).total_seconds()


@settings(max_examples=60, deadline=None)
@given(cases(), st.integers(1, 400_000))
def test_a_deadline_is_the_first_moment_with_that_many_open_seconds(
    case: tuple[Calendar, datetime, datetime], seconds: int
) -> None:
    calendar, start, _ = case
    if not any(calendar.weekly):
        return
    reached = add_business(times(start), pd.Series([float(seconds)]), calendar)
    assert business_seconds(times(start), reached, calendar)[0] == seconds
    just_before = reached - pd.Timedelta(seconds=1)
    assert business_seconds(times(start), just_before, calendar)[0] == seconds - 1


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", "2026-03-28", 3),
        ("Europe/Berlin", "2026-03-29", 2),  # 02:00 becomes 03:00
        ("Europe/Berlin", "2026-10-25", 4),  # 03:00 becomes 02:00
        ("America/New_York", "2026-03-08", 2),
        ("America/New_York", "2026-11-01", 4),
        ("Australia/Lord_Howe", "2026-10-04", 2.5),  # 02:00 becomes 02:30
        ("Australia/Lord_Howe", "2026-04-05", 3.5),
        ("Asia/Kolkata", "2026-03-29", 3),
    ],
)
def test_a_night_shift_on_the_day_of_a_clock_change(zone: str, day: str, hours: float) -> None:
    calendar = Calendar(zone=zone, weekly=(((60, 240),),) * 7)
    start = pd.Series(pd.to_datetime([f"{day} 00:00"])).dt.tz_localize(zone)
    end = pd.Series(pd.to_datetime([f"{day} 12:00"])).dt.tz_localize(zone)
    assert business_seconds(start, end, calendar)[0] == hours * 3600


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-03-30", 24), ("2026-10-25", 25)])
def test_a_team_that_never_closes_has_days_of_23_and_25_hours(day: str, hours: int) -> None:
    midnights = pd.Series(pd.date_range(day, periods=2, tz="Europe/Berlin"))
    found = business_seconds(midnights[:1], midnights[1:], Calendar(zone="Europe/Berlin", weekly=ALWAYS))
    assert found[0] == hours * 3600


def test_a_shift_across_midnight_is_two_intervals_and_has_no_seam() -> None:
    weekly = (((1320, 1440),), ((0, 360), (1320, 1440)), ((0, 360),), (), (), (), ())
    calendar = Calendar(weekly=weekly)
    monday_night = times(datetime(2026, 9, 14, 23, 30, tzinfo=UTC))
    assert (
        business_seconds(monday_night, times(datetime(2026, 9, 15, 8, tzinfo=UTC)), calendar)[0] == 6.5 * 3600
    )
    assert add_business(monday_night, pd.Series([3600.0]), calendar)[0] == pd.Timestamp(
        "2026-09-15 00:30", tz="UTC"
    )
    assert is_open(times(datetime(2026, 9, 15, tzinfo=UTC)), calendar)[0]


def test_split_shift_and_weekend() -> None:
    calendar = Calendar(weekly=read_weekly_hours("9-12,13-17;9-12,13-17;9-12,13-17;9-12,13-17;9-12,13-17;;"))
    start = times(datetime(2026, 9, 18, 11, 30, tzinfo=UTC))
    end = times(datetime(2026, 9, 21, 9, 15, tzinfo=UTC))
    assert business_seconds(start, end, calendar)[0] == (0.5 + 4 + 0.25) * 3600


def test_a_holiday_closes_the_whole_local_date() -> None:
    # German Unification Treaty, article 2: 3 October is a holiday everywhere; in 2025 it is a Friday.
    friday, monday = datetime(2025, 10, 3, 7, tzinfo=UTC), datetime(2025, 10, 6, 8, tzinfo=UTC)
    berlin = Calendar(zone="Europe/Berlin", country="DE")
    assert business_seconds(times(friday), times(monday), berlin)[0] == 3600
    open_that_day = Calendar(zone="Europe/Berlin")
    assert business_seconds(times(friday), times(monday), open_that_day)[0] == 9 * 3600


def test_years_apart() -> None:
    # 2000 to 2099 has 36,525 days, of which 26,089 are Mondays to Fridays (numpy.busday_count).
    start, end = times(datetime(2000, 1, 1, tzinfo=UTC)), times(datetime(2100, 1, 1, tzinfo=UTC))
    expected = np.busday_count("2000-01-01", "2100-01-01") * 8 * 3600
    assert business_seconds(start, end, Calendar())[0] == expected


def test_missing_times_give_no_number() -> None:
    known, missing = datetime(2026, 9, 14, 9, tzinfo=UTC), None
    start, end = times(known, missing, known, missing), times(known, known, missing, missing)
    assert np.isnan(business_seconds(start, end, Calendar())).tolist() == [False, True, True, True]
    assert np.isnan(business_seconds(start[3:], end[3:], Calendar())).all()
    assert len(business_seconds(start[:0], end[:0], Calendar())) == 0
    assert is_open(start[1:2], Calendar()).tolist() == [False]
    due = add_business(start, pd.Series([0.0, 1.0, np.nan, 1.0]), Calendar())
    assert due.isna().tolist() == [False, True, True, True]
    assert due[0] == pd.Timestamp(known)


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_every_unit_zone_and_container_reads_alike(unit: str) -> None:
    start = pd.Series(pd.to_datetime(["2026-09-14 08:00:00", "2026-09-14 16:59:30"])).astype(
        f"datetime64[{unit}]"
    )
    end = pd.Series(pd.to_datetime(["2026-09-14 09:00:01", "2026-09-15 09:00:30"])).astype(
        f"datetime64[{unit}]"
    )
    expected = [1.0, 60.0]
    calendar = Calendar()
    assert business_seconds(start, end, calendar).tolist() == expected
    assert business_seconds(start.to_numpy(), end.to_numpy(), calendar).tolist() == expected
    assert business_seconds(pd.DatetimeIndex(start), pd.DatetimeIndex(end), calendar).tolist() == expected
    aware = (start.dt.tz_localize("UTC").dt.tz_convert("Asia/Tokyo"), end.dt.tz_localize("UTC"))
    assert business_seconds(*aware, calendar).tolist() == expected


def test_fractions_of_a_second_are_kept() -> None:
    start = pd.Series(pd.to_datetime(["2026-09-14 08:59:59.750"], utc=True))
    end = pd.Series(pd.to_datetime(["2026-09-14 09:00:00.250"], utc=True))
    assert business_seconds(start, end, Calendar())[0] == pytest.approx(0.25, abs=1e-6)


def test_a_deadline_at_the_end_of_a_shift_is_that_end() -> None:
    start = times(datetime(2026, 9, 14, 16, tzinfo=UTC))
    assert add_business(start, pd.Series([3600.0]), Calendar())[0] == pd.Timestamp(
        "2026-09-14 17:00", tz="UTC"
    )
    closed = times(datetime(2026, 9, 19, 12, tzinfo=UTC))
    assert add_business(closed, pd.Series([0.0]), Calendar())[0] == closed[0]
    assert add_business(closed, pd.Series([1.0]), Calendar())[0] == pd.Timestamp(
        "2026-09-21 09:00:01", tz="UTC"
    )


def test_a_deadline_reaches_years_ahead_and_keeps_the_index() -> None:
    start = times(datetime(2026, 9, 14, 9, tzinfo=UTC)).set_axis(["a"])
    due = add_business(start, pd.Series([8.0 * 3600 * 261 * 20]), Calendar())
    assert due.index.tolist() == ["a"]
    assert business_seconds(start, due, Calendar())[0] == 8 * 3600 * 261 * 20


def test_what_cannot_be_counted_is_refused_in_words() -> None:
    start = times(datetime(2026, 9, 14, 9, tzinfo=UTC))
    with pytest.raises(ValueError, match="equally long; found 1 and 0"):
        business_seconds(start, start[:0], Calendar())
    with pytest.raises(ValueError, match="no opening hours"):
        add_business(start, pd.Series([1.0]), Calendar(weekly=((),) * 7))
    with pytest.raises(ValueError, match="must not be negative; found -5"):
        add_business(start, pd.Series([-5.0]), Calendar())
    with pytest.raises(ValueError, match="after the year 2261"):
        add_business(start, pd.Series([1e12]), Calendar())
    with pytest.raises(TypeError, match=r"expected times \(datetime64\), found"):
        business_seconds(pd.Series(["2026-09-14"]), start, Calendar())
    assert business_seconds(start, start + pd.Timedelta(days=9), Calendar(weekly=((),) * 7))[0] == 0


@settings(max_examples=60, deadline=None)
@given(
    st.dates(date(1990, 1, 1), date(2060, 1, 1)),
    st.integers(1, 800),
    st.sets(st.integers(0, 799), max_size=5),
)
def test_working_days_agree_with_numpy(start: date, days: int, closed: set[int]) -> None:
    off = tuple(start + timedelta(days=day) for day in closed)
    period = Period(start, start + timedelta(days=days - 1))
    expected = np.busday_count(start, start + timedelta(days=days), holidays=list(off))
    assert working_days(period, Calendar(weekly=NINE_TO_FIVE, closed=off)) == expected


@settings(max_examples=40, deadline=None)
@given(cases(), st.integers(0, 999))
def test_many_rows_count_like_few(case: tuple[Calendar, datetime, datetime], milliseconds: int) -> None:
    calendar, start, end = case
    fraction = pd.Timedelta(milliseconds=milliseconds)
    few = business_seconds(times(start, start) + fraction, times(end, start), calendar)
    rows = business_time.FEW + 1
    starts, ends = times(start).repeat(rows) + fraction, times(end).repeat(rows)
    many = business_seconds(starts, ends, calendar)
    assert np.abs(many - few[0]).max() < 1e-6
    if milliseconds == 0:
        assert (many == few[0]).all()


@pytest.mark.parametrize("zone", ["Africa/Monrovia", "Europe/Berlin"])
def test_offsets_of_odd_seconds_and_times_before_1970_are_counted_alike(zone: str) -> None:
    # Liberia kept 44 minutes and 30 seconds behind Greenwich until 7 January 1972.
    draw = np.random.default_rng(3)
    moments = pd.Series(draw.integers(-(10**8), 10**8, business_time.FEW + 1)).astype("datetime64[s]")
    calendar = Calendar(zone=zone, weekly=(((541, 1021),),) * 7)
    many = business_seconds(moments, moments[::-1], calendar)
    few = business_seconds(moments[:50], moments[::-1][:50], calendar)
    assert many[:50].tolist() == few.tolist()
    assert (minutes_passed(calendar, 1970, 1973) is None) == (zone == "Africa/Monrovia")
    one = datetime(1971, 6, 1, 12, 0, 15, tzinfo=UTC)
    later = one + timedelta(hours=30)
    expected = sum(open_on_the_wall(one + timedelta(seconds=second), calendar) for second in range(30 * 3600))
    assert business_seconds(times(one), times(later), calendar)[0] == expected
