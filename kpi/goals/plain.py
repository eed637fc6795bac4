"""Progress of goals as plain JSON values: the stable shape that other programs read."""

from __future__ import annotations

from typing import Any

from kpi.goals.nouns import Progress


def progress_plain(found: Progress) -> dict[str, Any]:
    """One goal with where it stands; what has no answer is null and ``reason`` says why."""
    goal, value, ahead = found.goal, found.value, found.ahead
    return {
        "name": goal.name,
        "owner": goal.owner,
        "metric": goal.metric,
        "where": {each.field: list(each.values) for each in goal.where},
        "window_days": goal.window_days,
        "from": goal.from_value,
        "to": goal.to_value,
        "start": None if found.start is None else found.start.isoformat(),
        "by": goal.by.isoformat(),
        "standing": found.standing.value,
        "reason": found.reason or None,
        "at": None if found.at is None else found.at.isoformat(),
        "value": None if value is None else value.value,
        "low": None if value is None else value.low,
        "high": None if value is None else value.high,
        "n": 0 if value is None else value.n,
        "expected": None if found.over else found.expected,
        "ahead": None
        if ahead is None
        else {
            "value": ahead.value,
            "low": ahead.low,
            "high": ahead.high,
            "chance": ahead.chance,
            "since": None if ahead.since is None else ahead.since.isoformat(),
            "reason": ahead.reason,
            "method": ahead.method,
        },
    }
