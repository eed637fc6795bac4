"""The form of an action: a new one, perhaps begun from a finding, or a change of one that is kept."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from kpi.actions import Draft, apart, draft, parameters
from kpi.goals import entry
from kpi.metrics import catalogue
from kpi.model import Filter, Metric
from kpi.workspace import Action, ActionStatus, Horizon
from ui import actions_store, kept, segments
from ui.actions import KEY
from ui.view import View

NO_METRIC, NO_CONTROL = "None", "None"
GONE = "(not in the list any more)"
USUAL_DUE, USUAL_REVIEW = 14, 56
"""Days until a new action is due, and from then to its review."""


def begun() -> bool:
    """Whether a link brought a finding along: the form then comes first."""
    return kept.opened(KEY) is None and not draft(dict(st.query_params.items())).empty


def edit(view: View) -> None:
    """The fields, what is wrong beforehand, and the save."""
    opened: Action | None = kept.opened(KEY)
    linked = draft(dict(st.query_params.items())) if opened is None else Draft()
    title = "Change the action" if opened else "Plan an action"
    asked = opened is not None or not linked.empty or not actions_store.kept()
    with st.expander(title, expanded=asked, icon=":material/add_task:", key=f"form-of-{kept.slot(KEY)}"):
        if not linked.empty:
            st.caption("Begun from a finding: its words, metric and segment are filled in.")
        action = _fields(view, opened, linked)
        if kept.end_of_form(KEY, action):
            if kept.just_saved(KEY):
                for name in ("finding", "metric", "where", "reference"):
                    st.query_params.pop(name, None)
            st.rerun()
    # Beside the button that was pressed: at the top of the page it would be out of sight.
    kept.said(KEY, "Kept.", "action")
    kept.gone(KEY, Action, "actions")


def _fields(view: View, opened: Action | None, linked: Draft) -> Action:
    slot = f"{kept.slot(KEY)}-{'&'.join(parameters(linked.finding, linked.metric, linked.where).values())}"
    today = actions_store.today(view)
    base = opened or Action(
        "",
        "",
        "",
        today + timedelta(days=USUAL_DUE),
        finding=linked.finding,
        reference=linked.reference,
        metric=linked.metric,
        where=linked.where,
        review_on=today + timedelta(days=USUAL_DUE + USUAL_REVIEW),
    )
    title = st.text_input("What is done", base.title, key=f"{slot}-title", max_chars=120)
    first, second, third, fourth = st.columns(4)
    owner = first.text_input("Owner", base.owner, key=f"{slot}-owner", max_chars=80)
    due = second.date_input("Due", base.due, key=f"{slot}-due", format="YYYY-MM-DD")
    horizons = [each.value for each in Horizon]
    horizon = third.selectbox("Part", horizons, index=horizons.index(base.horizon), key=f"{slot}-part")
    states = [each.value for each in ActionStatus]
    status = fourth.selectbox("Status", states, index=states.index(base.status), key=f"{slot}-status")
    finding = st.text_area(
        "The finding it comes from", base.finding, key=f"{slot}-finding", max_chars=4_000, height=68
    )
    metric = _metric(view, base, slot)
    where, control = _segments(view, base, slot, metric)
    left, middle, right = st.columns(3)
    with left:
        expected = _expected(base, metric, slot)
    done = middle.date_input(
        "Works from",
        base.done_on,
        key=f"{slot}-done",
        format="YYYY-MM-DD",
        max_value=None,
        help="The day from which it works: the verdict compares the days before with those from it on.",
    )
    review = right.date_input(
        "Review on",
        base.review_on,
        key=f"{slot}-review",
        format="YYYY-MM-DD",
        max_value=None,
        help="Naming the day beforehand keeps chance from passing for a success: what is looked at every day "
        "will look like one on some day.",
    )
    told = st.text_area(
        "What customers are told",
        base.told,
        key=f"{slot}-told",
        max_chars=4_000,
        height=68,
        help="Appears in “What customers are told” once the action is under way or done.",
    )
    note, who = st.columns([3, 1])
    noted = note.text_input("Note", base.note, key=f"{slot}-note", max_chars=1_000)
    who.text_input("Your name, for the history", key="author", max_chars=80, persist_state="session")
    return Action(
        id=base.id,
        version=base.version,
        title=title,
        owner=owner,
        due=due,
        horizon=horizon,
        finding=finding,
        reference=base.reference,
        metric=base.metric if metric is None and _vanished(view, base) else metric.key if metric else "",
        where=where,
        control=control,
        expected_change=expected,
        status=status,
        done_on=done,
        review_on=review,
        told=told,
        note=noted,
    )


def _metric(view: View, base: Action, slot: str) -> Metric | None:
    """The metric that is looked at afterwards; a link may name it by its key or its name."""
    known = {metric.name: metric for metric in catalogue(view.definitions, view.facts)}
    vanished = _vanished(view, base)
    names = [NO_METRIC, *([f"{base.metric} {GONE}"] if vanished else []), *known]
    wanted = next((m.name for m in known.values() if base.metric in (m.key, m.name)), None)
    place = names.index(wanted) if wanted else int(vanished)
    return known.get(
        st.selectbox("Metric that is looked at afterwards", names, index=place, key=f"{slot}-metric")
    )


def _vanished(view: View, base: Action) -> bool:
    known = catalogue(view.definitions, view.facts)
    return bool(base.metric) and not any(base.metric in (metric.key, metric.name) for metric in known)


def _segments(
    view: View, base: Action, slot: str, metric: Metric | None
) -> tuple[tuple[Filter, ...], tuple[Filter, ...]]:
    left, right = st.columns(2)
    with left:
        kept_where = base.where if base.id or base.where else None
        where = segments.choose(view, "Segment it is to change", f"{slot}-where", kept_where)
    with right:
        control = segments.choose(
            view,
            "Control: a segment that it does not touch",
            f"{slot}-control",
            base.control or None,
            nothing=NO_CONTROL,
            help="What moves both segments alike is then taken out of the verdict.",
        )
    if control and metric is not None and not apart(view.facts, metric, where, control):
        st.warning(
            "Both segments may hold the same rows, so the control would be changed too. Choose segments that "
            "differ in one field: chat against phone.",
            icon=":material/warning:",
        )
    return where, control


def _expected(base: Action, metric: Metric | None, slot: str) -> float | None:
    if metric is None:
        st.text_input("Expected change", "choose a metric first", disabled=True, key=f"{slot}-no-change")
        return base.expected_change
    typed = entry(metric)
    known = (
        None if base.expected_change is None else round(base.expected_change * typed.factor, typed.decimals)
    )
    given = st.number_input(
        f"Expected change ({typed.change_word}, with its sign)",
        value=known,
        step=typed.step,
        format=typed.number_format,
        key=f"{slot}-{metric.key}-change",
        placeholder="optional",
    )
    if given is None:
        return None
    return base.expected_change if given == known else typed.value(given)
