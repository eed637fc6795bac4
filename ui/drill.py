"""The way from a number to the rows behind it: links, and the choices of the tickets page."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from kpi import compare, drill, export, periods
from kpi.measures import Rate
from kpi.metrics import catalogue
from kpi.metrics.companions import CountedShare
from kpi.model import Comparison, Filter, Grain, Metric, Period, inside
from ui import choices, downloads, places, tables
from ui.escape import plain, sentence
from ui.view import View

NOW, BEFORE, LAST_YEAR = "This period", "Compared with", "Same period last year"
MOST_WORDS = 5
MOST_BELOW = 1_000
SIDES = (NOW, BEFORE, LAST_YEAR)
HEADLINE = "The number itself"
WITHIN = {
    "work_done": ("contact solved", "contacts solved"),
    "staffed_shifts": ("shift of 8 hours", "shifts of 8 hours"),
    "offers": ("offer", "offers"),
    "sla_decided": ("promise decided", "promises decided"),
}
"""Facts of which one row may hold more or less than one: then n is not the number of rows."""
NOUNS = {
    Grain.TICKETS: ("ticket", "tickets"),
    Grain.SURVEYS: ("answer", "answers"),
    Grain.CALLS: ("call", "calls"),
    Grain.AGENT_DAYS: ("agent-day", "agent-days"),
    Grain.CUSTOMERS: ("customer", "customers"),
}


def counted(n: int, grain: Grain) -> str:
    """A count with its noun.

    >>> counted(1, Grain.CALLS), counted(1204, Grain.SURVEYS)
    ('1 call', '1,204 answers')
    """
    return f"{n:,} {NOUNS[grain][n != 1]}"


def observed(metric: Metric, n: int) -> str:
    """The n of a number with what it counts: rows, or what is counted within them.

    >>> from kpi.metrics import metric
    >>> observed(metric("conversion"), 1641), observed(metric("csat"), 959)
    ('1,641 offers', '959 answers')
    """
    noun = WITHIN.get(_within(metric))
    return counted(n, metric.grain) if noun is None else f"{n:,} {noun[n != 1]}"


def _within(metric: Metric) -> str:
    """The fact that is summed to the n of a metric, where a row may hold more or less than one."""
    measure = metric.measure
    if isinstance(measure, CountedShare):
        return measure.among
    return measure.events if isinstance(measure, Rate) else ""


def link(comparison: Comparison, label: str = "n = {rows}") -> None:
    """The n of a number, as a link to the rows behind it."""
    metric = comparison.metric
    st.page_link(
        places.page_named("tickets"),
        label=label.format(rows=observed(metric, comparison.now.n)),
        icon=":material/table_rows:",
        help="Show the rows behind this number",
        query_params={"metric": metric.name},
    )


@dataclass(frozen=True)
class Asked:
    """Which number's rows are wanted."""

    metric: Metric
    side: str
    period: Period
    part: str | None


def choose(view: View) -> Asked:
    """Metric, period and part, from the address or chosen here."""
    known = {metric.name: metric for metric in catalogue(view.definitions, view.facts)}
    names = list(known)
    with st.container(horizontal=True, vertical_alignment="bottom", key="rows-behind"):
        metric = known[choices.choose("Number", names, "metric", width=420)]
        side = choices.choose("Rows of", SIDES, "rows", width=240)
        parts = [HEADLINE, *drill.parts(metric)]
        part = choices.choose("Part", parts, "part", words=part_words, width=320)
    period = {NOW: view.now, BEFORE: view.before}.get(side)
    if period is None:
        period = periods.same_last_year(view.now, view.definitions)
    return Asked(metric, side, period, None if part == HEADLINE else part)


def rows(view: View, asked: Asked) -> pd.DataFrame | str:
    """The rows, or the reason why there are none to show."""
    return _behind(view, asked, view.where)


def finding(asked: Asked, found: pd.DataFrame | str) -> str:
    """How many rows are behind the number, as a title."""
    if isinstance(found, str):
        return f"No rows behind {inside(asked.metric.name)}"
    part = f", {part_words(asked.part).lower()}" if asked.part else ""
    rows_words = counted(len(found), asked.metric.grain)
    return f"{rows_words} behind {inside(asked.metric.name)}{part} in {asked.period}"


def about(view: View, asked: Asked) -> tuple[str, ...]:
    """What the rows are rows of."""
    total = _sum(view, asked, view.where).strip(" ()")
    return (view.label, asked.metric.formula, asked.metric.basis.words, total)


def show(view: View, asked: Asked, found: pd.DataFrame | str) -> None:
    """How the rows count, the rows (worst first), and their download."""
    if isinstance(found, str):
        st.info(sentence(found), icon=":material/info:")
        return
    split = found[drill.COUNTED].value_counts()
    if 1 < len(split) <= MOST_WORDS:
        st.markdown(sentence("; ".join(f"{count:,} {word}" for word, count in split.items())) + ".")
    if found.empty:
        st.info("No row of this period counts here.", icon=":material/info:")
        return
    unit = {drill.VALUE: f"value, {asked.metric.unit.value}"}
    tables.frame(
        found,
        view.definitions.timezone,
        f"Rows behind {plain(asked.metric.name)} in {plain(asked.period)}, worst first",
        unit,
    )
    downloads.table("Download these rows", lambda: found, f"{asked.metric.key} {asked.period}", "rows")


def below(
    view: View,
    metric: Metric,
    period: Period,
    key: str,
    *,
    where: tuple[Filter, ...] | None = None,
    part: str | None = None,
    named: str = "",
    masked: bool = False,
) -> None:
    """The rows behind a number that was chosen in a table, below it, with their download.

    They stand on the same page, as a table that is reached with the Tab key chooses its first cell by itself:
    whoever walks the page by keyboard would be led away from it.

    ``where`` stands for the filters of the view; ``named`` says of which segment the rows are; persons are
    ``masked`` on the page too where the reader asked for pseudonyms.
    """
    asked = Asked(metric, NOW, period, part)
    where = view.where if where is None else where
    found = _behind(view, asked, where)
    with st.container(border=True, key=f"behind-{key}"):
        if isinstance(found, str):
            st.info(sentence(found), icon=":material/info:")
            return
        said = f"{finding(asked, found)}{f': {named}' if named else ''}{_sum(view, asked, where)}"
        st.subheader(sentence(said), anchor=False)
        if found.empty:
            st.caption("No row of this period counts here.")
            return
        if len(found) > MOST_BELOW:
            st.caption(f"The first {MOST_BELOW:,} are shown, worst first; the download has all.")
        unit = {drill.VALUE: f"value, {metric.unit.value}"}
        shown = found.head(MOST_BELOW)
        shown = export.mask(shown) if masked else shown
        tables.frame(shown, view.definitions.timezone, plain(said, 300), unit)
        downloads.table(
            "Download these rows", lambda: found, f"{metric.key} {period} {named}", f"behind-{key}"
        )


def _sum(view: View, asked: Asked, where: tuple[Filter, ...]) -> str:
    """The n that the rows add up to, where it is not their number."""
    if asked.part is not None or _within(asked.metric) not in WITHIN:
        return ""
    known = compare.measure(view.facts, asked.period, metrics=(asked.metric.key,), where=where)
    return f" (n = {observed(asked.metric, known[0].estimate.n)})" if known else ""


def _behind(view: View, asked: Asked, where: tuple[Filter, ...]) -> pd.DataFrame | str:
    try:
        return drill.rows(view.facts, asked.metric, asked.period, where=where, part=asked.part)
    except ValueError as error:
        return str(error)


def part_words(part: str | None) -> str:
    """A part as it is called on the page.

    >>> part_words("promoters_share"), part_words("p90")
    ('Promoters share', 'P90')
    """
    return str(part or HEADLINE).replace("_", " ").capitalize() if part != HEADLINE else HEADLINE
