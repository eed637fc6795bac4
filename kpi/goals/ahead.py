"""What the rolling value of a goal is to be expected on its last day, if nothing changes any more."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from kpi import compare
from kpi.facts import Facts
from kpi.goals.nouns import Ahead
from kpi.measures import Rate, Stock
from kpi.model import Metric, Period, Unit
from kpi.stats import project
from kpi.trend.changes import change_points, refusal, slope
from kpi.trend.daily_series import DailySeries, daily_series
from kpi.trend.nouns import FEWEST_DAYS
from kpi.trend.trend import JUDGED, newest_change
from kpi.workspace import Goal

Floats = NDArray[np.float64]
YEAR = 364
RECENT = 112
"""Days that a drifting series is foretold from: 16 weeks."""
POSSIBLE = {Unit.PERCENT: (0.0, 1.0), Unit.POINTS: (-100.0, 100.0)}
METHOD = "the daily series continued, averaged over how persistent its noise may be (SN-GLS)"


def ahead_of(facts: Facts, metric: Metric, goal: Goal, at: date) -> Ahead:
    """The value of the window that ends on the goal's last day, as foretold on a day.

    Days of that window that are over stay as they are. Those to come vary around the level since the newest
    change of level (the newest 16 weeks where there is a drift), each counting as many rows as its weekday
    usually has; no drift is taken to go on.
    """
    first = max(facts.first_day, Period(at, at).first_day - YEAR)
    span = Period(at - timedelta(days=Period(at, at).first_day - first), at)
    try:
        series = daily_series(facts, metric, span, goal.where)
    except ValueError as error:
        return Ahead(None, reason=str(error))
    if isinstance(series, str):
        return Ahead(None, reason=series)
    if (refused := refusal(series)) is not None:
        return Ahead(None, reason=refused.replace("a trend needs", "a projection needs"))
    level = facts.definitions.confidence
    since = newest_change(change_points(metric, series, level), ())
    if since is None and slope(metric, series, level).verdict in JUDGED:
        since = span.end - timedelta(days=RECENT - 1)
    recent = series if since is None else series.since(since)
    if recent.known < FEWEST_DAYS:
        words = f"the level changed, and only {recent.known} days since then have a value: at least "
        return Ahead(None, since=since, reason=f"{words}{FEWEST_DAYS} are needed to foretell from")
    known = np.flatnonzero(np.isfinite(recent.value))
    last = recent.day(int(known[-1]))
    to_come = (goal.by - last).days
    if to_come > recent.value.size:
        words = f"{to_come} days are to come and only {recent.value.size} are known"
        return Ahead(None, since=since, reason=words, early=True)
    recent = _until(recent, last)
    return _foretold(facts, metric, goal, span, recent, to_come, level)


def _until(series: DailySeries, last: date) -> DailySeries:
    size = series.place(last) + 1
    return DailySeries(series.first, series.value[:size], series.n[:size], series.log, series.notes)


def _foretold(
    facts: Facts,
    metric: Metric,
    goal: Goal,
    span: Period,
    series: DailySeries,
    to_come: int,
    level: float,
) -> Ahead:
    last = series.day(series.value.size - 1)
    known = np.isfinite(series.value)
    weekdays = (last.weekday() + 1 + np.arange(to_come)) % 7
    counts = np.bincount(series.weekday[known], weights=series.n[known], minlength=7)
    repeats = np.bincount(series.weekday[known], minlength=7)
    mean = np.where(repeats > 0, counts / np.maximum(repeats, 1), 0.0)
    opening = goal.by - timedelta(days=goal.window_days - 1)
    inside = np.arange(series.value.size) >= series.place(opening)
    within = (np.arange(to_come) >= (opening - last).days - 1).astype(np.float64)
    total = isinstance(metric.measure, Rate) and metric.measure.total
    if isinstance(metric.measure, Stock):
        inside = np.zeros(series.value.size, np.bool_)
        own, coming = np.zeros(series.value.size), np.zeros(to_come)
        coming[-1] = 1.0
    elif total:
        # Counts are foretold as the mean of logs of the days to come, then put back into a sum.
        open_days = ((repeats > 0)[weekdays]).astype(np.float64) * within
        own, coming = (known & inside).astype(np.float64), open_days
    else:
        own, coming = np.where(known, series.n, 0.0), mean[weekdays] * within
    answer = project(
        series.value, series.weekday, inside & known, to_come, weight=own, ahead_weight=coming, level=level
    )
    if answer.value is None or answer.low is None or answer.high is None or answer.known is None:
        return Ahead(None, since=series.first, reason=answer.reason or "no prediction can be computed")
    scale = _total_scale(series, inside & known, coming, mean[weekdays]) if total else None
    offset = _offset(facts, metric, goal, span, series) if series.log and scale is None else 0.0

    def back(number: float) -> float:
        if scale is not None:
            return scale * math.exp(number)
        return math.exp(number + offset) if series.log else number

    target = goal.to_value
    if series.log:
        chance = 1.0 if target <= 0 else answer.chance_at_least(math.log(target / (scale or 1.0)) - offset)
    else:
        chance = answer.chance_at_least(target)
    if chance is not None and goal.to_value < goal.from_value:
        chance = 1 - chance
    low, value, high = (_possible(metric, back(number)) for number in (answer.low, answer.value, answer.high))
    return Ahead(value, min(low, value), max(high, value), chance, since=series.first, method=METHOD)


def _total_scale(series: DailySeries, inside: NDArray[np.bool_], coming: Floats, mean: Floats) -> float:
    """Sum of the window ÷ exp of the mean of its logs, from what weekdays usually bring."""
    known = np.isfinite(series.value)
    logs = np.bincount(series.weekday[known], weights=series.value[known], minlength=7)
    repeats = np.bincount(series.weekday[known], minlength=7)
    usual = logs / np.maximum(repeats, 1)
    last = series.day(series.value.size - 1)
    weekdays = (last.weekday() + 1 + np.arange(coming.size)) % 7
    days = float(inside.sum() + coming.sum())
    expected_sum = float(series.n[inside].sum() + (coming * mean).sum())
    expected_log = float(series.value[inside].sum() + (coming * usual[weekdays]).sum()) / max(days, 1.0)
    return expected_sum / math.exp(expected_log)


def _offset(facts: Facts, metric: Metric, goal: Goal, span: Period, series: DailySeries) -> float:
    """What the log of the metric over all days has more than the weighted mean of daily logs.

    The median of a week is not the mean of the medians of its days; so far they differed by this much.
    """
    if isinstance(metric.measure, Rate | Stock):
        return 0.0
    (whole,) = compare.measure(
        facts, Period(max(series.first, span.start), span.end), metrics=(metric.key,), where=goal.where
    )
    known = np.isfinite(series.value) & (series.n > 0)
    if whole.estimate.value is None or whole.estimate.value <= 0 or not known.any():
        return 0.0
    return math.log(whole.estimate.value) - float(np.average(series.value[known], weights=series.n[known]))


def _possible(metric: Metric, value: float) -> float:
    low, high = POSSIBLE.get(metric.unit, (-math.inf if metric.unit is Unit.SCORE else 0.0, math.inf))
    return min(max(value, low), high)
