"""Public holidays by country and subdivision, from the ``holidays`` library."""

from __future__ import annotations

from datetime import date
from difflib import get_close_matches
from functools import lru_cache

import holidays

from kpi.definitions import Calendar


@lru_cache(maxsize=1)
def countries() -> tuple[str, ...]:
    """Every country code that can be chosen (ISO 3166-1, two letters), in order."""
    return tuple(sorted(holidays.list_supported_countries(include_aliases=False)))


def subdivisions(country: str) -> tuple[str, ...]:
    """Codes of the states or provinces of a country that have holidays of their own; empty where none do.

    >>> subdivisions("DE")[:4]
    ('BB', 'BE', 'BW', 'BY')
    """
    return tuple(holidays.list_supported_countries(include_aliases=True).get(country, ()))


def place_problems(country: str, subdivision: str) -> tuple[str, ...]:
    """What is wrong with the codes, with the choices; empty when they can be used.

    >>> place_problems("DE", "XX")[0][:72]
    "calendar.subdivision 'XX' is not one of DE; choose one of BB, BE, BW, BY"
    >>> place_problems("", ""), place_problems("", "BY")
    ((), ("calendar.subdivision 'BY' needs a country; set calendar.country as well",))
    """
    if not country:
        if subdivision:
            return (f"calendar.subdivision '{subdivision}' needs a country; set calendar.country as well",)
        return ()
    if country not in holidays.list_supported_countries(include_aliases=True):
        wanted = country.upper()
        near = [wanted] if wanted in countries() else get_close_matches(wanted, countries(), n=3, cutoff=0.5)
        hint = f" (did you mean {' or '.join(near)}?)" if near else ""
        return (f"calendar.country '{country}' is not known{hint}; choose one of {', '.join(countries())}",)
    known = subdivisions(country)
    if not subdivision or subdivision in known or subdivision in _aliases(country):
        return ()
    if not known:
        return (
            f"calendar.subdivision '{subdivision}': {country} has none with own holidays; leave it empty",
        )
    choices = ", ".join(known)
    return (f"calendar.subdivision '{subdivision}' is not one of {country}; choose one of {choices}",)


def _aliases(country: str) -> tuple[str, ...]:
    return tuple(holidays.country_holidays(country).subdivisions_aliases)


@lru_cache(maxsize=256)
def _of_year(country: str, subdivision: str, year: int) -> tuple[tuple[date, str], ...]:
    found = holidays.country_holidays(country, subdiv=subdivision or None, years=year, language="en_US")
    return tuple(sorted(found.items()))


def named_holidays(calendar: Calendar, first: date, last: date) -> dict[date, str]:
    """Name of every holiday and closed date from ``first`` to ``last``, in order of date.

    Holidays that fall on a weekend count on the day on which they are observed as well. The names are English
    where the library has them.

    Raises:
        ValueError: when a code is not known; the message lists the choices.

    >>> from datetime import date
    >>> named_holidays(Calendar(country="DE", subdivision="BY"), date(2026, 1, 1), date(2026, 1, 31))
    {datetime.date(2026, 1, 1): "New Year's Day", datetime.date(2026, 1, 6): 'Epiphany'}
    """
    problems = place_problems(calendar.country, calendar.subdivision)
    if problems:
        raise ValueError("; ".join(problems))
    found = {day: "closed" for day in calendar.closed if first <= day <= last}
    if calendar.country:
        for year in range(first.year, last.year + 1):
            of_year = _of_year(calendar.country, calendar.subdivision, year)
            found.update((day, name) for day, name in of_year if first <= day <= last)
    return dict(sorted(found.items()))


def holiday_dates(calendar: Calendar, first: date, last: date) -> tuple[date, ...]:
    """Every holiday and closed date from ``first`` to ``last``, in order.

    >>> from datetime import date
    >>> holiday_dates(Calendar(closed=(date(2026, 12, 24),)), date(2026, 12, 1), date(2026, 12, 31))
    (datetime.date(2026, 12, 24),)
    """
    return tuple(named_holidays(calendar, first, last))
