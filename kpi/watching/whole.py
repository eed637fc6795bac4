"""Whether an export that lay in a watched folder can stand in the place of what was read before."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kpi.ingest import Account

CUT = "C_TRUNCATED"
"""Finding of the reader: a file ends inside a record."""
LINE_CUT = "its last line has no end, as the version before had: it may be half written"
TWIN = "R_DUP_EXACT"
"""Finding of the import: another file of the folder says the same."""
PATIENCE_S = 60.0
"""A file of lines whose last one has no end is waited for so long: more may come."""
LINES = (".csv", ".tsv", ".txt", ".jsonl", ".ndjson")


def why_broken(name: str, accounts: Sequence[Account]) -> str:
    """Why a file is not taken; empty when it can be. A workbook has an account for each of its sheets."""
    own = [each for each in accounts if each.name == name or each.name.startswith(f"{name} [")]
    if any(finding.code == CUT for each in own for finding in each.findings):
        return "it ends in the middle of a record: it may be half written"
    if any(each.rows_kept or any(finding.code == TWIN for finding in each.findings) for each in own):
        return ""
    told = next((finding.detail for each in own for finding in each.findings if finding.detail), "")
    return f"no row of it can be used{': ' + told if told else ''}"


def cut_short(name: str, now: Path, before: Path | None) -> str:
    """Why a new version of a file of lines looks half written; empty when it does not.

    The version before ended with a line end and this one does not.
    """
    if before is None or not before.is_file() or not ends_a_line(name, before) or ends_a_line(name, now):
        return ""
    return LINE_CUT


def ends_a_line(name: str, path: Path) -> bool:
    """Whether a file ends with a line end; always true of workbooks, which have none."""
    if not name.lower().endswith(LINES):
        return True
    with path.open("rb") as file:
        file.seek(0, 2)
        size = file.tell()
        file.seek(max(size - 4, 0))
        return b"\n" in file.read() or size == 0


def may_grow(name: str, path: Path, changed_ns: int, now: float, patience_s: float = PATIENCE_S) -> bool:
    """Whether a file of lines stops inside a line and changed so lately that the rest may still come."""
    return now - changed_ns / 1e9 < patience_s and not ends_a_line(name, path)
