"""Which dimensions are looked at, and the issue of each contact on its answers and calls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from kpi import fields
from kpi.facts import NONE, Facts, FactTable
from kpi.facts.columns import places
from kpi.facts.dimensions import CUSTOM, taken_from
from kpi.issues import ISSUE, NO_TEXT, OTHER, Sorted
from kpi.issues.sorting import of_persons
from kpi.model import Grain

OTHERS = ("channel", "product", "team", "priority", "queue", "segment", "region")
"""Dimensions beside the issue; never persons."""
MOST_OWN = 3
"""So many columns of the reader's own are looked at where none of the others part the rows."""
INSTEAD = "category"
"""Of rows that belong to no contact, the column that says most of what they are about."""
MOST_VALUES = 60
"""A dimension other than the issue with more values is a list of things, and none is looked at."""
MIX = (ISSUE, "channel")
"""What cases are made alike by: an issue is not blamed for the channel it comes through, nor a channel, a
product or a team for its issues."""
PEOPLE = "team"
"""A dimension whose values are groups of people: what they differ by may be who is in them."""
UNNAMED = frozenset({NONE, OTHER, NO_TEXT})
"""Values that name nothing: their rows count in the whole only."""
FEWEST_MEMBERS = 3
"""A team of fewer agents than this is left out: its number would be one of a person."""

_PLACED: WeakKeyDictionary[Sorted, Facts] = WeakKeyDictionary()


def placed(kept: Sorted) -> Facts:
    """Facts whose answers and calls have the issue of the contact they belong to; worked out once."""
    if kept not in _PLACED:
        _PLACED[kept] = _placed(kept)
    return _PLACED[kept]


def _placed(kept: Sorted) -> Facts:
    if kept.refused is not None or ISSUE not in kept.table.dimensions:
        return kept.facts
    key = "ticket_id" if kept.grain is Grain.TICKETS else "call_id"
    tables = dict(kept.facts.tables)
    for grain, table in kept.facts.tables.items():
        if grain is kept.grain or grain not in (Grain.SURVEYS, Grain.CALLS, Grain.TICKETS):
            continue
        if key not in table.source.columns or key not in kept.table.source.columns:
            continue
        found = taken_from(kept.table.dimensions[ISSUE], places(table.source[key], kept.table.source[key]))
        if bool((np.asarray(found.categories, dtype=object)[found.codes] != NONE).any()):
            tables[grain] = replace(table, dimensions={**table.dimensions, ISSUE: found})
    return replace(kept.facts, tables=tables)


@dataclass(frozen=True)
class Dimension:
    """A dimension that is looked at.

    ``same``: others that part the rows alike, and their names of values; ``mix``: the fields by which its
    values are compared with the cases made alike.
    """

    name: str
    same: tuple[tuple[str, Mapping[str, str]], ...] = ()
    mix: tuple[str, ...] = ()

    @property
    def by(self) -> tuple[str, ...]:
        """The fields whose values the rows are grouped by."""
        return self.name, *self.mix

    @property
    def names(self) -> tuple[str, ...]:
        """All names it has."""
        return self.name, *(name for name, _ in self.same)

    def also(self, value: str) -> tuple[tuple[str, str], ...]:
        """What a value is called in the others."""
        return tuple((name, names[value]) for name, names in self.same if value in names)


def dimensions(kept: Sorted, table: FactTable) -> tuple[Dimension, ...]:
    """Dimensions of a table that are looked at, the issue first; those that part the rows alike once."""
    issue = ISSUE if ISSUE in table.dimensions else INSTEAD
    found = _parting(kept, table, issue, (issue, *OTHERS))
    if not found:
        own = [name for name in table.dimensions if name.startswith(CUSTOM) and not of_persons(name)]
        found = _parting(kept, table, issue, own)[:MOST_OWN]
    mix = [name for name in MIX if name in table.dimensions and _named(table, name) > 1]
    return tuple(replace(each, mix=tuple(name for name in mix if name not in each.names)) for each in found)


def _named(table: FactTable, name: str) -> int:
    """How many values of a column name something."""
    return sum(str(each) not in UNNAMED for each in table.dimensions[name].categories)


def _parting(kept: Sorted, table: FactTable, issue: str, names: Iterable[str]) -> list[Dimension]:
    """Those of the names that part the rows."""
    found: list[Dimension] = []
    for name in names:
        column = table.dimensions.get(name)
        if column is None or name == kept.source.field or fields.resolve(table, name) is None:
            continue
        named = _named(table, name)
        if named < 2 or (name != issue and named > MOST_VALUES):
            continue
        for place, first in enumerate(found):
            if (same := _same(table.dimensions[first.name], column)) is not None:
                found[place] = replace(first, same=(*first.same, (name, same)))
                break
        else:
            found.append(Dimension(name))
    return found


def _same(one: pd.Categorical, other: pd.Categorical) -> Mapping[str, str] | None:
    """The name in ``other`` of each value of ``one`` when both part the rows alike; else None."""
    width = len(other.categories)
    if len(one.categories) != width:
        return None
    pairs = np.flatnonzero(np.bincount(one.codes.astype(np.int64) * width + other.codes, minlength=1))
    left, right = pairs // width, pairs % width
    if np.unique(left).size < left.size or np.unique(right).size < right.size:
        return None
    names = zip(left.tolist(), right.tolist(), strict=True)
    return MappingProxyType({str(one.categories[a]): str(other.categories[b]) for a, b in names})


def small_teams(table: FactTable) -> frozenset[str]:
    """Teams with too few agents to be told of."""
    team, agent = table.dimensions.get("team"), table.dimensions.get("agent")
    if team is None or agent is None:
        return frozenset()
    nobody = {str(name): code for code, name in enumerate(agent.categories)}.get(NONE, -1)
    pairs = np.unique(np.column_stack([team.codes, agent.codes])[agent.codes != nobody], axis=0)
    count = np.bincount(pairs[:, 0], minlength=len(team.categories))
    return frozenset(str(name) for name, n in zip(team.categories, count, strict=True) if n < FEWEST_MEMBERS)
