"""What needs a look today: open tickets near their limit, and what left its usual band."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from kpi.attainment import Exceptions, Waiting
from kpi.attainment.alerts import alerts
from kpi.attainment.behind import DECIDED
from kpi.attainment.waiting import STATES
from kpi.words import target_sentences as words
from ui import choices, downloads, errors, tables, targets_store, watching
from ui.escape import sentence
from ui.targets import rows_behind
from ui.view import View
from ui.watcher import State

EVERY = "every state"
LABELS = {"left_h": "time left, hours", "waited_h": "waited, hours", "limit_h": "promised, hours"}
GRAINS = ("week", "day")


def waiting(view: View) -> None:
    """Open tickets with a promise that still runs, the next to run out first.

    Where a folder or a database is watched this part looks again by itself, and counts up to now.
    """
    st.header("Open tickets near their limit", anchor=False)
    every = None if watching.watcher() is None else watching.EVERY_S
    st.fragment(_waiting, run_every=every)(view)


def _waiting(view: View) -> None:
    try:
        watching.follow(view)
        watching.tell(view)
        _listed(view, _found(view))
    except Exception as error:
        errors.unexpected(error)


def _found(view: View) -> Waiting:
    """As of now where the page shows what is watched, else as of the newest stamp."""
    return targets_store.waiting(view, datetime.now(UTC) if watching.is_shown(view) else None)


def _listed(view: View, found: Waiting) -> None:
    if found.reason:
        st.info(sentence(f"Nothing to list: {found.reason}."), icon=":material/info:")
        if watching.is_shown(view):
            _as_of(view, found)
        return
    st.markdown(f"**{sentence(words.waiting_sentence(found.counts, found.soonest_h))}.**")
    _as_of(view, found)
    state = choices.choose("Show", [EVERY, *STATES], "waiting", width=220)
    rows = found.only(None if state == EVERY else state)
    if rows.empty:
        st.markdown(f"No open promise {sentence(state)}.")
        return
    tables.frame(rows, view.definitions.timezone, f"{len(rows)} open promises, next to run out first", LABELS)
    downloads.table("Download these tickets", lambda: rows, f"open promises {state}", "waiting")


def _as_of(view: View, found: Waiting) -> None:
    zone = view.definitions.timezone
    one = watching.watcher()
    if one is not None and watching.is_shown(view):
        newest = found.newest or found.as_of
        said = words.watched_sentence(
            f"{found.as_of.astimezone(ZoneInfo(zone)):%H:%M} ({zone})",
            watching.clock(newest, view),
            _last_change(view, one.state),
            (found.as_of - newest) / timedelta(hours=1),
            watching.EVERY_S,
            found.business_hours,
        )
        st.caption(sentence(said))
        return
    stamp = f"{found.as_of.astimezone(ZoneInfo(zone)):%-d %B %Y, %H:%M} ({zone})"
    st.caption(
        sentence(words.as_of_sentence(found.as_of, stamp, found.business_hours, one.noun if one else ""))
    )


def _last_change(view: View, state: State) -> str:
    if state.changed is not None:
        return f"the files changed at {watching.clock(state.changed, view)}"
    if state.read is not None:
        return f"the tables were read at {watching.clock(state.read, view)}"
    return "and nothing has been read anew since"


def exceptions(view: View) -> None:
    """What left its usual band, the rows behind, and all of it as a file for other tools."""
    st.header("Out of the usual band", anchor=False)
    grain = choices.choose("Newest whole", GRAINS, "exceptions", width=160)
    found = targets_store.exceptions(view, grain)
    st.markdown(f"**{sentence(words.exceptions_sentence(found))}.**")
    if found.found:
        records = words.exception_table(found)
        st.caption("Click a row to see the rows behind its value.")
        clicked = tables.choosable(records, f"exception-{grain}", f"{len(records)} values out of their band")
        if clicked is not None and clicked[0] < len(found.found):
            one = found.found[clicked[0]]
            rows_behind(view, one, DECIDED, words.exception_sentence(one), "exception")
    _downloads(view, found)
    if skipped := words.skipped_sentences(found):
        with st.expander(f"Not looked at ({len(found.skipped)})"):
            st.markdown("\n".join(f"- {sentence(text)}" for text in skipped))


def _downloads(view: View, found: Exceptions) -> None:
    """The list as it stands here, and everything for other tools."""
    with st.container(horizontal=True, key="exceptions-do"):
        if found.found:
            records = words.exception_table(found)
            downloads.rows("Download the exceptions", records, f"exceptions {found.grain}", "exceptions")
        st.download_button(
            "Alerts for other tools (JSON)",
            data=lambda: json.dumps(
                alerts(found, _found(view)), ensure_ascii=False, allow_nan=False, indent=1
            ).encode(),
            file_name=f"alerts-{found.grain}.json",
            mime="application/json",
            key="save-alerts",
            on_click="ignore",
            icon=":material/download:",
            help="As python -m kpi exceptions writes it; docs/alerts.md says what each field is. No persons.",
        )
