"""Accounts at risk: reasons to look at a customer, each of them counted and shown, never a hidden score.

Whether somebody writes more often than chance is tested for every account of the period: the number of
contacts against a Poisson number of equal customers, given that it is not 0 (only those who write are seen),
over the days that the account was there. Benjamini-Hochberg over all accounts holds the share of accounts
named without cause. All other reasons are facts about single contacts and answers that were known at the end
of the period.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from kpi.calendars import MISSING_DAY
from kpi.customers.chances import chance_of, equal_rate, expected, usual_spread
from kpi.customers.knowing import Bools, Known, Longs, holds, kept
from kpi.customers.scores import drops_of, falls_of, unhappy
from kpi.model import Filter, Period
from kpi.stats import benjamini_hochberg

Floats = NDArray[np.float64]

RATE = 0.05
"""Share of accounts said to write more than chance that do not (Benjamini-Hochberg)."""
LISTED = 2
"""An account with at least so many reasons is listed."""
LONG = 0.9
"""A contact that is open for longer than this share of contacts needs is waiting long."""
WEEK_MINUTES = 7 * 1440


class Reason(StrEnum):
    """Why an account is looked at."""

    MANY = "Writes more often than chance"
    UNHAPPY = "Unhappy answer"
    FELL = "Score fell"
    REOPENED = "Reopened contact"
    ESCALATED = "Escalated contact"
    WAITING = "Waits unusually long"


REASONS = tuple(Reason)


@dataclass(frozen=True)
class Account:
    """One customer or organisation.

    Attributes:
        code: place in ``Known.keys``.
        contacts, before: in the period, and in the period before it (None without one).
        expected: what equal customers who write at all make on average in the days it was there.
        p_adjusted: chance of so many contacts if all were alike, adjusted for all accounts.
        p_usual: the same if customers differ as these do (negative binomial); as above where they are alike.
        counts: for each reason how many contacts or answers are behind it (0: the reason does not hold).
        waiting: days since its oldest open contact came; None without one.
        fall: the largest fall of a score, as (question, before, now) on 0 to 100; None without one.
        segment: what the customer list says of it.
    """

    code: int
    contacts: int
    before: int | None
    expected: float
    p_adjusted: float
    p_usual: float
    counts: tuple[int, ...]
    waiting: float | None
    fall: tuple[str, float, float] | None

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The reasons that hold."""
        return tuple(reason for reason, count in zip(REASONS, self.counts, strict=True) if count)


@dataclass(frozen=True)
class Risk:
    """The accounts of a period, those with most reasons first.

    Attributes:
        accounts: listed ones only (two reasons or more); every: how many had a contact in the period.
        many: how many of all write more often than chance; outliers: how many of them even if customers
            differ as these do; looked_at: accounts that were tested.
        lacking: reasons that the data cannot tell, with what is missing.
        rate: contacts of an equal customer in the period (of those who write or not).
        long_wait: minutes from which a wait is unusually long; None where that cannot be told.
        refused: why there is no list, else empty.
    """

    unit: str
    period: Period
    accounts: tuple[Account, ...] = ()
    every: int = 0
    many: int = 0
    outliers: int = 0
    looked_at: int = 0
    lacking: tuple[str, ...] = ()
    rate: float = 0.0
    long_wait: float | None = None
    refused: str = ""


@dataclass(frozen=True, eq=False)
class Looked:
    """All accounts with a contact in a period; arrays over them.

    Attributes:
        code, contacts: int[n]; exposure: share of the period's days that each was there.
        p: chance of so many contacts if all were alike; q: adjusted; q_usual: adjusted, if they differ as
            these do.
        counts: int[n, reasons].
        flagged: row numbers of contacts (or answers) behind each reason.
    """

    code: Longs
    contacts: Longs
    exposure: Floats
    p: Floats
    q: Floats
    q_usual: Floats
    counts: NDArray[np.int64]
    waiting: Floats
    fall: Floats
    flagged: dict[Reason, NDArray[np.intp]]
    lacking: tuple[str, ...]
    rate: float
    long_wait: float | None

    @property
    def reasons(self) -> NDArray[np.int64]:
        """How many reasons hold for each account."""
        found: NDArray[np.int64] = (self.counts > 0).sum(axis=1)
        return found


def risk(
    known: Known, period: Period, before: Period | None = None, *, where: tuple[Filter, ...] = ()
) -> Risk:
    """The accounts with two or more reasons at the end of a period.

    Raises:
        ValueError: for a filter on a field that contacts do not have.
    """
    unit = known.noun
    looked = look(known, period, where=where, differing=True)
    if isinstance(looked, str):
        return Risk(unit, period, refused=looked)
    earlier = None
    if before is not None and before.last_day < period.first_day and known.who is not None:
        rows = known.rows(before, where)
        earlier = np.bincount(known.who[rows], minlength=known.keys.size)
    reasons = looked.reasons
    listed = np.flatnonzero(reasons >= LISTED)
    order = listed[
        np.lexsort((looked.code[listed], looked.p[listed], -looked.contacts[listed], -reasons[listed]))
    ]
    means = expected(looked.rate * looked.exposure)
    falls = falls_of(known, set(looked.code[order[looked.fall[order] > 0]].tolist()), period, where)
    accounts = tuple(
        Account(
            int(looked.code[place]),
            int(looked.contacts[place]),
            None if earlier is None else int(earlier[looked.code[place]]),
            float(means[place]),
            float(looked.q[place]),
            float(looked.q_usual[place]),
            tuple(int(each) for each in looked.counts[place]),
            None if looked.waiting[place] < 0 else float(looked.waiting[place]),
            falls.get(int(looked.code[place])),
        )
        for place in order.tolist()
    )
    return Risk(
        unit,
        period,
        accounts,
        looked.code.size,
        int((looked.q < RATE).sum()),
        int((looked.q_usual < RATE).sum()),
        looked.code.size,
        looked.lacking,
        looked.rate,
        looked.long_wait,
    )


def look(
    known: Known, period: Period, *, where: tuple[Filter, ...] = (), differing: bool = False
) -> Looked | str:
    """Every account with a contact in the period, its reasons as known at the end; or why there are none.

    ``differing``: whether contacts are also held against the usual spread between customers.
    """
    if known.who is None:
        return known.refused
    if not known.dated:
        return "contacts have no dates, so nothing can be said of a period"
    rows = known.rows(period, where)
    if not rows.size:
        return f"no contact of a known {known.noun[:-1]} in this period"
    counts = np.bincount(known.who[rows], minlength=known.keys.size).astype(np.int64)
    code = np.flatnonzero(counts).astype(np.int64)
    contacts = counts[code]
    exposure = _exposure(known, code, period)
    rate = equal_rate(contacts, exposure)
    p = chance_of(contacts, rate * exposure)
    q = _adjusted(p)
    spread = usual_spread(contacts, exposure) if differing else None
    # Never surer than for customers who are all alike.
    q_usual = q if spread is None else np.maximum(q, _adjusted(spread.chance_of(contacts, exposure)))
    made = np.zeros((code.size, len(REASONS)), np.int64)
    made[:, REASONS.index(Reason.MANY)] = np.where(q < RATE, contacts, 0)
    flagged: dict[Reason, NDArray[np.intp]] = {
        Reason.MANY: rows[(q < RATE)[np.searchsorted(code, known.who[rows])]]
    }
    lacking: list[str] = []
    _contact_reasons(known, period, rows, code, made, flagged, lacking)
    waiting, long_wait = _waits(known, period, where, rows, code, made, flagged, lacking)
    fall = _answer_reasons(known, period, where, code, made, flagged, lacking)
    return Looked(
        code, contacts, exposure, p, q, q_usual, made, waiting, fall, flagged, tuple(lacking), rate, long_wait
    )


def _adjusted(p: Floats) -> Floats:
    return np.array([1.0 if each is None else each for each in benjamini_hochberg(p)])


def _exposure(known: Known, code: Longs, period: Period) -> Floats:
    """Share of the days of the period that each account was there, by the dates of the customer list.

    Who wrote before the date of joining was there before it, so that date says nothing.
    """
    found = np.ones(code.size)
    table = known.list
    if table is None or known.listed is None or known.who is None:
        return found
    first = np.full(known.keys.size, MISSING_DAY, np.int64)
    joined = table.columns["joined_day"].astype(np.int64)
    use = (joined != MISSING_DAY) & (known.listed >= 0)
    first[known.listed[use]] = joined[use]
    days_of_contacts, dated = known.days().astype(np.int64), known.who >= 0
    dated &= days_of_contacts != MISSING_DAY
    early = np.zeros(known.keys.size, np.bool_)
    early[known.who[dated & (days_of_contacts < first[known.who])]] = True
    own = np.where(early, MISSING_DAY, first)[code]
    days = np.clip(period.last_day - np.maximum(own, period.first_day) + 1, 1, period.days)
    return np.where(own == MISSING_DAY, 1.0, days / period.days)


def settled_by(known: Known, period: Period) -> Bools:
    """Contacts of which it was known at the end of a period what had become of them.

    The data say that a contact was reopened or escalated, not when: those solved for good by the end, and at
    the end of the data all of them.
    """
    table = known.contacts
    if period.last_day >= known.facts.last_day or "solved_day" not in table.columns:
        return np.ones(len(table), np.bool_)
    solved = table.columns["solved_day"]
    found: Bools = (solved != MISSING_DAY) & (solved <= period.last_day)
    return found


def _contact_reasons(
    known: Known,
    period: Period,
    rows: NDArray[np.intp],
    code: Longs,
    made: NDArray[np.int64],
    flagged: dict[Reason, NDArray[np.intp]],
    lacking: list[str],
) -> None:
    columns, settled = known.contacts.columns, settled_by(known, period)
    for reason, flag, word in (
        (Reason.REOPENED, "reopened", "whether a contact was reopened"),
        (Reason.ESCALATED, "escalated", "whether a contact was escalated"),
    ):
        if flag not in columns:
            lacking.append(word)
            flagged[reason] = rows[:0]
            continue
        hit = rows[(columns[flag][rows] != 0) & settled[rows]]
        flagged[reason] = hit
        made[:, REASONS.index(reason)] = _of(known.who, hit, code)


def _of(who: Longs | None, hit: NDArray[np.intp], code: Longs) -> Longs:
    """How many of these rows each account has."""
    if who is None or not hit.size:
        return np.zeros(code.size, np.int64)
    top = int(max(who[hit].max(initial=0), code.max(initial=0))) + 1
    return np.bincount(who[hit], minlength=top)[code].astype(np.int64)


def _waits(
    known: Known,
    period: Period,
    where: tuple[Filter, ...],
    rows: NDArray[np.intp],
    code: Longs,
    made: NDArray[np.int64],
    flagged: dict[Reason, NDArray[np.intp]],
    lacking: list[str],
) -> tuple[Floats, float | None]:
    """Days that the oldest open contact of each account waits (−1 without one), and what is long."""
    columns = known.contacts.columns
    waiting = np.full(code.size, -1.0)
    flagged[Reason.WAITING] = rows[:0]
    if known.who is None or not {"entered", "left", "left_day"} <= set(columns):
        lacking.append("which contacts are still open")
        return waiting, None
    day = known.days().astype(np.int64)
    long_wait = float(WEEK_MINUTES)
    if {"ttr_min", "ttr_ended"} <= set(columns):
        taken = columns["ttr_min"][rows][columns["ttr_ended"][rows] != 0]
        if taken.size >= known.facts.definitions.minimum_n:
            long_wait = float(np.quantile(taken, LONG))
    open_rows = np.flatnonzero(
        (columns["entered"] != 0)
        & (day != MISSING_DAY)
        & (day <= period.last_day)
        & ~((columns["left"] != 0) & (columns["left_day"] <= period.last_day))
        & (known.who >= 0)
        & kept(known.contacts, where)
    )
    place = np.searchsorted(code, known.who[open_rows])
    there = (place < code.size) & (code[np.minimum(place, code.size - 1)] == known.who[open_rows])
    open_rows, place = open_rows[there], place[there]
    age = (period.last_day - day[open_rows]).astype(np.float64)
    np.maximum.at(waiting, place, age)
    late = age * 1440 > long_wait
    flagged[Reason.WAITING] = open_rows[late]
    made[:, REASONS.index(Reason.WAITING)] = np.bincount(place[late], minlength=code.size)
    return waiting, long_wait


def _answer_reasons(
    known: Known,
    period: Period,
    where: tuple[Filter, ...],
    code: Longs,
    made: NDArray[np.int64],
    flagged: dict[Reason, NDArray[np.intp]],
    lacking: list[str],
) -> Floats:
    """Unhappy answers in the period and falls of a score up to its end; the largest fall of each account."""
    largest = np.zeros(code.size)
    table = known.surveys
    flagged[Reason.UNHAPPY] = flagged[Reason.FELL] = np.zeros(0, np.intp)
    if table is None or known.answers is None or holds(table, where):
        lacking.append("what customers answered in surveys")
        return largest
    day = table.columns["answered_day"].astype(np.int64)
    use = (known.answers >= 0) & (day != MISSING_DAY) & (day <= period.last_day) & kept(table, where)
    inside = use & (day >= period.first_day)
    unhappy_rows = np.flatnonzero(inside & unhappy(known))
    flagged[Reason.UNHAPPY] = unhappy_rows
    made[:, REASONS.index(Reason.UNHAPPY)] = _of(known.answers, unhappy_rows, code)
    fell = np.zeros(0, np.intp)
    for _, rows, drops in drops_of(known, use, period):
        place = np.searchsorted(code, known.answers[rows])
        there = (place < code.size) & (code[np.minimum(place, code.size - 1)] == known.answers[rows])
        np.maximum.at(largest, place[there], drops[there])
        fell = np.append(fell, rows[there])
    flagged[Reason.FELL] = np.unique(fell)
    made[:, REASONS.index(Reason.FELL)] = _of(known.answers, flagged[Reason.FELL], code)
    return largest
