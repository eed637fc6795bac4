"""Workbooks: types, durations, errors, formulas, hidden sheets, wrong dimension tags, damaged sheets."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import hostile_files as hostile
import openpyxl
import pytest

from kpi.ingest.reading import RawTable, Refused, read_tables, rejected_records


def codes(table: RawTable) -> list[str]:
    return [finding.code for finding in table.findings]


def test_typed_cells_as_text_and_as_values() -> None:
    (table,) = read_tables("t.xlsx", hostile.typed_workbook())
    assert table.facts.header_row == 3
    assert table.facts.preamble == ("Tickets of January",)
    assert table.facts.footer == ("Timezone: Europe/Berlin",)
    assert [(reject.reason, reject.record) for reject in table.rejects] == [
        ("R_PREAMBLE", 1),
        ("R_FOOTER", 8),
    ]
    assert table.cells.to_numpy().tolist() == [
        ["1", "2026-01-05 09:00:00", "2026-01-05", "37:12:45", "09:05:00", "4", "true"],
        ["0042", "2026-01-06 00:00:00", "2026-01-06", "0:05:00", "36:00:00", "3.25", "false"],
        ["3", "", "", "", "", "", ""],
    ]
    assert table.typed["Created"].tolist() == [datetime(2026, 1, 5, 9), datetime(2026, 1, 6), None]
    assert table.typed["Resolution"][0] == timedelta(hours=37, minutes=12, seconds=45)
    assert table.typed["Clock"].tolist() == [time(9, 5), timedelta(hours=36), None]
    assert table.typed["Ticket"].tolist() == [1, None, 3], "text among numbers has no typed value"


def test_typed_values_stay_beside_their_cells_when_rows_are_rejected() -> None:
    rows = [
        ["ID", "When", "N"],
        [1, datetime(2026, 1, 1), 5],
        [],
        ["ID", "When", "N"],
        [2, datetime(2026, 1, 2), 6],
        [3, None, 7],
    ]
    (table,) = read_tables("t.xlsx", hostile.workbook(rows))
    assert table.records.tolist() == [1, 4, 5]
    assert table.typed["When"].tolist() == [datetime(2026, 1, 1), datetime(2026, 1, 2), None]
    assert table.typed["N"].tolist() == [5, 6, 7]
    assert table.rows_read == 5 == len(table.cells) + len(rejected_records(table))


def test_several_sheets_hidden_ones_said_and_notes_skipped() -> None:
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    book.active.append(["Made by the reporting team."])
    for title in ("Tickets", "Agents"):
        sheet = book.create_sheet(title)
        sheet.append(["Key", "Name", "Score"])
        sheet.append([1, title, 5])
        sheet.append([2, title, 4])
    book["Agents"].sheet_state = "hidden"
    tables = read_tables("t.xlsx", hostile.save(book))
    assert [(table.facts.sheet, table.facts.hidden) for table in tables] == [
        ("Tickets", False),
        ("Agents", True),
    ]
    assert codes(tables[0]) == ["C_SHEET_SKIPPED"]
    assert "sheet 'Notes'" in tables[0].findings[0].detail
    assert codes(tables[1]) == ["C_SHEET_HIDDEN"]


def test_error_cells_are_empty_and_reported() -> None:
    def break_cells(xml: bytes) -> bytes:
        return xml.replace(b"<v>7</v>", b"<v>#N/A</v>").replace(b'r="B3" t="n"', b'r="B3" t="e"')

    data = hostile.workbook([["ID", "Score", "Team"], [1, 5, "a"], [2, 7, "b"]])
    (table,) = read_tables("t.xlsx", hostile.rewrite(data, "xl/worksheets/sheet1.xml", break_cells))
    assert table.cells["Score"].tolist() == ["5", ""]
    (finding,) = table.findings
    assert (finding.code, finding.column, finding.count) == ("C_CELL_ERROR", "Score", 1)
    assert finding.examples == ((2, "#N/A", "read as empty"),)


def test_formulas_are_never_computed() -> None:
    """Stored results are read; a formula without one is empty and said."""

    def store(xml: bytes) -> bytes:
        return xml.replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>99</v>").replace(
            b"<f>1+1</f><v />", b"<f>1+1</f><v>99</v>"
        )

    data = hostile.workbook(
        [["ID", "Score", "Team"], [1, "=1+1", "a"], [2, "=2+2", "b"], [3, '=HYPERLINK("x")', "c"]]
    )
    data = hostile.rewrite(data, "xl/worksheets/sheet1.xml", store)
    data = hostile.rewrite(
        data,
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"</f><v></v>", b"</f>").replace(b"</f><v />", b"</f>"),
    )
    (table,) = read_tables("t.xlsx", data)
    assert table.cells["Score"].tolist() == ["99", "", ""]
    (finding,) = table.findings
    assert (finding.code, finding.count) == ("C_FORMULA_EMPTY", 2)
    assert "B3" in finding.detail


def test_macros_are_not_looked_at() -> None:
    data = hostile.rewrite(
        hostile.workbook([["ID", "Score"], [1, 5], [2, 4]]),
        "xl/vbaProject.bin",
        lambda _: b"\xd0\xcf\x11\xe0",
        add=True,
    )
    (table,) = read_tables("t.xlsm", data)
    assert table.cells["Score"].tolist() == ["5", "4"]


@pytest.mark.parametrize("dimension", [b"A1", b"A1:XFD1048576", b"Z99"])
def test_wrong_dimension_tags(dimension: bytes) -> None:
    data = hostile.wrong_dimension()
    data = hostile.rewrite(
        data, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'ref="A1"', b'ref="' + dimension + b'"')
    )
    (table,) = read_tables("t.xlsx", data)
    assert table.cells.to_numpy().tolist() == [["1", "5", "a"], ["2", "4", "b"]]


def test_row_numbers_out_of_this_world() -> None:
    data = hostile.workbook([["ID", "Score"], [1, 5], [2, 4]])
    far = hostile.rewrite(
        data, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'<row r="3"', b'<row r="99999999999"')
    )
    (table,) = read_tables("t.xlsx", far)
    assert table.cells["Score"].tolist() == ["5"]


def test_a_sheet_that_breaks_off_keeps_its_good_rows() -> None:
    rows = [["ID", "Score"], *([n, n % 5] for n in range(1, 41))]
    data = hostile.rewrite(
        hostile.workbook(rows), "xl/worksheets/sheet1.xml", lambda xml: xml[: xml.index(b'<row r="31"')]
    )
    (table,) = read_tables("t.xlsx", data)
    assert len(table.cells) == 29
    assert codes(table) == ["C_TRUNCATED"]


def test_escaped_control_characters_and_numbers_without_noise() -> None:
    data = hostile.workbook(
        [["ID", "Text", "Number"], [1, "a_x000D_\nb", 0.1 + 0.2], [12345678901234, "_x0041_", 1e-7]]
    )
    (table,) = read_tables("t.xlsx", data)
    assert table.cells["Text"].tolist() == ["a\nb", "A"]
    assert table.cells["Number"].tolist() == ["0.3", "0.0000001"]
    assert table.cells["ID"].tolist() == ["1", "12345678901234"]


def test_dates_of_the_1904_system() -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active.append(["ID", "Day"])
    book.active.append([1, datetime(2026, 1, 5)])
    book.active.append([2, datetime(2026, 1, 6)])
    (table,) = read_tables("t.xlsx", hostile.save(book))
    assert [cell[:10] for cell in table.cells["Day"]] == ["2026-01-05", "2026-01-06"]


def test_every_sheet_without_a_table_is_named() -> None:
    book = openpyxl.Workbook()
    book.active.append(["Just words"])
    book.create_sheet("Second").append(["ID", "Name", "Score"])
    with pytest.raises(Refused) as refused:
        read_tables("t.xlsx", hostile.save(book))
    assert [problem.code for problem in refused.value.problems] == ["F_NO_TABLE", "F_EMPTY"]
