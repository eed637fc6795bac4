"""Actions: what somebody does about a finding by a date, and what it is to change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from kpi.model import Filter
from kpi.workspace.form import Form


class Horizon(StrEnum):
    """Which part of the plan an action belongs to."""

    IMMEDIATE = "immediate"
    LONG_TERM = "long-term"


class ActionStatus(StrEnum):
    """How far an action is."""

    PLANNED = "planned"
    IN_PROGRESS = "in progress"
    DONE = "done"
    GIVEN_UP = "given up"


@dataclass(frozen=True)
class Action:
    """One action of the plan. Its history (who changed what when) is kept beside it."""

    id: str
    """Empty for one that was never kept."""
    title: str
    owner: str
    due: date
    horizon: str = Horizon.IMMEDIATE.value
    """A value of :class:`Horizon`."""
    finding: str = ""
    """The finding it comes from, in words, as it was read then."""
    reference: str = ""
    """Where the finding stands: a page of the app with its choices, or a web address."""
    metric: str = ""
    """Key of the metric that is looked at afterwards, "" for none; it may have vanished from the data."""
    where: tuple[Filter, ...] = ()
    """The segment it is to change; empty for everything."""
    control: tuple[Filter, ...] = ()
    """A segment that it does not touch, for comparison; empty for none."""
    expected_change: float | None = None
    """In the metric's own unit, with its sign."""
    status: str = ActionStatus.PLANNED.value
    """A value of :class:`ActionStatus`."""
    done_on: date | None = None
    """The day from which it works; the verdict compares before with after."""
    review_on: date | None = None
    """The day on which it is to be judged."""
    told: str = ""
    """What customers are told was changed because of their feedback; empty for nothing."""
    note: str = ""
    version: int = 0

    def checked(self) -> Action:
        """The same action with its filters in order and blanks taken away.

        Raises:
            Invalid: with everything that is wrong.
        """
        form = Form("this action")
        form.day("due", self.due)
        done = form.day("done_on", self.done_on, needed=False)
        review = form.day("review_on", self.review_on, needed=False)
        form.order("done_on", done, "review_on", review)
        expected = form.number("expected_change", self.expected_change, needed=False)
        cleaned = replace(
            self,
            title=form.line("title", self.title, most=120),
            owner=form.line("owner", self.owner),
            horizon=form.choice("horizon", self.horizon, Horizon),
            finding=form.text("finding", self.finding),
            reference=form.reference("reference", self.reference),
            metric=form.line("metric", self.metric, needed=False),
            where=form.where("where", self.where),
            control=form.where("control", self.control),
            expected_change=expected,
            status=form.choice("status", self.status, ActionStatus),
            told=form.text("told", self.told),
            note=form.text("note", self.note),
        )
        finished = cleaned.status == ActionStatus.DONE
        if finished and done is None:
            form.wrong("done_on", "missing: without it nobody can tell before from after")
        if done is not None and cleaned.status == ActionStatus.PLANNED:
            form.wrong("done_on", "given, but the action is only planned")
        if expected is not None and not cleaned.metric:
            form.wrong("metric", "missing: the expected change is of which metric?")
        if expected == 0:
            form.wrong("expected_change", "0 is no change")
        if cleaned.control and cleaned.control == cleaned.where:
            form.wrong("control", "the same segment as the one the action is to change")
        form.check()
        return cleaned

    def order(self) -> tuple[object, ...]:
        """Immediate ones first, by the day they are due, then title."""
        return self.horizon != Horizon.IMMEDIATE, self.due, self.title.casefold()
