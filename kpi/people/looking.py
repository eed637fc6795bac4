"""A team in a period: every agent in every metric, raw and with the cases made alike, as one family."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kpi import engine, fields
from kpi.estimates import measured
from kpi.facts import NONE, Facts
from kpi.measures import Rate
from kpi.metrics import catalogue
from kpi.model import Direction, Estimate, Filter, Metric, Period, Verdict
from kpi.people.lasting import lasting
from kpi.people.limits import Limits, alike, limits
from kpi.people.nouns import FEWEST_AGENTS, MOSTLY, RATE, Looked, Person, Scale, Team
from kpi.people.scoring import Rows, Scored, rows_of, score
from kpi.people.suppressing import shown_and_few
from kpi.stats import benjamini_hochberg

Floats = NDArray[np.float64]
METRICS = ("csat", "ttr_agent", "frt", "fcr", "productivity", "aht", "qa", "occupancy", "conversion", "asat")
"""Metrics of people, in the order of the page."""
COLLECTIVE = "asat"
"""What agents say of their own work is shown for the team alone: to show it by agent would punish candour."""


@dataclass(frozen=True, eq=False)
class Judged:
    """One metric before the p-values of all of them are adjusted together."""

    looked: Looked
    fair: Limits | None = None
    agents: tuple[str, ...] = ()


def team(
    facts: Facts,
    now: Period,
    before: Period | None = None,
    *,
    where: tuple[Filter, ...] = (),
    metrics: Sequence[str] | None = None,
) -> Team:
    """Every agent in every metric of people that the data feed.

    Args:
        before: the period that is asked whether differences last; None leaves that question out.
        metrics: keys; None means all of them.

    Raises:
        ValueError: for a field of ``where`` that no table has.
    """
    known = {metric.key: metric for metric in catalogue(facts.definitions, facts)}
    wanted = [known[key] for key in (metrics or METRICS) if key in known]
    found = [_judged(facts, metric, now, before, where) for metric in wanted]
    adjusted = _adjusted(found)
    agents = sorted({name for each in found for name in each.agents}, key=str.casefold)
    refused = ""
    if not any("agent" in table.dimensions for table in facts.tables.values()):
        refused = "no column says which agent handled a contact"
    elif not any(not each.looked.refused for each in found):
        refused = f"fewer than {FEWEST_AGENTS} agents have enough rows in any metric"
        if len(agents) == 1:
            refused = "only one agent has rows here, so there is nobody to compare with"
    looks = sum(p.fair is not None for each in adjusted for p in each.people)
    left, came = _moved(facts, wanted, now, before, where)
    return Team(now, before, where, tuple(agents), tuple(adjusted), looks, refused, left, came)


def _moved(
    facts: Facts, metrics: Sequence[Metric], now: Period, before: Period | None, where: tuple[Filter, ...]
) -> tuple[int, int]:
    """How many agents have rows of any metric before only, and now only."""
    if before is None:
        return 0, 0
    seen: tuple[set[str], set[str]] = (set(), set())
    for grain, basis in {(metric.grain, metric.basis) for metric in metrics if metric.key != COLLECTIVE}:
        table = facts.table(grain)
        if table is None or "agent" not in table.dimensions:
            continue
        if any(fields.resolve(table, each.field) is None for each in where):
            continue  # rows that a filter cannot be asked of say nothing of who is there
        names = table.dimensions["agent"].categories
        for side, period in zip(seen, (now, before), strict=True):
            codes = np.unique(engine.select(table, basis, period, where=where).agent)
            side.update(str(names[code]) for code in codes.tolist() if code >= 0)
    for side in seen:
        side.discard(NONE)
    return len(seen[1] - seen[0]), len(seen[0] - seen[1])


def _judged(
    facts: Facts, metric: Metric, now: Period, before: Period | None, where: tuple[Filter, ...]
) -> Judged:
    found = measured(facts, (metric,), now, where=where, parts=False)
    whole = next(iter(found[metric.key].values())).estimate
    looked = Looked(metric, whole)
    if whole.value is None:
        return Judged(replace(looked, refused=whole.reason or "no rows"))
    if metric.key == COLLECTIVE:
        return Judged(replace(looked, refused="shown for the team alone, so that nobody is exposed"))
    rows = rows_of(facts, metric, now, where)
    if isinstance(rows, str):
        return Judged(replace(looked, refused=rows))
    counted: Floats = np.bincount(rows.agent, weights=rows.n, minlength=len(rows.agents)).astype(np.float64)
    shown, few = shown_and_few(counted, facts.definitions.minimum_n)
    if int(shown.sum()) < FEWEST_AGENTS:
        reason = (
            f"{_agents(int(shown.sum()))} {facts.definitions.minimum_n} or more rows; "
            f"{FEWEST_AGENTS} are needed before agents are compared"
        )
        return Judged(replace(looked, refused=reason, few=few), None, rows.agents)
    raw_scores, fair_scores = _scores(rows)
    level = float(rows.k.sum() / rows.n.sum()) if rows.scale is Scale.SHARE else 0.5
    raw = limits(raw_scores, rows.scale, level, shown, fair=False)
    enough = shown & (fair_scores.left_out <= MOSTLY) & (fair_scores.n >= facts.definitions.minimum_n)
    fair = limits(fair_scores, rows.scale, level, enough, fair=True)
    estimates = _by_agent(facts, metric, now, where)
    people = tuple(
        _person(metric, name, place, counted, estimates, raw, fair, fair_scores, rows)
        for place, name in enumerate(rows.agents)
        if shown[place]
    )
    stable = lasting(facts, metric, before, where, dict(zip(rows.agents, fair.away.tolist(), strict=True)))
    looked = replace(
        looked,
        people=tuple(sorted((p for p in people if p is not None), key=lambda p: p.agent.casefold())),
        few=few,
        by=rows.by,
        scale=rows.scale,
        team=level,
        spread=fair.spread,
        raw_curve=raw.curve,
        fair_curve=fair.curve,
        lasting=stable,
    )
    return Judged(looked, fair, rows.agents)


def _agents(count: int) -> str:
    """
    >>> _agents(0), _agents(1), _agents(4)
    ('no agent has', '1 agent has', '4 agents have')
    """
    if not count:
        return "no agent has"
    return "1 agent has" if count == 1 else f"{count} agents have"


def _scores(rows: Rows) -> tuple[Scored, Scored]:
    """Against everybody's rows, and against those of the same kind."""
    return score(rows, (np.zeros(rows.agent.size, np.int64),)), score(rows, rows.kinds)


def _by_agent(facts: Facts, metric: Metric, period: Period, where: tuple[Filter, ...]) -> dict[str, Estimate]:
    found = measured(facts, (metric,), period, by=("agent",), where=where, parts=False)
    return {group.keys[0][1]: one.estimate for group, one in found[metric.key].items() if group.keys}


def _person(
    metric: Metric,
    name: str,
    place: int,
    counted: Floats,
    estimates: dict[str, Estimate],
    raw: Limits,
    fair: Limits,
    scored: Scored,
    rows: Rows,
) -> Person | None:
    mark = raw.marks[place]
    if mark is None:
        return None
    unfair = ""
    if fair.marks[place] is None:
        unfair = (
            "days worked do not say which cases filled them, and a day of long cases ends fewer: shown raw"
            if isinstance(metric.measure, Rate)
            else "the data have no column that tells kinds of contacts apart"
            if not rows.by
            else "most contacts are of kinds that fewer than two others have"
            if scored.left_out[place] > MOSTLY
            else f"fewer than {FEWEST_AGENTS} agents can be compared"
        )
    expected = float(scored.level[place])
    return Person(
        name,
        round(float(counted[place])),
        estimates.get(name, Estimate.absent("no rows")),
        None if np.isnan(expected) or unfair else expected,
        mark,
        fair.marks[place],
        unfair,
        float(scored.coarse[place]),
        float(scored.left_out[place]),
    )


def _adjusted(found: Sequence[Judged]) -> list[Looked]:
    """Benjamini-Hochberg over all agents and metrics; verdicts."""
    p = [person.fair.p for each in found for person in each.looked.people if person.fair is not None]
    adjusted = iter(benjamini_hochberg(p))
    result = []
    for each in found:
        people = []
        for person in each.looked.people:
            if person.fair is not None:
                fair = replace(person.fair, p_adjusted=next(adjusted))
                verdict = _verdict(fair.p_adjusted, fair.distance, each.looked)
                person = replace(person, fair=fair, verdict=verdict)
            people.append(person)
        looked = replace(each.looked, people=tuple(people))
        if each.fair is not None:
            rest = {person.agent for person in looked.together}
            places = [place for place, name in enumerate(each.agents) if name in rest]
            looked = replace(
                looked,
                alike=alike(
                    each.fair.away[places].tolist(),
                    each.fair.variance[places].tolist(),
                ),
            )
        result.append(looked)
    return result


def _verdict(p: float | None, distance: float, looked: Looked) -> Verdict:
    if p is None or p > RATE:
        return Verdict.UNCLEAR
    better = looked.metric.better
    if better is Direction.NEUTRAL:
        return Verdict.CHANGED
    return Verdict.BETTER if distance * better.value > 0 else Verdict.WORSE
