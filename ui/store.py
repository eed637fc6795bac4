"""The only cache of the app: data sets, facts, results, keyed by fingerprints and frozen choices.

Cached values are shared by all readers and never changed.
"""

from __future__ import annotations

import gc
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import streamlit as st

from kpi import compare, periods
from kpi.charts import Point
from kpi.definitions import Definitions
from kpi.facts import Facts, build_facts
from kpi.ingest import Import, import_files
from kpi.model import Claim, Comparison, Estimate, Filter, MetricEstimate, Period
from kpi.periods.kinds import as_date
from kpi.workspace import Dataset, Workspace
from ui.view import View

SAMPLE = "sample"
SAMPLE_LABEL = "Sample data"
SAMPLE_FILES = Path(__file__).resolve().parent.parent / "sample_data" / "files"
SAMPLE_ZONE = "Europe/Berlin"
HISTORY = timedelta(days=455)
RESULTS = 300
"""How many results are remembered; each is small."""


@dataclass(frozen=True)
class Named:
    """A data set as the page calls it: its key in the workspace and a label that no other one has."""

    key: str
    label: str


@st.cache_resource(show_spinner=False)
def settle() -> None:
    """Once per server: what the imports left behind is never looked at again by the garbage collector."""
    gc.collect()
    gc.freeze()


@st.cache_resource(show_spinner=False)
def workspace() -> Workspace:
    """What is kept between visits."""
    return Workspace.open()


def kept() -> tuple[Dataset, ...]:
    """The reader's own data sets, newest first."""
    return workspace().datasets()


def datasets() -> tuple[Named, ...]:
    """The sample first, so that every other one is named in the address; then the reader's own, newest first."""
    return (Named(SAMPLE, SAMPLE_LABEL), *(Named(dataset.key, dataset.label) for dataset in kept()))


@st.cache_resource(max_entries=3, show_spinner="Opening the data set …")
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
    chosen = workspace().definitions()
    return replace(chosen, timezone=own_zone(key)) if chosen.timezone == Definitions().timezone else chosen


def own_zone(key: str) -> str:
    """The zone in which the files of a data set were read; UTC when they do not agree on one."""
    zones = {account.settings.get("timezone", "") for account in imported(key).files} - {""}
    zone = zones.pop() if len(zones) == 1 else ""
    return zone if "/" in zone else Definitions().timezone


def facts(key: str) -> Facts:
    """The facts of a data set under the definitions that hold now."""
    chosen = definitions(key)
    return _facts(key, chosen.fingerprint(), chosen)


@st.cache_resource(max_entries=3, show_spinner="Working out the facts …")
def _facts(key: str, fingerprint: str, _definitions: Definitions) -> Facts:
    return build_facts(imported(key).tables, _definitions)


def comparisons(view: View) -> tuple[Comparison, ...]:
    """Every metric now and before."""
    return _comparisons(*view.choices, view.facts)


@st.cache_resource(max_entries=RESULTS, show_spinner=False)
def _comparisons(
    fingerprint: str, now: Period, before: Period, where: tuple[Filter, ...], _facts: Facts
) -> tuple[Comparison, ...]:
    return compare.compare(_facts, now, before, where=where)


def claims(view: View) -> tuple[Claim, ...]:
    """What may be said of the two periods, what needs attention first."""
    return compare.claims(comparisons(view), view.now, view.before)


def segments(view: View, one: tuple[Filter, ...], other: tuple[Filter, ...]) -> tuple[Comparison, ...]:
    """Every metric of one segment against another in the period now."""
    return _segments(view.facts.fingerprint, view.now, one, other, view.where, view.facts)


@st.cache_resource(max_entries=RESULTS, show_spinner=False)
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


@st.cache_resource(max_entries=RESULTS, show_spinner=False)
def _estimates(
    fingerprint: str, period: Period, where: tuple[Filter, ...], _facts: Facts
) -> tuple[MetricEstimate, ...]:
    return compare.measure(_facts, period, where=where)


def histories(view: View, keys: Sequence[str]) -> dict[str, tuple[Point, ...]]:
    """Metrics over the whole weeks of the last 15 months, by key."""
    return _histories(view.facts.fingerprint, tuple(keys), view.where, view.facts)


@st.cache_resource(max_entries=RESULTS, show_spinner=False)
def _histories(
    fingerprint: str, keys: tuple[str, ...], where: tuple[Filter, ...], _facts: Facts
) -> dict[str, tuple[Point, ...]]:
    last = as_date(_facts.last_day)
    span = Period(max(as_date(_facts.first_day), last - HISTORY), last)
    weeks = periods.grid(span, "week", _facts.definitions, partial="drop")
    found = compare.histories(_facts, keys, weeks, where=where)
    return {
        key: tuple(Point(week.start, week.days, each) for week, each in zip(weeks, estimates, strict=True))
        for key, estimates in found.items()
    }


def period_options(facts: Facts) -> tuple[periods.Choice, ...]:
    """The periods that the data hold, in the order of the list."""
    return _period_options(facts.fingerprint, facts)


@st.cache_resource(max_entries=30, show_spinner=False)
def _period_options(fingerprint: str, _facts: Facts) -> tuple[periods.Choice, ...]:
    return periods.options(_facts.first_day, _facts.last_day, _facts.definitions)
