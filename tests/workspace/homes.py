"""Where the tests of the workspace keep it: SQLite, a PostgreSQL server; and processes that are killed."""

from __future__ import annotations

import glob
import json
import os
import pwd
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import create_engine, text

from kpi.workspace import Caps, Workspace
from kpi.workspace.places import place

ROOT = Path(__file__).resolve().parents[2]
VARIABLES = ("KPI_WORKSPACE", "KPI_DATABASE_URL")
# The shell ends the server when its input ends: with these tests, however they end. Nothing is left behind.
TIED = """
"$1/initdb" -D "$2/data" -U kpi -A trust -E UTF8 --locale=C --no-sync --no-instructions \
    >"$2/initdb.log" 2>&1 || exit 1
"$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=off -c synchronous_commit=off \
    -c full_page_writes=off -c max_connections=60 -c shared_buffers=32MB >"$2/server.log" 2>&1 </dev/null &
server=$!
read -r _
kill -QUIT "$server"
wait "$server"
rm -rf "$2"
"""


def programs() -> Path | None:
    """The folder of PostgreSQL's server programs; Debian keeps them off the path."""
    found = [Path(name).parent for name in (shutil.which("postgres"),) if name]
    found += [
        Path(name)
        for pattern in ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin")
        for name in sorted(glob.glob(pattern), reverse=True)
    ]
    return next((folder for folder in found if (folder / "initdb").exists()), None)


def unprivileged() -> pwd.struct_passwd | None:
    """The user under whom a server may run: PostgreSQL refuses root. None when this one may."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise AssertionError("no user but root is there to run PostgreSQL under")


@dataclass(frozen=True)
class Server:
    """A running server, reached by a socket in a folder that only its user (and root) can enter."""

    folder: Path

    def url(self, database: str, driver: str = "postgresql") -> str:
        return f"{driver}://kpi@/{database}?host={self.folder}"

    def execute(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]


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
