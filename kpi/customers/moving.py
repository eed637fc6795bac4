"""Promoters, passives and detractors: by quarter, and how customers who answered again moved.

Of the customers who answered in the period and had answered before it, the newest answer of each side is one
pair. Whether moves up and down balance is tested exactly: under symmetry each move is as likely to go the
other way (the sign test of McNemar 1947 with steps of one and two groups; symmetry as in Bowker 1948). The
net move is the change of the score of these customers; its interval adds two pairs spread over the six kinds
of moves (after Bonett & Price 2012, Psychological Methods 17:44-58), so that it is never of zero width.
Stuart (1955) and Maxwell (1970) test whether the three shares changed at all.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from kpi import compare, periods
from kpi.calendars import MISSING_DAY
from kpi.customers.knowing import Known, Longs, holds, kept
from kpi.measures import Share
from kpi.model import Basis, Direction, Estimate, Family, Filter, Grain, Metric, Period, Unit
from kpi.periods.kinds import as_date
from kpi.stats import critical, nps_difference
from kpi.stats.intervals import SMALLEST_P

GROUPS = ("detractor", "passive", "promoter")
FLAGS = ("nps_detractor", "nps_passive", "nps_promoter")
NO_NPS = "no column holds a 0-10 answer"
NO_PAIRS = "no customer who answered in the period had answered before it"
MOST_QUARTERS = 8


@dataclass(frozen=True)
class Quarter:
    """One quarter (or month): the score, and the share of each group with its interval."""

    period: Period
    score: Estimate
    shares: Mapping[str, Estimate]


@dataclass(frozen=True)
class Moves:
    """From which group to which customers moved.

    Attributes:
        table: int[3, 3], from (rows) to (columns), detractors first.
        net: mean change of the score of these customers in points (−200 to 200), with its interval.
        p: exact two-sided p that moves up and down balance; None without any move.
        symmetry, margins: p of Bowker's and of Stuart & Maxwell's tests; None where they have no answer.
        other: first answers of those who answered once only, against those of these customers: difference of
            the scores in points with its interval (these − once), None without such.
        refused: why there are no pairs, else empty.
    """

    table: NDArray[np.int64]
    net: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    symmetry: float | None = None
    margins: float | None = None
    other: tuple[float, float, float] | None = None
    others: int = 0
    refused: str = ""

    @property
    def n(self) -> int:
        """Customers with a pair of answers."""
        return int(self.table.sum())

    @property
    def up(self) -> int:
        """Customers who moved to a better group."""
        return int(np.triu(self.table, 1).sum())

    @property
    def down(self) -> int:
        """Customers who moved to a worse group."""
        return int(np.tril(self.table, -1).sum())

    @property
    def clear(self) -> bool:
        """The net move is beyond chance: the exact test and the interval agree."""
        if self.p is None or self.low is None or self.high is None:
            return False
        return self.p < 0.05 and not self.low <= 0 <= self.high


@dataclass(frozen=True, eq=False)
class Pairs:
    """Rows of the surveys: the newest answer before the period and the newest in it, customer by customer."""

    first: NDArray[np.intp]
    second: NDArray[np.intp]
    once: NDArray[np.intp]


def quarters(
    known: Known, until: Period, *, where: tuple[Filter, ...] = (), grain: str = "quarter"
) -> tuple[Quarter, ...]:
    """Score and groups of the newest quarters (or months) up to the end of a period; empty without any."""
    table = known.surveys
    if table is None or "nps_answered" not in table.columns or holds(table, where):
        return ()
    day = table.columns["answered_day"]
    answered = (table.columns["nps_answered"] != 0) & (day != MISSING_DAY)
    if not answered.any():
        return ()
    definitions = known.facts.definitions
    first, last = int(day[answered].min()), min(int(day[answered].max()), until.last_day)
    if last < first:
        return ()
    span = Period(as_date(first), as_date(last))
    spans = periods.grid(span, grain, definitions)[-MOST_QUARTERS:]
    spans = tuple(
        Period(max(each.start, span.start), min(each.end, span.end), each.label, each.kind) for each in spans
    )
    found = compare.histories(known.facts, ("nps", *(_share(name) for name in GROUPS)), spans, where=where)
    return tuple(
        Quarter(
            each,
            found["nps"][place],
            MappingProxyType({name: found[f"nps_{name}"][place] for name in GROUPS}),
        )
        for place, each in enumerate(spans)
        if found["nps"][place].n
    )


def _share(name: str) -> Metric:
    return Metric(
        key=f"nps_{name}",
        name=f"{name.capitalize()}s",
        question=f"How many answers are those of {name}s?",
        family=Family.SATISFACTION,
        unit=Unit.PERCENT,
        better=Direction.NEUTRAL,
        grain=Grain.SURVEYS,
        basis=Basis.ANSWERED,
        measure=Share(f"nps_{name}", "nps_answered"),
        formula=f"answers of {name}s ÷ all answers",
        needs=("surveys.nps_raw|surveys.nps_bucket",),
        matters=0.03,
    )


def moves(known: Known, period: Period, *, where: tuple[Filter, ...] = ()) -> Moves:
    """How customers who answered before and in the period moved between the groups."""
    found = pairs(known, period, where=where)
    nothing = np.zeros((3, 3), np.int64)
    if isinstance(found, str):
        return Moves(nothing, refused=found)
    group = groups_of(known)
    table = nothing.copy()
    np.add.at(table, (group[found.first], group[found.second]), 1)
    level = known.facts.definitions.confidence
    net, low, high = net_move(table, level)
    once, twice = (np.bincount(group[rows], minlength=3) for rows in (found.once, found.first))
    other = None
    if once.sum() and twice.sum():
        low2, high2, _ = nps_difference(_score(twice), _score(once), level)
        gap = float(twice[2] - twice[0]) / twice.sum() - float(once[2] - once[0]) / once.sum()
        other = (100 * gap, 100 * low2, 100 * high2)
    return Moves(
        table, 100 * net, 100 * low, 100 * high, balance(table), symmetry(table), margins(table), other,
        int(once.sum()),
    )  # fmt: skip


def _score(counts: Longs) -> tuple[float, float, float]:
    return float(counts[2]), float(counts[1]), float(counts[0])


def groups_of(known: Known) -> Longs:
    """Place in ``GROUPS`` of each row of the surveys, −1 without an answer."""
    table = known.surveys
    if table is None or "nps_answered" not in table.columns:
        return np.zeros(0, np.int64)
    group = np.full(len(table), -1, np.int64)
    for place, flag in enumerate(FLAGS):
        group[table.columns[flag] != 0] = place
    return group


def pairs(known: Known, period: Period, *, where: tuple[Filter, ...] = ()) -> Pairs | str:
    """The pairs of answers, or why there are none."""
    table = known.surveys
    if table is None or "nps_answered" not in table.columns:
        return NO_NPS
    if known.answers is None:
        return "no answer can be put to a customer: it has neither a ticket nor a customer's key"
    lacking = holds(table, where)
    if lacking:
        return f"filtered by what answers do not hold: {lacking}"
    day = table.columns["answered_day"].astype(np.int64)
    group = groups_of(known)
    use = (group >= 0) & (day != MISSING_DAY) & (known.answers >= 0) & kept(table, where)
    use &= day <= period.last_day
    rows = np.flatnonzero(use)
    rows = rows[np.argsort(day[rows], kind="stable")]
    who, inside = known.answers[rows], day[rows] >= period.first_day
    first = _newest(rows[~inside], who[~inside])
    second = _newest(rows[inside], who[inside])
    both = sorted(first.keys() & second.keys())
    number = np.bincount(who)
    once = rows[number[who] == 1]
    if not both:
        return NO_PAIRS
    return Pairs(
        np.array([first[each] for each in both], np.intp),
        np.array([second[each] for each in both], np.intp),
        once,
    )


def _newest(rows: NDArray[np.intp], who: Longs) -> dict[int, int]:
    """Customer → the last of their rows (rows come in order of time)."""
    return dict(zip(who.tolist(), rows.tolist(), strict=True))


# ---------------------------------------------------------------- statistics of a table of moves


def net_move(table: NDArray[np.int64], level: float = 0.95) -> tuple[float, float, float]:
    """Mean change in groups (−1 for a step down half the scale …), from −2 to 2, with its interval.

    >>> net, low, high = net_move(np.array([[10, 4, 2], [1, 20, 5], [0, 2, 30]]))
    >>> round(net, 3), low < net < high
    (0.135, True)
    """
    steps = np.subtract.outer(np.arange(3), np.arange(3)).T.astype(np.float64)
    n = float(table.sum())
    if n <= 0:
        return 0.0, -2.0, 2.0
    net = float((table * steps).sum()) / n
    spread = table + np.where(steps != 0, 1 / 3, 0.0)
    total = float(spread.sum())
    middle = float((spread * steps).sum()) / total
    variance = (float((spread * steps**2).sum()) / total - middle**2) / total
    half = critical(level, max(1.0, n - 1)) * math.sqrt(max(variance, 0.0))
    return net, max(-2.0, min(net, middle - half)), min(2.0, max(net, middle + half))


def balance(table: NDArray[np.int64]) -> float | None:
    """Exact two-sided p that steps up and down balance; None without a move.

    >>> round(balance(np.array([[5, 8, 0], [2, 5, 0], [0, 0, 5]])), 4)       # McNemar exact, 8 and 2
    0.1094
    """
    one = int(table[0, 1] + table[1, 2]), int(table[1, 0] + table[2, 1])
    two = int(table[0, 2]), int(table[2, 0])
    n1, n2 = sum(one), sum(two)
    if not n1 + n2:
        return None
    singles = stats.binom.pmf(np.arange(n1 + 1), n1, 0.5)
    doubles = stats.binom.pmf(np.arange(n2 + 1), n2, 0.5)
    value = np.add.outer(2 * np.arange(n1 + 1) - n1, 2 * (2 * np.arange(n2 + 1) - n2))
    seen = abs(one[0] - one[1] + 2 * (two[0] - two[1]))
    chance = np.outer(singles, doubles)
    return min(1.0, max(float(chance[np.abs(value) >= seen].sum()), SMALLEST_P))


def symmetry(table: NDArray[np.int64]) -> float | None:
    """Bowker's test: is each kind of move as frequent as its opposite? None without a move."""
    chi2, df = 0.0, 0
    for one in range(3):
        for other in range(one):
            a, b = int(table[one, other]), int(table[other, one])
            if a + b:
                chi2 += (a - b) ** 2 / (a + b)
                df += 1
    return max(SMALLEST_P, float(special.chdtrc(df, chi2))) if df else None


def margins(table: NDArray[np.int64]) -> float | None:
    """Stuart & Maxwell's test: are the shares of the three groups the same before and after?"""
    gap = (table.sum(axis=1) - table.sum(axis=0)).astype(np.float64)[:-1]
    spread = -(table + table.T).astype(np.float64)
    np.fill_diagonal(spread, 0.0)
    np.fill_diagonal(spread, -spread.sum(axis=1))
    inner = spread[:-1, :-1]
    df = int(np.linalg.matrix_rank(inner))
    if not df:
        return None
    chi2 = float(gap @ np.linalg.pinv(inner) @ gap)
    return max(SMALLEST_P, float(special.chdtrc(df, chi2)))
