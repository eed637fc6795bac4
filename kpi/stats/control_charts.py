"""Control charts: a centre line and limits frozen on a baseline, for values and for counts.

Limits lie three σ from the centre. σ is the point-to-point spread (moving range), not the overall standard
deviation: a shift or trend inside the baseline would inflate the latter and hide itself.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kpi.stats.arrays import (
    Bools,
    Floats,
    above,
    as_floats,
    frozen,
    frozen_flags,
    not_counts,
    refuse,
    series,
    unequal,
)

SIGMAS = 3.0
RANGE_PER_SIGMA = 1.128
"""Mean range of two independent normal values, in σ (the d2 of the tables)."""
RANGE_LIMIT = 3.267
"""Upper limit of a moving range, as a multiple of the mean moving range (D4 of the tables)."""
SCREENED_RANGE = 0.9754
"""Mean of normal moving ranges below 3.267 × their mean, relative to the mean of all of them."""
FEWEST_POINTS = 20
"""Below this many baseline points limits are too uncertain to be relied on; the chart says so."""
MOST_PERSISTENCE = 0.95

Baseline = slice | Sequence[bool] | NDArray[np.bool_] | None
"""The points the limits are taken from: a slice, one flag per point, or None for all."""


@dataclass(frozen=True, eq=False)
class ControlChart:
    """A chart with its limits, or the reason why there are none.

    Attributes:
        kind: "XmR", "p", "u", "c", "P'" or "U'".
        values: float[T], read-only; NaN where a period has no value.
        centre: the centre line; None without limits.
        sigma: float[T], one σ per point; None without limits.
        lower, upper: float[T]; within the possible range of the values (a share stays within 0 and 1).
        baseline_points: values the limits were taken from.
        reason: why there are no limits; None when there are.
        caution: what makes the limits uncertain; None when nothing does.
        persistence: lag-one correlation by which σ was widened; None when this was not asked for.
        sigma_z: Laney's factor on σ (1 = as binomial or Poisson counts vary); None on other charts.
    """

    kind: str
    values: Floats
    centre: float | None
    sigma: Floats | None
    lower: Floats | None
    upper: Floats | None
    baseline_points: int
    reason: str | None = None
    caution: str | None = None
    persistence: float | None = None
    sigma_z: float | None = None

    @property
    def z(self) -> Floats | None:
        """float[T]: how many σ each point lies from the centre; NaN where it has no value."""
        if self.centre is None or self.sigma is None:
            return None
        distance = np.full(self.values.size, np.nan)
        known = np.isfinite(self.values) & np.isfinite(self.sigma)
        distance[known] = (self.values[known] - self.centre) / self.sigma[known]
        # A point on the centre stays there when rounding moves the mean by a digit.
        distance[np.abs(distance) < 1e-9] = 0.0
        return frozen(distance)


@dataclass(frozen=True, eq=False)
class XmR(ControlChart):
    """A chart of single values with its moving ranges.

    Attributes:
        ranges: float[T], |value − value before|; NaN for the first and beside a gap.
        mean_range: mean moving range of the baseline, after screening; None without limits.
        range_limit: moving ranges above this are a signal themselves.
        screened: bool[T], moving ranges of the baseline that were left out of ``mean_range``.
    """

    ranges: Floats | None = None
    mean_range: float | None = None
    range_limit: float | None = None
    screened: Bools | None = None


def xmr(
    values: ArrayLike, *, baseline: Baseline = None, screen: bool = True, persistent: bool = False
) -> XmR:
    """Individuals chart: mean ± 2.66 × mean moving range.

    Sources: Wheeler & Chambers (1992); screening of moving ranges above 3.267 × their mean, once: Nelson
    (1982), Journal of Quality Technology 14:172-173.

    Args:
        values: float[T] in order of time; NaN = no value in that period.
        baseline: the points the limits are taken from; later ones are only judged by them.
        screen: leave extreme moving ranges out of their mean, once.
        persistent: widen σ for values that resemble their neighbours: divided by √(1 − ρ), ρ the lag-one
            correlation of the baseline with its bias (1 + 3ρ)/n added back, when positive. The 2.5 % that
            screening takes from the mean of ordinary moving ranges are then given back as well.

    Raises:
        ValueError: when a value is infinite or the baseline does not fit.

    >>> loans = [310, 288, 297, 298, 307, 303, 294, 297, 308, 306]
    >>> loans += [294, 299, 297, 299, 314, 295, 293, 306, 301, 304]
    >>> chart = xmr(loans)                                         # Montgomery, example 6.5
    >>> round(chart.centre, 1), round(float(chart.lower[0]), 2), round(float(chart.upper[0]), 2)
    (300.5, 279.78, 321.22)
    """
    points = series(values)
    inside = _baseline(points.size, baseline) & np.isfinite(points)
    ranges, usable = _moving_ranges(points, inside)
    count = int(inside.sum())
    reason = _too_few(count, int(usable.sum()))
    if reason:
        return XmR("XmR", frozen(points), None, None, None, None, count, reason, ranges=frozen(ranges))
    centre = float(points[inside].mean())
    mean_range = float(ranges[usable].mean())
    extreme = usable & (ranges > RANGE_LIMIT * mean_range) if screen else np.zeros_like(usable)
    kept = usable & ~extreme
    mean_range = float(ranges[kept].mean())
    if mean_range <= 1e-12 * max(1e-300, float(np.abs(points[inside]).max())):
        return XmR("XmR", frozen(points), None, None, None, None, count, CONSTANT, ranges=frozen(ranges))
    rho = lag_one(points, inside) if persistent else None
    sigma = mean_range / RANGE_PER_SIGMA * _widening(rho)
    if persistent and screen:
        sigma /= SCREENED_RANGE
    level = np.ones(points.size)
    return XmR(
        "XmR",
        frozen(points),
        centre,
        frozen(sigma * level),
        frozen((centre - SIGMAS * sigma) * level),
        frozen((centre + SIGMAS * sigma) * level),
        count,
        caution=_few(count),
        persistence=rho,
        ranges=frozen(ranges),
        mean_range=mean_range,
        range_limit=RANGE_LIMIT * mean_range,
        screened=frozen_flags(extreme),
    )


def p_chart(events: ArrayLike, totals: ArrayLike, *, baseline: Baseline = None) -> ControlChart:
    """Chart of shares: pooled share ± 3 √(p(1 − p)/n), n of each point its own.

    Right only where tickets are independent; with many tickets per point see :func:`laney`.
    A total of 0 is a point without a value. Source: Shewhart; Montgomery, section 7.2.

    Raises:
        ValueError: for negative or missing counts, or more events than total.

    >>> chart = p_chart([12, 15, 8, 10], [50, 50, 50, 50])
    >>> chart.centre, round(float(chart.upper[0]), 4)
    (0.225, 0.4022)
    """
    x, n = _counts(events, totals, of_total=True)
    return _attribute_chart("p", x, n, baseline, binomial=True)


def u_chart(events: ArrayLike, exposure: ArrayLike, *, baseline: Baseline = None) -> ControlChart:
    """Chart of rates: pooled rate ± 3 √(u/exposure). Exposure 0 is a point without a value.

    Raises:
        ValueError: for negative or missing counts.

    >>> round(u_chart([10, 12, 8], [5, 5, 5]).centre, 1)
    2.0
    """
    x, n = _counts(events, exposure, of_total=False)
    return _attribute_chart("u", x, n, baseline, binomial=False)


def c_chart(counts: ArrayLike, *, baseline: Baseline = None) -> ControlChart:
    """Chart of counts per equal period: mean ± 3 √mean.

    Raises:
        ValueError: for negative or missing counts.

    >>> round(c_chart([21, 24, 16, 12, 15]).centre, 1)
    17.6
    """
    x = as_floats(counts)
    refuse(not_counts("counts", x))
    return _attribute_chart("c", x, np.ones(x.size), baseline, binomial=False)


def laney(
    events: ArrayLike,
    totals: ArrayLike,
    *,
    kind: Literal["p", "u"] = "p",
    baseline: Baseline = None,
    persistent: bool = False,
) -> ControlChart:
    """P' or U' chart: the limits of a p or u chart times σz, the observed point-to-point spread of z.

    Source: Laney (2002), Quality Engineering 14:531-537; σz = mean |z − z before| / 1.128.

    Args:
        kind: "p" for shares of ``totals``, "u" for rates per ``totals``.
        persistent: as in :func:`xmr`, from the lag-one correlation of z.

    Raises:
        ValueError: for negative or missing counts, or more events than total ("p").

    >>> chart = laney([5000, 5400, 4700, 5200, 4600], [10000] * 5)
    >>> round(chart.sigma_z, 2)
    9.75
    """
    binomial = kind == "p"
    x, n = _counts(events, totals, of_total=binomial)
    plain = _attribute_chart(kind, x, n, baseline, binomial=binomial)
    name = "P'" if binomial else "U'"
    z = plain.z
    if plain.sigma is None or plain.centre is None or z is None:
        return ControlChart(name, plain.values, None, None, None, None, plain.baseline_points, plain.reason)
    inside = _baseline(x.size, baseline) & np.isfinite(z)
    ranges, usable = _moving_ranges(z, inside)
    reason = _too_few(int(inside.sum()), int(usable.sum()))
    sigma_z = float(ranges[usable].mean()) / RANGE_PER_SIGMA if not reason else 0.0
    if not reason and sigma_z <= 1e-12:
        reason = CONSTANT
    if reason:
        return ControlChart(name, plain.values, None, None, None, None, plain.baseline_points, reason)
    rho = lag_one(z, inside) if persistent else None
    sigma = plain.sigma * sigma_z * _widening(rho)
    return _with_limits(
        name, plain.values, plain.centre, sigma, plain.baseline_points, binomial, rho, sigma_z
    )


@dataclass(frozen=True, eq=False)
class Cusum:
    """Two-sided tabular CUSUM, in σ.

    Attributes:
        high: float[T] ≥ 0, sum of what exceeds target + k; low: float[T] ≤ 0, of what falls short.
        above, below: bool[T], where a sum is beyond h (not at h).
    """

    high: Floats
    low: Floats
    above: Bools
    below: Bools


def cusum(values: ArrayLike, target: float, sigma: float, *, k: float = 0.5, h: float = 5.0) -> Cusum:
    """Cumulative sums that find small lasting shifts; a period without a value leaves the sums as they are.

    Source: Page (1954); Montgomery, section 9.1.

    Raises:
        ValueError: when σ is not above 0, k or h negative, or a value infinite.

    >>> cusum([1.5, 0.5, 0.6, -1.5, -0.5, -0.8], 0, 1, h=1).above.nonzero()[0]   # R qcc
    array([2])
    """
    points = series(values)
    _positive_sigma(sigma, k, h)
    z = (points - target) / sigma
    high, low = np.zeros(z.size), np.zeros(z.size)
    up = down = 0.0
    for place, step in enumerate(z):
        if not math.isnan(step):
            up, down = max(0.0, up + step - k), min(0.0, down + step + k)
        high[place], low[place] = up, down
    # A sum that equals h up to rounding has not crossed it.
    edge = h + 1e-9 * max(1.0, h)
    return Cusum(frozen(high), frozen(low), frozen_flags(high > edge), frozen_flags(low < -edge))


@dataclass(frozen=True, eq=False)
class Ewma:
    """Exponentially weighted mean with limits that widen from the first point on.

    Attributes:
        average: float[T]; lower, upper: float[T]; steady: the limits (low, high) they approach.
        beyond: bool[T], the average is outside.
    """

    average: Floats
    lower: Floats
    upper: Floats
    steady: tuple[float, float]
    beyond: Bools


def ewma(
    values: ArrayLike, target: float, sigma: float, *, weight: float = 0.2, sigmas: float = SIGMAS
) -> Ewma:
    """Weighted mean of the newest value (``weight``) and the mean before; a gap leaves it as it is.

    Source: Roberts (1959); NIST/SEMATECH e-Handbook 6.3.2.4.

    Raises:
        ValueError: when σ is not above 0, the weight not within 0 and 1, or a value infinite.

    >>> chart = ewma([52, 47, 53], 50, 2.0539, weight=0.3)
    >>> [round(float(value), 2) for value in chart.average], round(chart.steady[1], 4)
    ([50.6, 49.52, 50.56], 52.5884)
    """
    points = series(values)
    _positive_sigma(sigma, sigmas)
    if not 0 < weight <= 1:
        raise ValueError(f"weight must be above 0 and at most 1, but is {weight:g}")
    average, seen = np.zeros(points.size), np.zeros(points.size)
    newest, count = float(target), 0
    for place, value in enumerate(points):
        if not math.isnan(value):
            newest, count = weight * value + (1 - weight) * newest, count + 1
        average[place], seen[place] = newest, count
    share = weight / (2 - weight)
    half = sigmas * sigma * np.sqrt(share * (1 - (1 - weight) ** (2 * seen)))
    steady = sigmas * sigma * math.sqrt(share)
    beyond = np.abs(average - target) > half
    return Ewma(
        frozen(average),
        frozen(target - half),
        frozen(target + half),
        (target - steady, target + steady),
        frozen_flags(beyond & (seen > 0)),
    )


def lag_one(values: Floats, inside: Bools) -> float:
    """Lag-one correlation of neighbours, its small-sample bias (1 + 3ρ)/n added back, within 0 and .95.

    Source of the correction: Kendall (1954), Biometrika 41:403-404.
    """
    n = int(inside.sum())
    spread = np.where(inside, values, 0.0) - np.where(inside, values[inside].mean() if n else 0.0, 0.0)
    total = float((spread**2).sum())
    if n < 4 or total <= 0:
        return 0.0
    rho = float((spread[1:] * spread[:-1]).sum()) / total
    return min(MOST_PERSISTENCE, max(0.0, rho + (1 + 3 * rho) / n))


CONSTANT = "the values of the baseline do not vary, so there is no spread to judge by"


def _attribute_chart(
    kind: str, events: Floats, totals: Floats, baseline: Baseline, *, binomial: bool
) -> ControlChart:
    known = totals > 0
    values = np.full(events.size, np.nan)
    values[known] = events[known] / totals[known]
    inside = _baseline(events.size, baseline) & known
    count = int(inside.sum())
    shown = frozen(values)
    if not count:
        return ControlChart(kind, shown, None, None, None, None, 0, "the baseline holds no value")
    centre = float(events[inside].sum() / totals[inside].sum())
    unit = centre * (1 - centre) if binomial else centre
    if unit <= 0:
        said = "no event" if centre == 0 else "nothing but events"
        reason = f"the baseline holds {said}, so there is no spread to judge by"
        return ControlChart(kind, shown, None, None, None, None, count, reason)
    sigma = np.full(events.size, np.inf)
    sigma[known] = np.sqrt(unit / totals[known])
    return _with_limits(kind, shown, centre, sigma, count, binomial, None, None)


def _with_limits(
    kind: str,
    values: Floats,
    centre: float,
    sigma: Floats,
    count: int,
    binomial: bool,
    rho: float | None,
    sigma_z: float | None,
) -> ControlChart:
    lower = np.maximum(0.0, centre - SIGMAS * sigma)
    upper = centre + SIGMAS * sigma
    if binomial:
        upper = np.minimum(1.0, upper)
    return ControlChart(
        kind,
        values,
        centre,
        frozen(sigma),
        frozen(lower),
        frozen(upper),
        count,
        caution=_few(count),
        persistence=rho,
        sigma_z=sigma_z,
    )


def _counts(events: ArrayLike, totals: ArrayLike, *, of_total: bool) -> tuple[Floats, Floats]:
    x, n = as_floats(events), as_floats(totals)
    if n.size == 1 and x.size > 1:
        n = np.full(x.size, n[0])
    refuse(
        unequal(events=x, totals=n),
        not_counts("events", x),
        not_counts("totals", n),
        above("events", x, "totals", n) if of_total else None,
    )
    return x, n


def _baseline(size: int, baseline: Baseline) -> Bools:
    if baseline is None:
        return np.ones(size, dtype=np.bool_)
    if isinstance(baseline, slice):
        inside = np.zeros(size, dtype=np.bool_)
        inside[baseline] = True
        return inside
    inside = np.asarray(baseline)
    if inside.dtype != np.bool_ or inside.shape != (size,):
        raise ValueError(
            f"baseline must be a slice or {size} true or false values, "
            f"but has {inside.size} of type {inside.dtype}"
        )
    return inside.copy()


def _moving_ranges(points: Floats, inside: Bools) -> tuple[Floats, Bools]:
    """|difference to the point before| (NaN for the first), and which have both ends inside the baseline."""
    ranges = np.full(points.size, np.nan)
    ranges[1:] = np.abs(np.diff(points))
    usable = np.zeros(points.size, dtype=np.bool_)
    usable[1:] = inside[1:] & inside[:-1]
    return ranges, usable


def _too_few(count: int, ranges: int) -> str | None:
    if count < 3 or ranges < 2:
        found = f"{count} values with {ranges} pairs of neighbours"
        return f"limits need at least 3 neighbouring values in the baseline, but there are {found}"
    return None


def _few(count: int) -> str | None:
    if count >= FEWEST_POINTS:
        return None
    return f"the limits come from {count} points; below {FEWEST_POINTS} they are uncertain"


def _widening(rho: float | None) -> float:
    return 1.0 if rho is None else 1 / math.sqrt(1 - rho)


def _positive_sigma(sigma: float, *others: float) -> None:
    wrong = None if math.isfinite(sigma) and sigma > 0 else f"σ must be above 0, but is {sigma:g}"
    negative = next((f"{value:g} is negative" for value in others if not value >= 0), None)
    refuse(wrong, negative)
