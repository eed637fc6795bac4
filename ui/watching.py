"""What is watched: a folder or a database, kept as a data set, told and followed on the pages.

Only whoever starts the app names it (``KPI_WATCH``); nothing is watched otherwise.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import streamlit as st

from kpi.watching import (
    PATIENCE_S,
    SETTLE_S,
    NotADatabase,
    WatchedDatabase,
    watched_database,
    watched_folder,
)
from kpi.workspace import Dataset
from ui import store
from ui.escape import plain, sentence
from ui.remember import remembered
from ui.view import View
from ui.watched_database import DatabaseWatcher, Unnamed
from ui.watched_folder import FolderWatcher
from ui.watcher import Watcher

EVERY_S = 10
"""Seconds between two looks of a page that stays open."""


@remembered()
def _folder_watcher(folder: str) -> Watcher:
    return FolderWatcher(Path(folder), SETTLE_S, PATIENCE_S)


@remembered()
def _database_watcher(shown: str, tables: tuple[str, ...], _database: WatchedDatabase) -> Watcher:
    return DatabaseWatcher(_database)


def watcher() -> Watcher | None:
    """The one of this server; None where nothing is watched."""
    try:
        address = watched_database()
    except NotADatabase as error:
        return _unnamed(str(error))
    if address is not None:
        return _database_watcher(str(address), address.tables, WatchedDatabase(address))
    folder = watched_folder()
    return None if folder is None else _folder_watcher(str(folder))


@remembered()
def _unnamed(problem: str) -> Watcher:
    return Unnamed(problem)


def dataset() -> Dataset | None:
    """The data set of what is watched, once it was read."""
    one = watcher()
    return None if one is None else store.workspace().find(one.label)


def refresh() -> None:
    """Look at what is watched, where anything is; at every run of every page."""
    if (one := watcher()) is not None:
        one.look()


def is_shown(view: View) -> bool:
    """Whether the page shows the data of what is watched."""
    one = watcher()
    return one is not None and view.label == one.label


def follow(view: View) -> None:
    """For a part of a page that runs again by itself: draw the whole page anew when there are newer data."""
    refresh()
    kept = dataset() if is_shown(view) else None
    if kept is not None and kept.key != view.key:
        st.rerun(scope="app")


def tell(view: View) -> None:
    """What could not be used, what is being waited for, and the way to the watched data from others."""
    one = watcher()
    if one is None:
        return
    state = one.state
    if state.problems:
        st.warning(
            "\n".join(f"- {sentence(text)}" for text in state.problems),
            icon=":material/warning:",
            title=f"Not everything in the watched {one.noun} could be used",
        )
    if state.waits:
        st.caption(state.waits)
    if not is_shown(view) and dataset() is not None:
        with st.container(horizontal=True, vertical_alignment="center", key="watched-elsewhere"):
            st.caption(f"A {one.noun} is watched, but this page shows other data.")
            if st.button(f"Show the watched {one.noun}", key="show-watched", icon=":material/visibility:"):
                st.session_state["open_dataset"] = one.label
                st.rerun(scope="app")


def section(view: View) -> None:
    """The watched folder or database on the page Data; nothing where nothing is watched."""
    if (one := watcher()) is not None:
        st.subheader(f"The watched {one.noun}", anchor=False)
        st.fragment(_section, run_every=EVERY_S)(view)


def _section(view: View) -> None:
    follow(view)
    one = watcher()
    if one is None:
        return
    state = one.state
    said = "Nothing has been read from it yet."
    if state.read is not None:
        said = f"{state.files} {one.unit}{'s' * (state.files != 1)} read at {clock(state.read, view)}"
        said += f", changed at {clock(state.changed, view)}." if state.changed is not None else "."
    if state.read is not None and dataset() is None:
        said = f"What was read was deleted here; it is read again when a {one.unit} changes."
    st.markdown(sentence(f"{plain(one.place, 200)}: {said}"))
    st.caption(
        f"Looked at every {EVERY_S} s while this page is open, and at every page that is opened. {one.manner}"
    )
    tell(view)


def clock(moment: datetime, view: View) -> str:
    """A moment as it is said: the time of the day, with the day where it is not today's."""
    zone = ZoneInfo(view.definitions.timezone)
    there, today = moment.astimezone(zone), datetime.now(zone)
    return f"{there:%H:%M}" if there.date() == today.date() else f"{there:%-d %B %Y, %H:%M}"
