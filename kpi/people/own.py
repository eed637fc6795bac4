"""One agent's own months in a metric, beside the same kind of rows in the team. No colleague is named."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from kpi.compare import history
from kpi.facts import Facts
from kpi.model import EPOCH, Estimate, Filter, Metric, Period
from kpi.people.nouns import FEWEST_AGENTS, MOSTLY
from kpi.people.scoring import rows_of, score
from kpi.periods.kinds import Kind, unit_holding

MONTHS = 12
FEWEST_ROWS = 5
"""A month with fewer rows of the agent is not shown."""


@dataclass(frozen=True)
class OwnMonth:
    """A month: the agent's own value with its interval, and that of colleagues' rows of the same kinds."""

    period: Period
    estimate: Estimate
    expected: float | None


def own_months(
    facts: Facts, metric: Metric, agent: str, until: Period, where: tuple[Filter, ...] = ()
) -> tuple[OwnMonth, ...]:
    """Up to a year of months that ends with the period; those with too few rows have no value."""
    spans = _months(facts, until)
    own = (*where, Filter("agent", (agent,)))
    estimates = history(facts, metric, spans, where=own)
    found = []
    for span, estimate in zip(spans, estimates, strict=True):
        if estimate.n < FEWEST_ROWS:
            estimate = Estimate.absent(f"fewer than {FEWEST_ROWS} rows in this month", estimate.n)
        found.append(OwnMonth(span, estimate, _expected(facts, metric, agent, span, where)))
    return tuple(found)


def _expected(
    facts: Facts, metric: Metric, agent: str, span: Period, where: tuple[Filter, ...]
) -> float | None:
    rows = rows_of(facts, metric, span, where)
    if isinstance(rows, str) or agent not in rows.agents or len(rows.agents) < FEWEST_AGENTS:
        return None
    place = rows.agents.index(agent)
    scored = score(rows, rows.kinds)
    level = float(scored.level[place])
    lonely = scored.left_out[place] > MOSTLY or scored.rows[place] < FEWEST_ROWS
    return None if lonely or math.isnan(level) else level


def _months(facts: Facts, until: Period) -> Sequence[Period]:
    last = min(until.end, EPOCH + timedelta(days=facts.last_day))
    first_day = EPOCH + timedelta(days=facts.first_day)
    spans: list[Period] = []
    month = unit_holding(last, Kind.MONTH, facts.definitions)
    while len(spans) < MONTHS and month.end >= first_day:
        spans.insert(0, month)
        month = unit_holding(month.start - timedelta(days=1), Kind.MONTH, facts.definitions)
    return spans
