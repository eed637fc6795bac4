"""What all intervals share: critical values, p-values that agree with them, differences of two estimates.

An interval here is a function of its critical value z: at z = 0 it is the estimate (or close to it), and it
grows with z. A p-value is found by asking at which z the interval first touches the value in question. So an
interval and its p-value cannot contradict each other.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from scipy import special

from kpi.stats import checks

Bounds = tuple[float, float]
"""Low and high; ``-inf`` and ``inf`` where the data set no bound."""

FURTHEST = 37.0
"""Normal critical values are searched up to here (a two-sided p of about 1e-299)."""
SMALLEST_P = 2.2250738585072014e-308
"""No p-value is smaller: evidence is never certainty."""


def critical(level: float = 0.95, df: float = math.inf) -> float:
    """Two-sided critical value of Student's t with ``df`` degrees of freedom; infinite ``df``: the normal.

    Raises:
        ValueError: for a level that does not lie between 0 and 1, and for df that are not above 0.

    >>> round(critical(), 4), round(critical(0.95, 7), 4)
    (1.96, 2.3646)
    """
    checks.confidence(level)
    if not df > 0:
        raise ValueError(f"degrees of freedom must be above 0, found {df}")
    return float(special.stdtrit(df, 0.5 + level / 2))


def two_sided_p(z: float, df: float = math.inf) -> float:
    """Two-sided p-value of a t statistic, from the survival function so that small ones do not vanish.

    Raises:
        ValueError: for NaN: "not known" is not the same as "no evidence".

    >>> round(two_sided_p(1.959964), 4), two_sided_p(0.0), two_sided_p(-99.0) > 0
    (0.05, 1.0, True)
    """
    checks.numbers(z=z, df=df)
    tail = special.ndtr(-abs(z)) if math.isinf(df) else special.stdtr(df, -abs(z))
    return min(1.0, max(2 * float(tail), SMALLEST_P))


def tail_of(z: float) -> float:
    """Upper tail of the normal beyond z: the α/2 of exact methods that are asked for a critical value.

    0 from about z = 38 on: then such methods give no bound.

    >>> round(tail_of(1.959964), 4)
    0.025
    """
    return float(special.ndtr(-z))


def mover(value1: float, bounds1: Bounds, value2: float, bounds2: Bounds) -> Bounds:
    """Interval of value1 − value2 from two estimates and their intervals.

    Method of variance estimates recovery.

    Source: Zou & Donner (2008), Statistics in Medicine 27:1693-1702; Newcombe (1998).

    >>> low, high = mover(56 / 70, (0.69175, 0.87695), 48 / 80, (0.49039, 0.70034))  # Wilson limits
    >>> round(low, 3), round(high, 3)  # Newcombe 1998, example (a), method 10
    (0.052, 0.334)
    """
    (low1, high1), (low2, high2) = bounds1, bounds2
    checks.numbers(value1=value1, low1=low1, high1=high1, value2=value2, low2=low2, high2=high2)
    difference = value1 - value2
    return (
        difference - math.hypot(value1 - low1, high2 - value2),
        difference + math.hypot(high1 - value1, value2 - low2),
    )


def agreeing_p(bounds: Callable[[float], Bounds], df: float = math.inf, null: float = 0.0) -> float:
    """p-value that agrees with an interval: the largest z at which it still leaves ``null`` out, as p.

    Args:
        bounds: the interval at a critical value; must not shrink when the critical value grows.

    >>> round(agreeing_p(lambda z: (1.0 - z, 1.0 + z)), 5), agreeing_p(lambda z: (0.0, 0.0))
    (0.31731, 1.0)
    """

    def leaves_out(z: float) -> bool:
        low, high = bounds(z)
        return low > null or high < null

    if not leaves_out(0.0):
        return 1.0
    furthest = FURTHEST if math.isinf(df) else 1e6
    if leaves_out(furthest):
        return two_sided_p(furthest, df)
    inside, outside = furthest, 0.0
    while inside - outside > 1e-7 * max(1.0, outside):
        middle = (inside + outside) / 2
        if leaves_out(middle):
            outside = middle
        else:
            inside = middle
    return two_sided_p(outside, df)


def detectable_change(se: float, df: float = math.inf, level: float = 0.95, power: float = 0.8) -> float:
    """The smallest true change that a comparison with this standard error would call real with this power.

    (t of the level + t of the power) × SE; Bloom (1995), Evaluation Review 19:547-556.

    >>> round(detectable_change(1.0), 3)
    2.802
    """
    if not se >= 0:
        raise ValueError(f"a standard error is 0 or more, found {se}")
    checks.confidence(level)
    if not 0 < power < 1:
        raise ValueError(f"a power lies between 0 and 1 (0.8 is usual), found {power}")
    return max(0.0, critical(level, df) + float(special.stdtrit(df, power))) * se
