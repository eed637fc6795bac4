"""Two periods, or two segments in the period now: what was chosen, the picture, the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from kpi import compare, words
from kpi.charts import drawable, intervals
from kpi.model import Claim, Comparison, Estimate, Filter, Metric
from kpi.words.figures import numbers_of, probability
from ui import cards, choices, downloads, drill, figures, filters, page, store, tables
from ui.escape import plain
from ui.view import View

PERIODS, SEGMENTS, WHY = "Two periods", "Two segments", "Why it moved"


@dataclass(frozen=True)
class Asked:
    """What is compared: two filters for segments, none for periods; ``why``: the parts of a change."""

    one: Filter | None = None
    other: Filter | None = None
    why: bool = False


def choose(view: View) -> Asked:
    """Periods (from the shared filters) or two values of a field."""
    fields = filters.filterable(view.facts)
    modes = [PERIODS, SEGMENTS, WHY] if fields else [PERIODS]
    with st.container(horizontal=True, vertical_alignment="bottom", key="compare-what"):
        mode = st.segmented_control(
            "Compare", modes, default=PERIODS, required=True, key="compare", bind="query-params"
        )
        if mode != SEGMENTS:
            return Asked(why=mode == WHY)
        labels = [field.label for field in fields]
        field = fields[labels.index(choices.choose("By", labels, "by"))]
        one = choices.choose("This", field.values, "one")
        other = choices.choose("Against", field.values, "other", first=1)
    return Asked(Filter(field.name, (one,)), Filter(field.name, (other,)))


def claims(view: View, asked: Asked) -> tuple[Claim, ...]:
    """What may be said; ends the page in words when there is nothing to compare."""
    if asked.one is None or asked.other is None:
        page.stop_when_refused(view)
        return store.claims(view)
    if asked.one == asked.other:
        page.title("Choose two different segments")
        st.info("Both sides are the same segment, so there is nothing to compare.", icon=":material/info:")
        st.stop()
    results = store.segments(view, (asked.one,), (asked.other,))
    return compare.claims(results, _name(asked.one), _name(asked.other))


def about(view: View, asked: Asked) -> tuple[str, ...]:
    """What the comparison speaks of."""
    if asked.one is None or asked.other is None:
        return page.about(view)
    return (f"{_name(asked.one)} against {_name(asked.other)}", str(view.now), view.label)


def picture(found: Sequence[Claim]) -> None:
    """All changes with their intervals, each in units of the smallest difference that matters to it."""
    results = drawable([claim.comparison for claim in found])
    if not results:
        st.caption("No metric has an interval on both sides, so there is no picture to draw.")
        return
    with st.container(border=True):
        figures.show(
            words.overview(found),
            intervals(results, figures.colours(), {c.metric.key: _difference(c) for c in results}),
            "Change of each metric with its interval. " + " ".join(words.sentence(c) for c in found[:6]),
            "Right is better, left is worse; shaded: too small to matter; lines: intervals; "
            f"blue triangle: better, orange triangle: worse, allowing for {found[0].looks} comparisons",
        )


def table(found: Sequence[Claim], view: View | None = None, asked: Asked | None = None) -> None:
    """Every metric with both sides, the difference, the test, and what could have been seen.

    With the view, targets stand in it; two segments may each have one of their own.
    """
    rows = [claim.comparison for claim in found if claim.comparison.now.value is not None]
    if not rows:
        return
    st.subheader("Every comparison in full", anchor=False)
    st.caption("Click a number to see the rows behind it.")
    names = (found[0].now_label, found[0].before_label)
    records = [_record(comparison, names) for comparison in rows]
    if view is not None:
        records = [_with_target(r, c, view, asked) for r, c in zip(records, rows, strict=True)]
    clicked = tables.choosable(
        records, "comparison", "Every metric on both sides with difference, interval, p and method"
    )
    downloads.rows("Download this table", records, "comparison", "comparison")
    if view is not None and clicked is not None and clicked[0] < len(rows):
        other = clicked[1].endswith(names[1])
        _behind(view, rows[clicked[0]].metric, asked or Asked(), other=other, named=names[int(other)])


def _behind(view: View, metric: Metric, asked: Asked, *, other: bool, named: str) -> None:
    """The rows of a number that was clicked: of the period or the segment that it stands for."""
    segment = asked.other if other else asked.one
    if segment is None:
        drill.below(view, metric, view.before if other else view.now, "comparison")
        return
    drill.below(view, metric, view.now, "comparison", where=(*view.where, segment), named=named)


def _record(comparison: Comparison, names: tuple[str, str]) -> dict[str, str]:
    figures, difference = numbers_of(comparison), comparison.difference
    p = None if difference is None else difference.p_adjusted
    return {
        "Metric": comparison.metric.name,
        names[0]: figures.now or "no answer",
        f"n, {names[0]}": f"{comparison.now.n:,}",
        names[1]: figures.before or "no answer",
        f"n, {names[1]}": f"{comparison.before.n:,}",
        "Verdict": cards.mark(comparison),
        "Difference": _difference(comparison),
        "Interval": figures.interval or "",
        "p, adjusted": "" if p is None else probability(p),
        "Smallest to be seen": figures.detectable or "",
        "Why": comparison.reason,
        "Method": difference.method if difference else "",
    }


def _with_target(
    record: dict[str, str], comparison: Comparison, view: View, asked: Asked | None
) -> dict[str, str]:
    """The target of the side shown first and where the value stands to it; of both segments where two are."""
    metric = comparison.metric
    if asked is None or asked.one is None or asked.other is None:
        shown = {"Target": _goal(metric), "Now to target": _standing(metric, comparison.now)}
    else:
        there = replace(metric, target=view.aim(metric, (asked.other,)).value)
        one, other = _name(asked.one), _name(asked.other)
        shown = {
            f"Target, {one}": _goal(metric),
            f"To target, {one}": _standing(metric, comparison.now),
            f"Target, {other}": _goal(there),
            f"To target, {other}": _standing(there, comparison.before),
        }
    # Beside the verdict: what stands further right is out of sight on most screens.
    made: dict[str, str] = {}
    for name, value in record.items():
        made[name] = value
        if name == "Verdict":
            made |= shown
    return made


def _goal(metric: Metric) -> str:
    return "" if metric.target is None else metric.unit.level(metric.target)


def _standing(metric: Metric, estimate: Estimate) -> str:
    """Met, missed, or that it cannot be told; the target itself stands in a column of its own."""
    return words.target_words(metric, estimate).partition(": ")[2]


def _difference(comparison: Comparison) -> str:
    return cards.change(comparison, numbers_of(comparison))


def _name(side: Filter) -> str:
    return f"{filters.field_label(side.field)} {', '.join(map(plain, side.values))}"
