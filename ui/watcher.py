"""What is common to watching a folder and a database: one looks for all readers, the others go on."""

from __future__ import annotations

import logging
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import streamlit as st

from kpi.watching import Moved, NotADatabase
from ui.watched_import import STAYS, Taken

AT_MOST_EVERY_S = 1.0
"""Pages that are drawn one after another share a look."""
log = logging.getLogger("kpi.app")


@dataclass(frozen=True)
class State:
    """What is known of what is watched.

    Attributes:
        looked, read, changed: when it was looked at and read, and its newest change where one is known (UTC).
        files: how many files or tables were read.
        waits: what is waited for before it is read again; empty when nothing is.
        problems: one sentence for everything that could not be used.
    """

    looked: datetime | None = None
    read: datetime | None = None
    changed: datetime | None = None
    files: int = 0
    waits: str = ""
    problems: tuple[str, ...] = ()


class Watcher(ABC):
    """Reads what is watched when it changed; safe for several readers."""

    noun: str
    """What it is: "folder" or "database"."""
    unit: str
    """What is read of it: "file" or "table"."""
    label: str
    """Of the data set."""

    def __init__(self) -> None:
        self.state = State()
        self._lock = threading.Lock()
        self._next = 0.0
        self._told: tuple[str, ...] = ()

    @property
    @abstractmethod
    def place(self) -> str:
        """Where it is, in words that hold no secret."""

    @property
    @abstractmethod
    def manner(self) -> str:
        """How it is told that something changed."""

    def look(self) -> State:
        """Look at it, and read it where it changed."""
        if not self._lock.acquire(blocking=False):
            return self.state
        try:
            if time.monotonic() >= self._next:
                self._look(datetime.now(UTC))
                self._next = time.monotonic() + AT_MOST_EVERY_S
            return self.state
        finally:
            self._lock.release()

    @abstractmethod
    def _look(self, now: datetime) -> None:
        """Look once: unchanged, trouble, or read."""

    def _unchanged(self, now: datetime, waits: str = "") -> None:
        self.state = replace(self.state, looked=now, waits=waits, problems=self._told)

    def _trouble(self, now: datetime, problem: str) -> None:
        self.state = replace(self.state, looked=now, waits="", problems=(problem,))

    def _read(self, now: datetime, changed: datetime | None, take: Callable[[], Taken]) -> None:
        """Keep what is there now.

        Raises:
            Moved, NotADatabase: it can be tried again.
        """
        taken = Taken()
        try:
            with st.spinner(f"Reading the watched {self.noun} …"):
                taken = take()
            self._told = taken.problems
        except (Moved, NotADatabase):
            raise
        except Exception as error:
            # Never the same again and again: it is read once more when something changes.
            log.error("watched %s", self.noun, exc_info=error)
            self._told = (f"the {self.noun} could not be read; that is our fault; {STAYS}",)
        self._unchanged(now)
        if taken.read is not None:
            self.state = replace(self.state, read=taken.read, changed=changed, files=taken.files)
