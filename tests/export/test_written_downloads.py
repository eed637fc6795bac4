"""Written files: no cell is a formula, numbers stay numbers, dates are ISO, all comes back."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from decimal import Decimal

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.export import disarm, write_csv, write_parquet, write_xlsx
from kpi.ingest.reading import read_tables

FRAME = pd.DataFrame(
    {
        "text": ["=1+1", "plain", None],
        "number": [-1.5, np.nan, 3.0],
        "count": pd.array([1, None, 3], dtype="Int64"),
        "flag": [True, False, True],
        "at": pd.to_datetime(["2026-01-05 09:00", "2026-01-06 00:00", None]),
        "utc": pd.to_datetime(["2026-01-05 09:00:00", None, "2026-01-07 01:02:03"], utc=True),
        "kind": pd.Categorical(["@a", "b", None]),
        "tags": [["a", "b"], [], None],
    }
)


def rows(data: bytes, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def test_csv_cells() -> None:
    data = write_csv(FRAME)
    assert data.startswith(b"\xef\xbb\xbf")
    assert not write_csv(FRAME, bom=False).startswith(b"\xef\xbb\xbf")
    assert rows(data)[1:] == [
        ["'=1+1", "-1.5", "1", "True", "2026-01-05 09:00:00", "2026-01-05 09:00:00+00:00", "'@a", "a, b"],
        ["plain", "", "", "False", "2026-01-06 00:00:00", "", "b", ""],
        ["", "3.0", "3", "True", "", "2026-01-07 01:02:03+00:00", "", ""],
    ]


def test_csv_of_mixed_objects() -> None:
    mixed = pd.DataFrame(
        {"x": [Decimal("-1.50"), date(2026, 1, 5), -3, "-3", {"a": 1}, float("nan"), timedelta(minutes=2)]}
    )
    assert [row[0] for row in rows(write_csv(mixed))[1:]] == [
        "-1.50",
        "2026-01-05",
        "-3",
        "'-3",
        '{"a": 1}',
        "",
        "120.0",
    ]


def test_a_csv_download_is_an_upload() -> None:
    (table,) = read_tables("x.csv", write_csv(FRAME))
    assert table.headers == tuple(FRAME.columns)
    assert table.cells["number"].tolist() == ["-1.5", "", "3.0"]


SIGNS = "=+-@\t\r\n＝＋－＠"
HOSTILE = st.text(st.sampled_from(SIGNS + ";,|\"' aA1(!)0\x00é"), max_size=12)


def is_formula(cell: str) -> bool:
    """A sign first, blanks aside; a plus or minus only before something that can be computed."""
    return cell[:1] in tuple("=@＝＠") or (
        cell[:1] in tuple("+-＋－") and len(cell) > 1 and (cell[1].isalnum() or cell[1] in "('\" .")
    )


@settings(max_examples=200, deadline=None)
@given(st.lists(HOSTILE, min_size=1, max_size=4), HOSTILE)
def test_no_cell_is_a_formula_under_any_delimiter(cells: list[str], header: str) -> None:
    """Re-read as spreadsheets would: by the delimiter of the file, and by those of other locales."""
    frame = pd.DataFrame({header: cells})
    for row in rows(write_csv(frame)):
        for cell in row:
            assert not cell or cell[0] not in SIGNS
    text = write_csv(frame, bom=False).decode()
    for delimiter in (";", "\t", "|"):
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            for cell in row:
                assert not is_formula(cell.lstrip(" \t\r\n"))


@given(st.text(max_size=20))
def test_disarming_changes_nothing_but_adds_apostrophes(text: str) -> None:
    assert disarm(text).replace("'", "") == text.replace("'", "").replace("\x00", "")


def test_workbooks_hold_no_formula() -> None:
    texts = [
        "=1+1",
        "+49 170",
        "-3",
        "@x",
        "plain",
        '=HYPERLINK("http://x.example")',
        "a\x00\x08b",
        "x" * 40_000,
    ]
    data = write_xlsx(pd.DataFrame({"=header": texts, "n": range(len(texts))}))
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Data"]
    assert all(cell.data_type in ("s", "n") for row in sheet.iter_rows() for cell in row)
    assert sheet["A1"].value == "=header"
    assert [sheet.cell(row, 1).value for row in range(2, 8)] == texts[:6]
    assert sheet["A8"].value == "ab"
    assert len(sheet["A9"].value) == 32_767
    assert sheet["A2"].quotePrefix
    assert b"<f>" not in data


def test_workbook_types_come_back() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx({"Tickets": FRAME, "tickets": FRAME})))["Tickets"]
    assert [cell.value for cell in sheet[2]] == [
        "=1+1", -1.5, 1, True, datetime(2026, 1, 5, 9), datetime(2026, 1, 5, 9), "@a", "a, b",
    ]  # fmt: skip
    assert [cell.value for cell in sheet[3]][1:3] == [None, None]


def test_too_many_rows_for_a_sheet_is_said() -> None:
    with pytest.raises(ValueError, match="Download CSV or Parquet"):
        write_xlsx(pd.DataFrame({"a": np.zeros(1_048_576)}))


def test_parquet_comes_back() -> None:
    back = pd.read_parquet(io.BytesIO(write_parquet(FRAME)))
    assert back["number"].tolist()[::2] == [-1.5, 3.0]
    assert back["text"][0] == "=1+1", "Parquet runs nothing, so texts stay as they are"
    mixed = write_parquet(pd.DataFrame({"x": [1, "a", None]}))
    assert pd.read_parquet(io.BytesIO(mixed))["x"].tolist()[:2] == ["1", "a"]
