"""Contacts behind a number as a table in which one can be chosen, and the story of one."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from kpi.issues import Story
from kpi.words import issue_sentences
from ui import downloads, tables
from ui.escape import escape, plain, sentence
from ui.view import View

MOST_BELOW = 1_000
"""Rows shown below a number; the download has all."""

FIRST = (
    "ticket_id",
    "call_id",
    "created_at",
    "started_at",
    "solved_at",
    "subject",
    "category",
    "channel",
    "status",
)
"""Columns that say most of a contact stand first."""


def choosable(rows: pd.DataFrame, zone: str, key: str, alt: str) -> int | None:
    """The place of the contact that is chosen in the table; None when none is."""
    filled = [str(name) for name in rows.columns if bool(rows[name].notna().any())]
    order = [name for name in FIRST if name in filled] + [name for name in filled if name not in FIRST]
    config: dict[str, Any] = {
        name: st.column_config.DatetimeColumn(f"{name} ({zone})", format="YYYY-MM-DD HH:mm", timezone=zone)
        for name in filled
        if isinstance(rows[name].dtype, pd.DatetimeTZDtype)
    }
    event = st.dataframe(
        rows[order],
        hide_index=True,
        height=tables.TALLEST if len(rows) > 10 else "content",
        key=key,
        on_select="rerun",
        selection_mode="single-row",
        column_config=config,
        placeholder="",
        alt=alt,
    )
    chosen = [int(place) for place in event.selection.rows if int(place) < len(rows)]
    return chosen[0] if chosen else None


def story(told: Story, zone: str, key: str) -> None:
    """What happened to one contact, in order of time."""
    with st.container(border=True, key=key):
        st.subheader(f"The story of {escape(told.key)}", anchor=False)
        if told.text:
            st.markdown(escape(told.text, 1_000))
        about = f"What happened to {plain(told.key)}, in order of time"
        tables.plain_rows(issue_sentences.story_rows(told, zone), about)
        if told.told:
            st.caption(sentence(" · ".join(f"{what}: {value}" for what, value in told.told)))


def below(view: View, rows: pd.DataFrame, said: str, name: str, *, box: str, key: str, order: str) -> None:
    """Rows in a box of their own below the number that counts them: how many, the first of them, all to keep.

    ``order`` says which come first; ``box`` and ``key`` are those of the box and of the download.
    """
    with st.container(border=True, key=box):
        st.subheader(sentence(said), anchor=False)
        if rows.empty:
            st.caption("None of them.")
            return
        if len(rows) > MOST_BELOW:
            st.caption(f"The {order} {MOST_BELOW:,} are shown; the download has all.")
        tables.frame(rows.head(MOST_BELOW), view.definitions.timezone, plain(said, 300), {})
        downloads.table("Download these contacts", lambda: rows, name, key)
