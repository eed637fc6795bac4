"""The period to compare with: the one before, the same last year, or any two days."""

from __future__ import annotations

from datetime import date, timedelta

from kpi.definitions import Definitions
from kpi.model import Period
from kpi.periods.kinds import (
    ONE_DAY,
    TO_DATE,
    UNITS,
    Kind,
    add_months,
    after,
    kind_of,
    unit_from,
    unit_name,
)
from kpi.periods.wording import describe, span_words

YEAR_OF_WEEKS = 364
"""Days in 52 weeks: a shift by it keeps every weekday in its place."""


def custom(start: date, end: date, definitions: Definitions | None = None) -> Period:
    """The days from ``start`` to ``end``, named after the calendar unit when they are exactly one.

    Raises:
        ValueError: when the end lies before the start.

    >>> custom(date(2026, 9, 1), date(2026, 9, 30)).label, custom(date(2026, 9, 1), date(2026, 9, 29)).label
    ('September 2026', '1–29 September 2026')
    """
    definitions = definitions or Definitions()
    period = Period(start, end)
    kind = kind_of(period, definitions)
    label = unit_name(start, kind, definitions) if kind in UNITS else describe(period)
    return Period(start, end, label, kind.value)


def previous(period: Period, definitions: Definitions | None = None) -> Period:
    """The period of the same kind just before.

    A week, month, quarter or year gives the one before, whatever its length. To-date periods give as many
    days from the start of the unit before (a year to date: up to the same date), cut at its end. All others
    give the same number of days immediately before.

    >>> previous(Period(date(2026, 3, 1), date(2026, 3, 31))).label
    'February 2026'
    >>> to_date = Period(date(2026, 11, 1), date(2026, 11, 12), kind=Kind.MONTH_TO_DATE.value)
    >>> previous(to_date).label, previous(Period(date(2026, 9, 4), date(2026, 9, 10))).label
    ('1–12 October 2026', '28 August – 3 September 2026')
    """
    definitions = definitions or Definitions()
    kind = kind_of(period, definitions)
    if kind in TO_DATE:
        unit = TO_DATE[kind]
        if unit is Kind.YEAR:
            return _same_date_a_year_before(period, kind, definitions)
        return _begun(after(period.start, unit, -1), period.days, kind, definitions)
    if kind in UNITS:
        return unit_from(after(period.start, kind, -1), kind, definitions)
    before = period.shifted(-period.days)
    return Period(before.start, before.end, _before_words(before, kind), _plain_kind(kind).value)


def same_last_year(period: Period, definitions: Definitions | None = None) -> Period:
    """The same period one year before.

    Months, quarters and years: the same one. ISO weeks: the week of the same number; a year without a week 53
    gives the week 52 weeks earlier. To-date periods: up to the same date. Days, rolling and custom periods:
    364 days earlier, so that the weekdays match. The label says so.

    >>> same_last_year(Period(date(2026, 9, 1), date(2026, 9, 30))).label
    'September 2025'
    >>> same_last_year(Period(date(2026, 9, 4), date(2026, 9, 10))).label
    '5–11 September 2025 (52 weeks earlier)'
    """
    definitions = definitions or Definitions()
    kind = kind_of(period, definitions)
    if kind in (Kind.MONTH, Kind.QUARTER, Kind.YEAR):
        return unit_from(add_months(period.start, -12), kind, definitions)
    if kind in (Kind.WEEK, Kind.WEEK_TO_DATE):
        return _same_week_last_year(period, kind, definitions)
    if kind in TO_DATE:
        return _same_date_a_year_before(period, kind, definitions)
    before = period.shifted(-YEAR_OF_WEEKS)
    label = f"{describe(before)} (52 weeks earlier)"
    return Period(before.start, before.end, label, _plain_kind(kind).value)


def _plain_kind(kind: Kind) -> Kind:
    """Days before "all data" are just days."""
    return Kind.CUSTOM if kind is Kind.ALL else kind


def _before_words(before: Period, kind: Kind) -> str:
    if kind is Kind.ROLLING:
        dates = span_words(before.start, before.end, short=True)
        return f"{before.days} days before ({dates})" if before.days > 1 else f"The day before ({dates})"
    return describe(before)


def _begun(start: date, days: int, kind: Kind, definitions: Definitions) -> Period:
    """The first days of the unit from ``start``; no more than it has; the label says when it is cut."""
    whole = unit_from(start, TO_DATE[kind], definitions)
    end = min(start + timedelta(days=days - 1), whole.end)
    cut = f" (the whole {TO_DATE[kind].value}: {whole.days} days)" if days > whole.days else ""
    return Period(start, end, span_words(start, end) + cut, kind.value)


def _same_date_a_year_before(period: Period, kind: Kind, definitions: Definitions) -> Period:
    start = add_months(period.start, -12)
    month = add_months(period.end.replace(day=1), -12)
    end = min(month.replace(day=1) + timedelta(days=period.end.day - 1), add_months(month, 1) - ONE_DAY)
    return _begun(start, (end - start).days + 1, kind, definitions)


def _same_week_last_year(period: Period, kind: Kind, definitions: Definitions) -> Period:
    year, week, weekday = period.start.isocalendar()
    start, note = period.start - timedelta(days=YEAR_OF_WEEKS), ""
    if weekday == 1:
        try:
            start = date.fromisocalendar(year - 1, week, 1)
        except ValueError:
            note = f" ({year - 1} has no week {week}: 52 weeks earlier)"
    if kind is Kind.WEEK_TO_DATE:
        before = _begun(start, period.days, kind, definitions)
    else:
        before = unit_from(start, Kind.WEEK, definitions)
    return Period(before.start, before.end, before.label + note, kind.value)
