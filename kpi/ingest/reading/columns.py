"""Questions to columns of text: which rows are blank, which equal a given row."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc


def is_blank(column: pa.ChunkedArray) -> np.ndarray:
    """Where a cell is empty or holds white space only."""
    blank = pc.or_(pc.equal(pc.binary_length(column), 0), pc.utf8_is_space(column))
    return np.asarray(blank.to_numpy(), dtype=bool)


def blank_rows(columns: Sequence[pa.ChunkedArray], length: int) -> np.ndarray:
    """Where every cell of a row is blank; each column is looked at only where all before it were blank."""
    rows = np.arange(length)
    for column in columns:
        if not len(rows):
            break
        looked = column if len(rows) == length else column.take(pa.array(rows))
        rows = rows[is_blank(looked)]
    mask = np.zeros(length, bool)
    mask[rows] = True
    return mask


def rows_equal(columns: Sequence[pa.ChunkedArray], cells: Sequence[str]) -> np.ndarray:
    """Rows whose cells equal ``cells`` (outer blanks aside); columns whose cell is empty are not compared.

    At least two cells must be there to compare, else nothing is found.
    """
    wanted = [(place, cell.strip()) for place, cell in enumerate(cells) if cell.strip()]
    if len(wanted) < 2 or not columns:
        return np.zeros(0, np.int64)
    rows = np.arange(len(columns[0]))
    for place, cell in wanted:
        if not len(rows):
            break
        looked = columns[place] if len(rows) == len(columns[place]) else columns[place].take(pa.array(rows))
        rows = rows[pc.equal(pc.utf8_trim_whitespace(looked), cell).to_numpy().astype(bool)]
    return rows


def row_cells(columns: Sequence[pa.ChunkedArray], row: int) -> list[str]:
    """The cells of one row."""
    return [column[row].as_py() for column in columns]


def to_frame(columns: list[pa.ChunkedArray], headers: Sequence[str]) -> pd.DataFrame:
    """A frame of dtype ``str``; the list is emptied on the way so that the memory is not held twice."""
    length = len(columns[0]) if columns else 0
    dtype = pd.StringDtype(na_value=np.nan)
    series: dict[str, pd.Series] = {}
    for place, header in enumerate(headers):
        series[header] = pd.Series(pd.array(columns[place], dtype=dtype), copy=False)
        columns[place] = pa.chunked_array([], pa.large_string())
    return pd.DataFrame(series, index=pd.RangeIndex(length), columns=list(headers), copy=False)
