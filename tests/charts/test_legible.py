"""Axes that can be read: colours of 4.5:1 and more, and numbers written as in the sentences."""

from __future__ import annotations

import pytest

from kpi.charts import DARK, LIGHT, Palette, legible, pareto
from kpi.charts.pareto import ParetoBar
from kpi.charts.time_split import SplitBar, time_split


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_labels_of_axes_and_legends_have_the_colour_of_small_text(colours: Palette) -> None:
    drawn = time_split([SplitBar("chat", {"a": 1.0, "b": 3.0}, "4 h")], ("a", "b"), colours)
    config = legible(drawn, colours).to_dict()["config"]
    assert config["axis"]["labelColor"] == config["axis"]["titleColor"] == colours.muted
    assert config["legend"]["labelColor"] == colours.muted


def test_percent_and_minus_are_written_as_in_the_sentences() -> None:
    drawn = legible(pareto([ParetoBar("late", 3.0, "3", 1.0)], "of 1,000", LIGHT), LIGHT).to_dict()
    number = drawn["config"]["locale"]["number"]
    assert (number["percent"], number["minus"], number["thousands"]) == ("\u00a0%", "\u2212", ",")
