"""Praise worth quoting: masked quotes, the lead's choice of them kept, and the way to each story."""

from __future__ import annotations

import streamlit as st

from kpi.resolutions import Quote
from kpi.words import resolution_sentences as words
from kpi.workspace import Note
from ui import downloads, kept, resolutions_store
from ui.escape import escape, sentence
from ui.resolutions import PERSONAL, Asked
from ui.view import View

KEY = "praise"
LONGEST = 700


def praise(view: View, asked: Asked) -> None:
    """Comments worth quoting; those that were picked are kept."""
    if isinstance(asked.kept, str):
        return
    found = resolutions_store.praised(view, asked.kept)
    st.header("Praise worth quoting", anchor=False)
    st.markdown(f"**{sentence(words.praise_sentence(found))}**")
    kept.said(KEY, "The quote is kept.", "quote")
    picked = resolutions_store.notes(view)
    texts = {note.text for note in picked}
    columns = st.columns(2) if found.quotes else []
    for place, quote in enumerate(found.quotes):
        with columns[place % 2]:
            _quote(view, asked, quote, _kept_text(quote) in texts)
    if found.quotes:
        st.caption(
            "Names of agents and customers, e-mail addresses, links and long numbers are taken out; read a "
            "quote "
            "before it leaves the team, and ask the customer before it is published."
        )
        downloads.rows("Download the quotes", words.quote_rows(found), "praise", "praise", PERSONAL)
    _picked(picked)


def _quote(view: View, asked: Asked, quote: Quote, picked: bool) -> None:
    with st.container(border=True, key=f"quote-{quote.survey}"):
        st.markdown(f"“{escape(quote.text, LONGEST)}”")
        st.caption(sentence(words.quote_caption(quote, asked.called)))
        with st.container(horizontal=True, key=f"quote-do-{quote.survey}"):
            note = Note("", resolutions_store.about_praise(view), _kept_text(quote), day=quote.day)
            st.button(
                "Picked" if picked else "Pick it",
                key=f"pick-{quote.survey}",
                icon=":material/check:" if picked else ":material/bookmark_add:",
                disabled=picked,
                on_click=kept.keep,
                args=(KEY, note),
            )
            if quote.key:
                st.button(
                    "Its story",
                    key=f"story-of-{quote.survey}",
                    icon=":material/menu_book:",
                    on_click=resolutions_store.open_story,
                    args=(quote.key,),
                )


def _kept_text(quote: Quote) -> str:
    """A quote as it is kept: the masked words and what they are about, nobody's name."""
    about = ", ".join(each for each in (quote.score, quote.issue, quote.channel) if each)
    return f"“{quote.text}” ({about})"


def _picked(picked: tuple[Note, ...]) -> None:
    """The quotes that were picked, with the way to drop and to download them."""
    if picked:
        st.subheader(f"Picked quotes ({len(picked)})", anchor=False)
        for note in picked:
            with st.container(horizontal=True, vertical_alignment="center", key=f"picked-{note.id}"):
                st.markdown(escape(note.text, LONGEST))
                st.button("Drop it", key=f"unpick-{note.id}", on_click=kept.drop, args=(KEY, note))
        records = [{"Quote": note.text, "Day": note.day.isoformat() if note.day else ""} for note in picked]
        downloads.rows("Download the picked quotes", records, "picked praise", "picked")
