"""Rows that repeat a ticket once per entry of a list (tags, labels): folded back into one row."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpi.ingest.convert import Conversion
from kpi.ingest.fields import KEYS
from kpi.ingest.grain import ROWS_PER_KEY, repeats
from kpi.ingest.sources import GENERIC

SAMPLE_KEYS = 2000


def fold_lists(work: Conversion, kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Mask of rows absorbed by the first row of their key; none when rows differ in more than one column.

    The one column that differs becomes ``tags`` (a list) when nothing else feeds it, and a text.
    """
    key = KEYS.get(work.plan.table)
    absorbed = np.zeros(len(work.index), dtype=np.bool_)
    if work.plan.source != GENERIC or work.plan.table != "tickets" or key is None or key not in work.columns:
        return absorbed
    keys = work.columns[key].where(pd.Series(kept, index=work.index))
    if repeats(keys) < ROWS_PER_KEY:
        return absorbed
    varying = _varying(work, keys)
    if len(varying) != 1:
        return absorbed
    header = varying[0]
    column = next((column for column in work.plan.columns if column.header == header), None)
    if column is None or column.kind not in ("custom", "list", "text"):
        return absorbed
    absorbed[:] = np.asarray(keys.notna() & keys.duplicated(keep="first"))
    entries = work.raw.cells[header].str.strip()
    joined = (
        entries[entries.ne("") & keys.notna()].groupby(keys).agg(lambda cells: list(dict.fromkeys(cells)))
    )
    lists = keys.map(joined)
    as_tags = column.kind == "list" or "tags" not in work.columns
    if as_tags:
        work.columns["tags"] = lists.map(lambda cells: cells if isinstance(cells, list) else [])
    if column.kind != "list":
        name = f"custom:{header}" if column.kind == "custom" else column.field
        work.columns[name] = lists.map(", ".join, na_action="ignore").astype("str")
    detail = f"rows repeat the id once per '{header}': folded into one row each"
    work.ledger.note(
        "C_LIST_FOLDED", header, absorbed, work.raw.cells[header], "added to the first row", detail
    )
    return absorbed


def _varying(work: Conversion, keys: pd.Series) -> list[str]:
    """Headers that differ within the rows of a key (looked at in up to 2,000 repeated keys)."""
    repeated = keys[keys.notna() & keys.duplicated(keep=False)]
    chosen = repeated[repeated.isin(repeated.drop_duplicates().iloc[:SAMPLE_KEYS])]
    cells = work.raw.cells.loc[chosen.index]
    return [header for header in work.raw.headers if (cells[header].groupby(chosen).nunique() > 1).any()]
