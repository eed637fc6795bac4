"""Which days are looked at, how they are cut into points, and which of them are not final yet."""

from __future__ import annotations

from datetime import date, timedelta

from kpi import compare, periods
from kpi.facts import Facts
from kpi.maturity import still_maturing
from kpi.model import EPOCH, Filter, Metric, Period
from kpi.trend.nouns import TrendPoint

GRAINS = ("day", "week", "month")


def last_whole_day(facts: Facts) -> date:
    """The newest day that the data hold as a whole."""
    cut = 0 if facts.newest_day_whole or facts.last_day == facts.first_day else 1
    return EPOCH + timedelta(days=facts.last_day - cut)


def stretch(facts: Facts, period: Period | None, until: date | None) -> Period | str:
    """The days that lie both in the data and in what was asked for; a sentence when there are none."""
    first, last = EPOCH + timedelta(days=facts.first_day), last_whole_day(facts)
    start = first if period is None else max(first, period.start)
    end = min(day for day in (last, until, period.end if period else None) if day is not None)
    if end < start:
        return f"the data go from {first} to {last}: there is not a single day to look at"
    return Period(start, end)


def weeks_until(facts: Facts, weeks: int, until: date | None = None) -> Period:
    """So many whole weeks and the days of the week that has begun, as far as the data reach.

    >>> from types import SimpleNamespace
    >>> from kpi.definitions import Definitions
    >>> facts = SimpleNamespace(first_day=20000, last_day=20726, newest_day_whole=True,
    ...                         definitions=Definitions())
    >>> str(weeks_until(facts, 26))
    '2026-03-30 to 2026-09-30'
    """
    last = last_whole_day(facts)
    end = last if until is None else min(last, until)
    after = end + timedelta(days=1)
    begun = (after.weekday() - facts.definitions.first_weekday) % 7
    start = after - timedelta(days=begun + 7 * weeks)
    first = EPOCH + timedelta(days=facts.first_day)
    return Period(min(max(start, first), end), end)


def history(
    facts: Facts, metric: Metric, span: Period, grain: str, where: tuple[Filter, ...]
) -> tuple[TrendPoint, ...]:
    """Whole days, weeks or months of a stretch with their estimates.

    Raises:
        ValueError: for another grain.
    """
    if grain not in GRAINS:
        raise ValueError(f"'{grain}' is no grain of a trend; choose one of {', '.join(GRAINS)}")
    spans = periods.grid(span, grain, facts.definitions, partial="drop")
    estimates = compare.history(facts, metric, spans, where=where)
    not_final = still_maturing(facts, metric, spans)
    return tuple(
        TrendPoint(one, estimate, reason)
        for one, estimate, reason in zip(spans, estimates, not_final, strict=True)
    )
