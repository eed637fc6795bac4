"""Each chart, drawn from hand-made results: no number and no colour is invented."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.charts import DARK, LIGHT, Point, distribution, drawable, history, intervals, shares
from kpi.charts.distribution import bins
from kpi.charts.scale import axis_unit
from kpi.measures import Share
from kpi.model import (
    Basis,
    Comparison,
    Difference,
    Direction,
    Estimate,
    Family,
    Grain,
    Group,
    Metric,
    Period,
    Unit,
    Verdict,
)

MONDAY = date(2026, 1, 5)
PLAIN = Metric(
    key="csat",
    name="Satisfaction",
    question="?",
    family=Family.SATISFACTION,
    unit=Unit.PERCENT,
    better=Direction.UP,
    grain=Grain.SURVEYS,
    basis=Basis.ANSWERED,
    measure=Share("satisfied", "answered"),
    formula="",
    needs=(),
    matters=0.02,
)


def weeks(values: list[float | None], n: int = 100) -> list[Point]:
    return [
        Point(
            MONDAY + timedelta(days=7 * i),
            7,
            Estimate.absent("no answers") if v is None else Estimate(v, n + i, v - 0.1, v + 0.1),
        )
        for i, v in enumerate(values)
    ]


def comparison(
    better: Direction, change: float, *, verdict: Verdict = Verdict.UNCLEAR, half: float = 0.01
) -> Comparison:
    metric = replace(PLAIN, better=better, key=f"{better}{change}")
    difference = Difference(change, change - half, change + half, 0.01, "test")
    return Comparison(metric, Group(), Estimate(0.8, 90), Estimate(0.8 - change, 90), difference, verdict, "")


def rows(chart: Any) -> list[dict[str, Any]]:
    return [row for data in chart.to_dict()["datasets"].values() for row in data]


def colours_of(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key != "config":
                yield from colours_of(value)
    elif isinstance(node, list):
        for value in node:
            yield from colours_of(value)
    elif isinstance(node, str) and node.startswith("#"):
        yield node


def test_history_shows_each_week_once_and_leaves_a_gap_where_there_is_no_answer() -> None:
    drawn = [row for row in rows(history(weeks([0.8, None, 0.7]), Unit.PERCENT, LIGHT)) if "span" in row]
    assert [row["value"] for row in drawn] == [0.8, None, 0.7]
    assert [row["n"] for row in drawn] == [100, 0, 102]
    assert drawn[1]["text"] == "no answer: no answers"
    assert drawn[0]["span"] == "5 Jan to 11 Jan 2026"
    # Midday UTC on Thursday 8 January 2026, the middle of the first week, whatever the zone of the browser.
    assert drawn[0]["middle"] == 1_767_873_600_000


def test_history_marks_provisional_weeks_and_the_target_in_words() -> None:
    points = weeks([0.8, 0.7])
    points[1] = replace(points[1], provisional=True)
    drawn = rows(history(points, Unit.PERCENT, LIGHT, target=0.85))
    assert [row["provisional"] for row in drawn if "provisional" in row] == [False, True]
    assert any("(provisional)" in row.get("span", "") for row in drawn)
    assert "target 85.0 %" in {row.get("label") for row in drawn}


def test_history_shades_only_what_lies_inside_its_weeks() -> None:
    outside = Period(date(2020, 1, 1), date(2020, 1, 31))
    inside = Period(date(2026, 1, 1), date(2026, 1, 31))
    labels = [
        r["label"]
        for r in rows(history(weeks([0.8] * 3), Unit.PERCENT, LIGHT, now=inside, before=outside))
        if "left" in r and "label" in r
    ]
    assert labels == ["now"]


def test_history_of_nothing_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="at least one whole week"):
        history([], Unit.PERCENT, LIGHT)


def test_durations_are_drawn_in_a_unit_that_is_said() -> None:
    drawn = rows(history(weeks([300.0, 600.0]), Unit.MINUTES, LIGHT))
    assert [row["value"] for row in drawn if "span" in row] == [5.0, 10.0]
    assert axis_unit(Unit.MINUTES, [600.0]).word == "hours"
    assert axis_unit(Unit.HOURS, [100.0]).word == "days"
    assert axis_unit(Unit.HOURS, [0.01]).word == "seconds"


@pytest.mark.parametrize(
    ("better", "change", "side"),
    [
        (Direction.UP, 0.04, 2.0),
        (Direction.UP, -0.04, -2.0),
        (Direction.DOWN, 0.04, -2.0),
        (Direction.DOWN, -0.04, 2.0),
    ],
)
def test_better_is_always_to_the_right(better: Direction, change: float, side: float) -> None:
    (row,) = [r for r in rows(intervals([comparison(better, change)], LIGHT)) if "words" in r]
    assert row["value"] == pytest.approx(side)
    assert row["low"] < row["value"] < row["high"]


def test_what_reaches_too_far_is_cut_but_its_number_is_not() -> None:
    (row,) = [
        r
        for r in rows(intervals([comparison(Direction.UP, 0.5, verdict=Verdict.BETTER)], LIGHT))
        if "words" in r
    ]
    assert row["value"] == row["high"] == 6.0
    assert row["words"] == "+50.0 points, better"


def test_only_comparisons_with_a_better_side_and_an_interval_are_drawn() -> None:
    without = replace(comparison(Direction.UP, 0.1), difference=None)
    relative = replace(
        comparison(Direction.UP, 0.1),
        metric=replace(PLAIN, relative_matters=True),
        before=Estimate.absent("none"),
    )
    assert drawable([comparison(Direction.NEUTRAL, 0.1), without, relative]) == ()
    with pytest.raises(ValueError, match="none of these"):
        intervals([without], LIGHT)


def test_a_relative_step_is_a_share_of_before() -> None:
    metric = replace(PLAIN, unit=Unit.MINUTES, better=Direction.DOWN, matters=0.1, relative_matters=True)
    made = replace(comparison(Direction.DOWN, 20.0, half=5.0), metric=metric, before=Estimate(100.0, 50))
    (row,) = [r for r in rows(intervals([made], LIGHT)) if "words" in r]
    assert row["value"] == pytest.approx(-2.0)


def test_nps_shows_its_three_shares_and_the_score() -> None:
    score = Estimate(17.0, 400, 9.0, 25.0, parts={"detractors": 0.20, "passives": 0.43, "promoters": 0.37})
    drawn = rows(shares([("July", score)], LIGHT))
    bars = {row["kind"]: (row["low"], row["high"]) for row in drawn if "kind" in row}
    assert bars == {"detractors": (pytest.approx(-20), 0), "promoters": (0, pytest.approx(37))}
    assert any(row.get("score") == "17.0, n = 400" for row in drawn)
    assert all("passives 43 %" in row["label"] for row in drawn if "label" in row)
    with pytest.raises(ValueError, match="no answers"):
        shares([("July", Estimate.absent("no answers"))], LIGHT)


def test_distribution_compares_shares_not_counts() -> None:
    drawn = rows(distribution([3.0, 3.0, 30.0, 45.0], [3.0], Unit.MINUTES, LIGHT, ("now", "before")))
    of = {(row["period"], row["label"]): row["share"] for row in drawn}
    assert of["now", "2 min–5 min"] == 0.5
    assert of["before", "2 min–5 min"] == 1.0
    assert of["now", "30 min–1 h"] == 0.5
    with pytest.raises(ValueError, match="no ticket"):
        distribution([], [3.0], Unit.MINUTES, LIGHT, ("now", "before"))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0, 1e6, allow_nan=False), max_size=40), st.sampled_from([Unit.MINUTES, Unit.HOURS]))
def test_every_duration_falls_in_exactly_one_bin(values: list[float], unit: Unit) -> None:
    assert sum(count for _, count in bins(values, unit)) == len(values)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_every_colour_comes_from_the_palette(palette: Any) -> None:
    score = Estimate(17.0, 400, 9.0, 25.0, parts={"detractors": 0.20, "passives": 0.43, "promoters": 0.37})
    september = Period(date(2026, 1, 1), date(2026, 1, 31))
    charts = [
        history(weeks([0.8, 0.7]), Unit.PERCENT, palette, target=0.8, now=september),
        intervals([comparison(Direction.UP, 0.1)], palette),
        shares([("July", score)], palette),
        distribution([1.0], [2.0], Unit.HOURS, palette, ("a", "b")),
    ]
    used = set(itertools.chain.from_iterable(colours_of(chart.to_dict()) for chart in charts))
    assert used
    assert used <= set(vars(palette).values())
