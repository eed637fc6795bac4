"""The nouns: units, directions, periods, metrics, estimates, differences, verdicts, comparisons, claims.

Everything here is a frozen value. ``None`` means "no answer" and always comes with a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kpi.measures import Measure

EPOCH = date(1970, 1, 1)
NOTHING: Mapping[str, float | int | None] = MappingProxyType({})


class Direction(Enum):
    """Which way is better. Its value is the sign that everything is multiplied by."""

    UP = 1
    DOWN = -1
    NEUTRAL = 0


class Family(Enum):
    """Groups of the catalogue, in the order of the pages."""

    RESPONSE = "Response"
    SATISFACTION = "Satisfaction"
    RESOLUTION = "Resolution"
    LOYALTY = "Loyalty"
    AGENTS = "Agents"


class Grain(Enum):
    """What one row of a fact table is. The value names the table."""

    TICKETS = "tickets"
    SURVEYS = "surveys"
    CALLS = "calls"
    AGENT_DAYS = "agent_days"
    CUSTOMERS = "customers"


class Basis(Enum):
    """Which date puts a row in a period. The value is the fact column with that day (days since 1970)."""

    CREATED = "created_day"
    SOLVED = "solved_day"
    ANSWERED = "answered_day"
    SENT = "sent_day"
    STARTED = "started_day"
    WORKED = "worked_day"
    POINT = "point_in_time"
    LISTED = "listed"

    @property
    def words(self) -> str:
        """How the basis is said beside a number.

        >>> Basis.ANSWERED.words
        'by date answered'
        """
        return {
            Basis.CREATED: "by date created",
            Basis.SOLVED: "by date solved",
            Basis.ANSWERED: "by date answered",
            Basis.SENT: "by date sent",
            Basis.STARTED: "by date of the call",
            Basis.WORKED: "by day worked",
            Basis.POINT: "at the end of the period",
            Basis.LISTED: "from the customer list",
        }[self]


class Unit(Enum):
    """The unit of a metric. It writes levels and changes, so percent and points cannot be mixed up.

    The value is the unit word used in JSON.
    """

    PERCENT = "share"
    POINTS = "points"
    SCORE = "score"
    MINUTES = "minutes"
    HOURS = "hours"
    COUNT = "count"
    PER_DAY = "per day"

    def level(self, value: float | None, decimals: int | None = None) -> str:
        """A level with its unit; "no answer" for None.

        >>> Unit.PERCENT.level(0.8042), Unit.POINTS.level(-6), Unit.MINUTES.level(75.25), Unit.HOURS.level(30)
        ('80.4 %', '−6.0', '1 h 15 min', '30.0 h')
        """
        if value is None:
            return "no answer"
        if self is Unit.PERCENT:
            return f"{_number(value * 100, 1 if decimals is None else decimals)} %"
        if self is Unit.POINTS:
            return _number(value, 1 if decimals is None else decimals)
        if self is Unit.SCORE:
            return _number(value, 2 if decimals is None else decimals)
        if self is Unit.COUNT:
            return _number(value, 0 if decimals is None else decimals)
        if self is Unit.PER_DAY:
            return f"{_number(value, 1 if decimals is None else decimals)} per day"
        return _duration(value, self)

    def change(self, value: float | None, decimals: int | None = None) -> str:
        """A change with its sign and unit; shares change in points, never in percent.

        >>> Unit.PERCENT.change(0.021), Unit.MINUTES.change(-0.5), Unit.COUNT.change(0)
        ('+2.1 points', '−30 s', '±0')
        """
        if value is None:
            return "no answer"
        if self in (Unit.MINUTES, Unit.HOURS):
            text = _duration(abs(value), self)
            zero = _duration(0.0, self)
            sign = "±" if text == zero else ("+" if value > 0 else "−")
            return sign + text
        scaled = value * 100 if self is Unit.PERCENT else value
        places = {Unit.SCORE: 2, Unit.COUNT: 0}.get(self, 1) if decimals is None else decimals
        text = f"{abs(scaled):,.{places}f}"
        sign = "±" if float(text.replace(",", "")) == 0 else ("+" if scaled > 0 else "−")
        suffix = {Unit.PERCENT: " points", Unit.POINTS: " points", Unit.PER_DAY: " per day"}.get(self, "")
        return f"{sign}{text}{suffix}"


def _number(value: float, places: int) -> str:
    text = f"{abs(value):,.{places}f}"
    negative = value < 0 and float(text.replace(",", "")) != 0
    return f"−{text}" if negative else text


def _duration(value: float, unit: Unit) -> str:
    minutes = value * 60 if unit is Unit.HOURS else value
    sign = "−" if minutes < 0 else ""
    minutes = abs(minutes)
    if unit is Unit.MINUTES and minutes < 2:
        return f"{sign}{minutes * 60:.0f} s"
    if minutes < 60:
        return f"{sign}{minutes:.1f} min"
    if unit is Unit.MINUTES and minutes < 60 * 10:
        whole = round(minutes)
        return f"{sign}{whole // 60} h {whole % 60} min"
    if minutes < 60 * 72:
        return f"{sign}{minutes / 60:.1f} h"
    return f"{sign}{minutes / 1440:.1f} days"


def inside(name: str) -> str:
    """A name as it stands inside a sentence: a small first letter, save in QA, NPS and the like.

    >>> inside("First response time"), inside("QA score")
    ('first response time', 'QA score')
    """
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


class Verdict(Enum):
    """What the evidence lets us say about a change."""

    BETTER = "better"
    WORSE = "worse"
    CHANGED = "changed"
    """A real change of a metric that has no better direction (volume)."""
    UNCLEAR = "unclear"
    TOO_FEW = "too few"


@dataclass(frozen=True, order=True)
class Period:
    """Whole local days from ``start`` to ``end``, both included.

    >>> Period(date(2026, 2, 1), date(2026, 2, 28)).days
    28
    """

    start: date
    end: date
    label: str = field(default="", compare=False)
    kind: str = field(default="", compare=False)
    """What it was asked as (a value of ``kpi.periods.Kind``), which decides the period before."""

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a period must not end ({self.end}) before it starts ({self.start})")

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.end - self.start).days + 1

    @property
    def first_day(self) -> int:
        """First day as days since 1970-01-01."""
        return (self.start - EPOCH).days

    @property
    def last_day(self) -> int:
        """Last day as days since 1970-01-01."""
        return (self.end - EPOCH).days

    def shifted(self, days: int) -> Period:
        """The same length, that many days later, without a label."""
        return Period(self.start + timedelta(days=days), self.end + timedelta(days=days))

    def __str__(self) -> str:
        return self.label or f"{self.start.isoformat()} to {self.end.isoformat()}"


@dataclass(frozen=True)
class Filter:
    """Keep rows whose field has one of these values (compared as text, without regard to case)."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Estimate:
    """One number with its evidence. ``value`` None always carries a ``reason``."""

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None
    method: str = ""
    reason: str | None = None
    parts: Mapping[str, float | int | None] = field(default_factory=lambda: NOTHING)
    """Numbers that always stand beside it: mean / median / p90, promoters / passives / detractors …"""
    note: str | None = None
    """What a reader must know: "the newest 7 days are still maturing: 120 tickets left out"."""

    @staticmethod
    def absent(reason: str, n: int = 0) -> Estimate:
        """No answer, and why."""
        return Estimate(value=None, n=n, reason=reason)


@dataclass(frozen=True)
class Difference:
    """now − before (or segment − other), in the unit of the metric."""

    value: float
    low: float | None
    high: float | None
    p: float | None
    method: str
    p_adjusted: float | None = None
    detectable: float | None = None
    """The smallest true change that this comparison would have seen four times in five."""
    per: str = ""
    """ "per day" when totals had to be put on a per-day basis, else empty."""
    level: float = 0.95
    """Confidence of ``low`` and ``high``."""


@dataclass(frozen=True)
class Benchmark:
    """An outside figure; shown beside the number and never colouring it."""

    text: str
    source: str
    year: str


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One KPI, declared once; cards, tables, charts, definitions and reports are written from it."""

    key: str
    name: str
    question: str
    family: Family
    unit: Unit
    better: Direction
    grain: Grain
    basis: Basis
    measure: Measure
    formula: str
    """The formula in words, e.g. "answers of 4 or 5 ÷ all answers"."""
    needs: tuple[str, ...]
    """Canonical columns ("tickets.solved_at"); a tuple member may list ways parted by "|"."""
    parts: Mapping[str, Measure] = field(default_factory=lambda: MappingProxyType({}))
    """Companions that always stand beside the headline: name → measure over the same rows."""
    caveat: str = ""
    variants: tuple[str, ...] = ()
    benchmarks: tuple[Benchmark, ...] = ()
    matters: float
    """Smallest difference worth acting on, in the unit of the metric (shares 0-1)."""
    relative_matters: bool = False
    """``matters`` is a share of the value before (0.1: a tenth), for durations and counts."""
    target: float | None = None
    headline: bool = False
    """One of the cards of Summary."""
    lacking: str = ""
    """Why it is absent where the data say nothing closer: "no column holds a 0-10 answer"."""
    incomparable: str = ""
    """Why two periods cannot be compared even with the same process behind both, else empty."""
    incomparable_lengths: str = ""
    """Why two periods of clearly unequal length cannot be compared, else empty."""
    incomparable_segments: str = ""
    """Why two segments cannot be compared even when they are alike, else empty."""
    left_out: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Fact flag of rows that are not counted yet → why; their number becomes a note."""
    follows_tickets: bool = False
    """Its newest rows still gain outcomes (a solution) that no flag of the facts leaves out."""
    part_bases: Mapping[str, Basis] = field(default_factory=lambda: MappingProxyType({}))
    """Parts that go by another date than the headline."""


@dataclass(frozen=True)
class Group:
    """The segment a result belongs to: field → value; empty for the whole."""

    keys: tuple[tuple[str, str], ...] = ()

    def as_plain(self) -> dict[str, str] | None:
        """A dict for JSON, None for the whole."""
        return dict(self.keys) or None

    def __str__(self) -> str:
        return ", ".join(value for _, value in self.keys)


@dataclass(frozen=True)
class MetricEstimate:
    """A metric in one period and one group."""

    metric: Metric
    group: Group
    estimate: Estimate


@dataclass(frozen=True)
class Comparison:
    """A metric now and before (or here and there), with what may be said about it."""

    metric: Metric
    group: Group
    now: Estimate
    before: Estimate
    difference: Difference | None
    verdict: Verdict
    reason: str
    """Why the verdict: which bound, which limit, which count."""


@dataclass(frozen=True)
class Claim:
    """A thing that may be said; card, page, slide and PDF write it with the same words."""

    comparison: Comparison
    now_label: str
    before_label: str
    looks: int
    """How many comparisons were made in the same family; p values are adjusted for them."""
    over_time: bool = True
    """Two periods (something rose or fell); False for two segments (something is higher or lower)."""
