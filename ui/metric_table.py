"""Every KPI by family, in tables where a click on a number shows the rows behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from kpi import periods
from kpi.measures import Measure, Share, Stock
from kpi.metrics.companions import Count, CountedShare
from kpi.model import Comparison, Estimate, Family, Metric, Period, Unit
from kpi.words.figures import numbers_of
from ui import cards, drill, store, tables
from ui.escape import escape, sentence
from ui.view import View

BEFORE, LAST_YEAR = ("Compared with", "n before"), ("Last year", "n last year")
"""Columns whose numbers are counted from the rows of other days than those of the period."""


def show(view: View, comparisons: Sequence[Comparison]) -> None:
    """A table a family; metrics that these data cannot give stand in the list below the tables."""
    last_year = store.estimates(view, periods.same_last_year(view.now, view.definitions))
    st.caption("Click a number to see the rows behind it.")
    for family in Family:
        rows = [c for c in comparisons if c.metric.family is family and c.now.value is not None]
        if not rows:
            continue
        st.subheader(family.value, anchor=False)
        records = [_record(view, c, last_year) for c in rows]
        clicked = tables.choosable(
            records, f"metrics-{family.name.lower()}", f"{family.value}: every metric with its evidence"
        )
        if clicked is not None and clicked[0] < len(rows):
            metric, period = rows[clicked[0]].metric, _period(view, clicked[1])
            drill.below(view, metric, period, f"metrics-{family.name.lower()}")


def benchmarks(comparisons: Sequence[Comparison]) -> None:
    """Outside figures with their source; they never colour a number."""
    known = [c.metric for c in comparisons if c.metric.benchmarks]
    if not known:
        return
    with st.expander("Benchmarks, with their sources"):
        st.caption("Other companies, other definitions: shown beside your numbers, never colouring them.")
        st.markdown(
            "\n".join(
                f"- **{escape(metric.name)}**: {sentence(b.text)} ({sentence(b.source)}, {escape(b.year)})"
                for metric in known
                for b in metric.benchmarks
            )
        )


def beside(estimate: Estimate, metric: Metric) -> str:
    """The declared companions of a number in words, each in its own unit."""
    return ", ".join(
        f"{drill.part_words(name).lower()} {part_unit(measure, metric).level(value)}"
        for name, measure in metric.parts.items()
        if (value := estimate.parts.get(name)) is not None
    )


def part_unit(measure: Measure, metric: Metric) -> Unit:
    """Shares are percent, counts are counts, a mean beside a share is a score."""
    if isinstance(measure, Share | CountedShare):
        return Unit.PERCENT
    if isinstance(measure, Count | Stock):
        return Unit.COUNT
    return Unit.SCORE if metric.unit is Unit.PERCENT else metric.unit


def _period(view: View, column: str) -> Period:
    """The days of the rows that the numbers of a column were counted from."""
    if column in BEFORE:
        return view.before
    return periods.same_last_year(view.now, view.definitions) if column in LAST_YEAR else view.now


def _record(view: View, comparison: Comparison, last_year: Mapping[str, Estimate]) -> dict[str, str]:
    metric, unit = comparison.metric, comparison.metric.unit
    figures, then = numbers_of(comparison), last_year.get(metric.key)
    return {
        "Metric": metric.name,
        "Now": figures.now or "no answer",
        "Interval": cards.span(unit, comparison.now.low, comparison.now.high),
        "n": drill.observed(metric, comparison.now.n),
        "Compared with": figures.before or "no answer",
        "n before": drill.observed(metric, comparison.before.n),
        "Change": cards.change(comparison, figures),
        "Verdict": cards.mark(comparison),
        "Last year": unit.level(then.value) if then is not None else "no answer",
        "n last year": drill.observed(metric, then.n) if then is not None else "",
        "Target": "" if metric.target is None else unit.level(metric.target),
        "Beside it": beside(comparison.now, metric),
        "Counted": metric.basis.words,
    }
