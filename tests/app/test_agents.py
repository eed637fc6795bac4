"""The page "Agents" with every widget moved."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from conftest import sound, title, words
from streamlit.testing.v1 import AppTest

from kpi import people, periods
from kpi.words import people_sentences
from ui import store

Open = Callable[..., AppTest]
PERIOD = {"period": "Q3 2026"}


def test_the_title_is_the_finding_of_the_package(visit: Open) -> None:
    facts = store.facts(store.SAMPLE)
    now = periods.parse(
        "2026-Q3", first_day=facts.first_day, last_day=facts.last_day, definitions=facts.definitions
    )
    team = people.team(facts, now, periods.previous(now, facts.definitions))
    at = visit("agents", **PERIOD)
    assert title(at) == people_sentences.people_title(team, {name: name for name in team.agents})
    assert title(at).startswith("Ines Duarte looks worst on resolution time")
    assert people_sentences.REGRESSION in words(at)


def test_every_metric_and_every_way_to_call_agents(visit: Open) -> None:
    at = visit("agents", **PERIOD)
    seen = set()
    for name in at.selectbox(key="by").options:
        at.selectbox(key="by").select(name).run()
        assert sound(at)
        seen.add(words(at))
    assert len(seen) == len(at.selectbox(key="by").options) >= 7
    for how in ("Initials", "Pseudonyms"):
        at.selectbox(key="called").select(how).run()
        assert sound(at)
        assert "Ines Duarte" not in words(at)
        assert all("Ines Duarte" not in str(table.value.to_dict()) for table in at.dataframe)
        assert all("Duarte" not in option for option in at.selectbox(key="who").options)
    assert title(at).startswith("Agent ")


def test_one_agent_and_no_other_is_named_there(visit: Open) -> None:
    at = visit("agents", who="Ines Duarte", by="Resolution time per agent", **PERIOD)
    assert at.selectbox(key="who").value == "Ines Duarte"
    assert "inside the band of the team" in words(at)
    for name in at.selectbox(key="who").options[:3]:
        at.selectbox(key="who").select(name).run()
        assert sound(at)
        assert f"Resolution time of {name}" in words(at)


def test_topics_are_looked_at_when_asked(visit: Open) -> None:
    at = visit("agents", **PERIOD)
    assert "below its own level elsewhere" not in words(at)
    at.toggle(key="topics").set_value(True).run()
    assert sound(at)
    assert "Seller dispute: most of the team is below its own level elsewhere" in words(at)


@pytest.mark.parametrize("named", [False, True])
def test_the_download_has_pseudonyms_until_names_are_wanted(visit: Open, named: bool) -> None:
    at = visit("agents", **PERIOD)
    assert at.toggle(key="named-agents").value is False
    at.toggle(key="named-agents").set_value(named).run()
    assert sound(at)
    facts = store.facts(store.SAMPLE)
    now = periods.parse(
        "2026-Q3", first_day=facts.first_day, last_day=facts.last_day, definitions=facts.definitions
    )
    looked = people.team(facts, now, metrics=("csat",)).of("csat")
    assert looked is not None
    from ui.agents import table_bytes

    shown = {person.agent: person.agent for person in looked.people}
    hidden = people.called(list(shown), people.Called.PSEUDONYMS, b"key")
    text = table_bytes(looked, shown if named else hidden).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == len(looked.people)
    assert ("Ines Duarte" in text) is named


def test_a_filter_that_leaves_too_few_agents(visit: Open) -> None:
    at = visit("agents", agent=["Ines Duarte", "Oskar Brandt"], **PERIOD)
    assert title(at).startswith("Agents are not compared: fewer than 5 agents")
    assert "A column with the agent" in words(at)


def test_a_channel_alone(visit: Open) -> None:
    at = visit("agents", channel=["chat"], **PERIOD)
    assert sound(at)
    assert "answers" in words(at)
