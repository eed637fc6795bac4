"""The contacts behind a number of the bottlenecks page, below the table or the list that shows the number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from kpi import bottlenecks
from kpi.bottlenecks import Behind
from kpi.words import bottleneck_sentences as words
from ui import bottlenecks_store, choices, contacts, downloads, tables
from ui.view import View

NOTHING = "None"
Name = Callable[[int, str], str | None]


@dataclass(frozen=True)
class Opened:
    """What a name on offer opens: the contacts, the part whose hours stand in front, the day of their age."""

    behind: Behind
    part: str = ""
    open_on: int | None = None


def table(
    view: View,
    section: str,
    records: Sequence[Mapping[str, object]],
    alt: str,
    offered: Mapping[str, Opened],
    name_of: Name,
    label: str,
) -> None:
    """A table in which a click on a number opens its contacts; its download; the contacts.

    ``name_of`` gives the name on offer for a row and a column, None where the cell counts no contacts.
    """
    clickable(section, f"table-{section}", records, alt, offered, name_of)
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"of-{section}"):
        name = _chosen(section, offered)
        downloads.rows(label, records, label.removeprefix("Download "), f"table-{section}")
    if name != NOTHING:
        shown(view, section, name, offered[name])


def button(section: str, name: str, opened: Opened) -> None:
    """The contacts of a number in a sentence, in one click; they stand where those of its section do."""
    st.button(
        f"Show the {words.contacts(opened.behind)}",
        key=f"show-{section}",
        on_click=bottlenecks_store.open_rows,
        args=(section, name),
        icon=":material/table_rows:",
        type="tertiary",
    )


def clickable(
    section: str,
    key: str,
    records: Sequence[Mapping[str, object]],
    alt: str,
    offered: Mapping[str, Opened],
    name_of: Name,
) -> None:
    """A table in which a click on a number chooses what its section shows below."""
    clicked = tables.choosable(records, key, alt)
    if tables.newly(key, clicked) and clicked is not None and clicked[0] < len(records):
        name = name_of(*clicked)
        if name in offered:
            bottlenecks_store.open_rows(section, str(name))


def below(view: View, section: str, offered: Mapping[str, Opened]) -> None:
    """The contacts of the number that was clicked or chosen."""
    if not offered:
        return
    name = _chosen(section, offered)
    if name != NOTHING:
        shown(view, section, name, offered[name])


def _chosen(section: str, offered: Mapping[str, Opened]) -> str:
    return choices.choose(
        "Contacts behind a number",
        [NOTHING, *offered],
        f"behind_{section}",
        width=460,
    )


def shown(view: View, section: str, name: str, opened: Opened) -> None:
    """The contacts themselves, with their download."""
    rows = bottlenecks.rows(view.facts, opened.behind, part=opened.part, open_on=opened.open_on)
    said = f"{words.contacts(opened.behind)}: {name}"
    key = f"rows-{section}"
    contacts.below(view, rows, said, name, box=key, key=key, order="first")
