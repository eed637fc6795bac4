"""Why a file or sheet gives no table: each refusal says what is wrong, what was found, what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from kpi.ingest.reading.body import shorten
from kpi.ingest.reading.layout import Layout
from kpi.ingest.reading.nouns import Limits, Problem, RawTable, Refused
from kpi.ingest.reading.shapes import filled


def check_columns(shown: str, width: int, limits: Limits) -> None:
    """Refuse a table of more columns than the limit."""
    if width > limits.columns:
        raise too_large(
            shown,
            f"has {width:,} columns, more than the {limits.columns:,} that are read",
            "Leave out columns that are not needed when exporting.",
        )


def check_rows(shown: str, total: int, limits: Limits) -> None:
    """Refuse a table of more records than the limit."""
    if total > limits.rows:
        raise too_large(
            shown,
            f"has {total:,} records or more, more than the {limits.rows:,} that are read",
            "Export a shorter time span.",
        )


def check_kept(table: RawTable, layout: Layout) -> None:
    """Refuse a table without a single record that could be kept."""
    if len(table.cells):
        return
    if table.rows_read == 0:
        raise Refused((header_only(table.name, layout.header, table.facts.sheet),))
    reasons = Counter(
        reject.reason for reject in table.rejects if reject.reason not in ("R_PREAMBLE", "R_FOOTER")
    )
    first = next((reject for reject in table.rejects if reject.detail and reject.reason != "R_BLANK"), None)
    said = f" The first: record {first.record} has {first.detail}." if first else ""
    raise Refused(
        (
            Problem(
                "F_NO_TABLE",
                f"'{table.name}': none of the {table.rows_read:,} records below the header could be kept "
                f"({', '.join(f'{count:,} {reason}' for reason, count in reasons.most_common())}).{said} "
                "Check that the file was exported with quotes around texts, and export it again.",
                table.name,
            ),
        )
    )


def header_only(shown: str, header: Sequence[str], sheet: str = "") -> Problem:
    """The file has names of columns and nothing below."""
    where = f"'{shown}'" + (f", sheet '{sheet}'," if sheet else "")
    names = ", ".join(name.strip() for name in header if name.strip())
    return Problem(
        "F_EMPTY",
        f"{where} has a header ({shorten(names, 120)}) and no records below it. "
        "Check the filter and the time span of the export.",
        shown,
    )


def no_table(shown: str, rows: Sequence[Sequence[str]], sheet: str = "") -> Problem:
    """No rows and columns were found."""
    where = f"'{shown}'" + (f", sheet '{sheet}'," if sheet else "")
    seen = [row for row in rows if filled(row)]
    begin = shorten(" ".join(cell.strip() for cell in seen[0] if cell.strip()), 80) if seen else ""
    widths = Counter(len(row) for row in seen).most_common(3)
    found = ", ".join(f"{count} with {width}" for width, count in widths)
    return Problem(
        "F_NO_TABLE",
        f"{where} holds no table: it needs a line of column names and records with the same number of cells. "
        f"Found: {len(seen)} lines of text (cells per line: {found or 'none'}), beginning '{begin}'. "
        "Export the list of tickets, calls or answers as CSV or XLSX.",
        shown,
    )


def too_large(shown: str, what: str, to_do: str) -> Refused:
    """A size beyond a limit."""
    return Refused((Problem("F_TOO_LARGE", f"'{shown}' {what}. {to_do}", shown),))
