"""No test speaks to a database that the environment names; those that need PostgreSQL start their own."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from postgresql_server import Server, programs, running

os.environ.pop("KPI_DATABASE_URL", None)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    found = programs()
    if found is None:
        said = "no PostgreSQL server found: scripts/ensure_postgresql.sh says how to get one"
        if os.environ.get("CI") or os.environ.get("KPI_REQUIRE_POSTGRESQL"):
            pytest.fail(said)
        pytest.skip(said)
    with running(found) as server:
        yield server
