"""Parts of the customers page: coming back, staying, cohorts, kinds of customers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import streamlit as st

from kpi import charts, customers
from kpi.customers import (
    Follow,
    Known,
    Proofs,
    Risk,
    Sharing,
    Staying,
    rows,
)
from kpi.words import customer_sentences as words
from kpi.words import customer_tables, driver_sentences
from ui import choices, customers_store, figures
from ui.customers_rows import Behind, Columns, table
from ui.escape import sentence
from ui.view import View

LEFT, WATCHED = "left", "watched"
EVERY = "All customers"
MOST_ACCOUNTS = 500
GRAINS = {"Quarters": "quarter", "Months": "month"}


@dataclass(frozen=True)
class Seen:
    """What the parts are drawn from; ``accounts`` are customers or organisations, ``names`` shows them."""

    known: Known
    shared: Sharing
    stays: Staying
    risk: Risk
    proofs: Proofs | None
    accounts: Known
    names: bool


def can_show(part: str, known: Known, shared: Sharing, stays: Staying, risk: Risk) -> bool:
    """Whether the data have anything for a part."""
    surveys = known.surveys
    answered = surveys is not None and bool(
        {"ces_answered", "nps_answered", "csat_answered"} & set(surveys.columns)
    )
    nps = surveys is not None and "nps_answered" in surveys.columns
    return {
        "At risk": not risk.refused,
        "Coming back": shared.customers > 0,
        "Staying": stays.listed is not None and stays.listed.value is not None,
        "Effort and NPS": nps or (answered and known.answers is not None and known.dated),
        "Cohorts": bool(customers.follows(known)),
        "Kinds of customers": bool(known.dimensions),
    }[part]


# ---------------------------------------------------------------- coming back


def coming_back(view: View, seen: Seen) -> None:
    """Repeat contacts by what they are about, contacts per customer, the few who write most."""
    known, shared = seen.known, seen.shared
    period = view.now if known.dated else None
    why = customers_store.why_again(view)
    if why is not None and why.total is not None:
        with st.container(border=True):
            st.subheader(sentence(driver_sentences.driver_title(why)), anchor=False)
            st.markdown(sentence(driver_sentences.driver_sentence(why)))
    with st.container(border=True):
        figures.show(
            words.sharing_title(shared),
            charts.contact_bands(
                [
                    (words.band_name(b.first, b.last), b.customers, b.expected, b.contacts)
                    for b in shared.bands
                ],
                figures.colours(),
            ),
            words.sharing_alt(shared),
            "Bar: customers; tick: if all were alike",
            words.sharing_note(shared),
        )
    left, right = st.columns(2)
    with left:
        st.markdown("**Contacts per customer**")
        bands: list[Columns] = []
        for band in shared.bands:
            label = f"{words.band_name(band.first, band.last)} contacts each"
            who = Behind(
                "customer",
                label,
                partial(rows.customers_between, known, period, band.first, band.last, view.where),
            )
            what = Behind(
                "contact",
                label,
                partial(rows.contacts_between, known, period, band.first, band.last, view.where),
            )
            bands.append({"": who, "Contacts": what, "Of all contacts": what})
        table(
            view, customer_tables.band_rows(shared), bands, "bands", "Customers by contacts", names=seen.names
        )
    with right:
        st.markdown("**The few who write most**")
        tops: list[Columns] = []
        for top in shared.tops:
            label = f"the top {top.share:.0%} of customers"
            make = partial(rows.top_customers, known, period, top.customers, view.where)
            contacts = partial(rows.contacts_of_top, known, period, top.customers, view.where)
            what = Behind("contact", label, contacts)
            tops.append({"": Behind("customer", label, make), "Contacts": what, "Of all contacts": what})
        if shared.tops:
            table(
                view, customer_tables.top_rows(shared), tops, "tops", "Those who write most", names=seen.names
            )
        else:
            st.caption(sentence(shared.refused))


# ---------------------------------------------------------------- staying


def staying(view: View, seen: Seen) -> None:
    """The curve since joining, by kind where asked; the share of the list that left."""
    known, stays = seen.known, seen.stays
    if stays.whole is None:
        st.subheader(sentence(words.staying_title(stays)), anchor=False)
        st.caption(sentence(stays.no_rate or stays.no_curve))
        _list_table(view, seen)
        return
    labels = {words.capital(driver_sentences.dimension_words(c.dimension)): c for c in stays.contrasts}
    by = choices.choose("Curves for", [EVERY, *labels], "curves", width=240)
    contrast = labels.get(by)
    groups = (stays.whole,) if contrast is None else contrast.groups
    with st.container(border=True):
        finding = words.staying_title(stays) if contrast is None else words.contrast_sentence(contrast)
        if any(group.curve.time.size for group in groups):
            figures.show(
                finding.rstrip("."),
                charts.staying(groups, figures.colours()),
                words.staying_alt(stays),
                words.staying_note(stays),
            )
        else:
            st.subheader(sentence(finding), anchor=False)
            st.caption("Nobody is recorded as having left.")
    behind: list[Columns] = []
    for group in groups:
        dimension = contrast.dimension if contrast is not None else ""
        value = group.name if contrast is not None else ""
        everyone = partial(rows.watched_customers, known, dimension, value, view.where)
        gone = partial(rows.watched_customers, known, dimension, value, view.where, left=True)
        behind.append(
            {
                "": Behind("customer", f"{group.name}, watched", everyone),
                "Left": Behind("customer", f"{group.name}, left", gone),
            }
        )
    table(view, customer_tables.group_rows(groups), behind, "curves-table", "Still there", names=seen.names)
    said = [words.contrast_sentence(each) for each in stays.contrasts if each is not contrast]
    if said:
        st.markdown("\n".join(f"- {sentence(text)}" for text in said))
    _list_table(view, seen)


def _list_table(view: View, seen: Seen) -> None:
    listed = seen.stays.listed
    if listed is None or listed.value is None:
        return
    record = {
        "Customer list": "as it stands, whatever the period",
        "Customers": listed.n,
        "Left": int(listed.parts.get("churned") or 0),
        "Share that left": words.level(listed),
    }
    behind = {
        "": Behind("customer", "on the list", partial(rows.listed, seen.known, view.where)),
        "Left": Behind("customer", "marked as left", partial(rows.listed, seen.known, view.where, left=True)),
    }
    table(view, [record], [behind], "list-table", "The customer list as it stands", names=seen.names)


# ---------------------------------------------------------------- cohorts, kinds


def cohorts(view: View, seen: Seen) -> None:
    """The table of cohorts; a click on a cell shows its customers."""
    offered = customers.follows(seen.known)
    with st.container(horizontal=True, vertical_alignment="bottom", key="cohort-what"):
        follow = Follow(choices.choose("Follow", [each.value for each in offered], "follow", width=220))
        grain = GRAINS[choices.choose("By", list(GRAINS), "cohort_by", width=180)]
    found = customers_store.cohorts(view, seen.known, follow, grain)
    with st.container(border=True):
        told = any(cell.share.value is not None for cohort in found.cohorts for cell in cohort.cells)
        if told:
            figures.show(
                words.cohort_title(found),
                charts.cohorts(found, figures.colours()),
                words.cohort_alt(found),
                words.cohort_note(found),
            )
        else:
            st.subheader(sentence(words.cohort_title(found)), anchor=False)
            st.caption(sentence(words.cohort_note(found)))
    behind: list[Columns] = []
    for cohort in found.cohorts:
        made = {}
        for cell in cohort.cells:
            make = partial(
                rows.cohort_customers, seen.known, follow, grain, cohort.name, cell.step, view.where
            )
            said = f"cohort {cohort.name}, {words.unit_of(found)} {cell.step}, {follow.value.lower()}"
            made[f"{words.unit_of(found)} {cell.step}"] = Behind("customer", said, make)
        made[""] = Behind(
            "customer",
            f"cohort {cohort.name}",
            partial(rows.cohort_customers, seen.known, follow, grain, cohort.name, 1, view.where),
        )
        behind.append(made)
    table(view, customer_tables.cohort_rows(found), behind, "cohort-table", "Cohorts", names=seen.names)


def kinds(view: View, seen: Seen) -> None:
    """Kinds of customers against the others, and what changed in which of them."""
    found = customers_store.kinds(view, seen.known)
    st.subheader(sentence(words.kinds_title(found)), anchor=False)
    if found.scan is not None:
        st.markdown(sentence(f"Changes: {driver_sentences.scan_sentence(found.scan)}"))
        lines = [driver_sentences.finding_sentence(each, found.scan) for each in found.scan.findings]
        if lines:
            st.markdown("\n".join(f"- {sentence(text)}" for text in lines))
    behind: list[Columns] = []
    for kind in found.kinds:
        metric = kind.comparison.metric
        noun = driver_sentences.NOUN[metric.grain].removesuffix("s")
        made = {}
        for own, column in ((True, "n"), (False, "n others")):
            make = partial(
                rows.kind_rows,
                seen.known,
                metric,
                found.period,
                kind.dimension,
                kind.name,
                view.where,
                own=own,
            )
            side = kind.name if own else f"all but {kind.name}"
            made[column] = Behind(noun, f"{metric.name}, {side}", make)
        made |= {"": made["n"], "Others": made["n others"]}
        behind.append(made)
    table(view, customer_tables.kind_rows(found), behind, "kinds", "Kinds of customers", names=seen.names)
