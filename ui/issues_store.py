"""Remembered results of the issues page, kept like those of :mod:`ui.store`: by fingerprints and choices."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kpi import issues
from kpi.facts import Facts
from kpi.issues import Agreement, Beside, Company, Phrases, Reading, Recurring, Report, Sorted, Source
from kpi.model import Filter, Period
from kpi.workspace import CategoryRule
from ui import store
from ui.remember import remembered
from ui.view import View

SORTED = 4
RESULTS = 60
Rules = tuple[CategoryRule, ...]
Found = tuple[Phrases | None, Phrases]
NOW, BEFORE = "This period", "Compared with"
COLUMNS = {
    "Before": (issues.ALL, BEFORE),
    "Of 1,000 before": (issues.ALL, BEFORE),
    "Handled minutes": ("With handling time", NOW),
    "Handled hours": ("With handling time", NOW),
    "Timed": ("With handling time", NOW),
    "Minutes each": ("With handling time", NOW),
    "Cost": ("With handling time", NOW),
    "Cost each": ("With handling time", NOW),
    "Days of waiting": ("Solved", NOW),
    "Unhappy": ("Unhappy", NOW),
    "Answers": ("With an answer", NOW),
    "Reopened": ("Reopened", NOW),
    "Followed by another": ("Followed by another", NOW),
    "Negative sentiment": ("Negative sentiment", NOW),
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


def felt(view: View, source: Source | None, known: Rules, kept: Sorted) -> tuple[Sorted, Agreement]:
    """The contacts with a sentiment by the word list, and how far it can be believed."""
    return _felt(view.facts.fingerprint, source, known, kept)


@remembered(SORTED, "Reading how the texts sound …")
def _felt(fingerprint: str, source: Source | None, known: Rules, _kept: Sorted) -> tuple[Sorted, Agreement]:
    found = issues.felt(_kept)
    return found, issues.agreement(found)


def _choices(view: View) -> tuple[str, Period, Period | None, tuple[Filter, ...]]:
    """What results depend on; no period before where that may not be compared with."""
    fingerprint, now, before, where = view.choices
    return fingerprint, now, None if view.window.refused else before, where


def reported(view: View, source: Source | None, known: Rules, kept: Sorted) -> Report:
    """The issues of the period now against the period before."""
    return _reported(*_choices(view), source, known, kept.feeling, kept)


@remembered(RESULTS)
def _reported(
    fingerprint: str,
    now: Period,
    before: Period | None,
    where: tuple[Filter, ...],
    source: Source | None,
    known: Rules,
    feeling: str,
    _kept: Sorted,
) -> Report:
    return issues.report(_kept, now, before, where=where, rules=known)


def phrases(view: View, source: Source | None, known: Rules, kept: Sorted, issue: str) -> Found:
    """Phrases typical of an issue, and those that are new in it; new ones of all contacts when it is ""."""
    return _phrases(*_choices(view), source, known, issue, kept)


@remembered(RESULTS)
def _phrases(
    fingerprint: str,
    now: Period,
    before: Period | None,
    where: tuple[Filter, ...],
    source: Source | None,
    known: Rules,
    issue: str,
    _kept: Sorted,
) -> Found:
    reading = _reading(fingerprint, now, before, where, _kept)
    new = issues.new_phrases(_kept, reading, issue or None)
    return (issues.typical_phrases(_kept, reading, issue) if issue else None), new


@remembered(SORTED, "Reading the texts …")
def _reading(
    fingerprint: str, now: Period, before: Period | None, where: tuple[Filter, ...], _kept: Sorted
) -> Reading:
    return issues.read(_kept, *issues.periods_of(_kept, now, before), where=where)


def company(view: View, source: Source | None, known: Rules, kept: Sorted, issue: str) -> Company:
    """What an issue comes together with."""
    return _company(view.facts.fingerprint, view.now, view.where, source, known, issue, kept)


@remembered(RESULTS, "Looking at what comes together …")
def _company(
    fingerprint: str,
    now: Period,
    where: tuple[Filter, ...],
    source: Source | None,
    known: Rules,
    issue: str,
    _kept: Sorted,
) -> Company:
    one, _ = issues.periods_of(_kept, now, None)
    return issues.together(_kept, issue, one, where=where)


def beside(view: View, source: Source | None, known: Rules, kept: Sorted, channel: str) -> Beside:
    """The issues of a channel beside those of the others."""
    return _beside(view.facts.fingerprint, view.now, view.where, source, known, channel, kept)


@remembered(RESULTS, "Holding the channels against each other …")
def _beside(
    fingerprint: str,
    now: Period,
    where: tuple[Filter, ...],
    source: Source | None,
    known: Rules,
    channel: str,
    _kept: Sorted,
) -> Beside:
    one, _ = issues.periods_of(_kept, now, None)
    return issues.beside(_kept, channel, one, where=where)


def recurring(view: View, source: Source | None, known: Rules, kept: Sorted) -> Recurring:
    """Groups of near-duplicate contacts."""
    return _recurring(view.facts.fingerprint, view.now, view.where, source, known, kept)


@remembered(SORTED * 2, "Looking for texts that repeat …")
def _recurring(
    fingerprint: str,
    now: Period,
    where: tuple[Filter, ...],
    source: Source | None,
    known: Rules,
    _kept: Sorted,
) -> Recurring:
    one, _ = issues.periods_of(_kept, now, None)
    return issues.recurring(_kept, one, where=where)


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


def show_part(part: str) -> None:
    """Shows those contacts of the issue that a number in a sentence counts."""
    st.session_state["issue_part"] = part
    st.session_state["issue_side"] = NOW
    st.session_state["phrase"] = ""


def phrase_clicked(table: str, cell: tuple[int, str] | None, phrases: Sequence[str]) -> None:
    """Takes over a new click on a phrase: its contacts of the period now, or of the one before."""
    seen = f"seen-{table}"
    if cell is None or st.session_state.get(seen) == (cell, tuple(phrases)) or cell[0] >= len(phrases):
        return
    st.session_state[seen] = (cell, tuple(phrases))
    st.session_state["phrase"] = phrases[cell[0]]
    st.session_state["issue_part"] = issues.ALL
    st.session_state["issue_side"] = BEFORE if "before" in cell[1] else NOW
