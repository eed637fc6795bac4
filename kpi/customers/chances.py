"""How often somebody writes by chance: customers who are all alike, and customers who differ as usual.

Only those who write at least once are seen, so counts are Poisson or negative binomial given that they are
not 0 (David & Johnson 1952, Biometrics 8:275-285; Sampford 1955, Biometrika 42:58-69), over the share of the
period that each was there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special, stats

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]

LEAST = 1e-300
ALIKE = 1e4
"""With a size parameter beyond this, customers are as good as alike."""
SMALLEST_SIZE = 0.02
PARTS = 25
"""The share of a period is told in so many parts when the spread is estimated."""
FEWEST = 20
"""Fewer customers than this do not show how customers differ."""


def equal_rate(contacts: Longs, exposure: Floats) -> float:
    """Contacts in a whole period of equal customers, from those who wrote at least once.

    Maximum likelihood: Σ contacts = Σ λe / (1 − e^−λe).

    >>> round(equal_rate(np.array([2, 2, 2]), np.ones(3)), 4)
    1.5936
    """
    total = float(contacts.sum())
    if total <= contacts.size:
        return 0.0
    e, many = np.unique(exposure, return_counts=True)
    low, high = 0.0, total / max(float((e * many).sum()), 1e-9) * 2 + 10
    for _ in range(100):
        middle = (low + high) / 2
        value = float((many * expected(middle * e)).sum())
        low, high = (middle, high) if value < total else (low, middle)
    return (low + high) / 2


def expected(rate: Floats) -> Floats:
    """Mean of a Poisson number given that it is not 0."""
    seen = np.maximum(-np.expm1(-rate), LEAST)
    found: Floats = np.where(rate < 1e-9, 1.0, rate / seen)
    return found


def chance_of(contacts: Longs, rate: Floats) -> Floats:
    """Chance of at least so many contacts of an equal customer, given one; never 0."""
    seen = np.maximum(-np.expm1(-rate), LEAST)
    p = np.where(contacts <= 1, 1.0, stats.poisson.sf(contacts - 1, rate) / seen)
    p = np.where((rate < 1e-9) & (contacts > 1), 1.0, p)
    return np.clip(p, LEAST, 1.0)


@dataclass(frozen=True)
class Spread:
    """How customers differ: mean contacts in a whole period, and the size of the negative binomial.

    The variance between customers' rates is mean² ÷ size.
    """

    mean: float
    size: float

    def chance_of(self, contacts: Longs, exposure: Floats) -> Floats:
        """Chance of at least so many contacts of a customer of this kind, given one; never 0."""
        share = self.size / (self.size + self.mean * exposure)
        seen = np.maximum(-np.expm1(self.size * np.log(share)), LEAST)
        p = np.where(contacts <= 1, 1.0, stats.nbinom.sf(contacts - 1, self.size, share) / seen)
        return np.clip(p, LEAST, 1.0)


def usual_spread(contacts: Longs, exposure: Floats) -> Spread | None:
    """The spread between customers by maximum likelihood; None where they are alike, or too few to tell.

    >>> usual_spread(np.ones(50, np.int64), np.ones(50)) is None
    True
    """
    if contacts.size < FEWEST or contacts.sum() <= contacts.size:
        return None
    parts = np.clip(np.rint(exposure * PARTS), 1, PARTS).astype(np.int64)
    pairs, many = np.unique(contacts * (PARTS + 1) + parts, return_counts=True)
    count, there = (pairs // (PARTS + 1)).astype(np.float64), pairs % (PARTS + 1) / PARTS
    start = max(equal_rate(contacts, exposure), 0.01)

    def loss(given: Floats) -> float:
        mean, size = np.exp(given)
        share = size / (size + mean * there)
        nothing = size * np.log(share)
        told = (
            special.gammaln(count + size)
            - special.gammaln(size)
            - special.gammaln(count + 1)
            + nothing
            + count * np.log1p(-share)
            - np.log(np.maximum(-np.expm1(nothing), LEAST))
        )
        return -float((many * told).sum())

    bounds = [(np.log(1e-4), np.log(1e4)), (np.log(SMALLEST_SIZE), np.log(ALIKE))]
    found = optimize.minimize(loss, np.array([np.log(start), 0.0]), method="Nelder-Mead", bounds=bounds)
    mean, size = np.exp(found.x)
    if not np.isfinite(found.fun) or size >= ALIKE * 0.99:
        return None
    return Spread(float(mean), float(size))
