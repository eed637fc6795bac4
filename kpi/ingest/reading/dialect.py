"""Which delimiter a text has, judged by the consistency of the number of cells under real quoting."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from kpi.ingest.reading.records import Record, read_records, row_test, split_lines
from kpi.ingest.reading.shapes import filled

DELIMITERS = (",", ";", "\t", "|")
_HEAD_BYTES = 16 * 2**20
_JUDGED = 200
_DECLARED = re.compile(r"\s*\"?sep=(.)\"?\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Head:
    """The first records of a text; ``starts[i]`` is the offset of record i (one more than rows)."""

    delimiter: str
    rows: tuple[tuple[str, ...], ...]
    starts: tuple[int, ...]
    consistency: float
    """Share of the records judged that have the prevailing width."""


def read_head(utf8: bytes, count: int) -> Head:
    """The first ``count`` records under the best delimiter, or the one a first line ``sep=;`` declares."""
    lines = split_lines(utf8[:_HEAD_BYTES].decode("utf-8", "ignore"))
    declared = _DECLARED.fullmatch(lines[0]) if lines else None
    choices = (declared.group(1),) if declared and declared.group(1) not in '"\r\n' else DELIMITERS
    best: tuple[float, float, str, list[Record]] | None = None
    for delimiter in choices:
        records = _first_records(lines, delimiter, count)
        score, share = _judge([record.cells for record in records[:_JUDGED]])
        if best is None or score > best[0]:
            best = (score, share, delimiter, records)
    assert best is not None
    starts = [0]
    for record in best[3]:
        starts.append(
            starts[-1] + sum(len(line.encode("utf-8")) for line in lines[record.start : record.end])
        )
    return Head(best[2], tuple(tuple(record.cells) for record in best[3]), tuple(starts), best[1])


def _first_records(lines: Sequence[str], delimiter: str, count: int) -> list[Record]:
    records = list(islice(read_records(lines, delimiter), count))
    widths = Counter(len(record.cells) for record in records if len(record.cells) > 1)
    if widths and any(record.end - record.start > 1 for record in records):
        width = widths.most_common(1)[0][0]
        fits = row_test([record.cells for record in records], width)
        records = list(islice(read_records(lines, delimiter, fits, width), count))
    return records


def _judge(rows: Sequence[Sequence[str]]) -> tuple[float, float]:
    """Score and share: the share of records of the prevailing width, weighed by how much that width says.

    A delimiter under which every record has that width, the names of the columns among them, stands before
    any other: a cell of tags may hold more of another one than the record has columns, but its name does not.
    """
    widths = [len(row) for row in rows if filled(row)]
    counts = Counter(width for width in widths if width > 1)
    if not counts:
        return 0.0, 0.0
    width, number = max(counts.items(), key=lambda item: (item[1] * min(item[0], 40), item[0]))
    share = number / len(widths)
    whole = number == len(widths) > 1
    return share * (1 - 1 / width) + whole, share
