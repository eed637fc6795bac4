"""What reading speaks in: limits, problems, rejects, findings, file facts, raw tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Limits:
    """How much of an upload is read. Sizes are bytes, ``ratio`` is unpacked size over packed size.

    Each limit has a message of its own; none of them is reached by an ordinary export.
    """

    file_bytes: int = 400 * 2**20
    unpacked_bytes: int = 2 * 2**30
    ratio: int = 200
    rows: int = 5_000_000
    columns: int = 2_000
    cell_chars: int = 1_000_000


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a file: what is wrong, what was found, what to do.

    ``code`` is one of F_EMPTY, F_NO_TABLE, F_PASSWORD, F_TOO_LARGE, F_ENCODING, F_AGGREGATE, F_TYPE,
    F_TRUNCATED, F_NO_ROWS.
    ``record`` is the 1-based number of the data record, ``column`` a header.
    """

    code: str
    message: str
    file: str
    record: int | None = None
    column: str | None = None


class Refused(Exception):
    """A file gives no table at all. Carries every problem that was found."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(problem.message for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Reject:
    """One record that was not kept.

    ``record`` is the 1-based number of the data record. Lines outside the data (reasons in :data:`OUTSIDE`)
    are counted by their own number in the file instead, and are not part of ``rows_read``.
    """

    reason: str
    record: int
    column: str | None = None
    raw: str = ""
    detail: str = ""


OUTSIDE: frozenset[str] = frozenset({"R_PREAMBLE", "R_FOOTER"})
"""Reasons of rejects that are lines above or below the data, so not data records."""


@dataclass(frozen=True)
class Finding:
    """One thing noticed or repaired in a column (None: in the file as a whole).

    ``examples`` are (record, raw text, what was done), at most 20; ``count`` is the number of all of them.
    """

    code: str
    column: str | None
    count: int
    examples: tuple[tuple[int, str, str], ...] = ()
    detail: str = ""


@dataclass(frozen=True)
class FileFacts:
    """How a file was read.

    ``header_row`` is the 1-based number of the header among the records of the file (0: there is no header
    line). ``preamble`` and ``footer`` are the texts of the lines above the header and below the data.
    """

    kind: str
    encoding: str = ""
    bom: bool = False
    delimiter: str = ""
    header_row: int = 1
    sheet: str = ""
    preamble: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()
    subheaders: tuple[tuple[str, ...], ...] = ()
    """Cells of the first rows that were rejected as R_SUBHEADER (question texts, zones, units)."""
    hidden: bool = False
    """The sheet is hidden in the workbook."""


@dataclass(frozen=True)
class RawTable:
    """One table as it stands in the file, all cells as text, with an exact account.

    ``cells`` has dtype ``str``, columns = ``headers``, "" for an empty cell and a RangeIndex; ``records``
    (int64) holds the 1-based data record number of each of its rows. ``typed`` holds the real dates, times,
    durations and numbers of workbook columns (dtype object, None where a cell is empty or text), aligned with
    ``cells``.

    ``rows_read == len(cells) + len(rejected_records(table))``: every data record is either kept or rejected.
    """

    name: str
    facts: FileFacts
    headers: tuple[str, ...]
    cells: pd.DataFrame
    records: np.ndarray
    rows_read: int
    rejects: tuple[Reject, ...] = ()
    findings: tuple[Finding, ...] = ()
    typed: Mapping[str, pd.Series] = field(default_factory=lambda: MappingProxyType({}))


def rejected_records(table: RawTable) -> tuple[Reject, ...]:
    """The rejects that are data records: those which, with the kept rows, make up ``rows_read``."""
    return tuple(reject for reject in table.rejects if reject.reason not in OUTSIDE)
