"""Local days, hours and weekdays of UTC times, from the rules of the zone (zoneinfo)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd
from numpy.typing import NDArray

DAY = 86_400
FIRST_YEAR, LAST_YEAR = 1678, 2261
"""Whole years that nanosecond stamps can hold."""
MISSING_DAY = -(2**31)
"""What :func:`local_days` gives for a missing time."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Times: TypeAlias = "pd.Series | pd.DatetimeIndex | NDArray[np.datetime64]"
"""UTC times: a series or index with a zone (converted) or without one (taken as UTC), or numpy datetime64."""


class Offsets(NamedTuple):
    """Offset of a zone from UTC: from ``starts[i]`` (UTC seconds) on it is ``seconds[i]``."""

    starts: NDArray[np.int64]
    seconds: NDArray[np.int64]


class LocalParts(NamedTuple):
    """Parts of local times; −1 where the time is missing."""

    hour: NDArray[np.int8]
    weekday: NDArray[np.int8]
    """0 Monday … 6 Sunday."""


def zone_named(name: str) -> ZoneInfo:
    """The zone, or ValueError saying what a zone looks like."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"'{name}' is not an IANA zone such as Europe/Berlin or Asia/Kolkata") from error


def stamps(times: Times) -> NDArray[np.datetime64]:
    """Times as numpy datetime64 in UTC, in their own unit; NaT stays NaT.

    Raises:
        TypeError: when they are not times at all.
    """
    if times.dtype.kind != "M":
        raise TypeError(f"expected times (datetime64), found {times.dtype}")
    if isinstance(times, np.ndarray):
        return times
    index = pd.DatetimeIndex(times)
    found: NDArray[np.datetime64] = (index if index.tz is None else index.tz_convert(None)).to_numpy()
    return found


def whole_seconds(times: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """Seconds since 1970 rounded down; the value of a missing time means nothing."""
    unit, step = np.datetime_data(times.dtype)
    per_second = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}.get(unit)
    if per_second is None or step != 1:
        return times.astype("datetime64[s]").astype(np.int64)
    counts = times.view(np.int64)
    return counts if per_second == 1 else counts // per_second


def year_span(seconds: NDArray[np.int64]) -> tuple[int, int]:
    """First and last year (UTC) of known seconds, a year wider on both sides so that no zone reaches beyond.

    Raises:
        ValueError: when they lie outside the years of nanosecond stamps.
    """
    edges = np.array([seconds.min(), seconds.max()]).astype("datetime64[s]")
    first, last = (int(year) + 1970 for year in edges.astype("datetime64[Y]").astype(np.int64))
    if first < FIRST_YEAR or last > LAST_YEAR:
        raise ValueError(f"times from {first} to {last} lie outside the years {FIRST_YEAR}-{LAST_YEAR}")
    return first - 1, last + 1


@lru_cache(maxsize=64)
def offsets(zone: str, first_year: int, last_year: int) -> Offsets:
    """Every change of the zone's offset from the start of one year to the end of another, to the second.

    Looked for day by day, then narrowed down: no zone has two changes within two days (IANA data since 1883).
    """
    rules = zone_named(zone)

    def at(second: int) -> int:
        moment = (_EPOCH + timedelta(seconds=second)).astimezone(rules)
        shift = moment.utcoffset()
        return 0 if shift is None else round(shift.total_seconds())

    low = int((datetime(first_year, 1, 1, tzinfo=UTC) - _EPOCH).total_seconds())
    high = int((datetime(last_year + 1, 1, 1, tzinfo=UTC) - _EPOCH).total_seconds())
    starts, seconds = [low], [at(low)]
    for day in range(low + DAY, high + 1, DAY):
        after = at(day)
        if after != seconds[-1]:
            before_change, changed = day - DAY, day
            while changed - before_change > 1:
                middle = (before_change + changed) // 2
                if at(middle) == seconds[-1]:
                    before_change = middle
                else:
                    changed = middle
            starts.append(changed)
            seconds.append(after)
    return Offsets(np.array(starts, dtype=np.int64), np.array(seconds, dtype=np.int64))


def local_seconds(times: Times, zone: str) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Seconds since 1970 on the wall clock of ``zone`` (0 where missing), and where the time is known."""
    found = stamps(times)
    known = ~np.isnat(found)
    seconds = whole_seconds(found)
    if not known.all():
        seconds = np.where(known, seconds, 0)
    if not known.any():
        zone_named(zone)
        return np.zeros(len(found), dtype=np.int64), known
    changes = offsets(zone, *year_span(seconds[known]))
    if len(changes.starts) == 1:
        local = seconds + changes.seconds[0]
    else:
        local = seconds + changes.seconds[np.searchsorted(changes.starts, seconds, side="right") - 1]
    return np.where(known, local, 0), known


def local_days(times: Times, zone: str) -> NDArray[np.int32]:
    """Local calendar day of each UTC time, as days since 1970-01-01; :data:`MISSING_DAY` for a missing time.

    >>> import pandas as pd
    >>> late = pd.Series(pd.to_datetime(["2026-01-01 23:30", None], utc=True))
    >>> local_days(late, "Europe/Berlin").tolist(), local_days(late, "UTC").tolist()
    ([20455, -2147483648], [20454, -2147483648])
    """
    seconds, known = local_seconds(times, zone)
    return np.where(known, seconds // DAY, MISSING_DAY).astype(np.int32)


def local_parts(times: Times, zone: str) -> LocalParts:
    """Local hour (0-23) and weekday (0 Monday) of each UTC time; −1 for a missing time.

    >>> import pandas as pd
    >>> parts = local_parts(pd.Series(pd.to_datetime(["2026-01-01 23:30"], utc=True)), "Asia/Kolkata")
    >>> int(parts.hour[0]), int(parts.weekday[0])
    (5, 4)
    """
    seconds, known = local_seconds(times, zone)
    hour = np.where(known, seconds % DAY // 3600, -1).astype(np.int8)
    weekday = np.where(known, (seconds // DAY + 3) % 7, -1).astype(np.int8)
    return LocalParts(hour, weekday)
