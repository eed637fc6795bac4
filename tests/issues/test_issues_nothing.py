"""Nothing changed: weeks in random order, labels without meaning. What is claimed then is a false alarm."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from scipy import stats

from kpi import issues
from kpi.facts import Facts
from kpi.model import EPOCH, Grain, Period

START, WEEKS = date(2025, 5, 5), 50
"""Fifty weeks before anything was planted to grow."""
LAST = START + timedelta(days=7 * WEEKS - 1)
NOW = Period(LAST - timedelta(days=90), LAST)
BEFORE = Period(LAST - timedelta(days=181), LAST - timedelta(days=91))


def quiet(facts: Facts, seed: int, *, labels: bool = False) -> Facts:
    """The tickets of those weeks with the weeks, or the issues, in random order."""
    random = np.random.default_rng(seed)
    table = facts.tables[Grain.TICKETS]
    first = (START - EPOCH).days
    day = table.columns["created_day"].astype(np.int64)
    rows = np.flatnonzero((day >= first) & (day < first + 7 * WEEKS))
    moved = day[rows]
    dimensions = {name: values[rows] for name, values in table.dimensions.items()}
    if labels:
        dimensions["category"] = dimensions["category"][random.permutation(rows.size)]
    else:
        moved = first + random.permutation(WEEKS)[(moved - first) // 7] * 7 + (moved - first) % 7
    order = np.argsort(moved, kind="stable")
    columns = {name: values[rows][order] for name, values in table.columns.items()}
    columns["created_day"] = moved[order].astype(np.int32)
    made = replace(
        table,
        columns=columns,
        dimensions={name: values[order] for name, values in dimensions.items()},
        source=table.source.iloc[rows[order]].reset_index(drop=True),
    )
    return replace(
        facts,
        tables={**facts.tables, Grain.TICKETS: made},
        first_day=first,
        last_day=first + 7 * WEEKS - 1,
    )


def allowed(samples: int, rate: float = 0.05) -> int:
    """As many false alarms as a rate that is kept leads to once in a thousand such tests at most."""
    return int(stats.binom.isf(0.001, samples, rate))


@pytest.mark.parametrize("samples", [20, pytest.param(100, marks=pytest.mark.full)])
def test_weeks_in_random_order_claim_no_more_than_the_stated_rate(sample: Facts, samples: int) -> None:
    loud = words = 0
    for seed in range(samples):
        kept = issues.sort(quiet(sample, seed))
        report = issues.report(kept, NOW, BEFORE)
        loud += any(issue.grows or issue.falls for issue in report.issues)
        words += bool(issues.new_phrases(kept, issues.read(kept, NOW, BEFORE)).found)
    assert loud <= allowed(samples)
    assert words <= allowed(samples)


@pytest.mark.parametrize("samples", [20, pytest.param(100, marks=pytest.mark.full)])
def test_labels_without_meaning_come_with_nothing(sample: Facts, samples: int) -> None:
    company = phrases = channels = 0
    for seed in range(samples):
        kept = issues.sort(quiet(sample, 1_000 + seed, labels=True))
        name = ("Delivery late", "Refund status", "Account change")[seed % 3]
        company += bool(issues.together(kept, name, NOW).found)
        phrases += bool(issues.typical_phrases(kept, issues.read(kept, NOW, None), name).found)
        held = issues.beside(kept, issues.channels(kept)[seed % 4], NOW)
        channels += any(each.more is not None for each in held.found)
    assert company <= allowed(samples)
    assert phrases <= allowed(samples)
    assert channels <= allowed(samples)
