"""Where the current month and quarter are heading: the days seen stay, those to come are foretold."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from kpi import compare
from kpi.facts import Facts
from kpi.measures import Rate, Stock
from kpi.model import Direction, Filter, Metric, Period, Unit
from kpi.periods.kinds import ONE_DAY, Kind, unit_holding
from kpi.periods.wording import day_words
from kpi.stats.daily import Projection, project
from kpi.trend.daily_series import DailySeries
from kpi.trend.nouns import FEWEST_DAYS, Outlook

Floats = NDArray[np.float64]
METHOD = "the daily series continued, averaged over how persistent its noise may be (SN-GLS)"
RECENT = 112
"""Days that a drifting series is foretold from: 16 weeks."""
UNITS = (Kind.MONTH, Kind.QUARTER)
POSSIBLE = {Unit.PERCENT: (0.0, 1.0), Unit.POINTS: (-100.0, 100.0)}


def current(span: Period, unit: Kind, facts: Facts) -> Period:
    """The month or quarter in which the first day to come lies."""
    return unit_holding(span.end + ONE_DAY, unit, facts.definitions)


def outlooks(
    facts: Facts,
    metric: Metric,
    span: Period,
    where: tuple[Filter, ...],
    series: DailySeries,
    refused: str | None,
    target: float | None,
    level: float,
    since: date | None = None,
    drifting: bool = False,
) -> tuple[Outlook, ...]:
    """The current month and the current quarter; without a prediction where there is no trend either.

    Parameters
        since: the newest change of level; days before it say nothing about those to come.
        drifting: there is a clear slope, so that the level of long ago is not the one to expect.
    """
    found = []
    if since is None and drifting:
        since = span.end - timedelta(days=RECENT - 1)
    recent = series if since is None else series.since(since)
    whole: float | None = None
    if series.log and not isinstance(metric.measure, Rate | Stock):
        (result,) = compare.measure(facts, span, metrics=(metric,), where=where)
        whole = result.estimate.value
    for unit in UNITS:
        period = current(span, unit, facts)
        left = (period.end - span.end).days
        so_far = None
        if span.end >= period.start:
            (result,) = compare.measure(
                facts, Period(max(period.start, span.start), span.end), metrics=(metric,), where=where
            )
            so_far = result.estimate
        bare = Outlook(period, so_far, left, None, target=target, method=METHOD)
        reason = refused or _too_short(series, recent, bare, since)
        if reason is not None:
            found.append(replace(bare, reason=reason))
        else:
            found.append(_foretold(metric, series, recent, bare, whole, level))
    return tuple(found)


def _too_short(series: DailySeries, recent: DailySeries, bare: Outlook, since: date | None) -> str | None:
    """Why these days are no basis; None when they are."""
    if bare.period.start < series.first <= bare.period.end:
        return f"the days looked at begin on {day_words(series.first)}, after {bare.period} did"
    if since is not None and recent.known < FEWEST_DAYS:
        return (
            f"the level changed, and only {recent.known} days since {day_words(since)} have a value: "
            f"at least {FEWEST_DAYS} are needed to foretell from"
        )
    if bare.days_left > recent.value.size:
        return f"{bare.days_left} days are to come and only {recent.value.size} are known"
    return None


@dataclass(frozen=True)
class _Ahead:
    """The days that are foretold: from the day after the last one with a value to the end of the period."""

    weekday: NDArray[np.int64]
    mean: Floats
    """float64[7]: mean number of cases on each weekday; 0 on those without any."""

    @property
    def weight(self) -> Floats:
        weight: Floats = self.mean[self.weekday]
        return weight


def _foretold(
    metric: Metric,
    series: DailySeries,
    recent: DailySeries,
    bare: Outlook,
    whole: float | None,
    level: float,
) -> Outlook:
    known = np.flatnonzero(np.isfinite(recent.value))
    last = recent.day(int(known[-1]))
    ahead = (bare.period.end - last).days
    counts = np.bincount(recent.weekday[known], weights=recent.n[known], minlength=7)
    repeats = np.bincount(recent.weekday[known], minlength=7)
    mean = np.where(repeats > 0, counts / np.maximum(repeats, 1), 0.0)
    coming = _Ahead((last.weekday() + 1 + np.arange(ahead)) % 7, mean)
    seen = _inside(series, bare.period) & np.isfinite(series.value)
    if isinstance(metric.measure, Rate) and metric.measure.total:
        return _total(metric, recent, bare, float(series.n[seen].sum()), coming, level)
    own = np.where(np.isfinite(recent.value), recent.n, 0.0)
    inside = _inside(recent, bare.period)
    earlier, to_come = seen.copy(), coming.weight
    earlier[series.place(recent.first) :] = False
    words = ", each day counting as many rows as it has or as its weekday usually has"
    if isinstance(metric.measure, Stock):
        own, to_come = np.zeros(recent.value.size), np.zeros(ahead)
        to_come[-1], earlier[:] = 1.0, False
        words = ", on its last day"
    answer = project(
        recent.value, recent.weekday, inside, ahead, weight=own, ahead_weight=to_come, level=level
    )
    rest = float(own[inside].sum() + to_come.sum())
    before = float(series.n[earlier].sum())
    past = float(series.n[earlier] @ series.value[earlier]) / (before + rest) if before else 0.0
    offset = 0.0 if whole is None else _offset(series, whole)
    scale = _Scale(series.log, offset, past, rest / (before + rest) if before else 1.0)
    return _outlook(metric, bare, answer, scale.back, scale.there, words)


def _inside(series: DailySeries, period: Period) -> NDArray[np.bool_]:
    place = np.arange(series.value.size)
    found: NDArray[np.bool_] = (place >= series.place(period.start)) & (place <= series.place(period.end))
    return found


@dataclass(frozen=True)
class _Scale:
    """From the mean of the days that are foretold (and those since the last change) to the whole period.

    ``past`` is what the days of the period before that contribute, ``share`` the weight of the others.
    """

    log: bool
    offset: float
    past: float
    share: float

    def back(self, number: float) -> float:
        whole = self.past + self.share * number
        return math.exp(whole + self.offset) if self.log else whole

    def there(self, number: float) -> float | None:
        if self.log and number <= 0:
            return None
        whole = math.log(number) - self.offset if self.log else number
        return (whole - self.past) / self.share


def _offset(series: DailySeries, whole: float) -> float:
    """What the log of the metric over all days has more than the weighted mean of daily logs.

    The median of a month is not the mean of the medians of its days; so far they differed by this much.
    """
    known = np.isfinite(series.value) & (series.n > 0)
    if not series.log or whole <= 0 or not known.any():
        return 0.0
    return math.log(whole) - float(np.average(series.value[known], weights=series.n[known]))


def _total(
    metric: Metric, series: DailySeries, bare: Outlook, so_far: float, coming: _Ahead, level: float
) -> Outlook:
    """Cases so far and those to come: the mean of logs ahead, put back by how sums and logs relate so far."""
    open_days = coming.weight > 0
    if not open_days.any():
        return replace(bare, value=so_far, low=so_far, high=so_far, reason=None)
    nothing = np.zeros(series.value.size, dtype=np.bool_)
    answer = project(
        series.value,
        series.weekday,
        nothing,
        coming.weekday.size,
        ahead_weight=open_days.astype(np.float64),
        level=level,
    )
    known = np.isfinite(series.value)
    logs = np.bincount(series.weekday[known], weights=series.value[known], minlength=7)
    repeats = np.maximum(np.bincount(series.weekday[known], minlength=7), 1)
    typical = float((logs / repeats)[coming.weekday][open_days].mean())
    factor = float(coming.weight[open_days].sum()) / math.exp(typical)

    def back(number: float) -> float:
        return so_far + factor * math.exp(number)

    def there(number: float) -> float | None:
        return math.log((number - so_far) / factor) if number > so_far else None

    return _outlook(metric, bare, answer, back, there, ", on a log scale, summed by weekday")


def _outlook(
    metric: Metric,
    bare: Outlook,
    answer: Projection,
    back: Callable[[float], float],
    there: Callable[[float], float | None],
    words: str,
) -> Outlook:
    if answer.value is None or answer.low is None or answer.high is None:
        return replace(bare, reason=answer.reason or "no prediction can be computed")
    low, value, high = (_possible(metric, back(number)) for number in (answer.low, answer.value, answer.high))
    return replace(
        bare,
        value=value,
        low=min(low, value),
        high=max(high, value),
        chance=_chance(metric, answer, bare.target, there),
        method=METHOD + words,
    )


def _possible(metric: Metric, value: float) -> float:
    low, high = POSSIBLE.get(metric.unit, (-math.inf if metric.unit is Unit.SCORE else 0.0, math.inf))
    return min(max(value, low), high)


def _chance(
    metric: Metric, answer: Projection, target: float | None, there: Callable[[float], float | None]
) -> float | None:
    """The chance to end on the good side of the target."""
    if target is None or metric.better is Direction.NEUTRAL or answer.known is None:
        return None
    goal = there(target)
    reached = 1.0 if goal is None else answer.chance_at_least(goal)
    if reached is None:
        return None
    return reached if metric.better is Direction.UP else 1 - reached
