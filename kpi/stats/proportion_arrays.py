"""Shares of many segments at once: the intervals of :mod:`kpi.stats.proportions` on arrays of counts."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from kpi.stats.intervals import SMALLEST_P

Floats = NDArray[np.float64]
HALVINGS = 55


def checked(**given: ArrayLike) -> list[Floats]:
    """The counts as arrays of one shape. Raises ValueError for NaN, negative counts, more hits than rows."""
    arrays = np.broadcast_arrays(*(np.asarray(values, np.float64) for values in given.values()))
    wrong = [
        f"{name} has {number:,} entries that are no count of 0 or more"
        for name, values in zip(given, arrays, strict=True)
        if (number := int(np.count_nonzero(~((values >= 0) & np.isfinite(values)))))
    ]
    for hits, rows in zip(arrays[::2], arrays[1::2], strict=True):
        if number := int(np.count_nonzero(hits > rows * (1 + 1e-9) + 1e-300)):
            wrong.append(f"{number:,} entries have more hits than rows")
    if wrong:
        raise ValueError("; ".join(wrong))
    return [np.array(values, np.float64) for values in arrays]


def wilson(k: ArrayLike, n: ArrayLike, z: float) -> tuple[Floats, Floats]:
    """Low and high for each share; (0, 1) without rows."""
    hits, rows = checked(k=k, n=n)
    hits = np.minimum(hits, rows)
    there = rows > 0
    total = np.where(there, rows, 1.0)
    share, square = hits / total, z * z
    middle = (hits + square / 2) / (total + square)
    half = z * np.sqrt(hits * (total - hits) / total + square / 4) / (total + square)
    low = np.where(hits <= 0, 0.0, np.clip(middle - half, 0.0, share))
    high = np.where(hits >= rows, 1.0, np.clip(middle + half, share, 1.0))
    return np.where(there, low, 0.0), np.where(there, high, 1.0)


def restricted_second(k1: Floats, n1: Floats, k2: Floats, n2: Floats, gap: Floats) -> Floats:
    """The likeliest second share where the first is larger by ``gap``; the cubic of the scalar form."""
    total, hits = n1 + n2, k1 + k2
    square = (n1 + 2 * n2) * gap - total - hits
    linear = (n2 * gap - total - 2 * k2) * gap + hits
    third = square / (3 * total)
    q = third**3 - linear * square / (6 * total * total) + k2 * gap * (1 - gap) / (2 * total)
    p = np.copysign(np.sqrt(np.maximum(third * third - linear / (3 * total), 0.0)), q)
    cube = p**3
    cosine = np.clip(np.divide(q, cube, out=np.ones_like(q), where=np.abs(cube) > 1e-300), -1.0, 1.0)
    second = 2 * p * np.cos((np.pi + np.arccos(cosine)) / 3) - third
    pooled = np.where(gap == 0, hits / total, second)
    return np.clip(pooled, np.maximum(0.0, -gap), np.minimum(1.0, 1.0 - gap))


def score_z(k1: Floats, n1: Floats, k2: Floats, n2: Floats, gap: Floats, corrected: bool = True) -> Floats:
    """Score z for each difference ``gap``; rows must be there on both sides."""
    second = restricted_second(k1, n1, k2, n2, gap)
    first = np.clip(second + gap, 0.0, 1.0)
    variance = first * (1 - first) / n1 + second * (1 - second) / n2
    total = n1 + n2
    if corrected:
        variance = variance * np.where(total > 1, total / np.where(total > 1, total - 1, 1.0), 1.0)
    away = k1 / n1 - k2 / n2 - gap
    away = np.where(np.abs(away) < 1e-14, 0.0, away)
    still = np.where(away == 0, 0.0, np.copysign(np.inf, away))
    return np.divide(away, np.sqrt(variance), out=still, where=(variance > 0) & (away != 0))


def miettinen_nurminen(
    k1: ArrayLike,
    n1: ArrayLike,
    k2: ArrayLike,
    n2: ArrayLike,
    z: float | Floats,
    df: ArrayLike,
    corrected: bool = True,
) -> tuple[Floats, Floats, Floats]:
    """Low, high and p for each pair of shares; (−1, 1, 1) where one side has no rows."""
    hits1, rows1, hits2, rows2 = checked(k1=k1, n1=n1, k2=k2, n2=n2)
    there = (rows1 > 0) & (rows2 > 0)
    rows1, rows2 = np.where(there, rows1, 1.0), np.where(there, rows2, 1.0)
    hits1, hits2 = np.minimum(hits1, rows1), np.minimum(hits2, rows2)
    observed = hits1 / rows1 - hits2 / rows2

    def bound(edge: float) -> Floats:
        inside, outside = observed.copy(), np.full(observed.shape, edge)
        open_ended = np.abs(score_z(hits1, rows1, hits2, rows2, outside, corrected)) <= z
        for _ in range(HALVINGS):
            middle = (inside + outside) / 2
            holds = np.abs(score_z(hits1, rows1, hits2, rows2, middle, corrected)) <= z
            inside, outside = np.where(holds, middle, inside), np.where(holds, outside, middle)
        return np.where(open_ended, edge, inside)

    score = -np.abs(score_z(hits1, rows1, hits2, rows2, np.zeros(observed.shape), corrected))
    freedom = np.asarray(df, np.float64)
    with np.errstate(invalid="ignore"):
        tail = np.where(np.isinf(freedom), special.ndtr(score), special.stdtr(freedom, score))
    p = np.clip(2 * tail, SMALLEST_P, 1.0)
    return (
        np.where(there, bound(-1.0), -1.0),
        np.where(there, bound(1.0), 1.0),
        np.where(there, p, 1.0),
    )
