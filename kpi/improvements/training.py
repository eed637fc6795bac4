"""Needs of a topic, not of a person: do most agents fall short of what the same agents reach elsewhere?

Each agent's level in the topic is held against the same agent's level in all other topics, with the mix of
those made alike, so that a team whose better people take the harder topics is not misread. The differences
are pulled towards their mean by how little each knows (empirical Bayes), so that agents with a handful of
contacts are not counted as luck has it; how agents differ beyond chance is told for all together and for
nobody alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from kpi import engine
from kpi.facts import NONE, Facts
from kpi.improvements.contrasts import moments, scale
from kpi.improvements.finding import undated
from kpi.improvements.nouns import RATE, Improvements, Look, Need, Spread, Standing
from kpi.improvements.placing import UNNAMED, placed
from kpi.issues import ISSUE, Sorted
from kpi.measures import Mean, Share
from kpi.people import FEWEST_AGENTS
from kpi.people.topics import FEWEST_ROWS, MOST_AGENTS
from kpi.stats import benjamini_hochberg, critical, empirical_bayes

Floats = NDArray[np.float64]
OUTCOMES = ("csat", "ces", "nps", "fcr", "reopen_rate", "escalation_rate")
"""Outcomes that what an agent knows of a topic may change."""
DESKS = (200, 800, 3_000)
ENOUGH = 20
"""No more desks are drawn once so many are further apart: p is known well enough, and it is no small one."""
SMALLEST = 1e-9
Sums = tuple[float, float, float]
"""Rows, their sum, the sum of their squares."""
NOTHING: Sums = (0.0, 0.0, 0.0)


@dataclass(frozen=True, eq=False)
class _Agents:
    """By agent with enough rows of both: how far the topic is behind the agent's other ones; its variance.

    ``apart``: p of the test that agents' shortfalls differ no more than chance makes them (Cochran's Q, its
    distribution simulated); None where it is not asked.
    """

    shortfall: Floats
    variance: Floats
    apart: float | None


def needs(kept: Sorted, found: Improvements) -> tuple[Need, ...]:
    """Topics that fall behind, and those in which agents differ beyond chance; those of most agents first.

    A topic that is hard for a few alone is rarely behind as a whole, since agents are clusters there; so
    whether agents differ is asked of every topic, as a family of its own (Benjamini-Hochberg).
    """
    facts = placed(kept)
    looks = [look for look in found.looks if look.dimension == ISSUE and look.outcome.key in OUTCOMES]
    by_outcome = {key: _sums(facts, looks, key, found) for key in {look.outcome.key for look in looks}}
    agents = [_agents(look, by_outcome[look.outcome.key]) for look in looks]
    adjusted = benjamini_hochberg([None if each is None else each.apart for each in agents])
    made = []
    for look, each, apart in zip(looks, agents, adjusted, strict=True):
        need = _need(look, each, apart)
        if look.standing is Standing.BEHIND or need.spread is Spread.SOME:
            made.append(need)
    order = (Spread.MOST, Spread.SOME, Spread.OPEN, Spread.FEW)
    return tuple(sorted(made, key=lambda need: order.index(need.spread)))


def _need(look: Look, agents: _Agents | None, apart: float | None) -> Need:
    if agents is None:
        return Need(look, Spread.FEW, 0)
    count = agents.shortfall.size
    if count < FEWEST_AGENTS:
        return Need(look, Spread.FEW, count)
    shrunk = empirical_bayes(agents.shortfall, agents.variance)
    if shrunk.mean is None or shrunk.values is None or shrunk.tau2 is None:
        return Need(look, Spread.FEW, count)
    weight = 1 / (agents.variance + shrunk.tau2)
    half = critical(df=count - 1) / math.sqrt(float(weight.sum()))
    factor = scale(_measure(look))
    worse = float((shrunk.values * factor >= _least(look)).mean())
    if look.standing is Standing.BEHIND and worse >= MOST_AGENTS and shrunk.mean - half > 0:
        spread = Spread.MOST
    elif (
        apart is not None
        and apart < RATE
        and worse < MOST_AGENTS
        and _some_short(shrunk.values * factor, _least(look))
    ):
        spread = Spread.SOME
    else:
        spread = Spread.OPEN
    return Need(
        look,
        spread,
        count,
        worse,
        shrunk.mean * factor,
        (shrunk.mean - half) * factor,
        (shrunk.mean + half) * factor,
        math.sqrt(shrunk.tau2) * factor,
        apart,
    )


def _some_short(shortfalls: Floats, least: float) -> bool:
    """Whether those who are apart fall short: somebody by enough to matter, and nobody further ahead.

    Who is weak in one topic is strong in the others against it, which makes those no topics of concern.
    """
    return float(shortfalls.max()) >= max(least, -float(shortfalls.min()))


def _least(look: Look) -> float:
    metric = look.outcome.metric
    return metric.matters * (abs(look.reference) if metric.relative_matters else 1.0)


def _measure(look: Look) -> Any:
    return look.outcome.metric.measure


def _agents(look: Look, sums: Mapping[tuple[str, str], Sums]) -> _Agents | None:
    team: dict[str, tuple[float, float]] = {}
    for (_, issue), (n, total, _) in sums.items():
        known = team.get(issue, (0.0, 0.0))
        team[issue] = known[0] + n, known[1] + total
    topic: dict[str, Sums] = {}
    rest: dict[str, Sums] = {}
    expected: dict[str, float] = {}
    for (agent, issue), each in sums.items():
        if issue == look.value:
            topic[agent] = each
            continue
        before = rest.get(agent, NOTHING)
        rest[agent] = before[0] + each[0], before[1] + each[1], before[2] + each[2]
        expected[agent] = expected.get(agent, 0.0) + each[0] * team[issue][1] / team[issue][0]
    both = sorted(
        name
        for name, each in topic.items()
        if each[0] >= FEWEST_ROWS and rest.get(name, NOTHING)[0] >= FEWEST_ROWS
    )
    if not both:
        return None
    one, other = (np.array([side[name] for name in both]).T for side in (topic, rest))
    mix = np.array([expected[name] for name in both]) / other[0]
    mix -= float((mix * other[0]).sum() / other[0].sum())
    duration = isinstance(_measure(look), Mean)
    pooled = [_row_variance(side, duration) for side in (one, other)]
    variance = pooled[0] / one[0] + pooled[1] / other[0]
    if variance.min() <= 0:
        return None
    gap = other[1] / other[0] - mix - one[1] / one[0]
    q = float(_cochran(gap, variance))
    apart: float | None = None
    if isinstance(_measure(look), Share) and len(both) >= FEWEST_AGENTS:
        # The distribution of Q is well known for many rows only; with few it makes one alarm in five.
        apart = max(float(stats.chi2.sf(q, len(both) - 1)), 2.3e-308)
        if apart < RATE:
            shift = float((gap / variance).sum() / (1 / variance).sum())
            apart = max(apart, _simulated(q, one, other, mix, shift))
    return _Agents(look.outcome.sign * gap, variance, apart)


def _cochran(gap: Floats, variance: Floats) -> Floats:
    """Squares around the weighted mean; over the last axis."""
    weight = 1 / variance
    centre = (weight * gap).sum(axis=-1, keepdims=True) / weight.sum(axis=-1, keepdims=True)
    found: Floats = (weight * (gap - centre) ** 2).sum(axis=-1)
    return found


def _simulated(q: float, topic: Floats, rest: Floats, mix: Floats, shift: float) -> float:
    """Share of desks at least so far apart whose agents have levels of their own and one common shortfall."""
    n1, k1, n2, k2 = topic[0], topic[1], rest[0], rest[1] - mix * rest[0]
    usual = float((k1.sum() + k2.sum() + shift * n1.sum()) / (n1.sum() + n2.sum()))
    own = (k1 + k2 + shift * n1 + 2 * usual) / (n1 + n2 + 2)
    random = np.random.default_rng(20_261)
    chances = np.clip(own - shift, 0.0, 1.0), np.clip(own + mix, 0.0, 1.0)
    further = drawn = 0
    for desks in DESKS:
        one, other = (
            random.binomial(n.astype(np.int64), chance, (desks, n1.size)).astype(np.float64)
            for n, chance in zip((n1, n2), chances, strict=True)
        )
        spread = [
            np.maximum((hits * (1 - hits / n)).sum(axis=1, keepdims=True) / n.sum(), SMALLEST)
            for hits, n in ((one, n1), (other, n2))
        ]
        further += int((_cochran(other / n2 - mix - one / n1, spread[0] / n1 + spread[1] / n2) >= q).sum())
        drawn += desks
        if further > ENOUGH:
            break
    return (1 + further) / (drawn + 1)


def _sums(
    facts: Facts, looks: Sequence[Look], key: str, found: Improvements
) -> Mapping[tuple[str, str], Sums]:
    """By agent and named issue."""
    outcome = next(look.outcome for look in looks if look.outcome.key == key)
    metric, measure = outcome.metric, outcome.metric.measure
    table = facts.tables[metric.grain]
    if "agent" not in table.dimensions:
        return {}
    result = engine.aggregate(
        table,
        {key: measure},
        basis=metric.basis,
        period=None if undated(facts, outcome) else found.now,
        by=("agent", ISSUE),
        where=found.where,
    )
    made: dict[tuple[str, str], Sums] = {}
    for group, statistics in result.items():
        (_, agent), (_, issue) = group.keys
        cells: Any = statistics[key]
        kind: Any = measure
        if agent != NONE and issue not in UNNAMED and (each := moments(kind, cells))[0] > 0:
            made[agent, issue] = each
    return made


def _row_variance(sums: Floats, duration: bool) -> float:
    """Variance of a row around its agent's mean; ``sums`` are rows, their sum, the sum of their squares."""
    rows, total, squares = sums
    spare = float(rows.sum()) - (rows.size if duration else 0)
    return max(float((squares - total**2 / rows).sum()), 0.0) / spare if spare > 0 else 0.0
