"""The Targets page: promises, curve, open tickets, exceptions, targets set and changed by two people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest
from conftest import sound, title, words
from streamlit.testing.v1 import AppTest

from kpi.ingest import import_files
from kpi.model import Filter
from kpi.workspace import Target
from ui import store

Open = Callable[..., AppTest]
CHAT = (Filter("channel", ("chat",)),)
EMAIL = (Filter("channel", ("email",)),)
Q3 = {"period": "2026-Q3"}


@pytest.fixture(autouse=True)
def no_targets() -> None:
    for target in (*store.workspace().kept(Target), *store.workspace().dropped(Target)):
        store.workspace().forget_kept(Target, target.id)


def only() -> Target:
    (target,) = store.workspace().kept(Target)
    return target


def field(at: AppTest, kind: str, label: str):  # type: ignore[no-untyped-def]
    return next(each for each in at.get(kind) if each.label == label)


def table(at: AppTest, column: str):  # type: ignore[no-untyped-def]
    return next(each.value for each in at.dataframe if column in each.value.columns)


def test_without_a_target_the_finding_are_the_shares_in_time(visit: Open) -> None:
    at = visit("targets", **Q3)
    assert title(at).startswith("Answered in time: email ")
    assert title(at).endswith("no share to reach is set")
    promises = table(at, "Promise").set_index("Promise")
    assert promises.loc["chat", "Within"] == "1 h"
    assert promises.loc["calls", "Within"] == "5 min"
    for _, row in promises.iterrows():
        met, missed, n = (int(row[name].replace(",", "")) for name in ("Met", "Missed", "n"))
        assert met + missed == n
    said = words(at)
    assert "no target is set for any priority" in said
    assert "not as of now: no folder and no database is watched" in said


def test_targets_of_channels_give_verdicts_in_the_title(visit: Open) -> None:
    store.workspace().keep_all(
        [Target("", "frt_within_target", 0.90, CHAT), Target("", "frt_within_target", 0.95, EMAIL)]
    )
    at = visit("targets", **Q3)
    assert title(at).startswith("Email misses its promise by ")
    assert "chat keeps its promise (9" in title(at)
    assert "within 1 h, target 90.0 %)" in title(at)
    promises = table(at, "Promise").set_index("Promise")
    assert promises.loc["chat", "Verdict"] == "▲ reached"
    assert promises.loc["email", "Verdict"] == "▼ missed"
    assert promises.loc["social", "Share to reach"] == ""


def test_every_choice_can_be_moved(visit: Open) -> None:
    at = visit("targets", **Q3)
    for name in at.selectbox(key="targets_by").options:
        at.selectbox(key="targets_by").select(name).run()
        assert sound(at)
    at.selectbox(key="targets_by").select("Nothing further").run()
    for name in at.selectbox(key="promise").options:
        at.selectbox(key="promise").select(name).run()
        assert sound(at)
        assert at.get("vega_lite_chart")[0].proto.alt.startswith("Share of ")
        slider = field(at, "select_slider", "Time allowed")
        for step in (slider.options[0], slider.options[-1]):
            field(at, "select_slider", "Time allowed").set_value(step).run()
            assert sound(at)
            assert f"If the promise were {step}:" in words(at)
    for state in at.selectbox(key="waiting").options:
        at.selectbox(key="waiting").select(state).run()
        assert sound(at)
    assert set(table(at, "left_h")["state"]) == {"overdue"}
    for grain in at.selectbox(key="exceptions").options:
        at.selectbox(key="exceptions").select(grain).run()
        assert sound(at)
        assert f"newest whole {grain}" in words(at)


def test_a_link_keeps_the_choices(visit: Open) -> None:
    at = visit("targets", **Q3, targets_by="priority", exceptions="day", waiting="overdue")
    assert "chat, high" in table(at, "Promise")["Promise"].tolist()
    assert "newest whole day" in words(at)
    assert set(table(at, "left_h")["state"]) == {"overdue"}


def test_a_target_is_set_and_survives_a_reload(visit: Open) -> None:
    at = visit("targets", **Q3)
    field(at, "selectbox", "Segment").select("Channel: chat").run()
    field(at, "number_input", "To reach (%)").set_value(92.5)
    field(at, "text_input", "Note").input("as *agreed*")
    field(at, "date_input", "From the day").set_value(date(2026, 7, 1)).run()
    at.button(key="target-save").click().run()
    assert sound(at)
    target = only()
    assert (target.metric, target.where, target.value) == ("frt_within_target", CHAT, 0.925)
    assert (target.valid_from, target.valid_until, target.note) == (date(2026, 7, 1), None, "as *agreed*")
    again = visit("targets", **Q3)
    assert "target 92.5 %" in title(again)
    kept = table(again, "To reach").set_index("Target")
    assert kept.loc["Answered within target for chat", "Holds"] == "from 2026-07-01"


def test_what_is_wrong_is_said_and_a_second_target_of_the_same_days_is_refused(visit: Open) -> None:
    store.workspace().keep(Target("", "frt_within_target", 0.90))
    at = visit("targets", **Q3)
    at.button(key="target-save").click().run()
    assert not at.exception
    (error,) = [each.value.replace("\\", "") for each in at.error]
    assert "there is a target of 0.9 for the same metric and segment that holds always" in error
    assert len(store.workspace().kept(Target)) == 1


def test_two_people_who_change_one_target_both_keep_their_words(visit: Open) -> None:
    store.workspace().keep(Target("", "frt_within_target", 0.90, CHAT))
    at = visit("targets", **Q3)
    at.button(key="target-change").click().run()
    store.workspace().keep(replace(only(), note="by Ben"))
    field(at, "number_input", "To reach (%)").set_value(95.0).run()
    at.button(key="target-save").click().run()
    assert sound(at)
    assert "Somebody changed this target while you had it open" in words(at)
    at.button(key="both-target").click().run()
    assert sound(at)
    assert (only().value, only().note) == (0.95, "by Ben")


def test_a_target_is_dropped_and_had_back(visit: Open) -> None:
    store.workspace().keep(Target("", "csat", 0.90))
    at = visit("targets", **Q3)
    at.button(key="target-drop").click().run()
    assert sound(at)
    assert store.workspace().kept(Target) == ()
    (button,) = [each for each in at.button if each.label == "Have it back"]
    button.click().run()
    assert sound(at)
    assert only().value == 0.90


def test_targets_in_the_past_and_of_vanished_metrics_are_said(visit: Open) -> None:
    store.workspace().keep_all(
        [
            Target("", "csat", 0.90, EMAIL, valid_until=date(2025, 12, 31)),
            Target("", "gone", 4.0),
            Target("", "csat", 0.5, (Filter("nobody", ("x",)),)),
            Target("", "csat", 0.6, (Filter("channel", ("fax", "telex")),)),
        ]
    )
    at = visit("targets", **Q3)
    verdicts = table(at, "To reach")["Verdict"].tolist()
    assert verdicts.count("○ no value") == 3
    assert verdicts.count("○ not in these days") == 1
    said = words(at)
    assert "it held until 2025-12-31" in said
    assert "there is no metric 'gone' in the list any more" in said
    assert "the data hold no channel 'fax' or 'telex' any more" in said
    assert "unknown field 'nobody'" in said
    # None of them leaves a trace where it does not hold.
    assert "Target 80.0 %" in words(visit("summary", **Q3))
    for name in at.selectbox(key="target").options:
        at.selectbox(key="target").select(name).run()
        at.button(key="target-change").click().run()
        assert sound(at)


def test_filters_and_other_periods_hold_here_too(visit: Open) -> None:
    chat = visit("targets", **Q3, channel="chat")
    assert table(chat, "Promise")["Promise"].tolist()[0] == "chat"
    assert "email" not in table(chat, "Promise")["Promise"].tolist()
    early = visit("targets", period="2025-10")
    assert sound(early)


UNLIKE = {
    "customers only": b"customer_id,tenure,churn\n"
    + b"".join(b"c%d,%d,%s\n" % (n, n % 70, b"Yes" if n % 4 else b"No") for n in range(60)),
    "calls only": b"call_id,started_at,outcome,wait_s\n"
    + b"".join(
        b"a%d,2026-09-%02dT10:00:00Z,%s,%d\n"
        % (n, n % 28 + 1, b"abandoned" if n % 9 == 0 else b"answered", n)
        for n in range(60)
    ),
    "solved only": b"ticket_id,created_at,solved_at,status,priority\n"
    + b"".join(
        b"t%d,2026-09-%02dT10:00:00Z,2026-09-%02dT12:00:00Z,solved,high\n" % (n, n % 28 + 1, n % 28 + 1)
        for n in range(60)
    ),
}


@pytest.mark.parametrize("label", UNLIKE)
def test_data_that_lack_things_say_what_cannot_be_shown(visit: Open, label: str) -> None:
    imported = import_files([(f"{label}.csv", UNLIKE[label])], {"timezone": "UTC"})
    kept = store.workspace().save(label, imported, f"targets-{label}")
    try:
        at = visit("targets", data=label)
        said = words(at)
        if label == "calls only":
            # The newest whole week, 21 to 27 September: 14 calls, one of them hung up after 54 s.
            assert title(at).startswith("Answered in time: calls 92.9 % [")
            assert table(at, "Promise")[["Met", "Missed", "n"]].to_numpy().tolist() == [["13", "1", "14"]]
            assert "First response: the data hold no tickets" in said
        else:
            assert title(at).startswith("No promise can be checked: first response: ")
        assert "Nothing to list: " in said
        assert "No usual band: " in said
        assert "no folder" not in said
    finally:
        store.workspace().delete(kept.key)


def test_without_any_target_every_page_says_so(visit: Open) -> None:
    before = store.workspace().definitions()
    store.workspace().keep_definitions(replace(before, targets=MappingProxyType({})))
    try:
        at = visit("targets", **Q3)
        assert "No metric has a target." in words(at)
        assert not [each for each in at.selectbox if each.key == "target"]
        assert "Target" not in words(visit("summary", **Q3)).replace("Answered within target", "")
        assert "Target: none" in words(visit("definitions"))
    finally:
        store.workspace().keep_definitions(before)
