"""A desk of teams whose agents differ, drawn as CSV; in one team everything takes longer, or nothing does."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
from peer_desk import desk

from kpi.facts import Facts

HEADERS = (
    "Ticket ID",
    "Created at",
    "Solved at",
    "Channel",
    "Category",
    "Agent",
    "Team",
    "Satisfaction rating",
)
NAMES = ("North", "South", "East", "West")


def teams(
    seed: int,
    members: int = 6,
    contacts: int = 80,
    spread: float = 0.06,
    behind: float = 0.0,
    slower: float = 1.0,
    named: bool = True,
) -> Facts:
    """Four teams; satisfaction of an agent is drawn around 0.8 with ``spread``.

    In North it is lower by ``behind`` and contacts take ``slower`` times as long. Mail takes ten times as
    long as chat, and North has three times as many mails as the others.
    ``named``: whether the export says which agent it was.
    """
    random = np.random.default_rng(seed)
    rows = []
    for team, name in enumerate(NAMES):
        for member in range(members):
            level = 0.8 - behind * (team == 0) + random.normal(0, spread)
            pace = np.exp(random.normal(0, 0.15)) * (slower if team == 0 else 1.0)
            for _ in range(contacts):
                mail = random.random() < (0.6 if team == 0 else 0.2)
                start = datetime(2026, 7, 1, 9) + timedelta(hours=float(random.integers(0, 2000)))
                hours = (10.0 if mail else 1.0) * pace * float(random.lognormal(0, 0.6))
                rows.append(
                    [
                        str(len(rows)),
                        start.isoformat(" ", "minutes"),
                        (start + timedelta(hours=hours)).isoformat(" ", "minutes"),
                        "email" if mail else "chat",
                        "ABC"[int(random.integers(0, 3))],
                        f"{name} {member}" if named else "",
                        name,
                        "5" if random.random() < level else "1",
                    ]
                )
    return desk(HEADERS, rows)
