"""Frames to files: CSV, Parquet and workbooks in which no text is a formula."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from numbers import Number
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
_INNER_FORMULA = re.compile(r"(?<=[;,|\t\r\n])(?=[\s\"']*(?:[=@＝＠]|[+\-＋－][\w(\"'.\s]))")
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_CELL_CHARS = 32_767
_SHEET_ROWS = 1_048_576


def write_csv(frame: pd.DataFrame, *, bom: bool = True, delimiter: str = ",") -> bytes:
    """CSV in UTF-8 (with byte order mark, which spreadsheets need), CRLF line ends.

    Texts that a spreadsheet would take for a formula get a leading apostrophe, also behind a delimiter inside
    the text, where a spreadsheet of another locale would cut. Real numbers are untouched, dates are ISO,
    lists are joined.

    >>> write_csv(pd.DataFrame({"a": ["=1+1", "b"], "n": [-1.5, 2.0]}), bom=False)
    b"a,n\\r\\n'=1+1,-1.5\\r\\nb,2.0\\r\\n"
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([disarm(str(column)) for column in frame.columns])
    columns = [_csv_cells(frame.iloc[:, place]) for place in range(frame.shape[1])]
    writer.writerows(zip(*columns, strict=True))
    return (b"\xef\xbb\xbf" if bom else b"") + out.getvalue().encode("utf-8", "replace")


def disarm(text: str) -> str:
    """Text that no spreadsheet takes for a formula.

    >>> disarm("=A1"), disarm("+49 170"), disarm("fine"), disarm("a;=A1"), disarm("thanks ;-)")
    ("'=A1", "'+49 170", 'fine', "a;'=A1", 'thanks ;-)')
    """
    safe = _INNER_FORMULA.sub("'", text.replace("\x00", ""))
    return f"'{safe}" if _FORMULA.match(safe.lstrip(" \u00a0\ufeff\u200b")) else safe


def _csv_cells(column: pd.Series) -> list[Any]:
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return ["" if value is pd.NaT else value.isoformat(sep=" ") for value in column]
    if not holds_text(column):
        return ["" if pd.isna(value) else value for value in column.tolist()]
    return _by_unique(column, lambda value: disarm(value) if isinstance(value, str) else value)


def holds_text(column: pd.Series) -> bool:
    """Whether a column may hold anything but numbers, truth values, dates and durations."""
    return not (
        pd.api.types.is_numeric_dtype(column.dtype)
        or pd.api.types.is_bool_dtype(column.dtype)
        or pd.api.types.is_datetime64_any_dtype(column.dtype)
        or pd.api.types.is_timedelta64_dtype(column.dtype)
    )


def _by_unique(column: pd.Series, change: Callable[[Any], Any]) -> list[Any]:
    """Plain values (see :func:`_plain_value`) changed, each distinct text once."""
    done: dict[str, Any] = {}
    cells: list[Any] = []
    for value in column.astype(object).tolist():
        plain = _plain_value(value)
        if isinstance(plain, str):
            if plain not in done:
                done[plain] = change(plain)
            plain = done[plain]
        cells.append("" if plain is None else plain)
    return cells


def _plain_value(value: Any) -> Any:
    """None, a number, or text: dates in ISO form, lists joined, mappings as JSON."""
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, str | bool | np.bool_):
        return value
    if isinstance(value, Number | Decimal):
        return None if value != value else value
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, list | tuple | set | np.ndarray):
        return ", ".join(str(_plain_value(each)) for each in value)
    return str(value)


def write_parquet(frame: pd.DataFrame) -> bytes:
    """Parquet with the types of the frame; columns of mixed kinds become text."""
    columns = {}
    for place, name in enumerate(frame.columns):
        column = frame.iloc[:, place]
        if isinstance(column.dtype, pd.CategoricalDtype):
            column = column.astype(object)
        try:
            columns[str(name)] = pa.array(column, from_pandas=True)
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
            texts = (_plain_value(value) for value in column)
            columns[str(name)] = pa.array(
                [None if text is None else str(text) for text in texts], pa.string()
            )
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return out.getvalue()


def write_xlsx(frames: pd.DataFrame | Mapping[str, pd.DataFrame]) -> bytes:
    """A workbook with one sheet per frame ("Data" for a single one); texts are stored as texts, not formulas.

    Dates are real dates; those with a zone are written in UTC, as workbooks know no zones. Texts are cut at
    the 32,767 characters a cell can hold, and lose control characters.

    Raises:
        ValueError: when a frame has more rows than a sheet can hold.
    """
    sheets = {"Data": frames} if isinstance(frames, pd.DataFrame) else dict(frames)
    too_long = [name for name, frame in sheets.items() if len(frame) >= _SHEET_ROWS]
    if too_long:
        raise ValueError(
            f"a sheet holds {_SHEET_ROWS - 1:,} rows; {', '.join(too_long)} has more. "
            "Download CSV or Parquet instead"
        )
    book = Workbook(write_only=True)
    for name, frame in sheets.items():
        sheet = book.create_sheet(sheet_title(name, (made.title for made in book.worksheets)))
        sheet.freeze_panes = "A2"
        sheet.append([_text_cell(sheet, str(column)) for column in frame.columns])
        columns = [_xlsx_cells(frame.iloc[:, place]) for place in range(frame.shape[1])]
        for row in zip(*columns, strict=True):
            sheet.append([_text_cell(sheet, value) if isinstance(value, str) else value for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sheet_title(name: str, taken: Iterable[str] = ()) -> str:
    """A title that a workbook allows: 31 characters, none of []:*?/\\\\, used once.

    >>> sheet_title("CSAT: 1/2026"), sheet_title("Data", ["data"])
    ('CSAT  1 2026', 'Data 2')
    """
    clean = re.sub(r"[\[\]:*?/\\]", " ", _ILLEGAL.sub("", name)).strip(" '")[:31] or "Data"
    used = {title.casefold() for title in taken}
    title, number = clean, 2
    while title.casefold() in used:
        title, number = f"{clean[:27]} {number}", number + 1
    return title


def _text_cell(sheet: Any, text: str) -> Any:
    clean = _ILLEGAL.sub("", text)
    whole = len(clean) <= _CELL_CHARS
    cell = WriteOnlyCell(sheet, value=clean if whole else clean[: _CELL_CHARS - 1] + "…")
    cell.data_type = "s"
    if _FORMULA.match(clean):
        cell.quotePrefix = True
    return cell


def _xlsx_cells(column: pd.Series) -> list[Any]:
    cells = []
    for value in column.astype(object).tolist():
        if isinstance(value, datetime) and value is not pd.NaT:
            moment = pd.Timestamp(value)
            moment = moment.tz_convert("UTC").tz_localize(None) if moment.tz is not None else moment
            cells.append(moment.to_pydatetime(warn=False))
        elif isinstance(value, date | time | timedelta) and value is not pd.NaT:
            cells.append(value)
        else:
            plain = _plain_value(value)
            if isinstance(plain, np.generic):
                plain = plain.item()
            cells.append(None if isinstance(plain, float) and not np.isfinite(plain) else plain)
    return cells
