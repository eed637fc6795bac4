"""Mix, performance, new and vanished segments of a ratio: their values, and how far every cell pulls them.

With weights w and rates r of the segments that both periods have (weights adding up to 1 among them):

* mix = Σ (w₂ − w₁)(r₁ + r₂)/2, performance = Σ (r₂ − r₁)(w₁ + w₂)/2 (Kitagawa 1955), which add up exactly;
* new and vanished = what the whole is more than those segments alone, now less before.

A segment's own mix part counts against the average of both periods: growing where the rate is average moves
nothing. The pull of a cell on a part is the derivative of the part by the weight of the cell; their sums by
day and agent are judged by the same evidence as every other number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpi.drivers.sides import Floats, Side
from kpi.measures.evidence import Evidence, evidence_between
from kpi.measures.evidence import Side as Pulled


@dataclass(frozen=True)
class Coefficients:
    """Pull of one cell of segment j: ``size[j]`` × its size + ``error[j]`` × its error."""

    size: Floats
    error: Floats


@dataclass(frozen=True)
class Terms:
    """The decomposition of one ratio between two periods, by segments.

    ``both`` flags the segments that both periods have; weights of the others are 0 in ``w2`` and ``w1``.
    """

    now: Side
    before: Side
    both: NDArray[np.bool_]
    w2: Floats
    w1: Floats
    r2: Floats
    r1: Floats
    whole2: float
    whole1: float
    within2: float
    within1: float
    """The rates of the whole, and of the segments that both periods have."""

    @property
    def mix_parts(self) -> Floats:
        """By segment; adds up to the mix."""
        centre = (self.within1 + self.within2) / 2
        return np.where(self.both, (self.w2 - self.w1) * ((self.r1 + self.r2) / 2 - centre), 0.0)

    @property
    def performance_parts(self) -> Floats:
        """By segment; adds up to the performance."""
        return np.where(self.both, (self.r2 - self.r1) * (self.w1 + self.w2) / 2, 0.0)

    @property
    def lone_parts(self) -> Floats:
        """By segment; adds up to new and vanished."""
        lone2 = (self.now.n > 0) & ~self.both
        lone1 = (self.before.n > 0) & ~self.both
        gained = np.where(lone2, self.now.weight * (np.nan_to_num(self.now.rate) - self.within2), 0.0)
        lost = np.where(lone1, self.before.weight * (np.nan_to_num(self.before.rate) - self.within1), 0.0)
        return gained - lost

    def mix_pull(self) -> tuple[Coefficients, Coefficients]:
        """Of the whole mix, on now and (as a minus side) on before."""
        middle, shift = (self.r1 + self.r2) / 2, (self.w2 - self.w1) / 2
        now = self._pull(self.now, middle - float((self.w2 * middle).sum()), shift)
        before = self._pull(self.before, middle - float((self.w1 * middle).sum()), -shift)
        return now, before

    def performance_pull(self) -> tuple[Coefficients, Coefficients]:
        """Of the whole performance."""
        half, weight = (self.r2 - self.r1) / 2, (self.w1 + self.w2) / 2
        now = self._pull(self.now, half - float((self.w2 * half).sum()), weight)
        before = self._pull(self.before, -(half - float((self.w1 * half).sum())), weight)
        return now, before

    def lone_pull(self) -> tuple[Coefficients, Coefficients]:
        """Of new and vanished segments together: the whole less the segments that both periods have."""
        found = []
        for side, whole, within in (
            (self.now, self.whole2, self.within2),
            (self.before, self.whole1, self.within1),
        ):
            total = float(side.n.sum())
            alone = _divided(1.0, float(side.n[self.both].sum()))
            rate = np.nan_to_num(side.rate)
            size = (rate - whole) / total - np.where(self.both, (rate - within) * alone, 0.0)
            error = 1 / total - np.where(self.both, alone, 0.0)
            found.append(Coefficients(size, error))
        return found[0], found[1]

    def mix_part_pull(self, k: int) -> tuple[Coefficients, Coefficients]:
        """Of one segment's mix."""
        centre = (self.within1 + self.within2) / 2
        lead = float((self.r1[k] + self.r2[k]) / 2 - centre)
        shift = float(self.w2[k] - self.w1[k]) / 2
        own = np.zeros(self.r1.size)
        own[k] = 1.0
        sides = []
        for sign, side, w, r, within in (
            (1.0, self.now, self.w2, self.r2, self.within2),
            (-1.0, self.before, self.w1, self.r1, self.within1),
        ):
            size = lead * (own - w[k]) - sign * shift * (r - within)
            sides.append(self._pull(side, size, sign * shift * (own - w)))
        return sides[0], sides[1]

    def performance_part_pull(self, k: int) -> tuple[Coefficients, Coefficients]:
        """Of one segment's performance."""
        own = np.zeros(self.r1.size)
        own[k] = 1.0
        half, weight = float(self.r2[k] - self.r1[k]) / 2, float(self.w1[k] + self.w2[k]) / 2
        now = self._pull(self.now, half * (own - self.w2[k]), weight * own)
        before = self._pull(self.before, -half * (own - self.w1[k]), weight * own)
        return now, before

    def lone_part_pull(self, k: int) -> tuple[Coefficients, Coefficients]:
        """Of one new or vanished segment."""
        found = []
        for side, within in ((self.now, self.within2), (self.before, self.within1)):
            total = float(side.n.sum())
            own = np.zeros(side.n.size)
            own[k] = 1.0
            rate = np.nan_to_num(side.rate)
            part = float(side.n[k]) / total * (float(rate[k]) - within)
            alone = _divided(1.0, float(side.n[self.both].sum())) * float(side.n[k]) / total
            inner = np.where(self.both, (rate - within) * alone, 0.0)
            size = own * (rate - within) / total - part / total - inner
            error = own / total - np.where(self.both, alone, 0.0)
            there = float(side.n[k]) > 0
            found.append(Coefficients(size * there, error * there))
        return found[0], found[1]

    def _pull(self, side: Side, size: Floats, error: Floats) -> Coefficients:
        """``size`` per share of the whole, ``error`` per row of the segment's own mean."""
        total = float(side.n[self.both].sum())
        own = np.where(self.both, side.n, 0.0)
        return Coefficients(
            np.where(self.both, size * _divided(1.0, total), 0.0),
            np.divide(error, own, out=np.zeros(own.size), where=own > 0),
        )

    def evidence(self, pulls: tuple[Coefficients, Coefficients], factor: float = 1.0) -> Evidence:
        """Evidence for a part from how far the cells pull it; ``factor`` turns rates into the shown unit."""
        sides, plain = [], 0.0
        for side, pull in zip((self.now, self.before), pulls, strict=True):
            residual = pull.size[side.segment] * side.size + pull.error[side.segment] * side.error
            plain += float((pull.size**2 * side.lumps + pull.error**2 * side.n * side.spread).sum())
            sides.append(Pulled(side.day, side.agent, factor * residual, side.size))
        return evidence_between(sides[0], sides[1], plain * factor**2)


def terms_of(now: Side, before: Side) -> Terms:
    """The decomposition; both sides must have rows and hold the segments in the same order."""
    both = (now.n > 0) & (before.n > 0)
    values = []
    for side in (now, before):
        total, within = float(side.n.sum()), float(side.n[both].sum())
        rate = np.nan_to_num(side.rate)
        weight = np.where(both, side.n, 0.0) * _divided(1.0, within)
        values.append((weight, rate, float((side.n * rate).sum()) / total, float((weight * rate).sum())))
    (w2, r2, whole2, within2), (w1, r1, whole1, within1) = values
    if not both.any():
        within2 = within1 = (whole1 + whole2) / 2
    return Terms(now, before, both, w2, w1, r2, r1, whole2, whole1, within2, within1)


def _divided(above: float, below: float) -> float:
    return above / below if below > 0 else 0.0
