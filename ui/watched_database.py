"""The watched database: tables or views, read as exports when their rows changed."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from kpi.watching import WHOLE_S, Drawn, NotADatabase, Reading, WatchedDatabase
from kpi.workspace import WorkspaceError
from ui import store, uploads
from ui.watched_import import Taken, take
from ui.watcher import Watcher

RESTS = "The watched database has changed; it is read again once it has rested."


class DatabaseWatcher(Watcher):
    """Reads tables or views of a database."""

    noun, unit, label = "database", "table", store.WATCHED_DATABASE

    def __init__(self, database: WatchedDatabase) -> None:
        super().__init__()
        self._watch = database
        self._handled: object = None

    @property
    def place(self) -> str:
        return f"{self._watch.address}, {', '.join(self._watch.address.tables)}"

    @property
    def manner(self) -> str:
        return (
            "Rows are read when their number or the newest stamp of a column such as updated_at moved, and "
            f"at least every {WHOLE_S / 60:.0f} minutes; without such a column they are read to see whether "
            "they changed. After a reading the database is left alone ten times as long as that took."
        )

    def _look(self, now: datetime) -> None:
        found = self._watch.look()
        if found.problem:
            self._trouble(now, found.problem)
        elif found.due:
            try:
                self._read(now, None, self._take)
            except NotADatabase as error:
                self._trouble(now, str(error))
        else:
            self._unchanged(now, RESTS if found.later else "")

    def _take(self) -> Taken:
        with tempfile.TemporaryDirectory() as folder:
            found = self._watch.read(Path(folder))
            begun = time.monotonic()
            try:
                if found.mark == self._handled:
                    return Taken(problems=self._told)
                # Before anything can go wrong: the same rows are never tried again and again.
                self._handled = found.mark
                return self._kept(found)
            finally:
                self._watch.took(time.monotonic() - begun)

    def _kept(self, found: Reading) -> Taken:
        good: dict[str, str] = {}
        broken = dict(found.broken)
        for name, drawn in found.drawn.items():
            try:
                staged = store.workspace().stage(name, _chunks(drawn), total=drawn.path.stat().st_size)
                good[name] = staged.sha256
            except WorkspaceError as error:
                broken[name] = str(error)
        taken = take(self.label, self._watch.address.tables, good, broken, "")
        strange = (f"{name}: {each.strange}" for name, each in found.drawn.items() if each.strange)
        return Taken(taken.files, taken.read, (*taken.problems, *strange))


class Unnamed(Watcher):
    """A database whose address cannot be read: it says so."""

    noun, unit, label = DatabaseWatcher.noun, DatabaseWatcher.unit, DatabaseWatcher.label
    place = "a database"
    manner = ""

    def __init__(self, problem: str) -> None:
        super().__init__()
        self._problem = problem

    def _look(self, now: datetime) -> None:
        self._trouble(now, self._problem)


def _chunks(drawn: Drawn) -> Iterator[bytes]:
    with drawn.path.open("rb") as file:
        while chunk := file.read(uploads.CHUNK):
            yield chunk
