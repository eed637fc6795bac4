"""Exceptions and open promises as JSON values for other tools; docs/alerts.md documents the fields."""

from __future__ import annotations

from typing import Any

from kpi.attainment.nouns import Exceptions, LeftBand
from kpi.attainment.waiting import STATES, Waiting

FORMAT = "service-kpi-alerts/1"
MOST_TICKETS = 1_000


def alerts(found: Exceptions, open_promises: Waiting) -> dict[str, Any]:
    """All values that left their band, and open promises that run out soon or are over; no persons in it."""
    return {
        "format": FORMAT,
        "as_of": open_promises.as_of.isoformat(),
        "newest_stamp": (open_promises.newest or open_promises.as_of).isoformat(),
        "grain": found.grain,
        "newest": None if found.newest is None else found.newest.isoformat(),
        "looks": found.looks,
        "expected_by_chance": round(found.by_chance, 3),
        "reason": found.reason or None,
        "exceptions": [_exception(each) for each in found.found],
        "not_looked_at": [{"what": what, "why": why} for what, why in found.skipped],
        "open_promises": _open(open_promises),
    }


def _exception(one: LeftBand) -> dict[str, Any]:
    return {
        "metric": one.metric.key,
        "name": one.metric.name,
        "segment": {each.field: list(each.values) for each in one.where} or None,
        "start": one.period.start.isoformat(),
        "end": one.period.end.isoformat(),
        "unit": one.metric.unit.value,
        "value": one.value,
        "usual": {"low": one.low, "centre": one.centre, "high": one.high},
        "n": one.n,
        "sigmas": one.sigmas,
        "p": one.p,
        "p_adjusted": one.p_adjusted,
        "beyond_chance": one.beyond,
        "better": one.better,
    }


def _open(found: Waiting) -> dict[str, Any]:
    wanted = found.tickets
    rows: list[dict[str, Any]] = []
    if len(wanted):
        near = wanted[wanted["state"] != STATES[1]].head(MOST_TICKETS)
        rows = [
            {
                "ticket_id": str(ticket),
                "promise": str(promise),
                "state": str(state),
                "hours_left": float(left),
                "hours_promised": float(limit),
            }
            for ticket, promise, state, left, limit in zip(
                near["ticket_id"],
                near["promise"],
                near["state"],
                near["left_h"],
                near["limit_h"],
                strict=True,
            )
        ]
    return {
        "reason": found.reason or None,
        "business_hours": found.business_hours,
        "counts": {state.replace(" ", "_"): count for state, count in found.counts.items()},
        "tickets": rows,
    }
