"""Sources are data: every record is sound, and a new one needs no code."""

from __future__ import annotations

import json
from importlib.resources import files

import pandas as pd
import pytest
from exports import lines

from kpi.ingest import import_files
from kpi.ingest.fields import TABLES
from kpi.ingest.headers import matches
from kpi.ingest.mapping import plan_source, read_column, split_target
from kpi.ingest.recognise import recognise
from kpi.ingest.sources import Source, load_aliases, load_sources, read_source


@pytest.mark.parametrize("source", load_sources(), ids=lambda source: source.key)
def test_every_record_is_sound(source: Source) -> None:
    assert source.table in TABLES
    assert len(source.signature) >= 3
    for header, options in source.columns.items():
        column = read_column(header, options)
        if column.also:
            split_target(column.also["to"])
            assert column.also["words"] in source.words
        assert not column.words or column.words in source.words
        assert not column.none_unless or any(matches(name, column.none_unless) for name in source.columns)
    for name in source.signature:
        assert any(matches(known, name) for known in source.columns)


def test_the_file_name_of_a_record_is_its_key() -> None:
    folder = files("kpi.ingest.sources")
    for entry in folder.iterdir():
        if entry.name.endswith(".json"):
            assert json.loads(entry.read_text(encoding="utf-8"))["key"] == entry.name.removesuffix(".json")


def test_aliases_name_real_columns() -> None:
    for table, roles in load_aliases().items():
        for field in roles:
            assert field in TABLES["surveys" if table == "answers" else table]


NEW = {
    "key": "lamp_phone",
    "name": "Lamp telephony export",
    "table": "calls",
    "signature": ["Lamp id", "Ring-in (*)", "Leg result", "Chat & talk"],
    "columns": {
        "Lamp id": "calls.call_id",
        "Ring-in (*)": "calls.started_at",
        "Leg result": {"to": "calls.outcome", "words": "outcome"},
        "Chat & talk": {"to": "calls.talk_s", "unit": "minutes"},
        "Stars": {"to": "calls.csat_raw", "scale": [0, 10, True]},
        "Unsolved": {"to": "calls.resolved", "inverse": True},
        "Shelf": "ignored",
    },
    "words": {"outcome": {"ok": "answered", "gone": "abandoned"}},
    "placeholders": ["~"],
}


def test_a_new_record_needs_no_code(monkeypatch: pytest.MonkeyPatch) -> None:
    source = read_source(NEW)
    monkeypatch.setattr("kpi.ingest.imports.load_sources", lambda: (*load_sources(), source))
    data = lines(
        "Lamp id,Ring-in (Asia/Tokyo),Leg result,Chat & talk,Stars,Unsolved,Shelf,Room",
        "L-1,2026-01-05 09:00,OK,2.5,10,no,x,East",
        "L-2,2026-01-05 09:30,gone,~,,yes,x,West",
    )
    imported = import_files([("lamp.csv", data)])
    account, calls = imported.files[0], imported.tables.calls
    assert (account.source, account.confidence) == ("lamp_phone", 1.0)
    assert (account.settings["timezone"], account.settings["timezone_origin"]) == ("Asia/Tokyo", "declared")
    assert not account.questions
    assert calls is not None
    assert calls["outcome"].tolist() == ["answered", "abandoned"]
    assert calls["talk_s"].iloc[0] == 150
    assert pd.isna(calls["talk_s"].iloc[1])
    assert calls["resolved"].tolist() == [True, False]
    assert calls["csat_norm"].iloc[0] == 100
    assert calls["custom:Room"].tolist() == ["East", "West"]
    assert calls["started_at"].iloc[0] == pd.Timestamp("2026-01-05T00:00Z")
    assert "custom:Shelf" not in calls


def test_further_header_rows_are_no_data_and_may_name_the_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    record = {
        "key": "form",
        "name": "Form",
        "table": "surveys",
        "signature": ["Q-id", "Done at", "Mark"],
        "header_rows": 2,
        "columns": {
            "Q-id": "surveys.survey_id",
            "Done at": "surveys.responded_at",
            "Mark": "surveys.nps_raw",
        },
    }
    monkeypatch.setattr("kpi.ingest.imports.load_sources", lambda: (read_source(record),))
    data = lines(
        "Q-id,Done at,Mark",
        "Number,Finished,How likely are you?",
        '"{""id"":1}","{""zone"":""America/Denver""}","{""id"":3}"',
        *(f"Z{number},2026-01-0{number} 10:00,{number}" for number in range(1, 9)),
    )
    imported = import_files([("form.csv", data)])
    account = imported.files[0]
    assert account.rejected == {"R_SUBHEADER": 2}
    assert (account.rows_read, account.rows_kept) == (10, 8)
    assert account.settings["timezone"] == "America/Denver"
    assert imported.tables.surveys is not None
    assert imported.tables.surveys["nps_raw"].tolist() == list(range(1, 9))


def test_records_with_faults_say_all_of_them() -> None:
    with pytest.raises(ValueError, match=r"unknown member 'colour'.*'name' is missing"):
        read_source({"key": "x", "table": "tickets", "colour": "red"})
    with pytest.raises(ValueError, match="not a column"):
        read_column("A", {"to": "tickets.mood"})
    with pytest.raises(ValueError, match="unknown options speed"):
        read_column("A", {"to": "tickets.created_at", "speed": 3})


SIGNED = read_source(
    {
        "key": "a",
        "name": "A",
        "table": "tickets",
        "signature": ["s1", "s2", "s3", "s4"],
        "columns": {
            "s1": "tickets.ticket_id",
            "s2": "tickets.custom",
            "s3": "tickets.custom",
            "s4": "tickets.custom",
        },
    }
)
NEAR = read_source(
    {
        "key": "b",
        "name": "B",
        "table": "tickets",
        "signature": ["s1", "s2", "s3", "t4"],
        "columns": {
            "s1": "tickets.ticket_id",
            "s2": "tickets.custom",
            "s3": "tickets.custom",
            "t4": "tickets.custom",
        },
    }
)


@pytest.mark.parametrize(
    ("headers", "sources", "key", "asked"),
    [
        (["s1", "s2", "s3", "s4"], (SIGNED,), "a", False),
        (["S1 ", "s2", "S3", "other"], (SIGNED,), "a", False),
        (["s1", "s2", "other", "more"], (SIGNED,), None, False),
        (["s1", "other"], (SIGNED,), None, False),
        (["s1", "s2", "s3", "x"], (SIGNED, NEAR), "a", True),
        ([], (SIGNED,), None, False),
    ],
)
def test_recognition_rule(
    headers: list[str], sources: tuple[Source, ...], key: str | None, asked: bool
) -> None:
    found = recognise(headers, sources)
    assert (found.source.key if found.source else None) == key
    assert found.ask is asked


def test_a_signature_of_one_column_is_never_enough() -> None:
    single = read_source(
        {
            "key": "g",
            "name": "G",
            "table": "surveys",
            "signature": ["Timestamp"],
            "columns": {"Timestamp": "surveys.responded_at"},
        }
    )
    assert recognise(["Timestamp", "Score"], (single,)).source is None


def test_two_headers_for_one_field_keep_both() -> None:
    plan = plan_source(SIGNED, ("s1", "S1", "s2"), 1.0)
    assert [column.target for column in plan.columns] == [
        "tickets.ticket_id",
        "tickets.custom",
        "tickets.custom",
    ]
