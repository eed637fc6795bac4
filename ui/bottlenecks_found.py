"""What stands out on the bottlenecks page: each finding with its contacts, its history and an action."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from kpi.bottlenecks import Ageing, Hours, Loops, Relation, Slot, Split, Stages
from kpi.metrics import catalogue
from kpi.model import Filter
from kpi.words import bottleneck_sentences as words
from ui import actions, bottlenecks_rows, bottlenecks_store, comparing, places
from ui.bottlenecks_rows import Opened
from ui.escape import sentence
from ui.view import View

MOST_FINDINGS = 8
CHANNEL_OF = {
    "first reply in live chat": "chat",
    "first reply in messaging": "messaging",
    "first reply to text messages": "sms",
    "first reply on the phone": "phone",
}
METRIC_OF_LOOP = {
    "Handed over": "transfer_rate",
    "Handed over twice or more": "transfer_rate",
    "Escalated": "escalation_rate",
    "Opened again after it was solved": "reopen_rate",
}


@dataclass(frozen=True)
class Asked:
    """Everything the page speaks of."""

    split: Split
    stages: Stages
    hours: Hours
    ageing: Ageing
    loops: Loops
    relations: tuple[Relation, ...]


@dataclass(frozen=True)
class Finding:
    """One thing found: what is said, its contacts, and what to follow or to plan for it."""

    name: str
    said: str
    opened: Opened
    metric: str
    where: tuple[Filter, ...] = ()
    moved: bool = False
    """Whether it is a change, which can be taken apart."""


def findings(view: View, asked: Asked) -> None:
    """What is beyond chance, each with its contacts, its history and an action."""
    every = _found(view, asked)
    with st.container(border=True):
        st.subheader("What stands out", anchor=False)
        if not every:
            st.markdown(sentence(words.nothing_found(asked.hours, asked.loops)))
            return
        for place, each in enumerate(every[:MOST_FINDINGS]):
            st.markdown(sentence(each.said))
            _steps(view, each, place)
    bottlenecks_rows.below(view, "findings", {each.name: each.opened for each in every[:MOST_FINDINGS]})


def _steps(view: View, each: Finding, place: int) -> None:
    """From a finding onwards."""
    with st.container(horizontal=True, vertical_alignment="center", key=f"steps-{place}"):
        st.button(
            f"Show the {words.contacts(each.opened.behind)}",
            key=f"show-{place}",
            on_click=bottlenecks_store.open_rows,
            args=("findings", each.name),
            icon=":material/table_rows:",
            type="tertiary",
        )
        known = {metric.key: metric.name for metric in catalogue(view.definitions, view.facts)}
        if each.metric in known:
            st.page_link(
                places.page_named("trends"),
                label="Follow it over time",
                icon=":material/show_chart:",
                query_params={"metric": known[each.metric]},
            )
        if each.moved and each.metric in known:
            st.page_link(
                places.page_named("compare"),
                label="Why it moved",
                icon=":material/compare_arrows:",
                query_params={"compare": comparing.WHY, "why": known[each.metric]},
            )
        actions.link(each.said, each.metric, (*view.where, *each.where), reference="/bottlenecks")


def _found(view: View, asked: Asked) -> tuple[Finding, ...]:
    hours = [
        Finding(
            f"{words.slot_words(each.slot)}, {each.measure}",
            words.standing_sentence(each, asked.hours),
            Opened(each.behind),
            _metric_of_hour(each.measure),
            _hour_filters(each.measure, each.slot),
        )
        for each in asked.hours.found
        if each.slower
    ]
    loops = [
        Finding(
            each.name,
            words.loop_sentence(each, asked.loops),
            Opened(each.behind),
            METRIC_OF_LOOP.get(each.name, "ttr"),
        )
        for each in asked.loops.found
        if words.longer(each, asked.loops)
    ]
    parts = [
        Finding(
            part.name,
            said,
            Opened(part.behind, part.name),
            words.METRIC_OF_PART.get(part.name, "ttr"),
            moved=True,
        )
        for part in asked.split.parts
        if (said := words.part_finding(part))
    ]
    stages = [
        Finding(
            stage.name,
            said,
            Opened(stage.behind),
            "frt" if stage.name.endswith("first reply") else "ttr",
            moved=True,
        )
        for stage in asked.stages.found
        if (said := words.stage_finding(stage))
    ]
    relations = [
        Finding(
            f"Satisfaction and {each.name}",
            f"{words.relation_sentence(each)}.",
            Opened(each.behind),
            "csat",
        )
        for each in asked.relations
        if each.clear
    ]
    return (*hours, *parts, *stages, *loops, *relations)


def _metric_of_hour(measure: str) -> str:
    return {"wait on the phone": "queue_wait", "calls given up": "abandonment"}.get(measure, "frt")


def _hour_filters(measure: str, slot: Slot) -> tuple[Filter, ...]:
    """The contacts of an hour as filters, for an action."""
    when = (
        Filter("weekday", tuple(words.WEEKDAYS[day] for day in slot.weekdays)),
        Filter("hour", (f"{slot.hour:02d}",)),
    )
    channel = CHANNEL_OF.get(measure)
    return (Filter("channel", (channel,)), *when) if channel else when
