"""Imports of real exports come back from the workspace as they were."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from kpi.ingest import import_files
from kpi.workspace import Workspace

FORMATS = Path(__file__).resolve().parents[3] / "shared" / "formats"


@pytest.mark.shared
@pytest.mark.parametrize("name", ["zendesk.csv", "freshdesk.csv", "flat_adhoc.csv"])
def test_a_real_export_comes_back_whole(name: str, kept: Workspace) -> None:
    if not (FORMATS / name).is_file():
        pytest.skip(f"{FORMATS / name} is not there")
    given = import_files([(name, FORMATS / name)], {"timezone": "Europe/Berlin"})
    found = kept.load(kept.save(name, given, "0" * 64).key)
    assert found.tables.sizes() == given.tables.sizes()
    for table, rows in given.tables.items():
        pd.testing.assert_frame_equal(getattr(found.tables, table), rows)
    assert found.files == given.files
    assert found.answers == given.answers
