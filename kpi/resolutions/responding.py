"""Who answered first: where a column names them, they are held against each other in the place of the agents.

A contact that was handed on is assigned to the last one; whether it went well may be the doing of the first.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kpi import engine
from kpi.facts import FactTable
from kpi.facts.dimensions import CUSTOM, categories
from kpi.model import Filter, Grain

if TYPE_CHECKING:
    from kpi.resolutions.preparing import Kept

RESPONDER = "first responder"
"""The dimension made of the column."""
_NAMED = re.compile(
    r"(first|initial) (responder|respondent|replier)"
    r"|(first|initial) (response|reply|answer)( sent| given| made)? (by|from|agent|author)"
    r"|first (responded|replied|answered) by"
    r"|erst(e[rn]? )?(antwort|reaktion)( gegeben)? (von|durch)|erstantwortende?r?",
    re.IGNORECASE,
)


def names_responders(header: str) -> bool:
    """Whether a header says that its column names who answered first; who was assigned first is another.

    >>> [names_responders(each) for each in ("First_Responder", "First reply by", "First assignee")]
    [True, True, False]
    """
    return bool(_NAMED.fullmatch(re.sub(r"[\s_\-]+", " ", header).strip()))


def column_of(table: FactTable) -> str:
    """The column of a table of tickets that names who answered first; "" where none does."""
    if table.grain is not Grain.TICKETS:
        return ""
    columns = (str(name) for name in table.source.columns if str(name).startswith(CUSTOM))
    found = (name for name in columns if names_responders(name.removeprefix(CUSTOM)))
    return next((name for name in found if table.source[name].nunique() > 1), "")


def responders(table: FactTable) -> pd.Categorical | None:
    """Who answered each contact first; None where no column names them."""
    column = column_of(table)
    return categories(table.source[column]) if column else None


def responder_header(kept: Kept) -> str:
    """The header of the column that names who answered first; "" where the assigned agent stands in."""
    return column_of(kept.table).removeprefix(CUSTOM)


def by_responder(kept: Kept, where: tuple[Filter, ...]) -> Kept:
    """The same, whoever answered first taken for the agent; contacts that filters leave out are not judged.

    Filters are applied before, as one of them may name the assigned agent.
    """
    table = kept.table
    inside = np.zeros(len(table), np.bool_)
    inside[engine.select(table, kept.basis, None, where=where).rows] = True
    columns = {**table.columns, **{name: np.where(inside, table.columns[name], 0).astype(np.uint8)
                                   for name in ("good", "quick_rated")}}  # fmt: skip
    dimensions = {**table.dimensions, "agent": table.dimensions[RESPONDER]}
    made = replace(table, columns=columns, dimensions=dimensions)
    return replace(kept, facts=replace(kept.facts, tables={**kept.facts.tables, kept.grain: made}))
