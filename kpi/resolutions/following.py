"""The values of a column followed day by day: contacts, time to the solution, share of satisfied answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from kpi import engine
from kpi.calendars import MISSING_DAY
from kpi.estimates import measured
from kpi.facts import NONE
from kpi.issues import ISSUE
from kpi.issues.sorting import UNNAMED
from kpi.measures import Cells, Share, Survival
from kpi.measures.series import daily_values
from kpi.model import EPOCH, Direction, Filter, Metric, Period, Unit
from kpi.resolutions.plain_steps import EACH_SIDE, WEEK, robust_t, weekdays_and_weeks
from kpi.resolutions.preparing import Kept, outcome

Floats = NDArray[np.float64]

RATE, TIME, RATING = "contacts", "time", "rating"
COUNTED_BY = {TIME: "timed", RATING: "rated"}
"""What is followed → flag of the contacts that count; of contacts themselves all do."""
FIELDS = (ISSUE, "product", "channel", "team")
"""Columns whose values can be followed."""
STILL_OPEN = 14
"""The newest days, of which contacts may still be open, are left out of times to the solution."""
MOST = 25
"""So many values, the most frequent ones, are followed."""
FEWEST_CONTACTS = 100
FEWEST_RATED = 150
ENOUGH_OTHERS = 3
"""So many other values make a level that no single one of them moves."""
ASIDE = 4.0
"""A value that stepped either way with a larger t (weeks, Newey & West) is no part of the others' level."""


@dataclass(frozen=True, eq=False)
class Followed:
    """One value in one respect, day by day; NaN on days without a value.

    Attributes:
        value: on the scale of steps: log(contacts + ½), log minutes, share of satisfied answers.
        raw: in units; n: contacts behind each day.
        others: how the other values moved together, on the same scale: the median of their distances from
            their own means. Zero where there are too few others, or where nothing makes one fall when others
            rise (times and ratings).
        better: the sign of a good step.
    """

    name: str
    what: str
    value: Floats
    raw: Floats
    n: Floats
    better: int
    others: Floats

    @property
    def scanned(self) -> Floats:
        """What steps are looked for in."""
        return self.value - self.others

    @property
    def held(self) -> bool:
        """Whether what moves all values is taken out of what is scanned."""
        return bool(np.nan_to_num(self.others).any())


def fields_of(kept: Kept) -> tuple[str, ...]:
    """Columns whose values can be followed."""
    dims = kept.table.dimensions
    return tuple(
        name
        for name in FIELDS
        if name in dims and len(dims[name].categories) > 1 and (name != ISSUE or kept.has_issue)
    )


def whole_days(kept: Kept) -> tuple[int, int]:
    """First and last whole day on which contacts came in."""
    days = kept.table.columns[kept.created.value]
    known = days[days != MISSING_DAY]
    last = int(known.max())
    if last == kept.facts.last_day and not kept.facts.newest_day_whole:
        last -= 1
    return int(known.min()), last


def as_day(day: int) -> date:
    """A day from its number since 1970-01-01."""
    return EPOCH + timedelta(days=int(day))


def follow(
    kept: Kept, field: str, where: tuple[Filter, ...], days: tuple[int, int]
) -> tuple[list[Followed], int]:
    """The most frequent values in all three respects, and how many have too few contacts to be followed."""
    span = Period(as_day(days[0]), as_day(days[1]))
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
    nothing = np.zeros(length)
    found: list[Followed] = []
    for code in often[:MOST]:
        mine = np.bincount(day[codes == code], minlength=length).astype(np.float64)
        raw = np.where(closed, np.nan, mine)
        found.append(Followed(names[code], RATE, np.log(raw + 0.5), raw, mine, -1, nothing))
    chosen = [names[code] for code in often[:MOST]]
    weekday = (np.arange(length) + days[0] + 3) % WEEK
    return [*_held(found, weekday), *_metric_series(kept, field, where, span, chosen)], few


def _held(series: Sequence[Followed], weekday: NDArray[np.int64]) -> list[Followed]:
    """The same with how the others moved: a quiet week of the whole desk is no drop of one of its issues.

    Values that clearly went a way of their own are left out of the others' level, the clearest first.
    """
    if len(series) < ENOUGH_OTHERS + 1:
        return list(series)
    table = np.array([one.value - np.log(np.nanmean(one.raw) + 0.5) for one in series])
    used = np.ones(len(series), np.bool_)
    while int(used.sum()) > ENOUGH_OTHERS + 1:
        t = [_own_way(table, used, place, weekday) if used[place] else 0.0 for place in range(len(series))]
        if max(t) <= ASIDE:
            break
        used[int(np.argmax(t))] = False
    return [replace(one, others=_level(table, used, place)) for place, one in enumerate(series)]


def _level(table: Floats, used: NDArray[np.bool_], place: int) -> Floats:
    """The median of the others that are used; 0 on days on which the desk is closed."""
    others = used.copy()
    others[place] = False
    rest = table[others]
    closed = np.isnan(rest).all(axis=0)
    level = np.zeros(table.shape[1])
    there = rest[:, ~closed]
    # Days are closed for all values alike, so there is hardly ever a gap left, and the plain median is quick.
    level[~closed] = (np.nanmedian if np.isnan(there).any() else np.median)(there, axis=0)
    return level


def _own_way(table: Floats, used: NDArray[np.bool_], place: int, weekday: NDArray[np.int64]) -> float:
    """The largest t of a step of one value against the others, either way."""
    gap = table[place] - _level(table, used, place)
    weeks, side = weekdays_and_weeks(gap, weekday)[1]
    return max(robust_t(weeks, sign, side) for sign in (1, -1))


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
) -> list[Followed]:
    """Median time to the solution, and the share of satisfied answers, by day of creation."""
    metrics = metrics_of(kept)
    if not metrics:
        return []
    result = measured(kept.facts, list(metrics.values()), span, by=(field,), where=where, parts=False)
    found = []
    for what, metric in metrics.items():
        by_value = {g.keys[0][1]: one for g, one in result[metric.key].items() if g.keys}
        counted = _counted(kept, field, COUNTED_BY[what], where, span)
        for name in names:
            one = by_value.get(name)
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
                value[-STILL_OPEN:] = np.nan
            if int(np.isfinite(value).sum()) < 2 * EACH_SIDE + 14:
                continue
            raw = np.exp(value) if daily.log else value
            n = counted[name].copy()
            if what == TIME:
                n[-STILL_OPEN:] = 0.0
            sign = -1 if what == TIME else 1
            found.append(Followed(name, what, value, raw, n, sign, np.zeros(value.size)))
    return found


def metrics_of(kept: Kept) -> dict[str, Metric]:
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


def _counted(kept: Kept, field: str, flag: str, where: tuple[Filter, ...], span: Period) -> dict[str, Floats]:
    """Contacts with a flag by day of creation, of every value of a column."""
    selection = engine.select(kept.table, kept.created, span, where=where)
    counts = kept.table.columns[flag][selection.rows] != 0
    dimension = kept.table.dimensions[field]
    place = dimension.codes[selection.rows][counts].astype(np.int64) * span.days
    place += selection.day[counts] - span.first_day
    size = len(dimension.categories) * span.days
    every = np.bincount(place, minlength=size).astype(np.float64).reshape(-1, span.days)
    return dict(zip(map(str, dimension.categories), every, strict=True))
