"""How many contacts each customer makes, and how much of the volume comes from the few.

If all customers were alike, contacts would still not be spread evenly: each would write a Poisson number
of times. Only those who wrote at least once are seen, so that is a Poisson number given that it is not 0
(David & Johnson 1952, Biometrics 8:275-285). Samples of it, with a fixed seed, say what share of the contacts
the top few of such equal customers have.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from kpi import engine
from kpi.customers.knowing import Known, Longs
from kpi.model import Filter, Period

TOPS = (0.01, 0.05, 0.10)
TESTED = 0.10
"""The share of customers whose part of the volume is tested; the others are shown beside it."""
BANDS = ((1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 10), (11, 20), (21, None))
DRAWS = 1_000_000
MOST_ROUNDS, FEWEST_ROUNDS = 999, 39
SEED = 20260101
FEWEST = 20
"""Fewer customers than this have no top 10 %."""
HALF = 0.2
"""One customer with at least this share of all contacts may be a shared or anonymous key …"""
LEAST_SHARED = 20
"""… if there are at least so many of them."""


@dataclass(frozen=True)
class Band:
    """Customers with ``first`` to ``last`` contacts (no upper end when None), and their contacts.

    ``expected``: how many customers there would be if all were alike.
    """

    first: int
    last: int | None
    customers: int
    contacts: int
    expected: float


@dataclass(frozen=True)
class Top:
    """The customers who write most: the first ``share`` of them.

    Attributes:
        customers: how many that are; least: contacts of the one with the fewest among them.
        contacts: how many they make; part: of all contacts.
        chance, low, high: part that as many of equal customers would make: middle and 95 % of the samples.
    """

    share: float
    customers: int
    least: int
    contacts: int
    part: float
    chance: float
    low: float
    high: float


@dataclass(frozen=True)
class Sharing:
    """Contacts per customer in a period.

    Attributes:
        contacts, customers: of known customers; unknown: contacts without one.
        mean: contacts per customer; rate: of the equal customers of which one sees those who write.
        p: share of samples of equal customers whose top 10 % have at least as large a part.
        largest: contacts of the one customer who wrote most.
        refused: why there is no answer, else empty.
    """

    contacts: int
    customers: int
    unknown: int
    mean: float
    rate: float
    bands: tuple[Band, ...] = ()
    tops: tuple[Top, ...] = ()
    p: float | None = None
    largest: int = 0
    rounds: int = 0
    refused: str = ""

    @property
    def top(self) -> Top | None:
        """The top 10 %, which is tested."""
        return next((each for each in self.tops if each.share == TESTED), None)

    @property
    def uneven(self) -> bool:
        """The few make more of the volume than chance gives equal customers (one-sided 2.5 %)."""
        return self.p is not None and self.p <= 0.025

    @property
    def dominated(self) -> bool:
        """One customer alone has so many contacts that the key may be shared."""
        many = self.customers > 1 and self.largest >= LEAST_SHARED
        return many and self.largest >= HALF * self.contacts


def sharing(known: Known, period: Period | None, *, where: tuple[Filter, ...] = ()) -> Sharing:
    """The contacts of a period by customer; all contacts when there is no period.

    Raises:
        ValueError: for a filter on a field that contacts do not have.
    """
    if known.who is None:
        return Sharing(0, 0, 0, 0.0, 0.0, refused=known.refused)
    rows = known.rows(period, where)
    everything = int(engine.select(known.contacts, known.basis, period, where=where).rows.size)
    counts = per_customer(known, rows)
    return of_counts(counts, everything - int(rows.size))


def per_customer(known: Known, rows: NDArray[np.intp]) -> Longs:
    """How many of these contacts each customer made, by code; 0 for the others."""
    if known.who is None:
        return np.zeros(known.keys.size, np.int64)
    return np.bincount(known.who[rows], minlength=known.keys.size).astype(np.int64)


def of_counts(counts: Longs, unknown: int = 0) -> Sharing:
    """The same from contacts per customer (zeros are those who are not seen)."""
    seen = np.sort(counts[counts > 0])[::-1]
    if not seen.size:
        return Sharing(0, 0, unknown, 0.0, 0.0, refused="no contact of a known customer in this period")
    total, customers = int(seen.sum()), int(seen.size)
    rate = truncated_rate(total / customers)
    bands = _bands(seen, rate)
    if customers < FEWEST:
        why = f"{customers} customers are too few for a top 10 %: at least {FEWEST} are needed"
        return Sharing(
            total, customers, unknown, total / customers, rate, bands, largest=int(seen[0]), refused=why
        )
    parts, rounds = equal_parts(customers, rate)
    tops = []
    p = None
    for place, share in enumerate(TOPS):
        many = int(np.ceil(share * customers - 1e-9))
        contacts = int(seen[:many].sum())
        part = contacts / total
        low, middle, high = np.quantile(parts[place], (0.025, 0.5, 0.975)).tolist()
        tops.append(Top(share, many, int(seen[many - 1]), contacts, part, middle, low, high))
        if share == TESTED:
            p = (1 + int((parts[place] >= part - 1e-12).sum())) / (rounds + 1)
    return Sharing(
        total, customers, unknown, total / customers, rate, bands, tuple(tops), p, int(seen[0]), rounds
    )


def truncated_rate(mean: float) -> float:
    """The rate λ of a Poisson number that has this mean given that it is not 0; 0 when everybody wrote once.

    Solves λ / (1 − e^−λ) = mean; maximum likelihood (David & Johnson 1952).

    >>> round(truncated_rate(2.0), 4), truncated_rate(1.0)
    (1.5936, 0.0)
    """
    if mean <= 1 + 1e-12:
        return 0.0
    low, high = 0.0, mean
    for _ in range(80):
        middle = (low + high) / 2
        value = 1.0 if middle < 1e-12 else middle / -np.expm1(-middle)
        low, high = (middle, high) if value < mean else (low, middle)
    return (low + high) / 2


def equal_parts(customers: int, rate: float) -> tuple[NDArray[np.float64], int]:
    """Part of the volume of the top few among equal customers: float[top, round], and how many rounds."""
    rounds = int(np.clip(DRAWS // max(customers, 1), FEWEST_ROUNDS, MOST_ROUNDS))
    random = np.random.default_rng(SEED)
    parts = np.ones((len(TOPS), rounds))
    many = [int(np.ceil(share * customers - 1e-9)) for share in TOPS]
    for turn in range(rounds):
        drawn = np.sort(_truncated(random, rate, customers))[::-1]
        running = np.cumsum(drawn)
        parts[:, turn] = [running[top - 1] / running[-1] for top in many]
    return parts, rounds


def _truncated(random: np.random.Generator, rate: float, size: int) -> Longs:
    """Poisson numbers that are not 0: the first arrival is put where it must lie, the others follow."""
    if rate <= 0:
        return np.ones(size, np.int64)
    first = -np.log1p(random.random(size) * np.expm1(-rate)) / rate
    more: Longs = random.poisson(rate * (1 - first)).astype(np.int64)
    return 1 + more


def _bands(seen: Longs, rate: float) -> tuple[Band, ...]:
    found = []
    for first, last in BANDS:
        inside = (seen >= first) & (seen <= last) if last is not None else seen >= first
        chance = _at_least(first, rate) - (0.0 if last is None else _at_least(last + 1, rate))
        if inside.any() or chance * seen.size >= 0.5:
            found.append(Band(first, last, int(inside.sum()), int(seen[inside].sum()), chance * seen.size))
    return tuple(found)


def _at_least(count: int, rate: float) -> float:
    """Chance of at least so many, given that it is not 0."""
    if rate <= 0:
        return 1.0 if count <= 1 else 0.0
    return float(stats.poisson.sf(count - 1, rate) / -np.expm1(-rate))
