"""The contacts behind a number: as many as it says, with what it counts in front."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kpi.bottlenecks.durations import PART_COLUMN, timed
from kpi.bottlenecks.nouns import Behind
from kpi.calendars import MISSING_DAY
from kpi.facts import Facts
from kpi.model import Grain

HOURS_IN = "hours in this part"
AGE = "days open"


def rows(facts: Facts, behind: Behind, *, part: str = "", open_on: int | None = None) -> pd.DataFrame:
    """The canonical rows of a number; those with a part the longest first, open ones the oldest first.

    Args:
        part: name of a part of the time, whose hours then stand in front.
        open_on: the day (since 1970) on which they were open; their age then stands in front.
    """
    table = facts.table(behind.grain)
    if table is None:
        return pd.DataFrame()
    place = behind.rows
    if part in PART_COLUMN:
        made = timed(facts).facts.tables[behind.grain]
        hours = made.columns[PART_COLUMN[part]][place] / 3600.0
        order = np.argsort(-hours, kind="stable")
        found = table.source.iloc[place[order]].reset_index(drop=True)
        found.insert(0, HOURS_IN, np.round(hours[order], 2 if behind.grain is Grain.TICKETS else 4))
        return found
    if open_on is not None:
        age = open_on - table.columns["created_day"][place].astype(np.int64)
        order = np.argsort(-age, kind="stable")
        found = table.source.iloc[place[order]].reset_index(drop=True)
        found.insert(0, AGE, age[order])
        return found
    days = table.columns.get("created_day" if behind.grain is Grain.TICKETS else "started_day")
    if days is not None:
        known = np.where(days[place] == MISSING_DAY, MISSING_DAY, days[place])
        place = place[np.argsort(known, kind="stable")[::-1]]
    return table.source.iloc[place].reset_index(drop=True)
