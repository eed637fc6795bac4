"""The data records of one table before they are judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from kpi.ingest.reading.nouns import Finding

RAW_CHARS = 2_000


@dataclass(frozen=True)
class OddRecord:
    """A record of another width than the table, or one that the file breaks off."""

    record: int
    cells: tuple[str, ...]
    raw: str
    broken: str = ""
    """Why it cannot be kept, whatever its cells are ("" when only its width is odd)."""
    reason: str = "R_COLCOUNT"


@dataclass(frozen=True)
class Body:
    """Records of the usual width as columns of text, the others one by one, numbered together from 1."""

    columns: Sequence[pa.ChunkedArray]
    records: np.ndarray
    odd: tuple[OddRecord, ...]
    total: int
    findings: tuple[Finding, ...] = ()
    ended: bool = True
    """Whether the file ends with a line end."""
    may_hold_nul: bool = True


class ColumnBuilder:
    """Collects rows of text into Arrow columns, block by block, so that few Python texts live at once.

    ``width`` None: as many columns as the longest row has.
    """

    def __init__(self, width: int | None, block: int = 16_384) -> None:
        self._width = width
        self._block = block
        self._rows: list[Sequence[str]] = []
        self._chunks: list[list[pa.Array]] = []
        self._lengths: list[int] = []

    def add(self, row: Sequence[str]) -> None:
        """Add a row; shorter ones are filled with empty cells."""
        self._rows.append(row)
        if len(self._rows) >= self._block:
            self._flush()

    def _flush(self) -> None:
        if not self._rows:
            return
        width = self._width or max(len(row) for row in self._rows)
        padded = [row if len(row) == width else (*row, *("",) * (width - len(row))) for row in self._rows]
        self._chunks.append([pa.array(cells, pa.large_string()) for cells in zip(*padded, strict=True)])
        self._lengths.append(len(self._rows))
        self._rows = []

    def columns(self) -> list[pa.ChunkedArray]:
        """All columns collected so far."""
        self._flush()
        width = self._width or max((len(chunk) for chunk in self._chunks), default=0)
        for chunk, length in zip(self._chunks, self._lengths, strict=True):
            missing = width - len(chunk)
            chunk += [pa.array([""] * length, pa.large_string())] * missing
        return [
            pa.chunked_array([chunk[place] for chunk in self._chunks], pa.large_string())
            for place in range(width)
        ]


def shorten(raw: str, limit: int = RAW_CHARS) -> str:
    """The text for a report, at most ``limit`` characters.

    >>> shorten("abcdef", 4)
    'abc…'
    """
    return raw if len(raw) <= limit else raw[: limit - 1] + "…"
