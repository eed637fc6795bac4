"""The median of the others: each pulled towards all of them by how little it knows, and how it hangs on each.

A plain median of shares of a few rows each is drawn to the nearest share that so few rows can have, so that
a large segment would look behind without cause. The others are therefore shrunk before their median is taken
(empirical Bayes, variance between them by DerSimonian & Laird 1986), leaving out the one that is compared.
With no difference between the others this is their common mean, with clear differences their plain median.

How far the reference moves with each of the others is the share of draws in which that one is the middle.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
DRAWS = 200
FEWEST_TO_SHRINK = 3


@dataclass(frozen=True, eq=False)
class References:
    """For each of K values: the reference, and the weight of each other value in it (rows add up to 1)."""

    values: Floats
    weights: Floats


def references(values: Floats, variances: Floats) -> References:
    """The median of the others for each value.

    Args:
        values: float[K], K of 2 or more; variances: float[K], sampling variance of each, above 0.

    >>> found = references(np.array([0.5, 0.8, 0.82, 0.84]), np.full(4, 1e-8))
    >>> found.values.round(3).tolist()
    [0.82, 0.82, 0.8, 0.8]
    >>> found.weights.sum(axis=1).round(6).tolist()
    [1.0, 1.0, 1.0, 1.0]
    """
    count = values.size
    others = ~np.eye(count, dtype=np.bool_)
    tau2 = _between(values, variances, others)
    precision = np.where(others, 1 / (variances[None, :] + tau2[:, None]), 0.0)
    total = precision.sum(axis=1)
    pull = precision / total[:, None]
    mean = pull @ values
    kept = tau2[:, None] / (variances[None, :] + tau2[:, None])
    if count - 1 < FEWEST_TO_SHRINK:
        kept = np.ones_like(kept)
    shrunk = mean[:, None] + kept * (values[None, :] - mean[:, None])
    spread = np.sqrt(kept * variances[None, :] + (1 - kept) ** 2 / total[:, None])
    found, weights = np.zeros(count), np.zeros((count, count))
    random = np.random.default_rng(20_260)
    noise = random.standard_normal((DRAWS, count))
    for place in range(count):
        among = np.flatnonzero(others[place])
        found[place] = float(np.median(shrunk[place, among]))
        middle = _middle(shrunk[place, among] + noise[:, among] * spread[place, among])
        weights[place, among] = middle * kept[place, among]
        weights[place] += float((middle * (1 - kept[place, among])).sum()) * pull[place]
    return References(found, weights)


def _between(values: Floats, variances: Floats, others: NDArray[np.bool_]) -> Floats:
    """Variance between the others beyond chance, for each value left out."""
    weight = np.where(others, 1 / variances[None, :], 0.0)
    total = weight.sum(axis=1)
    mean = (weight @ values) / total
    q = (weight * (values[None, :] - mean[:, None]) ** 2).sum(axis=1)
    spare = total - (weight**2).sum(axis=1) / total
    excess = q - (values.size - 2)
    found: Floats = np.maximum(np.divide(excess, spare, out=np.zeros_like(q), where=spare > 1e-300), 0.0)
    return found


def _middle(drawn: Floats) -> Floats:
    """How often each column is the middle of its row; both middle ones of an even number count half."""
    draws, count = drawn.shape
    order = np.argsort(drawn, axis=1, kind="stable")
    low, high = (count - 1) // 2, count // 2
    times = np.bincount(order[:, low], minlength=count) + np.bincount(order[:, high], minlength=count)
    found: Floats = times / (2.0 * draws)
    return found
