"""Control limits frozen on a baseline, and the points that they do not lead to expect."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kpi.measures import Rate, Share
from kpi.measures.rate import CALENDAR
from kpi.model import Metric, Period, Unit
from kpi.stats import ControlChart, expected_false_signals, laney, run_length, shift_rule, signals, xmr
from kpi.stats.control_rules import LIMITS, Rule
from kpi.trend.nouns import FEWEST_DAYS, FEWEST_POINTS, Limit, Limits, Signal, TrendPoint

Floats = NDArray[np.float64]

BASELINE = 26
"""Points of a long history that limits are taken from: half a year of weeks."""
BASELINE_DAYS = 182
LONG = 39
"""Points from which on there are enough after a baseline of 26; a shorter history gives its first 20."""
FEWEST_EXPECTED = 2
HALF = 0.5
"""Added to a count before its logarithm is taken."""
RULE_WORDS = {
    "limits": "a point beyond the limits",
    "shift of 8": "eight in a row on one side of the average",
}

Found = tuple[tuple[TrendPoint, ...], Limits | None, str | None]


@dataclass(frozen=True)
class _Scale:
    """The scale on which points are judged: as they are, or their logarithms."""

    log: bool = False
    offset: float = 0.0

    def there(self, value: float) -> float:
        return math.log(value + self.offset) if self.log else value

    def back(self, value: float) -> float:
        return math.exp(value) - self.offset if self.log else value


def with_limits(metric: Metric, points: tuple[TrendPoint, ...], grain: str, log: bool) -> Found:
    """The points with their signals, the limits, or why there are none.

    Weeks and months: XmR with σ corrected for autocorrelation; Laney's P' and U' for shares and rates of
    counted rows. A point beyond the limits is a signal, and so is a run on one side: of eight points, or of
    more where neighbouring points resemble each other and runs are long by chance. Days are held against
    their weekday and only a point beyond the limits is a signal, as neighbouring days resemble each other.

    Parameters
        log: judge on a log scale (counts and medians); the limits are given in the unit of the metric.
    """
    reason = _why_none(points, grain) or _too_rare(metric, points, grain)
    if reason is not None:
        return points, None, reason
    scale = _scale_of(metric, points, log)
    counted = np.array([point.counts for point in points])
    baseline = np.zeros(len(points), dtype=np.bool_)
    baseline[np.flatnonzero(counted)[: _baseline_size(int(counted.sum()), grain)]] = True
    known = int(counted.sum())
    if grain == "day":
        chart, low, centre, high, how = _by_weekday(metric, points, counted, baseline, scale)
        rules: tuple[Rule, ...] = (LIMITS,)
        run = known + 1
    else:
        chart, low, centre, high, how = _plain(metric, points, counted, baseline, scale)
        run = run_length(float(chart.persistence or 0.0), int(baseline.sum()))
        rules = (LIMITS, shift_rule(run)) if run <= known else (LIMITS,)
    found = signals(chart, rules).names
    says = {rule.name: rule.says for rule in rules}
    if chart.reason is not None or low is None or high is None or centre is None:
        return points, None, chart.reason or "no limits can be computed"
    marked = tuple(
        point if name is None else replace(point, signal=Signal(name, bool(above), says[name]))
        for point, name, above in zip(points, found, _above(chart), strict=True)
    )
    used = [point for point, own in zip(points, baseline.tolist(), strict=True) if own]
    return (
        marked,
        Limits(
            limits=_limits(metric, points, low, centre, high),
            baseline=Period(used[0].span.start, used[-1].span.end),
            points=len(used),
            autocorrelation=float(chart.persistence or 0.0),
            expected_false=_expected_false(known, len(used), run, float(chart.persistence or 0.0)),
            method=how + (", on a log scale" if scale.log else ""),
            rules=tuple(says),
        ),
        None,
    )


def _expected_false(known: int, baseline: int, run: int, persistence: float) -> float:
    """Later points are judged by limits that are uncertain; those of the baseline cannot stray as far."""
    own = expected_false_signals(baseline, run=run, persistence=persistence)
    return own + expected_false_signals(known - baseline, baseline, run=run, persistence=persistence)


def _why_none(points: tuple[TrendPoint, ...], grain: str) -> str | None:
    known = sum(point.counts for point in points)
    least = FEWEST_DAYS if grain == "day" else FEWEST_POINTS
    if known >= least:
        return None
    only = "not one whole" if not known else f"only {known} whole"
    return f"{only} {grain}{'' if known == 1 else 's'} with a final value: limits need at least {least}"


def _too_rare(metric: Metric, points: tuple[TrendPoint, ...], grain: str) -> str | None:
    """Why shares and counts are too small for symmetric limits; None when they are not.

    Where the rarer outcome is expected less than twice a point, a single case can lie beyond three σ.
    """
    known = [point.estimate for point in points if point.counts and point.estimate.value is not None]
    n = np.array([estimate.n for estimate in known], dtype=np.float64)
    if isinstance(metric.measure, Share):
        share = float((n * np.array([estimate.value for estimate in known])).sum() / max(n.sum(), 1.0))
        expected, what = float(np.median(n)) * min(share, 1 - share), "the rarer outcome is"
    elif isinstance(metric.measure, Rate):
        expected, what = float(n.mean()), "cases are"
    else:
        return None
    if expected >= FEWEST_EXPECTED:
        return None
    longer = {"day": ": choose weeks or months", "week": ": choose months"}.get(grain, "")
    return f"{what} expected fewer than {FEWEST_EXPECTED} times a {grain}, too few for limits{longer}"


def _baseline_size(known: int, grain: str) -> int:
    if grain == "day":
        return min(BASELINE_DAYS, max(FEWEST_DAYS, known // 2))
    return BASELINE if known >= LONG else FEWEST_POINTS


def _scale_of(metric: Metric, points: tuple[TrendPoint, ...], log: bool) -> _Scale:
    """Logarithms need values above zero."""
    if not log:
        return _Scale()
    offset = HALF if isinstance(metric.measure, Rate) else 0.0
    smallest = min(point.value for point in points if point.value is not None)
    return _Scale(True, offset) if smallest + offset > 0 else _Scale()


def _values(points: tuple[TrendPoint, ...], counted: NDArray[np.bool_], scale: _Scale) -> Floats:
    """Values on the scale they are judged on; NaN where there is none or it is not final."""
    return np.array(
        [
            scale.there(point.value) if own and point.value is not None else math.nan
            for point, own in zip(points, counted.tolist(), strict=True)
        ]
    )


def _rows(points: tuple[TrendPoint, ...], counted: NDArray[np.bool_]) -> Floats:
    return np.array(
        [float(point.estimate.n) if own else 0.0 for point, own in zip(points, counted.tolist(), strict=True)]
    )


Lines = tuple[ControlChart, Floats | None, Floats | None, Floats | None, str]


def _plain(
    metric: Metric,
    points: tuple[TrendPoint, ...],
    counted: NDArray[np.bool_],
    baseline: NDArray[np.bool_],
    scale: _Scale,
) -> Lines:
    values = _values(points, counted, scale)
    if isinstance(metric.measure, Share):
        n = _rows(points, counted)
        chart = laney(_events(values, n), n, baseline=baseline, persistent=True)
        return _drawn(chart, scale, "Laney's P' chart, which allows for large and unequal n")
    if (
        isinstance(metric.measure, Rate)
        and metric.measure.per != CALENDAR
        and bool((values[counted] > 0).all())
    ):
        events = _rows(points, counted)
        exposure = np.where(counted, events / np.where(counted, values, 1.0), 0.0)
        chart = laney(events, exposure, kind="u", baseline=baseline, persistent=True)
        return _drawn(chart, scale, "Laney's U' chart, which allows for large and unequal exposure")
    chart = xmr(values, baseline=baseline, persistent=True)
    return _drawn(chart, scale, "XmR chart (moving ranges)")


def _events(values: Floats, n: Floats) -> Floats:
    return np.where(n > 0, np.minimum(np.nan_to_num(values) * n, n), 0.0)


def _drawn(chart: ControlChart, scale: _Scale, how: str) -> Lines:
    if chart.centre is None or chart.lower is None or chart.upper is None:
        return chart, None, None, None, how
    size = chart.values.size
    return (
        chart,
        _back(chart.lower, scale),
        _back(np.full(size, chart.centre), scale),
        _back(chart.upper, scale),
        how,
    )


def _by_weekday(
    metric: Metric,
    points: tuple[TrendPoint, ...],
    counted: NDArray[np.bool_],
    baseline: NDArray[np.bool_],
    scale: _Scale,
) -> Lines:
    """XmR of what days have more than their weekday in the baseline, shares in units of their own spread."""
    values, n = _values(points, counted, scale), _rows(points, counted)
    weekday = np.array([point.day.weekday() for point in points])
    centre = np.full(values.size, math.nan)
    spread = np.ones(values.size)
    share = isinstance(metric.measure, Share)
    for number in range(7):
        here = weekday == number
        own = here & baseline & np.isfinite(values)
        if own.any():
            centre[here] = np.average(values[own], weights=n[own] if share else None)
    if share:
        pooled = float(np.average(values[baseline], weights=n[baseline]))
        unit = pooled * (1 - pooled)
        spread = np.sqrt(np.where(n > 0, unit / np.maximum(n, 1.0), math.nan))
        if unit <= 0:
            spread = np.ones(values.size)
    rest = np.where(np.isfinite(centre), (values - centre) / spread, math.nan)
    chart = xmr(rest, baseline=baseline, persistent=True)
    how = "each day held against its weekday (XmR of the rest)"
    if chart.centre is None or chart.lower is None or chart.upper is None:
        return chart, None, None, None, how
    low, high = centre + chart.lower * spread, centre + chart.upper * spread
    return chart, _back(low, scale), _back(centre + chart.centre * spread, scale), _back(high, scale), how


def _back(line: Floats, scale: _Scale) -> Floats:
    return np.array([scale.back(float(value)) if math.isfinite(value) else math.nan for value in line])


def _above(chart: ControlChart) -> NDArray[np.bool_]:
    z = chart.z
    return np.zeros(chart.values.size, dtype=np.bool_) if z is None else np.nan_to_num(z) > 0


def _limits(
    metric: Metric, points: tuple[TrendPoint, ...], low: Floats, centre: Floats, high: Floats
) -> tuple[Limit, ...]:
    """One stretch as long as nothing changes, within what is possible."""
    least, most = {Unit.PERCENT: (0.0, 1.0), Unit.POINTS: (-100.0, 100.0)}.get(metric.unit, (0.0, math.inf))
    found: list[Limit] = []
    for place, point in enumerate(points):
        lines = [float(line[place]) for line in (low, centre, high)]
        if not all(map(math.isfinite, lines)):
            continue
        one = Limit(point.span.start, point.span.end, max(lines[0], least), lines[1], min(lines[2], most))
        before = found[-1] if found else None
        if before is not None and all(
            math.isclose(getattr(before, name), getattr(one, name), rel_tol=1e-9, abs_tol=1e-12)
            for name in ("low", "centre", "high")
        ):
            found[-1] = replace(before, end=one.end)
        else:
            found.append(one)
    return tuple(found)
