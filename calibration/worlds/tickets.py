"""Tickets of agents and days: two months of one desk without any change, teams, segments."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from calibration.record import World
from calibration.worlds.days import RHYTHM, ar
from kpi.measures import Cells

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
WEEKEND = np.array([1.0, 1.0, 1.0, 1.0, 1.0, 0.25, 0.25])
"""A weekend day has a quarter of a weekday's tickets."""


@dataclass(frozen=True)
class Desk:
    """How tickets come about; all effects on the logit scale.

    Attributes:
        agents, tickets: how many agents, and tickets on a weekday.
        share: of the tickets that are good.
        own: sd between agents, the same in both periods.
        restless: sd of an agent from one period to the next: what agents add to chance.
        day_sd, day_phi: sd of the days, and how much a day resembles the day before.
    """

    agents: int = 25
    tickets: float = 150
    share: float = 0.85
    own: float = 0.3
    restless: float = 0.15
    day_sd: float = 0.2
    day_phi: float = 0.6

    def named(self) -> str:
        """In words."""
        return (
            f"{self.share:.0%}, {self.agents} agents (sd {self.restless:g} between periods), "
            f"days AR {self.day_phi:g} sd {self.day_sd:g}"
        )


@dataclass(frozen=True)
class Months:
    """Tickets and good ones, int64[runs, days, agents].

    ``start`` is the first day of the period before (what lies earlier is history), ``split`` that of now.
    """

    rows: Longs
    good: Longs
    start: int
    split: int

    def cells(self, run: int, first: int, end: int) -> Cells:
        """The sums of some days, as :class:`kpi.measures.Share` takes them."""
        rows = self.rows[run, first:end]
        day, agent = np.nonzero(rows)
        good = self.good[run, first:end][day, agent]
        sums = {"n": rows[day, agent].astype(np.float64), "k": good.astype(np.float64)}
        return Cells((day + first).astype(np.int32), agent.astype(np.int32), sums)

    @property
    def now(self) -> tuple[int, int]:
        """First and last day."""
        return self.split, self.rows.shape[1] - 1

    @property
    def before(self) -> tuple[int, int]:
        """First and last day."""
        return self.start, self.split - 1


def months(
    desk: Desk, *, history: int = 126, before: int = 28, now: int = 28, change: float = 0.0
) -> World[Months]:
    """Two stretches of days after a history; ``change`` is a true one of the last, in logits."""
    name = f"{desk.named()}, {now} days against {before}, {history} before them"
    return World(name, lambda rng, runs: _drawn(desk, rng, runs, (history, before, now), change))


def _drawn(
    desk: Desk,
    rng: np.random.Generator,
    runs: int,
    lengths: tuple[int, int, int],
    change: float = 0.0,
    days: Floats | None = None,
) -> Months:
    """``days`` float64[runs, n] are effects of the days that are drawn elsewhere.

    The agents of the history change every 28 days, as they do from period to period.
    """
    history, before, now = lengths
    n = history + before + now
    weekday = np.arange(n) % 7
    load = rng.lognormal(0, 0.4, (runs, 1, desk.agents))
    load /= load.mean(axis=2, keepdims=True)
    rows = rng.poisson(desk.tickets * WEEKEND[weekday][None, :, None] * load / desk.agents)
    if days is None:
        days = ar(desk.day_phi).draw(rng, n, runs).T * desk.day_sd
    rhythm = 0.1 * RHYTHM[weekday][None, :, None]
    later = (np.arange(n) >= history + before).astype(np.float64)
    stretches = [28] * (history // 28) + [history % 28] * (history % 28 > 0) + [before, now]
    periods = desk.restless * rng.standard_normal((runs, len(stretches), desk.agents))
    agents = desk.own * rng.standard_normal((runs, 1, desk.agents)) + np.repeat(periods, stretches, axis=1)
    logit = special.logit(desk.share) + rhythm + days[:, :, None] + agents + change * later[None, :, None]
    return Months(rows, rng.binomial(rows, special.expit(logit)), history, history + before)


@dataclass(frozen=True)
class Reports:
    """Reports of many cells each: ``months`` has a run for every cell of every report, report by report."""

    months: Months
    cells: int


def report(desk: Desk, *, metrics: int, segments: int, history: int = 126) -> World[Reports]:
    """A report in which nothing changed; the segments of a metric share half the variance of its days."""

    def draw(rng: np.random.Generator, runs: int) -> Reports:
        noise, cells, n = ar(desk.day_phi), metrics * segments, history + 56
        common = np.repeat(noise.draw(rng, n, runs * metrics).T, segments, axis=0)
        own = noise.draw(rng, n, runs * cells).T
        days = desk.day_sd * np.sqrt(0.5) * (common + own)
        return Reports(_drawn(desk, rng, runs * cells, (history, 28, 28), 0.0, days), cells)

    return World(f"{metrics * segments} cells, each {desk.named()}, 28 days against 28", draw)


@dataclass(frozen=True)
class Teams:
    """Two teams of different agents: tickets and good ones, int64[runs, agents] each."""

    rows: tuple[Longs, Longs]
    good: tuple[Longs, Longs]

    def cells(self, run: int, days: int = 28) -> tuple[Cells, Cells]:
        """Both teams as cells; tickets lie evenly over the days, which do not differ."""
        spread = np.random.default_rng(run)
        return self._cells(run, 0, days, spread), self._cells(run, 1, days, spread)

    def _cells(self, run: int, team: int, days: int, spread: np.random.Generator) -> Cells:
        rows, good = self.rows[team][run], self.good[team][run]
        agent = np.repeat(np.arange(rows.size) + 1000 * team, rows)
        flag = np.concatenate([np.arange(n) < k for n, k in zip(rows, good, strict=True)])
        day = spread.integers(0, days, agent.size)
        return Cells.of_rows(day, agent, {"n": np.ones(agent.size), "k": flag.astype(np.float64)})


@dataclass(frozen=True)
class Shape:
    """Agents of both teams, tickets of each agent on average, and how uneven these are (sd of logs)."""

    agents: tuple[int, int]
    tickets: float
    uneven: float = 0.0

    def named(self) -> str:
        """In words."""
        one, other = self.agents
        teams = f"2 × {one}" if one == other else f"{one} and {other}"
        return f"{teams} agents × {self.tickets:g}" + (" (uneven)" if self.uneven else "")


def teams(shape: Shape, icc: float, share: float = 0.8) -> World[Teams]:
    """Agents differ by a beta distribution with this intraclass correlation; teams do not."""

    def draw(rng: np.random.Generator, runs: int) -> Teams:
        rows, good = [], []
        for agents in shape.agents:
            load = (
                rng.lognormal(-(shape.uneven**2) / 2, shape.uneven, (runs, agents)) if shape.uneven else 1.0
            )
            n = np.maximum(1, np.rint(shape.tickets * np.broadcast_to(load, (runs, agents)))).astype(np.int64)
            weight = (1 - icc) / icc if icc else 0.0
            p = rng.beta(share * weight, (1 - share) * weight, (runs, agents)) if icc else share
            rows.append(n)
            good.append(rng.binomial(n, p).astype(np.int64))
        return Teams((rows[0], rows[1]), (good[0], good[1]))

    return World(f"{shape.named()}, ICC {icc:g}", draw)


@dataclass(frozen=True)
class Segments:
    """Tickets and good ones of many segments, now and before: int64[runs, segments, 2]; which are real."""

    rows: Longs
    good: Longs
    real: NDArray[np.bool_]
    truth: Floats
    """float64[segments]: true change of each."""


def segments(many: int, real: int, *, tickets: int, share: float, change: float) -> World[Segments]:
    """Independent tickets; the first ``real`` segments change by so much, every other one upwards."""

    def draw(rng: np.random.Generator, runs: int) -> Segments:
        truth = np.zeros(many)
        truth[:real] = change * np.where(np.arange(real) % 2, 1.0, -1.0)
        p = np.stack([share + truth, np.full(many, share)], axis=1)
        rows = np.full((runs, many, 2), tickets, np.int64)
        return Segments(rows, rng.binomial(rows, p[None]).astype(np.int64), truth != 0, truth)

    name = f"{many} segments of {tickets} tickets, {share:.0%}"
    return World(name + (f", {real} changed by {100 * change:g} points" if real else ", none changed"), draw)
