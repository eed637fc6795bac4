"""Customers: the answer in a sentence, the numbers of the catalogue, and one part at a time below them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import streamlit as st

from kpi import compare, drill
from kpi.customers import Known, Proofs, Risk, Sharing, Staying, Unit
from kpi.model import Comparison, Period
from kpi.words import customer_sentences as words
from kpi.words import customer_tables, driver_sentences
from kpi.words.sentences import sentence as claim_sentence
from ui import (
    choices,
    customers_answers,
    customers_parts,
    customers_risk,
    customers_store,
    next_steps,
    page,
)
from ui.customers_rows import Behind, Columns, named, shows_names, table
from ui.escape import sentence
from ui.view import View

PARTS = {
    "At risk": customers_risk.at_risk,
    "Coming back": customers_parts.coming_back,
    "Staying": customers_parts.staying,
    "Effort and NPS": customers_answers.answers,
    "Cohorts": customers_parts.cohorts,
    "Kinds of customers": customers_parts.kinds,
}
SAID = ("repeat_contact", "churn")
"""Numbers of the catalogue that are told in words; the others stand in the table."""


@dataclass(frozen=True)
class Asked:
    """What was found for the title."""

    known: Known
    comparisons: tuple[Comparison, ...]
    shared: Sharing
    stays: Staying
    risk: Risk
    proofs: Proofs | None


def choose(view: View) -> Asked:
    """The answers that the title is made from."""
    known = customers_store.known(view)
    unit = known
    if customers_store.has_organisations(view):
        label = choices.choose("Accounts are", [each.value for each in Unit], "accounts", width=220)
        unit = customers_store.known(view, Unit(label))
    risk = customers_store.risk(view, unit)
    proofs = None if view.window.refused or risk.refused else customers_store.proofs(view, unit)
    return Asked(
        known,
        customers_store.comparisons(view),
        customers_store.sharing(view, known),
        customers_store.staying(view, known),
        risk,
        proofs,
    )


def show(view: View, asked: Asked) -> None:
    """The answer as the title, and everything below it."""
    known = asked.known
    title = words.customer_title(known, asked.comparisons, asked.shared, asked.stays, asked.risk)
    everything = (view.label, "everything together, whatever the periods above")
    page.title(title, *(page.about(view) if view.facts.dated else everything))
    overview(view, asked)
    offered = [
        name for name in PARTS if customers_parts.can_show(name, known, asked.shared, asked.stays, asked.risk)
    ]
    if offered:
        with st.container(
            horizontal=True,
            vertical_alignment="center",
            horizontal_alignment="distribute",
            key="customers-part",
        ):
            part = st.segmented_control(
                "Look at", offered, default=offered[0], required=True, key="look_at", bind="query-params"
            )
            names = named()
        seen = customers_parts.Seen(
            known,
            asked.shared,
            asked.stays,
            asked.risk,
            asked.proofs,
            customers_store.known(view, _unit(asked)),
            names,
        )
        PARTS[part if part in offered else offered[0]](view, seen)
    with st.expander("How was this computed, and what can it not tell?"):
        st.markdown("\n".join(f"- {sentence(text)}" for text in words.customer_method(known)))


def _unit(asked: Asked) -> Unit:
    return Unit.CUSTOMER if asked.risk.unit == "customers" else Unit.ORGANISATION


def overview(view: View, asked: Asked) -> None:
    """What changed, what the list is worth, what cannot be shown, and the numbers of the catalogue."""
    told = [] if view.window.refused else [c for c in asked.comparisons if c.metric.key in SAID]
    claims = compare.claims(told, view.now, view.before)
    said = [claim_sentence(claim) for claim in claims]
    if asked.proofs is not None and asked.risk.accounts:
        said.append(words.worth_sentence(asked.proofs))
    if said:
        st.markdown("\n".join(f"- {sentence(text)}" for text in said))
    if claims:
        next_steps.show(view, claims[0])
    warning = words.shared_key_warning(asked.shared)
    if warning:
        st.warning(sentence(warning), icon=":material/person_alert:")
    lacking = words.missing_sentences(asked.known, asked.stays, asked.risk)
    if lacking:
        st.info("\n".join(f"- {sentence(text)}" for text in lacking), icon=":material/info:")
    shown = [c for c in asked.comparisons if c.now.value is not None or c.before.value is not None]
    if not shown:
        return
    with st.expander("The numbers, now against before", expanded=True, key="customer-numbers"):
        records = [customer_tables.metric_row(each) for each in shown]
        alt = "Numbers of customers now and before"
        table(
            view,
            records,
            [_behind(view, each) for each in shown],
            "customer-metrics",
            alt,
            names=shows_names(),
        )
        st.caption("Click a number to see the rows behind it.")


def _behind(view: View, comparison: Comparison) -> Columns:
    """The rows of a number of the catalogue, now and before; of everything where nothing has a date."""
    metric = comparison.metric
    one = driver_sentences.NOUN[metric.grain].removesuffix("s")

    def rows_of(period: Period | None) -> Behind:
        make = partial(drill.rows, view.facts, metric, period, where=view.where)
        return Behind(one, metric.name + ("" if period is None else f", {period}"), make)

    if not view.facts.dated:
        return {"": rows_of(None)}
    now = rows_of(view.now)
    if view.window.refused:
        return {"": now}
    before = rows_of(view.before)
    return {"": now, "Before": before, "n before": before}
