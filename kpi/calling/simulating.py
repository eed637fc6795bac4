"""How often would we call it? Simulated periods, judged as the app judges real ones."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kpi.calling.moving import Moved, moved
from kpi.calling.worlds import LOG_SPREAD, PASSIVES, SPREAD, Drawn, Kind, World, case_of, draw, most_runs
from kpi.definitions import Definitions
from kpi.measures.daily_evidence import evidence_for
from kpi.metrics import catalogue
from kpi.model import Difference, Estimate, Metric, Verdict
from kpi.verdicts import chance, judge, matters

Floats = NDArray[np.float64]
SEED = 20_260_901
RUNS = 1_000
"""Pairs of periods that are judged."""
LEARNED = (40, 120)
"""Fewest and most stretches of days from which the judge learns; pairs share them in turn, since how much
days wander says nothing about which way two means differ."""
DAYS_IN_ALL = 10_000
POINTS = 21
SEEN = 0.8
"""Four times in five."""
CLEAR = (Verdict.BETTER, Verdict.WORSE, Verdict.CHANGED)


@dataclass(frozen=True)
class Rates:
    """How often each verdict is given, as shares of ``runs``; they add up to 1.

    ``error``: half the width of the 95 % Monte-Carlo interval of how often a change is called.
    """

    runs: int
    error: float
    better: float
    worse: float
    unclear: float
    too_few: float

    @property
    def called(self) -> float:
        """How often any change is called."""
        return self.better + self.worse


@dataclass(frozen=True)
class PowerPoint:
    """A true change, how often it is called in its own direction, and how often by a plain test."""

    change: float
    seen: float
    plain: float


@dataclass(frozen=True)
class Simulation:
    """What would be called in this world.

    Attributes:
        changed: verdicts with the true change; unchanged: without any.
        plain_changed, plain_unchanged: how often a plain test of independent rows says p < 1 − confidence.
        smallest_down, smallest_up: the smallest fall and rise called four times in five; None beyond the
            curve.
        least: the smallest difference that matters, in the unit of the metric.
        design: what the judge learned chance from, in its own words.
    """

    world: World
    metric: Metric
    change: float
    changed: Rates
    unchanged: Rates
    plain_changed: float
    plain_unchanged: float
    curve: tuple[PowerPoint, ...]
    smallest_down: float | None
    smallest_up: float | None
    least: float
    design: str
    confidence: float


def simulate(world: World, change: float, definitions: Definitions, *, seed: int = SEED) -> Simulation:
    """Verdicts on many pairs of periods: unchanged, with the true change, and with others around it.

    Raises:
        ValueError: for what cannot be simulated, naming all that is wrong.
    """
    metric = metric_of(world.kind, definitions)
    wrong = [*world.problems(), *_impossible(world, change)]
    if wrong:
        raise ValueError("; ".join(wrong))
    rng = np.random.default_rng(seed)
    level = definitions.confidence
    learned = _evidence(world, rng, level)
    drawn = draw(world, most_runs(world, RUNS), rng)
    turn = np.arange(drawn.runs) % learned.effect.size
    effect, df = learned.effect[turn], learned.df[turn]
    others = np.sort(rng.random((drawn.runs, world.looks - 1)), axis=1)
    judged = _Judge(metric, definitions, world, others, moved(drawn, effect, df, level), turn)
    plain = _plain(drawn, level)
    reach = _reach(world, metric, effect)
    grid = np.unique(np.round(np.append(np.linspace(-reach, reach, POINTS), 0.0), 12))
    grid = grid[[not _impossible(world, each) for each in grid.tolist()]]
    alpha = chance(level)
    curve = tuple(
        PowerPoint(each, judged.seen(each), float((plain(each)[1] < alpha).mean())) for each in grid.tolist()
    )
    return Simulation(
        world=world,
        metric=metric,
        change=change,
        changed=judged.rates(change),
        unchanged=judged.rates(0.0),
        plain_changed=float((plain(change)[1] < alpha).mean()),
        plain_unchanged=float((plain(0.0)[1] < alpha).mean()),
        curve=curve,
        smallest_down=_smallest([one for one in curve if one.change <= 0][::-1]),
        smallest_up=_smallest([one for one in curve if one.change >= 0]),
        least=matters(metric, Estimate(world.base, world.n), None),
        design=learned.design,
        confidence=level,
    )


def plain_power(world: World, change: float, runs: int, *, level: float = 0.95, seed: int = SEED) -> float:
    """How often a plain test of independent rows calls a true change: the part that has a known answer."""
    drawn = draw(world, runs, np.random.default_rng(seed))
    return float((_plain(drawn, level)(change)[1] < chance(level)).mean())


def metric_of(kind: Kind, definitions: Definitions) -> Metric:
    """The metric that stands for a kind, under the definitions."""
    return next(metric for metric in catalogue(definitions) if metric.key == kind.value)


def adjusted_first(p: Floats, others: Floats) -> Floats:
    """Benjamini-Hochberg adjusted p of one comparison among others, run by run.

    Args:
        p: float64[runs]. others: float64[runs, m - 1], sorted in each run.

    >>> adjusted_first(np.array([0.01]), np.array([[0.03, 0.04]])).tolist()
    [0.03]
    """
    looks = others.shape[1] + 1
    together = np.sort(np.concatenate([p[:, None], others], axis=1), axis=1)
    scaled = together * looks / np.arange(1, looks + 1)
    smallest = np.minimum.accumulate(scaled[:, ::-1], axis=1)[:, ::-1]
    place = (together < p[:, None]).sum(axis=1)
    found: Floats = np.minimum(1.0, smallest[np.arange(p.size), place])
    return found


@dataclass(frozen=True)
class _Judge:
    metric: Metric
    definitions: Definitions
    world: World
    others: Floats
    at: Moved
    turn: NDArray[np.int64]

    def rates(self, change: float) -> Rates:
        """Verdicts of the real truth table on every run."""
        value, p, before = self.at(change)
        adjusted = adjusted_first(p, self.others)
        found = [
            self.verdict(*numbers)
            for numbers in zip(value.tolist(), p.tolist(), adjusted.tolist(), before.tolist(), strict=True)
        ]
        share = {verdict: found.count(verdict) / len(found) for verdict in Verdict}
        called = np.array([verdict in CLEAR for verdict in found], np.float64)
        return Rates(
            len(found),
            _error(called, self.turn),
            share[Verdict.BETTER],
            share[Verdict.WORSE],
            share[Verdict.UNCLEAR],
            share[Verdict.TOO_FEW],
        )

    def verdict(self, value: float, p: float, adjusted: float, before: float) -> Verdict:
        """As the app would say."""
        n = self.world.n
        difference = Difference(value, value, value, p, "simulated", p_adjusted=adjusted)
        return judge(
            self.metric,
            Estimate(before + value, n),
            Estimate(before, n),
            difference,
            confidence=self.definitions.confidence,
            minimum_n=self.definitions.minimum_n,
            looks=self.world.looks,
        ).verdict

    def seen(self, change: float) -> float:
        """How often a change is called in its own direction (in either, where there is none)."""
        if self.world.n < self.definitions.minimum_n:
            return 0.0
        value, p, before = self.at(change)
        called = called_at_once(
            value, adjusted_first(p, self.others), before, self.metric, self.definitions.confidence
        )
        return float((called if change == 0 else called & (value * change > 0)).mean())


def called_at_once(
    value: Floats, p_adjusted: Floats, before: Floats, metric: Metric, confidence: float
) -> NDArray[np.bool_]:
    """Where :func:`kpi.verdicts.judge` calls a change, for many differences with enough rows."""
    least = metric.matters * np.abs(before) if metric.relative_matters else metric.matters
    found: NDArray[np.bool_] = (p_adjusted < chance(confidence)) & (np.abs(value) >= least)
    return found


def _error(called: Floats, turn: NDArray[np.int64]) -> float:
    """Half a 95 % interval; pairs that share a stretch of days count as one cluster."""
    n, k = called.size + 4, float(called.sum()) + 2
    plain = k / n * (1 - k / n) / n
    mean = np.bincount(turn, weights=called) / np.bincount(turn)
    between = float(mean.var(ddof=1)) / mean.size if mean.size > 1 else 0.0
    return 1.96 * math.sqrt(max(plain, between))


@dataclass(frozen=True)
class _Learned:
    """Factor over independent rows and degrees of freedom by stretch of days, and what the judge calls it."""

    effect: Floats
    df: Floats
    design: str


def _evidence(world: World, rng: np.random.Generator, level: float) -> _Learned:
    fewest, most = LEARNED
    stretches = max(fewest, min(most, DAYS_IN_ALL // (2 * world.days + world.history)))
    drawn = draw(world, stretches, rng, world.history)
    cases = [case_of(drawn, run, level) for run in range(drawn.runs)]
    found = evidence_for([case for case in cases if case is not None])
    if not found:
        return _Learned(np.ones(1), np.full(1, np.inf), "nothing varies")
    words = max({one.words for one in found}, key=[one.words for one in found].count)
    return _Learned(np.array([one.effect for one in found]), np.array([one.df for one in found]), words)


def _plain(drawn: Drawn, level: float) -> Moved:
    return moved(drawn, np.ones(drawn.runs), np.full(drawn.runs, np.inf), level)


def _impossible(world: World, change: float) -> list[str]:
    after = world.base + change
    low, high = {Kind.SHARE: (0.0, 1.0), Kind.MEAN: (-math.inf, math.inf), Kind.SCORE: (-100.0, 100.0)}.get(
        world.kind, (0.0, math.inf)
    )
    if not math.isfinite(change):
        return ["the change must be a number"]
    return [] if low <= after <= high else [f"{world.base:g} and a change of {change:g} make {after:g}"]


def _reach(world: World, metric: Metric, effect: Floats) -> float:
    """How far the curve goes: to where about every change is called, and past what matters."""
    least = matters(metric, Estimate(world.base, world.n), None)
    sd = {
        Kind.SHARE: math.sqrt(max(0.01, world.base * (1 - world.base))),
        Kind.MEAN: SPREAD,
        Kind.SCORE: 100 * math.sqrt(max(0.05, 1 - PASSIVES - (world.base / 100) ** 2)),
        Kind.MEDIAN: 1.2533 * LOG_SPREAD * world.base,
    }[world.kind]
    se = sd * math.sqrt(2 * float(np.median(effect)) / world.n)
    return max(6.0 * se, 1.5 * least)


def _smallest(half: list[PowerPoint]) -> float | None:
    """Where the curve first reaches four in five, going outwards; as a size."""
    for inner, outer in pairwise(half):
        if outer.seen >= SEEN:
            share = (SEEN - inner.seen) / (outer.seen - inner.seen) if outer.seen > inner.seen else 1.0
            return abs(inner.change + min(max(share, 0.0), 1.0) * (outer.change - inner.change))
    return None
