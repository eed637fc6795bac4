"""Scores of customers: unhappy answers, and newest answers that lie far below the one before."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kpi.calendars import MISSING_DAY
from kpi.customers.knowing import Bools, Known, kept
from kpi.facts.columns import Canonical
from kpi.model import Filter, Period

Floats = NDArray[np.float64]

FALL = 25.0
"""A score that fell by this much of its scale (one step of 1 to 5) has fallen."""
HARD = 50.0
"""An effort score below this, on 0 to 100 where high is easy, was hard."""
QUESTIONS = (("CSAT", "csat_norm", 1.0), ("NPS", "nps_raw", 10.0), ("CES", "ces_norm", 1.0))
"""Question, column of its score, what puts it on 0 to 100."""


def unhappy(known: Known) -> Bools:
    """Answers that are not satisfied, of a detractor, or of hard effort."""
    table = known.surveys
    if table is None:
        return np.zeros(0, np.bool_)
    found = np.zeros(len(table), np.bool_)
    for flag in ("csat_dissatisfied", "nps_detractor"):
        if flag in table.columns:
            found |= table.columns[flag] != 0
    effort = Canonical("surveys", table.source).number("ces_norm")
    return found | (effort.known & (effort.values < HARD))


def drops_of(known: Known, use: Bools, period: Period) -> list[tuple[str, NDArray[np.intp], Floats]]:
    """For each question: rows whose answer is the newest of its customer, given in the period, and lies far
    below the one before; and how far. Unhappy answers are a reason already: one answer is one reason."""
    table = known.surveys
    if table is None or known.answers is None:
        return []
    canonical = Canonical("surveys", table.source)
    day = table.columns["answered_day"].astype(np.int64)
    bad = unhappy(known)
    found = []
    for name, column, scale in QUESTIONS:
        score = canonical.number(column)
        rows = np.flatnonzero(use & score.known)
        if rows.size < 2:
            continue
        order = rows[np.lexsort((rows, day[rows], known.answers[rows]))]
        who = known.answers[order]
        last = np.append(who[1:] != who[:-1], True)
        before = np.append(False, who[1:] == who[:-1])
        value = score.values[order] * scale
        drop = np.append(0.0, value[:-1] - value[1:])
        hit = last & before & (drop >= FALL) & (day[order] >= period.first_day) & ~bad[order]
        found.append((name, order[hit], drop[hit]))
    return found


def falls_of(
    known: Known, wanted: set[int], period: Period, where: tuple[Filter, ...]
) -> dict[int, tuple[str, float, float]]:
    """The largest fall of some accounts in words: question, before, now on 0 to 100."""
    table = known.surveys
    if table is None or known.answers is None or not wanted:
        return {}
    day = table.columns["answered_day"].astype(np.int64)
    use = (known.answers >= 0) & (day != MISSING_DAY) & (day <= period.last_day) & kept(table, where)
    canonical = Canonical("surveys", table.source)
    scales = {name: (column, scale) for name, column, scale in QUESTIONS}
    found: dict[int, tuple[str, float, float]] = {}
    for name, rows, drops in drops_of(known, use, period):
        column, scale = scales[name]
        score = canonical.number(column)
        for row, drop in zip(rows.tolist(), drops.tolist(), strict=True):
            who = int(known.answers[row])
            now = float(score.values[row]) * scale
            if who in wanted and (who not in found or drop > found[who][1] - found[who][2]):
                found[who] = (name, now + drop, now)
    return found
