"""Stretches of the sample without a planted truth, and how often trends and drivers see something in them.

From the fifth week (customers and tickets then have a past) to the day before the first truth; windows that
touch the week with wrong times of creation are left out. Volume, tickets per agent and the backlog follow the
season and the holidays, so they do change and are not asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from kpi import compare
from kpi.facts import Facts
from kpi.metrics import catalogue
from kpi.model import Filter, Period, Verdict
from kpi.trend import Known, trend

FIRST, LAST = date(2025, 4, 29), date(2026, 4, 30)
ZONE_WEEK = Period(date(2025, 10, 1), date(2025, 10, 7))
SEASONAL = ("volume", "productivity", "backlog")
GROWING = ("repeat_rate",)
"""Counts who was seen before, so it moves with the length of the past; two periods are not compared on it."""
LOUD = (Verdict.BETTER, Verdict.WORSE, Verdict.CHANGED)
NOMINAL = 0.05


def untouched(start: date, end: date) -> bool:
    """Whether the days hold no planted truth."""
    return start >= FIRST and end <= LAST and (start > ZONE_WEEK.end or end < ZONE_WEEK.start)


def windows(random: np.random.Generator, number: int, lengths: tuple[int, ...]) -> Iterator[Period]:
    """So many stretches of one of the lengths, at random dates."""
    found = 0
    while found < number:
        length = int(random.choice(lengths))
        start = FIRST + timedelta(days=int(random.integers(0, (LAST - FIRST).days)))
        end = start + timedelta(days=length - 1)
        if untouched(start, end):
            found += 1
            yield Period(start, end)


def steady_metrics(facts: Facts) -> tuple[str, ...]:
    """Metrics that come from laws that stay the same, and have values."""
    spring = Period(date(2026, 1, 1), date(2026, 3, 31))
    return tuple(
        each.metric.key
        for each in compare.measure(facts, spring)
        if each.estimate.value is not None and each.metric.key not in (*SEASONAL, *GROWING)
    )


@dataclass
class Seen:
    """What trends of stretches without a change said.

    Attributes:
        slopes, small_slopes, loud_slopes: trends judged; with p < 0.05; with a verdict.
        scans, with_steps: stretches searched for steps; with at least one.
        dates, small_dates, loud_dates: steps at random dates judged; with p < 0.05; with a verdict.
    """

    slopes: int = 0
    small_slopes: int = 0
    loud_slopes: int = 0
    scans: int = 0
    with_steps: int = 0
    dates: int = 0
    small_dates: int = 0
    loud_dates: int = 0
    loud: Counter[str] = field(default_factory=Counter)

    def add(
        self, facts: Facts, metric: str, window: Period, day: date, where: tuple[Filter, ...] = ()
    ) -> None:
        """One trend with a placebo event."""
        found = trend(facts, metric, where=where, period=window, events=(Known(day, "placebo"),))
        if found.refused is not None:
            return
        self.scans += 1
        self.with_steps += bool(found.change_points)
        if found.change_points:
            self.loud[f"{metric} step"] += 1
        if found.slope.p is not None:
            self.slopes += 1
            self.small_slopes += found.slope.p < 0.05
            self.loud_slopes += found.slope.verdict in LOUD
            self.loud[f"{metric} slope"] += found.slope.p < 0.05
        (effect,) = found.events
        if effect.change.p is not None:
            self.dates += 1
            self.small_dates += effect.change.p < 0.05
            self.loud_dates += effect.change.verdict in LOUD
            self.loud[f"{metric} date"] += effect.change.p < 0.05

    def __str__(self) -> str:
        rows = (
            ("slopes", self.slopes, self.small_slopes, self.loud_slopes),
            ("placebo dates", self.dates, self.small_dates, self.loud_dates),
        )
        said = [f"{name}: {n}, p < .05 in {small}, verdicts {loud}" for name, n, small, loud in rows]
        often = {name: count for name, count in self.loud.most_common(12) if count}
        return "; ".join([*said, f"scans: {self.scans}, with a step {self.with_steps}", str(often)])


def looked_at(
    facts: Facts, seed: int, number: int, each: int, lengths: tuple[int, ...] = (91, 140, 182)
) -> Seen:
    """Random stretches, in each of them some of the steady metrics, with a step at a random date inside."""
    random = np.random.default_rng([20260901, seed])
    keys = np.array(
        [key for key in steady_metrics(facts) if key in {m.key for m in catalogue(facts.definitions)}]
    )
    seen = Seen()
    for window in windows(random, number, lengths):
        day = window.start + timedelta(days=int(random.integers(14, window.days - 14)))
        for key in random.choice(keys, each, replace=False):
            seen.add(facts, str(key), window, day)
    return seen
