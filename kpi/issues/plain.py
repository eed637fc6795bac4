"""Issues as plain JSON values: the stable shapes that other programs read."""

from __future__ import annotations

import math
from typing import Any

from kpi.issues.feeling import Agreement
from kpi.issues.nouns import Issue, More, Onset, Ratio, Report
from kpi.model import Difference, Estimate
from kpi.plain import period_plain


def report_plain(report: Report) -> dict[str, Any]:
    """All issues of a period, the most frequent first; ``emerging`` names those that grew, in their order."""
    return {
        "now": period_plain(report.now),
        "before": None if report.before is None else period_plain(report.before),
        "contacts": report.grain.value,
        "source": {
            "kind": report.source.origin.value,
            "field": report.source.field or None,
            "groups": report.source.groups or None,
            "why": report.source.why,
        },
        "total": report.total,
        "total_before": report.total_before,
        "without_issue": dict(report.unnamed),
        "looked_at": report.looked_at,
        "too_few": report.too_few,
        "emerging": [issue.name for issue in report.emerging],
        "issues": [issue_plain(issue) for issue in report.issues],
        "handling_from": report.minutes_from,
        "waiting_from": report.wait_from,
        "unhappy_from": report.unhappy_from,
        "sentiment_from": report.feeling or None,
        "no_change": report.no_change,
        "refused": report.refused,
    }


def issue_plain(issue: Issue) -> dict[str, Any]:
    """One issue: how frequent, what it cost, how it changed."""
    return {
        "name": issue.name,
        "family": issue.family,
        "n": issue.n,
        "n_before": issue.n_before,
        "share": _estimate(issue.share),
        "share_before": None if issue.share_before is None else _estimate(issue.share_before),
        "change": _difference(issue.change),
        "change_reason": issue.change_reason or None,
        "times": _ratio(issue.ratio),
        "more": _more(issue.more),
        "grows": issue.grows,
        "falls": issue.falls,
        "onset": _onset(issue.onset),
        "handled_minutes": None if issue.minutes is None else {"value": issue.minutes, "n": issue.timed},
        "waiting_hours": None if issue.wait_hours is None else {"value": issue.wait_hours, "n": issue.ended},
        "unhappy": None if issue.unhappy is None else {"value": issue.unhappy, "n": issue.rated},
        "reopened": _estimate(issue.reopened),
        "repeated": _estimate(issue.repeated),
        "negative": _estimate(issue.negative),
    }


def agreement_plain(found: Agreement | None) -> dict[str, Any] | None:
    """How far sentiments by the word list can be believed; None where they were not read."""
    if found is None:
        return None
    return {
        "told": found.told,
        "read": found.read,
        "agrees": _estimate(found.agrees),
        "guess": found.guess,
        "useful": found.useful,
    }


def _estimate(e: Estimate) -> dict[str, Any]:
    return {"value": e.value, "n": e.n, "low": e.low, "high": e.high, "reason": e.reason}


def _difference(d: Difference | None) -> dict[str, Any] | None:
    if d is None:
        return None
    return {"value": d.value, "low": d.low, "high": d.high, "p": d.p, "p_adjusted": d.p_adjusted}


def _ratio(ratio: Ratio | None) -> dict[str, Any] | None:
    """A bound that the data do not set is null."""
    if ratio is None:
        return None
    return {
        "value": _finite(ratio.value),
        "low": _finite(ratio.low),
        "high": _finite(ratio.high),
        "p": ratio.p,
        "p_adjusted": ratio.p_adjusted,
    }


def _more(more: More | None) -> dict[str, Any] | None:
    return None if more is None else {"value": more.value, "low": more.low, "high": more.high}


def _onset(onset: Onset | None) -> dict[str, Any] | None:
    if onset is None:
        return None
    return {
        "day": onset.day.isoformat(),
        "low": onset.low.isoformat(),
        "high": onset.high.isoformat(),
        "until": None if onset.until is None else onset.until.isoformat(),
        "kind": onset.kind.name.lower(),
        "step_by_step": onset.step_by_step,
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
