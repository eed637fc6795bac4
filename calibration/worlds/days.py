"""Daily series without any change, by how their days resemble each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import signal, special

from calibration.record import World

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
WARM_UP = 300
RHYTHM = np.array([0.4, 0.2, 0.0, -0.1, 0.3, -1.2, -0.9])
"""Effects of the weekdays, in standard deviations of the noise."""
VOLUME = np.array([1.2, 1.0, 1.0, 0.95, 0.85, 0.2, 0.2])
"""Tickets of the weekdays: a weekend day has a fifth of a weekday."""


@dataclass(frozen=True)
class Noise:
    """Noise of mean 0 and variance 1 by day. ``draw(rng, n, runs)`` gives float64[n, runs]."""

    name: str
    draw: Callable[[np.random.Generator, int, int], Floats]
    correlation: Callable[[Longs], Floats] | None = None
    """Of days so far apart; None where it is not needed."""


@dataclass(frozen=True)
class Series:
    """``values`` float64[n, runs] seen, ``coming`` float64[h, runs] not seen yet, ``weekday`` int64[n]."""

    values: Floats
    weekday: Longs
    coming: Floats


@dataclass(frozen=True)
class Counted:
    """Rows and hits of each day: int64[n, runs] each (hits None for plain counts), ``weekday`` int64[n]."""

    rows: NDArray[np.int64]
    hits: NDArray[np.int64] | None
    weekday: Longs


def iid() -> Noise:
    """Independent days."""
    return Noise(
        "independent days",
        lambda rng, n, runs: rng.standard_normal((n, runs)),
        lambda apart: (apart == 0).astype(np.float64),
    )


def ar(phi: float) -> Noise:
    """First-order autoregression."""
    return Noise(
        f"AR {phi:g}",
        lambda rng, n, runs: _filtered(rng.standard_normal((n + WARM_UP, runs)), np.array([1.0, -phi]), n),
        lambda apart: phi ** np.abs(apart).astype(np.float64),
    )


def ar_and_white(phi: float, white: float) -> Noise:
    """Autoregression under white noise, which takes this share of the variance."""
    persistent = ar(phi)

    def draw(rng: np.random.Generator, n: int, runs: int) -> Floats:
        slow = persistent.draw(rng, n, runs)
        found: Floats = np.sqrt(1 - white) * slow + np.sqrt(white) * rng.standard_normal((n, runs))
        return found

    return Noise(
        f"AR {phi:g} + {white:.0%} white",
        draw,
        lambda apart: np.where(apart == 0, 1.0, (1 - white) * phi ** np.abs(apart).astype(np.float64)),
    )


def seasonal(phi: float, weekly: float) -> Noise:
    """Autoregression on the day before and on the same weekday of the week before."""
    factors = np.convolve([1.0, -phi], [1.0, *[0.0] * 6, -weekly])
    return Noise(
        f"AR {phi:g} × {weekly:g} at 7 days",
        lambda rng, n, runs: _filtered(rng.standard_normal((n + WARM_UP, runs)), factors, n),
    )


def heavy_tailed(phi: float) -> Noise:
    """Autoregression with t3 shocks: single days far out."""
    return Noise(
        f"AR {phi:g}, t3 shocks",
        lambda rng, n, runs: _filtered(rng.standard_t(3, (n + WARM_UP, runs)), np.array([1.0, -phi]), n),
    )


def _filtered(shocks: Floats, factors: Floats, n: int) -> Floats:
    """The last n days of Σ factors × values = shocks, scaled to variance 1."""
    impulse = np.zeros(2 * WARM_UP)
    impulse[0] = 1.0
    response = signal.lfilter([1.0], factors, impulse)
    scale = np.sqrt(float((response**2).sum()) * float(np.var(shocks)))
    found: Floats = signal.lfilter([1.0], factors, shocks, axis=0)[-n:] / scale
    return found


def series(noise: Noise, n: int, *, coming: int = 0, added: Floats | None = None) -> World[Series]:
    """Level, weekday rhythm and noise; ``added`` float64[n] is a true change, in standard deviations."""

    def draw(rng: np.random.Generator, runs: int) -> Series:
        weekday = np.arange(n + coming, dtype=np.int64) % 7
        values = noise.draw(rng, n + coming, runs) + RHYTHM[weekday][:, None]
        if added is not None:
            values[:n] += added[:, None]
        return Series(values[:n], weekday[:n], values[n:])

    return World(f"{noise.name}, {n} days", draw)


def shares(noise: Noise, n: int, *, tickets: float, share: float, sd: float) -> World[Counted]:
    """Tickets of a share that varies by day (``sd`` on the logit scale), few of them at weekends."""

    def draw(rng: np.random.Generator, runs: int) -> Counted:
        weekday = np.arange(n, dtype=np.int64) % 7
        rows = np.maximum(1, rng.poisson(tickets * VOLUME[weekday][:, None], (n, runs)))
        logit = special.logit(share) + sd * noise.draw(rng, n, runs) + 0.1 * RHYTHM[weekday][:, None]
        return Counted(rows, rng.binomial(rows, special.expit(logit)), weekday)

    name = f"{tickets:g} tickets a weekday, {share:.0%}, {noise.name} (sd {sd:g} logit), {n} days"
    return World(name, draw)


def counts(noise: Noise, n: int, *, tickets: float, sd: float) -> World[Counted]:
    """Counts of a rate that varies by day by ``sd`` (as a share of it), with a weekly rhythm."""

    def draw(rng: np.random.Generator, runs: int) -> Counted:
        weekday = np.arange(n, dtype=np.int64) % 7
        rate = tickets * VOLUME[weekday][:, None] * np.exp(sd * noise.draw(rng, n, runs))
        return Counted(rng.poisson(rate), None, weekday)

    return World(f"{tickets:g} tickets a weekday, {noise.name} (sd {sd:.0%}), {n} days", draw)


def line(n: int) -> Floats:
    """The contrast of a trend: −½ to ½ over the window."""
    day = np.arange(n, dtype=np.float64)
    found: Floats = (day - day.mean()) / n
    return found


def step(n: int, last: int) -> Floats:
    """The contrast of a change: 1 on the last days."""
    return (np.arange(n) >= n - last).astype(np.float64)


def findable(noise: Noise, contrast: Floats) -> Floats:
    """The contrast, as large as a test that knows the noise would find four times in five."""
    n = contrast.size
    assert noise.correlation is not None
    day = np.arange(n, dtype=np.int64)
    inverse = np.linalg.inv(noise.correlation(np.abs(day[:, None] - day[None, :])))
    design = np.column_stack([contrast, *((day % 7 == weekday).astype(np.float64) for weekday in range(7))])
    se = np.sqrt(np.linalg.inv(design.T @ inverse @ design)[0, 0])
    found: Floats = contrast * se * (special.ndtri(0.975) + special.ndtri(0.8))
    return found
