"""The periods that can be chosen for a data set, and the one shown first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kpi.definitions import Definitions
from kpi.model import Period
from kpi.periods.kinds import ONE_DAY, Kind, after, as_date, unit_from, unit_start
from kpi.periods.parsing import parse, written

ROLLING_DAYS = (7, 28, 30, 90)
OFFERED = {Kind.WEEK: 13, Kind.MONTH: 36, Kind.QUARTER: 16, Kind.YEAR: 10}
"""How many full units of each kind are offered, counted back from the newest."""


@dataclass(frozen=True)
class Choice:
    """One entry of a list of periods.

    ``label`` is unique and does not change when newer data arrive, so it can stand in a link; ``text`` is
    what the command line takes.
    """

    label: str
    text: str
    period: Period


def options(
    first_day: int | date,
    last_day: int | date,
    definitions: Definitions | None = None,
    *,
    newest_day_whole: bool = True,
) -> tuple[Choice, ...]:
    """Every period on offer: rolling, to date, full months, quarters, years and weeks (newest first), all.

    The first one is that of :func:`default_period`. Rolling windows are offered when the data hold them and
    the same number of days before.
    """
    definitions = definitions or Definitions()
    first, last = as_date(first_day), as_date(last_day)
    whole = last if newest_day_whole or last == first else last - ONE_DAY

    def named(text: str) -> Choice:
        period = parse(
            text, first_day=first, last_day=last, definitions=definitions, newest_day_whole=newest_day_whole
        )
        return Choice(text[0].upper() + text[1:].replace("-", " "), text, period)

    days = (whole - first).days + 1
    found = [named(f"last-{count}-days") for count in ROLLING_DAYS if 2 * count <= days]
    found += [_to_date(named(f"this-{unit}")) for unit in ("week", "month", "quarter", "year")]
    found += _full_units(first, whole, definitions)
    default = named(_default_text(first, whole, definitions))
    shown = default_choice(tuple(found), default.period) or default
    found = [shown, *(choice for choice in found if choice is not shown)]
    everything = parse("all", first_day=first, last_day=last, definitions=definitions)
    return (*found, Choice("All data", "all", everything))


def from_label(label: str, choices: tuple[Choice, ...]) -> Choice | None:
    """The choice with that label or text (without regard to case), None when there is none.

    >>> listed = options(date(2026, 1, 1), date(2026, 11, 12))
    >>> from_label("October 2026", listed).text, from_label("last-28-days", listed).label
    ('2026-10', 'Last 28 days')
    """
    wanted = " ".join(label.split()).lower()
    return next((choice for choice in choices if wanted in (choice.label.lower(), choice.text)), None)


def default_period(
    first_day: int | date,
    last_day: int | date,
    definitions: Definitions | None = None,
    *,
    newest_day_whole: bool = True,
) -> Period:
    """The period shown first: one with as much data before it, so that there is something to compare.

    The last full month when there are two full months; else the newest half (at most four) of the full weeks
    when there are two; else the newer half of the days.

    >>> default_period(date(2026, 1, 1), date(2026, 3, 31)).label
    'March 2026'
    >>> default_period(date(2026, 9, 1), date(2026, 10, 20)).label
    'Last 3 full weeks (28 Sep – 18 Oct 2026)'
    """
    definitions = definitions or Definitions()
    first, last = as_date(first_day), as_date(last_day)
    whole = last if newest_day_whole or last == first else last - ONE_DAY
    text = _default_text(first, whole, definitions)
    return parse(text, first_day=first, last_day=whole, definitions=definitions)


def default_choice(choices: tuple[Choice, ...], shown: Period) -> Choice | None:
    """The choice with the days of the period shown first; a named month or week rather than "to date".

    >>> listed = options(date(2026, 1, 1), date(2026, 3, 31))
    >>> default_choice(listed, default_period(date(2026, 1, 1), date(2026, 3, 31))).label
    'March 2026'
    """
    same = [choice for choice in choices if choice.period == shown and choice.period.kind == shown.kind]
    return min(same, key=lambda choice: choice.text.startswith("this-"), default=None)


def _default_text(first: date, last: date, definitions: Definitions) -> str:
    if len(_units(Kind.MONTH, first, last, definitions, most=2)) >= 2:
        return "last-full-month"
    weeks = len(_units(Kind.WEEK, first, last, definitions, most=8))
    if weeks >= 2:
        return "last-full-week" if weeks < 4 else f"last-{weeks // 2}-full-weeks"
    return f"last-{max(((last - first).days + 1) // 2, 1)}-days"


def _to_date(choice: Choice) -> Choice:
    return Choice(f"{choice.label} to date", choice.text, choice.period)


def _full_units(first: date, last: date, definitions: Definitions) -> list[Choice]:
    found = []
    for unit in (Kind.MONTH, Kind.QUARTER, Kind.YEAR, Kind.WEEK):
        for period in _units(unit, first, last, definitions, most=OFFERED[unit]):
            found.append(Choice(period.label, written(period, definitions), period))
    return found


def _units(unit: Kind, first: date, last: date, definitions: Definitions, *, most: int) -> list[Period]:
    """Units wholly inside the data, newest first, no more than ``most``."""
    found: list[Period] = []
    start = after(unit_start(last + ONE_DAY, unit, definitions), unit, -1)
    while start >= first and len(found) < most:
        found.append(unit_from(start, unit, definitions))
        start = after(start, unit, -1)
    return found
