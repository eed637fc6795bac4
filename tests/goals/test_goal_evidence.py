"""Goals on a desk where nothing ever changes: what is claimed by chance, and whether chances are right."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from scipy.stats import binom
from steady_desk import FIRST, SHARE, steady_desk

from kpi import compare
from kpi.facts import Facts
from kpi.goals import Progress, Standing, progress
from kpi.goals.ahead import ahead_of
from kpi.metrics import catalogue
from kpi.model import Period
from kpi.workspace import Goal

DAYS = 500
ENDS = [FIRST + timedelta(days=day) for day in range(90, DAYS - 1, 7)]


@pytest.fixture(scope="module")
def desk() -> Facts:
    return steady_desk(DAYS)


def stands(desk: Facts, start_value: float, to_value: float, at: date) -> Progress:
    """Half way between its start and its date."""
    goal = Goal("", "csat", start_value, to_value, at + timedelta(days=40), 7, (), at - timedelta(days=40))
    return progress(desk, goal, today=at, full=False)


def test_a_desk_exactly_on_its_path_is_hardly_ever_called_behind(desk: Facts) -> None:
    found = [stands(desk, SHARE - 0.08, SHARE + 0.08, at) for at in ENDS]
    assert [one.expected for one in found] == pytest.approx([SHARE] * len(found))
    most = int(binom.ppf(0.999, len(ENDS), 0.025))
    assert sum(one.standing is Standing.BEHIND for one in found) <= most
    assert sum(one.standing is Standing.REACHED for one in found) <= most


def test_a_desk_that_does_not_move_is_hardly_ever_called_on_pace(desk: Facts) -> None:
    found = [stands(desk, SHARE, SHARE + 0.02, at) for at in ENDS]
    most = int(binom.ppf(0.999, len(ENDS), 0.025))
    good = (Standing.ON_PACE, Standing.REACHED)
    assert sum(one.standing in good for one in found) <= most


def test_a_desk_far_behind_is_called_behind(desk: Facts) -> None:
    found = [stands(desk, 0.99, 0.97, at) for at in ENDS[:5]]
    assert [one.standing for one in found] == [Standing.REACHED] * 5
    found = [stands(desk, 0.9, 0.99, at) for at in ENDS[:5]]
    assert [one.standing for one in found] == [Standing.BEHIND] * 5


def test_chances_and_intervals_of_the_last_day_are_right(desk: Facts) -> None:
    csat = next(metric for metric in catalogue(desk.definitions, desk) if metric.key == "csat")
    held, chances, reached = [], [], []
    for at in [FIRST + timedelta(days=day) for day in range(150, 460, 14)]:
        by = at + timedelta(days=30)
        goal = Goal("", "csat", 0.7, SHARE, by, 28)
        ahead = ahead_of(desk, csat, goal, at)
        (actual,) = compare.measure(desk, Period(by - timedelta(days=27), by), metrics=("csat",))
        assert ahead.low is not None
        assert ahead.high is not None
        assert ahead.chance is not None
        assert actual.estimate.value is not None
        held.append(ahead.low <= actual.estimate.value <= ahead.high)
        chances.append(ahead.chance)
        reached.append(actual.estimate.value >= SHARE)
    assert np.mean(held) >= 0.85
    assert np.mean(chances) == pytest.approx(np.mean(reached), abs=0.3)
    never = ahead_of(desk, csat, Goal("", "csat", 0.7, 0.95, by, 28), at)
    assert never.chance is not None
    assert never.chance < 0.01
    down = ahead_of(desk, csat, Goal("", "csat", 0.97, 0.95, by, 28), at)
    assert down.chance == pytest.approx(1 - never.chance)


def test_the_days_of_the_window_that_are_over_stay_as_they_are(desk: Facts) -> None:
    csat = next(metric for metric in catalogue(desk.definitions, desk) if metric.key == "csat")
    at = FIRST + timedelta(days=400)
    widths = []
    for left in (1, 10, 27, 60):
        ahead = ahead_of(desk, csat, Goal("", "csat", 0.7, SHARE, at + timedelta(days=left), 28), at)
        assert ahead.low is not None
        assert ahead.high is not None
        widths.append(ahead.high - ahead.low)
    assert widths == sorted(widths)
    assert widths[0] < widths[-1] / 3


def test_a_date_further_ahead_than_the_known_days_is_too_early(desk: Facts) -> None:
    at = FIRST + timedelta(days=100)
    goal = Goal("", "csat", 0.7, SHARE, at + timedelta(days=200), 28, (), at)
    found = progress(desk, goal, today=at)
    assert found.ahead is not None
    assert found.ahead.value is None
    assert found.ahead.early
    assert found.ahead.reason == "200 days are to come and only 101 are known"


def test_fewer_than_eight_weeks_are_no_basis_for_a_projection(desk: Facts) -> None:
    at = FIRST + timedelta(days=30)
    found = progress(desk, Goal("", "csat", 0.7, 0.99, at + timedelta(days=10), 7, (), FIRST), today=at)
    assert found.ahead is not None
    assert found.ahead.value is None
    assert "31 days have a value: a projection needs at least 56" in str(found.ahead.reason)


def test_a_total_is_foretold_as_a_sum_of_its_days(desk: Facts) -> None:
    volume = next(metric for metric in catalogue(desk.definitions, desk) if metric.key == "volume")
    held, foretold = [], []
    for at in [FIRST + timedelta(days=day) for day in range(150, 460, 28)]:
        by = at + timedelta(days=10)
        ahead = ahead_of(desk, volume, Goal("", "volume", 100, 84, by, 7), at)
        (actual,) = compare.measure(desk, Period(by - timedelta(days=6), by), metrics=("volume",))
        assert ahead.low is not None
        assert ahead.high is not None
        assert ahead.chance is not None
        held.append(ahead.low <= float(actual.estimate.value or 0) <= ahead.high)
        foretold.append(ahead.value)
    assert np.mean(held) >= 0.8
    assert np.mean(foretold) == pytest.approx(84, rel=0.05)
