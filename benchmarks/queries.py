"""One page's worth of aggregation: the engine beside the same statistics written by hand in pandas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.by_hand import Sums, by_hand, frame_of, totals_only
from benchmarks.reading import facts_of, read_import, two_periods
from benchmarks.timing import timed
from kpi.compare import compare
from kpi.engine import Result, aggregate
from kpi.facts import NONE, Facts, FactTable
from kpi.measures import Counts, Measure
from kpi.metrics import catalogue
from kpi.metrics.companions import Count
from kpi.metrics.feeding import feeds, readable
from kpi.model import Basis, Grain, Period

BY = ("channel",)
Asked = Mapping[Basis, Mapping[str, Measure]]


def measures_of(facts: Facts, table: FactTable) -> dict[Basis, dict[str, Measure]]:
    """Every measure of every ticket metric that the data feed, with what stands beside it, by basis."""
    asked: dict[Basis, dict[str, Measure]] = {}
    for metric in catalogue(facts.definitions, facts):
        if metric.grain is not Grain.TICKETS or not feeds(metric, facts):
            continue
        asked.setdefault(metric.basis, {})[metric.key] = metric.measure
        for name, measure in metric.parts.items():
            if all(readable(table, column) for column in measure.reads()):
                basis = metric.part_bases.get(name, metric.basis)
                asked.setdefault(basis, {})[f"{metric.key}/{name}"] = measure
        for flag in metric.left_out:
            if flag in table.columns:
                asked[metric.basis][f"{metric.key}!{flag}"] = Count(flag)
    return asked


def queries(path: Path, rounds: int) -> dict[str, Any]:
    """Seconds of the engine and of pandas in turn, after both were found to give equal sums."""
    facts = facts_of(read_import(path))
    table = facts.tables[Grain.TICKETS]
    asked = measures_of(facts, table)
    periods = two_periods(facts)
    frames = {basis: frame_of(table, basis) for basis in asked}
    engine = partial(by_engine, asked=asked, periods=periods)
    hand = partial(by_pandas, by_hand, frames, asked, periods)
    totals = partial(by_pandas, totals_only, frames, asked, periods)
    checked = sum(
        compared(mine, theirs, by)
        for by in (BY, ())
        for mine, theirs in zip(engine(table, by=by), hand(by), strict=True)
    )
    found: dict[str, list[float]] = {}
    for _ in range(rounds):
        # A table that the engine has not seen yet, with the same arrays: what is prepared is kept by table.
        fresh = partial(engine, replace(table), by=BY)
        acts: dict[str, Callable[[], object]] = {
            "cold": fresh,
            "warm": fresh,
            "by_hand": partial(hand, BY),
            "totals": partial(totals, BY),
            "compare": partial(compare, facts, *periods),
            "by_hand_whole": partial(hand, ()),
        }
        for name, act in acts.items():
            found.setdefault(name, []).append(timed(act)[0])
    return {
        **found,
        "measures": sum(map(len, asked.values())),
        "sums_checked": checked,
        "tickets": len(table),
        "metrics_compared": len(compare(facts, *periods)),
    }


def by_engine(
    table: FactTable, asked: Asked, periods: tuple[Period, Period], by: tuple[str, ...]
) -> list[Result]:
    return [
        aggregate(table, measures, basis=basis, period=period, by=by)
        for period in periods
        for basis, measures in asked.items()
    ]


def by_pandas(
    how: Any,
    frames: Mapping[Basis, pd.DataFrame],
    asked: Asked,
    periods: tuple[Period, Period],
    by: tuple[str, ...],
) -> list[Sums]:
    return [
        how(frames[basis], measures, basis, period, by)
        for period in periods
        for basis, measures in asked.items()
    ]


def compared(mine: Result, theirs: Sums, by: tuple[str, ...]) -> int:
    """How many sums were compared, cell by cell.

    Raises:
        ValueError: naming the measure and group whose cells are not the same.
    """
    checked = 0
    for group, measures in mine.items():
        labels = tuple(value for _, value in group.keys)
        for name, statistics in measures.items():
            table = theirs[name]
            if by:
                known = labels[0] in table.index.get_level_values(0)
                table = table.xs(labels[0]) if known else table.iloc[:0].droplevel(0)
            cells = table.reset_index()
            agents = cells["agent"].cat.codes.where(cells["agent"] != NONE, -1)
            counts = isinstance(statistics, Counts)
            keys = [agents, cells["day"]] if not counts else [cells["value"], agents, cells["day"]]
            order = np.lexsort([key.to_numpy() for key in keys])
            pairs: list[tuple[NDArray[Any], pd.Series]] = [
                (statistics.day, cells["day"]),
                (statistics.agent, agents),
            ]
            if isinstance(statistics, Counts):
                pairs += [
                    (getattr(statistics, part), cells[part]) for part in ("value", "observed", "censored")
                ]
            else:
                pairs += [(values, cells[part]) for part, values in statistics.sums.items()]
            for one, other in pairs:
                expected = other.to_numpy(dtype=np.float64)[order]
                if one.size != expected.size or not np.allclose(one, expected, rtol=1e-9, atol=0):
                    raise ValueError(f"engine and pandas differ in {name} of {group or 'all tickets'}")
                checked += one.size
    return checked
