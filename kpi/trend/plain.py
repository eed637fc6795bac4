"""A trend as plain JSON values and as lines of text: the stable shapes that other programs read."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from kpi.trend.nouns import Change, ChangePoint, EventEffect, Limit, Outlook, Trend, TrendPoint


def trend_plain(trend: Trend) -> dict[str, Any]:
    """Everything of a trend; levels and changes in the unit of the metric (shares 0 to 1).

    Dates are those of the first day of a point. Totals change per day (``change_unit``).
    """
    limits = trend.limits
    return {
        "metric": trend.metric.key,
        "name": trend.metric.name,
        "unit": trend.metric.unit.value,
        "change_unit": trend.change_unit.value,
        "grain": trend.grain,
        "from": trend.span.start.isoformat(),
        "to": trend.span.end.isoformat(),
        "days": trend.days,
        "points": [point_plain(point) for point in trend.points],
        "limits": [] if limits is None else [_limit(limit) for limit in limits.limits],
        "limits_reason": trend.limits_reason,
        "baseline": None
        if limits is None
        else {
            "from": limits.baseline.start.isoformat(),
            "to": limits.baseline.end.isoformat(),
            "points": limits.points,
            "method": limits.method,
            "autocorrelation": _finite(limits.autocorrelation),
            "expected_false_signals": _finite(limits.expected_false),
            "rules": list(limits.rules),
        },
        "slope": _change(trend.slope),
        "drift_besides_steps": None if trend.drift_beside is None else _change(trend.drift_beside),
        "change_points": [_change_point(point) for point in trend.change_points],
        "events": [_event(effect) for effect in trend.events],
        "weekdays": {
            "means": [
                {
                    "weekday": day.weekday,
                    "value": _finite(day.estimate.value),
                    "n": day.estimate.n,
                    "low": _finite(day.estimate.low),
                    "high": _finite(day.estimate.high),
                }
                for day in trend.weekdays.days
            ],
            "share_of_variance": _finite(trend.weekdays.share),
            "reason": trend.weekdays.reason,
        },
        "projection": None if not trend.outlooks else _outlook(trend.outlooks[0]),
        "projections": [_outlook(outlook) for outlook in trend.outlooks],
        "target": _finite(trend.target),
        "persistence": _finite(trend.persistence),
        "notes": list(trend.notes),
        "refused": trend.refused,
    }


def point_plain(point: TrendPoint) -> dict[str, Any]:
    """One point."""
    estimate = point.estimate
    return {
        "date": point.day.isoformat(),
        "until": point.span.end.isoformat(),
        "value": _finite(estimate.value),
        "n": estimate.n,
        "low": _finite(estimate.low),
        "high": _finite(estimate.high),
        "signal": None if point.signal is None else point.signal.rule,
        "above": None if point.signal is None else point.signal.above,
        "provisional": point.provisional is not None,
        "reason": point.provisional or estimate.reason,
    }


def _limit(limit: Limit) -> dict[str, Any]:
    return {
        "from": limit.start.isoformat(),
        "to": limit.end.isoformat(),
        "low": _finite(limit.low),
        "centre": _finite(limit.centre),
        "high": _finite(limit.high),
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "change": _finite(change.change),
        "low": _finite(change.low),
        "high": _finite(change.high),
        "p": _finite(change.p),
        "p_adjusted": _finite(change.p_adjusted),
        "relative": _finite(change.relative),
        "relative_low": _finite(change.relative_low),
        "relative_high": _finite(change.relative_high),
        "detectable": _finite(change.detectable),
        "verdict": change.verdict.value,
        "method": change.method,
        "reason": change.reason,
    }


def _change_point(point: ChangePoint) -> dict[str, Any]:
    return {
        "date": point.day.isoformat(),
        "low": point.low.isoformat(),
        "high": point.high.isoformat(),
        "size": _finite(point.size.change),
        "size_low": _finite(point.size.low),
        "size_high": _finite(point.size.high),
        "relative": _finite(point.size.relative),
        "verdict": point.size.verdict.value,
    }


def _event(effect: EventEffect) -> dict[str, Any]:
    event = effect.event
    return {
        "date": event.day.isoformat(),
        "until": None if event.until is None else event.until.isoformat(),
        "name": event.name,
        "kind": event.kind,
        **_change(effect.change),
    }


def _outlook(outlook: Outlook) -> dict[str, Any]:
    so_far = outlook.so_far
    return {
        "from": outlook.period.start.isoformat(),
        "to": outlook.period.end.isoformat(),
        "label": str(outlook.period),
        "value": _finite(outlook.value),
        "low": _finite(outlook.low),
        "high": _finite(outlook.high),
        "days_left": outlook.days_left,
        "so_far": None if so_far is None else {"value": _finite(so_far.value), "n": so_far.n},
        "target": _finite(outlook.target),
        "chance": _finite(outlook.chance),
        "method": outlook.method,
        "reason": outlook.reason,
    }


def trend_points_table(trend: Trend) -> list[dict[str, object]]:
    """The points as records of a table, for a download."""
    return [point_plain(point) for point in trend.points]


def point_lines(trend: Trend) -> Iterable[str]:
    """One line a point."""
    unit = trend.metric.unit
    for point in trend.points:
        estimate = point.estimate
        marks = [
            f"signal: {point.signal.rule}" if point.signal is not None else "",
            f"provisional: {point.provisional}" if point.provisional else "",
        ]
        said = "".join(f"  [{mark}]" for mark in marks if mark)
        if estimate.value is None:
            yield f"  {point.day}: no answer: {estimate.reason}{said}"
            continue
        between = (
            "" if estimate.low is None else f" ({unit.level(estimate.low)} to {unit.level(estimate.high)})"
        )
        yield f"  {point.day}: {unit.level(estimate.value)}{between}, n = {estimate.n:,}{said}"


def _finite(value: float | int | None) -> float | int | None:
    if value is None:
        return None
    if isinstance(value, int):
        return int(value)
    return float(value) if math.isfinite(value) else None
