"""Every value of every dimension in every outcome against the median of the others, as one family of looks.

What a value of a dimension is behind is multiplied by its share of the rows: what all rows together would
gain if it met the median. Benjamini-Hochberg holds the share of false pain points over everything that was
looked at, and all intervals are widened so that the same share of the chosen ones misses (Benjamini &
Yekutieli 2005). Rows that are independent are the least that chance can be, so a look that is no finding by
those is judged by clusters of rows only, and the rest by the daily judge, as on Compare.

A team is its people: it is behind only beyond what teams of such people would differ by chance, so there the
agent is the unit of chance (:mod:`kpi.measures.between_agents`).
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np

from kpi import engine, fields
from kpi.calendars import MISSING_DAY
from kpi.estimates import checked_fields
from kpi.facts import Facts, FactTable
from kpi.improvements.contrasts import (
    Compared,
    Groups,
    Kind,
    Pulls,
    bounds_of,
    compared,
    finish,
    gap,
    grouped,
    moments,
    people,
    pulls,
    rough,
    scale,
    stretches,
)
from kpi.improvements.nouns import Improvements, Look, Outcome, Standing, Whole
from kpi.improvements.outcomes import BY_NATURE, outcomes
from kpi.improvements.placing import (
    INSTEAD,
    PEOPLE,
    UNNAMED,
    Dimension,
    dimensions,
    placed,
    small_teams,
)
from kpi.issues import ISSUE, Sorted
from kpi.measures import Cells, Days, Measure, Share
from kpi.measures.between_agents import BetweenAgents
from kpi.measures.daily_evidence import Case, evidence_for
from kpi.measures.evidence import Evidence, People, beyond_people
from kpi.model import EPOCH, Basis, Filter, Grain, Period
from kpi.stats import benjamini_hochberg, empirical_bayes, fcr_level
from kpi.surroundings import Compared as Both
from kpi.surroundings import around
from kpi.verdicts import chance

MOST_LOOKED_AT = 100
"""Of a dimension with more values, those with the most rows."""
NO_ISSUE = "no column names the issue of a contact and none holds a text"


@dataclass(frozen=True, eq=False)
class _Table:
    """Rows of one grain by one date that are looked at: the days of the period, None where rows have none."""

    facts: Facts
    table: FactTable
    basis: Basis
    period: Period | None
    where: tuple[Filter, ...]

    @property
    def days(self) -> Days:
        """First and last day."""
        if self.period is not None:
            return self.period.first_day, self.period.last_day
        day = engine.undated_day(self.table, self.basis)
        return (self.facts.first_day if day is None else day), self.facts.last_day


@dataclass(frozen=True, eq=False)
class _Look:
    """One look before its evidence is settled."""

    outcome: Outcome
    dimension: Dimension
    made: Compared
    at: int
    rough: float
    of: _Table
    every: float

    @property
    def of_people(self) -> bool:
        """Whether its value is a group of people."""
        return self.dimension.name == PEOPLE


@dataclass(frozen=True, eq=False)
class _Judge:
    """Evidence of a look; for a group of people ``rows`` is that of its rows alone, ``agents`` how many."""

    evidence: Evidence
    rows: Evidence | None = None
    agents: int = 0


def improvements(kept: Sorted, now: Period, *, where: tuple[Filter, ...] = ()) -> Improvements:
    """Where improving would pay most in a period.

    ``kept``: the contacts with their issues (:func:`kpi.issues.sort`). Without dates all data are taken.

    Raises:
        ValueError: for a field of ``where`` that no table has.
    """
    checked_fields(kept.facts, (each.field for each in where))
    facts = placed(kept)
    known, lacking = outcomes(facts)
    issue = (
        ISSUE if kept.refused is None and any(ISSUE in t.dimensions for t in facts.tables.values()) else None
    )
    no_issue = "" if issue else (kept.refused or NO_ISSUE)
    level = facts.definitions.confidence
    nothing = Improvements(now, where, issue, no_issue, (), (), (), level, lacking)
    if not known:
        return replace(nothing, refused="no column holds an outcome of contacts")
    wholes: list[Whole] = []
    found: list[_Look] = []
    names: dict[str, None] = {}
    any_undated = False
    by_nature: list[tuple[Outcome, str]] = []
    refused: list[tuple[str, str]] = []
    for grain, basis in dict.fromkeys((each.metric.grain, each.metric.basis) for each in known):
        mine = [each for each in known if (each.metric.grain, each.metric.basis) == (grain, basis)]
        table = facts.tables[grain]
        unknown = next((each.field for each in where if fields.resolve(table, each.field) is None), None)
        if unknown is not None:
            refused += [(each.metric.name, f"{_rows(grain)} have no column '{unknown}'") for each in mine]
            continue
        dateless = undated(facts, mine[0])
        one = _Table(facts, table, basis, None if dateless else now, where)
        any_undated = any_undated or dateless
        made, looks, skipped = _looks(kept, one, mine)
        wholes += made
        found += looks
        by_nature += skipped
        names.update({look.dimension.name: None for look in looks})
    wholes.sort(key=lambda whole: [each.key for each in known].index(whole.outcome.key))
    answered = tuple(whole for whole in wholes if whole.n)
    looked = {look.outcome.key for look in found}
    empty = [(whole, "no row of this period counts") for whole in wholes if not whole.n]
    alone = [
        (whole, "no two groups with enough rows, or all rows are alike")
        for whole in answered
        if whole.outcome.key not in looked
    ]
    lacking = (*lacking, *refused, *((whole.outcome.metric.name, why) for whole, why in (*empty, *alone)))
    ordered = tuple(name for name in dict.fromkeys((ISSUE, INSTEAD, *names)) if name in names)
    result = replace(
        nothing,
        dimensions=ordered,
        wholes=answered,
        lacking=lacking,
        undated=any_undated,
        by_nature=tuple(by_nature),
    )
    if not found:
        return replace(result, refused=_nothing(result))
    judged, confidence = _judged(found, level)
    return replace(result, looks=_ordered(_once(judged)), level=confidence)


def undated(facts: Facts, outcome: Outcome) -> bool:
    """Whether the rows of an outcome have no dates, so that all of them are taken together."""
    days = facts.tables[outcome.metric.grain].columns.get(outcome.metric.basis.value)
    return days is None or not bool((days != MISSING_DAY).any())


def _rows(grain: Grain) -> str:
    return {Grain.SURVEYS: "answers"}.get(grain, grain.value)


def _nothing(result: Improvements) -> str:
    if not result.wholes:
        return "no row of this period counts in any outcome"
    return "no column parts the contacts into at least two groups with enough rows"


# ---------------------------------------------------------------- looking


def _looks(
    kept: Sorted, one: _Table, mine: Sequence[Outcome]
) -> tuple[list[Whole], list[_Look], list[tuple[Outcome, str]]]:
    """Wholes and looks of the outcomes of one table and date, and which dimensions are no peers in which."""
    measures: dict[str, Measure] = {each.key: each.metric.measure for each in mine}
    whole = engine.aggregate(one.table, measures, basis=one.basis, period=one.period, where=one.where)
    totals = {each.key: moments(_kind(each), _cells(next(iter(whole.values()))[each.key])) for each in mine}
    values: dict[str, list[tuple[str, int, int]]] = {each.key: [] for each in mine}
    looks: list[_Look] = []
    by_nature: list[tuple[Outcome, str]] = []
    for dimension in dimensions(kept, one.table):
        name = dimension.name
        result = engine.aggregate(
            one.table, measures, basis=one.basis, period=one.period, by=dimension.by, where=one.where
        )
        left_out = small_teams(one.table) if name == PEOPLE else frozenset()
        for outcome in mine:
            if not set(BY_NATURE.get(outcome.key, ())).isdisjoint(dimension.names):
                by_nature.append((outcome, name))
                continue
            n, total, _ = totals[outcome.key]
            given = [
                (value, tuple(kind), _cells(statistics[outcome.key]))
                for group, statistics in result.items()
                for value, *kind in [[each for _, each in group.keys]]
            ]
            kept_names, few = _enough(given, one.facts.definitions.minimum_n, left_out)
            enough = n > 0 and len(kept_names) >= 2
            made = compared(grouped(_kind(outcome), given, kept_names)) if enough else None
            values[outcome.key].append((name, 0 if made is None else len(made.groups.names), few))
            if made is None:
                continue
            p = rough(made)
            looks += [
                _Look(outcome, dimension, made, at, float(p[at]), one, n)
                for at in range(len(made.groups.names))
            ]
    wholes = []
    for each in mine:
        n, total, _ = totals[each.key]
        level = total / n * scale(_kind(each)) if n > 0 else None
        wholes.append(Whole(each, round(n), level, tuple(values[each.key])))
    return wholes, looks, by_nature


def _enough(
    given: Sequence[tuple[str, tuple[str, ...], Cells]], least: int, left_out: frozenset[str]
) -> tuple[tuple[str, ...], int]:
    """Values with enough rows, the largest first, and how many have too few."""
    rows: dict[str, float] = {}
    for name, _, cells in given:
        rows[name] = rows.get(name, 0.0) + cells.total("n")
    named = {name: n for name, n in rows.items() if name not in UNNAMED and name not in left_out and n > 0}
    ordered = sorted(named, key=lambda name: (-named[name], name))
    enough = [name for name in ordered if named[name] >= least][:MOST_LOOKED_AT]
    return tuple(enough), len(named) - len(enough)


def _kind(outcome: Outcome) -> Kind:
    measure: Any = outcome.metric.measure
    found: Kind = measure
    return found


def _cells(statistics: Any) -> Cells:
    found: Cells = statistics
    return found


# ---------------------------------------------------------------- judging


def _judged(found: Sequence[_Look], confidence: float) -> tuple[list[Look], float]:
    """Every look with its evidence and the confidence of the intervals."""
    alpha = chance(confidence)
    may = {
        place
        for place, q in enumerate(benjamini_hochberg([look.rough for look in found]))
        if q is not None and q < alpha
    }
    judges = _evidence(found, may, confidence)
    rows = [look.rough for look in found]
    for place in may:
        rows[place] = _p(found[place], judges[place].rows or judges[place].evidence, confidence)
    p = [
        _p(found[place], judge.evidence, confidence) if place in may and judge.rows else rows[place]
        for place, judge in enumerate(judges)
    ]
    adjusted = [1.0 if q is None else q for q in benjamini_hochberg(p)]
    by_rows = [1.0 if q is None else q for q in benjamini_hochberg(rows)]
    chosen = sum(q < alpha for q in adjusted)
    level = fcr_level(max(chosen, 1), len(found), alpha)
    kept = _kept(found)
    looks = [
        replace(
            _told(look, judge.evidence, (p[at], adjusted[at]), level, alpha, kept[at]),
            agents=judge.agents,
            by_people=by_rows[at] < alpha <= adjusted[at],
        )
        for at, (look, judge) in enumerate(zip(found, judges, strict=True))
    ]
    return looks, level


def _p(look: _Look, evidence: Evidence, confidence: float) -> float:
    """p of a look, never less than that of independent rows."""
    settled = finish(look.made, look.at, evidence, confidence).p
    return max(look.rough, 1.0 if settled is None else settled)


def _evidence(found: Sequence[_Look], may: AbstractSet[int], confidence: float) -> list[_Judge]:
    """Evidence of each look: by the days around where it may be a finding, by clusters of rows elsewhere."""
    now: dict[int, Pulls] = {}
    between: dict[int, BetweenAgents | None] = {}
    near: dict[int, Sequence[tuple[Days, Pulls]]] = {}
    runs = _runs([found[place] for place in sorted(may)])
    gaps = []
    cases: dict[int, Case] = {}
    for place, look in enumerate(found):
        key = id(look.made)
        if key not in now:
            now[key] = pulls(look.made.groups, look.of.days)
            between[key] = people(look.made, now[key]) if look.of_people else None
        one = gap(look.made, look.at, now[key], confidence, agents=between[key] is None)
        gaps.append(one)
        if place in may and look.of.period is not None:
            if key not in near:
                near[key] = _near(look, runs)
            beside = stretches(look.made, look.at, near[key])
            exposure = _exposure(look.of)
            cases[place] = Case(one, (exposure, exposure), beside)
    daily = dict(zip(cases, evidence_for(list(cases.values())), strict=True))
    return [
        _beyond(look, daily[place] if place in daily else one.clustered(), between[id(look.made)])
        for place, (look, one) in enumerate(zip(found, gaps, strict=True))
    ]


def _beyond(look: _Look, rows: Evidence, agents: BetweenAgents | None) -> _Judge:
    """What a group of people is behind beyond who is in it."""
    if agents is None:
        return _Judge(rows)
    made, at = look.made, look.at
    mine = np.flatnonzero(made.groups.value == at)
    count = np.unique(agents.rows[:, mine].nonzero()[0]).size
    known = People(agents.of_contrast(made.weight[at]), agents.df, f"{agents.agents} agents, spread pooled")
    evidence = beyond_people(known, rows.variance, rows.df, float(made.plain[at]), rows.words)
    return _Judge(evidence, rows, int(count))


def _exposure(of: _Table) -> Days:
    """The days of the period that the data hold."""
    first, last = of.days
    return max(first, of.facts.first_day), min(last, of.facts.last_day)


_Runs = dict[tuple[Grain, Basis, str], tuple[tuple[Days, ...], dict[str, dict[tuple[str, ...], Cells]]]]


def _runs(needed: Sequence[_Look]) -> _Runs:
    """Runs of days beside the period and the statistics on them, by table, date and dimension."""
    found: _Runs = {}
    asked: dict[tuple[Grain, Basis, str], list[_Look]] = {}
    for look in needed:
        asked.setdefault((look.of.table.grain, look.of.basis, look.dimension.name), []).append(look)
    days_of: dict[tuple[Grain, Basis], tuple[Days, ...]] = {}
    for key, looks in asked.items():
        of = looks[0].of
        if of.period is None:
            continue
        table = key[:2]
        if table not in days_of:
            metric = looks[0].outcome.metric
            both = Both(_exposure(of), _exposure(of))
            whole = around(of.facts, [metric], both, where=of.where).get(metric.key, {})
            days_of[table] = tuple(stretch.days for each in whole.values() for stretch in each)
        runs = days_of[table]
        if not runs:
            continue
        span = Period(
            EPOCH + timedelta(days=min(run[0] for run in runs)),
            EPOCH + timedelta(days=max(run[1] for run in runs)),
        )
        by = looks[0].dimension.by
        measures: dict[str, Measure] = {look.outcome.key: look.outcome.metric.measure for look in looks}
        result = engine.aggregate(of.table, measures, basis=of.basis, period=span, by=by, where=of.where)
        cells = {
            name: {
                tuple(value for _, value in group.keys): _cells(each[name]) for group, each in result.items()
            }
            for name in measures
        }
        found[key] = runs, cells
    return found


def _near(look: _Look, runs: _Runs) -> Sequence[tuple[Days, Pulls]]:
    """The pulls of the groups of a look on each run of days beside the period."""
    key = (look.of.table.grain, look.of.basis, look.dimension.name)
    if key not in runs:
        return ()
    days, cells = runs[key]
    mine = cells[look.outcome.key]
    groups: Groups = look.made.groups
    empty = Cells.empty(tuple(groups.cells[0].sums))
    given = [mine.get(label, empty) for label in groups.labels]
    return [(run, pulls(groups, run, given)) for run in days]


def _kept(found: Sequence[_Look]) -> list[float]:
    """Share of its gap that each look keeps when the worst of many are allowed for (empirical Bayes)."""
    kept: dict[int, Any] = {}
    for look in found:
        if id(look.made) not in kept:
            shrunk = empirical_bayes(look.made.gap, look.made.plain)
            kept[id(look.made)] = np.ones(look.made.gap.size) if shrunk.kept is None else shrunk.kept
    return [float(kept[id(look.made)][look.at]) for look in found]


def _told(
    look: _Look, evidence: Evidence, p: tuple[float, float], level: float, alpha: float, kept: float
) -> Look:
    """What is said of a look."""
    made, at, outcome = look.made, look.at, look.outcome
    sign, factor = outcome.sign, made.groups.scale
    own = float(made.level[at]) * factor
    gained = float(made.gap[at]) * factor
    if isinstance(_kind(outcome), Share):
        gained = min(1.0, max(0.0, own + gained)) - own
    reference, size = own + gained, sign * gained
    low, high = sorted(sign * bound for bound in bounds_of(made, at, evidence, evidence.crit(level)))
    low, high = min(low, size), max(high, size)
    reach = float(made.n[at]) / look.every
    metric = outcome.metric
    least = metric.matters * (abs(reference) if metric.relative_matters else 1.0)
    if p[1] >= alpha:
        # Exact tails and those of the quick look may differ a little; what is unclear has room for no gap.
        standing, low, high = Standing.UNCLEAR, min(low, 0.0), max(high, 0.0)
    elif size < 0:
        standing = Standing.AHEAD
    else:
        standing = Standing.BEHIND if size >= least else Standing.SMALL
    return Look(
        outcome,
        look.dimension.name,
        made.groups.names[at],
        round(float(made.n[at])),
        own,
        reference,
        reach,
        size,
        low,
        high,
        reach * size,
        reach * low,
        reach * high,
        reach * size * kept,
        *p,
        standing,
        look.dimension.mix if made.alike else (),
        reach * low / least if least > 0 else reach * low,
        evidence.words,
        look.dimension.also(made.groups.names[at]),
    )


def _once(looks: Sequence[Look]) -> list[Look]:
    """Pain points on the very same rows (a team that is a channel) are one, told with the other names."""
    found: dict[tuple[str, int, float], Look] = {}
    kept: list[Look] = []
    for look in looks:
        key = (look.outcome.key, look.n, look.level)
        first = found.get(key)
        if first is None or first.dimension == look.dimension:
            found.setdefault(key, look)
            kept.append(look)
        else:
            joined = replace(first, also=(*first.also, (look.dimension, look.value)))
            kept[kept.index(first)] = joined
            found[key] = joined
    return kept


def _ordered(looks: Sequence[Look]) -> tuple[Look, ...]:
    """Pain points first, by their surest impact."""
    order = (Standing.BEHIND, Standing.SMALL, Standing.UNCLEAR, Standing.AHEAD)
    return tuple(
        sorted(
            looks, key=lambda look: (order.index(look.standing), -look.importance, look.dimension, look.value)
        )
    )
