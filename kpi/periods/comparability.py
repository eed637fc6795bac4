"""Whether two periods may be compared, and on what terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kpi.calendars import working_days
from kpi.definitions import Definitions
from kpi.model import Period
from kpi.periods.kinds import Kind, as_date
from kpi.periods.wording import describe, span_words


@dataclass(frozen=True)
class Window:
    """What stands between two periods.

    ``days_*`` count the days that lie inside the data: the exposure of every rate. ``coverage_*`` is their
    share of the period (0-1). ``weekdays_*`` count the Mondays … Sundays among them.
    """

    now: Period
    before: Period
    refused: str | None
    """Why there is no comparison; None when there may be one."""
    days_now: int
    days_before: int
    coverage_now: float
    coverage_before: float
    working_days_now: int
    working_days_before: int
    weekdays_now: tuple[int, ...]
    weekdays_before: tuple[int, ...]
    words: str
    """One or two sentences for the page: lengths, working days, what is put on a per-day basis."""

    @property
    def equal_length(self) -> bool:
        """Both sides have as many days inside the data."""
        return self.days_now == self.days_before

    @property
    def per_day_basis(self) -> bool:
        """Totals must be divided by their days before they are compared."""
        return not self.equal_length

    @property
    def same_weekdays(self) -> bool:
        """Both sides have each weekday in the same proportion."""
        return all(
            a * self.days_before == b * self.days_now
            for a, b in zip(self.weekdays_now, self.weekdays_before, strict=True)
        )


def inside(period: Period, first_day: int | date, last_day: int | date) -> Period | None:
    """The days of the period that lie inside the data; None when there are none.

    >>> str(inside(Period(date(2026, 9, 1), date(2026, 9, 30)), date(2026, 9, 12), date(2026, 12, 31)))
    '12–30 September 2026'
    """
    start, end = max(period.start, as_date(first_day)), min(period.end, as_date(last_day))
    if (start, end) == (period.start, period.end):
        return period
    return Period(start, end, span_words(start, end), Kind.CUSTOM.value) if start <= end else None


def comparable(
    now: Period,
    before: Period,
    *,
    first_day: int | date,
    last_day: int | date,
    definitions: Definitions | None = None,
) -> Window:
    """On what terms ``now`` may be compared with ``before``, in data from ``first_day`` to ``last_day``.

    Refused when a period lies wholly outside the data or when the two share days. Unequal lengths, also those
    that come from the edge of the data, put totals on a per-day basis.

    >>> span = {"first_day": date(2026, 1, 1), "last_day": date(2026, 12, 31)}
    >>> march = Period(date(2026, 3, 1), date(2026, 3, 31))
    >>> february = Period(date(2026, 2, 1), date(2026, 2, 28))
    >>> terms = comparable(march, february, **span)
    >>> terms.per_day_basis, terms.working_days_now, terms.working_days_before, terms.refused
    (True, 22, 20, None)
    >>> comparable(march, march, **span).refused
    'the two periods are the same days (1–31 March 2026); choose another one to compare with'
    """
    definitions = definitions or Definitions()
    parts = inside(now, first_day, last_day), inside(before, first_day, last_day)
    days = tuple(part.days if part else 0 for part in parts)
    works = tuple(working_days(part, definitions.calendar) if part else 0 for part in parts)
    return Window(
        now=now,
        before=before,
        refused=_refusal(now, before, parts, as_date(first_day), as_date(last_day)),
        days_now=days[0],
        days_before=days[1],
        coverage_now=days[0] / now.days,
        coverage_before=days[1] / before.days,
        working_days_now=works[0],
        working_days_before=works[1],
        weekdays_now=_weekdays(parts[0]),
        weekdays_before=_weekdays(parts[1]),
        words=_words((now, before), days, works),
    )


def _refusal(
    now: Period, before: Period, parts: tuple[Period | None, ...], first: date, last: date
) -> str | None:
    if now == before:
        return f"the two periods are the same days ({describe(now)}); choose another one to compare with"
    data = span_words(first, last)
    outside = [
        f"{name} ({describe(period)}) lies wholly outside the data ({data})"
        for name, period, part in (("the period", now, parts[0]), ("the period before", before, parts[1]))
        if part is None
    ]
    if outside:
        return "; ".join(outside) + "; choose one inside"
    if now.start <= before.end and before.start <= now.end:
        shared = Period(max(now.start, before.start), min(now.end, before.end))
        return (
            f"the two periods share {_days(shared.days)} ({describe(shared)}), whose tickets would be "
            "counted on both sides; choose periods apart"
        )
    return None


def _weekdays(period: Period | None) -> tuple[int, ...]:
    """How many Mondays … Sundays the period has.

    >>> _weekdays(Period(date(2026, 9, 1), date(2026, 9, 30)))
    (4, 5, 5, 4, 4, 4, 4)
    """
    if period is None:
        return (0,) * 7
    weeks, rest = divmod(period.days, 7)
    first = period.start.weekday()
    return tuple(weeks + ((weekday - first) % 7 < rest) for weekday in range(7))


def _words(periods: tuple[Period, Period], days: tuple[int, ...], works: tuple[int, ...]) -> str:
    sides = []
    for period, inside_days, working in zip(periods, days, works, strict=True):
        counted = _days(inside_days)
        if inside_days < period.days:
            counted = f"only {inside_days} of its {_days(period.days)} in the data"
        sides.append(f"{describe(period)} ({counted}, {working} working)")
    text = " against ".join(sides) + "."
    if days[0] != days[1] and all(days):
        text += " The lengths differ, so totals are compared per day."
    return text


def _days(count: int) -> str:
    return f"{count} day" if count == 1 else f"{count} days"
