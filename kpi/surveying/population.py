"""Those whose answer could be known, as facts: who was asked, who answered, and what the answer was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kpi.facts import Facts, FactTable
from kpi.facts.columns import places
from kpi.measures import Mean, Score, Share
from kpi.metrics.feeding import readable, why_not
from kpi.model import Basis, Grain, Metric
from kpi.surveying.nouns import Asked

ASKED, ANSWERED, VALUE = "survey_asked", "survey_answered", "survey_value"
AT_LOW, AT_HIGH = "survey_value_at_lowest", "survey_value_at_highest"
UP, DOWN = "survey_up", "survey_down"
ANSWERS = "survey_answers"
"""Fact columns added here: flags, and values in the unit of the metric (shares 0 and 1)."""

KINDS = (
    Asked("surveys sent", "survey sent", "response rate", Grain.SURVEYS, Basis.SENT, "response_mature"),
    Asked(
        "solved tickets with a survey offered",
        "solved ticket with a survey offered",
        "response rate",
        Grain.TICKETS,
        Basis.SOLVED,
        "offer_mature",
        "ticket_id",
    ),
    Asked(
        "solved tickets",
        "solved ticket",
        "coverage",
        Grain.TICKETS,
        Basis.SOLVED,
        "coverage_mature",
        "ticket_id",
    ),
    Asked("tickets", "ticket", "coverage", Grain.TICKETS, Basis.CREATED, "ticket", "ticket_id"),
    Asked(
        "answered calls",
        "answered call",
        "coverage",
        Grain.CALLS,
        Basis.STARTED,
        "coverage_mature",
        "call_id",
    ),
)
"""Ways of knowing who stayed silent, the best first."""
SURVEYED = ("csat", "nps", "ces")
"""Metrics that are answers to surveys."""


@dataclass(frozen=True, eq=False)
class Population:
    """Facts with the columns above on the table of ``asked`` (of the surveys, where that is None).

    ``scale`` is the bottom and the top of one answer in the unit of the metric; None where it is not known.
    """

    facts: Facts
    metric: Metric
    asked: Asked | None
    scale: tuple[float, float] | None
    unknown: str = ""

    @property
    def table(self) -> FactTable:
        """The table of those asked."""
        return self.facts.tables[self.grain]

    @property
    def grain(self) -> Grain:
        """What one row is."""
        return Grain.SURVEYS if self.asked is None else self.asked.grain

    @property
    def basis(self) -> Basis:
        """Which day puts a row in a period."""
        return Basis.ANSWERED if self.asked is None else self.asked.basis


def population(facts: Facts, metric: Metric) -> Population | str:
    """Those who could have answered; the reason where there are no answers at all.

    Of two answers to one ticket the last counts, as in coverage.
    """
    reason = why_not(metric, facts)
    if reason is not None:
        return reason
    surveys = facts.tables[Grain.SURVEYS]
    answered, value = _answers(metric, surveys)
    scale = _scale(metric, surveys, value[answered])
    for kind in KINDS:
        table = facts.table(kind.grain)
        if table is None or not readable(table, kind.flag):
            continue
        given, said = (answered, value) if not kind.key else _joined(kind, table, surveys, answered, value)
        if not given.any():
            continue
        counts = table.columns[kind.flag] != 0
        columns = _columns(counts, given & counts, said, scale)
        return Population(_with(facts, kind.grain, columns), metric, kind, scale)
    everywhere = np.ones(len(surveys), np.bool_)
    columns = _columns(everywhere, answered, value, scale) | {ANSWERS: answered.astype(np.uint8)}
    why = "the data do not say which surveys were sent and not answered, and no answer belongs to a ticket"
    return Population(_with(facts, Grain.SURVEYS, columns), metric, None, scale, why)


def _answers(metric: Metric, surveys: FactTable) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Which surveys are answered, and the answers in the unit of the metric."""
    measure = metric.measure
    columns = surveys.columns
    if isinstance(measure, Share):
        answered = columns[measure.among] != 0
        return answered, np.where(answered, columns[measure.of] != 0, 0.0).astype(np.float64)
    if isinstance(measure, Score):
        answered = columns[measure.among] != 0
        net = (columns[measure.up] != 0).astype(np.float64) - (columns[measure.down] != 0)
        return answered, np.where(answered, 100 * net, 0.0)
    if isinstance(measure, Mean):
        answered = columns[measure.among] != 0
        return answered, np.where(answered, columns[measure.of], 0.0) / measure.per_unit
    raise ValueError(f"{metric.key} is no answer to a survey; choose one of {', '.join(SURVEYED)}")


def _scale(metric: Metric, surveys: FactTable, values: NDArray[np.float64]) -> tuple[float, float] | None:
    """Bottom and top of the scale of one answer."""
    if isinstance(metric.measure, Share):
        return 0.0, 1.0
    if isinstance(metric.measure, Score):
        return -100.0, 100.0
    return _scale_of_effort(surveys, values)


def _scale_of_effort(surveys: FactTable, values: NDArray[np.float64]) -> tuple[float, float] | None:
    """The ends of the effort scale, from two answers and where they stand between 0 and 100."""
    source = surveys.source
    if "ces_raw" not in source or "ces_norm" not in source:
        return None
    raw = source["ces_raw"].to_numpy(dtype=np.float64, na_value=np.nan)
    norm = source["ces_norm"].to_numpy(dtype=np.float64, na_value=np.nan)
    known = np.isfinite(raw) & np.isfinite(norm)
    if not known.any():
        return None
    raw, norm = raw[known], norm[known]
    first, last = int(raw.argmin()), int(raw.argmax())
    if raw[last] - raw[first] <= 0 or norm[last] == norm[first]:
        return None
    per_point = (norm[last] - norm[first]) / (raw[last] - raw[first])
    ends = sorted((raw[first] - norm[first] / per_point, raw[first] + (100 - norm[first]) / per_point))
    if not np.allclose(norm, norm[first] + (raw - raw[first]) * per_point, atol=0.5):
        return None
    low, high = (round(float(end), 6) for end in ends)
    return (low, high) if values.size and low <= values.min() and values.max() <= high else None


def _joined(
    kind: Asked,
    table: FactTable,
    surveys: FactTable,
    answered: NDArray[np.bool_],
    value: NDArray[np.float64],
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Answers on the rows of another table: which have one, and the last one."""
    if kind.key not in surveys.source or kind.key not in table.source:
        return np.zeros(len(table), np.bool_), np.zeros(len(table))
    rows = np.flatnonzero(answered)
    place = places(table.source[kind.key], surveys.source[kind.key].iloc[rows], last=True)
    found = place >= 0
    if not rows.size:
        return found, np.zeros(len(table))
    return found, np.where(found, value[rows][np.maximum(place, 0)], 0.0)


def _columns(
    asked: NDArray[np.bool_],
    answered: NDArray[np.bool_],
    value: NDArray[np.float64],
    scale: tuple[float, float] | None,
) -> dict[str, NDArray[Any]]:
    said = np.where(answered, value, 0.0)
    made: dict[str, NDArray[Any]] = {
        ASKED: asked.astype(np.uint8),
        ANSWERED: answered.astype(np.uint8),
        VALUE: said,
        UP: (said > 0).astype(np.uint8),
        DOWN: (said < 0).astype(np.uint8),
    }
    if scale is not None:
        made[AT_LOW] = np.where(answered, said, scale[0])
        made[AT_HIGH] = np.where(answered, said, scale[1])
    return made


def measure_of(metric: Metric, flag: str) -> Share | Score | Mean:
    """The measure of the metric on the columns added here, among rows with a flag."""
    if isinstance(metric.measure, Share):
        return Share(VALUE, flag)
    return Score(UP, DOWN, flag) if isinstance(metric.measure, Score) else Mean(VALUE, flag)


def _with(facts: Facts, grain: Grain, columns: Mapping[str, NDArray[Any]]) -> Facts:
    """The same facts with more columns on one table."""
    table = facts.tables[grain]
    wider = replace(table, columns=MappingProxyType({**table.columns, **columns}))
    return replace(facts, tables=MappingProxyType({**facts.tables, grain: wider}))
