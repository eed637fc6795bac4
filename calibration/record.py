"""What a row of the calibration is, what running it gives, and when it passes."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Drawn = TypeVar("Drawn")
SIGMAS = 3.0
"""Bands are widened by so many standard errors of the simulation in the quick tier; by none in the full."""


@dataclass(frozen=True)
class World(Generic[Drawn]):
    """A process whose truth is known. ``draw(rng, runs)`` gives that many independent rounds of it."""

    name: str
    draw: Callable[[np.random.Generator, int], Drawn]


@dataclass(frozen=True)
class Method(Generic[Drawn]):
    """A way to judge what was drawn.

    Attributes:
        judge: one number per round: 1 or 0 for "called it" or "covered the truth", or a share or a count;
            NaN where the method gives no answer.
        every: only every so many blocks of rounds are judged (for methods that take long).
    """

    name: str
    judge: Callable[[Drawn], ArrayLike]
    every: int = 1


@dataclass(frozen=True)
class Row(Generic[Drawn]):
    """One claim in one world, with the methods that are held against it.

    Attributes:
        key: unique; ``--rows`` chooses by it.
        low, high: the band allowed for each of ours; None where nothing is promised and the number is stated.
        quick, full: rounds of both tiers (0: not in the quick one); ``block`` of them are drawn at once.
        scale: 100 shows shares as percent.
        least: the smallest number over the rounds counts, not their mean (for enumerations).
        exact: the rounds are an enumeration, without Monte-Carlo error.
        note: what a reader must know of the band.
    """

    key: str
    claim: str
    world: World[Drawn]
    naive: tuple[Method[Drawn], ...]
    ours: tuple[Method[Drawn], ...]
    low: float | None
    high: float | None
    quick: int = 0
    full: int = 2000
    block: int = 100
    scale: float = 100.0
    least: bool = False
    exact: bool = False
    note: str = ""

    @property
    def methods(self) -> tuple[Method[Drawn], ...]:
        """Those usual elsewhere, then ours."""
        return (*self.naive, *self.ours)

    def blocks(self, rounds: int) -> list[int]:
        """Sizes of the blocks that make so many rounds.

        Whole blocks of a smaller number of rounds are the beginning of a larger one.
        """
        whole, rest = divmod(rounds, self.block)
        return [self.block] * whole + [rest] * (rest > 0)


@dataclass(frozen=True)
class Tally:
    """Numbers of a method over rounds, added up; tallies of two blocks can be added."""

    rounds: int = 0
    total: float = 0.0
    squares: float = 0.0
    least: float = math.inf
    silent: int = 0
    yes_or_no: bool = True

    @staticmethod
    def of(values: ArrayLike) -> Tally:
        """From one number per round; NaN are rounds without an answer.

        >>> tally = Tally.of([1, 0, 0, float("nan")])
        >>> tally.rounds, tally.total, tally.silent, tally.yes_or_no
        (3, 1.0, 1, True)
        """
        given = np.asarray(values, np.float64).ravel()
        known = given[~np.isnan(given)]
        return Tally(
            int(known.size),
            float(known.sum()),
            float((known**2).sum()),
            float(known.min()) if known.size else math.inf,
            int(given.size - known.size),
            bool(np.isin(known, (0.0, 1.0)).all()),
        )

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.rounds + other.rounds,
            self.total + other.total,
            self.squares + other.squares,
            min(self.least, other.least),
            self.silent + other.silent,
            self.yes_or_no and other.yes_or_no,
        )


@dataclass(frozen=True)
class Found:
    """What a method did in a row: mean over the rounds (or the least) and its Monte-Carlo error, scaled."""

    method: str
    ours: bool
    value: float | None
    error: float
    rounds: int
    silent: int
    yes_or_no: bool = True

    @staticmethod
    def of(row: Row[Any], method: Method[Any], ours: bool, tally: Tally) -> Found:
        """From the tally of all rounds."""
        if not tally.rounds:
            return Found(method.name, ours, None, 0.0, 0, tally.silent)
        mean = tally.total / tally.rounds
        spread = max(0.0, tally.squares / tally.rounds - mean**2)
        error = 0.0 if row.exact else math.sqrt(spread / tally.rounds)
        value = tally.least if row.least else mean
        return Found(
            method.name,
            ours,
            round(row.scale * value, 4),
            round(row.scale * error, 4),
            tally.rounds,
            tally.silent,
            tally.yes_or_no,
        )


@dataclass(frozen=True)
class Outcome:
    """A row that was run."""

    key: str
    claim: str
    world: str
    low: float | None
    high: float | None
    found: tuple[Found, ...]
    note: str = ""
    exact: bool = False
    seconds: float = field(default=0.0, compare=False)

    @staticmethod
    def of(row: Row[Any], found: tuple[Found, ...], seconds: float = 0.0) -> Outcome:
        """What was found in a row."""
        return Outcome(
            row.key,
            row.claim,
            row.world.name,
            row.low,
            row.high,
            found,
            row.note,
            row.exact,
            round(seconds, 1),
        )

    def passes(self, sigmas: float = 0.0) -> bool | None:
        """Whether each of ours lies within its band; None where no band is set."""
        if self.low is None and self.high is None:
            return None
        return all(within(self, each, sigmas) for each in self.found if each.ours)


def within(row: Outcome | Row[Any], found: Found, sigmas: float) -> bool:
    """Whether a number lies within the band, which is widened by so many Monte-Carlo errors on both sides.

    The error at an edge e is that of a process which lies exactly on it: √(e(1 − e)/rounds) where each round
    is yes or no, else the standard error found. A method without any answer is never within.

    >>> row = Outcome("k", "c", "w", 1.0, 6.0, ())
    >>> five = Found("m", True, 7.4, 1.3, 400, 0)
    >>> within(row, five, 0), within(row, five, 3), within(row, Found("m", True, 10.0, 1.5, 400, 0), 3)
    (False, True, False)
    """
    if found.value is None:
        return False
    low = row.low is None or found.value >= row.low - sigmas * edge_error(row, found, row.low)
    high = row.high is None or found.value <= row.high + sigmas * edge_error(row, found, row.high)
    return low and high


def edge_error(row: Outcome | Row[Any], found: Found, edge: float) -> float:
    """Monte-Carlo error of a process that lies on the edge of the band."""
    if row.exact or not found.rounds:
        return 0.0
    share = edge / 100
    if found.yes_or_no and 0 <= share <= 1:
        return 100 * math.sqrt(share * (1 - share) / found.rounds)
    return found.error
