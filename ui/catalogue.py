"""The catalogue: each metric with formula, basis, caveat, variants, what it needs and what is missing."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kpi.metrics import METRICS
from kpi.model import Direction, Family, Metric
from kpi.words.target_sentences import aim_words
from ui import store
from ui.escape import escape, plain, sentence
from ui.view import View


def metrics() -> tuple[Metric, ...]:
    """Every KPI, in the order of the pages."""
    return tuple(METRICS)


def about(view: View) -> tuple[str, ...]:
    """What the definitions hold for."""
    return (
        f"{len(METRICS)} metrics",
        f"days are cut in {view.definitions.timezone}",
        "business hours" if view.definitions.business_hours else "clock time",
    )


def show(view: View, listed: Sequence[Metric]) -> None:
    """One fold a metric, by family."""
    reasons = {c.metric.key: c.now.reason for c in store.comparisons(view) if c.now.value is None}
    for family in Family:
        members = [metric for metric in listed if metric.family is family]
        if members:
            st.subheader(family.value, anchor=False)
        for metric in members:
            reason = reasons.get(metric.key)
            with st.expander(f"{escape(metric.name)}{' *(not in this view)*' if reason else ''}"):
                st.markdown(_entry(view, metric, reason))


def channels_and_priorities(view: View) -> tuple[list[str], list[str]]:
    """The values for which promises can be made."""
    found: dict[str, list[str]] = {"channel": [], "priority": []}
    for table in view.facts.tables.values():
        for name, seen in found.items():
            if name in table.dimensions:
                seen.extend(
                    str(value)
                    for value in table.dimensions[name].categories
                    if not str(value).startswith("(")
                )
    return list(dict.fromkeys(found["channel"])), list(dict.fromkeys(found["priority"]))


def _entry(view: View, metric: Metric, reason: str | None) -> str:
    better = {Direction.UP: "higher is better", Direction.DOWN: "lower is better"}.get(
        metric.better, "neither is better"
    )
    lines = [
        f"*{sentence(metric.question)}*",
        f"**Formula**: {sentence(metric.formula)}",
        f"**Computed as**: {sentence(metric.measure.formula())}",
        f"**Which rows**: {metric.grain.value.replace('_', ' ')}, {metric.basis.words}; {better}",
        f"**Target**: {sentence(aim_words(view.aim(metric), metric.unit))}",
        f"**Needs**: {', '.join(escape(need) for need in metric.needs)}",
    ]
    if metric.caveat:
        lines.append(f"**Know that**: {sentence(metric.caveat)}")
    if metric.variants:
        lines.append("**Variants**: " + "; ".join(sentence(variant) for variant in metric.variants))
    lines += [
        f"**Elsewhere**: {sentence(b.text)} ({sentence(b.source)}, {escape(b.year)})"
        for b in metric.benchmarks
    ]
    if reason:
        lines.append(f"**Not in this view**: {sentence(plain(reason, 500))}")
    return "\n\n".join(lines)
