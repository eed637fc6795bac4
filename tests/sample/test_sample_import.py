"""The import reads the five sample files for what they are, and notices what was planted in them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from kpi.ingest import import_files
from kpi.ingest.nouns import Account, Import

FILES = Path(__file__).resolve().parents[2] / "sample_data" / "files"
NAMES = ("tickets.csv", "surveys.csv", "calls.csv", "agent_days.csv", "customers.csv")


@pytest.fixture(scope="module")
def imported() -> Import:
    return import_files([(name, FILES / name) for name in NAMES], team_zone="Europe/Berlin")


def account(imported: Import, name: str) -> Account:
    (found,) = (file for file in imported.files if file.name == name)
    return found


def where(key: str) -> dict[str, object]:
    records = json.loads((FILES / "truths.json").read_text(encoding="utf-8"))["truths"]
    (found,) = (record for record in records if record["id"] == key)
    return {**found["where"], **{name: found.get(name) for name in ("from", "until", "size")}}


def test_every_row_is_accounted_for(imported: Import) -> None:
    for file in imported.files:
        assert file.rows_read == len(pd.read_csv(FILES / file.name, dtype=str))
        assert file.rows_read == file.rows_kept + len(file.rejects)
    assert imported.tables.tickets is not None
    assert len(imported.tables.tickets) == account(imported, "tickets.csv").rows_kept


def test_each_file_is_the_table_that_it_is(imported: Import) -> None:
    assert account(imported, "tickets.csv").source == "zendesk_csv_export"
    for name, columns in {
        "surveys": ("ticket_id", "sent_at", "responded_at", "csat_raw", "nps_raw", "ces_raw", "comment"),
        "calls": (
            "ticket_id",
            "started_at",
            "queue",
            "agent_name",
            "wait_s",
            "talk_s",
            "hold_s",
            "acw_s",
            "outcome",
        ),
        "agent_days": (
            "agent_name",
            "date",
            "logged_in_s",
            "contact_s",
            "handled",
            "qa_score",
            "offers",
            "sales",
        ),
        "customers": ("requester_id", "segment", "region", "joined_at", "churned_at"),
    }.items():
        table = getattr(imported.tables, name)
        assert table is not None
        assert set(columns) <= set(table.columns)
        assert len(table) == account(imported, f"{name}.csv").rows_kept


def test_the_duplicate_block_is_rejected_record_by_record(imported: Import) -> None:
    planted = where("duplicates")
    rejects = account(imported, "tickets.csv").rejects
    assert Counter(reject.reason for reject in rejects) == {"R_DUP_EXACT": 60, "R_DUP_KEY": 20}
    for reason, key in (("R_DUP_EXACT", "exact_records"), ("R_DUP_KEY", "changed_records")):
        first, last = planted[key]  # type: ignore[misc]
        assert sorted(r.record for r in rejects if r.reason == reason) == list(range(first, last + 1))


def test_no_older_state_replaces_a_solved_ticket(imported: Import) -> None:
    tickets = imported.tables.tickets
    assert tickets is not None
    changed = tickets[tickets["ticket_id"].isin(where("duplicates")["changed_ids"])]
    assert len(changed) == 20
    assert changed["solved_at"].notna().all()


def test_the_zone_change_is_noticed(imported: Import) -> None:
    found = [f for f in account(imported, "tickets.csv").findings if f.code == "C_SUM_MISMATCH"]
    assert sum(finding.count for finding in found) >= 150
    tickets = pd.read_csv(FILES / "tickets.csv", dtype=str, keep_default_na=False)
    planted = where("zone_change")
    records = [record for finding in found for record, _, _ in finding.examples]
    created = pd.to_datetime(tickets.loc[[record - 1 for record in records], "Created at"])
    local = created + pd.Timedelta(hours=2)
    assert (local >= pd.Timestamp(str(planted["from"]))).all()
    assert (local < pd.Timestamp(str(planted["until"])) + pd.Timedelta(days=1)).all()


def test_answers_are_read_on_their_scales(imported: Import) -> None:
    surveys, raw = imported.tables.surveys, pd.read_csv(FILES / "surveys.csv")
    assert surveys is not None
    assert (surveys["csat_label"] == "positive").sum() == (raw["csat_score"] >= 4).sum()
    assert surveys["csat_norm"].notna().sum() == raw["csat_score"].notna().sum()
    assert (surveys["nps_bucket"] == "promoter").sum() == (raw["nps_score"] >= 9).sum()
    assert (surveys["nps_bucket"] == "detractor").sum() == (raw["nps_score"] <= 6).sum()


def test_calls_keep_their_outcome(imported: Import) -> None:
    calls, raw = imported.tables.calls, pd.read_csv(FILES / "calls.csv")
    assert calls is not None
    assert calls["outcome"].value_counts().to_dict() == raw["outcome"].value_counts().to_dict()
    assert calls["wait_s"].sum() == raw["wait_s"].sum()
    answered = calls[calls["outcome"] == "answered"]
    assert answered["handle_s"].sum() == raw[["talk_s", "hold_s", "after_call_work_s"]].sum().sum()
