"""Downloads: personal data masked, text that a spreadsheet could run made harmless, dates in ISO form.

Every writer takes a frame and gives bytes; the index is not written.
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import json
import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from numbers import Number
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

CUSTOMER, AGENT, ORGANISATION, NUMBER, TEXT, LINK = (
    "Customer",
    "Agent",
    "Organisation",
    "Number",
    "text",
    "link",
)

PERSONAL_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "requester_id": CUSTOMER,
        "requester_name": CUSTOMER,
        "requester_email": CUSTOMER,
        "name": CUSTOMER,
        "email": CUSTOMER,
        "agent_id": AGENT,
        "agent_name": AGENT,
        "agent_email": AGENT,
        "agent_names_all": AGENT,
        "agent": AGENT,
        "aliases": AGENT,
        "actor": AGENT,
        "organization": ORGANISATION,
        "from_number": NUMBER,
        "to_number": NUMBER,
        "subject": TEXT,
        "description": TEXT,
        "comment": TEXT,
        "csat_comment": TEXT,
        "recording_url": LINK,
    }
)
"""Canonical columns with personal data, and what stands for their cells: a stable name, or a note of what was there."""

_VOCABULARY = frozenset(
    {"source", "status", "priority", "channel", "direction", "language", "outcome", "survey_type", "scope_kind", "csat_label",
     "nps_bucket", "agent_kind", "created_at_precision"}
)  # fmt: skip
"""Columns whose words are our own, so no person's."""

_DIGITS = {CUSTOMER: 12, AGENT: 8, ORGANISATION: 10, NUMBER: 12}
_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"']+@[^\s@<>()\[\],;:\"']+\.\w{2,}")
_PHONE = re.compile(
    r"(?<![\w.,:/-])(?:\+|00)\d(?:[ \-./()]{0,2}\d){7,13}(?![\w:])|(?<![\w.,:/-])\(?0\d{2,5}\)?[ \-/]\d(?:[ \-]?\d){4,10}(?![\w:])"
)
_WORD = re.compile(r"\w+(?:[.'’-]\w+)*")
_LONGEST_NAME = 5

_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
_INNER_FORMULA = re.compile(r"(?<=[;,|\t\r\n])(?=[\s\"']*(?:[=@＝＠]|[+\-＋－][\w(\"'.\s]))")
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_CELL_CHARS = 32_767
_SHEET_ROWS = 1_048_576


def new_key() -> bytes:
    """A random key. Frames masked with the same key can still be joined; another key gives other names."""
    return secrets.token_bytes(32)


def mask(
    frame: pd.DataFrame, personal: Mapping[str, str] = PERSONAL_COLUMNS, *, key: bytes | None = None
) -> pd.DataFrame:
    """A copy without personal data.

    ``personal`` says by column what stands for its cells: a word such as "Customer" or "Agent" gives each value a
    stable name ("Agent 3f2a91c0", by keyed hash, so that joins inside one export still work), "text" gives
    "[text, 120 characters]" and "link" gives "[link]". In all other columns of text, cells that hold an e-mail
    address, a telephone number, or a name found in a personal column are masked too, lists entry by entry.
    Empty cells stay empty, numbers and dates stay as they are. An index with names becomes columns first.

    ``key`` None takes a new random key, so that the names of two exports cannot be matched.

    >>> mask(pd.DataFrame({"agent_name": ["Ana", None], "comment": ["Thanks!", ""]}), key=b"1").to_dict("list")
    {'agent_name': ['Agent 91dd07f9', None], 'comment': ['[text, 7 characters]', '']}
    """
    secret = new_key() if key is None else key
    named = (
        frame
        if isinstance(frame.index, pd.RangeIndex)
        else frame.reset_index(drop=frame.index.names == [None])
    )
    known = _known_names(named, personal)
    masked = {
        column: _mask_column(named[column], personal.get(_plain(column)), known, secret)
        for column in named.columns
        if _plain(column) not in _VOCABULARY
    }
    result = named.assign(**{}).copy(deep=False)
    for column, cells in masked.items():
        result[column] = cells
    return result.rename(
        columns=lambda column: _EMAIL.sub("[e-mail]", column) if isinstance(column, str) else column
    )


def _plain(column: object) -> str:
    """The canonical name in "tickets.agent_name"."""
    return str(column).rpartition(".")[2] if not str(column).startswith("custom:") else str(column)


def _known_names(frame: pd.DataFrame, personal: Mapping[str, str]) -> Mapping[str, str]:
    """Every value of a column of persons, in small letters, with what it stands for."""
    known: dict[str, str] = {}
    for column in frame.columns:
        kind = personal.get(_plain(column))
        if kind in (CUSTOMER, AGENT, ORGANISATION) and not _plain(column).endswith("_id"):
            for value in _uniques(frame[column]):
                for text in value if isinstance(value, list | tuple | set | np.ndarray) else (value,):
                    if isinstance(text, str) and len(text.strip()) > 1:
                        known.setdefault(" ".join(_WORD.findall(text.casefold())), kind)
    known.pop("", None)
    return known


def _uniques(column: pd.Series) -> list[Any]:
    if isinstance(column.dtype, pd.CategoricalDtype):
        return list(column.cat.categories)
    try:
        return list(pd.unique(column.dropna()))
    except TypeError:
        return [value for value in column if value is not None]


def _mask_column(column: pd.Series, kind: str | None, known: Mapping[str, str], key: bytes) -> pd.Series:
    if kind is None and not _holds_text(column):
        return column

    def replace(value: Any) -> Any:
        if isinstance(value, list | tuple | set | np.ndarray):
            return [replace(each) for each in value]
        if isinstance(value, Mapping):
            return replace(json.dumps(value, ensure_ascii=False, default=str))
        if (
            value is None
            or value is pd.NaT
            or value is pd.NA
            or (isinstance(value, float) and np.isnan(value))
        ):
            return None
        if kind is not None:
            return _stand_in(str(value), kind, key)
        return _mask_text(value, known, key) if isinstance(value, str) else value

    values = column.astype(object)
    try:
        codes, uniques = pd.factorize(values, use_na_sentinel=True)
        mapped = np.empty(len(uniques) + 1, dtype=object)
        mapped[:-1] = [replace(value) for value in uniques]
        mapped[-1] = None
        return pd.Series(mapped[codes], index=column.index, name=column.name, dtype=object)
    except TypeError:
        return pd.Series(
            [replace(value) for value in values], index=column.index, name=column.name, dtype=object
        )


def _holds_text(column: pd.Series) -> bool:
    return not (
        pd.api.types.is_numeric_dtype(column.dtype)
        or pd.api.types.is_bool_dtype(column.dtype)
        or pd.api.types.is_datetime64_any_dtype(column.dtype)
        or pd.api.types.is_timedelta64_dtype(column.dtype)
    )


def _stand_in(text: str, kind: str, key: bytes) -> str:
    if not text.strip():
        return ""
    if kind == TEXT:
        return f"[text, {len(text)} characters]"
    if kind == LINK:
        return "[link]"
    return pseudonym(text, kind, key)


def pseudonym(text: str, kind: str, key: bytes) -> str:
    """A stable name for ``text``: the kind and a keyed hash (HMAC-SHA-256) of the text without case and outer blanks.

    The hash is long enough that among a million customers or ten thousand agents no two are likely to share one.
    """
    digest = hmac.new(
        key, f"{kind}\x1f{' '.join(text.split()).casefold()}".encode(), hashlib.sha256
    ).hexdigest()
    return f"{kind} {digest[: _DIGITS.get(kind, 12)]}"


def _mask_text(text: str, known: Mapping[str, str], key: bytes) -> str:
    """A cell of a column that is not personal by itself."""
    if not text or text.isspace():
        return text
    words = _WORD.findall(text.casefold())
    whole = " ".join(words)
    if kind := known.get(whole):
        return pseudonym(text, kind, key)
    if match := _EMAIL.fullmatch(text.strip()):
        return pseudonym(match.group(), CUSTOMER, key)
    if _PHONE.fullmatch(text.strip()):
        return pseudonym(text, NUMBER, key)
    if _EMAIL.search(text) or _PHONE.search(text) or _names_someone(words, known):
        return _stand_in(text, TEXT, key)
    return text


def _names_someone(words: list[str], known: Mapping[str, str]) -> bool:
    if not known:
        return False
    return any(
        " ".join(words[start : start + length]) in known
        for length in range(1, _LONGEST_NAME + 1)
        for start in range(len(words) - length + 1)
    )


def write_csv(frame: pd.DataFrame, *, bom: bool = True, delimiter: str = ",") -> bytes:
    """CSV in UTF-8 (with byte order mark, which spreadsheets need), CRLF line ends.

    Texts that a spreadsheet would take for a formula get a leading apostrophe, also behind a delimiter inside the
    text, where a spreadsheet of another locale would cut. Real numbers are untouched, dates are ISO, lists are joined.

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
    if not _holds_text(column):
        return ["" if pd.isna(value) else value for value in column.tolist()]
    return _by_unique(column, lambda value: disarm(value) if isinstance(value, str) else value)


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
    """A workbook with one sheet per frame ("Data" for a single one). No cell is a formula: texts are stored as texts.

    Dates are real dates; those with a zone are written in UTC, as workbooks know no zones. Texts are cut at the
    32,767 characters a cell can hold, and lose control characters.

    Raises:
        ValueError: when a frame has more rows than a sheet can hold.
    """
    sheets = {"Data": frames} if isinstance(frames, pd.DataFrame) else dict(frames)
    too_long = [name for name, frame in sheets.items() if len(frame) >= _SHEET_ROWS]
    if too_long:
        raise ValueError(
            f"a sheet holds {_SHEET_ROWS - 1:,} rows; {', '.join(too_long)} has more. Download CSV or Parquet instead"
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
    cell = WriteOnlyCell(sheet, value=clean if len(clean) <= _CELL_CHARS else clean[: _CELL_CHARS - 1] + "…")
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
