"""Goals on the sample: standing, outset, words, and everything that cannot be followed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from kpi import compare
from kpi.charts import LIGHT
from kpi.charts.pace import pace
from kpi.drill import rows
from kpi.facts import Facts
from kpi.goals import Entry, Standing, entry, expected_on, outset, progress
from kpi.metrics import METRICS, catalogue, metric
from kpi.model import Estimate, Filter, Period
from kpi.words import goal_sentences as words
from kpi.workspace import Goal

CHAT = (Filter("channel", ("chat",)),)
GOAL = Goal("", "csat", 0.80, 0.90, date(2026, 10, 31), 28, CHAT, date(2026, 6, 1), "", "Ana")


def test_value_and_n_are_those_of_the_window(sample: Facts) -> None:
    found = progress(sample, GOAL)
    assert found.at == date(2026, 9, 30)
    window = Period(date(2026, 9, 3), date(2026, 9, 30))
    assert found.window == window
    (measured,) = compare.measure(sample, window, metrics=("csat",), where=CHAT)
    assert found.value == measured.estimate
    assert len(rows(sample, "csat", window, where=CHAT)) == measured.estimate.n
    assert found.rolling[-1].day == found.at
    assert found.rolling[-1].estimate.value == measured.estimate.value


def test_the_path_is_a_straight_line(sample: Facts) -> None:
    assert expected_on(GOAL, date(2026, 6, 1), date(2026, 6, 1)) == 0.80
    assert expected_on(GOAL, date(2026, 6, 1), date(2026, 8, 16)) == pytest.approx(0.85)
    assert expected_on(GOAL, date(2026, 6, 1), date(2027, 1, 1)) == pytest.approx(0.90)
    assert progress(sample, GOAL).expected == pytest.approx(0.80 + 0.1 * 121 / 152)


@pytest.mark.parametrize(
    ("low", "high", "standing"),
    [
        (0.91, 0.97, Standing.REACHED),
        (0.85, 0.95, Standing.ON_PACE),
        (0.81, 0.87, Standing.ON_PACE),
        (0.70, 0.84, Standing.BEHIND),
        (0.78, 0.86, Standing.CANNOT_TELL),
        (0.60, 0.95, Standing.TOO_EARLY),
        (None, None, Standing.CANNOT_TELL),
    ],
)
def test_standing_goes_by_the_interval(
    sample: Facts, monkeypatch: pytest.MonkeyPatch, low: float | None, high: float | None, standing: Standing
) -> None:
    """Path at .85 on the day looked at; the same mirrored for a goal that goes down."""
    at = date(2026, 8, 16)
    value = Estimate(0.84, 100, low, high)
    monkeypatch.setattr("kpi.goals.standing._measured", lambda *_: value)
    assert progress(sample, GOAL, today=at, full=False).standing is standing
    mirrored = Estimate(0.16, 100, None if high is None else 1 - high, None if low is None else 1 - low)
    monkeypatch.setattr("kpi.goals.standing._measured", lambda *_: mirrored)
    down = replace(GOAL, from_value=0.20, to_value=0.10)
    assert progress(sample, down, today=at, full=False).standing is standing


@pytest.mark.parametrize(
    ("low", "high", "standing"),
    [
        (0.91, 0.97, Standing.REACHED),
        (0.80, 0.89, Standing.MISSED),
        (0.85, 0.95, Standing.CANNOT_TELL),
    ],
)
def test_once_its_date_is_over_there_is_no_pace(
    sample: Facts, monkeypatch: pytest.MonkeyPatch, low: float, high: float, standing: Standing
) -> None:
    monkeypatch.setattr("kpi.goals.standing._measured", lambda *_: Estimate(0.86, 100, low, high))
    found = progress(sample, replace(GOAL, by=date(2026, 8, 31)), full=False)
    assert found.standing is standing
    assert found.at == date(2026, 8, 31)
    assert "the goal was 90.0 % by 31 August 2026" in words.standing_sentence(found)


@pytest.mark.parametrize(
    ("changed", "standing", "reason"),
    [
        ({"metric": "vanished"}, Standing.NO_METRIC, "no metric 'vanished'"),
        ({"where": (Filter("nobody", ("x",)),)}, Standing.NO_DATA, "unknown field 'nobody'"),
        ({"where": (Filter("channel", ("fax",)),)}, Standing.NO_DATA, ""),
        ({"by": date(2020, 1, 1), "start": None}, Standing.CANNOT_TELL, "after its date"),
        ({"start": date(2026, 10, 15)}, Standing.TOO_EARLY, "has not begun"),
    ],
)
def test_what_cannot_be_followed_says_why(
    sample: Facts, changed: dict[str, Any], standing: Standing, reason: str
) -> None:
    found = progress(sample, replace(GOAL, **changed))
    assert found.standing is standing
    assert reason in found.reason
    assert words.standing_sentence(found).startswith(words.STANDING[standing])
    assert words.goal_table([found])[0]["Verdict"].endswith(words.STANDING[standing].lower())


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.full)], ids=["kinds", "all"])
def test_every_metric_can_be_a_goal(sample: Facts, every: bool) -> None:
    """Every kind of measure of every grain; each metric in the long tier."""
    metrics = catalogue(sample.definitions, sample)
    kinds = {(type(each.measure), each.grain, each.unit): each for each in metrics}
    assert 8 < len(kinds) < len(metrics)
    for each in metrics if every else kinds.values():
        goal = replace(GOAL, metric=each.key, where=(), from_value=1.0, to_value=2.0)
        found = progress(sample, goal)
        assert words.standing_sentence(found)
        assert words.goals_title([found])
        if found.ahead is not None and found.ahead.value is None:
            assert found.ahead.reason
        if any(one.estimate.value is not None for one in found.rolling):
            assert pace(found, LIGHT).to_dict()
        known = outset(sample, each.key, (), 28)
        assert known if isinstance(known, str) else words.outset_sentences(known, goal)


def test_what_is_open_at_one_moment_is_counted_and_not_estimated(sample: Facts) -> None:
    goal = replace(GOAL, metric="backlog", where=(), from_value=200, to_value=50, window_days=7)
    found = progress(sample, goal, full=False)
    assert found.value is not None
    assert found.value.low is None
    assert found.standing is Standing.BEHIND


def test_the_outset_is_the_evidence_of_a_comparison(sample: Facts) -> None:
    known = outset(sample, "csat", CHAT, 28)
    assert not isinstance(known, str)
    assert known.days == Period(date(2026, 9, 3), date(2026, 9, 30))
    (compared,) = compare.compare(
        sample, known.days, Period(date(2026, 8, 6), date(2026, 9, 2)), metrics=("csat",), where=CHAT
    )
    assert compared.difference is not None
    assert known.detectable == compared.difference.detectable
    assert len(known.weeks) == 8
    said = words.outset_sentences(known, replace(GOAL, from_value=0.84, to_value=0.86))
    assert any("less than the" in text and "could not be told from chance" in text for text in said)
    said = words.outset_sentences(known, replace(GOAL, from_value=0.84, to_value=0.4))
    assert any("large enough to be seen" in text for text in said)
    assert any("goes the wrong way" in text for text in said)


@pytest.mark.parametrize(
    ("key", "where", "said"),
    [
        ("vanished", (), "no metric 'vanished'"),
        ("csat", (Filter("nobody", ("x",)),), "unknown field 'nobody'"),
        ("csat", (Filter("channel", ("fax",)),), ""),
    ],
)
def test_an_outset_of_nothing_says_why(sample: Facts, key: str, where: tuple[Filter, ...], said: str) -> None:
    found = outset(sample, key, where, 28)
    assert isinstance(found, str)
    assert said in found


def test_titles_count_every_standing(sample: Facts) -> None:
    found = [progress(sample, replace(GOAL, metric=key), full=False) for key in ("csat", "vanished", "gone")]
    one = replace(found[0], standing=Standing.BEHIND)
    said = "Of 3 goals 1 is behind, 2 are of metrics no longer in the data"
    assert words.goals_title([one, *found[1:]]) == said
    assert words.goals_title([]) == "No goal is set yet"
    assert words.goals_title([one]).startswith("Behind: Rolling 28-day customer satisfaction (CSAT) for chat")


def test_what_is_typed_comes_back_as_it_was() -> None:
    for each in METRICS:
        typed: Entry = entry(each)
        for value in (0.0, 0.37, 1.0):
            assert typed.value(typed.shown(value)) == pytest.approx(value, abs=0.5 / 10**typed.decimals)
    assert entry(metric("csat")).shown(1.7) == 100.0


def test_a_goal_without_rows_is_not_called_a_metric_that_vanished(sample: Facts) -> None:
    where = (Filter("channel", ("fax",)),)
    gone = Goal("", "csat", 0.8, 0.85, date(2030, 1, 1), where=where)
    found = progress(sample, gone)
    assert found.standing is Standing.NO_DATA
    assert words.goals_title([found]).startswith("No data for it: Rolling 7-day")
    vanished = progress(sample, replace(gone, metric="vanished", where=()))
    assert words.goals_title([found, vanished]) == (
        "Of 2 goals 1 has no data here, 1 is of a metric no longer in the data"
    )
    undated = progress(replace(sample, dated=False), replace(gone, where=()))
    assert (undated.standing, undated.reason) == (
        Standing.NO_DATA,
        "no row has a date, so no day has a value",
    )
