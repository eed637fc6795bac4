"""Remembered results of the issues page, kept like those of :mod:`ui.store`: by fingerprints and choices."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kpi import issues
from kpi.facts import Facts
from kpi.issues import Report, Sorted, Source
from kpi.model import Filter, Period
from kpi.workspace import CategoryRule
from ui import store
from ui.remember import remembered
from ui.view import View

SORTED = 4
RESULTS = 60
Rules = tuple[CategoryRule, ...]
NOW, BEFORE = "This period", "Compared with"
COLUMNS = {
    "Before": (issues.ALL, BEFORE),
    "Handled hours": ("With handling time", NOW),
    "Timed": ("With handling time", NOW),
    "Cost": ("With handling time", NOW),
    "Days of waiting": ("Solved", NOW),
    "Unhappy": ("Unhappy", NOW),
    "Answers": ("With an answer", NOW),
    "Reopened": ("Reopened", NOW),
    "Followed by another": ("Followed by another", NOW),
}
"""Column of the table of issues → which contacts of which period its numbers count; else all of this one."""


def rules() -> Rules:
    """The kept category rules, in their order."""
    return store.workspace().kept(CategoryRule)


def sorted_by(view: View, source: Source | None, known: Rules) -> Sorted:
    """The contacts with their issues."""
    return _sorted(view.facts.fingerprint, source, known, view.facts)


@remembered(SORTED, "Finding out what each contact is about …")
def _sorted(fingerprint: str, source: Source | None, known: Rules, _facts: Facts) -> Sorted:
    return issues.sort(_facts, known, source)


def reported(view: View, source: Source | None, known: Rules, kept: Sorted) -> Report:
    """The issues of the period now against the period before."""
    return _reported(*view.choices, source, known, kept)


@remembered(RESULTS)
def _reported(
    fingerprint: str,
    now: Period,
    before: Period,
    where: tuple[Filter, ...],
    source: Source | None,
    known: Rules,
    _kept: Sorted,
) -> Report:
    return issues.report(_kept, now, before, where=where, rules=known)


def clicked(table: str, cell: tuple[int, str] | None, names: Sequence[str]) -> None:
    """Takes over a new click on a number of a table of issues: the issue, and which of its contacts."""
    seen = f"seen-{table}"
    if cell is None or st.session_state.get(seen) == cell or cell[0] >= len(names):
        return
    st.session_state[seen] = cell
    st.session_state["issue"] = names[cell[0]]
    part, side = COLUMNS.get(cell[1], (issues.ALL, NOW))
    st.session_state["issue_part"] = part
    st.session_state["issue_side"] = side
    st.session_state["phrase"] = ""
