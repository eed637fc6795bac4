"""What a lead types into the simulator, in the numbers of the page, and what it means."""

from __future__ import annotations

from dataclasses import dataclass

from kpi.calling.worlds import RANGES, Kind, World


@dataclass(frozen=True)
class Typed:
    """How a kind of metric is asked about: shown = value × factor.

    Attributes:
        base, change: what is there at first, as shown; low, high: what the base may be.
    """

    name: str
    factor: float
    word: str
    base: float
    change: float
    low: float
    high: float
    step: float


def _typed(kind: Kind, name: str, factor: float, word: str, base: float, change: float, step: float) -> Typed:
    low, high = RANGES[kind]
    return Typed(name, factor, word, base, change, low * factor, high * factor, step)


TYPED = {
    Kind.SHARE: _typed(Kind.SHARE, "A share (CSAT)", 100.0, "%", 80.0, -5.0, 1.0),
    Kind.MEAN: _typed(Kind.MEAN, "A mean score (CES)", 1.0, "score", 5.5, -0.2, 0.1),
    Kind.MEDIAN: _typed(Kind.MEDIAN, "A median (first response)", 1.0, "minutes", 60.0, 12.0, 5.0),
    Kind.SCORE: _typed(Kind.SCORE, "A net score (NPS)", 1.0, "points", 30.0, -10.0, 1.0),
}
SWINGS = {"Not at all": 0.0, "Half as much as chance": 0.5, "As much as chance": 1.0, "Twice as much": 2.0}
"""How much days differ beyond what chance makes them differ."""
PERSISTENCES = {"None: each day anew": 0.0, "Some: 0.3": 0.3, "Clear: 0.5": 0.5, "Strong: 0.7": 0.7}
HISTORIES = {"Only the two periods": 0, "Half a year more": 182, "A year in all": 364}
DAYS = {"1 week": 7, "2 weeks": 14, "4 weeks": 28, "1 month": 30, "1 quarter": 91}


def kind_named(name: str) -> Kind:
    """The kind with this name."""
    return next(kind for kind, typed in TYPED.items() if typed.name == name)


def world_typed(
    kind: Kind,
    days: str,
    per_day: int,
    base: float,
    change: float,
    looks: int,
    swing: str,
    persistence: str,
    history: str,
) -> tuple[World, float]:
    """The world and the true change from the words and numbers on the page.

    >>> world, change = world_typed(Kind.SHARE, "4 weeks", 20, 80.0, -5.0, 1, "Not at all",
    ...     "None: each day anew", "A year in all")
    >>> world.n, world.base, change, world.history
    (560, 0.8, -0.05, 308)
    """
    typed = TYPED[kind]
    length = DAYS[days]
    wanted = HISTORIES[history]
    more = max(0, 364 - 2 * length) if wanted == HISTORIES["A year in all"] else wanted
    world = World(
        kind,
        length,
        per_day,
        round(base / typed.factor, 12),
        SWINGS[swing],
        PERSISTENCES[persistence],
        looks,
        more,
    )
    return world, round(change / typed.factor, 12)
