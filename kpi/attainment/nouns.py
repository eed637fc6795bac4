"""What attainment is made of. ``None`` is "no answer" and has a reason beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kpi.model import Estimate, Filter, Metric, Period
from kpi.workspace import Target


class Clock(StrEnum):
    """What a promise is about."""

    RESPONSE = "first response"
    RESOLUTION = "resolution"
    HOLD = "hold before an agent"


class Origin(StrEnum):
    """Where a target comes from."""

    KEPT = "kept here"
    DEFINITIONS = "definitions"
    NONE = "none"


class Side(StrEnum):
    """Where a value lies, beyond doubt, against its target."""

    REACHED = "reached"
    MISSED = "missed"
    ABOVE = "above"
    """Of a metric without a better direction."""
    BELOW = "below"
    CANNOT_TELL = "cannot tell"
    TOO_FEW = "too few"
    NO_VALUE = "no value"
    NO_TARGET = "no target"
    NOT_NOW = "does not hold in these days"


@dataclass(frozen=True)
class Aim:
    """The value to reach, and where it comes from; ``value`` None where nothing was set."""

    value: float | None
    origin: Origin
    target: Target | None = None


@dataclass(frozen=True)
class Judged:
    """A value against its aim.

    Attributes:
        rows: about how many rows would be needed to tell four times in five, if the value stays as it is;
            None where it can be told, or where no number of rows would do.
        reason: why it cannot be told; empty where it can.
        looks: how many values were judged in the same family (Benjamini-Hochberg).
    """

    side: Side
    rows: float | None = None
    reason: str = ""
    looks: int = 0


@dataclass(frozen=True)
class Promise:
    """How one promise was kept over the rows of a period.

    Attributes:
        name: the segment in a word ("chat"); empty where the promise is for everything.
        limit_s: the time promised, in seconds of the clock of the definitions.
        kept: share of decided rows that were in time.
        met, missed: the rows behind; a row that waits beyond the limit is missed already.
        late_open: how many of the missed still wait.
        pending: rows that still wait within the limit; they are in neither.
        longest_s: the longest wait of those that still wait; None where none does.
        overrun: median minutes by which the missed were late (Kaplan-Meier over those that still wait).
    """

    clock: Clock
    name: str
    where: tuple[Filter, ...]
    metric: Metric
    limit_s: float
    kept: Estimate
    met: int
    missed: int
    late_open: int
    pending: int
    longest_s: float | None
    overrun: Estimate
    aim: Aim
    judged: Judged


@dataclass(frozen=True)
class Standing:
    """A target of a metric, and how the metric stands against it in the days that both share."""

    key: str
    metric: Metric | None
    where: tuple[Filter, ...]
    aim: Aim
    days: Period | None
    estimate: Estimate
    judged: Judged


@dataclass(frozen=True)
class Kept:
    """Everything promised in a period.

    Attributes:
        absent: (clock, why nothing can be said) for each clock without promises.
        business_hours: whether times are measured while the desk is open.
    """

    period: Period
    promises: tuple[Promise, ...]
    standings: tuple[Standing, ...]
    absent: tuple[tuple[Clock, str], ...]
    business_hours: bool
    level: float
    looks: int


@dataclass(frozen=True)
class CurvePoint:
    """Share of rows answered (solved) within ``seconds``, with its interval."""

    seconds: float
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class AttainmentCurve:
    """The share within each time; ``points`` is empty with a ``reason``.

    Attributes:
        limits: promised times of the rows, in seconds, ascending.
        ended, waiting: rows whose time has ended, and rows that still wait (or hung up).
    """

    clock: Clock
    where: tuple[Filter, ...]
    points: tuple[CurvePoint, ...]
    limits: tuple[float, ...]
    ended: int
    waiting: int
    level: float
    reason: str = ""
    method: str = ""

    def at(self, seconds: float) -> CurvePoint | None:
        """The point of a time on the grid."""
        return next((point for point in self.points if point.seconds == seconds), None)


@dataclass(frozen=True)
class LeftBand:
    """One metric that left its usual band.

    Attributes:
        value, low, centre, high: in the unit of the metric.
        sigmas: how far outside, in standard deviations of the baseline.
        p, p_adjusted: chance of such a value in an unchanged process; for the whole family of looks.
        better: None for metrics without a better direction.
        beyond: whether it is beyond chance within the whole family.
    """

    metric: Metric
    where: tuple[Filter, ...]
    period: Period
    value: float
    low: float
    centre: float
    high: float
    n: int
    sigmas: float
    p: float
    p_adjusted: float
    beyond: bool
    better: bool | None


@dataclass(frozen=True)
class Exceptions:
    """What left its usual band in the newest whole day or week.

    Attributes:
        found: outside their own limits, the surest first.
        looks: how many metrics and segments were looked at.
        by_chance: how many of them would lie outside on average although nothing changed.
        skipped: (what, why) of those that were not looked at.
        reason: why there was nothing to look at.
    """

    grain: str
    newest: date | None
    found: tuple[LeftBand, ...]
    looks: int
    by_chance: float
    skipped: tuple[tuple[str, str], ...]
    level: float
    reason: str = ""

    @property
    def sure(self) -> tuple[LeftBand, ...]:
        """Those beyond chance within the whole family."""
        return tuple(each for each in self.found if each.beyond)
