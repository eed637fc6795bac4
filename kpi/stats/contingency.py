"""Do many segments differ at all, and do two groups differ within them?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from kpi.stats.arrays import above, as_floats, not_counts, not_finite, refuse, unequal
from kpi.stats.checks import confidence
from kpi.stats.intervals import SMALLEST_P, critical


@dataclass(frozen=True)
class GlobalTest:
    """A test that all segments are the same; statistic and p are None with a reason.

    Attributes:
        segments: those that could be compared. i2: share of the spread beyond chance, within 0 and 1.
    """

    statistic: float | None
    df: int
    p: float | None
    segments: int
    i2: float | None
    reason: str | None = None


def chi_square(events: ArrayLike, totals: ArrayLike) -> GlobalTest:
    """Pearson's test that k segments share one proportion; segments without rows are passed over.

    For independent rows; with clusters use :func:`heterogeneity` on cluster-robust variances.

    Raises:
        ValueError: for negative or missing counts, more events than total, or unequal lengths.

    >>> test = chi_square([30, 45], [100, 100])
    >>> round(test.statistic, 3), test.df, round(test.p, 4)
    (4.8, 1, 0.0285)
    """
    x, n = as_floats(events), as_floats(totals)
    refuse(
        unequal(events=x, totals=n),
        not_counts("events", x),
        not_counts("totals", n),
        above("events", x, "totals", n),
    )
    x, n = x[n > 0], n[n > 0]
    if n.size < 2:
        return _none(n.size)
    share = float(x.sum() / n.sum())
    if share in (0.0, 1.0):
        said = "no segment has an event" if share == 0 else "every row of every segment is an event"
        return GlobalTest(None, n.size - 1, None, n.size, None, f"{said}, so nothing differs")
    return _judged(float(((x - n * share) ** 2 / (n * share * (1 - share))).sum()), n.size)


def heterogeneity(values: ArrayLike, variances: ArrayLike) -> GlobalTest:
    """Cochran's Q: do estimates differ more than their variances allow? Source: Cochran (1954).

    Raises:
        ValueError: for missing values, variances that are negative, or unequal lengths.

    >>> round(heterogeneity([0.8, 0.9, 0.7], [0.001, 0.001, 0.001]).statistic, 6)
    20.0
    """
    y, v = as_floats(values), as_floats(variances)
    refuse(unequal(values=y, variances=v), not_finite("values", y), not_counts("variances", v))
    y, v = y[v > 0], v[v > 0]
    if y.size < 2:
        return _none(y.size)
    weight = v.min() / v
    mean = float((weight * y).sum() / weight.sum())
    return _judged(float(((y - mean) ** 2 / v).sum()), y.size)


@dataclass(frozen=True)
class CommonOdds:
    """Two groups compared within strata.

    Attributes:
        statistic, p: Cochran-Mantel-Haenszel, continuity corrected; None with a reason.
        odds_ratio, low, high: Mantel-Haenszel's common odds ratio with the interval of Robins, Breslow &
            Greenland; None when a margin is empty.
        strata: those in which both groups have rows.
    """

    statistic: float | None
    p: float | None
    odds_ratio: float | None
    low: float | None
    high: float | None
    strata: int
    reason: str | None = None


def mantel_haenszel(
    events1: ArrayLike, totals1: ArrayLike, events2: ArrayLike, totals2: ArrayLike, *, level: float = 0.95
) -> CommonOdds:
    """Do two groups differ within strata? Sees through a Simpson paradox. One entry per stratum.

    Sources: Mantel & Haenszel (1959), JNCI 22:719-748; Robins, Breslow & Greenland (1986), Biometrics 42:311.

    Raises:
        ValueError: for negative or missing counts, more events than total, unequal lengths.

    >>> test = mantel_haenszel([512, 353], [825, 560], [89, 17], [108, 25])
    >>> round(test.odds_ratio, 3)
    0.425
    """
    x1, n1, x2, n2 = as_floats(events1), as_floats(totals1), as_floats(events2), as_floats(totals2)
    confidence(level)
    refuse(
        unequal(events1=x1, totals1=n1, events2=x2, totals2=n2),
        *(
            not_counts(name, array)
            for name, array in (("events1", x1), ("totals1", n1), ("events2", x2), ("totals2", n2))
        ),
        above("events1", x1, "totals1", n1),
        above("events2", x2, "totals2", n2),
    )
    usable = (n1 > 0) & (n2 > 0)
    a, n1, c, n2 = x1[usable], n1[usable], x2[usable], n2[usable]
    strata = int(usable.sum())
    if not strata:
        return CommonOdds(None, None, None, None, None, 0, "no stratum has rows of both groups")
    b, d, n = n1 - a, n2 - c, n1 + n2
    events = a + c
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.where(n > 1, n1 * n2 * events * (n - events) / (n**2 * (n - 1)), 0.0)
    variance = float(spread.sum())
    if variance <= 0:
        reason = "within every stratum all rows are events or none is"
        return CommonOdds(None, None, None, None, None, strata, reason)
    gap = abs(float((a - n1 * events / n).sum()))
    statistic = max(0.0, gap - 0.5) ** 2 / variance
    p = max(SMALLEST_P, float(special.chdtrc(1, statistic)))
    r, s = a * d / n, b * c / n
    top, bottom = float(r.sum()), float(s.sum())
    if top <= 0 or bottom <= 0:
        reason = "an odds ratio needs events and non-events on both sides"
        return CommonOdds(statistic, p, None, None, None, strata, reason)
    agree, differ = (a + d) / n, (b + c) / n
    log_variance = (
        float((agree * r).sum()) / (2 * top**2)
        + float((agree * s + differ * r).sum()) / (2 * top * bottom)
        + float((differ * s).sum()) / (2 * bottom**2)
    )
    half = critical(level) * math.sqrt(log_variance)
    ratio = top / bottom
    return CommonOdds(statistic, p, ratio, ratio * math.exp(-half), ratio * math.exp(half), strata)


def _none(count: int) -> GlobalTest:
    reason = f"at least 2 segments with rows are needed, but there {'is' if count == 1 else 'are'} {count}"
    return GlobalTest(None, 0, None, count, None, reason)


def _judged(statistic: float, count: int) -> GlobalTest:
    df = count - 1
    p = max(SMALLEST_P, float(special.chdtrc(df, statistic)))
    i2 = max(0.0, 1 - df / statistic) if statistic > 0 else 0.0
    return GlobalTest(statistic, df, p, count, i2)
