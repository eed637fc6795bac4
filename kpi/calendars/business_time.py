"""Business hours: seconds a team was open between two times, and the reverse."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpi.calendars.local_time import DAY, LAST_YEAR, Times, stamps, whole_seconds, year_span
from kpi.calendars.openings import Openings, checked, day_number, minutes_passed, openings
from kpi.calendars.public_holidays import holiday_dates
from kpi.definitions import Calendar
from kpi.model import Period

FEW = 20_000
MOST_YEARS = 15
"""A table of minutes is worth its making for many rows, and its memory (2 MB a year) for a bounded span."""


def business_seconds(start: Times, end: Times, calendar: Calendar) -> NDArray[np.float64]:
    """Seconds the team was open from ``start`` to ``end``; NaN where either is missing.

    Negative when the end lies before the start, so that parts always add up:
    ``business_seconds(a, c) == business_seconds(a, b) + business_seconds(b, c)``.

    Parameters
        start, end: UTC times of equal length (series, index or numpy; without a zone they are taken as UTC).

    Raises:
        ValueError: unequal lengths, or a calendar that cannot be used.

    >>> import pandas as pd
    >>> friday = pd.Series(pd.to_datetime(["2026-09-18 16:00", "2026-09-18 16:00"], utc=True))
    >>> monday = pd.Series(pd.to_datetime(["2026-09-21 10:30", None], utc=True))
    >>> business_seconds(friday, monday, Calendar()) / 3600
    array([2.5, nan])
    """
    first, last = stamps(start), stamps(end)
    if len(first) != len(last):
        raise ValueError(f"start and end must be equally long; found {len(first):,} and {len(last):,}")
    known = ~(np.isnat(first) | np.isnat(last))
    if not known.any():
        checked(calendar)
        return np.full(len(first), np.nan)
    starts, ends = _exact_seconds(first, known), _exact_seconds(last, known)
    span = year_span(np.array([f(s) for s in (starts, ends) for f in (np.min, np.max)]).astype(np.int64))
    by_minute = (
        minutes_passed(calendar, *span) if len(starts) > FEW and span[1] - span[0] <= MOST_YEARS else None
    )
    if by_minute is not None:
        passed = by_minute.passed(ends) - by_minute.passed(starts)
    else:
        table = openings(calendar, *span)
        passed = _passed(table, ends) - _passed(table, starts)
    if known.all():
        return passed
    result = np.full(len(first), np.nan)
    result[known] = passed
    return result


def add_business(start: Times, seconds: NDArray[np.float64] | pd.Series, calendar: Calendar) -> pd.Series:
    """The first moment, not before ``start``, by which the team was open for that many seconds since then.

    Returns a ``datetime64[ns, UTC]`` series with the index of ``start`` when it is a series; NaT where the
    start or the seconds are missing. A deadline at the end of a shift is that end, not the next opening.

    Raises:
        ValueError: negative seconds, a calendar that is never open, or a deadline after the year 2261.

    >>> import pandas as pd
    >>> friday = pd.Series(pd.to_datetime(["2026-09-18 16:00"], utc=True))
    >>> add_business(friday, pd.Series([2.5 * 3600]), Calendar()).iloc[0]
    Timestamp('2026-09-21 10:30:00+0000', tz='UTC')
    """
    index = start.index if isinstance(start, pd.Series) else None
    first = stamps(start)
    wanted = np.asarray(seconds, dtype=np.float64)
    if len(first) != len(wanted):
        raise ValueError(f"start and seconds must be equally long; found {len(first):,} and {len(wanted):,}")
    known = ~np.isnat(first) & np.isfinite(wanted)
    if (wanted[known] < 0).any():
        raise ValueError(f"seconds must not be negative; found {wanted[known].min():g}")
    found = np.full(len(first), np.datetime64("NaT", "ns"))
    if known.any():
        starts = _exact_seconds(first, known)
        moments = _reached(starts, wanted[known], calendar)
        whole = np.floor(moments)
        micro = np.round((moments - whole) * 1e6).astype(np.int64)
        nanoseconds = whole.astype(np.int64) * 10**9 + micro * 10**3
        found[known] = nanoseconds.view("datetime64[ns]")
    else:
        checked(calendar)
    return pd.Series(found, index=index).dt.tz_localize("UTC")


def is_open(at: Times, calendar: Calendar) -> NDArray[np.bool_]:
    """Whether the team is open at each time (from the opening minute up to, not including, the closing one).

    False where the time is missing.

    >>> import pandas as pd
    >>> is_open(pd.DatetimeIndex(["2026-09-18 09:00", "2026-09-18 17:00"]), Calendar()).tolist()
    [True, False]
    """
    found = stamps(at)
    known = ~np.isnat(found)
    result = np.zeros(len(found), dtype=bool)
    if not known.any():
        checked(calendar)
        return result
    moments = whole_seconds(found[known])
    table = openings(calendar, *year_span(moments))
    if len(table.opens):
        place = np.searchsorted(table.opens, moments, side="right") - 1
        result[known] = (place >= 0) & (moments < table.closes[np.maximum(place, 0)])
    return result


def working_days(period: Period, calendar: Calendar) -> int:
    """Number of days of the period on which the team opens at all.

    >>> from datetime import date
    >>> working_days(Period(date(2026, 9, 1), date(2026, 9, 30)), Calendar())
    22
    """
    checked(calendar)
    days = np.arange(period.first_day, period.last_day + 1)
    opens = np.array([bool(day) for day in calendar.weekly])
    closed = [day_number(day) for day in holiday_dates(calendar, period.start, period.end)]
    return int((opens[(days + 3) % 7] & ~np.isin(days, closed)).sum())


def _exact_seconds(times: NDArray[np.datetime64], known: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Seconds since 1970 with their fraction, of the known times only."""
    chosen = times if known.all() else times[known]
    seconds = whole_seconds(chosen)
    whole = seconds.view("datetime64[s]")
    if (chosen == whole).all():
        return seconds.astype(np.float64)
    fraction = (chosen - whole) / np.timedelta64(1, "s")
    exact: NDArray[np.float64] = seconds + fraction
    return exact


def _passed(table: Openings, moments: NDArray[np.float64]) -> NDArray[np.float64]:
    if not len(table.opens):
        return np.zeros(len(moments))
    passed: NDArray[np.float64] = np.interp(moments, table.corners, table.passed)
    return passed


def _reached(
    starts: NDArray[np.float64], wanted: NDArray[np.float64], calendar: Calendar
) -> NDArray[np.float64]:
    checked(calendar)
    if not any(calendar.weekly):
        raise ValueError(
            "the calendar has no opening hours, so no deadline is ever reached; set calendar.weekly"
        )
    first, last = year_span(starts.astype(np.int64))
    reach = last + 1 + int(wanted.max() // (365 * DAY))
    while True:
        table = openings(calendar, first, min(reach, LAST_YEAR))
        targets = _passed(table, starts) + wanted
        if targets.max() <= table.total:
            break
        if reach >= LAST_YEAR:
            raise ValueError(f"a deadline lies after the year {LAST_YEAR}; ask for fewer seconds")
        reach = min(last + 2 * (reach - last), LAST_YEAR)
    ends = table.before + (table.closes - table.opens)
    place = np.minimum(np.searchsorted(ends, targets, side="left"), len(ends) - 1)
    moments: NDArray[np.float64] = table.opens[place] + (targets - table.before[place])
    return np.where(wanted == 0, starts, np.maximum(moments, starts))
