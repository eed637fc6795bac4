"""Tables: cells are shown as plain text, and every table says what it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

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
    st.dataframe(
        table[filled], hide_index=True, height=TALLEST, alt=alt, column_config=config, placeholder=""
    )


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
    )
    cells = event.selection.cells
    return (int(cells[0][0]), str(cells[0][1])) if cells else None


def newly(key: str, chosen: tuple[int, str] | None) -> bool:
    """Whether a cell was chosen just now: a choice stays in a table, and must not undo what came after it."""
    before = st.session_state.get(f"seen-{key}")
    st.session_state[f"seen-{key}"] = chosen
    return chosen is not None and chosen != before
