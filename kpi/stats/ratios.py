"""Two shares compared as a ratio (relative risk) and as a ratio of odds.

Bounds are found where a score test of the ratio just fails to contradict the data; the p-value is that of the
same test at a ratio of one, so both agree. ``inf`` and 0 stand where the data set no bound.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from kpi.stats import checks
from kpi.stats.intervals import Bounds, critical, two_sided_p
from kpi.stats.proportions import score_z, wilson

FURTHEST_LOG = 600.0
"""Ratios are searched for up to e to this, still far from where numbers vanish."""


def ratio_miettinen_nurminen(
    k1: float, n1: float, k2: float, n2: float, level: float = 0.95, *, df: float = math.inf
) -> tuple[float, float, float]:
    """Score interval and p-value of (k1/n1) ÷ (k2/n2); p is that of the difference, as "equal" is the same.

    Source: Miettinen & Nurminen (1985), Statistics in Medicine 4:213-226. statsmodels 0.15 brackets the root
    wrongly where the second share is 1.

    Returns:
        low, high (0 and inf where the data set no bound), p. Without rows on one side: (0, inf, 1).

    >>> [round(bound, 3) for bound in ratio_miettinen_nurminen(29, 55, 11, 11)[:2]]    # Fagerland 2013
    [0.397, 0.742]
    """
    return _ratio(k1, n1, k2, n2, level, df, corrected=True)


def koopman(
    k1: float, n1: float, k2: float, n2: float, level: float = 0.95, *, df: float = math.inf
) -> tuple[float, float, float]:
    """Score interval and p-value of (k1/n1) ÷ (k2/n2) without the factor N/(N−1).

    Source: Koopman (1984), Biometrics 40:513-517.

    >>> [round(bound, 1) for bound in koopman(7, 34, 1, 34)[:2]]       # Fagerland, Lydersen & Laake 2015
    [1.2, 42.6]
    """
    return _ratio(k1, n1, k2, n2, level, df, corrected=False)


def mover_ratio(value1: float, bounds1: Bounds, value2: float, bounds2: Bounds) -> Bounds:
    """Interval of value1 ÷ value2 from two estimates of 0 or more and their intervals.

    Written so that nothing is divided by a difference that may vanish; inf above where the second interval
    reaches 0. Source: Donner & Zou (2012), Statistical Methods in Medical Research 21:347-359.

    Raises:
        ValueError: for an estimate below 0 or outside its own interval.

    >>> low, high = mover_ratio(29 / 55, wilson(29, 55), 1.0, wilson(11, 11))      # Fagerland & Newcombe 2013
    >>> round(low, 3), round(high, 3)
    (0.398, 0.761)
    """
    (low1, high1), (low2, high2) = bounds1, bounds2
    if not (0 <= low1 <= value1 <= high1 and 0 <= low2 <= value2 <= high2):
        raise ValueError(
            f"estimates of 0 or more inside their intervals are needed, found {value1} in {bounds1} "
            f"and {value2} in {bounds2}"
        )
    product = value1 * value2
    below1, below2 = low1 * (2 * value1 - low1), low2 * (2 * value2 - low2)
    above1, above2 = high1 * (2 * value1 - high1), high2 * (2 * value2 - high2)
    if math.isinf(high2):
        low = 0.0
    else:
        root = product + math.sqrt(max(product * product - below1 * above2, 0.0))
        low = below1 / root if root > 0 else 0.0
    if below2 <= 0 or math.isinf(high1):
        high = math.inf
    else:
        high = (product + math.sqrt(max(product * product - above1 * below2, 0.0))) / below2
    if value2 > 0:
        return min(low, value1 / value2), max(high, value1 / value2)
    return low, high


def ratio_mover(
    k1: float, n1: float, k2: float, n2: float, level: float = 0.95, *, crit: float | None = None
) -> Bounds:
    """Interval of (k1/n1) ÷ (k2/n2) from two Wilson intervals by :func:`mover_ratio`.

    >>> [round(bound, 3) for bound in ratio_mover(29, 55, 11, 11)]
    [0.398, 0.761]
    """
    k1, k2 = checks.parts(k1, n1, "1"), checks.parts(k2, n2, "2")
    if n1 <= 0 or n2 <= 0:
        return 0.0, math.inf
    z = critical(level) if crit is None else crit
    return mover_ratio(k1 / n1, wilson(k1, n1, crit=z), k2 / n2, wilson(k2, n2, crit=z))


def odds_ratio(
    k1: float, n1: float, k2: float, n2: float, level: float = 0.95, *, df: float = math.inf
) -> tuple[float, float, float]:
    """Score interval and p-value of the ratio of odds of two shares.

    Source: Miettinen & Nurminen (1985), Statistics in Medicine 4:213-226. Without rows on one side, or with
    all or none on both: (0, inf, 1).

    >>> [round(bound, 2) for bound in odds_ratio(189, 11034, 104, 11037)[:2]]     # Agresti 2007: 1.44 to 2.33
    [1.44, 2.33]
    """
    k1, k2 = checks.parts(k1, n1, "1"), checks.parts(k2, n2, "2")
    if n1 <= 0 or n2 <= 0:
        return 0.0, math.inf, 1.0
    z = critical(level, df)
    low = _lower(_odds_z, k1, n1, k2, n2, z)
    below = _lower(_odds_z, k2, n2, k1, n1, z)
    high = 1 / below if below > 0 else math.inf
    observed = k1 * (n2 - k2), k2 * (n1 - k1)
    if observed[1] > 0:
        low, high = min(low, observed[0] / observed[1]), max(high, observed[0] / observed[1])
    return low, high, two_sided_p(score_z(k1, n1, k2, n2, 0.0), df)


def _ratio(
    k1: float, n1: float, k2: float, n2: float, level: float, df: float, *, corrected: bool
) -> tuple[float, float, float]:
    k1, k2 = checks.parts(k1, n1, "1"), checks.parts(k2, n2, "2")
    if n1 <= 0 or n2 <= 0:
        return 0.0, math.inf, 1.0
    z = critical(level, df)

    def score(a: float, rows_a: float, b: float, rows_b: float, log_ratio: float) -> float:
        return _ratio_z(a, rows_a, b, rows_b, log_ratio, corrected)

    low = _lower(score, k1, n1, k2, n2, z)
    below = _lower(score, k2, n2, k1, n1, z)
    high = 1 / below if below > 0 else math.inf
    if k2 > 0:
        low, high = min(low, k1 * n2 / (k2 * n1)), max(high, k1 * n2 / (k2 * n1))
    return low, high, two_sided_p(score_z(k1, n1, k2, n2, 0.0, corrected=corrected), df)


Score = Callable[[float, float, float, float, float], float]


def _lower(score: Score, k1: float, n1: float, k2: float, n2: float, z: float) -> float:
    """The smallest ratio whose score does not exceed z; 0 when every small ratio fits."""
    if k1 <= 0:
        return 0.0
    outside, inside = -FURTHEST_LOG, FURTHEST_LOG
    if score(k1, n1, k2, n2, outside) <= z:
        return 0.0
    if score(k1, n1, k2, n2, inside) > z:
        return math.exp(inside)
    for _ in range(80):
        middle = (inside + outside) / 2
        if score(k1, n1, k2, n2, middle) > z:
            outside = middle
        else:
            inside = middle
    return math.exp(inside)


def _ratio_z(k1: float, n1: float, k2: float, n2: float, log_ratio: float, corrected: bool) -> float:
    """z for the hypothesis that share 1 is e^log_ratio times share 2; large when the data lie above it.

    The likeliest second share is a root of a quadratic (Miettinen & Nurminen 1985, appendix I).
    """
    if log_ratio > 0:
        return -_ratio_z(k2, n2, k1, n1, -log_ratio, corrected)
    total, hits, ratio = n1 + n2, k1 + k2, math.exp(log_ratio)
    linear = n1 * ratio + k1 + n2 + k2 * ratio
    root = math.sqrt(max(linear * linear - 4 * total * ratio * hits, 0.0))
    second = min(1.0, 2 * hits / (linear + root))
    # The complement is a root of its own: 1 − second has no digits left when the share nears 1.
    lacking, slope = -math.expm1(log_ratio), ratio * (n1 + 2 * n2 - k2) - k1 - n2
    root = math.sqrt(slope * slope + 4 * total * ratio * (n2 - k2) * lacking)
    if slope < 0:
        not_second = min(1.0, 2 * (n2 - k2) * lacking / (root - slope))
    else:
        not_second = min(1.0, (slope + root) / (2 * total * ratio))
    gap = k1 / n1 - ratio * k2 / n2
    variance = ratio * second * (lacking + ratio * not_second) / n1
    variance += ratio * ratio * second * not_second / n2
    if corrected and total > 1:
        variance *= total / (total - 1)
    if abs(gap) < 1e-300:
        return 0.0
    return gap / math.sqrt(variance) if variance > 0 else math.copysign(math.inf, gap)


def _odds_z(k1: float, n1: float, k2: float, n2: float, log_ratio: float) -> float:
    """z for the hypothesis that odds 1 are e^log_ratio times odds 2; large when the data lie above it.

    The likeliest shares are roots of a quadratic; the side with the larger odds is put second, so that the
    root is stable.
    """
    if log_ratio > 0:
        return -_odds_z(k2, n2, k1, n1, -log_ratio)
    hits, total, ratio = k1 + k2, n1 + n2, math.exp(log_ratio)
    if hits <= 0 or hits >= total:
        return 0.0
    square = n2 * (1 - ratio)
    if hits < n2:
        linear = ratio * (n1 - hits) + n2 + hits
        second = 2 * hits / (linear + math.sqrt(max(linear * linear - 4 * square * hits, 0.0)))
        not_second = 1 - second
        first = second * ratio / (1 - second * (1 - ratio))
        gap = k1 - n1 * first
    else:
        # The second share nears 1 when the ratio nears 0: the root is taken for its complement.
        linear, misses = ratio * (n1 - hits + 2 * n2) + hits - n2, ratio * (total - hits)
        not_second = 2 * misses / (linear + math.sqrt(linear * linear + 4 * square * misses))
        second = 1 - not_second
        first = (hits - n2 + n2 * not_second) / n1
        gap = (n2 - k2) - n2 * not_second
    inner1, inner2 = n1 * first * (1 - first), n2 * second * not_second
    if inner1 <= 0 or inner2 <= 0:
        return math.copysign(math.inf, gap) if abs(gap) > 1e-12 else 0.0
    return gap * math.sqrt((1 / inner1 + 1 / inner2) * ((total - 1) / total if total > 1 else 1.0))
