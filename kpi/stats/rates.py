"""Rates of events: one rate, the ratio and the difference of two. Events are counted, exposure is measured.

Events may be fractional: overdispersed counts are treated as fewer, independent ones. Negative numbers and
NaN raise ValueError.
"""

from __future__ import annotations

import math
from typing import Literal

from scipy import special

from kpi.stats import checks
from kpi.stats.intervals import Bounds, agreeing_p, critical, mover, tail_of, two_sided_p
from kpi.stats.proportions import wilson


def poisson_exact(
    events: float, exposure: float, level: float = 0.95, *, crit: float | None = None
) -> Bounds:
    """Exact interval of a rate. Without exposure nothing is known: (0, inf).

    Source: Garwood (1936), Biometrika 28:437-442.

    >>> [round(bound, 3) for bound in poisson_exact(10, 1)]          # Garwood 1936
    [4.795, 18.39]
    """
    checks.counts(events=events, exposure=exposure)
    if exposure <= 0:
        return 0.0, math.inf
    tail = tail_of(critical(level) if crit is None else crit)
    low = 0.0 if events <= 0 else float(special.gammainccinv(events, 1 - tail))
    if events > 0 and tail < 1e-9:
        low = float(special.gammaincinv(events, tail))
    high = float(special.gammainccinv(events + 1, tail))
    return min(low, events) / exposure, max(high, events) / exposure


def rate_score(events: float, exposure: float, level: float = 0.95) -> Bounds:
    """Score interval of a rate: closer to ``level`` than the exact one. Without exposure: (0, inf).

    Source: Garwood (1936); Barker (2002), The American Statistician 56:85-89.

    >>> [round(bound, 4) for bound in rate_score(15, 400)]
    [0.0227, 0.0619]
    """
    checks.counts(events=events, exposure=exposure)
    square = critical(level) ** 2
    if exposure <= 0:
        return 0.0, math.inf
    middle, half = events + square / 2, math.sqrt(square * events + square * square / 4)
    return 0.0 if events <= 0 else (events * events / (middle + half)) / exposure, (middle + half) / exposure


def rate_jeffreys(events: float, exposure: float, level: float = 0.95) -> Bounds:
    """Equal-tailed interval of a rate from the Jeffreys prior; from 0 without events. No exposure: (0, inf).

    Source: Brown, Cai & DasGupta (2003), Statistica Sinica 13:19-49.

    >>> [round(bound, 4) for bound in rate_jeffreys(15, 400)]
    [0.0219, 0.0603]
    """
    checks.counts(events=events, exposure=exposure)
    tail = (1 - checks.confidence(level)) / 2
    if exposure <= 0:
        return 0.0, math.inf
    low = 0.0 if events <= 0 else float(special.gammaincinv(events + 0.5, tail))
    high = float(special.gammainccinv(events + 0.5, tail))
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
    _two(events1, exposure1, events2, exposure2)
    tail = (1 - checks.confidence(level)) / 2
    if events1 + events2 <= 0 or exposure1 <= 0 or exposure2 <= 0:
        return 0.0, math.inf, 1.0
    low_share = 0.0 if events1 <= 0 else float(special.betaincinv(events1, events2 + 1, tail))
    high_share = 1.0 if events2 <= 0 else float(special.betainccinv(events1 + 1, events2, tail))
    null = exposure1 / (exposure1 + exposure2)
    at_least = 1.0 if events1 <= 0 else float(special.betainc(events1, events2 + 1, null))
    at_most = 1.0 if events2 <= 0 else float(special.betaincc(events1 + 1, events2, null))
    scale = exposure2 / exposure1
    low = scale * low_share / (1 - low_share) if low_share < 1 else math.inf
    high = scale * high_share / (1 - high_share) if high_share < 1 else math.inf
    if events2 > 0:
        ratio = events1 / events2 * scale
        low, high = min(low, ratio), max(high, ratio)
    return low, high, min(1.0, max(2 * min(at_least, at_most), two_sided_p(math.inf)))


def rate_ratio_score(
    events1: float, exposure1: float, events2: float, exposure2: float, level: float = 0.95
) -> tuple[float, float, float]:
    """Score interval and p-value of the ratio of two rates: closer to ``level`` than the exact ones.

    Given the total, the events of one side are binomial: Wilson's interval of that share, as a ratio.
    Source: Gu, Ng, Tang & Schucany (2008), Biometrical Journal 50:283-298.

    Returns:
        low, high (``inf`` where there is no bound), p. Without events or exposure: (0, inf, 1).

    >>> low, high, p = rate_ratio_score(60, 51477.5, 30, 54308.7)        # Gu et al. 2008, example 1
    >>> round(low, 3), round(high, 3), round(p / 2, 6)
    (1.366, 3.259, 0.000316)
    """
    _two(events1, exposure1, events2, exposure2)
    z = critical(level)
    if events1 + events2 <= 0 or exposure1 <= 0 or exposure2 <= 0:
        return 0.0, math.inf, 1.0
    scale = exposure2 / exposure1
    low = scale * _odds_below(events1, events2, z)
    below = _odds_below(events2, events1, z)
    high = scale / below if below > 0 else math.inf
    if events2 > 0:
        ratio = events1 / events2 * scale
        low, high = min(low, ratio), max(high, ratio)
    return low, high, two_sided_p(rate_ratio_z(events1, exposure1, events2, exposure2))


def rate_ratio_z(
    events1: float,
    exposure1: float,
    events2: float,
    exposure2: float,
    form: Literal["score", "wald"] = "score",
) -> float:
    """z for "both rates are equal"; above 0 when the first is larger. Without events or exposure: 0.

    ``wald`` divides by the variance that the data show, ``score`` by the one that equal rates would have.
    Source: Gu, Ng, Tang & Schucany (2008), Biometrical Journal 50:283-298.

    >>> round(rate_ratio_z(60, 51477.5, 30, 54308.7), 4)
    3.4174
    """
    _two(events1, exposure1, events2, exposure2)
    if events1 + events2 <= 0 or exposure1 <= 0 or exposure2 <= 0:
        return 0.0
    scale = exposure1 / exposure2
    variance = (events1 + events2) * scale if form == "score" else events1 + events2 * scale * scale
    return (events1 - events2 * scale) / math.sqrt(variance)


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
    _two(events1, exposure1, events2, exposure2)
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


def _odds_below(events: float, others: float, z: float) -> float:
    """Lower Wilson limit of events ÷ (events + others), as odds."""
    if events <= 0:
        return 0.0
    low, _ = wilson(events, events + others, crit=z)
    return low / (1 - low) if low < 1 else math.inf


def _two(events1: float, exposure1: float, events2: float, exposure2: float) -> None:
    checks.counts(events1=events1, exposure1=exposure1, events2=events2, exposure2=exposure2)
