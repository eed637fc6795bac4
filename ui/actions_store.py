"""Remembered reviews of actions, kept like the results of :mod:`ui.store`: by fingerprint and all actions."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from kpi import actions, compare
from kpi.actions import Review, weeks_around
from kpi.charts import Point
from kpi.facts import Facts
from kpi.model import Filter, Period
from kpi.workspace import Action
from ui import store
from ui.remember import remembered
from ui.view import View

RESULTS = 300


def kept() -> tuple[Action, ...]:
    """Every action; asked of the workspace each time, as others may change them."""
    return store.workspace().kept(Action)


def reviews(view: View) -> tuple[Review, ...]:
    """What became of every action, all judged as one family."""
    found = [_review(view.facts.fingerprint, action, view.facts) for action in kept()]
    return actions.together(found, store.events())


@remembered(RESULTS, "Judging the actions …")
def _review(fingerprint: str, action: Action, _facts: Facts) -> Review:
    return actions.review_one(_facts, action)


def weeks(view: View, one: Review) -> tuple[Point, ...]:
    """The metric of an action week by week over the days that were looked at."""
    if one.metric is None or one.days is None or one.before is None:
        return ()
    return _weeks(view.facts.fingerprint, one.metric.key, weeks_around(one), one.action.where, view.facts)


def control_weeks(view: View, one: Review) -> tuple[Point, ...]:
    """The same of its control; empty without one."""
    if one.metric is None or one.days is None or not one.control:
        return ()
    return _weeks(view.facts.fingerprint, one.metric.key, weeks_around(one), one.control, view.facts)


@remembered(RESULTS)
def _weeks(
    fingerprint: str, key: str, spans: tuple[Period, ...], where: tuple[Filter, ...], _facts: Facts
) -> tuple[Point, ...]:
    values = compare.history(_facts, key, spans, where=where)
    unsure = compare.provisional(_facts, key, spans)
    return tuple(
        Point(span.start, span.days, value, flag)
        for span, value, flag in zip(spans, values, unsure, strict=True)
    )


def names(view: View) -> tuple[str, ...]:
    """Persons whose names must not leave the page: agents of the data, owners of actions."""
    owners = tuple(dict.fromkeys(action.owner for action in kept() if action.owner))
    return (*_agents(view.facts.fingerprint, view.facts), *owners)


@remembered(RESULTS)
def _agents(fingerprint: str, _facts: Facts) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for table in _facts.tables.values():
        if "agent" in table.dimensions:
            found.update(dict.fromkeys(map(str, table.dimensions["agent"].categories)))
    return tuple(found)


def today(view: View) -> date:
    """The day of the calendar in the team's zone. What is due goes by it; numbers go by the data alone."""
    return datetime.now(ZoneInfo(view.definitions.timezone)).date()
