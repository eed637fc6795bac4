"""Points of a control chart of a process that never changes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.record import World
from calibration.worlds.days import RHYTHM, Noise

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Points:
    """``values`` float64[runs, points], the first ``baseline`` of which set the limits."""

    values: Floats
    baseline: int


def points(noise: Noise, baseline: int, after: int = 100) -> World[Points]:
    """Points as the noise gives them."""
    return World(
        f"{noise.name}, limits from {baseline} points, {after} after them",
        lambda rng, runs: Points(noise.draw(rng, baseline + after, runs).T, baseline),
    )


def skewed(sd: float, baseline: int, after: int = 100) -> World[Points]:
    """Independent lognormal points."""
    return World(
        f"lognormal points (sd of logs {sd:g}), limits from {baseline}",
        lambda rng, runs: Points(np.exp(sd * rng.standard_normal((runs, baseline + after))), baseline),
    )


def daily(noise: Noise, days: int) -> World[Points]:
    """A daily series with a weekly rhythm, around 80; the chart chooses its baseline."""

    def draw(rng: np.random.Generator, runs: int) -> Points:
        rhythm = RHYTHM[np.arange(days) % 7][None, :]
        return Points(80 + noise.draw(rng, days, runs).T + rhythm, 0)

    return World(f"{noise.name}, {days} days", draw)
