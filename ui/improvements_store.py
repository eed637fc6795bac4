"""Remembered results of the improvements page, kept like those of :mod:`ui.store`."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from kpi import improvements
from kpi.improvements import Improvements, Look, Need
from kpi.issues import Sorted
from kpi.model import Estimate, Filter, Period
from ui import issues_store
from ui.remember import remembered
from ui.view import View

RESULTS = 40
ROWS = 6


def kept(view: View) -> Sorted:
    """The contacts with their issues, as the Issues page has them at first."""
    return issues_store.sorted_by(view, None, issues_store.rules())


def found(view: View, issues: Sorted) -> Improvements:
    """Every value of every dimension against its peers."""
    return _found(view.facts.fingerprint, view.now, view.where, issues_store.rules(), issues)


@remembered(RESULTS, "Comparing with peers …")
def _found(
    fingerprint: str, now: Period, where: tuple[Filter, ...], known: issues_store.Rules, _issues: Sorted
) -> Improvements:
    return improvements.improvements(_issues, now, where=where)


def needs(view: View, issues: Sorted, known: Improvements) -> tuple[Need, ...]:
    """Topics that fall behind, with how agents stand in them."""
    return _needs(view.facts.fingerprint, view.now, view.where, issues_store.rules(), issues, known)


@remembered(RESULTS)
def _needs(
    fingerprint: str,
    now: Period,
    where: tuple[Filter, ...],
    rules: issues_store.Rules,
    _issues: Sorted,
    _known: Improvements,
) -> tuple[Need, ...]:
    return improvements.needs(_issues, _known)


def months(view: View, issues: Sorted, look: Look) -> tuple[tuple[Period, Estimate], ...]:
    """The own level of a look in each of the last months."""
    which = look.outcome.key, look.dimension, look.value
    return _months(view.facts.fingerprint, view.now, view.where, issues_store.rules(), which, issues, look)


@remembered(RESULTS)
def _months(
    fingerprint: str,
    now: Period,
    where: tuple[Filter, ...],
    rules: issues_store.Rules,
    which: tuple[str, str, str],
    _issues: Sorted,
    _look: Look,
) -> tuple[tuple[Period, Estimate], ...]:
    return improvements.months(_issues, _look, now, where=where)


def rows(view: View, issues: Sorted, look: Look, part: str) -> pd.DataFrame:
    """The rows behind a look."""
    which = look.outcome.key, look.dimension, look.value, part
    return _rows(
        view.facts.fingerprint,
        view.now,
        view.where,
        issues_store.rules(),
        which,
        look.reference,
        issues,
        look,
    )


@remembered(ROWS)
def _rows(
    fingerprint: str,
    now: Period,
    where: tuple[Filter, ...],
    rules: issues_store.Rules,
    which: tuple[str, str, str, str],
    reference: float,
    _issues: Sorted,
    _look: Look,
) -> pd.DataFrame:
    return improvements.rows(_issues, _look, now, where=where, part=which[-1])


def clicked(table: str, cell: tuple[int, str] | None, names: Sequence[str]) -> None:
    """Takes over a new click on a table of values: the value, and which of its rows."""
    seen = f"seen-{table}"
    if cell is None or st.session_state.get(seen) == (cell, tuple(names)) or cell[0] >= len(names):
        return
    st.session_state[seen] = (cell, tuple(names))
    st.session_state["improve_value"] = names[cell[0]]
    st.session_state["improve_rows"] = improvements.SHORT if cell[1] == "Fell short" else improvements.ALL
