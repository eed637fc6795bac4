"""Every test of the workspace runs on SQLite and on a PostgreSQL server of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from homes import ROOT, TIED, Home, Server, Victims, programs, unprivileged

from kpi.workspace import Workspace


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    found = programs()
    if found is None:
        said = "no PostgreSQL server found: scripts/ensure_postgresql.sh says how to get one"
        if os.environ.get("CI") or os.environ.get("KPI_REQUIRE_POSTGRESQL"):
            pytest.fail(said)
        pytest.skip(said)
    # A socket's path must be short, and pytest's own folders belong to the user of the tests.
    folder = Path(tempfile.mkdtemp(prefix="kpi-pg-", dir="/tmp"))
    user = unprivileged()
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
    running = subprocess.Popen(
        ["sh", "-c", TIED, "sh", str(found), str(folder)],
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
                if running.poll() is not None or attempt == 299:
                    logs = [path.read_text(errors="replace") for path in folder.glob("*.log")]
                    raise AssertionError("PostgreSQL did not start\n" + "\n".join(logs)) from None
                time.sleep(0.1)
        yield server
    finally:
        assert running.stdin is not None
        running.stdin.close()
        running.wait(30)


@pytest.fixture(params=["sqlite", "postgresql"])
def home(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    backend: str = request.param
    folder = tmp_path / "home"
    monkeypatch.setenv("KPI_WORKSPACE", str(folder))
    monkeypatch.delenv("KPI_DATABASE_URL", raising=False)
    if backend == "sqlite":
        yield Home(backend, folder)
        return
    server: Server = request.getfixturevalue("postgresql")
    name = f"test_{os.urandom(8).hex()}"
    server.execute(f"create database {name}")
    monkeypatch.setenv("KPI_DATABASE_URL", server.url(name))
    yield Home(backend, folder)
    server.execute(f"drop database {name} with (force)")


@pytest.fixture(scope="session")
def victims(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Victims]:
    errors = tmp_path_factory.mktemp("victims") / "errors.txt"
    with errors.open("w") as stderr:
        maker = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("victim.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
    yield Victims(maker, errors)
    maker.communicate(timeout=30)


@pytest.fixture
def kept(home: Home) -> Iterator[Workspace]:
    """An open workspace."""
    opened = home.open()
    yield opened
    opened.close()
