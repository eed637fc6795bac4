"""Records judged: which are data, which are blank, repeated headers, footers or of the wrong width."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from kpi.ingest.reading.body import Body, OddRecord, shorten
from kpi.ingest.reading.columns import blank_rows, is_blank, row_cells, rows_equal, to_frame
from kpi.ingest.reading.layout import Layout
from kpi.ingest.reading.names import clean_header, name_columns
from kpi.ingest.reading.nouns import FileFacts, Finding, Limits, RawTable, Reject
from kpi.ingest.reading.shapes import column_shapes, filled, shape_of, typed_columns
from kpi.ingest.reading.widths import judge_odd

_TAIL = 40
_EXAMPLES = 20


@dataclass(frozen=True)
class Kept:
    """Rows of ``table`` that stay, in order of their record numbers."""

    columns: list[pa.ChunkedArray]
    records: np.ndarray
    rows: np.ndarray
    """Position of each kept row among the records of the usual width (-1: it was an odd record)."""


def assemble(
    name: str, facts: FileFacts, layout: Layout, body: Body, limits: Limits, *, joiner: str,
    typed: Mapping[int, Sequence[object]] | None = None, findings: Sequence[Finding] = (),
) -> RawTable:  # fmt: skip
    """A raw table with its account; ``rows_read`` is the number of records kept plus the number rejected.

    ``typed`` holds, by place of the column, one real value per record of the usual width.
    """
    named = len(layout.header)
    columns, records = list(body.columns), body.records
    rejects: list[Reject] = [Reject("R_PREAMBLE", row, raw=shorten(text)) for row, text in layout.preamble]
    noted: list[Finding] = [*findings, *body.findings]
    blank = blank_rows(columns, len(records))

    total, footer = _find_tail(columns, records, blank, body, layout)
    if footer or total < body.total:
        blanks = body.total - total - len(footer)
        if blanks > 0:
            noted.append(
                Finding(
                    "C_BLANK_TAIL",
                    None,
                    blanks,
                    detail=f"{blanks} empty records below the data are not counted.",
                )
            )
    first_row = layout.first
    rejects += [Reject("R_FOOTER", first_row + record, raw=shorten(text)) for record, text in footer]
    within = records <= total
    odd = [record for record in body.odd if record.record <= total]

    gone = ~within
    for row in np.flatnonzero(blank & within).tolist():
        rejects.append(Reject("R_BLANK", int(records[row]), detail="no cell is filled"))
    gone |= blank
    subheaders: list[tuple[str, ...]] = []
    for row, detail in _find_subheaders(columns, records, gone, layout):
        cells = row_cells(columns, row)
        if len(subheaders) < 3:
            subheaders.append(tuple(cells))
        rejects.append(
            Reject("R_SUBHEADER", int(records[row]), raw=shorten(joiner.join(cells)), detail=detail)
        )
        gone[row] = True
    for row in _surplus_rows(columns[named:], gone).tolist():
        cells = row_cells(columns, row)
        detail = f"{_last_filled(cells)} cells, the header has {named}"
        rejects.append(
            Reject("R_COLCOUNT", int(records[row]), raw=shorten(joiner.join(cells)), detail=detail)
        )
        gone[row] = True
    stay = np.flatnonzero(~gone)
    columns = [column.take(pa.array(stay)) if gone.any() else column for column in columns[:named]]
    kept = Kept(columns, records[stay], stay)

    verdict = judge_odd(odd, kept.columns, layout, ended=body.ended, last=total)
    rejects += verdict.rejects
    noted += verdict.findings
    if verdict.accepted:
        kept = _insert(kept, verdict.accepted, named)
    rejects.sort(
        key=lambda reject: (reject.reason != "R_PREAMBLE", reject.reason == "R_FOOTER", reject.record)
    )

    headers, places, header_findings = _name_headers(layout, kept.columns)
    noted += header_findings
    used = [kept.columns[place] for place in places]
    used, cell_findings = _clean_cells(used, headers, kept.records, limits, body.may_hold_nul)
    noted += cell_findings
    facts = FileFacts(
        kind=facts.kind, encoding=facts.encoding, bom=facts.bom, delimiter=facts.delimiter, header_row=layout.header_row,
        sheet=facts.sheet, preamble=tuple(text for _, text in layout.preamble), footer=tuple(text for _, text in footer),
        subheaders=tuple(subheaders), hidden=facts.hidden,
    )  # fmt: skip
    values = {}
    for place, header in zip(places, headers, strict=True):
        if typed and place in typed:
            values[header] = _typed_series(typed[place], kept.rows, header)
    return RawTable(
        name,
        facts,
        headers,
        to_frame(used, headers),
        kept.records,
        total,
        tuple(rejects),
        tuple(noted),
        values,
    )


def _typed_series(values: Sequence[object], rows: np.ndarray, header: str) -> pd.Series:
    taken = np.empty(len(rows), dtype=object)
    for place, row in enumerate(rows):
        taken[place] = values[row] if row >= 0 else None
    return pd.Series(taken, name=header, dtype=object)


def _find_tail(
    columns: Sequence[pa.ChunkedArray], records: np.ndarray, blank: np.ndarray, body: Body, layout: Layout
) -> tuple[int, list[tuple[int, str]]]:
    """Number of the last data record, and the footer lines below it (record number, text)."""
    odd = {record.record: record for record in body.odd}
    at = {int(record): row for row, record in enumerate(records[-_TAIL:], start=max(0, len(records) - _TAIL))}
    nonblank = np.flatnonzero(~blank)
    last_solid = int(records[nonblank[-1]]) if len(nonblank) else 0
    last_odd = max((record.record for record in body.odd if filled(record.cells)), default=0)
    total = max(last_solid, last_odd)
    usual = _usual_shapes(columns)
    footer: list[tuple[int, str]] = []
    number = total
    while number > 0 and number > total - _TAIL and len(footer) < 12:
        cells = (
            list(odd[number].cells)
            if number in odd
            else row_cells(columns, at[number])
            if number in at
            else None
        )
        if cells is None:
            break
        if filled(cells):
            below = number in odd or _is_set_apart(number, at, blank, odd, cells)
            if not (below and _is_footer(cells, layout, usual, odd.get(number))):
                break
            footer.append((number, " ".join(cell.strip() for cell in cells if cell.strip())))
        number -= 1
    if not footer:
        return total, []
    footer.reverse()
    total = footer[0][0] - 1
    while total > 0 and (
        (total in at and blank[at[total]]) or (total in odd and not filled(odd[total].cells))
    ):
        total -= 1
    return total, footer


def _usual_shapes(columns: Sequence[pa.ChunkedArray]) -> list[str]:
    """The prevailing shape of each column's first cells, "" where there is none."""
    rows = list(zip(*(column.slice(0, 200).to_pylist() for column in columns), strict=True))
    return [counts.most_common(1)[0][0] if counts else "" for counts in column_shapes(rows, len(columns))]


def _is_set_apart(
    number: int, at: Mapping[int, int], blank: np.ndarray, odd: Mapping[int, OddRecord], cells: Sequence[str]
) -> bool:
    above = number - 1
    if above in odd:
        return filled(odd[above].cells) <= 1
    return bool(above in at and blank[at[above]]) or ":" in cells[0] or len(cells[0]) > 60


def _is_footer(cells: Sequence[str], layout: Layout, usual: Sequence[str], odd: OddRecord | None) -> bool:
    """One or two filled cells where the table has more, that do not look like the beginning of a record."""
    if layout.header_row == 0 or (odd is not None and odd.broken):
        return False
    few = 1 if layout.width <= 4 or odd is None else 2
    if filled(cells) > few or (layout.width < 3 and odd is None):
        return False
    first = next(cell for cell in cells if cell.strip())
    begins_record = (
        cells[0].strip() and usual and usual[0] not in ("", "text") and shape_of(first) == usual[0]
    )
    return not begins_record


def _find_subheaders(
    columns: Sequence[pa.ChunkedArray], records: np.ndarray, gone: np.ndarray, layout: Layout
) -> list[tuple[int, str]]:
    """Rows that repeat the header anywhere, and rows of labels directly below it."""
    found = [(row, "repeats the header") for row in rows_equal(columns, layout.header) if not gone[row]]
    if layout.header_row == 0 or len(records) < 3:
        return found
    rows = [row_cells(columns, row) for row in range(min(len(records), 60))]
    taken = {row for row, _ in found}
    for row in range(min(3, len(rows) - 1)):
        if row in taken:
            continue
        if gone[row] or records[row] != row + 1 or not _is_label_row(rows[row], rows[row + 1 :], layout):
            break
        found.append((row, "a second line of labels below the header"))
    return sorted(found)


def _is_label_row(cells: Sequence[str], below: Sequence[Sequence[str]], layout: Layout) -> bool:
    if sum(1 for cell in cells if cell.lstrip().startswith('{"ImportId"')) >= 2:
        return True
    below = [row for row in below if not any(cell.lstrip().startswith('{"ImportId"') for cell in row)]
    if filled(cells) < 2 or len(below) < 2:
        return False
    typed = typed_columns(column_shapes(below, len(cells)), share=0.95, least=2)
    inside = [place for place in typed if place < len(layout.header)]
    said = [place for place in inside if cells[place].strip()]
    return (
        len(said) >= 2 and len(said) >= 0.5 * len(inside) and all(_is_label(cells[place]) for place in said)
    )


def _is_label(cell: str) -> bool:
    return shape_of(cell) == "text" and sum(character.isalpha() for character in cell) >= 3


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
