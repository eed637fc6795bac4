"""The sample as facts, and its planted truths."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kpi.definitions import Definitions
from kpi.facts import Facts, build_facts
from kpi.ingest import import_files

FILES = Path(__file__).resolve().parents[2] / "sample_data" / "files"
ZONE = "Europe/Berlin"


@pytest.fixture(scope="session")
def sample() -> Facts:
    names = ("tickets.csv", "surveys.csv", "calls.csv", "agent_days.csv", "customers.csv")
    imported = import_files([(name, FILES / name) for name in names], {"timezone": ZONE}, team_zone=ZONE)
    return build_facts(imported.tables, Definitions(timezone=ZONE))


@pytest.fixture(scope="session")
def truth() -> Callable[[str], dict[str, Any]]:
    records = json.loads((FILES / "truths.json").read_text(encoding="utf-8"))["truths"]
    return lambda key: next(dict(record) for record in records if record["id"] == key)
