"""What the same customer did next: further contacts, first contacts, number of contacts. By sorting,
never by loops."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kpi.facts.columns import SECOND, Bools

Longs = NDArray[np.int64]


def followed(
    keys: Longs, created: Longs, has_created: Bools, since: Longs, has_since: Bools, window_s: int
) -> Bools:
    """Rows after whose moment ``since`` another row of the same key was created within ``window_s`` seconds.

    Parameters
        keys: code of the customer (or customer and category); −1 unknown, never followed.
        created, since: UTC nanoseconds, with flags where they are known.

    >>> keys = np.array([0, 0, 1]); times = np.array([0, 60, 60]) * 10**9; known = np.ones(3, bool)
    >>> followed(keys, times, known, times, known, 60).tolist()
    [True, False, False]
    """
    result = np.zeros(keys.size, dtype=np.bool_)
    pool = np.flatnonzero((keys >= 0) & has_created)
    asked = np.flatnonzero((keys >= 0) & has_since)
    if not pool.size or not asked.size:
        return result
    begin = created[pool] // SECOND
    start = since[asked] // SECOND
    low = int(min(begin.min(), start.min()))
    span = int(max(begin.max(), start.max())) - low + window_s + 2
    order = np.argsort(keys[pool] * span + (begin - low), kind="stable")
    rows = pool[order]
    line = (keys[pool] * span + (begin - low))[order]
    place_of = np.full(keys.size, -1, np.int64)
    place_of[rows] = np.arange(rows.size)
    wanted = keys[asked] * span + (start - low)
    place = np.searchsorted(line, wanted, side="right")
    own = place_of[asked]
    same_moment = (own >= 0) & (line[np.maximum(own, 0)] == wanted)
    place = np.where(same_moment, own + 1, place)
    place = np.where((place == own) & (own >= 0), place + 1, place)
    there = place < rows.size
    result[asked] = there & (line[np.minimum(place, rows.size - 1)] <= wanted + window_s)
    return result


def first_days(keys: Longs, days: NDArray[np.int32], known: Bools) -> NDArray[np.int32]:
    """The earliest day of each row's key; the row's own day where the key or the day is unknown."""
    usable = (keys >= 0) & known
    result = days.copy()
    if usable.any():
        first = np.full(int(keys.max()) + 1, np.iinfo(np.int32).max, np.int32)
        np.minimum.at(first, keys[usable], days[usable])
        result[usable] = first[keys[usable]]
    return result


def times_seen(keys: Longs) -> NDArray[np.int32]:
    """How many rows have the key of each row; 0 where the key is unknown."""
    if not (keys >= 0).any():
        return np.zeros(keys.size, np.int32)
    counts = np.bincount(keys[keys >= 0])
    return np.where(keys >= 0, counts[np.maximum(keys, 0)], 0).astype(np.int32)


def combined(first: Longs, second: NDArray[Any]) -> Longs:
    """One code for both; −1 where the first is unknown."""
    width = int(second.max()) + 2 if second.size else 1
    return np.where(first >= 0, first * width + (second.astype(np.int64) + 1), -1)
