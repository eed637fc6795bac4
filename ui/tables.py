"""Tables: cells are shown as plain text, and every table says what it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import pandas as pd
import streamlit as st

TALLEST = 460
MEASURED, WIDEST, LOOKED_AT = 8, 360, 200
"""Rows from which a browser takes the width of a column; pixels of the widest one that is set here; rows that
are looked at for it."""
TEXTS = ("comment", "subject", "description")
"""Columns in which people write."""
FEW = 12
"""So many rows fit into the tallest table: one with fewer is as high as its rows."""


def plain_rows(records: Sequence[Mapping[str, object]], alt: str) -> None:
    """A small table of records."""
    if not records:
        return
    st.dataframe(
        pd.DataFrame(list(records)).astype(str).replace({"None": "", "nan": ""}), hide_index=True, alt=alt
    )


def frame(table: pd.DataFrame, zone: str, alt: str, labels: Mapping[str, str]) -> None:
    """Rows of the data: columns without a single value are left out, times are shown in the team's zone.

    ``labels`` renames columns on the page only.
    """
    filled = [str(name) for name in table.columns if bool(table[name].notna().any())]
    config: dict[str, Any] = {
        name: st.column_config.Column(labels[name]) for name in filled if name in labels
    }
    for name in filled:
        if isinstance(table[name].dtype, pd.DatetimeTZDtype):
            config[name] = st.column_config.DatetimeColumn(
                f"{name} ({zone})", format="YYYY-MM-DD HH:mm", timezone=zone
            )
        elif broken(table[name]):
            config[name] = st.column_config.NumberColumn(labels.get(name, name), format="%.2f")
        elif name in TEXTS and (longest := _long_below(name, table[name])) is not None:
            config[name] = st.column_config.Column(labels.get(name, name), width=longest)
    st.dataframe(
        table[filled],
        hide_index=True,
        height=TALLEST if len(table) > FEW else "content",
        alt=alt,
        column_config=config,
        placeholder="",
    )


def broken(values: pd.Series) -> bool:
    """Whether numbers have decimals, so that all of them are to show as many.

    >>> broken(pd.Series([0.5, 2.0])), broken(pd.Series([1.0, None])), broken(pd.Series(["0.5"]))
    (True, False, False)
    """
    return pd.api.types.is_float_dtype(values.dtype) and bool((values.dropna() % 1 != 0).any())


def choosable(
    records: Sequence[Mapping[str, object]], key: str, alt: str, height: int | Literal["content"] = "content"
) -> tuple[int, str] | None:
    """A table in which a click on a cell chooses it: (row, column), None when nothing was clicked."""
    table = pd.DataFrame(list(records))
    mixed = [name for name in table.columns if table[name].dtype == object]
    table[mixed] = table[mixed].astype(str).replace({"None": "", "nan": ""})
    event = st.dataframe(
        table,
        hide_index=True,
        height=height,
        key=key,
        on_select="rerun",
        selection_mode="single-cell",
        alt=alt,
        column_config=_fitting(table),
    )
    cells = event.selection.cells
    return (int(cells[0][0]), str(cells[0][1])) if cells else None


def _fitting(table: pd.DataFrame) -> dict[str, Any]:
    """Decimals alike, and room for cells further down, which the browser does not measure."""
    config: dict[str, Any] = {}
    for name in map(str, table.columns):
        values = table[name]
        if broken(values):
            config[name] = st.column_config.NumberColumn(format="%.2f")
            continue
        if (longest := _long_below(name, values)) is not None:
            config[name] = st.column_config.Column(width=longest)
    return config


def _long_below(name: str, values: pd.Series) -> int | None:
    """Pixels for cells that are longer than those a browser measures; None where there are none."""
    lengths = values.iloc[:LOOKED_AT].dropna().astype(str).str.len()
    measured = max(len(name), int(lengths.iloc[:MEASURED].max()) if len(lengths) else 0)
    longest = int(lengths.max()) if len(lengths) else 0
    return min(8 * longest + 20, WIDEST) if longest > measured else None


def newly(key: str, chosen: tuple[int, str] | None) -> bool:
    """Whether a cell was chosen just now: a choice stays in a table, and must not undo what came after it."""
    before = st.session_state.get(f"seen-{key}")
    st.session_state[f"seen-{key}"] = chosen
    return chosen is not None and chosen != before
