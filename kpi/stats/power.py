"""What a comparison of two shares can see: its power, the rows it needs, the smallest change it would find.

Solved for the share in question, not approximated from both sides alike: near 0 or 1 a change towards the
edge is easier to see than one away from it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from scipy import special

from kpi.stats import checks
from kpi.stats.intervals import critical


@dataclass(frozen=True)
class Detectable:
    """The smallest fall and the smallest rise of a share that would be found; both 0 or more.

    None where not even a fall to 0 or a rise to 1 would be.
    """

    down: float | None
    up: float | None


def power_of_shares(p1: float, p2: float, n1: float, n2: float, level: float = 0.95) -> float:
    """Chance that a two-sided test of two shares calls the difference, when these are the true shares.

    Normal approximation with the pooled variance under "no difference", as R's ``power.prop.test``; Fleiss,
    Levin & Paik (2003), Statistical Methods for Rates and Proportions, chapter 4. Without rows, or when the
    shares are equal: 1 − ``level``, no more than chance.

    >>> round(power_of_shares(0.5, 0.75, 50, 50), 3)                 # R: power.prop.test(n=50, p1=.5, p2=.75)
    0.74
    """
    _shares(p1=p1, p2=p2)
    checks.counts(n1=n1, n2=n2)
    chance = 1 - checks.confidence(level)
    gap = abs(p1 - p2)
    if n1 <= 0 or n2 <= 0 or gap == 0:
        return chance
    pooled = (n1 * p1 + n2 * p2) / (n1 + n2)
    under_null = math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
    spread = math.sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2)
    beyond = gap - critical(level) * under_null
    if spread == 0:
        return 1.0 if beyond >= 0 else chance
    return max(chance, float(special.ndtr(beyond / spread)))


def rows_needed(p1: float, p2: float, level: float = 0.95, power: float = 0.8) -> float | None:
    """Rows in each of two equal groups for this power; None for equal shares.

    Not rounded up; inf where the shares differ by too little for a number.

    >>> round(rows_needed(0.5, 0.75, power=0.9), 1)                  # R: power.prop.test, n = 76.7
    76.7
    """
    _shares(p1=p1, p2=p2)
    _power(power, level)
    if p1 == p2:
        return None
    pooled = (p1 + p2) / 2
    under_null = critical(level) * math.sqrt(2 * pooled * (1 - pooled))
    spread = float(special.ndtri(power)) * math.sqrt(p1 * (1 - p1) + p2 * (1 - p2))
    root = (under_null + spread) / (p1 - p2)
    return root * root


def detectable_difference(
    p: float, n1: float, n2: float, level: float = 0.95, power: float = 0.8
) -> Detectable:
    """The smallest true fall and rise of a share that a comparison of n1 with n2 rows would find.

    ``p`` is the share of the second group (before); the first (now) is the one that is solved for. Rows may
    be effective numbers. For a standard error instead of rows see :func:`kpi.stats.detectable_change`.

    >>> found = detectable_difference(0.85, 200, 200)
    >>> round(found.down, 3), round(found.up, 3)
    (0.113, 0.086)
    >>> detectable_difference(0.9, 5, 5)  # doctest: +ELLIPSIS
    Detectable(down=0.7846..., up=None)
    """
    _shares(p=p)
    checks.counts(n1=n1, n2=n2)
    _power(power, level)

    def found(share: float) -> bool:
        return power_of_shares(share, p, n1, n2, level) >= power

    return Detectable(_smallest(found, p, 0.0), _smallest(found, p, 1.0))


def cohen_h(p1: float, p2: float) -> float:
    """Effect size 2 asin √p1 − 2 asin √p2. Source: Cohen (1988), Statistical Power Analysis, chapter 6.

    >>> round(cohen_h(0.65, 0.45), 4)
    0.4049
    """
    _shares(p1=p1, p2=p2)
    return 2 * math.asin(math.sqrt(p1)) - 2 * math.asin(math.sqrt(p2))


def _smallest(found: Callable[[float], bool], p: float, edge: float) -> float | None:
    if p == edge or not found(edge):
        return None
    inside, outside = p, edge
    for _ in range(60):
        middle = (inside + outside) / 2
        if found(middle):
            outside = middle
        else:
            inside = middle
    return abs(outside - p)


def _shares(**given: float) -> None:
    wrong = [f"{name} is {value}" for name, value in given.items() if not 0 <= value <= 1]
    if wrong:
        raise ValueError("shares lie between 0 and 1: " + ", ".join(wrong))


def _power(power: float, level: float) -> None:
    if not 1 - checks.confidence(level) < power < 1:
        raise ValueError(f"a power lies between 1 − level and 1 (0.8 is usual), found {power}")
