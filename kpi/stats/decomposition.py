"""Why an overall share or mean moved: how much is the mix of segments, how much each segment itself.

The parts add up to the change exactly. A segment that is there in one period only has no rate in the other:
what it brings or takes is a part of its own, and nothing is imputed.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from kpi.stats.arrays import Bools, Floats, as_floats, frozen, frozen_flags, not_counts, refuse, unequal
from kpi.stats.checks import confidence
from kpi.stats.intervals import critical, two_sided_p

MOST_FACTORS = 10


@dataclass(frozen=True)
class Part:
    """One part of a change with its interval.

    se, low, high and p are None when no variances were given; low, high and p also when all were 0.
    """

    value: float
    se: float | None
    low: float | None
    high: float | None
    p: float | None


@dataclass(frozen=True, eq=False)
class Kitagawa:
    """The change of an overall rate in parts; all arrays are float64[K], read-only.

    Attributes:
        total: the change; mix + performance + new_and_vanished.
        mix: from segments with other rates growing and shrinking; performance: from rates that changed;
            new_and_vanished: from segments with a share in one period only.
        mix_terms, performance_terms, new_and_vanished_terms: the same per segment; they add up to the parts.
        mix_se, performance_se, new_and_vanished_se: their standard errors; None without variances.
        is_new, is_vanished: bool[K].
        reference: the rate that segments were measured against in mix and new_and_vanished (0: none).
    """

    total: Part
    mix: Part
    performance: Part
    new_and_vanished: Part
    mix_terms: Floats
    performance_terms: Floats
    new_and_vanished_terms: Floats
    mix_se: Floats | None
    performance_se: Floats | None
    new_and_vanished_se: Floats | None
    is_new: Bools
    is_vanished: Bools
    reference: float

    @property
    def simpson(self) -> bool:
        """The whole moved one way, the segments on balance the other way."""
        return self.total.value * self.performance.value < 0


def kitagawa(
    w1: ArrayLike,
    r1: ArrayLike,
    w2: ArrayLike,
    r2: ArrayLike,
    *,
    v1: ArrayLike | None = None,
    v2: ArrayLike | None = None,
    n1: float | None = None,
    n2: float | None = None,
    level: float = 0.95,
    df: float = math.inf,
    centred: bool = False,
) -> Kitagawa:
    """Split Σ w2 r2 − Σ w1 r1 into mix, performance, and new and vanished segments.

    mix = Σ (w2 − w1)(r1 + r2)/2, performance = Σ (r2 − r1)(w1 + w2)/2 over segments present in both periods.

    Sources: Kitagawa (1955), JASA 50:1168-1194; Das Gupta (1978). Standard errors by the delta method: rates
    with variances v, shares multinomial of n.

    Args:
        w1, w2: float[K], share of each segment in the earlier and in the later period; each sums to 1. (The
            identity holds for whatever they sum to.) A share of 0 is an absent segment.
        r1, r2: float[K], rate of each segment; ignored (NaN allowed) where the share is 0.
        v1, v2: float[K], variance of each rate (from :func:`kpi.stats.cr2` where tickets come in clusters).
        n1, n2: tickets per period; without them the shares are taken as known.
        df: degrees of freedom of the intervals.
        centred: measure mix and new and vanished segments against the mean of both overall rates, so that a
            growing segment counts by how much better it is than the rest. Sums stay; needs shares that sum
            to 1.

    Raises:
        ValueError: for negative shares, rates that are missing where the share is not, or unequal lengths.

    >>> parts = kitagawa([0.5, 0.5], [0.8, 0.6], [0.3, 0.7], [0.82, 0.62])
    >>> [round(part.value, 4) for part in (parts.total, parts.mix, parts.performance)], parts.simpson
    ([-0.02, -0.04, 0.02], True)
    """
    before, after = as_floats(w1), as_floats(w2)
    was, now = as_floats(r1), as_floats(r2)
    confidence(level)
    variances = _variances(v1, v2, before.size)
    refuse(
        unequal(w1=before, r1=was, w2=after, r2=now),
        not_counts("w1", before),
        not_counts("w2", after),
        _absent("r1", was, "w1", before),
        _absent("r2", now, "w2", after),
        None if variances is None else unequal(v1=variances[0], v2=variances[1], w1=before),
        *(None if n is None else not_counts(name, as_floats(n)) for name, n in (("n1", n1), ("n2", n2))),
    )
    if (centred or n1 or n2) and (abs(before.sum() - 1) > 1e-9 or abs(after.sum() - 1) > 1e-9):
        sums = f"{before.sum():.9g} and {after.sum():.9g}"
        needs = "centred terms need" if centred else "sampling errors of shares (n1, n2) need"
        raise ValueError(f"{needs} shares that sum to 1 in both periods, but they sum to {sums}")
    was, now = np.where(before > 0, was, 0.0), np.where(after > 0, now, 0.0)
    both = (before > 0) & (after > 0)
    new, vanished = (before <= 0) & (after > 0), (before > 0) & (after <= 0)
    reference = float((before * was).sum() + (after * now).sum()) / 2 if centred else 0.0
    middle, weight = (was + now) / 2 - reference, (before + after) / 2
    mix = np.where(both, (after - before) * middle, 0.0)
    performance = np.where(both, (now - was) * weight, 0.0)
    other = np.where(new, after * (now - reference), np.where(vanished, -before * (was - reference), 0.0))
    # Each group of terms per share and rate: (d/dw1, d/dw2, d/dr1, d/dr2, d/d reference).
    stays, comes, goes = (flag.astype(np.float64) for flag in (both, new, vanished))
    half_step = np.where(both, (after - before) / 2, 0.0)
    half_gap = np.where(both, (now - was) / 2, 0.0)
    gradients = {
        "mix": (-stays * middle, stays * middle, half_step, half_step, np.where(both, before - after, 0.0)),
        "performance": (half_gap, half_gap, -stays * weight, stays * weight, np.zeros(before.size)),
        "other": (
            -goes * (was - reference),
            comes * (now - reference),
            -goes * before,
            comes * after,
            goes * before - comes * after,
        ),
    }
    gradients["total"] = (-was, now, -before, after, np.zeros(before.size))
    spread = _Spread(before, was, after, now, variances, n1, n2, centred)
    terms = {"mix": mix, "performance": performance, "other": other}
    terms["total"] = mix + performance + other
    parts = {
        name: _part(math.fsum(terms[name]), spread.of_sum(*gradients[name]), level, df) for name in terms
    }
    each = {name: spread.of_each(*gradients[name]) for name in ("mix", "performance", "other")}
    return Kitagawa(
        parts["total"],
        parts["mix"],
        parts["performance"],
        parts["other"],
        frozen(mix),
        frozen(performance),
        frozen(other),
        each["mix"],
        each["performance"],
        each["other"],
        frozen_flags(new),
        frozen_flags(vanished),
        reference,
    )


@dataclass(frozen=True, eq=False)
class DasGupta:
    """The change of a (sum of) product(s) by factor.

    Attributes:
        effects: one per factor; they add up to total. terms: float[F, K], the same per segment.
    """

    effects: tuple[float, ...]
    total: float
    terms: Floats


def das_gupta(first: Sequence[ArrayLike], second: Sequence[ArrayLike]) -> DasGupta:
    """Split Σ a2 b2 c2 … − Σ a1 b1 c1 … by factor: the mean over all orders in which factors may change.

    Source: Das Gupta (1993), Standardization and Decomposition of Rates, U.S. Census Bureau P23-186; equal to
    the Shapley value.

    Args:
        first, second: one number or float[K] per factor, in the same order, for the two populations.

    Raises:
        ValueError: for values that are no numbers, unequal lengths, no factor or more than 10.

    >>> [round(effect, 3) for effect in das_gupta([10930, 0.717892], [16591, 0.825974]).effects]
    [4369.913, 1487.262]
    """
    if len(first) != len(second) or not 1 <= len(first) <= MOST_FACTORS:
        found = f"{len(first)} and {len(second)}"
        raise ValueError(f"both populations need the same 1 to {MOST_FACTORS} factors, but have {found}")
    old, new = [as_floats(factor) for factor in first], [as_floats(factor) for factor in second]
    names = {f"factor {place + 1} ({side})": values for side, factors in (("first", old), ("second", new))
             for place, values in enumerate(factors)}  # fmt: skip
    refuse(
        unequal(**names),
        *(f"{name} must be numbers" for name, values in names.items() if not np.isfinite(values).all()),
    )
    count = len(old)
    terms = np.zeros((count, old[0].size))
    for place in range(count):
        others = [other for other in range(count) if other != place]
        for size in range(count):
            share = math.factorial(size) * math.factorial(count - 1 - size) / math.factorial(count)
            for changed in itertools.combinations(others, size):
                product = np.ones(old[0].size)
                for other in others:
                    product = product * (new[other] if other in changed else old[other])
                terms[place] += share * product * (new[place] - old[place])
    terms.setflags(write=False)
    effects = tuple(math.fsum(row) for row in terms)
    return DasGupta(effects, math.fsum(effects), terms)


class _Spread:
    """Delta-method standard errors of functions of shares and rates."""

    def __init__(
        self,
        before: Floats,
        was: Floats,
        after: Floats,
        now: Floats,
        variances: tuple[Floats, Floats] | None,
        n1: float | None,
        n2: float | None,
        centred: bool,
    ) -> None:
        self.known = variances is not None
        zero = np.zeros(before.size)
        self.shares = (before, after)
        self.sizes = (n1, n2)
        given = variances if variances is not None else (zero, zero)
        # An absent segment has no rate that could vary.
        self.variances = tuple(
            np.where(share > 0, v, 0.0) for share, v in zip(self.shares, given, strict=True)
        )
        half = 0.5 if centred else 0.0
        self.reference = (half * was, half * now, half * before, half * after)

    def of_sum(self, *gradient: Floats) -> float | None:
        """Standard error of the sum of all terms."""
        if not self.known:
            return None
        *direct, by_reference = gradient
        pull = float(by_reference.sum())
        slopes = [own + pull * shared for own, shared in zip(direct, self.reference, strict=True)]
        variance = 0.0
        for side in range(2):
            variance += float((self.variances[side] * slopes[2 + side] ** 2).sum())
            size, share, slope = self.sizes[side], self.shares[side], slopes[side]
            if size:
                mean = float((share * slope).sum())
                variance += float((share * (slope - mean) ** 2).sum()) / size
        return math.sqrt(max(0.0, variance))

    def of_each(self, *gradient: Floats) -> Floats | None:
        """Standard error of each term."""
        if not self.known:
            return None
        *direct, pull = gradient
        variance = np.zeros(pull.size)
        for side in range(2):
            share, size, v = self.shares[side], self.sizes[side], self.variances[side]
            own, shared = direct[2 + side], self.reference[2 + side]
            variance += v * own**2 + 2 * v * own * pull * shared + pull**2 * float((v * shared**2).sum())
            if size:
                own, shared = direct[side], self.reference[side]
                square = (
                    share * own**2 + 2 * share * own * pull * shared + pull**2 * (share * shared**2).sum()
                )
                mean = share * own + pull * (share * shared).sum()
                variance += (square - mean**2) / size
        return frozen(np.sqrt(np.maximum(0.0, variance)))


def _part(value: float, se: float | None, level: float, df: float) -> Part:
    if se is None:
        return Part(value, None, None, None, None)
    if se <= 0:
        # Nothing there (no new segments) is certain; variances of 0 behind a change say nothing about it.
        edge = None if value else 0.0
        return Part(value, se, edge, edge, None)
    half = critical(level, df) * se
    return Part(value, se, value - half, value + half, two_sided_p(value / se, df))


def _variances(v1: ArrayLike | None, v2: ArrayLike | None, size: int) -> tuple[Floats, Floats] | None:
    if v1 is None and v2 is None:
        return None
    if v1 is None or v2 is None:
        raise ValueError("give the variances of both periods or of neither: v1 and v2 belong together")
    first, second = as_floats(v1), as_floats(v2)
    if first.size == size == second.size:
        first, second = np.where(np.isnan(first), 0.0, first), np.where(np.isnan(second), 0.0, second)
    refuse(not_counts("v1", first), not_counts("v2", second))
    return first, second


def _absent(name: str, rates: Floats, share_name: str, shares: Floats) -> str | None:
    if rates.size != shares.size:
        return None
    wrong = np.flatnonzero(~np.isfinite(rates) & (shares > 0))
    if not wrong.size:
        return None
    return f"{name} must be a number where {share_name} is above 0, but number {int(wrong[0]) + 1} is not"
