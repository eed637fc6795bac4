"""Where the time of solved contacts went, now against before, and by channel or issue."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from kpi import compare, engine
from kpi.bottlenecks.durations import PART_COLUMN, SPLIT_KNOWN, stage_metric, timed
from kpi.bottlenecks.nouns import (
    CLOSED,
    CUSTOMER,
    NO_ROWS,
    PARTS,
    UNTOLD,
    Behind,
    Floats,
    Part,
    Slice,
    Split,
    Stage,
    Stages,
)
from kpi.facts import Facts, FactTable
from kpi.measures import Mean
from kpi.model import Basis, Comparison, Direction, Estimate, Family, Filter, Grain, Metric, Period, Unit
from kpi.stats import cr2, critical

HOUR = 3600.0
MOST_SLICES = 12
NEUTRAL = (CUSTOMER, CLOSED, UNTOLD)
"""Parts that are nobody's merit or fault."""


def split(facts: Facts, now: Period, before: Period, *, where: tuple[Filter, ...] = ()) -> Split:
    """The time from creation to solution of contacts solved in each period, in parts that add up to it.

    Raises:
        ValueError: for a field of ``where`` that no table has.
    """
    made = timed(facts)
    level = facts.definitions.confidence
    nothing = Behind(Grain.TICKETS, NO_ROWS)
    table = made.facts.table(Grain.TICKETS)
    refused = made.refused or _lacking(table, where)
    if refused is not None or table is None:
        return Split(
            now, before, where, 0, nothing, nothing, (), "", "", made.notes, refused or "no tickets", level
        )
    one, other = (engine.select(table, Basis.SOLVED, period, where=where) for period in (now, before))
    told = tuple(side.rows[side.column(SPLIT_KNOWN) != 0] for side in (one, other))
    if not told[0].size:
        why = "no contact that was solved in this period has a known time to solution"
        return Split(
            now, before, where, int(one.rows.size), nothing, nothing, (), made.closed_from, made.why_open,
            made.notes, why, level,
        )  # fmt: skip
    names = tuple(name for name in PARTS if any(_seconds(table, name, rows).any() for rows in told))
    judged = _judged(made.facts, names, now, before, where)
    parts = tuple(_part(table, name, told[0], told[1], judged.get(name), level) for name in names)
    return Split(
        now,
        before,
        where,
        int(one.rows.size),
        Behind(Grain.TICKETS, told[0].astype(np.int64)),
        Behind(Grain.TICKETS, told[1].astype(np.int64)),
        parts,
        made.closed_from,
        made.why_open,
        made.notes,
        None,
        level,
    )


def slices(facts: Facts, found: Split, field: str) -> tuple[Slice, ...]:
    """The parts now by the values of a field, the one with most hours first; the smallest together."""
    made = timed(facts)
    table = made.facts.table(Grain.TICKETS)
    if table is None or found.refused is not None:
        return ()
    chosen = engine.select(table, Basis.SOLVED, found.now, by=(field,), where=found.where)
    known = chosen.column(SPLIT_KNOWN) != 0
    rows = chosen.rows[known]
    group = chosen.group[known]
    labels = [str(each) for each in chosen.groups]
    hours = {
        part.name: np.bincount(group, weights=_seconds(table, part.name, rows), minlength=len(labels)) / HOUR
        for part in found.parts
    }
    total = sum(hours.values(), np.zeros(len(labels)))
    order = [int(place) for place in np.argsort(-total, kind="stable") if (group == place).any()]
    kept, rest = order[:MOST_SLICES], order[MOST_SLICES:]
    made_of = [
        Slice(
            labels[place],
            {name: float(values[place]) for name, values in hours.items()},
            Behind(Grain.TICKETS, rows[group == place].astype(np.int64)),
        )
        for place in kept
    ]
    if rest:
        made_of.append(
            Slice(
                f"{len(rest)} others",
                {name: float(values[rest].sum()) for name, values in hours.items()},
                Behind(Grain.TICKETS, rows[np.isin(group, rest)].astype(np.int64)),
            )
        )
    return tuple(made_of)


def stages(facts: Facts, now: Period, before: Period, *, where: tuple[Filter, ...] = ()) -> Stages:
    """Median and 90th percentile of the wait in every stage; medians and percentiles are one family."""
    made = timed(facts)
    table = made.facts.table(Grain.TICKETS)
    if table is None or _lacking(table, where) is not None or not made.stages:
        return Stages((), made.missing)
    metrics = [stage_metric(name, q) for name in made.stages for q in (0.5, 0.9)]
    compared = compare.compare(made.facts, now, before, metrics=metrics, where=where)
    by_key = {each.metric.key: each for each in compared}
    found = []
    for name in made.stages:
        median, p90 = (by_key[stage_metric(name, q).key] for q in (0.5, 0.9))
        among = stage_metric(name, 0.5).measure.reads()[2]
        sides = []
        for period in (now, before):
            chosen = engine.select(table, Basis.CREATED, period, where=where)
            sides.append(Behind(Grain.TICKETS, chosen.rows[chosen.column(among) != 0].astype(np.int64)))
        found.append(Stage(name, median, p90, *sides))
    return Stages(tuple(found), made.missing)


def part_metric(name: str) -> Metric:
    """Mean hours that a solved contact spends in one part."""
    return Metric(
        key=PART_COLUMN[name],
        name=name,
        question="How much of the time to solution is it?",
        family=Family.RESPONSE,
        unit=Unit.HOURS,
        better=Direction.NEUTRAL if name in NEUTRAL else Direction.DOWN,
        grain=Grain.TICKETS,
        basis=Basis.SOLVED,
        measure=Mean(PART_COLUMN[name], SPLIT_KNOWN, per_unit=HOUR),
        formula="hours in this part ÷ contacts solved in the period",
        needs=(),
        matters=0.1,
        relative_matters=True,
    )


def _judged(
    facts: Facts, names: tuple[str, ...], now: Period, before: Period, where: tuple[Filter, ...]
) -> Mapping[str, Comparison]:
    compared = compare.compare(facts, now, before, metrics=[part_metric(name) for name in names], where=where)
    return {each.metric.name: each for each in compared}


def _seconds(table: FactTable, name: str, rows: np.ndarray) -> Floats:
    found: Floats = table.columns[PART_COLUMN[name]][rows].astype(np.float64)
    return found


def _part(
    table: FactTable,
    name: str,
    now: np.ndarray,
    before: np.ndarray,
    comparison: Comparison | None,
    level: float,
) -> Part:
    shares = [_share(table, name, rows, level) for rows in (now, before)]
    behind = [
        Behind(Grain.TICKETS, rows[_seconds(table, name, rows) > 0].astype(np.int64))
        for rows in (now, before)
    ]
    hours = [float(_seconds(table, name, rows).sum()) / HOUR for rows in (now, before)]
    return Part(name, hours[0], hours[1], shares[0], shares[1] if before.size else None, comparison, *behind)


def _share(table: FactTable, name: str, rows: np.ndarray, level: float) -> Estimate:
    """Share of the whole time, with days of solving as clusters."""
    if not rows.size:
        return Estimate.absent("no contact was solved then")
    part = _seconds(table, name, rows)
    whole = sum((_seconds(table, each, rows) for each in PARTS), np.zeros(rows.size))
    return ratio_by_day(part, whole, table.columns["solved_day"][rows], int(rows.size), level)


def ratio_by_day(part: Floats, whole: Floats, day: np.ndarray, n: int, level: float) -> Estimate:
    """Σ part ÷ Σ whole with the interval of days as clusters, kept within 0 and 1."""
    if whole.sum() <= 0:
        return Estimate.absent("no time passed", n)
    _, code = np.unique(day, return_inverse=True)
    ratio = cr2(np.bincount(code.reshape(-1), weights=part), np.bincount(code.reshape(-1), weights=whole))
    if ratio.value is None:
        return Estimate.absent("no time passed", n)
    value = min(max(ratio.value, 0.0), 1.0)
    if ratio.variance is None or ratio.effective < 2:
        return Estimate(value, n, method="ratio of sums; one day gives no interval")
    half = critical(level, max(ratio.effective - 1, 1.0)) * float(np.sqrt(ratio.variance))
    low, high = max(value - half, 0.0), min(value + half, 1.0)
    return Estimate(value, n, low, high, "ratio of sums, days as clusters (CR2)")


def _lacking(table: FactTable | None, where: tuple[Filter, ...]) -> str | None:
    from kpi import fields

    if table is None:
        return "the data hold no tickets"
    name = next((each.field for each in where if fields.resolve(table, each.field) is None), None)
    return None if name is None else f"the tickets have no column '{name}', which a filter asks for"
