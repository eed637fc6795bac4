"""The clocks of promises: the fact columns they are read from, their limits, their measures.

Each clock adds columns to its fact table, named ``promise_<clock>_…``; shares that are metrics already keep
their columns, so that every page shows the same number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from kpi.attainment.nouns import Clock
from kpi.definitions import Definitions
from kpi.facts import Facts, FactTable
from kpi.measures import Share, Survival
from kpi.metrics import metric
from kpi.metrics.companions import Count, Largest
from kpi.model import Basis, Family, Grain, Metric, Unit

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
ANY = "*"
SOLVED_WITHIN = metric("ttr_within_target")
_made: WeakKeyDictionary[Facts, Facts] = WeakKeyDictionary()


def as_promised(metric: Metric) -> Metric:
    """A metric as it is held against promises; all but one are as they stand in the list.

    Answered within target counts every known outcome there. Of the newest tickets those answered in time are
    known and those that will be late are not, so that the newest day could not but look good.
    """
    if metric.key != "frt_within_target":
        return metric
    return replace(
        metric,
        measure=Share("frt_settled_met", "frt_settled"),
        parts=MappingProxyType({"met": Count("frt_settled_met"), "decided": Count("frt_settled")}),
        formula=f"{metric.formula}; while any ticket waits in time, only tickets whose time is over",
        left_out=MappingProxyType(
            {"frt_unsettled": "tickets left out: the time they were promised is not over yet"}
        ),
    )


@dataclass(frozen=True)
class Reads:
    """Where a clock is read: time, its unit in seconds, rows that count, rows whose time has ended."""

    name: str
    grain: Grain
    basis: Basis
    field: str
    """The dimension that decides the limit; empty where one limit holds for all."""
    time: str
    seconds: int
    ended: str
    counts: str
    share: Metric


READS: Mapping[Clock, Reads] = MappingProxyType(
    {
        Clock.RESPONSE: Reads(
            "frt",
            Grain.TICKETS,
            Basis.CREATED,
            "channel",
            "frt_s",
            1,
            "frt_known",
            "frt_counts",
            as_promised(metric("frt_within_target")),
        ),
        Clock.RESOLUTION: Reads(
            "ttr",
            Grain.TICKETS,
            Basis.CREATED,
            "priority",
            "ttr_min",
            60,
            "ttr_ended",
            "ttr_counts",
            SOLVED_WITHIN,
        ),
        Clock.HOLD: Reads(
            "wait",
            Grain.CALLS,
            Basis.STARTED,
            "",
            "promise_wait_time",
            1,
            "promise_wait_ended",
            "wait_decided",
            metric("wait_within_target"),
        ),
    }
)


def limits(definitions: Definitions, clock: Clock) -> Mapping[str, float]:
    """Promised seconds by value of the clock's dimension; ``"*"`` for every other value."""
    if clock is Clock.RESPONSE:
        return {name: minutes * 60 for name, minutes in definitions.frt_target_minutes.items()}
    if clock is Clock.RESOLUTION:
        return {name: hours * 3600 for name, hours in definitions.ttr_target_hours.items()}
    return {ANY: float(definitions.wait_target_s)}


def limit_of_rows(table: FactTable, clock: Clock) -> Floats:
    """Promised seconds of each row; −1 where nothing is promised."""
    known, field = limits(table.definitions, clock), READS[clock].field
    other = known.get(ANY, -1.0)
    dimension = table.dimensions.get(field)
    if not field or dimension is None:
        return np.full(len(table), other)
    by_code = np.array([known.get(str(name).casefold(), other) for name in dimension.categories])
    found: Floats = by_code[dimension.codes] if by_code.size else np.full(len(table), other)
    return found


def with_promises(facts: Facts) -> Facts:
    """The facts with the columns of every clock that the data and the definitions feed.

    Made once and kept as long as the facts themselves, since tables are prepared for counting only once.
    """
    if facts not in _made:
        _made[facts] = _with_promises(facts)
    return _made[facts]


def _with_promises(facts: Facts) -> Facts:
    tables = dict(facts.tables)
    for clock, reads in READS.items():
        table = tables.get(reads.grain)
        if table is not None and why_not(facts, clock) is None:
            made = _columns(table, clock, reads)
            tables[reads.grain] = replace(table, columns=MappingProxyType({**table.columns, **made}))
    return replace(facts, tables=MappingProxyType(tables))


def why_not(facts: Facts, clock: Clock) -> str | None:
    """Why nothing can be said about a clock; None when something can."""
    reads, table = READS[clock], facts.table(READS[clock].grain)
    if table is None:
        return f"the data hold no {reads.grain.value}"
    wanted = "wait_decided" if clock is Clock.HOLD else reads.counts
    if wanted not in table.columns:
        return table.absent.get(wanted, "no column holds this time")
    if not (limit_of_rows(table, clock) >= 0).any():
        field = reads.field
        if field not in table.dimensions:
            return f"no column names the {field}, and no target holds for every {field}"
        return f"no target is set for any {field} in the data; set one on the page Definitions"
    return None


def _columns(table: FactTable, clock: Clock, reads: Reads) -> dict[str, NDArray[Any]]:
    columns, prefix = dict(table.columns), f"promise_{reads.name}"
    made: dict[str, NDArray[Any]] = {}
    if clock is Clock.HOLD:
        # Who hung up was never answered: longer than any wait, however long one had waited.
        answered = columns["answered"] != 0
        longest = int(columns["wait_s"].max(initial=0)) + 1
        made["promise_wait_time"] = np.where(answered, columns["wait_s"], longest).astype(np.int32)
        made["promise_wait_ended"] = answered.astype(np.uint8)
        columns |= made
    limit = limit_of_rows(table, clock)
    time = columns[reads.time].astype(np.float64) * reads.seconds
    counts, ended = columns[reads.counts] != 0, columns[reads.ended] != 0
    share = reads.share.measure
    assert isinstance(share, Share)
    decided = columns[share.among] != 0
    late = decided & (columns[share.of] == 0)
    waits = counts & ~ended & (limit >= 0)
    if clock is Clock.RESPONSE:
        # Not those that were solved without an answer.
        waits &= columns["frt_open"] != 0
    if clock is Clock.HOLD:
        late, waits = late & ended, np.zeros_like(ended)
    made[f"{prefix}_late_s"] = np.where(late, np.maximum(time - limit, 0), 0).astype(np.int64)
    made[f"{prefix}_late"] = late.astype(np.uint8)
    made[f"{prefix}_late_ended"] = (late & ended).astype(np.uint8)
    made[f"{prefix}_late_open"] = (late & waits).astype(np.uint8)
    made[f"{prefix}_pending"] = (waits & ~late).astype(np.uint8)
    made[f"{prefix}_waits"] = waits.astype(np.uint8)
    return made


def share_of(clock: Clock) -> Metric:
    """The share in time as a metric, with the counts beside it."""
    reads = READS[clock]
    share = reads.share.measure
    assert isinstance(share, Share)
    prefix = f"promise_{reads.name}"
    return replace(
        reads.share,
        parts=MappingProxyType(
            {
                "met": Count(share.of),
                "late_open": Count(f"{prefix}_late_open"),
                "pending": Count(f"{prefix}_pending"),
                "longest": Largest(reads.time, f"{prefix}_waits", per_unit=1 / reads.seconds),
            }
        ),
    )


def overrun_of(clock: Clock) -> Metric:
    """By how much the missed were late, as a metric in minutes."""
    prefix = f"promise_{READS[clock].name}"
    return replace(
        metric("frt"),
        key=f"{prefix}_overrun",
        name=f"Overrun of the {clock.value}",
        family=Family.RESPONSE,
        unit=Unit.MINUTES,
        grain=READS[clock].grain,
        basis=READS[clock].basis,
        measure=Survival(f"{prefix}_late_s", f"{prefix}_late_ended", 0.5, f"{prefix}_late", per_unit=60),
        parts=MappingProxyType({}),
        needs=(),
    )
