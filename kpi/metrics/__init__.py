"""THE list: every KPI, declared once. Cards, tables, charts, definitions and reports are written from it.

One file per family. Where the data cannot feed a metric the usual way, a stand-in with the same key and its
own
formula may answer (handle time of tickets where there are no calls); it is listed in ``STAND_INS``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kpi.definitions import Definitions
from kpi.metrics import agents, loyalty, resolution, response, satisfaction
from kpi.metrics.feeding import feeds, lowest_is_best
from kpi.model import Direction, Metric

if TYPE_CHECKING:
    from kpi.facts import Facts

METRICS: tuple[Metric, ...] = (
    *response.METRICS,
    *satisfaction.METRICS,
    *resolution.METRICS,
    *loyalty.METRICS,
    *agents.METRICS,
)
STAND_INS: tuple[Metric, ...] = (
    *response.STAND_INS,
    *satisfaction.STAND_INS,
    *resolution.STAND_INS,
    *agents.STAND_INS,
)
BY_KEY = {metric.key: metric for metric in METRICS}


def metric(key: str) -> Metric:
    """The metric of that key.

    Raises:
        ValueError: naming every key when there is none.

    >>> metric("csat").formula[:25]
    'satisfied ÷ all answers; '
    """
    if key not in BY_KEY:
        raise ValueError(f"unknown metric '{key}'; known: {', '.join(BY_KEY)}")
    return BY_KEY[key]


def catalogue(definitions: Definitions, facts: Facts | None = None) -> tuple[Metric, ...]:
    """Every metric with the targets and smallest differences of the definitions.

    With facts, a metric that the data do not feed gives way to its first stand-in that they do, a scale on
    which low
    is good turns the direction, and the stand-in for time to resolution is left out where that can be
    computed.

    >>> csat = next(m for m in catalogue(Definitions()) if m.key == "csat")
    >>> csat.target, csat.matters
    (0.8, 0.02)
    """
    return tuple(
        _under(_chosen(declared, facts), definitions, facts)
        for declared in METRICS
        if declared.key != "response_to_resolution" or _stands_in(facts)
    )


def _stands_in(facts: Facts | None) -> bool:
    return facts is None or (not feeds(response.TTR, facts) and feeds(response.RESPONSE_TO_RESOLUTION, facts))


def _chosen(declared: Metric, facts: Facts | None) -> Metric:
    if facts is None or feeds(declared, facts):
        return declared
    others = (other for other in STAND_INS if other.key == declared.key and feeds(other, facts))
    return next(others, declared)


def _under(chosen: Metric, definitions: Definitions, facts: Facts | None) -> Metric:
    better = chosen.better
    if facts is not None and chosen.key == "ces" and lowest_is_best(facts):
        better = Direction.DOWN
    return replace(
        chosen,
        target=definitions.targets.get(chosen.key, chosen.target),
        matters=definitions.matters.get(chosen.key, chosen.matters),
        better=better,
    )
