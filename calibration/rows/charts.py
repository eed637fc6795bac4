"""Control charts: signals of a process that never changes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibration.record import Method, Row
from calibration.worlds.charts import Points, daily, points, skewed
from calibration.worlds.days import ar, iid
from kpi.definitions import Definitions
from kpi.measures import Mean
from kpi.metrics import catalogue
from kpi.model import Estimate, Metric, Period
from kpi.stats.control_charts import xmr
from kpi.stats.control_rules import (
    LIMITS,
    NELSON,
    NHS_MDC,
    RECOMMENDED,
    WESTERN_ELECTRIC,
    Rule,
    anhoej_runs,
    signals,
)
from kpi.trend.limits import with_limits
from kpi.trend.nouns import Limits, TrendPoint

Floats = NDArray[np.float64]


def flagged(
    rules: Sequence[Rule], *, persistent: bool = False, log: bool = False
) -> Callable[[Points], Floats]:
    """Share of the points after the baseline that the rules flag."""

    def judge(drawn: Points) -> Floats:
        found = []
        for values in np.log(drawn.values) if log else drawn.values:
            chart = xmr(values, baseline=slice(0, drawn.baseline), persistent=persistent)
            names = signals(chart, rules).names[drawn.baseline :]
            found.append(sum(name is not None for name in names) / len(names))
        return np.array(found)

    return judge


USUAL = (
    Method("limits only", flagged((LIMITS,))),
    Method("NHS MDC", flagged(NHS_MDC)),
    Method("Western Electric", flagged(WESTERN_ELECTRIC)),
    Method("Nelson", flagged(NELSON)),
)


def _textbook(key: str, world: Any, high: float | None, note: str) -> Row[Any]:
    return Row(
        f"chart-{key}",
        "Points flagged of 100 in a process that never changes",
        world,
        USUAL,
        (
            Method("limits, σ for persistence", flagged((LIMITS,), persistent=True)),
            Method("limits + shift of 8, σ for persistence", flagged(RECOMMENDED, persistent=True)),
        ),
        None if high is None else 0.0,
        high,
        full=1000,
        block=20,
        note=note,
    )


TEXTBOOK = (
    _textbook("iid-30", points(iid(), 30), None, "stated"),
    _textbook("iid-100", points(iid(), 100), None, "stated"),
    _textbook("ar3-52", points(ar(0.3), 52), None, "stated"),
    _textbook("ar5-30", points(ar(0.5), 30), None, "stated: days are not charted so, see below"),
    _textbook("ar7-60", points(ar(0.7), 60), None, "stated: days are not charted so, see below"),
    Row(
        "chart-skewed",
        "Points flagged of 100 in a process that never changes",
        skewed(0.8, 30),
        (Method("limits only, raw", flagged((LIMITS,))),),
        (Method("limits only, logs", flagged((LIMITS,), log=True)),),
        0.0,
        1.0,
        quick=40,
        full=1000,
        block=20,
    ),
)


# ---------------------------------------------------------------- as the Trends page draws it


@cache
def _metric() -> Metric:
    """Any metric that is charted as plain values."""
    return next(
        metric
        for metric in catalogue(Definitions())
        if isinstance(metric.measure, Mean) and not metric.target
    )


def _as_shown(values: Floats, grain: str) -> tuple[tuple[TrendPoint, ...], Limits | None]:
    step = 1 if grain == "day" else 7
    start = date(2024, 1, 1)
    shown = []
    for place, value in enumerate(values):
        first = start + timedelta(days=place * step)
        estimate = Estimate(float(value), 100, None, None, "mean")
        shown.append(TrendPoint(Period(first, first + timedelta(days=step - 1)), estimate))
    found, limits, _ = with_limits(_metric(), tuple(shown), grain, False)
    return found, limits


def _weeks(values: Floats) -> Floats:
    found: Floats = values[: values.size // 7 * 7].reshape(-1, 7).mean(axis=1)
    return found


def shown_flagged(grain: str) -> Callable[[Points], Floats]:
    """Share of the points that carry a signal, after the baseline."""

    def judge(drawn: Points) -> Floats:
        found = []
        for values in drawn.values:
            marked, limits = _as_shown(_weeks(values) if grain == "week" else values, grain)
            if limits is None:
                found.append(math.nan)
                continue
            after = [point for point in marked if point.day > limits.baseline.end]
            found.append(sum(point.signal is not None for point in after) / len(after))
        return np.array(found)

    return judge


def shown_per_stated(grain: str) -> Callable[[Points], Floats]:
    """Signals shown on the whole chart ÷ false signals that the chart says it would show."""

    def judge(drawn: Points) -> Floats:
        found = []
        for values in drawn.values:
            marked, limits = _as_shown(_weeks(values) if grain == "week" else values, grain)
            if limits is None:
                found.append(math.nan)
                continue
            found.append(sum(point.signal is not None for point in marked) / limits.expected_false)
        return np.array(found)

    return judge


def _daily(key: str, phi: float, high: float) -> Row[Any]:
    noise = ar(phi) if phi else iid()
    return Row(
        f"chart-days-{key}",
        "Daily chart of the Trends page: points flagged of 100 after the baseline",
        daily(noise, 364),
        (Method("limits only, no weekdays", _no_weekdays),),
        (Method("as shown", shown_flagged("day")),),
        0.0,
        high,
        quick=10,
        full=400,
        block=10,
    )


def _no_weekdays(drawn: Points) -> Floats:
    """Ordinary XmR with the same baseline, weekdays left in."""
    return flagged((LIMITS,))(Points(drawn.values, 182))


def _stated(key: str, phi: float, high: float | None) -> Row[Any]:
    noise = ar(phi) if phi else iid()
    return Row(
        f"chart-weeks-{key}",
        "Weekly chart of the Trends page: signals shown ÷ false signals it says it would show (a ratio)",
        daily(noise, 364),
        (),
        (Method("as shown", shown_per_stated("week")),),
        None if high is None else 0.0,
        high,
        quick=0 if high is None else 40,
        full=1000,
        block=20,
        scale=1.0,
        note="the chart states false signals of independent points" if high is None else "",
    )


def any_flag(rules: Sequence[Rule], *, persistent: bool = False) -> Callable[[Points], Floats]:
    """1 where the rules flag any of the points that set the limits."""

    def judge(drawn: Points) -> Floats:
        charts = [xmr(values, persistent=persistent) for values in drawn.values]
        return np.array([float(any(signals(chart, rules).names)) for chart in charts])

    return judge


def _any(key: str, phi: float) -> Row[Any]:
    noise = ar(phi) if phi else iid()
    return Row(
        f"chart-any-{key}",
        "52 points that set their own limits: any flagged",
        points(noise, 0, 52),
        (
            Method("limits only", any_flag((LIMITS,))),
            Method("NHS MDC", any_flag(NHS_MDC)),
            Method("Western Electric", any_flag(WESTERN_ELECTRIC)),
            Method("Nelson", any_flag(NELSON)),
            Method("Anhøj runs", lambda drawn: [anhoej_runs(values).signal for values in drawn.values]),
        ),
        (Method("limits + shift of 8, σ for persistence", any_flag(RECOMMENDED, persistent=True)),),
        None,
        None,
        full=2000,
        block=50,
        note="stated",
    )


ROWS: tuple[Row[Any], ...] = (
    *TEXTBOOK,
    _any("iid", 0.0),
    _any("ar3", 0.3),
    _daily("iid", 0.0, 0.6),
    _daily("ar5", 0.5, 0.6),
    _daily("ar7", 0.7, 1.0),
    _stated("iid", 0.0, 1.2),
    _stated("ar5", 0.5, None),
    _stated("ar7", 0.7, None),
)
