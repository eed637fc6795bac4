"""Answers (scoped, wrong, unused), several files, exact accounts, hostile content."""

from __future__ import annotations

import io
from contextlib import suppress
from dataclasses import fields

import pandas as pd
import pytest
from exports import lines
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.ingest import Account, Import, Refused, import_files

HEADER = "Ticket ID,Created,Resolved at,Status,Updated at,Agent"


def tickets_file(*rows: str) -> bytes:
    return lines(HEADER, *rows)


JANUARY = tickets_file(
    "T-101,2026-01-05 08:00,,open,2026-01-05 09:00,Ann Lee",
    "T-102,2026-01-06 08:00,2026-01-06 12:00,closed,2026-01-07 09:00,Bo Ray",
)
FEBRUARY = tickets_file(
    "T-101,2026-01-05 08:00,2026-02-01 10:00,closed,2026-02-01 10:00,Ann Lee",
    "T-103,2026-02-06 08:00,,open,2026-02-07 09:00,ann  lee",
)


def codes(account: Account) -> set[str]:
    return {finding.code for finding in account.findings}


def test_answers_by_id_by_file_and_by_fingerprint() -> None:
    plain = import_files([("a.csv", JANUARY)], {"timezone": "Asia/Tokyo"})
    assert plain.files[0].settings["timezone_origin"] == "asked"
    mark = plain.files[0].fingerprint
    for scope in ("a.csv", mark):
        scoped = import_files([("a.csv", JANUARY)], {scope: {"timezone": "Asia/Tokyo"}})
        assert scoped.files[0].settings["timezone"] == "Asia/Tokyo"
        assert scoped.answers == {"timezone": "Asia/Tokyo"}
    both = import_files(
        [("a.csv", JANUARY), ("b.csv", FEBRUARY)], {"timezone": "UTC", "b.csv": {"timezone": "Asia/Tokyo"}}
    )
    assert [account.settings["timezone"] for account in both.files] == ["UTC", "Asia/Tokyo"]


def test_the_next_month_has_the_same_fingerprint() -> None:
    one = import_files([("a.csv", JANUARY)]).files[0]
    other = import_files([("b.csv", FEBRUARY)]).files[0]
    assert one.fingerprint == other.fingerprint
    assert len(one.fingerprint) == 64


def test_defaults_are_taken_and_listed() -> None:
    account = import_files([("a.csv", JANUARY)], team_zone="Europe/Oslo").files[0]
    assert account.settings["timezone"] == "Europe/Oslo"
    assert account.settings["timezone_origin"] == "assumed"
    assert any("Europe/Oslo" in sentence for sentence in account.assumed)


@pytest.mark.parametrize(
    ("answers", "code", "words"),
    [
        ({"timezone": "Middle/Earth"}, "A_INVALID", "IANA zone"),
        ({"role:Agent": "tickets.mood"}, "A_INVALID", "tickets.mood"),
        ({"timezoen": "UTC"}, "A_UNKNOWN", "timezoen"),
        ({"z.csv": {"timezone": "UTC"}}, "A_UNKNOWN", "no such file"),
        ({"source": "notepad"}, "A_INVALID", "generic_flat"),
    ],
)
def test_wrong_answers_are_reported(answers: dict[str, str], code: str, words: str) -> None:
    account = import_files([("a.csv", JANUARY)], answers).files[0]
    assert any(finding.code == code and words in finding.detail for finding in account.findings)
    assert account.rows_kept == 2


def test_roles_can_be_answered_without_being_asked() -> None:
    imported = import_files(
        [("a.csv", JANUARY)], {"role:Agent": "tickets.group", "role:Updated at": "ignored"}
    )
    assert imported.tables.tickets is not None
    assert imported.tables.tickets["group"].tolist() == ["Ann Lee", "Bo Ray"]
    assert imported.files[0].mapping["Updated at"] == "ignored"
    assert "updated_at" not in imported.tables.tickets


def test_newest_version_of_a_ticket_wins_across_files() -> None:
    for order in (("a.csv", "b.csv"), ("b.csv", "a.csv")):
        data = {"a.csv": JANUARY, "b.csv": FEBRUARY}
        imported = import_files([(name, data[name]) for name in order])
        tickets = imported.tables.tickets
        assert tickets is not None
        assert sorted(tickets["ticket_id"]) == ["T-101", "T-102", "T-103"]
        assert tickets.set_index("ticket_id").loc["T-101", "status"] == "closed"
        january = next(account for account in imported.files if account.name == "a.csv")
        assert january.rejected == {"R_SUPERSEDED": 1}
        assert (january.rows_read, january.rows_kept) == (2, 1)


def test_agents_are_merged_over_spellings() -> None:
    agents = import_files([("a.csv", JANUARY), ("b.csv", FEBRUARY)]).tables.agents
    assert agents is not None
    assert agents["agent_id"].tolist() == ["ann lee", "bo ray"]
    assert agents["aliases"].iloc[0] == ["Ann Lee", "ann  lee"] or len(agents["aliases"].iloc[0]) == 2


def test_the_same_file_twice_counts_once() -> None:
    nameless = lines("Date,Channel,CSAT", "2026-01-01,Chat,5", "2026-01-02,Email,4")
    imported = import_files([("a.csv", nameless), ("copy.csv", nameless)])
    assert imported.tables.tickets is not None
    assert len(imported.tables.tickets) == 2
    assert imported.files[1].rejected == {"R_DUP_EXACT": 2}


def test_rows_without_ids_from_two_files_stay_apart() -> None:
    one = lines("Date,Channel,CSAT", "2026-01-01,Chat,5", "2026-01-02,Email,4")
    two = lines("Date,Channel,CSAT", "2026-02-01,Chat,1", "2026-02-02,Email,2")
    tables = import_files([("a.csv", one), ("b.csv", two)]).tables
    assert tables.tickets is not None
    assert tables.surveys is not None
    assert tables.tickets["ticket_id"].is_unique
    assert set(tables.surveys["ticket_id"]) == set(tables.tickets["ticket_id"])


def test_same_ids_of_two_systems_are_not_one_ticket() -> None:
    rows = [f"{n},2026-01-{n:02d} 08:00,,open,2026-01-{n:02d} 09:00,Ann" for n in range(10, 20)]
    other = [f"{n},2025-06-{n:02d} 08:00,,open,2025-06-{n:02d} 09:00,Bo" for n in range(10, 20)]
    imported = import_files([("a.csv", tickets_file(*rows)), ("b.csv", tickets_file(*other))])
    assert imported.tables.tickets is not None
    assert len(imported.tables.tickets) == 20
    assert "J_SAME_IDS" in codes(imported.files[1])


def test_surveys_meet_their_tickets_or_stay_apart() -> None:
    near = lines(
        "Survey ID,Ticket ID,Survey date,NPS", "S-901,T-101,2026-01-09,10", "S-902,INC-102,2026-01-09,2"
    )
    imported = import_files([("a.csv", JANUARY), ("nps.csv", near)])
    assert imported.tables.surveys is not None
    assert imported.tables.surveys["ticket_id"].tolist() == ["T-101", "T-102"]
    assert "J_JOINED" in codes(imported.files[1])
    far = lines(
        "Survey ID,Ticket ID,Survey date,NPS", "S-901,X-7001,2026-01-09,10", "S-902,X-7002,2026-01-09,2"
    )
    apart = import_files([("a.csv", JANUARY), ("nps.csv", far)])
    assert apart.tables.surveys is not None
    assert apart.tables.surveys["ticket_id"].isna().all()
    assert apart.tables.surveys["ticket_id_unmatched"].tolist() == ["X-7001", "X-7002"]
    assert "J_NOT_JOINED" in codes(apart.files[1])


def test_an_answer_that_stands_in_two_files_counts_once() -> None:
    desk = lines(
        "Ticket ID,Created,Status,CSAT,NPS",
        "T-101,2026-01-05 08:00,closed,5,",
        "T-102,2026-01-06 08:00,closed,2,9",
        "T-103,2026-01-07 08:00,closed,1,0",
    )
    answers = lines(
        "Survey ID,Ticket ID,Survey date,CSAT", "S-901,T-101,2026-01-09,4", "S-903,T-103,2026-01-09,3"
    )
    imported = import_files([("desk.csv", desk), ("answers.csv", answers)])
    surveys = imported.tables.surveys
    assert surveys is not None
    scored = surveys[surveys["csat_norm"].notna()]
    assert dict(zip(scored["ticket_id"], scored["csat_raw"], strict=True)) == {
        "T-101": "4",
        "T-102": "2",
        "T-103": "3",
    }
    assert sorted(surveys["nps_raw"].dropna()) == [0, 9]
    assert "J_SAME_ANSWER" in codes(imported.files[0])


def test_one_bad_file_beside_a_good_one_is_an_account() -> None:
    imported = import_files([("bad.csv", b""), ("a.csv", JANUARY)])
    assert [account.rows_kept for account in imported.files] == [0, 2]
    assert imported.files[0].findings[0].code == "F_EMPTY"
    with pytest.raises(Refused):
        import_files([("bad.csv", b""), ("worse.csv", b"\x00\x01\x02")])
    with pytest.raises(Refused):
        import_files([])


def test_progress_only_goes_forward() -> None:
    told: list[float] = []
    import_files([("a.csv", JANUARY), ("b.csv", FEBRUARY)], progress=lambda share, words: told.append(share))
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0.0, 1.0)


HOSTILE = (
    "<script>alert(1)</script>",
    "**bold** [x](javascript:y)",
    '=HYPERLINK("http://evil")'.replace('"', '""'),
    "\u202egnp.exe",
    "../../etc/passwd",
    "مرحبا",
    "'; DROP TABLE tickets; --",
)


def test_hostile_text_is_only_text() -> None:
    rows = [f'T-{n},2026-01-05 08:00,,open,,"{text}"' for n, text in enumerate(HOSTILE, start=101)]
    tickets = import_files([("../../x.csv", tickets_file(*rows))]).tables.tickets
    assert tickets is not None
    assert tickets["agent_name"].tolist() == [text.replace('""', '"') for text in HOSTILE]
    assert set(tickets["source_file"]) == {"x.csv"}


def test_dates_out_of_range_negative_times_and_double_ids() -> None:
    data = lines(
        "Ticket ID,Created,Resolved at,Handle time (min)",
        "T-101,1900-01-01 10:00,2026-01-05 10:00,5",
        "T-102,2026-01-06 10:00,2099-01-07 10:00,-5",
        "T-103,2026-01-07 10:00,2026-01-06 10:00,20",
        "T-103,2026-01-07 10:00,2026-01-08 10:00,20",
        "T-104,2026-01-08 10:00,2026-01-09 10:00,15",
    )
    imported = import_files([("a.csv", data)])
    account, tickets = imported.files[0], imported.tables.tickets
    assert tickets is not None
    assert {(reject.reason, reject.record) for reject in account.rejects} == {
        ("R_MISSING_CREATED", 1),
        ("R_DUP_KEY", 4),
    }
    rows = tickets.set_index("ticket_id")
    assert pd.isna(rows.loc["T-102", "solved_at"])
    assert pd.isna(rows.loc["T-102", "handle_s"])
    assert pd.isna(rows.loc["T-103", "solved_at"])
    assert rows.loc["T-104", "full_resolution_cal_s"] == 86_400
    assert {"C_DATE_OUT_OF_RANGE", "C_DATE_ORDER", "C_DUR_NEGATIVE"} <= codes(account)


def test_column_types_of_the_canonical_tables() -> None:
    imported = import_files([("a.csv", JANUARY)])
    tickets = imported.tables.tickets
    assert tickets is not None
    for name in ("created_at", "solved_at", "updated_at"):
        assert str(tickets[name].dtype) == "datetime64[ns, UTC]"
    assert str(tickets["full_resolution_cal_s"].dtype) == "float64"
    assert str(tickets["status"].dtype) == "str"
    assert str(tickets["source_record"].dtype) == "int64"
    assert [field.name for field in fields(imported.tables)][:3] == ["tickets", "surveys", "calls"]


CELL = st.sampled_from(["", "T-1", "T-2", "t 3", "Total", "-", "1.2E+9", "#7", "x" * 70])
DATE = st.sampled_from(["2026-01-05 08:00", "2026-13-45", "", "n/a", "05.01.2026", "yesterday", "2099-01-01"])
STATE = st.sampled_from(["open", "closed", "", "Ω", "solved"])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(CELL, DATE, DATE, STATE), min_size=1, max_size=30))
def test_every_record_is_kept_or_rejected(rows: list[tuple[str, str, str, str]]) -> None:
    text = io.StringIO()
    pd.DataFrame(rows, columns=["Ticket ID", "Created", "Resolved at", "Status"]).to_csv(text, index=False)
    imported: Import | None = None
    with suppress(Refused):
        imported = import_files([("a.csv", text.getvalue().encode())])
    if imported is None:
        return
    account = imported.files[0]
    assert account.rows_read == account.rows_kept + len(account.rejects)
    assert sum(account.rejected.values()) == len(account.rejects)
    records = [reject.record for reject in account.rejects]
    assert len(set(records)) == len(records)
    if imported.tables.tickets is not None:
        assert len(imported.tables.tickets) == account.rows_kept
        assert not set(imported.tables.tickets["source_record"]) & set(records)
        assert imported.tables.tickets["ticket_id"].is_unique
