"""Remembered results of the targets page, kept like those of :mod:`ui.store`: by fingerprint and choices."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from kpi import attainment
from kpi.attainment import AttainmentCurve, Clock, Exceptions, Kept, LeftBand, Promise, Standing, Waiting
from kpi.facts import Facts
from kpi.model import Filter, Period
from kpi.workspace import Target
from ui.remember import remembered
from ui.view import View

RESULTS = 60
Where = tuple[Filter, ...]


def keeping(view: View, split: str) -> Kept:
    """Promises and targets over the period."""
    return _keeping(view.facts.fingerprint, view.now, view.where, view.kept_targets, split, view.facts)


@remembered(RESULTS, "Counting what was kept …")
def _keeping(
    fingerprint: str, period: Period, where: Where, targets: tuple[Target, ...], split: str, _facts: Facts
) -> Kept:
    return attainment.keeping(_facts, period, targets, where=where, split=split)


def curve(view: View, promise: Promise) -> AttainmentCurve:
    """The share in time by the time allowed, of the rows of one promise."""
    where = (*view.where, *promise.where)
    return _curve(view.facts.fingerprint, view.now, where, promise.clock, view.facts)


@remembered(RESULTS)
def _curve(fingerprint: str, period: Period, where: Where, clock: Clock, _facts: Facts) -> AttainmentCurve:
    return attainment.curve(_facts, clock, period, where=where)


def waiting(view: View, now: datetime | None = None) -> Waiting:
    """Open tickets and their limits; the period plays no part. Not remembered where it is as of now."""
    if now is not None:
        return attainment.waiting(view.facts, where=view.where, now=now)
    return _waiting(view.facts.fingerprint, view.where, view.facts)


@remembered(RESULTS)
def _waiting(fingerprint: str, where: Where, _facts: Facts) -> Waiting:
    return attainment.waiting(_facts, where=where)


def exceptions(view: View, grain: str) -> Exceptions:
    """What left its usual band; the period plays no part."""
    return _exceptions(view.facts.fingerprint, view.where, grain, view.facts)


@remembered(RESULTS, "Looking at every metric …")
def _exceptions(fingerprint: str, where: Where, grain: str, _facts: Facts) -> Exceptions:
    return attainment.exceptions(_facts, grain, where=where)


def behind(view: View, one: Promise | Standing | LeftBand, which: str) -> pd.DataFrame:
    """The rows behind a number, made anew each time: nothing else on the page depends on them."""
    if isinstance(one, Promise):
        return attainment.behind_promise(view.facts, one, view.now, which, where=view.where)
    if isinstance(one, Standing):
        return attainment.behind_target(view.facts, one, where=view.where)
    return attainment.behind_exception(view.facts, one, where=view.where)
