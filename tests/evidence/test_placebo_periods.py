"""Two windows of 28 days that follow each other, before anything was planted: little may be said about them.

Volume, tickets per agent and the backlog follow the season and the holidays of the sample and do change;
every other metric comes from laws that stay the same. Windows that touch the week with wrong times of
creation are left out, and so are the first four weeks, in which customers and tickets have no past yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from random_halves import Tally

from kpi import compare
from kpi.definitions import Definitions
from kpi.facts import Facts, build_facts
from kpi.ingest import import_files
from kpi.model import Comparison, Period
from sample_data.generate import generate, write
from sample_data.world import PLAN

LENGTH = 28
FIRST, LAST = date(2025, 4, 29), date(2026, 4, 30)
ZONE_WEEK = Period(date(2025, 10, 1), date(2025, 10, 7))
SEASONAL = ("volume", "productivity", "backlog")
NOMINAL = 0.05


def placebos() -> list[Period]:
    """The earlier window of every usable pair."""
    starts = [FIRST + timedelta(days=shift) for shift in range((LAST - FIRST).days - 2 * LENGTH + 2)]
    return [
        Period(start, start + timedelta(days=LENGTH - 1))
        for start in starts
        if start > ZONE_WEEK.end or start + timedelta(days=2 * LENGTH - 1) < ZONE_WEEK.start
    ]


def compared(facts: Facts, windows: Iterable[Period]) -> Tally:
    """Each window against the one after it, over every metric that should not move."""
    tally = Tally()
    for before in windows:
        now = before.shifted(LENGTH)
        tally.add(steady(compare.compare(facts, now, before)))
    return tally


def steady(comparisons: Iterable[Comparison]) -> list[Comparison]:
    return [each for each in comparisons if each.metric.key not in SEASONAL]


def test_windows_before_anything_was_planted() -> None:
    windows = placebos()
    assert len(windows) > 200
    assert all(window.shifted(LENGTH).end < PLAN.rising_from for window in windows)
    assert all(window.shifted(LENGTH).end < PLAN.csat_from for window in windows)
    touched = [w for w in windows if w.start <= ZONE_WEEK.end and w.shifted(LENGTH).end >= ZONE_WEEK.start]
    assert touched == []


def test_random_windows_show_nothing(sample: Facts) -> None:
    windows = placebos()
    chosen = np.random.default_rng(20260901).choice(len(windows), 24, replace=False)
    tally = compared(sample, [windows[place] for place in sorted(chosen)])
    assert tally.comparisons > 20 * tally.calls
    assert tally.share_loud <= NOMINAL, tally
    assert tally.loud_calls <= 3, tally  # 5 % of 24 calls and two standard errors


@pytest.mark.full
def test_every_window_shows_nothing(sample: Facts) -> None:
    tally = compared(sample, placebos())
    print(tally)
    assert tally.share_loud <= NOMINAL, tally
    assert tally.share_small <= NOMINAL, tally


@pytest.mark.full
def test_windows_of_other_desks_show_nothing(tmp_path: Path) -> None:
    """Windows of one desk overlap; those of ten other desks tell how often there is any verdict at all."""
    tally = Tally()
    for seed in range(1, 11):
        files = write(
            generate(seed, 19_000, replace(PLAN, zone_from=PLAN.mix_from, zone_until=PLAN.mix_from)), tmp_path
        )
        named = [(path.name, path) for path in files if path.suffix == ".csv"]
        imported = import_files(named, {"timezone": "Europe/Berlin"}, team_zone="Europe/Berlin")
        facts = build_facts(imported.tables, Definitions(timezone="Europe/Berlin"))
        count = ((LAST - FIRST).days + 1) // LENGTH - 1
        starts = [FIRST + timedelta(days=LENGTH * place) for place in range(count)]
        tally += compared(facts, [Period(s, s + timedelta(days=LENGTH - 1)) for s in starts])
    print(tally)
    assert tally.calls == 120
    assert tally.share_loud <= NOMINAL / 10, tally
    assert tally.share_small <= NOMINAL, tally
    # 5 % of the calls and two standard errors of 120 calls.
    assert tally.loud_calls <= 10, tally
