"""Shares: one share, and the difference of two.

Counts may be fractional: a share of clustered rows is treated as one of fewer, independent rows (effective
counts).
"""

from __future__ import annotations

import math

from kpi.stats.intervals import Bounds, critical, mover, two_sided_p


def wilson(k: float, n: float, level: float = 0.95, *, crit: float | None = None) -> Bounds:
    """Score interval of a share, k of n. No rows at all say nothing: (0, 1).

    Source: Wilson (1927); Newcombe (1998), Statistics in Medicine 17:857-872, method 3.

    >>> [round(bound, 4) for bound in wilson(15, 148)]          # Newcombe 1998, Table I
    [0.0624, 0.1605]
    """
    if n <= 0:
        return 0.0, 1.0
    z = critical(level) if crit is None else crit
    share = k / n
    shrink = 1 + z * z / n
    middle = (share + z * z / (2 * n)) / shrink
    half = z * math.sqrt(max(share * (1 - share), 0.0) / n + z * z / (4 * n * n)) / shrink
    low = 0.0 if k <= 0 else max(0.0, min(middle - half, share))
    high = 1.0 if k >= n else min(1.0, max(middle + half, share))
    return low, high


def newcombe(
    k1: float, n1: float, k2: float, n2: float, level: float = 0.95, *, crit: float | None = None
) -> Bounds:
    """Hybrid score interval of k1/n1 − k2/n2 from two Wilson intervals.

    Source: Newcombe (1998), Statistics in Medicine 17:873-890, method 10.

    >>> [round(bound, 4) for bound in newcombe(56, 70, 48, 80)]      # example (a)
    [0.0524, 0.3339]
    """
    if n1 <= 0 or n2 <= 0:
        return -1.0, 1.0
    z = critical(level) if crit is None else crit
    low, high = mover(k1 / n1, wilson(k1, n1, crit=z), k2 / n2, wilson(k2, n2, crit=z))
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


def score_z(k1: float, n1: float, k2: float, n2: float, difference: float) -> float:
    """Miettinen-Nurminen z for the hypothesis that the shares differ by ``difference``.

    0 where nothing contradicts it.

    >>> round(score_z(10, 10, 0, 10, 0.6636), 2)
    1.96
    """
    observed = k1 / n1 - k2 / n2
    first, second = restricted_shares(k1, n1, k2, n2, difference)
    total = n1 + n2
    variance = first * (1 - first) / n1 + second * (1 - second) / n2
    if total > 1:
        variance *= total / (total - 1)
    gap = observed - difference
    if abs(gap) < 1e-14:
        return 0.0
    return gap / math.sqrt(variance) if variance > 0 else math.copysign(math.inf, gap)


def miettinen_nurminen(
    k1: float,
    n1: float,
    k2: float,
    n2: float,
    level: float = 0.95,
    *,
    crit: float | None = None,
    df: float = math.inf,
) -> tuple[float, float, float]:
    """Score interval and p-value of k1/n1 − k2/n2; they agree by construction.

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
    if n1 <= 0 or n2 <= 0:
        return -1.0, 1.0, 1.0
    z = critical(level, df) if crit is None else crit
    observed = k1 / n1 - k2 / n2

    def bound(edge: float) -> float:
        inside, outside = observed, edge
        if abs(score_z(k1, n1, k2, n2, edge)) <= z:
            return edge
        for _ in range(60):
            middle = (inside + outside) / 2
            if abs(score_z(k1, n1, k2, n2, middle)) <= z:
                inside = middle
            else:
                outside = middle
        return inside

    p = two_sided_p(score_z(k1, n1, k2, n2, 0.0), df)
    return bound(-1.0), bound(1.0), p
