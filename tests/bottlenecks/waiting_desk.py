"""Small desks written as CSV and read on the app's own path."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

import numpy as np

from kpi.definitions import Definitions
from kpi.facts import Facts, build_facts
from kpi.ingest import import_files
from kpi.model import Period

FIRST = date(2026, 3, 2)
"""A Monday; the clocks go forward on 29 March."""
HEADERS = ("Ticket ID", "Created at", "First response at", "Solved at", "Status", "Channel", "Category")
Factor = Callable[[datetime], float]


def desk(
    headers: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    zone: str = "UTC",
    definitions: Definitions | None = None,
) -> Facts:
    """Facts of a sheet of tickets."""
    lines = [",".join(headers), *(",".join(f'"{cell}"' for cell in row) for row in rows)]
    imported = import_files([("tickets.csv", "\n".join(lines).encode())], {"timezone": zone}, team_zone=zone)
    return build_facts(imported.tables, definitions or Definitions(timezone=zone))


def chats(
    seed: int,
    *,
    weeks: int = 12,
    per_day: int = 40,
    factor: Factor = lambda at: 1.0,
    wander: float = 0.5,
    zone: str = "UTC",
) -> Facts:
    """Chats of a desk that is open from 9 to 17, Monday to Friday; bad days are bad in every hour."""
    random = np.random.default_rng(seed)
    rows = []
    for day in range(weeks * 7):
        at = datetime.combine(FIRST + timedelta(days=day), datetime.min.time())
        if at.weekday() > 4:
            continue
        slow = float(np.exp(wander * random.standard_normal()))
        for _ in range(int(random.poisson(per_day))):
            came = at + timedelta(minutes=int(random.integers(9 * 60, 17 * 60)))
            wait = 180 * slow * factor(came) * float(np.exp(0.8 * random.standard_normal()))
            replied = came + timedelta(seconds=round(min(wait, 3_000)))
            solved = replied + timedelta(minutes=20)
            rows.append((f"T{len(rows)}", came, replied, solved, "Solved", "Chat", "Delivery"))
    return desk(HEADERS, rows, zone=zone)


def weeks_of(count: int) -> Period:
    """The first weeks of these desks."""
    return Period(FIRST, FIRST + timedelta(days=7 * count - 1))
