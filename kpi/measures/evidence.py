"""The one design of evidence behind every interval and every difference: rows, stretches of time, agents.

Rows of the same day, the same week or the same agent resemble each other, so a change that independent rows
would make "significant" may be an ordinary week. The variance is therefore the larger of

* the variance under independent rows, and
* the variance between stretches of time (blocks of 7 days, or days where there are too few blocks), plus, in
  a difference, what agents add to it beyond their single blocks,
* between two segments that are groups of different people, the same with the spread of agents pooled over
  both (:mod:`kpi.measures.between_agents`), since two or three agents cannot show their own. A segment that
  is one person's alone is compared as that person.

Whether two periods or two segments are compared makes no difference to the code: clusters that stand on both
sides (the same days of two segments, the same agents in two periods) enter with the difference of their
residuals.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kpi.measures.between_agents import between_agents
from kpi.measures.statistics import Days
from kpi.model import Difference
from kpi.stats import ClusterVariance, cluster_variance, critical, difference_variance, kish, satterthwaite

ENOUGH = 4
"""Fewer clusters than this cannot show how clusters differ."""
WORTH = ENOUGH - 0.5
"""The same for effective clusters: four weeks of not quite equal size are worth a little less than four."""
WEEK = 7
ONE_PERSON = 1.5
"""Fewer effective agents than this are one person, and no group of people."""


@dataclass(frozen=True)
class Side:
    """One side of a comparison, cell by cell.

    Attributes:
        day, agent: int[m]; agent -1 unknown. A cell may be repeated.
        residual: float64[m], how far each cell pulls the estimate; they add up to (about) 0.
        size: float64[m], rows or exposure of each cell.
        days: first and last day from which 7-day blocks are counted; the days of the cells when None.
        agents: whether agents are clusters (not for counts per calendar day).
        weight: float64[m], of each cell's day in the value; None where all days weigh alike.
        theirs: whether agents have a part in the value, so that groups of people differ by who is in them.
    """

    day: NDArray[np.integer]
    agent: NDArray[np.integer]
    residual: NDArray[np.float64]
    size: NDArray[np.float64]
    days: Days | None = None
    agents: bool = True
    weight: NDArray[np.float64] | None = None
    theirs: bool = True

    @property
    def span(self) -> Days:
        """First and last day."""
        if self.days is not None:
            return self.days
        return (int(self.day.min()), int(self.day.max())) if self.day.size else (0, 0)


@dataclass(frozen=True)
class Evidence:
    """Variance of an estimate or a difference, degrees of freedom, factor over independent rows, words.

    ``effect`` is 1 where independent rows have no variance at all.
    """

    variance: float
    df: float
    effect: float
    words: str

    @property
    def se(self) -> float:
        """Standard error."""
        return math.sqrt(self.variance)

    def crit(self, level: float) -> float:
        """Two-sided critical value."""
        return critical(level, self.df)


@dataclass(frozen=True)
class People:
    """What agents add to the variance of a difference of groups of people, which may be below 0.

    ``df``: what is known of it; ``words``: who they are.
    """

    variance: float
    df: float
    words: str


@dataclass(frozen=True)
class Gap:
    """now − before while it is still open how much of it may be chance.

    Attributes:
        plain: variance of the difference under independent rows, with its degrees of freedom.
        finish: the difference with its interval and p-value, given the evidence.
        clustered: the evidence from clusters of rows, for data without a daily series.
    """

    now: Side
    before: Side
    plain: float
    plain_df: float
    finish: Callable[[Evidence], Difference]
    clustered: Callable[[], Evidence]

    @staticmethod
    def of(
        now: Side,
        before: Side,
        plain: float,
        finish: Callable[[Evidence], Difference],
        plain_df: float = math.inf,
    ) -> Gap:
        """A gap whose rows come in weeks, days and agents."""
        return Gap(
            now, before, plain, plain_df, finish, lambda: evidence_between(now, before, plain, plain_df)
        )


def settled(gap: Gap | Difference | None) -> Difference | None:
    """The difference by the evidence of clusters; what needs none is given back as it is."""
    return gap.finish(gap.clustered()) if isinstance(gap, Gap) else gap


def evidence_of(side: Side, plain: float, plain_df: float = math.inf) -> Evidence:
    """Evidence for one estimate.

    Agents are no clusters here: a level speaks of this team, whose agents are all there, and not of a team
    drawn anew. In a difference they are, since an agent's own ups and downs are part of chance.

    Args:
        plain: variance of the estimate under independent rows, with its degrees of freedom.
    """
    key, unit = _blocks(side, None)
    time = cluster_variance(key, side.residual, side.size)
    if time.variance is None or time.fewest < WORTH:
        # So few stretches of time cannot show how they differ; the value then speaks of these days only.
        these = ClusterVariance(time.variance or 0.0, math.inf, time.fewest, False)
        known = combine(these, None, plain, plain_df, unit, math.inf)
        return replace(known, words=f"{known.words}; only {_count(time.fewest, unit)}")
    return combine(time, None, plain, plain_df, unit, math.inf)


def evidence_between(now: Side, before: Side, plain: float, plain_df: float = math.inf) -> Evidence:
    """Evidence for now − before; two periods or two segments.

    Args:
        plain: variance of the difference under independent rows, with its degrees of freedom.
    """
    key_now, unit = _blocks(now, before)
    key_before, _ = _blocks(before, now)
    time = difference_variance(key_now, now.residual, now.size, key_before, before.residual, before.size)
    agents = _agents(now, before, key_now, key_before, time)
    people = people_between(now, before, plain)
    together = _overlap(now, before)
    if together and time.fewest <= 1 and np.array_equal(np.unique(now.day), np.unique(before.day)):
        alone = ClusterVariance(None, math.inf, ENOUGH, True)
        return wider(combine(alone, agents, plain, plain_df, "day", math.inf), people, 0.0, math.inf, plain)
    limit = math.inf
    if time.fewest < WORTH:
        limit = time.df
        if together and agents is not None:
            limit = max(limit, agents[0].df)
    found = combine(time, agents, plain, plain_df, unit, limit)
    return wider(found, people, time.variance or 0.0, time.df, plain)


def people_between(now: Side, before: Side, plain: float) -> People | None:
    """What agents add to a difference between two groups of different people on the same days.

    None where there are no two such groups: agents on both sides mostly, unknown agents, one person, two
    periods.
    """
    if not (now.agents and before.agents and now.theirs and before.theirs) or not _overlap(now, before):
        return None
    sides = (now, before)
    known = [side.agent >= 0 for side in sides]
    agents = [side.agent[there] for side, there in zip(sides, known, strict=True)]
    sizes = [side.size[there] for side, there in zip(sides, known, strict=True)]
    if any(size.sum() <= 0 for size in sizes):
        return None
    by_agent = [np.bincount(who, weights=size) for who, size in zip(agents, sizes, strict=True)]
    if min(map(kish, by_agent)) < ONE_PERSON:
        return None
    width = max(map(len, by_agent))
    one, other = (np.pad(each, (0, width - each.size)) for each in by_agent)
    both = (one > 0) & (other > 0)
    if max(float(each[both].sum() / each.sum()) for each in (one, other)) >= 0.5:
        return None
    rows = [float(side.size.sum()) for side in sides]
    spread = between_agents(
        np.concatenate(agents).astype(np.int64),
        np.concatenate([np.full(who.size, at, np.int64) for at, who in enumerate(agents)]),
        np.concatenate(sizes),
        np.concatenate([side.residual[there] * n for side, there, n in zip(sides, known, rows, strict=True)]),
        plain / (1 / rows[0] + 1 / rows[1]),
    )
    if spread is None:
        return None
    counts = " and ".join(str(int((each > 0).sum())) for each in (one, other))
    return People(spread.of_contrast(np.array([1.0, -1.0])), spread.df, f"{counts} agents, spread pooled")


def wider(found: Evidence, people: People | None, time: float, time_df: float, plain: float) -> Evidence:
    """The evidence, or that by the pooled spread of agents where this leaves more to chance."""
    if people is None:
        return found
    other = beyond_people(people, time, time_df, plain, found.words)
    level = 0.95
    return other if other.se * other.crit(level) > found.se * found.crit(level) else found


def beyond_people(people: People, time: float, time_df: float, plain: float, words: str) -> Evidence:
    """Evidence for a difference between groups of people: rows and agents, and what days add to rows.

    The degrees of freedom of the agents hold even where they seem not to differ, since how little they differ
    is known from as few of them.

    Args:
        time: variance by days or weeks, without agents, with its degrees of freedom; words: what they are.
        plain: variance under independent rows.
    """
    agents, days = max(plain, plain + people.variance), max(0.0, time - plain)
    freedom = satterthwaite([(agents, people.df), (days, time_df)])
    words = f"{people.words}: t with {freedom:.1f} df; {words}"
    return _evidence(agents + days, freedom, plain, words)


def combine(
    time: ClusterVariance,
    agents: tuple[ClusterVariance, float] | None,
    plain: float,
    plain_df: float,
    unit: str,
    limit: float,
) -> Evidence:
    """The larger of both variances.

    Args:
        time: variance between stretches of time, called ``unit``.
        agents: variance between agents, and the part of it that lies within their single stretches of time.
        limit: degrees of freedom allowed at most, where there are too few stretches of time.
    """
    seen = [_count(time.fewest, unit)] if math.isfinite(time.df) and round(time.fewest) >= 2 else []
    few = f"; {f'few {unit}s' if round(time.fewest) >= 2 else f'only one {unit}'}: t with {limit:.1f} df"
    note = "" if math.isinf(limit) else few
    return _larger(time, agents, plain, plain_df, seen, limit, "clusters: ", note)


def combine_daily(
    time: ClusterVariance,
    agents: tuple[ClusterVariance, float] | None,
    plain: float,
    plain_df: float,
    seen: str,
) -> Evidence:
    """The same with the variance between stretches of time learned from a daily series, called ``seen``."""
    return _larger(time, agents, plain, plain_df, [seen], math.inf, "", "")


def _larger(
    time: ClusterVariance,
    agents: tuple[ClusterVariance, float] | None,
    plain: float,
    plain_df: float,
    seen: list[str],
    limit: float,
    kind: str,
    note: str,
) -> Evidence:
    parts = [(time.variance or 0.0, time.df)]
    if agents is not None:
        between, within = agents
        whole = between.variance or 0.0
        beyond = max(0.0, whole - within)
        # What agents add is a difference, so it is known less well than its own size suggests.
        parts.append((beyond, between.df * beyond / whole if beyond > 0 else between.df))
        seen.append(_count(between.fewest, "agent"))
    clustered = sum(variance for variance, _ in parts)
    if clustered <= plain:
        words = "independent rows" + (f" (checked against {' and '.join(seen)})" if seen else "")
        return _evidence(plain, min(plain_df, limit), plain, words + note)
    df = min(satterthwaite(parts), limit)
    return _evidence(clustered, df, plain, (f"{kind}{' and '.join(seen)}" if seen else "clusters") + note)


def _evidence(variance: float, df: float, plain: float, words: str) -> Evidence:
    return Evidence(variance, max(1.0, df), variance / plain if plain > 0 else 1.0, words)


def _count(effective: float, unit: str) -> str:
    number = f"{effective:.1f}".removesuffix(".0")
    return f"{number} {unit}" if number == "1" else f"{number} {unit}s"


def _overlap(one: Side, other: Side) -> bool:
    (first1, last1), (first2, last2) = one.span, other.span
    return first1 <= last2 and first2 <= last1


def _blocks(side: Side, other: Side | None) -> tuple[NDArray[np.int64], str]:
    """Number of the time cluster of each cell and its kind: 7-day blocks if every side has four, else days.

    Sides that share days count from the same first day, so that the same stretch of time has the same number.
    """
    sides = [side] if other is None else [side, other]
    together = other is not None and _overlap(side, other)
    first = min(each.span[0] for each in sides)
    weekly = True
    for each in sides:
        origin = first if together else each.span[0]
        whole = (each.span[1] - origin + 1) // WEEK
        worth = kish(np.bincount((each.day - origin) // WEEK, weights=each.size)) if each.day.size else 0.0
        weekly = weekly and whole >= ENOUGH and worth >= WORTH
    if not weekly:
        return side.day.astype(np.int64), "day"
    if together:
        return (side.day.astype(np.int64) - first) // WEEK, "week"
    # The first day times WEEK keeps the numbers of two separate periods apart.
    return (side.day.astype(np.int64) - side.span[0]) // WEEK + side.span[0] * WEEK, "week"


def agents_between(now: Side, before: Side, time: ClusterVariance) -> tuple[ClusterVariance, float] | None:
    """What agents add beyond what the days show already; None where agents cannot tell.

    An agent's ups and downs that last no longer than a week are in the noise of days. What an agent does
    throughout a whole period is not: it shows between agents, and as one part in as many as there are weeks
    within their single weeks, which is put right. In two periods an agent's standing level cancels, so it is
    taken out of the single weeks as well.
    """
    keys = [_blocks(now, before)[0], _blocks(before, now)[0]]
    apart = not _overlap(now, before)
    one, other = _without_own_level(now, before) if apart else (now, before)
    found = _agents(one, other, keys[0], keys[1], time)
    if found is None:
        return None
    between, within = found
    weeks = [
        kish(np.bincount(key - key.min(), weights=side.size))
        for key, side in zip(keys, (now, before), strict=True)
    ]
    whole = between.variance or 0.0
    worth, fitted = (sum(weeks), 1) if apart else (min(weeks), 0)
    if worth <= 1.5 + fitted:
        return between, 0.0
    held = within * worth / (worth - 1) if apart else within
    beyond = max(0.0, whole - held) * (worth - fitted) / (worth - 1 - fitted)
    return between, max(0.0, whole - min(beyond, whole))


def _without_own_level(now: Side, before: Side) -> tuple[Side, Side]:
    """Both sides with the standing level of agents who are on both taken out of their residuals."""
    codes, place = np.unique(np.concatenate([now.agent, before.agent]), return_inverse=True)
    sides = []
    pull, size = np.zeros(codes.size), np.zeros(codes.size)
    there = np.ones(codes.size, np.bool_)
    for side, where in ((now, place[: now.agent.size]), (before, place[now.agent.size :])):
        rows = np.bincount(where, weights=side.size, minlength=codes.size)
        pull += np.bincount(where, weights=side.residual, minlength=codes.size) * float(side.size.sum())
        size += rows
        there &= rows > 0
        sides.append((side, where))
    level = np.where(there & (codes >= 0), pull / np.maximum(size, 1e-300), 0.0)
    one, other = (
        replace(side, residual=side.residual - level[where] * side.size / float(side.size.sum()))
        for side, where in sides
    )
    return one, other


def _agents(
    now: Side, before: Side, key_now: NDArray[np.int64], key_before: NDArray[np.int64], time: ClusterVariance
) -> tuple[ClusterVariance, float] | None:
    """Variance between agents and within their single stretches of time; None where agents cannot tell.

    The second is what the variance between stretches of time holds already: nothing, where there is only one.
    """
    known, there = now.agent >= 0, before.agent >= 0
    if not now.agents or not known.any() or not there.any():
        return None
    between = difference_variance(
        now.agent[known],
        now.residual[known],
        now.size[known],
        before.agent[there],
        before.residual[there],
        before.size[there],
    )
    within = _sum_of_squares(
        np.concatenate(
            [_cell(now.agent[known], key_now[known]), _cell(before.agent[there], key_before[there])]
        ),
        np.concatenate([now.residual[known], -before.residual[there]]),
    )
    if between.variance is None or between.fewest < ENOUGH:
        return None
    alone = time.variance is None or time.fewest < 1 + 1e-9
    return between, 0.0 if alone else within


def _cell(agent: NDArray[np.integer], key: NDArray[np.int64]) -> NDArray[np.int64]:
    return agent.astype(np.int64) * 2**32 + key


def _sum_of_squares(cell: NDArray[np.int64], residual: NDArray[np.float64]) -> float:
    _, place = np.unique(cell, return_inverse=True)
    sums = np.bincount(place, weights=residual)
    return float((sums * sums).sum())
