"""Time of the desk: minutes since 1970 in UTC, local wall time, opening hours.

Opening hours: Monday to Friday 08:00-20:00, Saturday 09:00-15:00, closed on Sundays and on the holidays
kept in all of Germany.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Ints = NDArray[np.int64]
DAY = 1440
EPOCH = date(1970, 1, 1)
OPEN_HOURS = ((480, 1200),) * 5 + ((540, 900), (0, 0))
"""From and to minute of the day, Monday first."""


def day_number(day: date) -> int:
    """Days since 1970-01-01.

    >>> day_number(date(1970, 1, 11))
    10
    """
    return (day - EPOCH).days


def easter_sunday(year: int) -> date:
    """Easter by the Gregorian rule (Meeus, Jones, Butcher).

    >>> easter_sunday(2025).isoformat(), easter_sunday(2026).isoformat()
    ('2025-04-20', '2026-04-05')
    """
    century, rest = divmod(year, 100)
    golden = year % 19
    corrected = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - century // 4 - corrected + 15) % 30
    to_sunday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * to_sunday) // 451
    month, day = divmod(epact + to_sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def german_holidays(year: int) -> tuple[date, ...]:
    """The nine holidays kept in every German state.

    >>> german_holidays(2026)[1].isoformat()
    '2026-04-03'
    """
    sunday = easter_sunday(year)
    return (
        date(year, 1, 1),
        sunday - timedelta(days=2),
        sunday + timedelta(days=1),
        date(year, 5, 1),
        sunday + timedelta(days=39),
        sunday + timedelta(days=50),
        date(year, 10, 3),
        date(year, 12, 25),
        date(year, 12, 26),
    )


@dataclass(frozen=True)
class Clock:
    """Look-up tables from ``origin`` (minutes since 1970 in UTC) on, one place per minute."""

    origin: int
    offset: Ints
    """Minutes to add to UTC for local wall time, one per hour."""
    opened: Ints
    """Open minutes before each minute."""
    place: Ints
    """The minute after the k-th open one."""
    holidays: frozenset[int]
    """Day numbers."""

    @staticmethod
    def of(first: date, last: date, zone: str) -> Clock:
        """Tables from a few days before ``first`` to ten months after ``last``."""
        start, end = first - timedelta(days=3), last + timedelta(days=300)
        hours = pd.date_range(start, end, freq="h", tz="UTC")
        wall = hours.tz_convert(zone).tz_localize(None)
        offset = ((wall - hours.tz_localize(None)).total_seconds() // 60).to_numpy().astype(np.int64)
        origin = day_number(start) * DAY
        holidays = frozenset(
            day_number(day) for year in range(start.year, end.year + 1) for day in german_holidays(year)
        )
        local = origin + np.arange(len(hours) * 60, dtype=np.int64) + np.repeat(offset, 60)
        days, minute = local // DAY, local % DAY
        lows = np.array([low for low, _ in OPEN_HOURS])[weekday(days)]
        highs = np.array([high for _, high in OPEN_HOURS])[weekday(days)]
        is_open = (minute >= lows) & (minute < highs) & ~np.isin(days, list(holidays))
        opened = np.concatenate([[0], np.cumsum(is_open)]).astype(np.int64)
        return Clock(origin, offset, opened, np.flatnonzero(is_open) + 1, holidays)

    def local(self, minutes: Ints) -> Ints:
        """Local wall minutes of UTC minutes."""
        return minutes + self.offset[self._hour(minutes)]

    def utc(self, wall: Ints) -> Ints:
        """UTC minutes of local wall minutes; the doubled hour of autumn is read as its second run."""
        return wall - self.offset[self._hour(wall - self.offset[self._hour(wall)])]

    def open_between(self, start: Ints, end: Ints) -> Ints:
        """Open minutes from ``start`` to ``end``."""
        top = len(self.opened) - 1
        low, high = np.clip(start - self.origin, 0, top), np.clip(end - self.origin, 0, top)
        return np.asarray(self.opened[high] - self.opened[low], dtype=np.int64)

    def after_open(self, start: Ints, open_minutes: Ints) -> Ints:
        """The minute at which so many open minutes have passed; ``start`` itself for none."""
        passed = self.opened[np.clip(start - self.origin, 0, len(self.opened) - 1)] + open_minutes
        reached = self.origin + self.place[np.clip(passed - 1, 0, len(self.place) - 1)]
        return np.where(open_minutes <= 0, start, np.maximum(reached, start))

    def is_open_day(self, days: Ints) -> NDArray[np.bool_]:
        """Whether the desk opens at all on these days (day numbers)."""
        return np.asarray((weekday(days) != 6) & ~np.isin(days, list(self.holidays)), dtype=np.bool_)

    def _hour(self, minutes: Ints) -> Ints:
        return np.clip((minutes - self.origin) // 60, 0, len(self.offset) - 1)


def weekday(days: Ints) -> Ints:
    """0 for Monday … 6 for Sunday of day numbers (1970-01-01 was a Thursday)."""
    return (days + 3) % 7


def stamp(minutes: Ints, known: NDArray[np.bool_] | None = None) -> NDArray[np.object_]:
    """``2026-03-29 14:05`` of minutes since 1970; empty where not known."""
    text = np.datetime_as_string(minutes.astype("datetime64[m]"), unit="m")
    spaced = np.char.replace(text, "T", " ").astype(object)
    if known is not None:
        spaced[~known] = ""
    return np.asarray(spaced)


def stamp_seconds(seconds: Ints) -> NDArray[np.object_]:
    """``2026-03-29 14:05:09`` of seconds since 1970."""
    text = np.datetime_as_string(seconds.astype("datetime64[s]"), unit="s")
    return np.asarray(np.char.replace(text, "T", " ").astype(object))
