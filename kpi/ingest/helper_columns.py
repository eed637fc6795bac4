"""Columns that say again what another says: month and weekday of the date, copies, totals at the side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kpi.ingest.cells import DateShape, read_dates, recognise_dates
from kpi.ingest.headers import plain
from kpi.ingest.profile import Profile
from kpi.ingest.wording import map_cells
from kpi.ingest.words import MONTHS, WEEKDAYS, folded

AGREES = 0.99
TELLS = 0.5

PARTS: Mapping[str, str] = {
    **dict.fromkeys(
        ["month", "monat", "mois", "mes", "mese", "maand", "month", "name", "monthname"], "month"
    ),
    "month name": "month",
    "created month": "month",
    "month number": "month",
    "month no": "month",
    **dict.fromkeys(["quarter", "quartal", "trimestre", "kwartaal", "qtr"], "quarter"),
    **dict.fromkeys(["year", "jahr", "année", "annee", "año", "anno", "jaar"], "year"),
    **dict.fromkeys(["weekday", "wochentag", "jour", "giorno", "weekdag", "dayname"], "weekday"),
    "day of week": "weekday",
    "day name": "weekday",
    "week day": "weekday",
    "dow": "weekday",
    "jour de la semaine": "weekday",
    "day": "day or weekday",
    "tag": "day or weekday",
    "day of month": "day",
    **dict.fromkeys(["hour", "stunde", "heure", "hora", "ora", "uur"], "hour"),
    "hour of day": "hour",
    **dict.fromkeys(["week", "kw", "woche", "semaine", "semana", "settimana"], "week"),
    "week number": "week",
    "week no": "week",
    "calendar week": "week",
    "iso week": "week",
}


@dataclass(frozen=True)
class Helper:
    """A column that is a function of a date: which part, and the rows that contradict the date."""

    part: str
    contradicts: np.ndarray


def part_named(header: str) -> str | None:
    """The part of a date that a header names.

    >>> part_named("Month"), part_named("Day_of_Week"), part_named("Market")
    ('month', 'weekday', None)
    """
    return PARTS.get(plain(header))


def check_helper(text: pd.Series, part: str, local: pd.Series) -> Helper | None:
    """Compare a helper column with the local times of the date; None when it is no part of that date."""
    shape = recognise_dates(text)
    if shape is not None and shape.precision == "day" and shape.order != "ambiguous":
        return _check_dates(text, shape, local)
    best: Helper | None = None
    for name in ("day", "weekday") if part == "day or weekday" else (part,):
        said = map_cells(text, READERS[name])
        said_number = pd.to_numeric(said, errors="coerce")
        both = np.asarray(said_number.notna() & local.notna())
        if not both.any() or float(both.sum()) < TELLS * float((text.str.strip() != "").sum()):
            continue
        for meant in MEANINGS[name](local):
            wrong = both & np.asarray(said_number.to_numpy(dtype=float) != meant.to_numpy(dtype=float))
            if best is None or wrong.sum() < best.contradicts.sum():
                best = Helper(name, wrong)
    if best is None or best.contradicts.mean() > TELLS:
        return None
    return best


def _check_dates(text: pd.Series, shape: DateShape, local: pd.Series) -> Helper | None:
    """A day, or the first day of its week or month, written as a date."""
    said = read_dates(text, shape, "UTC", now=pd.Timestamp.now(tz="UTC").to_pydatetime(), future=True).values
    said = said.dt.tz_localize(None)
    day = local.dt.normalize()
    monday = day - pd.to_timedelta(day.dt.day_of_week, unit="D")
    sunday = day - pd.to_timedelta((day.dt.day_of_week + 1) % 7, unit="D")
    month = day - pd.to_timedelta(day.dt.day - 1, unit="D")
    both = np.asarray(said.notna() & day.notna())
    for name, meant in (("day", day), ("week", monday), ("week", sunday), ("month", month)):
        wrong = both & np.asarray(said != meant)
        if both.any() and wrong.sum() <= (1 - AGREES) * both.sum():
            return Helper(name, wrong)
    return None


def _number(cell: str) -> float | None:
    digits = "".join(character for character in cell if character.isdigit())
    return float(digits[:4]) if digits and len(digits) <= 4 else None


def _month(cell: str) -> float | None:
    word = folded(cell).rstrip(".")
    first = word.split("-")[0].split(" ")[0] if word else ""
    if first in MONTHS:
        return float(MONTHS[first])
    number = _number(cell) if len(word) <= 2 else None
    if number is None and len(word) == 7 and word[4] in "-/" and word[5:].isdigit():
        number = float(word[5:])
    return number if number is not None and 1 <= number <= 12 else None


def _weekday(cell: str) -> float | None:
    word = folded(cell).rstrip(".")
    return (
        float(WEEKDAYS[word])
        if word in WEEKDAYS
        else _number(cell)
        if word.isdigit() and len(word) == 1
        else None
    )


def _hour(cell: str) -> float | None:
    number = folded(cell).split(":")[0]
    return float(number) if number.isdigit() and int(number) <= 24 else None


def _quarter(cell: str) -> float | None:
    word = folded(cell).replace("quarter", "q").replace(" ", "")
    marked = word.split("q")[-1] if "q" in word else word
    return float(marked[0]) if marked[:1] in ("1", "2", "3", "4") and len(word) <= 7 else None


READERS: Mapping[str, Callable[[str], float | None]] = {
    "month": _month,
    "quarter": _quarter,
    "year": _number,
    "weekday": _weekday,
    "day": _number,
    "hour": _hour,
    "week": _number,
}


def _weeks(local: pd.Series) -> list[pd.Series]:
    iso = local.dt.isocalendar().week.astype(float)
    sunday = local.dt.strftime("%U").astype(float)
    monday = local.dt.strftime("%W").astype(float)
    return [iso, sunday, sunday + 1, monday, monday + 1]


def _years(local: pd.Series) -> list[pd.Series]:
    return [local.dt.year, local.dt.year % 100]


MEANINGS: Mapping[str, Callable[[pd.Series], list[pd.Series]]] = {
    "month": lambda local: [local.dt.month],
    "quarter": lambda local: [local.dt.quarter],
    "year": _years,
    "weekday": lambda local: [
        local.dt.day_of_week,
        local.dt.day_of_week + 1,
        (local.dt.day_of_week + 1) % 7 + 1,
    ],
    "day": lambda local: [local.dt.day],
    "hour": lambda local: [local.dt.hour],
    "week": _weeks,
}


def find_copies(profiles: Mapping[str, Profile], used: Mapping[str, str]) -> dict[str, str]:
    """Columns whose every cell repeats a column that has a role: header → the column that it repeats.

    ``used``: header → target of the columns with a role.
    """
    copies: dict[str, str] = {}
    for header, profile in profiles.items():
        if header in used or profile.distinct < 2:
            continue
        for other in used:
            if profile.text.iloc[:200].equals(profiles[other].text.iloc[:200]) and profile.text.equals(
                profiles[other].text
            ):
                copies[header] = other
                break
    return copies


def is_side_total(profile: Profile) -> bool:
    """A column with a handful of numbers beside a long table ("Total Calls Resolved": 4054, 3646)."""
    words = set(plain(profile.header).split())
    sparse = profile.rows >= 50 and 0 < len(profile.values) <= max(5, 0.005 * profile.rows)
    return (
        sparse
        and profile.numbers is not None
        and bool(words & {"total", "totals", "sum", "count", "average", "summe"})
    )
