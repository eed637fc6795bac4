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
from ui.choices import choose
from ui.escape import escape, plain

OWN_DATES = "Own dates"
PREVIOUS, LAST_YEAR = "The period before", "Same period last year"
AGAINST = (PREVIOUS, LAST_YEAR, OWN_DATES)
FIELDS = ("channel", "team", "agent", "category", "priority", "product")
OWN = "custom:"
MOST_NAMED = 3
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
    """The data set of this run, always named in the address; at first the newest own one, else the sample."""
    labels = [named.label for named in datasets]
    newest = labels[1] if len(labels) > 1 else labels[0]
    wanted = st.session_state.pop("open_dataset", None)
    if wanted in labels:
        st.session_state["data"] = wanted
    elif st.session_state.get("data", st.query_params.get("data")) not in labels:
        st.session_state["data"] = newest
    chosen = st.selectbox("Data set", labels, index=None, key="data", bind="query-params")
    return datasets[labels.index(chosen)] if chosen in labels else datasets[labels.index(newest)]


def choose_period(facts: Facts) -> Period:
    """The period now: one of those the data hold (the first is the one shown first), or own dates."""
    offered = store.period_options(facts)
    if not facts.dated:
        # The days that the others name would be made up.
        choose("Period", [offered[-1].label], "period")
        return offered[-1].period
    label = choose("Period", [*(choice.label for choice in offered), OWN_DATES], "period")
    found = periods.from_label(label, offered)
    return found.period if found else _dates("Days of the period", "dates", offered[0].period, facts)


def choose_baseline(now: Period, facts: Facts) -> Period:
    """The period to compare with."""
    how = choose("Compared with", AGAINST, "against")
    if how == LAST_YEAR:
        return periods.same_last_year(now, facts.definitions)
    before = periods.previous(now, facts.definitions)
    return _dates("Days to compare with", "against_dates", before, facts) if how == OWN_DATES else before


def choose_segments(facts: Facts) -> tuple[Filter, ...]:
    """The filters behind one click; the active ones stand on the fold in words."""
    fields = filterable(facts)
    for field in fields:
        kept = st.session_state.get(field.parameter) or []
        if not set(kept) <= set(field.values):
            st.session_state[field.parameter] = [value for value in kept if value in field.values]
    chosen: dict[str, list[str]] = {}
    # Not a popover: what is inside one is bound to the address only once it was opened, so a page change
    # would lose a filter that came with a link.
    with st.expander(_active_words(fields), icon=":material/tune:", type="compact", key="filters"):
        if not fields:
            st.caption("These data have no channel, team, agent, category, priority, product or own column.")
        grid = st.grid(4, min_column_width=200)
        for field in fields:
            chosen[field.name] = grid.cell().multiselect(
                escape(field.label), field.values, key=field.parameter, bind="query-params", placeholder="All"
            )
        if any(chosen.values()):
            st.button(
                "Clear filters", on_click=_clear, args=(fields,), icon=":material/close:", key="clear-filters"
            )
    return tuple(Filter(name, tuple(values)) for name, values in chosen.items() if values)


def _active_words(fields: Sequence[Field]) -> str:
    """The label of the fold: which filters are active. On a first visit the address alone knows."""
    said = []
    for field in fields:
        known = st.session_state.get(field.parameter, st.query_params.get_all(field.parameter))
        values = [value for value in known or () if value in field.values]
        if values:
            shown = ", ".join(map(escape, values[:MOST_NAMED])) + (" …" if len(values) > MOST_NAMED else "")
            said.append(f"{escape(field.label)} **{shown}**")
    return f"Filters ({len(said)}): only {', '.join(said)}" if said else "Filters"


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
    ('team', 'own-store-r-gion-0b81')
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


def _clear(fields: Sequence[Field]) -> None:
    for field in fields:
        st.session_state[field.parameter] = []
