"""How satisfaction goes with how long customers waited: within channel, issue and month.

The first reply, the time to solution and the wait on the phone are one family. The answer is the change of
the share of satisfied answers for every doubling of the time, among contacts of the same channel, issue and
month, with days as clusters and agents on top; bands of the time show the shape. It is an association: what
makes a contact slow may be what makes its customer unhappy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from kpi import engine
from kpi.bottlenecks.kinds import agents_of, dense, kinds_of
from kpi.bottlenecks.nouns import NO_ROWS, Band, Behind, Effect, Floats, Longs, Relation
from kpi.bottlenecks.splitting import lacking
from kpi.bottlenecks.within import centre, crossed, within
from kpi.facts import Facts, FactTable
from kpi.facts.columns import Canonical
from kpi.model import Basis, Estimate, Filter, Grain, Period
from kpi.stats import benjamini_hochberg, critical, detectable_change
from kpi.verdicts import chance

KINDS = ("channel", "category")
REPLY, SOLUTION, QUEUED = "first reply", "time to solution", "wait on the phone"
MONTH = 28
BANDS = ("fastest fifth", "second fifth", "middle fifth", "fourth fifth", "slowest fifth")
FEWEST = 50
"""Fewer answers than this say nothing of a relation."""


@dataclass(frozen=True)
class _Time:
    """A time that satisfaction is held against: where it stands, and where it is known."""

    name: str
    grain: Grain
    basis: Basis
    column: str
    known: str
    per_column: float
    """Seconds that one unit of the column is worth."""
    open_hours: str
    """Canonical column with the same time in business hours; empty for none."""


TIMES = (
    _Time(REPLY, Grain.TICKETS, Basis.CREATED, "frt_s", "frt_known", 1.0, "first_reply_bus_s"),
    _Time(SOLUTION, Grain.TICKETS, Basis.CREATED, "ttr_min", "ttr_ended", 60.0, "full_resolution_bus_s"),
    _Time(QUEUED, Grain.CALLS, Basis.STARTED, "wait_s", "wait_known", 1.0, ""),
)


def relations(facts: Facts, now: Period, *, where: tuple[Filter, ...] = ()) -> tuple[Relation, ...]:
    """Every time against satisfaction, for contacts that came in the period; those told stand first."""
    rated_calls = facts.table(Grain.CALLS)
    asked = [
        time
        for time in TIMES
        if time.grain is Grain.TICKETS or (rated_calls is not None and "rated" in rated_calls.columns)
    ]
    found = sorted(
        (_relation(facts, time, now, where) for time in asked), key=lambda each: each.refused is not None
    )
    adjusted = benjamini_hochberg([each.slope.p for each in found])
    alpha = chance(facts.definitions.confidence)
    return tuple(
        replace(each, p_adjusted=q, clear=q is not None and q < alpha)
        for each, q in zip(found, adjusted, strict=True)
    )


def _relation(facts: Facts, time: _Time, now: Period, where: tuple[Filter, ...]) -> Relation:
    table, name = facts.table(time.grain), time.name

    def refused(why: str) -> Relation:
        nobody = Behind(time.grain, NO_ROWS)
        return Relation(name, Effect(None, reason=why), None, None, (), (), nobody, 0.0, why)

    if table is None:
        return refused("the data hold no tickets")
    why = lacking(table, where)
    if why is not None:
        return refused(why)
    if "rated" not in table.columns:
        return refused(table.absent.get("rated", "no satisfaction survey can be joined to the tickets"))
    if time.column not in table.columns:
        return refused(table.absent.get(time.column, f"no column holds the {name}"))
    chosen = engine.select(table, time.basis, now, where=where)
    rows = chosen.rows.astype(np.int64)
    seconds = chosen.column(time.column).astype(np.float64) * time.per_column
    known = chosen.column(time.known) != 0
    open_hours = Canonical(time.grain.value, table.source).number(time.open_hours or "no such column")
    keep = known & (chosen.column("rated") != 0)
    if time.open_hours and (open_hours.known[rows] & keep).sum() >= 0.9 * keep.sum():
        # The night passes for everybody: what the team can change is the wait in open hours.
        keep &= open_hours.known[rows] & (open_hours.values[rows] >= 0)
        seconds = open_hours.values[rows]
    rows, day, seconds = rows[keep], chosen.day[keep].astype(np.int64), seconds[keep]
    satisfied = (table.columns["rated_satisfied"][rows] != 0).astype(np.float64)
    if rows.size < FEWEST:
        return refused(f"{rows.size} answered contacts with a known {name} are too few; {FEWEST} are needed")
    kind, by = kinds_of(table, rows, KINDS)
    kind = crossed(kind, dense((day - day.min()) // MONTH))
    logs = np.log2(np.maximum(seconds, 30.0 if (np.mod(seconds, 60) == 0).all() else 0.5))
    if np.ptp(logs) == 0:
        return refused(f"the {name} is the same for every contact")
    agents = agents_of(table, rows)
    level = facts.definitions.confidence
    slope = within(satisfied, logs, kind, dense(day), agents, level=level)
    seen = None if slope.se is None else detectable_change(slope.se, slope.df or 1.0, level)
    return Relation(
        name,
        slope,
        None,
        seen,
        _bands(table, rows, day, seconds, satisfied, kind, level),
        by,
        Behind(time.grain, rows),
        float(satisfied.mean()),
    )


def _bands(
    table: FactTable,
    rows: Longs,
    day: Longs,
    seconds: Floats,
    satisfied: Floats,
    kind: Longs,
    level: float,
) -> tuple[Band, ...]:
    """Satisfaction by fifths of the time within each channel, all bands with the same mix of kinds."""
    channel, _ = kinds_of(table, rows, ("channel",))
    band = _fifths(seconds, channel)
    there = np.unique(band)
    if there.size < 2:
        return ()
    flags = np.stack([(band == each).astype(np.float64) for each in there], axis=1)
    pulled = np.stack([centre(flags[:, place], kind) for place in range(there.size)], axis=1)
    centred = centre(satisfied, kind)
    inverse = np.linalg.pinv(pulled.T @ pulled, rcond=1e-9)
    beta = inverse @ (pulled.T @ centred)
    rest = centred - pulled @ beta
    code = dense(day)
    scores = np.stack(
        [np.bincount(code, weights=pulled[:, place] * rest) for place in range(there.size)], axis=1
    )
    clusters = scores.shape[0]
    meat = scores.T @ scores * (clusters / max(clusters - 1, 1))
    weight = flags.mean(axis=0)
    contrast = np.eye(there.size) - weight[None, :]
    spread = np.diag(contrast @ inverse @ meat @ inverse @ contrast.T)
    mean = float(satisfied.mean())
    own = float(((np.bincount(code, weights=satisfied - mean)) ** 2).sum()) / rows.size**2
    levels = mean + contrast @ beta
    half = critical(level, max(clusters - 1, 1)) * np.sqrt(np.maximum(spread, 0.0) + own)
    found = []
    for place, each in enumerate(there.tolist()):
        mine = band == each
        value = float(min(max(levels[place], 0.0), 1.0))
        low, high = (float(min(max(levels[place] + side * half[place], 0.0), 1.0)) for side in (-1, 1))
        estimate = Estimate(value, int(mine.sum()), low, high, "within kinds, days as clusters")
        behind = Behind(table.grain, np.sort(rows[mine]))
        found.append(Band(BANDS[int(each)], estimate, float(satisfied[mine].mean()), behind))
    return tuple(found)


def _fifths(seconds: Floats, channel: Longs) -> Longs:
    """The fifth of its channel in which each time lies; equal times lie in one fifth."""
    found = np.zeros(seconds.size, np.int64)
    for code in np.unique(channel).tolist():
        mine = channel == code
        ordered = np.sort(seconds[mine])
        below = np.searchsorted(ordered, seconds[mine], side="left")
        upto = np.searchsorted(ordered, seconds[mine], side="right")
        middle = (below + upto) / 2 / ordered.size
        found[mine] = np.minimum((middle * 5).astype(np.int64), 4)
    return found


def shape(bands: Sequence[Band]) -> str:
    """Whether satisfaction falls or rises from the fastest to the slowest band, or neither."""
    if len(bands) < 2:
        return "none"
    first, last = bands[0].satisfied, bands[-1].satisfied
    if first.low is None or last.high is None or first.high is None or last.low is None:
        return "none"
    if last.high < first.low:
        return "falls"
    return "rises" if last.low > first.high else "none"
