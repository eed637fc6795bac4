"""Issues in the order of what they cost: contacts, working time, waiting, unhappy customers, money."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from kpi.issues.nouns import Issue, Report


class Order(StrEnum):
    """What issues are ordered by."""

    CONTACTS = "Contacts"
    HANDLING = "Handling time"
    WAITING = "Waiting of customers"
    UNHAPPY = "Unhappy customers"
    COST = "Cost"


@dataclass(frozen=True)
class Ranked:
    """One issue in an order: its value, and the share of the total it holds with those above."""

    issue: Issue
    value: float
    cumulated: float


def orders(report: Report, cost_per_minute: float | None = None) -> tuple[Order, ...]:
    """The orders that the data allow; cost only where a price of a minute is given."""
    timed = any(issue.minutes for issue in report.issues)
    found = [Order.CONTACTS]
    if timed:
        found.append(Order.HANDLING)
    if any(issue.wait_hours for issue in report.issues):
        found.append(Order.WAITING)
    if any(issue.unhappy is not None for issue in report.issues):
        found.append(Order.UNHAPPY)
    if timed and cost_per_minute:
        found.append(Order.COST)
    return tuple(found)


def ranked(report: Report, order: Order, cost_per_minute: float | None = None) -> tuple[Ranked, ...]:
    """The issues of the period now, the largest first; each with what it adds up to with those above it."""
    price = cost_per_minute or 0.0
    value: Callable[[Issue], float] = {
        Order.CONTACTS: lambda issue: float(issue.n),
        Order.HANDLING: lambda issue: (issue.minutes or 0.0) / 60,
        Order.WAITING: lambda issue: issue.wait_hours or 0.0,
        Order.UNHAPPY: lambda issue: float(issue.unhappy or 0),
        Order.COST: lambda issue: (issue.minutes or 0.0) * price,
    }[order]
    there = [issue for issue in report.issues if issue.n]
    chosen = sorted(there, key=lambda issue: (-value(issue), -issue.n, issue.name))
    total = sum(value(issue) for issue in chosen)
    found, so_far = [], 0.0
    for issue in chosen:
        so_far += value(issue)
        found.append(Ranked(issue, value(issue), so_far / total if total > 0 else 0.0))
    return tuple(found)
