"""Trends and explanations of drawn teams contradict nothing: numbers, words, marks, JSON."""

from __future__ import annotations

import pytest
from checks_time import check_all_of_trend, check_trend_marks
from checks_why import check_all_of_drivers
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from moving_team import Moved, moving_team, reversed_team

from kpi import drivers
from kpi.model import Verdict
from kpi.trend import Known, trend

SEEDS = st.integers(0, 100_000)
METRICS = (
    "csat",
    "nps",
    "frt",
    "ttr",
    "volume",
    "escalation_rate",
    "queue_wait",
    "reopen_rate",
    "resolution_rate",
)
QUICK, LONG = 5, 60


def drawn(times: int) -> settings:
    """So many examples; a smaller seed is no simpler one, so none is looked for."""
    return settings(max_examples=times, deadline=None, phases=(Phase.explicit, Phase.generate))


def check_trends(moved: Moved, seed: int) -> None:
    """Two metrics of a team with the day of the change as a known event, all grains in turn."""
    grain = ("day", "week", "month")[seed % 3]
    event = (Known(moved.now.start, "moved", "release"),)
    for place in (seed, seed + 4):
        found = trend(moved.facts, METRICS[place % len(METRICS)], grain=grain, events=event)
        check_all_of_trend(found)
        check_trend_marks(found)


def check_explanations(moved: Moved, seed: int) -> None:
    """Three metrics of a team by one of its fields."""
    field = ("channel", "category", "agent")[seed % 3]
    for place in (seed, seed + 3, seed + 5):
        metric = METRICS[place % len(METRICS)]
        check_all_of_drivers(drivers.explain(moved.facts, metric, moved.now, moved.before, field))


@drawn(QUICK)
@given(SEEDS)
def test_trends_of_any_team(seed: int) -> None:
    check_trends(moving_team(seed), seed)


@drawn(QUICK)
@given(SEEDS)
def test_explanations_of_any_team(seed: int) -> None:
    check_explanations(moving_team(seed), seed)


@pytest.mark.full
@drawn(LONG)
@given(SEEDS)
def test_trends_of_many_teams(seed: int) -> None:
    check_trends(moving_team(seed), seed)


@pytest.mark.full
@drawn(LONG)
@given(SEEDS)
def test_explanations_of_many_teams(seed: int) -> None:
    check_explanations(moving_team(seed), seed)


def test_the_team_in_which_everything_moves() -> None:
    """Otherwise the checks would be true of trends and explanations that say nothing."""
    moved = reversed_team(2)
    event = (Known(moved.now.start, "new tool", "release"),)
    found = {key: trend(moved.facts, key, grain="day", events=event) for key in ("csat", "frt")}
    for each in found.values():
        check_all_of_trend(each)
        assert each.events[0].change.verdict is Verdict.WORSE, each.events
        assert [step.low <= moved.now.start <= step.high for step in each.change_points] == [True]
    explained = drivers.explain(moved.facts, "escalation_rate", moved.now, moved.before, "channel")
    check_all_of_drivers(explained)
    assert explained.simpson
    assert explained.performance is not None
    assert explained.performance.verdict is Verdict.BETTER
