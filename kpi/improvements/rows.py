"""The contacts behind a look, those of them that fell short, and the months of it."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd

from kpi import drill
from kpi.compare import history
from kpi.facts import Facts
from kpi.improvements.finding import undated
from kpi.improvements.nouns import Look
from kpi.improvements.placing import placed
from kpi.issues import Sorted
from kpi.measures import Mean
from kpi.model import EPOCH, Estimate, Filter, Period
from kpi.periods.kinds import Kind, unit_holding

ALL, SHORT = "All that count", "Those that fell short"
PARTS = (ALL, SHORT)
MONTHS = 12


def rows(
    kept: Sorted, look: Look, period: Period, *, where: tuple[Filter, ...] = (), part: str = ALL
) -> pd.DataFrame:
    """The canonical rows of a look, worst first, with how each counts; all of them or those that fell short.

    Of durations and mean scores those fell short that are worse than the reference.

    Raises:
        ValueError: for an unknown part.
    """
    if part not in PARTS:
        raise ValueError(f"unknown part '{part}'; known: {', '.join(PARTS)}")
    facts, metric = placed(kept), look.outcome.metric
    span = None if undated(facts, look.outcome) else period
    found = drill.rows(facts, metric, span, where=(*where, *look.where))
    if part == ALL:
        return found
    if isinstance(metric.measure, Mean):
        short = (look.reference - found[drill.VALUE].astype(float)) * look.outcome.sign > 0
    else:
        short = found[drill.COUNTED] == look.outcome.short
    return found[short.to_numpy(dtype=bool)].reset_index(drop=True)


def months(
    kept: Sorted, look: Look, until: Period, *, where: tuple[Filter, ...] = ()
) -> tuple[tuple[Period, Estimate], ...]:
    """The look's own level in up to a year of months that ends with the period, the oldest first."""
    facts = placed(kept)
    if undated(facts, look.outcome):
        return ()
    spans = _months(facts, until)
    values = history(facts, look.outcome.metric, spans, where=(*where, *look.where))
    return tuple(zip(spans, values, strict=True))


def _months(facts: Facts, until: Period) -> tuple[Period, ...]:
    """Months as far as the data go."""
    first, last = (EPOCH + timedelta(days=day) for day in (facts.first_day, facts.last_day))
    spans: list[Period] = []
    month = unit_holding(min(until.end, last), Kind.MONTH, facts.definitions)
    while len(spans) < MONTHS and month.end >= first:
        spans.insert(0, Period(max(month.start, first), min(month.end, last)))
        month = unit_holding(month.start - timedelta(days=1), Kind.MONTH, facts.definitions)
    return tuple(spans)
