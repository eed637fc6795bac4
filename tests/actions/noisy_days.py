"""Days of a desk without a change: white noise, days that resemble their neighbours, and a weekly rhythm."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from kpi.trend.daily_series import DailySeries

FIRST = date(2026, 1, 5)
RHYTHM = (0.5, 0.2, 0.0, 0.0, -0.1, -0.3, -0.3)


def noise(seed: int, days: int, persistence: float = 0.5, share: float = 0.5) -> NDArray[np.float64]:
    """Standard deviation 1; ``share`` of the variance is AR(1) with that persistence."""
    random = np.random.default_rng([seed, days])
    slow = np.empty(days)
    slow[0] = random.normal()
    for day in range(1, days):
        slow[day] = persistence * slow[day - 1] + np.sqrt(1 - persistence**2) * random.normal()
    return np.sqrt(1 - share) * random.normal(size=days) + np.sqrt(share) * slow + np.resize(RHYTHM, days)


def series(values: NDArray[np.float64], log: bool = False) -> DailySeries:
    return DailySeries(FIRST, values, np.ones(values.size), log, ())
