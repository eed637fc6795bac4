"""Slope, steps and known events: contrasts on the daily series, put into the unit of the metric."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from kpi.model import Direction, Metric, Verdict
from kpi.stats import benjamini_hochberg, detectable_change
from kpi.stats.daily import Contrast, daily_contrast, scan_steps
from kpi.trend.daily_series import DailySeries
from kpi.trend.nouns import FEWEST_DAYS, Change, ChangePoint, EventEffect, KnownEvent
from kpi.verdicts import chance

Floats = NDArray[np.float64]
METHOD = "daily series by generalised least squares, averaged over how persistent its noise may be (SN-GLS)"
EACH_SIDE = 14
"""Fewer days with a value than this before or since an event, and its step is not judged."""
DURING = 3
"""Fewer days with a value than this during an event that ended, and it is not judged."""


def refusal(series: DailySeries) -> str | None:
    """Why these days allow no trend; None when they do."""
    if series.known < FEWEST_DAYS:
        days = "no day has" if not series.known else f"only {series.known} days have"
        days = "only 1 day has" if series.known == 1 else days
        return f"{days} a value: a trend needs at least {FEWEST_DAYS} (eight weeks)"
    known = series.value[np.isfinite(series.value)]
    if float(known.max() - known.min()) <= 1e-12 * max(1.0, float(np.abs(known).max())):
        return "every day has the same value: nothing varies, so there is nothing to judge"
    return None


def slope(metric: Metric, series: DailySeries, level: float, beside: Floats | None = None) -> Change:
    """The change from the first day of the stretch to its last, along a straight line.

    Parameters
        beside: steps that are fitted with it, float64[T, c]; then the drift is what is left besides them.
    """
    line = _line(series)
    answer = daily_contrast(series.value, line, series.weekday, level=level, beside=beside)
    return _change(metric, series, answer, line, level)


def persistence(series: DailySeries, level: float) -> float:
    """How likely the series wanders (posterior mass of φ ≥ .94)."""
    return daily_contrast(series.value, _line(series), series.weekday, level=level).persistence


def change_points(metric: Metric, series: DailySeries, level: float) -> tuple[ChangePoint, ...]:
    """Steps at dates that nobody named, in order of time; usually none.

    The dates were chosen because the steps there are large, so no p-value belongs to them.
    """
    found = []
    for step in scan_steps(series.value, series.weekday, level=level):
        column = (np.arange(series.value.size) >= step.at).astype(np.float64)
        contrast = Contrast(step.size, step.size_low, step.size_high, None, None, math.inf, series.known, 0.0)
        size = _change(metric, series, contrast, column, level)
        clear = step.size_low > 0 or step.size_high < 0
        size = replace(size, t=step.t, verdict=_verdict(metric, series, size, clear))
        found.append(ChangePoint(series.day(step.at), series.day(step.low), series.day(step.high), size))
    return tuple(found)


def steps_of(series: DailySeries, points: Sequence[ChangePoint]) -> Floats | None:
    """Columns of the steps found, to be fitted beside a slope; None without any."""
    if not points:
        return None
    place = np.arange(series.value.size)
    return np.column_stack([(place >= series.place(point.day)).astype(np.float64) for point in points])


def event_effects(
    metric: Metric, series: DailySeries, events: Sequence[KnownEvent], level: float
) -> tuple[EventEffect, ...]:
    """The step at the day of each event (or the change during it), all events fitted together.

    The p-values are adjusted for the number of events judged (Benjamini-Hochberg).
    """
    columns = [_column(series, event) for event in events]
    usable = [place for place, column in enumerate(columns) if not isinstance(column, str)]
    found: list[Change] = []
    for place, column in enumerate(columns):
        if isinstance(column, str):
            found.append(Change.absent(column))
            continue
        others = [columns[other] for other in usable if other != place]
        beside = np.column_stack([np.asarray(other) for other in others]) if others else None
        answer = daily_contrast(series.value, column, series.weekday, level=level, beside=beside)
        together = "" if beside is None or answer.estimate is None else ", fitted with the other events"
        if answer.estimate is None and beside is not None:
            answer = daily_contrast(series.value, column, series.weekday, level=level)
        change = _change(metric, series, answer, column, level)
        found.append(replace(change, method=change.method + together))
    tested = [place for place, change in enumerate(found) if change.p is not None]
    adjusted = benjamini_hochberg([found[place].p or 0.0 for place in tested])
    for place, p in zip(tested, adjusted, strict=True):
        change = found[place]
        clear = p is not None and p < chance(level)
        found[place] = replace(change, p_adjusted=p, verdict=_verdict(metric, series, change, clear))
    return tuple(map(EventEffect, events, found))


def _line(series: DailySeries) -> Floats:
    size = series.value.size
    line: Floats = (np.arange(size, dtype=np.float64) - (size - 1) / 2) / size
    return line


def _column(series: DailySeries, event: KnownEvent) -> Floats | str:
    """1 from the day of the event on (or during it); a sentence when too few days lie on one side."""
    size, first = series.value.size, series.place(event.day)
    last = size - 1 if event.until is None else series.place(event.until)
    place = np.arange(size)
    inside = (place >= first) & (place <= last)
    known = np.isfinite(series.value)
    with_it, without = int((inside & known).sum()), int((~inside & known).sum())
    if event.until is not None:
        if not with_it or first >= size or last < 0:
            return "not in the days shown"
        if with_it < DURING or without < EACH_SIDE:
            few, where, least = (with_it, "during it", DURING) if with_it < DURING else (
                without, "outside it", EACH_SIDE
            )  # fmt: skip
            return f"{_only(few)} {where}: at least {least} are needed"
        return inside.astype(np.float64)
    if first >= size or first < 0:
        return "not in the days shown"
    if min(with_it, without) < EACH_SIDE:
        few, where = (with_it, "since it") if with_it <= without else (without, "before it")
        return f"{_only(few)} {where}: at least {EACH_SIDE} are needed"
    return inside.astype(np.float64)


def _only(days: int) -> str:
    if not days:
        return "no day with a value"
    return f"only {days} day{'' if days == 1 else 's'} with a value"


def _change(metric: Metric, series: DailySeries, answer: Contrast, column: Floats, level: float) -> Change:
    """A coefficient in the unit of the metric.

    On a log scale the change in units is that between the two ends of the contrast, around the typical day.
    """
    if answer.estimate is None or answer.low is None or answer.high is None:
        return Change.absent(answer.reason or "no change can be computed")
    least = None
    if answer.se is not None and answer.se > 0:
        least = detectable_change(answer.se, answer.df, level)
    known = np.isfinite(series.value)
    reach = float(column.max() - column.min())
    if not series.log:
        change = Change(
            answer.estimate * reach,
            answer.low * reach,
            answer.high * reach,
            answer.p,
            METHOD,
            detectable=None if least is None else least * reach,
        )
    else:
        typical = math.exp(float(series.value[known].mean()))
        ends = (float(column.max() - column[known].mean()), float(column.min() - column[known].mean()))

        def units(number: float) -> float:
            return typical * (math.exp(number * ends[0]) - math.exp(number * ends[1]))

        relative = [math.expm1(number * reach) for number in (answer.estimate, answer.low, answer.high)]
        change = Change(
            units(answer.estimate),
            units(answer.low),
            units(answer.high),
            answer.p,
            f"{METHOD}, on a log scale",
            detectable=None if least is None else units(least),
            detectable_relative=None if least is None else math.expm1(least * reach),
            relative=relative[0],
            relative_low=relative[1],
            relative_high=relative[2],
        )
    clear = answer.p is not None and answer.p < chance(level)
    t = abs(answer.estimate) / answer.se if answer.se else None
    return replace(change, t=t, verdict=_verdict(metric, series, change, clear))


def _verdict(metric: Metric, series: DailySeries, change: Change, clear: bool) -> Verdict:
    """Better or worse only beyond chance and when it matters."""
    if change.change is None:
        return Verdict.TOO_FEW
    if not clear or not matters(metric, series, change):
        return Verdict.UNCLEAR
    if metric.better is Direction.NEUTRAL:
        return Verdict.CHANGED
    return Verdict.BETTER if change.change * metric.better.value > 0 else Verdict.WORSE


def matters(metric: Metric, series: DailySeries, change: Change) -> bool:
    """Whether a change is at least the smallest that matters."""
    if change.change is None:
        return False
    if not metric.relative_matters:
        return abs(change.change) >= metric.matters
    if change.relative is not None:
        return abs(math.log1p(max(change.relative, -0.999999))) >= math.log1p(metric.matters)
    known = series.value[np.isfinite(series.value)]
    return abs(change.change) >= metric.matters * abs(float(known.mean()))
