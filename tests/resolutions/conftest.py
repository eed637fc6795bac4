"""The sample on the app's own path, read once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kpi import resolutions
from kpi.definitions import Definitions
from kpi.facts import Facts, build_facts
from kpi.ingest import import_files
from kpi.resolutions import Kept

FILES = Path(__file__).resolve().parents[2] / "sample_data" / "files"
ZONE = "Europe/Berlin"


@pytest.fixture(scope="session")
def sample() -> Facts:
    files = [(path.name, path) for path in sorted(FILES.glob("*.csv"))]
    imported = import_files(files, {"timezone": ZONE}, team_zone=ZONE)
    return build_facts(imported.tables, Definitions(timezone=ZONE))


@pytest.fixture(scope="session")
def kept(sample: Facts) -> Kept:
    found = resolutions.prepare(sample)
    assert isinstance(found, Kept)
    return found


@pytest.fixture(scope="session")
def truths() -> dict[str, dict[str, Any]]:
    records = json.loads((FILES / "truths.json").read_text(encoding="utf-8"))["truths"]
    return {record["id"]: record for record in records}
