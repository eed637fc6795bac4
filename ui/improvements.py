"""Where improving would pay most: one outcome by one dimension, suggestions, one value closer, training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from kpi import charts, improvements
from kpi.charts.impact import ImpactBar, impact
from kpi.improvements import Improvements, Look, Outcome, Standing, Suggestion
from kpi.issues import ISSUE, Origin, Sorted
from kpi.model import Filter
from kpi.words import improvement_figures as sizes
from kpi.words import improvement_sentences as words
from ui import (
    actions,
    choices,
    downloads,
    figures,
    filters,
    improvements_store,
    issues_store,
    places,
    tables,
)
from ui.escape import plain, sentence
from ui.view import View

MOST_ROWS = 1_000


@dataclass(frozen=True)
class Asked:
    """What is looked at, and what was found."""

    issues: Sorted
    found: Improvements
    outcome: Outcome | None
    dimension: str


def choose(view: View) -> Asked:
    """The outcome and the dimension, from the address or chosen here."""
    issues = improvements_store.kept(view)
    found = improvements_store.found(view, issues)
    known = {outcome.metric.name: outcome for outcome in found.outcomes if found.of(outcome.key)}
    if found.refused or not known:
        return Asked(issues, found, None, "")
    behind = [name for name, each in known.items() if any(x.outcome.key == each.key for x in found.behind)]
    first = list(known).index(behind[0]) if behind else 0
    with st.container(horizontal=True, vertical_alignment="bottom", key="improve-what"):
        outcome = known[choices.choose("What would improve", list(known), "improve", first=first)]
        offered = {
            sizes.dimension(name).capitalize(): name
            for name in found.dimensions
            if found.of(outcome.key, name)
        }
        dimension = offered[choices.choose("By", list(offered), "improve_by", width=220)]
    return Asked(issues, found, outcome, dimension)


def finding(asked: Asked) -> str:
    """Where improving would pay most."""
    return words.improvement_title(asked.found, asked.outcome)


def about(view: View, asked: Asked) -> tuple[str, ...]:
    """What the numbers speak of."""
    if asked.outcome is None:
        return (view.label, str(view.now))
    return (view.label, str(view.now), asked.outcome.metric.name, asked.outcome.metric.basis.words)


def overview(asked: Asked) -> None:
    """Which part of the list is clear, and what cannot be shown."""
    if asked.outcome is None:
        st.info(sentence(f"{asked.found.refused.capitalize()}."), icon=":material/info:")
        for text in words.lacking_sentences(asked.found):
            st.caption(sentence(text))
        return
    said = (
        words.clear_sentence(asked.found, asked.outcome),
        words.order_sentence(asked.found, asked.outcome),
        words.elsewhere_sentence(asked.found, asked.outcome),
        words.nature_sentence(asked.found, asked.outcome),
    )
    st.markdown("\n".join(f"- {sentence(text)}" for text in said if text))


def picture(asked: Asked) -> None:
    """Every value of the dimension as a picture."""
    if asked.outcome is None:
        return
    looks = asked.found.of(asked.outcome.key, asked.dimension)
    with st.container(border=True):
        figures.show(
            words.chart_sentence(asked.found, asked.outcome, asked.dimension),
            impact(
                [_bar(look, looks) for look in looks],
                asked.outcome.metric.unit,
                f"gain of {sizes.word(asked.outcome).removeprefix('the ')}",
                figures.colours(),
            ),
            words.chart_alt(asked.found, asked.outcome, asked.dimension),
            *words.chart_key(asked.found, asked.outcome, asked.dimension),
        )


def _bar(look: Look, among: Sequence[Look]) -> ImpactBar:
    unit = look.outcome.metric.unit
    tone = {Standing.BEHIND: "behind", Standing.AHEAD: "ahead"}.get(look.standing, "unclear")
    return ImpactBar(
        plain(look.value, 60),
        look.impact,
        look.low,
        look.high,
        tone,
        sizes.signed(look, among),
        sizes.span(unit, look.impact, look.low, look.high),
        sizes.level_words(look),
        words.SAID[look.standing],
    )


# ---------------------------------------------------------------- one value


def closer(view: View, asked: Asked) -> None:
    """The table of all values; one of them with its sentence, months, rows, and what to do next."""
    if asked.outcome is None:
        return
    looks = asked.found.of(asked.outcome.key, asked.dimension)
    many = sizes.dimension(asked.dimension, 2).capitalize()
    st.header(f"{many}, one by one", anchor=False)
    records = [words.look_cells(look) for look in looks]
    st.caption("Click a row to see its contacts, its months and the way on.")
    cell = tables.choosable(records, "improve-table", f"{len(records)} values with their gains, surest first")
    improvements_store.clicked("improve-table", cell, [look.value for look in looks])
    downloads.rows(
        "Download this table", records, f"improvements {asked.outcome.key} {view.now}", "improve-table"
    )
    with st.container(horizontal=True, vertical_alignment="bottom", key="improve-closer"):
        value = choices.choose(
            sizes.dimension(asked.dimension).capitalize(),
            [look.value for look in looks],
            "improve_value",
        )
        part = choices.choose("Rows", improvements.PARTS, "improve_rows", width=230)
    look = next(look for look in looks if look.value == value)
    st.markdown(sentence(words.look_sentence(look, len(asked.found.looks))))
    _onwards(view, asked, look, words.look_sentence(look, len(asked.found.looks)))
    _months(view, asked, look)
    rows = improvements_store.rows(view, asked.issues, look, part)
    st.subheader(
        sentence(words.rows_sentence(look, len(rows), part == improvements.SHORT, str(view.now))),
        anchor=False,
    )
    if rows.empty:
        st.caption("None of them.")
        return
    if len(rows) > MOST_ROWS:
        st.caption(f"The first {MOST_ROWS:,} are shown, worst first; the download has all.")
    tables.frame(
        rows.head(MOST_ROWS),
        view.definitions.timezone,
        f"{len(rows)} rows of {plain(look.value)}, worst first",
        {"value": f"value, {look.outcome.metric.unit.value}"},
    )
    downloads.table(
        "Download these rows", lambda: rows, f"{look.value} {look.outcome.key} {view.now}", "improve-rows"
    )


def _months(view: View, asked: Asked, look: Look) -> None:
    told = improvements_store.months(view, asked.issues, look)
    if sum(estimate.value is not None for _, estimate in told) < 2:
        return
    points = [charts.Point(span.start, span.days, estimate) for span, estimate in told]
    with st.container(border=True):
        figures.show(
            words.months_sentence(look),
            charts.history(points, look.outcome.metric.unit, figures.colours(), now=view.now),
            f"{words.months_sentence(look)}, {len(points)} months",
            "Months with their 95 % intervals; bars: how many rows each rests on",
        )


def _onwards(view: View, asked: Asked, look: Look, said: str) -> None:
    """Its history with all there is to it, and an action."""
    where = _where(asked, look)
    with st.container(horizontal=True, key=f"onwards-{look.outcome.key}-{plain(look.value, 20)}"):
        if where or look.dimension != ISSUE:
            st.page_link(
                places.page_named("trends"),
                label="Follow it over time",
                icon=":material/show_chart:",
                query_params={"metric": look.outcome.listed, **_parameters(view, where)},
            )
        if look.dimension == ISSUE:
            st.page_link(
                places.page_named("issues"),
                label="What these contacts say",
                icon=":material/forum:",
                query_params={"issue": look.value},
            )
        if "bottlenecks" in places.PAGES:
            st.page_link(
                places.page_named("bottlenecks"), label="Where the time goes", icon=":material/hourglass:"
            )
        actions.link(said, look.outcome.key, (*view.where, *where), reference="/improvements")


def _where(asked: Asked, look: Look) -> tuple[Filter, ...]:
    """The filter of the look on the data's own columns; none where the issue comes from rules or texts."""
    if look.dimension != ISSUE:
        return look.where
    source = asked.issues.source
    return (Filter(source.field, (look.value,)),) if source.origin is Origin.FIELD else ()


def _parameters(view: View, where: tuple[Filter, ...]) -> dict[str, str]:
    """Filters as parameters of an address, as far as the shared filters have them."""
    known = {field.name: field.parameter for field in filters.filterable(view.facts)}
    return {known[each.field]: each.values[0] for each in where if each.field in known}


# ---------------------------------------------------------------- suggestions, training


def suggestions(view: View, asked: Asked) -> None:
    """One suggestion for every value that is behind in anything; none where nothing is clear."""
    if asked.outcome is None:
        return
    st.header("What might be looked into", anchor=False)
    made = improvements.suggestions(asked.found, issues_store.rules())
    if not made:
        st.markdown(sentence(words.no_suggestion(asked.found)))
        return
    for number, each in enumerate(made):
        _suggestion(view, asked, number, each)
    st.caption(sentence(f"{words.CAUSE} {words.NOT_ADDED}"))
    records = [words.suggestion_cells(look, each) for each in made for look in each.looks]
    downloads.rows("Download the suggestions", records, f"suggestions {view.now}", "suggestions")


def _suggestion(view: View, asked: Asked, number: int, each: Suggestion) -> None:
    first = each.looks[0]
    with st.container(border=True):
        st.markdown(f"**{sentence(words.suggestion_title(each))}**")
        st.markdown("\n".join(f"- {sentence(words.gain_sentence(look))}" for look in each.looks))
        st.markdown(sentence(words.check_sentence(each)))
        with st.container(horizontal=True, key=f"suggestion-{number}"):
            for look in each.looks:
                st.page_link(
                    places.page_named("improvements"),
                    label=words.rows_label(look),
                    icon=":material/table_rows:",
                    query_params={
                        "improve": look.outcome.metric.name,
                        "improve_by": sizes.dimension(look.dimension).capitalize(),
                        "improve_value": look.value,
                    },
                )
            actions.link(
                words.suggestion_sentence(each),
                first.outcome.key,
                (*view.where, *_where(asked, first)),
                reference="/improvements",
            )


def training(view: View, asked: Asked) -> None:
    """Topics that most of the team finds hard; nobody is named."""
    if asked.outcome is None or asked.found.issue is None:
        return
    needs = improvements_store.needs(view, asked.issues, asked.found)
    st.header("Training: the topic or some of the people?", anchor=False)
    st.markdown(f"**{sentence(words.needs_title(needs))}.**")
    if needs:
        st.markdown("\n".join(f"- {sentence(words.need_sentence(need))}" for need in needs))
        st.caption(sentence(words.NEEDS_NOTE))


def method(asked: Asked) -> None:
    """How all this was computed, and what is missing."""
    if asked.outcome is None:
        return
    said: Sequence[str] = words.lacking_sentences(asked.found)
    if said:
        with st.expander("What could not be looked at"):
            st.markdown("\n".join(f"- {sentence(text)}" for text in said))
    with st.expander("How sure is this, and how was it computed?"):
        st.markdown("\n".join(f"- {sentence(text)}" for text in words.method_sentences(asked.found)))
