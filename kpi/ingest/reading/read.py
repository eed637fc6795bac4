"""One file in, its raw tables out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from kpi.ingest.reading.assemble import assemble
from kpi.ingest.reading.delimited import read_body
from kpi.ingest.reading.dialect import read_head
from kpi.ingest.reading.encoding import Decoded, decode
from kpi.ingest.reading.jsonlines import read_json
from kpi.ingest.reading.kinds import recognise_kind
from kpi.ingest.reading.layout import HEAD, Layout, find_layout, find_single_column
from kpi.ingest.reading.names import display_name
from kpi.ingest.reading.nouns import FileFacts, Finding, Limits, Problem, RawTable, Refused
from kpi.ingest.reading.refusals import (
    check_columns,
    check_kept,
    check_rows,
    header_only,
    no_table,
    too_large,
)
from kpi.ingest.reading.shapes import filled
from kpi.ingest.reading.workbook import read_workbook

DEFAULT_LIMITS = Limits()
_SURE = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "cp1252")


def read_tables(name: str, data: bytes | Path, limits: Limits = DEFAULT_LIMITS) -> tuple[RawTable, ...]:
    """The tables of one file: one of delimited text or JSON, one per sheet with a table of a workbook.

    ``name`` is only for showing; the kind is judged by content. A path is opened as given, never built from a
    name.

    Raises:
        Refused: with every problem found, when the file gives no table.

    >>> table, = read_tables("t.csv", b"Ticket;Score\\n17;5\\n18;4\\n")
    >>> table.headers, table.facts.delimiter, table.cells["Score"].tolist(), table.records.tolist()
    (('Ticket', 'Score'), ';', ['5', '4'], [1, 2])
    """
    shown = display_name(name)
    content = _load(data, shown, limits)
    kind = recognise_kind(content, shown)
    if isinstance(kind, Problem):
        raise Refused((kind,))
    if kind == "xlsx":
        tables = read_workbook(shown, content, limits)
    else:
        tables = _read_text(shown, content, limits, maybe_json=kind == "json")
    return tables


def _load(data: bytes | Path, shown: str, limits: Limits) -> bytes:
    size = len(data) if isinstance(data, bytes) else data.stat().st_size
    if size > limits.file_bytes:
        raise too_large(
            shown,
            f"has {size / 2**20:,.1f} MB, more than the {limits.file_bytes / 2**20:,.1f} MB that are read",
            "Export a shorter time span, or fewer columns.",
        )
    return data if isinstance(data, bytes) else data.read_bytes()


def _read_text(shown: str, content: bytes, limits: Limits, *, maybe_json: bool) -> tuple[RawTable, ...]:
    decoded = decode(content)
    text = decoded.utf8
    noted: list[Finding] = []
    if decoded.replaced:
        noted.append(
            Finding(
                "C_ENCODING_REPLACED", None, decoded.replaced,
                detail=f"{decoded.replaced} characters are not {decoded.encoding} and stand as \ufffd.",
            )
        )  # fmt: skip
    if decoded.encoding not in _SURE:
        detail = f"The letters look like {decoded.encoding}; check that names with accents read well."
        noted.append(Finding("C_ENCODING_GUESSED", None, 1, detail=detail))
    if decoded.cut:
        noted.append(
            Finding(
                "C_TRUNCATED",
                None,
                1,
                detail="The file ends in the middle of a character: it was cut off. Export it again.",
            )
        )
    if maybe_json or text.lstrip()[:1] in (b"{", b"["):
        facts = FileFacts("jsonl", decoded.encoding, decoded.bom, header_row=0)
        table = read_json(shown, text.decode("utf-8"), facts, limits, noted)
        if table is not None:
            return (table,)
    return (_read_delimited(shown, text, decoded, limits, noted),)


def _read_delimited(
    shown: str, text: bytes, decoded: Decoded, limits: Limits, noted: list[Finding]
) -> RawTable:
    text = text.rstrip(b"\x1a\x00")
    head = read_head(text, HEAD)
    layout = find_layout(head.rows) or find_single_column(head.rows)
    if layout is None or not _is_consistent(head.rows, layout):
        raise Refused((no_table(shown, head.rows),))
    check_columns(shown, layout.width, limits)
    if layout.width > 1 and layout.header_row and layout.first >= len(head.rows):
        raise Refused((header_only(shown, layout.header),))
    facts = FileFacts("csv", decoded.encoding, decoded.bom, head.delimiter if layout.width > 1 else "")
    body = read_body(
        text, head.starts[layout.first], head.delimiter, layout.width, head.rows[layout.first :],
        odd_lines=decoded.odd_lines, ragged=layout.header_row == 0,
    )  # fmt: skip
    check_rows(shown, body.total, limits)
    table = assemble(shown, facts, layout, body, limits, joiner=head.delimiter, findings=noted)
    check_kept(table, layout)
    return table


def _is_consistent(rows: Sequence[Sequence[str]], layout: Layout) -> bool:
    """Whether the records below the header mostly have cells for several columns, as prose has not."""
    below = [len(row) for row in rows[layout.first :] if filled(row)]
    if layout.width == 1 or not below:
        return True
    if layout.header_row == 0:
        return sum(1 for width in below if width > 1) >= 0.7 * len(below)
    fitting = sum(1 for width in below if width in (layout.width, len(layout.header)))
    same = max(Counter(width for width in below if width > 1).values(), default=0)
    return fitting >= 0.3 * len(below) or same >= 0.7 * len(below)
