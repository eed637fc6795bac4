"""Adjusting p-values for how many questions were asked.

Missing p-values (None) stay missing and are not counted. What is no p-value raises ValueError.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kpi.stats import checks
from kpi.stats.intervals import SMALLEST_P, Bounds, critical

PValues = Sequence[float | None] | NDArray[np.float64]


def benjamini_hochberg(p: PValues) -> list[float | None]:
    """Adjusted p-values that control the share of false discoveries, in the order given.

    Source: Benjamini & Hochberg (1995), JRSS B 57:289-300.

    >>> benjamini_hochberg([0.01, None, 0.04, 0.03])
    [0.03, None, 0.04, 0.04]
    """
    ranked = _ranked(p)
    adjusted: list[float | None] = [None] * len(p)
    smallest = 1.0
    for rank, (value, place) in reversed(list(enumerate(ranked, start=1))):
        smallest = min(smallest, value * (len(ranked) / rank))
        adjusted[place] = smallest
    return adjusted


def holm(p: PValues) -> list[float | None]:
    """Adjusted p-values that control the chance of any false discovery, in the order given.

    Source: Holm (1979), Scandinavian Journal of Statistics 6:65-70.

    >>> [value if value is None else round(value, 10) for value in holm([0.01, None, 0.04, 0.03])]
    [0.03, None, 0.06, 0.06]
    """
    ranked = _ranked(p)
    adjusted: list[float | None] = [None] * len(p)
    largest = 0.0
    for rank, (value, place) in enumerate(ranked):
        largest = max(largest, min(1.0, value * (len(ranked) - rank)))
        adjusted[place] = largest
    return adjusted


def hochberg(p: PValues) -> list[float | None]:
    """Adjusted p-values that control the chance of any false discovery among tests that do not oppose each
    other; never larger than :func:`holm`'s.

    Source: Hochberg (1988), Biometrika 75:800-802.

    >>> hochberg([0.01, None, 0.04, 0.03])
    [0.03, None, 0.04, 0.04]
    """
    ranked = _ranked(p)
    adjusted: list[float | None] = [None] * len(p)
    smallest = 1.0
    for rank, (value, place) in reversed(list(enumerate(ranked))):
        smallest = min(smallest, value * (len(ranked) - rank))
        adjusted[place] = smallest
    return adjusted


def bonferroni(p: PValues) -> list[float | None]:
    """p-values times how many there are, at most 1.

    >>> bonferroni([0.01, None, 0.6])
    [0.02, None, 1.0]
    """
    ranked = _ranked(p)
    adjusted: list[float | None] = [None] * len(p)
    for value, place in ranked:
        adjusted[place] = min(1.0, value * len(ranked))
    return adjusted


def fcr_level(chosen: int, looked_at: int, q: float = 0.05) -> float:
    """Level for the intervals of ``chosen`` out of ``looked_at`` so that a share q of them misses: 1 − q·R/m.

    Source: Benjamini & Yekutieli (2005), JASA 100:71-81.

    >>> fcr_level(3, 60), fcr_level(0, 60)
    (0.9975, 0.95)
    """
    checks.whole(chosen=chosen, looked_at=looked_at)
    checks.confidence(q)
    if chosen > looked_at:
        raise ValueError(f"{chosen} cannot be chosen out of {looked_at}")
    return 1 - q * (chosen / looked_at if chosen else 1.0)


def fcr_intervals(
    estimates: Sequence[float],
    se: Sequence[float],
    chosen: Sequence[bool],
    level: float = 0.95,
    *,
    df: float | Sequence[float] = math.inf,
) -> list[Bounds | None]:
    """Intervals of the chosen estimates, widened for their having been chosen among all; None for the others.

    Among intervals of the most striking segments the share that misses the truth is then 1 − ``level`` at
    most, where ordinary ones of the top mover may miss it in half the cases.

    Source: Benjamini & Yekutieli (2005), JASA 100:71-81.

    >>> [bounds and round(bounds[0], 2) for bounds in fcr_intervals([3.0, 0.1], [1.0, 1.0], [True, False])]
    [0.76, None]
    """
    freedom = [float(df)] * len(estimates) if isinstance(df, int | float) else list(df)
    value, error, _ = checks.finite(estimates=estimates, se=se, chosen=np.asarray(chosen, np.float64))
    if (error < 0).any() or len(freedom) != value.size:
        raise ValueError("a standard error of 0 or more and degrees of freedom are needed for each estimate")
    picked = [bool(each) for each in chosen]
    needed = fcr_level(sum(picked), len(picked), 1 - checks.confidence(level)) if picked else level
    found: list[Bounds | None] = []
    for place, wanted in enumerate(picked):
        half = critical(needed, freedom[place]) * float(error[place]) if wanted else 0.0
        found.append((float(value[place]) - half, float(value[place]) + half) if wanted else None)
    return found


def _ranked(p: PValues) -> list[tuple[float, int]]:
    """p-values ascending with their places; those that underflowed to 0 are the smallest number instead."""
    given = [(float(value), place) for place, value in enumerate(p) if value is not None]
    wrong = [f"{value} at place {place}" for value, place in given if not 0 <= value <= 1]
    if wrong:
        raise ValueError("p-values lie between 0 and 1 (None for a missing one): " + ", ".join(wrong[:5]))
    return sorted((max(value, SMALLEST_P), place) for value, place in given)
