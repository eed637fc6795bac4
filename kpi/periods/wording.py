"""How dates and periods are written. English month names, whatever the locale of the machine."""

from __future__ import annotations

from datetime import date

from kpi.model import Period

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def day_words(day: date, *, short: bool = False, year: bool = True) -> str:
    """A day in words.

    >>> day_words(date(2026, 9, 1)), day_words(date(2026, 9, 1), short=True, year=False)
    ('1 September 2026', '1 Sep')
    """
    month = MONTHS[day.month - 1][:3] if short else MONTHS[day.month - 1]
    return f"{day.day} {month} {day.year}" if year else f"{day.day} {month}"


def span_words(start: date, end: date, *, short: bool = False, year: bool = True) -> str:
    """Days from start to end in words, saying month and year once where they are the same.

    >>> span_words(date(2026, 9, 1), date(2026, 9, 30)), span_words(date(2026, 9, 28), date(2026, 10, 4))
    ('1–30 September 2026', '28 September – 4 October 2026')
    >>> span_words(date(2026, 12, 28), date(2027, 1, 3)), span_words(date(2026, 9, 1), date(2026, 9, 1))
    ('28 December 2026 – 3 January 2027', '1 September 2026')
    """
    last = day_words(end, short=short, year=year)
    if start == end:
        return last
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{last}"
    return f"{day_words(start, short=short, year=year and start.year != end.year)} – {last}"


def describe(period: Period) -> str:
    """The days of a period in words, whatever its label.

    >>> describe(Period(date(2026, 9, 1), date(2026, 9, 30)))
    '1–30 September 2026'
    """
    return span_words(period.start, period.end)
