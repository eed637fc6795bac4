"""Delimited text as records: physical lines, real quoting, and recovery where a quote is never closed."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from kpi.ingest.reading.shapes import TYPED, column_shapes, shape_of, typed_columns

csv.field_size_limit(2**31 - 1)  # one setting for the whole process; long cells are cut after reading

_INNER_LINES = 50


@dataclass(frozen=True)
class Record:
    """One record with the physical lines ``[start, end)`` it was read from.

    ``broken`` says why it cannot be kept whatever its width, else it is empty.
    """

    cells: list[str]
    start: int
    end: int
    broken: str = ""
    reason: str = "R_COLCOUNT"


class _Lines:
    """Physical lines with a position that can be moved back."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.at = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.at >= len(self.lines):
            raise StopIteration
        self.at += 1
        return self.lines[self.at - 1]


def split_lines(text: str) -> list[str]:
    """Physical lines with their ends; CRLF, LF and CR all end a line, nothing else does.

    >>> split_lines("a\\r\\nb\\rc\\n\\x85d")
    ['a\\r\\n', 'b\\r', 'c\\n', '\\x85d']
    """
    return list(io.StringIO(text, newline=""))


def parse_line(line: str, delimiter: str) -> list[str]:
    """The cells of one physical line taken by itself."""
    return next(csv.reader([line], delimiter=delimiter), [])


def row_test(rows: Sequence[Sequence[str]], width: int) -> Callable[[Sequence[str]], bool]:
    """A test whether cells may be a whole record of a table with such rows, by width and types."""
    same = [row for row in rows if len(row) == width][:200]
    typed = typed_columns(column_shapes(same, width), least=2)

    def fits(cells: Sequence[str]) -> bool:
        if len(cells) != width or (not typed and width < 4):
            return False
        return all(shape_of(cells[place]) in TYPED | {"empty", "nothing"} for place in typed)

    return fits


def read_records(
    lines: Sequence[str], delimiter: str, fits: Callable[[Sequence[str]], bool] | None = None, width: int = 0
) -> Iterator[Record]:
    """Records of ``lines``; where a quote swallowed whole records, only its own line is lost.

    A record over several lines is suspected when its width is not ``width``, when a cell with a line break
    holds an odd number of quotes, or when the file ends inside its quotes. If then one of its lines is a
    whole record by itself (``fits``), its first line becomes a broken record and reading goes on with the
    next line.
    """
    source = _Lines(lines)
    reader = csv.reader(source, delimiter=delimiter)
    while True:
        start = source.at
        try:
            cells = next(reader)
        except StopIteration:
            return
        end = source.at
        at_end = end == len(lines) and ends_inside_quotes(lines[start:end], delimiter)
        if end - start > 1 and fits is not None and (len(cells) != width or at_end or slipped_quote(cells)):
            inner = lines[start + 1 : min(end, start + 1 + _INNER_LINES)]
            if any(fits(parse_line(line, delimiter)) for line in inner):
                source.at = start + 1
                alone = parse_line(lines[start], delimiter)
                yield Record(alone, start, start + 1, "a quote is opened and never closed")
                continue
        if at_end:
            yield Record(cells, start, end, "the file ends inside the quotes of this record", "R_TRUNCATED")
        else:
            yield Record(cells, start, end)


def slipped_quote(cells: Sequence[str]) -> bool:
    """Whether a cell with a line break holds an odd number of quotes, as records run together do."""
    return any(cell.count('"') % 2 == 1 and ("\n" in cell or "\r" in cell) for cell in cells)


def ends_inside_quotes(lines: Sequence[str], delimiter: str) -> bool:
    """Whether quotes are still open: then a further line is part of the same record."""
    if '"' not in "".join(lines):
        return False
    ended = [*lines[:-1], lines[-1] if lines[-1].endswith(("\n", "\r")) else lines[-1] + "\n", "x"]
    return sum(1 for _ in csv.reader(ended, delimiter=delimiter)) == 1
