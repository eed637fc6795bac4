"""The attainment curve: what is drawn is what was computed, the promise dashed, the chosen time marked."""

from __future__ import annotations

import pytest

from kpi.attainment import AttainmentCurve, Clock, CurvePoint
from kpi.charts import DARK, LIGHT, attainment

POINTS = (
    CurvePoint(600, 0.5, 0.4, 0.6),
    CurvePoint(3600, 0.9, 0.85, 0.94),
    CurvePoint(86_400, 1.0, 0.97, 1.0),
)
CURVE = AttainmentCurve(Clock.RESPONSE, (), POINTS, (3600.0,), 100, 3, 0.95)


def test_the_points_the_promise_and_the_chosen_time_are_drawn() -> None:
    for colours in (LIGHT, DARK):
        spec = attainment(CURVE, 600.0, colours).to_dict()
        rows = [row for data in spec["datasets"].values() for row in data]
        assert [row["share"] for row in rows if "share" in row][:3] == [0.5, 0.9, 1.0]
        assert {"seconds": 3600.0} in rows
        assert next(row["text"] for row in rows if "text" in row and row["seconds"] == 600.0) == "50.0 %"
        marks = [layer["mark"]["type"] for layer in spec["layer"]]
        assert marks == ["area", "line", "point", "rule", "point", "text"]
        used = {layer["mark"]["color"] for layer in spec["layer"]}
        assert used == {colours.accent, colours.text}


def test_without_a_chosen_time_or_a_promise_nothing_is_marked() -> None:
    bare = AttainmentCurve(Clock.HOLD, (), POINTS, (), 100, 0, 0.95)
    assert [layer["mark"]["type"] for layer in attainment(bare, None, LIGHT).to_dict()["layer"]] == [
        "area",
        "line",
        "point",
    ]
    with pytest.raises(ValueError, match="no curve"):
        attainment(AttainmentCurve(Clock.HOLD, (), (), (), 0, 0, 0.95, "no calls"), None, LIGHT)
