"""The daily engine: one linear contrast on a daily series, averaged over how days resemble each other.

The value of day t is a level, an effect of its weekday, the contrast in question, and noise
(:mod:`kpi.stats.day_noise`). With the contrast a line the answer is a trend, with a step at a date it is a
change from then on, with the level itself it is a mean; a projection continues the same model.

A day without a value is left out and the others keep their true distance, so closed days and gaps need no
filling. Fewer than 56 days are no basis: the answers of shorter series are too sure of themselves (measured
false alarms 5-12 %), which is why the callers refuse them (:data:`FEWEST_DAYS`); here only what cannot be
computed at all is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from kpi.stats.day_noise import (
    WEEK,
    WEEKLY_PERSISTENCE,
    Floats,
    Learned,
    Longs,
    Mixture,
    grid,
    learn,
    whitened,
)

FEWEST_DAYS = 56
"""Eight weeks."""
MARGIN = 14
"""A step is looked for from this many days on each side."""
CUT = 3.4
"""A step is called where the largest t of all dates is beyond this: at most 5 % of series without a step have
one, up to an AR(1) of .7."""
MOST_STEPS = 6
LONG = 120
"""Up to this many days every date is tried with every kind of noise."""
NEGLIGIBLE = 1e-6
"""Weight of a kind of noise below which it changes no t."""
METHOD = "daily series, averaged over day-to-day persistence (SN-GLS)"
_Found = tuple[int, int, int, float]
"""Place, first and last likely place, and t of a step."""


@dataclass(frozen=True)
class Contrast:
    """A coefficient of a daily series. ``estimate`` is None, or the interval is, always with a ``reason``.

    Attributes:
        se: standard deviation of what is known, for the smallest change that would have been seen.
        n: days with a value.
        persistence: how likely the noise is close to a random walk (φ ≥ .94); above one half the series is
            too short for its own slowness.
    """

    estimate: float | None
    low: float | None
    high: float | None
    p: float | None
    se: float | None
    df: float
    n: int
    persistence: float
    reason: str | None = None


@dataclass(frozen=True)
class Step:
    """A change of level: the first day after it (most likely ``at``; ``low`` to ``high`` cover 95 %), its
    size with interval, and the t value it was found by."""

    at: int
    low: int
    high: int
    size: float
    size_low: float
    size_high: float
    t: float


@dataclass(frozen=True)
class Projection:
    """Where the mean of a stretch of days will end: what is seen of it stays, the rest is foretold."""

    value: float | None
    low: float | None
    high: float | None
    seen: int
    ahead: int
    known: Mixture | None = None
    reason: str | None = None

    def chance_at_least(self, target: float) -> float | None:
        """Probability that the mean ends at the target or above."""
        return None if self.known is None else self.known.above(target)


@dataclass(frozen=True)
class _Series:
    day: Longs
    value: Floats
    weekday: Longs | None
    kept: NDArray[np.bool_]


def daily_contrast(
    values: ArrayLike,
    contrast: ArrayLike,
    weekday: ArrayLike | None = None,
    *,
    day: ArrayLike | None = None,
    level: float = 0.95,
    beside: ArrayLike | None = None,
) -> Contrast:
    """The coefficient of a contrast, with interval and p-value.

    Args:
        values: float[n], one per day; NaN where the day has no value.
        contrast: float[n], e.g. ``t >= from`` for a step, ``(t - mean) / n`` for the change over the window.
        weekday: int[n], 0 to 6; None leaves out the weekly rhythm of the level.
        day: int[n], number of each day, ascending; 0, 1, 2 … when None.
        beside: float[n, c], other columns that are fitted too (known steps, holidays).

    Raises:
        ValueError: for arrays of different length, infinite values, or days that do not ascend.

    >>> rng = np.random.default_rng(1)
    >>> day = np.arange(84)
    >>> answer = daily_contrast(rng.normal(80, 1, 84) - 3 * (day >= 56), day >= 56, day % 7)
    >>> answer.low < -3 < answer.high, answer.p < 0.001
    (True, True)
    >>> daily_contrast([0.8] * 84, day >= 56, day % 7).reason
    'the series has the same value on every day, but for what is fitted: its noise is unknown'
    """
    column = _finite("contrast", contrast)
    series = _series(values, weekday, day)
    if column.size != series.kept.size:
        raise ValueError(f"{series.kept.size} values but {column.size} numbers in the contrast")
    others = None if beside is None else _finite("beside", beside).reshape(column.size, -1)[series.kept]
    (answer,) = _contrasts(series, series.value[:, None], column[series.kept], others, level)
    return answer


def daily_contrasts(
    values: ArrayLike, contrast: ArrayLike, weekday: ArrayLike | None = None, *, level: float = 0.95
) -> tuple[Contrast, ...]:
    """The same for many series over the same days, float[n, m] without NaN, much faster than one by one."""
    table = _finite("values", values)
    series = _series(np.zeros(table.shape[0]), weekday, None)
    return _contrasts(series, table, _finite("contrast", contrast), None, level)


def daily_mean(
    values: ArrayLike,
    weekday: ArrayLike | None = None,
    *,
    day: ArrayLike | None = None,
    level: float = 0.95,
    target: float | None = None,
) -> Contrast:
    """The mean with every weekday counting alike; ``p`` is that of the target, None without one.

    >>> rng = np.random.default_rng(2)
    >>> answer = daily_mean(rng.normal(80, 2, 70), np.arange(70) % 7, target=90)
    >>> answer.low < 80 < answer.high, answer.p < 0.001
    (True, True)
    """
    series = _series(values, weekday, day)
    if series.value.size == 0:
        return _nothing(series, "no day has a value")
    design = _design(series, None, None, balanced=True)
    answer = _answer(series, design, series.value[:, None], 0, level, target)[0]
    return answer if target is not None else _without_p(answer)


def project(
    values: ArrayLike,
    weekday: ArrayLike | None,
    within: ArrayLike,
    ahead: int,
    *,
    day: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    ahead_weight: ArrayLike | None = None,
    level: float = 0.95,
) -> Projection:
    """The mean of a stretch of days of which the last ``ahead`` are still to come.

    Args:
        values, weekday, day: the whole history, as for :func:`daily_contrast`.
        within: bool[n], which days of the history belong to the stretch.
        ahead: days to come, directly after the last day of the history.
        weight, ahead_weight: float[n] and float[ahead], how much each day counts in the mean (its number of
            rows); all alike when None.

    >>> rng = np.random.default_rng(3)
    >>> day = np.arange(70)
    >>> end = project(rng.normal(80, 2, 70), day % 7, day >= 60, 20)
    >>> end.low < 80 < end.high, end.seen, end.ahead, end.chance_at_least(90) < 0.01
    (True, 10, 20, True)
    """
    series = _series(values, weekday, day)
    inside = np.asarray(within, np.bool_)[series.kept]
    own = np.ones(inside.size) if weight is None else _finite("weight", weight)[series.kept]
    coming = np.ones(ahead) if ahead_weight is None else _finite("ahead_weight", ahead_weight)
    seen, total = int(inside.sum()), float(own[inside].sum() + coming.sum())
    if total <= 0:
        return Projection(None, None, None, seen, ahead, reason="no day of the stretch has any weight")
    past = float(own[inside] @ series.value[inside]) / total
    if ahead == 0 or coming.sum() == 0:
        return Projection(past, past, past, seen, ahead, reason="the stretch is over: nothing is foretold")
    design = _design(series, None, None)
    if series.value.size <= design.shape[1] + 1:
        return Projection(None, None, None, seen, ahead, reason="too few days to foretell from")
    learned = learn(series.day, design, series.value[:, None])
    if learned.exact[0]:
        return Projection(
            None, None, None, seen, ahead, reason="every day has the same value: its noise is unknown"
        )
    future = series.day[-1] + 1 + np.arange(ahead, dtype=np.int64)
    share = coming / total
    rhythm = None if series.weekday is None else _weekday_ahead(series, future)
    known = _foretold(series, learned, future, share, rhythm, past)
    tail = 0.5 - level / 2
    return Projection(known.mean, known.quantile(tail), known.quantile(1 - tail), seen, ahead, known)


def scan_steps(
    values: ArrayLike,
    weekday: ArrayLike | None = None,
    *,
    day: ArrayLike | None = None,
    cut: float = CUT,
    margin: int = MARGIN,
    most: int = MOST_STEPS,
    level: float = 0.95,
) -> tuple[Step, ...]:
    """Dates at which the level of a series changed, in order of time; usually none.

    The date with the largest t is taken if that is beyond ``cut``, then the search goes on with that step
    fitted, until no date is left, or until the next one takes back a step that it could as well stand before.
    ``low`` and ``high`` of a step cover the dates that hold 95 % of its likelihood; sizes are those with all
    steps fitted together.

    >>> rng = np.random.default_rng(4)
    >>> day = np.arange(182)
    >>> (step,) = scan_steps(rng.normal(80, 1, 182) + 3 * (day >= 100), day % 7)
    >>> step.low <= 100 <= step.high, step.size_low < 3 < step.size_high
    (True, True)
    """
    series = _series(values, weekday, day)
    n = series.value.size
    found: list[_Found] = []
    while n >= 2 * margin + 2 + WEEK and len(found) < most:
        best = _best_step(series, [at for at, *_ in found], margin)
        if best is None or best[3] <= cut or _takes_back(series, best, found, level):
            break
        found.append(best)
    found.sort()
    steps = []
    for (at, low, high, t), size in zip(found, _sizes(series, found, level), strict=True):
        if size.estimate is None or size.low is None or size.high is None:
            continue
        numbers = [int(series.day[place]) for place in (at, low, high)]
        steps.append(Step(numbers[0], numbers[1], numbers[2], size.estimate, size.low, size.high, t))
    return tuple(steps)


def _sizes(series: _Series, found: Sequence[_Found], level: float) -> list[Contrast]:
    """The size of each step, all of them fitted together."""
    columns = [(series.day >= series.day[at]).astype(np.float64) for at, *_ in found]
    sizes: list[Contrast] = []
    for place, column in enumerate(columns):
        others = columns[:place] + columns[place + 1 :]
        beside = np.column_stack(others) if others else None
        sizes += _contrasts(series, series.value[:, None], column, beside, level)
    return sizes


def _takes_back(series: _Series, best: _Found, found: Sequence[_Found], level: float) -> bool:
    """Whether a further step goes the other way than one that it could stand before as well as after."""
    astride = [place for place, (at, *_) in enumerate(found) if best[1] <= at <= best[2]]
    if not astride:
        return False
    *sizes, own = (size.estimate or 0.0 for size in _sizes(series, [*found, best], level))
    return any(sizes[place] * own < 0 for place in astride)


# ---------------------------------------------------------------- reading what is given


def _finite(name: str, given: ArrayLike) -> Floats:
    found = np.asarray(given, np.float64)
    if not np.isfinite(found).all():
        raise ValueError(f"{name} must be finite numbers")
    return found


def _series(values: ArrayLike, weekday: ArrayLike | None, day: ArrayLike | None) -> _Series:
    value = np.asarray(values, np.float64).ravel()
    if np.isinf(value).any():
        raise ValueError("values must be finite, or NaN on days without a value")
    number = np.arange(value.size, dtype=np.int64) if day is None else np.asarray(day, np.int64).ravel()
    rhythm = None if weekday is None else np.asarray(weekday, np.int64).ravel()
    if number.size != value.size or (rhythm is not None and rhythm.size != value.size):
        raise ValueError("values, weekday and day must have the same length")
    if (np.diff(number) <= 0).any():
        raise ValueError("day must ascend, each day once")
    kept = ~np.isnan(value)
    return _Series(number[kept], value[kept], None if rhythm is None else rhythm[kept], kept)


def _design(series: _Series, column: Floats | None, beside: Floats | None, balanced: bool = False) -> Floats:
    """Level, contrast, other columns, weekdays; weekdays add up to zero when the level is what is asked."""
    parts = [np.ones(series.value.size)]
    if column is not None:
        parts.append(column)
    if beside is not None:
        parts.extend(beside.T)
    if series.weekday is not None:
        there = np.unique(series.weekday)
        for weekday in there[1:]:
            dummy = (series.weekday == weekday).astype(np.float64)
            parts.append(dummy - (series.weekday == there[0]) if balanced else dummy)
    return np.column_stack(parts)


# ---------------------------------------------------------------- answering


def _nothing(series: _Series, reason: str) -> Contrast:
    return Contrast(None, None, None, None, None, 0.0, int(series.value.size), 0.0, reason)


def _without_p(answer: Contrast) -> Contrast:
    return Contrast(
        answer.estimate, answer.low, answer.high, None, answer.se, answer.df, answer.n,
        answer.persistence, answer.reason,
    )  # fmt: skip


def _contrasts(
    series: _Series, table: Floats, column: Floats, beside: Floats | None, level: float
) -> tuple[Contrast, ...]:
    if column.size == 0:
        return (_nothing(series, "no day has a value"),) * int(table.shape[1])
    return _answer(series, _design(series, column, beside), table, 1, level, 0.0)


def _answer(
    series: _Series, design: Floats, table: Floats, which: int, level: float, null: float | None
) -> tuple[Contrast, ...]:
    n, k = design.shape
    if n <= k:
        return (_nothing(series, f"{n} days are too few for {k} numbers to be fitted"),) * int(table.shape[1])
    if np.linalg.matrix_rank(design) < k:
        words = "the contrast is the same on every day with a value, or repeats another column"
        return (_nothing(series, words),) * int(table.shape[1])
    learned = learn(series.day, design, table)
    persistence = learned.persistence()
    found = []
    for place in range(table.shape[1]):
        if learned.exact[place]:
            estimate = float(np.linalg.lstsq(design, table[:, place], rcond=None)[0][which])
            words = "the series has the same value on every day, but for what is fitted: its noise is unknown"
            found.append(Contrast(estimate, None, None, None, None, learned.df, n, 0.0, words))
            continue
        known = mixture_of(learned, which, place)
        tail = 0.5 - level / 2
        estimate = known.mean
        low, high = known.quantile(tail), known.quantile(1 - tail)
        p = None if null is None else known.p(null)
        found.append(
            Contrast(
                estimate,
                min(low, estimate),
                max(high, estimate),
                p,
                float((high - low) / 2 / special.stdtrit(learned.df, 1 - tail)),
                learned.df,
                n,
                float(persistence[place]),
            )
        )
    return tuple(found)


def mixture_of(learned: Learned, which: int, place: int) -> Mixture:
    """What is known of one coefficient of one series."""
    scale = np.sqrt(learned.variance[:, place] * learned.unscaled[:, which, which])
    return Mixture(learned.coefficients[:, which, place], scale, learned.weight[:, place], learned.df)


# ---------------------------------------------------------------- steps


def _best_step(series: _Series, known: Sequence[int], margin: int) -> _Found | None:
    """Place, first and last likely place, and t of the date that divides the series best.

    Dates are tried a few days apart first, then one by one around the best, so that long series stay quick.
    """
    n = series.value.size
    allowed = [
        place
        for place in range(margin, n - margin + 1)
        if place < n and all(abs(place - other) >= margin for other in known)
    ]
    if not allowed:
        return None
    points: NDArray[np.intp] | None = None
    places, apart = allowed, 1
    if n > LONG:
        # Long series know their noise well: what no date makes likely need not be tried at every date.
        apart = 3 if n <= 2 * LONG else WEEK
        _, _, weight = _steps_at(series, known, allowed[:: 4 * WEEK])
        points = np.flatnonzero(weight.max(axis=1) > NEGLIGIBLE)
        places = allowed[::apart]
    t, likelihood, _ = _steps_at(series, known, places, points)
    stands_for = np.full(len(places), float(apart))
    if apart > 1:
        tops = [places[top] for top in np.argsort(-np.abs(t))[:2]]
        fine = [each for each in allowed if min(abs(each - top) for top in tops) <= 2 * apart]
        finer, likelier, _ = _steps_at(series, known, fine, points)
        # A date tried alone stands for its neighbours, so that no likely date is left out of the range.
        alone = np.array([each not in set(fine) for each in places])
        places = [*fine, *np.array(places)[alone].tolist()]
        t = np.concatenate([finer, np.zeros(int(alone.sum()))])
        likelihood = np.concatenate([likelier, likelihood[alone]])
        stands_for = np.concatenate([np.ones(len(fine)), stands_for[alone]])
    best = int(np.argmax(np.abs(t)))
    share = stands_for * np.exp(likelihood - likelihood.max())
    share /= share.sum()
    order = np.argsort(-share)
    held = order[: int(np.searchsorted(np.cumsum(share[order]), 0.95)) + 1]
    likely = [places[place] for place in held] + [places[best]]
    return places[best], min(likely), max(likely), float(abs(t[best]))


def _steps_at(
    series: _Series, known: Sequence[int], places: Sequence[int], points: NDArray[np.intp] | None = None
) -> tuple[Floats, Floats, Floats]:
    """t and log likelihood of a step at each place, all other coefficients fitted beside it.

    Also the weight of every point of the grid for each place, float64[g, places].
    """
    n = series.value.size
    beside = [(np.arange(n) >= other).astype(np.float64) for other in known]
    base = _design(series, None, np.column_stack(beside) if beside else None)
    steps = (np.arange(n)[:, None] >= np.asarray(places)[None, :]).astype(np.float64)
    projected, *_ = np.linalg.lstsq(base, series.value, rcond=None)
    rest = (series.value - base @ projected)[:, None]
    white, log_determinant = whitened(series.day, np.concatenate([base, rest, steps], axis=1), points)
    k = base.shape[1]
    x, y, s = white[:, :, :k], white[:, :, k : k + 1], white[:, :, k + 1 :]
    inner = x.transpose(0, 2, 1) @ x
    inverse = np.linalg.inv(inner)
    xy, xs = x.transpose(0, 2, 1) @ y, x.transpose(0, 2, 1) @ s
    squares = (y * y).sum(axis=1) - (xy * (inverse @ xy)).sum(axis=1)
    ss = (s * s).sum(axis=1) - (xs * (inverse @ xs)).sum(axis=1)
    sy = (s * y).sum(axis=1) - (xs * (inverse @ xy)).sum(axis=1)
    ss = np.maximum(ss, 1e-300)
    df = n - k - 1
    left = np.maximum(squares - sy**2 / ss, 1e-300)
    t = (sy / ss) / np.sqrt(left / df / ss)
    log_weight = (
        np.log(grid().prior if points is None else grid().prior[points])[:, None]
        - 0.5 * (df * np.log(left) + np.log(ss))
        - 0.5 * (np.linalg.slogdet(inner)[1] + log_determinant)[:, None]
    )
    likelihood: Floats = special.logsumexp(log_weight, axis=0)
    weight = np.exp(log_weight - likelihood)
    below = (weight * special.stdtr(df, -t)).sum(axis=0)
    above = (weight * special.stdtr(df, t)).sum(axis=0)
    tail = np.clip(np.minimum(below, above), 1e-300, 0.5)
    found: Floats = np.where(below <= above, -1.0, 1.0) * special.stdtrit(df, tail)
    return found, likelihood, weight


# ---------------------------------------------------------------- what is still to come


def _weekday_ahead(series: _Series, future: Longs) -> Longs:
    """Weekdays go on as they came."""
    assert series.weekday is not None
    shift = int(series.weekday[-1] - series.day[-1])
    found: Longs = (future + shift) % WEEK
    return found


def _foretold(
    series: _Series, learned: Learned, future: Longs, share: Floats, rhythm: Longs | None, past: float
) -> Mixture:
    """Distribution of past + Σ share × value of the days to come."""
    design = [np.ones(future.size)]
    if series.weekday is not None and rhythm is not None:
        design += [(rhythm == weekday).astype(np.float64) for weekday in np.unique(series.weekday)[1:]]
    columns = share @ np.column_stack(design)
    points = grid()

    def correlation(apart: Longs) -> Floats:
        near = points.persistence[:, None] ** apart[None, :] * points.persistent[:, None]
        weekly = np.where(apart % WEEK == 0, WEEKLY_PERSISTENCE ** (apart / WEEK), 0.0)
        return near + points.weekly[:, None] * weekly[None, :]

    across = np.zeros((series.day.size, points.size, 1))
    for place, number in enumerate(future):
        across[:, :, 0] += share[place] * correlation(number - series.day).T
    white, _ = whitened(series.day, across)
    pulled = white[:, :, 0]
    apart = np.abs(future[:, None] - future[None, :])
    both = np.outer(share, share)
    own = np.zeros(points.size)
    for gap in range(1, int(apart.max()) + 1):
        together = float(both[apart == gap].sum())
        own += together * correlation(np.array([gap]))[:, 0]
    own += float((share**2).sum())
    coefficient = learned.coefficients[:, :, 0]
    centre = coefficient @ columns + (pulled * learned.white_rest[:, :, 0]).sum(axis=1) + past
    gap_of = columns[None, :] - (learned.white_design * pulled[:, :, None]).sum(axis=1)
    spread = own - (pulled**2).sum(axis=1) + np.einsum("gk,gkl,gl->g", gap_of, learned.unscaled, gap_of)
    scale = np.sqrt(np.maximum(spread, 1e-12) * learned.variance[:, 0])
    return Mixture(centre, scale, learned.weight[:, 0], learned.df)
