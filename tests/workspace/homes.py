"""Where the tests of the workspace keep it: SQLite, a PostgreSQL server; and processes that are killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text

from kpi.workspace import Caps, Workspace
from kpi.workspace.places import place

ROOT = Path(__file__).resolve().parents[2]
VARIABLES = ("KPI_WORKSPACE", "KPI_DATABASE_URL")


@dataclass(frozen=True)
class Home:
    """Where one test keeps its workspace. The environment names it, also for processes that a test starts."""

    backend: str
    folder: Path

    def open(self, caps: Caps | None = None) -> Workspace:
        return Workspace.open(caps=caps)

    @property
    def files(self) -> Path:
        """The folder with the files of the workspace."""
        return place(None).folder

    def execute(self, statement: str) -> list[tuple[object, ...]]:
        """Something done to the database from outside; the rows that it returns."""
        engine = create_engine(place(None).url)
        try:
            with engine.begin() as connection:
                done = connection.execute(text(statement))
                return [tuple(row) for row in done] if done.returns_rows else []
        finally:
            engine.dispose()


@dataclass(frozen=True)
class Victims:
    """Processes that do one thing to the workspace of a test and are killed (``victim.py``)."""

    maker: subprocess.Popen[str]
    errors: Path

    def order(self, act: str, **order: str) -> int:
        """Starts one; its number."""
        named = {name: os.environ[name] for name in VARIABLES if name in os.environ}
        unset = [name for name in VARIABLES if name not in os.environ]
        assert self.maker.stdin is not None
        self.maker.stdin.write(json.dumps({"act": act, "environment": named, "unset": unset, **order}) + "\n")
        self.maker.stdin.flush()
        return self._answer()

    def wait(self) -> None:
        """Waits until it was killed."""
        assert self._answer() == signal.SIGKILL, self.errors.read_text()

    def kill(self, act: str, **order: str) -> None:
        """One that kills itself, at a moment that the order names."""
        self.order(act, **order)
        self.wait()

    def _answer(self) -> int:
        assert self.maker.stdout is not None
        answer = self.maker.stdout.readline()
        assert answer, self.errors.read_text()
        return int(answer)
