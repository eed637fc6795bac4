"""Who the customers are: names, segments, regions, when they came and left."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sample_data.chance import choose
from sample_data.clock import DAY, Clock, Ints, day_number
from sample_data.contacts import Contacts
from sample_data.world import FIRST_DAY, LAST_DAY

FIRST_ID = 90_001
_FIRST = (
    "Anna Ben Carla David Elena Felix Grace Henrik Isabel Jamal Karin Leon Maria Nils Olga Paul Quinn Rosa "
    "Samir Tina Umar Vera Wim Xenia Yusuf Zoe Aylin Bruno Chidi Dora Erik Fatima Georg Helen Ivan Julia "
    "Kwame Lina Milan Nadia"
)
_LAST = (
    "Abel Becker Costa Diaz Eriksen Fischer Garcia Haas Ivanov Jung Keller Lang Moreau Nowak Okafor Peters "
    "Quast Rossi Sauer Thomas Ulrich Vargas Weiss Xu Yilmaz Zimmer Adler Braun Cohen Demir Ebert Frank Gomes "
    "Horn Ito Jansson Kaya Lopez Meyer Nguyen Otto Pohl Reyes Singh Tran Unger Vogel Winter Young Ziegler"
)
FIRST_NAMES, LAST_NAMES = tuple(_FIRST.split()), tuple(_LAST.split())
SEGMENTS, SEGMENT_SHARE = ("Buyer", "Plus", "Business"), (0.68, 0.22, 0.10)
REGIONS, REGION_SHARE = ("North", "East", "South", "West", "Abroad"), (0.22, 0.20, 0.26, 0.24, 0.08)
GERMAN_SHARE = 0.25
JOINED_BEFORE = 0.62
"""Share of the customers who were there before the first ticket."""
LEFT = 0.16
"""Share of all customers who leave in the whole time, the same on every day."""


@dataclass(frozen=True)
class Customers:
    """One row per customer; the place is the index that contacts carry."""

    name: NDArray[np.object_]
    segment: Ints
    region: Ints
    german: NDArray[np.bool_]
    weight: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.name)

    @property
    def ids(self) -> Ints:
        """Customer numbers."""
        return FIRST_ID + np.arange(len(self), dtype=np.int64)


def draw_customers(rng: np.random.Generator, size: int) -> Customers:
    """Customers, a few of whom write far more often than the others."""
    first = np.array(FIRST_NAMES, dtype=object)[rng.integers(0, len(FIRST_NAMES), size)]
    last = np.array(LAST_NAMES, dtype=object)[rng.integers(0, len(LAST_NAMES), size)]
    return Customers(
        name=np.asarray(first + " " + last),
        segment=choose(rng, SEGMENT_SHARE, size),
        region=choose(rng, REGION_SHARE, size),
        german=rng.random(size) < GERMAN_SHARE,
        weight=rng.pareto(2.5, size) + 0.5,
    )


def customer_table(
    rng: np.random.Generator, customers: Customers, contacts: Contacts, clock: Clock
) -> pd.DataFrame:
    """customer_id, segment, region, joined_at, left_at (empty for those who stayed); days are local.

    Nobody joins after the first contact or leaves before the last one.
    """
    size = len(customers)
    start, end = day_number(FIRST_DAY), day_number(LAST_DAY)
    days = clock.local(contacts.created) // DAY
    first = np.full(size, end + 1, dtype=np.int64)
    last = np.full(size, start - 1, dtype=np.int64)
    np.minimum.at(first, contacts.customer, days)
    np.maximum.at(last, contacts.customer, days)
    early = start - 1 - rng.integers(0, 900, size)
    joined = np.where(rng.random(size) < JOINED_BEFORE, early, rng.integers(start, end + 1, size))
    joined = np.minimum(joined, first - rng.integers(0, 60, size))
    left = _leave(rng, joined, np.maximum(last, joined) + 1, start, end)
    dates = left.astype("datetime64[D]").astype(str).astype(object)
    dates[left < 0] = ""
    return pd.DataFrame(
        {
            "customer_id": customers.ids,
            "segment": np.array(SEGMENTS, dtype=object)[customers.segment],
            "region": np.array(REGIONS, dtype=object)[customers.region],
            "joined_at": joined.astype("datetime64[D]").astype(str),
            "left_at": dates,
        }
    )


def _leave(rng: np.random.Generator, joined: Ints, free: Ints, start: int, end: int) -> Ints:
    """Day on which each customer leaves, -1 for those who stay; ``free`` is the first day on which one can.

    The share of the customers that leaves is the same on every day.
    """
    days = np.arange(start, end + 1, dtype=np.int64)
    there = np.searchsorted(np.sort(joined), days, side="right")
    leaving = np.sort(days[choose(rng, there, round(LEFT * len(joined)))])
    left = np.full(len(joined), -1, dtype=np.int64)
    waiting = np.argsort(free, kind="stable")
    ready = np.searchsorted(free[waiting], leaving, side="right")
    pool: list[int] = []
    taken = 0
    for day, many, draw in zip(leaving, ready, rng.random(len(leaving)), strict=True):
        pool.extend(waiting[taken:many].tolist())
        taken = max(taken, int(many))
        if pool:
            place = int(draw * len(pool))
            pool[place], pool[-1] = pool[-1], pool[place]
            left[pool.pop()] = day
    return left
