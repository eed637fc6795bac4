"""Which days still gain outcomes: a repeat contact, an answer, a reopening or a solution may still come."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kpi.facts import Facts
from kpi.model import Metric, Period

STILL_TO_COME = 0.25
"""A share of what matters: fewer than this solved later than a period was followed are no bias."""
FOLLOWED_BY = "its newest tickets may still be solved"


def still_maturing(facts: Facts, metric: Metric, spans: Sequence[Period]) -> tuple[str | None, ...]:
    """For each period why its value is provisional; None where all that counts has come in."""
    reasons: list[str | None] = [None] * len(spans)
    table = facts.table(metric.grain)
    if table is None or metric.basis.value not in table.columns:
        return tuple(reasons)
    day = table.columns[metric.basis.value]
    settings = {name: getattr(table.definitions, name) for name in vars(table.definitions)}
    for flag, words in metric.left_out.items():
        if flag not in table.columns:
            continue
        waiting = np.sort(day[table.columns[flag] != 0])
        for place, span in enumerate(spans):
            low, high = np.searchsorted(waiting, [span.first_day, span.last_day + 1])
            if high > low:
                reasons[place] = f"{int(high - low):,} {words.format(**settings)}"
    if metric.follows_tickets:
        for place, span in enumerate(spans):
            if not followed(facts, metric, (span,)):
                reasons[place] = FOLLOWED_BY
    return tuple(reasons)


def followed(facts: Facts, metric: Metric, periods: Sequence[Period]) -> bool:
    """Whether tickets of all these periods have been followed so long that hardly any is still to be solved.

    False for metrics that do not follow their tickets.
    """
    table = facts.table(metric.grain)
    if not metric.follows_tickets or table is None or "ttr_min" not in table.columns:
        return False
    youngest = min(1440 * (facts.last_day - period.last_day) for period in periods)
    solved = table.columns["ttr_min"][table.columns["ttr_ended"] != 0]
    later = float((solved > youngest).mean()) if solved.size else 1.0
    return later <= metric.matters * STILL_TO_COME
