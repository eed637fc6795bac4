"""Needs of a topic, not of a person: do most agents fall short of what the same agents reach elsewhere?

Each agent's level in the topic is held against the same agent's level in all other topics, so that a team
whose better people take the harder topics is not misread. The differences are pulled towards their mean by
how little each knows (empirical Bayes), so that agents with a handful of contacts are not counted as luck has
it; how agents differ beyond chance is told for all together and for nobody alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from kpi import engine
from kpi.facts import NONE, Facts
from kpi.improvements.contrasts import moments, scale
from kpi.improvements.finding import undated
from kpi.improvements.nouns import Improvements, Look, Need, Spread
from kpi.improvements.placing import UNNAMED, placed
from kpi.issues import ISSUE, Sorted
from kpi.measures import Cells, Mean
from kpi.model import Filter
from kpi.people import FEWEST_AGENTS
from kpi.people.topics import FEWEST_ROWS, MOST_AGENTS
from kpi.stats import critical, empirical_bayes

Floats = NDArray[np.float64]
OUTCOMES = ("csat", "ces", "nps", "fcr", "reopen_rate", "escalation_rate")
"""Outcomes that what an agent knows of a topic may change."""
DIFFER = 0.05
"""Agents differ beyond chance below this p (Cochran's Q)."""


def needs(kept: Sorted, found: Improvements) -> tuple[Need, ...]:
    """Topics that fall behind, each with how agents stand in it; topics of most of the team first."""
    facts = placed(kept)
    looks = [look for look in found.behind if look.dimension == ISSUE and look.outcome.key in OUTCOMES]
    made = [_need(facts, look, found) for look in looks]
    order = (Spread.MOST, Spread.SOME, Spread.OPEN, Spread.FEW)
    return tuple(sorted(made, key=lambda need: order.index(need.spread)))


def _need(facts: Facts, look: Look, found: Improvements) -> Need:
    shortfall, variance = _agents(facts, look, found)
    count = shortfall.size
    if count < FEWEST_AGENTS:
        return Need(look, Spread.FEW, count)
    shrunk = empirical_bayes(shortfall, variance)
    if shrunk.mean is None or shrunk.values is None or shrunk.tau2 is None:
        return Need(look, Spread.FEW, count)
    weight = 1 / (variance + shrunk.tau2)
    half = critical(df=count - 1) / math.sqrt(float(weight.sum()))
    fixed = 1 / variance
    centre = float((fixed * shortfall).sum() / fixed.sum())
    apart = float(stats.chi2.sf(float((fixed * (shortfall - centre) ** 2).sum()), count - 1))
    worse = float((shrunk.values > 0).mean())
    if worse >= MOST_AGENTS and shrunk.mean - half > 0:
        spread = Spread.MOST
    elif apart < DIFFER and worse < MOST_AGENTS:
        spread = Spread.SOME
    else:
        spread = Spread.OPEN
    factor = scale(_measure(look))
    return Need(
        look,
        spread,
        count,
        worse,
        shrunk.mean * factor,
        (shrunk.mean - half) * factor,
        (shrunk.mean + half) * factor,
        math.sqrt(shrunk.tau2) * factor,
        max(apart, 2.3e-308),
    )


def _measure(look: Look) -> Any:
    return look.outcome.metric.measure


def _agents(facts: Facts, look: Look, found: Improvements) -> tuple[Floats, Floats]:
    """By agent with enough rows of both: how far the topic is behind the agent's others, and its variance."""
    metric, measure = look.outcome.metric, _measure(look)
    table = facts.tables[metric.grain]
    none = np.zeros(0)
    if "agent" not in table.dimensions:
        return none, none
    period = None if undated(facts, look.outcome) else found.now
    sides = [
        _by_agent(facts, look, period, (*found.where, *side))
        for side in _sides(look, table.dimensions[ISSUE])
    ]
    both = sorted(
        name
        for name, (n, _, _) in sides[0].items()
        if name != NONE and n >= FEWEST_ROWS and sides[1].get(name, (0.0, 0.0, 0.0))[0] >= FEWEST_ROWS
    )
    if not both:
        return none, none
    pooled = [_row_variance(list(side.values()), isinstance(measure, Mean)) for side in sides]
    gap, variance = [], []
    for name in both:
        (n1, sum1, _), (n2, sum2, _) = sides[0][name], sides[1][name]
        gap.append(look.outcome.sign * (sum2 / n2 - sum1 / n1))
        variance.append(pooled[0] / n1 + pooled[1] / n2)
    if min(variance) <= 0:
        return none, none
    return np.array(gap), np.array(variance)


def _sides(look: Look, dimension: Any) -> tuple[tuple[Filter, ...], tuple[Filter, ...]]:
    others = tuple(
        str(name) for name in dimension.categories if str(name) not in UNNAMED and str(name) != look.value
    )
    return (Filter(ISSUE, (look.value,)),), (Filter(ISSUE, others),)


def _by_agent(
    facts: Facts, look: Look, period: Any, where: tuple[Filter, ...]
) -> dict[str, tuple[float, float, float]]:
    metric = look.outcome.metric
    result = engine.aggregate(
        facts.tables[metric.grain],
        {"": metric.measure},
        basis=metric.basis,
        period=period,
        by=("agent",),
        where=where,
    )
    made: dict[str, tuple[float, float, float]] = {}
    for group, statistics in result.items():
        cells: Any = statistics[""]
        if isinstance(cells, Cells):
            made[group.keys[0][1]] = moments(_measure(look), cells)
    return made


def _row_variance(sums: Sequence[tuple[float, float, float]], duration: bool) -> float:
    """Variance of a row around its agent's mean."""
    n = math.fsum(each[0] for each in sums)
    within = math.fsum(each[2] - each[1] ** 2 / each[0] for each in sums if each[0] > 0)
    spare = n - sum(each[0] > 0 for each in sums) if duration else n
    return max(within, 0.0) / spare if spare > 0 else 0.0
