"""Placements, limits, suppression, names, months, topics, lasting: each against what it must be."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from generated_team import NOW, generated
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi import people
from kpi.definitions import Definitions
from kpi.facts import build_facts
from kpi.ingest.nouns import Tables
from kpi.model import Grain, Period
from kpi.people import Called, called, data_key, own_months, topics
from kpi.people.lasting import correlated
from kpi.people.nouns import Scale
from kpi.people.placing import placements
from kpi.people.scoring import Rows, score
from kpi.people.suppressing import shown_and_few
from kpi.stats import kaplan_meier
from kpi.words import people_sentences as words
from kpi.words import people_tables

VALUES = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 6)), min_size=1, max_size=30)


@settings(max_examples=60, deadline=None)
@given(VALUES)
def test_placements_are_shares_of_smaller_rows_with_ties_half(pairs: list[tuple[int, int]]) -> None:
    group, value = (np.array(column) for column in zip(*pairs, strict=True))
    found = placements(group, value.astype(float), np.ones(value.size, bool))
    for place, (g, v) in enumerate(pairs):
        mine = value[group == g]
        assert found[place] == pytest.approx(((mine < v).sum() + (mine == v).sum() / 2) / mine.size)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 8), st.booleans()), min_size=2, max_size=25))
def test_open_rows_are_placed_by_kaplan_meier(rows: list[tuple[int, bool]]) -> None:
    value = np.array([v for v, _ in rows], float)
    ended = np.array([e for _, e in rows])
    found = placements(np.zeros(value.size, int), value, ended)
    times = np.unique(value)
    curve = kaplan_meier(
        times,
        [int(((value == t) & ended).sum()) for t in times],
        [int(((value == t) & ~ended).sum()) for t in times],
    )
    for place, (v, e) in enumerate(rows):
        after = curve.at(v)
        before = curve.at(v - 0.5)
        assert found[place] == pytest.approx(1 - (before + after) / 2 if e else 1 - after / 2, abs=1e-9)


def test_expected_is_that_of_the_others_in_the_same_kind() -> None:
    """Kind 0: agent 0 has 20 rows, agents 1 and 2 have 10 each with 7 and 5 hits: 12 of 20 expected."""
    agent = np.repeat([0, 1, 2], [20, 10, 10])
    k = np.concatenate([np.repeat([1, 0], [9, 11]), np.repeat([1, 0], [7, 3]), np.repeat([1, 0], [5, 5])])
    rows = Rows(
        ("a", "b", "c"), agent, Scale.SHARE, np.ones(40), k.astype(float), np.ones(40, bool),
        (np.zeros(40, np.int64),), ("category",), True, 1.0,
    )  # fmt: skip
    found = score(rows, rows.kinds)
    assert found.observed[0] == pytest.approx(0.45)
    assert found.expected[0] == pytest.approx(0.6)
    assert found.reliance[0] == pytest.approx(0.5)


def test_an_own_kind_is_left_out_and_counted() -> None:
    agent = np.repeat([0, 0, 1, 2], [30, 10, 30, 30])
    kind = np.repeat([1, 0, 0, 0], [30, 10, 30, 30])
    rows = Rows(
        ("a", "b", "c"), agent, Scale.SHARE, np.ones(100), np.ones(100), np.ones(100, bool),
        (kind.astype(np.int64),), ("category",), True, 1.0,
    )  # fmt: skip
    found = score(rows, rows.kinds)
    assert found.left_out.tolist() == pytest.approx([0.75, 0, 0])
    assert found.n.tolist() == [10, 30, 30]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 40), max_size=12), st.integers(1, 20))
def test_no_total_gives_anybody_away(rows: list[int], least: int) -> None:
    counts = np.array(rows, float)
    shown, (few, together) = shown_and_few(counts, least)
    assert few != 1 or (counts > 0).sum() == 1
    assert (counts[shown] >= least).all()
    assert counts[shown].sum() + together == counts.sum()
    if few and shown.any():
        assert together >= least


def test_pseudonyms_stay_and_need_the_data() -> None:
    frame = pd.DataFrame({"ticket_id": ["1", "2"], "agent_name": ["Ana Silva", "Bo Li"]})
    other = pd.DataFrame({"ticket_id": ["1", "3"], "agent_name": ["Ana Silva", "Bo Li"]})
    key = data_key(Tables(tickets=frame), "mine")
    names = called(("Ana Silva", "Bo Li"), Called.PSEUDONYMS, key)
    assert names == called(("Ana Silva", "Bo Li"), Called.PSEUDONYMS, data_key(Tables(tickets=frame), "mine"))
    assert len(set(names.values())) == 2
    assert "Ana" not in str(list(names.values()))
    for changed in (data_key(Tables(tickets=other), "mine"), data_key(Tables(tickets=frame), "yours")):
        assert called(("Ana Silva",), Called.PSEUDONYMS, changed)["Ana Silva"] != names["Ana Silva"]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=12), unique=True, max_size=12))
def test_no_two_agents_are_called_the_same(agents: list[str]) -> None:
    for how in Called:
        assert len(set(called(agents, how, b"k").values())) == len(agents)


def test_lasting_needs_agents_and_differences() -> None:
    assert correlated([1.0, 2.0], [1.0, 2.0]).reason.startswith("2 agents")
    assert "alike" in correlated([1.0] * 6, [1.0, 2, 3, 4, 5, 6]).reason
    found = correlated([1.0, 2, 3, 4, 5, 6], [1.0, 2, 3, 4, 5, 6])
    assert found.low is not None
    assert found.high is not None
    assert found.correlation is not None
    assert found.low <= found.correlation <= found.high <= 1


def test_every_interval_holds_its_own_value() -> None:
    for looked in people.team(generated(2, agents=9, each=40, slow={1: 3.0}), NOW).compared:
        for person in looked.people:
            assert person.raw.own_low <= person.raw.shrunk <= person.raw.own_high
            if person.fair is not None:
                fair = person.fair
                assert fair.own_low <= fair.shrunk <= fair.own_high
                assert fair.own_low <= fair.value <= fair.own_high
                assert fair.outer_low <= fair.low <= looked.team <= fair.high <= fair.outer_high
                assert fair.p is not None
                assert 0 < fair.p <= (fair.p_adjusted or 0) <= 1


def test_own_months_stand_beside_the_same_kind() -> None:
    facts = generated(4, agents=8)
    looked = people.team(facts, NOW, metrics=("csat",)).of("csat")
    assert looked is not None
    months = own_months(facts, looked.metric, "Agent 00", NOW)
    assert [str(month.period) for month in months] == ["March 2026", "April 2026"]
    assert sum(month.estimate.n for month in months) == looked.of("Agent 00").n  # type: ignore[union-attr]
    for month in months:
        assert month.expected is not None
        assert 0.4 < month.expected < 0.65
    assert people_tables.month_rows(looked, months)[0]["Month"] == "March 2026"


def test_a_topic_that_is_hard_for_everybody_is_a_topic() -> None:
    found = topics(generated(6, agents=8, each=120, specialist=False), NOW)
    assert [topic.name for topic in found.found if topic.shared][:1] == ["dispute"]
    assert "below its own level elsewhere" in words.topics_sentence(found)


def test_bad_input_is_refused_with_words() -> None:
    created = pd.to_datetime(["2026-03-02"] * 40, utc=True)
    tickets = pd.DataFrame({"ticket_id": np.arange(40).astype(str), "created_at": created, "status": "open"})
    nobody = people.team(build_facts(Tables(tickets=tickets), Definitions()), NOW)
    assert nobody.refused == "no column says which agent handled a contact"
    single = people.team(build_facts(Tables(tickets=tickets.assign(agent_name="Ana")), Definitions()), NOW)
    assert single.refused
    assert not single.looks
    empty = people.team(generated(1), Period(date(2030, 1, 1), date(2030, 2, 1)))
    assert empty.refused
    for team in (nobody, single, empty):
        assert words.people_title(team, {}).startswith("Agents are not compared: ")
        assert people_tables.overview_rows(team) == [] or words.refusals(team)


def test_who_left_and_who_came_is_counted_and_a_single_agent_is_said() -> None:
    facts = generated(3, agents=8, each=60)
    table = facts.tables[Grain.TICKETS].source
    april = pd.Timestamp("2026-04-01", tz="UTC")
    name, day = table["agent_name"], table["created_at"]
    kept = table[
        ~((name == "Agent 07") & (day >= april)) & ~((name.isin(["Agent 05", "Agent 06"])) & (day < april))
    ]
    moved = build_facts(Tables(tickets=kept.reset_index(drop=True)), Definitions())
    march, month = Period(date(2026, 3, 1), date(2026, 3, 31)), Period(date(2026, 4, 1), date(2026, 4, 30))
    team = people.team(moved, month, march, metrics=("volume", "frt", "ttr_agent"))
    assert (team.left, team.came) == (1, 2)
    said = words.moved_sentence(team)
    assert said.startswith("1 agent has rows in")
    assert "2 agents have rows in" in said
    assert not any(agent in said for agent in team.agents)
    same = people.team(facts, month, march, metrics=("ttr_agent",))
    assert (same.left, same.came, words.moved_sentence(same)) == (0, 0, "")
    alone = table[name == "Agent 01"].reset_index(drop=True)
    single = people.team(build_facts(Tables(tickets=alone), Definitions()), NOW)
    assert words.people_title(single, {}) == (
        "Agents are not compared: only one agent has rows here, so there is nobody to compare with"
    )
    two = table[name.isin(["Agent 01", "Agent 02"])].reset_index(drop=True)
    pair = people.team(build_facts(Tables(tickets=two), Definitions()), NOW)
    assert pair.refused.startswith("fewer than 5 agents")


def test_words_of_every_table() -> None:
    team = people.team(generated(9, agents=7, skill={2: -0.5}), NOW, NOW.shifted(-NOW.days))
    names = called(team.agents, Called.PSEUDONYMS, b"key")
    text = " ".join(words.findings(team, names)) + words.people_title(team, names)
    for looked in team.compared:
        rows = people_tables.people_rows(looked, names)
        assert len(rows) == len(looked.people)
        text += str(rows) + words.together_sentence(looked) + words.people_alt(looked, names, fair=True)
        text += words.lasting_sentence(looked, team)
    assert "Agent 02" not in text
    assert names["Agent 02"] in text
    assert "nan" not in text
    assert "None" not in text


def test_the_expected_median_is_that_of_the_others_of_the_same_kinds() -> None:
    """Half of agent 0's rows are of each kind, so others' rows of both kinds count half each."""
    rng = np.random.default_rng(1)
    agent = np.repeat(np.arange(4), 100)
    kind = np.tile(np.repeat([0, 1], 50), 4)
    kind[100:] = (rng.random(300) < 0.8).astype(int)
    value = rng.integers(1, 200, 400) + 300.0 * kind
    rows = Rows(
        ("a", "b", "c", "d"), agent, Scale.CHANCE, np.ones(400), value, np.ones(400, bool),
        (kind.astype(np.int64),), ("category",), False, 1.0,
    )  # fmt: skip
    others = agent > 0
    weight = np.where(kind == 0, 1 / (others & (kind == 0)).sum(), 1 / (others & (kind == 1)).sum())[others]
    order = np.argsort(value[others])
    reached = np.cumsum(weight[order]) / weight.sum() >= 0.5 - 1e-9
    assert score(rows, rows.kinds).level[0] == value[others][order][np.argmax(reached)]


def test_thousands_of_kinds_one_kind_and_odd_names() -> None:
    facts = generated(12, agents=6, each=200)
    tickets = facts.tables[Grain.TICKETS].source
    many = tickets.assign(category=[f"kind {place}" for place in range(len(tickets))])
    single = tickets.assign(category="everything", channel="chat")
    odd = tickets.assign(
        agent_name=tickets["agent_name"].map(lambda name: f"\U0001f642 {name[-2:]} <b>*Zoë*</b>")
    )
    found = {}
    for name, frame in (("many", many), ("single", single), ("odd", odd)):
        team = people.team(build_facts(Tables(tickets=frame), Definitions()), NOW, metrics=("ttr_agent",))
        found[name] = team.metrics[0]
        assert words.people_title(team, {agent: agent for agent in team.agents})
    assert found["many"].by == ("channel",)
    assert all("no column that tells kinds" in person.unfair for person in found["single"].people)
    assert all(person.fair is not None for person in found["odd"].people)
    assert not any(looked.named for looked in (found["single"], found["odd"]))
