"""Classical tests for one change of level, for reference and as the naive peers of the daily scan.

They take the values as independent: with AR(1) noise of .5 to .7 they find a change in 37 to 93 % of series
that have none (:func:`kpi.stats.daily.scan_steps` does not).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from kpi.stats.arrays import Floats, series
from kpi.stats.intervals import SMALLEST_P

FEWEST = 6


@dataclass(frozen=True)
class Break:
    """The most likely change of level.

    Attributes:
        at: periods before it, so ``values[at]`` is the first of the new level; None without one.
        statistic: of the test named by the function; None without an answer.
        p: from the large-sample distribution; None where the function gives none.
        reason: why there is no answer.
    """

    at: int | None
    statistic: float | None
    p: float | None
    reason: str | None = None


def pettitt(values: ArrayLike) -> Break:
    """Rank test for one change; statistic K = max |U|, p = 2 exp(−6 K² / (n³ + n²)).

    Source: Pettitt (1979), Applied Statistics 28:126-135.

    Raises:
        ValueError: when a value is infinite.

    >>> pettitt([1, 2, 1, 2, 1, 5, 6, 5, 6, 5]).at
    5
    """
    points, place, reason = _usable(values)
    if reason:
        return Break(None, None, None, reason)
    n = points.size
    _, codes, counts = np.unique(points, return_inverse=True, return_counts=True)
    midrank = np.cumsum(counts) - (counts - 1) / 2
    sums = np.abs(2 * np.cumsum(midrank[codes]) - np.arange(1, n + 1) * (n + 1))[:-1]
    k = int(np.argmax(sums))
    largest = float(sums[k])
    return Break(int(place[k]) + 1, largest, _p(2 * math.exp(-6 * largest**2 / (n**3 + n**2))))


def buishand_range(values: ArrayLike) -> Break:
    """Rescaled adjusted range R/√n of the cumulative deviations; p by Kuiper's limiting distribution.

    Source: Buishand (1982), Journal of Hydrology 58:11-27.

    Raises:
        ValueError: when a value is infinite.

    >>> round(buishand_range([1, 2, 1, 2, 1, 5, 6, 5, 6, 5]).statistic, 3)
    1.457
    """
    points, place, reason = _usable(values)
    if reason:
        return Break(None, None, None, reason)
    path = _bridge(points)
    statistic = max(0.0, float(path.max())) - min(0.0, float(path.min()))
    order = np.arange(1, 101)
    terms = (4 * order**2 * statistic**2 - 1) * np.exp(-2 * order**2 * statistic**2)
    p = 2 * float(terms.sum()) if statistic > 0.4 else 1.0
    return Break(_largest(path, place), statistic, _p(p))


def buishand_u(values: ArrayLike) -> Break:
    """U: mean square of the rescaled cumulative deviations, without a p-value.

    Source: Buishand (1984), Journal of Hydrology 73:51-69.

    Raises:
        ValueError: when a value is infinite.

    >>> round(buishand_u([1, 2, 1, 2, 1, 5, 6, 5, 6, 5]).statistic, 3)
    0.658
    """
    points, place, reason = _usable(values)
    if reason:
        return Break(None, None, None, reason)
    path = _bridge(points)[:-1]
    return Break(_largest(path, place), float((path**2).sum()) / (points.size + 1), None)


def snht(values: ArrayLike) -> Break:
    """Standard normal homogeneity test, T = max k z̄₁² + (n − k) z̄₂², without a p-value.

    Source: Alexandersson (1986), Journal of Climatology 6:661-675.

    Raises:
        ValueError: when a value is infinite.

    >>> round(snht([1, 2, 1, 2, 1, 5, 6, 5, 6, 5]).statistic, 2)
    8.49
    """
    points, place, reason = _usable(values)
    if reason:
        return Break(None, None, None, reason)
    n = points.size
    z = (points - points.mean()) / points.std(ddof=1)
    k = np.arange(1, n)
    sums = np.cumsum(z)[:-1]
    each = sums**2 / k + sums**2 / (n - k)
    best = int(np.argmax(each))
    return Break(int(place[best]) + 1, float(each[best]), None)


@dataclass(frozen=True)
class LevelBreak(Break):
    """As :class:`Break`, with the residual sums of squares without and with the change."""

    rss_without: float | None = None
    rss_with: float | None = None


def sup_f(values: ArrayLike, *, trim: float = 0.15) -> LevelBreak:
    """Largest F of all single changes of level that leave at least a share ``trim`` on each side.

    Source: Andrews (1993), Econometrica 61:821-856; p by the tail formula of DeLong (1981),
    good below .2 and given as 1 where F is below 3.

    Raises:
        ValueError: when a value is infinite or ``trim`` not within 0 and ½.

    >>> sup_f([1, 2, 1, 2, 1, 5, 6, 5, 6, 5]).at
    5
    """
    if not 0 < trim < 0.5:
        raise ValueError(f"trim must lie between 0 and 0.5, but is {trim:g}")
    points, place, reason = _usable(values)
    if reason:
        return LevelBreak(None, None, None, reason)
    n = points.size
    centred = points - points.mean()
    without = float((centred**2).sum())
    k = np.arange(1, n)
    gain = np.cumsum(centred)[:-1] ** 2 * n / (k * (n - k))
    allowed = (k >= max(1, math.floor(trim * n))) & (n - k >= max(1, math.floor(trim * n)))
    best = int(np.flatnonzero(allowed)[np.argmax(gain[allowed])])
    parts = (centred[: best + 1], centred[best + 1 :])
    with_break = math.fsum(float(((part - part.mean()) ** 2).sum()) for part in parts)
    at = int(place[best]) + 1
    if with_break <= 1e-24 * without:
        return LevelBreak(at, None, None, "nothing varies but the level", without, 0.0)
    f = float(gain[best]) / (with_break / (n - 2))
    spread = 2 * math.log((1 - trim) / trim)
    tail = math.sqrt(f / 2) * math.exp(-f / 2) / math.sqrt(math.pi) * (spread * (1 - 1 / f) + 2 / f)
    return LevelBreak(at, f, _p(tail) if f > 3 else 1.0, None, without, with_break)


def _usable(values: ArrayLike) -> tuple[Floats, Floats, str | None]:
    points = series(values)
    place = np.flatnonzero(np.isfinite(points)).astype(np.float64)
    points = points[np.isfinite(points)]
    if points.size < FEWEST:
        return points, place, f"a change needs at least {FEWEST} values, but there are {points.size}"
    if points.std() <= 1e-12 * max(1e-300, float(np.abs(points).max())):
        return points, place, "all values are equal, so nothing changes"
    return points, place, None


def _bridge(points: Floats) -> Floats:
    """Cumulative deviations from the mean over √n σ."""
    path: Floats = np.cumsum(points - points.mean()) / (points.std(ddof=1) * math.sqrt(points.size))
    return path


def _largest(path: Floats, place: Floats) -> int:
    return int(place[int(np.argmax(np.abs(path)))]) + 1


def _p(p: float) -> float:
    return min(1.0, max(SMALLEST_P, p))
