"""One metric over time: points, limits, slope, steps, known events, the week, where it is heading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from kpi.facts import Facts
from kpi.measures import Rate
from kpi.metrics import catalogue
from kpi.model import Filter, Metric, Period, Unit, Verdict
from kpi.trend.changes import (
    change_points,
    event_effects,
    persistence,
    refusal,
    slope,
    steps_of,
)
from kpi.trend.daily_series import daily_series
from kpi.trend.limits import with_limits
from kpi.trend.nouns import Change, ChangePoint, EventEffect, KnownEvent, Trend, WeekdayProfile
from kpi.trend.outlook import outlooks
from kpi.trend.stretch import GRAINS, history, last_whole_day, stretch
from kpi.trend.weekdays import profile

JUDGED = (Verdict.BETTER, Verdict.WORSE, Verdict.CHANGED)


def trend(
    facts: Facts,
    metric: str | Metric,
    *,
    grain: str = "week",
    where: tuple[Filter, ...] = (),
    events: Sequence[KnownEvent] = (),
    target: float | None = None,
    period: Period | None = None,
    until: date | None = None,
) -> Trend:
    """What happened to one metric, and what of it is beyond chance.

    Parameters
        grain: of the points that are shown, "day", "week" or "month"; slope, steps and outlook always rest on
            days.
        events: known events; each gets the step at its day.
        target: in the unit of the metric; the metric's own (that of the definitions) when None. Which one
            holds among those that are kept says :func:`kpi.attainment.aim`.
        period: the stretch that is looked at; all data when None.
        until: its last day, where that is earlier.

    What cannot be said is there with its reason: ``Trend.refused`` under eight weeks of daily values.

    Raises:
        ValueError: for an unknown metric, grain or field.
    """
    chosen = _metric(facts, metric)
    if grain not in GRAINS:
        raise ValueError(f"'{grain}' is no grain of a trend; choose one of {', '.join(GRAINS)}")
    goal = chosen.target if target is None else target
    known = tuple(sorted(events, key=lambda event: event.day))
    bare = _bare(facts, chosen, grain, where, known, goal)
    if chosen.incomparable and not chosen.follows_tickets:
        return _refused(bare, f"its days cannot be compared: {chosen.incomparable}")
    span = stretch(facts, period, until) if facts.dated else "no row has a date: there is no history"
    if isinstance(span, str):
        return _refused(bare, span)
    series = daily_series(facts, chosen, span, where)
    log = not isinstance(series, str) and series.log
    found = history(facts, chosen, span, grain, where)
    points, limits, limits_reason = with_limits(chosen, found, grain, log)
    refused = series if isinstance(series, str) else refusal(series)
    level = bare.level
    shown = replace(
        bare,
        span=span,
        points=points,
        limits=limits,
        limits_reason=limits_reason,
        weekdays=profile(facts, chosen, span, where, series),
    )
    if isinstance(series, str):
        return _refused(shown, series)
    outlook = partial(outlooks, facts, chosen, span, where, series, refused, goal, level)
    shown = replace(shown, days=series.known, log=series.log, notes=series.notes)
    if refused is not None:
        return _refused(replace(shown, outlooks=outlook()), refused)
    steps = change_points(chosen, series, level)
    beside = steps_of(series, steps)
    effects = event_effects(chosen, series, known, level)
    drift = slope(chosen, series, level)
    return replace(
        shown,
        slope=drift,
        drift_beside=None if beside is None else slope(chosen, series, level, beside),
        change_points=steps,
        events=effects,
        outlooks=outlook(newest_change(steps, effects), drift.verdict in JUDGED),
        persistence=persistence(series, level),
    )


def newest_change(steps: Sequence[ChangePoint], effects: Sequence[EventEffect]) -> date | None:
    """The day since which the level has been what it is now: of the newest step, found or at an event."""
    days = [step.day for step in steps]
    days += [
        effect.event.day
        for effect in effects
        if effect.event.until is None and effect.change.verdict in JUDGED
    ]
    return max(days, default=None)


def _metric(facts: Facts, metric: str | Metric) -> Metric:
    if isinstance(metric, Metric):
        return metric
    known = {each.key: each for each in catalogue(facts.definitions)}
    known |= {each.key: each for each in catalogue(facts.definitions, facts)}
    if metric not in known:
        raise ValueError(f"unknown metric '{metric}'; known: {', '.join(known)}")
    return known[metric]


def _bare(
    facts: Facts,
    metric: Metric,
    grain: str,
    where: tuple[Filter, ...],
    events: tuple[KnownEvent, ...],
    target: float | None,
) -> Trend:
    """What is known before a single day was looked at."""
    day = last_whole_day(facts)
    nothing = "there are no days to look at"
    total = isinstance(metric.measure, Rate) and metric.measure.total
    return Trend(
        metric=metric,
        grain=grain,
        where=where,
        span=Period(day, day),
        points=(),
        days=0,
        log=False,
        # Weeks and months are of unequal length, so totals change per day.
        change_unit=Unit.PER_DAY if total else metric.unit,
        refused=None,
        slope=Change.absent(nothing),
        drift_beside=None,
        limits=None,
        limits_reason=nothing,
        change_points=(),
        events=tuple(EventEffect(event, Change.absent(nothing)) for event in events),
        weekdays=WeekdayProfile((), None, nothing),
        outlooks=(),
        target=target,
        persistence=None,
        level=facts.definitions.confidence,
    )


def _refused(bare: Trend, reason: str) -> Trend:
    """No trend, and why, wherever one is asked for."""
    absent = Change.absent(reason)
    return replace(
        bare,
        refused=reason,
        slope=absent,
        limits_reason=None if bare.limits else bare.limits_reason if bare.points else reason,
        events=tuple(EventEffect(effect.event, absent) for effect in bare.events),
        weekdays=bare.weekdays if bare.weekdays.days else WeekdayProfile((), None, bare.weekdays.reason),
    )
