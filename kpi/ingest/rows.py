"""Which rows are data: totals, rows without key or date, trials and duplicates are rejected by record."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpi.ingest.cells import mangled_keys
from kpi.ingest.convert import Conversion
from kpi.ingest.fields import KEYS, STARTS
from kpi.ingest.reading import RawTable, Reject
from kpi.ingest.wording import is_one_of, map_cells
from kpi.ingest.words import TEST_ROWS, TOTALS, folded

Rows = NDArray[np.bool_]


def without_header_rows(raw: RawTable, number: int) -> RawTable:
    """The table without the further header rows that its format has (question texts, column ids)."""
    more = raw.records <= number
    if not more.any():
        return raw
    texts = raw.cells[more].agg("\t".join, axis=1)
    rejects = tuple(
        Reject("R_SUBHEADER", int(record), None, text, "a further header row of this format")
        for record, text in zip(raw.records[more], texts, strict=True)
    )
    kept = raw.cells[~more].reset_index(drop=True)
    typed = {header: values[~more].reset_index(drop=True) for header, values in raw.typed.items()}
    records = raw.records[~more]
    return replace(raw, cells=kept, records=records, rejects=(*raw.rejects, *rejects), typed=typed)


def reject_rows(work: Conversion) -> Rows:
    """Mask of the rows that are data with a key and a date. Repeated keys are still in."""
    kept = np.ones(len(work.index), dtype=bool)
    for test in (_totals, _previews, _missing_key, _missing_start):
        kept &= ~test(work, kept)
    return kept


def _totals(work: Conversion, kept: Rows) -> Rows:
    """A line of totals: a totals word in the first or the key column, and no date if there are dates."""
    plan, cells = work.plan, work.raw.cells
    key, start = KEYS.get(plan.table), STARTS.get(plan.table)
    headers = {work.raw.headers[0], plan.header_of(key) if key else None} - {None}
    worded: Rows = work.none()
    for header in headers:
        worded |= np.asarray(is_one_of(cells[header].str.rstrip(": "), TOTALS))
    if not worded.any():
        return worded
    if start and start in work.times.readings:
        worded &= np.asarray(work.columns[start].isna())
    else:
        mostly_empty = (cells[worded].map(str.strip) == "").mean(axis=1) >= 0.5
        worded[np.flatnonzero(worded)[~np.asarray(mostly_empty)]] = False
    work.ledger.reject("R_TOTALS", worded, None, cells[work.raw.headers[0]], "a line of totals")
    return worded


def _previews(work: Conversion, kept: Rows) -> Rows:
    """Trials of a survey are no answers."""
    column = work.plan.of("surveys", "status")
    if column is None or work.plan.table != "surveys":
        return work.none()
    text = work.raw.cells[column.header]
    words = {
        folded(word) for word, value in work.plan.words.get("survey_status", {}).items() if value == "test"
    }
    trial: Rows = kept & np.asarray(
        map_cells(text, lambda cell: folded(cell) in (words | TEST_ROWS)), dtype=bool
    )
    work.ledger.reject("R_TEST_PREVIEW", trial, column.header, text, "a trial, not an answer")
    return trial


def _missing_key(work: Conversion, kept: Rows) -> Rows:
    """Rows without an id, when others have one."""
    key = KEYS.get(work.plan.table)
    header, text = work.text_of(key) if key else (None, None)
    if key is None or text is None or key not in work.columns:
        return work.none()
    missing: Rows = kept & np.asarray(work.columns[key].isna())
    if missing.all() or not missing.any():
        return work.none()
    mangled = missing & np.asarray(mangled_keys(text))
    work.ledger.reject("C_EXCEL_MANGLED", mangled, header, text, "digits of the id are lost")
    work.ledger.reject("R_MISSING_KEY", missing & ~mangled, header, text, "no id")
    return missing


def _missing_start(work: Conversion, kept: Rows) -> Rows:
    """Rows without a usable date have no place in any period. A survey only offered needs none."""
    start = STARTS.get(work.plan.table)
    if start is None or start not in work.times.readings:
        return work.none()
    header, text = work.text_of(start)
    missing: Rows = kept & np.asarray(work.columns[start].isna())
    if work.plan.table == "surveys":
        answered = work.none()
        for name in ("csat_norm", "nps_raw", "ces_raw"):
            if name in work.columns:
                answered |= np.asarray(work.columns[name].notna())
        missing &= (
            answered
            if "sent_at" not in work.columns
            else answered & np.asarray(work.columns["sent_at"].isna())
        )
    work.ledger.reject("R_MISSING_CREATED", missing, header, text, "no usable date")
    return missing


def reject_duplicates(work: Conversion, kept: Rows) -> Rows:
    """Mask of repeated keys, rejected: the first row stays. Equal rows are R_DUP_EXACT, others R_DUP_KEY."""
    key = KEYS.get(work.plan.table)
    if key is None or key not in work.columns:
        return work.none()
    header, text = work.text_of(key)
    keys = work.columns[key].where(pd.Series(kept, index=work.index))
    repeated = np.asarray(keys.notna() & keys.duplicated(keep=False))
    again = np.asarray(keys.notna() & keys.duplicated(keep="first"))
    if not again.any():
        return again
    exact = work.none()
    exact[np.flatnonzero(repeated)] = np.asarray(work.raw.cells[repeated].duplicated(keep="first"))
    exact &= again
    work.ledger.reject("R_DUP_EXACT", exact, header, text, "the same row again")
    work.ledger.reject(
        "R_DUP_KEY", again & ~exact, header, text, "the id again with other values; the first is kept"
    )
    return again
