"""Records judged: which are data, which are blank, repeated headers, footers or of the wrong width."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from kpi.ingest.reading.body import Body, OddRecord, shorten
from kpi.ingest.reading.columns import blank_rows, is_blank, row_cells, to_frame
from kpi.ingest.reading.footer import find_tail
from kpi.ingest.reading.layout import Layout
from kpi.ingest.reading.names import clean_header, name_columns
from kpi.ingest.reading.nouns import FileFacts, Finding, Limits, RawTable, Reject
from kpi.ingest.reading.subheaders import find_subheaders
from kpi.ingest.reading.widths import judge_odd

_EXAMPLES = 20


@dataclass(frozen=True)
class Kept:
    """Rows of ``table`` that stay, in order of their record numbers."""

    columns: list[pa.ChunkedArray]
    records: np.ndarray
    rows: np.ndarray
    """Position of each kept row among the records of the usual width (-1: it was an odd record)."""


def assemble(
    name: str,
    facts: FileFacts,
    layout: Layout,
    body: Body,
    limits: Limits,
    *,
    joiner: str,
    typed: Mapping[int, Sequence[object]] | None = None,
    findings: Sequence[Finding] = (),
) -> RawTable:
    """A raw table with its account; ``rows_read`` is the number of records kept plus the number rejected.

    ``typed`` holds, by place of the column, one real value per record of the usual width. ``joiner`` stands
    between the cells of a rejected record in its raw text.
    """
    has_lines = facts.kind != "jsonl" and layout.header_row > 0
    named = len(layout.header)
    columns, records = list(body.columns), body.records
    rejects: list[Reject] = []
    noted: list[Finding] = [*findings, *body.findings]
    blank = blank_rows(columns, len(records))

    total, footer = find_tail(columns, records, blank, body, layout, footers=has_lines)
    below = body.total - total - len(footer)
    if below:
        noted.append(
            Finding("C_BLANK_TAIL", None, below, detail="Empty records below the data are not counted.")
        )
    gone = records > total
    for row in np.flatnonzero(blank & ~gone).tolist():
        rejects.append(Reject("R_BLANK", int(records[row]), detail="no cell is filled"))
    gone |= blank

    def reject(row: int, reason: str, detail: str) -> tuple[str, ...]:
        cells = tuple(row_cells(columns, row))
        rejects.append(Reject(reason, int(records[row]), raw=shorten(joiner.join(cells)), detail=detail))
        gone[row] = True
        return cells

    subheaders: list[tuple[str, ...]] = []
    if has_lines:
        subheaders = [
            reject(row, "R_SUBHEADER", detail)
            for row, detail in find_subheaders(columns, records, gone, layout)
        ]
    for row in _surplus_rows(columns[named:], gone).tolist():
        reject(row, "R_COLCOUNT", f"{_last_filled(row_cells(columns, row))} cells, the header has {named}")

    stay = np.flatnonzero(~gone)
    kept = Kept(
        [column.take(pa.array(stay)) if gone.any() else column for column in columns[:named]],
        records[stay],
        stay,
    )
    odd = [record for record in body.odd if record.record <= total]
    verdict = judge_odd(odd, kept.columns, layout, ended=body.ended, last=total)
    if verdict.accepted:
        kept = _insert(kept, verdict.accepted, named)
    rejects = sorted([*rejects, *verdict.rejects], key=lambda one: one.record)
    above = [Reject("R_PREAMBLE", row, raw=shorten(text)) for row, text in layout.preamble]
    under = [Reject("R_FOOTER", layout.first + record, raw=shorten(text)) for record, text in footer]

    headers, places, header_findings = _name_headers(layout, kept.columns)
    cells, cell_findings = _clean_cells(
        [kept.columns[place] for place in places], headers, kept.records, limits, body.may_hold_nul
    )
    return RawTable(
        name=name,
        facts=replace(
            facts,
            header_row=layout.header_row if has_lines else 0,
            preamble=tuple(text for _, text in layout.preamble),
            footer=tuple(text for _, text in footer),
            subheaders=tuple(subheaders[:3]),
        ),
        headers=headers,
        cells=to_frame(cells, headers),
        records=kept.records,
        rows_read=total,
        rejects=(*above, *rejects, *under),
        findings=(*noted, *verdict.findings, *header_findings, *cell_findings),
        typed={
            header: _typed_series(typed[place], kept.rows, header)
            for place, header in zip(places, headers, strict=True)
            if typed and place in typed
        },
    )


def _typed_series(values: Sequence[object], rows: np.ndarray, header: str) -> pd.Series:
    taken = np.empty(len(rows), dtype=object)
    for place, row in enumerate(rows):
        taken[place] = values[row] if row >= 0 else None
    return pd.Series(taken, name=header, dtype=object)


def _surplus_rows(surplus: Sequence[pa.ChunkedArray], gone: np.ndarray) -> np.ndarray:
    if not surplus:
        return np.zeros(0, np.int64)
    filled_beyond = np.zeros(len(gone), bool)
    for column in surplus:
        filled_beyond |= ~is_blank(column)
    return np.flatnonzero(filled_beyond & ~gone)


def _last_filled(cells: Sequence[str]) -> int:
    return max((place for place, cell in enumerate(cells, start=1) if cell.strip()), default=0)


def _insert(kept: Kept, accepted: Sequence[OddRecord], width: int) -> Kept:
    """Accepted odd records put in at their place."""
    rows = [(*record.cells[:width], *("",) * (width - len(record.cells))) for record in accepted]
    records = np.concatenate([kept.records, np.array([record.record for record in accepted], np.int64)])
    order = np.argsort(records, kind="stable")
    columns = [
        pa.chunked_array(
            [*column.chunks, pa.array([row[place] for row in rows], pa.large_string())], pa.large_string()
        ).take(pa.array(order))
        for place, column in enumerate(kept.columns)
    ]
    positions = np.concatenate([kept.rows, np.full(len(rows), -1)])
    return Kept(columns, records[order], positions[order])


def _name_headers(
    layout: Layout, columns: Sequence[pa.ChunkedArray]
) -> tuple[tuple[str, ...], list[int], list[Finding]]:
    """Unique names; columns without a name and without a filled cell are left out."""
    names = name_columns(layout.header)
    places: list[int] = []
    findings: list[Finding] = []
    unnamed: list[str] = []
    for place, raw in enumerate(layout.header):
        if not clean_header(raw):
            if bool(is_blank(columns[place]).all()):
                continue
            unnamed.append(names[place])
        places.append(place)
    headers = tuple(names[place] for place in places)
    if unnamed and layout.header_row:
        findings.append(
            Finding(
                "C_HEADER_EMPTY",
                None,
                len(unnamed),
                detail="Columns without a name: " + ", ".join(unnamed[:20]),
            )
        )
    if layout.header_row == 0:
        findings.append(
            Finding(
                "C_NO_HEADER", None, 1, detail="The file has no line of column names; columns are numbered."
            )
        )
    if layout.shifted:
        findings.append(
            Finding(
                "C_HEADER_SHIFTED",
                None,
                1,
                detail="The first column (row numbers) has no name; the names begin with the second.",
            )
        )
    repeated = [
        name for name, raw in zip(names, layout.header, strict=True) if clean_header(raw) not in ("", name)
    ]
    if repeated:
        findings.append(
            Finding(
                "C_HEADER_REPEATED",
                None,
                len(repeated),
                detail="Repeated names were numbered: " + ", ".join(repeated[:20]),
            )
        )
    hidden = [names[place] for place in places if layout.header[place].isprintable() is False]
    if hidden:
        findings.append(
            Finding(
                "C_HEADER_CLEANED",
                None,
                len(hidden),
                detail="Line breaks or invisible characters were taken out of: " + ", ".join(hidden[:20]),
            )
        )
    return headers, places, findings


def _clean_cells(
    columns: list[pa.ChunkedArray],
    headers: Sequence[str],
    records: np.ndarray,
    limits: Limits,
    may_hold_nul: bool,
) -> tuple[list[pa.ChunkedArray], list[Finding]]:
    """NUL characters are taken out and overlong cells are cut; both are reported by column."""
    findings: list[Finding] = []
    for place, header in enumerate(headers):
        column = columns[place]
        with_nul = pc.match_substring(column, "\x00") if may_hold_nul else None
        if with_nul is not None and pc.any(with_nul).as_py():
            rows = np.flatnonzero(with_nul.to_numpy())
            examples = tuple(
                (int(records[row]), shorten(column[row].as_py(), 200), "NUL characters taken out")
                for row in rows[:_EXAMPLES]
            )
            findings.append(Finding("C_CONTROL_CHARACTERS", header, len(rows), examples))
            column = pc.replace_substring(column, "\x00", "")
        longest = pc.max(pc.binary_length(column)).as_py() or 0
        if longest > limits.cell_chars:
            rows = np.flatnonzero(pc.greater(pc.utf8_length(column), limits.cell_chars).to_numpy())
            if len(rows):
                examples = tuple(
                    (
                        int(records[row]),
                        shorten(column[row].as_py(), 100),
                        f"cut to {limits.cell_chars:,} characters",
                    )
                    for row in rows[:_EXAMPLES]
                )
                findings.append(Finding("C_CELL_CUT", header, len(rows), examples))
                column = pc.utf8_slice_codeunits(column, 0, limits.cell_chars)
        columns[place] = column
    return columns, findings
