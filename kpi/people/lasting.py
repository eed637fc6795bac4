"""Do the same agents differ in the same way again? The correlation of two periods, with its interval."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from kpi.facts import Facts
from kpi.model import Filter, Metric, Period
from kpi.people.limits import limits
from kpi.people.nouns import FEWEST_AGENTS, MOSTLY, Lasting
from kpi.people.scoring import rows_of, score


def lasting(
    facts: Facts,
    metric: Metric,
    before: Period | None,
    where: tuple[Filter, ...],
    now: Mapping[str, float],
) -> Lasting:
    """Of agents in both periods: how far the distances of one foretell those of the other."""
    if before is None:
        return Lasting(None, None, None, 0, "there is no period before")
    then = fair_distances(facts, metric, before, where)
    both = sorted(name for name, value in now.items() if name in then and not math.isnan(value))
    return correlated([now[name] for name in both], [then[name] for name in both])


def fair_distances(
    facts: Facts, metric: Metric, period: Period, where: tuple[Filter, ...]
) -> dict[str, float]:
    """Distance of each agent from what the same kind of rows would give; those that can be told only."""
    rows = rows_of(facts, metric, period, where)
    if isinstance(rows, str) or not rows.agents:
        return {}
    scored = score(rows, rows.kinds)
    least = facts.definitions.minimum_n
    enough = (scored.n >= least) & (scored.left_out <= MOSTLY)
    found = limits(scored, rows.scale, 0.5, enough, fair=True)
    return {name: d for name, d in zip(rows.agents, found.away.tolist(), strict=True) if not np.isnan(d)}


def correlated(one: list[float], other: list[float]) -> Lasting:
    """Pearson's correlation with Fisher's interval.

    >>> correlated([1, 2, 3, 4, 5, 6], [2, 1, 4, 3, 6, 5]).correlation.__round__(2)
    0.83
    """
    count = len(one)
    if count < FEWEST_AGENTS:
        reason = f"{count} agents can be compared in both periods; {FEWEST_AGENTS} are needed"
        return Lasting(None, None, None, count, reason)
    mean, mean_other = math.fsum(one) / count, math.fsum(other) / count
    across = math.fsum((a - mean) * (b - mean_other) for a, b in zip(one, other, strict=True))
    square = math.fsum((a - mean) ** 2 for a in one) * math.fsum((b - mean_other) ** 2 for b in other)
    if square <= 1e-18:
        return Lasting(None, None, None, count, "all agents are alike in one of the periods")
    r = max(-0.999999, min(0.999999, across / math.sqrt(square)))
    half = 1.959964 / math.sqrt(count - 3)
    return Lasting(r, math.tanh(math.atanh(r) - half), math.tanh(math.atanh(r) + half), count)
