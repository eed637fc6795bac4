"""Contacts that went round: handed over, to and fro, opened again, and how much longer they took.

Held against solved contacts of the same issue, channel and priority. Harder contacts are handed over more
often, so what is left after that is still no proof that the hand-over cost the time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from kpi import engine
from kpi.bottlenecks.kinds import agents_of, dense, kinds_of
from kpi.bottlenecks.nouns import Behind, Bools, Floats, Longs, Loop, Loops
from kpi.bottlenecks.splitting import lacking, ratio_by_day
from kpi.bottlenecks.within import within
from kpi.facts import Facts, FactTable
from kpi.facts.columns import Canonical
from kpi.model import Basis, Estimate, Filter, Grain, Period
from kpi.stats import benjamini_hochberg, wilson

KINDS = ("category", "channel", "priority")
HANDED, AGAIN, ESCALATED, TO_AND_FRO, REOPENED = (
    "Handed over",
    "Handed over twice or more",
    "Escalated",
    "Four or more replies",
    "Opened again after it was solved",
)
MANY_REPLIES = 4
WHY_NOT = {
    HANDED: "the number of agents or teams a contact went through",
    AGAIN: "the number of agents a contact went through (“assignee stations”)",
    ESCALATED: "whether a contact was escalated",
    TO_AND_FRO: "the number of replies",
    REOPENED: "how often a contact was opened again",
}
LEAST_MINUTES = 0.5


def loops(facts: Facts, now: Period, *, where: tuple[Filter, ...] = ()) -> Loops:
    """Every loop among the contacts solved in the period; all of them are one family."""
    level = facts.definitions.confidence
    table = facts.table(Grain.TICKETS)
    if table is None:
        return Loops((), (), (), "the data hold no tickets", level)
    why = lacking(table, where)
    if why is not None:
        return Loops((), (), (), why, level)
    if "ttr_ended" not in table.columns:
        why = table.absent.get("ttr_min", "no column holds the time a ticket was solved")
        return Loops((), (), (), why, level)
    chosen = engine.select(table, Basis.SOLVED, now, where=where)
    ended = chosen.column("ttr_ended") != 0
    rows, day = chosen.rows[ended].astype(np.int64), chosen.day[ended].astype(np.int64)
    minutes = chosen.column("ttr_min")[ended].astype(np.float64)
    flagged = _flags(table)
    missing = tuple(WHY_NOT[name] for name in WHY_NOT if name not in flagged)
    if not rows.size:
        return Loops(
            (), (), missing, "no contact that was solved in this period has a time to solution", level
        )
    kind, by = kinds_of(table, rows, KINDS)
    agents = agents_of(table, rows)
    found = [
        _loop(name, flag[rows], known[rows], rows, day, minutes, kind, agents, facts)
        for name, (flag, known) in flagged.items()
    ]
    return Loops(_adjusted([each for each in found if each is not None]), by, missing, None, level)


def _flags(table: FactTable) -> dict[str, tuple[Bools, Bools]]:
    """Name of a loop → who went through it, and where that is known; those that nobody went through too."""
    c = Canonical("tickets", table.source)
    columns = table.columns
    found: dict[str, tuple[Bools, Bools]] = {}
    if "transferred" in columns:
        found[HANDED] = columns["transferred"] != 0, columns["transfer_known"] != 0
    stations, moves = c.number("assignee_stations"), c.number("reassignments")
    if stations.known.any() or moves.known.any():
        twice = (stations.values >= 3) | (moves.values >= 2)
        found[AGAIN] = twice, stations.known | moves.known
    if "escalated" in columns:
        found[ESCALATED] = columns["escalated"] != 0, columns["escalation_known"] != 0
    replies = c.number("replies")
    if replies.known.any():
        found[TO_AND_FRO] = replies.values >= MANY_REPLIES, replies.known
    if "reopened" in columns:
        found[REOPENED] = columns["reopened"] != 0, np.ones(len(table), np.bool_)
    return found


def _loop(
    name: str,
    flag: Bools,
    known: Bools,
    rows: Longs,
    day: Longs,
    minutes: Floats,
    kind: Longs,
    agents: Longs | None,
    facts: Facts,
) -> Loop | None:
    definitions = facts.definitions
    flag, minutes = flag[known], minutes[known]
    rows, day, kind = (each[known] for each in (rows, day, kind))
    agents = None if agents is None else agents[known]
    if not rows.size or not flag.any():
        return None
    n, k = int(rows.size), int(flag.sum())
    low, high = wilson(k, n, definitions.confidence)
    share = Estimate(k / n, n, low, high, "Wilson")
    of_time = ratio_by_day(np.where(flag, minutes, 0.0), minutes, day, n, definitions.confidence)
    logs = np.log(np.maximum(minutes, LEAST_MINUTES))
    effect = within(
        logs, flag.astype(np.float64), dense(kind), dense(day), agents, level=definitions.confidence
    )
    if min(k, n - k) < definitions.minimum_n and effect.p is not None:
        why = f"fewer than {definitions.minimum_n} contacts on one side"
        effect = replace(effect, low=None, high=None, p=None, reason=why)
    return Loop(
        name,
        share,
        of_time,
        float(np.median(minutes[flag])),
        float(np.median(minutes[~flag])) if (~flag).any() else 0.0,
        effect,
        None,
        Behind(Grain.TICKETS, np.sort(rows[flag])),
        Behind(Grain.TICKETS, np.sort(rows[~flag])),
    )


def _adjusted(found: Sequence[Loop]) -> tuple[Loop, ...]:
    adjusted = benjamini_hochberg([each.effect.p for each in found])
    return tuple(replace(each, p_adjusted=q) for each, q in zip(found, adjusted, strict=True))
