"""Results as lines of text for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kpi.model import Comparison, MetricEstimate, Period
from kpi.words import target_words
from kpi.words.figures import numbers_of


def printable(text: str) -> str:
    """Terminal escapes and direction marks from data are taken out."""
    return "".join(
        c for c in text if c == "\n" or (c.isprintable() and c not in "\u202a\u202b\u202c\u202d\u202e")
    )


def inspect_lines(plain: Mapping[str, Any]) -> Iterable[str]:
    """What was understood of each file."""
    for file in plain["files"]:
        yield f"{file['name']}: {file['source']} (confidence {file['confidence']:.2f})"
        rejected = file["rows_read"] - file["rows_kept"]
        yield f"  {file['rows_read']:,} rows read = {file['rows_kept']:,} kept + {rejected:,} rejected"
        for item in file["rejected"]:
            shown = ", ".join(map(str, item["records"][:20])) + (" …" if item["count"] > 20 else "")
            yield f"  rejected {item['count']:,} {item['reason']}: record {shown}"
        for item in file["findings"]:
            words = (f"{item['count']:,}", item["code"], item["column"] or "", item["detail"])
            yield f"  noticed {' '.join(filter(None, words))}"
        for column, target in file["mapping"].items():
            yield f"  {column} → {target}"
        for name, value in file["settings"].items():
            yield f"  {name}: {value}"
        for question in file["questions"]:
            yield f"  question {question['id']}: {question['about']} (default: {question['default']})"
        for text in file["assumed"]:
            yield f"  assumed: {text}"
    yield "tables: " + ", ".join(f"{name} {count:,}" for name, count in plain["tables"].items() if count)


def metric_lines(period: Period | None, results: Sequence[MetricEstimate]) -> Iterable[str]:
    """One line per metric and group."""
    yield str(period) if period else "all data"
    for r in results:
        label = f"{r.metric.name} [{r.group}]" if r.group.keys else r.metric.name
        if r.estimate.value is None:
            yield f"  {label}: no answer: {r.estimate.reason}"
            continue
        unit = r.metric.unit
        low, high = (
            f"no {which} bound" if bound is None else unit.level(bound)
            for which, bound in (("lower", r.estimate.low), ("upper", r.estimate.high))
        )
        between = "" if r.estimate.low is None and r.estimate.high is None else f" ({low} to {high})"
        goal = _after(target_words(r.metric, r.estimate))
        yield f"  {label}: {unit.level(r.estimate.value)}{between}, n = {r.estimate.n:,}{goal}"


def comparison_lines(now: Period, before: Period, results: Sequence[Comparison]) -> Iterable[str]:
    """One line per comparison."""
    yield f"{now} against {before}"
    for r in results:
        label = f"{r.metric.name} [{r.group}]" if r.group.keys else r.metric.name
        if r.now.value is None and r.before.value is None:
            yield f"  {label}: no answer: {r.now.reason}"
            continue
        figures = numbers_of(r)
        change = "" if r.difference is None or figures.change is None else f", {figures.change}"
        levels = f"{figures.before or 'no answer'} → {figures.now or 'no answer'}"
        goal = _after(target_words(r.metric, r.now))
        yield f"  {label}: {levels}{change}: {r.verdict.value}. {r.reason}{goal}"


def _after(text: str) -> str:
    return f"; {text}" if text else ""
