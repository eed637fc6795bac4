"""Where chance puts agents: distances, overdispersion, limits, shrinkage, and who lies beyond them.

Shares are compared on y = asin √((x + 3/8)/(n + 3/4)) (Freeman & Tukey 1950; Spiegelhalter 2005), chances
of a larger value as they are. Agents differ a little more than chance anyway: the variance between them is
taken from all of them with the extreme ones pulled in, corrected for the pulling in
(:func:`kpi.stats.overdispersion`), at least one on each side, so that one agent apart does not hide itself.
With few agents that variance is known poorly, so the limits are those of Student's t with one degree of
freedom less than there are agents.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from kpi.people.nouns import FEWEST_AGENTS, LEVEL, OUTER, Mark, Scale
from kpi.people.scoring import Scored
from kpi.stats import empirical_bayes, overdispersion, two_sided_p

Floats = NDArray[np.float64]
Curve = tuple[tuple[float, float, float, float, float], ...]
WINSORISED = 0.1
UNIFORM = 1 / 12
"""Variance of a placement."""
POINTS = 60


@dataclass(frozen=True, eq=False)
class Limits:
    """Marks by agent (None where nothing can be said), what the curves are, how agents differ.

    Attributes:
        away: distance from what is expected, on the scale of the test; NaN without a mark.
        variance: of ``away``, without what agents differ beyond chance.
        spread: standard deviation between agents beyond chance.
    """

    marks: tuple[Mark | None, ...]
    away: Floats
    variance: Floats
    spread: float
    curve: Curve


def limits(scored: Scored, scale: Scale, team: float, usable: NDArray[np.bool_], *, fair: bool) -> Limits:
    """Every agent against chance.

    Args:
        team: level of the whole team on the scale of the comparison.
        usable: bool[K], agents with enough rows.
        fair: with the spread that agents have anyway, and p; False for the limits of chance alone.
    """
    used = usable & (scored.n > 0)
    away, variance = _away(scored, scale)
    reliance = np.minimum(scored.reliance, 1.0)
    count = int(used.sum())
    empty = Limits(tuple(None for _ in range(away.size)), np.full(away.size, np.nan), variance, 0.0, ())
    if count < FEWEST_AGENTS:
        return empty
    tau2 = _between(away[used], variance[used], reliance[used]) if fair else 0.0
    own = variance + tau2 * reliance
    total = np.sqrt(own + tau2)
    inner, outer = (
        (
            float(special.stdtrit(count - 1, (1 + level) / 2))
            if fair
            else float(special.ndtri((1 + level) / 2))
        )
        for level in (LEVEL, OUTER)
    )
    half_own = float(special.ndtri((1 + LEVEL) / 2)) * np.sqrt(variance)
    kept = np.ones(away.size)
    if fair:
        shrunk = empirical_bayes(away[used], own[used])
        kept[used] = 1.0 if shrunk.kept is None else shrunk.kept
    unit = 0.25 if scale is Scale.SHARE else UNIFORM
    marks: list[Mark | None] = []
    for place in range(away.size):
        if not used[place]:
            marks.append(None)
            continue
        d, half = float(away[place]), float(half_own[place])

        def at(distance: float) -> float:
            return _shown(scale, team, distance)

        pulled = float(kept[place]) * d
        z = d / float(total[place])
        marks.append(
            Mark(
                value=at(d),
                weight=unit / float(own[place]),
                low=at(-inner * float(total[place])),
                high=at(inner * float(total[place])),
                outer_low=at(-outer * float(total[place])),
                outer_high=at(outer * float(total[place])),
                own_low=at(min(d - half, pulled)),
                own_high=at(max(d + half, pulled)),
                shrunk=at(pulled),
                distance=z,
                p=two_sided_p(z, count - 1) if fair else None,
            )
        )
    weights = [mark.weight for mark in marks if mark is not None]
    return Limits(
        tuple(marks),
        np.where(used, away, np.nan),
        own,
        math.sqrt(tau2),
        _curve(scale, team, weights, unit, tau2, inner, outer),
    )


def alike(away: Sequence[float], variance: Sequence[float]) -> float | None:
    """p of the test that agents differ no more than chance makes them differ (Cochran's Q); None for one."""
    if len(away) < 2:
        return None
    d, v = np.asarray(away, np.float64), np.asarray(variance, np.float64)
    weight = 1 / v
    mean = float((weight * d).sum() / weight.sum())
    q = float((weight * (d - mean) ** 2).sum())
    return max(float(stats.chi2.sf(q, d.size - 1)), 2.2e-308)


def _away(scored: Scored, scale: Scale) -> tuple[Floats, Floats]:
    """Distance of each agent from what is expected, and its variance."""
    n = np.where(scored.n > 0, scored.n, 1.0)
    if scale is Scale.CHANCE:
        return scored.observed - scored.expected, np.maximum(scored.own + scored.other, 1e-9)
    seen = np.arcsin(np.sqrt(np.clip((scored.observed * n + 0.375) / (n + 0.75), 0.0, 1.0)))
    wanted = np.arcsin(np.sqrt(np.clip((scored.expected * n + 0.375) / (n + 0.75), 0.0, 1.0)))
    middle = np.clip(scored.expected, 0.5 / n, 1 - 0.5 / n)
    slope = 4 * middle * (1 - middle)
    part = np.clip(scored.own * n / (slope / 4), 0.05, 1.0)
    return seen - wanted, part / (4 * n + 2) + scored.other / slope


def _between(away: Floats, variance: Floats, reliance: Floats) -> float:
    """Variance between agents beyond chance, by the method of moments from the corrected, winsorised φ."""
    scale = np.sqrt(1 + reliance)
    d, v = away / scale, variance / scale**2
    count = d.size
    _, phi = overdispersion(d / np.sqrt(v), max(WINSORISED, 1 / count))
    weight = 1 / v
    spare = float(weight.sum() - (weight**2).sum() / weight.sum())
    return max(0.0, (count * phi - (count - 1)) / spare) if spare > 0 else 0.0


def _shown(scale: Scale, team: float, distance: float) -> float:
    """The level of the team moved by a distance on the scale of the test."""
    if scale is Scale.CHANCE:
        return min(1.0, max(0.0, 0.5 + distance))
    angle = math.asin(math.sqrt(min(1.0, max(0.0, team)))) + distance
    return math.sin(min(math.pi / 2, max(0.0, angle))) ** 2


def _curve(
    scale: Scale, team: float, weights: Sequence[float], unit: float, tau2: float, inner: float, outer: float
) -> Curve:
    """Limits over the weights there are: (weight, outer low, low, high, outer high)."""
    low, high = min(weights), max(weights)
    grid = np.geomspace(max(low * 0.7, 1.0), max(high * 1.15, 2.0), POINTS)
    rows = []
    for x in grid.tolist():
        total = math.sqrt(unit / x + tau2)
        rows.append(
            (
                x,
                _shown(scale, team, -outer * total),
                _shown(scale, team, -inner * total),
                _shown(scale, team, inner * total),
                _shown(scale, team, outer * total),
            )
        )
    return tuple(rows)
