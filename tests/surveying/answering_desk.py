"""A desk of which everything is known, also what the silent would have said."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from kpi.definitions import Definitions
from kpi.facts import Facts, build_facts
from kpi.ingest.nouns import Tables
from kpi.model import Period

BEFORE = Period(date(2026, 1, 1), date(2026, 2, 28), "before")
NOW = Period(date(2026, 3, 1), date(2026, 4, 28), "now")


@dataclass(frozen=True)
class Channel:
    """Tickets of a channel in each period, share of happy customers, how many answer if happy, if not."""

    name: str
    now: int
    before: int
    happy: float
    answers_now: tuple[float, float]
    answers_before: tuple[float, float]


@dataclass(frozen=True)
class Made:
    """The facts, and the true satisfaction of everybody."""

    facts: Facts
    truth_now: float
    truth_before: float
    tables: Tables = field(repr=False)


def made(channels: tuple[Channel, ...], seed: int = 1, *, sent: bool = True, joined: bool = True) -> Made:
    """Without ``sent`` only answers are in the file of surveys; without ``joined`` no answer has a ticket."""
    rng = np.random.default_rng(seed)
    parts = []
    for channel in channels:
        for period, count, odds in (
            (NOW, channel.now, channel.answers_now),
            (BEFORE, channel.before, channel.answers_before),
        ):
            happy = rng.random(count) < channel.happy
            answers = rng.random(count) < np.where(happy, odds[0], odds[1])
            day = pd.Timestamp(period.start, tz="UTC") + pd.to_timedelta(
                rng.integers(0, period.days, count), unit="D"
            )
            parts.append(
                pd.DataFrame(
                    {
                        "channel": channel.name,
                        "now": period is NOW,
                        "happy": happy,
                        "answers": answers,
                        "at": day + pd.to_timedelta(rng.integers(8 * 60, 15 * 60, count), unit="min"),
                        "agent": rng.integers(0, 8, count),
                    }
                )
            )
    rows = pd.concat(parts, ignore_index=True).sort_values("at", ignore_index=True)
    keys = pd.Series([str(place) for place in range(len(rows))], dtype="str")
    tickets = pd.DataFrame(
        {
            "ticket_id": keys,
            "created_at": rows["at"].astype("datetime64[ns, UTC]"),
            "solved_at": (rows["at"] + pd.Timedelta(hours=1)).astype("datetime64[ns, UTC]"),
            "status": pd.Series(["solved"] * len(rows), dtype="str"),
            "channel": rows["channel"].astype("str"),
            "agent_name": ("Agent " + rows["agent"].astype("str")).astype("str"),
        }
    )
    # a last ticket long after, so that no survey is too new to count
    last = tickets.iloc[[-1]].copy()
    last["ticket_id"], last["status"] = "last", "open"
    last["created_at"] += pd.Timedelta(days=20)
    last["solved_at"] = pd.NaT
    tickets = pd.concat([tickets, last], ignore_index=True)
    answered = rows["at"] + pd.Timedelta(hours=3)
    score = np.where(rows["happy"], 100.0, 25.0)
    surveys = pd.DataFrame(
        {
            "survey_id": "s" + keys,
            "ticket_id": keys,
            "sent_at": (rows["at"] + pd.Timedelta(hours=2)).astype("datetime64[ns, UTC]"),
            "responded_at": answered.where(rows["answers"]).astype("datetime64[ns, UTC]"),
            "csat_norm": pd.Series(score).where(rows["answers"]),
            "scale_min": 1.0,
            "scale_max": 5.0,
        }
    )
    if not joined:
        surveys = surveys.drop(columns=["ticket_id"])
    if not sent:
        surveys = surveys[rows["answers"].to_numpy()].drop(columns=["sent_at"]).reset_index(drop=True)
    tables = Tables(tickets=tickets, surveys=surveys)
    truth = rows.groupby("now")["happy"].mean()
    return Made(build_facts(tables, Definitions()), float(truth[True]), float(truth[False]), tables)


STEADY = (
    Channel("chat", 900, 900, 0.60, (0.2, 0.2), (0.2, 0.2)),
    Channel("email", 900, 900, 0.90, (0.4, 0.4), (0.4, 0.4)),
    Channel("phone", 600, 600, 0.80, (0.3, 0.3), (0.3, 0.3)),
)
"""Who answers depends on the channel alone, in both periods alike."""
