"""How far every cell pulls the parts of a change: mix, performance, new and vanished segments.

The parts themselves are :func:`kpi.stats.kitagawa`'s, measured against the mean of both overall rates. The
pull of a cell on a part is the derivative of the part by the weight of the cell; pulls added up by day and
agent are judged by the same evidence as every other number (Deng, Knoblich & Lu 2018, delta method).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpi.drivers.sides import Floats, Side
from kpi.measures import Days, Gap
from kpi.measures.daily_evidence import Case, Stretch
from kpi.measures.evidence import Evidence
from kpi.measures.evidence import Side as Pulled
from kpi.model import Difference
from kpi.stats import Kitagawa, critical, kitagawa, two_sided_p

DUST = 1e-12


@dataclass(frozen=True)
class Coefficients:
    """Pull of one cell of segment j: ``size[j]`` × its size + ``error[j]`` × its error."""

    size: Floats
    error: Floats

    def __sub__(self, other: Coefficients) -> Coefficients:
        return Coefficients(self.size - other.size, self.error - other.error)


Pulls = tuple[Coefficients, Coefficients]
"""On the period now and, as what is subtracted, on the period before."""


@dataclass(frozen=True)
class Terms:
    """One ratio in two periods, by segments in the same order, and its change in parts."""

    now: Side
    before: Side
    parts: Kitagawa
    surroundings: tuple[tuple[Days, Side], ...] | None = None
    """The days beside the compared ones from which noise is learned; None without a daily series."""
    days: tuple[Days, Days] | None = None

    @property
    def both(self) -> NDArray[np.bool_]:
        """Segments that both periods have."""
        return np.asarray((self.now.n > 0) & (self.before.n > 0))

    @property
    def _rates(self) -> tuple[Floats, Floats]:
        return np.nan_to_num(self.now.rate), np.nan_to_num(self.before.rate)

    def whole(self) -> Pulls:
        """On the whole change."""
        found = []
        for side in (self.now, self.before):
            rate, total = np.nan_to_num(side.rate), float(side.n.sum())
            overall = float((side.weight * rate).sum())
            found.append(Coefficients((rate - overall) / total, np.full(rate.size, 1 / total)))
        return found[0], found[1]

    def mix(self) -> Pulls:
        """On the mix."""
        r2, r1 = self._rates
        lead = np.where(self.both, (r1 + r2) / 2 - self.parts.reference, 0.0)
        step = np.where(self.both, self.now.weight - self.before.weight, 0.0)
        moved = float(step.sum())
        found = []
        for sign, side, whole in zip((1.0, -1.0), (self.now, self.before), self.whole(), strict=True):
            total = float(side.n.sum())
            size = (lead - float((side.weight * lead).sum())) / total - sign * moved / 2 * whole.size
            error = sign * (_per(step / 2, side.n) - moved / 2 * whole.error)
            found.append(Coefficients(size, error))
        return found[0], found[1]

    def performance(self) -> Pulls:
        """On the performance."""
        r2, r1 = self._rates
        half = np.where(self.both, (r2 - r1) / 2, 0.0)
        weight = np.where(self.both, (self.now.weight + self.before.weight) / 2, 0.0)
        found = []
        for sign, side in ((1.0, self.now), (-1.0, self.before)):
            size = sign * (half - float((side.weight * half).sum())) / float(side.n.sum())
            found.append(Coefficients(size, _per(weight, side.n)))
        return found[0], found[1]

    def lone(self) -> Pulls:
        """On new and vanished segments: what the others leave of the whole."""
        (one, other), (mix1, mix2), (own1, own2) = self.whole(), self.mix(), self.performance()
        return one - mix1 - own1, other - mix2 - own2

    def mix_of(self, k: int) -> Pulls:
        """On one segment's mix."""
        r2, r1 = self._rates
        lead = float(r1[k] + r2[k]) / 2 - self.parts.reference
        step = float(self.now.weight[k] - self.before.weight[k]) / 2
        found = []
        for sign, side, whole in zip((1.0, -1.0), (self.now, self.before), self.whole(), strict=True):
            own = _only(k, side.n.size)
            size = lead * (own - side.weight[k]) / float(side.n.sum()) - sign * step * whole.size
            error = sign * step * (_per(own, side.n) - whole.error)
            found.append(Coefficients(size, error))
        return found[0], found[1]

    def performance_of(self, k: int) -> Pulls:
        """On one segment's performance."""
        r2, r1 = self._rates
        half = float(r2[k] - r1[k]) / 2
        weight = float(self.now.weight[k] + self.before.weight[k]) / 2
        found = []
        for sign, side in ((1.0, self.now), (-1.0, self.before)):
            own = _only(k, side.n.size)
            size = sign * half * (own - side.weight[k]) / float(side.n.sum())
            found.append(Coefficients(size, weight * _per(own, side.n)))
        return found[0], found[1]

    def lone_of(self, k: int) -> Pulls:
        """On one new or vanished segment; the other period pulls it through the reference alone."""
        here = self.now if self.now.n[k] > 0 else self.before
        weight = float(here.weight[k])
        lead = float(here.rate[k]) - self.parts.reference
        found = []
        for side, whole in zip((self.now, self.before), self.whole(), strict=True):
            sign = -1.0 if side is here else 1.0
            size, error = sign * weight / 2 * whole.size, sign * weight / 2 * whole.error
            if side is here:
                own = _only(k, side.n.size)
                size = size + lead * (own - weight) / float(side.n.sum())
                error = error + weight * _per(own, side.n)
            found.append(Coefficients(size, error))
        return found[0], found[1]

    def case(self, value: float, pulls: Pulls, level: float) -> Case | Gap:
        """A part to be judged."""
        return self.judged(pulls, lambda evidence: difference_of(value, evidence, level))

    def judged(self, pulls: Pulls, finish: Callable[[Evidence], Difference]) -> Case | Gap:
        """A part to be judged, with the days beside the compared ones where there is a daily series."""
        sides, plain = [], 0.0
        for side, pull in zip((self.now, self.before), pulls, strict=True):
            residual = pull.size[side.segment] * side.size + pull.error[side.segment] * side.error
            plain += float((pull.size**2 * side.lumps + pull.error**2 * side.n * side.spread).sum())
            sides.append(Pulled(side.day, side.agent, residual, side.size))
        gap = Gap.of(sides[0], sides[1], plain, finish)
        still = max(float(np.abs(side.residual).max(initial=0.0)) for side in sides) <= DUST
        if still or self.surroundings is None or self.days is None:
            return gap
        beside = tuple(self._stretch(days, side, pulls[0]) for days, side in self.surroundings)
        return Case(gap, self.days, beside)

    def _stretch(self, days: Days, side: Side, pull: Coefficients) -> Stretch:
        """The same pull on other days, about their own level."""
        total, now = float(side.n.sum()), float(self.now.n.sum())
        if total <= 0:
            return Stretch(days, Pulled(side.day, side.agent, side.error, side.size))
        size = (pull.size - float((side.weight * pull.size).sum())) * now / total
        error = pull.error * now / total
        residual = size[side.segment] * side.size + error[side.segment] * side.error
        return Stretch(days, Pulled(side.day, side.agent, residual, side.size))


def terms_of(
    now: Side,
    before: Side,
    surroundings: Sequence[tuple[Days, Side]] | None = None,
    days: tuple[Days, Days] | None = None,
) -> Terms:
    """The decomposition; both sides must have rows and hold the segments in the same order."""
    parts = kitagawa(before.weight, before.rate, now.weight, now.rate, centred=True)
    return Terms(now, before, parts, None if surroundings is None else tuple(surroundings), days)


def difference_of(value: float, evidence: Evidence, level: float) -> Difference:
    """A part with a symmetric interval; without one where the rows have no spread."""
    if evidence.se <= DUST * max(abs(value), DUST):
        if abs(value) <= DUST:
            return Difference(0.0, 0.0, 0.0, 1.0, "nothing moved", level=level)
        method = "no spread in these rows: chance cannot be judged"
        return Difference(value, None, None, None, method, level=level)
    half = critical(level, evidence.df) * evidence.se
    p = two_sided_p(value / evidence.se, evidence.df)
    return Difference(value, value - half, value + half, p, f"linearised; {evidence.words}", level=level)


def _only(k: int, size: int) -> Floats:
    own = np.zeros(size)
    own[k] = 1.0
    return own


def _per(above: Floats, n: Floats) -> Floats:
    """0 where there is nothing below."""
    return np.divide(above, n, out=np.zeros(n.size), where=n > 0)
