"""Contacts of the same kind: issue, channel, priority, with what is too rare taken together."""

from __future__ import annotations

import numpy as np

from kpi.bottlenecks.nouns import Longs
from kpi.bottlenecks.within import crossed
from kpi.facts import NONE, FactTable

RARE = 20
"""Values with fewer rows are taken together."""


def kinds_of(table: FactTable, rows: Longs, names: tuple[str, ...]) -> tuple[Longs, tuple[str, ...]]:
    """A code for the kind of each row, and the dimensions it is made of (those with at least two values)."""
    used: list[str] = []
    codes: list[Longs] = []
    for name in names:
        dimension = table.dimensions.get(name)
        if dimension is None:
            continue
        own = dimension.codes[rows].astype(np.int64)
        count = np.bincount(own, minlength=len(dimension.categories))
        own = np.where(count[own] < RARE, len(dimension.categories), own)
        if np.unique(own).size > 1:
            used.append(name)
            codes.append(own)
    if not codes:
        return np.zeros(rows.size, np.int64), ()
    return crossed(*codes), tuple(used)


def agents_of(table: FactTable, rows: Longs) -> Longs | None:
    """Codes of agents, −1 unknown; None without a column."""
    dimension = table.dimensions.get("agent")
    if dimension is None:
        return None
    codes = dimension.codes[rows].astype(np.int64)
    none = int(dimension.categories.get_indexer([NONE])[0])
    return np.where(codes == none, -1, codes) if none >= 0 else codes


def dense(values: np.ndarray) -> Longs:
    """Codes from 0 on."""
    _, code = np.unique(values, return_inverse=True)
    return code.reshape(-1).astype(np.int64)
