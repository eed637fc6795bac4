"""Sentences on a page: the main points, and an honest list of what these data cannot tell."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kpi import words
from kpi.model import Claim, Grain
from ui import store
from ui.escape import escape, sentence
from ui.view import View


def headline(claims: Sequence[Claim]) -> None:
    """What was looked at, then the main points, one sentence each."""
    first, *points = words.headline(claims)
    st.markdown(f"**{sentence(first)}**\n\n" + "\n".join(f"- {sentence(point)}" for point in points))


def what_is_not_here(view: View) -> None:
    """Metrics without an answer and why; rows left out by policy; notes of the data set. All folded away."""
    absent = [c for c in store.comparisons(view) if c.now.value is None]
    if absent:
        with st.expander(f"Not in these data, and why ({len(absent)})"):
            st.markdown(
                "\n".join(
                    f"- **{escape(c.metric.name)}**: {sentence(c.now.reason or c.reason)}" for c in absent
                )
            )
    notes = [*exclusions(view), *view.facts.notes]
    if notes:
        with st.expander(f"What was left out and what to know about these data ({len(notes)})"):
            st.markdown("\n".join(f"- {sentence(note)}" for note in notes))


def exclusions(view: View) -> list[str]:
    """Rows left out by policy, by table."""
    return [
        f"{grain.value.replace('_', ' ').capitalize()} left out: "
        + ", ".join(f"{count:,} {reason}" for reason, count in table.excluded.items() if count)
        + "."
        for grain in Grain
        if (table := view.facts.tables.get(grain)) is not None and any(table.excluded.values())
    ]
