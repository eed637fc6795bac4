"""Groups of people: the spread of agents, and that a group is not blamed for who happens to be in it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from kpi.measures import Cells, Mean, Share
from kpi.measures.between_agents import between_agents
from kpi.measures.evidence import People, beyond_people

# Davies (1960), Statistical Methods in Research and Production: dyestuff, 6 batches of 5 samples. The REML
# estimates that are published for it (Bates, lme4: Mixed-effects modeling with R, 1.3): 1764.05 between
# batches, 2451.25 between samples.
DYESTUFF = np.array(
    [
        [1545, 1440, 1440, 1520, 1580],
        [1540, 1555, 1490, 1560, 1495],
        [1595, 1550, 1605, 1510, 1560],
        [1445, 1440, 1595, 1465, 1545],
        [1595, 1630, 1515, 1635, 1625],
        [1520, 1455, 1450, 1480, 1445],
    ],
    np.float64,
)


def test_the_spread_between_batches_of_dyestuff_is_the_published_one() -> None:
    away = (DYESTUFF - DYESTUFF.mean()).sum(axis=1)
    found = between_agents(np.arange(6), np.zeros(6, np.int64), np.full(6, 5.0), away, 2451.25)
    assert found is not None
    assert found.variance == pytest.approx(1764.05, abs=0.01)
    assert found.df == pytest.approx(5)


def test_groups_of_uneven_people_give_the_spread_that_was_drawn() -> None:
    random = np.random.default_rng(11)
    found = []
    for _ in range(300):
        rows = random.integers(20, 200, 24).astype(np.float64)
        group = np.repeat(np.arange(4), 6)
        level = random.normal(0, 0.3, 24) + np.array([0.0, 5.0, -2.0, 1.0])[group]
        mean = level + random.normal(0, 1, 24) / np.sqrt(rows)
        centre = np.bincount(group, rows * mean) / np.bincount(group, rows)
        one = between_agents(np.arange(24), group, rows, rows * (mean - centre[group]), 1.0)
        assert one is not None
        assert 12 < one.df <= 20
        found.append(one.variance)
    assert np.mean(found) == pytest.approx(0.09, rel=0.06)


def test_what_an_agent_has_in_common_on_both_sides_cancels() -> None:
    agent, group = np.array([0, 1, 0, 1]), np.array([0, 0, 1, 1])
    found = between_agents(agent, group, np.full(4, 50.0), np.array([9.0, -9.0, 9.0, -9.0]), 1.0)
    assert found is not None
    assert found.of_contrast(np.array([1.0, -1.0])) == pytest.approx(0.0)
    assert found.of_contrast(np.array([1.0, 0.0])) > 0


def test_agents_alone_in_their_group_and_unknown_ones_say_nothing() -> None:
    one = np.array([5.0, 5.0])
    assert between_agents(np.array([0, 1]), np.array([0, 1]), one, np.zeros(2), 1.0) is None
    assert between_agents(np.array([-1, -1]), np.array([0, 0]), one, np.zeros(2), 1.0) is None


def test_few_agents_that_seem_alike_leave_no_certainty_of_many() -> None:
    alike = beyond_people(People(-0.5, 4.0, "6 agents"), 0.2, 60.0, 1.0, "days")
    assert (alike.variance, alike.df) == (1.0, 4.0)
    assert alike.words == "6 agents: t with 4.0 df; days"
    apart = beyond_people(People(3.0, 4.0, "6 agents"), 1.5, 60.0, 1.0, "days")
    assert apart.variance == pytest.approx(4.5)
    assert 4.0 < apart.df < 6.0


def two_groups(seed: int, one: int, other: int, gap: float = 0.0) -> tuple[Cells, Cells]:
    """Agents with levels of their own in two groups that differ by ``gap``: 90 days, shares around 0.7."""
    random = np.random.default_rng([seed, one, other])
    sides = []
    for first, count, lower in ((0, one, gap), (100, other, 0.0)):
        level = np.clip(0.7 - lower + random.normal(0, 0.08, count), 0.02, 0.98)
        day, agent = (each.ravel() for each in np.meshgrid(np.arange(90), np.arange(count)))
        n = random.poisson(2.0, day.size)
        hits = random.binomial(n, level[agent])
        sides.append(Cells.of_rows(day, agent + first, {"n": n, "k": hits}))
    return sides[0], sides[1]


def p_of(seed: int, one: int, other: int, gap: float = 0.0) -> float:
    difference = Share("k", "n").difference(*two_groups(seed, one, other, gap))
    assert difference is not None
    assert difference.p is not None
    return difference.p


@pytest.mark.parametrize(("one", "other"), [(3, 21), (2, 8), (6, 18), (3, 3)])
@pytest.mark.parametrize("runs", [100, pytest.param(1000, marks=pytest.mark.full)])
def test_groups_that_differ_by_their_people_alone_are_called_different_at_most_as_stated(
    one: int, other: int, runs: int
) -> None:
    """With contacts as the unit of chance, three against 21 such agents are called different in a half."""
    loud = sum(p_of(seed, one, other) < 0.05 for seed in range(runs))
    assert loud <= int(stats.binom.isf(0.001, runs, 0.06))


def test_a_group_that_is_truly_behind_is_found() -> None:
    assert np.mean([p_of(seed, 6, 18, 0.20) < 0.05 for seed in range(30)]) > 0.9
    assert np.mean([p_of(seed, 3, 21, 0.20) < 0.05 for seed in range(30)]) > 0.7


def test_one_person_is_compared_as_that_person() -> None:
    difference = Share("k", "n").difference(*two_groups(1, 1, 20, 0.15))
    assert difference is not None
    assert "pooled" not in difference.method


def test_a_group_of_two_says_who_it_is() -> None:
    difference = Share("k", "n").difference(*two_groups(1, 2, 8))
    assert difference is not None
    assert "2 and 8 agents, spread pooled: t with" in difference.method


def test_agents_of_both_sides_are_no_groups_of_people() -> None:
    """The same agents in two products: each is the own control."""
    random = np.random.default_rng(3)
    day, agent = (each.ravel() for each in np.meshgrid(np.arange(90), np.arange(3)))
    sides = []
    for lower in (0.0, 0.3):
        values = random.normal(np.array([10.0, 20.0, 30.0])[agent] - lower, 0.5)
        sums = {"n": np.ones(day.size), "sum": values, "sumsq": values**2}
        sides.append(Cells.of_rows(day, agent, sums))
    difference = Mean("sum", "n").difference(*sides)
    assert difference is not None
    assert "pooled" not in difference.method
