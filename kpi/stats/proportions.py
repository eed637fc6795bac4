"""Shares: one share, and the difference of two.

Counts may be fractional: a share of clustered rows is treated as one of fewer, independent rows (effective
counts). Counts that are negative, not a number, or more hits than rows raise ValueError.
"""

from __future__ import annotations

import math
from typing import overload

import numpy as np
from numpy.typing import NDArray

from kpi.stats import checks, proportion_arrays
from kpi.stats.intervals import Bounds, critical, mover, two_sided_p

Floats = NDArray[np.float64]


@overload
def wilson(k: float, n: float, level: float = 0.95, *, crit: float | None = None) -> Bounds: ...


@overload
def wilson(
    k: Floats, n: Floats, level: float = 0.95, *, crit: float | None = None
) -> tuple[Floats, Floats]: ...


def wilson(
    k: float | Floats, n: float | Floats, level: float = 0.95, *, crit: float | None = None
) -> Bounds | tuple[Floats, Floats]:
    """Score interval of a share, k of n; of many shares for arrays. No rows at all say nothing: (0, 1).

    Source: Wilson (1927); Newcombe (1998), Statistics in Medicine 17:857-872, method 3.

    >>> [round(bound, 4) for bound in wilson(15, 148)]          # Newcombe 1998, Table I
    [0.0624, 0.1605]
    """
    z = critical(level) if crit is None else crit
    if isinstance(k, np.ndarray) or isinstance(n, np.ndarray):
        return proportion_arrays.wilson(k, n, z)
    k = checks.parts(k, n)
    if n <= 0:
        return 0.0, 1.0
    share, square = k / n, z * z
    middle = (k + square / 2) / (n + square)
    half = z * math.sqrt(k * (n - k) / n + square / 4) / (n + square)
    low = 0.0 if k <= 0 else max(0.0, min(middle - half, share))
    high = 1.0 if k >= n else min(1.0, max(middle + half, share))
    return low, high


def wilson_continuity(k: float, n: float, level: float = 0.95, *, crit: float | None = None) -> Bounds:
    """Score interval of a share with continuity correction: wider, for the rare reader who asks for it.

    Source: Newcombe (1998), Statistics in Medicine 17:857-872, method 4. Whole rows only: below one row it
    says nothing.

    >>> [round(bound, 4) for bound in wilson_continuity(81, 263)]    # Newcombe 1998, Table I
    [0.2535, 0.3682]
    """
    k = checks.parts(k, n)
    if n < 1:
        return 0.0, 1.0
    z = critical(level) if crit is None else crit
    share, square = k / n, z * z
    below = square - 2 - 1 / n + 4 * share * (n - k + 1)
    above = square + 2 - 1 / n + 4 * share * (n - k - 1)
    low = (2 * k + square - 1 - z * math.sqrt(max(below, 0.0))) / (2 * (n + square))
    high = (2 * k + square + 1 + z * math.sqrt(max(above, 0.0))) / (2 * (n + square))
    return (
        0.0 if k <= 0 else max(0.0, min(low, share)),
        1.0 if k >= n else min(1.0, max(high, share)),
    )


def newcombe(
    k1: float, n1: float, k2: float, n2: float, level: float = 0.95, *, crit: float | None = None
) -> Bounds:
    """Hybrid score interval of k1/n1 − k2/n2 from two Wilson intervals.

    Source: Newcombe (1998), Statistics in Medicine 17:873-890, method 10.

    >>> [round(bound, 4) for bound in newcombe(56, 70, 48, 80)]      # example (a)
    [0.0524, 0.3339]
    """
    k1, k2 = checks.parts(k1, n1, "1"), checks.parts(k2, n2, "2")
    if n1 <= 0 or n2 <= 0:
        return -1.0, 1.0
    z = critical(level) if crit is None else crit
    low, high = mover(k1 / n1, wilson(k1, n1, crit=z), k2 / n2, wilson(k2, n2, crit=z))
    return max(-1.0, low), min(1.0, high)


def newcombe_continuity(
    k1: float, n1: float, k2: float, n2: float, level: float = 0.95, *, crit: float | None = None
) -> Bounds:
    """Hybrid score interval of k1/n1 − k2/n2 from two Wilson intervals with continuity correction.

    Source: Newcombe (1998), Statistics in Medicine 17:873-890, method 11.

    >>> [round(bound, 4) for bound in newcombe_continuity(9, 10, 3, 10)]      # example (b)
    [0.1013, 0.8387]
    """
    k1, k2 = checks.parts(k1, n1, "1"), checks.parts(k2, n2, "2")
    if n1 <= 0 or n2 <= 0:
        return -1.0, 1.0
    z = critical(level) if crit is None else crit
    first, second = wilson_continuity(k1, n1, crit=z), wilson_continuity(k2, n2, crit=z)
    low, high = mover(k1 / n1, first, k2 / n2, second)
    return max(-1.0, low), min(1.0, high)


def restricted_shares(k1: float, n1: float, k2: float, n2: float, difference: float) -> tuple[float, float]:
    """The likeliest two shares among those that differ by exactly ``difference``.

    Root of the likelihood cubic, in closed form; Miettinen & Nurminen (1985), Statistics in Medicine
    4:213-226, appendix I. statsmodels 0.15 has a wrong coefficient here.

    >>> [round(share, 4) for share in restricted_shares(5, 10, 5, 10, 0.0)]
    [0.5, 0.5]
    """
    total, successes = n1 + n2, k1 + k2
    if difference == 0:
        return successes / total, successes / total
    cubic = total
    square = (n1 + 2 * n2) * difference - total - successes
    linear = (n2 * difference - total - 2 * k2) * difference + successes
    constant = k2 * difference * (1 - difference)
    third = square / (3 * cubic)
    q = third**3 - linear * square / (6 * cubic * cubic) + constant / (2 * cubic)
    p = math.copysign(math.sqrt(max(third * third - linear / (3 * cubic), 0.0)), q)
    if p == 0:
        second = -third
    else:
        cosine = min(1.0, max(-1.0, q / p**3)) if abs(p) > 1e-100 else 1.0
        second = 2 * p * math.cos((math.pi + math.acos(cosine)) / 3) - third
    second = min(max(second, 0.0, -difference), 1.0, 1.0 - difference)
    return min(max(second + difference, 0.0), 1.0), second


def score_z(
    k1: float, n1: float, k2: float, n2: float, difference: float, *, corrected: bool = True
) -> float:
    """Miettinen-Nurminen z for the hypothesis that the shares differ by ``difference``.

    0 where nothing contradicts it. Not ``corrected``: without their factor N/(N−1), as in Mee (1984).

    >>> round(score_z(10, 10, 0, 10, 0.6636), 2)
    1.96
    """
    observed = k1 / n1 - k2 / n2
    first, second = restricted_shares(k1, n1, k2, n2, difference)
    total = n1 + n2
    variance = first * (1 - first) / n1 + second * (1 - second) / n2
    if corrected and total > 1:
        variance *= total / (total - 1)
    gap = observed - difference
    if abs(gap) < 1e-14:
        return 0.0
    return gap / math.sqrt(variance) if variance > 0 else math.copysign(math.inf, gap)


@overload
def miettinen_nurminen(
    k1: float,
    n1: float,
    k2: float,
    n2: float,
    level: float = 0.95,
    *,
    crit: float | None = None,
    df: float = math.inf,
) -> tuple[float, float, float]: ...


@overload
def miettinen_nurminen(
    k1: Floats,
    n1: Floats,
    k2: Floats,
    n2: Floats,
    level: float = 0.95,
    *,
    crit: float | None = None,
    df: float = math.inf,
) -> tuple[Floats, Floats, Floats]: ...


def miettinen_nurminen(
    k1: float | Floats,
    n1: float | Floats,
    k2: float | Floats,
    n2: float | Floats,
    level: float = 0.95,
    *,
    crit: float | None = None,
    df: float = math.inf,
) -> tuple[float, float, float] | tuple[Floats, Floats, Floats]:
    """Score interval and p-value of k1/n1 − k2/n2; they agree by construction. Of many pairs for arrays.

    Source: Miettinen & Nurminen (1985), Statistics in Medicine 4:213-226.

    Args:
        df: degrees of freedom of the critical value and the p-value (effective counts from clusters).
        crit: critical value, when it is not to be that of ``level`` and ``df``.

    Returns:
        low, high (within −1 and 1) and p. Without rows on one side: (−1, 1, 1).

    >>> [round(number, 4) for number in miettinen_nurminen(10, 10, 0, 10)[:2]]  # Newcombe 1998 (h), method 6
    [0.6636, 1.0]
    >>> miettinen_nurminen(10, 10, 10, 10)[2]
    1.0
    """
    z = critical(level, df) if crit is None else crit
    if (
        isinstance(k1, np.ndarray)
        or isinstance(n1, np.ndarray)
        or isinstance(k2, np.ndarray)
        or isinstance(n2, np.ndarray)
    ):
        return proportion_arrays.miettinen_nurminen(k1, n1, k2, n2, z, df)
    return _score(k1, n1, k2, n2, z, df, corrected=True)


def mee(
    k1: float, n1: float, k2: float, n2: float, level: float = 0.95, *, df: float = math.inf
) -> tuple[float, float, float]:
    """Score interval and p-value of k1/n1 − k2/n2 without Miettinen and Nurminen's factor N/(N−1).

    A little narrower than theirs. Source: Mee (1984), Biometrics 40:1175-1176.

    >>> [round(bound, 4) for bound in mee(56, 70, 48, 80)[:2]]      # Newcombe 1998 (a), method 5
    [0.0533, 0.3377]
    """
    return _score(k1, n1, k2, n2, critical(level, df), df, corrected=False)


def _score(
    k1: float, n1: float, k2: float, n2: float, z: float, df: float, *, corrected: bool
) -> tuple[float, float, float]:
    k1, k2 = checks.parts(k1, n1, "1"), checks.parts(k2, n2, "2")
    if n1 <= 0 or n2 <= 0:
        return -1.0, 1.0, 1.0
    observed = k1 / n1 - k2 / n2

    def away(difference: float) -> float:
        return abs(score_z(k1, n1, k2, n2, difference, corrected=corrected))

    def bound(edge: float) -> float:
        inside, outside = observed, edge
        if away(edge) <= z:
            return edge
        for _ in range(60):
            middle = (inside + outside) / 2
            if away(middle) <= z:
                inside = middle
            else:
                outside = middle
        return inside

    return bound(-1.0), bound(1.0), two_sided_p(away(0.0), df)
