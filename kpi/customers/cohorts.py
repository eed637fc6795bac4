"""Customers by when they came, and how many of each such cohort are still there, or still write, later on.

A cell is told only when every customer of the cohort could be observed at that age; what lies in the future,
or before the data begin, is no 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from kpi import fields
from kpi.calendars import MISSING_DAY
from kpi.customers.knowing import Bools, Known, Longs, holds, kept
from kpi.customers.staying import watched
from kpi.definitions import Definitions
from kpi.model import Estimate, Filter
from kpi.periods.kinds import as_date
from kpi.stats import benjamini_hochberg, chi_square, wilson

MONTH = 365.25 / 12
STEPS = 12
MOST_COHORTS = 24
LATER = "not yet observable for everybody"
EARLIER = "before the data begin"
TRUNCATED = "those who left before the list records it are not on it"


class Follow(StrEnum):
    """What is followed."""

    THERE = "Still there"
    WRITES = "Writes to us"


class Since(StrEnum):
    """What a cohort goes by."""

    JOINED = "joined"
    FIRST = "first contact"


@dataclass(frozen=True)
class Cell:
    """One cohort at one age: k of n with the share's interval; ``share`` None with ``why``."""

    step: int
    share: Estimate


@dataclass(frozen=True)
class Cohort:
    """Customers who came in one month or quarter."""

    name: str
    first_day: int
    last_day: int
    n: int
    cells: tuple[Cell, ...]
    note: str = ""


@dataclass(frozen=True)
class Age:
    """Whether cohorts differ at one age: chi-square over those that can be seen, p adjusted over ages."""

    step: int
    cohorts: int
    p: float | None
    p_adjusted: float | None


@dataclass(frozen=True)
class Cohorts:
    """The table of cohorts.

    Attributes:
        months: length of a step in months; grain: month or quarter.
        ages: one family of tests, an age each.
        left_out: customers in no cohort of the table, with the reason.
        refused: why there is no table, else empty.
    """

    follow: Follow
    since: Since
    grain: str
    months: int
    cohorts: tuple[Cohort, ...] = ()
    ages: tuple[Age, ...] = ()
    left_out: tuple[tuple[int, str], ...] = ()
    refused: str = ""

    @property
    def differ(self) -> Age | None:
        """The age at which cohorts differ most, beyond chance; None when they do not."""
        clear = [age for age in self.ages if age.p_adjusted is not None and age.p_adjusted < 0.05]
        return min(clear, key=lambda age: age.p_adjusted or 0.0) if clear else None


@dataclass(frozen=True, eq=False)
class Members:
    """Customers with the day each came, and what can be followed of each.

    Attributes:
        code: int[n] of ``Known.keys``; start: int[n] day.
        left: int[n] day of leaving, a far future day for those who stay.
        first, last: days between which things are observed; truncated: who left before this is not seen.
    """

    code: Longs
    start: Longs
    left: Longs
    first: int
    last: int


FAR = 10**7


def follows(known: Known) -> tuple[Follow, ...]:
    """What can be followed in these data."""
    table = known.list
    found = []
    if table is not None and not isinstance(watched(table, known.facts.last_day), str):
        found.append(Follow.THERE)
    if known.who is not None and known.dated:
        found.append(Follow.WRITES)
    return tuple(found)


def cohorts(
    known: Known, follow: Follow, grain: str = "quarter", *, where: tuple[Filter, ...] = ()
) -> Cohorts:
    """The cohorts by month or quarter of joining; of the first contact where nobody's joining is known."""
    since, found = members(known, follow, where)
    months = 3 if grain == "quarter" else 1
    if isinstance(found, str):
        return Cohorts(follow, since, grain, months, refused=found)
    definitions = known.facts.definitions
    names = {int(day): fields.name_of(int(day), grain, definitions) for day in np.unique(found.start)}
    spans: dict[str, list[int]] = {}
    for day, name in names.items():
        spans.setdefault(name, []).append(day)
    wholes = {name: _span(name, days, grain, definitions) for name, days in spans.items()}
    label = np.array([names[int(day)] for day in found.start], dtype=object)
    left_out: list[tuple[int, str]] = []
    made: list[Cohort] = []
    early = 0
    ordered = sorted(wholes.items(), key=lambda pair: pair[1][0])
    events = _events(known, found, follow, where, again=since is Since.FIRST)
    for name, (first, last) in ordered:
        mask = label == name
        if since is Since.JOINED and first < found.first:
            early += int(mask.sum())
            continue
        cells = tuple(
            _cell(known, found, mask, events, follow, step, months, last) for step in range(1, STEPS + 1)
        )
        note = ""
        if since is Since.FIRST and first < found.first + round(3 * MONTH):
            note = "may have written before the data begin"
        made.append(Cohort(name, first, last, int(mask.sum()), cells, note))
    if early:
        why = TRUNCATED if follow is Follow.THERE else EARLIER
        left_out.append((early, f"came before {as_date(found.first)}: {why}"))
    shown = made[-MOST_COHORTS:]
    return Cohorts(follow, since, grain, months, tuple(shown), _ages(shown), tuple(left_out))


def members(known: Known, follow: Follow, where: tuple[Filter, ...]) -> tuple[Since, Members | str]:
    """Who is followed from when, or why nobody is."""
    table = known.list
    if follow is Follow.THERE:
        if table is None:
            return Since.JOINED, "the data hold no customer list that says who has left"
        lacking = holds(table, where)
        if lacking:
            return Since.JOINED, f"filtered by what the customer list does not hold: {lacking}"
        seen = watched(table, known.facts.last_day, where)
        if isinstance(seen, str):
            return Since.JOINED, seen
        joined = table.columns["joined_day"].astype(np.int64)[seen.rows]
        left = np.where(seen.left, table.columns["lost_day"].astype(np.int64)[seen.rows], FAR)
        return Since.JOINED, Members(seen.rows.astype(np.int64), joined, left, seen.since, seen.until)
    if known.who is None or not known.dated:
        return Since.FIRST, known.refused or "contacts have no dates"
    lacking = holds(known.contacts, where)
    if lacking:
        return Since.FIRST, f"filtered by what contacts do not hold: {lacking}"
    days = known.days().astype(np.int64)
    dated = days != MISSING_DAY
    first_day, last_day = int(days[dated].min()), int(days[dated].max())
    if table is not None and known.listed is not None:
        joined = table.columns["joined_day"].astype(np.int64)
        use = (joined != MISSING_DAY) & (known.listed >= 0) & (joined <= last_day)
        if not holds(table, where):
            use &= kept(table, where)
        if use.any():
            lost, day = table.columns.get("lost"), table.columns["lost_day"].astype(np.int64)
            gone = np.zeros(len(table), np.bool_) if lost is None else (lost != 0) & (day != MISSING_DAY)
            left = np.where(gone, day, FAR)
            return Since.JOINED, Members(known.listed[use], joined[use], left[use], first_day, last_day)
    rows = known.rows(None, where)
    rows = rows[dated[rows]]
    first = np.full(known.keys.size, FAR, np.int64)
    np.minimum.at(first, known.who[rows], days[rows])
    code = np.flatnonzero(first < FAR)
    if not code.size:
        return Since.FIRST, "no contact of a known customer has a date"
    return Since.FIRST, Members(
        code.astype(np.int64), first[code], np.full(code.size, FAR, np.int64), first_day, last_day
    )


def _span(name: str, days: list[int], grain: str, definitions: Definitions) -> tuple[int, int]:
    """First and last day of the month or quarter that holds these days."""
    low, high = min(days), max(days)
    while fields.name_of(low - 1, grain, definitions) == name:
        low -= 1
    while fields.name_of(high + 1, grain, definitions) == name:
        high += 1
    return low, high


Events = tuple[Longs, Longs]


def _events(
    known: Known, found: Members, follow: Follow, where: tuple[Filter, ...], *, again: bool
) -> Events:
    """Place among the members and day of every contact, for what is followed by contacts.

    ``again``: without the first contact of each, by which the cohort was made.
    """
    nothing = np.zeros(0, np.int64)
    if follow is Follow.THERE or known.who is None:
        return nothing, nothing
    rows = known.rows(None, where)
    place_of = np.full(known.keys.size, -1, np.int64)
    place_of[found.code] = np.arange(found.code.size)
    place = place_of[known.who[rows]]
    days = known.days().astype(np.int64)[rows]
    use = (place >= 0) & (days != MISSING_DAY)
    place, days = place[use], days[use]
    if again and place.size:
        order = np.lexsort((days, place))
        place, days = place[order], days[order]
        further = np.append(False, place[1:] == place[:-1])
        place, days = place[further], days[further]
    return place, days


def bounds(start: Longs, step: int, months: int) -> tuple[Longs, Longs]:
    """First and last day of a step since each came: step 1 begins on the day itself."""
    first = start + round((step - 1) * months * MONTH)
    last = start + round(step * months * MONTH) - 1
    return first, last


def counted(found: Members, mask: Bools, events: Events, follow: Follow, step: int, months: int) -> Bools:
    """Which members (of all) are still there at the end of a step, or write in it."""
    first, last = bounds(found.start, step, months)
    if follow is Follow.THERE:
        there: Bools = mask & (found.left > last)
        return there
    place, day = events
    inside = (day >= first[place]) & (day <= last[place])
    wrote = np.zeros(found.start.size, np.bool_)
    wrote[place[inside]] = True
    return wrote & mask


def _cell(
    known: Known,
    found: Members,
    mask: Bools,
    events: Events,
    follow: Follow,
    step: int,
    months: int,
    last_day: int,
) -> Cell:
    n = int(mask.sum())
    # Of the last one who can join the cohort the whole step must be over.
    if last_day + round(step * months * MONTH) - 1 > found.last:
        return Cell(step, Estimate.absent(LATER, n))
    fewest = known.facts.definitions.minimum_n
    if n < fewest:
        return Cell(step, Estimate.absent(f"fewer than {fewest} customers", n))
    k = int(counted(found, mask, events, follow, step, months).sum())
    low, high = wilson(k, n, known.facts.definitions.confidence)
    return Cell(step, Estimate(k / n, n, low, high, "Wilson", parts={"count": k}))


def _ages(made: list[Cohort]) -> tuple[Age, ...]:
    """At each age: do the cohorts that can be seen differ?"""
    found: list[tuple[int, int, float | None]] = []
    for step in range(1, STEPS + 1):
        seen = [c.cells[step - 1].share for c in made if c.cells[step - 1].share.value is not None]
        if len(seen) < 2:
            continue
        test = chi_square([float(e.parts["count"] or 0) for e in seen], [float(e.n) for e in seen])
        found.append((step, len(seen), test.p))
    adjusted = benjamini_hochberg([p for _, _, p in found])
    return tuple(Age(step, many, p, q) for (step, many, p), q in zip(found, adjusted, strict=True))


def cell_rows(
    known: Known, follow: Follow, grain: str, cohort: str, step: int, where: tuple[Filter, ...] = ()
) -> tuple[Longs, Bools] | None:
    """Codes of a cohort's customers (rows of the list where staying is followed), and which of them count
    at a step; None where there is no such cohort."""
    since, found = members(known, follow, where)
    if isinstance(found, str):
        return None
    definitions = known.facts.definitions
    names = {int(day): fields.name_of(int(day), grain, definitions) for day in np.unique(found.start)}
    mask = np.array([names[int(day)] == cohort for day in found.start], dtype=np.bool_)
    if not mask.any():
        return None
    months = 3 if grain == "quarter" else 1
    events = _events(known, found, follow, where, again=since is Since.FIRST)
    hits = counted(found, mask, events, follow, step, months)
    return found.code[mask], hits[mask]
