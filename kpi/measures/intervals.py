"""Differences of two values that have intervals but no standard error."""

from __future__ import annotations

import math
from collections.abc import Callable

from kpi.measures.evidence import Evidence
from kpi.model import Difference
from kpi.stats import Bounds, agreeing_p, detectable_change


def finite(bound: float, per_unit: float = 1) -> float | None:
    """A bound in the shown unit; None where the data set no bound.

    >>> finite(90.0, 60), finite(math.inf)
    (1.5, None)
    """
    return bound / per_unit if math.isfinite(bound) else None


def possible(change: float, largest: float) -> float | None:
    """A detectable change; None where it is larger than any change can be.

    >>> possible(0.04, 1), possible(1.4, 1)
    (0.04, None)
    """
    return change if change <= largest else None


def moved(
    value: float,
    bounds: Callable[[float], Bounds],
    evidence: Evidence,
    level: float,
    per_unit: float,
    method: str,
    per: str = "",
) -> Difference:
    """Difference with the interval at the critical value of the evidence, and the p-value that agrees.

    Args:
        bounds: interval of the difference at a critical value.
    """
    crit = evidence.crit(level)
    low, high = bounds(crit)
    se = (high - low) / 2 / crit
    return Difference(
        value / per_unit,
        finite(min(low, value), per_unit),
        finite(max(high, value), per_unit),
        agreeing_p(bounds, evidence.df),
        method,
        detectable=detectable_change(se, evidence.df, level) / per_unit if math.isfinite(se) else None,
        per=per,
        level=level,
    )
