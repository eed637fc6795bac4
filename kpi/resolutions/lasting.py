"""Drops that lasted: an issue whose contacts, time to solution or dissatisfaction stepped down and stayed.

Every series is first looked at by plain least squares (days, and weeks, as if independent, which sees more
than the daily engine does); what could be a step is scanned by the daily engine
(:func:`kpi.stats.scan_steps`). The date was chosen because the step there is large, so its p-value is that of
the largest t of all dates: the engine calls 5 % of series without a step at t = 3.4, and the tail falls as t²
times that of one t (James, James & Siegmund 1987, Biometrika 74:71-83). All series are one family
(Benjamini-Hochberg); the size is told with the interval that allows for the choice (Benjamini & Yekutieli
2005).

A drop lasted when no later step and no newest stretch of days gave half of it back. Its control is what the
other issues did from the same day on (a difference in differences), those with a step of their own left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from scipy import special

from kpi import engine
from kpi.calendars import MISSING_DAY
from kpi.compare import histories
from kpi.estimates import measured
from kpi.facts import NONE
from kpi.issues import ISSUE
from kpi.issues.sorting import UNNAMED
from kpi.measures import Cells, Share, Survival
from kpi.measures.series import daily_values
from kpi.model import EPOCH, Direction, Estimate, Filter, Metric, Period, Unit
from kpi.periods import grid
from kpi.resolutions.counting import lacking
from kpi.resolutions.preparing import Kept, outcome
from kpi.stats import FEWEST_DAYS, benjamini_hochberg, daily_contrast, fcr_level, poisson_exact, scan_steps
from kpi.verdicts import chance

Floats = NDArray[np.float64]

RATE, TIME, RATING = "contacts", "time", "rating"
TIMED_BY = {RATE: "", TIME: "timed", RATING: "rated"}
"""What is followed → flag of the contacts that count."""
FIELDS = (ISSUE, "product", "channel", "team")
"""Columns whose values can be followed."""
EACH_SIDE = 28
"""Days that must lie before and after a drop."""
NEWEST = 28
"""The newest days, which must still be low."""
MOST = 25
"""So many values, the most frequent ones, are followed."""
WEEK = 7
FEWEST_CONTACTS = 100
FEWEST_RATED = 150
CUT, CUT_P = 3.4, 0.05
"""Beyond this t one series in twenty without a step has one. A series that is not beyond it by plain least
squares, of days or of weeks, is not scanned; its p is 1."""
MOST_STEPS = 4


@dataclass(frozen=True)
class Size:
    """A change of level with its interval, as a share of the level before (rating: in points of share)."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Drop:
    """One thing that stepped to the better and stayed there.

    Attributes:
        what: ``contacts``, ``time`` (to the solution) or ``rating`` (share of satisfied answers, which rose).
        day: most likely first day; low, high: the days between which it lies (95 %).
        size: against the level before; before, after: levels (contacts a day, minutes, share satisfied).
        n_before, n_after: contacts (answers, solved ones) behind the two levels; since: the day from which
            the level before is counted.
        p_adjusted: over every series that was looked at; level: of the intervals of the sizes, which allows
            for the choice.
        control: the change beyond what the other values did; None with a reason.
        own: it is beyond chance that this value fell more than the others; None without a control.
    """

    field: str
    value: str
    what: str
    day: date
    low: date
    high: date
    size: Size
    before: float
    after: float
    n_before: int
    n_after: int
    since: date
    until: date
    p_adjusted: float
    level: float
    control: Size | None
    control_reason: str
    own: bool | None


@dataclass(frozen=True)
class Lasting:
    """Drops, those beyond what the others did first, the strongest evidence first.

    Attributes:
        looked_at: series that were looked at; few: values with too few contacts to be followed.
        drops: with a control beyond chance, or without any; together: those where the others fell too.
        refused: why nothing can be followed.
    """

    field: str
    first: date | None
    last: date | None
    drops: tuple[Drop, ...]
    together: tuple[Drop, ...]
    looked_at: int
    few: int
    refused: str | None = None


@dataclass(frozen=True, eq=False)
class _Series:
    """One value in one respect, day by day.

    ``value`` on the scale that is scanned, ``raw`` in units, ``n`` contacts behind each day; better is the
    sign that a good step has.
    """

    value_name: str
    what: str
    value: Floats
    raw: Floats
    n: Floats
    better: int


def fields_of(kept: Kept) -> tuple[str, ...]:
    """Columns whose values can be followed."""
    dims = kept.table.dimensions
    return tuple(
        name
        for name in FIELDS
        if name in dims and len(dims[name].categories) > 1 and (name != ISSUE or kept.has_issue)
    )


def lasting(kept: Kept, field: str = ISSUE, *, where: tuple[Filter, ...] = ()) -> Lasting:
    """Drops of the values of a column over all data."""
    refused = lacking(kept, where) or _refusal(kept, field)
    if refused is not None:
        return Lasting(field, None, None, (), (), 0, 0, refused)
    first, last = _days(kept)
    if last - first + 1 < max(FEWEST_DAYS, 2 * EACH_SIDE + 14):
        least = 2 * EACH_SIDE + 14
        days = f"the data hold {last - first + 1} days: at least {least} are needed to see what lasted"
        return Lasting(field, _date(first), _date(last), (), (), 0, 0, days)
    series, few = _series(kept, field, where, (first, last))
    if not series:
        why = f"no value of the column has {FEWEST_CONTACTS} or more contacts"
        return Lasting(field, _date(first), _date(last), (), (), 0, few, why)
    weekday = (np.arange(last - first + 1) + first + 3) % 7
    found: list[tuple[_Series, _Found]] = []
    for one in series:
        step = _scanned(one, weekday)
        if step is not None:
            found.append((one, step))
    p = [each[1].p for each in found] + [1.0] * (len(series) - len(found))
    adjusted = benjamini_hochberg(p)[: len(found)]
    alpha = chance(kept.facts.definitions.confidence)
    real = [
        (one, step, q) for (one, step), q in zip(found, adjusted, strict=True) if q is not None and q < alpha
    ]
    level = fcr_level(len(real), len(series), alpha) if real else 0.95
    stepped = {one.value_name for one, _, _ in real if one.what == RATE}
    moving = stepped | _moving(series, weekday)
    drops = [_drop(field, one, step, q, series, moving, weekday, first, level) for one, step, q in real]
    drops.sort(key=lambda each: (each.p_adjusted, each.value, each.what))
    return Lasting(
        field,
        _date(first),
        _date(last),
        tuple(each for each in drops if each.own is not False),
        tuple(each for each in drops if each.own is False),
        len(series),
        few,
    )


def _refusal(kept: Kept, field: str) -> str | None:
    if field == ISSUE and not kept.has_issue:
        return "no column names the issue of a contact: a column such as category or reason would help"
    if field not in kept.table.dimensions:
        return f"there is no column '{field}'"
    days = kept.table.columns.get(kept.created.value)
    if days is None or not bool((days != MISSING_DAY).any()):
        return "no contact has a date, so nothing can be followed: a column such as created at would help"
    return None


def _days(kept: Kept) -> tuple[int, int]:
    """First and last whole day on which contacts came in."""
    days = kept.table.columns[kept.created.value]
    known = days[days != MISSING_DAY]
    last = int(known.max())
    if last == kept.facts.last_day and not kept.facts.newest_day_whole:
        last -= 1
    return int(known.min()), last


def _date(day: int) -> date:
    return EPOCH + timedelta(days=int(day))


# ---------------------------------------------------------------- the series


def _series(
    kept: Kept, field: str, where: tuple[Filter, ...], days: tuple[int, int]
) -> tuple[list[_Series], int]:
    """Contacts a day, time to the solution and share of satisfied answers of the most frequent values."""
    span = Period(_date(days[0]), _date(days[1]))
    table = kept.table
    selection = engine.select(table, kept.created, span, where=where)
    dimension = table.dimensions[field]
    names = [str(name) for name in dimension.categories]
    codes = dimension.codes[selection.rows].astype(np.int64)
    day = selection.day.astype(np.int64) - days[0]
    length = days[1] - days[0] + 1
    counts = np.bincount(codes, minlength=len(names))
    often = [
        code
        for code in np.argsort(-counts, kind="stable").tolist()
        if counts[code] >= FEWEST_CONTACTS and names[code] not in (*UNNAMED, NONE)
    ]
    few = int(((counts > 0) & (counts < FEWEST_CONTACTS)).sum()) + max(0, len(often) - MOST)
    closed = _closed(selection.day.astype(np.int64), days)
    found: list[_Series] = []
    for code in often[:MOST]:
        mine = np.bincount(day[codes == code], minlength=length).astype(np.float64)
        raw = np.where(closed, np.nan, mine)
        found.append(_Series(names[code], RATE, np.log(raw + 0.5), raw, mine, -1))
    chosen = [names[code] for code in often[:MOST]]
    found += _metric_series(kept, field, where, span, chosen)
    return found, few


def _closed(day: NDArray[np.int64], days: tuple[int, int]) -> NDArray[np.bool_]:
    """Days on which the desk is closed (a weekday without contacts) or of which the data hold nothing."""
    length = days[1] - days[0] + 1
    held = np.bincount(day - days[0], minlength=length) > 0
    weekday = (np.arange(length) + days[0] + 3) % 7
    rare = np.array(
        [held[weekday == each].mean() < 0.05 if (weekday == each).any() else True for each in range(7)]
    )
    gone: NDArray[np.bool_] = rare[weekday].copy()
    edges = np.flatnonzero(np.diff(np.concatenate([[True], held, [True]]).astype(np.int8)))
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if end - start >= 7:
            gone[start:end] = True
    return gone


def _metric_series(
    kept: Kept, field: str, where: tuple[Filter, ...], span: Period, names: Sequence[str]
) -> list[_Series]:
    """Median time to the solution, and the share of satisfied answers, by day of creation."""
    metrics = _metrics(kept)
    if not metrics:
        return []
    result = measured(kept.facts, list(metrics.values()), span, by=(field,), where=where, parts=False)
    found = []
    for what, metric in metrics.items():
        for name in names:
            one = next((r for g, r in result[metric.key].items() if g.keys and g.keys[0][1] == name), None)
            if one is None or one.statistics is None:
                continue
            if (
                what == RATING
                and isinstance(one.statistics, Cells)
                and one.statistics.total("n") < FEWEST_RATED
            ):
                continue
            daily = daily_values(metric.measure, one.statistics, span.first_day, span.last_day)
            value = np.array(daily.value, dtype=np.float64)
            if what == TIME:
                value[-NEWEST // 2 :] = np.nan  # the newest contacts may still be open
            if int(np.isfinite(value).sum()) < 2 * EACH_SIDE + 14:
                continue
            raw = np.exp(value) if daily.log else value
            n = _counted(kept, field, name, TIMED_BY[what], where, span)
            if what == TIME:
                n[-NEWEST // 2 :] = 0.0
            found.append(_Series(name, what, value, raw, n, -1 if what == TIME else 1))
    return found


def _metrics(kept: Kept) -> dict[str, Metric]:
    """Time to the solution and share of satisfied answers, by day of creation."""
    metrics: dict[str, Metric] = {}
    if "ttr_counts" in kept.table.columns:
        base = replace(outcome(kept, "quick"), basis=kept.created, unit=Unit.MINUTES, better=Direction.DOWN)
        measure = Survival("ttr_min", "ttr_ended", 0.5, "ttr_counts")
        metrics[TIME] = replace(base, key="lasting_time", name="Time to solution", measure=measure)
    if "rated" in kept.table.columns:
        metrics[RATING] = replace(
            outcome(kept, "happy"), key="lasting_rating", measure=Share("happy", "rated"), basis=kept.created
        )
    return metrics


def _counted(
    kept: Kept, field: str, value: str, flag: str, where: tuple[Filter, ...], span: Period
) -> Floats:
    """Contacts with a flag by day of creation."""
    own = (*where, Filter(field, (value,)))
    selection = engine.select(kept.table, kept.created, span, where=own)
    counts = kept.table.columns[flag][selection.rows] != 0
    found = np.bincount(selection.day[counts] - span.first_day, minlength=span.days)
    return found.astype(np.float64)


# ---------------------------------------------------------------- the scan


@dataclass(frozen=True)
class _Found:
    """A step to the better that stayed: places in the series, and its p over all dates."""

    at: int
    low: int
    high: int
    p: float
    since: int
    others: tuple[int, ...]


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


def _scanned(one: _Series, weekday: NDArray[np.int64]) -> _Found | None:
    """The step to the better with the largest t that stayed; None when there is none."""
    if min(plain_t(each, one.better, side) for each, side in _plain(one.value, weekday)) < CUT:
        return None
    steps = scan_steps(one.value, weekday, cut=CUT, margin=EACH_SIDE, most=MOST_STEPS)
    df = max(1.0, float(np.isfinite(one.value).sum()) - 9)
    best: _Found | None = None
    largest = 0.0
    for place, step in enumerate(steps):
        if step.size * one.better <= 0 or step.t <= largest:
            continue
        rest = sum(later.size for later in steps[place:])
        if rest * one.better < abs(step.size) / 2:
            continue
        since = steps[place - 1].at if place else 0
        if not _still(one, weekday, step.at, since):
            continue
        largest = step.t
        others = tuple(other.at for other in steps if other is not step)
        best = _Found(step.at, step.low, step.high, scan_p(step.t, df), since, others)
    return best


def _still(one: _Series, weekday: NDArray[np.int64], at: int, since: int) -> bool:
    """Whether the newest days keep at least half of the step."""
    adjusted = _without_weekday(one.value, weekday)
    before, after, newest = (
        float(np.nanmean(part)) if np.isfinite(part).any() else np.nan
        for part in (adjusted[since:at], adjusted[at:], adjusted[max(at, adjusted.size - NEWEST) :])
    )
    if not np.isfinite([before, after, newest]).all():
        return False
    return (newest - before) * one.better >= (after - before) * one.better / 2


def _plain(value: Floats, weekday: NDArray[np.int64]) -> tuple[tuple[Floats, int], tuple[Floats, int]]:
    """The days without their weekdays, and the means of weeks, each with how many must lie on either side."""
    adjusted = _without_weekday(value, weekday)
    whole = adjusted[adjusted.size % WEEK :].reshape(-1, WEEK)
    known = np.isfinite(whole).sum(axis=1)
    sums = np.nansum(whole, axis=1)
    weeks = np.where(known >= 3, sums / np.maximum(known, 1), np.nan)
    return (adjusted, EACH_SIDE), (weeks, EACH_SIDE // WEEK)


def plain_t(value: Floats, better: int, side: int) -> float:
    """The largest t of a step to the better by least squares, values as if independent.

    ``side`` values at least must lie before and after it; 0.0 where there are too few.

    >>> round(plain_t(np.array([3.0, 2, 3, 2, 1, 0, 1, 0]), -1, 2), 2)
    4.9
    """
    known = np.isfinite(value)
    n = int(known.sum())
    if n < 2 * side + 2:
        return 0.0
    filled = np.where(known, value, 0.0)
    k, total, squares = np.cumsum(known), np.cumsum(filled), float((filled**2).sum())
    cut = np.arange(side, value.size - side + 1) - 1
    n1 = k[cut].astype(np.float64)
    n2 = n - n1
    usable = (n1 >= side / 2) & (n2 >= side / 2)
    if not usable.any():
        return 0.0
    n1, n2, s1 = n1[usable], n2[usable], total[cut][usable]
    s2 = total[-1] - s1
    inside = squares - s1**2 / n1 - s2**2 / n2
    se = np.sqrt(np.maximum(inside, 1e-12) / max(n - 2, 1) * (1 / n1 + 1 / n2))
    return float((better * (s2 / n2 - s1 / n1) / se).max())


def _without_weekday(value: Floats, weekday: NDArray[np.int64]) -> Floats:
    adjusted = value.copy()
    for each in range(7):
        mine = weekday == each
        if np.isfinite(value[mine]).any():
            adjusted[mine] -= np.nanmean(value[mine])
    return adjusted


# ---------------------------------------------------------------- size and control


def _moving(series: Sequence[_Series], weekday: NDArray[np.int64]) -> set[str]:
    """Values whose own contacts moved either way by plain least squares, clearly: no control for others."""
    return {
        one.value_name
        for one in series
        if one.what == RATE
        and max(plain_t(_without_weekday(one.value, weekday), sign, EACH_SIDE) for sign in (1, -1)) > 2 * CUT
    }


def _drop(
    field: str,
    one: _Series,
    step: _Found,
    q: float,
    series: Sequence[_Series],
    moving: set[str],
    weekday: NDArray[np.int64],
    first: int,
    level: float,
) -> Drop:
    others = [
        each
        for each in series
        if each.what == one.what and each.value_name != one.value_name and each.value_name not in moving
    ]
    step = _dated(one, others, step, weekday)
    column = (np.arange(one.value.size) >= step.at).astype(np.float64)
    beside = _beside(step.others, one.value.size)
    before = _mean(one, slice(step.since, step.at))
    after = _mean(one, slice(step.at, None))
    size = _size(one, one.raw if one.what != TIME else one.value, column, weekday, beside, before, level)
    control, reason = _control(one, others, column, step, weekday, beside, before, level)
    own = None if control is None else (control.high < 0 if one.better < 0 else control.low > 0)
    return Drop(
        field, one.value_name, one.what,
        _date(first + step.at), _date(first + step.low), _date(first + step.high),
        size or Size(after / before - 1 if before else 0.0, -1.0, 0.0),
        before, after,
        round(float(np.nansum(one.n[step.since : step.at]))), round(float(np.nansum(one.n[step.at :]))),
        _date(first + step.since), _date(first + int(np.flatnonzero(np.isfinite(one.value))[-1])), q, level,
        control, reason, own,
    )  # fmt: skip


def _dated(one: _Series, others: Sequence[_Series], step: _Found, weekday: NDArray[np.int64]) -> _Found:
    """The same step, dated by the gap to the others where that finds it too: what moves all is out of it."""
    if not others:
        return step
    if one.what == RATE:
        gap = one.value - np.log(np.nansum([each.raw for each in others], axis=0) + 0.5)
    else:
        gap = one.value - _level_of(others)
    near = [
        each
        for each in scan_steps(gap, weekday, cut=CUT, margin=EACH_SIDE, most=2)
        if each.size * one.better > 0 and step.low <= each.at <= step.high
    ]
    if not near:
        return step
    best = max(near, key=lambda each: each.t)
    return replace(step, at=best.at, low=best.low, high=best.high)


def _level_of(others: Sequence[_Series]) -> Floats:
    """The mean of other values by day, each counting as its contacts; NaN on days without any."""
    table = np.array([each.value for each in others])
    weight = np.array([each.n for each in others]) * np.isfinite(table)
    total = weight.sum(axis=0)
    sums = np.nansum(table * weight, axis=0)
    found: Floats = np.where(total > 0, sums / np.where(total > 0, total, 1.0), np.nan)
    return found


def _beside(others: Sequence[int], size: int) -> Floats | None:
    if not others:
        return None
    return np.column_stack([(np.arange(size) >= at).astype(np.float64) for at in others])


def _mean(one: _Series, part: slice) -> float:
    """Level of a stretch: mean a day, typical median time, share of all answers."""
    if one.what == RATE:
        return float(np.nanmean(one.raw[part]))
    known = np.isfinite(one.value[part]) & (one.n[part] > 0)
    weight = one.n[part][known]
    if not weight.size:
        return 0.0
    mean = float((one.value[part][known] * weight).sum() / weight.sum())
    return float(np.exp(mean)) if one.what == TIME else mean


def _size(
    one: _Series,
    values: Floats,
    column: Floats,
    weekday: NDArray[np.int64],
    beside: Floats | None,
    before: float,
    level: float,
) -> Size | None:
    """The step at the day: a share of the level before, of ratings in points of share."""
    answer = daily_contrast(values, column, weekday, level=level, beside=beside)
    if answer.estimate is None and beside is not None:
        answer = daily_contrast(values, column, weekday, level=level)
    if answer.estimate is None or answer.low is None or answer.high is None:
        return None
    ends = (answer.estimate, answer.low, answer.high)
    if one.what == RATE:
        if before <= 0:
            return None
        ends = tuple(max(-1.0, each / before) for each in ends)  # type: ignore[assignment]
    elif one.what == TIME:
        ends = tuple(float(np.expm1(each)) for each in ends)  # type: ignore[assignment]
    return Size(*ends)


def _control(
    one: _Series,
    others: Sequence[_Series],
    column: Floats,
    step: _Found,
    weekday: NDArray[np.int64],
    beside: Floats | None,
    before: float,
    level: float,
) -> tuple[Size | None, str]:
    """The step of the gap to the other values: what this one moved beyond them."""
    if not others:
        return None, "there is no other value to hold it against that stayed as it was"
    if one.what == RATE:
        rest = np.nansum([each.raw for each in others], axis=0)
        scale = float(np.nanmean(rest[step.since : step.at]))
        if scale <= 0:
            return None, "the other values have no contacts before it"
        gap = one.raw - before / scale * rest
    else:
        gap = one.value - _level_of(others)
    found = _size(one, gap, column, weekday, beside, before, level)
    return (None, "the gap to the others cannot be computed") if found is None else (found, "")


# ---------------------------------------------------------------- week by week


@dataclass(frozen=True)
class Weeks:
    """A drop week by week: the value itself, and the others as they would be at its level before.

    ``others`` is empty where they cannot be put on the same scale.
    """

    spans: tuple[Period, ...]
    own: tuple[Estimate, ...]
    others: tuple[Estimate, ...]
    unit: Unit


def weeks(kept: Kept, drop: Drop, *, where: tuple[Filter, ...] = ()) -> Weeks:
    """The whole weeks of a drop, from the year before it on."""
    first = max(drop.since, drop.day - timedelta(days=364))
    spans = tuple(grid(Period(first, drop.until), "week", kept.facts.definitions, partial="drop"))
    own = (*where, Filter(drop.field, (drop.value,)))
    if drop.what != RATE:
        metric = _metrics(kept)[drop.what]
        (found,) = histories(kept.facts, (metric,), spans, where=own).values()
        return Weeks(spans, found, (), metric.unit)
    level = kept.facts.definitions.confidence
    mine = engine.select(kept.table, kept.created, None, where=own).day
    every = engine.select(kept.table, kept.created, None, where=where).day
    counts = [_within(mine, span) for span in spans]
    rest = [_within(every, span) - count for span, count in zip(spans, counts, strict=True)]
    before = [place for place, span in enumerate(spans) if span.end < drop.day]
    scale = sum(counts[at] for at in before) / max(1, sum(rest[at] for at in before))
    estimates = [
        Estimate(n / span.days, n, *poisson_exact(n, span.days, level), method="exact Poisson")
        for n, span in zip(counts, spans, strict=True)
    ]
    others = [Estimate(scale * n / span.days, n) for n, span in zip(rest, spans, strict=True)]
    return Weeks(spans, tuple(estimates), tuple(others) if before else (), Unit.PER_DAY)


def _within(day: NDArray[np.int32], span: Period) -> int:
    low, high = np.searchsorted(day, [span.first_day, span.last_day + 1])
    return int(high - low)
