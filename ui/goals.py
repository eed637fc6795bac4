"""Goals: how each stands, one of them closer, and the form that sets or changes one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import streamlit as st

from kpi import drill
from kpi.actions.linking import where_text
from kpi.charts.pace import pace
from kpi.goals import Entry, Outset, Progress, entry
from kpi.metrics import catalogue
from kpi.model import Filter, Metric, inside
from kpi.periods import describe
from kpi.periods.kinds import as_date
from kpi.words import goal_sentences as words
from kpi.workspace import Goal
from ui import choices, downloads, figures, goals_store, kept, page, segments, tables
from ui.drill import NOUNS, counted
from ui.escape import escape, plain, sentence
from ui.view import View

KEY = "goal"
WINDOWS = (1, 7, 14, 28, 56, 91)
USUAL_WINDOW = 28
USUAL_LENGTH = 91
"""Days to the date of a new goal."""
PERSONAL = {"owner": "Agent", "agents": "Agent"}
AT_ONCE = 3
"""So many goals are foretold at once unasked; it takes half a second each."""


def found(view: View) -> tuple[Progress, ...]:
    """Every goal with where it stands, what needs attention first."""
    standings = [goals_store.standing(view, goal) for goal in goals_store.kept()]
    return tuple(sorted(standings, key=lambda one: words.ATTENTION.index(one.standing)))


def about(view: View) -> tuple[str, ...]:
    """What the page speaks of."""
    last = as_date(view.facts.last_day)
    return (
        view.label,
        f"Data to {last:%-d %B %Y}",
        "Each goal has a segment of its own, whatever is filtered above",
    )


def overview(view: View, progress: Sequence[Progress]) -> None:
    """All goals in a table, and their download."""
    if not progress:
        st.markdown(
            "A goal is a metric, a segment, a value to reach and a date: “rolling 28-day CSAT for chat from "
            "78 % to 84 % by 28 February”. Set one below: before you save it, the page says what change "
            "could be seen at all and what the metric has done lately."
        )
        return
    chances = len(progress) <= AT_ONCE or st.toggle(
        "With the chance of each", key="chances", bind="query-params", help="It takes half a second a goal."
    )
    if chances:
        progress = [goals_store.whole(view, one.goal) for one in progress]
    records = words.goal_table(progress, chances=chances)
    st.caption("Click a number to see the goal closer, with the rows behind its value.")
    label = f"{len(records)} goals: verdict, from, to, date, value now, chance"
    clicked = tables.choosable(records, "goals", label)
    if tables.newly("goals", clicked) and clicked is not None and clicked[0] < len(records):
        st.session_state[KEY] = list(_named(progress))[clicked[0]]
        st.session_state["goal-rows"] = clicked[1] != "Goal"
    saved = kept.with_agents(records, [one.goal.where for one in progress])
    downloads.rows("Download the goals", saved, "goals", "goals", PERSONAL)


def choose(view: View, progress: Sequence[Progress]) -> Progress | None:
    """The goal that is looked at closer; at first the one that needs attention most."""
    if not progress:
        return None
    named = _named(progress)
    st.header("One goal closer", anchor=False)
    return goals_store.whole(view, named[choices.choose("Goal", list(named), KEY)].goal)


def _named(progress: Sequence[Progress]) -> dict[str, Progress]:
    """Each goal by a name that no other one has."""
    named: dict[str, Progress] = {}
    for one in progress:
        name = plain(one.goal.name or words.goal_name(one.goal, one.metric))
        named[name if name not in named else f"{name} ({one.goal.id[:6]})"] = one
    return named


def closer(view: View, one: Progress | None) -> None:
    """Where it stands in words, the picture, what is to be expected, the rows behind the value."""
    if one is None:
        return
    with st.container(border=True):
        if one.rolling and any(each.estimate.value is not None for each in one.rolling):
            figures.show(
                words.standing_sentence(one).rstrip("."),
                pace(one, figures.colours()),
                words.goal_alt(one),
                f"Line: {inside(one.metric.name) if one.metric else ''} over the {one.goal.window_days} days "
                "to each day, band: its 95 % interval",
                "Dashed: the straight line to the goal",
                "Grey bar: where it may end if nothing changes (95 %)" if _foretold(one) else "",
            )
        else:
            st.subheader(sentence(words.standing_sentence(one)), anchor=False)
        if said := words.ahead_sentence(one):
            st.markdown(f"**{sentence(said)}**")
        under = [words.ahead_limits(one), *(f"{note}." for note in one.notes), one.goal.note]
        for text in under:
            if text:
                st.caption(escape(text, 4_000))
        _rows(view, one)
        with st.container(horizontal=True, key="goal-do"):
            kept.change_or_drop(KEY, one.goal)
    kept.history(KEY, one.goal)


def _foretold(one: Progress) -> bool:
    return one.ahead is not None and one.ahead.value is not None


def _rows(view: View, one: Progress) -> None:
    """The rows behind the value, and their download."""
    metric, value = one.metric, one.value
    if metric is None or value is None or one.window is None or not value.n:
        return
    label = f"Show the {counted(value.n, metric.grain)} behind the value"
    if not st.toggle(label, key="goal-rows"):
        return
    try:
        rows = drill.rows(view.facts, metric, one.window, where=one.goal.where)
    except ValueError as error:
        st.info(sentence(error), icon=":material/info:")
        return
    noun = NOUNS[metric.grain][1]
    name = f"{metric.key} {describe(one.window)}"
    said = f"{counted(len(rows), metric.grain)} behind {inside(metric.name)} in {describe(one.window)}"
    st.subheader(sentence(said), anchor=False)
    tables.frame(rows, view.definitions.timezone, f"{len(rows)} {noun} behind {plain(metric.name)}", {})
    downloads.table("Download these rows", lambda: rows, name, "goal-rows")


# ---------------------------------------------------------------- the form


def edit(view: View) -> None:
    """A new goal, or a change of one; what should be known beforehand is said before it is saved."""
    opened: Goal | None = kept.opened(KEY)
    title = "Set a goal" if opened is None else "Change the goal"
    asked = opened is not None or not goals_store.kept()
    with st.expander(title, expanded=asked, icon=":material/flag:", key=f"form-of-{kept.slot(KEY)}"):
        draft = _fields(view, opened)
        if draft is not None and kept.end_of_form(KEY, draft):
            st.rerun()
    # Beside the button that was pressed: at the top of the page it would be out of sight.
    kept.said(KEY, "Kept.", "goal")
    kept.gone(KEY, Goal, "goals")


def _fields(view: View, opened: Goal | None) -> Goal | None:
    """The fields as a goal; None where there is nothing to set one on."""
    known = {metric.name: metric for metric in catalogue(view.definitions, view.facts)}
    slot = kept.slot(KEY)
    what, whom, window = st.columns(3)
    with what:
        metric = _metric(known, opened, slot)
    with whom:
        where = segments.choose(view, "Segment", f"{slot}-where", opened.where if opened else None)
    sizes = sorted({*WINDOWS, *([opened.window_days] if opened else [])})
    usual = opened.window_days if opened else USUAL_WINDOW
    days = window.selectbox(
        "Days taken together",
        sizes,
        index=sizes.index(usual),
        key=f"{slot}-window",
        help="The value is that of so many days up to the day it is looked at.",
    )
    if metric is None:
        st.info("The metric of this goal is not in the list any more; drop the goal.", icon=":material/info:")
        return None
    before = goals_store.outset(view, metric.key, where, days)
    if isinstance(before, str) and opened is None:
        st.info(
            f"No goal can be followed here: {sentence(before)}. Choose another metric or segment.",
            icon=":material/info:",
        )
        return None
    draft = _draft(opened, metric, where, days, before, slot)
    if not isinstance(before, str):
        goal = None if draft.to_value == draft.from_value else draft
        st.markdown("\n".join(f"- {sentence(said)}" for said in words.outset_sentences(before, goal)))
    return draft


def _metric(known: dict[str, Metric], opened: Goal | None, slot: str) -> Metric | None:
    names = list(known)
    wanted = opened.metric if opened else "csat"
    place = next((at for at, metric in enumerate(known.values()) if metric.key == wanted), None)
    if place is None and opened is not None:
        return None
    return known[st.selectbox("Metric", names, index=place or 0, key=f"{slot}-metric")]


def _draft(
    opened: Goal | None,
    metric: Metric,
    where: tuple[Filter, ...],
    days: int,
    before: Outset | str,
    slot: str,
) -> Goal:
    """What was typed, on top of the version that was opened."""
    typed = entry(metric)
    # A new goal begins where the metric is; another metric, segment or window begins anew.
    about = f"{slot}-{metric.key}-{where_text(where)}-{days}" if opened is None else slot
    now = None if isinstance(before, str) else before.value.value
    ends = (opened.from_value, opened.to_value) if opened else (now or 0.0, now or 0.0)
    last = before.days.end if not isinstance(before, str) and before.days else date(2026, 1, 1)
    first, second, third, fourth = st.columns(4)
    from_value = first.number_input(f"From ({typed.word})", key=f"{about}-from", **_number(typed, ends[0]))
    to_value = second.number_input(f"To ({typed.word})", key=f"{about}-to", **_number(typed, ends[1]))
    start = third.date_input(
        "From the day",
        (opened.start if opened else None) or last,
        key=f"{slot}-start",
        format="YYYY-MM-DD",
        max_value=None,
    )
    by = fourth.date_input(
        "By the day",
        opened.by if opened else last + timedelta(days=USUAL_LENGTH),
        key=f"{slot}-by",
        format="YYYY-MM-DD",
        max_value=None,
    )
    left, middle, right = st.columns([2, 1, 1])
    name = left.text_input(
        "Name", opened.name if opened else "", key=f"{slot}-name", max_chars=80, placeholder="optional"
    )
    owner = middle.text_input("Owner", opened.owner if opened else "", key=f"{slot}-owner", max_chars=80)
    right.text_input("Your name, for the history", key="author", max_chars=80, persist_state="session")
    return Goal(
        id=opened.id if opened else "",
        version=opened.version if opened else 0,
        metric=metric.key,
        from_value=_same(typed, opened.from_value if opened else now, from_value),
        to_value=_same(typed, opened.to_value if opened else now, to_value),
        by=by,
        window_days=days,
        where=where,
        start=start,
        name=name,
        owner=owner,
        note=opened.note if opened else "",
    )


def _number(typed: Entry, value: float) -> dict[str, Any]:
    return {
        "value": typed.shown(value),
        "min_value": typed.low,
        "max_value": typed.high,
        "step": typed.step,
        "format": typed.number_format,
    }


def _same(typed: Entry, known: float | None, shown: float) -> float:
    """A value that was not touched keeps all its digits."""
    return known if known is not None and typed.shown(known) == shown else typed.value(shown)


def page_title(view: View, progress: Sequence[Progress]) -> None:
    """How the goals stand, as the title."""
    page.title(words.goals_title(progress), *about(view))
