"""Funnel limits: how far segments of different size may lie from the common level by chance.

Segments always differ a little more than chance (overdispersion). That is estimated from all of them, the
extreme ones pulled in, and widens the limits; what is still outside stands out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from kpi.stats.arrays import (
    Bools,
    Floats,
    above,
    as_floats,
    frozen,
    frozen_flags,
    not_counts,
    refuse,
    unequal,
)
from kpi.stats.checks import confidence
from kpi.stats.intervals import critical

ACTION, WARNING = 0.998, 0.95
WINSORISED = 0.1
FEWEST_SEGMENTS = 5


@dataclass(frozen=True, eq=False)
class Funnel:
    """Segments against a common level; arrays are [K], read-only.

    Attributes:
        centre: the common level; None when there are no rows.
        values: share (or observed / expected) of each segment; NaN where it has no rows.
        z: distance from the centre in standard errors without overdispersion; 0 where there are no rows.
        z_adjusted: the same with it.
        phi: overdispersion factor, corrected for the winsorising; phi_uncorrected: as published by
            Spiegelhalter; correction: their ratio. All 1 when not estimated.
        tau2: variance between segments beyond chance, on the scale of the transformed values; 0 = none.
        lower, upper: limits at ``level``; lower_warning, upper_warning: at 95 %. They contain the centre.
        flags: bool[K], outside the limits at ``level``.
        reason: why there is no centre, or why overdispersion was not estimated.
    """

    centre: float | None
    values: Floats
    z: Floats
    z_adjusted: Floats
    phi: float
    phi_uncorrected: float
    correction: float
    tau2: float
    lower: Floats
    upper: Floats
    lower_warning: Floats
    upper_warning: Floats
    flags: Bools
    level: float
    reason: str | None = None


def funnel(
    events: ArrayLike,
    totals: ArrayLike,
    *,
    level: float = ACTION,
    winsorised: float = WINSORISED,
    overdispersed: bool = True,
) -> Funnel:
    """Funnel plot of proportions around the pooled one.

    On y = asin √((x + 3/8)/(n + 3/4)), whose variance is 1/(4n + 2) whatever the proportion. Without the
    correction of φ a false outlier stands in half of all charts of 50 segments.

    Sources: Spiegelhalter (2005), Statistics in Medicine 24:1185-1202; Freeman & Tukey (1950).

    Args:
        winsorised: share of the most extreme z pulled in on each side before φ is taken.
        overdispersed: False for the limits of pure chance.

    Raises:
        ValueError: for impossible counts, unequal lengths or an impossible level.

    >>> chart = funnel([80, 85, 78, 82, 90, 50], [100] * 6)
    >>> round(chart.centre, 3), chart.flags.tolist()
    (0.775, [False, False, False, False, False, False])
    """
    x, n = as_floats(events), as_floats(totals)
    _check(level, winsorised)
    refuse(
        unequal(events=x, totals=n),
        not_counts("events", x),
        not_counts("totals", n),
        above("events", x, "totals", n),
    )
    known = n > 0
    if not known.any():
        return _nothing(x.size, level, 1.0, "no segment has rows")
    centre = float(x.sum() / n.sum())
    middle = math.asin(math.sqrt(centre))
    away = np.arcsin(np.sqrt((x + 0.375) / (n + 0.75))) - middle
    variance = 1 / (4 * n + 2)
    spread = _spread(away, variance, known, winsorised, overdispersed)

    def limits(crit: float) -> tuple[Floats, Floats]:
        half = crit * np.sqrt(variance + spread.tau2)
        low = np.sin(np.maximum(0.0, middle - half)) ** 2
        high = np.sin(np.minimum(math.pi / 2, middle + half)) ** 2
        size = np.where(known, n, 1.0)
        lower = np.clip(((size + 0.75) * low - 0.375) / size, 0.0, centre)
        upper = np.clip(((size + 0.75) * high - 0.375) / size, centre, 1.0)
        return np.where(known, lower, 0.0), np.where(known, upper, 1.0)

    values = np.divide(x, n, out=np.full(x.size, np.nan), where=known)
    return _chart(centre, values, spread, limits(critical(level)), limits(critical(WARNING)), level)


def funnel_ratio(
    observed: ArrayLike,
    expected: ArrayLike,
    *,
    level: float = ACTION,
    winsorised: float = WINSORISED,
    overdispersed: bool = True,
) -> Funnel:
    """Funnel plot of observed / expected counts around 1, as NHS England's SHMI.

    φ from z = ln(observed / expected) √expected (an observed 0 counts as ½ there); limits on that scale when
    there is overdispersion, else the exact Poisson limits of the expected count.

    Raises:
        ValueError: for negative or missing counts, unequal lengths, an impossible level.

    >>> shmi = funnel_ratio([100, 150, 180, 80, 120, 225], [108, 112, 165, 95, 100, 220])
    >>> round(shmi.phi_uncorrected, 6)                              # FunnelPlotR
    2.948033
    """
    o, e = as_floats(observed), as_floats(expected)
    _check(level, winsorised)
    refuse(unequal(observed=o, expected=e), not_counts("observed", o), not_counts("expected", e))
    known = e > 0
    if not known.any():
        return _nothing(o.size, level, math.inf, "no segment has an expected count")
    safe = np.where(known, e, 1.0)
    away = np.where(known, np.log(np.maximum(o, 0.5) / safe), 0.0)
    spread = _spread(away, 1 / safe, known, winsorised, overdispersed)

    def limits(at: float) -> tuple[Floats, Floats]:
        if spread.tau2 <= 0:
            return _poisson_limits(e, at)
        half = critical(at) * np.sqrt(1 / safe + spread.tau2)
        return np.where(known, np.exp(-half), 0.0), np.where(known, np.exp(half), np.inf)

    return _chart(1.0, np.where(known, o / safe, np.nan), spread, limits(level), limits(WARNING), level)


def _poisson_limits(expected: Floats, level: float) -> tuple[Floats, Floats]:
    """Exact limits of a Poisson count around ``expected``, over ``expected``: Garwood's as in FunnelPlotR."""
    tail = (1 - level) / 2
    lower, upper = np.zeros(expected.size), np.full(expected.size, np.inf)
    known = expected > 0
    e = expected[known]
    lower[known] = special.gammaincinv(e, tail) / e
    upper[known] = special.gammainccinv(e + 1, tail) / e
    return lower, upper


def overdispersion(z: ArrayLike, winsorised: float = WINSORISED) -> tuple[float, float]:
    """φ = mean of squared z, the share ``winsorised`` on each side pulled in; uncorrected and corrected.

    Pulling in makes φ too small even without outliers. The correction divides by what winsorised independent
    normal values of this number would give: at 10 % a factor of 1.43 for 10 segments, 1.46 for 50, 1.47 for
    many; below 10 segments nothing is pulled in.

    >>> uncorrected, corrected = overdispersion(range(-10, 11))
    >>> round(uncorrected, 2), round(corrected / uncorrected, 2)
    (31.62, 1.42)
    """
    distances = np.sort(as_floats(z))
    count = distances.size
    pulled = math.floor(winsorised * count + 1e-9)
    inner = np.clip(distances, distances[pulled], distances[count - 1 - pulled])
    uncorrected = float((inner**2).mean())
    return uncorrected, uncorrected / _winsorised_square(count, pulled)


@lru_cache(maxsize=256)
def _winsorised_square(count: int, pulled: int) -> float:
    """Expected mean square of ``count`` standard normal values, ``pulled`` of them pulled in on each side."""
    if pulled == 0:
        return 1.0
    grid = np.linspace(-9.0, 9.0, 2001)
    log_below, log_above = special.log_ndtr(grid), special.log_ndtr(-grid)
    log_density = -(grid**2) / 2 - math.log(2 * math.pi) / 2

    def mean_square(rank: int) -> float:
        ways = special.gammaln(count + 1) - special.gammaln(rank) - special.gammaln(count - rank + 1)
        density = np.exp(ways + (rank - 1) * log_below + (count - rank) * log_above + log_density)
        return float((grid**2 * density).sum() * (grid[1] - grid[0]))

    tails = 2 * math.fsum(mean_square(rank) for rank in range(1, pulled + 1))
    return (count - tails + 2 * pulled * mean_square(pulled + 1)) / count


@dataclass(frozen=True, eq=False)
class _Spread:
    """What the distances of the segments say about overdispersion."""

    z: Floats
    z_adjusted: Floats
    phi: float = 1.0
    phi_uncorrected: float = 1.0
    tau2: float = 0.0
    reason: str | None = None


def _spread(away: Floats, variance: Floats, known: Bools, winsorised: float, overdispersed: bool) -> _Spread:
    """φ from the winsorised z, τ² from φ by the method of moments (Spiegelhalter 2005, section 4.2)."""
    z = np.where(known, away / np.sqrt(variance), 0.0)
    count = int(known.sum())
    if not overdispersed:
        return _Spread(z, z)
    if count < FEWEST_SEGMENTS:
        reason = f"{count} segments are too few to see how much segments differ: {FEWEST_SEGMENTS} are needed"
        return _Spread(z, z, reason=reason)
    uncorrected, phi = overdispersion(z[known], winsorised)
    weight = 1 / variance[known]
    spare = float(weight.sum() - (weight**2).sum() / weight.sum())
    tau2 = max(0.0, (count * phi - (count - 1)) / spare) if spare > 0 else 0.0
    adjusted = np.where(known, away / np.sqrt(variance + tau2), 0.0)
    return _Spread(z, adjusted, phi, uncorrected, tau2)


def _chart(
    centre: float,
    values: Floats,
    spread: _Spread,
    limits: tuple[Floats, Floats],
    warning: tuple[Floats, Floats],
    level: float,
) -> Funnel:
    known = np.isfinite(values)
    shown = np.where(known, values, centre)
    return Funnel(
        centre,
        frozen(values),
        frozen(spread.z),
        frozen(spread.z_adjusted),
        spread.phi,
        spread.phi_uncorrected,
        spread.phi / spread.phi_uncorrected if spread.phi_uncorrected > 0 else 1.0,
        spread.tau2,
        frozen(limits[0]),
        frozen(limits[1]),
        frozen(warning[0]),
        frozen(warning[1]),
        frozen_flags(known & ((shown < limits[0]) | (shown > limits[1]))),
        level,
        spread.reason,
    )


def _nothing(size: int, level: float, most: float, reason: str) -> Funnel:
    none, nil, top = frozen(np.full(size, np.nan)), frozen(np.zeros(size)), frozen(np.full(size, most))
    flags = frozen_flags(np.zeros(size, np.bool_))
    return Funnel(None, none, nil, nil, 1.0, 1.0, 1.0, 0.0, nil, top, nil, top, flags, level, reason)


def _check(level: float, winsorised: float) -> None:
    confidence(level)
    if not 0 <= winsorised < 0.5:
        raise ValueError(f"winsorised must be at least 0 and below 0.5, but is {winsorised:g}")
