"""Persons out of what was written in the data: quotes and stories, with the names of all tables."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from weakref import ref

import pandas as pd

from kpi.export import Names, masked, names_in
from kpi.facts import Facts

_FEW = 4
_NAMES: deque[tuple[tuple[ref[pd.DataFrame], ...], Names]] = deque(maxlen=_FEW)
"""The tables that names were gathered from, and the names."""


def names_of(facts: Facts) -> Names:
    """Everybody whose name the data hold; gathered once for a set of tables.

    Facts that were made of others (contacts with their issues, with flags of what went well) have the same
    tables behind them, and gathering takes seconds where there are hundreds of thousands of customers.
    """
    frames = [table.source for table in facts.tables.values()]
    for held, names in tuple(_NAMES):
        if len(held) == len(frames) and all(one() is frame for one, frame in zip(held, frames, strict=True)):
            return names
    names = names_in(frames)
    _NAMES.append((tuple(map(ref, frames)), names))
    return names


def quoted(facts: Facts, text: str, own: Iterable[str] = ()) -> str:
    """A text from the data without persons, addresses and numbers.

    ``own``: the names of who wrote it or is written to, whose parts count as well.
    """
    also = Names()
    for name in own:
        also.add(name, parts=True)
    return masked(text, names_of(facts), also=also)
