"""What was planted in the sample is found and named right; what was left alone is left alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest

from kpi import words
from kpi.facts import Facts
from kpi.model import Filter, Verdict
from kpi.trend import Known, Trend, trend, weeks_until

Truth = Callable[[str], dict[str, Any]]
CHAT, PHONE = ((Filter("channel", (name,)),) for name in ("chat", "phone"))


@pytest.fixture(scope="module")
def chat(sample: Facts, truth: Truth) -> Trend:
    day = date.fromisoformat(truth("csat_step")["from"])
    return trend(sample, "csat", where=CHAT, events=(Known(day, "scripted answers", "release"),))


def test_the_scan_finds_the_step_in_chat_and_its_range_holds_the_planted_day(
    chat: Trend, truth: Truth
) -> None:
    planted = truth("csat_step")
    (step,) = chat.change_points
    assert step.low <= date.fromisoformat(planted["from"]) <= step.high
    assert step.low <= step.day <= step.high
    assert step.size.low <= planted["size"]["points"] / 100 <= step.size.high
    assert step.size.verdict is Verdict.WORSE


def test_the_step_is_the_title_and_no_fall_is_left_beside_it(chat: Trend) -> None:
    title = words.trend_title(chat)
    assert title.startswith("Customer satisfaction (CSAT) for chat fell by ")
    assert "around" in title
    assert chat.drift_beside is not None
    # By the luck of this sample a rise is left (p .03); that nothing is in the long run, simulations show.
    assert chat.drift_beside.verdict is not Verdict.WORSE


def test_the_known_day_has_the_planted_size_in_its_interval(chat: Trend, truth: Truth) -> None:
    (effect,) = chat.events
    planted = truth("csat_step")["size"]["points"] / 100
    assert effect.change.low <= planted <= effect.change.high
    assert effect.change.verdict is Verdict.WORSE
    assert words.event_sentence(chat, effect).startswith(
        "Since the release of 15 June 2026 (scripted answers): −"
    )


def test_after_the_step_signals_lie_below_and_before_it_are_hardly_any(chat: Trend) -> None:
    day = chat.events[0].event.day
    after = [point for point in chat.signals if point.day >= day]
    assert after
    assert all(not point.signal.above for point in after)
    assert len(chat.signals) - len(after) <= 2


def test_the_outlook_goes_on_from_the_level_since_the_step(chat: Trend) -> None:
    month = chat.outlooks[0]
    before = [p.value for p in chat.points if p.day < date(2026, 6, 1) and p.value is not None]
    assert str(month.period) == "October 2026"
    assert month.value < np.mean(before) - 0.04
    assert 0 < month.chance < 1


def test_an_issue_that_grows_within_a_week_is_a_step_of_its_size(sample: Facts, truth: Truth) -> None:
    planted = truth("rising_issue")
    where = (Filter("category", (planted["where"]["category"],)),)
    found = trend(sample, "volume", where=where, period=weeks_until(sample, 26))
    assert found.log
    assert found.slope.verdict is Verdict.CHANGED
    (step,) = found.change_points
    assert step.size.verdict is Verdict.CHANGED
    start, end = (date.fromisoformat(planted[name]) for name in ("from", "until"))
    assert step.low <= start + (end - start) / 2 <= step.high
    assert abs((step.day - start).days) <= 7
    assert step.size.relative_low is not None
    assert step.size.relative_high is not None
    assert step.size.relative_low <= planted["size"]["factor"] - 1 <= step.size.relative_high
    title = words.trend_title(found)
    assert title.startswith("New tickets for Payment failed rose by ")
    assert "around" in title


@pytest.mark.parametrize(
    ("metric", "where"),
    [
        ("csat", PHONE),
        ("reopen_rate", ()),
        ("queue_wait", ()),
        ("abandonment", ()),
        ("qa", ()),
        ("occupancy", ()),
    ],
)
def test_what_nothing_was_done_to_has_no_trend_and_no_step(
    sample: Facts, metric: str, where: tuple[Filter, ...]
) -> None:
    found = trend(sample, metric, where=where, period=weeks_until(sample, 26))
    assert found.refused is None
    assert found.slope.verdict in (Verdict.UNCLEAR,)
    assert not [step for step in found.change_points if step.size.verdict is not Verdict.UNCLEAR]
    assert "No evidence of a trend" in words.trend_title(found)


def test_newest_days_whose_outcomes_are_to_come_are_provisional_and_left_out(sample: Facts) -> None:
    found = trend(sample, "resolution_rate", grain="day", period=weeks_until(sample, 26))
    flags = [point.provisional is not None for point in found.points]
    assert flags[-1]
    assert not flags[0]
    assert flags == sorted(flags)
    assert found.days <= flags.count(False)
    assert all(point.signal is None for point in found.points if point.provisional)
    assert any("not final" in note for note in found.notes)


@pytest.mark.parametrize(
    ("metric", "grain"),
    [
        *(
            (metric, "week")
            for metric in ("csat", "frt", "volume", "nps", "backlog", "productivity", "churn")
        ),
        *((metric, "day") for metric in ("csat", "ttr", "volume")),
        *((metric, "month") for metric in ("queue_wait", "backlog")),
    ],
)
def test_every_kind_of_measure_has_a_defined_answer_at_every_grain(
    sample: Facts, metric: str, grain: str
) -> None:
    found = trend(sample, metric, grain=grain, period=weeks_until(sample, 26))
    assert words.trend_title(found)
    assert len(words.trend_alt(found)) < 500
    assert found.points
    assert (found.limits is None) == (found.limits_reason is not None)
    for limit in found.limits.limits if found.limits else ():
        assert limit.low <= limit.centre <= limit.high
    for outlook in found.outlooks:
        assert (outlook.value is None) == (outlook.reason is not None)
        if outlook.value is not None:
            assert outlook.low <= outlook.value <= outlook.high


def test_a_longer_stretch_contains_the_points_of_a_shorter_one(sample: Facts) -> None:
    short = trend(sample, "csat", period=weeks_until(sample, 26))
    long = trend(sample, "csat", period=weeks_until(sample, 52))
    values = {point.day: point.value for point in long.points}
    assert all(values[point.day] == point.value for point in short.points)


def test_points_are_those_of_the_package(sample: Facts) -> None:
    from kpi import compare

    found = trend(sample, "csat", where=CHAT, period=weeks_until(sample, 8))
    for point in found.points:
        (one,) = compare.measure(sample, point.span, metrics=("csat",), where=CHAT)
        assert one.estimate.value == pytest.approx(point.value)
        assert one.estimate.n == point.estimate.n
