"""Does one group tend to larger values, and by how much? Mann-Whitney and Hodges-Lehmann from value counts.

Ten million rows of minutes are some ten thousand distinct values; nothing here depends on the number of rows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from kpi.stats import checks
from kpi.stats.intervals import SMALLEST_P, critical

Floats = NDArray[np.float64]
Alternative = Literal["two-sided", "greater", "less"]
MOST_EXACT = 100
"""Rows of both groups together up to which the exact distribution is computed."""


@dataclass(frozen=True)
class MannWhitney:
    """``u`` counts the pairs in which the first group's value is larger, ties half; ``probability`` is their
    share: P(X > Y) + ½ P(X = Y). ``method`` says where ``p`` comes from."""

    u: float
    p: float
    probability: float
    method: str


@dataclass(frozen=True)
class Shift:
    """Median of all differences x − y, and its interval (−inf, inf where so few rows set no bound)."""

    value: float
    low: float
    high: float
    method: str


def mann_whitney(
    values1: ArrayLike,
    counts1: ArrayLike,
    values2: ArrayLike,
    counts2: ArrayLike,
    *,
    method: Literal["asymptotic", "exact"] = "asymptotic",
    alternative: Alternative = "two-sided",
    continuity: bool = True,
) -> MannWhitney | None:
    """Mann-Whitney test of two groups given as values with counts; None when a group is empty.

    ``exact`` is the permutation distribution given the ties, for up to 100 rows together; ``asymptotic`` the
    normal one with variance corrected for ties. The method is never chosen by itself: a result does not
    change its kind because a slice got smaller. Shapes that differ make it reject too often or too seldom;
    :func:`kpi.stats.brunner_munzel` does not mind them.

    Source: Mann & Whitney (1947), Annals of Mathematical Statistics 18:50-60.

    Raises:
        ValueError: for NaN or negative counts; for ``exact`` with more rows or fractional counts.

    >>> test = mann_whitney([19, 22, 16, 29, 24], [1] * 5, [20, 11, 17, 12], [1] * 4, method="exact")
    >>> test.u, round(test.p, 4)
    (17.0, 0.1111)
    """
    v1, c1 = checks.tally(values1, counts1)
    v2, c2 = checks.tally(values2, counts2)
    n1, n2 = float(c1.sum()), float(c2.sum())
    if n1 <= 0 or n2 <= 0:
        return None
    _, tied1, tied2 = together(v1, c1, v2, c2)
    below = np.concatenate([[0.0], np.cumsum(tied2)[:-1]])
    u = float((tied1 * (below + tied2 / 2)).sum())
    probability = u / (n1 * n2)
    if method == "exact":
        low, high = _exact_tails(u, tied1, tied2)
        p = {"two-sided": 2 * min(low, high), "greater": high, "less": low}[alternative]
        return MannWhitney(u, min(1.0, max(p, SMALLEST_P)), probability, "exact permutation")
    variance = _variance(n1, n2, tied1 + tied2)
    words = "normal, corrected for ties" + (" and continuity" if continuity else "")
    if variance <= 0:
        return MannWhitney(u, 1.0, probability, words)
    gap = u - n1 * n2 / 2
    gap = {"two-sided": abs(gap), "greater": gap, "less": -gap}[alternative] - (0.5 if continuity else 0.0)
    tail = float(special.ndtr(-gap / math.sqrt(variance))) * (2 if alternative == "two-sided" else 1)
    return MannWhitney(u, min(1.0, max(tail, SMALLEST_P)), probability, words)


def hodges_lehmann(
    values1: ArrayLike,
    counts1: ArrayLike,
    values2: ArrayLike,
    counts2: ArrayLike,
    level: float = 0.95,
) -> Shift | None:
    """By how much the first group is larger: the median of all differences; None when a group is empty.

    The bounds are the differences at the ranks that Mann-Whitney's test does not reject: exact up to 100 rows
    together, normal beyond. Every rank is found by bisection over the counts, in O(K log K).

    Sources: Hodges & Lehmann (1963), Annals of Mathematical Statistics 34:598-611; Moses (1965); Hollander,
    Wolfe & Chicken (2014), Nonparametric Statistical Methods, section 4.3.

    Raises:
        ValueError: for NaN, negative counts or counts that are not whole.

    >>> x = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]     # Hollander & Wolfe 1973
    >>> shift = hodges_lehmann(x, [1] * 10, [1.15, 0.88, 0.90, 0.74, 1.21], [1] * 5)
    >>> round(shift.value, 3), round(shift.low, 2), round(shift.high, 2)
    (0.305, -0.15, 0.76)
    """
    z = critical(level)
    v1, c1 = checks.tally(values1, counts1)
    v2, c2 = checks.tally(values2, counts2)
    v1, c1, v2, c2 = v1[c1 > 0], c1[c1 > 0], v2[c2 > 0], c2[c2 > 0]
    if not c1.size or not c2.size:
        return None
    _whole(c1, c2)
    n1, n2 = int(c1.sum()), int(c2.sum())
    pairs = n1 * n2
    differences = _Differences(v1, c1, v2, c2)
    middle = (differences.at((pairs + 1) // 2) + differences.at(pairs // 2 + 1)) / 2
    if n1 + n2 <= MOST_EXACT:
        upto = np.cumsum(_untied(n1, n2))
        rank = int(np.searchsorted(upto, (1 - level) / 2, side="right"))
        words = "ranks of the exact Mann-Whitney test"
    else:
        _, tied1, tied2 = together(v1, c1, v2, c2)
        spread = math.sqrt(_variance(n1, n2, tied1 + tied2))
        rank = math.floor(pairs / 2 - z * spread)
        words = "ranks of the normal Mann-Whitney test"
    if rank < 1:
        return Shift(middle, -math.inf, math.inf, words)
    low, high = differences.at(rank), differences.at(pairs + 1 - rank)
    return Shift(middle, min(low, middle), max(high, middle), words)


def together(v1: Floats, c1: Floats, v2: Floats, c2: Floats) -> tuple[Floats, Floats, Floats]:
    """The distinct values of both groups, ascending, and how often each occurs in either group."""
    grid = np.union1d(v1, v2)
    first, second = np.zeros(grid.size), np.zeros(grid.size)
    first[np.searchsorted(grid, v1)] = c1
    second[np.searchsorted(grid, v2)] = c2
    return grid, first, second


def _variance(n1: float, n2: float, ties: Floats) -> float:
    """Variance of U under "no difference", given how many rows share each value."""
    rows = n1 + n2
    if rows <= 1:
        return 0.0
    lost = float((ties**3 - ties).sum()) / (rows * (rows - 1))
    return max(0.0, n1 * n2 / 12 * (rows + 1 - lost))


class _Differences:
    """The sorted differences x − y of all pairs, without making them."""

    def __init__(self, v1: Floats, c1: Floats, v2: Floats, c2: Floats) -> None:
        self.x, self.weights = v1, c1
        self.y, self.upto = v2, np.concatenate([[0.0], np.cumsum(c2)])

    def number(self, shift: float) -> float:
        """Pairs whose difference is at most this."""
        above = self.upto[-1] - self.upto[np.searchsorted(self.y, self.x - shift, side="left")]
        return float((self.weights * above).sum())

    def at(self, rank: int) -> float:
        """The difference of this rank, counted from 1."""
        low, high = float(self.x[0] - self.y[-1]), float(self.x[-1] - self.y[0])
        if self.number(low) >= rank:
            return low
        while high - low > 4e-16 * max(abs(low), abs(high), 1e-290):
            middle = low + (high - low) / 2
            if middle in (low, high):
                break
            if self.number(middle) >= rank:
                high = middle
            else:
                low = middle
            if (found := self.between(low, high)) is not None:
                return found
        return self.nearest(high)

    def between(self, low: float, high: float) -> float | None:
        """The only difference above ``low`` and up to ``high``, when the data are so coarse there is one."""
        first = np.searchsorted(self.y, self.x - high, side="left")
        beyond = np.searchsorted(self.y, self.x - low, side="left")
        inside = np.flatnonzero(beyond > first)
        if not inside.size or int((beyond - first)[inside].max()) > 1:
            return None
        found = self.x[inside] - self.y[first[inside]]
        return float(found[0]) if (found == found[0]).all() else None

    def nearest(self, shift: float) -> float:
        """The difference closest to a number."""
        place = np.searchsorted(self.y, self.x - shift)
        found = np.concatenate(
            [self.x - self.y[np.clip(place + step, 0, self.y.size - 1)] for step in (-1, 0)]
        )
        return float(found[np.argmin(np.abs(found - shift))])


def _exact_tails(u: float, tied1: Floats, tied2: Floats) -> tuple[float, float]:
    """Chance of a U of at most, and of at least, this, over all ways to deal the rows to the groups."""
    _whole(tied1, tied2)
    rows = int(tied1.sum() + tied2.sum())
    if rows > MOST_EXACT:
        raise ValueError(
            f"the exact test is for up to {MOST_EXACT} rows together, found {rows:,}: use method='asymptotic'"
        )
    share = _permutation((tied1 + tied2).astype(np.int64), int(tied1.sum()))
    place = round(2 * u)
    return float(share[: place + 1].sum()), float(share[place:].sum())


@lru_cache(maxsize=64)
def _untied(n1: int, n2: int) -> Floats:
    """Chance of U = 0, 1, 2 … without ties, by the recursion of Mann & Whitney."""
    ways = [np.ones(1) for _ in range(n1 + 1)]
    for n in range(1, n2 + 1):
        grown = [np.ones(1)]
        for m in range(1, n1 + 1):
            number = np.zeros(m * n + 1)
            # The largest row is of the first group, above n others, or it is of the second.
            number[n:] = grown[m - 1]
            number[: m * (n - 1) + 1] += ways[m]
            grown.append(number)
        ways = grown
    chance: Floats = ways[n1] / ways[n1].sum()
    return chance


def _permutation(ties: NDArray[np.int64], chosen: int) -> Floats:
    """Chance of 2U = 0, 1, 2 … when ``chosen`` rows are drawn; ``ties``: rows at each value, ascending.

    Drawing j of t rows that share a value adds j times the rows below, and half the tied ones left behind.
    """
    top = 2 * chosen * (int(ties.sum()) - chosen)
    # ways[k, s]: ways to have drawn k rows so far with twice their sum of midranks above the lowest being s.
    start = np.concatenate([[0], np.cumsum(ties)[:-1]])
    offset = chosen * (chosen - 1)
    ways = np.zeros((chosen + 1, top + 2 * offset + 1))
    ways[0, 0] = 1.0
    for below, tied in zip(start.tolist(), ties.tolist(), strict=True):
        rank = 2 * below + tied - 1
        grown = ways.copy()
        for drawn in range(1, min(tied, chosen) + 1):
            step = rank * drawn
            if step < ways.shape[1]:
                grown[drawn:, step:] += math.comb(tied, drawn) * ways[:-drawn, : ways.shape[1] - step]
        ways = grown
    final = ways[chosen, offset : offset + top + 1]
    share: Floats = final / final.sum()
    return share


def _whole(*counts: Floats) -> None:
    if any((each % 1 != 0).any() for each in counts):
        raise ValueError("counts must be whole numbers of rows here")
