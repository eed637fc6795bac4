"""A team made from chance: kinds of tickets with their own levels, agents with their own mix."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from kpi.definitions import Definitions
from kpi.facts import Facts, build_facts
from kpi.ingest.nouns import Tables
from kpi.model import Period

NOW = Period(date(2026, 3, 1), date(2026, 4, 30), "now")
KINDS = ("invoice", "login", "delivery", "dispute")
SATISFIED = np.array([0.9, 0.85, 0.75, 0.5])
MINUTES = np.array([30.0, 60.0, 240.0, 3000.0])


def generated(
    seed: int,
    agents: int = 8,
    each: int = 150,
    *,
    skill: Mapping[int, float] | None = None,
    slow: Mapping[int, float] | None = None,
    specialist: bool = True,
    spread: float = 0.0,
    kinds: bool = True,
) -> Facts:
    """Facts of two months. Agent 0 has mostly disputes when ``specialist``.

    Args:
        skill: agent → points (0 to 1) on satisfaction; slow: agent → factor on the time.
        spread: standard deviation of the agents' own points on satisfaction.
    """
    rng = np.random.default_rng(seed)
    agent = np.repeat(np.arange(agents), each)
    mix = np.full((agents, 4), 0.25)
    if specialist:
        mix[0] = (0.02, 0.03, 0.05, 0.9)
    kind = np.array([rng.choice(4, p=mix[a]) for a in agent])
    size = agent.size
    own = rng.normal(0, spread, agents)
    points = np.array([(skill or {}).get(a, 0.0) for a in range(agents)]) + own
    factor = np.array([(slow or {}).get(a, 1.0) for a in range(agents)])
    satisfied = rng.random(size) < np.clip(SATISFIED[kind] + points[agent], 0.01, 0.99)
    minutes = MINUTES[kind] * factor[agent] * rng.lognormal(0, 0.8, size)
    day = rng.integers(0, NOW.days, size)
    created = pd.Series(
        pd.to_datetime(NOW.start.isoformat(), utc=True)
        + pd.to_timedelta(day * 24 + 8, unit="h")
        + pd.to_timedelta(rng.integers(0, 600, size), unit="min")
    )
    solved = created + pd.to_timedelta(np.rint(minutes), unit="min")
    names = np.array([f"Agent {number:02d}" for number in range(agents)])
    tickets = pd.DataFrame(
        {
            "ticket_id": np.arange(size).astype(str),
            "created_at": created,
            "solved_at": solved,
            "status": "solved",
            "channel": rng.choice(["chat", "email"], size),
            "agent_name": names[agent],
        }
    )
    if kinds:
        tickets["category"] = np.array(KINDS)[kind]
    surveys = pd.DataFrame(
        {
            "survey_id": np.arange(size).astype(str),
            "ticket_id": np.arange(size).astype(str),
            "sent_at": created,
            "responded_at": created + pd.Timedelta(hours=1),
            "csat_norm": np.where(satisfied, 100.0, 0.0),
            "scale_min": 1.0,
            "scale_max": 5.0,
        }
    )
    return build_facts(Tables(tickets=tickets, surveys=surveys), Definitions())
