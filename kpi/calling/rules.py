"""What each verdict needs, drawn from the real judge on small made numbers, so that text and code agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from kpi.definitions import Definitions
from kpi.measures import Cells, Rate, Share
from kpi.metrics import catalogue
from kpi.model import Comparison, Estimate, Group, Metric, Verdict
from kpi.verdicts import judge

FIRST_NOW, FIRST_BEFORE = 20_031, 20_003
DAYS = 28


@dataclass(frozen=True)
class Case:
    """Made numbers: hits and rows of each of two spans of four weeks, evenly over their days.

    ``others`` are p-values of comparisons made together with this one.
    """

    name: str
    hits_now: int
    rows_now: int
    hits_before: int
    rows_before: int
    expected: Verdict
    looks: int = 1
    p_adjusted_by: float = 1.0
    metric: str = "csat"


CASES = (
    Case("better", 432, 500, 385, 500, Verdict.BETTER),
    Case("worse", 365, 500, 410, 500, Verdict.WORSE),
    Case("changed", 1_150, 28, 1_000, 28, Verdict.CHANGED, metric="volume"),
    Case("no evidence", 208, 250, 200, 250, Verdict.UNCLEAR),
    Case("too small to matter", 40_500, 50_000, 40_000, 50_000, Verdict.UNCLEAR),
    Case("one of many looks", 424, 500, 397, 500, Verdict.UNCLEAR, looks=20, p_adjusted_by=20.0),
    Case("too few rows", 6, 7, 90, 120, Verdict.TOO_FEW),
    Case("too few events", 4, 28, 2, 28, Verdict.TOO_FEW, metric="volume"),
)
"""One card each; the numbers are made, the verdicts are those of the judge."""


@dataclass(frozen=True)
class WorkedExample:
    """A made comparison with the verdict and the reason of the judge."""

    case: Case
    comparison: Comparison
    looks: int


def worked_examples(definitions: Definitions, cases: Sequence[Case] = CASES) -> tuple[WorkedExample, ...]:
    """Every case judged under the definitions."""
    return tuple(_worked(case, definitions) for case in cases)


def _worked(case: Case, definitions: Definitions) -> WorkedExample:
    metric = next(one for one in catalogue(definitions) if one.key == case.metric)
    metric = replace(metric, parts=MappingProxyType({}), left_out=MappingProxyType({}))
    level = definitions.confidence
    sides = (
        (FIRST_NOW, case.hits_now, case.rows_now),
        (FIRST_BEFORE, case.hits_before, case.rows_before),
    )
    cells = [_cells(metric, first, hits, rows) for first, hits, rows in sides]
    spans = [(first, first + DAYS - 1) for first, _, _ in sides]
    now, before = (
        metric.measure.estimate(one, level=level, exposure=span)
        for one, span in zip(cells, spans, strict=True)
    )
    difference = metric.measure.difference(cells[0], cells[1], level=level, exposure=(spans[0], spans[1]))
    if difference is not None and difference.p is not None:
        difference = replace(difference, p_adjusted=min(1.0, difference.p * case.p_adjusted_by))
    found = judge(
        metric,
        now,
        before,
        difference,
        confidence=level,
        minimum_n=definitions.minimum_n,
        looks=case.looks,
    )
    comparison = Comparison(metric, Group(), now, before, difference, found.verdict, found.reason)
    return WorkedExample(case, comparison, case.looks)


def _cells(metric: Metric, first: int, hits: int, rows: int) -> Cells:
    """Numbers spread over the days as evenly as whole numbers can be."""
    day = np.arange(first, first + DAYS, dtype=np.int32)
    agent = np.full(DAYS, -1, np.int32)
    edges = np.arange(DAYS + 1)
    rows_by_then = edges * rows // DAYS
    hits_by_then = rows_by_then * hits // rows if isinstance(metric.measure, Share) else edges * hits // DAYS
    each_hits, each_rows = np.diff(hits_by_then).astype(np.float64), np.diff(rows_by_then).astype(np.float64)
    sums = (
        {"n": each_rows, "k": each_hits}
        if isinstance(metric.measure, Share)
        else {"events": each_hits, "exposure": each_rows}
    )
    if not isinstance(metric.measure, Share | Rate):
        raise ValueError(f"{metric.key} is neither a share nor a rate")
    return Cells(day, agent, MappingProxyType(sums))


def absent_example(definitions: Definitions) -> tuple[Verdict, str]:
    """What is said of a side without any value."""
    metric = next(one for one in catalogue(definitions) if one.key == "csat")
    nothing, something = Estimate.absent("nobody answered"), Estimate(0.8, 200, 0.74, 0.85)
    found = judge(
        metric,
        nothing,
        something,
        None,
        confidence=definitions.confidence,
        minimum_n=definitions.minimum_n,
    )
    return found.verdict, found.reason
