"""Who answers our surveys: what was chosen, the alarm, the bounds, the kinds of tickets, the re-weighting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from kpi import charts
from kpi.facts import Facts
from kpi.metrics import catalogue
from kpi.model import Comparison, Filter, Period
from kpi.surveying import (
    Alarm,
    Honesty,
    Represented,
    survey_alarm,
    survey_honesty,
    survey_rows,
    surveys_with_answers,
)
from kpi.words import survey_sentences as words
from kpi.words.driver_sentences import dimension_words
from ui import choices, downloads, drill, figures, filters, page, places, tables
from ui.escape import plain, sentence
from ui.remember import remembered
from ui.view import View

BEST = "What matters most"
MOST_ROWS = 12
PAGE = "surveys"
RESULTS = 100
NAMES = {"Agent": "Agent"}
"""Columns of downloads that may hold names of persons, and what stands for them."""
WARNED = ("csat", "nps")


@dataclass(frozen=True)
class Asked:
    """What is looked at; None where there is no survey."""

    found: Honesty | None
    dimension: str = ""


def choose(view: View) -> Asked:
    """A survey question, and the dimension to re-weight by and to show."""
    page.stop_when_refused(view)
    held = _held(view.facts.fingerprint, view.facts)
    if not held:
        return Asked(None)
    known = {metric.key: metric for metric in catalogue(view.definitions, view.facts)}
    keys = {known[key].name: key for key in held}
    with st.container(horizontal=True, vertical_alignment="bottom", key="survey-what"):
        key = keys[choices.choose("Survey question", list(keys), "survey")]
        goal = view.aim(known[key]).value
        plainly = _honesty(*view.choices, key, (), goal, view.facts)
        labels = {filters.field_label(name): name for name in _dimensions(plainly)}
        if not labels:
            return Asked(plainly)
        first = next((label for label, name in labels.items() if name == plainly.segments[0].dimension), "")
        ordered = [first, *(label for label in labels if label != first)]
        dimension = labels[choices.choose("Kinds of tickets", ordered, "kinds", width=220)]
        weights = choices.choose("Re-weight by", [BEST, *labels], "weight", width=220)
    chosen = () if weights == BEST else (labels[weights],)
    return Asked(_honesty(*view.choices, key, chosen, goal, view.facts), dimension)


def show(view: View, asked: Asked) -> None:
    """The finding as the title, and everything below it."""
    honesty = asked.found
    if honesty is None:
        page.title("There are no survey answers in these data", *page.about(view))
        st.info(
            "Upload a file with satisfaction, recommendation or effort answers, or tickets that carry them.",
            icon=":material/info:",
        )
        return
    page.title(words.survey_title(honesty), *page.about(view), *_counted(honesty))
    if honesty.alarm.rings:
        st.warning(sentence(words.alarm_sentence(honesty)), icon=":material/notifications_active:")
    said = words.survey_findings(honesty)
    if said:
        st.markdown("\n".join(f"- {sentence(text)}" for text in said))
    if honesty.refused or honesty.now is None:
        return
    everybody(view, honesty)
    kinds(view, honesty, asked.dimension)
    weighted(view, honesty)
    ringing(view, honesty)
    method(honesty)


def everybody(view: View, honesty: Honesty) -> None:
    """Worst and best case, and what the silent would have to be like."""
    if honesty.unbounded:
        st.caption(sentence(f"No worst and best case: {honesty.unbounded}."))
        return
    target = honesty.metric.target
    with st.container(border=True):
        figures.show(
            words.bounds_sentence(honesty),
            charts.survey_bounds(honesty, figures.colours(), target),
            words.survey_alt(honesty),
            "Band: everybody, from worst to best case; dot: those who answered; diamond: re-weighted; "
            "lines: intervals",
            "" if target is None else f"Dashed: the target of {honesty.metric.unit.level(target)}",
        )
        tippings = honesty.now.tipping if honesty.now is not None else ()
        if tippings:
            lines = (words.tipping_sentence(honesty, tipping) for tipping in tippings)
            st.markdown("\n".join(f"- {sentence(text)}" for text in lines))


def kinds(view: View, honesty: Honesty, dimension: str) -> None:
    """How many answer by the values of one dimension; all dimensions in the download."""
    chosen = _of(honesty.segments, dimension)
    if not chosen or honesty.asked is None or honesty.now is None or honesty.now.share is None:
        return
    shown = chosen[:MOST_ROWS]
    with st.container(border=True):
        figures.show(
            words.segments_sentence(honesty, chosen),
            charts.answering(shown, honesty.now.share, figures.colours()),
            f"{words.segments_sentence(honesty, chosen)}. {len(shown)} kinds of tickets with their rates.",
            f"Share of {honesty.asked.words} with an answer, {honesty.now.period}",
            "Dashed: all; line: interval; dark: differs from all others beyond chance by 2 points or "
            f"more, p adjusted for {honesty.segment_looks:,} kinds",
        )
        if len(chosen) > len(shown):
            st.caption(f"The first {len(shown)} of {len(chosen):,}; the table has all.")
        with st.expander("All of them as a table"):
            records = words.segment_rows(chosen, honesty.asked.words)
            label = f"{plain(dimension_words(dimension, many=True))} with their rates"
            st.caption("Click a number to see the rows behind it.")
            clicked = tables.choosable(records, "kinds-table", label)
            downloads.rows("Download them", records, f"who answers by {dimension}", "kinds", NAMES)
        if clicked is not None and clicked[0] < len(chosen):
            one = chosen[clicked[0]]
            segment = (Filter(one.dimension, (one.name,)),)
            period = honesty.now.period
            _behind(view, honesty, period, "kinds", segment, one.name, answered=clicked[1] == "Answers")


def _behind(
    view: View,
    honesty: Honesty,
    period: Period,
    key: str,
    segment: tuple[Filter, ...] = (),
    named: str = "",
    *,
    answered: bool,
) -> None:
    """Those asked, or those of them who answered, below the table whose number was clicked."""
    rows = survey_rows(
        view.facts, honesty.metric.key, period, where=(*view.where, *segment), answered=answered
    )
    asked = "answers" if honesty.asked is None else honesty.asked.words
    what = (f"{asked} with an answer" if answered else asked) + (f", {named}" if named else "")
    said = f"{len(rows):,} {what}, {period}"
    with st.container(border=True, key=f"behind-{key}"):
        st.subheader(sentence(said), anchor=False)
        if rows.empty:
            st.caption("None of them.")
            return
        if len(rows) > drill.MOST_BELOW:
            st.caption(f"The first {drill.MOST_BELOW:,} are shown; the download has all.")
        tables.frame(rows.head(drill.MOST_BELOW), view.definitions.timezone, plain(said), {})
        downloads.table("Download these rows", lambda: rows, f"{honesty.metric.key} {what}", f"behind-{key}")


def weighted(view: View, honesty: Honesty) -> None:
    """Raw against re-weighted, and what of the change is due to who answers."""
    st.subheader("If every kind of ticket answered alike", anchor=False)
    if honesty.weighting is None:
        st.caption(sentence(f"Not re-weighted: {honesty.not_weighted}."))
        return
    st.caption(
        sentence(f"Every kind of ticket counted as often as it was asked: {words.weights_sentence(honesty)}.")
    )
    sides = [
        side for side in (honesty.now, honesty.before) if side is not None and side.reweighted is not None
    ]
    clicked = tables.choosable(
        words.weighted_rows(honesty), "weighted-table", "Raw and re-weighted values of both periods"
    )
    if clicked is not None and clicked[0] < len(sides):
        _behind(view, honesty, sides[clicked[0]].period, "weighted", answered=True)
    if honesty.change is not None:
        tables.plain_rows(words.change_rows(honesty), "The change as answered, re-weighted, and the rest")


def ringing(view: View, honesty: Honesty) -> None:
    """What the alarm looked at."""
    st.subheader("Did it change who answers?", anchor=False)
    st.markdown(sentence(words.alarm_sentence(honesty)))
    records = words.shift_rows(honesty.alarm)
    if records:
        st.caption(
            "Share of the answers less the share of those asked: how far a kind of ticket is found among the "
            "answers beyond its number."
            if honesty.alarm.relative
            else "Share of the answers; those asked are not known, so the tickets may have changed instead."
        )
        clicked = tables.choosable(records[:MOST_ROWS], "shifts-table", "The largest shifts of who answers")
        if len(records) > MOST_ROWS:
            st.caption(f"The first {MOST_ROWS} of {len(records):,}; the download has all.")
        personal = {"Kind": "Agent"} if any(s.dimension == "agent" for s in honesty.alarm.shifts) else None
        downloads.rows("Download all of them", records, "shifts of who answers", "shifts", personal)
        if clicked is not None and clicked[0] < len(records):
            shift = honesty.alarm.shifts[clicked[0]]
            side = honesty.before if clicked[1] == "Before" else honesty.now
            if side is not None:
                segment = (Filter(shift.dimension, (shift.name,)),)
                _behind(view, honesty, side.period, "shifts", segment, shift.name, answered=False)


def method(honesty: Honesty) -> None:
    """How all this was computed."""
    said = [*filter(None, (words.coverage_sentence(honesty),)), *words.survey_method(honesty)]
    if said:
        with st.expander("How was this computed, and what can it not tell?"):
            st.markdown("\n".join(f"- {sentence(text)}" for text in said))


def warn(view: View, comparisons: Sequence[Comparison]) -> None:
    """One line for each survey metric whose change must be read with care, with the way to this page."""
    if view.window.refused:
        return
    for comparison in comparisons:
        metric = comparison.metric
        if metric.key not in WARNED or comparison.now.value is None or comparison.before.value is None:
            continue
        ringing = _alarm(*view.choices, metric.key, view.facts)
        line = words.short_warning(words.survey_name(metric), words.reasons_of(ringing), ringing)
        if line:
            with st.container(horizontal=True, vertical_alignment="center", key=f"survey-{metric.key}"):
                st.markdown(f":material/notifications_active: {sentence(line)}", width="content")
                st.page_link(
                    places.page_named(PAGE), label="Who answers", query_params={"survey": metric.name}
                )


def _counted(honesty: Honesty) -> tuple[str, ...]:
    if honesty.asked is None or honesty.now is None:
        return (honesty.metric.name,)
    return (f"{honesty.metric.name}, {honesty.asked.words} {honesty.asked.basis.words}",)


def _dimensions(honesty: Honesty) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.dimension for one in honesty.segments))


def _of(segments: Sequence[Represented], dimension: str) -> tuple[Represented, ...]:
    return tuple(one for one in segments if one.dimension == dimension)


@remembered(RESULTS)
def _held(fingerprint: str, _facts: Facts) -> tuple[str, ...]:
    return surveys_with_answers(_facts)


@remembered(RESULTS)
def _honesty(
    fingerprint: str,
    now: Period,
    before: Period,
    where: tuple[Filter, ...],
    key: str,
    weight_by: tuple[str, ...],
    target: float | None,
    _facts: Facts,
) -> Honesty:
    return survey_honesty(_facts, key, now, before, where=where, weight_by=weight_by, target=target)


@remembered(RESULTS)
def _alarm(
    fingerprint: str, now: Period, before: Period, where: tuple[Filter, ...], key: str, _facts: Facts
) -> Alarm:
    return survey_alarm(_facts, key, now, before, where=where)
