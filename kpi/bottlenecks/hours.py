"""Hours of the week: what comes, what is answered, how long it waits, and which hours stand out.

An hour is held against the other open hours *of the same days*, so that a bad day, a bad week or a season
cannot make an hour look bad: waits on a log scale (shares as they are), with an intercept for every day, and
days as clusters (:mod:`kpi.bottlenecks.within`, here from sums by day and hour). Hours over all working days
together and single hours of single weekdays, of every measure, are one family (Benjamini-Hochberg). The
strongest hour beyond chance is taken out of what others are held against, and the rest is asked again, until
none is left: otherwise one slow hour would make all others look quick.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats as distributions

from kpi import periods
from kpi.bottlenecks.arrivals import Wait, grids, waits
from kpi.bottlenecks.nouns import (
    NO_ROWS,
    Behind,
    Bools,
    Cell,
    Effect,
    Floats,
    Grid,
    Hours,
    Longs,
    Slot,
    Standing,
)
from kpi.bottlenecks.opening import Opening, applies, opening
from kpi.bottlenecks.within import FEWEST_CLUSTERS
from kpi.facts import Facts
from kpi.model import Filter, Grain, Period
from kpi.periods.kinds import as_date
from kpi.stats import (
    benjamini_hochberg,
    cr2,
    critical,
    empirical_bayes,
    fcr_level,
    two_sided_p,
)
from kpi.verdicts import chance

DAY_HOURS, WEEK = 24, 7
FEWEST = 10
"""Contacts of an hour, and of the other hours of its days, without which it is not tested."""
MOST_STEPS = 12
HALF_YEAR = 182


@dataclass(frozen=True, eq=False)
class _Table:
    """Sums of one measure by day and hour: rows, values, squares of values."""

    wait: Wait
    weekday: Longs
    n: Floats
    sum: Floats
    square: Floats
    open: Bools
    """By day and hour."""


@dataclass(frozen=True)
class _Look:
    """One hour that is asked about: measure (place in the list) and slot."""

    measure: int
    slot: Slot


def hours(facts: Facts, days: Period, *, where: tuple[Filter, ...] = ()) -> Hours:
    """Which hours stand out on these days.

    Raises:
        ValueError: for a field of ``where`` that no table has.
    """
    level = facts.definitions.confidence
    found = waits(facts, days, where)
    opened = opening(facts, days, where)
    counted = grids(facts, days, where)
    zone = facts.definitions.timezone
    if opened.refused is not None:
        grains = (facts.table(grain) for grain in (Grain.TICKETS, Grain.CALLS))
        usable = any(table is not None and applies(table, where) for table in grains)
        why = opened.refused if usable else "; ".join(found.notes)
        return Hours(days, zone, counted, (), 0, 0, (), "", (), why, level)
    tables = [_table(wait, opened) for wait in found.waits]
    looks = list(_looks(tables, opened))
    enough = [look for look in looks if _enough(tables[look.measure], look, facts.definitions.minimum_n)]
    standing, taken = _search(tables, enough, level)
    marked = {(each.measure, w, each.slot.hour) for each in standing for w in each.slot.weekdays}
    made = tuple(_grid(table, opened, taken[place], marked) for place, table in enumerate(tables))
    return Hours(
        days,
        zone,
        (*made, *counted),
        standing,
        len(enough),
        len(looks) - len(enough),
        opened.working,
        opened.words,
        found.notes,
        None if tables else "no column tells how long customers waited, by the hour at which they came",
        level,
    )


def half_year(facts: Facts, period: Period) -> Period:
    """The 182 days up to the end of a period (or all of it, where it is longer), as far as the data go."""
    last = min(period.last_day, facts.last_day)
    first = max(min(period.first_day, last - HALF_YEAR + 1), min(facts.first_day, last))
    return periods.custom(as_date(first), as_date(max(first, last)), facts.definitions)


# ---------------------------------------------------------------- sums


def _table(wait: Wait, opened: Opening) -> _Table:
    day = wait.day - wait.day.min() if wait.day.size else wait.day
    size = int(day.max()) + 1 if day.size else 0
    first = int(wait.day.min()) if wait.day.size else 0
    code = day * DAY_HOURS + wait.hour

    def total(values: Floats | None) -> Floats:
        made = np.bincount(code, weights=values, minlength=size * DAY_HOURS)
        return made.reshape(size, DAY_HOURS).astype(np.float64)

    weekday = (first + np.arange(size) + 3) % WEEK
    return _Table(
        wait,
        weekday,
        total(None),
        total(wait.value),
        total(wait.value**2),
        opened.open[weekday] if size else np.zeros((0, DAY_HOURS), np.bool_),
    )


def _looks(tables: Sequence[_Table], opened: Opening) -> Iterable[_Look]:
    """Hours over all working days, then hours of single weekdays."""
    for measure in range(len(tables)):
        for hour in range(DAY_HOURS):
            together = tuple(w for w in opened.working if opened.open[w, hour])
            if len(together) > 1:
                yield _Look(measure, Slot(together, hour))
        for weekday in range(WEEK):
            for hour in range(DAY_HOURS):
                if opened.open[weekday, hour]:
                    yield _Look(measure, Slot((weekday,), hour))


def _enough(table: _Table, look: _Look, minimum: int) -> bool:
    own, others = _counts(table, look.slot, np.zeros(table.n.shape, np.bool_))
    both = (own > 0) & (others > 0)
    least = max(minimum, FEWEST)
    return bool(own[both].sum() >= least and others[both].sum() >= least)


def _counts(table: _Table, slot: Slot, taken: Bools) -> tuple[Floats, Floats]:
    """Rows by day in the hour and in the other open hours that nothing was taken out of."""
    on = np.isin(table.weekday, slot.weekdays)
    own = np.where(on & ~taken[:, slot.hour], table.n[:, slot.hour], 0.0)
    usable = table.open & ~taken
    usable[:, slot.hour] = False
    others = np.where(on, np.where(usable, table.n, 0.0).sum(axis=1), 0.0)
    return own, others


# ---------------------------------------------------------------- the search


def _search(
    tables: Sequence[_Table], looks: Sequence[_Look], level: float
) -> tuple[tuple[Standing, ...], list[Bools]]:
    """Hours beyond chance, one after the other; what was taken out of each measure at the end."""
    taken = [np.zeros(table.n.shape, np.bool_) for table in tables]
    left = list(looks)
    found: list[tuple[_Look, float]] = []
    alpha = chance(level)
    for _ in range(MOST_STEPS):
        effects = [_effect(tables[look.measure], look.slot, taken[look.measure], level) for look in left]
        p = [each.p for each in effects]
        adjusted = benjamini_hochberg(p)
        real = [
            place
            for place, q in enumerate(adjusted)
            if q is not None and q < alpha and effects[place].p is not None
        ]
        if not real:
            break
        best = min(real, key=lambda place: (p[place] or 0.0, -len(left[place].slot.weekdays)))
        look, q = left[best], adjusted[best]
        found.append((look, 1.0 if q is None else q))
        rows = np.isin(tables[look.measure].weekday, look.slot.weekdays)
        taken[look.measure][rows, look.slot.hour] = True
        left = [each for each in left if not _inside(each, look)]
    shrunk = _shrunk(tables, looks, taken, level)
    wide = 1 - fcr_level(len(found), max(len(looks), 1), alpha) if found else alpha
    standing = [
        _standing(tables[look.measure], look, q, taken[look.measure], shrunk.get(look), 1 - wide)
        for look, q in found
    ]
    standing.sort(key=lambda each: (not each.slower, -abs(each.effect.value or 0.0) / _scale(each)))
    return tuple(standing), taken


def _scale(standing: Standing) -> float:
    """The standard error: it puts logs of ratios and differences of shares on one footing."""
    return max(standing.effect.se or 1.0, 1e-12)


def _inside(one: _Look, other: _Look) -> bool:
    return (
        one.measure == other.measure
        and one.slot.hour == other.slot.hour
        and set(one.slot.weekdays) <= set(other.slot.weekdays)
    )


def _effect(table: _Table, slot: Slot, taken: Bools, level: float, *, own_too: bool = False) -> Effect:
    """The hour against the other open hours of the same days.

    ``own_too``: its own rows count although the hour was taken out of what others are held against.
    """
    on = np.isin(table.weekday, slot.weekdays)
    usable = table.open & ~taken
    usable[:, slot.hour] = False
    mine = on if own_too else on & ~taken[:, slot.hour]
    n1 = np.where(mine, table.n[:, slot.hour], 0.0)
    s1 = np.where(mine, table.sum[:, slot.hour], 0.0)
    q1 = np.where(mine, table.square[:, slot.hour], 0.0)
    n2 = np.where(on, np.where(usable, table.n, 0.0).sum(axis=1), 0.0)
    s2 = np.where(on, np.where(usable, table.sum, 0.0).sum(axis=1), 0.0)
    q2 = np.where(on, np.where(usable, table.square, 0.0).sum(axis=1), 0.0)
    both = (n1 > 0) & (n2 > 0)
    if not both.any():
        return Effect(None, reason="no day has contacts in this hour and in others")
    n1, s1, q1, n2, s2, q2 = (each[both] for each in (n1, s1, q1, n2, s2, q2))
    weight = n1 * n2 / (n1 + n2)
    gap = s1 / n1 - s2 / n2
    ratio = cr2(weight * gap, weight)
    if ratio.value is None or ratio.variance is None or ratio.effective < FEWEST_CLUSTERS:
        return Effect(ratio.value, clusters=ratio.effective, reason="too few days have both")
    total = float(weight.sum())
    spread = float((q1 + q2 - (s1 + s2) ** 2 / (n1 + n2)).sum()) - ratio.value**2 * total
    spare = float((n1 + n2 - 1).sum()) - 1
    independent = max(spread, 0.0) / max(spare, 1.0) / total
    variance = max(ratio.variance, independent)
    se = math.sqrt(variance)
    df = max(1.0, ratio.effective - 1)
    if se <= 1e-9:
        return Effect(ratio.value, clusters=ratio.effective, reason="all waits are the same")
    p = two_sided_p(ratio.value / se, df)
    if table.wait.kind == "share":
        p = max(p, _exact(s1.sum(), n1.sum(), s2.sum(), n2.sum()))
    half = critical(level, df) * se
    return Effect(ratio.value, ratio.value - half, ratio.value + half, p, se, df, ratio.effective)


def _exact(k1: float, n1: float, k2: float, n2: float) -> float:
    """Doubled tail of the hypergeometric: a share of rare cases must not look sure because none occurred."""
    low = distributions.hypergeom.cdf(k1, n1 + n2, k1 + k2, n1)
    high = distributions.hypergeom.sf(k1 - 1, n1 + n2, k1 + k2, n1)
    return float(min(1.0, max(2 * min(low, high), 1e-300)))


def _shrunk(
    tables: Sequence[_Table], looks: Sequence[_Look], taken: Sequence[Bools], level: float
) -> dict[_Look, float]:
    """Effects pulled towards those of the other hours of the measure, hours over all working days only."""
    found: dict[_Look, float] = {}
    for measure, table in enumerate(tables):
        for together in (True, False):
            mine = [
                look
                for look in looks
                if look.measure == measure and (len(look.slot.weekdays) > 1) == together
            ]
            effects = [_effect(table, look.slot, taken[measure], level, own_too=True) for look in mine]
            known = [
                (look, each.value, each.se)
                for look, each in zip(mine, effects, strict=True)
                if each.value is not None and each.se
            ]
            if len(known) < 3:
                continue
            pulled = empirical_bayes([value for _, value, _ in known], [se**2 for _, _, se in known]).values
            if pulled is not None:
                found |= dict(zip((look for look, _, _ in known), pulled.tolist(), strict=True))
    return found


def _standing(
    table: _Table, look: _Look, q: float, taken: Bools, shrunk: float | None, level: float
) -> Standing:
    effect = _effect(table, look.slot, taken, level, own_too=True)
    wait = table.wait
    on = np.isin((wait.day + 3) % WEEK, look.slot.weekdays)
    mine = on & (wait.hour == look.slot.hour)
    place = wait.day - (int(wait.day.min()) if wait.day.size else 0)
    usable = (table.open & ~taken)[place, wait.hour]
    others = on & ~mine & usable & np.isin(wait.day, wait.day[mine])
    return Standing(
        wait.name,
        look.slot,
        effect,
        shrunk,
        _typical(wait, mine),
        _typical(wait, others),
        q,
        Behind(wait.grain, wait.rows[mine]),
        int(others.sum()),
    )


def _typical(wait: Wait, mask: Bools) -> float:
    if not mask.any():
        return 0.0
    return float(wait.value[mask].mean()) if wait.kind == "share" else float(np.median(wait.raw[mask]))


# ---------------------------------------------------------------- the picture


def _grid(table: _Table, opened: Opening, taken: Bools, marked: set[tuple[str, int, int]]) -> Grid:
    wait = table.wait
    weekday = (wait.day + 3) % WEEK
    cells = []
    for day in range(WEEK):
        for hour in range(DAY_HOURS):
            mask = (weekday == day) & (wait.hour == hour)
            n = int(mask.sum())
            if not n:
                continue
            against = None
            if opened.open[day, hour] and n >= FEWEST:
                value = _effect(table, Slot((day,), hour), taken, 0.95, own_too=True).value
                against = None if value is None else (value if wait.kind == "share" else math.exp(value))
            behind = Behind(wait.grain, wait.rows[mask])
            typical = _typical(wait, mask) if n >= FEWEST else None
            cells.append(Cell(day, hour, behind, typical, against, (wait.name, day, hour) in marked))
    return Grid(wait.name, wait.kind, tuple(cells), wait.about, wait.grain)


def rows_of_slot(grid: Grid, weekdays: tuple[int, ...], hour: int | None) -> Behind:
    """The contacts of an hour (every hour when None) on some weekdays."""
    chosen = [
        cell.behind.rows
        for cell in grid.cells
        if cell.weekday in weekdays and (hour is None or cell.hour == hour)
    ]
    return Behind(grid.grain, np.sort(np.concatenate(chosen)) if chosen else NO_ROWS)
