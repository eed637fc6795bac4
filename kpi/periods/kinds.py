"""Kinds of period, and the calendar units (day, week, month, quarter, year) under the chosen settings."""

from __future__ import annotations

from datetime import date, timedelta
from enum import Enum

from kpi.definitions import Definitions
from kpi.model import EPOCH, Period
from kpi.periods.wording import MONTHS, day_words, span_words

ONE_DAY = timedelta(days=1)


class Kind(Enum):
    """What a period is. It decides which period comes before it."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    WEEK_TO_DATE = "week to date"
    MONTH_TO_DATE = "month to date"
    QUARTER_TO_DATE = "quarter to date"
    YEAR_TO_DATE = "year to date"
    ROLLING = "rolling"
    CUSTOM = "custom"
    ALL = "all"


UNITS: tuple[Kind, ...] = (Kind.DAY, Kind.WEEK, Kind.MONTH, Kind.QUARTER, Kind.YEAR)
TO_DATE: dict[Kind, Kind] = {
    Kind.WEEK_TO_DATE: Kind.WEEK,
    Kind.MONTH_TO_DATE: Kind.MONTH,
    Kind.QUARTER_TO_DATE: Kind.QUARTER,
    Kind.YEAR_TO_DATE: Kind.YEAR,
}
"""The unit that a to-date period is the beginning of."""


def as_date(day: int | date) -> date:
    """A date from days since 1970-01-01, or the date itself.

    >>> as_date(20454)
    datetime.date(2026, 1, 1)
    """
    return day if isinstance(day, date) else EPOCH + timedelta(days=int(day))


def add_months(first: date, months: int) -> date:
    """The first of the month that many months later.

    >>> add_months(date(2026, 1, 1), -2)
    datetime.date(2025, 11, 1)
    """
    count = first.year * 12 + first.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def _months_into_fiscal_year(day: date, definitions: Definitions) -> int:
    return (day.month - definitions.fiscal_year_start) % 12


def unit_start(day: date, unit: Kind, definitions: Definitions) -> date:
    """First day of the week, month, quarter or year that holds ``day``."""
    if unit is Kind.DAY:
        return day
    if unit is Kind.WEEK:
        return day - timedelta(days=(day.weekday() - definitions.first_weekday) % 7)
    first = day.replace(day=1)
    if unit is Kind.MONTH:
        return first
    into = _months_into_fiscal_year(day, definitions)
    return add_months(first, -(into % 3 if unit is Kind.QUARTER else into))


def after(start: date, unit: Kind, count: int = 1) -> date:
    """First day of the unit that many units after the one that begins at ``start``."""
    if unit in (Kind.DAY, Kind.WEEK):
        return start + count * timedelta(days=7 if unit is Kind.WEEK else 1)
    return add_months(start, count * {Kind.MONTH: 1, Kind.QUARTER: 3, Kind.YEAR: 12}[unit])


def unit_from(start: date, unit: Kind, definitions: Definitions) -> Period:
    """The unit that begins on that day, with its name."""
    end = after(start, unit) - ONE_DAY
    return Period(start, end, unit_name(start, unit, definitions), unit.value)


def unit_holding(day: date, unit: Kind, definitions: Definitions) -> Period:
    """The unit that holds the day, with its name.

    >>> unit_holding(date(2026, 9, 18), Kind.QUARTER, Definitions(fiscal_year_start=10)).label
    'FY2026 Q4'
    """
    return unit_from(unit_start(day, unit, definitions), unit, definitions)


def fiscal_year(day: date, definitions: Definitions) -> int:
    """Number of the fiscal year: the calendar year in which it ends."""
    if definitions.fiscal_year_start == 1:
        return day.year
    return day.year + (day.month >= definitions.fiscal_year_start)


def unit_name(start: date, unit: Kind, definitions: Definitions) -> str:
    """Name of the unit that begins on that day, unique among all periods.

    >>> usual = Definitions()
    >>> [unit_name(date(2026, 9, 14), unit, usual) for unit in (Kind.DAY, Kind.WEEK)]
    ['14 September 2026', 'Week 38, 2026 (14–20 Sep)']
    >>> [unit_name(date(2026, 7, 1), unit, usual) for unit in (Kind.MONTH, Kind.QUARTER)]
    ['July 2026', 'Q3 2026']
    """
    if unit is Kind.DAY:
        return day_words(start)
    if unit is Kind.WEEK:
        if start.weekday() == 0:
            year, week, _ = start.isocalendar()
            days = span_words(start, start + timedelta(days=6), short=True, year=False)
            return f"Week {week}, {year} ({days})"
        return f"Week of {day_words(start)}"
    if unit is Kind.MONTH:
        return f"{MONTHS[start.month - 1]} {start.year}"
    fiscal = definitions.fiscal_year_start != 1
    year_words = f"FY{fiscal_year(start, definitions)}" if fiscal else str(start.year)
    if unit is Kind.YEAR:
        return year_words
    quarter = _months_into_fiscal_year(start, definitions) // 3 + 1
    return f"{year_words} Q{quarter}" if fiscal else f"Q{quarter} {year_words}"


def kind_of(period: Period, definitions: Definitions) -> Kind:
    """What the period was asked as; where it does not say, the calendar unit that it is exactly, else custom.

    >>> kind_of(Period(date(2026, 7, 1), date(2026, 9, 30)), Definitions())
    <Kind.QUARTER: 'quarter'>
    >>> kind_of(Period(date(2026, 7, 2), date(2026, 9, 30)), Definitions())
    <Kind.CUSTOM: 'custom'>
    """
    if period.kind:
        return Kind(period.kind)
    for unit in reversed(UNITS):
        if unit_start(period.start, unit, definitions) == period.start and (
            after(period.start, unit) - ONE_DAY == period.end
        ):
            return unit
    return Kind.CUSTOM
