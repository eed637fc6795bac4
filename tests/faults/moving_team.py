"""A team that may change on one day, in some things and not in others; everything is drawn from a seed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
from team import constant_team

from kpi import compare
from kpi.definitions import Definitions
from kpi.facts import Facts, build_facts
from kpi.ingest.nouns import Tables
from kpi.model import Comparison, Period

FIRST = date(2026, 1, 5)
"""A Monday."""


@dataclass(frozen=True)
class Moved:
    """Facts of the team with the stretch after the day of the change (now) and the one before it."""

    facts: Facts
    tables: Tables
    now: Period
    before: Period

    @property
    def comparisons(self) -> tuple[Comparison, ...]:
        """Every metric now against before."""
        return compare.compare(self.facts, self.now, self.before)


def moving_team(seed: int, confidence: float = 0.95) -> Moved:
    """Three weeks to five months of a team with 2 to 40 tickets a day; half of the seeds change something."""
    random = np.random.default_rng([77, seed])
    days = int(random.choice([21, 42, 70, 112, 150]))
    change = FIRST + timedelta(days=int(days * random.uniform(0.35, 0.65)))
    tables = constant_team(seed, FIRST, days, float(random.choice([2.0, 10.0, 60.0])))
    if random.random() < 0.85:
        tables = changed(tables, pd.Timestamp(change, tz="UTC"), random)
    facts = build_facts(tables, replace(Definitions(), confidence=confidence))
    last = FIRST + timedelta(days=days - 1)
    rest = (last - change).days + 1
    long = rest if random.random() < 0.4 else int(random.integers(5, rest + 1))
    now = Period(change, change + timedelta(days=long - 1), "after")
    back = long if random.random() < 0.6 else int(random.integers(5, (change - FIRST).days + 1))
    start = max(FIRST, change - timedelta(days=back))
    return Moved(facts, tables, now, Period(start, change - timedelta(days=1), "earlier"))


def changed(tables: Tables, day: pd.Timestamp, random: np.random.Generator) -> Tables:
    """The tables with some of the things after that day moved up or down, a little or a lot."""
    tickets, surveys, calls = (getattr(tables, name).copy() for name in ("tickets", "surveys", "calls"))
    late = tickets["created_at"] >= day
    if random.random() < 0.65:
        factor = float(random.choice([0.3, 0.8, 1.3, 4.0]))
        for name in ("first_response_at", "solved_at"):
            spent = (tickets[name] - tickets["created_at"]).where(late)
            tickets[name] = tickets[name].where(~late, tickets["created_at"] + spent * factor)
    if random.random() < 0.65:
        tickets["escalated"] = tickets["escalated"].mask(late & (random.random(len(tickets)) < 0.2), True)
    if random.random() < 0.75:
        after = surveys["responded_at"] >= day
        value = float(random.choice([0.0, 100.0]))
        hit = after & surveys["csat_norm"].notna() & (random.random(len(surveys)) < random.uniform(0.1, 0.8))
        surveys["csat_norm"] = surveys["csat_norm"].mask(hit, value)
        hit = after & surveys["nps_raw"].notna() & (random.random(len(surveys)) < random.uniform(0.1, 0.8))
        surveys["nps_raw"] = surveys["nps_raw"].mask(hit, 10 * value / 100)
    if random.random() < 0.65:
        calls["wait_s"] = calls["wait_s"].mask(calls["started_at"] >= day, calls["wait_s"] * 2)
    if random.random() < 0.4:
        kept = ~late.to_numpy() | (random.random(len(tickets)) < random.choice([0.5, 0.9]))
        tickets = tickets[kept].reset_index(drop=True)
    return replace(tables, tickets=tickets, surveys=surveys, calls=calls)


def reversed_team(seed: int) -> Moved:
    """Everything moves on one day, half way through 16 weeks.

    Escalations fall in every channel and rise in all, because the channel without any hardly writes any more;
    replies take twice as long, and many answers become bad.
    """
    random = np.random.default_rng([78, seed])
    tables = constant_team(seed, FIRST, 112, 120.0)
    assert tables.tickets is not None
    assert tables.surveys is not None
    tickets, surveys = tables.tickets.copy(), tables.surveys.copy()
    change = FIRST + timedelta(days=56)
    day = pd.Timestamp(change, tz="UTC")
    late = tickets["created_at"] >= day
    rate = tickets["channel"].map({"chat": 0.01, "email": 0.5, "phone": 0.45}) * np.where(late, 0.9, 1.0)
    tickets["escalated"] = pd.array(random.random(len(tickets)) < rate, dtype="boolean")
    spent = (tickets["first_response_at"] - tickets["created_at"]) * np.where(late, 2.0, 1.0)
    tickets["first_response_at"] = tickets["created_at"] + spent
    bad = (surveys["responded_at"] >= day) & (random.random(len(surveys)) < 0.5)
    surveys["csat_norm"] = surveys["csat_norm"].mask(bad & surveys["csat_norm"].notna(), 0.0)
    kept = ~late | (tickets["channel"] != "chat") | (random.random(len(tickets)) < 0.05)
    moved = replace(tables, tickets=tickets[kept].reset_index(drop=True), surveys=surveys)
    now = Period(change, FIRST + timedelta(days=111), "after")
    before = Period(FIRST, change - timedelta(days=1), "earlier")
    return Moved(build_facts(moved, Definitions()), moved, now, before)
