"""The stages of a contact: how long each lasts, those still in it counted with the time so far."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpi.facts import Facts, FactTable
from kpi.facts.columns import SECOND, Canonical, Known, flags, whole
from kpi.measures import Survival
from kpi.model import Basis, Direction, Family, Grain, Metric, Unit

CONTRADICTED = 0.1
"""A stage that ends before it begins in a larger share of the contacts is not told."""
AGAIN = "First solved → solved for good, where opened again"
REPLY_TO_SOLVED = "First reply → solved"
STAGES = (
    ("Created → assigned", "created", "assigned"),
    ("Assigned → first reply", "assigned", "replied"),
    ("Created → first reply", "created", "replied"),
    ("First reply → first solved", "replied", "first_solved"),
    (REPLY_TO_SOLVED, "replied", "solved"),
    (AGAIN, "first_solved", "solved"),
)
"""Stages with the moments at which they begin and end."""
NEEDED = {
    "created": "the time of creation, finer than the day",
    "assigned": "the time a contact was first assigned (“assigned at”)",
    "replied": "the time of the first reply (“first response at”)",
    "first_solved": "the time of the first solution (“first resolution time”)",
    "solved": "the time of the solution (“solved at”)",
}


def stage_columns(
    moments: Mapping[str, Known], facts: Facts, table: FactTable, columns: dict[str, NDArray[Any]]
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...], tuple[str, ...]]:
    """Columns of every stage that can be told: seconds, whether it has ended, whether it counts.

    A stage that ends before it begins in more than a tenth of the contacts is not told: what is left of such
    stamps would be no fair part of them.
    """
    notes: list[str] = []
    found: list[str] = []
    missing: list[tuple[str, str]] = []
    open_now = np.zeros(len(table), np.bool_)
    if "state_known" in table.columns and "entered" in table.columns:
        open_now = (table.columns["entered"] != 0) & (table.columns["left"] == 0)
    as_of = int(pd.Timestamp(facts.as_of).value)
    for place, (name, begin, end) in enumerate(STAGES):
        start, stop = moments[begin], moments[end]
        lacking = next((NEEDED[each] for each in (begin, end) if not moments[each].known.any()), None)
        if lacking is None and not (start.known & stop.known).any():
            lacking = f"contacts with both {NEEDED[begin]} and {NEEDED[end]}"
        if lacking is not None:
            missing.append((name, lacking))
            continue
        both = start.known & stop.known
        ended = both & (stop.values >= start.values)
        wrong = int((both & ~ended).sum())
        if wrong > CONTRADICTED * int(both.sum()):
            said = f"{wrong:,} of {int(both.sum()):,} contacts end it before they begin it"
            missing.append((name, f"stamps in their order ({said})"))
            continue
        if wrong:
            notes.append(
                f"“{name}”: {wrong:,} contacts of all data left out, which end it before they begin it"
            )
        still = start.known & ~stop.known & open_now & (start.values <= as_of)
        if name == AGAIN:
            again = Canonical("tickets", table.source).number("reopens").values > 0
            ended, still = ended & again, still & again
            if not ended.any():
                missing.append((name, "contacts that were opened again and solved"))
                continue
        length = np.where(ended, stop.values - start.values, as_of - start.values) / SECOND
        columns[f"stage_{place}_s"] = whole(length, ended | still)
        columns[f"stage_{place}_ended"] = flags(ended)
        columns[f"stage_{place}_counts"] = flags(ended | still)
        found.append(name)
    if "First reply → first solved" in found and REPLY_TO_SOLVED in found:
        found.remove(REPLY_TO_SOLVED)
    missing = [each for each in missing if each[0] != REPLY_TO_SOLVED or not found]
    if REPLY_TO_SOLVED in found:
        missing = [each for each in missing if each[0] != "First reply → first solved"]
    if "Created → assigned" in found and "Assigned → first reply" in found:
        found.remove("Created → first reply")
    return tuple(found), tuple(missing), tuple(notes)


def stage_metric(name: str, q: float, basis: Basis = Basis.CREATED) -> Metric:
    """The median or another quantile of the wait in a stage."""
    place = next(place for place, (known, _, _) in enumerate(STAGES) if known == name)
    at = "median" if q == 0.5 else f"p{q * 100:.0f}"
    return Metric(
        key=f"stage_{place}_{at}",
        name=name,
        question="How long do contacts stay in this stage?",
        family=Family.RESPONSE,
        unit=Unit.MINUTES,
        better=Direction.DOWN,
        grain=Grain.TICKETS,
        basis=basis,
        measure=Survival(f"stage_{place}_s", f"stage_{place}_ended", q, f"stage_{place}_counts", per_unit=60),
        formula=f"{at} of the time from one stamp to the next, those still waiting counted as such",
        needs=(),
        matters=0.1,
        relative_matters=True,
    )
