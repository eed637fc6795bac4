"""The judged contacts of a value that have no counterpart, which what the good ones share leaves out."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpi import engine
from kpi.model import Filter, Period
from kpi.people.scoring import Rows, rows_of, without_colleagues
from kpi.resolutions.matching import LEAST
from kpi.resolutions.preparing import KIND, Kept, kinds_of, outcome
from kpi.resolutions.responding import RESPONDER, by_responder
from kpi.resolutions.sharing import AGENT

Bools = NDArray[np.bool_]


def without_counterpart(
    kept: Kept, now: Period | None, field: str, value: str, *, where: tuple[Filter, ...] = ()
) -> pd.DataFrame:
    """The canonical rows of a value's judged contacts that no other contacts are like, the newest first.

    Raises:
        ValueError: for a field that contacts do not have.
    """
    if field not in kept.table.dimensions:
        raise ValueError(f"contacts have no column '{field}'")
    if not kept.dated:
        now = None
    if field == RESPONDER:
        field, kept, where = AGENT, by_responder(kept, where), ()
    selection = engine.select(kept.table, kept.basis, now, where=where)
    judged = kept.table.columns["quick_rated"][selection.rows] != 0
    if field == AGENT:
        judged &= selection.agent >= 0
    rows = selection.rows[judged]
    dimension = kept.table.dimensions[field]
    names = [str(name) for name in dimension.categories]
    group = dimension.codes[rows] == (names.index(value) if value in names else -2)
    if field == AGENT:
        alone = group & _of_agents(kept, now, where, rows.size)
    else:
        rest = [each for each in KIND if each != field]
        own = kept.kinds if field not in KIND else kinds_of(kept.table, rest)[0]
        alone = _unlike_others(group, [kind[rows] for kind in own])
    days = selection.day[judged][alone]
    found = rows[alone][np.argsort(days, kind="stable")[::-1]]
    return kept.table.source.iloc[found].reset_index(drop=True)


def _unlike_others(group: Bools, kinds: list[NDArray[np.int64]]) -> Bools:
    """Contacts of the group in whose kinds too few others are, by the rule of the room's ``matched``."""
    left = group.copy()
    for kind in kinds[:-1] or kinds:
        there = np.bincount(kind[~group], minlength=int(kind.max(initial=0)) + 1)
        left &= ~(there >= LEAST)[kind]
    return left


def _of_agents(kept: Kept, now: Period | None, where: tuple[Filter, ...], size: int) -> Bools:
    """By judged contact with an agent, whether it is left out where agents are held against each other."""
    found: Rows | str = "agents are compared within a period only"
    if now is not None:
        found = rows_of(kept.facts, outcome(kept, "good"), now, where)
    if isinstance(found, str):
        return np.zeros(size, np.bool_)
    return without_colleagues(found, found.kinds or (np.zeros(found.agent.size, np.int64),))
