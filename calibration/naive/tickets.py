"""Tests of two periods or two teams that take tickets, agents or days for independent."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from calibration.worlds.tickets import Months, Reports, Segments, Teams

Floats = NDArray[np.float64]
ALPHA = 0.05


def two_proportions(now_k: Floats, now_n: Floats, before_k: Floats, before_n: Floats) -> Floats:
    """p-value of the pooled two-proportion z test; 1 where nothing varies."""
    pooled = (now_k + before_k) / (now_n + before_n)
    variance = pooled * (1 - pooled) * (1 / now_n + 1 / before_n)
    gap = now_k / now_n - before_k / before_n
    z = np.divide(gap, np.sqrt(variance), out=np.zeros_like(gap), where=variance > 0)
    found: Floats = 2 * special.ndtr(-np.abs(z))
    return found


def z_p(drawn: Months) -> Floats:
    """p-values of the z test on tickets."""
    sides = []
    for first, last in (drawn.now, drawn.before):
        for counted in (drawn.good, drawn.rows):
            sides.append(counted[:, first : last + 1].sum(axis=(1, 2)).astype(np.float64))
    return two_proportions(*sides)


def z_test(drawn: Months) -> Floats:
    """Two-proportion z test on tickets."""
    return _called(z_p(drawn))


def z_far(drawn: Months) -> Floats:
    """The same, called at p < .001."""
    return (z_p(drawn) < 0.001).astype(np.float64)


def by_agent(drawn: Months) -> Floats:
    """Agents as clusters."""
    gap, pulled = _pulled(drawn)
    return _called(_p(gap, (pulled.sum(axis=1) ** 2).sum(axis=1)))


def by_day(drawn: Months) -> Floats:
    """Days as clusters."""
    gap, pulled = _pulled(drawn)
    return _called(_p(gap, (pulled.sum(axis=2) ** 2).sum(axis=1)))


def two_way(drawn: Months) -> Floats:
    """Agents and days as clusters (Cameron, Gelbach & Miller)."""
    gap, pulled = _pulled(drawn)
    agents = (pulled.sum(axis=1) ** 2).sum(axis=1)
    days = (pulled.sum(axis=2) ** 2).sum(axis=1)
    cells = (pulled**2).sum(axis=(1, 2))
    return _called(_p(gap, np.maximum(agents + days - cells, cells)))


def welch_on_days(drawn: Months) -> Floats:
    """Welch's t test on daily shares."""
    rows, good = drawn.rows.sum(axis=2), drawn.good.sum(axis=2)
    share = np.where(rows > 0, good / np.maximum(rows, 1), np.nan)
    now, before = share[:, drawn.split :], share[:, drawn.start : drawn.split]
    p = stats.ttest_ind(now, before, axis=1, equal_var=False, nan_policy="omit").pvalue
    return _called(np.asarray(p, np.float64))


def report_calls(drawn: Reports, adjusted: bool) -> NDArray[np.int64]:
    """How many cells of each report the z test calls, plain or after Benjamini-Hochberg."""
    p = z_p(drawn.months).reshape(-1, drawn.cells)
    if adjusted:
        p = np.stack([stats.false_discovery_control(each) for each in p])
    counted: NDArray[np.int64] = (p < ALPHA).sum(axis=1)
    return counted


def teams_z(drawn: Teams) -> Floats:
    """z test on tickets of two teams."""
    now, before = (
        (good.sum(axis=1).astype(np.float64), rows.sum(axis=1).astype(np.float64))
        for good, rows in zip(drawn.good, drawn.rows, strict=True)
    )
    return _called(two_proportions(*now, *before))


def teams_robust(small_sample: bool, t: bool) -> Callable[[Teams], Floats]:
    """Agents as clusters: CR0, or CR1 with its small-sample factor; by z or by t on agents − 2."""

    def judge(drawn: Teams) -> Floats:
        gap, variance = _cr0(drawn)
        agents = sum(rows.shape[1] for rows in drawn.rows)
        if small_sample:
            tickets = sum(rows.sum(axis=1) for rows in drawn.rows)
            variance = variance * agents / (agents - 1) * (tickets - 1) / (tickets - 2)
        ratio = np.abs(gap) / np.sqrt(variance)
        p = 2 * (special.stdtr(agents - 2, -ratio) if t else special.ndtr(-ratio))
        return _called(np.asarray(p, np.float64))

    return judge


def segments_p(drawn: Segments) -> Floats:
    """p-values of the z test, float64[runs, segments]."""
    good, rows = drawn.good.astype(np.float64), drawn.rows.astype(np.float64)
    return two_proportions(good[:, :, 0], rows[:, :, 0], good[:, :, 1], rows[:, :, 1])


def _cr0(drawn: Teams) -> tuple[Floats, Floats]:
    shares, variances = [], []
    for good, rows in zip(drawn.good, drawn.rows, strict=True):
        total = rows.sum(axis=1, keepdims=True)
        share = good.sum(axis=1, keepdims=True) / total
        shares.append(share[:, 0])
        variances.append((((good - share * rows) / total) ** 2).sum(axis=1))
    return shares[0] - shares[1], variances[0] + variances[1]


def _pulled(drawn: Months) -> tuple[Floats, Floats]:
    """The difference, and how far each cell pulls it: float64[runs, days, agents]."""
    pulled = np.zeros(drawn.rows.shape)
    shares = []
    for (first, last), sign in ((drawn.now, 1.0), (drawn.before, -1.0)):
        place = slice(first, last + 1)
        rows, good = drawn.rows[:, place], drawn.good[:, place]
        total = rows.sum(axis=(1, 2), keepdims=True)
        share = good.sum(axis=(1, 2), keepdims=True) / total
        pulled[:, place] = sign * (good - share * rows) / total
        shares.append(share[:, 0, 0])
    return shares[0] - shares[1], pulled


def _p(gap: Floats, variance: Floats) -> Floats:
    found: Floats = 2 * special.ndtr(-np.abs(gap) / np.sqrt(variance))
    return found


def _called(p: Floats) -> Floats:
    return np.where(np.isnan(p), np.nan, (p < ALPHA).astype(np.float64))
