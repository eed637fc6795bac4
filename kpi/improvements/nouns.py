"""What areas for improvement are made of. Frozen values; ``None`` is "no answer" and has a reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from kpi.model import Filter, Metric, Period

RATE = 0.05
"""The share of pain points named without cause among those named (Benjamini-Hochberg), over all looks."""


class Standing(StrEnum):
    """What the evidence lets us say of a value of a dimension against its peers."""

    BEHIND = "behind"
    """Worse than the peers beyond chance, and enough to matter."""
    SMALL = "small"
    """Worse beyond chance, but by less than what matters."""
    AHEAD = "ahead"
    """Better beyond chance."""
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Outcome:
    """What improving would change: a metric, or a part of one that can be taken apart.

    Attributes:
        metric: with the measure and the date that this page uses; ``listed`` is its name in the catalogue.
        short: what a row that fell short is called ("not satisfied").
        adds: the word for the sum of it ("hours of waiting"); empty where a sum says nothing.
    """

    metric: Metric
    listed: str
    short: str
    adds: str = ""

    @property
    def key(self) -> str:
        """Key of the metric."""
        return self.metric.key

    @property
    def sign(self) -> int:
        """+1 where more is better, −1 where less is."""
        return self.metric.better.value


@dataclass(frozen=True)
class Look:
    """One value of a dimension in one outcome, against the median of the other values.

    Attributes:
        n: rows that count.
        level: the outcome of these rows; reference: the median of the others, each pulled towards all by how
            little it knows; both in the unit of the metric. Where ``alike``, the others are taken with the
            same mix of issues.
        alike: the fields by which cases were made alike.
        reach: share of all rows of the outcome.
        gap: how far ``level`` is behind the reference, positive when behind.
        impact: reach × gap, what all rows together would gain at the reference; low and high its interval at
            the confidence of :attr:`Improvements.level`.
        cautious: the impact with the gap pulled towards no gap, since the worst of many are partly unlucky.
        p, p_adjusted: two-sided; adjusted over all looks.
        also: other values of other dimensions that stand for the very same rows.
        agents: how many people it is, where it is a group of them whose spread could be told; else 0.
        by_people: beyond chance for its rows, but not for which people happen to be in it.
    """

    outcome: Outcome
    dimension: str
    value: str
    n: int
    level: float
    reference: float
    reach: float
    gap: float
    gap_low: float
    gap_high: float
    impact: float
    low: float
    high: float
    cautious: float
    p: float
    p_adjusted: float
    standing: Standing
    alike: tuple[str, ...]
    importance: float
    method: str
    also: tuple[tuple[str, str], ...] = ()
    agents: int = 0
    by_people: bool = False

    @property
    def where(self) -> tuple[Filter, ...]:
        """The filter that keeps its rows."""
        return (Filter(self.dimension, (self.value,)),)


@dataclass(frozen=True)
class Whole:
    """An outcome over all rows of the period.

    Attributes:
        n: rows that count; level: in the unit of the metric, None without rows.
        values: dimension → how many values were looked at, and how many have too few rows.
    """

    outcome: Outcome
    n: int
    level: float | None
    values: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True)
class Improvements:
    """Every value of every dimension in every outcome: one family of looks.

    Attributes:
        issue: the dimension with the issues; None where contacts have none, ``no_issue`` says why.
        dimensions: that were looked at, the issues first.
        looks: the pain points first, by the lower end of their impact in smallest differences that matter.
        level: confidence of all intervals, widened for how many were chosen out of how many looked at
            (Benjamini & Yekutieli 2005).
        lacking: outcomes that the data do not feed, with the reason and the column that would help.
        by_nature: (outcome, dimension) whose values are no peers, since what they are sets the level.
        refused: why nothing at all can be said, else empty.
    """

    now: Period
    where: tuple[Filter, ...]
    issue: str | None
    no_issue: str
    dimensions: tuple[str, ...]
    wholes: tuple[Whole, ...]
    looks: tuple[Look, ...]
    level: float
    lacking: tuple[tuple[str, str], ...]
    refused: str = ""
    undated: bool = False
    by_nature: tuple[tuple[Outcome, str], ...] = ()

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """Outcomes that were looked at."""
        return tuple(whole.outcome for whole in self.wholes)

    @property
    def behind(self) -> tuple[Look, ...]:
        """The pain points, those with the largest sure impact first."""
        return tuple(look for look in self.looks if look.standing is Standing.BEHIND)

    def whole(self, key: str) -> Whole | None:
        """One outcome over all rows."""
        return next((whole for whole in self.wholes if whole.outcome.key == key), None)

    def of(self, key: str, dimension: str | None = None) -> tuple[Look, ...]:
        """The looks of one outcome, and of one dimension, the largest lower end first."""
        found = [
            look for look in self.looks if look.outcome.key == key and dimension in (None, look.dimension)
        ]
        return tuple(sorted(found, key=lambda look: (-look.low, -look.impact, look.value)))

    def look(self, key: str, dimension: str, value: str) -> Look | None:
        """One look."""
        return next((each for each in self.of(key, dimension) if each.value == value), None)


class Spread(StrEnum):
    """How agents stand in a topic against what the same agents reach elsewhere."""

    MOST = "most of the team"
    SOME = "some of the team"
    OPEN = "cannot be told"
    FEW = "too few agents"


@dataclass(frozen=True)
class Need:
    """A topic in which the team falls short, and whether that is all of it or some. Nobody is named.

    Attributes:
        look: the pain point.
        agents: with enough rows in the topic and in other topics.
        worse: share of them whose shortfall against their own other topics, pulled towards that of all by
            how little it knows, is enough to matter; None with too few agents.
        mean: shortfall of the typical agent, positive when short, in the unit of the metric; low and high.
        between: standard deviation of agents' true shortfalls beyond chance; apart: p that there is any.
    """

    look: Look
    spread: Spread
    agents: int
    worse: float | None = None
    mean: float | None = None
    low: float | None = None
    high: float | None = None
    between: float | None = None
    apart: float | None = None


@dataclass(frozen=True)
class Suggestion:
    """What might be looked into: one value of a dimension with all outcomes in which it is behind.

    Attributes:
        family: one of the four of issues, "not mapped", or the name of the dimension.
        looks: the most important first.
        check: what to look at next.
    """

    dimension: str
    value: str
    family: str
    looks: tuple[Look, ...]
    check: tuple[str, ...] = field(default=())
