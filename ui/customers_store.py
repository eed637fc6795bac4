"""Remembered results of the customers page, like those of :mod:`ui.store`: by fingerprints and choices."""

from __future__ import annotations

import streamlit as st

from kpi import compare, customers, drivers
from kpi.customers import (
    Cohorts,
    Follow,
    Kinds,
    Known,
    Moves,
    Proofs,
    Quarter,
    Relation,
    Risk,
    Sharing,
    Staying,
    Unit,
)
from kpi.drivers import Drivers
from kpi.facts import Facts
from kpi.model import Comparison, Estimate, Filter, Period, Verdict
from ui import store
from ui.remember import remembered
from ui.view import View

KNOWN = 6
RESULTS = 60
METRICS = ("repeat_contact", "repeat_rate", "churn", "retention", "ces", "nps")
"""Numbers of the catalogue that speak of customers, in the order of the page."""
EVER = ("repeat_rate", "ces", "nps")
"""Those that speak of everything when nothing has a date: a share that left is no rate."""
CONTACT = "repeat_contact"
DIMENSION = "category"
Where = tuple[Filter, ...]


def known(view: View, unit: Unit = Unit.CUSTOMER) -> Known:
    """Who wrote, answered and is on the list."""
    return _known(view.facts.fingerprint, unit, view.facts)


@remembered(KNOWN, "Finding out who each customer is …")
def _known(fingerprint: str, unit: Unit, _facts: Facts) -> Known:
    return customers.know(_facts, unit)


def has_organisations(view: View) -> bool:
    """Whether contacts name organisations."""
    return _organisations(view.facts.fingerprint, view.facts)


@remembered(RESULTS)
def _organisations(fingerprint: str, _facts: Facts) -> bool:
    return customers.has_organisations(_facts)


def comparisons(view: View) -> tuple[Comparison, ...]:
    """The numbers of the catalogue that speak of customers, judged as on the other pages.

    Where two periods cannot be compared, those of the period now (or of everything, without dates).
    """
    if view.window.refused:
        return _alone(view.facts.fingerprint, view.now, view.where, view.window.refused, view.facts)
    by_key = {each.metric.key: each for each in store.comparisons(view)}
    return tuple(by_key[key] for key in METRICS if key in by_key)


@remembered(RESULTS)
def _alone(
    fingerprint: str, now: Period, where: Where, refused: str, _facts: Facts
) -> tuple[Comparison, ...]:
    keys = METRICS if _facts.dated else EVER
    found = compare.measure(_facts, now if _facts.dated else None, metrics=keys, where=where)
    before = Estimate.absent(refused)
    return tuple(
        Comparison(each.metric, each.group, each.estimate, before, None, Verdict.TOO_FEW, refused)
        for each in found
    )


def why_again(view: View) -> Drivers | None:
    """What moved repeat contacts, by what contacts are about; None where that cannot be split."""
    if view.window.refused:
        return None
    return _why_again(*view.choices, view.facts)


@remembered(RESULTS)
def _why_again(fingerprint: str, now: Period, before: Period, where: Where, _facts: Facts) -> Drivers | None:
    from kpi.metrics import catalogue

    metric = next((each for each in catalogue(_facts.definitions, _facts) if each.key == CONTACT), None)
    if metric is None or metric.grain not in _facts.tables:
        return None
    if DIMENSION not in drivers.dimensions(_facts, metric):
        return None
    return drivers.explain(_facts, CONTACT, now, before, DIMENSION, where=where)


def sharing(view: View, found: Known) -> Sharing:
    """Contacts per customer in the period now."""
    return _sharing(view.facts.fingerprint, view.now if found.dated else None, view.where, found)


@remembered(RESULTS)
def _sharing(fingerprint: str, period: Period | None, where: Where, _known: Known) -> Sharing:
    return customers.sharing(_known, period, where=where)


def staying(view: View, found: Known) -> Staying:
    """The curve since joining and the share of the list that left."""
    return _staying(view.facts.fingerprint, view.where, found)


@remembered(RESULTS)
def _staying(fingerprint: str, where: Where, _known: Known) -> Staying:
    return customers.staying(_known, where=where)


def risk(view: View, found: Known) -> Risk:
    """Accounts at risk at the end of the period now."""
    before = None if view.window.refused else view.before
    return _risk(view.facts.fingerprint, found.unit, view.now, before, view.where, found)


@remembered(RESULTS)
def _risk(
    fingerprint: str, unit: Unit, now: Period, before: Period | None, where: Where, _known: Known
) -> Risk:
    return customers.risk(_known, now, before, where=where)


def proofs(view: View, found: Known) -> Proofs:
    """How good the list of the period before was."""
    return _proofs(*view.choices, found.unit, found)


@remembered(RESULTS)
def _proofs(fingerprint: str, now: Period, before: Period, where: Where, unit: Unit, _known: Known) -> Proofs:
    return customers.prove(_known, now, before, where=where)


def relations(view: View, found: Known) -> tuple[Relation, ...]:
    """What came after good and bad answers."""
    return _relations(view.facts.fingerprint, view.where, found)


@remembered(RESULTS, "Following each answer …")
def _relations(fingerprint: str, where: Where, _known: Known) -> tuple[Relation, ...]:
    return customers.relations(_known, where=where)


def quarters(view: View, found: Known) -> tuple[Quarter, ...]:
    """NPS groups by quarter up to the period now."""
    return _quarters(view.facts.fingerprint, view.now, view.where, found)


@remembered(RESULTS)
def _quarters(fingerprint: str, now: Period, where: Where, _known: Known) -> tuple[Quarter, ...]:
    return customers.quarters(_known, now, where=where)


def moves(view: View, found: Known) -> Moves:
    """Moves between NPS groups."""
    return _moves(view.facts.fingerprint, view.now, view.where, found)


@remembered(RESULTS)
def _moves(fingerprint: str, now: Period, where: Where, _known: Known) -> Moves:
    return customers.moves(_known, now, where=where)


def cohorts(view: View, found: Known, follow: Follow, grain: str) -> Cohorts:
    """The table of cohorts."""
    return _cohorts(view.facts.fingerprint, follow, grain, view.where, found)


@remembered(RESULTS)
def _cohorts(fingerprint: str, follow: Follow, grain: str, where: Where, _known: Known) -> Cohorts:
    return customers.cohorts(_known, follow, grain, where=where)


def kinds(view: View, found: Known) -> Kinds:
    """Kinds of customers against each other, and their changes."""
    before = None if view.window.refused else view.before
    return _kinds(view.facts.fingerprint, view.now, before, view.where, found)


@remembered(RESULTS, "Comparing kinds of customers …")
def _kinds(fingerprint: str, now: Period, before: Period | None, where: Where, _known: Known) -> Kinds:
    return customers.segments(_known, now, before, where=where)


def key(view: View) -> bytes:
    """The key of the pseudonyms of a data set."""
    return _key(view.facts.fingerprint, view.key, known(view))


@remembered(RESULTS)
def _key(fingerprint: str, name: str, _known: Known) -> bytes:
    return customers.secret(_known, name)


def chosen(table: str, cell: tuple[int, str] | None, codes: tuple[int, ...]) -> int | None:
    """The account of the row that was clicked last, None before any click."""
    if cell is not None and cell[0] < len(codes):
        st.session_state[f"account-{table}"] = codes[cell[0]]
    code = st.session_state.get(f"account-{table}")
    return int(code) if code in codes else None
