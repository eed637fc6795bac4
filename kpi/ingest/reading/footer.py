"""Where the data end: footer lines and empty records below them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from kpi.ingest.reading.body import Body, OddRecord
from kpi.ingest.reading.columns import row_cells
from kpi.ingest.reading.layout import Layout
from kpi.ingest.reading.shapes import column_shapes, filled, shape_of

_TAIL = 40
_MOST = 12


def find_tail(
    columns: Sequence[pa.ChunkedArray],
    records: np.ndarray,
    blank: np.ndarray,
    body: Body,
    layout: Layout,
    *,
    footers: bool,
) -> tuple[int, list[tuple[int, str]]]:
    """Number of the last data record, and the footer lines below it (record number, text).

    Empty records at the very end, and between the data and a footer, are no data. A footer line has one or
    two filled cells and another width than the data, or stands apart from them (behind an empty record, with
    a colon, as a long text), and does not look like the beginning of a record. ``footers`` False looks for
    none.
    """
    odd = {record.record: record for record in body.odd}
    at = {int(record): row for row, record in enumerate(records[-_TAIL:], start=max(0, len(records) - _TAIL))}
    nonblank = np.flatnonzero(~blank)
    last_solid = int(records[nonblank[-1]]) if len(nonblank) else 0
    last_odd = max((record.record for record in body.odd if filled(record.cells)), default=0)
    total = max(last_solid, last_odd)
    usual = _usual_shapes(columns)
    footer: list[tuple[int, str]] = []
    number = total if footers else 0
    while number > 0 and number > total - _TAIL and len(footer) < _MOST:
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
    if odd is not None and odd.broken:
        return False
    few = 1 if layout.width <= 4 or odd is None else 2
    if filled(cells) > few or (layout.width < 3 and odd is None):
        return False
    first = next(cell for cell in cells if cell.strip())
    begins_record = (
        cells[0].strip() and usual and usual[0] not in ("", "text") and shape_of(first) == usual[0]
    )
    return not begins_record
