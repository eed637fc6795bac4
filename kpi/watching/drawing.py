"""Rows of a database as an export: one file of comma-separated text for each table, read like any other.

Text that is no UTF-8 keeps its bytes, so that the import repairs and tells it as it does in a file.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

AS_THEY_ARE = frozenset({str, int, float, type(None)})
BYTES = (bytes, bytearray, memoryview)


class TooLarge(Exception):
    """A table gives more bytes than an export may have."""


@dataclass(frozen=True)
class Drawn:
    """One table as it was read.

    Attributes:
        rows: how many it has.
        mark: of its header and its rows, whatever their order.
        left_out: (column, cells) of what is no text.
    """

    path: Path
    rows: int
    mark: str
    left_out: tuple[tuple[str, int], ...] = ()

    @property
    def strange(self) -> str:
        """What was left out, in words; empty when nothing was."""
        told = ", ".join(f"{cells:,} of column '{name}'" for name, cells in self.left_out)
        return f"cells that hold bytes and no text are left out: {told}" if told else ""


class _Lines:
    """Where a writer of lines writes: a file that is not to become too large, and a mark of all lines."""

    def __init__(self, file: BinaryIO, most_bytes: int) -> None:
        self._file = file
        self._left = most_bytes
        self.mark = 0

    def write(self, line: str) -> None:
        raw = _encoded(line)
        self._left -= len(raw)
        if self._left < 0:
            raise TooLarge
        self._file.write(raw)
        # A sum: without an order of their own the same rows may come in another one.
        self.mark += int.from_bytes(hashlib.blake2b(raw, digest_size=16).digest(), "big")


def draw(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]], most_bytes: int) -> Drawn:
    """Write rows into a new file.

    Raises:
        TooLarge: there are more than ``most_bytes``.
    """
    count = 0
    strange: Counter[int] = Counter()
    with path.open("xb") as file:
        lines = _Lines(file, most_bytes)
        # Declared: a column of lists ("a;b;c") could pass for the columns of the table.
        lines.write("sep=,\n")
        writer = csv.writer(lines, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(columns)
        for row in rows:
            count += 1
            cells = list(row)
            for place, value in enumerate(cells):
                if type(value) not in AS_THEY_ARE:
                    if isinstance(value, BYTES):
                        strange[place] += 1
                    cells[place] = written(value)
            writer.writerow(cells)
    left_out = tuple((columns[place], cells) for place, cells in sorted(strange.items()))
    return Drawn(path, count, f"{count} {lines.mark:x}", left_out)


def written(value: Any) -> str:
    """A value of a database as the cell of an export; bytes are none.

    >>> written(datetime(2026, 9, 1, 10, 30)), written(timedelta(days=1, hours=2, seconds=3)), written(True)
    ('2026-09-01 10:30:00', '26:00:03', 'true')
    >>> written(Decimal("1E+2")), written(["vip", "late"]), written(b"x")
    ('100', '["vip", "late"]', '')
    """
    if isinstance(value, BYTES):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return _clock(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _clock(value: timedelta) -> str:
    sign, rest = ("-", -value) if value < timedelta() else ("", value)
    hours, seconds = divmod(rest.days * 86_400 + rest.seconds, 3_600)
    fraction = f".{rest.microseconds:06d}" if rest.microseconds else ""
    return f"{sign}{hours}:{seconds // 60:02d}:{seconds % 60:02d}{fraction}"


def _encoded(line: str) -> bytes:
    try:
        return line.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return line.encode("utf-8", "replace")
