"""The first sentence about agents of a public call-centre file, checked by hand against its rows."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from scipy import stats

from kpi import people, periods
from kpi.definitions import Definitions
from kpi.facts import build_facts
from kpi.ingest import import_files
from kpi.words import people_sentences as words

FILE = Path(__file__).resolve().parents[3] / "shared/data/pwc_call_center/pwc_ddmmyyyy.csv"


@pytest.mark.shared
def test_nobody_is_apart_among_the_eight_agents() -> None:
    if not FILE.exists():
        pytest.skip("the public files are not beside the repository")
    facts = build_facts(import_files([(FILE.name, FILE)], {}).tables, Definitions())
    now = periods.parse(
        "2021-Q1", first_day=facts.first_day, last_day=facts.last_day, definitions=facts.definitions
    )
    team = people.team(facts, now)
    assert len(team.agents) == 8
    title = words.people_title(team, {name: name for name in team.agents})
    assert title == "Once the cases are alike, no agent is apart from the team beyond chance"
    calls = pd.read_csv(FILE)
    calls = calls[calls["answered (Y/N)"] == "Y"]
    minutes = pd.to_timedelta(calls["AvgTalkDuration"]).dt.total_seconds() / 60
    satisfied = calls["SatisfactionRating"] >= 4
    for key, values in (("aht", minutes), ("csat", satisfied)):
        looked = team.of(key)
        assert looked is not None
        by_hand = values.groupby(calls["agent"]).agg(["size", "mean"])
        for person in looked.people:
            assert person.n == by_hand.loc[person.agent, "size"]
            assert person.observed.value == pytest.approx(by_hand.loc[person.agent, "mean"])
            assert not person.raw.far_outside
    # whole-team tests by another way, without kinds: no sign that agents differ
    table = pd.crosstab(calls["agent"], satisfied)
    assert stats.chi2_contingency(table).pvalue > 0.05
    assert stats.kruskal(*[group for _, group in minutes.groupby(calls["agent"])]).pvalue > 0.05


DATA = FILE.parents[1]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2023-12", "Once the cases are alike, no agent is apart from the team beyond chance"),
        (
            "2023",
            "Connor Danielovitch looks worst on resolution time, but with the same kind of contacts "
            "no worse than chance would make anybody",
        ),
    ],
)
def test_technical_support_agents_by_hand(text: str, said: str) -> None:
    path = DATA / "technical_support/Technical_Support_Dataset.csv"
    if not path.exists():
        pytest.skip("the public files are not beside the repository")
    facts = build_facts(import_files([(path.name, path)], {"timezone": "UTC"}).tables, Definitions())
    now = periods.parse(
        text, first_day=facts.first_day, last_day=facts.last_day, definitions=facts.definitions
    )
    team = people.team(facts, now)
    assert words.people_title(team, {name: name for name in team.agents}) == said
    raw = pd.read_csv(path, dtype=str, encoding="utf-8-sig")
    created, solved = (
        pd.to_datetime(raw[name], format="mixed") for name in ("Created time", "Resolution time")
    )
    inside = created.dt.strftime("%Y-%m-%d").str.startswith(text)
    # Tickets that are still open take longest.
    minutes = ((solved - created).dt.total_seconds() / 60).fillna(1e9)[inside]
    agent = raw["Agent Name"][inside]
    looked = team.of("ttr_agent")
    assert looked is not None
    by_hand = {}
    for person in looked.people:
        assert person.n == int((agent == person.agent).sum())
        mine, others = minutes[agent == person.agent], minutes[agent != person.agent]
        test = stats.mannwhitneyu(mine, others)
        by_hand[person.agent] = (float(test.statistic / mine.size / others.size), float(test.pvalue))
    worst = max(by_hand, key=lambda name: by_hand[name][0])
    looks = said.startswith(worst)
    assert looks is (by_hand[worst][1] < 0.05)


@pytest.mark.shared
@pytest.mark.parametrize(
    "name",
    ["kaggle_support_tickets/customer_support_tickets_original.csv", "rwfd_call_center/Call_Center.csv"],
)
def test_files_without_agents_say_so(name: str) -> None:
    path = DATA / name
    if not path.exists():
        pytest.skip("the public files are not beside the repository")
    facts = build_facts(import_files([(path.name, path)], {"timezone": "UTC"}).tables, Definitions())
    now = periods.parse(
        "2020-10-01..2023-12-31",
        first_day=facts.first_day,
        last_day=facts.last_day,
        definitions=facts.definitions,
    )
    team = people.team(facts, now)
    assert words.people_title(team, {}) == (
        "Agents are not compared: no column says which agent handled a contact"
    )
    columns = pd.read_csv(path, dtype=str, nrows=1).columns
    assert not any("agent" in column.lower() for column in columns)
