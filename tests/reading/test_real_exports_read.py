"""The real exports and fixtures beside the project: layout, counts, first cells."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from kpi.ingest.reading import OUTSIDE, RawTable, read_tables, rejected_records

SHARED = Path(__file__).resolve().parents[3] / "shared"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not (SHARED / "data").is_dir(), reason="the real files in ../shared are absent"),
]

ROWS = {
    "case_059/input_01.csv": (12, 2),
    "case_059/input_02.csv": (1147, 6),
    "case_059/input_03.csv": (1185, 6),
    "case_059/input_04.csv": (210, 6),
    "kaggle_support_tickets/customer_support_tickets_closed_2769.csv": (2769, 14),
    "kaggle_support_tickets/customer_support_tickets_original.csv": (8469, 17),
    "nps_bank/NPStimeseries_dd-mm-yyyy.csv": (5000, 7),
    "nps_bank/NPStimeseries_dd_mm_yy.csv": (5000, 7),
    "pwc_call_center/pwc_d-mon-yy.csv": (5000, 11),
    "pwc_call_center/pwc_ddmmyyyy.csv": (5000, 10),
    "pwc_call_center/pwc_iso_quoted.csv": (5000, 10),
    "pwc_call_center/pwc_semicolon_dayfraction.csv": (5000, 12),
    "rwfd_call_center/Call_Center.csv": (32941, 12),
    "rwfd_call_center/published_pivot.csv": (4, 2),
    "technical_support/Technical_Support_Dataset.csv": (2330, 22),
    "telco_churn/wa_churn.csv": (7043, 21),
}
"""Published or counted numbers of records and columns."""


def read_one(path: Path) -> RawTable:
    (table,) = read_tables(path.name, path)
    assert table.rows_read == len(table.cells) + len(rejected_records(table))
    return table


@pytest.mark.parametrize("name", ROWS)
def test_real_files_are_read_whole(name: str) -> None:
    table = read_one(SHARED / "data" / name)
    assert table.cells.shape == ROWS[name]
    assert table.rejects == ()
    assert table.findings == ()


@pytest.mark.parametrize("name", ROWS)
def test_cells_equal_those_of_another_reader(name: str) -> None:
    """pandas' own C parser, told the delimiter, reads the same cells, line breaks inside them included."""
    path = SHARED / "data" / name
    table = read_one(path)
    other = pd.read_csv(path, sep=table.facts.delimiter, dtype=str, keep_default_na=False)
    assert other.to_numpy().tolist() == table.cells.to_numpy().tolist()


def test_published_number_of_addresses() -> None:
    """8,320 unique customer e-mails, as published by a third-party notebook."""
    table = read_one(SHARED / "data/kaggle_support_tickets/customer_support_tickets_original.csv")
    assert table.cells["Customer Email"].nunique() == 8320


def test_the_real_workbook() -> None:
    """Its first table has the records of its CSV twin; typed dates agree with the text of the twin."""
    tables = read_tables("t.xlsx", SHARED / "data/technical_support/Technical Support Dataset (1).xlsx")
    first, twin = tables[0], read_one(SHARED / "data/technical_support/Technical_Support_Dataset.csv")
    assert first.facts.sheet == "Technical Support Dataset"
    assert len(first.cells) == len(twin.cells) == 2330
    assert first.cells["Ticket ID"].tolist() == twin.cells["Ticket ID"].tolist()
    assert (first.cells["Created time"].str[:16] == twin.cells["Created time"].str[:16]).mean() > 0.99
    assert "Created time" in first.typed


FIXTURES = [
    "zendesk.csv", "freshdesk.csv", "intercom.csv", "glpi.csv", "zammad.xlsx", "aircall.csv",
    "chatwoot_agents.csv", "flat_adhoc.csv", "asterisk_queue_log.txt",
]  # fmt: skip


@pytest.mark.parametrize("name", FIXTURES)
def test_fixtures_as_expected(name: str) -> None:
    expected = json.loads((SHARED / "formats/expected.json").read_text())[name]
    facts = expected["file_facts"]
    table = read_one(SHARED / "formats" / name)
    assert table.rows_read == facts["data_rows"]
    assert table.facts.header_row == (facts["header_row"] or 0)
    assert table.facts.delimiter == facts.get("delimiter", "")
    assert table.facts.bom is facts.get("bom", False)
    if "encoding" in facts and facts["encoding"] != "ascii":
        assert table.facts.encoding == facts["encoding"]
    if "footer" in facts:
        assert table.facts.footer == (facts["footer"],)
    ours = {(reject.reason, reject.record) for reject in table.rejects}
    wanted = {
        (reject["reason"], reject.get("row", reject.get("line")))
        for reject in expected["rejects"]
        if reject["reason"] in OUTSIDE | {"R_COLCOUNT"}
    }
    assert ours == wanted
