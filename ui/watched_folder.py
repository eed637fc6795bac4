"""The watched folder: read when its files changed and are whole."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from kpi.watching import PATIENCE_S, SETTLE_S, Entry, Look, Moved, Watch, chunks, cut_short, may_grow
from kpi.workspace import WorkspaceError
from ui import store, uploads
from ui.watched_import import Taken, files_of, take
from ui.watcher import Watcher

WRITING = "A file in the watched folder is still being written; it is read once it is whole."


class FolderWatcher(Watcher):
    """Reads the exports in a folder."""

    noun, unit, label = "folder", "file", store.WATCHED_LABEL

    def __init__(self, folder: Path, settle_s: float = SETTLE_S, patience_s: float = PATIENCE_S) -> None:
        super().__init__()
        self._watch = Watch(folder, settle_s=settle_s)
        self._patience_s = patience_s
        self._handled: tuple[Entry, ...] | None = None
        self._staged: dict[Entry, str] = {}

    @property
    def place(self) -> str:
        return str(self._watch.folder)

    @property
    def manner(self) -> str:
        return "Its files are read once they have changed and are whole."

    def _look(self, now: datetime) -> None:
        found = self._watch.look()
        if found.problem:
            self._trouble(now, found.problem)
        elif found.files == self._handled:
            self._unchanged(now)
        elif not found.settled:
            self._unchanged(now, WRITING)
        else:
            changed = max((entry.changed_ns for entry in found.files), default=0) / 1e9
            try:
                self._read(now, datetime.fromtimestamp(changed, UTC), lambda: self._take(found))
            except Moved:
                self._unchanged(now, WRITING)
                return
            self._handled = found.files
            self._staged = {entry: sha for entry, sha in self._staged.items() if entry in found.files}

    def _take(self, found: Look) -> Taken:
        before = files_of(store.workspace().find(self.label))
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
        names = [entry.name for entry in found.files]
        taken = take(self.label, names, good, broken, "the folder holds no export")
        told = (*taken.problems, *(f"{name}: {why}" for name, why in found.left_out))
        return replace(taken, problems=told)

    def _stage(self, entry: Entry) -> str:
        known = self._staged.get(entry)
        if known is None or not uploads.path_of(known).is_file():
            bytes_of = chunks(self._watch.folder, entry)
            known = store.workspace().stage(entry.name, bytes_of, total=entry.size).sha256
            self._staged[entry] = known
        return known
