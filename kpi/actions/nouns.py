"""What the review of an action is made of. ``None`` is "no answer" and has a reason beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kpi.model import Estimate, Filter, Metric, Period
from kpi.workspace import Action

FEWEST_AFTER = 14
"""Fewer days with a value than this since the action, and it is too early for a verdict."""
FEWEST_BEFORE = 28
"""Fewer days with a value than this before it, and there is nothing to judge it against."""


class Outcome(StrEnum):
    """What may be said of an action."""

    HELPED = "helped"
    MADE_WORSE = "made worse"
    CHANGED = "changed"
    """A change beyond chance of a metric without a better side, and nobody said which was hoped for."""
    TOO_SMALL = "too small to matter"
    """Beyond chance, and less than is worth acting on."""
    CANNOT_TELL = "cannot tell"
    TOO_EARLY = "too early"
    NO_DATA = "no data"
    NOT_DONE = "not done"
    NO_METRIC = "no metric"


JUDGED = (Outcome.HELPED, Outcome.MADE_WORSE, Outcome.CHANGED, Outcome.TOO_SMALL, Outcome.CANNOT_TELL)
"""Outcomes that rest on a test."""


@dataclass(frozen=True)
class Effect:
    """The step at the day of the action, in the unit of the metric and, on a log scale, as a share too.

    Attributes:
        detectable: the smallest true change that would have been seen four times in five.
        relative: exp(step) − 1 on a log scale, None elsewhere; so its bounds and ``detectable_relative``.
        drift: a straight line was fitted beside the step, as the series moved before the action already.
        persistence: how likely the series wanders; above one half the verdict asks for a longer history.
    """

    value: float
    low: float
    high: float
    p: float
    detectable: float | None
    persistence: float
    method: str
    drift: bool = False
    relative: float | None = None
    relative_low: float | None = None
    relative_high: float | None = None
    detectable_relative: float | None = None


@dataclass(frozen=True)
class Extreme:
    """The four weeks before an action were the worst of ``blocks`` like them: some of it comes back alone."""

    period: Period
    blocks: int


@dataclass(frozen=True)
class Review:
    """What became of one action.

    Attributes:
        metric: None where there is none, or it has vanished.
        reason: why the outcome, where that is no verdict.
        days: the days looked at; ``before`` and ``after`` the plain values of the segment in them.
        days_before, days_after: days with a value.
        ready_on: where it is too early, the first day on which there may be a verdict.
        control: the segment it was compared with; empty when it was judged by itself.
        controls: the plain values of the control before and after; empty without one.
        expected_held: whether the interval holds the expected change; None where there is none of either.
        p_adjusted: allowing for all actions reviewed together (Benjamini-Hochberg).
        early: the day of the review is still to come.
        beside: other actions and events so near in time that they cannot be told apart from it.
    """

    action: Action
    outcome: Outcome
    metric: Metric | None = None
    reason: str = ""
    days: Period | None = None
    days_before: int = 0
    days_after: int = 0
    before: Estimate | None = None
    after: Estimate | None = None
    effect: Effect | None = None
    control: tuple[Filter, ...] = ()
    controls: tuple[Estimate, ...] = ()
    expected_held: bool | None = None
    p_adjusted: float | None = None
    ready_on: date | None = None
    early: bool = False
    extreme: Extreme | None = None
    beside: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    level: float = 0.95
