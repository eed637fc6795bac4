"""Bottlenecks: where time goes, the hours, the backlog, what goes round, waiting and satisfaction."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import streamlit as st

from kpi.bottlenecks import Ageing, Split
from kpi.charts import ParetoBar
from kpi.charts import pareto as bars_chart
from kpi.charts.dose import DosePoint, dose
from kpi.charts.time_split import SplitBar, time_split
from kpi.model import Verdict
from kpi.words import bottleneck_sentences as words
from ui import (
    bottlenecks_hours,
    bottlenecks_rows,
    bottlenecks_store,
    choices,
    figures,
    filters,
    page,
)
from ui.bottlenecks_found import Asked, findings
from ui.bottlenecks_rows import Opened
from ui.escape import plain, sentence
from ui.view import View

__all__ = [
    "about",
    "backlog",
    "choose",
    "finding",
    "findings",
    "hours",
    "loops",
    "satisfaction",
    "stage_waits",
    "where_it_goes",
]

FIELDS = ("channel", "category", "team", "priority", "product")
STILL = "Still in it"
"""Column of the stages that counts other contacts than its row."""


def choose(view: View) -> Asked:
    """Everything, with the days that hours are looked at on chosen here."""
    page.stop_when_refused(view)
    days = choices.choose("Days for the hours", bottlenecks_store.SPANS, "hours_span", width=320)
    return Asked(
        bottlenecks_store.split(view),
        bottlenecks_store.stages(view),
        bottlenecks_store.hours(view, bottlenecks_store.span(view, days)),
        bottlenecks_store.ageing(view),
        bottlenecks_store.loops(view),
        bottlenecks_store.relations(view),
    )


def finding(asked: Asked) -> str:
    """Where the time goes, in one sentence."""
    return words.title(asked.split, asked.hours)


def about(view: View, asked: Asked) -> tuple[str, ...]:
    """What the page speaks of."""
    return (*page.about(view), bottlenecks_hours.span_words(asked.hours))


# ---------------------------------------------------------------- where time goes


def where_it_goes(view: View, asked: Asked) -> None:
    """The parts of the time of solved contacts, now against before, and by channel or issue."""
    split = asked.split
    st.header("Where the time goes", anchor=False)
    if split.refused is not None:
        st.info(
            sentence(f"{words.split_sentence(split)} Times of creation and of solution would tell."),
            icon=":material/info:",
        )
        return
    with st.container(border=True):
        figures.show(
            words.split_sentence(split),
            bars_chart(_bars(split), f"% of {words.whole_words(split)}", figures.colours()),
            words.split_alt(split),
            "Line: 95 % interval, thick tick: before; orange: more of it a contact, beyond chance",
        )
        bottlenecks_rows.button("parts", "All of them", Opened(split.told))
    records = [words.part_cells(part) for part in split.parts]
    offered = {
        "All of them": Opened(split.told),
        "All of them, before": Opened(split.told_before),
    }
    for part in split.parts:
        offered[part.name] = Opened(part.behind, part.name)
        offered[f"{part.name}, before"] = Opened(part.behind_before, part.name)
    bottlenecks_rows.table(
        view,
        "parts",
        records,
        "Parts of the time of solved contacts, now and before; a click on a number shows its contacts",
        offered,
        lambda row, column: _sided(split.parts[row].name, column),
        "Download where the time goes",
    )
    _by_field(view, split)
    with st.expander("What the parts mean, and what the data do not tell"):
        st.markdown("\n".join(f"- {sentence(text)}" for text in words.split_notes(split)))


def _bars(split: Split) -> list[ParetoBar]:
    found, so_far = [], 0.0
    for part in words.by_share(split):
        share = part.share
        value = words.points(share.value)
        so_far += share.value or 0.0
        worse = part.comparison is not None and part.comparison.verdict is Verdict.WORSE
        found.append(
            ParetoBar(
                part.name,
                value,
                words.percent(share.value),
                so_far,
                None if share.low is None else words.points(share.low),
                None if share.high is None else words.points(share.high),
                None if part.share_before is None else words.points(part.share_before.value),
                worse,
                words.span(share),
                "" if part.share_before is None else words.percent(part.share_before.value),
            )
        )
    return found


def _sided(name: str, column: str) -> str | None:
    """The name on offer for a cell: of this period, or of the one before."""
    return f"{name}, before" if "before" in column else name


def _by_field(view: View, split: Split) -> None:
    """The parts by channel, issue and so on."""
    known = {name: filters.field_label(name) for name in FIELDS if _has(view, name)}
    if not known:
        st.caption("No column tells channels, issues or teams apart, so the time is shown as a whole only.")
        return
    labels = {label: name for name, label in known.items()}
    label = choices.choose("By", list(labels), "split_by", width=220)
    found = bottlenecks_store.slices(view, split, labels[label])
    if not found:
        return
    with st.container(border=True):
        figures.show(
            words.slices_sentence(found, label),
            time_split(
                [SplitBar(plain(each.name, 60), each.hours, words.slice_total(each)) for each in found],
                [part.name for part in split.parts],
                figures.colours(),
            ),
            words.slices_alt(found, label),
            "Every bar is all the time of its contacts; hours and contacts stand above it",
        )
    records = [words.slice_cells(each, split) for each in found]
    bottlenecks_rows.table(
        view,
        "slices",
        records,
        f"Parts of the time by {plain(label)}; a click shows the contacts",
        {each.name: Opened(each.behind) for each in found},
        lambda row, column: found[row].name,
        f"Download the time by {label.lower()}",
    )


def _has(view: View, name: str) -> bool:
    return any(field.name == name for field in filters.filterable(view.facts))


def stage_waits(view: View, asked: Asked) -> None:
    """How long contacts stay in each stage, those still in it counted as such."""
    stages = asked.stages
    st.subheader(sentence(words.stages_sentence(stages)), anchor=False)
    if not stages.found:
        return
    offered: dict[str, Opened] = {}
    for stage in stages.found:
        offered[stage.name] = Opened(stage.behind)
        offered[f"{stage.name}, {STILL.lower()}"] = Opened(stage.still)
        offered[f"{stage.name}, before"] = Opened(stage.behind_before)
    bottlenecks_rows.table(
        view,
        "stages",
        [words.stage_cells(stage) for stage in stages.found],
        "Stages with median and ninetieth percentile; a click shows the contacts",
        offered,
        lambda row, column: (
            f"{stages.found[row].name}, {STILL.lower()}"
            if column == STILL
            else _sided(stages.found[row].name, column)
        ),
        "Download the stages",
    )
    st.caption(
        sentence(
            " ".join(
                (
                    "By date created. Contacts still in a stage count with their time in it so far "
                    "(Kaplan–Meier), so new ones do not look fast.",
                    words.missing_stages(stages),
                )
            )
        )
    )


# ---------------------------------------------------------------- backlog


def backlog(view: View, asked: Asked) -> None:
    """What is open, how old it is, and where it lies."""
    ageing = asked.ageing
    st.header("What is open, and for how long", anchor=False)
    if ageing.refused is not None:
        st.info(sentence(f"{words.ageing_sentence(ageing)}."), icon=":material/info:")
        return
    if not ageing.behind.n and not ageing.behind_before.n:
        st.markdown(sentence(words.ageing_sentence(ageing)))
        return
    with st.container(border=True):
        figures.show(
            words.ageing_sentence(ageing),
            bars_chart(_age_bars(ageing), "open contacts", figures.colours()),
            words.age_alt(ageing),
            "Bar: at the end of this period, thick tick: at the end of the one before; counts are exact",
        )
        st.caption(sentence(" ".join((words.ageing_verdict(ageing), *words.ageing_notes(ageing)))))
        bottlenecks_rows.button("ages", "All open", Opened(ageing.behind))
    now, before = (min(period.last_day, view.facts.last_day) for period in (ageing.now, ageing.before))
    offered = {"All open": Opened(ageing.behind, open_on=now)}
    offered["All open, before"] = Opened(ageing.behind_before, open_on=before)
    for band in ageing.bands:
        offered[f"Open {band.name}"] = Opened(band.behind, open_on=now)
        offered[f"Open {band.name}, before"] = Opened(band.behind_before, open_on=before)
    for field, lines in ageing.by.items():
        label = filters.field_label(field)
        for value, all_open, old in lines[: words.MOST_LINES]:
            offered[f"{label} {value}"] = Opened(all_open, open_on=now)
            offered[f"{label} {value}, for a week or longer"] = Opened(old, open_on=now)
    _open_by(ageing, offered)
    bottlenecks_rows.table(
        view,
        "ages",
        words.age_cells(ageing),
        "Open contacts by age, now and before; a click shows them, the oldest first",
        offered,
        lambda row, column: _sided(f"Open {ageing.bands[row].name}", column),
        "Download the ages",
    )


def _age_bars(ageing: Ageing) -> list[ParetoBar]:
    total = max(ageing.behind.n, 1)
    so_far, found = 0, []
    for band in ageing.bands:
        so_far += band.behind.n
        found.append(
            ParetoBar(
                words.capital(band.name),
                float(band.behind.n),
                f"{band.behind.n:,}",
                so_far / total,
                before=float(band.behind_before.n),
                earlier=f"{band.behind_before.n:,}",
            )
        )
    return found


def _open_by(ageing: Ageing, offered: Mapping[str, Opened]) -> None:
    """Open contacts by channel and issue, the most first; a click chooses what is shown below."""
    named = {filters.field_label(name): lines for name, lines in ageing.by.items() if lines}
    if not named:
        st.caption("No column tells channels or issues apart, so what is open is shown as a whole only.")
        return
    for column, (label, lines) in zip(st.columns(len(named)), named.items(), strict=True):
        with column:
            bottlenecks_rows.clickable(
                "ages",
                f"open-{label}",
                words.open_lines(label, lines),
                f"Open contacts by {plain(label)}; a click on a number shows them",
                offered,
                partial(_open_name, label, [value for value, _, _ in lines]),
            )


def _open_name(label: str, values: list[str], row: int, column: str) -> str:
    name = f"{label} {values[row]}"
    return f"{name}, for a week or longer" if "week" in column else name


# ---------------------------------------------------------------- loops


def loops(view: View, asked: Asked) -> None:
    """Contacts that went round, against the same kind of contacts."""
    found = asked.loops
    st.header("What goes round", anchor=False)
    st.markdown(f"**{sentence(words.loops_sentence(found))}.**")
    if found.found:
        offered: dict[str, Opened] = {}
        for each in found.found:
            offered[each.name] = Opened(each.behind)
            offered[f"{each.name}: the others"] = Opened(each.behind_others)
        bottlenecks_rows.table(
            view,
            "loops",
            [words.loop_cells(each, found) for each in found.found],
            "Hand-overs and reopenings with what they go with; a click shows the contacts",
            offered,
            lambda row, column: f"{found.found[row].name}{': the others' if 'thers' in column else ''}",
            "Download what goes round",
        )
        st.caption(
            sentence(
                f"Solved in this period, held against {words.kind_words(found)} (logs of the time, days as "
                "clusters, agents on top). Harder contacts are handed over more often: a longer time is no "
                f"proof that the hand-over cost it. {words.missing_loops(found)}"
            )
        )


# ---------------------------------------------------------------- satisfaction


def satisfaction(view: View, asked: Asked) -> None:
    """Satisfaction by how long customers waited."""
    st.header("Does waiting go with satisfaction?", anchor=False)
    names = {words.capital(each.name): each for each in asked.relations}
    each = names[choices.choose("Time", list(names), "relation", width=220)]
    if each.refused is not None or not each.bands:
        st.info(sentence(f"{words.relation_sentence(each)}."), icon=":material/info:")
        return
    with st.container(border=True):
        figures.show(
            words.relation_sentence(each),
            dose(
                [DosePoint(band.name, band.satisfied, band.raw) for band in each.bands],
                each.mean,
                figures.colours(),
            ),
            words.relation_alt(each),
            "Dot: share satisfied with the case mix made alike, line: interval, dashed: all",
            "Fifths of each channel",
        )
        st.markdown(sentence(" ".join(words.relation_notes(each))))
        bottlenecks_rows.button("bands", "All with an answer", Opened(each.behind))
    bottlenecks_rows.table(
        view,
        "bands",
        words.band_cells(each),
        "Satisfaction by fifth of the time; a click shows the contacts",
        {
            "All with an answer": Opened(each.behind),
            **{words.capital(band.name): Opened(band.behind) for band in each.bands},
        },
        lambda row, column: words.capital(each.bands[row].name),
        "Download satisfaction by time",
    )


def origin_of_zone(view: View) -> str:
    """How the time zone is known: declared, asked or assumed."""
    known = [account.settings.get("timezone_origin", "") for account in view.imported.files]
    for origin in ("assumed", "asked", "declared"):
        if origin in known:
            return origin
    return ""


def hours(view: View, asked: Asked) -> None:
    """The hours of the week."""
    bottlenecks_hours.show(view, asked.hours, origin_of_zone(view))
