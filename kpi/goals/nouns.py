"""What the progress of a goal is made of. ``None`` is "no answer" and has a reason beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kpi.model import Estimate, Metric, Period
from kpi.workspace import Goal


class Standing(StrEnum):
    """How a goal stands."""

    REACHED = "reached"
    ON_PACE = "on pace"
    BEHIND = "behind"
    CANNOT_TELL = "cannot tell"
    TOO_EARLY = "too early"
    MISSED = "not reached"
    """Its date is over, and the value was short of it beyond doubt."""
    NO_METRIC = "metric no longer in the data"
    NO_DATA = "no data for it"
    """The metric is there, but not for this segment, or not in these days."""


@dataclass(frozen=True)
class RollingValue:
    """The metric over the days of the window that end on ``day``."""

    day: date
    estimate: Estimate


@dataclass(frozen=True)
class Ahead:
    """The value on the last day of a goal, if nothing changes any more; None with a ``reason``.

    Attributes:
        chance: that the value then is at the goal or beyond it.
        since: first day of what is taken to go on: the newest change of level, else all days looked at.
        early: the date is further ahead than the known days allow.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    chance: float | None = None
    since: date | None = None
    reason: str | None = None
    early: bool = False
    method: str = ""


@dataclass(frozen=True)
class Progress:
    """Where a goal stands.

    Attributes:
        metric: None when it has vanished from the list.
        at: the day it is looked at: the newest day whose value is final, or the day the goal ended.
        start: the day from which the pace is reckoned.
        value: the metric over the window that ends on ``at``.
        expected: where it should be on that day on a straight line.
        path: (day, value) of both ends of that line.
        ahead: what is to be expected on the last day.
        rolling: the value day by day (or a few days apart), oldest first.
        window: the days behind ``value``.
        over: the date of the goal lies in the data or before them.
    """

    goal: Goal
    standing: Standing
    metric: Metric | None = None
    reason: str = ""
    at: date | None = None
    start: date | None = None
    value: Estimate | None = None
    expected: float | None = None
    ahead: Ahead | None = None
    rolling: tuple[RollingValue, ...] = ()
    window: Period | None = None
    over: bool = False
    level: float = 0.95
    notes: tuple[str, ...] = ()

    @property
    def path(self) -> tuple[tuple[date, float], tuple[date, float]] | None:
        if self.start is None:
            return None
        return (self.start, self.goal.from_value), (self.goal.by, self.goal.to_value)


@dataclass(frozen=True)
class Outset:
    """What is known before a goal is set.

    Attributes:
        value: the metric over the newest window that is final, ``days`` its days.
        detectable: the smallest change between two windows of this length that would be seen four times in
            five; None with a ``reason``.
        weeks: the metric in each of the last whole weeks, oldest first.
    """

    metric: Metric
    days: Period | None
    value: Estimate
    detectable: float | None
    reason: str
    weeks: tuple[tuple[Period, Estimate], ...] = ()

    @property
    def between(self) -> tuple[float, float] | None:
        """The lowest and the highest of the last weeks."""
        known = [estimate.value for _, estimate in self.weeks if estimate.value is not None]
        return (min(known), max(known)) if known else None
