"""The search for hours that stand out, on sums by day and hour.

An hour is held against the other open hours *of the same days*, so that a bad day, a bad week or a season
cannot make an hour look bad: waits on a log scale (shares as they are), with an intercept for every day, and
days as clusters. Hours over all working days together and single hours of single weekdays, of every measure,
are one family (Benjamini-Hochberg). The strongest hour beyond chance is taken out of what others are held
against, and the rest is asked again, until none is left: otherwise one slow hour would make all others look
quick.

The estimate is that of ordinary least squares with a dummy for every day; its variance is by days with the
correction CR2 (Bell & McCaffrey 2002), and never less than that of independent rows.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import special

from kpi.bottlenecks.arrivals import Wait
from kpi.bottlenecks.nouns import Bools, Effect, Floats, Longs, Slot
from kpi.bottlenecks.opening import DAY_HOURS, WEEK, Opening
from kpi.bottlenecks.within import FEWEST_CLUSTERS
from kpi.stats import benjamini_hochberg, cr2, critical, empirical_bayes, two_sided_p
from kpi.verdicts import chance

FEWEST = 10
"""Contacts of an hour, and of the other hours of its days, without which it is not tested."""
MOST_STEPS = 12


@dataclass(frozen=True)
class Look:
    """One hour that is asked about: measure (place in the list) and slot."""

    measure: int
    slot: Slot


@dataclass(frozen=True, eq=False)
class ByHour:
    """Sums of one measure by day and hour, days from ``first`` on: rows, values, squares of values.

    ``open`` says by day and hour whether the team is open; ``on`` gives the days of some weekdays.
    """

    wait: Wait
    first: int
    n: Floats
    sum: Floats
    square: Floats
    open: Bools
    weekday: Longs
    _on: dict[tuple[int, ...], Longs] = field(default_factory=dict)

    @staticmethod
    def of(wait: Wait, opened: Opening) -> ByHour:
        """The sums of a measure."""
        first = int(wait.day.min()) if wait.day.size else 0
        day = wait.day - first
        size = int(day.max()) + 1 if day.size else 0
        code = day * DAY_HOURS + wait.hour

        def total(values: Floats | None) -> Floats:
            made = np.bincount(code, weights=values, minlength=size * DAY_HOURS)
            return made.reshape(size, DAY_HOURS).astype(np.float64)

        weekday = (first + np.arange(size) + 3) % WEEK
        return ByHour(
            wait,
            first,
            total(None),
            total(wait.value),
            total(wait.value**2),
            opened.open[weekday] if size else np.zeros((0, DAY_HOURS), np.bool_),
            weekday,
        )

    def on(self, weekdays: tuple[int, ...]) -> Longs:
        """Places of the days that are one of these weekdays."""
        if weekdays not in self._on:
            self._on[weekdays] = np.flatnonzero(np.isin(self.weekday, weekdays))
        return self._on[weekdays]


@dataclass(frozen=True, eq=False)
class Rest:
    """What hours are held against: open hours that were not taken out, summed over each day."""

    table: ByHour
    taken: Bools
    usable: Bools
    n: Floats
    sum: Floats
    square: Floats

    @staticmethod
    def of(table: ByHour, taken: Bools) -> Rest:
        """All open hours without those that were taken out."""
        usable = table.open & ~taken
        sums = (np.where(usable, each, 0.0).sum(axis=1) for each in (table.n, table.sum, table.square))
        return Rest(table, taken, usable, *sums)

    def effect(self, slot: Slot, level: float, *, own_too: bool = False) -> Effect:
        """An hour against the other open hours of the same days.

        ``own_too``: its own rows count although the hour was taken out of what others are held against.
        """
        table, hour = self.table, slot.hour
        days = table.on(slot.weekdays)
        mine = 1.0 if own_too else (~self.taken[days, hour]).astype(np.float64)
        inside = self.usable[days, hour].astype(np.float64)
        n1, s1, q1 = (each[days, hour] for each in (table.n, table.sum, table.square))
        n2, s2, q2 = self.n[days] - inside * n1, self.sum[days] - inside * s1, self.square[days] - inside * q1
        n1, s1, q1 = n1 * mine, s1 * mine, q1 * mine
        both = (n1 > 0.5) & (n2 > 0.5)
        if not both.any():
            return Effect(None, reason="no day has contacts in this hour and in others")
        n1, s1, q1, n2, s2, q2 = (each[both] for each in (n1, s1, q1, n2, s2, q2))
        weight = n1 * n2 / (n1 + n2)
        ratio = cr2(weight * (s1 / n1 - s2 / n2), weight)
        if ratio.value is None or ratio.variance is None or ratio.effective < FEWEST_CLUSTERS:
            return Effect(ratio.value, clusters=ratio.effective, reason="too few days have both")
        total = float(weight.sum())
        spread = float((q1 + q2 - (s1 + s2) ** 2 / (n1 + n2)).sum()) - ratio.value**2 * total
        spare = float((n1 + n2 - 1).sum()) - 1
        variance = max(ratio.variance, max(spread, 0.0) / max(spare, 1.0) / total)
        se, df = math.sqrt(variance), max(1.0, ratio.effective - 1)
        if se <= 1e-9:
            return Effect(ratio.value, clusters=ratio.effective, reason="all waits are the same")
        p = two_sided_p(ratio.value / se, df)
        # Above the level Benjamini-Hochberg decides the same with any larger p.
        if table.wait.kind == "share" and p < chance(level):
            p = max(p, exact(s1.sum(), n1.sum(), s2.sum(), n2.sum()))
        half = critical(level, df) * se
        return Effect(ratio.value, ratio.value - half, ratio.value + half, p, se, df, ratio.effective)

    def enough(self, slot: Slot, least: int) -> bool:
        """Whether an hour and the others of its days have so many rows."""
        days = self.table.on(slot.weekdays)
        own = self.table.n[days, slot.hour]
        others = self.n[days] - np.where(self.usable[days, slot.hour], own, 0.0)
        both = (own > 0.5) & (others > 0.5)
        return bool(own[both].sum() >= least and others[both].sum() >= least)


def exact(k1: float, n1: float, k2: float, n2: float) -> float:
    """Doubled tail of the hypergeometric: a share of rare cases must not look sure because none occurred.

    >>> exact(0, 10, 5, 90), round(exact(3, 3, 0, 3), 3)  # Fisher's tea: 2 / C(6, 3)
    (1.0, 0.1)
    """

    def logs(k: np.ndarray, n: float) -> np.ndarray:
        found: np.ndarray = special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)
        return found

    k = k1 + k2
    possible = np.arange(max(0.0, k - n2), min(k, n1) + 1)
    weight = np.exp(logs(possible, n1) + logs(k - possible, n2) - logs(np.array([k]), n1 + n2))
    low, high = float(weight[possible <= k1].sum()), float(weight[possible >= k1].sum())
    return float(min(1.0, max(2 * min(low, high), 1e-300)))


# ---------------------------------------------------------------- the search


@dataclass(frozen=True, eq=False)
class Searched:
    """What was found, in the order it was found, each with its adjusted p; the rest at the end."""

    found: tuple[tuple[Look, float], ...]
    rests: tuple[Rest, ...]
    shrunk: Mapping[Look, float]
    looks: tuple[Look, ...]
    too_few: int


def search(tables: Sequence[ByHour], opened: Opening, level: float, least: int) -> Searched:
    """Hours beyond chance, one after the other."""
    rests = [Rest.of(table, np.zeros(table.n.shape, np.bool_)) for table in tables]
    every = list(looks(len(tables), opened))
    asked = [look for look in every if rests[look.measure].enough(look.slot, max(least, FEWEST))]
    left = list(asked)
    effects = {look: rests[look.measure].effect(look.slot, level) for look in left}
    found: list[tuple[Look, float]] = []
    alpha = chance(level)
    for _ in range(MOST_STEPS):
        p = [effects[look].p for look in left]
        adjusted = benjamini_hochberg(p)
        real = [place for place, q in enumerate(adjusted) if q is not None and q < alpha]
        if not real:
            break
        best = min(real, key=lambda place: (p[place] or 0.0, -len(left[place].slot.weekdays)))
        look = left[best]
        found.append((look, adjusted[best] or 0.0))
        before = rests[look.measure]
        taken = before.taken.copy()
        taken[before.table.on(look.slot.weekdays), look.slot.hour] = True
        rests[look.measure] = Rest.of(before.table, taken)
        left = [each for each in left if not within_of(each, look)]
        effects |= {
            each: rests[each.measure].effect(each.slot, level)
            for each in left
            if each.measure == look.measure and set(each.slot.weekdays) & set(look.slot.weekdays)
        }
    return Searched(
        tuple(found), tuple(rests), _shrunk(rests, asked, level), tuple(asked), len(every) - len(asked)
    )


def looks(measures: int, opened: Opening) -> Iterable[Look]:
    """Hours over all working days, then hours of single weekdays."""
    for measure in range(measures):
        for hour in range(DAY_HOURS):
            together = tuple(w for w in opened.working if opened.open[w, hour])
            if len(together) > 1:
                yield Look(measure, Slot(together, hour))
        for weekday in range(WEEK):
            for hour in range(DAY_HOURS):
                if opened.open[weekday, hour]:
                    yield Look(measure, Slot((weekday,), hour))


def within_of(one: Look, other: Look) -> bool:
    """Whether an hour is part of another one."""
    return (
        one.measure == other.measure
        and one.slot.hour == other.slot.hour
        and set(one.slot.weekdays) <= set(other.slot.weekdays)
    )


def _shrunk(rests: Sequence[Rest], asked: Sequence[Look], level: float) -> dict[Look, float]:
    """Effects pulled towards those of the other hours of the measure: all working days, single weekdays."""
    found: dict[Look, float] = {}
    for measure, rest in enumerate(rests):
        for together in (True, False):
            mine = [
                look
                for look in asked
                if look.measure == measure and (len(look.slot.weekdays) > 1) == together
            ]
            known = [
                (look, each.value, each.se)
                for look in mine
                if (each := rest.effect(look.slot, level, own_too=True)).value is not None and each.se
            ]
            if len(known) < 3:
                continue
            pulled = empirical_bayes([value for _, value, _ in known], [se**2 for _, _, se in known]).values
            if pulled is not None:
                found |= dict(zip((look for look, _, _ in known), pulled.tolist(), strict=True))
    return found
