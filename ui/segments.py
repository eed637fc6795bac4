"""One segment from a list: everything, what is filtered above, what was kept, or one value of a field."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from kpi.model import Filter
from kpi.words.goal_sentences import segment_words
from ui import filters
from ui.escape import plain
from ui.view import View

EVERYTHING = "Everything"
FILTERED = "As filtered above"
KEPT = "As it was"
MOST = 500
"""More values of one field than this are not listed; the filters above find them."""

Where = tuple[Filter, ...]


def options(view: View, kept: Where | None = None, *, nothing: str = EVERYTHING) -> Mapping[str, Where]:
    """The segments on offer, by their words; the one that was kept comes after nothing."""
    found: dict[str, Where] = {nothing: ()}
    if kept:
        found[f"{KEPT}: {plain(segment_words(kept))}"] = kept
    if view.where and view.where != kept:
        found[f"{FILTERED}: {plain(segment_words(view.where))}"] = view.where
    for field in filters.filterable(view.facts):
        if len(field.values) <= MOST:
            found.update(
                {f"{field.label}: {plain(value)}": (Filter(field.name, (value,)),) for value in field.values}
            )
    return found


def choose(
    view: View,
    label: str,
    key: str,
    kept: Where | None = None,
    *,
    nothing: str = EVERYTHING,
    help: str | None = None,
) -> Where:
    """The chosen segment; at first the kept one, else the one filtered above, else everything."""
    offered = options(view, kept, nothing=nothing)
    names = list(offered)
    begins = next((place for place, name in enumerate(names) if kept and offered[name] == kept), None)
    if begins is None:
        filtered = next((place for place, name in enumerate(names) if name.startswith(FILTERED)), 0)
        begins = filtered if nothing == EVERYTHING and kept is None else 0
    chosen = st.selectbox(label, names, index=begins, key=key, help=help)
    return offered.get(str(chosen), ())
