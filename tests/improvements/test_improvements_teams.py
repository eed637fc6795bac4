"""A team is its people: behind only beyond what teams of such people made up at random would be."""

from __future__ import annotations

from functools import cache

import pytest
from peer_desk import Q3
from quiet_desk import shuffled
from scipy import stats
from team_desk import NAMES, teams

from kpi import improvements, issues
from kpi.facts import Facts
from kpi.improvements import RATE, Improvements, Look, Standing
from kpi.words import improvement_sentences as words


def look_at(facts: Facts) -> Improvements:
    return improvements.improvements(issues.sort(facts), Q3)


@cache
def drawn(seed: int, **more: float) -> Improvements:
    return look_at(teams(seed, **more))  # type: ignore[arg-type]


def of_team(found: Improvements, key: str, name: str = "North") -> Look:
    look = found.look(key, "team", name)
    assert look is not None
    return look


@pytest.mark.parametrize("samples", [4, pytest.param(100, marks=pytest.mark.full)])
@pytest.mark.parametrize("labels", [True, False])
def test_agents_put_into_teams_at_random_name_no_team_beyond_the_stated_rate(
    sample: Facts, samples: int, labels: bool
) -> None:
    """``labels``: issues and channels of the rows at random as well, else as they are."""
    named = 0
    for seed in range(samples):
        found = look_at(shuffled(sample, seed, teams=True, labels=labels))
        looks = [look for look in found.looks if look.dimension == "team"]
        assert len(looks) >= 20
        named += any(look.standing is not Standing.UNCLEAR for look in looks)
    assert named <= int(stats.binom.isf(0.001, samples, RATE))


def test_a_team_that_is_truly_less_satisfying_is_found() -> None:
    for seed in (1, 2):
        look = of_team(drawn(seed, spread=0.04, behind=0.25), "csat")
        assert look.standing is Standing.BEHIND
        assert look.gap_low <= 0.25 <= look.gap_high
        assert look.agents == 6
        assert "24 agents, spread pooled" in look.method


def test_a_team_that_is_truly_slower_is_found_beside_its_mails() -> None:
    for seed in (1, 2):
        slow = of_team(drawn(seed, slower=2.0), "ttr")
        assert slow.standing is Standing.BEHIND
        assert slow.alike == ("issue of the contact", "channel")
        usual = of_team(drawn(seed), "ttr")
        others = [of_team(drawn(seed), "ttr", name) for name in NAMES[1:]]
        # Its mails make it look twice as slow as the others; with the same channels it is none of that.
        assert usual.level > 1.7 * max(other.level for other in others)
        assert usual.standing is not Standing.BEHIND
        assert abs(usual.gap) < 0.35 * usual.level


def test_three_agents_each_are_too_few_to_tell_the_team_from_its_people() -> None:
    """Agents who differ much, and a gap that contacts alone would make clear."""
    looks = [
        look
        for seed in range(4)
        for look in drawn(seed, members=3, contacts=200, spread=0.15).looks
        if look.dimension == "team" and look.outcome.key == "csat"
    ]
    assert all(look.standing is Standing.UNCLEAR for look in looks)
    told = [look for look in looks if look.by_people]
    assert told
    for look in told:
        said = words.look_sentence(look, 30)
        assert "its 3 agents are too few to tell the team from its people" in said
        assert words.look_cells(look)["Evidence"] == "not clear: its people"
        assert look.low <= 0 <= look.high
    sure = next(look for look in looks if not look.by_people)
    assert "too few to tell the team" not in words.look_sentence(sure, 30)


def test_without_agents_a_team_is_judged_by_its_contacts() -> None:
    look = of_team(drawn(1, spread=0.04, behind=0.25, named=False), "csat")
    assert look.standing is Standing.BEHIND
    assert (look.agents, look.by_people) == (0, False)
    assert "agents" not in look.method
