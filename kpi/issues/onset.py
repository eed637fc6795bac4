"""When a share began to rise, and whether it came at once or step by step.

A level, a rise and a level are fitted to the daily shares (two-phase regression, Hinkley 1971, Biometrika
58:507-523), with three kinds of rise: at once; half at once and the rest within weeks (contacts bring
follow-up contacts); step by step over any length of time. No single one is picked: every start and length
counts as much as its likelihood says (Raftery, Madigan & Hoeting 1997, Journal of the American Statistical
Association 92:179-191), averaged over how the days resemble each other (:mod:`kpi.stats.day_noise`). At once
and step by step are as likely as each other beforehand, and so are lengths on a logarithmic scale.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kpi.issues.nouns import SURE, Onset
from kpi.model import EPOCH
from kpi.stats.day_noise import grid, learn, whitened

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
MARGIN = 7
"""Days that must lie on each side of an onset."""
SHORTEST = 7.0
"""Days of the shortest rise day by day; each longer one takes √2 times as long."""
MONTH = 28.0
"""A rise over fewer days than this counts as a jump."""
SETTLING = (7.0, 21.0)
"""Days within which the second half of a rise comes, but for a third of it."""
APART = 3
"""Days between the starts of rises that are not at once; more in long histories."""
WEEKLY_FROM = 56
"""Days from which each weekday has a level of its own."""
NOISES = 5
"""So many kinds of noise stand for all, from little to much persistence, each as likely as the next."""
NARROW = 45
"""Days between which an onset must lie to be looked for day by day."""
MASS = 0.95
"""What the stated days hold."""


def onset(first_day: int, hits: Floats, totals: Floats) -> Onset | None:
    """Since when a share has been higher; None where no rise fits.

    Args:
        first_day: day of the first count, days since 1970-01-01.
        hits, totals: float64[T], contacts of the issue and all contacts on each day.
    """
    held = totals > 0
    day = np.flatnonzero(held)
    if day.size < 2 * MARGIN + 2 or hits.sum() <= 0:
        return None
    share, total = hits[held] / totals[held], totals[held]
    days = np.ascontiguousarray(day, np.int64).tobytes()
    rises = _rises(days)
    fitted = _first_fit(share, total, rises.shape)
    if fitted is None:
        return None
    # A day's share varies with its number of contacts and with the share itself.
    scale = np.sqrt(total / (fitted.share * (1 - fitted.share)))[:, None]
    levels, value = _levels(day) * scale, share[:, None] * scale
    noises = _noises(day, levels, value, rises.shape[:, fitted.best : fitted.best + 1] * scale)
    if noises is None:
        return None
    mass = _mass(day, levels, value, rises.shape * scale, rises.prior, noises)
    if mass is None:
        return None
    least, most = (_quantile(rises.start, mass, share) for share in (0.0005, 0.9995))
    if most - least <= NARROW:
        rises = _rises(days, (least - APART, most + APART))
        mass = _mass(day, levels, value, rises.shape * scale, rises.prior, noises)
        if mass is None:
            return None
    return _told(first_day, day, share, total, rises, mass)


def _told(first_day: int, day: Longs, share: Floats, total: Floats, rises: _Rises, mass: Floats) -> Onset:
    step_by_step = float(mass[rises.slow].sum())
    slow = step_by_step > 0.5
    # A rise has one kind, so its day is that of the likelier kind where the days tell which; its doubt is
    # that of all.
    kind = rises.slow == slow
    told = kind if max(step_by_step, 1 - step_by_step) >= SURE else np.ones_like(kind)
    at = _quantile(rises.start[told], mass[told], 0.5)
    low, high = (_quantile(rises.start, mass, place) for place in (0.5 - MASS / 2, 0.5 + MASS / 2))
    end = _quantile(rises.end[kind], mass[kind], 0.5)
    likeliest = np.flatnonzero(kind)[int(np.argmax(mass[kind]))]
    before, after = _around(share, total, rises.shape[:, likeliest])
    return Onset(
        _date(first_day + at),
        _date(first_day + min(low, at)),
        _date(first_day + max(high, at)),
        _date(first_day + max(end, at)) if slow and end <= day[-1] else None,
        step_by_step,
        before,
        after,
    )


@dataclass(frozen=True)
class _Rises:
    """Rises that may be, one to an element (column of ``shape``).

    Attributes:
        end: last day of the rise, after the last day there is where it still goes on.
        slow: over four weeks or more.
        shape: float64[T, r], what part of the rise has come on each day.
    """

    start: Longs
    end: Longs
    prior: Floats
    slow: NDArray[np.bool_]
    shape: Floats


@lru_cache(maxsize=8)
def _rises(days: bytes, between: tuple[int, int] | None = None) -> _Rises:
    """Every rise that may be on these days; with more lengths and every start between two of them."""
    day = np.frombuffer(days, np.int64)
    first, last = int(day[0]), int(day[-1])
    starts = np.arange(first + MARGIN, last - MARGIN + 2, dtype=np.int64)
    thin = starts[:: max(APART, (last - first) // 100)]
    finer = 1
    if between is not None:
        thin = starts = starts[(starts >= between[0]) & (starts <= between[1])]
        finer = 2
    count = int(2 * finer * np.log2(max(1.0, (last - first) / SHORTEST))) + 1
    lengths = np.round(SHORTEST * 2 ** (np.arange(count) / 2 / finer))
    at, length = (each.ravel() for each in np.meshgrid(thin, lengths, indexing="ij"))
    ended = at + length - 1 <= last
    # All that go on beyond the last day look the same up to it.
    still = np.bincount(np.searchsorted(thin, at[~ended]), minlength=thin.size)
    going = thin[still > 0]
    settling = np.repeat(SETTLING, thin.size)
    soon = np.tile(thin, len(SETTLING))
    start = np.concatenate([starts, soon, at[ended], going])
    lasts = np.concatenate(
        [np.ones(starts.size + soon.size), length[ended], last + 2.0 - going.astype(np.float64)]
    )
    halves = np.zeros(start.size)
    halves[starts.size : starts.size + soon.size] = settling
    slow_from = starts.size + soon.size
    end = np.concatenate(
        [starts, soon, (at + length - 1)[ended].astype(np.int64), np.full(going.size, last + 1)]
    )
    each = 0.5 / thin.size / count
    prior = np.concatenate(
        [
            np.full(starts.size, 0.25 / starts.size),
            np.full(soon.size, 0.25 / soon.size),
            np.full(int(ended.sum()), each),
            each * still[still > 0],
        ]
    )
    slow = (np.arange(start.size) >= slow_from) & (lasts >= MONTH)
    since = day[:, None] - start + 1.0
    shape = np.clip(since / lasts, 0.0, 1.0)
    part = slice(starts.size, slow_from)
    rest = np.exp(-np.clip(since[:, part] - 1, 0.0, None) / settling)
    shape[:, part] = np.where(since[:, part] > 0, 1 - 0.5 * rest, 0.0)
    for made in (start, end, prior, slow, shape):
        made.flags.writeable = False
    return _Rises(start, end, prior, slow, shape)


@dataclass(frozen=True)
class _FirstFit:
    best: int
    share: Floats


def _first_fit(share: Floats, total: Floats, shape: Floats) -> _FirstFit | None:
    """The rise that fits best if days were independent, and the share it gives each day."""
    root = np.sqrt(total)[:, None]
    loss, rise = _left_over(root, share[:, None] * root, shape * root)
    loss = np.where(rise > 0, loss, np.inf)
    best = int(np.argmin(loss))
    if not np.isfinite(loss[best]):
        return None
    before, after = _around(share, total, shape[:, best])
    mean = float((share * total).sum() / total.sum())
    line = before + (after - before) * shape[:, best]
    return _FirstFit(best, np.clip(line, min(mean / 4, 0.999), 0.999))


def _levels(day: Longs) -> Floats:
    """A level, and what each weekday differs from the first, float64[T, k]."""
    columns = [np.ones(day.size)]
    if day[-1] - day[0] + 1 >= WEEKLY_FROM:
        there = np.unique(day % 7)
        columns += [(day % 7 == each).astype(np.float64) for each in there[1:]]
    return np.column_stack(columns)


def _mass(
    day: Longs, levels: Floats, value: Floats, shape: Floats, prior: Floats, noises: Longs
) -> Floats | None:
    """How likely every rise is, float64[r], averaged over kinds of noise; None where only falls fit."""
    white, _ = whitened(day, np.column_stack([levels, value, shape]), np.unique(noises))
    k = levels.shape[1]
    free = day.size - k - 1
    found: Floats = np.zeros(prior.size)
    for place, times in enumerate(np.unique(noises, return_counts=True)[1]):
        loss, rise = _left_over(white[place, :, :k], white[place, :, k : k + 1], white[place, :, k + 1 :])
        fits = np.where(rise > 0, -0.5 * free * np.log(np.maximum(loss, 1e-12)) + np.log(prior), -np.inf)
        if not np.isfinite(fits.max()):
            return None
        likely = np.exp(fits - fits.max())
        found += times * likely / likely.sum()
    found /= found.sum()
    return found


def _noises(day: Longs, levels: Floats, value: Floats, shape: Floats) -> Longs | None:
    """Points of the grid of noises that stand for all, by how likely they are beside this rise."""
    known = learn(day, np.column_stack([levels, shape]), value)
    weight = known.weight[:, 0]
    if known.exact[0] or not np.isfinite(weight).all():
        return None
    points = grid()
    in_the_long_run = points.persistent * (1 + points.persistence) / (1 - points.persistence) + points.weekly
    order = np.argsort(in_the_long_run, kind="stable")
    up_to = np.cumsum(weight[order])
    at = np.searchsorted(up_to, (np.arange(NOISES) + 0.5) / NOISES * up_to[-1])
    found: Longs = order[np.minimum(at, order.size - 1)].astype(np.int64)
    return found


def _left_over(levels: Floats, value: Floats, shape: Floats) -> tuple[Floats, Floats]:
    """Squares left over beside the levels, and the size of the rise, of each shape alone."""
    base, _ = np.linalg.qr(levels)
    y = (value - base @ (base.T @ value))[:, 0]
    x = shape - base @ (base.T @ shape)
    spread, along = (x * x).sum(axis=0), y @ x
    rise = np.divide(along, spread, out=np.zeros_like(spread), where=spread > 1e-9)
    return float(y @ y) - rise * along, rise


def _around(share: Floats, total: Floats, shape: Floats) -> tuple[float, float]:
    """The share before a rise and after it."""
    middle, mean = (float((total * each).sum() / total.sum()) for each in (shape, share))
    spread = float((total * (shape - middle) ** 2).sum())
    rise = float((total * (shape - middle) * share).sum() / spread) if spread > 1e-9 else 0.0
    before = mean - rise * middle
    return min(1.0, max(0.0, before)), min(1.0, max(0.0, before + rise))


def _quantile(places: Longs, mass: Floats, share: float) -> int:
    """The place with this part of the mass up to it."""
    order = np.argsort(places, kind="stable")
    up_to = np.cumsum(mass[order])
    at = int(np.searchsorted(up_to, share * up_to[-1]))
    return int(places[order][min(at, order.size - 1)])


def _date(day: int) -> date:
    return EPOCH + timedelta(days=day)
