"""The data records of delimited text: by Arrow, or by Python's csv reader where the file is damaged."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from kpi.ingest.reading.body import Body, ColumnBuilder, OddRecord, shorten
from kpi.ingest.reading.nouns import Finding
from kpi.ingest.reading.records import ends_inside_quotes, parse_line, read_records, row_test, split_lines

_BLOCK_BYTES = 16 * 2**20
EXAMPLES = 20


def read_body(
    utf8: bytes,
    offset: int,
    delimiter: str,
    width: int,
    rows: Sequence[Sequence[str]],
    *,
    odd_lines: Mapping[int, str],
    ragged: bool = False,
) -> Body:
    """All records from ``offset`` on. ``rows`` are the first of them, known already.

    Arrow reads files that are sound (250 MB in a few seconds). Files of two encodings, with a quote that is
    never closed, with records over several lines that have another width, or without header go the careful
    way. Both ways give the same records; a property test holds them together.
    """
    if not odd_lines and not ragged:
        body = read_fast(utf8, offset, delimiter, width)
        if body is not None:
            return body
    return read_carefully(utf8, offset, delimiter, width, rows, odd_lines=odd_lines)


def read_fast(utf8: bytes, offset: int, delimiter: str, width: int) -> Body | None:
    """Records by Arrow's reader, or None when the file needs the careful way."""
    rest = memoryview(utf8)[offset:]
    if not rest:
        return Body([pa.chunked_array([], pa.large_string())] * width, np.zeros(0, np.int64), (), 0)
    odd: list[tuple[int, str]] = []

    def keep_aside(row: pacsv.InvalidRow) -> str:
        odd.append((row.number, row.text))
        return "skip"

    names = [str(place) for place in range(width)]
    try:
        table = pacsv.read_csv(
            pa.BufferReader(pa.py_buffer(rest)),
            read_options=pacsv.ReadOptions(use_threads=False, column_names=names, block_size=_BLOCK_BYTES),
            parse_options=pacsv.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=keep_aside,
            ),
            convert_options=pacsv.ConvertOptions(
                column_types={name: pa.large_string() for name in names},
                strings_can_be_null=False,
                quoted_strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None
    total = table.num_rows + len(odd)
    if any("\n" in text or "\r" in text for _, text in odd) or _is_cut_off(utf8, table, odd, delimiter):
        return None
    if _has_slipped_quotes(table.columns):
        return None
    records = np.arange(1, total + 1, dtype=np.int64)
    if odd:
        records = np.delete(records, np.array([number for number, _ in odd]) - 1)
    return Body(
        table.columns,
        records,
        tuple(OddRecord(number, tuple(parse_line(text, delimiter)), shorten(text)) for number, text in odd),
        total,
        ended=utf8.endswith((b"\n", b"\r")),
        may_hold_nul=b"\x00" in utf8,
    )


def _is_cut_off(utf8: bytes, table: pa.Table, odd: Sequence[tuple[int, str]], delimiter: str) -> bool:
    """Whether the last cell was opened by a quote that the file never closes."""
    if odd and odd[-1][0] == table.num_rows + len(odd):
        return ends_inside_quotes([odd[-1][1]], delimiter)
    if not table.num_rows:
        return False
    last = table.column(table.num_columns - 1)[table.num_rows - 1].as_py()
    return utf8.endswith(('"' + last.replace('"', '""')).encode())


def _has_slipped_quotes(columns: Sequence[pa.ChunkedArray]) -> bool:
    for column in columns:
        quoted = pc.match_substring(column, '"')
        if pc.any(quoted).as_py():
            cells = column.filter(quoted)
            breaks = pc.match_substring_regex(cells, "[\r\n]")
            quotes = pc.count_substring(cells.filter(breaks), '"')
            if pc.any(pc.equal(pc.bit_wise_and(quotes, 1), 1)).as_py():
                return True
    return False


def read_carefully(
    utf8: bytes,
    offset: int,
    delimiter: str,
    width: int,
    rows: Sequence[Sequence[str]],
    *,
    odd_lines: Mapping[int, str],
) -> Body:
    """Records by Python's csv reader, with recovery from quotes that are never closed."""
    lines = split_lines(utf8[offset:].decode("utf-8"))
    builder = ColumnBuilder(width)
    numbers: list[int] = []
    odd: list[OddRecord] = []
    starts: list[int] = []
    total = 0
    for record in read_records(lines, delimiter, row_test(rows, width), width):
        total += 1
        starts.append(record.start)
        if not record.broken and (len(record.cells) == width or not record.cells):
            builder.add(record.cells)
            numbers.append(total)
        else:
            raw = "".join(lines[record.start : record.end]).rstrip("\r\n")
            odd.append(OddRecord(total, tuple(record.cells), shorten(raw), record.broken, record.reason))
    findings = _mixed_encoding(utf8, offset, lines, starts, odd_lines) if odd_lines else ()
    return Body(
        builder.columns(),
        np.array(numbers, np.int64),
        tuple(odd),
        total,
        findings,
        ended=utf8.endswith((b"\n", b"\r")),
    )


def _mixed_encoding(
    utf8: bytes, offset: int, lines: Sequence[str], starts: Sequence[int], odd_lines: Mapping[int, str]
) -> tuple[Finding, ...]:
    """One finding naming the records that were not UTF-8. Lines of ``odd_lines`` end with LF, else CR."""
    end = "\n" if b"\n" in utf8 else "\r"
    before = utf8.count(end.encode(), 0, offset)
    found: dict[int, tuple[str, str]] = {}
    number = before
    for place, line in enumerate(lines):
        if number in odd_lines and not line.isascii():
            found.setdefault(bisect_right(starts, place), (line.strip(), odd_lines[number]))
        number += line.count(end)
    if not found:
        return ()
    examples = tuple(
        (record, shorten(raw, 200), f"read as {page}")
        for record, (raw, page) in list(found.items())[:EXAMPLES]
    )
    pages = ", ".join(sorted({page for _, page in found.values()}))
    detail = (
        f"The file is UTF-8 except for record {next(iter(found))}, which was read as {pages}."
        if len(found) == 1
        else f"The file is UTF-8 except for {len(found)} records, which were read as {pages}."
    )
    return (Finding("C_ENCODING_MIXED", None, len(found), examples, detail),)
