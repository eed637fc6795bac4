"""Agents: where who handles it makes a difference, and where it is luck or the cases. Never a ranking."""

from kpi.people.looking import METRICS, team
from kpi.people.nouns import FEWEST_AGENTS, LEVEL, OUTER, RATE, Lasting, Looked, Mark, Person, Scale, Team

__all__ = [
    "FEWEST_AGENTS",
    "LEVEL",
    "METRICS",
    "OUTER",
    "RATE",
    "Lasting",
    "Looked",
    "Mark",
    "Person",
    "Scale",
    "Team",
    "team",
]
