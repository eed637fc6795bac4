"""Local times to UTC: offsets, zones, the doubled and the missing hour of a clock change."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
import pandas as pd

from kpi.ingest.cells.clocks import DAY
from kpi.ingest.cells.stamps import NO_OFFSET

_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?")


@dataclass(frozen=True)
class Instants:
    """``values`` (datetime64[ns, UTC]); ``local``: seconds since 1970 as the clock on the wall shows them;
    ``doubled``, ``missing``: rows in the repeated and in the skipped hour; ``by_hint``: doubled rows that
    a hint settled.
    """

    values: pd.Series
    local: np.ndarray
    doubled: np.ndarray
    missing: np.ndarray
    by_hint: np.ndarray


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(available_timezones())


def is_zone(name: str) -> bool:
    """Whether a zone name can be used.

    >>> is_zone("Europe/Berlin"), is_zone("+05:30"), is_zone("Mars/Base")
    (True, True, False)
    """
    return name in _known() or _OFFSET.fullmatch(name) is not None


def _zone(name: str) -> tzinfo:
    if name in _known():
        return ZoneInfo(name)
    match = _OFFSET.fullmatch(name)
    if match is None:
        raise ValueError(f"unknown time zone {name!r}")
    shift = timedelta(hours=int(match.group(2)), minutes=int(match.group(3) or 0))
    return timezone(-shift if match.group(1) == "-" else shift)


def to_instants(
    day: np.ndarray,
    seconds: np.ndarray,
    nanos: np.ndarray,
    offset: np.ndarray,
    good: np.ndarray,
    zone: str,
    hints: pd.Series | None,
) -> Instants:
    """UTC instants of days since 1970 and seconds of the day (-1: none, read as midnight).

    Cells with an ``offset`` (seconds east of UTC) do without the zone. In the doubled hour the reading nearer
    to the hint is taken, without a hint the first (summer time); skipped times move forward by the skipped
    span. Days before 1700 or after 2200 give NaT.
    """
    local = day * DAY + np.maximum(seconds, 0)
    usable = good & (day > -98_000) & (day < 84_000)
    wall = np.where(usable, local * 10**9 + nanos, np.iinfo(np.int64).min).view("datetime64[ns]")
    own = offset != NO_OFFSET
    n = len(day)
    doubled, missing, by_hint = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    values = pd.Series(pd.DatetimeIndex(wall).tz_localize("UTC"))
    if bool(own.any()):
        values = values - pd.Series(pd.to_timedelta(np.where(own, offset, 0), unit="s"))
    rest = usable & ~own
    if bool(rest.any()) and zone not in ("UTC", "Etc/UTC"):
        clock = pd.DatetimeIndex(wall[rest])
        # A skipped midnight moves to the start of the day; other skipped times keep their distance.
        first = _localised(clock, zone, True)
        second = _localised(clock, zone, False)
        twice = np.asarray(first != second)
        chosen = first
        settled = np.zeros(len(clock), dtype=bool)
        if hints is not None and twice.any():
            expected = pd.DatetimeIndex(hints)[rest]
            nearer = np.abs(second - expected) < np.abs(first - expected)
            known = ~np.asarray(expected.isna())
            settled = twice & known
            chosen = first.where(~(np.asarray(nearer) & settled), second)
        back = chosen.tz_convert(_zone(zone)).tz_localize(None)
        doubled[rest], by_hint[rest] = twice, settled
        missing[rest] = np.asarray(back != clock)
        full = values.to_numpy(dtype="datetime64[ns]").copy()
        full[rest] = chosen.tz_localize(None).to_numpy()
        values = pd.Series(pd.DatetimeIndex(full).tz_localize("UTC"))
    values = values.astype("datetime64[ns, UTC]")
    return Instants(values, local, doubled, missing, by_hint)


def _localised(clock: pd.DatetimeIndex, zone: str, summer: bool) -> pd.DatetimeIndex:
    """Wall-clock times as UTC: doubled ones as summer time or not, skipped ones at the end of the gap."""
    there = clock.tz_localize(_zone(zone), ambiguous=np.full(len(clock), summer), nonexistent="shift_forward")
    return there.tz_convert("UTC")
