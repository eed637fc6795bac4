"""Small desks made of a few columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from kpi.definitions import Definitions
from kpi.facts import Facts, build_facts
from kpi.ingest import import_files


def desk(counts: Sequence[int], first: date = date(2026, 1, 5), solved: bool = False) -> Facts:
    """So many tickets on each day from the first on, two hours apart at most, in UTC."""
    lines = ["Ticket ID,Created at,Channel" + (",Solved at" if solved else "")]
    number = 0
    for shift, count in enumerate(counts):
        day = first + timedelta(days=shift)
        for place in range(count):
            number += 1
            hour, minute = divmod(place * 7 % 720, 60)
            made = f"{day} {8 + hour:02d}:{minute:02d}"
            done = f",{day} {20 + place % 3:02d}:00" if solved else ""
            lines.append(f"{number},{made},{'Chat' if number % 2 else 'Email'}{done}")
    imported = import_files([("tickets.csv", "\n".join(lines).encode())], {"timezone": "UTC"})
    return build_facts(imported.tables, Definitions())
