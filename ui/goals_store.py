"""Remembered progress of goals, kept like the results of :mod:`ui.store`: by fingerprint and goal."""

from __future__ import annotations

from datetime import date

from kpi import goals
from kpi.facts import Facts
from kpi.goals import Outset, Progress
from kpi.model import Filter
from kpi.workspace import Fate, Goal
from ui import store
from ui.remember import remembered
from ui.view import View

RESULTS = 300


def kept() -> tuple[Goal, ...]:
    """Every goal; asked of the workspace each time, as others may change them."""
    return store.workspace().kept(Goal)


def standing(view: View, goal: Goal) -> Progress:
    """Where a goal stands, without what is to be expected and without the picture."""
    return _progress(view.facts.fingerprint, goal, started(goal), False, view.facts)


def whole(view: View, goal: Goal) -> Progress:
    """The same with what is to be expected and its rolling values; it takes half a second."""
    return _progress(view.facts.fingerprint, goal, started(goal), True, view.facts)


def started(goal: Goal) -> date | None:
    """The day a goal without a start was first kept."""
    if goal.start is not None or not goal.id:
        return None
    changes = store.workspace().history(Goal, goal.id)
    return next((change.at.date() for change in changes if change.fate is Fate.KEPT), None)


@remembered(RESULTS)
def _progress(fingerprint: str, goal: Goal, began: date | None, full: bool, _facts: Facts) -> Progress:
    return goals.progress(_facts, goal, started=began, full=full)


def outset(view: View, key: str, where: tuple[Filter, ...], window_days: int) -> Outset | str:
    """What to know before a goal is set."""
    return _outset(view.facts.fingerprint, key, where, window_days, view.facts)


@remembered(RESULTS)
def _outset(
    fingerprint: str, key: str, where: tuple[Filter, ...], window_days: int, _facts: Facts
) -> Outset | str:
    return goals.outset(_facts, key, where, window_days)
