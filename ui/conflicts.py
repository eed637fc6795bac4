"""A record that two people changed at once: both versions in words, and one click to keep the right one."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import streamlit as st

from kpi.words.goal_sentences import segment_words
from kpi.workspace import Conflict, WorkspaceError
from ui import store, tables
from ui.escape import plain, sentence

HIDDEN = ("id", "version")


def remember(key: str, conflict: Conflict) -> None:
    """Hold a conflict until it is settled."""
    st.session_state[f"conflict-{key}"] = conflict


def show(key: str, noun: str) -> None:
    """The conflict of this page, if there is one."""
    conflict: Conflict | None = st.session_state.get(f"conflict-{key}")
    if conflict is None:
        return
    gone = conflict.kept is None
    st.warning(
        f"Somebody {'dropped' if gone else 'changed'} this {noun} while you had it open. Nothing was written "
        "over and nothing is lost: look at both versions and keep the one that is right.",
        icon=":material/call_split:",
        title="Two versions",
    )
    tables.plain_rows(_differences(conflict), f"What the versions of this {noun} say")
    with st.container(horizontal=True, key=f"settle-{key}"):
        st.button("Keep mine", key=f"mine-{key}", on_click=_mine, args=(key,), icon=":material/person:")
        label = "Leave it dropped" if gone else "Keep what stands"
        st.button(label, key=f"theirs-{key}", on_click=_settled, args=(key,), icon=":material/group:")
        if conflict.merged is not None:
            st.button(
                "Keep both changes", key=f"both-{key}", on_click=_both, args=(key,), icon=":material/merge:"
            )
    st.caption("Your version stays in the history whichever you keep.")


def in_words(value: object) -> str:
    """A field of a record as text."""
    if isinstance(value, tuple):
        return plain(segment_words(value)) or "everything"
    return "" if value is None else plain(value, 300)


def name_of(field: str) -> str:
    """A field as it is called on the page.

    >>> name_of("done_on"), name_of("where")
    ('Done on', 'Segment')
    """
    return {"where": "Segment", "control": "Control segment", "told": "What customers are told"}.get(
        field, field.replace("_", " ").capitalize()
    )


def _differences(conflict: Conflict) -> list[dict[str, str]]:
    given: Any = conflict.given
    standing: Any = conflict.kept
    model = given if given is not None else standing
    rows = []
    for each in fields(model):
        if each.name in HIDDEN:
            continue
        mine = "dropped" if given is None else in_words(getattr(given, each.name))
        theirs = "dropped" if standing is None else in_words(getattr(standing, each.name))
        if mine == theirs:
            continue
        base = "" if conflict.base is None else in_words(getattr(conflict.base, each.name))
        rows.append(
            {
                "Field": name_of(each.name),
                "When you opened it": base,
                "As it stands now": theirs,
                "Yours": mine,
            }
        )
    return rows


def _mine(key: str) -> None:
    conflict: Conflict = st.session_state[f"conflict-{key}"]
    given: Any = conflict.given
    if given is None:
        _settled(key)
        return
    _keep(key, replace(given, version=conflict.version))


def _both(key: str) -> None:
    merged = st.session_state[f"conflict-{key}"].merged
    if merged is not None:
        _keep(key, merged)


def _keep(key: str, record: Any) -> None:
    try:
        store.workspace().keep(record, author=str(st.session_state.get("author") or ""))
    except Conflict as conflict:
        remember(key, conflict)
        return
    except WorkspaceError as error:
        st.session_state[f"problem-{key}"] = sentence(error)
        return
    st.session_state[f"saved-{key}"] = True
    _settled(key)


def _settled(key: str) -> None:
    st.session_state.pop(f"conflict-{key}", None)
    st.session_state.pop(f"opened-{key}", None)
