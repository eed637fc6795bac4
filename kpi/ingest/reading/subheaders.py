"""Rows that are column names once more, or a second and third line of labels below them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from kpi.ingest.reading.columns import row_cells, rows_equal
from kpi.ingest.reading.layout import Layout
from kpi.ingest.reading.shapes import column_shapes, filled, shape_of, typed_columns


def find_subheaders(
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
