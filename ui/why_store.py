"""Remembered results of "Why it moved", kept like those of :mod:`ui.store`: by fingerprints and choices."""

from __future__ import annotations

from kpi import drivers
from kpi.compare import compare
from kpi.drivers import Drivers, Ranked, Scan
from kpi.facts import Facts
from kpi.model import Filter, Period
from ui.remember import remembered
from ui.view import View

RESULTS = 100
SCANS = 10


def explained(view: View, key: str, dimension: str) -> Drivers:
    """The change of a metric by one dimension."""
    return _explained(*view.choices, key, dimension, view.facts)


@remembered(RESULTS)
def _explained(
    fingerprint: str,
    now: Period,
    before: Period,
    where: tuple[Filter, ...],
    key: str,
    dimension: str,
    _facts: Facts,
) -> Drivers:
    return drivers.explain(_facts, key, now, before, dimension, where=where)


def ranked(view: View, key: str) -> tuple[Ranked, ...]:
    """The dimensions of a metric, what tells most first."""
    return _ranked(*view.choices, key, view.facts)


@remembered(RESULTS)
def _ranked(
    fingerprint: str, now: Period, before: Period, where: tuple[Filter, ...], key: str, _facts: Facts
) -> tuple[Ranked, ...]:
    metric = compare(_facts, now, before, metrics=(key,), where=where)[0].metric
    return drivers.rank(_facts, metric, now, before, drivers.dimensions(_facts, metric), where=where)


def scanned(view: View) -> Scan:
    """Every value of every dimension for every metric."""
    return _scanned(*view.choices, view.facts)


@remembered(SCANS, "Looking at every segment of every metric …")
def _scanned(fingerprint: str, now: Period, before: Period, where: tuple[Filter, ...], _facts: Facts) -> Scan:
    return drivers.scan(_facts, now, before, where=where)
