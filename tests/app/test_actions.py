"""The Actions page: begun from a finding, kept, done, judged, told to customers; two people at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from conftest import ROOT, sound, title, words
from streamlit.testing.v1 import AppTest

from kpi.actions import parameters
from kpi.model import Filter
from kpi.workspace import Action, ActionStatus, Fate, Goal
from ui import store

Open = Callable[..., AppTest]
CHAT, PHONE = (Filter("channel", ("chat",)),), (Filter("channel", ("phone",)),)
SCRIPTS = Action(
    "",
    "Scripted answers in chat",
    "Ana",
    date(2026, 6, 20),
    finding="Chat took longer than before",
    metric="csat",
    where=CHAT,
    control=PHONE,
    expected_change=0.03,
    status="done",
    done_on=date(2026, 6, 15),
    told="We gave our team, led by Ana (ana@example.com), ready answers.",
)


@pytest.fixture(autouse=True)
def no_actions() -> None:
    for kind in (Action, Goal):
        for record in (*store.workspace().kept(kind), *store.workspace().dropped(kind)):
            store.workspace().forget_kept(kind, record.id)


def only() -> Action:
    (action,) = store.workspace().kept(Action)
    return action


def field(at: AppTest, kind: str, label: str) -> Any:
    return next(each for each in at.get(kind) if each.label.startswith(label))


def linked(**given: str) -> AppTest:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    at.query_params["data"] = "Sample data"
    at.run()
    for name, value in given.items():
        at.query_params[name] = value
    at.switch_page("pages/actions.py").run()
    assert sound(at)
    return at


def test_without_an_action_the_page_says_what_one_is(visit: Open) -> None:
    at = visit("actions")
    assert title(at) == "No action is planned yet"
    assert "what somebody does about a finding" in words(at)


def test_an_action_is_begun_from_a_finding_and_survives_a_reload(visit: Open) -> None:
    at = linked(**parameters("Chat CSAT fell by 8 points", "csat", CHAT, "trends?metric=csat"))
    assert field(at, "text_area", "The finding").value == "Chat CSAT fell by 8 points"
    assert field(at, "selectbox", "Metric that").value == "Customer satisfaction (CSAT)"
    assert field(at, "selectbox", "Segment it is").value == "As it was: chat"
    field(at, "text_input", "What is done").input("Take the *scripts* back")
    field(at, "text_input", "Owner").input("Ben")
    field(at, "selectbox", "Control").select("Channel: phone")
    field(at, "number_input", "Expected change").set_value(5.0)
    field(at, "selectbox", "Part").select("long-term")
    field(at, "text_area", "What customers").input("We listened.")
    field(at, "text_input", "Note").input("after the summer")
    field(at, "text_input", "Your name").input("Cleo")
    at.button(key="action-save").click().run()
    assert sound(at)
    action = only()
    assert (action.title, action.owner, action.metric) == ("Take the *scripts* back", "Ben", "csat")
    assert (action.where, action.control, action.expected_change) == (CHAT, PHONE, 0.05)
    assert (action.finding, action.reference) == ("Chat CSAT fell by 8 points", "trends?metric=csat")
    assert (action.horizon, action.told, action.note) == ("long-term", "We listened.", "after the summer")
    assert store.workspace().history(Action, action.id)[0].author == "Cleo"
    assert field(at, "text_area", "The finding").value == ""
    again = visit("actions")
    assert title(again) == "1 action, planned"
    assert again.dataframe[0].value["Action"].tolist() == ["Take the *scripts* back"]
    assert "From the finding: Chat CSAT fell by 8 points" in words(again)


def test_what_is_wrong_is_said_all_at_once(visit: Open) -> None:
    at = visit("actions")
    field(at, "selectbox", "Status").select("done")
    at.button(key="action-save").click().run()
    assert not at.exception
    (error,) = [e.value.replace("\\", "") for e in at.error]
    for wrong in ("Title: missing", "Owner: missing", "Done on: missing"):
        assert wrong in error
    assert field(at, "selectbox", "Status").value == "done"


def test_the_planted_step_is_judged_made_worse_against_phone(visit: Open) -> None:
    store.workspace().keep(SCRIPTS)
    at = visit("actions")
    assert title(at) == "Made worse: Scripted answers in chat"
    said = words(at)
    assert "Made worse: customer satisfaction (CSAT) for chat fell against phone by" in said
    assert "Expected: +3.0 points: it went the other way." in said
    assert "What moved both segments alike is taken out" in said
    assert len(at.get("vega_lite_chart")) == 1
    assert "Customers would be told of what made things worse: Scripted answers in chat" in said


def test_rows_behind_both_values_are_as_many_as_their_n(visit: Open) -> None:
    store.workspace().keep(SCRIPTS)
    at = visit("actions")
    at.toggle(key="action-rows").set_value(True).run()
    for side, label in zip(at.selectbox(key="side").options, ("From the day on", "Before"), strict=True):
        at.selectbox(key="side").select(label).run()
        assert sound(at)
        n = int("".join(c for c in side if c.isdigit()))
        assert len(at.dataframe[1].value) == n > 100


def test_customers_are_told_without_names_and_addresses(visit: Open) -> None:
    store.workspace().keep_all(
        [SCRIPTS, replace(SCRIPTS, title="B", status="planned", done_on=None, told="Not yet")]
    )
    at = visit("actions")
    (text,) = [t.value for t in at.get("text")]
    assert text == (
        "What we changed because of your feedback\n\n"
        "- June 2026: We gave our team, led by a colleague ([e-mail]), ready answers."
    )


def test_one_click_begins_ends_and_gives_up_an_action(visit: Open) -> None:
    due = date.today() - timedelta(days=1)
    store.workspace().keep(replace(SCRIPTS, status="planned", done_on=None, due=due, review_on=None))
    at = visit("actions")
    assert title(at) == "1 action, planned, overdue"
    at.button(key="action-to-in progress").click().run()
    assert only().status == ActionStatus.IN_PROGRESS
    field(at, "date_input", "Works from").set_value(date(2026, 6, 15))
    at.button(key="action-done").click().run()
    assert sound(at)
    assert (only().status, only().done_on) == (ActionStatus.DONE, date(2026, 6, 15))
    assert title(at) == "Made worse: Scripted answers in chat"
    at.button(key="action-to-in progress").click().run()
    at.button(key="action-to-given up").click().run()
    assert sound(at)
    assert only().status == ActionStatus.GIVEN_UP
    fates = [change.fate for change in store.workspace().history(Action, only().id)]
    assert fates == [Fate.KEPT] * 5


def test_a_change_that_comes_late_is_shown_with_both_versions(visit: Open) -> None:
    store.workspace().keep(SCRIPTS)
    at = visit("actions")
    at.button(key="action-change").click().run()
    store.workspace().keep(replace(only(), owner="Ben"))
    field(at, "text_input", "Owner").input("Cleo").run()
    at.button(key="action-save").click().run()
    assert sound(at)
    assert "Somebody changed this action while you had it open" in words(at)
    table = next(f.value for f in at.dataframe if "Yours" in f.value.columns).set_index("Field")
    assert table.loc["Owner"].tolist() == ["Ana", "Ben", "Cleo"]
    assert only().owner == "Ben"
    at.button(key="theirs-action").click().run()
    assert sound(at)
    assert only().owner == "Ben"
    asides = [
        c.record.owner for c in store.workspace().history(Action, only().id) if c.fate is Fate.SET_ASIDE
    ]
    assert asides == ["Cleo"]


def test_a_change_keeps_what_was_not_touched(visit: Open) -> None:
    store.workspace().keep(
        replace(SCRIPTS, expected_change=0.0312345, where=(*CHAT, Filter("team", ("A", "B"))))
    )
    before = only()
    at = visit("actions")
    at.button(key="action-change").click().run()
    at.button(key="action-save").click().run()
    assert sound(at)
    assert only() == before


def test_actions_on_what_vanished_say_so(visit: Open) -> None:
    store.workspace().keep_all(
        [
            replace(SCRIPTS, title="A", metric="gone"),
            replace(SCRIPTS, title="B", metric="", expected_change=None),
            replace(SCRIPTS, title="C", where=(Filter("nobody", ("x",)),)),
            replace(SCRIPTS, title="D", where=(Filter("channel", ("fax",)),)),
            replace(SCRIPTS, title="E", done_on=date(2026, 9, 25)),
            replace(SCRIPTS, title="F", control=()),
            replace(SCRIPTS, title="G", where=()),
            replace(SCRIPTS, title="H", done_on=date(2030, 1, 1)),
            replace(SCRIPTS, title="I", done_on=date(2020, 1, 1)),
        ]
    )
    at = visit("actions")
    verdicts = at.dataframe[0].value.set_index("Action")["Verdict"].to_dict()
    said = [verdicts[name].split(" ", 1)[-1] if name != "B" else verdicts[name] for name in "ABCDEFGHI"]
    assert said == [
        "no data",
        "no verdict",
        "no data",
        "no data",
        "too early",
        "made worse",
        said[6],
        "too early",
        "no data",
    ]
    for name in "ABCDEFGHI":
        at.selectbox(key="action").select(name).run()
        assert sound(at)
        at.button(key="action-change").click().run()
        assert sound(at)
    assert "Both segments may hold the same rows" not in words(at)
    at.selectbox(key="action").select("G").run()
    assert "judged without its control: both segments may hold the same rows" in words(at)


def test_a_link_that_makes_no_sense_begins_a_plain_action() -> None:
    at = linked(finding="<script>![x](http://a.example/p.png)", metric="<b>", where=";;:::|%%")
    assert "<script>" not in words(at)
    assert field(at, "selectbox", "Metric that").value.startswith("<b>")
    assert field(at, "selectbox", "Segment it is").value == "Everything"


def test_downloads_of_the_plan_hold_no_name_unless_asked_for() -> None:
    from kpi import export
    from ui.actions import PERSONAL
    from ui.kept import with_agents

    where = (Filter("agent", ("Bo Li", "Ana Lopez")),)
    records = [
        {"Action": "Train Bo Li", "Metric": "QA for Bo Li or Ana Lopez", "Owner": "Cy Ng", "Finding": "x"}
    ]
    masked = export.mask(pd.DataFrame(with_agents(records, [where])), PERSONAL)
    written = export.write_csv(masked).decode()
    assert not any(name in written for name in ("Bo", "Ana", "Cy"))
    assert with_agents(records, [CHAT]) == records
