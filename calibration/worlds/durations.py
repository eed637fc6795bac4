"""Durations: heavy tails, agents who differ, spreads that differ, and tickets that are still open."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from calibration.record import World

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
MEDIAN = 300.0
"""Minutes."""


@dataclass(frozen=True)
class Sample:
    """One group: minutes int64[runs, n], as they are kept, and the agent of each, int64[n]."""

    minutes: Longs
    agent: Longs

    def counted(self, run: int) -> tuple[Longs, Longs]:
        """Distinct minutes and how often each occurs."""
        values, counts = np.unique(self.minutes[run], return_counts=True)
        return values, counts.astype(np.int64)


@dataclass(frozen=True)
class Two:
    """Two groups of the same median; ``truth`` is that median in minutes."""

    one: Sample
    other: Sample
    truth: float = MEDIAN


def sample(sd: float, n: int) -> World[Sample]:
    """Independent lognormal durations of one group."""
    return World(
        f"{n} lognormal durations (sd of logs {sd:g})",
        lambda rng, runs: Sample(_minutes(sd * rng.standard_normal((runs, n))), np.arange(n)),
    )


def two_spreads(sd1: float, n1: int, sd2: float, n2: int) -> World[Two]:
    """Equal medians, unequal spread."""

    def draw(rng: np.random.Generator, runs: int) -> Two:
        groups = [
            Sample(_minutes(sd * rng.standard_normal((runs, n))), np.arange(n))
            for sd, n in ((sd1, n1), (sd2, n2))
        ]
        return Two(groups[0], groups[1])

    return World(f"equal medians, {n1} with sd of logs {sd1:g} and {n2} with {sd2:g}", draw)


def two_teams(agents: int, tickets: int, icc: float, sd: float = 1.2) -> World[Two]:
    """Two teams of different agents, whose log durations have this intraclass correlation."""

    def draw(rng: np.random.Generator, runs: int) -> Two:
        groups = []
        for team in range(2):
            own = np.sqrt(icc) * rng.standard_normal((runs, agents, 1))
            rest = np.sqrt(1 - icc) * rng.standard_normal((runs, agents, tickets))
            logs = (sd * (own + rest)).reshape(runs, -1)
            groups.append(Sample(_minutes(logs), np.repeat(np.arange(agents), tickets) + 1000 * team))
        return Two(groups[0], groups[1])

    return World(f"2 × {agents} agents × {tickets} tickets, ICC {icc:g} of log durations", draw)


def shifted(n1: int, n2: int, shift: float) -> World[Two]:
    """Logistic values of one group, larger by ``shift`` than those of the other, in hundredths."""

    def draw(rng: np.random.Generator, runs: int) -> Two:
        one, other = rng.logistic(0, 300, (runs, n1)) + shift, rng.logistic(0, 300, (runs, n2))
        rounded = [np.rint(values).astype(np.int64) for values in (one, other)]
        return Two(Sample(rounded[0], np.arange(n1)), Sample(rounded[1], np.arange(n2)), shift)

    return World(f"{n1} and {n2} logistic values, shifted by {shift:g}", draw)


@dataclass(frozen=True)
class Weeks:
    """Two weeks of tickets of one process, seen at the end of the second, int64[runs, n] each.

    ``day`` 0 to 13 of creation, ``minutes`` to the end or until now, ``closed`` whether it is the end.
    ``truth`` is the median time.
    """

    day: Longs
    minutes: Longs
    closed: NDArray[np.bool_]
    truth: float

    def group(self, run: int, week: int) -> tuple[Floats, Floats, Floats]:
        """Minutes ascending, how many ended there and how many were last seen open there."""
        chosen = self.day[run] // 7 == week
        minutes, place = np.unique(self.minutes[run][chosen], return_inverse=True)
        closed = self.closed[run][chosen]
        ended, still = (np.bincount(place[flag], minlength=minutes.size) for flag in (closed, ~closed))
        return minutes.astype(np.float64), ended.astype(np.float64), still.astype(np.float64)


def weeks(median: float, open_share: int, *, tickets: int = 200, sd: float = 1.5) -> World[Weeks]:
    """``median`` in minutes, chosen so that about this many percent of the newest week are still open."""

    def draw(rng: np.random.Generator, runs: int) -> Weeks:
        n = 2 * tickets
        created = np.concatenate(
            [rng.uniform(0, 7, (runs, tickets)), rng.uniform(7, 14, (runs, tickets))], axis=1
        )
        needed = median * np.exp(sd * rng.standard_normal((runs, n)))
        waited = (14 - created) * 1440
        closed = needed <= waited
        minutes = np.maximum(1, np.rint(np.minimum(needed, waited))).astype(np.int64)
        return Weeks(np.floor(created).astype(np.int64), minutes, closed, median)

    return World(f"two weeks of {tickets} tickets, {open_share} % of the newest still open", draw)


def share_open(median: float, sd: float = 1.5) -> float:
    """Share of the tickets of the newest week that is still open at its end.

    >>> round(share_open(560.0), 2)
    0.14
    """
    waited = (np.arange(7000) + 0.5) / 1000 * 1440
    return float(special.ndtr(np.log(median / waited) / sd).mean())


def _minutes(logs: Floats) -> Longs:
    return np.maximum(1, np.rint(MEDIAN * np.exp(logs))).astype(np.int64)
