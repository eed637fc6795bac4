"""The rows behind a number, worst first, and the facts as a table."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpi import engine
from kpi.calendars import MISSING_DAY
from kpi.estimates import checked_fields
from kpi.facts import Facts, FactTable
from kpi.measures import Mean, Measure, Quantile, Rate, Score, Share, Stock, Survival
from kpi.metrics import catalogue
from kpi.metrics.companions import Count, CountedShare, Deviation, Largest
from kpi.metrics.feeding import readable, why_not
from kpi.model import Basis, Filter, Grain, Metric, Period, inside

COUNTED = "counted as"
VALUE = "value"
YES, NO = "yes", "no"
WORDS = MappingProxyType(
    {
        "csat_satisfied": ("satisfied", "not satisfied"),
        "frt_met": ("within target", "late"),
        "frt_settled_met": ("within target", "late"),
        "ttr_met": ("within target", "late"),
        "wait_met": ("within target", "late or abandoned"),
        "long_abandoned": ("abandoned", "not abandoned"),
        "fcr": ("solved at first contact", "not at first contact"),
        "solved": ("solved", "not solved"),
        "resolved": ("resolved", "not resolved"),
        "escalated": ("escalated", "not escalated"),
        "reopened": ("reopened", "not reopened"),
        "transferred": ("transferred", "not transferred"),
        "repeated": ("followed by another", "not followed"),
        "response_answered": ("answered", "not answered"),
        "rated": ("rated", "not rated"),
        "sentiment_positive": ("positive", "not positive"),
        "customer_lost": ("lost", "stayed"),
        "customer_kept": ("stayed", "lost"),
        "sla_response_met": ("met", "missed"),
        "sla_resolution_met": ("met", "missed"),
        "sla_both_met": ("both met", "missed"),
    }
)
"""What the numerator of a share is called, and the rest of the denominator."""


def rows(
    facts: Facts,
    metric: str | Metric,
    period: Period | None,
    *,
    where: tuple[Filter, ...] = (),
    part: str | None = None,
) -> pd.DataFrame:
    """The canonical rows counted in a metric (or in one of its parts), worst first.

    Two columns stand in front: ``counted as``, how each row counts (satisfied, promoter, still open, …), and,
    for durations and scores, ``value`` in the unit of the metric. A stock gives the rows open at the end.

    Raises:
        ValueError: for an unknown metric, part or field, and for a metric that the data do not feed.
    """
    chosen = _metric(facts, metric)
    measure, basis = _asked(chosen, part)
    reason = why_not(chosen, facts)
    table = facts.table(chosen.grain)
    if reason is not None or table is None:
        raise ValueError(reason or f"no {inside(chosen.name)}")
    missing = [column for column in measure.reads() if not readable(table, column)]
    if missing:
        raise ValueError(table.absent.get(missing[0], f"the data hold no {part}"))
    checked_fields(facts, (each.field for each in where))
    dated = None if basis in (Basis.POINT, Basis.LISTED) and period is None else period
    selection = engine.select(table, basis, dated, where=where)
    columns = {name: selection.column(name) for name in measure.reads() if name != "days"}
    end = facts.last_day if period is None else min(period.last_day, facts.last_day)
    counted, words, value = _counted(measure, columns, end)
    kept = np.flatnonzero(counted)
    badness = _badness(measure, columns, value, chosen.better.value)[kept]
    order = kept[np.argsort(-badness, kind="stable")]
    found = table.source.iloc[selection.rows[order]].reset_index(drop=True)
    if value is not None:
        found.insert(0, VALUE, value[order])
    found.insert(0, COUNTED, words[order])
    return found


def parts(metric: str | Metric) -> tuple[str, ...]:
    """Names of the numbers that stand beside a metric and can be opened like it."""
    from kpi.metrics import metric as by_key

    return tuple((by_key(metric) if isinstance(metric, str) else metric).parts)


def fact_frame(facts: Facts, grain: Grain | None = None) -> pd.DataFrame:
    """Facts as one table: the grain, the key and day columns, every fact; empty where a grain has none.

    Days are dates; ``_s`` are seconds, ``_min`` minutes. Without a ``grain``: all, one below the other.
    """
    frames = [_frame(table) for table in facts.tables.values() if grain in (None, table.grain)]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame({"grain": []})


def _frame(table: FactTable) -> pd.DataFrame:
    made: dict[str, Any] = {"grain": np.full(len(table), table.grain.value, dtype=object)}
    for key in ("ticket_id", "survey_id", "call_id", "requester_id", "agent_name", "date"):
        if key in table.source.columns:
            made[key] = table.source[key]
    for name, dimension in table.dimensions.items():
        made.setdefault(name, np.asarray(dimension.categories, dtype=object)[dimension.codes])
    for name, values in table.columns.items():
        if name.endswith("_day") and values.dtype == np.int32:
            dates = values.astype("datetime64[D]")
            made[name] = pd.Series(np.where(values == MISSING_DAY, np.datetime64("NaT"), dates)).dt.date
        else:
            made[name] = values
    return pd.DataFrame(made)


def _metric(facts: Facts, metric: str | Metric) -> Metric:
    if isinstance(metric, Metric):
        return metric
    known = {each.key: each for each in catalogue(facts.definitions)}
    known |= {each.key: each for each in catalogue(facts.definitions, facts)}
    if metric not in known:
        raise ValueError(f"unknown metric '{metric}'; known: {', '.join(known)}")
    return known[metric]


def _asked(metric: Metric, part: str | None) -> tuple[Measure, Basis]:
    if part is None:
        return metric.measure, metric.basis
    if part not in metric.parts:
        known = ", ".join(metric.parts) or "none"
        raise ValueError(f"{metric.name} has no part '{part}'; its parts: {known}")
    return metric.parts[part], metric.part_bases.get(part, metric.basis)


Counted = tuple[NDArray[np.bool_], NDArray[Any], NDArray[np.float64] | None]


def _counted(measure: Measure, columns: dict[str, NDArray[Any]], end: int) -> Counted:
    """Which rows count, how each counts, and its value where it has one."""
    size = next(iter(columns.values())).size
    if isinstance(measure, CountedShare):
        among, of = columns[measure.among], columns[measure.of]
        words = np.array([f"{a:g} of {b:g}" for a, b in zip(of, among, strict=True)], dtype=object)
        return among > 0, words, None
    if isinstance(measure, Share):
        yes, no = WORDS.get(measure.of, (YES, NO))
        return columns[measure.among] != 0, np.where(columns[measure.of] != 0, yes, no).astype(object), None
    if isinstance(measure, Score):
        up, down = columns[measure.up] != 0, columns[measure.down] != 0
        words = np.where(up, "promoter", np.where(down, "detractor", "passive")).astype(object)
        return columns[measure.among] != 0, words, None
    if isinstance(measure, Survival):
        ended = columns[measure.observed] != 0
        words = np.where(ended, "ended", "still waiting").astype(object)
        return columns[measure.among] != 0, words, columns[measure.of] / measure.per_unit
    if isinstance(measure, Mean | Quantile | Deviation | Largest):
        words = np.full(size, YES, dtype=object)
        return columns[measure.among] != 0, words, columns[measure.of] / measure.per_unit
    if isinstance(measure, Stock):
        opened, closed = columns[measure.opened] != 0, columns[measure.closed] != 0
        there = opened & (columns[measure.opened_day] <= end)
        there &= ~(closed & (columns[measure.closed_day] <= end))
        return there, np.full(size, "open", dtype=object), None
    if isinstance(measure, Count):
        return columns[measure.of] != 0, np.full(size, YES, dtype=object), None
    if isinstance(measure, Rate):
        happened = columns[measure.events] != 0
        # A shift in which nothing was done counts below the line, so it is one of the rows.
        there = happened | (columns[measure.per] != 0) if measure.per in columns else happened
        return there, np.where(happened, YES, NO).astype(object), None
    raise TypeError(f"rows of a {type(measure).__name__} cannot be told")


def _badness(
    measure: Measure, columns: dict[str, NDArray[Any]], value: NDArray[np.float64] | None, better: int
) -> NDArray[np.float64]:
    """Larger is worse."""
    if value is not None:
        return value * (-1.0 if better > 0 else 1.0)
    if isinstance(measure, Score):
        net: NDArray[np.float64] = columns[measure.down].astype(np.float64) - columns[measure.up]
        return net
    if isinstance(measure, CountedShare):
        missed: NDArray[np.float64] = columns[measure.among].astype(np.float64) - columns[measure.of]
        return missed * (1.0 if better >= 0 else -1.0)
    if isinstance(measure, Share):
        return columns[measure.of].astype(np.float64) * (-1.0 if better > 0 else 1.0)
    if isinstance(measure, Stock):
        return -columns[measure.opened_day].astype(np.float64)
    return np.zeros(next(iter(columns.values())).size, np.float64)
