"""Rows of work with a value: answered surveys, handle times, waits; by day and agent, without any change."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.record import World
from calibration.worlds.days import RHYTHM, ar
from calibration.worlds.tickets import WEEKEND
from kpi.measures import Days, Measure, Statistics
from kpi.measures.statistics import Columns

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]


@dataclass(frozen=True)
class Work:
    """Rows of each run: day, agent and a standard normal value with effects of both; each int64 / float64[n].

    The first ``split`` days from ``start`` on are before, the rest is now; earlier ones are history.
    """

    day: tuple[Longs, ...]
    agent: tuple[Longs, ...]
    value: tuple[Floats, ...]
    start: int
    split: int
    end: int

    @property
    def now(self) -> Days:
        """First and last day."""
        return self.split, self.end - 1

    @property
    def before(self) -> Days:
        """First and last day."""
        return self.start, self.split - 1

    def statistics(self, run: int, measure: Measure, columns: Columns) -> Statistics:
        """What a measure collects of all days of a run."""
        return measure.collect(self.day[run], self.agent[run], columns)


def within(statistics: Statistics, days: Days) -> Statistics:
    """The statistics of some days."""
    return statistics.select(days)


def work(
    *,
    agents: int = 12,
    rows: float = 80,
    day_sd: float = 0.15,
    day_phi: float = 0.6,
    own: float = 0.3,
    restless: float = 0.1,
    history: int = 126,
) -> World[Work]:
    """Values of variance about 1 in which days and agents differ; sds are in units of a row's own sd."""

    def draw(rng: np.random.Generator, runs: int) -> Work:
        n = history + 56
        weekday = np.arange(n) % 7
        days, whose, values = [], [], []
        effect = day_sd * ar(day_phi).draw(rng, n, runs) + 0.1 * RHYTHM[weekday][:, None]
        stretch = np.minimum(np.arange(n) // 28, n // 28 - 1)
        for run in range(runs):
            counts = rng.poisson(rows * WEEKEND[weekday])
            day = np.repeat(np.arange(n), counts)
            agent = rng.integers(0, agents, day.size)
            level = own * rng.standard_normal(agents)
            periods = restless * rng.standard_normal((n // 28 + 1, agents))
            value = rng.standard_normal(day.size) + effect[day, run] + level[agent]
            days.append(day)
            whose.append(agent)
            values.append(value + periods[stretch[day], agent])
        return Work(tuple(days), tuple(whose), tuple(values), history, history + 28, n)

    name = (
        f"{rows:g} rows a weekday, {agents} agents (sd {restless:g} between periods), "
        f"days AR {day_phi:g} sd {day_sd:g}, 28 days against 28"
    )
    return World(name, draw)
