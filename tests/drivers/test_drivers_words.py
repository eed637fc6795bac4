"""What is said about drivers fits the numbers, and what contradicts them is not said."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_desk import BEFORE, NOW, desk, spread

from kpi.charts import LIGHT, Bar, waterfall
from kpi.drivers import Drivers, Part, explain, steps
from kpi.drivers.plain import drivers_plain
from kpi.facts import Facts
from kpi.model import Period, Unit, Verdict
from kpi.words import driver_sentences as words

Q2 = Period(date(2026, 4, 1), date(2026, 6, 30), "Q2 2026")
Q3 = Period(date(2026, 7, 1), date(2026, 9, 30), "Q3 2026")
CAUSES = re.compile(r"\b(because|due to|thanks to|caused|owing to|led to|as a result|driven by)\b", re.I)
SPLITS = [
    ("csat", "channel"),
    ("csat", "agent"),
    ("ttr", "category"),
    ("frt", "channel"),
    ("nps", "team"),
    ("aht", "queue"),
    ("volume", "product"),
    ("backlog", "channel"),
    ("productivity", "team"),
    ("qa", "team"),
    ("churn", "region"),
]


@pytest.mark.parametrize(("key", "dimension"), SPLITS)
def test_every_kind_is_told(sample: Facts, key: str, dimension: str) -> None:
    found = explain(sample, key, Q3, Q2, dimension)
    assert found.total is not None
    assert sum(s.contribution for s in found.segments) == pytest.approx(found.total.value, abs=1e-9)
    told = [words.driver_title(found), words.driver_sentence(found), words.driver_alt(found)]
    for text in told:
        assert text
        assert not CAUSES.search(text)
        assert "None" not in text
        assert "nan" not in text
    assert "Q2 2026" in told[1]
    walk = steps(found)
    whole = [step for step in walk if not step.inner]
    assert whole[0].part is None
    assert whole[-1].part is None
    assert whole[-1].end - whole[0].start == pytest.approx(found.total.value, abs=1e-9)
    for step, after in pairwise(whole):
        assert after.start == pytest.approx(step.end, abs=1e-9)
    for kind in ("mix", "performance", "lone"):
        inner = [step.value for step in walk if step.of == kind]
        outer = [step.value for step in walk if step.kind == kind]
        if inner:
            assert sum(inner) == pytest.approx(outer[0], abs=1e-9)


@pytest.mark.parametrize(("key", "dimension"), SPLITS[:6])
def test_the_printed_parts_add_up(sample: Facts, key: str, dimension: str) -> None:
    """Within half a unit of the last digit each: with one decimal more where that is needed."""
    found = explain(sample, key, Q3, Q2, dimension)
    said = [words.change_of(found, part) for part in (found.mix, found.performance, found.total)]
    mix, performance, total = (float(re.sub(r"[^\d.\-]", "", text.replace("−", "-"))) for text in said)
    places = len(said[0].split(" ")[0].partition(".")[2])
    assert mix + performance == pytest.approx(total, abs=1.01 * 10**-places)


def test_a_hedge_stands_where_the_interval_holds_zero(sample: Facts) -> None:
    found = explain(sample, "csat", Q3, Q2, "category")
    assert found.mix is not None
    assert found.performance is not None
    assert found.mix.beyond_chance
    assert not found.performance.beyond_chance
    mix, performance = words.driver_sentence(found).split("; ")
    assert "may be chance" not in mix
    assert "may be chance" in performance


def test_new_and_vanished_segments_are_a_part_of_their_own() -> None:
    rows = spread(BEFORE, "old", 60, 40) + spread(BEFORE, "gone", 90, 10)
    rows += spread(NOW, "old", 60, 40) + spread(NOW, "fresh", 10, 90)
    found = explain(desk(rows), "escalation_rate", NOW, BEFORE, "category")
    assert found.new_and_vanished is not None
    assert found.mix is not None
    assert found.performance is not None
    assert found.performance.value == pytest.approx(0.0)
    assert found.new_and_vanished.beyond_chance
    assert "from categories that came or went" in words.driver_sentence(found)
    assert {s.name: s.presence.value for s in found.segments} == {
        "old": "both",
        "gone": "vanished",
        "fresh": "new",
    }
    plain = drivers_plain(found)
    parts = sum(plain[name]["value"] for name in ("mix", "performance", "new_and_vanished"))
    assert parts == pytest.approx(plain["total"]["value"], abs=1e-12)
    assert any(words.step_words(found, step) == "new fresh" for step in steps(found))


def test_without_a_common_segment_all_is_new_and_vanished() -> None:
    rows = spread(BEFORE, "a", 60, 40) + spread(NOW, "b", 20, 80)
    found = explain(desk(rows), "escalation_rate", NOW, BEFORE, "category")
    assert found.mix is None
    assert found.performance is None
    assert found.new_and_vanished is not None
    assert found.total is not None
    assert found.new_and_vanished.value == pytest.approx(found.total.value)
    assert not found.simpson
    assert words.driver_sentence(found)
    assert words.driver_title(found)


def test_one_segment_is_all_performance() -> None:
    rows = spread(BEFORE, "a", 60, 40) + spread(NOW, "a", 20, 80)
    found = explain(desk(rows), "escalation_rate", NOW, BEFORE, "category")
    assert found.mix is not None
    assert found.performance is not None
    assert (found.mix.value, found.mix.p) == (0.0, 1.0)
    assert found.performance.verdict is Verdict.BETTER


@pytest.mark.parametrize(
    ("before", "now"),
    [((0, 30), (0, 30)), ((30, 0), (30, 0)), ((0, 30), (30, 0)), ((1, 0), (1, 0)), ((1, 0), (0, 1))],
)
def test_none_and_all_of_the_rows(before: tuple[int, int], now: tuple[int, int]) -> None:
    rows = spread(BEFORE, "a", *before) + spread(NOW, "a", *now)
    rows += spread(BEFORE, "b", *before) + spread(NOW, "b", *now)
    found = explain(desk(rows), "escalation_rate", NOW, BEFORE, "category")
    assert found.total is not None
    assert words.driver_sentence(found)
    for part in (found.mix, found.performance):
        assert part is not None
        assert part.p is None or part.p > 0
        if part.low is not None and part.high is not None:
            assert part.low <= part.value + 1e-12
            assert part.value <= part.high + 1e-12


# ---------------------------------------------------------------- contradictions


@pytest.fixture(scope="module")
def told(sample: Facts) -> Drivers:
    return explain(sample, "ttr", Q3, Q2, "category")


def test_faults_are_not_said(told: Drivers) -> None:
    assert told.mix is not None
    assert told.performance is not None
    faults = [
        replace(told, mix=replace(told.mix, value=-told.mix.value)),
        replace(told, mix=replace(told.mix, value=told.mix.value + 1e-3)),
        replace(told, mix=told.performance, performance=told.mix, simpson=True),
        replace(told, performance=replace(told.performance, verdict=Verdict.WORSE)),
        replace(told, segments=told.segments[1:]),
    ]
    for fault in faults:
        with pytest.raises(ValueError, match=r"ttr: "):
            words.driver_sentence(fault)
    words.check_drivers(told)


def test_a_walk_with_a_gap_is_not_drawn() -> None:
    bars = [
        Bar("before", "5", 5.0, 5.0, level=True),
        Bar("part", "+1", 5.5, 6.0),
        Bar("now", "6", 6.0, 6.0, level=True),
    ]
    with pytest.raises(ValueError, match="the walk is at 5"):
        waterfall(bars, Unit.HOURS, LIGHT)
    with pytest.raises(ValueError, match="no parts"):
        waterfall([], Unit.HOURS, LIGHT)


def test_only_parts_that_are_beyond_chance_and_matter_have_a_colour(told: Drivers) -> None:
    bars = [
        Bar("before", "2 h", 2.0, 2.0, level=True),
        Bar("clear", "+1 h", 2.0, 3.0, 2.5, 3.5, verdict=Verdict.WORSE),
        Bar("unclear", "+1 h", 3.0, 4.0, 2.5, 5.5, verdict=Verdict.UNCLEAR),
        Bar("not judged", "−1 h", 4.0, 3.0),
        Bar("now", "3 h", 3.0, 3.0, level=True),
    ]
    chart = waterfall(bars, Unit.HOURS, LIGHT).to_dict()
    (rows,) = (rows for rows in chart["datasets"].values() if rows and "tone" in rows[0])
    assert [row["tone"] for row in rows] == ["level", "worse", "unclear", "unclear", "level"]
    assert [row["next"] for row in rows] == ["001", "002", "003", "004", None]
    assert "title" not in chart


@settings(max_examples=50)
@given(st.floats(-5, 5).filter(lambda value: abs(value) > 1e-6), st.floats(0.01, 4))
def test_marks_follow_the_interval(value: float, half: float) -> None:
    part = Part(value, value - half, value + half, 0.01 if abs(value) > half else 0.5)
    assert part.beyond_chance is (abs(value) > half)
    without = Part(value, reason="not judged")
    assert not without.beyond_chance
    assert words.verdict_of(without) == "○ not judged"
    assert words.verdict_of(None) == ""
