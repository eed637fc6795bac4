"""If the promise were another time: the share answered or solved within each time, open rows as waiting."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from kpi import engine, fields
from kpi.attainment.clocks import READS, limit_of_rows, why_not, with_promises
from kpi.attainment.nouns import AttainmentCurve, Clock, CurvePoint
from kpi.estimates import checked_fields
from kpi.facts import Facts
from kpi.measures import Counts, Survival
from kpi.measures.evidence import Evidence, Side, evidence_of
from kpi.model import Filter, Group, Period
from kpi.stats import Curve, influence, kaplan_meier, wilson

MINUTE, HOUR = 60, 3600
GRIDS: dict[Clock, tuple[int, ...]] = {
    Clock.HOLD: (10, 20, 30, 45, 60, 90, 120, 180, 240, 300, 420, 600, 900, 1200, 1800),
    Clock.RESPONSE: (
        *(minutes * MINUTE for minutes in (1, 2, 5, 10, 15, 30, 45)),
        *(int(hours * HOUR) for hours in (1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 36, 48, 72, 96, 168)),
    ),
    Clock.RESOLUTION: tuple(
        int(hours * HOUR)
        for hours in (0.5, 1, 2, 4, 8, 12, 16, 24, 36, 48, 72, 96, 120, 168, 240, 336, 504, 720)
    ),
}  # fmt: skip
EDGE = 0.001
"""The grid ends where so few are left that nothing more is to be read."""


def curve(
    facts: Facts, clock: Clock, period: Period | None, *, where: tuple[Filter, ...] = ()
) -> AttainmentCurve:
    """Kaplan-Meier share of rows whose time has ended within each time of a grid, with pointwise intervals.

    Rows that still wait count as waiting at least so long; callers who hung up as never answered. Intervals:
    log(−log) with Greenwood's variance, times the design effect of weeks (or days) at that time; where the
    curve is at 0 or 1, Wilson on the effective number of rows.

    Raises:
        ValueError: for a field that no table has.
    """
    checked_fields(facts, (each.field for each in where))
    reads, level = READS[clock], facts.definitions.confidence
    bare = AttainmentCurve(clock, where, (), (), 0, 0, level)
    reason = why_not(facts, clock)
    table = with_promises(facts).table(reads.grain)
    if table is None or reads.counts not in table.columns or reads.time not in table.columns:
        return AttainmentCurve(clock, where, (), (), 0, 0, level, reason or "no column holds this time")
    lacking = next((each.field for each in where if fields.resolve(table, each.field) is None), None)
    if lacking is not None:
        words = f"{reads.grain.value} have no field '{lacking}'"
        return AttainmentCurve(clock, where, (), (), 0, 0, level, words)
    measure = Survival(reads.time, reads.ended, 0.5, reads.counts)
    result = engine.aggregate(table, {"time": measure}, basis=reads.basis, period=period, where=where)
    counts: Any = result.get(Group(), {}).get("time")
    if counts is None or not counts.total:
        return AttainmentCurve(clock, where, (), (), 0, 0, level, "no row of this period has this time")
    selection = engine.select(table, reads.basis, period, where=where)
    promised = limit_of_rows(table, clock)[selection.rows]
    limits = tuple(sorted({float(each) for each in np.unique(promised) if each >= 0}))
    values, ended, waiting = counts.by_value
    fitted = kaplan_meier(values, ended, waiting)
    if not fitted.time.size:
        return AttainmentCurve(
            clock, where, (), limits, 0, int(waiting.sum()), level, "nothing has been answered yet"
        )
    longest = float(values.max())
    points: list[CurvePoint] = []
    for seconds in sorted({*map(float, GRIDS[clock]), *limits}):
        time = seconds / reads.seconds
        if time > longest and fitted.survival[-1] > 0:
            break
        points.append(_point(counts, fitted, seconds, time, level))
        if 1 - points[-1].share < EDGE and seconds >= max(limits, default=0):
            break
    return AttainmentCurve(
        clock,
        bare.where,
        tuple(points),
        limits,
        int(ended.sum()),
        int(waiting.sum()),
        level,
        "" if points else "nothing was followed long enough",
        "Kaplan-Meier, log(−log) intervals for each time by itself, widened for weeks that differ",
    )


def _point(counts: Counts, fitted: Curve, seconds: float, time: float, level: float) -> CurvePoint:
    evidence = _evidence(counts, fitted, time)
    left = fitted.at(time)
    crit = evidence.crit(level)
    place = int(np.searchsorted(fitted.time, time, side="right"))
    if 0 < left < 1 and place and evidence.variance > 0:
        logarithm = -math.log(left)
        spread = crit * evidence.se / (left * logarithm)
        low, high = (math.exp(-logarithm * math.exp(each)) for each in (spread, -spread))
    else:
        rows = float(counts.total) / max(1.0, evidence.effect)
        low, high = wilson(left * rows, rows, crit=crit)
    return CurvePoint(seconds, 1 - left, 1 - max(high, left), 1 - min(low, left))


def _evidence(counts: Counts, fitted: Curve, time: float) -> Evidence:
    """Variance of the share ended by then: Greenwood's, or that between weeks where it is larger."""
    values, observed, censored = counts.by_value
    ended, still = influence(fitted, time, values)
    plain = float((observed * ended**2 + censored * still**2).sum())
    at = counts.places
    day, agent, place = counts.cells
    pull = counts.observed * ended[at] + counts.censored * still[at]
    residual = np.bincount(place, weights=pull, minlength=day.size).astype(np.float64)
    rows = counts.observed + counts.censored
    size = np.bincount(place, weights=rows, minlength=day.size).astype(np.float64)
    return evidence_of(Side(day, agent, residual, size), plain)
