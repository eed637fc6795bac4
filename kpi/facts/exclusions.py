"""Rows that the policy leaves out: spam, merged, deleted, bots, outbound; each with its count."""

from __future__ import annotations

import numpy as np

from kpi.definitions import Definitions
from kpi.facts.columns import Bools, Canonical


def excluded_tickets(
    tickets: Canonical, definitions: Definitions, bots: frozenset[str]
) -> tuple[Bools, dict[str, int]]:
    """Where a ticket is kept, and how many are left out by reason. A ticket is counted under its first
    reason."""
    status = tickets.text("status")
    reasons: list[tuple[str, bool, Bools]] = [
        ("spam", definitions.exclude_spam, status.among("spam")),
        ("merged", definitions.exclude_merged, status.among("merged")),
        ("deleted", definitions.exclude_deleted, status.among("deleted")),
        ("bots", definitions.exclude_bots, by_bots(tickets, bots) | tickets.flag("bot_resolved").values),
        ("outbound or internal", definitions.exclude_outbound, not_from_customers(tickets)),
    ]
    return _split(tickets.size, reasons)


def excluded_calls(
    calls: Canonical, definitions: Definitions, bots: frozenset[str]
) -> tuple[Bools, dict[str, int]]:
    """The same for calls; legs that arrived by transfer and calls out of hours are never offered calls."""
    offered = calls.flag("counts_as_offered")
    outward = not_from_customers(calls)
    reasons: list[tuple[str, bool, Bools]] = [
        ("outbound or internal", definitions.exclude_outbound, outward),
        ("bots", definitions.exclude_bots, by_bots(calls, bots)),
        ("transferred legs", True, calls.flag("is_transfer_leg").values),
        ("not offered to agents", True, offered.known & ~offered.values & ~outward),
    ]
    return _split(calls.size, reasons)


def by_bots(rows: Canonical, bots: frozenset[str]) -> Bools:
    """Rows whose agent is a bot."""
    return rows.text("agent_name").among(*bots)


def not_from_customers(rows: Canonical) -> Bools:
    """Rows that the team began itself."""
    return rows.text("direction").among("outbound", "internal")


def _split(size: int, reasons: list[tuple[str, bool, Bools]]) -> tuple[Bools, dict[str, int]]:
    keep = np.ones(size, dtype=np.bool_)
    counts: dict[str, int] = {}
    for reason, applies, mask in reasons:
        if applies and (found := int((mask & keep).sum())):
            counts[reason] = found
            keep &= ~mask
    return keep, counts
