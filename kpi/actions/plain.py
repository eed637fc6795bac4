"""Reviews of actions as plain JSON values: the stable shape that other programs read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from kpi.actions.nouns import Effect, Review
from kpi.model import Estimate, Filter


def review_plain(review: Review) -> dict[str, Any]:
    """One action with what became of it; ``effect`` is null with a ``reason``, or a change with interval."""
    action = review.action
    return {
        "title": action.title,
        "owner": action.owner,
        "status": action.status,
        "horizon": action.horizon,
        "due": action.due.isoformat(),
        "done_on": _day(action.done_on),
        "review_on": _day(action.review_on),
        "finding": action.finding,
        "metric": action.metric or None,
        "where": where_plain(action.where),
        "control": where_plain(review.control),
        "expected_change": action.expected_change,
        "expected_held": review.expected_held,
        "outcome": review.outcome.value,
        "reason": review.reason or None,
        "effect": None if review.effect is None else _effect(review.effect),
        "p_adjusted": review.p_adjusted,
        "before": _estimate(review.before),
        "after": _estimate(review.after),
        "days_before": review.days_before,
        "days_after": review.days_after,
        "ready_on": _day(review.ready_on),
        "early": review.early,
        "worst_weeks_before": review.extreme is not None,
        "beside": list(review.beside),
        "notes": list(review.notes),
    }


def where_plain(where: Sequence[Filter]) -> dict[str, list[str]]:
    """A segment as field → values."""
    return {each.field: list(each.values) for each in where}


def _effect(effect: Effect) -> dict[str, Any]:
    return {
        "value": effect.value,
        "low": effect.low,
        "high": effect.high,
        "p": effect.p,
        "detectable": effect.detectable,
        "relative": effect.relative,
        "relative_low": effect.relative_low,
        "relative_high": effect.relative_high,
        "beside_a_drift": effect.drift,
        "method": effect.method,
    }


def _estimate(estimate: Estimate | None) -> dict[str, Any] | None:
    if estimate is None:
        return None
    return {"value": estimate.value, "n": estimate.n, "low": estimate.low, "high": estimate.high}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
