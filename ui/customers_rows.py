"""Tables of customers in which a click on a number shows its rows, masked unless names are wanted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from kpi import export
from kpi.words.customer_sentences import counted
from ui import customers_store, downloads, tables
from ui.escape import plain, sentence
from ui.view import View

MOST_ROWS = 500
SHORT = 12
"""A table with more rows than this has a fixed height."""
NAMES = "Show names"
Record = Mapping[str, object]


@dataclass(frozen=True)
class Behind:
    """What a number counts: the noun of one row, words for which rows, and how they are made."""

    one: str
    words: str
    make: Callable[[], pd.DataFrame]


Columns = Mapping[str, Behind]
"""Column of a table → the rows that its number counts; "" for every other column."""


def named() -> bool:
    """Whether the reader wants names on the page; off in every new visit."""
    return bool(
        st.toggle(
            NAMES,
            key="customer-names",
            help="Off: customers are pseudonyms of this data set, in tables and in rows.",
        )
    )


def shows_names() -> bool:
    """The same, where it stands above the switch on the page."""
    return bool(st.session_state.get("customer-names", False))


def table(
    view: View, records: Sequence[Record], behind: Sequence[Columns], key: str, alt: str, *, names: bool
) -> None:
    """The table, and below it the rows of the number that was clicked."""
    if not records:
        return
    clicked = choosable(records, key, alt)
    downloads.rows("Download this table", records, key, f"table-{key}")
    if clicked is None or clicked[0] >= len(behind):
        return
    found = behind[clicked[0]].get(clicked[1], behind[clicked[0]].get(""))
    if found is not None:
        show(view, found, key, names=names)


def choosable(records: Sequence[Record], key: str, alt: str) -> tuple[int, str] | None:
    """A long table in which a click on a cell chooses it; numbers that are not there stay empty."""
    event = st.dataframe(
        pd.DataFrame(list(records)).convert_dtypes(),
        hide_index=True,
        height=tables.TALLEST if len(records) > SHORT else "content",
        key=key,
        on_select="rerun",
        selection_mode="single-cell",
        placeholder="",
        alt=alt,
    )
    cells = event.selection.cells
    return (int(cells[0][0]), str(cells[0][1])) if cells else None


def show(view: View, behind: Behind, key: str, *, names: bool) -> None:
    """The rows with their number, and their download."""
    with st.container(border=True, key=f"behind-{key}"):
        try:
            rows = behind.make()
        except ValueError as error:
            st.info(sentence(error), icon=":material/info:")
            return
        st.subheader(sentence(f"{counted(len(rows), behind.one)}: {behind.words}"), anchor=False)
        if rows.empty:
            st.caption("None of them.")
            return
        if len(rows) > MOST_ROWS:
            st.caption(f"The first {MOST_ROWS:,} are shown; the download has all.")
        shown = rows.head(MOST_ROWS)
        masked = shown if names else export.mask(shown, PERSONAL, key=customers_store.key(view))
        tables.frame(masked, view.definitions.timezone, plain(behind.words, 300), {})
        downloads.table("Download these rows", lambda: rows, f"customers {behind.words}", key, PERSONAL)


PERSONAL = {**export.PERSONAL_COLUMNS, "first comment": export.PERSONAL_COLUMNS["comment"]}
"""What is personal in rows of customers."""
