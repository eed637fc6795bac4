"""A scan is one family: what it says, what it leaves out, and that nothing comes of nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from small_desk import BEFORE, NOW, Row, desk, spread

from kpi.compare import compare
from kpi.drivers import Finding, Scan, dimensions, rank, scan
from kpi.facts import Facts
from kpi.model import Grain, Period, Verdict
from kpi.stats import benjamini_hochberg
from kpi.words import driver_sentences as words

Q2 = Period(date(2026, 4, 1), date(2026, 6, 30), "Q2 2026")
Q3 = Period(date(2026, 7, 1), date(2026, 9, 30), "Q3 2026")


@pytest.fixture(scope="module")
def whole(sample: Facts) -> Scan:
    return scan(sample, Q3, Q2, dimensions=("channel", "team", "category", "product"))


def of(found: Scan, metric: str, group: str) -> Finding | None:
    return next((f for f in found.findings if f.metric.key == metric and str(f.group) == group), None)


def test_the_family_is_everything_with_enough_rows(sample: Facts, whole: Scan) -> None:
    """Looks are the comparisons that compare() makes by each dimension, those with few rows left out."""
    looks = small = 0
    for name in whole.dimensions:
        for each in compare(sample, Q3, Q2, metrics=("csat", "fcr", "aht"), by=(name,)):
            if not each.group.keys:
                continue
            if min(each.now.n, each.before.n) >= whole.fewest and each.difference is not None:
                looks += 1
            else:
                small += 1
    found = scan(sample, Q3, Q2, dimensions=whole.dimensions, metrics=("csat", "fcr", "aht"))
    assert (found.looks, found.small) == (looks, small)
    assert found.looks < whole.looks
    said = words.scan_sentence(found)
    assert f"{looks:,} looks (3 metrics by" in said
    assert f"{small:,} with fewer than 10 rows on a side were not looked at." in said


def test_findings_are_the_same_evidence_with_the_p_of_the_family(sample: Facts, whole: Scan) -> None:
    assert whole.findings
    for finding in whole.findings[:3]:
        alone = compare(sample, Q3, Q2, metrics=(finding.metric,), by=(finding.dimension,))
        (same,) = (each for each in alone if each.group == finding.group)
        one, other = finding.comparison.difference, same.difference
        assert one is not None
        assert other is not None
        assert (one.value, one.p) == (other.value, other.p)
        assert one.p_adjusted is not None
        assert one.p is not None
        assert one.p <= one.p_adjusted < 0.05
        assert one.low is not None
        assert one.high is not None
        assert other.low is not None
        assert other.high is not None
        # Wider for having been selected, and still on one side of no change.
        assert one.low <= other.low <= other.high <= one.high
        assert one.low > 0 or one.high < 0


def test_what_screening_leaves_out_is_no_finding(sample: Facts) -> None:
    """The same answers as judging every look in full."""
    found = scan(
        sample, Q3, Q2, dimensions=("channel", "category"), metrics=("csat", "ttr", "escalation_rate")
    )
    full = []
    for name in ("channel", "category"):
        full += [
            each
            for each in compare(sample, Q3, Q2, metrics=("csat", "ttr", "escalation_rate"), by=(name,))
            if each.difference is not None and min(each.now.n, each.before.n) >= 10
        ]
    adjusted = benjamini_hochberg([each.difference.p for each in full if each.difference is not None])
    real = {
        (each.metric.key, str(each.group))
        for each, p in zip(full, adjusted, strict=True)
        if p is not None and p < 0.05
    }
    assert len(full) == found.looks
    told = {(f.metric.key, str(f.group)) for f in found.findings}
    assert told <= real
    assert len(real) == found.lesser + sum(1 + len(f.also) for f in found.findings)


def test_planted_changes_are_among_the_findings(sample: Facts, whole: Scan, truths: dict[str, Any]) -> None:
    grows = truths["mix_shift"]["where"]["grows"]
    volume = of(whole, "volume", grows)
    assert volume is not None
    assert volume.comparison.verdict is Verdict.CHANGED
    csat = scan(sample, Q3, Q2, dimensions=("channel",), metrics=("csat", "nps", "ces"))
    assert {(f.metric.key, str(f.group)) for f in csat.findings} >= {("ces", "chat"), ("nps", "chat")}
    assert all(f.comparison.verdict is Verdict.WORSE for f in csat.findings if str(f.group) == "chat")
    assert all(str(f.group) in ("chat", "email") for f in csat.findings)


def test_the_largest_come_first_and_mirrored_segments_once(whole: Scan) -> None:
    sizes = [finding.importance for finding in whole.findings]
    assert sizes == sorted(sizes, reverse=True)
    seen = {(f.metric.key, f.comparison.now.n, f.comparison.now.value) for f in whole.findings}
    assert len(seen) == len(whole.findings)


def test_metrics_that_cannot_be_compared_are_named(whole: Scan) -> None:
    assert any(text.startswith("Resolution rate:") for text in whole.skipped)
    assert any(text.startswith("Repeat customer rate") for text in whole.skipped)
    assert "resolution_rate" not in whole.metrics


def test_nothing_comes_of_nothing() -> None:
    """Forty segments of a constant desk, several seeds: findings stay near none."""
    found = 0
    for seed in range(3):
        random = np.random.default_rng(seed)
        rows = [
            Row(
                date.fromordinal(BEFORE.start.toordinal() + int(random.integers(0, 118))),
                f"S{random.integers(0, 40)}",
                bool(random.random() < 0.3),
                f"A{random.integers(0, 8)}",
            )
            for _ in range(4_000)
        ]
        made = scan(
            desk(rows),
            NOW,
            BEFORE,
            dimensions=("category", "agent"),
            metrics=("escalation_rate", "volume"),
        )
        assert made.looks == 96
        found += len(made.findings)
    assert found <= 1


def test_small_segments_are_counted_and_not_looked_at() -> None:
    rows = spread(BEFORE, "large", 60, 60) + spread(NOW, "large", 60, 60)
    rows += spread(BEFORE, "small", 2, 3) + spread(NOW, "small", 9, 0) + spread(NOW, "new", 30, 0)
    found = scan(desk(rows), NOW, BEFORE, dimensions=("category",), metrics=("escalation_rate",))
    assert (found.looks, found.small, found.findings) == (1, 2, ())
    assert "1 look (1 metric by category): nothing is beyond chance" in words.scan_sentence(found)
    assert "2 with fewer than 10 rows" in words.scan_sentence(found)


def test_an_empty_scan_says_so() -> None:
    rows = spread(BEFORE, "a", 1, 2) + spread(NOW, "a", 1, 2)
    found = scan(desk(rows), NOW, BEFORE, dimensions=("category",), metrics=("escalation_rate",))
    assert found.looks == 0
    assert "nothing had enough rows" in words.scan_sentence(found)
    with pytest.raises(ValueError, match="unknown field"):
        scan(desk(rows), NOW, BEFORE, dimensions=("colour",))


# ---------------------------------------------------------------- the order of dimensions


def test_dimensions_are_those_that_can_be_split_by(sample: Facts) -> None:
    names = dimensions(sample)
    assert {"channel", "team", "agent", "category", "priority", "product"} <= set(names)
    assert "source_file" not in names
    assert "Requester domain" not in names


@pytest.mark.parametrize("key", ["ttr", "fcr", "volume"])
def test_the_planted_dimension_tells_most(sample: Facts, key: str) -> None:
    """Issues (and the type of ticket that goes with them) come before those that have nothing to tell."""
    (whole,) = compare(sample, Q3, Q2, metrics=(key,))
    ranked = [each.dimension for each in rank(sample, whole.metric, Q3, Q2, dimensions(sample, whole.metric))]
    assert "category" in ranked[:2]
    assert {"priority", "language", "product"} == set(ranked[-3:])


def test_an_identifier_is_no_dimension(sample: Facts) -> None:
    table = sample.tables[Grain.TICKETS]
    many = pd.Categorical([f"key {place}" for place in range(len(table))])
    own = {**table.dimensions, "custom:Key": many}
    wide = replace(table, dimensions=MappingProxyType(own))
    facts = replace(sample, tables=MappingProxyType({**sample.tables, Grain.TICKETS: wide}))
    assert "custom:Key" not in dimensions(facts)
