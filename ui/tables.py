"""Tables: cells are shown as plain text, and every table says what it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

TALLEST = 460


def plain_rows(records: Sequence[Mapping[str, object]], alt: str) -> None:
    """A small table of records."""
    if not records:
        return
    st.dataframe(
        pd.DataFrame(list(records)).astype(str).replace({"None": "", "nan": ""}), hide_index=True, alt=alt
    )


def frame(table: pd.DataFrame, alt: str) -> None:
    """A table of the data; long ones are loaded as one scrolls."""
    st.dataframe(table, hide_index=True, height=TALLEST, alt=alt)


def choosable(
    records: Sequence[Mapping[str, object]], key: str, alt: str, wide: str | None = None
) -> tuple[int, str] | None:
    """A table in which a click on a cell chooses it: (row, column), None when nothing was clicked."""
    table = pd.DataFrame(list(records))
    config = {wide: st.column_config.TextColumn(width="medium")} if wide else None
    event = st.dataframe(
        table,
        hide_index=True,
        key=key,
        on_select="rerun",
        selection_mode="single-cell",
        column_config=config,
        alt=alt,
    )
    cells = event.selection.cells
    return (int(cells[0][0]), str(cells[0][1])) if cells else None
