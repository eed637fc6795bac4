"""A PostgreSQL server that lives as long as the tests."""

from __future__ import annotations

import glob
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

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

    @contextmanager
    def database(self) -> Iterator[str]:
        """The address of a new database, dropped at the end."""
        name = f"test_{os.urandom(8).hex()}"
        self.execute(f"create database {name}")
        yield self.url(name)
        self.execute(f"drop database {name} with (force)")

    def execute(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]


@contextmanager
def running(programs: Path) -> Iterator[Server]:
    """A server of its own, stopped and removed at the end."""
    # A socket's path must be short, and pytest's own folders belong to the user of the tests.
    folder = Path(tempfile.mkdtemp(prefix="kpi-pg-", dir="/tmp"))
    user = unprivileged()
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
    process = subprocess.Popen(
        ["sh", "-c", TIED, "sh", str(programs), str(folder)],
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        user=None if user is None else user.pw_uid,
        group=None if user is None else user.pw_gid,
        extra_groups=None if user is None else [],
        start_new_session=True,
    )
    server = Server(folder)
    try:
        for attempt in range(300):
            try:
                server.execute("select 1")
                break
            except psycopg.OperationalError:
                if process.poll() is not None or attempt == 299:
                    logs = [path.read_text(errors="replace") for path in folder.glob("*.log")]
                    raise AssertionError("PostgreSQL did not start\n" + "\n".join(logs)) from None
                time.sleep(0.1)
        yield server
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(30)
