"""The contacts behind a look, those of them that fell short, and the months of it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from kpi import drill
from kpi.compare import history
from kpi.improvements.finding import undated
from kpi.improvements.nouns import Look
from kpi.improvements.placing import placed
from kpi.issues import Sorted
from kpi.measures import Mean
from kpi.model import Estimate, Filter, Period

ALL, SHORT = "All that count", "Those that fell short"
PARTS = (ALL, SHORT)


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
    kept: Sorted, look: Look, spans: Sequence[Period], *, where: tuple[Filter, ...] = ()
) -> tuple[Estimate, ...]:
    """The look's own level in each of several periods."""
    facts = placed(kept)
    if undated(facts, look.outcome):
        return ()
    return history(facts, look.outcome.metric, spans, where=(*where, *look.where))
