"""The step of a daily series at a day: by itself, or of the gap to a series that the action did not touch."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from kpi.actions.nouns import FEWEST_AFTER, FEWEST_BEFORE, Effect
from kpi.stats import FEWEST_DAYS, daily_contrast, detectable_change
from kpi.trend.daily_series import DailySeries

Floats = NDArray[np.float64]
METHOD = "a step of the daily series, averaged over how persistent its noise may be (SN-GLS)"
GAP_METHOD = "difference in differences: a step of the daily gap between both segments (SN-GLS)"
DRIFTED = 0.05
"""A series that drifted before the action with a p below this gets a line beside the step."""


@dataclass(frozen=True)
class Refusal:
    """Why there is no verdict; ``early``: for want of days after the action, so that waiting helps."""

    reason: str
    early: bool = False
    missing: int = 0
    """Days with a value that are still needed."""


def gap_between(one: DailySeries, other: DailySeries) -> DailySeries:
    """One series minus another on the days on which both have a value; of logs, where they are logs."""
    return replace(one, value=one.value - other.value, n=np.minimum(one.n, other.n))


def counted(series: DailySeries, at: date) -> tuple[int, int]:
    """Days with a value before a day, and from it on."""
    known = np.isfinite(series.value)
    after = np.arange(series.value.size) >= series.place(at)
    return int((known & ~after).sum()), int((known & after).sum())


def step_at(
    series: DailySeries, at: date, level: float, *, typical: float | None = None, gap: bool = False
) -> Effect | Refusal:
    """The change of level from a day on.

    Parameters
        typical: the level before, in the unit of the metric; a series of logs is put into units by it.
        gap: the series is a gap to a control.
    """
    refusal = _refusal(series, at)
    if refusal is not None:
        return refusal
    place = np.arange(series.value.size)
    column = (place >= series.place(at)).astype(np.float64)
    line = (place - place.mean()) / max(place.size, 1)
    answer = daily_contrast(series.value, column, series.weekday, level=level)
    drift = _drifts(series, at, line)
    if drift:
        # One quiet series in twenty seems to drift, and its line, drawn on, would make a step where it ends:
        # of both answers the one that leaves more to chance holds.
        along = daily_contrast(series.value, column, series.weekday, level=level, beside=line[:, None])
        drift = along.p is None or answer.p is None or along.p >= answer.p
        answer = along if drift else answer
    if answer.estimate is None or answer.low is None or answer.high is None or answer.p is None:
        return Refusal(answer.reason or "no change can be computed")
    least = detectable_change(answer.se, answer.df, level) if answer.se else None
    method = GAP_METHOD if gap else METHOD
    if drift:
        method += ", with a straight line beside it"
    effect = Effect(
        answer.estimate, answer.low, answer.high, answer.p, least, answer.persistence, method, drift
    )
    return _as_share(effect, typical) if series.log else effect


def _refusal(series: DailySeries, at: date) -> Refusal | None:
    before, after = counted(series, at)
    if before < FEWEST_BEFORE:
        return Refusal(f"{_days(before)} before it: at least {FEWEST_BEFORE} are needed to judge against")
    if after < FEWEST_AFTER:
        missing = FEWEST_AFTER - after
        return Refusal(f"{_days(after)} since it: at least {FEWEST_AFTER} are needed", True, missing)
    if before + after < FEWEST_DAYS:
        missing = FEWEST_DAYS - before - after
        words = f"{_days(before + after)} in all: at least {FEWEST_DAYS} are needed to learn how days vary"
        return Refusal(words, True, missing)
    known = series.value[np.isfinite(series.value)]
    if float(np.ptp(known)) <= 1e-12 * max(1.0, float(np.abs(known).max())):
        return Refusal("every day has the same value: nothing varies, so there is nothing to judge")
    return None


def _days(number: int) -> str:
    if not number:
        return "no day has a value"
    return "only 1 day has a value" if number == 1 else f"only {number} days have a value"


def _drifts(series: DailySeries, at: date, line: Floats) -> bool:
    """Whether the series was already on its way before the action."""
    place = series.place(at)
    past = series.value[:place]
    if int(np.isfinite(past).sum()) < FEWEST_DAYS:
        return False
    answer = daily_contrast(past, line[:place], series.weekday[:place])
    return answer.p is not None and answer.p < DRIFTED


def _as_share(effect: Effect, typical: float | None) -> Effect:
    """A step of logs as a share of the level before, and in units of the metric by that level."""

    def share(step: float) -> float:
        return math.expm1(min(step, 50.0))

    unit = 1.0 if typical is None else typical
    least = None if effect.detectable is None else share(effect.detectable)
    return replace(
        effect,
        value=unit * share(effect.value),
        low=unit * share(effect.low),
        high=unit * share(effect.high),
        detectable=None if least is None else unit * least,
        method=f"{effect.method}, on a log scale",
        relative=share(effect.value),
        relative_low=share(effect.low),
        relative_high=share(effect.high),
        detectable_relative=least,
    )
