"""The only cache of the app: data sets, facts, results, keyed by fingerprints and frozen choices.

Cached values are shared by all readers and never changed.
"""

from __future__ import annotations

import gc
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pandas as pd

from kpi import attainment, compare, drill, periods
from kpi.charts import Point
from kpi.definitions import Definitions
from kpi.facts import Facts, build_facts
from kpi.ingest import Import, import_files
from kpi.metrics import catalogue
from kpi.model import Claim, Comparison, Estimate, Filter, MetricEstimate, Period, Unit
from kpi.periods.kinds import as_date
from kpi.trend import Trend
from kpi.trend import trend as trend_of
from kpi.workspace import Dataset, Event, Target, Workspace
from ui.remember import remembered
from ui.view import View

SAMPLE = "sample"
SAMPLE_LABEL = "Sample data"
WATCHED_LABEL = "Watched folder"
WATCHED_DATABASE = "Watched database"
SAMPLE_FILES = Path(__file__).resolve().parent.parent / "sample_data" / "files"
SAMPLE_ZONE = "Europe/Berlin"
HISTORY = timedelta(days=455)
FEW = 20
RESULTS = 300
"""How many results are remembered; each is small."""


@dataclass(frozen=True)
class Named:
    """A data set as the page calls it: its key in the workspace and a label that no other one has."""

    key: str
    label: str


@remembered()
def settle() -> None:
    """Once per server: what the imports left behind is never looked at again by the garbage collector."""
    gc.collect()
    gc.freeze()


@remembered()
def workspace() -> Workspace:
    """What is kept between visits."""
    return Workspace.open()


def kept() -> tuple[Dataset, ...]:
    """The reader's own data sets, newest first."""
    return workspace().datasets()


def datasets() -> tuple[Named, ...]:
    """The sample first, so that every other one is named in the address; then the reader's own."""
    return (Named(SAMPLE, SAMPLE_LABEL), *(Named(dataset.key, dataset.label) for dataset in kept()))


@remembered(3, "Opening the data set …")
def imported(key: str) -> Import:
    """The tables and accounts of a data set."""
    if key != SAMPLE:
        return workspace().load(key)
    files = sorted(SAMPLE_FILES.glob("*.csv"))
    return import_files(
        [(file.name, file) for file in files], {"timezone": SAMPLE_ZONE}, team_zone=SAMPLE_ZONE
    )


def definitions(key: str) -> Definitions:
    """The kept definitions; days are cut in the zone of the files until the lead has chosen another one."""
    return workspace().definitions().settled(imported(key).zone)


def facts(key: str) -> Facts:
    """The facts of a data set under the definitions that hold now."""
    chosen = definitions(key)
    return _facts(key, chosen.fingerprint(), chosen)


@remembered(3, "Working out the facts …")
def _facts(key: str, fingerprint: str, _definitions: Definitions) -> Facts:
    return build_facts(imported(key).tables, _definitions)


def comparisons(view: View) -> tuple[Comparison, ...]:
    """Every metric now and before, with the target that holds for it."""
    found = _comparisons(*view.choices, view.facts)
    return attainment.aimed(found, view.definitions, view.kept_targets, view.where, view.now.end)


@remembered(RESULTS)
def _comparisons(
    fingerprint: str, now: Period, before: Period, where: tuple[Filter, ...], _facts: Facts
) -> tuple[Comparison, ...]:
    return compare.compare(_facts, now, before, where=where)


def claims(view: View) -> tuple[Claim, ...]:
    """What may be said of the two periods, what needs attention first."""
    return compare.claims(comparisons(view), view.now, view.before)


def segments(view: View, one: tuple[Filter, ...], other: tuple[Filter, ...]) -> tuple[Comparison, ...]:
    """Every metric of one segment against another in the period now, with the target of the one."""
    found = _segments(view.facts.fingerprint, view.now, one, other, view.where, view.facts)
    where = (*view.where, *one)
    return attainment.aimed(found, view.definitions, view.kept_targets, where, view.now.end)


@remembered(RESULTS)
def _segments(
    fingerprint: str,
    now: Period,
    one: tuple[Filter, ...],
    other: tuple[Filter, ...],
    where: tuple[Filter, ...],
    _facts: Facts,
) -> tuple[Comparison, ...]:
    return compare.compare_segments(_facts, now, one, other, where=where)


def estimates(view: View, period: Period) -> dict[str, Estimate]:
    """Every metric in one period, by key."""
    found = _estimates(view.facts.fingerprint, period, view.where, view.facts)
    return {result.metric.key: result.estimate for result in found}


@remembered(RESULTS)
def _estimates(
    fingerprint: str, period: Period, where: tuple[Filter, ...], _facts: Facts
) -> tuple[MetricEstimate, ...]:
    return compare.measure(_facts, period, where=where)


def histories(view: View) -> dict[str, tuple[Point, ...]]:
    """Every metric over the whole weeks of the last 15 months, by key, whatever the period of the view."""
    return _histories(view.facts.fingerprint, view.where, view.facts)


@remembered(RESULTS)
def _histories(fingerprint: str, where: tuple[Filter, ...], _facts: Facts) -> dict[str, tuple[Point, ...]]:
    last = as_date(_facts.last_day)
    span = Period(max(as_date(_facts.first_day), last - HISTORY), last)
    weeks = periods.grid(span, "week", _facts.definitions, partial="drop")
    found = compare.histories(_facts, None, weeks, where=where)
    starts, lengths = [week.start for week in weeks], [week.days for week in weeks]
    return {
        key: tuple(map(Point, starts, lengths, estimates, compare.provisional(_facts, key, weeks)))
        for key, estimates in found.items()
    }


def events() -> tuple[Event, ...]:
    """What is known to have happened, by day; asked of the workspace each time, as others may add to it."""
    return workspace().events()


def targets() -> tuple[Target, ...]:
    """Every target that was set on the page Targets; asked of the workspace each time, as for events."""
    return workspace().kept(Target)


def trend(view: View, key: str, grain: str, span: Period, known: tuple[Event, ...]) -> Trend:
    """One metric over a stretch of days, with the events known and the target of its last day."""
    metric = next(metric for metric in catalogue(view.definitions, view.facts) if metric.key == key)
    goal = view.aim(metric, last=span.end).value
    return _trend(view.facts.fingerprint, key, grain, span, view.where, known, goal, view.facts)


@remembered(RESULTS)
def _trend(
    fingerprint: str,
    key: str,
    grain: str,
    span: Period,
    where: tuple[Filter, ...],
    known: tuple[Event, ...],
    target: float | None,
    _facts: Facts,
) -> Trend:
    return trend_of(_facts, key, grain=grain, where=where, events=known, target=target, period=span)


def period_options(facts: Facts) -> tuple[periods.Choice, ...]:
    """The periods that the data hold, in the order of the list."""
    return _period_options(facts.fingerprint, facts)


@remembered(RESULTS)
def _period_options(fingerprint: str, _facts: Facts) -> tuple[periods.Choice, ...]:
    return periods.options(
        _facts.first_day,
        _facts.last_day,
        _facts.definitions,
        newest_day_whole=_facts.newest_day_whole,
    )


def durations(view: View, key: str) -> tuple[pd.Series, pd.Series] | None:
    """The values behind a duration, now and before; None where the metric is no duration or has no values."""
    return _durations(*view.choices, key, view.facts)


@remembered(FEW)
def _durations(
    fingerprint: str, now: Period, before: Period, where: tuple[Filter, ...], key: str, _facts: Facts
) -> tuple[pd.Series, pd.Series] | None:
    metric = next(metric for metric in catalogue(_facts.definitions, _facts) if metric.key == key)
    if metric.unit not in (Unit.MINUTES, Unit.HOURS):
        return None
    sides = [drill.rows(_facts, metric, period, where=where) for period in (now, before)]
    if any(drill.VALUE not in rows.columns for rows in sides) or sides[0].empty:
        return None
    return sides[0][drill.VALUE], sides[1][drill.VALUE]
