"""Charts of bottlenecks: what they draw from, that nothing is lost, and what they refuse."""

from __future__ import annotations

import pytest

from kpi.charts import DARK, LIGHT
from kpi.charts.dose import DosePoint, dose
from kpi.charts.time_split import SplitBar, time_split
from kpi.charts.week_hours import HourSquare, tone_of_ratio, week_hours
from kpi.model import Estimate


def rows(chart: object) -> list[dict[str, object]]:
    """All records that a chart holds."""
    spec = chart.to_dict()  # type: ignore[attr-defined]
    return [record for records in spec["datasets"].values() for record in records]


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_every_hour_has_its_square_and_those_that_stand_out_a_frame(colours: object) -> None:
    squares = [
        HourSquare(
            day, hour, tone_of_ratio(3.0 if hour == 12 else 1.0), "1.0×", "3.0 min", "", 12, hour == 12
        )
        for day in range(5)
        for hour in range(9, 17)
    ]
    drawn = rows(week_hours(squares, colours))  # type: ignore[arg-type]
    assert len(drawn) == 40
    assert {record["at"] for record in drawn if record["frame"]} == {"12"}
    assert {record["tone"] for record in drawn} == {0.0, 1.0}
    assert all(record["against"] == "not held against them" for record in drawn)


def test_weekdays_stand_in_the_order_of_the_team_and_hours_have_no_gaps() -> None:
    squares = [HourSquare(day, hour, 0.5, "1", "1", "", 1) for day in (6, 0) for hour in (8, 11)]
    spec = week_hours(squares, LIGHT, counts=True, first_weekday=6).to_dict()
    encoding = spec["layer"][0]["encoding"]
    assert encoding["y"]["sort"] == ["Sun", "Mon"]
    assert encoding["x"]["scale"]["domain"] == ["08", "09", "10", "11"]


def test_parts_of_a_bar_are_all_there_and_none_of_nothing() -> None:
    bars = [SplitBar("chat", {"a": 1.0, "b": 3.0, "c": 0.0}, "4 h"), SplitBar("email", {"a": 2.0}, "2 h")]
    drawn = [record for record in rows(time_split(bars, ("a", "b", "c"), LIGHT)) if "part" in record]
    assert [(r["title"], r["part"], r["text"]) for r in drawn] == [
        ("chat", "a", "25.0 %"),
        ("chat", "b", "75.0 %"),
        ("email", "a", "100.0 %"),
    ]


def test_bands_keep_their_order_and_their_intervals() -> None:
    points = [
        DosePoint("fastest fifth", Estimate(0.8, 40, 0.7, 0.9), 0.82),
        DosePoint("slowest fifth", Estimate(0.6, 1), 0.6),
    ]
    drawn = [record for record in rows(dose(points, 0.7, LIGHT)) if "name" in record]
    assert [record["name"] for record in drawn] == ["fastest fifth", "slowest fifth"]
    assert drawn[0]["interval"] == "70.0 % to 90.0 %"
    assert drawn[1]["interval"] == "none"


def test_nothing_to_draw_is_refused() -> None:
    with pytest.raises(ValueError, match="no hours"):
        week_hours([], LIGHT)
    with pytest.raises(ValueError, match="no time"):
        time_split([], ("a",), LIGHT)
    with pytest.raises(ValueError, match="no bands"):
        dose([], 0.5, LIGHT)
