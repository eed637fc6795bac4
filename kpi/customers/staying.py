"""Who stays and who leaves: the share of the list that left, and the curve since joining."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from kpi import compare
from kpi.calendars import MISSING_DAY
from kpi.customers.knowing import Bools, Known, holds, kept
from kpi.customers.late_entry import GroupTest, curve, log_rank
from kpi.facts import NONE, FactTable
from kpi.facts.customers import has_dates_of_leaving
from kpi.model import Estimate, Filter
from kpi.periods.kinds import as_date
from kpi.stats import Bounds, Curve, benjamini_hochberg

NO_LIST = "the data hold no customer list that says who has left"
NO_LEAVING = "the customer list does not say who has left"
NO_DATES = "the customer list says who has left, but not when"
NO_JOINING = "the customer list has no dates of joining"
MONTH = 365.25 / 12
MARKS = (1, 3, 6, 12, 24, 36)
"""Months after joining at which the curve is told."""
EVERYBODY = "All customers"


@dataclass(frozen=True)
class Mark:
    """The curve so many months after joining, with those still watched then (``at_risk``)."""

    months: int
    share: float
    interval: Bounds
    at_risk: int


@dataclass(frozen=True, eq=False)
class Group:
    """Customers of one kind: the curve in months, how many were watched, how many left."""

    name: str
    n: int
    left: int
    curve: Curve
    marks: tuple[Mark, ...]
    until: float
    """Months up to which at least as many as the smallest number of answers are still watched."""


@dataclass(frozen=True)
class Contrast:
    """Whether the kinds of customers of one column leave at the same rate; p adjusted over all columns."""

    dimension: str
    test: GroupTest
    p_adjusted: float | None
    groups: tuple[Group, ...]
    too_few: int
    """Customers of kinds with too few to have a curve."""

    @property
    def differ(self) -> bool:
        """Beyond chance."""
        return self.p_adjusted is not None and self.p_adjusted < 0.05


@dataclass(frozen=True)
class Staying:
    """What the customer list says of staying and leaving.

    Attributes:
        listed: share of the list that left, as it stands; None (with ``refused``) without a list.
        no_rate: why there is no churn rate over time; empty where there is one.
        whole: everybody's curve; None with ``no_curve`` as the reason.
        since: first day on which anybody is recorded as leaving; until: last day that is known.
        late: customers who joined before ``since``, watched from then on; unwatched: those never watched.
    """

    listed: Estimate | None
    refused: str = ""
    no_rate: str = ""
    whole: Group | None = None
    no_curve: str = ""
    contrasts: tuple[Contrast, ...] = ()
    since: date | None = None
    until: date | None = None
    late: int = 0
    unwatched: int = 0


@dataclass(frozen=True, eq=False)
class Watched:
    """Customers of the list with the days between which each was watched.

    ``rows`` are row numbers of the list; ``entry`` and ``exit`` months since joining.
    """

    rows: NDArray[np.intp]
    entry: NDArray[np.float64]
    exit: NDArray[np.float64]
    left: Bools
    since: int
    until: int
    late: int
    unwatched: int


def staying(known: Known, *, where: tuple[Filter, ...] = ()) -> Staying:
    """The share that left, the curve since joining, and whether kinds of customers differ."""
    table = known.list
    if table is None:
        return Staying(None, refused=NO_LIST, no_rate=NO_LIST, no_curve=NO_LIST)
    if "lost" not in table.columns:
        why = table.absent.get("lost", NO_LEAVING)
        return Staying(None, refused=why, no_rate=why, no_curve=why)
    lacking = holds(table, where)
    if lacking:
        why = f"filtered by what the customer list does not hold: {lacking}"
        return Staying(None, refused=why, no_rate=why, no_curve=why)
    (measured,) = compare.measure(known.facts, None, metrics=("churn",), where=where)
    dated = has_dates_of_leaving(table)
    no_rate = "" if dated else NO_DATES
    found = watched(table, known.facts.last_day, where)
    if isinstance(found, str):
        return Staying(measured.estimate, no_rate=no_rate, no_curve=found)
    fewest = known.facts.definitions.minimum_n
    every = np.ones(found.rows.size, np.bool_)
    whole = group(EVERYBODY, found, every, fewest)
    if whole is None:
        why = f"fewer than {fewest} customers were watched after they joined"
        return Staying(measured.estimate, no_rate=no_rate, no_curve=why)
    return Staying(
        measured.estimate,
        no_rate=no_rate,
        whole=whole,
        contrasts=_contrasts(known, found, fewest),
        since=as_date(found.since),
        until=as_date(found.until),
        late=found.late,
        unwatched=found.unwatched,
    )


def watched(table: FactTable, last_day: int, where: tuple[Filter, ...] = ()) -> Watched | str:
    """Who of the list was watched from when to when, or why that cannot be said."""
    if "lost" not in table.columns:
        return table.absent.get("lost", NO_LEAVING)
    if not has_dates_of_leaving(table):
        return NO_DATES
    joined, day = table.columns["joined_day"].astype(np.int64), table.columns["lost_day"].astype(np.int64)
    dated = joined != MISSING_DAY
    if not dated.any():
        return NO_JOINING
    lost = table.columns["lost"] != 0
    gone = lost & (day != MISSING_DAY)
    since = int(day[gone].min())
    until = max(last_day, int(day[gone].max()), int(joined[dated].max()))
    use = kept(table, where) & dated & ~(lost & ~gone) & (table.columns["loss_known"] != 0)
    use &= ~(gone & (day < joined))
    rows = np.flatnonzero(use)
    # The first day on which anybody leaves belongs to the time that is watched.
    start = np.maximum(joined[rows], since - 1)
    end = np.where(gone[rows], day[rows], until)
    # Leaving on the day of joining is half a day of being there, so that it counts.
    same = gone[rows] & (end == start)
    entry = (start - joined[rows]) / MONTH
    exit = (end - joined[rows] + np.where(same, 0.5, 0.0)) / MONTH
    late = int((joined[rows] < since - 1).sum())
    unwatched = int((kept(table, where) & (table.columns["loss_known"] != 0)).sum()) - int(
        (exit > entry).sum()
    )
    return Watched(rows, entry, exit, gone[rows], since, until, late, unwatched)


def group(name: str, found: Watched, mask: Bools, fewest: int) -> Group | None:
    """The curve of some of them; None where fewer than ``fewest`` were ever watched."""
    entry, exit, left = found.entry[mask], found.exit[mask], found.left[mask]
    there = exit > entry
    n = int(there.sum())
    if n < fewest:
        return None
    made = curve(entry, exit, left)
    until = _until(entry[there], exit[there], fewest)
    marks = tuple(
        Mark(months, made.at(months), made.interval(months), _at_risk(entry[there], exit[there], months))
        for months in MARKS
        if months <= until
    )
    return Group(name, n, int((left & there).sum()), made, marks, until)


def _at_risk(entry: NDArray[np.float64], exit: NDArray[np.float64], months: float) -> int:
    return int(((entry < months) & (exit >= months)).sum())


def _until(entry: NDArray[np.float64], exit: NDArray[np.float64], fewest: int) -> float:
    """The last time at which so many are watched."""
    times = np.sort(exit)
    entered = np.searchsorted(np.sort(entry), times, side="left")
    risk = entered - np.arange(times.size)
    enough = np.flatnonzero(risk >= fewest)
    return float(times[enough[-1]]) if enough.size else 0.0


def _contrasts(known: Known, found: Watched, fewest: int) -> tuple[Contrast, ...]:
    table = known.list
    if table is None:
        return ()
    made: list[tuple[str, GroupTest, tuple[Group, ...], int]] = []
    for name in known.dimensions:
        values = table.dimensions[name]
        codes = values.codes[found.rows]
        groups: list[Group] = []
        number = np.full(found.rows.size, -1, np.int64)
        for code, label in enumerate(map(str, values.categories)):
            mask = codes == code
            one = None if label == NONE else group(label, found, mask, fewest)
            if one is not None:
                number[mask] = len(groups)
                groups.append(one)
        use = number >= 0
        if len(groups) < 2:
            continue
        test = log_rank(found.entry[use], found.exit[use], found.left[use], number[use], len(groups))
        few = int((found.exit > found.entry).sum()) - sum(each.n for each in groups)
        made.append((name, test, tuple(groups), few))
    adjusted = benjamini_hochberg([test.p for _, test, _, _ in made])
    return tuple(
        Contrast(name, test, q, groups, few)
        for (name, test, groups, few), q in zip(made, adjusted, strict=True)
    )
