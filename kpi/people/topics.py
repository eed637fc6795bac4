"""Where the whole team is below its own level elsewhere: needs of a topic, not of a person."""

from __future__ import annotations

from dataclasses import dataclass

from kpi.compare import compare_segments, measure
from kpi.facts import Facts
from kpi.metrics import catalogue
from kpi.model import Comparison, Filter, Period, Verdict
from kpi.people.nouns import FEWEST_AGENTS, RATE
from kpi.stats import benjamini_hochberg

METRICS = ("csat", "fcr", "reopen_rate", "escalation_rate")
MOST_TOPICS = 15
FEWEST_ROWS = 5
MOST_AGENTS = 2 / 3
"""When it is worse for at least so many of the agents, it is the topic; otherwise some of the people."""


@dataclass(frozen=True)
class Topic:
    """One topic in one metric.

    Attributes:
        comparison: the topic (as now) against all other topics (as before).
        agents, worse: how many have enough rows of both, and for how many the topic is worse.
        p_adjusted: over all topics and metrics.
    """

    name: str
    comparison: Comparison
    agents: int
    worse: int
    p_adjusted: float

    @property
    def shared(self) -> bool:
        """Worse for most of the team."""
        return self.agents >= FEWEST_AGENTS and self.worse >= MOST_AGENTS * self.agents


@dataclass(frozen=True)
class Topics:
    """What was found among the topics looked at; ``refused`` says why none could be."""

    found: tuple[Topic, ...]
    looks: int
    topics: int
    refused: str = ""


def topics(facts: Facts, now: Period, *, where: tuple[Filter, ...] = ()) -> Topics:
    """Topics in which the team is worse than in its other topics, the clearest first.

    The topic is the issue of the data. Every topic is compared with all others together (at most the 15
    largest), all p-values are adjusted together.
    """
    known = {metric.key: metric for metric in catalogue(facts.definitions, facts)}
    keys = [key for key in METRICS if key in known]
    if not any("category" in table.dimensions for table in facts.tables.values()):
        return Topics((), 0, 0, "no column says what a contact is about")
    sizes: dict[str, int] = {}
    for each in measure(facts, now, metrics=("volume",), by=("category",), where=where):
        for _, value in each.group.keys:
            sizes[value] = each.estimate.n
    names = [name for name in sorted(sizes, key=lambda name: -sizes[name]) if name != "(none)"]
    if len(names) < 2 or not keys:
        return Topics((), 0, len(names), "there is only one topic" if keys else "no metric to compare by")
    compared: list[tuple[str, tuple[Filter, ...], tuple[Filter, ...], Comparison]] = []
    for name in names[:MOST_TOPICS]:
        one: tuple[Filter, ...] = (Filter("category", (name,)),)
        rest: tuple[Filter, ...] = (Filter("category", tuple(other for other in names if other != name)),)
        for comparison in compare_segments(facts, now, one, rest, metrics=keys, where=where):
            if comparison.difference is not None and comparison.difference.p is not None:
                compared.append((name, one, rest, comparison))
    raw = [each[3].difference.p for each in compared if each[3].difference is not None]
    found = []
    for (name, one, rest, comparison), p in zip(compared, benjamini_hochberg(raw), strict=True):
        if p is None or p > RATE or comparison.verdict is not Verdict.WORSE:
            continue
        agents, worse = _agents(facts, now, comparison, one, rest, where)
        found.append(Topic(name, comparison, agents, worse, p))
    found.sort(key=lambda topic: (not topic.shared, topic.p_adjusted))
    return Topics(tuple(found), len(raw), len(names))


def _agents(
    facts: Facts,
    now: Period,
    comparison: Comparison,
    one: tuple[Filter, ...],
    rest: tuple[Filter, ...],
    where: tuple[Filter, ...],
) -> tuple[int, int]:
    """How many agents have enough rows in the topic and elsewhere, and for how many the topic is worse."""
    metric = comparison.metric
    table = facts.table(metric.grain)
    if table is None or "agent" not in table.dimensions:
        return 0, 0
    here, there = (
        {
            each.group.keys[0][1]: each.estimate
            for each in measure(facts, now, metrics=(metric,), by=("agent",), where=(*where, *side))
            if each.group.keys and each.estimate.n >= FEWEST_ROWS and each.estimate.value is not None
        }
        for side in (one, rest)
    )
    gaps = [
        (here[name].value or 0.0) - (there[name].value or 0.0)
        for name in here
        if name in there and name != "(none)"
    ]
    return len(gaps), sum(gap * metric.better.value < 0 for gap in gaps)
