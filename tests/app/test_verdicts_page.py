"""The page "When do we say better?" with every widget moved."""

from __future__ import annotations

from collections.abc import Callable

from conftest import sound, title, words
from streamlit.testing.v1 import AppTest

from kpi.calling import World, simulate
from kpi.calling.asking import TYPED
from kpi.calling.worlds import Kind
from kpi.definitions import Definitions
from kpi.words import verdict_sentences
from ui import store

Open = Callable[..., AppTest]


def test_the_rules_and_every_example_are_there(visit: Open) -> None:
    at = visit("verdicts")
    said = words(at)
    assert "p below 0.05" in title(at)
    for text in ("Better", "Worse", "Changed", "Unclear", "Too few", "p below 0.05", "at least 10 rows"):
        assert text in said, text
    assert "Fewer than 10 on one side (7 now, 120 before)" in said
    assert "among 20 comparisons" in said


def test_the_simulator_says_what_the_package_computes(visit: Open) -> None:
    at = visit("verdicts")
    world = World(Kind.SHARE, 30, 12, 0.8, 0.5, 0.3, 1, 304)
    found = simulate(world, -0.05, store.facts(store.SAMPLE).definitions)
    said = words(at)
    assert verdict_sentences.simulation_title(found) in said
    for text in verdict_sentences.simulation_sentences(found):
        assert text in said, text


def test_every_widget_moves_what_it_governs(visit: Open) -> None:
    at = visit("verdicts")
    for key in ("sim_days", "sim_persistence", "sim_history", "sim_swing"):
        box = at.selectbox(key=key)
        before = words(at)
        other = next(label for label in box.options if label != box.value)
        at.selectbox(key=key).select(other).run()
        assert sound(at)
        assert words(at) != before, key
    for key, value in (
        ("sim_rows", 40),
        ("sim_looks", 20),
        ("sim_base_csat", 90.0),
        ("sim_change_csat", 4.0),
    ):
        before = words(at)
        at.number_input(key=key).set_value(value).run()
        assert sound(at)
        assert words(at) != before, key


def test_every_kind_of_metric_can_be_asked_about(visit: Open) -> None:
    at = visit("verdicts")
    seen = set()
    for typed in TYPED.values():
        at.selectbox(key="sim_kind").select(typed.name).run()
        assert sound(at)
        seen.add(words(at))
    assert len(seen) == len(TYPED)


def test_what_cannot_be_is_said_in_words(visit: Open) -> None:
    at = visit("verdicts")
    at.number_input(key="sim_change_csat").set_value(40.0).run()
    assert sound(at)
    assert "This cannot be" in words(at)
    at.number_input(key="sim_change_csat").set_value(0.0).run()
    assert "Without any change" in words(at)
    assert verdict_sentences.verdicts_title(Definitions()) == title(at)
