"""How the days of a service desk resemble each other: noise learned from a daily series.

The noise of a day is white noise, a persistent part (AR(1)), and a weekly pattern that changes slowly:
corr(k days apart) = r0·φ^k, and r7·ψ^(k/7) more when k is a multiple of 7. No single set of these numbers is
picked: every point of a grid is fitted by restricted maximum likelihood, and all are kept, weighted by prior
× likelihood. Averaging over the persistence is what keeps false alarms down where one estimate of it, plugged
in, is too sure of itself.

Sources: Zellner & Tiao (1964), Journal of the American Statistical Association 59:763-778 (averaging over
the autocorrelation); Harville (1974), Biometrika 61:383-385 (restricted likelihood); the innovations are
those of the Kalman filter, so days without a value cost nothing and keep their true distance.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import special

from kpi.stats.intervals import SMALLEST_P

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]

WEEK = 7
PERSISTENCE = (0.25, 0.45, 0.6, 0.75, 0.86, 0.94, 0.98)
PERSISTENT_SHARE = (0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.92, 1.0)
WEEKLY_SHARE = {0.0: 0.70, 0.15: 0.15, 0.35: 0.10, 0.6: 0.05}
"""Share of the variance in the slowly changing weekly pattern → prior weight."""
WEEKLY_PERSISTENCE = 0.85
NEAR_RANDOM_WALK = 0.94
FEW_STATES = 400
"""With fewer values to carry from day to day, two rounds of the days cost more than they save."""
EXACT_FIT = 1e-20
"""A residual sum of squares below this share of the total is rounding, not noise."""


@dataclass(frozen=True)
class Grid:
    """The noise parameters that are averaged over; float64[g] each. ``prior`` adds up to 1."""

    persistence: Floats
    persistent: Floats
    weekly: Floats
    prior: Floats

    @property
    def size(self) -> int:
        """Number of points."""
        return int(self.prior.size)


@lru_cache(maxsize=1)
def grid() -> Grid:
    """As much prior weight on noise without persistence as on all persistent noise without a weekly pattern.

    >>> grid().size, round(float(grid().prior.sum()), 12)
    (158, 1.0)
    """
    points = [(0.0, 0.0, weekly) for weekly in WEEKLY_SHARE]
    points += [
        (phi, share, weekly)
        for weekly in WEEKLY_SHARE
        for share in PERSISTENT_SHARE
        if share + weekly <= 1 + 1e-9
        for phi in PERSISTENCE
    ]
    phi, share, weekly = (np.array(column) for column in zip(*points, strict=True))
    prior = np.array([WEEKLY_SHARE[point[2]] for point in points])
    prior[share > 0] /= len(PERSISTENCE) * len(PERSISTENT_SHARE)
    return Grid(phi, share, weekly, prior / prior.sum())


@dataclass(frozen=True)
class _Gains:
    """Kalman gains and innovation variances of every day at every point of the grid."""

    gain: Floats
    """float64[n, g, 8]: AR(1) first, then the seven weekday places."""
    spread: Floats
    """float64[n, g]: standard deviation of the innovation."""
    carried: Floats
    """float64[n, g]: what is left of the AR(1) part since the row before."""
    place: Longs
    """int64[n]: weekday place, 1 to 7."""
    weeks: Longs
    """int64[n]: weeks since that place was seen last; 0 the first time."""
    log_determinant: Floats


@lru_cache(maxsize=24)
def _gains(days: bytes) -> _Gains:
    day = np.frombuffer(days, np.int64)
    points = grid()
    g, n = points.size, day.size
    white = 1 - points.persistent - points.weekly
    covariance = np.zeros((g, 8, 8))
    covariance[:, 0, 0] = points.persistent
    for place in range(1, 8):
        covariance[:, place, place] = points.weekly
    gain, spread, carried = np.empty((n, g, 8)), np.empty((n, g)), np.ones((n, g))
    places, weeks = day % WEEK + 1, np.zeros(n, np.int64)
    seen: dict[int, int] = {}
    for row in range(n):
        place = int(places[row])
        if row:
            kept = points.persistence ** int(day[row] - day[row - 1])
            carried[row] = kept
            covariance[:, 0, :] *= kept[:, None]
            covariance[:, :, 0] *= kept[:, None]
            covariance[:, 0, 0] += points.persistent * (1 - kept**2)
        if place in seen:
            weeks[row] = (int(day[row]) - seen[place]) // WEEK
            left = WEEKLY_PERSISTENCE ** int(weeks[row])
            covariance[:, place, :] *= left
            covariance[:, :, place] *= left
            covariance[:, place, place] += points.weekly * (1 - left**2)
        seen[place] = int(day[row])
        pulled = covariance[:, :, 0] + covariance[:, :, place]
        variance = pulled[:, 0] + pulled[:, place] + white
        gain[row] = pulled / variance[:, None]
        spread[row] = np.sqrt(variance)
        covariance -= gain[row][:, :, None] * pulled[:, None, :]
    return _Gains(gain, spread, carried, places, weeks, 2 * np.log(spread).sum(axis=0))


def whitened(day: Longs, columns: Floats, points: NDArray[np.intp] | None = None) -> tuple[Floats, Floats]:
    """Columns with the correlation between days taken out, at each point of the grid.

    Args:
        day: int64[n], ascending, gaps allowed.
        columns: float64[n, c]; or float64[n, g, c], where they differ from point to point.
        points: which points of the grid; all when None. g is their number.

    Returns:
        float64[g, n, c] (L⁻¹ columns, with LL' the correlation matrix), float64[g] (its log determinant).
    """
    gains = _gains(np.ascontiguousarray(day - day[0], np.int64).tobytes())
    chosen = np.arange(grid().size) if points is None else points
    n, c = columns.shape[0], columns.shape[-1]
    white = np.empty((chosen.size, n, c))
    # Without a weekly pattern its seven states stay at 0 and need not be carried along, if that saves enough.
    weekly = (grid().weekly[chosen] > 0) | (chosen.size * c < FEW_STATES)
    for states, held in ((8, np.flatnonzero(weekly)), (1, np.flatnonzero(~weekly))):
        if held.size:
            own = columns if columns.ndim == 2 else columns[:, held]
            white[held] = _innovations(gains, own, chosen[held], states).transpose(1, 0, 2)
    return white, gains.log_determinant[chosen]


def _innovations(gains: _Gains, columns: Floats, points: NDArray[np.intp], states: int) -> Floats:
    """What each day adds to what the days before foretold, in standard deviations; float64[n, g, c]."""
    n, g, c = columns.shape[0], points.size, columns.shape[-1]
    spread, carried = gains.spread[:, points, None], gains.carried[:, points, None]
    gain = np.ascontiguousarray(gains.gain[:, points, :states].transpose(0, 2, 1))[:, :, :, None]
    every, room = np.zeros((states, g, c)), np.empty((states, g, c))
    found = np.zeros((n, g, c))
    for row, begun in enumerate(_begun(columns)):
        state, pulled, surprise = every[:, :, :begun], room[:, :, :begun], found[row, :, :begun]
        state[0] *= carried[row]
        np.subtract(columns[row, ..., :begun], state[0], out=surprise)
        if states > 1:
            place = gains.place[row]
            if gains.weeks[row]:
                state[place] *= WEEKLY_PERSISTENCE ** int(gains.weeks[row])
            surprise -= state[place]
        np.multiply(gain[row], surprise, out=pulled)
        state += pulled
        surprise /= spread[row]
    return found


def _begun(columns: Floats) -> list[int]:
    """How many of the first columns hold anything up to each row; a column of zeros so far foretells 0.

    >>> _begun(np.array([[1.0, 0.0, 0.0], [1.0, 1.0, 0.0], [1.0, 1.0, 1.0]]))
    [1, 2, 3]
    """
    n, c = columns.shape[0], columns.shape[-1]
    any_yet = np.logical_or.accumulate((columns != 0).reshape(n, -1, c).any(axis=1), axis=0)
    last = c - np.argmax(any_yet[:, ::-1], axis=1)
    return [int(each) for each in np.where(any_yet.any(axis=1), last, 0)]


@dataclass(frozen=True)
class Learned:
    """What a daily series says about its coefficients and its noise, at each point of the grid.

    Attributes:
        coefficients: float64[g, k, m].
        unscaled: float64[g, k, k], covariance of the coefficients in units of the noise variance.
        variance: float64[g, m], of one day's noise.
        weight: float64[g, m], adds up to 1 over the grid.
        df: rows less columns of the design.
        exact: bool[m], the design fits without any residual, so nothing is known of the noise.
        white_design: float64[g, n, k], the design without the correlation between days.
        white_rest: float64[g, n, m], the residuals without it.
    """

    day: Longs
    coefficients: Floats
    unscaled: Floats
    variance: Floats
    weight: Floats
    df: float
    exact: NDArray[np.bool_]
    likelihood: Floats
    """float64[m]: log of the likelihood averaged over the grid, up to a constant of the series."""
    white_design: Floats
    white_rest: Floats

    def persistence(self) -> Floats:
        """float64[m]: posterior weight of noise that is close to a random walk."""
        near = (grid().persistence >= NEAR_RANDOM_WALK) & (grid().persistent > 0)
        found: Floats = self.weight[near].sum(axis=0)
        return found


def learn(day: Longs, design: Floats, series: Floats) -> Learned:
    """Fit every series by generalised least squares at each point of the grid.

    Args:
        day: int64[n], ascending.
        design: float64[n, k], of full rank, n > k.
        series: float64[n, m], without NaN.
    """
    n, k = design.shape
    start, *_ = np.linalg.lstsq(design, series, rcond=None)
    rest = series - design @ start
    white, log_determinant = whitened(day, np.concatenate([design, rest], axis=1))
    x, y = white[:, :, :k], white[:, :, k:]
    inner = x.transpose(0, 2, 1) @ x
    unscaled = np.linalg.inv(inner).astype(np.float64)
    beta = unscaled @ (x.transpose(0, 2, 1) @ y)
    left = y - x @ beta
    squares = (left * left).sum(axis=1)
    total = ((series - series.mean(axis=0)) ** 2).sum(axis=0)
    exact = squares.min(axis=0) <= EXACT_FIT * np.maximum(total, (series**2).sum(axis=0)) + 1e-300
    with np.errstate(divide="ignore"):
        likelihood = -0.5 * (
            (n - k) * np.log(np.maximum(squares, 1e-300))
            + np.linalg.slogdet(inner)[1][:, None]
            + log_determinant[:, None]
        )
    log_weight = np.log(grid().prior)[:, None] + likelihood
    weight = np.exp(log_weight - log_weight.max(axis=0))
    weight /= weight.sum(axis=0)
    averaged: Floats = special.logsumexp(log_weight, axis=0)
    variance: Floats = squares / (n - k)
    return Learned(
        day, beta + start[None], unscaled, variance, weight, float(n - k), exact, averaged, x, left
    )


def spread_of_sum(day: Longs, share: Floats) -> Floats:
    """Variance of Σ share × noise in units of the variance of one day, float64[g].

    Args:
        day: int64[n], the days, in any order but each once.
        share: float64[n], weight of each day.
    """
    first = int(day.min())
    line = np.zeros(int(day.max()) - first + 1)
    line[day - first] = share
    padded = 2 ** math.ceil(math.log2(2 * line.size))
    transformed = np.fft.rfft(line, padded)
    lags: Floats = np.fft.irfft(np.abs(transformed) ** 2, padded)[: line.size]
    points = grid()
    apart = np.arange(line.size)
    found = np.full(points.size, lags[0])
    twice = 2 * lags[1:]
    power = points.persistence[:, None] ** apart[None, 1:]
    found += points.persistent * (power @ twice)
    whole = (apart > 0) & (apart % WEEK == 0)
    found += points.weekly * float((2 * lags[whole]) @ (WEEKLY_PERSISTENCE ** (apart[whole] / WEEK)))
    floored: Floats = np.maximum(found, 0.0)
    return floored


@dataclass(frozen=True)
class Mixture:
    """Student t distributions around several centres, weighted: what is known of one number.

    ``centre``, ``scale`` and ``weight`` are float64[g]; ``df`` is common to all.
    """

    centre: Floats
    scale: Floats
    weight: Floats
    df: float

    @property
    def mean(self) -> float:
        """Weighted centre."""
        return float(self.weight @ self.centre)

    def below(self, value: float) -> float:
        """Probability of lying below a value."""
        return float(self.weight @ special.stdtr(self.df, (value - self.centre) / self.scale))

    def above(self, value: float) -> float:
        """Probability of lying above a value; kept apart so that small ones do not vanish."""
        return float(self.weight @ special.stdtr(self.df, (self.centre - value) / self.scale))

    def p(self, null: float = 0.0) -> float:
        """Two-sided p-value."""
        return min(1.0, max(2 * min(self.below(null), self.above(null)), SMALLEST_P))

    def quantile(self, share: float) -> float:
        """The value with this probability below it, by bisection."""
        t = float(special.stdtrit(self.df, share))
        ends = self.centre + t * self.scale
        held = self.weight > 1e-15
        low, high = float(ends[held].min()), float(ends[held].max())
        if share > 0.5:
            return _bisected(lambda value: self.above(value) > 1 - share, low, high)
        return _bisected(lambda value: self.below(value) < share, low, high)


def _bisected(before: Callable[[float], bool], low: float, high: float) -> float:
    """Where ``before`` turns from true to false between two values."""
    for _ in range(60):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if before(middle):
            low = middle
        else:
            high = middle
    return (low + high) / 2
