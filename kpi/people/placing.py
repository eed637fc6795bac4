"""Where a value lies among others: the share that is smaller, ties half, open ones by Kaplan-Meier."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SMALLEST = 1e-12
"""Stands for a share of 0 under the logarithm."""


def placements(group: NDArray[Any], value: NDArray[Any], ended: NDArray[Any]) -> Floats:
    """For each row, the chance that a row of its group is smaller, plus half of that of a tie.

    A row that has not ended lies anywhere beyond its value (Efron 1967), so half of what is beyond is taken.
    Without open rows the mean over a group is ½ exactly.

    Args:
        group: int[n]; value: float[n]; ended: bool[n].

    >>> placements(np.zeros(4, int), np.array([1.0, 2.0, 2.0, 9.0]), np.ones(4, bool)).round(6).tolist()
    [0.125, 0.5, 0.5, 0.875]
    """
    n = value.size
    if not n:
        return np.zeros(0)
    order = np.lexsort((value, group))
    g, v, e = group[order], value[order], ended[order].astype(np.float64)
    fresh = np.ones(n, np.bool_)
    fresh[1:] = (g[1:] != g[:-1]) | (v[1:] != v[:-1])
    starts = np.flatnonzero(fresh)
    tie = np.cumsum(fresh) - 1
    died = np.add.reduceat(e, starts)
    group_start = np.ones(n, np.bool_)
    group_start[1:] = g[1:] != g[:-1]
    first = np.flatnonzero(group_start)
    size = np.diff(np.append(first, n))
    own = np.cumsum(group_start)[starts] - 1
    risk = size[own] - (starts - first[own])
    step = np.log(np.maximum(1 - died / risk, SMALLEST))
    total = np.cumsum(step)
    first_tie = tie[first]
    offset = (total - step)[first_tie][own]
    after = np.exp(total - offset)
    before = np.exp(total - step - offset)
    found = np.empty(n)
    found[order] = np.where(e > 0, 1 - (before[tie] + after[tie]) / 2, 1 - after[tie] / 2)
    return found
