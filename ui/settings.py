"""The choices a lead can make about the numbers: one form a subject, kept in the workspace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any
from zoneinfo import available_timezones

import streamlit as st

from kpi import calendars
from kpi.definitions import Calendar, Definitions, Interval, read_weekly_hours
from kpi.model import Direction, Metric, Unit
from kpi.words.target_sentences import aim_words
from ui import places, store
from ui.escape import escape, plain, sentence
from ui.view import View

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
PERCENT = 100.0
"""Shares are kept as 0-1 and typed in percent."""
UNIT_WORDS = {
    Unit.PERCENT: "%",
    Unit.POINTS: "points",
    Unit.SCORE: "score",
    Unit.MINUTES: "minutes",
    Unit.HOURS: "hours",
    Unit.COUNT: "count",
    Unit.PER_DAY: "per day",
}
WINDOWS = (
    ("fcr_window_days", "First contact resolution: days without a further contact", 1, 30),
    ("repeat_window_days", "Repeat contact: days until the next contact", 1, 30),
    ("reopen_window_days", "Reopening: days that are waited for one", 0, 30),
    ("survey_window_days", "Surveys: days that an answer may take", 0, 60),
    ("short_abandon_s", "Calls given up within this many seconds are not counted", 0, 60),
    ("wait_target_s", "Calls should be answered within this many seconds", 1, 86_400),
    ("csat_positive_of_5", "Satisfied on a scale of 5 means at least", 2, 5),
    ("csat_positive_of_10", "Satisfied on a scale of 10 means at least", 2, 10),
    ("minimum_n", "Fewest observations a side for a verdict", 1, 10_000),
    ("minimum_agent_answers", "Fewest answers for agent satisfaction to be shown", 1, 1_000),
)
EXCLUSIONS = (
    ("exclude_spam", "Spam"),
    ("exclude_merged", "Merged tickets"),
    ("exclude_deleted", "Deleted tickets"),
    ("exclude_bots", "Replies of bots and automatic messages"),
    ("exclude_outbound", "Outbound contacts"),
)


def targets(metrics: Sequence[Metric], view: View) -> None:
    """By metric the target that holds, which is set elsewhere, and the smallest difference that matters."""
    now = view.definitions
    with st.container(horizontal=True, vertical_alignment="center", key="targets-elsewhere"):
        st.caption("Targets, for everything or for a channel, a priority, a team, are set in one place:")
        st.page_link(places.page_named("targets"), label="Set targets", icon=":material/track_changes:")
    with st.form("targets", border=False):
        chosen: dict[str, float | None] = {}
        for metric in metrics:
            name, target, matters = st.columns([2, 1, 1], vertical_alignment="bottom")
            factor = PERCENT if metric.unit is Unit.PERCENT or metric.relative_matters else 1.0
            name.markdown(f"**{escape(metric.name)}** ({_direction(metric)})")
            target.markdown(f"Target: {sentence(aim_words(view.aim(metric), metric.unit))}")
            word = (
                "% of the value before"
                if metric.relative_matters
                else "points"
                if metric.unit is Unit.PERCENT
                else UNIT_WORDS[metric.unit]
            )
            chosen[metric.key] = _number(
                matters,
                f"Smallest that matters, {word}",
                now.matters.get(metric.key, metric.matters),
                factor,
                f"matters-{metric.key}",
            )
        if st.form_submit_button("Keep"):
            default = {metric.key: metric.matters for metric in metrics}
            _keep(now, matters={k: v for k, v in _given(chosen).items() if v != default[k]})


def days(now: Definitions) -> None:
    """Zone, weeks and fiscal year; opening hours, holidays, closed days."""
    zones = sorted(available_timezones())
    calendar = now.calendar
    with st.form("days", border=False):
        left, right = st.columns(2)
        zone = left.selectbox(
            "Time zone in which days are cut", zones, zones.index(now.timezone), key="set-timezone"
        )
        weekday = right.selectbox("First day of the week", WEEKDAYS, now.first_weekday, key="set-weekday")
        month = left.selectbox(
            "The fiscal year begins in", MONTHS, now.fiscal_year_start - 1, key="set-fiscal"
        )
        business = right.toggle(
            "Show response and resolution in business hours", now.business_hours, key="set-business-hours"
        )
        st.markdown(
            "**Opening hours** such as 9:00-17:00, with a break 9:00-12:00, 13:00-17:30; empty when closed"
        )
        hours = [
            column.text_input(name, hours_text(calendar.weekly[i]), key=f"set-hours-{i}")
            for i, (name, column) in enumerate(zip(WEEKDAYS, st.columns(7), strict=True))
        ]
        a, b, c = st.columns(3)
        open_zone = a.selectbox(
            "Zone of the opening hours", zones, zones.index(calendar.zone), key="set-open-zone"
        )
        places = ["", *calendars.countries()]
        country = b.selectbox(
            "Public holidays of",
            places,
            _at(places, calendar.country),
            format_func=_or_none,
            key="set-country",
        )
        parts = ["", *calendars.subdivisions(calendar.country)]
        part = c.selectbox(
            "State or province",
            parts,
            _at(parts, calendar.subdivision),
            format_func=_or_none,
            key="set-subdivision",
        )
        closed = st.text_input(
            "Further closed days",
            ", ".join(day.isoformat() for day in calendar.closed),
            placeholder="2026-12-24, 2026-12-31",
            key="set-closed",
        )
        if st.form_submit_button("Keep"):
            try:
                made = Calendar(
                    zone=open_zone,
                    weekly=read_weekly_hours(";".join(hours)),
                    country=country,
                    subdivision=part if country == calendar.country else "",
                    closed=tuple(date.fromisoformat(d.strip()) for d in closed.split(",") if d.strip()),
                )
            except ValueError as error:
                st.error(sentence(error), title="This calendar cannot be read")
                return
            _keep(
                now,
                timezone=zone,
                first_weekday=WEEKDAYS.index(weekday),
                fiscal_year_start=MONTHS.index(month) + 1,
                business_hours=business,
                calendar=made,
            )


def windows(now: Definitions) -> None:
    """Windows, thresholds and what is left out."""
    with st.form("windows", border=False):
        columns = st.columns(2)
        numbers = {
            name: columns[i % 2].number_input(label, low, high, getattr(now, name), key=f"set-{name}")
            for i, (name, label, low, high) in enumerate(WINDOWS)
        }
        st.markdown("**Left out of every number** (the count of each is shown)")
        with st.container(horizontal=True, key="exclusions"):
            flags = {
                name: st.toggle(label, getattr(now, name), key=f"set-{name}") for name, label in EXCLUSIONS
            }
        if st.form_submit_button("Keep"):
            _keep(now, **numbers, **flags)


def first_response(now: Definitions, channels: Sequence[str], priorities: Sequence[str]) -> None:
    """Targets of the first response by channel, of the resolution by priority."""
    with st.form("promises", border=False):
        left, right = st.columns(2)
        left.markdown("**First response within, minutes**")
        right.markdown("**Resolution within, hours**")
        names = list(dict.fromkeys([*channels, *now.frt_target_minutes, "*"]))
        frt = {
            n: _number(left, _each(n, "channel"), now.frt_target_minutes.get(n), 1.0, f"frt-{n}")
            for n in names
        }
        names = list(dict.fromkeys([*priorities, *now.ttr_target_hours, "*"]))
        ttr = {
            n: _number(right, _each(n, "priority"), now.ttr_target_hours.get(n), 1.0, f"ttr-{n}")
            for n in names
        }
        if st.form_submit_button("Keep"):
            _keep(now, frt_target_minutes=_given(frt), ttr_target_hours=_given(ttr))


def reset() -> None:
    """Back to what the product comes with, asked twice."""
    with st.popover("Back to the defaults", icon=":material/restart_alt:"):
        st.markdown("Targets, calendar, windows and exclusions go back to what the product comes with.")
        if st.button("Yes, reset all definitions", key="reset-definitions"):
            _store(Definitions())


def hours_text(intervals: Sequence[Interval]) -> str:
    """Opening hours of a day as they are typed.

    >>> hours_text(((540, 720), (780, 1050))), hours_text(())
    ('9:00-12:00, 13:00-17:30', '')
    """
    return ", ".join(f"{a // 60}:{a % 60:02d}-{b // 60}:{b % 60:02d}" for a, b in intervals)


def _keep(shown: Definitions, **changes: Any) -> None:
    """Keep what differs from what was shown; a zone that was only taken from the files is not kept."""
    frozen: dict[str, Any] = {
        name: MappingProxyType(dict(value)) if isinstance(value, Mapping) else value
        for name, value in changes.items()
        if value != getattr(shown, name)
    }
    try:
        _store(replace(store.workspace().definitions(), **frozen).checked())
    except ValueError as error:
        st.error(sentence(error), title="These definitions cannot be used")


def _store(definitions: Definitions) -> None:
    store.workspace().keep_definitions(definitions)
    for key in [key for key in st.session_state if str(key).startswith("set-")]:
        del st.session_state[key]
    st.session_state["kept_definitions"] = True
    st.rerun()


def confirm() -> None:
    """Say once that definitions were kept."""
    if st.session_state.pop("kept_definitions", False):
        st.toast("Kept. Every number is now computed under these definitions.", icon=":material/check:")


def _number(place: Any, label: str, value: float | None, factor: float, key: str) -> float | None:
    shown = None if value is None else round(value * factor, 6)
    # Only a widget that began empty can be emptied again, so the value comes from the state.
    st.session_state.setdefault(f"set-{key}", shown)
    typed = place.number_input(escape(label), value=None, key=f"set-{key}", placeholder="none", format="%g")
    return None if typed is None else round(float(typed) / factor, 9)


def _given(values: Mapping[str, float | None]) -> dict[str, float]:
    return {key: value for key, value in values.items() if value is not None}


def _direction(metric: Metric) -> str:
    return {Direction.UP: "higher is better", Direction.DOWN: "lower is better"}.get(
        metric.better, "neither is better"
    )


def _at(options: Sequence[str], value: str) -> int:
    return options.index(value) if value in options else 0


def _or_none(value: str) -> str:
    return value or "none"


def _each(name: str, what: str) -> str:
    return f"every other {what}" if name == "*" else plain(name)
