"""Days on a time axis: drawn alike in every time zone of a browser."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import altair as alt


def month_labels(months: Sequence[date]) -> str:
    """Vega expression: months by name, with the year at the first of each year that is labelled.

    >>> str(stamp(date(2026, 2, 1))) in month_labels([date(2025, 11, 1), date(2026, 2, 1)])
    True
    """
    first = {month.year: stamp(month) for month in reversed(months)}
    return (
        f"utcFormat(datum.value, '%b') + (indexof({sorted(first.values())}, time(datum.value)) >= 0"
        " ? utcFormat(datum.value, ' %Y') : '')"
    )


DAY = "utcFormat(datum.value, '%-d %b')"


def stamp(day: date) -> int:
    """Milliseconds since 1970 in UTC.

    >>> stamp(date(1970, 1, 2))
    86400000
    """
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)


def tick(day: date) -> alt.DateTime:
    """A place on the axis."""
    return alt.DateTime(year=day.year, month=day.month, date=day.day, utc=True)


def time_axis(first: date, last: date, most: int) -> alt.Axis:
    """Weeks up to 75 days, months beyond, so far apart that about ``most`` of them are labelled."""
    days = (last - first).days + 1
    if days < 75:
        values = [tick(first + timedelta(days=shift)) for shift in range(0, days, 7)]
        return alt.Axis(values=values, labelExpr=DAY, grid=False, ticks=False, labelFlush=False)
    number = first.year * 12 + first.month
    months = [date(n // 12, n % 12 + 1, 1) for n in range(number, number + days // 28 + 1)]
    step = 1 + len(months) // most
    return month_axis([month for month in months if first <= month <= last][::step])


def month_axis(months: Sequence[date]) -> alt.Axis:
    """An axis that is labelled at these months."""
    values = [tick(month) for month in months]
    return alt.Axis(values=values, labelExpr=month_labels(months), grid=False, ticks=False, labelFlush=False)
