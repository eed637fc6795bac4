"""Persons out of what was written in the data: quotes and stories, with the names of all tables."""

from __future__ import annotations

from collections.abc import Iterable
from weakref import WeakKeyDictionary

from kpi.export import Names, masked, names_in
from kpi.facts import Facts

_NAMES: WeakKeyDictionary[Facts, Names] = WeakKeyDictionary()


def names_of(facts: Facts) -> Names:
    """Everybody whose name the data hold; gathered once for a set of facts."""
    if facts not in _NAMES:
        _NAMES[facts] = names_in(table.source for table in facts.tables.values())
    return _NAMES[facts]


def quoted(facts: Facts, text: str, own: Iterable[str] = ()) -> str:
    """A text from the data without persons, addresses and numbers.

    ``own``: the names of who wrote it or is written to, whose parts count as well.
    """
    also = Names()
    for name in own:
        also.add(name, parts=True)
    return masked(text, names_of(facts), also=also)
