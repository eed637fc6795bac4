"""What each contact cost: handled minutes, hours of waiting, an unhappy answer; where that is known from."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from kpi.facts import Facts, FactTable
from kpi.facts.columns import places
from kpi.issues.sorting import Sorted
from kpi.model import Grain

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
NO_RATING = "no satisfaction answer can be joined to the contacts"


@dataclass(frozen=True, eq=False)
class Costs:
    """By row of the table of contacts: what is known of its work and its end."""

    minutes: Floats
    timed: Bools
    minutes_from: str
    hours: Floats
    ended: Bools
    wait_from: str
    rated: Bools
    unhappy: Bools
    unhappy_from: str


_COSTS: WeakKeyDictionary[Sorted, Costs] = WeakKeyDictionary()


def costs_of(kept: Sorted) -> Costs:
    """What each contact cost, and where that is known from; worked out once for each :class:`Sorted`."""
    if kept not in _COSTS:
        _COSTS[kept] = _costs(kept)
    return _COSTS[kept]


def _costs(kept: Sorted) -> Costs:
    table, facts = kept.table, kept.facts
    minutes, timed, minutes_from = _minutes(table, facts)
    ended, hours, wait_from = _waits(table)
    rated, unhappy, unhappy_from = _ratings(table, facts)
    return Costs(minutes, timed, minutes_from, hours, ended, wait_from, rated, unhappy, unhappy_from)


def _minutes(table: FactTable, facts: Facts) -> tuple[Floats, Bools, str]:
    nothing = np.zeros(len(table)), np.zeros(len(table), np.bool_)
    if "handle_known" in table.columns and table.columns["handle_known"].any():
        known = table.columns["handle_known"] != 0
        return np.where(known, table.columns["handle_s"] / 60.0, 0.0), known, "working time of each contact"
    calls = facts.table(Grain.CALLS)
    joined = (
        calls is not None
        and table.grain is Grain.TICKETS
        and "handle_known" in calls.columns
        and "ticket_id" in calls.source.columns
        and "ticket_id" in table.source.columns
    )
    if not joined or calls is None:
        return *nothing, table.absent.get("handle_s", "no column holds talk time or working time")
    there = (calls.columns["handle_known"] != 0) & calls.source["ticket_id"].notna().to_numpy(dtype=bool)
    ids = calls.source["ticket_id"][there]
    # All calls of a ticket are summed at the first of them.
    sums = np.bincount(
        places(ids, ids), weights=calls.columns["handle_s"][there] / 60.0, minlength=max(1, len(ids))
    ).astype(np.float64)
    first = places(table.source["ticket_id"], ids)
    known = first >= 0
    if not known.any():
        return *nothing, "no call with a handling time can be joined to the tickets"
    return np.where(known, sums[np.maximum(first, 0)], 0.0), known, "calls that belong to the tickets"


def _waits(table: FactTable) -> tuple[Bools, Floats, str]:
    if "ttr_counts" not in table.columns:
        why = table.absent.get("ttr_min", "no column holds the time of solving")
        return np.zeros(len(table), np.bool_), np.zeros(len(table)), why
    ended = (table.columns["ttr_ended"] != 0) & (table.columns["ttr_counts"] != 0)
    return ended, np.where(ended, table.columns["ttr_min"] / 60.0, 0.0), "from creation to solution"


def _ratings(table: FactTable, facts: Facts) -> tuple[Bools, Bools, str]:
    """Answered contacts, and the unhappy among them: answers of 1 or 2 of 5, or "not satisfied"."""
    if "rated" not in table.columns:
        none = np.zeros(len(table), np.bool_)
        return none, none, NO_RATING
    rated = table.columns["rated"] != 0
    surveys = facts.table(Grain.SURVEYS)
    key = "call_id" if table.grain is Grain.CALLS else "ticket_id"
    if (
        surveys is not None
        and "csat_dissatisfied" in surveys.columns
        and key in surveys.source.columns
        and key in table.source.columns
    ):
        answered = (surveys.columns["csat_answered"] != 0) & surveys.source[key].notna().to_numpy(dtype=bool)
        last = places(table.source[key], surveys.source[key][answered], last=True)
        known = last >= 0
        if known.any():
            dissatisfied = surveys.columns["csat_dissatisfied"][answered] != 0
            unhappy = known & dissatisfied[np.maximum(last, 0)]
            return known, unhappy, "the last answer of each contact that says dissatisfied (1 or 2 of 5)"
    return rated, rated & (table.columns["rated_satisfied"] == 0), "answers that are not satisfied"
