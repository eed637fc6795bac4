"""A quantile of every single day, from value counts, without a loop over days on which nothing is open."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kpi.measures.statistics import Counts, Days
from kpi.stats import kaplan_meier, quantiles_of_groups

Floats = NDArray[np.float64]


def quantiles_by_day(
    counts: Counts, q: float, days: Days, *, censored: bool = False
) -> tuple[Floats, Floats]:
    """Quantile and rows of each day from the first to the last, float64 each; NaN where there is none.

    Args:
        censored: whether rows without an end count (Kaplan-Meier), or only those with one.
    """
    length = days[1] - days[0] + 1
    found, n = np.full(length, np.nan), np.zeros(length)
    inside = counts.select(days)
    if inside.day.size == 0:
        return found, n
    order = np.lexsort((inside.value, inside.day))
    day, value = inside.day[order], inside.value[order]
    ended, still = inside.observed[order], inside.censored[order]
    first = np.flatnonzero(np.concatenate([[True], day[1:] != day[:-1]]))
    place = day[first].astype(np.int64) - days[0]
    found[place] = quantiles_of_groups(value, ended, first, q)
    rows = ended + still if censored else ended
    n[place] = np.add.reduceat(rows, first)
    if censored and still.any():
        ends = np.append(first[1:], day.size)
        for each in np.flatnonzero(np.add.reduceat(still, first) > 0).tolist():
            part = slice(int(first[each]), int(ends[each]))
            distinct, place_of = np.unique(value[part], return_inverse=True)
            events, open_rows = (np.bincount(place_of, weights=count[part]) for count in (ended, still))
            answer = kaplan_meier(distinct, events, open_rows).quantile(q)
            found[place[each]] = np.nan if answer is None else answer
    return found, n
