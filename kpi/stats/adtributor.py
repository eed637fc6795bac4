"""In which dimension does a change sit? An order of dimensions and their elements, without error control.

Use it to decide what to look at first; whether a difference is real is said by intervals elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from kpi.stats.arrays import Floats, as_floats, frozen, not_counts, refuse, unequal

ENOUGH = 0.67
"""Elements are taken until together they explain this share of the change."""
WORTH_NAMING = 0.1
"""An element that explains less than this is not named."""


def explanatory_power(forecast: ArrayLike, actual: ArrayLike) -> Floats | None:
    """float[K], share of the whole change that each element makes up; sums to 1. None when nothing changed.

    Source: Bhagwan et al. (2014), Adtributor, NSDI, section 3.

    Raises:
        ValueError: for negative or missing counts or unequal lengths.

    >>> explanatory_power([94, 6], [47, 3]).round(2).tolist()
    [0.94, 0.06]
    """
    expected, found = _pair(forecast, actual)
    change = float(found.sum() - expected.sum())
    if abs(change) <= 1e-12 * max(1e-300, float(expected.sum()), float(found.sum())):
        return None
    return frozen((found - expected) / change)


def surprise(forecast: ArrayLike, actual: ArrayLike) -> Floats | None:
    """float[K] ≥ 0, how much each element's share departs from the expected one (Jensen-Shannon, in nats).

    The sum over the elements of a dimension is its divergence. None when one side is empty.

    Raises:
        ValueError: for negative or missing counts or unequal lengths.

    >>> surprise([50, 50], [50, 50]).tolist()
    [0.0, 0.0]
    """
    expected, found = _pair(forecast, actual)
    if expected.sum() <= 0 or found.sum() <= 0:
        return None
    p, q = expected / expected.sum(), found / found.sum()
    middle = (p + q) / 2
    each = np.zeros(p.size)
    for share in (p, q):
        known = share > 0
        each[known] += share[known] * np.log(share[known] / middle[known]) / 2
    return frozen(each)


@dataclass(frozen=True)
class Candidate:
    """One dimension with the elements that explain enough of the change, the most surprising first."""

    dimension: str
    elements: tuple[str, ...]
    explains: float
    surprise: float


def rank_dimensions(
    dimensions: Mapping[str, tuple[Sequence[str], ArrayLike, ArrayLike]],
    *,
    enough: float = ENOUGH,
    worth_naming: float = WORTH_NAMING,
) -> tuple[Candidate, ...]:
    """Dimensions whose elements explain at least ``enough`` of the change, the most surprising first.

    Source: Bhagwan et al. (2014), Algorithm 1.

    Args:
        dimensions: name -> (element names, forecast counts, actual counts).

    Raises:
        ValueError: for negative or missing counts or unequal lengths.

    >>> revenue = {
    ...     "data centre": (["X", "Y"], [94, 6], [47, 3]),
    ...     "device": (["PC", "mobile", "tablet"], [50, 25, 25], [49, 1, 0]),
    ... }
    >>> [(found.dimension, found.elements) for found in rank_dimensions(revenue)]
    [('device', ('tablet', 'mobile')), ('data centre', ('X',))]
    """
    found = []
    for name, (elements, forecast, actual) in dimensions.items():
        powers, surprises = explanatory_power(forecast, actual), surprise(forecast, actual)
        if powers is None or surprises is None:
            continue
        if len(elements) != powers.size:
            raise ValueError(f"{name} has {len(elements)} names for {powers.size} elements")
        chosen: list[int] = []
        explained = 0.0
        for place in np.argsort(-surprises, kind="stable"):
            if powers[place] > worth_naming:
                chosen.append(int(place))
                explained += float(powers[place])
            if explained > enough:
                total = math.fsum(surprises[chosen])
                found.append(Candidate(name, tuple(elements[one] for one in chosen), explained, total))
                break
    return tuple(sorted(found, key=lambda candidate: -candidate.surprise))


def _pair(forecast: ArrayLike, actual: ArrayLike) -> tuple[Floats, Floats]:
    expected, found = as_floats(forecast), as_floats(actual)
    refuse(
        unequal(forecast=expected, actual=found),
        not_counts("forecast", expected),
        not_counts("actual", found),
    )
    return expected, found
