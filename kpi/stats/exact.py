"""Exact methods for shares: intervals from the binomial itself, tests of small tables.

They never err on the hopeful side and so are wasteful; where a product needs one number, the score methods of
:mod:`kpi.stats.proportions` are closer to what they promise.
"""

from __future__ import annotations

import math
from typing import Literal

from scipy import special, stats

from kpi.stats import checks
from kpi.stats.intervals import SMALLEST_P, Bounds

Side = Literal["two-sided", "less", "greater"]


def clopper_pearson(k: float, n: float, level: float = 0.95) -> Bounds:
    """Exact interval of a share: at least ``level`` coverage, always. No rows: (0, 1).

    Source: Clopper & Pearson (1934), Biometrika 26:404-413.

    >>> [round(bound, 4) for bound in clopper_pearson(1, 29)]        # Newcombe 1998, Table I
    [0.0009, 0.1776]
    """
    k, tail = checks.parts(k, n), (1 - checks.confidence(level)) / 2
    if n <= 0:
        return 0.0, 1.0
    low = 0.0 if k <= 0 else float(special.betaincinv(k, n - k + 1, tail))
    high = 1.0 if k >= n else float(special.betainccinv(k + 1, n - k, tail))
    return min(low, k / n), max(high, k / n)


def mid_p(k: float, n: float, level: float = 0.95) -> Bounds:
    """Interval of a share from binomial tails that count the observed value half. No rows: (0, 1).

    Source: Newcombe (1998), Statistics in Medicine 17:857-872, method 6; Lancaster (1961).

    >>> [round(bound, 4) for bound in mid_p(81, 263)]                # Newcombe 1998, Table I
    [0.2544, 0.3658]
    """
    k, tail = checks.parts(k, n), (1 - checks.confidence(level)) / 2
    if n <= 0:
        return 0.0, 1.0
    share = k / n
    low = 0.0 if k <= 0 else _where_upper_tail_is(tail, k, n, share)
    high = 1.0 if k >= n else 1 - _where_upper_tail_is(tail, n - k, n, 1 - share)
    return min(low, share), max(high, share)


def _where_upper_tail_is(tail: float, k: float, n: float, share: float) -> float:
    """Share at which "more than k, or k counted half" has this probability."""
    ways = special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)
    low, high = 0.0, share
    for _ in range(70):
        middle = (low + high) / 2
        at_least = float(special.betainc(k, n - k + 1, middle)) if middle > 0 else 0.0
        here = math.exp(ways + special.xlogy(k, middle) + special.xlog1py(n - k, -middle))
        if at_least - here / 2 < tail:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def fisher(k1: int, n1: int, k2: int, n2: int, side: Side = "two-sided") -> float:
    """p-value of Fisher's exact test of two shares; ``greater``: the first is larger. No rows: 1.

    Source: Fisher (1935), The Design of Experiments; computed by scipy.

    >>> round(fisher(3, 4, 1, 4), 4)                                 # the lady tasting tea
    0.4857
    """
    _whole_table(k1, n1, k2, n2)
    if n1 == 0 or n2 == 0:
        return 1.0
    p = float(stats.fisher_exact([[k1, n1 - k1], [k2, n2 - k2]], alternative=side).pvalue)
    return min(1.0, max(p, SMALLEST_P))


def barnard(k1: int, n1: int, k2: int, n2: int, side: Side = "two-sided") -> tuple[float, float]:
    """Pooled z and p-value of Barnard's unconditional exact test of two shares. Nothing to compare: (0, 1).

    Source: Barnard (1945), Nature 156:177; computed by scipy, slow beyond some hundred rows.

    >>> [round(number, 3) for number in barnard(7, 15, 12, 15)]      # Mehta & Senchaudhuri 2003
    [-1.894, 0.068]
    """
    _whole_table(k1, n1, k2, n2)
    if n1 == 0 or n2 == 0 or k1 + k2 in (0, n1 + n2):
        return 0.0, 1.0
    test = stats.barnard_exact([[k1, k2], [n1 - k1, n2 - k2]], alternative=side, pooled=True)
    return float(test.statistic), min(1.0, max(float(test.pvalue), SMALLEST_P))


def _whole_table(k1: float, n1: float, k2: float, n2: float) -> None:
    checks.whole(k1=k1, n1=n1, k2=k2, n2=n2)
    checks.parts(k1, n1, "1")
    checks.parts(k2, n2, "2")
