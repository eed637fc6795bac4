"""Fields and colours of the pictures of who answers and of the chance that a change is called."""

from __future__ import annotations

import json
from datetime import date

import pytest

from kpi.calling import Kind, World, simulate
from kpi.charts import DARK, LIGHT, answering, power, survey_bounds
from kpi.definitions import Definitions
from kpi.metrics.satisfaction import CSAT
from kpi.model import Estimate, Period
from kpi.surveying import Alarm, Bounds, Honesty, Lean, Represented, Side

NOW = Period(date(2026, 7, 1), date(2026, 9, 30), "Q3")


def _honesty(bounds: Bounds | None) -> Honesty:
    side = Side(NOW, 1000, 300, Estimate(0.8, 300, 0.75, 0.84), bounds, (), None)
    return Honesty(
        metric=CSAT,
        official=None,
        asked=None,
        now=side,
        before=None,
        coverage=None,
        segments=(),
        segment_looks=0,
        weighting=None,
        change=None,
        alarm=Alarm(False, None, False, (), 0, False),
        scale=(0.0, 1.0),
    )


def test_bounds_show_the_numbers_of_the_result() -> None:
    chart = survey_bounds(_honesty(Bounds(0.24, 0.94, 0.22, 0.95)), LIGHT, 0.8).to_dict()
    (row,) = next(rows for rows in chart["datasets"].values() if "first" in rows[0])
    assert (row["first"], row["last"], row["value"]) == (0.24, 0.94, 0.8)
    assert row["answered"] == "80.0 %"
    assert row["everybody"] == "24.0 % to 94.0 %"
    with pytest.raises(ValueError, match="worst and a best"):
        survey_bounds(_honesty(None), LIGHT)


def test_only_clear_kinds_are_dark() -> None:
    kinds = [
        Represented("channel", name, 100, 30, 0.5, 0.5, Estimate(0.3, 100, 0.2, 0.4), None, lean)
        for name, lean in (("chat", Lean.OVER), ("email", Lean.UNCLEAR), ("phone", Lean.UNDER))
    ]
    for colours in (LIGHT, DARK):
        chart = answering(kinds, 0.3, colours).to_dict()
        rows = next(rows for rows in chart["datasets"].values() if "clear" in rows[0])
        assert [row["clear"] for row in rows] == [True, False, True]
        drawn = json.dumps(chart)
        assert colours.better not in drawn
        assert colours.worse not in drawn
    with pytest.raises(ValueError, match="no kind"):
        answering([], 0.3, LIGHT)


def test_the_curve_is_that_of_the_simulation() -> None:
    found = simulate(World(Kind.SHARE, 7, 20, 0.8), -0.1, Definitions())
    chart = power(found, LIGHT).to_dict()
    rows = next(rows for rows in chart["datasets"].values() if "who" in rows[0])
    ours = [row["share"] for row in rows if row["who"] == "this app"]
    plain = [row["share"] for row in rows if row["who"] == "a plain test"]
    assert ours == [point.seen for point in found.curve]
    assert plain == [point.plain for point in found.curve]
    marks = [row for rows in chart["datasets"].values() for row in rows if set(row) == {"change"}]
    assert marks == [{"change": -10.0}]
