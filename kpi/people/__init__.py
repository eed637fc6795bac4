"""Agents: where who handles it makes a difference, and where it is luck or the cases. Never a ranking."""

from kpi.people.looking import METRICS, team
from kpi.people.naming import Called, called, data_key
from kpi.people.nouns import FEWEST_AGENTS, LEVEL, OUTER, RATE, Lasting, Looked, Mark, Person, Scale, Team
from kpi.people.own import OwnMonth, own_months
from kpi.people.topics import Topic, Topics, topics

__all__ = [
    "FEWEST_AGENTS",
    "LEVEL",
    "METRICS",
    "OUTER",
    "RATE",
    "Called",
    "Lasting",
    "Looked",
    "Mark",
    "OwnMonth",
    "Person",
    "Scale",
    "Team",
    "Topic",
    "Topics",
    "called",
    "data_key",
    "own_months",
    "team",
    "topics",
]
