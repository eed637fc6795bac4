"""How many points of processes that never change are called signals, and how many the page announces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray
from test_trend_sentences import metric

from kpi.measures import Mean, Share
from kpi.model import Estimate, Period, Unit
from kpi.trend import TrendPoint
from kpi.trend.limits import with_limits

START = date(2025, 1, 6)
WEEKS = 52
WEEKDAY_N = (40, 38, 36, 34, 34, 12, 8)
Floats = NDArray[np.float64]


def points(values: Floats, n: Floats, days: int) -> tuple[TrendPoint, ...]:
    return tuple(
        TrendPoint(
            Period(START + timedelta(days=days * at), START + timedelta(days=days * at + days - 1)),
            Estimate(float(value), int(size), 0.0, 1.0),
        )
        for at, (value, size) in enumerate(zip(values, n, strict=True))
    )


def persistent(random: np.random.Generator, length: int, phi: float, spread: float) -> Floats:
    found = random.normal(0, spread, length)
    for at in range(1, length):
        found[at] = phi * found[at - 1] + found[at] * np.sqrt(1 - phi**2)
    return found


def share_of(logit: Floats) -> Floats:
    return 1 / (1 + np.exp(-logit))


def tally(
    make: Callable[[], tuple[TrendPoint, ...]], measure: Mean | Share, grain: str, charts: int
) -> tuple[float, float]:
    """Signals in 100 points, and how many were announced."""
    unit = Unit.PERCENT if isinstance(measure, Share) else Unit.SCORE
    kpi = replace(metric(unit), measure=measure)
    marked = announced = looked = 0.0
    for _ in range(charts):
        found, limits, reason = with_limits(kpi, make(), grain, log=False)
        assert limits is not None, reason
        marked += sum(point.signal is not None for point in found)
        announced += limits.expected_false
        looked += len(found)
    return 100 * marked / looked, 100 * announced / looked


@pytest.mark.parametrize("phi", [0.0, 0.3, 0.5, 0.7])
def test_weekly_means(phi: float) -> None:
    random = np.random.default_rng(21)
    n = np.full(WEEKS, 100.0)
    marked, announced = tally(
        lambda: points(5 + persistent(random, WEEKS, phi, 0.3), n, 7), Mean("a", "b"), "week", 120
    )
    # With runs of eight at every persistence: 1.3, 2.8, 6.9 and 15.8 in 100.
    assert marked < 3
    assert announced / 3 < marked < announced * 2


@pytest.mark.parametrize(("n", "phi"), [(60, 0.0), (300, 0.5), (1000, 0.5)])
def test_weekly_shares(n: int, phi: float) -> None:
    random = np.random.default_rng(22)

    def make() -> tuple[TrendPoint, ...]:
        share = share_of(1.7 + persistent(random, WEEKS, phi, 0.15))
        return points(random.binomial(n, share) / n, np.full(WEEKS, float(n)), 7)

    marked, announced = tally(make, Share("a", "b"), "week", 120)
    assert marked < 3
    assert announced / 3 < marked < announced * 2


@pytest.mark.parametrize("phi", [0.0, 0.7])
def test_daily_shares_with_quiet_weekends(phi: float) -> None:
    random = np.random.default_rng(23)

    def make() -> tuple[TrendPoint, ...]:
        n = random.poisson(np.tile(WEEKDAY_N, WEEKS)).clip(1)
        share = share_of(1.7 + persistent(random, n.size, phi, 0.2))
        return points(random.binomial(n, share) / n, n.astype(float), 1)

    marked, announced = tally(make, Share("a", "b"), "day", 25)
    assert marked < 1
    assert announced / 2.5 < marked < announced * 3
