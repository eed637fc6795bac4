"""Bad files are refused with words; good records of damaged files survive, and the account adds up."""

from __future__ import annotations

import hostile_files as hostile
import pytest

from kpi.ingest.reading import Limits, RawTable, Refused, read_tables, rejected_records

DEFAULT = Limits()


def read_one(data: bytes, limits: Limits = DEFAULT, name: str = "file.csv") -> RawTable:
    """The only table, its account checked."""
    (table,) = read_tables(name, data, limits)
    numbers = sorted([*table.records.tolist(), *(reject.record for reject in rejected_records(table))])
    assert numbers == list(range(1, table.rows_read + 1))
    assert (table.cells.dtypes == "str").all()
    assert tuple(table.cells.columns) == table.headers
    return table


def rejected(table: RawTable) -> list[tuple[str, int]]:
    return [(reject.reason, reject.record) for reject in table.rejects]


def codes(table: RawTable) -> list[str]:
    return [finding.code for finding in table.findings]


@pytest.mark.parametrize("case", hostile.REFUSED)
def test_refused_with_a_clear_problem(case: str) -> None:
    make, code, words = hostile.REFUSED[case]
    with pytest.raises(Refused) as refused:
        read_tables(f"../{case}.csv", make())
    (problem,) = refused.value.problems
    assert problem.code == code
    assert words in problem.message
    assert f"'{case}.csv'" in problem.message, "the message names the file, without its path"
    assert problem.file == f"{case}.csv"
    assert problem.message.count(".") >= 2, "what is wrong and what to do"


def test_kind_is_judged_by_content_not_by_name() -> None:
    assert read_tables("a.csv", hostile.typed_workbook())[0].facts.kind == "xlsx"
    assert read_tables("a.xlsx", hostile.sound())[0].facts.kind == "csv"
    assert read_tables("a.txt", b'{"id": 1}\n{"id": 2}')[0].facts.kind == "jsonl"


def test_entities_hidden_by_utf_16_are_not_expanded() -> None:
    bomb = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]>"

    def change(content: bytes) -> bytes:
        text = content.decode()
        body = text[text.index("<worksheet") :].replace(
            "</sheetData>", "<row><c t='inlineStr'><is><t>&b;</t></is></c></row></sheetData>"
        )
        return ('<?xml version="1.0" encoding="UTF-16"?>' + bomb + body).encode("utf-16")

    data = hostile.rewrite(hostile.workbook([["a", "b"], [1, 2]]), "xl/worksheets/sheet1.xml", change)
    with pytest.raises(Refused) as refused:
        read_tables("bomb.xlsx", data)
    assert refused.value.problems[0].code == "F_TYPE"


def test_surplus_and_missing_cells() -> None:
    table = read_one(hostile.ragged())
    assert rejected(table) == [("R_COLCOUNT", 2), ("R_COLCOUNT", 4)]
    assert "5 cells, the header has 4" in table.rejects[0].detail
    assert table.rejects[0].raw == "2,closed,2026-01-05 10:00,4,what"
    assert table.cells["Ticket ID"].tolist() == ["1", "3", "5", "6"]
    (finding,) = table.findings
    assert (finding.code, finding.count, finding.examples[0][0]) == ("C_SHORT_RECORD", 1, 5)


def test_a_record_broken_by_a_bare_line_break_is_rejected_whole() -> None:
    table = read_one(hostile.lines(hostile.GOOD[0], "2,closed", ",2026-01-05 10:00,4", hostile.GOOD[2]))
    assert [reason for reason, _ in rejected(table)] == ["R_COLCOUNT", "R_COLCOUNT"]
    assert table.cells["Ticket ID"].tolist() == ["1", "3"]


def test_a_quote_never_closed_loses_only_its_own_record() -> None:
    table = read_one(hostile.stray_quote())
    assert rejected(table) == [("R_COLCOUNT", 2)]
    assert "quote" in table.rejects[0].detail
    assert table.cells["Ticket ID"].tolist() == ["1", "3", "4", "5"]
    assert table.cells["Status"].tolist() == ["open", "open", "open", "open"]


def test_two_records_that_ran_into_each_other_with_the_right_width_are_parted() -> None:
    data = hostile.lines('1,open,2026-01-05 09:00,"fine', '2,"closed",2026-01-05 10:00,4', hostile.GOOD[2])
    table = read_one(data)
    assert rejected(table) == [("R_COLCOUNT", 1)]
    assert table.cells["Ticket ID"].tolist() == ["2", "3"]


@pytest.mark.parametrize(("make", "record"), [(hostile.cut_inside_quotes, 3), (hostile.cut_inside_record, 3)])
def test_truncated_files_keep_their_good_records(make: object, record: int) -> None:
    table = read_one(make())  # type: ignore[operator]
    assert rejected(table) == [("R_TRUNCATED", record)]
    (finding,) = table.findings
    assert finding.code == "C_TRUNCATED"
    assert finding.examples[0][0] == record
    assert f"record {record}" in finding.detail
    assert len(table.cells) == 2


def test_a_file_cut_inside_a_character_keeps_its_good_records() -> None:
    data = (
        hostile.lines(*hostile.GOOD, header="Ticket ID,Status,Created at,Ort")
        + "4,open,2026-01-05 09:00,Zü".encode()[:-1]
    )
    table = read_one(data)
    assert "C_TRUNCATED" in codes(table)
    assert table.cells["Ticket ID"].tolist()[:3] == ["1", "2", "3"]


def test_a_huge_cell_is_cut_and_reported() -> None:
    table = read_one(hostile.huge_cell())
    (finding,) = table.findings
    assert (finding.code, finding.column, finding.count) == ("C_CELL_CUT", "Status", 1)
    assert finding.examples[0][0] == 2
    assert len(table.cells["Status"][1]) == Limits().cell_chars
    assert table.cells["Ticket ID"].tolist() == ["1", "2", "3"]


def test_nul_characters_are_taken_out_and_reported() -> None:
    table = read_one(hostile.nul_bytes())
    assert table.cells["Status"].tolist() == ["open", "closed", "open"]
    (finding,) = table.findings
    assert (finding.code, finding.column, finding.count) == ("C_CONTROL_CHARACTERS", "Status", 1)


def test_markup_and_formulas_are_data() -> None:
    table = read_one(hostile.markup_in_names())
    assert table.headers[1] == "<b>Name</b>"
    assert table.cells.iloc[0, 1] == "<script>alert(1)</script>"
    assert read_one(hostile.formulas()).cells["Status"].tolist() == ["=1+1", "=cmd|' /C calc'!A0", "@SUM(A1)"]


def test_headers_lose_what_cannot_be_seen_and_become_unique() -> None:
    table = read_one(hostile.invisible_headers())
    assert table.headers == ("Ticket ID", "Created at", "Comment", "column 4", "Comment (2)", "comment")
    assert codes(table) == ["C_HEADER_EMPTY", "C_HEADER_REPEATED", "C_HEADER_CLEANED"]


def test_display_names_hold_no_path_and_no_direction_marks() -> None:
    assert read_one(hostile.sound(), name="C:\\x\\..\\a\u202etxt.exe\x00.csv").name == "atxt.exe.csv"


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(file_bytes=50), "MB that are read"),
        (Limits(rows=2), "more than the 2 that are read"),
        (Limits(columns=3), "4 columns"),
    ],
)
def test_every_limit_has_its_own_words(limits: Limits, words: str) -> None:
    with pytest.raises(Refused) as refused:
        read_tables("a.csv", hostile.sound(), limits)
    assert refused.value.problems[0].code == "F_TOO_LARGE"
    assert words in refused.value.problems[0].message


def test_limits_of_archives() -> None:
    data = hostile.workbook([["a", "b"], [1, 2]])
    with pytest.raises(Refused, match="unpacks to"):
        read_tables("a.xlsx", data, Limits(unpacked_bytes=2_000))
    with pytest.raises(Refused, match="records or more"):
        read_tables("a.xlsx", hostile.workbook([["a", "b"], *([n, n] for n in range(20))]), Limits(rows=10))


def test_deeply_nested_json_loses_one_object() -> None:
    table = read_one(hostile.deep_json())
    assert rejected(table) == [("R_JSON", 2)]
    assert table.cells["id"].tolist() == ["1", "3"]
