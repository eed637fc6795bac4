"""Samples in which nothing happened: weeks in random order, times and answers without meaning."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from scipy import stats

from kpi import resolutions
from kpi.facts import Facts
from kpi.model import EPOCH, Grain, Period
from kpi.resolutions import Kept

START, WEEKS = date(2025, 5, 5), 50
LAST = START + timedelta(days=7 * WEEKS - 1)
NOW = Period(LAST - timedelta(days=90), LAST)
BEFORE = Period(LAST - timedelta(days=181), LAST - timedelta(days=91))


def quiet(facts: Facts, seed: int) -> Kept:
    """The tickets of those weeks: weeks in random order, times shuffled within kinds, answers over all."""
    random = np.random.default_rng(seed)
    table = facts.tables[Grain.TICKETS]
    first = (START - EPOCH).days
    day = table.columns["created_day"].astype(np.int64)
    rows = np.flatnonzero((day >= first) & (day < first + 7 * WEEKS))
    columns = {name: values[rows].copy() for name, values in table.columns.items()}
    dimensions = {name: values[rows] for name, values in table.dimensions.items()}
    kind = np.zeros(rows.size, np.int64)
    for name in ("channel", "category", "priority"):
        kind = kind * len(dimensions[name].categories) + dimensions[name].codes
    timed = (columns["ttr_ended"] != 0) & (columns["ttr_counts"] != 0)
    for code in np.unique(kind):
        mine = np.flatnonzero((kind == code) & timed)
        columns["ttr_min"][mine] = columns["ttr_min"][random.permutation(mine)]
    order = random.permutation(rows.size)
    for name in ("rated", "rated_satisfied"):
        columns[name] = columns[name][order]
    moved = random.permutation(WEEKS)
    for name in ("created_day", "solved_day"):
        own = columns[name].astype(np.int64) - first
        inside = (own >= 0) & (own < 7 * WEEKS)
        shuffled = moved[np.where(inside, own, 0) // 7] * 7 + np.where(inside, own, 0) % 7
        columns[name] = np.where(inside, first + shuffled, columns[name]).astype(np.int32)
    order = np.argsort(columns["created_day"], kind="stable")
    made = replace(
        table,
        columns={name: values[order] for name, values in columns.items()},
        dimensions={name: values[order] for name, values in dimensions.items()},
        source=table.source.iloc[rows[order]].reset_index(drop=True),
    )
    changed = replace(
        facts,
        tables={**facts.tables, Grain.TICKETS: made},
        first_day=first,
        last_day=first + 7 * WEEKS - 1,
    )
    found = resolutions.prepare(changed)
    assert isinstance(found, Kept)
    return found


def allowed(samples: int, rate: float = 0.05) -> int:
    """As many samples with a false alarm as a rate that is kept leads to once in a thousand tests at most."""
    return int(stats.binom.isf(0.001, samples, rate))
