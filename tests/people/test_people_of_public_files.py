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
