"""When a team is open: every opening as UTC seconds, with the open seconds before it."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kpi.calendars.local_time import DAY, offsets, zone_named
from kpi.calendars.public_holidays import holiday_dates, place_problems
from kpi.definitions import Calendar
from kpi.model import EPOCH

Seconds = NDArray[np.int64]


class Openings(NamedTuple):
    """Open from ``opens[i]`` up to, not including, ``closes[i]`` (UTC seconds); sorted and apart.

    ``before[i]`` is the number of open seconds before ``opens[i]``; ``corners`` and ``passed`` are the same
    as a broken line: open seconds passed at each opening and closing.
    """

    opens: Seconds
    closes: Seconds
    before: Seconds
    corners: NDArray[np.float64]
    passed: NDArray[np.float64]

    @property
    def total(self) -> int:
        """All open seconds."""
        return int(self.before[-1] + self.closes[-1] - self.opens[-1]) if len(self.opens) else 0


class MinutesPassed(NamedTuple):
    """Open seconds passed at each UTC minute: looking up beats searching when there are many times."""

    first_minute: int
    at_minute: NDArray[np.int32]

    def passed(self, moments: NDArray[np.float64]) -> NDArray[np.float64]:
        """Open seconds passed at each moment (UTC seconds within the table), exact within a minute too."""
        minutes = np.floor(moments / 60).astype(np.int64)
        place = minutes - self.first_minute
        reached = self.at_minute[place]
        grows = self.at_minute[place + 1] - reached
        passed: NDArray[np.float64] = reached + (moments - minutes * 60) * (grows / 60)
        return passed


def checked(calendar: Calendar) -> Calendar:
    """The calendar itself when it can be used.

    Raises:
        ValueError: naming everything that is wrong with zone, hours, country and subdivision.
    """
    problems: list[str] = []
    try:
        zone_named(calendar.zone)
    except ValueError as error:
        problems.append(f"calendar.zone: {error}")
    if len(calendar.weekly) != 7:
        problems.append(f"calendar.weekly needs seven days, Monday first; found {len(calendar.weekly)}")
    for number, day in enumerate(calendar.weekly):
        for opens, closes in day:
            if not 0 <= opens < closes <= 1440:
                problems.append(
                    f"calendar.weekly day {number + 1}: {opens}-{closes} is not an interval of minutes from "
                    "0 to 1440; give a shift across midnight as two, one to 1440 and one from 0 the next day"
                )
    problems.extend(place_problems(calendar.country, calendar.subdivision))
    if problems:
        raise ValueError("; ".join(problems))
    return calendar


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


@lru_cache(maxsize=32)
def openings(calendar: Calendar, first_year: int, last_year: int) -> Openings:
    """Every opening that lies in the given years (UTC).

    The offset of the zone is constant between two clock changes; within such a stretch local hours are UTC
    hours shifted, and are cut at its ends. So each clock change gets its right length with no special case.
    """
    checked(calendar)
    changes = offsets(calendar.zone, first_year, last_year)
    high = day_number(date(last_year, 12, 31)) + 1
    ends = np.append(changes.starts[1:], high * DAY)
    holidays = holiday_dates(calendar, date(first_year, 1, 1), date(last_year, 12, 31))
    closed = np.array([day_number(day) for day in holidays], dtype=np.int64)
    opens: list[Seconds] = []
    closes: list[Seconds] = []
    for start, end, offset in zip(changes.starts, ends, changes.seconds, strict=True):
        days = np.arange((start + offset) // DAY, (end - 1 + offset) // DAY + 1)
        days = days[~np.isin(days, closed)]
        weekdays = (days + 3) % 7
        for weekday, intervals in enumerate(calendar.weekly):
            midnights = days[weekdays == weekday] * DAY - offset
            for first_minute, last_minute in intervals:
                opens.append(np.maximum(midnights + first_minute * 60, start))
                closes.append(np.minimum(midnights + last_minute * 60, end))
    nothing = np.empty(0, dtype=np.int64)
    return _joined(np.concatenate([nothing, *opens]), np.concatenate([nothing, *closes]))


@lru_cache(maxsize=4)
def minutes_passed(calendar: Calendar, first_year: int, last_year: int) -> MinutesPassed | None:
    """The table of minutes of the given years; None where hours begin off whole UTC minutes.

    That is so under the local mean times before standard time, such as +00:53:28 in Berlin before 1893.
    """
    table = openings(calendar, first_year, last_year)
    if (table.opens % 60).any() or (table.closes % 60).any():
        return None
    first = day_number(date(first_year, 1, 1)) * 1440
    count = (day_number(date(last_year, 12, 31)) + 1) * 1440 - first
    steps = np.zeros(count + 2, dtype=np.int32)
    # Openings stand apart, so that no minute is named twice.
    steps[table.opens // 60 - first + 1] = 60
    steps[table.closes // 60 - first + 1] = -60
    at_minute = np.cumsum(np.cumsum(steps, dtype=np.int32), dtype=np.int32)
    at_minute.setflags(write=False)
    return MinutesPassed(first, at_minute)


def _joined(opens: Seconds, closes: Seconds) -> Openings:
    """Sorted openings, with those that touch or overlap made one."""
    real = opens < closes
    order = np.argsort(opens[real], kind="stable")
    opens, reach = opens[real][order], np.maximum.accumulate(closes[real][order])
    gap = opens[1:] > reach[:-1]
    opens = opens[np.concatenate([[True], gap])[: len(opens)]]
    closes = reach[np.concatenate([gap, [True]])[: len(reach)]]
    ends = np.cumsum(closes - opens)
    before = ends - (closes - opens)
    corners = np.column_stack([opens, closes]).ravel().astype(np.float64)
    passed = np.column_stack([before, ends]).ravel().astype(np.float64)
    table = Openings(opens, closes, before, corners, passed)
    for column in table:
        column.setflags(write=False)
    return table
