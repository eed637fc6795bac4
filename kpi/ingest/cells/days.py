"""Date parts to days since 1970, in the orders that were decided for their groups."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from kpi.ingest.cells.stamps import NONE, OPEN, Parts, century

SETTLED = frozenset({"ymd", "serial", "word", "epoch_s", "epoch_ms"})
"""Groups whose month and day are known by themselves."""


def to_days(
    parts: Parts, orders: Mapping[str, str], order: str, half_converted: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(days since 1970-01-01, whether that is a date, whether it was turned round) of distinct cells.

    ``orders`` by group (see :mod:`orders`), ``order`` for groups that are not named. In a half converted
    column a cell that proves the other order by itself is read by its proof, and counted as turned round.
    """
    month, day, year = parts.first.copy(), parts.second.copy(), parts.third.copy()
    turned = np.zeros(parts.n, dtype=bool)
    for number, label in enumerate(parts.groups):
        mine = parts.group == number
        way = orders.get(label, "ymd" if label in SETTLED else order)
        if way == "ymd" and label not in SETTLED:
            month[mine], day[mine], year[mine] = parts.second[mine], parts.third[mine], parts.first[mine]
            continue
        day_first, other = _day_first(parts, way, order, half_converted and label not in SETTLED)
        day_first &= mine
        turned |= mine & other
        month[day_first], day[day_first] = parts.second[day_first], parts.first[day_first]
    year = np.where((parts.state == OPEN) & (year < 100), century(year), year)
    good = (parts.state != NONE) & (month >= 1) & (month <= 12) & (day >= 1) & (year >= 1) & (year <= 9999)
    months = np.where(good, (year - 1970) * 12 + month - 1, 0)
    start = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    end = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    good &= day <= end - start
    return start + day - 1, good, turned & good


def _day_first(parts: Parts, way: str, order: str, half: bool) -> tuple[np.ndarray, np.ndarray]:
    """(cells read day first, cells that were turned round) under the order of one group."""
    first_late = (parts.first > 12) & (parts.second <= 12)
    second_late = (parts.second > 12) & (parts.first <= 12)
    everywhere, nowhere = np.ones(parts.n, dtype=bool), np.zeros(parts.n, dtype=bool)
    if way == "dmy+mdy":
        return first_late, ~first_late
    if way == "mdy+dmy":
        return ~second_late, ~second_late
    if way == "ydm":
        return everywhere, everywhere
    if way not in ("dmy", "mdy"):
        return nowhere, nowhere
    if not half:
        return (everywhere if way == "dmy" else nowhere), nowhere
    against = second_late if way == "dmy" else first_late
    day_first = ~second_late if way == "dmy" else first_late
    return day_first, against if way == order else everywhere
