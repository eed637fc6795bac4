"""Looks at a watched folder. Only whoever starts the program names it; nothing else can.

Files are told by their ending. Links, folders and hidden files are never followed or opened. A file counts as
whole once neither it nor the folder has changed for some seconds, so that one that is still being written is
waited for.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

VARIABLE = "KPI_WATCH"
ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".jsonl", ".ndjson", ".json")
SETTLE_S = 5.0
"""Seconds without a change after which what lies in the folder is taken to be whole."""
MOST_FILES = 60
CHUNK = 4 * 2**20


class NotAFolder(Exception):
    """What is to be watched cannot be; the message says why and what to do."""


class Moved(Exception):
    """A file changed or went away while it was read."""


@dataclass(frozen=True, order=True)
class Entry:
    """One export in the folder. ``name`` is for messages and for opening it inside the folder."""

    name: str
    size: int
    changed_ns: int
    """The later of its times of change: of its bytes, or of its name."""
    number: int
    """Of the file on its disk: another one under the same name is a change."""


@dataclass(frozen=True)
class Look:
    """What lay in the folder at one moment.

    Attributes:
        files: the exports, by name.
        settled: whether nothing has changed for so long that they are whole.
        left_out: (name, why) of what is never opened.
        problem: why the folder cannot be looked at; then there are no files.
    """

    files: tuple[Entry, ...]
    settled: bool
    left_out: tuple[tuple[str, str], ...] = ()
    problem: str = ""


def watched_folder(environment: Mapping[str, str] = os.environ) -> Path | None:
    """The folder that ``$KPI_WATCH`` names; None where it names none, as by default, or a database.

    >>> watched_folder({}) is None
    True
    """
    text = environment.get(VARIABLE, "").strip()
    return Path(text).expanduser() if text and "://" not in text else None


class Watch:
    """One folder, looked at again and again. Not for several threads at once."""

    def __init__(
        self,
        folder: Path,
        *,
        settle_s: float = SETTLE_S,
        clock: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self.folder = folder
        self._settle_s = settle_s
        self._clock = clock
        self._steady = steady
        self._seen: tuple[object, float] | None = None

    def look(self) -> Look:
        """What lies in the folder now."""
        try:
            entries, left_out, folder_ns = _listed(self.folder)
        except NotAFolder as error:
            self._seen = None
            return Look((), False, problem=str(error))
        mark = (entries, folder_ns)
        if self._seen is None or self._seen[0] != mark:
            self._seen = (mark, self._steady())
        newest = max([folder_ns, *(entry.changed_ns for entry in entries)]) / 1e9
        # Clocks of other machines may differ: then what counts is how long nothing was seen to change.
        settled = self._clock() - newest >= self._settle_s or self._steady() - self._seen[1] >= self._settle_s
        return Look(entries, settled, left_out)


def chunks(folder: Path, entry: Entry) -> Iterator[bytes]:
    """The bytes of a file as it was seen.

    Raises:
        Moved: it is another one now, or became so on the way.
    """
    flags = (
        os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    )
    try:
        handle = os.open(folder / entry.name, flags)
    except OSError as error:
        raise Moved(f"'{entry.name}' can no longer be opened ({error.strerror})") from error
    with open(handle, "rb", buffering=0) as file:
        _same(os.fstat(handle), entry)
        read = 0
        while chunk := file.read(CHUNK):
            read += len(chunk)
            if read > entry.size:
                break
            yield chunk
        _same(os.fstat(handle), entry)
        if read != entry.size:
            raise Moved(f"'{entry.name}' changed while it was read")


def _same(now: os.stat_result, entry: Entry) -> None:
    if not stat.S_ISREG(now.st_mode) or _entry(entry.name, now) != entry:
        raise Moved(f"'{entry.name}' changed while it was read")


def _entry(name: str, found: os.stat_result) -> Entry:
    return Entry(name, found.st_size, max(found.st_mtime_ns, found.st_ctime_ns), found.st_ino)


def _listed(folder: Path) -> tuple[tuple[Entry, ...], tuple[tuple[str, str], ...], int]:
    entries: list[Entry] = []
    left_out: list[tuple[str, str]] = []
    try:
        folder_ns = folder.stat().st_mtime_ns
        with os.scandir(folder) as listed:
            for each in listed:
                name = each.name
                if name.startswith((".", "~")) or not name.lower().endswith(ENDINGS):
                    continue
                if each.is_symlink() or not each.is_file(follow_symlinks=False):
                    left_out.append((name, "links and folders are not opened"))
                    continue
                # Not each.stat(): on Windows that knows neither the number nor, at times, the size.
                found = os.stat(folder / name, follow_symlinks=False)
                if stat.S_ISREG(found.st_mode):
                    entries.append(_entry(name, found))
    except FileNotFoundError as error:
        if folder.is_dir():
            return _listed(folder)
        raise NotAFolder(f"there is no folder '{folder}'; make it, or let {VARIABLE} name another") from error
    except NotADirectoryError as error:
        raise NotAFolder(f"'{folder}' is no folder; let {VARIABLE} name the folder of the exports") from error
    except OSError as error:
        raise NotAFolder(f"the folder '{folder}' cannot be read ({error.strerror})") from error
    entries.sort()
    left_out += [(each.name, f"more than {MOST_FILES} files") for each in entries[MOST_FILES:]]
    return tuple(entries[:MOST_FILES]), tuple(sorted(left_out)), folder_ns
