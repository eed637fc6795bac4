"""Small desks as canonical tables: customers who write, answer, join and leave as the test wants it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from kpi.definitions import Definitions
from kpi.facts import Facts, build_facts
from kpi.ingest.nouns import Tables
from kpi.model import Period

START = pd.Timestamp("2025-01-06", tz="UTC")
NOW = Period(date(2025, 10, 1), date(2025, 12, 31))
BEFORE = Period(date(2025, 7, 1), date(2025, 9, 30))
DAYS = 360
"""From the first Monday of 2025 to the end of the year."""
CATEGORIES = ("delivery", "payment", "account")


@dataclass(frozen=True)
class Desk:
    """A desk in which nothing is to be found, unless the numbers say otherwise.

    Attributes:
        rate: contacts of each customer in the whole year; leaving: share that leaves in it.
        answering: share of contacts that are answered in a survey.
    """

    customers: int = 400
    rate: float = 3.0
    leaving: float = 0.15
    answering: float = 0.5
    solved: float = 0.97


def contacts_of(
    desk: Desk,
    random: np.random.Generator,
    weight: np.ndarray | None = None,
    people: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Tickets of the customers, at random over the year; of those on a list only while they are there."""
    times = random.poisson(desk.rate * (1.0 if weight is None else weight), desk.customers)
    who = np.repeat(np.arange(desk.customers), times)
    minute = random.integers(0, DAYS * 1440, who.size)
    if people is not None:
        at = START + pd.to_timedelta(minute, unit="m")
        joined, left = people["joined_at"].iloc[who], people["churned_at"].iloc[who]
        there = (at >= joined.to_numpy()) & ~(at >= left.to_numpy())
        who, minute = who[there], minute[there]
    order = np.argsort(minute, kind="stable")
    created = START + pd.to_timedelta(minute[order], unit="m")
    solved = random.random(who.size) < desk.solved
    took = random.exponential(600, who.size).astype(int) + 5
    return pd.DataFrame(
        {
            "ticket_id": [f"T{number:06d}" for number in range(who.size)],
            "requester_id": [f"C{code:05d}" for code in who[order]],
            "created_at": created,
            "solved_at": pd.Series(created + pd.to_timedelta(took, unit="m")).where(solved),
            "status": np.where(solved, "solved", "open").astype(object),
            "category": random.choice(np.array(CATEGORIES, dtype=object), who.size),
            "reopens": pd.array(np.where(solved & (random.random(who.size) < 0.06), 1, 0), dtype="Int64"),
            "escalated": pd.array(random.random(who.size) < 0.08, dtype="boolean"),
            "source": "made",
        }
    )


def answers_of(desk: Desk, tickets: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """Surveys about some of the tickets, with three questions answered at random."""
    chosen = tickets[(random.random(len(tickets)) < desk.answering) & tickets["solved_at"].notna().to_numpy()]
    size = len(chosen)
    csat = random.choice([1, 2, 3, 4, 5], size, p=[0.08, 0.1, 0.12, 0.3, 0.4])
    ces = random.choice([1, 2, 3, 4, 5, 6, 7], size, p=[0.04, 0.06, 0.1, 0.15, 0.25, 0.25, 0.15])
    nps = random.choice(np.arange(11), size)
    return pd.DataFrame(
        {
            "survey_id": [f"S{number:06d}" for number in range(size)],
            "ticket_id": chosen["ticket_id"].to_numpy(),
            "responded_at": chosen["solved_at"].to_numpy() + pd.to_timedelta(30, unit="m"),
            "status": "answered",
            "csat_norm": (csat - 1) / 4 * 100,
            "csat_label": np.where(csat >= 4, "positive", np.where(csat <= 2, "negative", "neutral")),
            "scale_min": 1.0,
            "scale_max": 5.0,
            "nps_raw": pd.array(nps, dtype="Int64"),
            "ces_raw": ces.astype(float),
            "ces_norm": (ces - 1) / 6 * 100,
            "higher_is_better": pd.array([True] * size, dtype="boolean"),
            "source": "made",
        }
    ).astype({"responded_at": "datetime64[ns, UTC]"})


def list_of(desk: Desk, random: np.random.Generator) -> pd.DataFrame:
    """The customer list: half were there before; who leaves does so at a constant rate."""
    size = desk.customers
    joined = np.where(
        random.random(size) < 0.5, -random.integers(1, 700, size), random.integers(0, DAYS, size)
    )
    hazard = -np.log1p(-desk.leaving) / DAYS
    stays = np.maximum(joined, 0) + random.exponential(1 / hazard, size)
    left = stays < DAYS
    return pd.DataFrame(
        {
            "requester_id": [f"C{code:05d}" for code in range(size)],
            "segment": random.choice(np.array(["Buyer", "Plus", "Business"], dtype=object), size),
            "region": random.choice(np.array(["North", "South"], dtype=object), size),
            "joined_at": START + pd.to_timedelta(joined, unit="D"),
            "churned_at": pd.Series(START + pd.to_timedelta(np.floor(stays), unit="D")).where(left),
            "source": "made",
        }
    )


def tables_of(desk: Desk, seed: int) -> Tables:
    """All three tables."""
    random = np.random.default_rng(seed)
    people = list_of(desk, random)
    tickets = contacts_of(desk, random, people=people)
    return Tables(tickets=tickets, surveys=answers_of(desk, tickets, random), customers=people)


def facts_of(tables: Tables, definitions: Definitions | None = None) -> Facts:
    """Facts of canonical tables."""
    return build_facts(tables, definitions or Definitions())


def without(tables: Tables, *names: str) -> Tables:
    """The tables without some of them."""
    return replace(tables, **dict.fromkeys(names))
