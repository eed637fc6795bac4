"""Draws that the rooms of the generator share."""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sample_data.clock import Ints

Floats = NDArray[np.float64]


def choose(rng: np.random.Generator, weights: Any, size: int) -> Ints:
    """Indices drawn with these weights."""
    edges = np.cumsum(np.asarray(weights, dtype=np.float64))
    picked = np.searchsorted(edges, rng.random(size) * edges[-1], side="right")
    return np.asarray(np.minimum(picked, len(edges) - 1), dtype=np.int64)


def choose_by_row(rng: np.random.Generator, weights: Floats, uniform: Floats | None = None) -> Ints:
    """One index per row of a table of weights; ``uniform`` are draws made elsewhere."""
    edges = np.cumsum(weights, axis=1)
    target = (rng.random(len(weights)) if uniform is None else uniform) * edges[:, -1]
    place = (edges <= target[:, None]).sum(axis=1)
    return np.asarray(np.minimum(place, weights.shape[1] - 1), dtype=np.int64)


def spread_evenly(rng: np.random.Generator, groups: Ints) -> Floats:
    """Uniform draws that fill each group's unit interval evenly.

    Every single draw is uniform, but the members of a group take one slot each, so shares and quantiles of a
    group come out as planted instead of near it.
    """
    size = len(groups)
    order = np.lexsort((rng.random(size), groups))
    ranked = groups[order]
    first = np.r_[True, ranked[1:] != ranked[:-1]]
    starts = np.flatnonzero(first)
    lengths = np.diff(np.r_[starts, size])
    slot = np.arange(size) - np.repeat(starts, lengths)
    even = (slot + rng.random(size)) / np.repeat(lengths, lengths)
    draws = np.empty(size)
    draws[order] = even
    return draws


def normal_of(uniform: Floats) -> Floats:
    """Standard normal values of uniform ones."""
    grid = np.linspace(-5, 5, 2001)
    return np.asarray(np.interp(uniform, [NormalDist().cdf(z) for z in grid], grid), dtype=np.float64)


def persistent(
    rng: np.random.Generator, size: int, quarters: Ints, spread: float, memory: float = 0.5
) -> Floats:
    """A latent daily state with memory (first-order autoregressive), mean zero in each quarter.

    The mean is taken out so that what differs between quarters is what was planted.
    """
    noise = rng.standard_normal(size) * spread * np.sqrt(1 - memory**2)
    state = np.empty(size)
    level = rng.standard_normal() * spread
    for day in range(size):
        level = memory * level + noise[day]
        state[day] = level
    _, place = np.unique(quarters, return_inverse=True)
    means = np.bincount(place, state) / np.bincount(place)
    return np.asarray(state - means[place], dtype=np.float64)
