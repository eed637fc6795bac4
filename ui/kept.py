"""Records that a page keeps: saved with the version that was opened, dropped, and their history in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

import streamlit as st

from kpi.model import Filter
from kpi.workspace import Conflict, Fate, Invalid, WorkspaceError
from ui import conflicts, store, tables
from ui.escape import plain, sentence

AGENTS = ("agent", "agent_name")


def said(key: str, kept_words: str, noun: str) -> None:
    """What happened to the last save: kept, refused, or in conflict."""
    if st.session_state.pop(f"saved-{key}", False):
        st.toast(kept_words, icon=":material/check:")
    if problem := st.session_state.pop(f"problem-{key}", ""):
        st.error(problem, icon=":material/block:", title=f"This {noun} was not kept")
    conflicts.show(key, noun)


def keep(key: str, record: Any) -> None:
    """Keep a record and begin a new form; what is wrong with it is said on the next run, all at once."""
    try:
        store.workspace().keep(record, author=str(st.session_state.get("author") or ""))
    except Invalid as error:
        wrongs = [f"{conflicts.name_of(wrong.field)}: {wrong.says}" for wrong in error.wrongs]
        st.session_state[f"problem-{key}"] = "\n".join(f"- {sentence(wrong)}" for wrong in wrongs)
    except Conflict as conflict:
        conflicts.remember(key, conflict)
    except WorkspaceError as error:
        st.session_state[f"problem-{key}"] = sentence(error)
    else:
        st.session_state[f"saved-{key}"] = True
        st.session_state.pop(f"opened-{key}", None)
        st.session_state[f"form-{key}"] = st.session_state.get(f"form-{key}", 0) + 1


def just_saved(key: str) -> bool:
    """Whether the last save of this run was kept."""
    return bool(st.session_state.get(f"saved-{key}"))


def drop(key: str, record: Any) -> None:
    """Drop a record; it can be had back from the history."""
    try:
        store.workspace().drop(type(record), record.id, record.version)
    except Conflict as conflict:
        conflicts.remember(key, conflict)
    except WorkspaceError as error:
        st.session_state[f"problem-{key}"] = sentence(error)
    else:
        st.session_state.pop(f"opened-{key}", None)


def open_form(key: str, record: Any) -> None:
    """Change a record: the version that is read now is the one a save builds on."""
    st.session_state[f"opened-{key}"] = record


def opened(key: str) -> Any:
    """The record that is being changed; None for a new one."""
    return st.session_state.get(f"opened-{key}")


def close_form(key: str) -> None:
    """Back to a new one."""
    st.session_state.pop(f"opened-{key}", None)
    st.session_state[f"form-{key}"] = st.session_state.get(f"form-{key}", 0) + 1


def end_of_form(key: str, record: Any) -> bool:
    """The buttons below a form's fields: save, or leave as it is. Whether it was saved or refused just now.

    No callback for the save: it would be given the fields as they were before the last one was left.
    """
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = f"Save the {key}" if opened(key) is None else "Save the change"
        pressed = bool(st.button(label, key=f"{key}-save", icon=":material/check:"))
        if pressed:
            keep(key, record)
        elif opened(key) is not None:
            st.button("Leave it as it is", key=f"{key}-leave", on_click=close_form, args=(key,))
    return pressed


def change(key: str, record: Any, label: str = "") -> None:
    """A button that opens the form with a record."""
    st.button(
        label or f"Change this {key}",
        key=f"{key}-change",
        on_click=open_form,
        args=(key, record),
        icon=":material/edit:",
    )


def change_or_drop(key: str, record: Any) -> None:
    """What can be done with a record that is kept."""
    change(key, record)
    st.button(
        f"Drop this {key}",
        key=f"{key}-drop",
        on_click=drop,
        args=(key, record),
        icon=":material/delete:",
    )


def slot(key: str) -> str:
    """Part of the keys of a form: another record, version or new form begins with fresh fields."""
    record = opened(key)
    return (
        f"{key}-{st.session_state.get(f'form-{key}', 0)}"
        if record is None
        else (f"{key}-{record.id}-{record.version}")
    )


def history(key: str, record: Any) -> None:
    """Who changed what when, newest first."""
    with st.expander("History", icon=":material/history:", key=f"history-{key}"):
        changes = store.workspace().history(type(record), record.id)
        rows = []
        for place, change in enumerate(changes):
            before = next((c.record for c in reversed(changes[:place]) if c.fate is Fate.KEPT), None)
            rows.append(
                {
                    "When (UTC)": f"{change.at:%Y-%m-%d %H:%M}",
                    "Who": plain(change.author) or "nobody named",
                    "What": change.fate.value,
                    "Changed": _changed(before, change.record),
                }
            )
        tables.plain_rows(rows[::-1], "Every change, newest first")


def gone(key: str, kind: type[Any], titles: str) -> None:
    """Records that were dropped or cannot be read, with a button each to have them back."""
    lost = store.workspace().dropped(kind)
    unreadable = store.workspace().unreadable(kind)
    for words in unreadable:
        st.warning(sentence(words), icon=":material/warning:")
    if not lost:
        return
    with st.expander(f"Dropped {titles} ({len(lost)})", icon=":material/delete:", key=f"dropped-{key}"):
        for record in lost[:50]:
            with st.container(horizontal=True, vertical_alignment="center", key=f"gone-{record.id}"):
                st.markdown(sentence(name_of(record)))
                st.button("Have it back", key=f"back-{record.id}", on_click=keep, args=(key, record))


def with_agents(
    records: Sequence[Mapping[str, str]], segments: Sequence[Sequence[Filter]]
) -> list[dict[str, object]]:
    """Records with the agents of their segments in a column of their own, where there are any.

    A masked download finds the names there, and so in every other column as well.
    """
    named = [[value for f in each if f.field in AGENTS for value in f.values] for each in segments]
    if not any(named):
        return [dict(record) for record in records]
    return [{**record, "Agents": names} for record, names in zip(records, named, strict=True)]


def name_of(record: Any) -> str:
    """What a record is called in a list."""
    for field in ("title", "name"):
        if text := getattr(record, field, ""):
            return str(text)
    by = getattr(record, "by", None)
    return f"{record.metric} by {by}" if by else f"{record.metric} {record.value:g}"


def _changed(before: Any, after: Any) -> str:
    if before is None:
        return "first kept"
    names: Sequence[str] = [each.name for each in fields(after) if each.name not in conflicts.HIDDEN]
    told = [
        f"{conflicts.name_of(name)}: {conflicts.in_words(getattr(before, name)) or 'nothing'} → "
        f"{conflicts.in_words(getattr(after, name)) or 'nothing'}"
        for name in names
        if getattr(before, name) != getattr(after, name)
    ]
    return "; ".join(told) or "nothing"
