"""The watched folder: read when its files change, kept as a data set, and told on the page.

Only whoever starts the app names a folder (``KPI_WATCH``); nothing is watched otherwise. One reader looks for
all of them, and what cannot be used never takes the place of what was read before.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import streamlit as st

from kpi.ingest import Import, Refused
from kpi.watching import (
    PATIENCE_S,
    SETTLE_S,
    Entry,
    Look,
    Moved,
    Watch,
    chunks,
    cut_short,
    may_grow,
    watched_folder,
    why_broken,
)
from kpi.workspace import Dataset, WorkspaceError
from ui import store, uploads
from ui.escape import plain, sentence
from ui.remember import remembered
from ui.view import View

EVERY_S = 10
"""Seconds between two looks of a page that stays open."""
AT_MOST_EVERY_S = 1.0
"""Pages that are drawn one after another share a look."""
STAYS = "what was read before stays"
log = logging.getLogger("kpi.app")


@dataclass(frozen=True)
class State:
    """What is known of the watched folder.

    Attributes:
        looked, read, changed: when it was looked at and read, and the newest change of a file (UTC).
        files: how many files were read.
        writing: a file is not whole yet.
        problems: one sentence for everything that could not be used.
    """

    looked: datetime | None = None
    read: datetime | None = None
    changed: datetime | None = None
    files: int = 0
    writing: bool = False
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Taken:
    """How many files stand in the data set, since when (None: it stays as it was), and what is wrong."""

    files: int = 0
    read: datetime | None = None
    problems: tuple[str, ...] = ()


class Watcher:
    """Reads the folder when it changed; safe for several readers, of whom one reads and the others go on."""

    def __init__(self, folder: Path, settle_s: float = SETTLE_S, patience_s: float = PATIENCE_S) -> None:
        self.state = State()
        self._watch = Watch(folder, settle_s=settle_s)
        self._patience_s = patience_s
        self._lock = threading.Lock()
        self._next = 0.0
        self._handled: tuple[Entry, ...] | None = None
        self._staged: dict[Entry, str] = {}

    def look(self) -> State:
        """Look at the folder, and read it where it changed and is whole."""
        if not self._lock.acquire(blocking=False):
            return self.state
        try:
            if time.monotonic() >= self._next:
                self._look()
                self._next = time.monotonic() + AT_MOST_EVERY_S
            return self.state
        finally:
            self._lock.release()

    def _look(self) -> None:
        found = self._watch.look()
        now = datetime.now(UTC)
        if found.problem:
            self.state = replace(self.state, looked=now, writing=False, problems=(found.problem,))
        elif found.files == self._handled:
            self.state = replace(self.state, looked=now, writing=False)
        elif not found.settled:
            self.state = replace(self.state, looked=now, writing=True)
        else:
            self._read(found, now)

    def _read(self, found: Look, now: datetime) -> None:
        taken: Taken | None = None
        try:
            with st.spinner("Reading the watched folder …"):
                taken = self._take(found)
            problems = taken.problems
        except Moved:
            self.state = replace(self.state, looked=now, writing=True)
            return
        except Exception as error:
            # Never the same files again and again: they are read once more when one of them changes.
            log.error("watched folder", exc_info=error)
            problems = (f"the folder could not be read; that is our fault; {STAYS}",)
        self._handled = found.files
        self._staged = {entry: sha for entry, sha in self._staged.items() if entry in found.files}
        told = (*problems, *(f"{name}: {why}" for name, why in found.left_out))
        self.state = replace(self.state, looked=now, writing=False, problems=told)
        if taken is not None and taken.read is not None:
            changed = max((entry.changed_ns for entry in found.files), default=0) / 1e9
            stamp = datetime.fromtimestamp(changed, UTC)
            self.state = replace(self.state, read=taken.read, changed=stamp, files=taken.files)

    def _take(self, found: Look) -> Taken:
        kept = dataset()
        before = _files_of(kept)
        good: dict[str, str] = {}
        broken: dict[str, str] = {}
        for entry in found.files:
            try:
                sha = self._stage(entry)
            except WorkspaceError as error:
                broken[entry.name] = str(error)
                continue
            earlier = before.get(entry.name)
            path = None if earlier is None or earlier == sha else uploads.path_of(earlier)
            if why := cut_short(entry.name, uploads.path_of(sha), path):
                broken[entry.name] = why
            elif may_grow(entry.name, uploads.path_of(sha), entry.changed_ns, time.time(), self._patience_s):
                raise Moved(f"'{entry.name}' stops inside a line")
            else:
                good[entry.name] = sha
        if kept is not None and good == before and not broken:
            return Taken(len(good), kept.created_at)
        staged, imported = _readable([entry.name for entry in found.files], good, before, broken)
        problems = tuple(f"{name}: {why}; {STAYS}" for name, why in broken.items())
        if not found.files and kept is not None:
            problems = (f"the folder holds no export; {STAYS}",)
        if imported is None or dict(staged) == before or _lost(kept, staged, broken):
            return Taken(problems=problems)
        made = uploads.save(staged, imported, store.WATCHED_LABEL, lambda share, said: None)
        uploads.put_in_place(kept, staged, made, store.WATCHED_LABEL)
        _forget({*before.values()} - {sha for _, sha in staged})
        return Taken(len(staged), datetime.now(UTC), problems)

    def _stage(self, entry: Entry) -> str:
        known = self._staged.get(entry)
        if known is None or not uploads.path_of(known).is_file():
            bytes_of = chunks(self._watch.folder, entry)
            known = store.workspace().stage(entry.name, bytes_of, total=entry.size).sha256
            self._staged[entry] = known
        return known


@remembered()
def _watcher(folder: str) -> Watcher:
    return Watcher(Path(folder), SETTLE_S, PATIENCE_S)


def watcher() -> Watcher | None:
    """The one of this server; None where nothing is watched."""
    folder = watched_folder()
    return None if folder is None else _watcher(str(folder))


def dataset() -> Dataset | None:
    """The data set of the watched folder, once it was read."""
    return store.workspace().find(store.WATCHED_LABEL)


def refresh() -> None:
    """Look at the folder, where one is watched; at every run of every page."""
    if (one := watcher()) is not None:
        one.look()


def is_shown(view: View) -> bool:
    """Whether the page shows the data of the watched folder."""
    return watcher() is not None and view.label == store.WATCHED_LABEL


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
            title="Not everything in the watched folder could be used",
        )
    if state.writing:
        st.caption("A file in the watched folder is still being written; it is read once it is whole.")
    if not is_shown(view) and dataset() is not None:
        with st.container(horizontal=True, vertical_alignment="center", key="watched-elsewhere"):
            st.caption("A folder is watched, but this page shows other data.")
            if st.button("Show the watched folder", key="show-watched", icon=":material/visibility:"):
                st.session_state["open_dataset"] = store.WATCHED_LABEL
                st.rerun(scope="app")


def section(view: View) -> None:
    """The watched folder on the page Data; nothing where none is watched."""
    if watcher() is not None:
        st.subheader("The watched folder", anchor=False)
        st.fragment(_section, run_every=EVERY_S)(view)


def _section(view: View) -> None:
    follow(view)
    one = watcher()
    if one is None:
        return
    state = one.state
    said = "Nothing has been read from it yet."
    if state.read is not None and state.changed is not None:
        said = (
            f"{state.files} file{'s' * (state.files != 1)} read at {clock(state.read, view)}, changed at "
            f"{clock(state.changed, view)}."
        )
    if state.read is not None and dataset() is None:
        said = "What was read was deleted here; it is read again when a file changes."
    st.markdown(sentence(f"{plain(str(watched_folder()), 200)}: {said}"))
    st.caption(f"Looked at every {EVERY_S} s while this page is open, and at every page that is opened.")
    tell(view)


def clock(moment: datetime, view: View) -> str:
    """A moment as it is said: the time of the day, with the day where it is not today's."""
    zone = ZoneInfo(view.definitions.timezone)
    there, today = moment.astimezone(zone), datetime.now(zone)
    return f"{there:%H:%M}" if there.date() == today.date() else f"{there:%-d %B %Y, %H:%M}"


def _readable(
    names: Sequence[str], good: dict[str, str], before: Mapping[str, str], broken: dict[str, str]
) -> tuple[uploads.Staged, Import | None]:
    """The import of the files that can be used, with the version before of those that cannot.

    What turns out not to be usable goes from ``good`` to ``broken``, until all that is left can be used.
    """
    while True:
        wanted = [(name, good.get(name) or before.get(name)) for name in names]
        staged = tuple((name, sha) for name, sha in wanted if sha and uploads.path_of(sha).is_file())
        if not staged:
            return (), None
        try:
            imported = uploads.read(staged, lambda share, said: None)
            fresh = [name for name, _ in staged if name in good]
            new = {name: why for name in fresh if (why := why_broken(name, imported.files))}
        except Refused as refused:
            imported, new = None, {name: _why_refused(name, refused) for name, _ in staged if name in good}
        if not new:
            return staged, imported
        for name, why in new.items():
            broken[name] = why
            del good[name]


def _why_refused(name: str, refused: Refused) -> str:
    told = [problem.message for problem in refused.problems if problem.file == name]
    return told[0].rstrip(".") if told else "it gives no table"


def _lost(kept: Dataset | None, staged: uploads.Staged, broken: Mapping[str, str]) -> bool:
    """Whether a broken file was in the data set and its version before is no longer at hand."""
    there = {name for name, _ in staged}
    files = () if kept is None else kept.files
    return any(
        name not in there and (name == file or file.startswith(f"{name} ["))
        for name in broken
        for file in files
    )


def _files_of(kept: Dataset | None) -> dict[str, str]:
    if kept is None:
        return {}
    try:
        return dict(uploads.files_of(kept))
    except (WorkspaceError, ValueError):
        return {}


def _forget(hashes: set[str]) -> None:
    """Copies that no data set needs any more."""
    if not hashes:
        return
    needed = {sha for each in store.kept() for sha in _files_of(each).values()}
    for sha in hashes - needed:
        store.workspace().unstage(sha)
