"""Agents' rows against those of colleagues: what is seen, and what the same kind of rows would give.

Rows are of the same kind when they share issue, channel and priority (agent-days: team and weekday). What is
expected of an agent is what all *other* agents have in the same kinds, weighted by how many of each kind this
agent has. A kind with too few rows of others is widened by leaving out its last dimension; rows that have no
kind in common with at least two others even then are left out of the comparison, and counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from kpi import engine
from kpi.facts import Facts, FactTable
from kpi.fields import resolve
from kpi.measures import Mean, Measure, Quantile, Rate, Share, Survival
from kpi.metrics.companions import CountedShare
from kpi.model import Filter, Grain, Metric, Period
from kpi.people.nouns import Scale
from kpi.people.placing import placements

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]

CASES = ("category", "channel", "priority")
DAYS = ("team", "weekday")
LEAST = 10
"""Fewer rows of others than this and a kind is widened."""
COLLEAGUES = 2
"""At least so many others must have rows of a kind."""
BINS = 512
"""Values are put in so many classes at most for the expected median."""


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows that count in a metric and have an agent."""

    agents: tuple[str, ...]
    agent: Longs
    scale: Scale
    n: Floats
    """How much each row counts in a share; 1 for a value."""
    k: Floats
    """Hits of a share, or the value."""
    ended: NDArray[np.bool_]
    kinds: tuple[Longs, ...]
    """Codes of the kind of each row, the finest first."""
    by: tuple[str, ...]
    mean: bool
    """Whether the expected value is a mean (else a median)."""
    per_unit: float


@dataclass(frozen=True, eq=False)
class Scored:
    """By agent (arrays of float64[K]); 0 rows where an agent has none of the kind.

    Attributes:
        rows: compared rows; coarse, left_out: shares of rows; n: what they count.
        observed, expected: share or mean placement; own, other: variance of ``observed`` and ``expected``.
        reliance: how much the expected value hangs on few colleagues (Σ of their squared weights).
        level: expected value in the unit of the metric, NaN where there is none.
    """

    rows: Floats
    n: Floats
    observed: Floats
    expected: Floats
    own: Floats
    other: Floats
    reliance: Floats
    coarse: Floats
    left_out: Floats
    level: Floats = field(default_factory=lambda: np.zeros(0))


def rows_of(facts: Facts, metric: Metric, period: Period, where: tuple[Filter, ...] = ()) -> Rows | str:
    """The rows of a metric in a period, or why agents cannot be compared in it."""
    table = facts.table(metric.grain)
    if table is None or "agent" not in table.dimensions:
        return "no column says which agent it was"
    measure: Measure = metric.measure
    if isinstance(measure, Rate) and metric.grain is not Grain.AGENT_DAYS:
        return "without a roster the days on which an agent solved nothing are not seen"
    selection = engine.select(table, metric.basis, period, where=where)
    columns = {name: selection.column(name) for name in measure.reads() if name != "days"}
    n, k, ended, scale = _values(measure, columns)
    kept = (n > 0) & (selection.agent >= 0)
    place = np.flatnonzero(kept)
    names = tuple(map(str, table.dimensions["agent"].categories))
    used, agent = np.unique(selection.agent[place], return_inverse=True)
    by, kinds = _kinds(table, metric, period, where, place)
    per_unit = float(getattr(measure, "per_unit", 1.0))
    return Rows(
        tuple(names[code] for code in used.tolist()),
        agent.reshape(-1).astype(np.int64),
        scale,
        n[place],
        k[place],
        ended[place],
        kinds,
        by,
        not isinstance(measure, Survival | Quantile),
        per_unit,
    )


def _values(
    measure: Measure, columns: dict[str, NDArray[Any]]
) -> tuple[Floats, Floats, NDArray[np.bool_], Scale]:
    """What each row counts, its hits or value, whether it has ended, and the scale."""
    size = next(iter(columns.values())).size
    ended = np.ones(size, np.bool_)
    one = np.ones(size)
    if isinstance(measure, CountedShare) and columns[measure.among].dtype.kind == "f":
        n = columns[measure.among].astype(np.float64)
        ratio = np.divide(columns[measure.of].astype(np.float64), n, out=np.zeros(size), where=n > 0)
        return (n > 0).astype(np.float64), ratio, ended, Scale.CHANCE
    if isinstance(measure, Share):
        among = columns[measure.among].astype(np.float64)
        hits = columns[measure.of].astype(np.float64)
        return among, hits * (among > 0), ended, Scale.SHARE
    if isinstance(measure, Survival):
        counts = columns[measure.among] != 0
        return (
            one * counts,
            columns[measure.of].astype(np.float64),
            columns[measure.observed] != 0,
            Scale.CHANCE,
        )
    if isinstance(measure, Mean | Quantile):
        counts = columns[measure.among] != 0
        return one * counts, columns[measure.of].astype(np.float64), ended, Scale.CHANCE
    if isinstance(measure, Rate):
        given = columns[measure.per].astype(np.float64)
        done = columns[measure.events].astype(np.float64)
        value = np.divide(done, given, out=np.zeros(size), where=given > 0)
        return (given > 0).astype(np.float64), value, ended, Scale.CHANCE
    raise TypeError(f"agents cannot be compared by a {type(measure).__name__}")


def _kinds(
    table: FactTable, metric: Metric, period: Period, where: tuple[Filter, ...], place: NDArray[np.intp]
) -> tuple[tuple[str, ...], tuple[Longs, ...]]:
    """Dimensions with at least two values in these rows, and the kinds made of them, the finest first."""
    wanted = DAYS if metric.grain is Grain.AGENT_DAYS else CASES
    if isinstance(metric.measure, Rate):
        return (), ()  # how much a day holds depends on its cases, and days worked do not say which they were
    used: list[tuple[str, Longs]] = []
    for name in wanted:
        if resolve(table, name) is None:
            continue
        selected = engine.select(table, metric.basis, period, by=(name,), where=where)
        codes = selected.group[place]
        if name == CASES[0]:
            codes = _rare_together(codes)
        if np.unique(codes).size > 1:
            used.append((name, codes))
    kinds: list[Longs] = []
    for depth in range(len(used), 0, -1):
        code = np.zeros(place.size, np.int64)
        for _, codes in used[:depth]:
            code = code * (int(codes.max(initial=0)) + 1) + codes
        _, dense = np.unique(code, return_inverse=True)
        kinds.append(dense.reshape(-1).astype(np.int64))
    return tuple(name for name, _ in used), tuple(kinds)


def _rare_together(codes: Longs) -> Longs:
    """Issues with too few rows to be compared at all become one issue."""
    count = np.bincount(codes, minlength=1)
    rare = count < 2 * LEAST
    return np.where(rare[codes], 0, codes + 1) if rare.any() else codes


# ---------------------------------------------------------------- scores


def score(rows: Rows, kinds: Sequence[Longs]) -> Scored:
    """Observed and expected of each agent, over the finest kinds that allow a comparison."""
    people = len(rows.agents)
    _, sums, (ended, still, edges) = _summed(rows, kinds)
    held = sums["n"] > 0
    n = np.where(held, sums["n"], 1.0)
    all_rows = np.maximum(np.bincount(rows.agent, minlength=people), 1)
    if rows.scale is Scale.SHARE:
        level = np.where(held, sums["e"] / n, np.nan)
    elif rows.mean:
        level = np.where(held, sums["level"] / n / rows.per_unit, np.nan)
    else:
        level = np.where(held, _medians(ended, still, edges) / rows.per_unit, np.nan)
    return Scored(
        sums["rows"],
        sums["n"],
        sums["k"] / n,
        sums["e"] / n,
        sums["own"] / n**2,
        sums["other"] / n**2,
        sums["reliance"] / n,
        sums["coarse"] / all_rows,
        1 - sums["rows"] / all_rows,
        level,
    )


def without_colleagues(rows: Rows, kinds: Sequence[Longs]) -> NDArray[np.bool_]:
    """By row, whether it is left out as too few rows of others are of any of its kinds."""
    done, _, _ = _summed(rows, kinds)
    return ~done


def _summed(
    rows: Rows, kinds: Sequence[Longs]
) -> tuple[NDArray[np.bool_], dict[str, Floats], tuple[Floats, Floats, Floats]]:
    """Which rows are compared, the sums of each agent, and the classes of values with their edges."""
    people = len(rows.agents)
    done = np.zeros(rows.agent.size, np.bool_)
    sums = {
        name: np.zeros(people)
        for name in ("rows", "n", "k", "e", "own", "other", "reliance", "coarse", "level")
    }
    classes, edges = _classes(rows)
    ended, still = np.zeros((people, edges.size)), np.zeros((people, edges.size))
    for depth, kind in enumerate(kinds):
        _add(rows, kind, depth > 0, done, sums, classes, ended, still)
        if done.all():
            break
    return done, sums, (ended, still, edges)


def _add(
    rows: Rows,
    kind: Longs,
    coarse: bool,
    done: NDArray[np.bool_],
    sums: dict[str, Floats],
    classes: Longs,
    ended: Floats,
    still: Floats,
) -> None:
    """Adds the rows that can be compared by one kind and were not compared by a finer one."""
    people, cells = len(rows.agents), int(kind.max(initial=-1)) + 1
    codes, pair = np.unique(kind * people + rows.agent, return_inverse=True)
    pair = pair.reshape(-1)
    cell, who = codes // people, codes % people

    def by_pair(values: Floats) -> Floats:
        return np.bincount(pair, weights=values, minlength=codes.size).astype(np.float64)

    def by_cell(values: Floats) -> Floats:
        return np.bincount(cell, weights=values, minlength=cells).astype(np.float64)

    own_rows = by_pair(np.ones(pair.size))
    own_n = by_pair(rows.n)
    others_rows = by_cell(own_rows)[cell] - own_rows
    others_n = by_cell(own_n)[cell] - own_n
    colleagues = np.bincount(cell, minlength=cells)[cell] - 1
    fit = (others_rows >= LEAST) & (colleagues >= COLLEAGUES) & (others_n > 0)
    take = fit[pair] & ~done
    if not take.any():
        return
    done |= take
    if rows.scale is Scale.SHARE:
        hits = by_pair(rows.k)
        expected = (by_cell(hits)[cell] - hits) / np.where(others_n > 0, others_n, 1.0)
        pooled = (by_cell(hits) + 0.5) / (by_cell(own_n) + 1.0)
        variance = (pooled * (1 - pooled))[cell]
        seen = rows.k
    else:
        among_all = placements(kind, rows.k, rows.ended)
        among_own = placements(pair, rows.k, rows.ended)
        size, mine = by_cell(own_rows)[cell][pair], own_rows[pair]
        seen = np.clip((size * among_all - mine * among_own) / np.maximum(size - mine, 1.0), 0.0, 1.0)
        expected = np.full(codes.size, 0.5)
        mean = np.bincount(kind, weights=among_all, minlength=cells) / by_cell(own_rows)
        square = np.bincount(kind, weights=among_all**2, minlength=cells) / by_cell(own_rows)
        variance = np.maximum(square - mean**2, 1e-9)[cell]
    taken_n = by_pair(np.where(take, rows.n, 0.0))
    used = taken_n > 0

    def to_people(values: Floats) -> Floats:
        return np.bincount(who[used], weights=values[used], minlength=people).astype(np.float64)

    safe = np.where(others_n > 0, others_n, 1.0)
    sums["rows"] += np.bincount(rows.agent[take], minlength=people)
    sums["n"] += to_people(taken_n)
    sums["k"] += np.bincount(rows.agent[take], weights=seen[take], minlength=people)
    sums["e"] += to_people(taken_n * expected)
    sums["own"] += to_people(taken_n * variance)
    sums["other"] += to_people(taken_n**2 * variance / safe)
    sums["reliance"] += to_people(taken_n * (by_cell(own_n**2)[cell] - own_n**2) / safe**2)
    if coarse:
        sums["coarse"] += np.bincount(rows.agent[take], minlength=people)
    if rows.scale is Scale.CHANCE:
        share = np.where(used, taken_n / safe, 0.0)
        if rows.mean:
            total = by_pair(rows.k)
            sums["level"] += to_people(share * (by_cell(total)[cell] - total))
            return
        matrix = sparse.csr_matrix((share, (who, cell)), shape=(people, cells))
        for into, which in ((ended, rows.ended), (still, ~rows.ended)):
            counted = sparse.csr_matrix(
                (np.ones(int(which.sum())), (kind[which], classes[which])), shape=(cells, into.shape[1])
            )
            own = np.bincount(
                rows.agent[which] * into.shape[1] + classes[which],
                weights=share[pair[which]],
                minlength=into.size,
            ).reshape(into.shape)
            into += np.asarray((matrix @ counted).todense()) - own


def _classes(rows: Rows) -> tuple[Longs, Floats]:
    """Class of each value and the largest value of each class; none where a mean is expected."""
    if rows.scale is Scale.SHARE or rows.mean or not rows.k.size:
        return np.zeros(rows.k.size, np.int64), np.zeros(1)
    edges = np.unique(rows.k)
    if edges.size > BINS:
        edges = np.unique(np.quantile(rows.k, np.linspace(0, 1, BINS), method="higher"))
    return np.searchsorted(edges, rows.k).astype(np.int64), edges


def _medians(ended: Floats, still: Floats, edges: Floats) -> Floats:
    """Kaplan-Meier median of weighted classes, one for each agent; NaN where it is not reached."""
    ended, still = np.maximum(ended, 0.0), np.maximum(still, 0.0)
    gone = np.cumsum(ended + still, axis=1)
    risk = gone[:, -1:] - gone + ended + still
    factor = np.where(risk > 1e-9, 1 - ended / np.where(risk > 1e-9, risk, 1.0), 1.0)
    alive = np.cumprod(np.clip(factor, 0.0, 1.0), axis=1)
    below = alive <= 0.5
    reached = below.any(axis=1)
    found: Floats = np.where(reached, edges[np.argmax(below, axis=1)], np.nan)
    return found
