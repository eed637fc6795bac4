"""How many signals a control chart gives although nothing changes."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from scipy import special

from kpi.stats.arrays import Floats

MOST_PERSISTENCE = 0.95
LONGEST_RUN = 60
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(80)


def expected_false_signals(
    points: int, baseline: int | None = None, *, run: int = 8, persistence: float = 0.0
) -> float:
    """How many of ``points`` are flagged on average although nothing changed: limits, and a run on one side.

    For normal values judged by limits from ``baseline`` earlier points (None: limits known exactly). The
    uncertainty of the limits is in it: with 30 baseline points rule 1 alone flags .8 points in 100 where
    known limits flag .27. With ``persistence`` (lag-one correlation) σ is taken as widened for it, but runs
    are longer, and a baseline of the same length says less about the centre.

    Method: the next value against mean ± 3 σ from m points is a t statistic; σ from moving ranges has about
    .62 (m − 1) degrees of freedom (Wheeler 1995, Advanced Topics in SPC). Runs: the chance that ``run``
    values of an AR(1) in a row lie on one side, averaged over where the estimated centre may lie.

    Raises:
        ValueError: for a baseline below 3 points or a persistence not within 0 and 1.

    >>> round(expected_false_signals(100), 2), round(expected_false_signals(100, 30), 1)
    (0.99, 2.0)
    >>> round(expected_false_signals(100, 60, persistence=0.5), 0)
    9.0
    """
    _check(baseline, persistence)
    if points <= 0:
        return 0.0
    rho = min(persistence, MOST_PERSISTENCE)
    off = 0.0 if baseline is None else (1 + rho) / (1 - rho) / baseline
    if baseline is None:
        beyond = 2 * float(special.ndtr(-3.0))
    else:
        df = 0.62 * (baseline - 1)
        # E s = σ: the unbiased estimate lies above the root of the χ² mean by 1/c4.
        unbiased = math.sqrt(df / 2) * math.exp(special.gammaln(df / 2) - special.gammaln((df + 1) / 2))
        beyond = 2 * float(special.stdtr(df, -3 * unbiased / math.sqrt(1 + off)))
    in_run = _run_chance(run, round(rho, 3), round(math.sqrt(off), 6)) if run <= points else 0.0
    return points * beyond + max(0, points - run + 1) * in_run * (1 - beyond)


def run_length(persistence: float, baseline: int | None = None, *, least: int = 8) -> int:
    """The run on one side that is as rare at this persistence as a run of 8 among independent values.

    With limits from a baseline. Runs of 8 are quite usual where neighbours resemble each other. At most 60.

    Raises:
        ValueError: as :func:`expected_false_signals`.

    >>> run_length(0.0), run_length(0.5), run_length(0.7)
    (8, 15, 22)
    """
    _check(baseline, persistence)
    rho = min(persistence, MOST_PERSISTENCE)
    off = 0.0 if baseline is None else math.sqrt((1 + rho) / (1 - rho) / baseline)
    usual = _run_chance(least, 0.0, 0.0 if baseline is None else round(math.sqrt(1 / baseline), 6))
    for length in range(least, LONGEST_RUN):
        if _run_chance(length, round(rho, 3), round(off, 6)) <= usual * (1 + 1e-6):
            return length
    return LONGEST_RUN


def _run_chance(run: int, rho: float, off_sd: float) -> float:
    """The chance that ``run`` values lie on one side of a centre that is off by a normal error."""
    return _run_chances(rho, off_sd)[min(run, LONGEST_RUN) - 1]


@lru_cache(maxsize=512)
def _run_chances(rho: float, off_sd: float) -> tuple[float, ...]:
    """The same for runs of 1 to ``LONGEST_RUN``."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(16 if off_sd > 0 else 1)
    each = np.array([_above(rho, float(node) * off_sd) for node in nodes])
    # Both sides are mirror images, and so are positive and negative errors.
    return tuple((2 * weights @ each / weights.sum()).tolist())


def _above(rho: float, edge: float) -> Floats:
    """P(n values of a standard AR(1) in a row above ``edge``), n = 1 …, by quadrature along the chain."""
    lengths = np.arange(1, LONGEST_RUN + 1)
    if rho <= 0:
        independent: Floats = special.ndtr(-edge) ** lengths
        return independent
    far = max(edge, 0.0) + 8.0
    start = max(edge, -8.0)
    at: Floats = start + (far - start) * (_NODES + 1) / 2
    weight = _WEIGHTS * (far - start) / 2
    spread = math.sqrt(1 - rho**2)
    density = np.exp(-(at**2) / 2) / math.sqrt(2 * math.pi)
    step = np.exp(-(((at[:, None] - rho * at[None, :]) / spread) ** 2) / 2) / (
        spread * math.sqrt(2 * math.pi)
    )
    chances = np.empty(LONGEST_RUN)
    for place in range(LONGEST_RUN):
        chances[place] = density @ weight
        density = step @ (density * weight)
    return chances


def _check(baseline: int | None, persistence: float) -> None:
    if baseline is not None and baseline < 3:
        raise ValueError(f"limits need at least 3 baseline points, but baseline is {baseline}")
    if not 0 <= persistence < 1:
        raise ValueError(f"persistence must be at least 0 and below 1, but is {persistence:g}")
