"""Differences: value, interval and p agree; clusters count; both sides may be periods or segments."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.measures import Cells, Counts, Mean, Measure, Quantile, Rate, Score, Share, Survival
from kpi.model import Difference
from kpi.stats import miettinen_nurminen, nps_difference, rate_difference

MEASURES: list[Measure] = [
    Share("flag", "among"),
    Score("flag", "other", "among"),
    Mean("value", "among", 60),
    Quantile("value", 0.5, "among", 60),
    Quantile("value", 0.9, "among", 60),
    Survival("value", "flag", 0.5, "among", 60),
    Rate("flag", "hours"),
    Rate("among", total=True),
    Rate("among"),
]

Table = tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]


def table(
    random: np.random.Generator, first: int, days: int, rows: int, agents: int, worse: float = 0
) -> Table:
    flag = (random.random(rows) < 0.7 - worse).astype(np.uint8)
    return (
        random.integers(first, first + days, rows),
        random.integers(-1, agents, rows),
        {
            "among": (random.random(rows) < 0.9).astype(np.uint8),
            "flag": flag,
            "other": ((random.random(rows) < 0.4) & (flag == 0)).astype(np.uint8),
            "value": np.ceil(random.lognormal(5 + worse, 1, rows)).astype(np.int32),
            "hours": np.round(random.uniform(0, 8, rows)),
        },
    )


def check(difference: Difference | None, level: float) -> None:
    if difference is None:
        return
    numbers = [difference.value, difference.low, difference.high, difference.p, difference.detectable]
    assert not any(number is not None and not math.isfinite(number) for number in numbers)
    assert difference.p is not None
    assert 0 < difference.p <= 1
    low = -math.inf if difference.low is None else difference.low
    high = math.inf if difference.high is None else difference.high
    assert low <= difference.value + 1e-9
    assert difference.value - 1e-9 <= high
    if abs(difference.p - (1 - level)) > 1e-5:
        assert (low > 0 or high < 0) == (difference.p < 1 - level), difference
    assert difference.method


@pytest.mark.parametrize("measure", MEASURES, ids=repr)
@given(
    seed=st.integers(0, 10_000),
    days=st.sampled_from([1, 2, 5, 7, 10, 14, 28, 31, 60]),
    rows=st.sampled_from([1, 2, 3, 10, 60, 400]),
    agents=st.sampled_from([0, 1, 3, 15]),
    worse=st.sampled_from([0.0, 0.1, 0.69]),
    level=st.sampled_from([0.8, 0.95, 0.99]),
    together=st.booleans(),
)
@settings(max_examples=25, deadline=None)
def test_interval_and_p_agree(
    measure: Measure, seed: int, days: int, rows: int, agents: int, worse: float, level: float, together: bool
) -> None:
    random = np.random.default_rng(seed)
    first = 20000 if together else 20000 - days
    now, before = table(random, 20000, days, rows, agents, worse), table(random, first, days, rows, agents)
    exposure = ((20000, 19999 + days), (first, first + days - 1))
    one, two = measure.collect(*now), measure.collect(*before)
    difference = measure.difference(one, two, level=level, exposure=exposure)
    check(difference, level)
    if difference is not None and (not isinstance(measure, Rate) or measure.per != "days"):
        here, there = measure.estimate(one, exposure=exposure[0]), measure.estimate(two, exposure=exposure[1])
        assert difference.value == pytest.approx(here.value - there.value, abs=1e-9)


@pytest.mark.parametrize("measure", MEASURES, ids=repr)
def test_turned_around_it_is_the_opposite(measure: Measure) -> None:
    random = np.random.default_rng(5)
    now, before = table(random, 20000, 31, 500, 9, 0.1), table(random, 19970, 30, 400, 9)
    one, two = measure.collect(*now), measure.collect(*before)
    there = measure.difference(one, two, exposure=((20000, 20030), (19970, 19999)))
    back = measure.difference(two, one, exposure=((19970, 19999), (20000, 20030)))
    assert there is not None
    assert back is not None
    assert back.value == pytest.approx(-there.value)
    assert back.low == pytest.approx(-there.high)
    assert back.p == pytest.approx(there.p, rel=1e-4)


@pytest.mark.parametrize("measure", MEASURES, ids=repr)
def test_a_thing_does_not_differ_from_itself(measure: Measure) -> None:
    random = np.random.default_rng(6)
    one = measure.collect(*table(random, 20000, 31, 500, 9))
    difference = measure.difference(one, one, exposure=(20000, 20030))
    assert difference is not None
    assert difference.value == 0
    assert difference.p == 1


def test_independent_rows_on_both_sides_give_the_plain_methods() -> None:
    # One and the same day, no agents: nothing to tell clusters by, so the published methods come through.
    day = np.zeros(150, np.int32)
    k = np.concatenate([np.ones(56), np.zeros(14)]).astype(np.uint8)
    j = np.concatenate([np.ones(48), np.zeros(32)]).astype(np.uint8)
    share = Share("flag", "all")
    difference = share.difference(
        share.collect(day[:70], None, {"flag": k, "all": np.ones(70)}),
        share.collect(day[:80], None, {"flag": j, "all": np.ones(80)}),
    )
    assert difference is not None
    assert (difference.low, difference.high, difference.p) == pytest.approx(
        miettinen_nurminen(56, 70, 48, 80)
    )
    score = Score("flag", "bad", "all")
    difference = score.difference(
        score.collect(day[:70], None, {"flag": k, "bad": 1 - k, "all": np.ones(70)}),
        score.collect(day[:80], None, {"flag": j, "bad": 1 - j, "all": np.ones(80)}),
    )
    low, high, p = nps_difference((56, 0, 14), (48, 0, 32))
    assert difference is not None
    assert (difference.low, difference.high, difference.p) == pytest.approx((100 * low, 100 * high, p))
    rate = Rate("flag", "all")
    difference = rate.difference(
        rate.collect(day[:70], None, {"flag": k, "all": np.ones(70)}),
        rate.collect(day[:80], None, {"flag": j, "all": np.ones(80)}),
    )
    assert difference is not None
    assert (difference.low, difference.high, difference.p) == pytest.approx(rate_difference(56, 70, 48, 80))


def test_weeks_that_differ_among_themselves_are_no_evidence() -> None:
    day = np.repeat(np.arange(20000, 20056), 20)
    week = (day - 20000) // 7
    level_of_week = np.array([0.9, 0.6, 0.9, 0.6, 0.8, 0.5, 0.8, 0.5])
    flag = (np.tile(np.arange(20), 56) / 20 < level_of_week[week]).astype(np.uint8)
    share = Share("flag", "all")
    now, before = day >= 20028, day < 20028
    everything = np.ones(560, np.uint8)
    difference = share.difference(
        share.collect(day[now], None, {"flag": flag[now], "all": everything}),
        share.collect(day[before], None, {"flag": flag[before], "all": everything}),
    )
    assert difference is not None
    assert difference.value == pytest.approx(-0.1)
    assert miettinen_nurminen(364, 560, 420, 560)[2] < 0.001
    assert difference.p is not None
    assert difference.p > 0.3
    assert difference.low is not None
    assert difference.low < -0.2
    assert "weeks" in difference.method


def test_an_agent_like_herself_in_both_periods_does_not_blur_the_change() -> None:
    random = np.random.default_rng(1)
    day = np.repeat(np.arange(20000, 20056), 40)
    agent = np.tile(np.arange(20), 112)
    chance = 0.15 + 0.7 * (agent >= 10) - 0.12 * (day >= 20028)
    flag = (random.random(day.size) < chance).astype(np.uint8)
    share = Share("flag", "all")
    now, before = day >= 20028, day < 20028
    ones = np.ones(1120, np.uint8)
    difference = share.difference(
        share.collect(day[now], agent[now], {"flag": flag[now], "all": ones}),
        share.collect(day[before], agent[before], {"flag": flag[before], "all": ones}),
    )
    assert difference is not None
    assert difference.p is not None
    assert difference.p < 0.01
    # The same rows as two teams: agents that differ so much among themselves leave the difference open.
    left, right = agent % 2 == 0, agent % 2 == 1
    teams = share.difference(
        share.collect(day[left], agent[left], {"flag": flag[left], "all": ones}),
        share.collect(day[right], agent[right], {"flag": flag[right], "all": ones}),
    )
    assert teams is not None
    assert teams.high is not None
    assert teams.low is not None
    assert teams.high - teams.low > 0.5


def test_a_bad_day_on_both_sides_is_not_a_difference_between_segments() -> None:
    day = np.repeat(np.arange(20000, 20014), 40)
    good = np.where(day % 2 == 0, 0.9, 0.3)
    flag = (np.tile(np.arange(40), 14) / 40 < good).astype(np.uint8)
    half = np.tile(np.arange(40) % 2, 14)
    share = Share("flag", "all")
    ones = np.ones(280, np.uint8)
    difference = share.difference(
        share.collect(day[half == 0], None, {"flag": flag[half == 0], "all": ones}),
        share.collect(day[half == 1], None, {"flag": flag[half == 1], "all": ones}),
    )
    assert difference is not None
    assert difference.high is not None
    assert difference.low is not None
    assert difference.high - difference.low == pytest.approx(0.165, abs=0.02)  # as independent rows


def test_few_days_are_said_to_be_few() -> None:
    random = np.random.default_rng(2)
    share = Share("flag", "among")
    for days, freedom in ((1, "only one day"), (2, "few days")):
        now, before = table(random, 20000, days, 500, 9, 0.3), table(random, 20000 - days, days, 500, 9)
        difference = share.difference(share.collect(*now), share.collect(*before))
        assert difference is not None
        assert freedom in difference.method
    # With one day each side even a huge gap cannot be told from a bad day.
    assert (
        share.difference(
            share.collect(*table(random, 20001, 1, 500, 0, 0.2)),
            share.collect(*table(random, 20000, 1, 500, 0)),
        ).p
        > 0.05
    )


def test_a_cross_section_without_dates_is_judged_as_independent_rows() -> None:
    share = Share("flag", "all")
    day = np.zeros(3000, np.int32)
    flag = (np.arange(3000) % 10 < 3).astype(np.uint8)
    more = (np.arange(3000) % 10 < 4).astype(np.uint8)
    ones = np.ones(3000, np.uint8)
    difference = share.difference(
        share.collect(day, None, {"flag": more, "all": ones}),
        share.collect(day, None, {"flag": flag, "all": ones}),
    )
    assert difference is not None
    assert difference.p is not None
    assert difference.p < 1e-10


def test_constants() -> None:
    day = np.arange(20000, 20010)
    mean = Mean("value", "all")
    ones = np.ones(10, np.uint8)
    five = mean.collect(day, None, {"value": np.full(10, 5), "all": ones})
    four = mean.collect(day - 10, None, {"value": np.full(10, 4), "all": ones})
    same = mean.difference(five, replace(five, day=day - 10))
    assert same is not None
    assert (same.value, same.low, same.high, same.p) == (0, 0, 0, 1)
    apart = mean.difference(five, four)
    assert apart is not None
    assert (apart.value, apart.low, apart.high) == (1, 1, 1)
    assert apart.p == pytest.approx(2 / math.comb(20, 10))
    few = mean.difference(five.select((20000, 20001)), four.select((19990, 19991)))
    assert few is not None
    assert few.p == pytest.approx(1 / 3)
    assert (few.low, few.high) == (0, 1)
    median = Quantile("value", 0.5, "all")
    constant = median.collect(day, None, {"value": np.full(10, 5), "all": ones})
    tied = median.difference(constant, replace(constant, day=day - 10))
    assert tied is not None
    assert (tied.value, tied.low, tied.high, tied.p) == (0, 0, 0, 1)


def test_nobody_and_everybody() -> None:
    day = np.repeat(np.arange(20000, 20060), 5)
    ones, zeros = np.ones(150, np.uint8), np.zeros(150, np.uint8)
    share = Share("flag", "all")
    full = share.collect(day[150:], None, {"flag": ones, "all": ones})
    none = share.collect(day[:150], None, {"flag": zeros, "all": ones})
    apart = share.difference(full, none)
    assert apart is not None
    assert apart.value == apart.high == 1
    assert apart.low is not None
    assert 0.9 < apart.low < 1
    assert apart.p is not None
    assert 0 < apart.p < 1e-20
    same = share.difference(full, share.collect(day[:150], None, {"flag": ones, "all": ones}))
    assert same is not None
    assert same.p == 1
    assert same.low is not None
    assert same.high is not None
    assert same.low < 0 < same.high
    assert same.detectable is not None
    assert 0 < same.detectable < 0.1


def test_nothing_on_one_side_is_no_difference() -> None:
    random = np.random.default_rng(3)
    for measure in MEASURES[:7]:
        some = measure.collect(*table(random, 20000, 10, 50, 3))
        nothing = Counts.empty() if isinstance(some, Counts) else Cells.empty(list(some.sums))
        assert measure.difference(some, nothing) is None
        assert measure.difference(nothing, some) is None


def test_four_weeks_of_unequal_size_are_still_four_weeks() -> None:
    # Worth 3.9 equal weeks: every February, wherever its days and holidays fall.
    day = np.repeat(np.arange(20000, 20056), np.tile([9, 8, 7, 7, 6, 2, 1] + [10, 8, 8, 7, 7, 2, 1] * 3, 2))
    share = Share("flag", "all")
    columns = {"flag": (np.arange(day.size) % 3 > 0).astype(np.uint8), "all": np.ones(day.size, np.uint8)}
    sides = [
        share.collect(day[part], None, {name: column[part] for name, column in columns.items()})
        for part in (day >= 20028, day < 20028)
    ]
    difference = share.difference(*sides)
    assert difference is not None
    assert "weeks" in difference.method
    assert "few" not in difference.method
    assert "weeks" in share.estimate(sides[0]).method


def test_agents_count_even_on_a_single_day() -> None:
    agent = np.repeat(np.arange(20), 30)
    day = np.zeros(600, np.int32)
    flag = (agent % 4 > 0).astype(np.uint8)
    share = Share("flag", "all")
    team = agent < 10
    ones = np.ones(300, np.uint8)
    teams = [share.collect(day[t], agent[t], {"flag": flag[t], "all": ones}) for t in (team, ~team)]
    difference = share.difference(*teams)
    assert difference is not None
    assert difference.high is not None
    assert difference.low is not None
    assert difference.high - difference.low > 0.6
