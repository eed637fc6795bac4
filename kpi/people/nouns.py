"""What is said of agents: each against chance, raw and with the cases made alike; never a rank."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from kpi.model import Estimate, Filter, Metric, Period, Verdict

FEWEST_AGENTS = 5
"""A team smaller than this is not compared: everybody would know whom a number means."""
LEVEL, OUTER = 0.95, 0.998
"""Confidence of the inner and the outer limits of a funnel."""
RATE = 0.05
"""The share of agents named without cause among those named (Benjamini-Hochberg), over agents and metrics."""

MOSTLY = 0.5
"""When more of an agent's rows than this are of kinds that nobody else has, there is no fair comparison."""


class Scale(Enum):
    """What is compared between agents."""

    SHARE = "share"
    """A share of rows."""
    CHANCE = "chance"
    """The chance that a row of this agent has a larger value than one of a colleague (ties count half)."""


@dataclass(frozen=True)
class Mark:
    """One agent against what chance allows, on the scale of the comparison (0 to 1).

    Attributes:
        value: where the agent is; compared with the same kind of rows, the level of the team moved by the
            agent's distance from what is expected.
        weight: rows, counted by how much they tell (the horizontal axis of a funnel).
        low, high: where chance puts 95 % of agents with this weight; outer_low, outer_high: 99.8 %.
        own_low, own_high: interval of the agent's own level.
        shrunk: the value pulled towards the team by how little it knows.
        distance: from what is expected, in standard errors.
        p, p_adjusted: two-sided; adjusted over all agents and metrics. None in a raw mark.
    """

    value: float
    weight: float
    low: float
    high: float
    outer_low: float
    outer_high: float
    own_low: float
    own_high: float
    shrunk: float
    distance: float
    p: float | None = None
    p_adjusted: float | None = None

    @property
    def outside(self) -> bool:
        """Outside the 95 % limits."""
        return not self.low <= self.value <= self.high

    @property
    def far_outside(self) -> bool:
        """Outside the 99.8 % limits."""
        return not self.outer_low <= self.value <= self.outer_high


@dataclass(frozen=True)
class Person:
    """One agent in one metric.

    Attributes:
        observed: the metric of this agent, in its unit.
        expected: the same of colleagues' rows of the same kinds; None where there is no fair comparison.
        raw: against the whole team; fair: against the same kind of rows, None with ``unfair`` as the reason.
        coarse: share of rows that could only be compared by less than every dimension.
        left_out: share of rows of kinds that hardly anybody else has; they are not in ``fair``.
        verdict: better or worse beyond chance (changed where neither is better), else unclear.
    """

    agent: str
    n: int
    observed: Estimate
    expected: float | None
    raw: Mark
    fair: Mark | None
    unfair: str = ""
    coarse: float = 0.0
    left_out: float = 0.0
    verdict: Verdict = Verdict.UNCLEAR

    @property
    def named(self) -> bool:
        """Beyond chance, and said so."""
        return self.verdict in (Verdict.BETTER, Verdict.WORSE, Verdict.CHANGED)


@dataclass(frozen=True)
class Lasting:
    """How much of what sets agents apart lasts from one period to the next.

    Attributes:
        correlation: of the agents' distances before and now; low, high: its 95 % interval (Fisher's z).
        agents: in both periods.
    """

    correlation: float | None
    low: float | None
    high: float | None
    agents: int
    reason: str = ""


@dataclass(frozen=True)
class Looked:
    """One metric over all agents of a team in one period.

    Attributes:
        people: agents with enough rows, by name; few: agents with too few, and how many rows they have
            together. None is told apart from another by the total: one alone takes another one along.
        by: dimensions that make rows of the same kind.
        scale: what is compared; team: its level in the whole team.
        whole: the metric of the whole team, in its unit.
        spread: standard deviation of agents beyond chance, on the scale of the test; 0 when chance is enough.
        alike: the agents who are not named differ no more than chance makes agents differ (p of the test).
        refused: why agents are not compared in this metric, else empty.
    """

    metric: Metric
    whole: Estimate
    people: tuple[Person, ...] = ()
    few: tuple[int, int] = (0, 0)
    by: tuple[str, ...] = ()
    scale: Scale = Scale.SHARE
    team: float = 0.5
    spread: float = 0.0
    raw_curve: tuple[tuple[float, float, float, float, float], ...] = ()
    fair_curve: tuple[tuple[float, float, float, float, float], ...] = ()
    alike: float | None = None
    lasting: Lasting = Lasting(None, None, None, 0)
    refused: str = ""

    @property
    def named(self) -> tuple[Person, ...]:
        """Agents beyond chance."""
        return tuple(person for person in self.people if person.named)

    @property
    def together(self) -> tuple[Person, ...]:
        """Agents with a fair comparison who cannot be told apart from chance."""
        return tuple(person for person in self.people if person.fair is not None and not person.named)

    def of(self, agent: str) -> Person | None:
        """One agent."""
        return next((person for person in self.people if person.agent == agent), None)


@dataclass(frozen=True)
class Team:
    """Every metric over all agents: one family of looks.

    Attributes:
        agents: everybody with rows in the period and filters.
        looks: how many agents were compared with chance, over all metrics.
        left, came: how many had rows in the period before and have none now, and the other way round.
        refused: why no agent is compared at all, else empty.
    """

    now: Period
    before: Period | None
    where: tuple[Filter, ...]
    agents: tuple[str, ...]
    metrics: tuple[Looked, ...]
    looks: int = 0
    refused: str = ""
    left: int = 0
    came: int = 0

    def of(self, key: str) -> Looked | None:
        """One metric by its key."""
        return next((each for each in self.metrics if each.metric.key == key), None)

    @property
    def compared(self) -> tuple[Looked, ...]:
        """Metrics in which agents are compared."""
        return tuple(each for each in self.metrics if not each.refused)
