"""The contacts behind a number of the resolutions page, and the story of one of them."""

from __future__ import annotations

import streamlit as st

from kpi import issues, resolutions
from kpi.facts import NONE
from kpi.resolutions import Kept
from kpi.words import issue_sentences, resolution_sentences
from ui import choices, contacts, downloads, resolutions_store, tables
from ui.escape import sentence
from ui.resolutions import Asked
from ui.resolutions_store import ANY, BEFORE, DROP_BEFORE, DROP_SINCE, NOW, Behind
from ui.view import View

MOST_ROWS = 1_000
MOST_VALUES = 500


def behind(view: View, asked: Asked) -> None:
    """The contacts that a number counts: clicked above, or chosen here."""
    kept = asked.kept
    if isinstance(kept, str):
        return
    st.header("The contacts behind a number", anchor=False)
    wanted = _wanted(asked, kept)
    rows = resolutions_store.rows(view, kept, wanted, asked.drop, asked.preceded)
    counted = f"{len(rows):,} {issue_sentences.contacts(kept.grain, len(rows))}"
    st.subheader(sentence(f"{counted}, {_words(wanted, asked)}"), anchor=False)
    if wanted.part == resolutions.WITHOUT and not wanted.value:
        st.caption("Contacts are without a counterpart as contacts of a value: choose a column and a value.")
    if rows.empty:
        st.caption("None of them.")
    else:
        if len(rows) > MOST_ROWS:
            st.caption(f"The newest {MOST_ROWS:,} are shown; the download has all.")
        shown = rows.head(MOST_ROWS)
        table = "resolution-rows-table"
        place = contacts.choosable(shown, view.definitions.timezone, table, f"{counted}, the newest first")
        name = f"{wanted.part} {wanted.side} {wanted.value}"
        downloads.table("Download these contacts", lambda: rows, name, "resolution-rows")
        if tables.newly(table, None if place is None else (place, "")) and place is not None:
            key = "call_id" if "ticket_id" not in shown.columns else "ticket_id"
            st.session_state["story"] = str(shown.iloc[place].get(key, ""))
    _story(view, kept)


def _wanted(asked: Asked, kept: Kept) -> Behind:
    sides = [NOW]
    if asked.report is not None and asked.report.before is not None:
        sides.append(BEFORE)
    if asked.drop is not None:
        sides += [DROP_BEFORE, DROP_SINCE]
    with st.container(horizontal=True, vertical_alignment="bottom", key="resolution-rows-of"):
        part = choices.choose("Which of them", resolutions.parts(kept), "went_part", width=260)
        side = choices.choose("Contacts of", sides, "went_side", width=190)
        fields = [ANY, *resolutions.columns_of(kept)]
        if "tags" in kept.table.source.columns and "tags" not in fields:
            fields.append("tags")
        field = choices.choose(
            "With a value of", fields, "went_field", words=resolution_sentences.field_words, width=210
        )
        values = [ANY, *_values(kept, field)]
        value = choices.choose("Value", values, "went_value", width=240)
    if field == ANY:
        return Behind(part, side)
    return Behind(part, side, field, "" if value == ANY else value)


def _values(kept: Kept, field: str) -> list[str]:
    if field == ANY:
        return []
    if field == resolutions.TAGS:
        return list(resolutions.tag_names(kept))[:MOST_VALUES]
    return [str(each) for each in kept.table.dimensions[field].categories if str(each) != NONE][:MOST_VALUES]


def _words(wanted: Behind, asked: Asked) -> str:
    said = wanted.part[:1].lower() + wanted.part[1:]
    value = (
        asked.called.get(wanted.value, wanted.value) if wanted.field in resolutions.PERSONS else wanted.value
    )
    own = f", {resolution_sentences.field_words(wanted.field)} {value}" if wanted.value else ""
    whose = {NOW: "in this period", BEFORE: "in the period compared with"}.get(
        wanted.side, wanted.side.lower()
    )
    drop = asked.drop
    if drop is not None and wanted.side in (DROP_BEFORE, DROP_SINCE):
        whose = f"of {drop.value} {whose}"
    return f"{said}{own}, {whose}"


def _story(view: View, kept: Kept) -> None:
    """What happened to one contact: of a row that was chosen, or of a quote."""
    key = str(st.session_state.get("story") or "")
    row = resolutions.contact(kept, key) if key else None
    if row is None:
        st.caption("Choose a row, or “Its story” of a quote, to read what happened to one contact.")
        return
    contacts.story(issues.story(view.facts, row), view.definitions.timezone, "story-card")
