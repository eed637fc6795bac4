"""Workbooks (.xlsx, .xlsm): every sheet with a table; values as stored, nothing is ever computed or run."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from xml.etree.ElementTree import ParseError

import numpy as np
import openpyxl
import pyarrow as pa

from kpi.ingest.reading.archive import examine_archive
from kpi.ingest.reading.assemble import assemble
from kpi.ingest.reading.body import Body, ColumnBuilder
from kpi.ingest.reading.kinds import WHAT_TO_DO
from kpi.ingest.reading.layout import HEAD, Layout, find_layout, find_single_column
from kpi.ingest.reading.names import display_name
from kpi.ingest.reading.nouns import FileFacts, Finding, Limits, Problem, RawTable, Refused
from kpi.ingest.reading.refusals import check_columns, check_kept, check_rows, header_only, no_table
from kpi.ingest.reading.shapes import filled
from kpi.ingest.reading.values import Value, value_text

_SHEET_ROWS = 1_048_576
_EXAMPLES = 20


def read_workbook(shown: str, data: bytes, limits: Limits) -> tuple[RawTable, ...]:
    """The tables of all sheets that have one, in the order of the sheets; hidden sheets are read and marked.

    Raises:
        Refused: when no sheet has a table, with what was found on each; see also :func:`examine_archive`.
    """
    archive = examine_archive(shown, data, limits)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        except Exception as error:  # the library raises whatever a damaged part leads it to
            raise _damaged(shown, error) from error
        tables: list[RawTable] = []
        problems: list[Problem] = []
        try:
            for sheet in book.worksheets:
                uncached = archive.uncached.get(str(getattr(sheet, "_worksheet_path", "")), ())
                try:
                    tables.append(_read_sheet(shown, sheet, book.epoch, uncached, limits))
                except Refused as refused:
                    problems += refused.problems
        finally:
            book.close()
    if not tables:
        empty = Problem("F_EMPTY", f"'{shown}' has no sheet with a table. {WHAT_TO_DO}", shown)
        raise Refused(tuple(problems) or (empty,))
    skipped = tuple(
        Finding("C_SHEET_SKIPPED", None, 1, detail=problem.message)
        for problem in problems
        if problem.code != "F_EMPTY"
    )
    if skipped:
        tables[0] = replace(tables[0], findings=tables[0].findings + skipped)
    return tuple(tables)


def _damaged(shown: str, error: Exception) -> Refused:
    message = (
        f"'{shown}' is a workbook that cannot be opened ({type(error).__name__}). Open it in a spreadsheet "
        "program, save it as .xlsx or CSV, and upload that."
    )
    return Refused((Problem("F_TYPE", message, shown),))


@dataclass
class _Sheet:
    """Rows of one sheet as columns of text, with the real values and what was noticed on the way."""

    builder: ColumnBuilder
    head: list[list[str]] = field(default_factory=list)
    typed: dict[int, list[Value | None]] = field(default_factory=dict)
    errors: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    rows: int = 0
    cut: str = ""

    def add(self, cells: list[str], values: dict[int, Value]) -> None:
        for place, value in values.items():
            known = self.typed.setdefault(place, [])
            known.extend([None] * (self.rows - len(known)))
            known.append(value)
        if len(self.head) < HEAD:
            self.head.append(cells)
        self.builder.add(cells)
        self.rows += 1


def _read_sheet(shown: str, sheet: Any, epoch: Any, uncached: Sequence[str], limits: Limits) -> RawTable:
    title = display_name(str(sheet.title))
    sheet.reset_dimensions()
    content = _Sheet(ColumnBuilder(None))
    try:
        for cells, values in _sheet_rows(shown, sheet, epoch, content, limits):
            content.add(cells, values)
    except (ParseError, KeyError, IndexError, ValueError, TypeError, EOFError) as error:
        if not content.rows:
            raise _damaged(shown, error) from error
        content.cut = type(error).__name__
    columns = content.builder.columns()
    width = len(columns)
    head = [cells + [""] * (width - len(cells)) for cells in content.head]
    if not any(filled(row) for row in head):
        raise Refused((Problem("F_EMPTY", f"'{shown}', sheet '{title}', is empty.", shown),))
    layout = find_layout(head) or find_single_column(head)
    if layout is None:
        raise Refused((no_table(shown, head, title),))
    if layout.header_row and layout.first >= content.rows:
        raise Refused((header_only(shown, layout.header, title),))
    return _build(shown, title, sheet.sheet_state != "visible", content, columns, layout, uncached, limits)


def _sheet_rows(
    shown: str, sheet: Any, epoch: Any, content: _Sheet, limits: Limits
) -> Iterator[tuple[list[str], dict[int, Value]]]:
    """Rows of text without empty cells at their end. Rows of nothing at the very end are left out."""
    formats: dict[int, str] = {}
    waiting = 0
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if number > _SHEET_ROWS:
            break
        cells: list[str] = []
        values: dict[int, Value] = {}
        for place, cell in enumerate(row):
            if cell.value is None:
                continue
            if cell.data_type == "e":
                content.errors.setdefault(place, []).append((number, str(cell.value)))
                continue
            style = cell._style_id
            if style not in formats:
                formats[style] = cell.number_format or "General"
            text, value = value_text(cell.value, formats[style], epoch)
            if not text:
                continue
            if place >= limits.columns:
                check_columns(shown, place + 1, limits)
            cells.extend([""] * (place - len(cells)))
            cells.append(text)
            if value is not None:
                values[place] = value
        if not cells:
            waiting += 1
            continue
        for _ in range(waiting):
            yield [], {}
        waiting = 0
        check_rows(shown, content.rows, limits)
        yield cells, values


def _build(
    shown: str, title: str, hidden: bool, content: _Sheet, columns: list[pa.ChunkedArray], layout: Layout,
    uncached: Sequence[str], limits: Limits,
) -> RawTable:  # fmt: skip
    total = content.rows - layout.first
    body = Body(
        [column.slice(layout.first) for column in columns], np.arange(1, total + 1, dtype=np.int64), (), total
    )
    typed = {
        place: [*values[layout.first :], *[None] * (content.rows - max(len(values), layout.first))]
        for place, values in content.typed.items()
        if any(value is not None for value in values[layout.first :])
    }
    noted: list[Finding] = []
    if hidden:
        noted.append(Finding("C_SHEET_HIDDEN", None, 1, detail=f"Sheet '{title}' is hidden in the workbook."))
    if content.cut:
        detail = (
            f"The sheet is damaged after row {content.rows} ({content.cut}); the rows before it were read."
        )
        noted.append(Finding("C_TRUNCATED", None, 1, ((total, "", "rows after this one are lost"),), detail))
    if uncached:
        detail = (
            f"{len(uncached)} cells hold formulas without stored results ({', '.join(uncached[:10])}); "
            "they are read as empty. Open the workbook in a spreadsheet program, save it and upload it again."
        )
        noted.append(Finding("C_FORMULA_EMPTY", None, len(uncached), detail=detail))
    facts = FileFacts("xlsx", "utf-8", False, "", sheet=title, hidden=hidden)
    table = assemble(shown, facts, layout, body, limits, joiner="\t", typed=typed, findings=noted)
    check_kept(table, layout)
    return replace(table, findings=table.findings + _errors(content, layout, table))


def _errors(content: _Sheet, layout: Layout, table: RawTable) -> tuple[Finding, ...]:
    """Cells such as #REF! and #N/A, by column."""
    from kpi.ingest.reading.names import name_columns

    names = name_columns(layout.header)
    findings = []
    for place, cells in sorted(content.errors.items()):
        below = [(row - layout.first, raw) for row, raw in cells if row > layout.first]
        if below:
            column = names[place] if place < len(names) else None
            examples = tuple((record, raw, "read as empty") for record, raw in below[:_EXAMPLES])
            findings.append(Finding("C_CELL_ERROR", column, len(below), examples))
    return tuple(findings)
