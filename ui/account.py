"""What was understood of each file: the exact account, the mapping, the settings, findings and rejects."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kpi.ingest import Account, Import
from ui import downloads, tables
from ui.escape import escape, plain, sentence

CONFIDENCE = ((0.9, "recognised"), (0.6, "probably"), (0.0, "read by its headers and contents"))


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
    word = next(word for least, word in CONFIDENCE if account.confidence >= least)
    counts = ", ".join(f"{escape(reason)} {count:,}" for reason, count in account.rejected.items())
    rejected = f"{len(account.rejects):,} rejected ({counts})" if counts else "none rejected"
    return (
        f"**{account.rows_read:,} records read = {account.rows_kept:,} kept + {len(account.rejects):,} not kept** "
        f"({rejected}). Source: {escape(account.source)}, {word} ({account.confidence:.0%})."
    )


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
            downloads.rows("Download all rejects", rows, f"rejects-{key}", key=f"rejects-{key}")


def _finding(finding: object) -> dict[str, object]:
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
