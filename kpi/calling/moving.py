"""The runs with a true change added to the period now: difference and p-value of each, all at once.

The evidence (how much days, weeks and chance make the difference wander) is that of unchanged days; the
tests are those of :mod:`kpi.stats`, so a simulated verdict is reached as one of the app.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import special

from kpi.calling.worlds import Drawn, Kind
from kpi.stats.intervals import SMALLEST_P
from kpi.stats.proportion_arrays import score_z

Floats = NDArray[np.float64]
Moved = Callable[[float], tuple[Floats, Floats, Floats]]
"""change → differences, p-values, values before."""


def moved(drawn: Drawn, effect: Floats, df: Floats, level: float) -> Moved:
    """A function of the true change, which is in the unit of the metric.

    Args:
        effect: float64[runs], variance of each difference ÷ that under independent rows.
        df: float64[runs], degrees of freedom.
    """
    return {Kind.SHARE: _share, Kind.MEAN: _mean, Kind.MEDIAN: _median, Kind.SCORE: _score}[drawn.world.kind](
        drawn, effect, df, level
    )


def _share(drawn: Drawn, effect: Floats, df: Floats, level: float) -> Moved:
    n = float(drawn.world.n)
    now, before = (drawn.first[:, place].sum(axis=1) / n for place in drawn.stretches[:2])
    worth = n / effect

    def at(change: float) -> tuple[Floats, Floats, Floats]:
        after = np.clip(now + change, 0.0, 1.0)
        z = np.abs(score_z(after * worth, worth, before * worth, worth, np.zeros(after.size)))
        return after - before, _tails(z, np.ones(z.size), df), before

    return at


def _mean(drawn: Drawn, effect: Floats, df: Floats, level: float) -> Moved:
    n = float(drawn.world.n)
    sums, squares = (
        np.stack([table[:, place].sum(axis=1) for place in drawn.stretches[:2]])
        for table in (drawn.first, drawn.second)
    )
    mean = sums / n
    spread = np.maximum(squares / n - mean**2, 0.0) * n / max(n - 1, 1.0)
    se = np.sqrt(effect * (spread[0] + spread[1]) / n)

    def at(change: float) -> tuple[Floats, Floats, Floats]:
        value = mean[0] - mean[1] + change
        return value, _tails(value, se, df), mean[1]

    return at


def _score(drawn: Drawn, effect: Floats, df: Floats, level: float) -> Moved:
    n = float(drawn.world.n)
    up, down = (
        np.stack([table[:, place].sum(axis=1) / n for place in drawn.stretches[:2]])
        for table in (drawn.first, drawn.second)
    )
    worth = n / effect

    def at(change: float) -> tuple[Floats, Floats, Floats]:
        more = np.clip(up[0] + change / 200, 0.0, 1.0)
        fewer = np.clip(down[0] - change / 200, 0.0, 1.0 - more)
        p = score_p((more, fewer), (up[1], down[1]), worth, df, level)
        return 100 * (more - fewer - (up[1] - down[1])), p, 100 * (up[1] - down[1])

    return at


def score_p(
    now: tuple[Floats, Floats], before: tuple[Floats, Floats], worth: Floats, df: Floats, level: float
) -> Floats:
    """p-values of differences of net scores: :func:`kpi.stats.nps_difference` on arrays.

    Args:
        now, before: shares of promoters and of detractors. worth: effective rows of either side.
    """
    centres, variances = [], []
    for up, down in (now, before):
        rows = worth + 3
        more, fewer = (up * worth + 0.75) / rows, (down * worth + 0.75) / rows
        centres.append(more - fewer)
        variances.append((more + fewer - (more - fewer) ** 2) / rows)
    centre, se = centres[0] - centres[1], np.sqrt(variances[0] + variances[1])
    observed = (now[0] - now[1]) - (before[0] - before[1])
    half = special.stdtrit(df, 0.5 + level / 2) * se
    inside = (np.minimum(centre - half, observed) <= 0) & (np.maximum(centre + half, observed) >= 0)
    p = _tails(centre, se, df)
    found: Floats = np.where(inside, np.maximum(p, 1 - level), p)
    return found


def _median(drawn: Drawn, effect: Floats, df: Floats, level: float) -> Moved:
    """MOVER on order statistics; p from the width of the interval at this level, which decides alike."""
    runs, n = drawn.runs, drawn.world.n
    sides = np.stack([drawn.values[:, place].reshape(runs, n) for place in drawn.stretches[:2]])
    sides.sort(axis=2)
    crit = special.stdtrit(df, 0.5 + level / 2)
    half = crit * np.sqrt(effect * n) / 2
    low = np.clip(np.floor(n / 2 - half).astype(np.int64), 0, n - 1)
    high = np.clip(np.ceil(n / 2 + half).astype(np.int64) - 1, 0, n - 1)
    run = np.arange(runs)
    middle = (sides[:, :, (n - 1) // 2] + sides[:, :, n // 2]) / 2
    bottom, top = np.minimum(sides[:, run, low], middle), np.maximum(sides[:, run, high], middle)
    base = drawn.world.base

    def at(change: float) -> tuple[Floats, Floats, Floats]:
        factor = max(0.0, 1 + change / base)
        value = factor * middle[0] - middle[1]
        below = np.hypot(factor * (middle[0] - bottom[0]), top[1] - middle[1])
        above = np.hypot(factor * (top[0] - middle[0]), middle[1] - bottom[1])
        return value, _tails(value, np.where(value > 0, below, above) / crit, df), middle[1]

    return at


def _tails(value: Floats, se: Floats, df: Floats) -> Floats:
    """Two-sided p; 1 where nothing differs and nothing varies."""
    still = np.where(value == 0, 0.0, np.inf)
    t = np.divide(np.abs(value), se, out=still, where=se > 0)
    p: Floats = np.clip(2 * special.stdtr(df, -t), SMALLEST_P, 1.0)
    return p
