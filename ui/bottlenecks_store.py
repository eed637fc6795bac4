"""Remembered results of the bottlenecks page, by fingerprints and choices."""

from __future__ import annotations

import streamlit as st

from kpi import bottlenecks, periods
from kpi.bottlenecks import Ageing, Hours, Loops, Relation, Slice, Split, Stages
from kpi.facts import Facts
from kpi.model import Filter, Period
from kpi.periods.kinds import as_date
from ui.remember import remembered
from ui.view import View

RESULTS = 40
HALF, SAME, ALL = "Half a year to the end of this period", "This period", "All data"
SPANS = (HALF, SAME, ALL)
Where = tuple[Filter, ...]


def span(view: View, chosen: str) -> Period:
    """The days that hours are looked at on: an hour needs many days to be told from chance."""
    facts = view.facts
    if chosen == SAME or not facts.dated:
        return view.now
    if chosen == ALL:
        return periods.custom(as_date(facts.first_day), as_date(facts.last_day), facts.definitions)
    return bottlenecks.half_year(facts, view.now)


def split(view: View) -> Split:
    """Where the time of solved contacts went."""
    return _split(*view.choices, view.facts)


@remembered(RESULTS, "Adding up where the time went …")
def _split(fingerprint: str, now: Period, before: Period, where: Where, _facts: Facts) -> Split:
    return bottlenecks.split(_facts, now, before, where=where)


def slices(view: View, found: Split, field: str) -> tuple[Slice, ...]:
    """The same by the values of a field."""
    return _slices(*view.choices, field, view.facts, found)


@remembered(RESULTS)
def _slices(
    fingerprint: str,
    now: Period,
    before: Period,
    where: Where,
    field: str,
    _facts: Facts,
    _found: Split,
) -> tuple[Slice, ...]:
    return bottlenecks.slices(_facts, _found, field)


def stages(view: View) -> Stages:
    """How long contacts stay in each stage."""
    return _stages(*view.choices, view.facts)


@remembered(RESULTS)
def _stages(fingerprint: str, now: Period, before: Period, where: Where, _facts: Facts) -> Stages:
    return bottlenecks.stages(_facts, now, before, where=where)


def hours(view: View, days: Period) -> Hours:
    """Which hours stand out on these days."""
    return _hours(view.facts.fingerprint, days, view.where, view.facts)


@remembered(RESULTS, "Looking at every hour …")
def _hours(fingerprint: str, days: Period, where: Where, _facts: Facts) -> Hours:
    return bottlenecks.hours(_facts, days, where=where)


def ageing(view: View) -> Ageing:
    """The age of what is open."""
    return _ageing(*view.choices, view.facts)


@remembered(RESULTS)
def _ageing(fingerprint: str, now: Period, before: Period, where: Where, _facts: Facts) -> Ageing:
    return bottlenecks.ageing(_facts, now, before, where=where)


def loops(view: View) -> Loops:
    """Contacts that went round."""
    return _loops(view.facts.fingerprint, view.now, view.where, view.facts)


@remembered(RESULTS)
def _loops(fingerprint: str, now: Period, where: Where, _facts: Facts) -> Loops:
    return bottlenecks.loops(_facts, now, where=where)


def relations(view: View) -> tuple[Relation, ...]:
    """Satisfaction by how long customers waited."""
    return _relations(view.facts.fingerprint, view.now, view.where, view.facts)


@remembered(RESULTS)
def _relations(fingerprint: str, now: Period, where: Where, _facts: Facts) -> tuple[Relation, ...]:
    return bottlenecks.relations(_facts, now, where=where)


def open_rows(section: str, name: str) -> None:
    """Chooses the contacts that a section shows, for a button or a click in a table."""
    st.session_state[f"behind_{section}"] = name
