"""Rates of events: one rate, the ratio and the difference of two. Events are counted, exposure is measured.

Events may be fractional: overdispersed counts are treated as fewer, independent ones.
"""

from __future__ import annotations

import math

from scipy import special

from kpi.stats.intervals import Bounds, agreeing_p, critical, mover, tail_of, two_sided_p


def poisson_exact(
    events: float, exposure: float, level: float = 0.95, *, crit: float | None = None
) -> Bounds:
    """Exact interval of a rate. Without exposure nothing is known: (0, inf).

    Source: Garwood (1936), Biometrika 28:437-442.

    >>> [round(bound, 3) for bound in poisson_exact(10, 1)]          # Garwood 1936
    [4.795, 18.39]
    """
    if exposure <= 0:
        return 0.0, math.inf
    tail = tail_of(critical(level) if crit is None else crit)
    low = 0.0 if events <= 0 else float(special.gammainccinv(events, 1 - tail))
    if events > 0 and tail < 1e-9:
        low = float(special.gammaincinv(events, tail))
    high = float(special.gammainccinv(events + 1, tail))
    return min(low, events) / exposure, max(high, events) / exposure


def rate_ratio(
    events1: float, exposure1: float, events2: float, exposure2: float, level: float = 0.95
) -> tuple[float, float, float]:
    """Exact conditional interval and p-value of the ratio of two rates; they agree by construction.

    Given the total, the events of one side are binomial: Clopper-Pearson limits and doubled tails.
    Source: Przyborowski & Wilenski (1940), Biometrika 31:313-323.

    Returns:
        low, high (``inf`` where there is no bound), p. Without events or exposure: (0, inf, 1).

    >>> low, high, p = rate_ratio(60, 51477.5, 30, 54308.7)        # Gu et al. 2008, example 1
    >>> round(low, 3), round(high, 3), round(p, 5)
    (1.34, 3.388, 0.00086)
    """
    total = events1 + events2
    if total <= 0 or exposure1 <= 0 or exposure2 <= 0:
        return 0.0, math.inf, 1.0
    tail = (1 - level) / 2
    low_share = 0.0 if events1 <= 0 else float(special.betaincinv(events1, events2 + 1, tail))
    high_share = 1.0 if events2 <= 0 else float(special.betainccinv(events1 + 1, events2, tail))
    null = exposure1 / (exposure1 + exposure2)
    at_least = 1.0 if events1 <= 0 else float(special.betainc(events1, events2 + 1, null))
    at_most = 1.0 if events2 <= 0 else float(special.betaincc(events1 + 1, events2, null))
    scale = exposure2 / exposure1
    low = scale * low_share / (1 - low_share) if low_share < 1 else math.inf
    high = scale * high_share / (1 - high_share) if high_share < 1 else math.inf
    return low, high, min(1.0, max(2 * min(at_least, at_most), two_sided_p(math.inf)))


def rate_difference(
    events1: float,
    exposure1: float,
    events2: float,
    exposure2: float,
    level: float = 0.95,
    *,
    df: float = math.inf,
) -> tuple[float, float, float]:
    """Interval of the difference of two rates from their exact intervals, and the p-value that agrees.

    MOVER on Garwood limits: Li, Tang & Wong (2014), Computational Statistics 29:869-889. Good for few events,
    never of zero width. Without exposure on one side: (−inf, inf, 1).

    >>> [round(number, 3) for number in rate_difference(15, 10, 5, 10)]
    [0.061, 2.031, 0.036]
    """
    if exposure1 <= 0 or exposure2 <= 0:
        return -math.inf, math.inf, 1.0

    def bounds(z: float) -> Bounds:
        return mover(
            events1 / exposure1,
            poisson_exact(events1, exposure1, crit=z),
            events2 / exposure2,
            poisson_exact(events2, exposure2, crit=z),
        )

    low, high = bounds(critical(level, df))
    return low, high, agreeing_p(bounds, df)
