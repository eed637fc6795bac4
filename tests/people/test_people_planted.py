"""The agent with the hard cases, a planted bad agent, teams in which nobody is apart."""

from __future__ import annotations

from typing import Any

import pytest
from generated_team import NOW, generated

from kpi import drill, people, periods
from kpi.facts import Facts
from kpi.model import Filter, Period, Verdict
from kpi.words import people_sentences as words


@pytest.fixture(scope="module")
def hard_cases(truths: dict[str, dict[str, Any]]) -> str:
    return str(truths["hard_cases"]["where"]["agent"])


def period(facts: Facts, text: str) -> Period:
    return periods.parse(
        text, first_day=facts.first_day, last_day=facts.last_day, definitions=facts.definitions
    )


def test_the_hard_cases_are_outside_the_raw_limits_and_inside_the_fair_ones(
    sample: Facts, hard_cases: str
) -> None:
    team = people.team(sample, period(sample, "all"))
    for key in ("csat", "ttr_agent"):
        looked = team.of(key)
        assert looked is not None
        person = looked.of(hard_cases)
        assert person is not None
        assert person.fair is not None
        assert person.raw.far_outside, key
        assert not person.fair.outside, key
        assert abs(person.fair.distance) < 1
        assert person.verdict is Verdict.UNCLEAR
        assert person.left_out < 0.01
        worst = min(looked.people, key=lambda p: p.raw.value * looked.metric.better.value)
        assert worst.agent == hard_cases


def test_the_title_says_that_it_is_the_cases(sample: Facts, hard_cases: str) -> None:
    now = period(sample, "2026-Q3")
    team = people.team(sample, now, periods.previous(now, sample.definitions))
    names = {name: name for name in team.agents}
    title = words.people_title(team, names)
    assert title.startswith(f"{hard_cases} looks worst on resolution time and first contact resolution")
    assert title.endswith("no worse than chance would make anybody")
    assert not any(looked.named for looked in team.metrics)


def test_what_colleagues_have_with_the_same_kind_is_that_of_colleagues(
    sample: Facts, hard_cases: str
) -> None:
    now = period(sample, "all")
    looked = people.team(sample, now, metrics=("csat",)).of("csat")
    assert looked is not None
    person = looked.of(hard_cases)
    assert person is not None
    rows = drill.rows(sample, "csat", now, where=(Filter("category", ("Seller dispute",)),))
    others = rows[rows["counted as"].isin(["satisfied", "not satisfied"])]
    tickets = sample.tables[looked.metric.grain]
    agent = tickets.dimensions["agent"]
    assert hard_cases in set(map(str, agent.categories))
    share = float((others["counted as"] == "satisfied").mean())
    assert person.expected == pytest.approx(share, abs=0.03)


@pytest.mark.parametrize("key", ["csat", "ttr_agent", "fcr", "aht", "occupancy"])
def test_n_is_the_number_of_rows_behind(sample: Facts, key: str) -> None:
    now = period(sample, "2026-Q3")
    looked = people.team(sample, now, metrics=(key,)).of(key)
    assert looked is not None
    assert looked.people
    for person in looked.people[:3]:
        rows = drill.rows(sample, key, now, where=(Filter("agent", (person.agent,)),))
        assert len(rows) == person.n


def test_productivity_names_nobody_since_days_do_not_know_their_cases(sample: Facts) -> None:
    looked = people.team(sample, period(sample, "all"), metrics=("productivity",)).of("productivity")
    assert looked is not None
    assert all(person.fair is None and person.unfair for person in looked.people)
    assert not looked.named


def test_what_agents_say_is_never_shown_by_agent(sample: Facts) -> None:
    looked = people.team(sample, period(sample, "all"), metrics=("asat",)).of("asat")
    assert looked is not None
    assert looked.people == ()
    assert "nobody is exposed" in looked.refused


def test_a_planted_bad_agent_is_named_and_the_specialist_is_not() -> None:
    facts = generated(7, skill={3: -0.45}, slow={3: 4.0})
    team = people.team(facts, NOW)
    for key in ("csat", "ttr_agent"):
        looked = team.of(key)
        assert looked is not None
        assert [(p.agent, p.verdict) for p in looked.named] == [("Agent 03", Verdict.WORSE)], key
        specialist = looked.of("Agent 00")
        assert specialist is not None
        assert specialist.raw.far_outside
    title = words.people_title(team, {name: name for name in team.agents})
    assert title.startswith("Agent 03 is worse on satisfaction and resolution time than chance")


def test_a_planted_good_agent_is_better_not_only_different() -> None:
    team = people.team(generated(11, agents=12, slow={5: 0.2}), NOW, metrics=("ttr_agent",))
    (named,) = team.metrics[0].named
    assert (named.agent, named.verdict) == ("Agent 05", Verdict.BETTER)


@pytest.mark.parametrize("spread", [0.0, 0.05])
def test_teams_in_which_nobody_is_apart(spread: float) -> None:
    """At most one team in twenty may have somebody named; of 50 each, six would be a chance of 4 %."""
    wrong = 0
    for seed in range(50):
        facts = generated(1000 + seed, agents=10, each=50, spread=spread)
        wrong += any(looked.named for looked in people.team(facts, NOW).metrics)
    assert wrong <= 5


def test_without_kinds_only_the_channel_makes_cases_alike() -> None:
    team = people.team(generated(3, kinds=False), NOW, metrics=("csat",))
    assert team.metrics[0].by == ("channel",)


def test_a_specialist_alone_with_the_kind_is_not_compared() -> None:
    facts = generated(5, agents=6)
    only = people.team(facts, NOW, where=(Filter("category", ("dispute",)),), metrics=("csat",))
    assert only.of("csat") is not None
    other = people.team(facts, NOW, where=(Filter("agent", ("Agent 00", "Agent 01")),))
    assert other.refused.startswith("fewer than 5 agents")
