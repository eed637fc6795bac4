"""Every test of the workspace runs on SQLite and on a PostgreSQL server of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from homes import ROOT, Home, Victims
from postgresql_server import Server

from kpi.workspace import Workspace


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
    with server.database() as url:
        monkeypatch.setenv("KPI_DATABASE_URL", url)
        yield Home(backend, folder)


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
