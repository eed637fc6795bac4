"""The data set on the page: its questions, its downloads, the list of all, and deleting one wholly."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from kpi.workspace import Dataset, WorkspaceError
from ui import downloads, errors, places, questions, store, uploads
from ui.escape import escape, plain, sentence
from ui.view import View


def finding(view: View) -> str:
    """The state of the data set as a title."""
    if view.key == store.SAMPLE:
        return "These are the sample data; drop your own export below"
    open_now = questions.unanswered(view.imported)
    if open_now:
        return f"{plain(view.label)} is read; {open_now} question{'s' * (open_now != 1)} would make it exact"
    return f"{plain(view.label)} is read, and nothing is left to ask"


def questions_of(view: View) -> None:
    """What the files leave open, right after the upload; answering reads the files again."""
    asked = questions.open_questions(view.imported)
    if not asked or view.key == store.SAMPLE:
        return
    open_now = questions.unanswered(view.imported)
    with st.expander(
        f"Questions ({open_now} on their default)" if open_now else "Questions (all answered)",
        expanded=bool(open_now),
        icon=":material/help:",
    ):
        st.caption(
            "The first choice is what was taken. Answers are remembered: next month's file asks nothing."
        )
        given = questions.ask(view.imported, view.key)
    if given is not None:
        _answer(view, given)
    go_on(view)


def go_on(view: View) -> None:
    """The way on to the numbers."""
    if uploads.just_arrived(view.label):
        st.page_link(
            places.page_named("summary"),
            label="Show what changed",
            icon=":material/arrow_forward:",
            query_params={},
        )


def downloads_of(view: View) -> None:
    """One row per ticket (or the table that there is), as CSV."""
    tables = view.imported.tables.items()
    if not tables:
        return
    st.subheader("Download the data as they were understood", anchor=False)
    names = [name for name, _ in tables]
    chosen = st.selectbox(
        "Table", names, key="export-table", format_func=lambda name: _title(name, view), width=420
    )
    frame = dict(tables)[chosen]
    downloads.table("Download as CSV", lambda: frame, f"{view.label} {chosen}", "export")


def listing(view: View) -> None:
    """Every kept data set, and the way to delete one."""
    kept = store.kept()
    if not kept:
        return
    st.subheader("Your data sets", anchor=False)
    for dataset in kept:
        with st.container(border=True, key=f"dataset-{dataset.key[:8]}"):
            left, right = st.columns([8, 1], vertical_alignment="center")
            left.markdown(f"**{escape(dataset.label)}**{' (shown)' if dataset.key == view.key else ''}")
            left.caption(_about(dataset))
            with right.popover("Delete", icon=":material/delete:", key=f"delete-{dataset.key[:8]}"):
                st.markdown(
                    "Deletes its tables, account, uploaded files and your answers. This cannot be undone."
                )
                st.button("Delete wholly", key=f"really-{dataset.key[:8]}", on_click=_delete, args=(dataset,))


def _answer(view: View, given: Mapping[str, Mapping[str, str]]) -> None:
    dataset = store.workspace().get(view.key)
    if dataset is None:
        return
    bar = st.progress(0.0, "Reading the files with your answers …")
    try:
        made = uploads.read_again(
            dataset, given, lambda share, said: bar.progress(min(max(share, 0.0), 1.0), plain(said))
        )
    except WorkspaceError as error:
        errors.not_taken(error)
        return
    st.session_state["open_dataset"] = made.label
    st.rerun()


def _delete(dataset: Dataset) -> None:
    uploads.delete(dataset)


def _about(dataset: Dataset) -> str:
    rows = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in dataset.rows.items())
    return sentence(f"{rows}; from {', '.join(dataset.files)}; kept {dataset.created_at:%d %B %Y}")


def _title(name: str, view: View) -> str:
    rows = view.imported.tables.sizes()[name]
    return f"{name.replace('_', ' ').capitalize()} ({rows:,} rows)"
