"""Plans on the answers of the sample with weeks in random order: of no effect, or with a step planted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from kpi.actions import Review, review
from kpi.facts import Facts
from kpi.model import EPOCH, Filter, Grain
from kpi.workspace import Action

START, WEEKS = date(2025, 5, 5), 50
"""Before anything was planted in satisfaction."""
CHAT, PHONE = ((Filter("channel", (name,)),) for name in ("chat", "phone"))


@dataclass(frozen=True)
class Plan:
    """One plan reviewed, and the change of the share that was planted from its day on."""

    found: Review
    planted: float


def plan(facts: Facts, seed: int, *, control: bool, fall: float = 0.0) -> Plan:
    """A plan for satisfaction with chat on a random day of the 15th to 40th week.

    ``fall``: share of the satisfied chat answers from that day on that are turned into unsatisfied ones.
    """
    random = np.random.default_rng(seed)
    table = facts.tables[Grain.SURVEYS]
    first = (START - EPOCH).days
    answered = table.columns["answered_day"].astype(np.int64)
    rows = np.flatnonzero((answered >= first) & (answered < first + 7 * WEEKS))
    week, weekday = (answered[rows] - first) // 7, (answered[rows] - first) % 7
    moved = first + random.permutation(WEEKS)[week] * 7 + weekday
    order = np.argsort(moved, kind="stable")
    rows, moved = rows[order], moved[order]
    columns = {name: values[rows].copy() for name, values in table.columns.items()}
    columns["answered_day"] = moved.astype(table.columns["answered_day"].dtype)
    dimensions = {name: values[rows] for name, values in table.dimensions.items()}
    at = first + int(random.integers(14 * 7, 40 * 7))
    channel = np.array([str(name) for name in dimensions["channel"].categories])[dimensions["channel"].codes]
    after = (channel == "chat") & (moved >= at) & (columns["csat_answered"] != 0)
    satisfied = after & (columns["csat_satisfied"] != 0)
    planted = -fall * float(satisfied.sum()) / float(after.sum())
    turned = satisfied & (random.random(rows.size) < fall)
    columns["csat_satisfied"] = np.where(turned, 0, columns["csat_satisfied"]).astype(
        table.columns["csat_satisfied"].dtype
    )
    made = replace(
        table,
        columns=columns,
        dimensions=dimensions,
        source=table.source.iloc[rows].reset_index(drop=True),
    )
    quiet = replace(
        facts,
        tables={**facts.tables, Grain.SURVEYS: made},
        first_day=first,
        last_day=first + 7 * WEEKS - 1,
    )
    action = Action(
        f"{seed:032x}",
        "Random plan",
        "Ana",
        START,
        metric="csat",
        where=CHAT,
        control=PHONE if control else (),
        status="done",
        done_on=EPOCH + timedelta(days=at),
    )
    (found,) = review(quiet, [action])
    return Plan(found, planted)
