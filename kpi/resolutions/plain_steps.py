"""The largest step of a series by plain least squares: surer of itself than the daily engine is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]

WEEK = 7
EACH_SIDE = 28
"""Days that must lie before and after a step."""


def weekdays_and_weeks(value: Floats, weekday: Longs) -> tuple[tuple[Floats, int], tuple[Floats, int]]:
    """The days without their weekdays, and the means of weeks, each with how many must lie on either side."""
    adjusted = without_weekday(value, weekday)
    whole = adjusted[adjusted.size % WEEK :].reshape(-1, WEEK)
    known = np.isfinite(whole).sum(axis=1)
    sums = np.nansum(whole, axis=1)
    weeks = np.where(known >= 3, sums / np.maximum(known, 1), np.nan)
    return (adjusted, EACH_SIDE), (weeks, EACH_SIDE // WEEK)


def plain_t(value: Floats, better: int, side: int) -> float:
    """The largest t of a step to the better by least squares, values as if independent.

    ``side`` values at least must lie before and after it; 0.0 where there are too few.

    >>> round(plain_t(np.array([3.0, 2, 3, 2, 1, 0, 1, 0]), -1, 2), 2)
    4.9
    """
    return _largest(value, better, side)[0]


def robust_t(value: Floats, better: int, side: int) -> float:
    """The same with what neighbours have in common (Newey & West 1987, up to 4 apart), never larger.

    >>> values = np.array([3.0, 2, 3, 2, 1, 0, 1, 0])
    >>> robust_t(values, -1, 2) <= plain_t(values, -1, 2)
    True
    """
    t, at = _largest(value, better, side)
    if t <= 0:
        return t
    known = np.isfinite(value)
    after = np.arange(value.size) >= at
    rest = np.zeros(value.size)
    for part in (known & ~after, known & after):
        rest[part] = value[part] - value[part].mean()
    squares = float((rest**2).sum())
    if squares <= 0:
        return t
    apart = [float((rest[lag:] * rest[:-lag]).sum()) / squares for lag in range(1, 5)]
    return t / float(np.sqrt(max(1.0, 1 + 2 * sum(r * (1 - lag / 5) for lag, r in enumerate(apart, 1)))))


def _largest(value: Floats, better: int, side: int) -> tuple[float, int]:
    """The largest t and the place of its step."""
    known = np.isfinite(value)
    n = int(known.sum())
    if n < 2 * side + 2:
        return 0.0, 0
    filled = np.where(known, value, 0.0)
    k, total, squares = np.cumsum(known), np.cumsum(filled), float((filled**2).sum())
    cut = np.arange(side, value.size - side + 1) - 1
    n1 = k[cut].astype(np.float64)
    n2 = n - n1
    usable = (n1 >= side / 2) & (n2 >= side / 2)
    if not usable.any():
        return 0.0, 0
    cut, n1, n2 = cut[usable], n1[usable], n2[usable]
    s1 = total[cut]
    s2 = total[-1] - s1
    inside = squares - s1**2 / n1 - s2**2 / n2
    se = np.sqrt(np.maximum(inside, 1e-12) / max(n - 2, 1) * (1 / n1 + 1 / n2))
    t = better * (s2 / n2 - s1 / n1) / se
    best = int(np.argmax(t))
    return float(t[best]), int(cut[best]) + 1


def without_weekday(value: Floats, weekday: Longs) -> Floats:
    adjusted = value.copy()
    for each in range(7):
        mine = weekday == each
        if np.isfinite(value[mine]).any():
            adjusted[mine] -= np.nanmean(value[mine])
    return adjusted
