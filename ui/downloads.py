"""Downloads: built when clicked, masked unless the reader switches it off, safe against formulas."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

import pandas as pd
import streamlit as st

from kpi import export

UNMASKED = "With names and texts"


def table(
    label: str,
    build: Callable[[], pd.DataFrame],
    name: str,
    key: str,
    personal: Mapping[str, str] = export.PERSONAL_COLUMNS,
) -> None:
    """A masked CSV of a table; a switch of its own, off in every new visit, gives the unmasked one."""
    with st.container(horizontal=True, vertical_alignment="center", key=f"download-{key}"):
        unmasked = st.toggle(
            UNMASKED,
            key=f"unmasked-{key}",
            help="Off: names, e-mail addresses, numbers and free texts are replaced.",
        )
        st.download_button(
            label if not unmasked else f"{label}, not masked",
            data=lambda: export.write_csv(build() if unmasked else export.mask(build(), personal)),
            file_name=f"{file_stem(name)}{'' if unmasked else '-masked'}.csv",
            mime="text/csv",
            key=f"save-{key}",
            on_click="ignore",
            icon=":material/download:",
        )


def rows(
    label: str,
    records: Sequence[Mapping[str, object]],
    name: str,
    key: str,
    personal: Mapping[str, str] | None = None,
) -> None:
    """A CSV of what is already on the page; with a switch where columns may hold persons or their words."""
    if personal is not None:
        table(label, lambda: pd.DataFrame(list(records)), name, key, personal)
        return
    st.download_button(
        label,
        data=lambda: export.write_csv(pd.DataFrame(list(records))),
        file_name=f"{file_stem(name)}.csv",
        mime="text/csv",
        key=f"save-{key}",
        on_click="ignore",
        icon=":material/download:",
    )


def file_stem(name: str) -> str:
    """A file name without anything that a file system minds.

    >>> file_stem("../Tickets: Q3 2026")
    'tickets-q3-2026'
    """
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60] or "table"
