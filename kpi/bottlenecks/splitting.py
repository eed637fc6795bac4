"""Where the time of solved contacts went, now against before, and by channel or issue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from kpi import compare, engine, fields
from kpi.bottlenecks.durations import PART_COLUMN, SPLIT_KNOWN, timed
from kpi.bottlenecks.nouns import (
    CALL_PARTS,
    CLOSED,
    CUSTOMER,
    NO_ROWS,
    PARTS,
    TALK,
    UNTOLD,
    Behind,
    Floats,
    Part,
    Slice,
    Split,
    Stage,
    Stages,
)
from kpi.bottlenecks.staging import stage_metric
from kpi.facts import Facts, FactTable
from kpi.measures import Mean
from kpi.model import Basis, Comparison, Direction, Estimate, Family, Filter, Grain, Metric, Period, Unit
from kpi.stats import cr2, critical

HOUR = 3600.0
MOST_SLICES = 12
NEUTRAL = (CUSTOMER, CLOSED, UNTOLD, TALK)
"""Parts that are nobody's merit or fault."""


@dataclass(frozen=True, eq=False)
class _Ground:
    """What is split: solved tickets, or answered calls where tickets have no times."""

    facts: Facts
    table: FactTable
    grain: Grain
    basis: Basis
    parts: tuple[str, ...]
    closed_from: str
    why_open: str
    notes: tuple[str, ...]


def _ground(facts: Facts, where: tuple[Filter, ...]) -> _Ground | str:
    """What can be split, or why nothing can."""
    made = timed(facts)
    tickets, calls = made.facts.table(Grain.TICKETS), made.facts.table(Grain.CALLS)
    refused = made.refused or lacking(tickets, where)
    if refused is None and tickets is not None:
        return _Ground(
            made.facts,
            tickets,
            Grain.TICKETS,
            Basis.SOLVED,
            PARTS,
            made.closed_from,
            made.why_open,
            made.notes,
        )
    if calls is None or made.calls_refused is not None or lacking(calls, where) is not None:
        return refused or "the data hold no tickets"
    notes = (*made.call_notes, *((f"tickets are not split: {refused}",) if tickets is not None else ()))
    return _Ground(made.facts, calls, Grain.CALLS, Basis.STARTED, CALL_PARTS, "", "", notes)


def split(facts: Facts, now: Period, before: Period, *, where: tuple[Filter, ...] = ()) -> Split:
    """The time from creation to solution of contacts solved in each period, in parts that add up to it.

    Where tickets have no such times: the time of answered calls, from their coming to the end of the work.

    Raises:
        ValueError: for a field of ``where`` that no table has.
    """
    level = facts.definitions.confidence
    ground = _ground(facts, where)
    if isinstance(ground, str):
        nothing = Behind(Grain.TICKETS, NO_ROWS)
        return Split(now, before, where, 0, nothing, nothing, (), "", "", (), ground, level)
    table = ground.table
    one, other = (engine.select(table, ground.basis, period, where=where) for period in (now, before))
    told = tuple(side.rows[side.column(SPLIT_KNOWN) != 0] for side in (one, other))
    refused = None
    if not told[0].size:
        what = "call that was answered" if ground.grain is Grain.CALLS else "contact that was solved"
        refused = f"no {what} in this period has known times"
    names = tuple(name for name in ground.parts if any(_seconds(table, name, rows).any() for rows in told))
    judged = _judged(ground, names, now, before, where) if refused is None else {}
    known = one.rows.size
    if ground.grain is Grain.CALLS:
        known = int((one.column("answered") != 0).sum()) if "answered" in table.columns else told[0].size
    return Split(
        now,
        before,
        where,
        int(known),
        Behind(ground.grain, told[0].astype(np.int64)),
        Behind(ground.grain, told[1].astype(np.int64)),
        tuple(_part(ground, name, told[0], told[1], judged.get(name), level) for name in names)
        if refused is None
        else (),
        ground.closed_from,
        ground.why_open,
        ground.notes,
        refused,
        level,
    )


def slices(facts: Facts, found: Split, field: str) -> tuple[Slice, ...]:
    """The parts now by the values of a field, the one with most hours first; the smallest together."""
    ground = _ground(facts, found.where)
    if isinstance(ground, str) or found.refused is not None or lacking(ground.table, (Filter(field, ()),)):
        return ()
    table = ground.table
    chosen = engine.select(table, ground.basis, found.now, by=(field,), where=found.where)
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
            Behind(ground.grain, rows[group == place].astype(np.int64)),
        )
        for place in kept
    ]
    if rest:
        made_of.append(
            Slice(
                f"{len(rest)} others",
                {name: float(values[rest].sum()) for name, values in hours.items()},
                Behind(ground.grain, rows[np.isin(group, rest)].astype(np.int64)),
            )
        )
    return tuple(made_of)


def stages(facts: Facts, now: Period, before: Period, *, where: tuple[Filter, ...] = ()) -> Stages:
    """Median and 90th percentile of the wait in every stage; medians and percentiles are one family."""
    made = timed(facts)
    table = made.facts.table(Grain.TICKETS)
    if table is None or lacking(table, where) is not None or not made.stages:
        return Stages((), made.missing)
    metrics = [stage_metric(name, q, made.basis) for name in made.stages for q in (0.5, 0.9)]
    compared = compare.compare(made.facts, now, before, metrics=metrics, where=where)
    by_key = {each.metric.key: each for each in compared}
    found = []
    for name in made.stages:
        median, p90 = (by_key[stage_metric(name, q).key] for q in (0.5, 0.9))
        _, ended, among = stage_metric(name, 0.5).measure.reads()
        sides = []
        for period in (now, before):
            chosen = engine.select(table, made.basis, period, where=where)
            sides.append(Behind(Grain.TICKETS, chosen.rows[chosen.column(among) != 0].astype(np.int64)))
        still = sides[0].rows[table.columns[ended][sides[0].rows] == 0]
        found.append(Stage(name, median, p90, sides[0], sides[1], Behind(Grain.TICKETS, still)))
    return Stages(tuple(found), made.missing, made.stage_notes)


def part_metric(name: str, grain: Grain = Grain.TICKETS) -> Metric:
    """Mean time that a solved contact or an answered call spends in one part."""
    calls = grain is Grain.CALLS
    return Metric(
        key=PART_COLUMN[name],
        name=name,
        question="How much of the time to solution is it?",
        family=Family.RESPONSE,
        unit=Unit.MINUTES if calls else Unit.HOURS,
        better=Direction.NEUTRAL if name in NEUTRAL else Direction.DOWN,
        grain=grain,
        basis=Basis.STARTED if calls else Basis.SOLVED,
        measure=Mean(PART_COLUMN[name], SPLIT_KNOWN, per_unit=60 if calls else HOUR),
        formula="time in this part ÷ contacts of the period",
        needs=(),
        matters=0.1,
        relative_matters=True,
    )


def _judged(
    ground: _Ground, names: tuple[str, ...], now: Period, before: Period, where: tuple[Filter, ...]
) -> Mapping[str, Comparison]:
    metrics = [part_metric(name, ground.grain) for name in names]
    compared = compare.compare(ground.facts, now, before, metrics=metrics, where=where)
    return {each.metric.name: each for each in compared}


def _seconds(table: FactTable, name: str, rows: np.ndarray) -> Floats:
    found: Floats = table.columns[PART_COLUMN[name]][rows].astype(np.float64)
    return found


def _part(
    ground: _Ground,
    name: str,
    now: np.ndarray,
    before: np.ndarray,
    comparison: Comparison | None,
    level: float,
) -> Part:
    sides = [_seconds(ground.table, name, rows) for rows in (now, before)]
    shares = [
        _share(ground, seconds, rows, level) for seconds, rows in zip(sides, (now, before), strict=True)
    ]
    behind = [
        Behind(ground.grain, rows[seconds > 0].astype(np.int64))
        for seconds, rows in zip(sides, (now, before), strict=True)
    ]
    hours = [float(seconds.sum()) / HOUR for seconds in sides]
    return Part(name, hours[0], hours[1], shares[0], shares[1] if before.size else None, comparison, *behind)


def _share(ground: _Ground, seconds: Floats, rows: np.ndarray, level: float) -> Estimate:
    """Share of the whole time, with days as clusters."""
    if not rows.size:
        return Estimate.absent("there are no such contacts")
    whole = sum((_seconds(ground.table, each, rows) for each in ground.parts), np.zeros(rows.size))
    day = ground.table.columns[ground.basis.value][rows]
    return ratio_by_day(seconds, whole, day, int(rows.size), level)


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


def lacking(table: FactTable | None, where: tuple[Filter, ...]) -> str | None:
    """Why a table cannot be filtered so; None when it can."""
    if table is None:
        return "the data hold no tickets"
    name = next((each.field for each in where if fields.resolve(table, each.field) is None), None)
    return (
        None if name is None else f"the {table.grain.value} have no column '{name}', which a filter asks for"
    )
