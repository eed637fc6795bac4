"""The control chart draws what the trend says, and colours nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from test_trend_sentences import START, change, made

from kpi.charts import DARK, LIGHT, control, weekday
from kpi.model import Direction, Estimate, Unit
from kpi.trend import ChangePoint, EventEffect, Known, Signal, Trend, WeekdayMean, WeekdayProfile


def rows(chart: Any, key: str) -> list[dict[str, Any]]:
    found = {}
    for data in chart.to_dict()["datasets"].values():
        for row in data:
            if key in row:
                found[str(sorted(row.items(), key=str))] = row
    return list(found.values())


@pytest.fixture
def trend() -> Trend:
    return made(change(-0.05, 0.02, Direction.UP))


@pytest.mark.parametrize("palette", [LIGHT, DARK])
@pytest.mark.parametrize(
    ("better", "above", "colour"),
    [
        (Direction.UP, True, "better"),
        (Direction.UP, False, "worse"),
        (Direction.DOWN, True, "worse"),
        (Direction.DOWN, False, "better"),
        (Direction.NEUTRAL, True, "text"),
    ],
)
def test_only_signals_are_coloured_and_on_the_side_that_is_better(
    trend: Trend, palette: Any, better: Direction, above: bool, colour: str
) -> None:
    points = tuple(
        replace(point, signal=Signal("limits", above) if place == 7 else None)
        for place, point in enumerate(trend.points)
    )
    drawn = replace(trend, metric=replace(trend.metric, better=better), points=points)
    colours = [row["colour"] for row in rows(control(drawn, palette), "kind")]
    assert colours.count(getattr(palette, colour)) == 1
    assert colours.count(palette.unclear) == len(points) - 1


def test_provisional_points_are_hollow_and_say_why(trend: Trend) -> None:
    last = replace(trend.points[-1], provisional="answers may still come")
    drawn = replace(trend, points=(*trend.points[:-1], last))
    hollow = [row for row in rows(control(drawn, LIGHT), "kind") if row["fill"] == LIGHT.background]
    assert [row["why"] for row in hollow] == ["answers may still come"]


def test_tooltips_have_value_interval_and_n(trend: Trend) -> None:
    first = rows(control(trend, LIGHT), "kind")[0]
    assert (first["text"], first["interval"], first["n"]) == ("80.0 %", "70.0 % to 90.0 %", 100)


def test_lines_are_named_with_their_values(trend: Trend) -> None:
    labels = {row["label"] for row in rows(control(trend, LIGHT), "label")}
    assert {"upper limit 90.0 %", "average 80.0 %", "lower limit 70.0 %", "target 80.0 %"} <= labels


def test_events_and_steps_inside_the_days_are_marked(trend: Trend) -> None:
    size = change(-0.05, 0.01, Direction.UP)
    events = (
        Known(START + timedelta(days=30), "a release with quite a long name", "release"),
        Known(START + timedelta(days=40), "outage", "outage", START + timedelta(days=42)),
        Known(date(2020, 1, 1), "long ago"),
    )
    step = ChangePoint(
        START + timedelta(days=70), START + timedelta(days=60), START + timedelta(days=80), size
    )
    drawn = replace(trend, events=tuple(EventEffect(event, size) for event in events), change_points=(step,))
    marked = rows(control(drawn, LIGHT), "when")
    assert [row["label"] for row in marked] == ["a release with quite …", "outage"]
    assert [row["ends"] for row in marked] == [False, True]
    assert len({row["pixel"] for row in marked}) == 2
    labels = [row["label"] for row in rows(control(drawn, LIGHT), "label")]
    assert "change of level, most likely 16 Mar 2026" in labels


def test_without_limits_and_without_a_target_the_line_is_drawn(trend: Trend) -> None:
    bare = replace(trend, limits=None, limits_reason="few", target=None, points=trend.points[:1])
    assert len(rows(control(bare, LIGHT), "kind")) == 1


def test_nothing_to_draw_is_refused(trend: Trend) -> None:
    nothing = tuple(replace(point, estimate=Estimate.absent("none")) for point in trend.points)
    with pytest.raises(ValueError, match="no point to draw"):
        control(replace(trend, points=nothing), LIGHT)
    with pytest.raises(ValueError, match="no weekday has a value"):
        weekday(trend, LIGHT)


@pytest.mark.parametrize("unit", list(Unit))
def test_every_unit_can_be_drawn(unit: Unit) -> None:
    drawn = made(change(-0.05, 0.02, Direction.UP), unit=unit)
    assert control(drawn, DARK).to_dict()
    days = tuple(WeekdayMean(number, Estimate(0.5 + number / 10, 40, 0.4, 1.3)) for number in range(7))
    week = replace(drawn, weekdays=WeekdayProfile(days, 0.2))
    names = {row["name"] for row in rows(weekday(week, LIGHT, 6), "name")}
    assert names == {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}
