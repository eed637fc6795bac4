"""The agreed answers for three exports: every value, reject, warning and question."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from kpi.ingest import Account, Import, import_files

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "formats"
ZONES = {
    "zendesk.csv": "Europe/Berlin",
    "freshdesk.csv": "Asia/Kolkata",
    "flat_adhoc.csv": "Europe/Vienna",
}
QUESTIONS = {
    "zendesk.csv": {"timezone"},
    "freshdesk.csv": {"timezone", "status:Waiting on Customer", "status:Waiting on Third Party"},
    "flat_adhoc.csv": {"timezone", "scale:Effort", "unit:Handling time"},
}

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not FOLDER.exists(), reason="the folder ../shared/formats is not there"),
]
each = pytest.mark.parametrize("name", list(ZONES))


def read(name: str) -> tuple[dict[str, Any], Import, Account]:
    expected = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))[name]
    imported = import_files([(name, FOLDER / name)], {"timezone": ZONES[name]})
    return expected, imported, imported.files[0]


@each
def test_source_and_file_facts(name: str) -> None:
    expected, _, account = read(name)
    facts = expected["file_facts"]
    assert account.source == expected["source"]
    assert account.settings["encoding"] == facts["encoding"]
    assert account.settings["delimiter"] == facts["delimiter"]
    assert account.settings["bom"] == ("yes" if facts["bom"] else "no")
    assert account.settings["header_row"] == str(facts["header_row"])
    assert account.rows_read == facts["data_rows"]
    for sign in ("decimal", "thousands"):
        assert sign not in facts or account.settings[sign] == facts[sign]


@each
def test_settings(name: str) -> None:
    expected, _, account = read(name)
    assert account.settings["timezone"] == expected["settings"]["timezone"]
    assert account.settings["timezone_origin"] == "asked"
    assert "date_order" not in expected["settings"] or account.settings["date_order"] == "dmy"


@each
def test_rows_add_up_and_rejects_are_named(name: str) -> None:
    expected, imported, account = read(name)
    assert account.rows_kept == expected["accepted_rows"]
    assert account.rows_read == account.rows_kept + len(account.rejects)
    wanted = {(reject["record"], reject["reason"].split(" -> ")[-1]) for reject in expected["rejects"]}
    assert {(reject.record, reject.reason) for reject in account.rejects} == wanted
    for reject in expected["rejects"]:
        found = next(mine for mine in account.rejects if mine.record == reject["record"])
        assert "raw" not in reject or found.raw == reject["raw"]
        if " -> " in reject["reason"]:
            cause = reject["reason"].split(" -> ")[0]
            assert any(
                f.code == cause and reject["record"] in [e[0] for e in f.examples] for f in account.findings
            )
    assert imported.tables.tickets is not None
    assert len(imported.tables.tickets) == expected["accepted_rows"]


@each
def test_cell_warnings(name: str) -> None:
    expected, _, account = read(name)
    for warning in expected.get("cell_warnings", ()):
        found = [
            example
            for finding in account.findings
            if (finding.code, finding.column) == (warning["reason"], warning["column"])
            for example in finding.examples
            if example[0] == warning["record"]
        ]
        assert found, warning
        assert "raw" not in warning or found[0][1] == warning["raw"]


@each
def test_questions(name: str) -> None:
    expected, _, account = read(name)
    assert {question.id for question in account.questions} == QUESTIONS[name]
    assert len(account.questions) >= len(expected["questions_expected"])
    assert all(question.about and question.why and question.examples for question in account.questions)


@each
def test_values(name: str) -> None:
    expected, imported, _ = read(name)
    tickets, surveys = imported.tables.tickets, imported.tables.surveys
    assert tickets is not None
    assert surveys is not None
    for row in expected["rows"]:
        key = row["canonical"]["tickets.ticket_id"]
        ticket = tickets[tickets["ticket_id"] == key].iloc[0]
        answers = surveys[surveys["ticket_id"] == key]
        for target, value in row["canonical"].items():
            if target == "surveys":
                assert answers.empty, key
                continue
            table, _, field = target.partition(".")
            source = ticket if table == "tickets" else answers.iloc[0]
            assert_is(source.get(field), value, f"{key} {target}")


def assert_is(found: Any, wanted: Any, where: str) -> None:
    """Equal within the agreed tolerance: times and durations to the second, scores to 0.1."""
    if wanted is None:
        assert found is None or pd.isna(found), where
    elif isinstance(wanted, list):
        assert found == wanted, where
    elif isinstance(wanted, bool):
        assert bool(found) is wanted, where
    elif isinstance(wanted, int | float):
        assert float(found) == pytest.approx(wanted, abs=0.1 if "norm" in where else 0.5), where
    elif isinstance(found, pd.Timestamp):
        assert abs((found - pd.Timestamp(wanted)).total_seconds()) < 1, where
    else:
        assert found == wanted, where


def test_the_doubled_hour_is_settled_by_a_duration() -> None:
    """zendesk 48212: 02:30 exists twice on 2025-10-26; 22:40Z + 170 minutes says 01:30Z."""
    _, imported, account = read("zendesk.csv")
    assert imported.tables.tickets is not None
    ticket = imported.tables.tickets.set_index("ticket_id").loc["48212"]
    assert ticket["solved_at"] == pd.Timestamp("2025-10-26T01:30:00Z")
    assert any(finding.code == "C_DATE_DST_AMBIGUOUS" for finding in account.findings)
