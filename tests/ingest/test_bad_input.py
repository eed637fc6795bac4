"""Bad input through the whole import: a clear message, good rows survive, and the account adds up."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from kpi.definitions import Definitions
from kpi.facts import build_facts
from kpi.ingest import Account, Finding, Import, Refused, import_files

sys.path.append(str(Path(__file__).resolve().parents[1] / "reading"))
import hostile_files as hostile

HEADER = "Ticket ID,Status,Created at,Solved at,First response (min),Agent,CSAT"
DAYS = [f"2026-01-{n % 28 + 1:02d}" for n in range(30)]
GOOD = [
    f"T-{100 + n},closed,{day} 09:00,{day} 12:00,{10 + n},Ann Lee,{n % 5 + 1}" for n, day in enumerate(DAYS)
]


def table(*more: str) -> bytes:
    """Thirty good records and further ones, which begin at record 31."""
    return hostile.lines(*GOOD, *more, header=HEADER)


def read(data: bytes, name: str = "bad.csv") -> tuple[Import, Account, pd.DataFrame]:
    """The import of one file; its account is checked, and the thirty good tickets must be there."""
    imported = import_files([(name, data)], {"timezone": "UTC"})
    account = imported.files[0]
    assert account.rows_read == account.rows_kept + len(account.rejects)
    tickets = imported.tables.tickets
    assert tickets is not None
    assert len(tickets) == account.rows_kept
    assert {row.partition(",")[0] for row in GOOD} <= set(tickets["ticket_id"])
    return imported, account, tickets.set_index("ticket_id")


def finding(account: Account, code: str) -> Finding:
    (found,) = [entry for entry in account.findings if entry.code == code]
    return found


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "wrong type": (lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "F_TYPE"),
    "empty file": (lambda: b"", "F_EMPTY"),
    "header only": (lambda: hostile.lines(header=HEADER), "F_EMPTY"),
    "aggregate": (
        lambda: hostile.lines("2026-01,1200,4.2", "2026-02,900,4.0", header="Month,Tickets,Average CSAT"),
        "F_AGGREGATE",
    ),
    "password workbook": (hostile.password_workbook, "F_PASSWORD"),
    "truncated workbook": (lambda: hostile.typed_workbook()[:3000], "F_TRUNCATED"),
    "10,000 columns": (hostile.many_columns, "F_TOO_LARGE"),
    "zip bomb": (hostile.zip_bomb, "F_TOO_LARGE"),
    "dates of 2099 only": (
        lambda: hostile.lines(*(row.replace("2026-", "2099-") for row in GOOD), header=HEADER),
        "F_NO_ROWS",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_files_without_rows_are_refused_and_beside_a_good_one_only_named(case: str) -> None:
    make, code = REFUSED[case]
    with pytest.raises(Refused) as refused:
        import_files([("bad.file", make())])
    (problem,) = refused.value.problems
    assert (problem.code, problem.file) == (code, "bad.file")
    assert "bad.file" in problem.message
    assert problem.message.count(".") >= 2
    both = import_files([("good.csv", table()), ("bad.file", make())], {"timezone": "UTC"})
    assert both.tables.tickets is not None
    assert len(both.tables.tickets) == 30
    good, bad = both.files
    assert (good.rows_kept, bad.rows_kept) == (30, 0)
    assert bad.rows_read == len(bad.rejects)
    assert bad.name == "bad.file"


def test_no_usable_date_at_all_names_record_and_column() -> None:
    with pytest.raises(Refused) as refused:
        import_files([("bad.csv", REFUSED["dates of 2099 only"][0]())])
    (problem,) = refused.value.problems
    assert (problem.record, problem.column) == (1, "Created at")
    assert "record 1: '2099-01-01 09:00'" in problem.message


def test_totals_per_agent_are_kept_apart_and_a_mean_is_no_percentage() -> None:
    data = hostile.lines(
        "Ann Lee,120,4.2,80%", "Bob Ray,90,4.0,70%", header="Agent,Tickets solved,Average CSAT,SLA %"
    )
    imported = import_files([("totals.csv", data)])
    assert imported.tables.tickets is None
    assert imported.files[0].mapping["Average CSAT"] == "agent_periods.custom"
    periods = imported.tables.agent_periods
    assert periods is not None
    assert periods["service_level_pct"].tolist() == [80, 70]
    assert "every row is one 'Agent'" in finding(imported.files[0], "F_AGGREGATE").detail


def test_a_truncated_file_loses_its_last_record() -> None:
    _, account, _ = read(table() + b"T-900,closed,2026-01")
    (reject,) = account.rejects
    assert (reject.reason, reject.record) == ("R_TRUNCATED", 31)
    assert "Export it again" in finding(account, "C_TRUNCATED").detail


def test_mixed_encodings() -> None:
    records = [row.replace("Ann Lee", "Jürg Süß") for row in GOOD * 5]
    records = [row.replace("T-", f"T-{n}-") for n, row in enumerate(records)]
    encoded = [row.encode("cp1252" if n == 9 else "utf-8") for n, row in enumerate(records)]
    imported = import_files([("bad.csv", b"\n".join([HEADER.encode(), *encoded, b""]))], {"timezone": "UTC"})
    assert imported.files[0].rows_kept == 150
    assert imported.tables.tickets is not None
    assert set(imported.tables.tickets["agent_name"]) == {"Jürg Süß"}
    found = finding(imported.files[0], "C_ENCODING_MIXED")
    assert found.examples[0][0] == 10
    assert "except for record 10" in found.detail


def test_a_cell_of_five_megabytes_is_cut_and_never_shown_whole() -> None:
    _, account, tickets = read(
        table(f'T-900,"{"x" * 5_000_000}",2026-01-09 09:00,2026-01-09 10:00,5,Bo Ek,5')
    )
    assert tickets.loc["T-900", "status"] == "unknown"
    found = finding(account, "C_CELL_CUT")
    assert (found.column, found.examples[0][0]) == ("Status", 31)
    shown = [text for f in account.findings for text in (f.detail, *(e[1] for e in f.examples))]
    shown += [text for q in account.questions for text in (q.id, q.about, *q.examples)]
    assert max(map(len, shown)) < 1000


@pytest.mark.parametrize("stamp", ["1900-01-01 00:00", "2099-12-31 23:59"])
def test_a_date_of_another_age_is_no_day_of_the_data(stamp: str) -> None:
    imported, account, _ = read(
        table(
            f"T-900,closed,{stamp},2026-01-05 10:00,5,Ann Lee,5",
            f"T-901,closed,2026-01-09 09:00,{stamp},5,Ann Lee,5",
        )
    )
    (reject,) = account.rejects
    assert (reject.reason, reject.record, reject.column) == ("R_MISSING_CREATED", 31, "Created at")
    assert reject.raw == stamp
    where = {(f.column, f.examples[0][0]) for f in account.findings if f.code == "C_DATE_OUT_OF_RANGE"}
    assert where == {("Created at", 31), ("Solved at", 32)}
    facts = build_facts(imported.tables, Definitions())
    assert facts.as_of <= datetime(2026, 1, 28, 12, tzinfo=UTC)
    days = pd.Timestamp("1970-01-01") + pd.to_timedelta([facts.first_day, facts.last_day], unit="D")
    assert [str(day.date()) for day in days] == ["2026-01-01", "2026-01-28"]


def test_a_far_due_date_is_kept_and_is_no_day_of_the_data() -> None:
    data = hostile.lines(*(f"{row},2040-01-01" for row in GOOD), header=f"{HEADER},Due date")
    imported, _, tickets = read(data)
    assert tickets["due_at"].notna().all()
    assert build_facts(imported.tables, Definitions()).as_of <= datetime(2026, 1, 28, 12, tzinfo=UTC)


def test_negative_durations_and_stamps_the_wrong_way_round() -> None:
    _, account, tickets = read(
        table(
            "T-900,closed,2026-01-09 09:00,2026-01-09 10:00,-5,Ann Lee,5",
            "T-901,closed,2026-01-09 09:00,2026-01-08 10:00,5,Ann Lee,5",
        )
    )
    assert pd.isna(tickets.loc["T-900", "first_reply_cal_s"])
    assert pd.isna(tickets.loc["T-901", "full_resolution_cal_s"])
    negative, order = finding(account, "C_DUR_NEGATIVE"), finding(account, "C_DATE_ORDER")
    assert (negative.column, negative.examples[0][:2]) == ("First response (min)", (31, "-5"))
    assert (order.column, order.examples[0][:2]) == ("Solved at", (32, "2026-01-08 10:00"))


def test_duplicate_ids() -> None:
    _, account, _ = read(table(GOOD[3], GOOD[4].replace("closed", "open")))
    assert [(r.reason, r.record, r.column, r.raw) for r in account.rejects] == [
        ("R_DUP_EXACT", 31, "Ticket ID", "T-103"),
        ("R_DUP_KEY", 32, "Ticket ID", "T-104"),
    ]


def test_formulas_are_text_where_text_may_be_and_nothing_where_a_number_must_be() -> None:
    _, account, tickets = read(
        table("=1+1,closed,2026-01-09 09:00,2026-01-09 10:00,=2*3,=cmd|' /C calc'!A0,=5")
    )
    row = tickets.loc["=1+1"]
    assert row["agent_name"] == "=cmd|' /C calc'!A0"
    assert pd.isna(row["first_reply_cal_s"])
    assert pd.isna(row["csat_norm"])
    assert finding(account, "C_DUR_UNPARSEABLE").examples[0][:2] == (31, "=2*3")
    assert finding(account, "C_ENUM_UNKNOWN").examples[0][:2] == (31, "=5")


def test_formula_cells_of_a_workbook_give_their_stored_value_or_nothing() -> None:
    rows = [HEADER.split(","), *(row.split(",") for row in GOOD)]
    rows.append(["T-900", "closed", "2026-01-09 09:00", "2026-01-09 10:00", "=HYPERLINK(1,2)", "Ann Lee", 5])
    _, _, tickets = read(hostile.workbook(rows), "bad.xlsx")
    assert pd.isna(tickets.loc["T-900", "first_reply_cal_s"])


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        "<b>Ann</b> Lee",
        "![x](http://e.example/a.png) **Ann**",
        "[Ann](javascript:alert(1))",
        "שלום עליכם",
        "أمين حداد",
    ],
)
def test_markup_and_right_to_left_text_in_names_stay_text(name: str) -> None:
    header = HEADER.replace("CSAT", f"CSAT,<i>{name[:6]}</i>")
    records = [f"{row},x" for row in GOOD]
    more = f"T-900,closed,2026-01-09 09:00,2026-01-09 10:00,5,{name},5,{name}"
    imported, account, tickets = read(hostile.lines(*records, more, header=header))
    assert tickets.loc["T-900", "agent_name"] == name
    assert imported.tables.agents is not None
    assert name in set(imported.tables.agents["name"])
    (own,) = [header for header, target in account.mapping.items() if target == "tickets.custom"]
    assert tickets.loc["T-900", f"custom:{own}"] == name


def test_a_direction_mark_cannot_turn_a_name_round() -> None:
    _, _, tickets = read(table("T-900,closed,2026-01-09 09:00,2026-01-09 10:00,5,\u202etxt.exe Ann,5"))
    assert "txt.exe Ann" in str(tickets.loc["T-900", "agent_name"])
