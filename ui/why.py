"""Why it moved: one metric by one dimension as a walk from before to now, and a scan of everything."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from kpi.charts import Bar, waterfall
from kpi.drivers import Drivers, Finding, Split, Step, steps
from kpi.model import Claim, Filter, Unit
from kpi.words import driver_sentences as words
from kpi.words.figures import probability
from ui import choices, downloads, drill, figures, filters, page, store, tables, why_store
from ui.escape import escape, plain, sentence
from ui.view import View

BEST = "What tells most"
MOST_ROWS = 12
MOST_FINDINGS = 8
NAMES = {"Agent": "Agent", "Segment": "Agent", "Same rows as": "Agent"}
"""Columns of downloads that may hold names of persons, and what stands for them."""


@dataclass(frozen=True)
class Asked:
    """Which change is to be taken apart; None where nothing can be."""

    found: Drivers | None
    dimension: str = ""
    best: bool = False
    claim: Claim | None = None
    """What may be said of the metric among all that are compared."""


def choose(view: View) -> Asked:
    """A metric (the first finding, if not chosen) and a dimension (the one that tells most)."""
    page.stop_when_refused(view)
    claims = [c for c in store.claims(view) if c.comparison.now.value is not None]
    if not claims:
        return Asked(None)
    keys = {claim.comparison.metric.name: claim.comparison.metric.key for claim in claims}
    with st.container(horizontal=True, vertical_alignment="bottom", key="why-what"):
        key = keys[choices.choose("Metric", list(keys), "why")]
        ranked = why_store.ranked(view, key)
        if not ranked:
            return Asked(None)
        labels = {filters.field_label(each.dimension): each.dimension for each in ranked}
        best = next(iter(labels))
        chosen = choices.choose(
            "Split by",
            [BEST, *sorted(labels, key=str.casefold)],
            "split",
            words=lambda label: f"{BEST} ({best})" if label == BEST else label,
        )
    dimension = ranked[0].dimension if chosen == BEST else labels[chosen]
    claim = next(claim for claim in claims if claim.comparison.metric.key == key)
    return Asked(why_store.explained(view, key, dimension), dimension, chosen == BEST, claim)


def show(view: View, asked: Asked) -> None:
    """The finding as the title, the warning, the walk, the segments, the scan."""
    found = asked.found
    if found is None:
        page.title("There is nothing to take apart", *page.about(view))
        st.info("No metric here has segments in both periods.", icon=":material/info:")
        return
    doubt = words.driver_doubt(found, asked.claim)
    page.title(words.doubtful_title(found) if doubt else words.driver_title(found), *page.about(view))
    warning = words.driver_warning(found)
    if doubt:
        st.info(sentence(doubt), icon=":material/help:")
    elif warning:
        st.warning(sentence(warning), icon=":material/swap_vert:")
    if found.total is None:
        st.info(sentence(words.driver_sentence(found)), icon=":material/info:")
    else:
        picture(found, judged=not doubt)
        segments(view, found, judged=not doubt)
        method(found)
    everything(view)


def picture(found: Drivers, *, judged: bool) -> None:
    """The walk from before to now; no part is marked where the whole is not ``judged`` a change."""
    walk = steps(found)
    if not walk:
        st.caption("There is no level to start from, so there is no picture to draw.")
        return
    unit = Unit.PER_DAY if found.per and found.metric.unit is Unit.COUNT else found.metric.unit
    bars = [_bar(found, step, last=place > 0, judged=judged) for place, step in enumerate(walk)]
    many = words.dimension_words(found.dimension, many=True)
    key = (
        f"Mix: {many} with other values grew or shrank; within: the {many} themselves changed"
        if found.split is not Split.SUM
        else "Each bar: what one segment adds"
    )
    with st.container(border=True):
        figures.show(
            words.driver_sentence(found),
            waterfall(bars, unit, figures.colours()),
            words.driver_alt(found),
            key,
            "Lines: intervals; blue: better, orange: worse, beyond chance and large enough to matter; "
            "grey: all others; thin bars: shares of the bar above",
        )


def segments(view: View, found: Drivers, *, judged: bool) -> None:
    """Every segment with its size, its values and its parts; a click on a number shows its rows."""
    if not found.segments:
        return
    many = words.dimension_words(found.dimension, many=True)
    st.subheader(f"All {escape(many)}" if len(found.segments) > 1 else "The only one", anchor=False)
    records = words.segment_table(found, found.segments, judged=judged)
    shown = records[:MOST_ROWS]
    st.caption("Click a number to see the rows behind it.")
    label = f"{len(shown)} {plain(many)} with sizes, values and parts of the change"
    clicked = tables.choosable(shown, "segments", label)
    if len(records) > len(shown):
        st.caption(f"The {len(shown)} that add most, of {len(records):,}; the download has all.")
    first = next(iter(records[0]))
    personal = {first: "Agent"} if found.dimension == "agent" else None
    downloads.rows("Download all segments", records, f"drivers {found.metric.key}", "drivers", personal)
    if clicked is not None and clicked[0] < len(shown):
        then = {str(found.before), f"n, {found.before}", "Weight before"}
        period = found.before if clicked[1] in then else found.now
        name = found.segments[clicked[0]].name
        where = (*view.where, Filter(found.dimension, (name,)))
        drill.below(view, found.metric, period, "segments", where=where, named=plain(name))


def method(found: Drivers) -> None:
    """How the parts were computed."""
    with st.expander("How was this computed?"):
        looks = sum(
            part is not None and part.p is not None
            for segment in found.segments
            for part in (segment.mix, segment.performance, segment.alone)
        )
        st.markdown(
            f"- {sentence(found.method)}.\n"
            f"- {escape(found.metric.name)}: {sentence(found.metric.formula)}; "
            f"{sentence(found.metric.basis.words)}.\n"
            f"- Parts of single segments are judged together, allowing for all {looks:,} of them; mix and "
            f"within as two questions of their own.\n"
            "- A part says where the change sits in the sums. It does not say what brought it about."
        )


def everything(view: View) -> None:
    """All segments × metrics as one family, when asked for."""
    st.header("Every segment of every metric", anchor=False)
    if not st.toggle(
        "Look at all of them",
        key="scan",
        bind="query-params",
        help="All values of all dimensions for all metrics, as one family of comparisons.",
    ):
        st.caption("A scan that allows for how much is looked at. It takes a few seconds.")
        return
    scan = why_store.scanned(view)
    st.markdown(f"**{sentence(words.scan_sentence(scan))}**")
    if scan.findings:
        st.markdown(
            "\n".join(f"- {sentence(words.finding_sentence(f, scan))}" for f in scan.findings[:MOST_FINDINGS])
        )
        records = [_finding(finding) for finding in scan.findings]
        clicked = tables.choosable(records, "findings", "Every finding with its interval and adjusted p")
        downloads.rows("Download the findings", records, "scan", "scan", NAMES)
        if clicked is not None and clicked[0] < len(records):
            finding = scan.findings[clicked[0]]
            period = scan.before if clicked[1] in ("Before", "n, Before") else scan.now
            where = (*view.where, *(Filter(field, (value,)) for field, value in finding.group.keys))
            named = plain(finding.group)
            drill.below(view, finding.metric, period, "findings", where=where, named=named)
    if scan.skipped:
        with st.expander(f"Not looked at, and why ({len(scan.skipped)})"):
            st.markdown("\n".join(f"- {sentence(text)}" for text in scan.skipped))


def _bar(found: Drivers, step: Step, *, last: bool, judged: bool) -> Bar:
    if step.part is None:
        period = found.now if last else found.before
        return Bar(str(period), words.level_of(found, step.value), step.start, step.end, level=True)
    part = step.part
    change = words.change_of(found, part)
    return Bar(
        plain(words.step_words(found, step), 60),
        f"{change}, {words.verdict_of(part)}" if judged else change,
        step.start,
        step.end,
        None if part.low is None else step.start + part.low,
        None if part.high is None else step.start + part.high,
        words.interval_of(found, part),
        part.verdict if part.p is not None and judged else None,
        inner=step.inner,
    )


def _finding(finding: Finding) -> dict[str, str]:
    difference = finding.comparison.difference
    p = None if difference is None else difference.p_adjusted
    return {
        "Metric": finding.metric.name,
        "By": words.dimension_words(finding.dimension),
        "Segment": str(finding.group),
        **words.finding_cells(finding),
        "n, Now": f"{finding.comparison.now.n:,}",
        "n, Before": f"{finding.comparison.before.n:,}",
        "p, adjusted": "" if p is None else probability(p),
        "Same rows as": ", ".join(finding.also),
        "Method": "" if difference is None else difference.method,
    }
