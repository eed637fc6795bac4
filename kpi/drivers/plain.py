"""Drivers and scans as plain JSON values: the stable shapes that other programs read."""

from __future__ import annotations

import math
from typing import Any

from kpi.drivers.nouns import Drivers, Finding, Part, Scan, Segment, Split
from kpi.plain import comparison_plain, period_plain

EVERYWHERE = "every segment is there in both periods"
NO_MIX = "a count has no mix: every segment adds its own change"


def drivers_plain(drivers: Drivers) -> dict[str, Any]:
    """One change in parts; ``mix`` + ``performance`` + ``new_and_vanished`` add up to ``total``.

    For counts the contributions of the segments do, and mix and performance have no value.
    """
    comparison = drivers.comparison
    counted = drivers.split is Split.SUM
    no_mix = NO_MIX if counted else drivers.refused or "no segment is there in both periods"
    lone = drivers.new_and_vanished
    if lone is None and drivers.total is not None:
        lone = Part(0.0, 0.0, 0.0, None, reason=EVERYWHERE)
    return {
        "metric": drivers.metric.key,
        "name": drivers.metric.name,
        "unit": drivers.metric.unit.value,
        "now": {**period_plain(drivers.now), "value": _finite(comparison.now.value), "n": comparison.now.n},
        "before": {
            **period_plain(drivers.before),
            "value": _finite(comparison.before.value),
            "n": comparison.before.n,
        },
        "dimension": drivers.dimension,
        "split": drivers.split.value,
        "per": drivers.per,
        "total": part_plain(drivers.total, drivers.refused),
        "mix": part_plain(drivers.mix, no_mix),
        "performance": part_plain(drivers.performance, no_mix),
        "new_and_vanished": part_plain(lone, drivers.refused),
        "segments": [_segment(segment) for segment in drivers.segments],
        "simpson": drivers.simpson,
        "simpson_beyond_chance": drivers.simpson_sure,
        "method": drivers.method,
        "refused": drivers.refused or None,
    }


def part_plain(part: Part | None, reason: str = "") -> dict[str, Any]:
    """A part; without a value it says why."""
    if part is None:
        return {
            "value": None,
            "low": None,
            "high": None,
            "p": None,
            "p_adjusted": None,
            "verdict": None,
            "reason": reason or None,
        }
    return {
        "value": _finite(part.value),
        "low": _finite(part.low),
        "high": _finite(part.high),
        "p": _finite(part.p),
        "p_adjusted": _finite(part.p_adjusted),
        "verdict": part.verdict.value if part.p is not None else None,
        "reason": part.reason or None,
    }


def scan_plain(scan: Scan) -> dict[str, Any]:
    """All looks as one family, with the findings, what matters most first."""
    return {
        "now": period_plain(scan.now),
        "before": period_plain(scan.before),
        "dimensions": list(scan.dimensions),
        "metrics": list(scan.metrics),
        "looks": scan.looks,
        "small": scan.small,
        "fewest": scan.fewest,
        "too_small_to_matter": scan.lesser,
        "interval_level": _finite(scan.level),
        "findings": [_finding(finding) for finding in scan.findings],
        "skipped": list(scan.skipped),
    }


def _segment(segment: Segment) -> dict[str, Any]:
    comparison = segment.comparison
    return {
        "segment": segment.name,
        "presence": segment.presence.value,
        "n_now": segment.n_now,
        "n_before": segment.n_before,
        "weight_now": _finite(segment.weight_now),
        "weight_before": _finite(segment.weight_before),
        "value_now": _finite(segment.value_now),
        "value_before": _finite(segment.value_before),
        "contribution": _finite(segment.contribution),
        "mix": None if segment.mix is None else part_plain(segment.mix),
        "performance": None if segment.performance is None else part_plain(segment.performance),
        "alone": None if segment.alone is None else part_plain(segment.alone),
        "difference": None if comparison is None else comparison_plain(comparison)["difference"],
        "verdict": None if comparison is None else comparison.verdict.value,
        "reason": None if comparison is None else comparison.reason,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        **comparison_plain(finding.comparison),
        "dimension": finding.dimension,
        "weight": _finite(finding.weight),
        "contribution": _finite(finding.contribution),
        "importance": _finite(finding.importance),
        "also": list(finding.also),
    }


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)
