"""Targets that are kept: the list to change or drop, and the form that sets one."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import streamlit as st

from kpi.attainment import aim_of
from kpi.goals import entry
from kpi.metrics import catalogue
from kpi.model import Metric
from kpi.words.goal_sentences import subject
from kpi.workspace import Target
from ui import choices, kept, segments, store
from ui.escape import plain, sentence
from ui.view import View

KEY = "target"
FIRST = "frt_within_target"


def messages() -> None:
    """What became of the last save."""
    kept.said(KEY, "Kept.", "target")


def edit(view: View) -> None:
    """Change, drop, set; what was dropped can be had back."""
    known = {metric.key: metric for metric in catalogue(view.definitions, view.facts)}
    _one(view, known)
    opened: Target | None = kept.opened(KEY)
    title = "Set a target" if opened is None else "Change the target"
    with st.expander(
        title, expanded=opened is not None, icon=":material/flag:", key=f"form-{kept.slot(KEY)}"
    ):
        draft = _fields(view, known, opened)
        if draft is not None and kept.end_of_form(KEY, draft):
            st.rerun()
    st.caption(
        "Every page shows the target that holds for its filters on the last day of its period: the narrowest "
        "one set here, else the usual one. How long a customer may wait (chat 1 h, e-mail 24 h, phone 5 min) "
        "is set on the page Definitions."
    )
    kept.gone(KEY, Target, "targets")


def _one(view: View, known: dict[str, Metric]) -> None:
    """One target to change or drop: those set here first, then the usual ones."""
    named: dict[str, Target] = {}
    usual = [Target("", key, value) for key, value in view.definitions.targets.items() if key in known]
    for one in (*view.kept_targets, *usual):
        metric = known.get(one.metric)
        value = f"{one.value:g}" if metric is None else metric.unit.level(one.value)
        name = plain(f"{subject(metric, one.metric, one.where)}: {value}{'' if one.id else ' (usual)'}")
        named[name if name not in named else f"{name} ({one.id[:6]})"] = one
    if not named:
        return
    one = named[choices.choose("Target", list(named), KEY, width=480)]
    if not one.id:
        _usual(one)
        return
    with st.container(horizontal=True, key="target-do"):
        kept.change_or_drop(KEY, one)
    kept.history(KEY, one)


def _usual(one: Target) -> None:
    """A target that comes with the definitions: set another in its place, or do without it."""
    with st.container(horizontal=True, key="target-do"):
        kept.change(KEY, one, "Set another")
        st.button(
            "Do without it",
            key="target-without",
            on_click=_without,
            args=(one.metric,),
            icon=":material/delete:",
            help="The metric then has no target where none is set here. Back to the defaults, on the page "
            "Definitions, brings it back.",
        )


def _without(key: str) -> None:
    now = store.workspace().definitions()
    left = {name: value for name, value in now.targets.items() if name != key}
    store.workspace().keep_definitions(replace(now, targets=MappingProxyType(left)))


def _fields(view: View, known: dict[str, Metric], opened: Target | None) -> Target | None:
    slot = kept.slot(KEY)
    names = {metric.name: metric for metric in known.values()}
    wanted = opened.metric if opened else FIRST
    if opened is not None and wanted not in known:
        st.info(
            sentence(f"There is no metric '{wanted}' in the list any more; drop the target."),
            icon=":material/info:",
        )
        return None
    place = next((at for at, metric in enumerate(names.values()) if metric.key == wanted), 0)
    what, whom, value, first, last = st.columns([3, 3, 2, 2, 2])
    with what:
        metric = names[st.selectbox("Metric", list(names), index=place, key=f"{slot}-metric")]
    with whom:
        where = segments.choose(view, "Segment", f"{slot}-where", opened.where if opened else None)
    typed = entry(metric)
    now = (
        opened.value
        if opened
        else aim_of(metric, view.definitions, view.kept_targets, (), view.now.end).value
    )
    shown = typed.shown(now) if now is not None else typed.shown(0.9)
    given = value.number_input(
        f"To reach ({typed.word})",
        min_value=typed.low,
        max_value=typed.high,
        value=shown,
        step=typed.step,
        format=typed.number_format,
        key=f"{slot}-{metric.key}-value",
    )
    same = opened is not None and metric.key == opened.metric and given == typed.shown(opened.value)
    begins = first.date_input(
        "From the day",
        opened.valid_from if opened else None,
        key=f"{slot}-from",
        format="YYYY-MM-DD",
        help="Empty: it has always held.",
    )
    ends = last.date_input(
        "Until the day",
        opened.valid_until if opened else None,
        key=f"{slot}-until",
        format="YYYY-MM-DD",
        help="Empty: it goes on.",
    )
    left, right = st.columns([3, 1])
    note = left.text_input("Note", opened.note if opened else "", key=f"{slot}-note", max_chars=500)
    right.text_input("Your name, for the history", key="author", max_chars=80, persist_state="session")
    draft = opened or Target("", metric.key, 0.0)
    return replace(
        draft,
        metric=metric.key,
        value=opened.value if same and opened is not None else typed.value(given),
        where=where,
        valid_from=begins,
        valid_until=ends,
        note=note,
    )
