"""A desk made from rows: when a ticket came, what it was about, who had it, whether it was escalated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from kpi.definitions import Definitions
from kpi.facts import Facts, build_facts
from kpi.ingest.nouns import Tables
from kpi.model import Period

BEFORE = Period(date(2026, 1, 1), date(2026, 2, 28), "before")
NOW = Period(date(2026, 3, 1), date(2026, 4, 28), "now")


@dataclass(frozen=True)
class Row:
    """One ticket; ``minutes`` until it was solved, None while it is open."""

    day: date
    segment: str
    escalated: bool
    agent: str | None = None
    minutes: float | None = None


def spread(period: Period, segment: str, yes: int, no: int, agents: int = 0) -> list[Row]:
    """So many tickets with and without the flag, in turn over the days of a period and over agents."""
    rows = []
    for place in range(yes + no):
        # In steps of a prime number of places, so that the flag does not follow the days.
        flag = (place * 7919) % (yes + no) < yes
        day = date.fromordinal(period.start.toordinal() + (place * 31) % period.days)
        rows.append(Row(day, segment, flag, f"Agent {place % agents}" if agents else None))
    made = sum(row.escalated for row in rows)
    if made != yes:
        wrong = [place for place, row in enumerate(rows) if row.escalated is (made > yes)]
        for place in wrong[: abs(made - yes)]:
            rows[place] = Row(rows[place].day, segment, made < yes, rows[place].agent)
    return rows


def desk(rows: Sequence[Row], definitions: Definitions | None = None) -> Facts:
    """Facts of these tickets, followed until the end of the period now."""
    created = pd.to_datetime([row.day for row in rows], utc=True) + pd.Timedelta(hours=10)
    solved = [
        None if row.minutes is None else at + pd.Timedelta(minutes=row.minutes)
        for row, at in zip(rows, created, strict=True)
    ]
    tickets = pd.DataFrame(
        {
            "ticket_id": pd.Series([str(place) for place in range(len(rows))], dtype="str"),
            "created_at": pd.Series(created).astype("datetime64[ns, UTC]"),
            "solved_at": pd.Series(pd.to_datetime(solved, utc=True)).astype("datetime64[ns, UTC]"),
            "status": pd.Series(["open" if row.minutes is None else "solved" for row in rows], dtype="str"),
            "category": pd.Series([row.segment for row in rows], dtype="str"),
            "agent_name": pd.Series([row.agent for row in rows], dtype="str"),
            "escalated": pd.Series([row.escalated for row in rows], dtype="boolean"),
        }
    )
    return build_facts(Tables(tickets=tickets), definitions or Definitions())
