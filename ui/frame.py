"""The frame around every page: list of pages, shared filters, one frozen view.

It is a function, because with a folder named ``pages/`` a cold deep link runs the page file without
``app.py``; :func:`ui.page.open` then calls it when it has not been drawn in this run.
"""

from __future__ import annotations

from contextvars import ContextVar

import streamlit as st

from kpi import periods
from kpi.facts import Facts
from kpi.ingest import Import
from ui import errors, filters, places, store, watching
from ui.view import View

LOOK = """<style>
a:focus-visible, summary:focus-visible, button:focus-visible {
  outline: 2px solid light-dark(#2F5D8C, #6AA3D8) !important; outline-offset: 2px; }
@media (max-width: 640px) {
  [data-testid="stMain"] h1 { font-size: 1.5rem !important; }
  [data-testid="stMain"] h2 { font-size: 1.25rem !important; }
  [data-testid="stButtonGroup"] [role="radiogroup"], [data-testid="stTabs"] [role="tablist"] {
    flex-wrap: wrap; row-gap: 4px; }
}
</style>"""
"""What the theme cannot say. Where the reader is who goes by keyboard: links and folds have no other sign of
it than a shade of grey. On a telephone: smaller titles, and choices side by side go on in the next line."""

drawn: ContextVar[View | None] = ContextVar("drawn", default=None)
"""The view of this run; None while the frame has not been drawn."""


def main() -> None:
    """Draw the frame and the page that the address names."""
    st.set_page_config(
        page_title="Service KPI Notebook", page_icon=str(places.ROOT / "static" / "icon.svg"), layout="wide"
    )
    st.html(LOOK)
    store.settle()
    current = st.navigation(places.sections(), position="top")
    token = None
    try:
        token = drawn.set(_view())
        current.run()
    except Exception as error:
        errors.unexpected(error)
    finally:
        if token is not None:
            drawn.reset(token)


def _view() -> View:
    """The shared filters: data set, period and comparison in sight, the rest one click away."""
    with st.container(key="shared-filters"):
        wide, when, against = st.columns(3)
        watching.refresh()
        with wide:
            named = filters.choose_dataset(store.datasets())
        named, imported, facts = _readable(named)
        with when:
            now = filters.choose_period(facts)
        with against:
            before = filters.choose_baseline(now, facts)
        where = filters.choose_segments(facts)
    window = periods.comparable(
        now, before, first_day=facts.first_day, last_day=facts.last_day, definitions=facts.definitions
    )
    return View(
        named.key,
        named.label,
        imported,
        facts,
        facts.definitions,
        now,
        before,
        where,
        window,
        store.targets(),
    )


def _readable(named: store.Named) -> tuple[store.Named, Import, Facts]:
    """The data set, or the sample with a word of warning when it cannot be opened."""
    try:
        return named, store.imported(named.key), store.facts(named.key)
    except Exception as error:
        if named.key == store.SAMPLE:
            raise
        errors.unopened(named.label, error)
        sample = store.Named(store.SAMPLE, store.SAMPLE_LABEL)
        return sample, store.imported(store.SAMPLE), store.facts(store.SAMPLE)
