"""When a share began to rise: a level, a rise, a level, fitted to daily counts.

Two-phase regression (Hinkley 1971, Biometrika 58:507-523) with the rise at once (a step) or over a stretch
(a ramp). A step is kept unless a ramp fits clearly better. Starts whose fit is within the 95 % cut of the
best are the stated range, and the earliest start of a ramp that fits about as well is told beside it; the
cut is widened by how much more the days vary than independent contacts do.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from scipy import special

from kpi.issues.nouns import Onset
from kpi.model import EPOCH

Floats = NDArray[np.float64]
MARGIN = 7
"""Days that must lie on each side of an onset."""
COARSE = 3
"""Days between the starts and ends of ramps that are tried first."""
SHORTEST_RAMP = 14


def onset(first_day: int, hits: Floats, totals: Floats, effect: float = 1.0) -> Onset | None:
    """The most likely onset of a rise; None where no rise fits.

    Args:
        first_day: day of the first count, days since 1970-01-01.
        hits, totals: float64[T], contacts of the issue and all contacts on each day.
        effect: how much more the days vary than independent contacts (1 or more).
    """
    size = hits.size
    if size < 2 * MARGIN + 2 or totals.sum() <= 0 or hits.sum() <= 0:
        return None
    fit = _Fit(hits, totals)
    places = np.arange(MARGIN, size - MARGIN + 1)
    steps = np.column_stack([places, places])
    step_loss, step_rise = fit.loss(steps)
    step_loss = np.where(step_rise > 0, step_loss, np.inf)
    coarse = places[::COARSE]
    ramps = _pairs(coarse, coarse)
    ramp_loss, ramp_rise = fit.loss(ramps)
    ramp_loss = np.where(ramp_rise > 0, ramp_loss, np.inf)
    best_step = int(np.argmin(step_loss))
    if not np.isfinite(step_loss[best_step]):
        return None
    if ramps.size and np.isfinite(ramp_loss).any():
        near = _near(ramps[int(np.argmin(ramp_loss))], size)
        more, rise = fit.loss(near)
        ramps = np.concatenate([ramps, near])
        ramp_loss = np.concatenate([ramp_loss, np.where(rise > 0, more, np.inf)])
    lowest = min(float(step_loss[best_step]), float(ramp_loss.min()) if ramp_loss.size else np.inf)
    spread = max(1.0, effect, lowest / max(1, size - 4))
    cut = float(special.chdtri(1, 0.05)) * spread
    # One more number is fitted by a ramp: it must earn as much as AIC asks.
    gradual = float(step_loss[best_step]) - lowest > 2 * spread
    best = ramps[int(np.argmin(ramp_loss))] if gradual else steps[best_step]
    starts, loss = (ramps[:, 0], ramp_loss) if gradual else (places, step_loss)
    within = starts[loss - loss.min() <= cut]
    as_well = ramps[ramp_loss - lowest <= cut, 0]
    earliest = int(as_well.min()) if as_well.size else int(within.min())
    before, after = fit.levels(best)
    return Onset(
        _date(first_day + int(best[0])),
        _date(first_day + int(within.min())),
        _date(first_day + int(within.max())),
        _date(first_day + min(earliest, int(within.min()))),
        _date(first_day + int(best[1])) if gradual else None,
        before,
        after,
    )


class _Fit:
    """Weighted squares around a level, a rise between two places, and a level."""

    def __init__(self, hits: Floats, totals: Floats) -> None:
        share = float(hits.sum() / totals.sum())
        # Variance of a day's share: binomial at the overall share; days without contacts weigh nothing.
        self.weight = totals / max(share * (1 - share), 1e-9)
        self.value = np.divide(hits, totals, out=np.zeros_like(hits), where=totals > 0)
        self.day = np.arange(hits.size, dtype=np.float64)

    def loss(self, pairs: NDArray[np.int64]) -> tuple[Floats, Floats]:
        """Weighted squares left over, and the size of the rise, for each (start, end)."""
        losses, rises = [], []
        for part in np.array_split(pairs, max(1, len(pairs) // 2000)):
            shape = self._shape(part)
            w, y = self.weight, self.value
            sw, swy = w.sum(), (w * y).sum()
            swx, swxx, swxy = shape @ w, (shape * shape) @ w, shape @ (w * y)
            spread = swxx - swx * swx / sw
            rise = np.divide(swxy - swx * swy / sw, spread, out=np.zeros_like(spread), where=spread > 1e-9)
            losses.append((w * y * y).sum() - swy * swy / sw - rise * rise * spread)
            rises.append(rise)
        return np.concatenate(losses), np.concatenate(rises)

    def levels(self, pair: NDArray[np.int64]) -> tuple[float, float]:
        """The share before and after."""
        (shape,) = self._shape(pair[None, :])
        w = self.weight
        centre = (w * shape).sum() / w.sum()
        mean = (w * self.value).sum() / w.sum()
        _, (rise,) = self.loss(pair[None, :])
        before = float(mean - rise * centre)
        return max(0.0, before), min(1.0, before + float(rise))

    def _shape(self, pairs: NDArray[np.int64]) -> Floats:
        start, end = pairs[:, :1].astype(np.float64), pairs[:, 1:].astype(np.float64)
        rising: Floats = np.clip((self.day[None, :] - start + 1) / (end - start + 1), 0.0, 1.0)
        return rising


def _pairs(starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    one, other = np.meshgrid(starts, ends, indexing="ij")
    wide = other - one >= SHORTEST_RAMP
    return np.column_stack([one[wide], other[wide]])


def _near(best: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """Every pair of days around the best of the coarse ones."""
    around = np.arange(-COARSE, COARSE + 1)
    starts = np.clip(best[0] + around, MARGIN, size - MARGIN)
    ends = np.clip(best[1] + around, MARGIN, size - MARGIN)
    return _pairs(np.unique(starts), np.unique(ends))


def _date(day: int) -> date:
    return EPOCH + timedelta(days=day)
