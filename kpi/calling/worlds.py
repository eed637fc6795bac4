"""Made-up days in which nothing changed, drawn many times: the desk of the simulator.

The period before and the period now follow each other, with a history before both. Each day has a level of
its own, which wanders around the base (AR(1) with the persistence asked for), and rows that scatter around
that level at random.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from kpi.measures import Cells, Counts, Gap, Mean, Quantile, Score, Share
from kpi.measures.daily_evidence import Case, Stretch

Floats = NDArray[np.float64]

FIRST_DAY = 20_003
"""A Monday."""
PASSIVES = 0.3
"""Share of passives in every simulated net score, as far as the score leaves room for them."""
SPREAD = 1.3
"""Standard deviation of one effort score."""
LOG_SPREAD = 1.0
"""Standard deviation of the logarithm of one duration."""
MOST_ROWS = 4_000_000


class Kind(Enum):
    """Kinds of metric; the value is the metric that stands for it."""

    SHARE = "csat"
    MEAN = "ces"
    MEDIAN = "frt"
    SCORE = "nps"


@dataclass(frozen=True)
class World:
    """What is simulated.

    Attributes:
        days, per_day: of each of the two periods, and rows on each day.
        base: value before, in the unit of the metric (shares 0-1, minutes, points).
        swing: how much days differ, as a multiple of what chance alone makes days differ.
        persistence: correlation of neighbouring days' levels.
        history: days of data before both periods, from which the judge learns how much days wander.
        looks: comparisons made together; the others are of metrics that did not change.
    """

    kind: Kind
    days: int
    per_day: int
    base: float
    swing: float = 0.0
    persistence: float = 0.0
    looks: int = 1
    history: int = 0

    @property
    def n(self) -> int:
        """Rows of each period."""
        return self.days * self.per_day

    def problems(self) -> tuple[str, ...]:
        """Everything that cannot be simulated; empty when all is well."""
        wrong = []
        if not 1 <= self.days <= 400:
            wrong.append(f"days must lie between 1 and 400, are {self.days}")
        if not 1 <= self.per_day <= 10_000:
            wrong.append(f"rows a day must lie between 1 and 10,000, are {self.per_day}")
        low, high = RANGES[self.kind]
        if not low <= self.base <= high:
            wrong.append(f"the value before must lie between {low:g} and {high:g}, is {self.base:g}")
        if not 0 <= self.swing <= 10:
            wrong.append(f"the swing of days must lie between 0 and 10, is {self.swing:g}")
        if not 0 <= self.persistence < 1:
            wrong.append(f"persistence must lie between 0 and 1, is {self.persistence:g}")
        if not 0 <= self.history <= 400:
            wrong.append(f"days of history must lie between 0 and 400, are {self.history}")
        if not 1 <= self.looks <= 500:
            wrong.append(f"comparisons must be between 1 and 500, are {self.looks}")
        return tuple(wrong)


RANGES = {
    Kind.SHARE: (0.02, 0.98),
    Kind.MEAN: (1.0, 7.0),
    Kind.MEDIAN: (1.0, 10_000.0),
    Kind.SCORE: (-95.0, 95.0),
}
"""Values before that can be simulated, in the unit of the metric."""


@dataclass(frozen=True)
class Drawn:
    """Many times the same unchanged stretch of days, ending with the periods before and now.

    Attributes:
        first, second: float64[runs, days]; hits (share), sum and sum of squares (mean), promoters and
            detractors (score); for medians ``values`` is float64[runs, days, rows].
        history: days before the period before.
    """

    world: World
    first: Floats
    second: Floats
    values: Floats
    history: int

    @property
    def runs(self) -> int:
        """How many times."""
        return int(self.first.shape[0])

    @property
    def stretches(self) -> tuple[slice, slice, slice]:
        """Places of the days now, before and of the history."""
        start, days = self.history, self.world.days
        return slice(start + days, start + 2 * days), slice(start, start + days), slice(0, start)


def draw(world: World, runs: int, rng: np.random.Generator, history: int = 0) -> Drawn:
    """Runs of unchanged days.

    Raises:
        ValueError: for a world that cannot be simulated, naming all that is wrong.
    """
    wrong = world.problems()
    if wrong:
        raise ValueError("; ".join(wrong))
    wander = _wander(world, runs, rng, history + 2 * world.days)
    n, base = world.per_day, world.base
    nothing = np.zeros((*wander.shape[:2], 0))
    if world.kind is Kind.SHARE:
        level = np.clip(base + wander * np.sqrt(base * (1 - base) / n), 0.005, 0.995)
        hits = rng.binomial(n, level).astype(np.float64)
        return Drawn(world, hits, np.zeros_like(hits), nothing, history)
    if world.kind is Kind.MEAN:
        level = base + wander * SPREAD / np.sqrt(n)
        mean = level + rng.standard_normal(level.shape) * SPREAD / np.sqrt(n)
        inside = SPREAD**2 * rng.chisquare(n - 1, level.shape) if n > 1 else np.zeros(level.shape)
        return Drawn(world, mean * n, inside + n * mean**2, nothing, history)
    if world.kind is Kind.SCORE:
        score = base / 100
        passives = min(PASSIVES, 1 - abs(score))
        sd = np.sqrt(1 - passives - score**2)
        score_of_day = np.clip(score + wander * sd / np.sqrt(n), -0.99, 0.99)
        rest = np.minimum(passives, 1 - np.abs(score_of_day))
        up = (1 - rest + score_of_day) / 2
        promoters = rng.binomial(n, up)
        among = np.clip((1 - rest - up) / np.maximum(1 - up, 1e-12), 0.0, 1.0)
        detractors = rng.binomial(n - promoters, among)
        return Drawn(world, promoters.astype(np.float64), detractors.astype(np.float64), nothing, history)
    level = np.log(base) + wander * 1.2533 * LOG_SPREAD / np.sqrt(n)
    noise = rng.standard_normal((*level.shape, n)) * LOG_SPREAD
    values = np.rint(np.exp(level[..., None] + noise))
    return Drawn(world, np.zeros(level.shape), np.zeros(level.shape), values, history)


def most_runs(world: World, wanted: int) -> int:
    """As many runs as wanted, or as many as can be drawn in a moment."""
    rows = 2 * world.n if world.kind is Kind.MEDIAN else 2 * world.days
    return max(40, min(wanted, MOST_ROWS // max(1, rows)))


def _wander(world: World, runs: int, rng: np.random.Generator, length: int) -> Floats:
    """Levels of all days around the base, in units of what chance makes days differ."""
    phi = world.persistence
    shocks = rng.standard_normal((runs, length))
    level = np.empty_like(shocks)
    level[:, 0] = shocks[:, 0]
    for day in range(1, length):
        level[:, day] = phi * level[:, day - 1] + np.sqrt(1 - phi * phi) * shocks[:, day]
    return np.asarray(level * world.swing, np.float64)


MEASURES: dict[Kind, Share | Mean | Quantile | Score] = {
    Kind.SHARE: Share("of", "among"),
    Kind.MEAN: Mean("of", "among"),
    Kind.MEDIAN: Quantile("of", 0.5, "among"),
    Kind.SCORE: Score("up", "down", "among"),
}


def case_of(drawn: Drawn, run: int, level: float) -> Case | None:
    """now − before of one run with the days before both, as the app would see it; None where it cannot be
    computed, or nothing varies."""
    measure = MEASURES[drawn.world.kind]
    now, before, history = drawn.stretches
    found = measure.gap(_statistics(drawn, run, now), _statistics(drawn, run, before), level=level)  # type: ignore[arg-type]
    if not isinstance(found, Gap) or found.plain <= 0:
        return None
    around: tuple[Stretch, ...] = ()
    if drawn.history:
        days = _days(history)
        side = measure.side(_statistics(drawn, run, history), days)  # type: ignore[arg-type]
        around = () if side is None else (Stretch(days, side),)
    return Case(found, (_days(now), _days(before)), around)


def _days(place: slice) -> tuple[int, int]:
    return FIRST_DAY + place.start, FIRST_DAY + place.stop - 1


def _statistics(drawn: Drawn, run: int, place: slice) -> Cells | Counts:
    world = drawn.world
    first, last = _days(place)
    day = np.arange(first, last + 1, dtype=np.int32)
    agent = np.full(day.size, -1, np.int32)
    if world.kind is Kind.MEDIAN:
        values = drawn.values[run, place].reshape(-1)
        each = np.repeat(day, world.per_day)
        return Counts.of_rows(each, None, values, np.ones(values.size, np.int64))
    n = np.full(day.size, float(world.per_day))
    one, other = drawn.first[run, place], drawn.second[run, place]
    sums = {
        Kind.SHARE: {"n": n, "k": one},
        Kind.MEAN: {"n": n, "sum": one, "sumsq": other},
        Kind.SCORE: {"n": n, "up": one, "down": other},
    }[world.kind]
    return Cells(day, agent, MappingProxyType(sums))
