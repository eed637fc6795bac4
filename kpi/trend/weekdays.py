"""The week: a mean for every weekday, and how much of the day-to-day variation weekdays explain."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kpi import compare, fields
from kpi.facts import Facts
from kpi.measures import Rate, Stock
from kpi.model import Estimate, Filter, Metric, Period
from kpi.trend.daily_series import DailySeries
from kpi.trend.nouns import WeekdayMean, WeekdayProfile

FEWEST_WEEKS = 4


def profile(
    facts: Facts, metric: Metric, span: Period, where: tuple[Filter, ...], series: DailySeries | str
) -> WeekdayProfile:
    """Means by weekday over the whole stretch; totals are per day of that weekday."""
    if isinstance(series, str):
        return WeekdayProfile((), None, series)
    if isinstance(metric.measure, Stock):
        return WeekdayProfile((), None, "a backlog has a level and no result of a day")
    if span.days < 7 * FEWEST_WEEKS:
        return WeekdayProfile((), None, f"only {span.days} days: a weekday needs at least {FEWEST_WEEKS}")
    found = compare.measure(facts, span, metrics=(metric,), by=("weekday",), where=where)
    by_name: dict[str, Estimate] = {}
    for result in found:
        keys = result.group.as_plain()
        if keys:
            by_name[keys["weekday"]] = result.estimate
    weekday = (np.arange(span.days) + span.start.weekday()) % 7
    days = []
    for number, name in enumerate(fields.WEEKDAYS):
        estimate = by_name.get(name)
        if estimate is None:
            continue
        days.append(WeekdayMean(number, _per_day(metric, estimate, int((weekday == number).sum()))))
    if len(days) < 2:
        return WeekdayProfile((), None, "fewer than two weekdays have a value")
    return WeekdayProfile(tuple(days), share_of_variance(series))


def _per_day(metric: Metric, estimate: Estimate, repeats: int) -> Estimate:
    """A total over the stretch as a mean per such day."""
    if not (isinstance(metric.measure, Rate) and metric.measure.total) or not repeats:
        return estimate
    return replace(
        estimate,
        value=_divided(estimate.value, repeats),
        low=_divided(estimate.low, repeats),
        high=_divided(estimate.high, repeats),
    )


def _divided(value: float | None, by: int) -> float | None:
    return None if value is None else value / by


def share_of_variance(series: DailySeries) -> float | None:
    """Adjusted R² of weekdays on the daily values (0 to 1); None where a weekday is not repeated.

    On a log scale where the series is. Wherry (1931), Annals of Mathematical Statistics 2:440-457.
    """
    known = np.isfinite(series.value)
    value, weekday = series.value[known], series.weekday[known]
    there, place = np.unique(weekday, return_inverse=True)
    repeats = np.bincount(place)
    if value.size <= there.size + 1 or there.size < 2 or repeats.min() < 2:
        return None
    total = float(((value - value.mean()) ** 2).sum()) / (value.size - 1)
    if total <= 0:
        return None
    means = np.bincount(place, weights=value) / repeats
    rest = float(((value - means[place]) ** 2).sum()) / (value.size - there.size)
    return min(max(1 - rest / total, 0.0), 1.0)
