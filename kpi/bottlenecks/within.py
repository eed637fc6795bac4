"""What goes with a flag or a number among rows of the same kind, with rows of one day alike.

Ordinary least squares with an intercept for every kind (the within estimator); the variance by clusters
with the leverage correction CR2, agents on top, and never less than that of independent rows. Kinds without
any spread in ``x`` say nothing and weigh nothing.

Sources: Mundlak (1978); Liang & Zeger (1986); Bell & McCaffrey (2002); Cameron, Gelbach & Miller (2011).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from kpi.bottlenecks.nouns import Effect, Floats, Longs
from kpi.stats import cr2, critical, satterthwaite, two_sided_p

FEWEST_CLUSTERS = 5.0
"""Fewer equal clusters than this and their spread cannot be known well enough."""


def within(
    y: Floats,
    x: Floats,
    kind: Longs,
    cluster: Longs,
    agent: Longs | None = None,
    *,
    level: float = 0.95,
) -> Effect:
    """Change of ``y`` for one unit of ``x`` among rows of the same kind.

    Args:
        kind, cluster: codes from 0 on; agent: codes, −1 unknown; None leaves agents out.

    >>> day = np.repeat(np.arange(20), 4)
    >>> flag = np.tile([0.0, 0.0, 1.0, 1.0], 20)
    >>> noise = np.tile([0.0, 0.2, 0.1, -0.1, 0.1, -0.1, 0.0, 0.2], 10)
    >>> found = within(day + 2 * flag + noise, flag, day, day)
    >>> round(found.value, 3), found.low < 2 < found.high, found.df
    (2.0, True, 19.0)
    """
    if not y.size:
        return Effect(None, reason="there are no contacts to compare")
    pulled, centred = centre(x, kind), centre(y, kind)
    weight = pulled * pulled
    total = float(weight.sum())
    if total <= 1e-12 * max(float((x * x).sum()), 1e-300):
        return Effect(None, reason="no kind of contact has both")
    value = float((pulled * centred).sum()) / total
    rest = pulled * (centred - value * pulled)
    ratio = cr2(summed(cluster, pulled * centred), summed(cluster, weight))
    if ratio.variance is None or ratio.effective < FEWEST_CLUSTERS:
        few = f"{ratio.effective:.0f} days' worth of contacts are too few"
        return Effect(value, clusters=ratio.effective, reason=few)
    informative = np.unique(kind[weight > 0]).size
    spare = y.size - informative - 1
    independent = float((rest * rest).sum()) / total**2 * (y.size / max(spare, 1))
    variance = max(ratio.variance, independent)
    freedom = [(variance, ratio.effective - 1)]
    if agent is not None:
        more = _of_agents(rest, weight, agent, independent, total)
        if more is not None:
            freedom.append(more)
            variance += more[0]
    df = max(1.0, min(satterthwaite(freedom), ratio.effective - 1))
    se = math.sqrt(variance)
    if se <= 1e-12 * max(abs(value), 1e-12):
        return Effect(value, clusters=ratio.effective, reason="without any spread nothing can be judged")
    half = critical(level, df) * se
    return Effect(value, value - half, value + half, two_sided_p(value / se, df), se, df, ratio.effective)


def _of_agents(
    rest: Floats, weight: Floats, agent: Longs, independent: float, total: float
) -> tuple[float, float] | None:
    """What agents add beyond independent rows, with its degrees of freedom; None where they add nothing."""
    known = agent >= 0
    if not known.any():
        return None
    pulls, sizes = summed(agent[known], rest[known]), summed(agent[known], weight[known])
    there = sizes > 0
    if int(there.sum()) < 2:
        return None
    leverage = np.minimum(sizes[there] / total, 0.99)
    added = float((pulls[there] ** 2 / (1 - leverage)).sum()) / total**2 - independent
    effective = float(sizes.sum()) ** 2 / float((sizes * sizes).sum())
    return (added, max(effective - 1, 1.0)) if added > 0 else None


def centre(values: NDArray[np.floating], kind: Longs) -> Floats:
    """Values without the mean of their kind."""
    count = np.bincount(kind)
    mean = np.bincount(kind, weights=values) / np.maximum(count, 1)
    found: Floats = values - mean[kind]
    return found


def summed(code: Longs, values: Floats) -> Floats:
    """Sums by code."""
    found: Floats = np.bincount(code, weights=values).astype(np.float64)
    return found


def crossed(*codes: Longs) -> Longs:
    """One code for every combination that occurs."""
    both = np.zeros(codes[0].size, np.int64)
    for each in codes:
        both = both * (int(each.max(initial=0)) + 1) + each
    _, dense = np.unique(both, return_inverse=True)
    return dense.reshape(-1).astype(np.int64)
