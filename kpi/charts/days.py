"""Days on a time axis: drawn alike in every time zone of a browser."""

from __future__ import annotations

from datetime import UTC, date, datetime

import altair as alt

MONTH = (
    "utcFormat(datum.value, '%b')"
    " + (utcFormat(datum.value, '%m') == '01' ? utcFormat(datum.value, ' %Y') : '')"
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
