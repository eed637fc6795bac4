"""One value of a dimension against the reference of the others, as a weighted sum of means of groups.

Everything that is compared here is Σ L·mean over groups of rows: the value's own rows with −1 and the others
with their weights in the reference; or, where the mix of cases is made alike, rows of every value and kind of
case (issue, channel) with weights that take each kind's own level out (:mod:`kpi.improvements.making_alike`).
So one piece of arithmetic gives the difference, its variance under independent rows, and the pull of each day
and agent on it, which the project's judge of evidence (:mod:`kpi.measures.daily_evidence`) takes from there.
Where the values are groups of people, agents come by :mod:`kpi.measures.between_agents` instead.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from kpi.estimates import within
from kpi.improvements.making_alike import made_alike, quasi_variances
from kpi.improvements.references import References, references
from kpi.measures import Cells, Days, Gap, Mean, Score, Share, Side
from kpi.measures.between_agents import BetweenAgents, between_agents
from kpi.measures.daily_evidence import Stretch
from kpi.measures.evidence import Evidence
from kpi.measures.intervals import moved
from kpi.model import Difference
from kpi.stats import mover, satterthwaite, two_sided_p, wilson
from kpi.stats.intervals import tail_of

Floats = NDArray[np.float64]
SMALL = 1e-12
NO_TAIL = 1e-200
"""Bounds with less in a tail cannot be computed, and are none."""
Kind = Share | Mean | Score


@dataclass(frozen=True, eq=False)
class Groups:
    """Groups of rows of one outcome: which value each belongs to, and its sums by day and agent.

    Attributes:
        names: values that are compared, [K]; value: int[G], −1 for rows of no compared value.
        stratum: kind of case, int[G], or None where the mix of cases is not made alike.
        labels: the values of the fields that each group stands for.
        cells: the statistics of each group; n, mean, spread: rows, mean and variance of a row, float64[G].
    """

    measure: Kind
    names: tuple[str, ...]
    value: NDArray[np.int64]
    stratum: NDArray[np.int64] | None
    labels: tuple[tuple[str, ...], ...]
    cells: tuple[Cells, ...]
    n: Floats
    mean: Floats
    spread: Floats

    @property
    def scale(self) -> float:
        """Shown units in one unit of the column."""
        return scale(self.measure)


@dataclass(frozen=True, eq=False)
class Compared:
    """All values of one dimension in one outcome, before their evidence is settled; arrays are [K].

    Attributes:
        n: rows; level: own mean; gap: reference − own, in the unit of the column.
        weight: L, float64[K, G]; plain: variance of the gap under independent rows, with ``df``.
    """

    groups: Groups
    n: Floats
    level: Floats
    gap: Floats
    weight: Floats
    plain: Floats
    df: Floats
    own_n: Floats
    others_n: Floats

    @property
    def alike(self) -> bool:
        """Whether the mix of cases was made alike."""
        return self.groups.stratum is not None


def scale(measure: Kind) -> float:
    """Shown units in one unit of the column."""
    if isinstance(measure, Mean):
        return 1 / measure.per_unit
    return 100.0 if isinstance(measure, Score) else 1.0


def moments(measure: Kind, cells: Cells) -> tuple[float, float, float]:
    """Rows, their sum and the sum of their squares."""
    n = cells.total("n")
    if isinstance(measure, Share):
        return n, cells.total("k"), cells.total("k")
    if isinstance(measure, Score):
        up, down = cells.total("up"), cells.total("down")
        return n, up - down, up + down
    return n, cells.total("sum"), cells.total("sumsq")


def grouped(
    measure: Kind,
    found: Sequence[tuple[str, tuple[str, ...], Cells]],
    names: tuple[str, ...],
) -> Groups:
    """Groups from (value, kind of case or (), statistics); those without rows are left out."""
    place = {name: at for at, name in enumerate(names)}
    summed = [(each, moments(measure, each[2])) for each in found]
    kept = [(each, sums) for each, sums in summed if sums[0] > 0]
    strata = {name: at for at, name in enumerate(dict.fromkeys(each[1] for each, _ in kept))}
    n = np.array([sums[0] for _, sums in kept], np.float64)
    mean = np.array([sums[1] / sums[0] for _, sums in kept], np.float64)
    squares = np.array([sums[2] / sums[0] for _, sums in kept], np.float64)
    spread = np.maximum(squares - mean**2, 0.0)
    if isinstance(measure, Mean):
        spread = np.where(spread > 1e-12 * squares, spread * n / np.maximum(n - 1, 1.0), 0.0)
    alike = any(each[1] for each, _ in kept)
    return Groups(
        measure,
        names,
        np.array([place.get(each[0], -1) for each, _ in kept], np.int64),
        np.array([strata[each[1]] for each, _ in kept], np.int64) if alike else None,
        tuple((each[0], *each[1]) for each, _ in kept),
        tuple(each[2] for each, _ in kept),
        n,
        mean,
        spread,
    )


def compared(groups: Groups) -> Compared | None:
    """Every value against the reference of the others; None when fewer than two can be compared, or all rows
    are alike."""
    kept, own, peers = _own(groups)
    if len(kept) < 2:
        return None
    names = tuple(groups.names[at] for at in kept)
    place = np.full(len(groups.names) + 1, -1, np.int64)
    place[list(kept)] = np.arange(len(kept))
    groups = replace(groups, names=names, value=place[groups.value])
    if not (groups.spread > 0).any():
        if not isinstance(groups.measure, Share) or np.ptp(groups.mean) <= 0:
            return None
        # Every group has all or none: half a hit and half a miss more give the variance they may have.
        smooth = (groups.n * groups.mean + 0.5) / (groups.n + 1)
        groups = replace(groups, spread=smooth * (1 - smooth))
    pooled = float((groups.n * groups.spread).sum() / groups.n.sum())
    inverse = 1 / groups.n
    values = own @ groups.mean
    variances = pooled * quasi_variances((own * inverse) @ own.T, peers)
    reference, of_others = np.zeros(len(kept)), np.zeros((len(kept), len(kept)))
    for peer in np.unique(peers):
        among = np.flatnonzero(peers == peer)
        found: References = references(values[among], variances[among])
        reference[among], of_others[np.ix_(among, among)] = found.values, found.weights
    weight = of_others @ own - own
    mine = groups.value[None, :] == np.arange(len(kept))[:, None]
    n = mine @ groups.n
    level = (mine @ (groups.n * groups.mean)) / n
    square = weight**2 * inverse
    separate = square @ groups.spread
    together = pooled * square.sum(axis=1)
    own_square, other_square = (square * mine).sum(axis=1), (square * ~mine).sum(axis=1)
    return Compared(
        groups,
        n,
        level,
        reference - values,
        weight,
        np.maximum(separate, together),
        np.array([_df(groups, row) for row in square]),
        1 / np.maximum(own_square, 1e-300),
        1 / np.maximum(other_square, 1e-300),
    )


def _own(groups: Groups) -> tuple[tuple[int, ...], Floats, NDArray[np.int64]]:
    """Which values can be compared, their weights on the groups, and the number of their set of peers."""
    count = len(groups.names)
    if groups.stratum is not None:
        return made_alike(groups.n, groups.value, groups.stratum, count)
    mine = (groups.value[None, :] == np.arange(count)[:, None]).astype(np.float64)
    n = mine @ groups.n
    there = n > 0
    own = mine * groups.n / np.where(there, n, 1.0)[:, None]
    return tuple(np.flatnonzero(there).tolist()), own[there], np.zeros(int(there.sum()), np.int64)


def _df(groups: Groups, square: Floats) -> float:
    """Degrees of freedom of the variance under independent rows; shares and scores have no own ones."""
    if not isinstance(groups.measure, Mean):
        return math.inf
    used = square > 0
    parts = zip((square * groups.spread)[used].tolist(), (groups.n - 1)[used].tolist(), strict=True)
    return satterthwaite([(variance, df) for variance, df in parts])


# ---------------------------------------------------------------- evidence


@dataclass(frozen=True, eq=False)
class Pulls:
    """Cells of all groups of a stretch of days: how far each pulls the mean of its group, and its rows."""

    day: NDArray[np.int64]
    agent: NDArray[np.int64]
    group: NDArray[np.int64]
    pull: Floats
    share: Floats


def pulls(groups: Groups, days: Days, cells: Sequence[Cells] | None = None) -> Pulls:
    """The cells of the groups on some days, each group around its own mean of these days."""
    measure: Any = groups.measure
    sides: list[tuple[int, Side]] = []
    for at, given in enumerate(groups.cells if cells is None else cells):
        part: Any = within(given, days)
        side = measure.side(part, days)
        if side is not None:
            sides.append((at, side))
    if not sides:
        none = np.zeros(0, np.int64)
        return Pulls(none, none, none, np.zeros(0), np.zeros(0))
    return Pulls(
        np.concatenate([side.day.astype(np.int64) for _, side in sides]),
        np.concatenate([side.agent.astype(np.int64) for _, side in sides]),
        np.concatenate([np.full(side.day.size, at, np.int64) for at, side in sides]),
        np.concatenate([side.residual for _, side in sides]),
        np.concatenate([side.size / float(side.size.sum()) for _, side in sides]),
    )


def people(made: Compared, given: Pulls) -> BetweenAgents | None:
    """How much agents of the same value differ with the same kind of cases; None where none can be told."""
    rows = given.share * made.groups.n[given.group]
    row = float((made.groups.n * made.groups.spread).sum() / made.groups.n.sum())
    return between_agents(given.agent, given.group, rows, given.pull * made.groups.n[given.group], row)


def sides(made: Compared, at: int, given: Pulls, *, agents: bool = True) -> tuple[Side, Side]:
    """The pull of each day and agent on the reference, and on the value itself.

    ``agents``: whether agents are clusters.
    """
    weight = made.weight[at]
    mine = made.groups.value == at
    found = []
    for which, sign in ((~mine, 1.0), (mine, -1.0)):
        used = which[given.group] & (np.abs(weight[given.group]) > SMALL)
        group = given.group[used]
        rows = float(made.groups.n[which].sum())
        total = float(np.abs(weight[which]).sum())
        size = np.abs(weight[group]) * given.share[used] * (rows / total if total > 0 else 0.0)
        pull = sign * weight[group] * given.pull[used]
        found.append(Side(given.day[used], given.agent[used], pull, size, agents=agents))
    return found[0], found[1]


def gap(made: Compared, at: int, given: Pulls, level: float, *, agents: bool = True) -> Gap:
    """reference − own while it is open how much of it may be chance."""
    one, other = sides(made, at, given, agents=agents)
    plain, df = float(made.plain[at]), float(made.df[at])
    return Gap.of(one, other, plain, lambda evidence: finish(made, at, evidence, level), df)


def stretches(made: Compared, at: int, runs: Sequence[tuple[Days, Pulls]]) -> tuple[Stretch, ...]:
    """The same contrast on the runs of days beside the period."""
    found = []
    for days, given in runs:
        one, other = sides(made, at, given)
        if one.day.size and other.day.size:
            found.append(Stretch(days, one, other))
    return tuple(found)


def rough(made: Compared) -> Floats:
    """The p-value of each gap under independent rows."""
    z = np.abs(made.gap) / np.sqrt(made.plain)
    found: Floats = np.minimum(1.0, 2 * special.ndtr(-z))
    return found


def finish(made: Compared, at: int, evidence: Evidence, level: float) -> Difference:
    """reference − own in the shown unit, with its interval and p (see :func:`bounds_of`)."""
    factor, value = made.groups.scale, float(made.gap[at])
    if not isinstance(made.groups.measure, Share):
        low, high = bounds_of(made, at, evidence, evidence.crit(level))
        p = two_sided_p(value / evidence.se, evidence.df)
        return Difference(value * factor, low, high, p, f"t; {evidence.words}", level=level)
    own = float(made.level[at])
    method = f"MOVER, exact and Wilson; {evidence.words}"
    return moved(
        min(1.0, max(0.0, own + value)) - own,
        lambda crit: bounds_of(made, at, evidence, crit),
        evidence,
        level,
        1.0,
        method,
    )


def bounds_of(made: Compared, at: int, evidence: Evidence, crit: float) -> tuple[float, float]:
    """Interval of reference − own at a critical value, in the shown unit.

    Shares: exact bounds of the own rows (Clopper & Pearson 1934), which hold in the far tails that a long
    list of looks needs, and Wilson's of the reference, put together by MOVER (Zou & Donner 2008); both on
    effective rows. Means and scores: Student's t.
    """
    value = float(made.gap[at])
    if not isinstance(made.groups.measure, Share):
        half, factor = crit * evidence.se, made.groups.scale
        return (value - half) * factor, (value + half) * factor
    own = float(made.level[at])
    reference = min(1.0, max(0.0, own + value))
    n_own, n_other = float(made.own_n[at]) / evidence.effect, float(made.others_n[at]) / evidence.effect
    low, high = exact(own * n_own, n_own, tail_of(crit))
    other = wilson(reference * n_other, n_other, crit=crit)
    return mover(reference, other, own, (min(low, own), max(high, own)))


def exact(k: float, n: float, tail: float) -> tuple[float, float]:
    """Exact interval of a share with so much in each tail; (0, 1) for no tail.

    >>> [round(bound, 4) for bound in exact(1, 29, 0.025)]
    [0.0009, 0.1776]
    """
    if tail < NO_TAIL:
        return 0.0, 1.0
    low = 0.0 if k <= 0 else float(special.betaincinv(k, n - k + 1, tail))
    high = 1.0 if k >= n else float(special.betainccinv(k + 1, n - k, tail))
    return low, high
