"""Steps to the better that stayed: the scan, its p over all dates, size, and what the others did.

The date was chosen because the step there is large, so its p-value is that of the largest t of all dates: the
daily engine calls 5 % of series without a step at t = 3.4, and the tail falls as t² times that of one t
(James, James & Siegmund 1987, Biometrika 74:71-83).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from kpi.resolutions.following import RATE, RATING, TIME, Followed
from kpi.resolutions.plain_steps import (
    EACH_SIDE,
    WEEK,
    plain_t,
    robust_t,
    weekdays_and_weeks,
    without_weekday,
)
from kpi.stats import daily_contrast, scan_steps

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]

NEWEST = 28
"""The newest days, which must still keep half of the step."""
CUT, CUT_P = 3.4, 0.05
"""Beyond this t one series in twenty without a step has one."""
MOST_STEPS = 3
ALIKE = 2.5 * 1.4826
"""Others within so many median distances from their median moved like the rest and are a control."""
LEAST_ALIKE = {RATE: 0.15, TIME: 0.15}
LEAST_ALIKE_RATING = 0.03


@dataclass(frozen=True)
class Size:
    """A change of level with its interval, as a share of the level before (rating: in points of share)."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Stepped:
    """A step to the better that stayed: places in the series, and its p over all dates.

    ``since`` is the place from which the level before is counted.
    """

    at: int
    low: int
    high: int
    p: float
    since: int


def scan_p(t: float, df: float) -> float:
    """p of the largest t of all dates, from the engine's 5 % at t = 3.4.

    >>> round(scan_p(3.4, 500), 4), scan_p(4.7, 500) < 0.001
    (0.05, True)
    """
    if t <= 0:
        return 1.0
    tail = float(special.stdtr(df, -t)) * t * t
    anchor = float(special.stdtr(df, -CUT)) * CUT * CUT
    return min(1.0, CUT_P * tail / anchor) if t >= 2 else 1.0


def bound_of(one: Followed, weekday: Longs) -> float:
    """The smallest p that the scan can give: by plain least squares, which takes days for more alike than
    they are."""
    t = min(plain_t(each, one.better, side) for each, side in weekdays_and_weeks(one.scanned, weekday))
    t = min(t, robust_t(weekdays_and_weeks(one.scanned, weekday)[1][0], one.better, EACH_SIDE // WEEK))
    return 1.0 if t < CUT else scan_p(t, float(np.isfinite(one.scanned).sum()))


def stepped(one: Followed, weekday: Longs) -> Stepped | None:
    """The step to the better with the largest t that stayed; None when there is none."""
    scanned = one.scanned
    steps = scan_steps(scanned, weekday, cut=CUT, margin=EACH_SIDE, most=1)
    if steps and steps[0].size * one.better <= 0:
        # The largest step went the wrong way; a good one may stand beside it.
        steps = scan_steps(scanned, weekday, cut=CUT, margin=EACH_SIDE, most=MOST_STEPS)
    df = max(1.0, float(np.isfinite(scanned).sum()) - 9)
    best: Stepped | None = None
    largest = 0.0
    for place, step in enumerate(steps):
        if step.size * one.better <= 0 or step.t <= largest:
            continue
        rest = sum(later.size for later in steps[place:])
        if rest * one.better < abs(step.size) / 2:
            continue
        since = steps[place - 1].at if place else 0
        # It must have moved itself, and not only against others that moved the other way.
        if not all(_still(each, one.better, weekday, step.at, since) for each in (scanned, one.value)):
            continue
        largest = step.t
        best = Stepped(step.at, step.low, step.high, scan_p(step.t, df), since)
    return best


def _still(value: Floats, better: int, weekday: Longs, at: int, since: int) -> bool:
    """Whether the days since are better, and the newest ones keep at least half of the step."""
    adjusted = without_weekday(value, weekday)
    before, after, newest = (
        float(np.nanmean(part)) if np.isfinite(part).any() else np.nan
        for part in (adjusted[since:at], adjusted[at:], adjusted[max(at, adjusted.size - NEWEST) :])
    )
    if not np.isfinite([before, after, newest]).all():
        return False
    return (after - before) * better > 0 and (newest - before) * better >= (after - before) * better / 2


# ---------------------------------------------------------------- size and control


def column_of(one: Followed, step: Stepped) -> Floats:
    """1 from the step on."""
    return (np.arange(one.value.size) >= step.at).astype(np.float64)


def level_of(one: Followed, part: slice) -> float:
    """Level of a stretch: mean a day, typical median time, share of all answers."""
    if one.what == RATE:
        counted = one.raw[part][np.isfinite(one.raw[part])]
        return float(counted.mean()) if counted.size else 0.0
    known = np.isfinite(one.value[part]) & (one.n[part] > 0)
    weight = one.n[part][known]
    if not weight.size:
        return 0.0
    mean = float((one.value[part][known] * weight).sum() / weight.sum())
    return float(np.exp(mean)) if one.what == TIME else mean


def size_of(one: Followed, step: Stepped, weekday: Longs, level: float) -> Size | None:
    """The level since against the level before, whatever the others did.

    The value is that of the two levels that are shown; the interval is that of the step in the daily series,
    wide enough for both.
    """
    fitted = _size(one, one.value if one.what == TIME else one.raw, step, weekday, level)
    before, after = (level_of(one, part) for part in (slice(step.since, step.at), slice(step.at, None)))
    if fitted is None or before <= 0:
        return None
    value = after - before if one.what == RATING else after / before - 1
    moved = value - fitted.value
    low, high = min(fitted.low, fitted.low + moved), max(fitted.high, fitted.high + moved)
    return Size(value, max(-1.0, low), high)


def control_of(
    one: Followed, others: Sequence[Followed], step: Stepped, weekday: Longs, level: float
) -> tuple[Size | None, int]:
    """What it moved beyond the others that stayed together, and how many those are."""
    chosen = _alike(one, others, step)
    if not chosen:
        return None, 0
    if one.what == RATE:
        rest = np.nansum([each.raw for each in chosen], axis=0)
        before = level_of(one, slice(step.since, step.at))
        scale = float(np.nanmean(rest[step.since : step.at]))
        if scale <= 0:
            return None, len(chosen)
        gap = one.raw - before / scale * rest
    else:
        gap = one.value - _mean_of(chosen)
    return _size(one, gap, step, weekday, level), len(chosen)


def _alike(one: Followed, others: Sequence[Followed], step: Stepped) -> list[Followed]:
    """Others that moved together at that day; those that went a way of their own say nothing here."""
    candidates, moves = [], []
    for each in others:
        before, after = (level_of(each, part) for part in (slice(step.since, step.at), slice(step.at, None)))
        if one.what in LEAST_ALIKE and (before <= 0 or after <= 0):
            continue
        candidates.append(each)
        moves.append(np.log(after / before) if one.what in LEAST_ALIKE else after - before)
    if not candidates:
        return []
    away = np.abs(np.array(moves) - np.median(moves))
    limit = max(ALIKE * float(np.median(away)), LEAST_ALIKE.get(one.what, LEAST_ALIKE_RATING))
    return [each for each, far in zip(candidates, away.tolist(), strict=True) if far <= limit]


def _mean_of(others: Sequence[Followed]) -> Floats:
    """The mean of other values by day, each counting as its contacts; NaN on days without any."""
    table = np.array([each.value for each in others])
    weight = np.array([each.n for each in others]) * np.isfinite(table)
    total = weight.sum(axis=0)
    sums = np.nansum(table * weight, axis=0)
    found: Floats = np.where(total > 0, sums / np.where(total > 0, total, 1.0), np.nan)
    return found


def _size(one: Followed, values: Floats, step: Stepped, weekday: Longs, level: float) -> Size | None:
    """The step over the days from ``since`` on: a share of the level before, of ratings in points."""
    part = slice(step.since, None)
    answer = daily_contrast(values[part], column_of(one, step)[part], weekday[part], level=level)
    if answer.estimate is None or answer.low is None or answer.high is None:
        return None
    ends = [answer.estimate, answer.low, answer.high]
    if one.what == RATE:
        before = level_of(one, slice(step.since, step.at))
        if before <= 0:
            return None
        ends = [max(-1.0, each / before) for each in ends]
    elif one.what == TIME:
        ends = [float(np.expm1(each)) for each in ends]
    return Size(ends[0], ends[1], ends[2])
