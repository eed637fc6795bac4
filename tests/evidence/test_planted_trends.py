"""What was planted is found over time and among the drivers, named right, and nothing beside it.

Steps and slopes rest on the whole history, so nothing tells them where to look.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from kpi import compare, drivers
from kpi.facts import Facts
from kpi.model import Filter, Period, Verdict
from kpi.trend import Known, Trend, trend
from kpi.words.driver_sentences import check_drivers, driver_warning

Truth = Callable[[str], dict[str, Any]]
Q2 = Period(date(2026, 4, 1), date(2026, 6, 30), "Q2 2026")
Q3 = Period(date(2026, 7, 1), date(2026, 9, 30), "Q3 2026")
LOUD = (Verdict.BETTER, Verdict.WORSE, Verdict.CHANGED)
QUALITY = ("csat", "nps", "ces", "ttr", "frt", "fcr", "reopen_rate", "escalation_rate", "transfer_rate")


def of(facts: Facts, metric: str, field: str, name: str, **more: Any) -> Trend:
    """The trend of a metric in one segment."""
    return trend(facts, metric, where=(Filter(field, (name,)),), **more)


@pytest.fixture(scope="module")
def everything(sample: Facts) -> drivers.Scan:
    """All segments and metrics, the third quarter against the second."""
    return drivers.scan(sample, Q3, Q2)


# ---------------------------------------------------------------- the step


def test_the_step_is_found_without_being_told_where(sample: Facts, truth: Truth) -> None:
    planted = truth("csat_step")
    found = of(sample, planted["where"]["metric"], "channel", planted["where"]["channel"])
    (step,) = found.change_points
    assert step.low <= date.fromisoformat(planted["from"]) <= step.high
    assert (step.high - step.low).days <= 60
    assert step.size.verdict is Verdict.WORSE
    assert step.size.low is not None
    assert step.size.high is not None
    assert step.size.low < planted["size"]["points"] / 100 < step.size.high


@pytest.mark.parametrize("channel", ["phone", "social"])
def test_no_step_is_found_in_the_other_channels(sample: Facts, truth: Truth, channel: str) -> None:
    found = of(sample, truth("csat_step")["where"]["metric"], "channel", channel)
    assert found.change_points == ()
    assert found.slope.verdict not in LOUD


def test_a_known_event_at_the_step_is_judged_worse(sample: Facts, truth: Truth) -> None:
    planted = truth("csat_step")
    day = date.fromisoformat(planted["from"])
    found = of(sample, "csat", "channel", planted["where"]["channel"], events=(Known(day, "new script"),))
    (effect,) = found.events
    assert effect.change.verdict is Verdict.WORSE


# ---------------------------------------------------------------- issues that rise or drop


def test_only_the_planted_issues_rise_or_drop_over_time(sample: Facts, truth: Truth) -> None:
    planted, dropped = truth("rising_issue"), truth("lasting_drop")
    grows, falls = truth("mix_shift")["where"]["grows"], dropped["where"]["category"]
    rising: dict[str, Trend] = {}
    for name in _issues(sample):
        found = of(sample, "volume", "category", name)
        if found.slope.verdict in LOUD or found.change_points:
            rising[name] = found
    assert set(rising) == {planted["where"]["category"], grows, falls}
    (drop,) = rising[falls].change_points
    assert drop.low <= date.fromisoformat(dropped["from"]) <= drop.high
    assert drop.size.change is not None
    assert drop.size.change < 0
    issue = rising[planted["where"]["category"]]
    assert issue.slope.change is not None
    assert issue.slope.change > 0
    start, end = (date.fromisoformat(planted[name]) for name in ("from", "until"))
    for step in issue.change_points:
        assert start <= step.day <= end
        assert step.size.change is not None
        assert step.size.change > 0


def _issues(facts: Facts) -> list[str]:
    found = compare.measure(facts, Q3, metrics=("volume",), by=("category",))
    return [str(each.group) for each in found]


# ---------------------------------------------------------------- the mix shift


@pytest.mark.parametrize("which", ["metric", "also"])
def test_the_mix_shift_comes_with_the_simpson_warning(sample: Facts, truth: Truth, which: str) -> None:
    planted = truth("mix_shift")["where"]
    found = drivers.explain(sample, planted[which], Q3, Q2, planted["dimension"])
    assert found.refused == ""
    assert found.simpson
    assert found.total is not None
    assert found.mix is not None
    assert found.performance is not None
    assert (found.total.verdict, found.mix.verdict) == (Verdict.WORSE, Verdict.WORSE)
    assert found.performance.verdict is not Verdict.WORSE
    assert found.performance.value * found.total.value < 0
    parts = [found.mix, found.performance, *filter(None, [found.new_and_vanished])]
    assert sum(part.value for part in parts) == pytest.approx(found.total.value, rel=1e-9)
    most = max(found.segments, key=lambda segment: segment.mix.value * _sign(found) if segment.mix else 0.0)
    assert most.name == planted["grows"]
    assert all(
        segment.comparison is None or segment.comparison.verdict is not Verdict.WORSE
        for segment in found.segments
    )


def _sign(found: drivers.Drivers) -> float:
    assert found.total is not None
    return 1.0 if found.total.value > 0 else -1.0


def test_the_warning_is_in_the_words(sample: Facts, truth: Truth) -> None:
    planted = truth("mix_shift")["where"]
    found = drivers.explain(sample, planted["metric"], Q3, Q2, "category")
    assert driver_warning(found) != ""
    check_drivers(found)


@pytest.mark.parametrize("dimension", ["channel", "category"])
def test_no_warning_where_nothing_was_planted(sample: Facts, dimension: str) -> None:
    """A control: reopenings do not move, by channel or by issue."""
    found = drivers.explain(sample, "reopen_rate", Q3, Q2, dimension)
    assert not found.simpson
    for part in (found.total, found.mix, found.performance):
        assert part is None or part.verdict not in LOUD


# ---------------------------------------------------------------- hard cases


def test_the_agent_with_hard_cases_is_no_finding_given_the_issue(sample: Facts, truth: Truth) -> None:
    planted = truth("hard_cases")["where"]
    hard = (Filter("category", (planted["category"],)),)
    found = drivers.scan(sample, Q3, Q2, dimensions=("agent",), metrics=QUALITY, where=hard)
    assert found.looks > 20
    assert [f for f in found.findings if dict(f.group.keys).get("agent") == planted["agent"]] == []


def test_the_agent_with_hard_cases_is_not_called_worse_in_the_scan_of_everything(
    everything: drivers.Scan, truth: Truth
) -> None:
    """More of the same hard cases came, and the agent got through more of them: neither is worse."""
    agent = truth("hard_cases")["where"]["agent"]
    own = [f for f in everything.findings if dict(f.group.keys).get("agent") == agent]
    assert {f.metric.key for f in own if f.comparison.verdict is Verdict.WORSE} == set()


def test_the_scan_names_what_was_planted_and_no_control(everything: drivers.Scan, truth: Truth) -> None:
    named = {(f.metric.key, value) for f in everything.findings for _, value in f.group.keys}
    grows = truth("mix_shift")["where"]["grows"]
    assert ("volume", grows) in named
    worse_in_chat = {key for key, value in named if value.casefold() in ("live chat", "chat")}
    assert worse_in_chat & {"csat", "nps", "ces"}
    whole = {s["metric"] for s in truth("controls")["where"]["segments"] if not s["where"]}
    assert {key for key, _ in named} & whole == set()
