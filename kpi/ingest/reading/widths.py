"""Records of another width than the table: which may be kept, and why the others are not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from kpi.ingest.reading.body import OddRecord, shorten
from kpi.ingest.reading.columns import is_blank
from kpi.ingest.reading.layout import Layout
from kpi.ingest.reading.nouns import Finding, Reject
from kpi.ingest.reading.shapes import column_shapes, filled, shape_of

_EXAMPLES = 20
_SAMPLE = 2_000


@dataclass(frozen=True)
class OddVerdict:
    """Odd records that are kept (their missing cells are empty), those that are not, and what was noticed."""

    accepted: tuple[OddRecord, ...]
    rejects: tuple[Reject, ...]
    findings: tuple[Finding, ...]


def judge_odd(
    odd: Sequence[OddRecord], columns: Sequence[pa.ChunkedArray], layout: Layout, *, ended: bool, last: int
) -> OddVerdict:
    """Judge each odd record.

    - longer than the header, all surplus cells empty: kept;
    - longer otherwise: rejected;
    - shorter: kept with the finding C_SHORT_RECORD only if it merely lacks trailing empty cells, as some
      programs write them. That is: another record leaves exactly those columns empty, each filled cell has a
      shape its column knows, it is not part of one record broken over several lines, and it is not the last
      line of a file that ends without a line end. Otherwise rejected, because a cell missing in the middle
      would shift all that follow;
    - without header (event logs, whose records end after their last argument): kept when it has at least half
      of the cells of the usual record;
    - the last line of a file that ends inside it: R_TRUNCATED, with the finding C_TRUNCATED.
    """
    accepted: list[OddRecord] = []
    rejects: list[Reject] = []
    short: list[OddRecord] = []
    truncated: list[OddRecord] = []
    named = len(layout.header)
    test = _ShortTest(columns, named, layout)
    split = _broken_over_lines(odd, named)
    for record in odd:
        width = len(record.cells)
        what = (
            f"{width} cells, the header has {named}"
            if layout.header_row
            else f"{width} cells, others have up to {named}"
        )
        if not record.broken and not filled(record.cells):
            rejects.append(Reject("R_BLANK", record.record, raw=record.raw, detail="no cell is filled"))
        elif record.reason == "R_TRUNCATED" or (
            width < named and record.record == last and not ended and layout.header_row
        ):
            truncated.append(record)
            detail = record.broken or f"the file ends inside this record ({what})"
            rejects.append(Reject("R_TRUNCATED", record.record, raw=record.raw, detail=detail))
        elif record.broken:
            detail = f"{record.broken} ({what})" if record.reason == "R_COLCOUNT" else record.broken
            rejects.append(Reject(record.reason, record.record, raw=record.raw, detail=detail))
        elif width >= named and not filled(record.cells[named:]):
            accepted.append(record)
        elif width < named and record.record in split:
            detail = f"{what}; looks like one record broken over several lines"
            rejects.append(Reject("R_COLCOUNT", record.record, raw=record.raw, detail=detail))
        elif width < named and (why := test.refuses(record.cells)) is None:
            accepted.append(record)
            short.append(record)
        else:
            detail = f"{what}; {why}" if width < named and why else what
            rejects.append(Reject("R_COLCOUNT", record.record, raw=record.raw, detail=detail))
    findings = []
    if short and layout.header_row:
        examples = tuple(
            (record.record, shorten(record.raw, 200), "missing cells at the end are empty")
            for record in short[:_EXAMPLES]
        )
        findings.append(
            Finding(
                "C_SHORT_RECORD",
                None,
                len(short),
                examples,
                f"{len(short)} records end before their last cells.",
            )
        )
    if truncated:
        examples = tuple((record.record, shorten(record.raw, 200), "record not kept") for record in truncated)
        detail = f"The file ends inside record {truncated[0].record}: it was cut off. Export it again."
        findings.append(Finding("C_TRUNCATED", None, len(truncated), examples, detail))
    return OddVerdict(tuple(accepted), tuple(rejects), tuple(findings))


class _ShortTest:
    """Whether a short record merely lacks trailing empty cells."""

    def __init__(self, columns: Sequence[pa.ChunkedArray], named: int, layout: Layout) -> None:
        self._columns = columns
        self._named = named
        self._headless = layout.header_row == 0
        self._shapes: list[dict[str, int]] | None = None
        self._empty_from: int | None = None

    def refuses(self, cells: Sequence[str]) -> str | None:
        """None when the record may be kept, else why not."""
        if len(cells) < 2:
            return "only one cell"
        if self._headless:
            return None if 2 * len(cells) >= self._usual_fill() else "fewer than half of the usual cells"
        if len(cells) < self._first_optional():
            return "the missing cells are never empty together in other records"
        for place, cell in enumerate(cells):
            if not _belongs(shape_of(cell), self._known_shapes()[place]):
                return f"cell {place + 1} does not look like the others of its column"
        return None

    def _usual_fill(self) -> float:
        rows = self._sample()
        return float(np.median([filled(row) for row in rows])) if rows else float(self._named)

    def _sample(self) -> list[tuple[str, ...]]:
        return list(zip(*(column.slice(0, _SAMPLE).to_pylist() for column in self._columns), strict=True))

    def _known_shapes(self) -> list[dict[str, int]]:
        if self._shapes is None:
            self._shapes = [dict(counts) for counts in column_shapes(self._sample(), self._named)]
        return self._shapes

    def _first_optional(self) -> int:
        """The smallest width such that some full record has only empty cells beyond it."""
        if self._empty_from is None:
            place = self._named
            rows = np.arange(len(self._columns[0])) if self._columns else np.zeros(0, np.int64)
            while place > 0:
                rows = rows[is_blank(self._columns[place - 1].take(pa.array(rows)))]
                if not len(rows):
                    break
                place -= 1
            self._empty_from = place
        return self._empty_from


def _belongs(shape: str, known: Mapping[str, int]) -> bool:
    """Words and codes are alike; a number, moment, address or link must have been seen in its column."""
    if shape in ("empty", "nothing") or not known or shape in known:
        return True
    return shape in ("text", "code") and any(other in known for other in ("text", "code"))


def _broken_over_lines(odd: Sequence[OddRecord], named: int) -> set[int]:
    """Numbers of short records that follow each other and together have the cells of one record."""
    found: set[int] = set()
    run: list[OddRecord] = []
    for record in odd:
        if not (run and record.record == run[-1].record + 1) or len(record.cells) >= named:
            run = []
        if len(record.cells) >= named:
            continue
        run.append(record)
        for start in range(len(run)):
            part = run[start:]
            if len(part) >= 2 and sum(len(piece.cells) for piece in part) - (len(part) - 1) == named:
                found.update(piece.record for piece in part)
        run = run[-20:]
    return found
