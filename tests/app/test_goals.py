"""The Goals page: a goal is set, seen again after a reload, changed by two people, dropped and had back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from conftest import sound, title, words
from streamlit.testing.v1 import AppTest

from kpi.model import Filter
from kpi.workspace import Fate, Goal
from ui import store

Open = Callable[..., AppTest]
CHAT = (Filter("channel", ("chat",)),)
CSAT = Goal("", "csat", 0.80, 0.90, date(2026, 12, 31), 28, CHAT, date(2026, 6, 1), "Chat back up", "Ana")


@pytest.fixture(autouse=True)
def no_goals() -> None:
    for goal in store.workspace().kept(Goal):
        store.workspace().forget_kept(Goal, goal.id)
    for goal in store.workspace().dropped(Goal):
        store.workspace().forget_kept(Goal, goal.id)


def only() -> Goal:
    (goal,) = store.workspace().kept(Goal)
    return goal


def field(at: AppTest, kind: str, label: str):  # type: ignore[no-untyped-def]
    return next(each for each in at.get(kind) if each.label == label)


def test_without_a_goal_the_page_says_so_and_what_the_metric_has_done(visit: Open) -> None:
    at = visit("goals")
    assert title(at) == "No goal is set yet"
    said = words(at)
    assert "In the last 8 whole weeks it went between" in said
    assert "would show a change of" in said


def test_a_goal_is_set_and_survives_a_reload(visit: Open) -> None:
    at = visit("goals")
    field(at, "selectbox", "Segment").select("Channel: chat").run()
    assert sound(at)
    assert field(at, "number_input", "From (%)").value == 85.7
    field(at, "number_input", "To (%)").set_value(86.0)
    field(at, "text_input", "Owner").input("Ana")
    field(at, "text_input", "Name").input("Chat *up*")
    field(at, "date_input", "By the day").set_value(date(2026, 12, 1)).run()
    assert "less than the" in words(at)
    at.button(key="goal-save").click().run()
    assert sound(at)
    goal = only()
    assert (goal.metric, goal.where, goal.to_value, goal.by) == ("csat", CHAT, 0.86, date(2026, 12, 1))
    assert goal.from_value == pytest.approx(90 / 105)
    assert (goal.window_days, goal.owner, goal.name) == (28, "Ana", "Chat *up*")
    again = visit("goals")
    assert "rolling 28-day customer satisfaction" in title(again).lower()
    assert again.dataframe[0].value["Goal"].tolist() == ["Chat *up*"]
    assert len(again.get("vega_lite_chart")) == 1
    assert again.get("vega_lite_chart")[0].proto.alt


def test_what_is_wrong_is_said_all_at_once_and_nothing_typed_is_lost(visit: Open) -> None:
    at = visit("goals")
    field(at, "date_input", "By the day").set_value(date(2026, 1, 1)).run()
    at.button(key="goal-save").click().run()
    assert not at.exception
    (error,) = [e.value.replace("\\", "") for e in at.error]
    assert "By: 2026-01-01 is before the start" in error
    assert "is where it starts" in error
    assert store.workspace().kept(Goal) == ()
    assert field(at, "date_input", "By the day").value == date(2026, 1, 1)


def test_a_change_that_comes_late_is_shown_with_both_versions(visit: Open) -> None:
    store.workspace().keep(CSAT)
    at = visit("goals")
    at.button(key="goal-change").click().run()
    store.workspace().keep(replace(only(), owner="Ben", to_value=0.88))
    field(at, "number_input", "To (%)").set_value(95.0).run()
    at.button(key="goal-save").click().run()
    assert sound(at)
    assert "Somebody changed this goal while you had it open" in words(at)
    table = next(f.value for f in at.dataframe if "Yours" in f.value.columns).set_index("Field")
    assert table.loc["To value"].tolist() == ["0.9", "0.88", "0.95"]
    assert table.loc["Owner", ["As it stands now", "Yours"]].tolist() == ["Ben", "Ana"]
    assert only().to_value == 0.88
    at.button(key="mine-goal").click().run()
    assert sound(at)
    assert (only().to_value, only().owner) == (0.95, "Ana")
    fates = [change.fate for change in store.workspace().history(Goal, only().id)]
    assert fates == [Fate.KEPT, Fate.KEPT, Fate.SET_ASIDE, Fate.KEPT]
    assert "Somebody changed" not in words(at)


def test_changes_of_different_fields_can_both_be_kept(visit: Open) -> None:
    store.workspace().keep(CSAT)
    at = visit("goals")
    at.button(key="goal-change").click().run()
    store.workspace().keep(replace(only(), owner="Ben"))
    field(at, "number_input", "To (%)").set_value(95.0).run()
    at.button(key="goal-save").click().run()
    at.button(key="both-goal").click().run()
    assert sound(at)
    assert (only().to_value, only().owner) == (0.95, "Ben")


def test_what_stands_can_be_kept_and_a_dropped_one_had_back(visit: Open) -> None:
    store.workspace().keep(CSAT)
    at = visit("goals")
    at.button(key="goal-change").click().run()
    goal = only()
    store.workspace().drop(Goal, goal.id)
    field(at, "number_input", "To (%)").set_value(95.0).run()
    at.button(key="goal-save").click().run()
    assert "Somebody dropped this goal" in words(at)
    at.button(key="theirs-goal").click().run()
    assert sound(at)
    assert store.workspace().kept(Goal) == ()
    at.button(key=f"back-{goal.id}").click().run()
    assert sound(at)
    assert only().to_value == 0.90


def test_a_goal_is_dropped(visit: Open) -> None:
    store.workspace().keep(CSAT)
    at = visit("goals")
    at.button(key="goal-drop").click().run()
    assert sound(at)
    assert title(at) == "No goal is set yet"


def test_goals_on_what_vanished_say_so_and_can_only_be_dropped(visit: Open) -> None:
    store.workspace().keep_all(
        [
            replace(CSAT, metric="gone", name="A"),
            replace(CSAT, where=(Filter("channel", ("fax",)),), name="B"),
            replace(CSAT, where=(Filter("nobody", ("x",)),), name="C"),
            replace(CSAT, by=date(2020, 1, 1), start=None, name="D"),
            replace(CSAT, by=date(2026, 8, 31), name="E"),
        ]
    )
    at = visit("goals")
    table = at.dataframe[0].value.set_index("Goal")["Verdict"].to_dict()
    assert [table[name].split(" ", 1)[1] for name in "ABCDE"] == [
        "metric no longer in the data",
        "no data for it",
        "no data for it",
        "cannot tell",
        "not reached",
    ]
    for name in "ABCDE":
        at.selectbox(key="goal").select(name).run()
        assert sound(at)
        at.button(key="goal-change").click().run()
        assert sound(at)


def test_rows_behind_the_value_are_as_many_as_its_n(visit: Open) -> None:
    store.workspace().keep(CSAT)
    at = visit("goals")
    toggle = at.toggle(key="goal-rows")
    n = int("".join(c for c in toggle.label if c.isdigit()))
    toggle.set_value(True).run()
    assert sound(at)
    assert len(at.dataframe[1].value) == n


def test_every_metric_can_be_chosen(visit: Open) -> None:
    at = visit("goals")
    for name in field(at, "selectbox", "Metric").options[::4]:
        field(at, "selectbox", "Metric").select(name).run()
        assert sound(at)
    for days in (1, 7, 91):
        field(at, "selectbox", "Days taken together").select(days).run()
        assert sound(at)


def test_with_many_goals_chances_are_foretold_when_asked_for(visit: Open) -> None:
    store.workspace().keep_all([replace(CSAT, name=f"Goal {n}", by=date(2026, 11, n)) for n in range(1, 6)])
    at = visit("goals")
    assert "Chance" not in at.dataframe[0].value.columns
    at.toggle(key="chances").set_value(True).run()
    assert sound(at)
    assert all(chance.endswith("%") for chance in at.dataframe[0].value["Chance"])
