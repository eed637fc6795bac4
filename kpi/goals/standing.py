"""How a goal stands: the rolling value with its interval against a straight line from its start to its end.

What may be said is decided by the interval alone, with the direction from the start value to the goal:

* *reached*: all of it lies at the goal or beyond;
* *behind*: all of it lies short of where the line is;
* *on pace*: it is not behind, and all of it lies beyond the start value, so that something has moved;
* *too early*: neither, and the line has moved less since the start than half the interval is wide;
* *cannot tell*: neither, though by now it should be seen.

Once the date is over there is no pace: *reached*, *not reached* (all of the interval is short of the goal) or
*cannot tell*.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from kpi import compare
from kpi.facts import Facts
from kpi.goals.ahead import ahead_of
from kpi.goals.nouns import Outset, Progress, RollingValue, Standing
from kpi.measures import Stock
from kpi.metrics import catalogue
from kpi.model import EPOCH, Estimate, Filter, Metric, Period
from kpi.periods import grid
from kpi.trend import last_whole_day
from kpi.workspace import Goal

BEFORE_START = 56
"""Days before the start that are shown with it."""
MOST_POINTS = 80
"""Rolling values that are shown at most; further days lie a few apart."""
LAST_WEEKS = 8
STILL_MATURING = 60
"""So many days back the newest one that is final is looked for."""


def progress(
    facts: Facts, goal: Goal, *, started: date | None = None, today: date | None = None, full: bool = True
) -> Progress:
    """Where a goal stands on the newest day whose value is final.

    Parameters
        started: the day it was first kept, for a goal that names no start.
        today: as on an earlier day; data of later days are not looked at.
        full: with the outlook and the rolling values.
    """
    known = {metric.key: metric for metric in catalogue(facts.definitions, facts)}
    metric = known.get(goal.metric)
    bare = Progress(goal, Standing.NO_METRIC, metric, level=facts.definitions.confidence)
    if metric is None:
        return _gone(bare, f"there is no metric '{goal.metric}' in the list any more")
    if not facts.dated:
        return _gone(bare, "no row has a date, so no day has a value")
    newest = final_day(facts, metric, today)
    first = EPOCH + timedelta(days=facts.first_day)
    start = goal.start or started or first
    at = min(newest, goal.by)
    bare = replace(bare, at=at, start=min(start, goal.by), over=goal.by <= newest)
    window = Period(at - timedelta(days=goal.window_days - 1), at)
    bare = replace(bare, window=window)
    if window.end < first:
        return replace(
            bare, standing=Standing.CANNOT_TELL, reason=f"the data begin on {first}, after its date"
        )
    try:
        value = _measured(facts, metric, window, goal.where)
    except ValueError as error:
        return _gone(bare, str(error).split(";")[0])
    bare = replace(bare, value=value)
    if value.value is None:
        return _gone(bare, value.reason or "there is no value in these days")
    if window.start < first:
        words = f"its {goal.window_days} days begin before the data do, on {first}"
        bare = replace(bare, notes=(words,))
    bare = replace(bare, expected=expected_on(goal, bare.start or start, at))
    standing, reason = _standing(bare)
    bare = replace(bare, standing=standing, reason=reason)
    if not full:
        return bare
    outlook = None if bare.over else ahead_of(facts, metric, goal, at)
    return replace(bare, ahead=outlook, rolling=rolling(facts, metric, goal, bare.start or start, at))


def outset(
    facts: Facts, key: str, where: tuple[Filter, ...], window_days: int, *, today: date | None = None
) -> Outset | str:
    """What to know before a goal is set: the value now, the smallest change that would be seen, the last
    weeks; a sentence where there is nothing.

    The smallest change is that of a comparison of the newest window with the one before it, by the evidence
    that all comparisons rest on.
    """
    known = {metric.key: metric for metric in catalogue(facts.definitions, facts)}
    if key not in known:
        return f"there is no metric '{key}' in the list"
    metric = known[key]
    if not facts.dated:
        return "no row has a date, so there is no way to follow a goal"
    at = final_day(facts, metric, today)
    days = Period(at - timedelta(days=window_days - 1), at)
    try:
        value = _measured(facts, metric, days, where)
    except ValueError as error:
        return str(error).split(";")[0]
    if value.value is None:
        return value.reason or "there is no value in these days"
    (compared,) = compare.compare(facts, days, days.shifted(-window_days), metrics=(key,), where=where)
    found = compared.difference
    least = None if found is None else found.detectable
    reason = "" if least is not None else compared.reason
    if least is not None and found is not None and found.per:
        least *= window_days
    span = Period(at - timedelta(days=7 * LAST_WEEKS + 6), at)
    weeks = grid(span, "week", facts.definitions, partial="drop")[-LAST_WEEKS:]
    values = compare.history(facts, metric, weeks, where=where)
    return Outset(metric, days, value, least, reason, tuple(zip(weeks, values, strict=True)))


def final_day(facts: Facts, metric: Metric, today: date | None = None) -> date:
    """The newest day of the data that gains no more outcomes; the newest of all where none is."""
    last = last_whole_day(facts)
    if today is not None:
        last = min(last, today)
    days = [
        Period(last - timedelta(days=back), last - timedelta(days=back)) for back in range(STILL_MATURING)
    ]
    flags = compare.provisional(facts, metric.key, days)
    return next((day.end for day, flag in zip(days, flags, strict=True) if not flag), last)


def expected_on(goal: Goal, start: date, day: date) -> float:
    """Where the goal's value should be on a day, on a straight line from its start to its date.

    >>> goal = Goal("", "csat", 0.80, 0.90, date(2026, 1, 11))
    >>> round(expected_on(goal, date(2026, 1, 1), date(2026, 1, 4)), 9)
    0.83
    """
    length = (goal.by - start).days
    if length <= 0:
        return goal.to_value
    share = min(max((day - start).days / length, 0.0), 1.0)
    return goal.from_value + share * (goal.to_value - goal.from_value)


def rolling(facts: Facts, metric: Metric, goal: Goal, start: date, at: date) -> tuple[RollingValue, ...]:
    """The value of the window that ends on each day, from eight weeks before the start on."""
    first = EPOCH + timedelta(days=facts.first_day)
    opening = max(first + timedelta(days=goal.window_days - 1), min(start, at) - timedelta(days=BEFORE_START))
    length = (at - opening).days + 1
    if length < 1:
        return ()
    apart = -(-length // MOST_POINTS)
    days = [at - timedelta(days=back) for back in range(0, length, apart)][::-1]
    windows = [Period(day - timedelta(days=goal.window_days - 1), day) for day in days]
    values = compare.history(facts, metric, windows, where=goal.where)
    return tuple(RollingValue(day, value) for day, value in zip(days, values, strict=True))


# ---------------------------------------------------------------- verdict


def _standing(found: Progress) -> tuple[Standing, str]:
    goal, value = found.goal, found.value
    assert value is not None
    assert value.value is not None
    assert found.expected is not None
    sign = 1.0 if goal.to_value > goal.from_value else -1.0
    low, high = value.low, value.high
    if found.metric is not None and isinstance(found.metric.measure, Stock):
        # What is open at one moment is counted, not estimated.
        low = high = value.value
    if low is None or high is None:
        return Standing.CANNOT_TELL, "the value has no interval"
    short, far = sorted((low * sign, high * sign))
    target, path, origin = goal.to_value * sign, found.expected * sign, goal.from_value * sign
    if found.at is not None and found.start is not None and found.at < found.start:
        return Standing.TOO_EARLY, "it has not begun in these data"
    if short >= target:
        return Standing.REACHED, ""
    if found.over:
        return (
            (Standing.MISSED, "") if far < target else (Standing.CANNOT_TELL, "its interval holds the goal")
        )
    if far < path:
        return Standing.BEHIND, ""
    if short > origin:
        return Standing.ON_PACE, ""
    if path - origin < (far - short) / 2:
        return Standing.TOO_EARLY, "so far the line has moved less than this window can show"
    return (
        Standing.CANNOT_TELL,
        "its interval holds both the value it started from and the one it should have",
    )


def _gone(found: Progress, reason: str) -> Progress:
    standing = Standing.NO_METRIC if found.metric is None else Standing.NO_DATA
    return replace(found, standing=standing, reason=reason)


def _measured(facts: Facts, metric: Metric, days: Period, where: tuple[Filter, ...]) -> Estimate:
    (found,) = compare.measure(facts, days, metrics=(metric.key,), where=where)
    return found.estimate
