"""Remembered results of the agents page, kept like those of :mod:`ui.store`: by fingerprints and choices."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from kpi import drill, people
from kpi.facts import Facts
from kpi.ingest import Import
from kpi.metrics import catalogue
from kpi.model import Filter, Metric, Period
from kpi.people import OwnMonth, Team, Topics
from ui.remember import remembered
from ui.view import View

RESULTS = 60


def team(view: View) -> Team:
    """Every agent in every metric of people, in the period now."""
    before = None if view.window.refused else view.before
    return _team(view.facts.fingerprint, view.now, before, view.where, view.facts)


@remembered(RESULTS, "Comparing contacts of the same kind …")
def _team(
    fingerprint: str, now: Period, before: Period | None, where: tuple[Filter, ...], _facts: Facts
) -> Team:
    return people.team(_facts, now, before, where=where)


def months(view: View, metric: Metric, agent: str) -> tuple[OwnMonth, ...]:
    """The own months of one agent."""
    return _months(view.facts.fingerprint, view.now, view.where, metric.key, agent, view.facts)


@remembered(RESULTS)
def _months(
    fingerprint: str, now: Period, where: tuple[Filter, ...], key: str, agent: str, _facts: Facts
) -> tuple[OwnMonth, ...]:
    metric = next(each for each in catalogue(_facts.definitions, _facts) if each.key == key)
    return people.own_months(_facts, metric, agent, now, where)


def topics(view: View) -> Topics:
    """Topics that are hard for most of the team."""
    return _topics(view.facts.fingerprint, view.now, view.where, view.facts)


@remembered(RESULTS, "Comparing every topic with the others …")
def _topics(fingerprint: str, now: Period, where: tuple[Filter, ...], _facts: Facts) -> Topics:
    return people.topics(_facts, now, where=where)


def rows(view: View, metric: Metric, agent: str) -> pd.DataFrame:
    """The rows behind a number of one agent, worst first."""
    own = (*view.where, Filter("agent", (agent,)))
    return drill.rows(view.facts, metric, view.now, where=own)


def key(view: View) -> bytes:
    """The key of the pseudonyms of a data set."""
    return _key(view.key, view.label, view.facts.fingerprint, view.imported)


@remembered(RESULTS)
def _key(name: str, label: str, fingerprint: str, _imported: Import) -> bytes:
    return people.data_key(_imported.tables, name)


def clicked(table: str, cell: tuple[int, str] | None, agents: Sequence[str]) -> None:
    """Takes over a new click on a row of the table of agents: that agent's own view."""
    seen = f"seen-{table}"
    if cell is None or st.session_state.get(seen) == cell or cell[0] >= len(agents):
        return
    st.session_state[seen] = cell
    st.session_state["who"] = agents[cell[0]]
