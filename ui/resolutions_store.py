"""Remembered results of the resolutions page, kept like those of :mod:`ui.store`, and clicks on numbers."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from kpi import compare, periods, resolutions
from kpi.charts import Point
from kpi.facts import Facts
from kpi.model import Filter, Period
from kpi.periods.kinds import as_date
from kpi.resolutions import Drop, Escalations, Kept, Lasting, Praise, Preceded, Quick, Report, Shared, Weeks
from kpi.workspace import Event, Note
from ui import issues_store, store
from ui.remember import remembered
from ui.view import View

RESULTS = 60
KEPT = 4
NOW, BEFORE, DROP_BEFORE, DROP_SINCE = "This period", "Compared with", "Before the drop", "Since the drop"
ANY = "Any"
Rules = issues_store.Rules


@dataclass(frozen=True)
class Behind:
    """Which contacts are shown: the part, whose days, and a value of a column."""

    part: str
    side: str = NOW
    field: str = ""
    value: str = ""


def prepared(view: View, quick: Quick) -> Kept | str:
    """The contacts with their flags."""
    rules = issues_store.rules()
    return _prepared(view.facts.fingerprint, rules, quick, view.facts)


@remembered(KEPT, "Comparing contacts of the same kind …")
def _prepared(fingerprint: str, rules: Rules, quick: Quick, _facts: Facts) -> Kept | str:
    return resolutions.prepare(_facts, rules, quick=quick)


def reported(view: View, kept: Kept) -> Report:
    """Quick and satisfied, now against before."""
    return _reported(*view.choices, issues_store.rules(), kept.quick, kept)


@remembered(RESULTS)
def _reported(
    fingerprint: str,
    now: Period,
    before: Period,
    where: tuple[Filter, ...],
    rules: Rules,
    quick: Quick,
    _kept: Kept,
) -> Report:
    return resolutions.report(_kept, now, before, where=where)


def history(view: View, kept: Kept) -> tuple[Point, ...]:
    """Quick and satisfied in the whole weeks of the last 15 months, whatever the periods."""
    return _history(view.facts.fingerprint, view.where, issues_store.rules(), kept.quick, kept)


@remembered(RESULTS)
def _history(
    fingerprint: str, where: tuple[Filter, ...], rules: Rules, quick: Quick, _kept: Kept
) -> tuple[Point, ...]:
    last = as_date(_kept.facts.last_day)
    span = Period(max(as_date(_kept.facts.first_day), last - store.HISTORY), last)
    weeks = periods.grid(span, "week", _kept.facts.definitions, partial="drop")
    metric = resolutions.outcome(_kept, "good")
    (found,) = compare.histories(_kept.facts, (metric,), weeks, where=where).values()
    return tuple(Point(week.start, week.days, each) for week, each in zip(weeks, found, strict=True))


def escalated(view: View, kept: Kept) -> Escalations:
    """How the escalated ended."""
    return _escalated(view.facts.fingerprint, view.now, view.where, issues_store.rules(), kept.quick, kept)


@remembered(RESULTS)
def _escalated(
    fingerprint: str, now: Period, where: tuple[Filter, ...], rules: Rules, quick: Quick, _kept: Kept
) -> Escalations:
    return resolutions.escalations(_kept, now, where=where)


def shared(view: View, kept: Kept) -> Shared:
    """What the good ones have in common."""
    return _shared(view.facts.fingerprint, view.now, view.where, issues_store.rules(), kept.quick, kept)


@remembered(RESULTS, "Holding every value against others of its kind …")
def _shared(
    fingerprint: str, now: Period, where: tuple[Filter, ...], rules: Rules, quick: Quick, _kept: Kept
) -> Shared:
    return resolutions.shared(_kept, now, where=where)


def praised(view: View, kept: Kept) -> Praise:
    """Comments worth quoting."""
    return _praised(view.facts.fingerprint, view.now, view.where, issues_store.rules(), kept)


@remembered(RESULTS)
def _praised(fingerprint: str, now: Period, where: tuple[Filter, ...], rules: Rules, _kept: Kept) -> Praise:
    return resolutions.praise(_kept, now, where=where)


def lasted(view: View, kept: Kept, field: str) -> Lasting:
    """Drops that lasted, over all data: the periods do not matter."""
    return _lasted(view.facts.fingerprint, view.where, issues_store.rules(), field, kept)


@remembered(RESULTS, "Looking for what stepped down and stayed down …")
def _lasted(fingerprint: str, where: tuple[Filter, ...], rules: Rules, field: str, _kept: Kept) -> Lasting:
    return resolutions.lasting(_kept, field, where=where)


def preceded(view: View, kept: Kept, drop: Drop) -> Preceded:
    """What came before a drop, with the events that are kept now."""
    return _preceded(view.facts.fingerprint, view.where, issues_store.rules(), drop, store.events(), kept)


@remembered(RESULTS, "Looking for what came shortly before …")
def _preceded(
    fingerprint: str,
    where: tuple[Filter, ...],
    rules: Rules,
    drop: Drop,
    events: tuple[Event, ...],
    _kept: Kept,
) -> Preceded:
    return resolutions.preceded(_kept, drop, events, where=where)


def weeks(view: View, kept: Kept, drop: Drop) -> Weeks:
    """A drop week by week."""
    return _weeks(view.facts.fingerprint, view.where, issues_store.rules(), drop, kept)


@remembered(RESULTS)
def _weeks(fingerprint: str, where: tuple[Filter, ...], rules: Rules, drop: Drop, _kept: Kept) -> Weeks:
    return resolutions.weeks(_kept, drop, where=where)


def rows(view: View, kept: Kept, behind: Behind, drop: Drop | None, found: Preceded | None) -> pd.DataFrame:
    """The contacts behind a number."""
    period: Period | None = {NOW: view.now, BEFORE: view.before}.get(behind.side)
    where = view.where
    created = False
    if behind.side in (DROP_BEFORE, DROP_SINCE) and drop is not None:
        created = True
        where = (*where, Filter(drop.field, (drop.value,)))
        # With a field, the weeks in which what came before was looked for; else all since the drop.
        period = resolutions.drop_period(drop, found if behind.field else None, behind.side == DROP_SINCE)
    if behind.part == resolutions.WITHOUT:
        if not behind.value or created:
            return kept.table.source.iloc[:0]
        return resolutions.without_counterpart(kept, period, behind.field, behind.value, where=where)
    tag = behind.value if behind.field == resolutions.TAGS else ""
    if behind.field and behind.value and not tag:
        where = (*where, Filter(behind.field, (behind.value,)))
    return resolutions.rows(kept, period, where=where, part=behind.part, tag=tag, created=created)


def show(behind: Behind) -> None:
    """Show the contacts behind a number."""
    st.session_state["went_part"] = behind.part
    st.session_state["went_side"] = behind.side
    st.session_state["went_field"] = behind.field or ANY
    st.session_state["went_value"] = behind.value or ANY


def open_story(key: str) -> None:
    """Show the story of one contact."""
    st.session_state["story"] = key


def notes(view: View) -> tuple[Note, ...]:
    """The quotes that were picked from this data set."""
    about = about_praise(view)
    return tuple(note for note in store.workspace().kept(Note) if note.about == about)


def about_praise(view: View) -> str:
    """What picked quotes of a data set are kept under."""
    return f"praise:{view.key}"
