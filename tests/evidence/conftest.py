"""The sample on the app's own path: files → import → facts; read once for all tests of this folder."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kpi.definitions import Calendar, Definitions
from kpi.facts import Facts, build_facts
from kpi.ingest import Import, import_files

FILES = Path(__file__).resolve().parents[2] / "sample_data" / "files"
NAMES = ("tickets.csv", "surveys.csv", "calls.csv", "agent_days.csv", "customers.csv")
ZONE = "Europe/Berlin"
DESK_HOURS = (((480, 1200),),) * 5 + (((540, 900),), ())
"""When the sample's desk is open, Monday first."""


@pytest.fixture(scope="session")
def sample_import() -> Import:
    return import_files([(name, FILES / name) for name in NAMES], {"timezone": ZONE}, team_zone=ZONE)


@pytest.fixture(scope="session")
def sample(sample_import: Import) -> Facts:
    return build_facts(sample_import.tables, Definitions(timezone=ZONE))


@pytest.fixture(scope="session")
def tickets_only(sample_import: Import) -> Facts:
    """The sample as a desk has it that exports nothing but tickets; other formulas stand in then."""
    tables = replace(
        sample_import.tables,
        **dict.fromkeys(("surveys", "calls", "agents", "agent_days", "agent_periods", "customers")),
    )
    return build_facts(tables, Definitions(timezone=ZONE))


@pytest.fixture(scope="session")
def sample_in_open_hours(sample_import: Import) -> Facts:
    """The same with response and resolution measured while the desk is open."""
    calendar = Calendar(zone=ZONE, weekly=DESK_HOURS, country="DE")
    definitions = replace(Definitions(timezone=ZONE), business_hours=True, calendar=calendar)
    return build_facts(sample_import.tables, definitions)


@pytest.fixture(scope="session")
def truth() -> Callable[[str], dict[str, Any]]:
    """One planted truth by its id."""
    records = json.loads((FILES / "truths.json").read_text(encoding="utf-8"))["truths"]

    def find(key: str) -> dict[str, Any]:
        (found,) = (record for record in records if record["id"] == key)
        return dict(found)

    return find
