"""Net scores (net promoter score), on the scale −1 to 1: share of promoters minus share of detractors.

Negative numbers and NaN raise ValueError.
"""

from __future__ import annotations

import math

from kpi.stats import checks
from kpi.stats.intervals import Bounds, critical, two_sided_p


def _adjusted(promoters: float, passives: float, detractors: float) -> tuple[float, float]:
    checks.counts(promoters=promoters, passives=passives, detractors=detractors)
    rows = promoters + passives + detractors + 3
    up, down = (promoters + 0.75) / rows, (detractors + 0.75) / rows
    return up - down, (up + down - (up - down) ** 2) / rows


def nps_variance(promoters: float, passives: float, detractors: float) -> float:
    """Sampling variance of a net score; 0 without rows.

    >>> round(nps_variance(162, 108, 54) ** 0.5, 4)        # Cross Validated 18603: NPS 1/3, n 324, SE 4.1 %
    0.0414
    """
    checks.counts(promoters=promoters, passives=passives, detractors=detractors)
    rows = promoters + passives + detractors
    if rows <= 0:
        return 0.0
    up, down = promoters / rows, detractors / rows
    return max(up + down - (up - down) ** 2, 0.0) / rows


def nps_interval(
    promoters: float, passives: float, detractors: float, level: float = 0.95, *, crit: float | None = None
) -> Bounds:
    """Adjusted Wald interval of a net score: ¾ promoter, ¾ detractor and 1½ passives are added first.

    Source: Rocks (2016), The American Statistician 70:365-372. Without rows: (−1, 1).

    >>> [round(bound, 4) for bound in nps_interval(15, 9, 12)]
    [-0.1903, 0.3441]
    """
    centre, variance = _adjusted(promoters, passives, detractors)
    rows = promoters + passives + detractors
    if rows <= 0:
        return -1.0, 1.0
    score = (promoters - detractors) / rows
    half = (critical(level) if crit is None else crit) * math.sqrt(variance)
    return max(-1.0, min(centre - half, score)), min(1.0, max(centre + half, score))


def nps_difference(
    now: tuple[float, float, float],
    before: tuple[float, float, float],
    level: float = 0.95,
    *,
    df: float = math.inf,
) -> tuple[float, float, float]:
    """Adjusted Wald interval and p-value of now − before, each (promoters, passives, detractors).

    Adjusted estimates and variances are added; Rocks (2016). Without rows on one side: (−2, 2, 1).

    >>> [round(number, 4) for number in nps_difference((50, 30, 20), (30, 30, 40))]
    [0.1687, 0.608, 0.0005]
    """
    (centre1, variance1), (centre2, variance2) = _adjusted(*now), _adjusted(*before)
    if sum(now) <= 0 or sum(before) <= 0:
        return -2.0, 2.0, 1.0
    observed = (now[0] - now[2]) / sum(now) - (before[0] - before[2]) / sum(before)
    centre, se = centre1 - centre2, math.sqrt(variance1 + variance2)
    half = critical(level, df) * se
    low, high = min(centre - half, observed), max(centre + half, observed)
    p = two_sided_p(centre / se, df)
    if low <= 0 <= high:
        p = max(p, 1 - level)
    return max(-2.0, low), min(2.0, high), p
