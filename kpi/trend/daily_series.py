"""A metric day by day, as the daily engine takes it: days that cannot speak are left out, and said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from kpi.calendars import MISSING_DAY
from kpi.estimates import measured
from kpi.facts import Facts
from kpi.maturity import still_maturing
from kpi.measures import Rate
from kpi.measures.series import daily_values
from kpi.model import EPOCH, Basis, Filter, Grain, Group, Metric, Period

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]

GAP = 7
"""So many days on end without a single row of any kind are missing data and no quiet days."""
CLOSED = 0.05
"""A weekday with a case in fewer than this share of its weeks is a day on which the desk is closed."""


@dataclass(frozen=True)
class DailySeries:
    """Values by day, NaN where there is none.

    Attributes:
        first: the first day.
        value: float64[T], on a log scale where ``log``.
        n: float64[T], what each day rests on.
        notes: what was left out and why.
    """

    first: date
    value: Floats
    n: Floats
    log: bool
    notes: tuple[str, ...]

    @property
    def weekday(self) -> Longs:
        """0 Monday to 6 Sunday."""
        return (np.arange(self.value.size, dtype=np.int64) + self.first.weekday()) % 7

    @property
    def known(self) -> int:
        """Days with a value."""
        return int(np.isfinite(self.value).sum())

    def since(self, day: date) -> DailySeries:
        """The days from one on."""
        at = min(max(self.place(day), 0), self.value.size - 1)
        return replace(self, first=self.day(at), value=self.value[at:], n=self.n[at:])

    def place(self, day: date) -> int:
        """Position of a day; negative or beyond the end where it lies outside."""
        return (day - self.first).days

    def day(self, place: int) -> date:
        """The day at a position."""
        return self.first + timedelta(days=int(place))


def daily_series(facts: Facts, metric: Metric, span: Period, where: tuple[Filter, ...]) -> DailySeries | str:
    """The series, or a sentence saying why there is none."""
    if metric.grain is Grain.CUSTOMERS or metric.basis is Basis.LISTED:
        return "a customer list has no value for each day"
    result = measured(facts, [metric], span, where=where, parts=False)[metric.key]
    one = result.get(Group())
    if one is None or one.statistics is None:
        return (one.estimate.reason if one else None) or "there is no value at all in these days"
    found = daily_values(metric.measure, one.statistics, span.first_day, span.last_day)
    value = np.array(found.value, dtype=np.float64)
    notes: list[str] = []
    table = facts.tables[metric.grain]
    counted = isinstance(metric.measure, Rate) and metric.basis.value in table.columns
    if counted:
        _mask_gaps(value, table.columns[metric.basis.value], span, notes)
        _mask_closed(value, np.asarray(found.n, dtype=np.float64), span, notes)
    days = [Period(day, day) for day in _days(span)]
    open_ended = [place for place, reason in enumerate(still_maturing(facts, metric, days)) if reason]
    gone = [place for place in open_ended if np.isfinite(value[place])]
    if gone:
        value[gone] = np.nan
        (reason,) = still_maturing(facts, metric, [Period(days[gone[0]].start, days[gone[-1]].end)])
        notes.append(f"{_counted(len(gone))} left out of trend and limits as not final: {reason}")
    return DailySeries(
        span.start, value, np.asarray(found.n, dtype=np.float64), bool(found.log), tuple(notes)
    )


def _days(span: Period) -> Sequence[date]:
    return [span.start + timedelta(days=shift) for shift in range(span.days)]


def _counted(days: int) -> str:
    return f"{days:,} day{'' if days == 1 else 's'}"


def _mask_gaps(value: Floats, rows: NDArray[np.int32], span: Period, notes: list[str]) -> None:
    """Stretches without any row at all are days without data, not days without cases."""
    inside = rows[(rows != MISSING_DAY) & (rows >= span.first_day) & (rows <= span.last_day)]
    held = np.bincount(inside - span.first_day, minlength=span.days) > 0
    edges = np.flatnonzero(np.diff(np.concatenate([[True], held, [True]]).astype(np.int8)))
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if end - start >= GAP and np.isfinite(value[start:end]).any():
            value[start:end] = np.nan
            first, last = (EPOCH + timedelta(days=span.first_day + at) for at in (start, end - 1))
            notes.append(f"no rows at all from {first} to {last}: taken as missing data, not as quiet days")


def _mask_closed(value: Floats, n: Floats, span: Period, notes: list[str]) -> None:
    """Weekdays on which nothing ever happens say nothing about a trend."""
    weekday = (np.arange(value.size) + span.start.weekday()) % 7
    names = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
    closed = []
    for number, name in enumerate(names):
        held = (weekday == number) & np.isfinite(value)
        if held.sum() >= 2 and (n[held] > 0).mean() < CLOSED:
            closed.append((name, held))
    if not closed or len(closed) == len(names):
        return
    for _, held in closed:
        value[held] = np.nan
    notes.append(f"{' and '.join(name for name, _ in closed)} left out: nothing comes in on them")
