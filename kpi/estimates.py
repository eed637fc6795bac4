"""Metrics in one period and one group: what is aggregated for them, their estimates, and why there is
none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from kpi import engine, fields
from kpi.calendars import MISSING_DAY
from kpi.facts import Facts, FactTable
from kpi.facts.customers import UNDATED
from kpi.measures import Cells, Counts, Days, Measure, Statistics, Stock
from kpi.metrics.companions import Count
from kpi.metrics.feeding import readable, why_not
from kpi.model import EPOCH, Basis, Estimate, Filter, Grain, Group, Metric, Period, inside

PER_DAY_PARTS = ("per_day", "per_week")


@dataclass(frozen=True)
class Measured:
    """A metric in one period and group: its estimate, and the statistics that a comparison needs."""

    estimate: Estimate
    statistics: Statistics | None = None
    exposure: Days | None = None


Results = Mapping[str, Mapping[Group, Measured]]
"""Key of the metric → group → result; a metric without an answer has the whole as its only group."""


def measured(
    facts: Facts,
    metrics: Sequence[Metric],
    period: Period | None,
    *,
    by: tuple[str, ...] = (),
    where: tuple[Filter, ...] = (),
    level: float | None = None,
    parts: bool = True,
) -> Results:
    """Every metric by group, with one pass over the facts per grain and basis.

    Parameters
        period: None means everything in the data, rows without a date included.
        level: of the intervals; that of the definitions when None.
        parts: whether the numbers beside the headline and the notes are wanted.

    Raises:
        ValueError: for a field that no table has.
    """
    checked_fields(facts, (*by, *(each.field for each in where)))
    level = facts.definitions.confidence if level is None else level
    reasons = {m.key: _reason(m, facts, period, by, where) for m in metrics}
    wanted: dict[tuple[Grain, Basis], dict[str, Measure]] = {}
    for metric in metrics:
        table = facts.table(metric.grain)
        if reasons[metric.key] is None and table is not None:
            for name, basis, measure in _requests(metric, table, parts):
                wanted.setdefault((metric.grain, basis), {})[name] = measure
    found = {
        key: engine.aggregate(facts.tables[key[0]], measures, basis=key[1], period=period, by=by, where=where)
        for key, measures in wanted.items()
    }
    results: dict[str, Mapping[Group, Measured]] = {}
    for metric in metrics:
        reason = reasons[metric.key]
        table = facts.table(metric.grain)
        if reason is not None or table is None:
            results[metric.key] = {Group(): Measured(Estimate.absent(reason or f"no {inside(metric.name)}"))}
            continue
        stretches = _stretches(facts, period, by)
        results[metric.key] = {
            group: _measured(metric, facts, table, period, group, statistics, found, level, stretches)
            for group, statistics in found[(metric.grain, metric.basis)].items()
        }
    return results


def checked_fields(facts: Facts, names: Iterable[str]) -> None:
    """Nothing when each field is known to some table; else ValueError with those there are."""
    tables = list(facts.tables.values())
    for name in names:
        if all(fields.resolve(table, name) is None for table in tables):
            raise fields.unknown(name, tables)


def exposure_of(facts: Facts, table: FactTable, basis: Basis, period: Period | None) -> Days | None:
    """First and last day that lie both in the period and in the data; None when there are none.

    For all data: the days of the table itself.
    """
    if period is None:
        if basis in (Basis.POINT, Basis.LISTED) or basis.value not in table.columns:
            return facts.first_day, facts.last_day
        days = table.columns[basis.value]
        known = days[days != MISSING_DAY]
        undated = engine.undated_day(table, basis)
        if not known.size:
            return (undated or 0, undated or 0)
        return (int(known.min()) if undated is None else undated, int(known.max()))
    first, last = max(period.first_day, facts.first_day), min(period.last_day, facts.last_day)
    return (first, last) if first <= last else None


def _reason(
    metric: Metric, facts: Facts, period: Period | None, by: tuple[str, ...], where: tuple[Filter, ...]
) -> str | None:
    """Why there can be no answer in any group; None when there may be one."""
    reason = why_not(metric, facts)
    table = facts.table(metric.grain)
    if reason is not None or table is None:
        return reason
    for name in (*by, *(each.field for each in where)):
        own = fields.resolve(table, name)
        if own is None:
            return f"{metric.grain.value.replace('_', ' ')} have no field '{name}'"
        if own in fields.GRAINS and metric.basis is Basis.LISTED:
            return "a customer list has no days to be split by"
        if own == "hour" and fields.hour_column(metric.basis) not in table.columns:
            return f"the hour is not known ({metric.basis.words})"
    if period is None:
        return None
    if metric.grain is Grain.CUSTOMERS:
        return None if (table.columns["lost_day"] != MISSING_DAY).any() else UNDATED
    if metric.basis is not Basis.POINT and not _has_days(table, metric.basis):
        return f"no row has a date ({metric.basis.words}); only all data together can be measured"
    if metric.basis is Basis.POINT and not _has_days(table, Basis.CREATED):
        return "no row has a date of creation; only all data together can be measured"
    if exposure_of(facts, table, metric.basis, period) is None:
        first, last = (EPOCH + timedelta(days=day) for day in (facts.first_day, facts.last_day))
        return f"the data go from {first} to {last}: nothing in this period"
    return None


def _has_days(table: FactTable, basis: Basis) -> bool:
    days = table.columns.get(basis.value)
    return days is not None and bool((days != MISSING_DAY).any())


def _requests(metric: Metric, table: FactTable, parts: bool) -> Iterable[tuple[str, Basis, Measure]]:
    """Name, basis and measure of everything that is aggregated for one metric."""
    yield metric.key, metric.basis, metric.measure
    if not parts:
        return
    for name, measure in metric.parts.items():
        if all(readable(table, column) for column in measure.reads()):
            yield f"{metric.key}/{name}", metric.part_bases.get(name, metric.basis), measure
    for flag in metric.left_out:
        if flag in table.columns:
            yield f"{metric.key}!{flag}", metric.basis, Count(flag)


def _measured(
    metric: Metric,
    facts: Facts,
    table: FactTable,
    period: Period | None,
    group: Group,
    statistics: Mapping[str, Statistics],
    found: Mapping[tuple[Grain, Basis], engine.Result],
    level: float,
    stretches: Mapping[str, Mapping[str, Days]],
) -> Measured:
    exposure = exposure_of(facts, table, metric.basis, period)
    for name, label in group.keys:
        exposure = stretches.get(name, {}).get(label, exposure)
    own: Any = statistics[metric.key]
    estimate: Estimate = metric.measure.estimate(own, level=level, exposure=exposure)
    if metric.key == "asat" and estimate.n < facts.definitions.minimum_agent_answers:
        least = facts.definitions.minimum_agent_answers
        return Measured(
            Estimate.absent(f"fewer than {least} answers: not shown, so that nobody is exposed", estimate.n)
        )
    numbers: dict[str, float | int | None] = dict(estimate.parts)
    if period is None and engine.undated_day(table, metric.basis) is not None:
        numbers = {name: value for name, value in numbers.items() if name not in PER_DAY_PARTS}
    for name, measure in metric.parts.items():
        basis = metric.part_bases.get(name, metric.basis)
        beside = found.get((metric.grain, basis), {}).get(group, {})
        if (given := beside.get(f"{metric.key}/{name}")) is not None:
            same = measure == metric.measure and basis is metric.basis
            shown_beside = estimate if same else measure.estimate(given, level=level, exposure=exposure)
            nothing = 0.0 if isinstance(measure, Stock) and estimate.value is not None else None
            value = shown_beside.value if shown_beside.value is not None else nothing
            numbers[name] = _number(measure, value)
    note = _note(metric, table, statistics)
    if estimate.value is None and note and not estimate.n:
        estimate = replace(estimate, reason=f"{estimate.reason}; {note}")
    shown = replace(estimate, parts=MappingProxyType(numbers), note=note or estimate.note)
    return Measured(shown, own, exposure)


def _number(measure: Measure, value: float | None) -> float | int | None:
    """Counts as whole numbers."""
    whole = isinstance(measure, Count | Stock) and value is not None and float(value).is_integer()
    return round(value) if whole and value is not None else value


def _note(metric: Metric, table: FactTable, statistics: Mapping[str, Statistics]) -> str | None:
    """What is left out because it is too new, by policy, or because the data contradict themselves."""
    sentences = []
    for flag, words in metric.left_out.items():
        counted = statistics.get(f"{metric.key}!{flag}")
        if isinstance(counted, Cells) and (number := round(counted.total("sum"))):
            settings = {name: getattr(table.definitions, name) for name in vars(table.definitions)}
            sentences.append(f"{number:,} {words.format(**settings)}")
    told = dict.fromkeys(table.notes[column] for column in metric.measure.reads() if column in table.notes)
    sentences.extend(filter(None, told))
    if table.excluded:
        counts = ", ".join(f"{number:,} {reason}" for reason, number in table.excluded.items())
        sentences.append(f"left out by choice, in all data: {counts}")
    return "; ".join(sentences) or None


def _stretches(facts: Facts, period: Period | None, by: tuple[str, ...]) -> dict[str, dict[str, Days]]:
    """For each grain of time in ``by``: the days of each of its names, within the period and the data."""
    first, last = (
        (facts.first_day, facts.last_day)
        if period is None
        else (max(period.first_day, facts.first_day), min(period.last_day, facts.last_day))
    )
    found: dict[str, dict[str, Days]] = {}
    for name in by:
        grain = name.strip().casefold()
        if grain in fields.PARTS_OF_TIME:
            spans = found.setdefault(grain, {})
            for day in range(first, last + 1):
                label = fields.name_of(day, grain, facts.definitions)
                spans[label] = (spans.get(label, (day, day))[0], day)
    return found


def within(statistics: Statistics, days: Days) -> Statistics:
    """The part of statistics on some days; they are sorted by day, so it is a slice."""
    low = int(statistics.day.searchsorted(days[0], side="left"))
    high = int(statistics.day.searchsorted(days[1], side="right"))
    part = slice(low, high)
    if isinstance(statistics, Counts):
        return Counts(
            statistics.day[part],
            statistics.agent[part],
            statistics.value[part],
            statistics.observed[part],
            statistics.censored[part],
        )
    sums = {name: values[part] for name, values in statistics.sums.items()}
    return Cells(statistics.day[part], statistics.agent[part], MappingProxyType(sums))
