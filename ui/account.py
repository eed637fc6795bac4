"""What was understood of each file: the exact account, the mapping, the settings, findings and rejects."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kpi.ingest import Account, Finding, Import
from kpi.ingest.sources import load_sources
from ui import downloads, tables
from ui.escape import escape, plain, sentence

SURE = 0.9
REASONS = {
    "R_DUP_EXACT": "exact repeats",
    "R_DUP_KEY": "the same id again",
    "R_SUPERSEDED": "older versions of a row",
    "R_COLCOUNT": "wrong number of cells",
    "R_BLANK": "empty rows",
    "R_FOOTER": "lines below the data",
    "R_PREAMBLE": "lines above the header",
    "R_TOTALS": "rows of totals",
    "R_SUBHEADER": "repeated headers",
    "R_TRUNCATED": "cut off",
    "R_MISSING_KEY": "without an id",
    "R_MISSING_CREATED": "without a date",
    "R_UNPARSEABLE": "cannot be read",
    "R_TEST_PREVIEW": "test rows",
    "R_JSON": "broken JSON",
}
"""Reason codes in words; the code stands beside them in the list and in the download."""


REJECTED_TEXT = {"Found": "text", "Detail": "text"}
"""What a rejected record held may be a person's words: hidden in a download unless switched on."""


def show(imported: Import, key: str) -> None:
    """Every file: one line of account, details one click away."""
    for number, account in enumerate(imported.files):
        with st.container(border=True, key=f"account-{number}"):
            st.subheader(escape(account.name), anchor=False)
            st.markdown(_line(account))
            for said in account.assumed:
                st.caption(f"Assumed: {sentence(said)}")
            _details(account, f"{key}-{number}")


def totals(accounts: Sequence[Account]) -> str:
    """The account of all files in one sentence."""
    read = sum(account.rows_read for account in accounts)
    kept = sum(account.rows_kept for account in accounts)
    rejected = sum(len(account.rejects) for account in accounts)
    return f"{read:,} records read: {kept:,} kept, {rejected:,} rejected."


def _line(account: Account) -> str:
    known = {source.key: source.name for source in load_sources()}
    counts = ", ".join(f"{count:,} {REASONS.get(code, code)}" for code, count in account.rejected.items())
    total = (
        f"{account.rows_read:,} records read = {account.rows_kept:,} kept + {len(account.rejects):,} rejected"
    )
    if account.source in known:
        sure = "recognised" if account.confidence >= SURE else "most likely"
        read = f"{sentence(known[account.source])}, {sure} ({account.confidence * 100:.0f} %)"
    else:
        read = f"Understood by its headers and contents ({account.confidence * 100:.0f} % sure)"
    return f"**{total}**{f' ({escape(counts)})' if counts else ''}. {read}."


def _details(account: Account, key: str) -> None:
    with st.expander(f"How its {len(account.mapping)} columns were understood"):
        tables.plain_rows(
            [
                {"Column in the file": header, "Understood as": target}
                for header, target in account.mapping.items()
            ],
            alt=f"Mapping of the columns of {plain(account.name)}",
        )
        tables.plain_rows(
            [{"Setting": name.replace("_", " "), "Value": value} for name, value in account.settings.items()],
            alt=f"Settings used for {plain(account.name)}",
        )
    if account.findings:
        with st.expander(f"{len(account.findings)} things noticed or repaired"):
            tables.plain_rows(
                [_finding(f) for f in account.findings], alt=f"Findings in {plain(account.name)}"
            )
    if account.rejects:
        with st.expander(f"{len(account.rejects):,} rejects"):
            rows = [
                {
                    "Record": r.record,
                    "Reason": r.reason,
                    "Column": r.column or "",
                    "Found": r.raw,
                    "Detail": r.detail,
                }
                for r in account.rejects
            ]
            tables.plain_rows(rows[:200], alt=f"First rejects of {plain(account.name)}")
            downloads.rows("Download all rejects", rows, f"rejects-{key}", f"rejects-{key}", REJECTED_TEXT)


def _finding(finding: Finding) -> dict[str, object]:
    record, raw, action = finding.examples[0] if finding.examples else (None, "", "")
    return {
        "What": finding.code,
        "Column": finding.column or "",
        "Cells": finding.count,
        "Example": plain(raw, 60),
        "Record": record,
        "Done": action,
        "Detail": finding.detail,
    }
