"""Most of the team, or some of it: agents against their own other topics."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from peer_desk import Q3, desk

from kpi import improvements, issues
from kpi.facts import Facts
from kpi.improvements import Need, Spread
from kpi.words import improvement_sentences as words

HEADERS = ("Ticket ID", "Created at", "Channel", "Category", "Agent", "Satisfaction rating")


def team(chance: dict[int, float], agents: int = 10, each: int = 60, seed: int = 5) -> Facts:
    """Agents with contacts of three topics; ``chance`` is what each reaches in the first, 0.85 elsewhere."""
    random = np.random.default_rng(seed)
    rows = []
    for number in range(agents * each * 3):
        agent, topic = number % agents, number // agents % 3
        share = chance.get(agent, 0.85) if topic == 0 else 0.85
        day = date(2026, 7, 1) + timedelta(days=int(random.integers(0, 92)))
        score = "5" if random.random() < share else "1"
        rows.append([str(number), f"{day} 10:00", "chat", "RDL"[topic], f"Person {agent}", score])
    return desk(HEADERS, rows)


def needs(facts: Facts) -> tuple[Need, ...]:
    kept = issues.sort(facts)
    return improvements.needs(kept, improvements.improvements(kept, Q3))


def test_a_topic_that_is_hard_for_everybody_is_the_teams() -> None:
    (need,) = needs(team(dict.fromkeys(range(10), 0.55)))
    assert (need.look.value, need.spread, need.agents) == ("R", Spread.MOST, 10)
    assert need.mean is not None
    assert need.low is not None
    assert need.high is not None
    assert need.low < 0.30 < need.high
    said = words.need_sentence(need)
    assert "most of the team" in said
    assert "Person" not in said


def test_a_topic_that_a_few_find_hard_is_not_the_teams_and_nobody_is_named() -> None:
    (need,) = needs(team(dict.fromkeys(range(3), 0.3)))
    assert (need.look.value, need.spread) == ("R", Spread.SOME)
    assert need.apart is not None
    assert need.apart < 0.01
    assert need.worse is not None
    assert need.worse < 2 / 3
    said = words.need_sentence(need)
    assert "see Agents" in said
    assert "Person" not in said


def test_fewer_than_five_agents_are_not_told_apart() -> None:
    (need,) = needs(team(dict.fromkeys(range(3), 0.5), agents=3, each=100))
    assert need.spread is Spread.FEW
    assert need.mean is None
    assert "too few to tell" in words.need_sentence(need)


@pytest.mark.parametrize("seed", range(4))
def test_luck_alone_makes_no_need(seed: int) -> None:
    assert needs(team({}, seed=seed)) == ()
