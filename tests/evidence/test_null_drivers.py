"""Why it moved, where nothing did: random groups of tickets, and two windows before anything was planted.

Parts of a change by a field that means nothing may be called better or worse, and the Simpson warning given,
at most as often as stated: 5 % of the explanations; of scans at most 5 % may name anything.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest
from null_stretches import LOUD, NOMINAL, windows

from kpi import drivers
from kpi.facts import Facts
from kpi.model import Period

METRICS = ("csat", "frt", "ttr", "fcr", "escalation_rate", "reopen_rate")
GROUPS = 5


def in_groups(facts: Facts, random: np.random.Generator) -> Facts:
    """The facts with a dimension ``lot``: every row in one of five groups at random."""
    tables = {}
    for grain, table in facts.tables.items():
        lot = random.choice(GROUPS, len(table), p=(0.4, 0.25, 0.2, 0.1, 0.05))
        column = pd.Categorical.from_codes(lot, categories=pd.Index(list("ABCDE"), dtype=object))
        tables[grain] = replace(table, dimensions=MappingProxyType({**table.dimensions, "lot": column}))
    return replace(facts, tables=MappingProxyType(tables))


@dataclass
class Explained:
    """How many explanations there were, and how many of them said what cannot be so."""

    number: int = 0
    simpson: int = 0
    sure: int = 0
    loud_mix: int = 0
    loud_performance: int = 0
    loud_segment: int = 0

    def add(self, found: drivers.Drivers) -> None:
        """One explanation."""
        if found.refused or found.total is None:
            return
        self.number += 1
        self.simpson += found.simpson
        self.sure += found.simpson_sure
        self.loud_mix += found.mix is not None and found.mix.verdict in LOUD
        self.loud_performance += found.performance is not None and found.performance.verdict in LOUD
        self.loud_segment += any(
            part is not None and part.verdict in LOUD
            for segment in found.segments
            for part in (segment.mix, segment.performance, segment.alone)
        )


def explained(facts: Facts, seed: int, number: int) -> Explained:
    """Random windows of four weeks against the four before, by random groups and by real fields."""
    random = np.random.default_rng([20260901, seed])
    counted = Explained()
    for whole in windows(random, number, (56,)):
        before = Period(whole.start, whole.start.fromordinal(whole.start.toordinal() + 27))
        now = before.shifted(28)
        metric = str(random.choice(METRICS))
        counted.add(drivers.explain(in_groups(facts, random), metric, now, before, "lot"))
        counted.add(drivers.explain(facts, metric, now, before, str(random.choice(["channel", "category"]))))
    return counted


def check_quiet(seen: Explained, allowed: float) -> None:
    """At most this share of the explanations says anything."""
    for name in ("simpson", "sure", "loud_mix", "loud_performance", "loud_segment"):
        assert getattr(seen, name) <= allowed * seen.number, (name, seen)


def scanned(facts: Facts, seed: int, number: int) -> list[int]:
    """Findings of scans of random groups, over the metrics above."""
    random = np.random.default_rng([20260902, seed])
    found = []
    for whole in windows(random, number, (56,)):
        before = Period(whole.start, whole.start.fromordinal(whole.start.toordinal() + 27))
        scan = drivers.scan(
            in_groups(facts, random), before.shifted(28), before, dimensions=("lot",), metrics=METRICS
        )
        assert scan.looks >= 10
        found.append(len(scan.findings))
    return found


def test_nothing_is_explained_where_nothing_moved(sample: Facts) -> None:
    seen = explained(sample, 0, 8)
    assert seen.number >= 12
    check_quiet(seen, 0.13)


def test_scans_of_groups_that_mean_nothing_find_nothing(sample: Facts) -> None:
    assert sum(count > 0 for count in scanned(sample, 0, 3)) <= 1


@pytest.mark.full
def test_200_windows_explain_no_more_than_chance(sample: Facts) -> None:
    seen = explained(sample, 1, 200)
    print(seen)
    assert seen.number >= 350
    check_quiet(seen, NOMINAL)


@pytest.mark.full
def test_100_scans_find_no_more_than_chance(sample: Facts) -> None:
    found = scanned(sample, 1, 100)
    print(found)
    assert sum(count > 0 for count in found) <= 100 * (NOMINAL + 2 * (NOMINAL * 0.95 / 100) ** 0.5)
