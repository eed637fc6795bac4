"""The cards of Summary: value, change, verdict, interval, target, n, and a line of whole weeks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from kpi import words
from kpi.charts import Point
from kpi.model import Claim, Comparison, Unit, Verdict
from kpi.words.figures import percent
from ui import drill
from ui.escape import escape, sentence

ACROSS = 4
COLOURS = {Verdict.BETTER: "blue", Verdict.WORSE: "orange"}
ICONS = {
    Verdict.BETTER: ":material/check_circle:",
    Verdict.WORSE: ":material/error:",
    Verdict.CHANGED: ":material/change_history:",
}
FEWEST_WEEKS = 3


def headline(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """The claims that are cards of Summary and have a value, in the order given."""
    return tuple(c for c in claims if c.comparison.metric.headline and c.comparison.now.value is not None)


def show(claims: Sequence[Claim], trails: Mapping[str, Sequence[Point]]) -> None:
    """A card for each claim, in the order given."""
    grid = st.grid(ACROSS, min_column_width=250, border=True, key="cards")
    for claim in claims:
        with grid.cell():
            card(claim, trails.get(claim.comparison.metric.key, ()))


def card(claim: Claim, trail: Sequence[Point]) -> None:
    """One number with all that must stand beside it."""
    comparison = claim.comparison
    metric, figures = comparison.metric, words.numbers(claim)
    final = [point.estimate.value for point in trail if not point.provisional]
    values = [value for value in final if value is not None]
    with st.container(gap="xsmall", key=f"card-{metric.key}"):
        st.metric(
            escape(metric.name),
            str(figures.now),
            delta=escape(change(comparison, figures)),
            delta_color=COLOURS.get(comparison.verdict, "gray"),
            delta_arrow=arrow(comparison),
            delta_description=words.verdict_words(comparison.verdict, metric).partition(" (")[0]
            if comparison.difference
            else None,
            chart_data=values if len(values) >= FEWEST_WEEKS else None,
            help=f"{sentence(metric.question)} {sentence(metric.formula)}, {metric.basis.words}.",
            icon=ICONS.get(comparison.verdict),
        )
        st.caption(_evidence(claim, figures))
        drill.link(comparison)


def change(comparison: Comparison, figures: words.Numbers) -> str:
    """The change with its unit, and what it is per where totals had to be put on one basis."""
    if figures.change is None:
        return "not compared"
    per = comparison.difference.per if comparison.difference else ""
    return figures.change if not per or figures.change.endswith(per) else f"{figures.change} {per}"


def mark(comparison: Comparison) -> str:
    """The verdict for a table; what could not be compared is not said to be without a clear change."""
    if comparison.difference is None and comparison.verdict is Verdict.UNCLEAR:
        return "○ not compared"
    return words.mark(comparison.verdict)


def arrow(comparison: Comparison) -> str:
    """Up or down as the number went; none when there is no comparison."""
    difference = comparison.difference
    if difference is None or difference.value == 0:
        return "off"
    return "up" if difference.value > 0 else "down"


def span(unit: Unit, low: float | None, high: float | None) -> str:
    """Two bounds with the unit said once where it is the same.

    >>> span(Unit.PERCENT, 0.727, 0.862), span(Unit.MINUTES, 0.5, 90.0)
    ('72.7 to 86.2 %', '30 s to 1 h 30 min')
    """
    if low is None or high is None:
        return ""
    first, last = unit.level(low), unit.level(high)
    number, _, word = first.partition(" ")
    return f"{number} to {last}" if word and last.partition(" ")[2] == word else f"{first} to {last}"


def _evidence(claim: Claim, figures: words.Numbers) -> str:
    now = claim.comparison.now
    lines = []
    if bounds := span(claim.comparison.metric.unit, now.low, now.high):
        sure = claim.comparison.difference
        lines.append(f"Interval {bounds}" if sure is None else f"{percent(sure.level)} interval {bounds}")
    lines.append(f"Before: {figures.before}" if figures.before else "Before: no answer")
    if claim.comparison.difference is None:
        lines.append(claim.comparison.reason[:1].upper() + claim.comparison.reason[1:])
    if said := words.target(claim.comparison):
        lines.append(said[:1].upper() + said[1:])
    return "  \n".join(sentence(line) for line in lines)
