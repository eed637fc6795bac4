"""The shared filters: drawn by the frame above every page, bound to the address, rebuilt in each run."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from kpi import periods
from kpi.facts import NONE, Facts
from kpi.model import Filter, Period
from kpi.periods.kinds import as_date
from ui import store
from ui.escape import escape, plain

OWN_DATES = "Own dates"
PREVIOUS, LAST_YEAR = "The period before", "Same period last year"
AGAINST = (PREVIOUS, LAST_YEAR, OWN_DATES)
FIELDS = ("channel", "team", "agent", "category", "priority", "product")
OWN = "custom:"
MOST_VALUES = 2_000
"""A column with more different values than this is an identifier or a text, and no filter."""


@dataclass(frozen=True)
class Field:
    """A dimension that can be filtered: its name in the facts, its parameter in the address, its values."""

    name: str
    parameter: str
    label: str
    values: tuple[str, ...]


def choose_dataset(datasets: Sequence[store.Named]) -> store.Named:
    """The data set of this run; an unknown name in the address gives the first one."""
    labels = [named.label for named in datasets]
    wanted = st.session_state.pop("open_dataset", None)
    if wanted in labels or st.session_state.get("data", labels[0]) not in labels:
        st.session_state["data"] = wanted if wanted in labels else labels[0]
    chosen = st.selectbox("Data set", labels, key="data", bind="query-params")
    return datasets[labels.index(chosen)] if chosen in labels else datasets[0]


def choose_period(facts: Facts) -> Period:
    """The period now: one of those the data hold, or own dates."""
    offered = store.period_options(facts)
    default = periods.default_period(facts.first_day, facts.last_day, facts.definitions)
    labels = [*(choice.label for choice in offered), OWN_DATES]
    at = next(
        (
            i
            for i, choice in enumerate(offered)
            if (choice.period, choice.period.label) == (default, default.label)
        ),
        0,
    )
    _forget_unless("period", labels)
    label = st.selectbox("Period", labels, index=at, key="period", bind="query-params")
    if label == OWN_DATES:
        return _dates("Days of the period", "dates", default, facts)
    found = periods.from_label(str(label), offered)
    return found.period if found else default


def choose_baseline(now: Period, facts: Facts) -> Period:
    """The period to compare with."""
    how = st.selectbox("Compared with", AGAINST, key="against", bind="query-params")
    if how == LAST_YEAR:
        return periods.same_last_year(now, facts.definitions)
    before = periods.previous(now, facts.definitions)
    return _dates("Days to compare with", "against_dates", before, facts) if how == OWN_DATES else before


def choose_segments(facts: Facts) -> tuple[Filter, ...]:
    """The filters behind one click; their number stands on the button."""
    fields = filterable(facts)
    for field in fields:
        if isinstance(kept := st.session_state.get(field.parameter), list):
            st.session_state[field.parameter] = [value for value in kept if value in field.values]
    active = sum(bool(st.session_state.get(field.parameter)) for field in fields)
    with st.popover(
        f"Filters ({active})" if active else "Filters", icon=":material/tune:", width="stretch", key="filters"
    ):
        if not fields:
            st.caption(
                "These data have no channel, team, agent, category, priority, product or own column to filter by."
            )
        chosen = {
            field.name: st.multiselect(
                escape(field.label), field.values, key=field.parameter, bind="query-params", placeholder="All"
            )
            for field in fields
        }
    return tuple(Filter(name, tuple(values)) for name, values in chosen.items() if values)


def show_active(where: Sequence[Filter], facts: Facts) -> None:
    """The active filters in words, with a button that clears them."""
    if not where:
        return
    labels = {field.name: field.label for field in filterable(facts)}
    words = "; ".join(
        f"**{escape(labels.get(item.field, item.field))}**: {', '.join(escape(value) for value in item.values)}"
        for item in where
    )
    with st.container(horizontal=True, vertical_alignment="center", key="active-filters"):
        st.markdown(f"Only {words}", width="content")
        st.button("Clear filters", type="tertiary", on_click=_clear, args=(facts,), icon=":material/close:")


def filterable(facts: Facts) -> tuple[Field, ...]:
    """The dimensions that can be filtered: those with at least two values.

    The usual ones come first, then the reader's own columns in their order in the file.
    """
    found: dict[str, set[str]] = {}
    own: dict[str, None] = {}
    for table in facts.tables.values():
        for name, column in table.dimensions.items():
            is_own = name.startswith(OWN) or f"{OWN}{name}" in table.source.columns
            if name in FIELDS or is_own:
                found.setdefault(name, set()).update(map(str, column.categories))
                own.update({name: None} if is_own else {})
    names = [*(name for name in FIELDS if name in found and name not in own), *own]
    return tuple(
        Field(
            name, parameter(name, own=name in own), field_label(name), tuple(sorted(found[name], key=_order))
        )
        for name in names
        if 2 <= len(found[name]) <= MOST_VALUES
    )


def field_label(name: str) -> str:
    """A dimension as it is called on the page.

    >>> field_label("channel"), field_label("custom:Store region")
    ('Channel', 'Store region')
    """
    shown = plain(name.removeprefix(OWN))
    return shown.capitalize() if name in FIELDS else shown


def parameter(name: str, *, own: bool) -> str:
    """The parameter of a dimension in the address; own columns get letters that are safe there.

    >>> parameter("team", own=False), parameter("Store région", own=True)
    ('team', 'own-store-r-gion-d9b7')
    """
    if not own:
        return name
    short = re.sub(r"[^a-z0-9]+", "-", name.removeprefix(OWN).lower()).strip("-")[:24]
    return f"own-{short}-{hashlib.sha256(name.encode()).hexdigest()[:4]}"


def _order(value: str) -> tuple[bool, str]:
    return (value == NONE, value.casefold())


def _dates(label: str, key: str, default: Period, facts: Facts) -> Period:
    first, last = as_date(facts.first_day), as_date(facts.last_day)
    kept = st.session_state.get(key)
    if isinstance(kept, tuple) and not all(first <= day <= last for day in kept):
        del st.session_state[key]
    start, end = min(max(default.start, first), last), max(min(default.end, last), first)
    days = st.date_input(
        label,
        (start, end),
        min_value=first,
        max_value=last,
        key=key,
        bind="query-params",
        format="YYYY-MM-DD",
    )
    if isinstance(days, tuple) and len(days) == 2:
        return periods.custom(days[0], days[1], facts.definitions)
    return periods.custom(start, end, facts.definitions)


def _forget_unless(key: str, options: Sequence[str]) -> None:
    if key in st.session_state and st.session_state[key] not in options:
        del st.session_state[key]


def _clear(facts: Facts) -> None:
    for field in filterable(facts):
        st.session_state[field.parameter] = []
