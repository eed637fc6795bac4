"""What several folders share: the sample on the app's own path, and a PostgreSQL server of the tests' own.

No test speaks to a database that the environment names.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from postgresql_server import Server, programs, running

from kpi.definitions import Definitions
from kpi.facts import Facts, build_facts
from kpi.ingest import Import, import_files

os.environ.pop("KPI_DATABASE_URL", None)

FILES = Path(__file__).resolve().parents[1] / "sample_data" / "files"
NAMES = ("tickets.csv", "surveys.csv", "calls.csv", "agent_days.csv", "customers.csv")
ZONE = "Europe/Berlin"
Truths = dict[str, dict[str, Any]]


@pytest.fixture(scope="session")
def sample_import() -> Import:
    return import_files([(name, FILES / name) for name in NAMES], {"timezone": ZONE}, team_zone=ZONE)


@pytest.fixture(scope="session")
def sample(sample_import: Import) -> Facts:
    return build_facts(sample_import.tables, Definitions(timezone=ZONE))


@pytest.fixture(scope="session")
def truths() -> Truths:
    """The planted truths by their ids."""
    records = json.loads((FILES / "truths.json").read_text(encoding="utf-8"))["truths"]
    return {record["id"]: record for record in records}


@pytest.fixture(scope="session")
def truth(truths: Truths) -> Callable[[str], dict[str, Any]]:
    """One planted truth by its id."""
    return lambda key: dict(truths[key])


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
