"""Periods from text, as written on the command line, in links and in lists of choices."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from kpi.definitions import Definitions
from kpi.model import Period
from kpi.periods.baselines import custom
from kpi.periods.kinds import (
    ONE_DAY,
    TO_DATE,
    Kind,
    add_months,
    after,
    as_date,
    kind_of,
    unit_from,
    unit_holding,
    unit_start,
)
from kpi.periods.wording import MONTHS, span_words

FORMS = (
    "2026-Q3, 2026-09, 2026-W38, 2026, 2026-09-01, 2026-01-01..2026-03-31, "
    "last-full-week|month|quarter|year, last-28-days, last-4-full-weeks, this-week|month|quarter|year, all"
)
"""Every accepted form, for help and messages."""

FIRST_YEAR, LAST_YEAR = 1900, 2200
LONGEST = 3660
_UNIT_WORDS = {"week": Kind.WEEK, "month": Kind.MONTH, "quarter": Kind.QUARTER, "year": Kind.YEAR}
_TO_DATE_OF = {unit: kind for kind, unit in TO_DATE.items()}


def parse(
    text: str,
    *,
    first_day: int | date,
    last_day: int | date,
    definitions: Definitions | None = None,
    newest_day_whole: bool = True,
) -> Period:
    """The period that a text names; see :data:`FORMS`. Names of choices ("September 2026") are read as well.

    Parameters
        first_day, last_day: the span of the data, as dates or days since 1970-01-01. They decide what "last"
        and
            "this" mean; no other form looks at them.
        newest_day_whole: False when the data end in the middle of their newest day; then "last" and "this"
        end
            with the day before.

    Quarters and years are fiscal ones when the fiscal year does not begin in January; FY2026 is the one that
    ends in 2026. ``2026-W38`` is always the ISO week (Monday to Sunday). ``all`` is the whole span of the
    data.

    Raises:
        ValueError: what was found and what is accepted; also when the data hold no such full period.

    >>> november = {"first_day": date(2026, 1, 3), "last_day": date(2026, 11, 12)}
    >>> parse("last-full-month", **november).label, parse("this-month", **november).label
    ('October 2026', 'November 2026 to date (1–12 Nov)')
    >>> parse("2026-W38", **november).label, parse("last-7-days", **november).label
    ('Week 38, 2026 (14–20 Sep)', 'Last 7 days (6–12 Nov 2026)')
    """
    definitions = definitions or Definitions()
    first, last = as_date(first_day), as_date(last_day)
    if last < first:
        raise ValueError(f"the data must not end ({last}) before they begin ({first})")
    whole = last if newest_day_whole or last == first else last - ONE_DAY
    words = " ".join(text.split())
    key = words.lower()
    if key in ("all", "all data"):
        return Period(first, last, "all data", Kind.ALL.value)
    moving = _moving(key.replace(" ", "-"), first, whole, definitions)
    if moving is not None:
        return moving
    begin, dots, finish = key.partition("..")
    if dots:
        sides = [_dated(side.strip(), definitions) for side in (begin, finish)]
        if sides[0] is not None and sides[1] is not None:
            if sides[1].end < sides[0].start:
                raise ValueError(f"period '{words}' ends before it starts; swap the two")
            return custom(sides[0].start, sides[1].end, definitions)
    else:
        found = _dated(key, definitions)
        if found is not None:
            return found
    raise ValueError(f"period '{words[:80]}' cannot be read; accepted are {FORMS}")


def written(period: Period, definitions: Definitions | None = None) -> str:
    """The text of a period with fixed dates; :func:`parse` gives the same days back under the same settings.

    >>> written(Period(date(2026, 9, 1), date(2026, 9, 30)))
    '2026-09'
    >>> written(Period(date(2026, 9, 1), date(2026, 9, 2)))
    '2026-09-01..2026-09-02'
    """
    definitions = definitions or Definitions()
    kind = kind_of(period, definitions)
    if kind is Kind.DAY:
        return period.start.isoformat()
    if kind is Kind.WEEK and period.start.weekday() == 0:
        year, week, _ = period.start.isocalendar()
        return f"{year:04d}-W{week:02d}"
    if kind is Kind.MONTH:
        return f"{period.start.year:04d}-{period.start.month:02d}"
    if kind in (Kind.QUARTER, Kind.YEAR):
        year_start = unit_start(period.start, Kind.YEAR, definitions)
        year = (after(year_start, Kind.YEAR) - ONE_DAY).year
        if kind is Kind.YEAR:
            return f"{year:04d}"
        months = (period.start.year - year_start.year) * 12 + period.start.month - year_start.month
        return f"{year:04d}-Q{months // 3 + 1}"
    return f"{period.start.isoformat()}..{period.end.isoformat()}"


def _moving(key: str, first: date, last: date, definitions: Definitions) -> Period | None:
    """The forms that go by the newest day of the data."""
    if found := re.fullmatch(r"last-(\d{1,9})-days?", key):
        return _rolling(int(found[1]), last)
    if found := re.fullmatch(r"last-(?:(\d{1,9})-)?full-(week|month|quarter|year)s?", key):
        return _last_full(_UNIT_WORDS[found[2]], int(found[1] or 1), first, last, definitions)
    if found := re.fullmatch(r"this-(week|month|quarter|year)(?:-to-date)?", key):
        return _to_date(_UNIT_WORDS[found[1]], last, definitions)
    return None


def _rolling(days: int, last: date) -> Period:
    if not 1 <= days <= LONGEST:
        raise ValueError(f"last-{days}-days: the number of days must lie between 1 and {LONGEST}")
    start = last - timedelta(days=days - 1)
    name = "Last day" if days == 1 else f"Last {days} days"
    return Period(start, last, f"{name} ({span_words(start, last, short=True)})", Kind.ROLLING.value)


def _last_full(unit: Kind, count: int, first: date, last: date, definitions: Definitions) -> Period:
    end = unit_start(last + ONE_DAY, unit, definitions) - ONE_DAY
    if not 1 <= count <= LONGEST:
        raise ValueError(f"last-{count}-full-{unit.value}s: the number must lie between 1 and {LONGEST}")
    try:
        start = after(end + ONE_DAY, unit, -count)
    except (ValueError, OverflowError):
        start = date.min
    if start < first:
        span = span_words(first, last)
        wanted = f"no full {unit.value}" if count == 1 else f"fewer than {count} full {unit.value}s"
        raise ValueError(f"the data ({span}) hold {wanted}; ask for last-7-days, a range of dates, or all")
    if count == 1:
        return unit_from(start, unit, definitions)
    name = f"Last {count} full {unit.value}s ({span_words(start, end, short=True)})"
    return Period(start, end, name, Kind.ROLLING.value)


def _to_date(unit: Kind, last: date, definitions: Definitions) -> Period:
    whole = unit_holding(last, unit, definitions)
    if whole.end == last:
        return whole
    dates = span_words(whole.start, last, short=True, year=False)
    name = whole.label.partition(" (")[0]
    return Period(whole.start, last, f"{name} to date ({dates})", _TO_DATE_OF[unit].value)


_Reader = Callable[[re.Match[str], Definitions], Period]


def _dated(key: str, definitions: Definitions) -> Period | None:
    """The forms with dates of their own; None when the text has another form.

    Raises:
        ValueError: the form is right, but there is no such day, week or year.
    """
    for pattern, read in _DATED:
        if found := pattern.fullmatch(key):
            year = int(found["year"])
            if not FIRST_YEAR <= year <= LAST_YEAR:
                raise ValueError(f"period '{key}': the year must lie between {FIRST_YEAR} and {LAST_YEAR}")
            try:
                return read(found, definitions)
            except ValueError as error:
                raise ValueError(f"period '{key}': there is no such date ({error})") from error
    return None


def _year(found: re.Match[str], definitions: Definitions) -> Period:
    return unit_from(_fiscal_start(int(found["year"]), definitions), Kind.YEAR, definitions)


def _quarter(found: re.Match[str], definitions: Definitions) -> Period:
    start = after(_fiscal_start(int(found["year"]), definitions), Kind.QUARTER, int(found["quarter"]) - 1)
    return unit_from(start, Kind.QUARTER, definitions)


def _fiscal_start(year: int, definitions: Definitions) -> date:
    january = date(year, 1, 1)
    month = definitions.fiscal_year_start
    return january if month == 1 else add_months(january, month - 13)


def _month(found: re.Match[str], definitions: Definitions) -> Period:
    return unit_from(date(int(found["year"]), _month_number(found["month"]), 1), Kind.MONTH, definitions)


def _iso_week(found: re.Match[str], definitions: Definitions) -> Period:
    start = date.fromisocalendar(int(found["year"]), int(found["week"]), 1)
    return unit_from(start, Kind.WEEK, definitions)


def _day(found: re.Match[str], definitions: Definitions) -> Period:
    day = date(int(found["year"]), _month_number(found["month"]), int(found["day"]))
    return unit_from(day, Kind.DAY, definitions)


def _week_of(found: re.Match[str], definitions: Definitions) -> Period:
    return unit_from(_day(found, definitions).start, Kind.WEEK, definitions)


def _month_number(text: str) -> int:
    if text.isdigit():
        return int(text)
    return next(number for number, name in enumerate(MONTHS, 1) if name.lower().startswith(text))


_Y = r"(?P<year>\d{4})"
_NAME = "(?P<month>" + "|".join(f"{name.lower()}|{name[:3].lower()}" for name in MONTHS) + ")"
_DATED: tuple[tuple[re.Pattern[str], _Reader], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (rf"(?:fy)?{_Y}", _year),
        (rf"(?:fy)?{_Y}[- ]?q(?P<quarter>[1-4])", _quarter),
        (rf"q(?P<quarter>[1-4]) {_Y}", _quarter),
        (rf"{_Y}-(?P<month>\d\d)", _month),
        (rf"{_NAME} {_Y}", _month),
        (rf"{_Y}-?w(?P<week>\d\d?)", _iso_week),
        (rf"week (?P<week>\d\d?), {_Y}(?: \(.*\))?", _iso_week),
        (rf"{_Y}-(?P<month>\d\d)-(?P<day>\d\d)", _day),
        (rf"(?P<day>\d\d?) {_NAME} {_Y}", _day),
        (rf"week of (?P<day>\d\d?) {_NAME} {_Y}", _week_of),
    )
)
