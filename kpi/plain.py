"""Results as plain JSON values: the stable shapes that other programs read."""

from __future__ import annotations

import math
from typing import Any

from kpi.ingest import Account
from kpi.model import Comparison, Difference, Estimate, MetricEstimate, Period

NO_PERIOD = {"start": None, "end": None, "label": "all data"}


def account_plain(account: Account) -> dict[str, Any]:
    """The account of one file as JSON values."""
    rejected: dict[str, list[int]] = {}
    for reject in account.rejects:
        rejected.setdefault(reject.reason, []).append(reject.record)
    return {
        "name": account.name,
        "source": account.source,
        "confidence": _finite(account.confidence),
        "rows_read": account.rows_read,
        "rows_kept": account.rows_kept,
        "rejected": [
            {"reason": reason, "count": len(records), "records": records}
            for reason, records in rejected.items()
        ],
        "findings": [
            {
                "code": f.code,
                "column": f.column,
                "count": f.count,
                "detail": f.detail,
                "examples": [
                    {"record": record, "raw": raw, "action": action} for record, raw, action in f.examples
                ],
            }
            for f in account.findings
        ],
        "mapping": dict(account.mapping),
        "settings": dict(account.settings),
        "questions": [
            {
                "id": q.id,
                "about": q.about,
                "default": q.default,
                "choices": list(q.choices),
                "column": q.column,
                "examples": list(q.examples),
                "why": q.why,
            }
            for q in account.questions
        ],
        "assumed": list(account.assumed),
    }


def period_plain(period: Period | None) -> dict[str, Any]:
    """A period as JSON values; start and end are both included."""
    if period is None:
        return dict(NO_PERIOD)
    return {"start": period.start.isoformat(), "end": period.end.isoformat(), "label": str(period)}


def estimate_plain(result: MetricEstimate) -> dict[str, Any]:
    """A metric of one group as JSON values."""
    e = result.estimate
    return {
        "key": result.metric.key,
        "name": result.metric.name,
        "group": result.group.as_plain(),
        "value": _finite(e.value),
        "unit": result.metric.unit.value,
        "n": e.n,
        "low": _finite(e.low),
        "high": _finite(e.high),
        "parts": {name: _finite(value) for name, value in e.parts.items()},
        "reason": e.reason,
        "note": e.note,
        "basis": result.metric.basis.words,
        "method": e.method,
        "target": _finite(result.metric.target),
    }


def comparison_plain(result: Comparison) -> dict[str, Any]:
    """A comparison as JSON values."""
    return {
        "key": result.metric.key,
        "name": result.metric.name,
        "group": result.group.as_plain(),
        "unit": result.metric.unit.value,
        "now": _side(result.now),
        "before": _side(result.before),
        "target": _finite(result.metric.target),
        "difference": _difference_plain(result.difference),
        "verdict": result.verdict.value,
        "reason": result.reason,
    }


def _side(e: Estimate) -> dict[str, Any]:
    return {
        "value": _finite(e.value),
        "n": e.n,
        "low": _finite(e.low),
        "high": _finite(e.high),
        "reason": e.reason,
        "parts": {name: _finite(value) for name, value in e.parts.items()},
    }


def _difference_plain(d: Difference | None) -> dict[str, Any] | None:
    if d is None:
        return None
    return {
        "value": _finite(d.value),
        "low": _finite(d.low),
        "high": _finite(d.high),
        "p": _finite(d.p),
        "p_adjusted": _finite(d.p_adjusted),
        "method": d.method,
        "detectable": _finite(d.detectable),
        "per": d.per,
    }


def _finite(value: float | int | None) -> float | int | None:
    if value is None:
        return None
    if isinstance(value, int):
        return int(value)
    return float(value) if math.isfinite(value) else None
