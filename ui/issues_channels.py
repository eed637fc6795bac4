"""One channel beside the others: which issues come there more or less often, and the contacts behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from kpi import issues
from kpi.model import Filter
from kpi.words import issue_sentences as words
from kpi.words import issue_tables
from ui import choices, downloads, issues_store, tables
from ui.escape import plain, sentence
from ui.view import View

if TYPE_CHECKING:
    from ui.issues import Asked


def channels(view: View, asked: Asked) -> None:
    """Social media (or another channel) beside the others, when asked for; a click shows the contacts."""
    offered = issues.channels(asked.kept)
    if asked.report.refused is not None or not offered:
        return
    st.header("One channel beside the others", anchor=False)
    if not st.toggle("Hold the issues of a channel against the others", key="beside", bind="query-params"):
        st.caption("Which issues come by social media, chat, phone or e-mail more often than by the others.")
        return
    channel = choices.choose("Channel", offered, "beside_channel", width=220)
    found = issues_store.beside(view, asked.source, asked.known, asked.kept, channel)
    grain = asked.report.grain
    st.markdown(f"**{sentence(words.beside_sentence(found, grain))}**")
    records = issue_tables.beside_rows(found, grain)
    if not records:
        return
    many = words.contacts(grain)
    counted = f"{found.total:,} {many} on {channel}, {found.total_others:,} elsewhere"
    st.caption(sentence(f"{counted}. {words.BESIDE_NOTE} Click a number to see the {many}."))
    clicked = tables.choosable(
        records, "beside-table", f"{len(records)} issues on {plain(channel)} and elsewhere"
    )
    downloads.rows("Download this table", records, f"issues on {channel}", "beside")
    if clicked is None or clicked[0] >= len(found.found):
        return
    one, elsewhere = found.found[clicked[0]], "elsewhere" in clicked[1]
    by = Filter(issues.CHANNEL, found.others if elsewhere else (channel,))
    rows = issues.rows(asked.kept, asked.report.now, where=(*asked.report.where, by), issue=one.issue)
    place = "the other channels" if elsewhere else channel
    named = f"{len(rows):,} {words.contacts(grain, len(rows))}: {one.issue} on {place}"
    st.subheader(sentence(named), anchor=False)
    tables.frame(rows.head(1_000), view.definitions.timezone, named, {})
    downloads.table("Download these contacts", lambda: rows, f"{one.issue} {place}", "beside-rows")
