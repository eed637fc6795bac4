"""Known events: added and dropped by the lead, kept in the workspace, marked on every history."""

from __future__ import annotations

import streamlit as st

from kpi.model import Period
from kpi.periods import describe
from kpi.trend import Trend
from kpi.workspace import Event, EventKind, WorkspaceError
from ui import store
from ui.escape import escape, sentence

KINDS = tuple(kind.value for kind in EventKind)


def edit(trend: Trend) -> None:
    """The list with a button each to drop it, and a form to add one."""
    kept = store.events()
    if st.session_state.pop("kept_event", False):
        st.toast("Kept. The event is marked on every history.", icon=":material/check:")
    if problem := st.session_state.pop("event_problem", ""):
        st.error(sentence(problem), icon=":material/block:", title="This event was not kept")
    with st.expander(f"Add or drop events ({len(kept)})", icon=":material/event:", key="events"):
        for event in kept:
            _row(event)
        with st.form("event", clear_on_submit=True, border=bool(kept)):
            left, right = st.columns(2)
            day = left.date_input("Day", trend.span.end, key="event-day", format="YYYY-MM-DD", max_value=None)
            until = right.date_input("Last day, if it ended", None, key="event-until", format="YYYY-MM-DD")
            name = left.text_input("Name", key="event-name", max_chars=120, placeholder="new chat scripts")
            kind = right.selectbox("Kind", KINDS, key="event-kind")
            if st.form_submit_button("Add the event", icon=":material/add:"):
                _keep(Event("", day, name, kind, until=until))


def _row(event: Event) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"event-{event.id}"):
        st.markdown(
            f"{escape(describe(Period(event.day, event.until or event.day)))}: "
            f"**{escape(event.name)}** ({escape(event.kind)})"
        )
        st.button(
            "Drop",
            key=f"drop-event-{event.id}",
            on_click=_drop,
            args=(event,),
            icon=":material/delete:",
            help="Take this event off every history",
        )


def _keep(event: Event) -> None:
    try:
        store.workspace().keep_event(event)
        st.session_state["kept_event"] = True
    except WorkspaceError as error:
        st.session_state["event_problem"] = str(error)
    st.rerun()


def _drop(event: Event) -> None:
    try:
        store.workspace().drop_event(event.id)
    except WorkspaceError as error:
        st.session_state["event_problem"] = str(error)
