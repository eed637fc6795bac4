"""The action plan: what is due, one action closer with its verdict, and what customers are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl

import streamlit as st

from kpi import drill
from kpi.actions import Review, harmful, parameters, told_text
from kpi.charts.effect import effect
from kpi.model import Filter, Period, inside
from kpi.periods import describe
from kpi.periods.kinds import as_date
from kpi.words import action_sentences as words
from kpi.words.goal_sentences import segment_words
from kpi.workspace import Action, ActionStatus, Horizon
from ui import actions_store, choices, downloads, figures, kept, page, places, tables
from ui.drill import NOUNS, counted
from ui.escape import escape, plain, sentence
from ui.view import View

KEY = "action"
PERSONAL = {"owner": "Agent", "finding": "text", "agents": "Agent"}
PARTS = {Horizon.IMMEDIATE: "Now", Horizon.LONG_TERM: "Longer term"}
SIDES = ("From the day on", "Before")


def link(
    finding: str,
    metric: str = "",
    where: tuple[Filter, ...] = (),
    *,
    label: str = "Plan an action",
    reference: str = "",
) -> None:
    """A link that begins an action from a finding, for any page."""
    st.page_link(
        places.page_named("actions"),
        label=label,
        icon=":material/add_task:",
        query_params=parameters(finding, metric, where, reference),
    )


def found(view: View) -> tuple[Review, ...]:
    """Every action with what became of it: overdue first, then by the day it is due."""
    today = actions_store.today(view)
    closed = (ActionStatus.DONE, ActionStatus.GIVEN_UP)
    return tuple(
        sorted(
            actions_store.reviews(view),
            key=lambda one: (
                not words.overdue(one.action, today),
                one.action.status in closed,
                one.action.due,
                one.action.title.casefold(),
            ),
        )
    )


def page_title(view: View, reviews: Sequence[Review]) -> None:
    """What was done and whether it helped, as the title."""
    page.title(
        words.plan_title(reviews, actions_store.today(view)),
        view.label,
        f"Data to {as_date(view.facts.last_day):%-d %B %Y}",
        "Each action has a segment of its own, whatever is filtered above",
    )


def plan(view: View, reviews: Sequence[Review]) -> None:
    """The plan in its two parts, and its download."""
    if not reviews:
        st.markdown(
            "An action is what somebody does about a finding by a day. Name the metric it is to change, and "
            "once it is done this page tells whether it did: better, worse, or not to be told from chance."
        )
        return
    today = actions_store.today(view)
    st.caption("Click an action to see it closer, or its change to see the rows behind it.")
    for horizon, name in PARTS.items():
        part = [one for one in reviews if one.action.horizon == horizon.value]
        st.subheader(name, anchor=False)
        if not part:
            st.caption("Nothing in this part of the plan.")
            continue
        records = [
            {k: v for k, v in record.items() if k != "Part"} for record in words.action_table(part, today)
        ]
        key = f"actions-{horizon.value}"
        label = f"{len(part)} actions, overdue first: verdict, status, due, owner, change"
        clicked = tables.choosable(records, key, label)
        if tables.newly(key, clicked) and clicked is not None and clicked[0] < len(part):
            names = {one.action.id: name for name, one in _named(reviews).items()}
            st.session_state[KEY] = names[part[clicked[0]].action.id]
            st.session_state["action-rows"] = clicked[1] in ("Change", "Expected")
    everything = words.action_table(reviews, today)
    segments_of = [(*one.action.where, *one.action.control) for one in reviews]
    records_of_all = kept.with_agents(everything, segments_of)
    downloads.rows("Download the plan", records_of_all, "action plan", "actions", PERSONAL)


def choose(reviews: Sequence[Review]) -> Review | None:
    """The action that is looked at closer."""
    if not reviews:
        return None
    named = _named(reviews)
    st.header("One action closer", anchor=False)
    return named[choices.choose("Action", list(named), KEY)]


def _named(reviews: Sequence[Review]) -> dict[str, Review]:
    """Each action by a name that no other one has."""
    named: dict[str, Review] = {}
    for one in reviews:
        name = plain(one.action.title)
        named[name if name not in named else f"{name} ({one.action.id[:6]})"] = one
    return named


def closer(view: View, one: Review | None) -> None:
    """The verdict in words and as a picture, what must be said beside it, the rows, the next step."""
    if one is None:
        return
    with st.container(border=True):
        _verdict(view, one)
        _origin(one)
        _rows(view, one)
        _next(view, one)
    kept.history(KEY, one.action)


def _verdict(view: View, one: Review) -> None:
    said = words.verdict_sentence(one)
    at = one.action.done_on
    points = actions_store.weeks(view, one) if at else ()
    if one.metric is None or at is None or not any(point.estimate.value is not None for point in points):
        st.subheader(sentence(said), anchor=False)
    else:
        control = segment_words(one.control)
        figures.show(
            said.rstrip("."),
            effect(
                points,
                at,
                one.metric.unit,
                figures.colours(),
                control=actions_store.control_weeks(view, one),
                name=plain(segment_words(one.action.where)) if control else "",
                control_name=plain(control),
            ),
            f"{one.metric.name} by week, before and from {at} on. {said}",
            f"{one.metric.name} by week with its 95 % interval",
            f"Grey, dashed: the control, {control}" if control else "",
            "The verdict rests on days, not on these weeks",
        )
    if expected := words.expected_sentence(one):
        st.markdown(f"**{sentence(expected)}**")
    if both := words.both_sentence(one):
        st.markdown(sentence(both))
    beside = words.beside_sentences(one)
    if beside:
        st.markdown("\n".join(f"- {sentence(text)}" for text in beside))
    if basis := words.basis_sentence(one):
        with st.expander("How was this judged?"):
            st.markdown(sentence(basis))
            st.caption(
                "The change is fitted on daily values and need not be the plain difference of both values. "
                "Days count, not rows: a thousand answers of two weeks are two weeks. What changed since "
                "that day need not come from the action."
            )


def _origin(one: Review) -> None:
    action = one.action
    facts = [f"Owner: {action.owner}", f"due {action.due}", action.status]
    if action.review_on:
        facts.append(f"review on {action.review_on}")
    st.caption(" · ".join(map(escape, facts)))
    if action.finding:
        st.markdown(f"From the finding: {escape(action.finding, 4_000)}")
    if action.reference:
        _reference(action.reference)
    if action.note:
        st.caption(escape(action.note, 4_000))


def _reference(reference: str) -> None:
    """Where the finding stands: a page of the app with its choices, or a web address."""
    name, _, query = reference.lstrip("/").partition("?")
    if name in places.PAGES:
        st.page_link(
            places.page_named(name),
            label="Where the finding stands",
            icon=":material/open_in_new:",
            query_params=dict(parse_qsl(query)),
        )
    elif reference.startswith(("http://", "https://")):
        st.link_button("Where the finding stands", reference, icon=":material/open_in_new:")
    else:
        st.caption(f"Found on: {escape(reference, 2_000)}")


def _rows(view: View, one: Review) -> None:
    """The rows behind either value, and their download."""
    metric, at, days = one.metric, one.action.done_on, one.days
    if metric is None or at is None or days is None or one.after is None or one.before is None:
        return
    sides = {SIDES[0]: (Period(at, days.end), one.after.n)}
    if days.start < at:
        sides[SIDES[1]] = (Period(days.start, at - timedelta(days=1)), one.before.n)
    with st.container(horizontal=True, vertical_alignment="center", key="action-rows-of"):
        shown = st.toggle("Show the rows behind", key="action-rows")
        side = choices.choose(
            "Rows", list(sides), "side", words=lambda name: f"{name}: {counted(sides[name][1], metric.grain)}"
        )
    if not shown:
        return
    period, _ = sides[side]
    try:
        rows = drill.rows(view.facts, metric, period, where=one.action.where)
    except ValueError as error:
        st.info(sentence(error), icon=":material/info:")
        return
    noun = NOUNS[metric.grain][1]
    said = f"{counted(len(rows), metric.grain)} behind {inside(metric.name)} in {describe(period)}"
    st.subheader(sentence(said), anchor=False)
    tables.frame(
        rows, view.definitions.timezone, f"{len(rows)} {noun} behind {plain(inside(metric.name))}", {}
    )
    downloads.table("Download these rows", lambda: rows, f"{metric.key} {describe(period)}", "action-rows")


# ---------------------------------------------------------------- the next step


def _next(view: View, one: Review) -> None:
    """One click for what comes next; everything else is in the form."""
    action = one.action
    today = actions_store.today(view)
    with st.container(horizontal=True, vertical_alignment="bottom", key="action-do"):
        if action.status == ActionStatus.PLANNED:
            _step(action, "Begin", ActionStatus.IN_PROGRESS, ":material/play_arrow:")
        if action.status in words.OPEN:
            day = st.date_input(
                "Works from", today, key=f"done-{action.id}-{action.version}", format="YYYY-MM-DD", width=150
            )
            if st.button("Mark as done", key="action-done", icon=":material/check:"):
                # A day of review before it works would be refused, and means the old plan.
                review = action.review_on if action.review_on and action.review_on >= day else None
                done = replace(action, status=ActionStatus.DONE.value, done_on=day, review_on=review)
                kept.keep(KEY, done)
                st.rerun()
            _step(action, "Give it up", ActionStatus.GIVEN_UP, ":material/block:")
        else:
            _step(action, "Open it again", ActionStatus.IN_PROGRESS, ":material/undo:")
        kept.change_or_drop(KEY, action)


def _step(action: Action, label: str, status: ActionStatus, icon: str) -> None:
    changed = replace(action, status=status.value)
    st.button(label, key=f"action-to-{status.value}", on_click=kept.keep, args=(KEY, changed), icon=icon)


# ---------------------------------------------------------------- customers


def told(view: View, reviews: Sequence[Review]) -> None:
    """What customers are told was changed because of their feedback, as a text to take along."""
    st.header("What customers are told", anchor=False)
    text = told_text(reviews, actions_store.names(view))
    if not text:
        st.caption(
            "Nothing yet. What is written under “What customers are told” of an action appears here once it "
            "is under way or done."
        )
        return
    bad = harmful(reviews)
    if bad:
        st.warning(
            sentence(f"Customers would be told of what made things worse: {', '.join(bad)}."),
            icon=":material/warning:",
        )
    with st.container(border=True):
        st.text(text)
        st.download_button(
            "Download the text",
            text,
            "what-we-changed.txt",
            "text/plain",
            key="save-told",
            on_click="ignore",
            icon=":material/download:",
        )
        st.caption(
            "Names of agents and owners, e-mail addresses and telephone numbers are taken out. Read it "
            "before you send it: a name that is in no column cannot be known."
        )
