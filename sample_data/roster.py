"""Who works on which day, and who is given which contact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from sample_data.chance import Floats, choose_by_row
from sample_data.clock import Clock, Ints, day_number, weekday
from sample_data.world import AGENTS, DISPUTE, FIRST_DAY, HARD_AGENT, LAST_DAY, MAIL, Plan

ON_SHIFT = 0.78
HOLIDAY_WEEKS = 0.08
AT_LEAST = 2
OFF_SHIFT_WEIGHT = 1e-6


@dataclass(frozen=True)
class Roster:
    """``present`` is days × agents, ``speed`` a factor on times, ``skill`` added to the chance to please."""

    first_day: int
    present: NDArray[np.bool_]
    speed: Floats
    skill: Floats

    def place(self, days: Ints) -> Ints:
        """Row of ``present`` of day numbers, the nearest one outside the roster."""
        return np.asarray(np.clip(days - self.first_day, 0, len(self.present) - 1), dtype=np.int64)

    def next_shift(self, agent: int, days: Ints) -> Ints:
        """First day on or after each day on which the agent works, -1 for none."""
        worked = np.flatnonzero(self.present[:, agent])
        place = np.searchsorted(worked, days - self.first_day)
        found = place < len(worked)
        return np.where(found, self.first_day + worked[np.minimum(place, len(worked) - 1)], -1)


def draw_roster(rng: np.random.Generator, clock: Clock) -> Roster:
    """A roster over the whole time, a few days longer than the tickets."""
    days = day_number(FIRST_DAY) + np.arange((LAST_DAY - FIRST_DAY) // timedelta(days=1) + 2, dtype=np.int64)
    present = rng.random((len(days), len(AGENTS))) < ON_SHIFT
    week = (days + 3) // 7
    away = rng.random((int(week.max() - week.min()) + 1, len(AGENTS))) < HOLIDAY_WEEKS
    present &= ~away[week - week.min()]
    saturday = weekday(days) == 5
    present[saturday] &= rng.random((int(saturday.sum()), len(AGENTS))) < 0.5
    employed_at = np.empty_like(present)
    for place, agent in enumerate(AGENTS):
        until = day_number(agent.to_day) + (agent.to_day == LAST_DAY)
        employed_at[:, place] = (days >= day_number(agent.from_day)) & (days <= until)
    present &= employed_at
    order = np.where(employed_at, rng.random(present.shape), 2.0)
    for team in range(4):
        members = np.array(
            [place for place, one in enumerate(AGENTS) if one.team == team and not one.only_hard]
        )
        bare = present[:, members].sum(axis=1) < AT_LEAST
        called = np.argsort(order[:, members], axis=1)[:, :AT_LEAST]
        present[bare, :] |= _marked(members[called[bare]], len(AGENTS))
    present[~clock.is_open_day(days)] = False
    speed = np.exp(rng.normal(0, 0.12, len(AGENTS)))
    skill = rng.normal(0, 0.015, len(AGENTS))
    speed[HARD_AGENT], skill[HARD_AGENT] = 1.0, 0.0
    return Roster(int(days[0]), present, speed, skill)


def _marked(columns: Ints, width: int) -> NDArray[np.bool_]:
    marks = np.zeros((len(columns), width), dtype=bool)
    np.put_along_axis(marks, columns, True, axis=1)
    return marks


def assign(
    rng: np.random.Generator, roster: Roster, days: Ints, channel: Ints, issue: Ints, plan: Plan
) -> Ints:
    """The agent (index) of each contact: someone of the channel's team on shift that day."""
    agent = np.zeros(len(days), dtype=np.int64)
    employed_from = np.array([day_number(one.from_day) for one in AGENTS])
    employed_to = np.array([day_number(one.to_day) for one in AGENTS])
    for team in range(4):
        members = np.array([place for place, one in enumerate(AGENTS) if one.team == team])
        here = np.flatnonzero(channel == team)
        weights = np.maximum(roster.present[roster.place(days[here])][:, members], OFF_SHIFT_WEIGHT)
        employed = (days[here, None] >= employed_from[members]) & (
            days[here, None] <= employed_to[members] + 60
        )
        weights = weights * np.where(employed, 1.0, OFF_SHIFT_WEIGHT**2)
        if team == MAIL:
            hard = issue[here] == DISPUTE
            column = int(np.flatnonzero(members == HARD_AGENT)[0])
            weights[:, column] *= np.where(hard, plan.hard_weight, 0.0)
        agent[here] = members[choose_by_row(rng, weights)]
    return agent
