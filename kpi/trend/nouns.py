"""What a trend is made of. Frozen values; ``None`` is "no answer" and always has a reason beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from kpi.model import Estimate, Filter, Metric, Period, Unit, Verdict

FEWEST_DAYS = 56
"""Fewer days with a value than eight weeks, and a trend is refused (STATISTICS 3: false alarms of 5 to 12 %
at four weeks)."""
FEWEST_POINTS = 20
"""Fewer weekly points, and there are no control limits (STATISTICS 1.5)."""
LONG_ENOUGH = 182
"""Days that are asked for where a series seems to wander: 26 weeks."""


class KnownEvent(Protocol):
    """Something that is known to have happened: a release, an outage, a campaign."""

    @property
    def day(self) -> date: ...
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def until(self) -> date | None: ...


@dataclass(frozen=True)
class Known:
    """A known event that is kept nowhere, such as one named on the command line."""

    day: date
    name: str
    kind: str = "other"
    until: date | None = None


@dataclass(frozen=True)
class Signal:
    """Why a point is beyond what the baseline leads to expect: the rule, and on which side."""

    rule: str
    above: bool
    says: str = ""
    """The rule in words."""


@dataclass(frozen=True)
class TrendPoint:
    """One day, week or month. ``provisional`` says why its value is not final, None when it is."""

    span: Period
    estimate: Estimate
    provisional: str | None = None
    signal: Signal | None = None

    @property
    def day(self) -> date:
        """First day."""
        return self.span.start

    @property
    def value(self) -> float | None:
        return self.estimate.value

    @property
    def counts(self) -> bool:
        """Whether it may speak in limits and signals: it has a value, and that is final."""
        return self.estimate.value is not None and self.provisional is None


@dataclass(frozen=True)
class Limit:
    """Control limits of the days from ``start`` to ``end``, in the unit of the metric."""

    start: date
    end: date
    low: float
    centre: float
    high: float


@dataclass(frozen=True)
class Limits:
    """Control limits frozen on a baseline.

    Attributes:
        limits: one for all points, or one a point where the numbers of rows differ.
        baseline: the stretch they were computed from.
        points: points of the baseline that were used.
        autocorrelation: lag-1 correlation of those points that the limits were widened for; 0 for none.
        expected_false: how many signals a process that never changes would show on this chart.
        rules: the rules that were looked at, in words.
    """

    limits: tuple[Limit, ...]
    baseline: Period
    points: int
    autocorrelation: float
    expected_false: float
    method: str
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """A change in the unit of the metric with its interval; for counts and medians also as a share.

    ``change`` None carries a ``reason``. ``detectable`` is the smallest true change that would have been seen
    four times in five.
    """

    change: float | None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    method: str = ""
    reason: str | None = None
    p_adjusted: float | None = None
    """Allowing for every event that was looked at."""
    detectable: float | None = None
    detectable_relative: float | None = None
    t: float | None = None
    """Size in standard errors, without sign."""
    relative: float | None = None
    relative_low: float | None = None
    relative_high: float | None = None
    verdict: Verdict = Verdict.TOO_FEW

    @staticmethod
    def absent(reason: str) -> Change:
        """No answer, and why."""
        return Change(None, reason=reason)


@dataclass(frozen=True)
class ChangePoint:
    """A step found by the scan: its most likely first day, the days between which it lies, its size."""

    day: date
    low: date
    high: date
    size: Change


@dataclass(frozen=True)
class EventEffect:
    """A known event, and the change since its day (or during it, when it has an end)."""

    event: KnownEvent
    change: Change


@dataclass(frozen=True)
class WeekdayMean:
    """One weekday over the whole stretch; 0 is Monday."""

    weekday: int
    estimate: Estimate


@dataclass(frozen=True)
class WeekdayProfile:
    """Means by weekday, and the share of the day-to-day variance that weekdays explain (0 to 1)."""

    days: tuple[WeekdayMean, ...]
    share: float | None
    reason: str | None = None


@dataclass(frozen=True)
class Outlook:
    """Where the current month or quarter is heading.

    Attributes:
        period: the month or quarter.
        so_far: the metric on its days so far; None before its first day is over.
        days_left: days of the period that are still to come.
        value, low, high: the whole period, as predicted; None with a ``reason``.
        target, chance: the target and the chance (0 to 1) to meet it; None without one.
    """

    period: Period
    so_far: Estimate | None
    days_left: int
    value: float | None
    low: float | None = None
    high: float | None = None
    target: float | None = None
    chance: float | None = None
    method: str = ""
    reason: str | None = None


@dataclass(frozen=True)
class Trend:
    """Everything that may be said about the history of one metric.

    Attributes:
        span: the days looked at; ``grain`` how they are cut into points.
        days: days with a value among them, those that are not final left out.
        log: judged on a log scale (counts, medians), so changes are relative.
        change_unit: of all changes; totals change per day.
        refused: why there is no trend at all, None when there is one.
        slope: from the start of the span to its end; ``drift_beside`` the same besides the steps found, None
            where there are none.
        limits_reason: why there are no limits, None when there are.
        persistence: how likely the series wanders; above one half a longer history is asked for.
        notes: what a reader must know: days left out and why.
    """

    metric: Metric
    grain: str
    where: tuple[Filter, ...]
    span: Period
    points: tuple[TrendPoint, ...]
    days: int
    log: bool
    change_unit: Unit
    refused: str | None
    slope: Change
    drift_beside: Change | None
    limits: Limits | None
    limits_reason: str | None
    change_points: tuple[ChangePoint, ...]
    events: tuple[EventEffect, ...]
    weekdays: WeekdayProfile
    outlooks: tuple[Outlook, ...]
    target: float | None
    persistence: float | None
    level: float
    notes: tuple[str, ...] = ()

    @property
    def signals(self) -> tuple[TrendPoint, ...]:
        """The points that the baseline does not lead to expect."""
        return tuple(point for point in self.points if point.signal is not None)
