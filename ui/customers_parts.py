"""The parts of the customers page: at risk, coming back, staying, answers, cohorts, kinds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from kpi import charts, customers, export
from kpi.charts import TwoSides
from kpi.customers import (
    GROUPS,
    Account,
    After,
    Asked,
    Follow,
    Known,
    Moves,
    Outcome,
    Proofs,
    Reason,
    Risk,
    Sharing,
    Staying,
    rows,
)
from kpi.model import Estimate
from kpi.words import customer_sentences as words
from kpi.words import customer_tables, driver_sentences
from ui import choices, customers_store, figures, tables
from ui.customers_rows import Behind, Columns, choosable, show, table
from ui.escape import escape, plain, sentence
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


# ---------------------------------------------------------------- at risk


def at_risk(view: View, seen: Seen) -> None:
    """The accounts with their reasons, how good such a list was, and the story of one."""
    risk, known = seen.risk, seen.accounts
    st.subheader(sentence(words.risk_title(risk)), anchor=False)
    st.caption(sentence(words.risk_note(risk)))
    if risk.accounts:
        labels = _labels(view, seen, risk.accounts[:MOST_ACCOUNTS])
        records = customer_tables.account_rows(risk, labels)
        if len(records) > MOST_ACCOUNTS:
            st.caption(f"The first {MOST_ACCOUNTS:,} are shown, most reasons first; the download has all.")
        alt = f"{len(records):,} accounts with their reasons, most reasons first"
        clicked = choosable(records[:MOST_ACCOUNTS], "accounts-table", alt)
        _download_accounts(view, seen)
        st.caption("Click a number to see the contacts or answers behind it, and the account's story.")
        codes = tuple(account.code for account in risk.accounts[:MOST_ACCOUNTS])
        code = customers_store.chosen("accounts-table", clicked, codes)
        if code is not None:
            _account(view, seen, code, clicked[1] if clicked else "", labels[code])
    if seen.proofs is not None:
        _worth(view, seen, seen.proofs, known)


def _labels(view: View, seen: Seen, accounts: tuple[Account, ...]) -> dict[int, str]:
    known = seen.accounts
    codes = [account.code for account in accounts]
    if seen.names:
        return rows.names(known, codes)
    kind = "Customer" if known.unit is customers.Unit.CUSTOMER else "Organisation"
    key = customers_store.key(view)
    return {code: export.pseudonym(str(known.keys[code]), kind, key) for code in codes}


def _download_accounts(view: View, seen: Seen) -> None:
    """Every account, called as on the page: pseudonyms, unless names are shown."""
    with_names = ", with names" if seen.names else ""
    st.download_button(
        f"Download all accounts{with_names}",
        data=lambda: export.write_csv(
            pd.DataFrame(customer_tables.account_rows(seen.risk, _labels(view, seen, seen.risk.accounts)))
        ),
        file_name=f"accounts-at-risk{'' if seen.names else '-masked'}.csv",
        mime="text/csv",
        key="save-accounts",
        on_click="ignore",
        icon=":material/download:",
    )


def _account(view: View, seen: Seen, code: int, column: str, label: str) -> None:
    """The rows of the number that was clicked, and what happened to the account so far."""
    known, risk = seen.accounts, seen.risk
    reason = customer_tables.SHORT.get(column)
    if reason is not None:
        noun = "answer" if reason in (Reason.UNHAPPY, Reason.FELL) else "contact"
        make = partial(rows.account_reason, known, code, reason, risk.period, view.where)
        behind = Behind(noun, f"{reason.value.lower()}, {label}", make)
    elif column == "Before":
        make = partial(rows.account_contacts, known, code, view.before, view.where)
        behind = Behind("contact", f"{label} in {view.before}", make)
    else:
        make = partial(rows.account_contacts, known, code, risk.period, view.where)
        behind = Behind("contact", f"{label} in {risk.period}", make)
    show(view, behind, "account", names=seen.names)
    with st.container(border=True, key="account-story"):
        st.subheader(f"The story of {escape(label)}", anchor=False)
        told = customer_tables.story_rows(rows.story(known, code), view.definitions.timezone)
        tables.plain_rows(told[::-1], f"What happened to {plain(label)}, the newest first")


def _worth(view: View, seen: Seen, proofs: Proofs, known: Known) -> None:
    """The list of the period before against what happened since."""
    st.subheader("Would this list have helped?", anchor=False)
    if proofs.refused:
        st.caption(sentence(words.worth_sentence(proofs)))
        return
    st.caption(
        sentence(
            f"The list as it stood at the end of {proofs.earlier} ({proofs.listed:,} of {proofs.every:,} "
            f"{seen.risk.unit}), against what happened in {proofs.later}."
        )
    )
    told = [proof for proof in proofs.proofs if not proof.refused]
    if told:
        figures.show(
            words.worth_sentence(proofs),
            charts.two_sides(
                [TwoSides(proof.outcome.value, proof.listed, proof.others) for proof in told],
                "on the list",
                "not on it",
                "share of them",
                figures.colours(),
            ),
            " ".join(words.proof_sentence(proof, seen.risk.unit) for proof in told),
            "Lines: 95 % intervals; p adjusted for all outcomes",
        )
    one = seen.risk.unit[:-1]
    behind: list[Columns] = []
    for proof in proofs.proofs:
        sides: dict[str, Behind] = {}
        for on, column in ((True, "listed"), (False, "others")):
            made = Behind(
                one,
                f"{proof.outcome.value.lower()} in {proofs.later}, {'listed' if on else 'not listed'} before",
                partial(
                    rows.proof_customers, known, proof.outcome, on, proofs.later, proofs.earlier, view.where
                ),
            )
            sides |= {column.capitalize(): made, f"n {column}": made}
        behind.append(sides)
    table(view, customer_tables.proof_rows(proofs), behind, "proofs", "Listed and others", names=seen.names)
    steps = customer_tables.step_rows(proofs)
    if steps:
        with st.expander("By number of reasons"):
            counts = sorted({many for proof in proofs.proofs for many, _ in proof.by_reasons})
            made_steps = [_step_behind(view, proofs, known, many, one) for many in counts]
            table(view, steps, made_steps, "proof-steps", "Outcomes by number of reasons", names=seen.names)


def _step_behind(view: View, proofs: Proofs, known: Known, many: int, one: str) -> Columns:
    made: dict[str, Behind] = {}
    for proof in proofs.proofs:
        behind = Behind(
            one,
            f"{proof.outcome.value.lower()} in {proofs.later}, {many} reasons before",
            partial(
                rows.proof_customers,
                known,
                Outcome(proof.outcome),
                True,
                proofs.later,
                proofs.earlier,
                view.where,
                many,
            ),
        )
        made |= {proof.outcome.value: behind, f"n ({proof.outcome.value.lower()})": behind}
    return made


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


# ---------------------------------------------------------------- effort and NPS


def answers(view: View, seen: Seen) -> None:
    """What comes after answers; NPS groups by quarter; moves between groups."""
    _relations(view, seen)
    _quarters(view, seen)
    _moves(view, seen)


def _relations(view: View, seen: Seen) -> None:
    found = customers_store.relations(view, seen.known)
    told = [each for each in found if not each.refused]
    if not found:
        return
    with st.container(border=True):
        if told:
            figures.show(
                words.effort_title(found),
                charts.two_sides(
                    [
                        TwoSides(
                            f"{r.asked.value}: {r.after.value.lower()} within {r.days} days", r.bad, r.good
                        )
                        for r in told
                    ],
                    "after a bad answer",
                    "after a good answer",
                    "share of the answers",
                    figures.colours(),
                ),
                " ".join(words.relation_sentence(each) for each in told),
                "Lines: 95 % intervals; p adjusted for all comparisons",
                words.TOGETHER,
            )
        said = [each for each in found if each.asked is Asked.CES or each.clear]
        if said:
            st.markdown("\n".join(f"- {sentence(words.relation_sentence(each))}" for each in said))
    behind: list[Columns] = []
    for each in found:
        sides: dict[str, Behind] = {}
        for side, words_of in (("bad", "a bad answer"), ("good", "a good answer")):
            make = partial(
                rows.followed_answers, seen.known, Asked(each.asked), After(each.after), side, view.where
            )
            made = Behind("answer", f"{each.asked.value}, {words_of}, {each.after.value.lower()}", make)
            sides |= {f"n {side}": made, f"After {words_of}": made}
        behind.append(sides)
    table(view, customer_tables.relation_rows(found), behind, "relations", "After answers", names=seen.names)


def _quarters(view: View, seen: Seen) -> None:
    found = customers_store.quarters(view, seen.known)
    if not found:
        return
    with st.container(border=True):
        labelled: list[tuple[str, Estimate]] = [(str(each.period), each.score) for each in found]
        if any(charts.has_shares(estimate) for _, estimate in labelled):
            figures.show(
                words.quarters_title(found),
                charts.shares(labelled, figures.colours()),
                words.quarters_title(found),
                "Left of zero detractors, right promoters; dot: NPS with its 95 % interval",
                "Whether NPS changed is judged in the numbers above",
            )
    behind: list[Columns] = []
    for each in found:
        made = {
            "": Behind(
                "answer",
                str(each.period),
                partial(rows.answers_of_group, seen.known, each.period, "", view.where),
            )
        }
        for group in GROUPS:
            make = partial(rows.answers_of_group, seen.known, each.period, group, view.where)
            named = Behind("answer", f"{group}s in {each.period}", make)
            made |= {f"{group.capitalize()}s": named, f"{group.capitalize()}s, share": named}
        behind.append(made)
    table(view, customer_tables.quarter_rows(found), behind, "quarters", "NPS groups", names=seen.names)


def _moves(view: View, seen: Seen) -> None:
    found: Moves = customers_store.moves(view, seen.known)
    st.subheader(sentence(words.moves_title(found, view.now)), anchor=False)
    if found.refused:
        return
    st.caption(sentence(words.moves_note(found, view.now)))
    behind: list[Columns] = []
    for first in (*GROUPS, ""):
        made = {}
        for second in (*GROUPS, ""):
            make = partial(rows.movers, seen.known, view.now, first, second, view.where)
            said = f"{first or 'any group'} before, {second or 'any group'} now"
            made["together" if not second else f"now {second}"] = Behind("customer", said, make)
        behind.append(made)
    table(view, customer_tables.move_rows(found), behind, "moves", "Moves between groups", names=seen.names)
    st.info(sentence(words.REGRESSION), icon=":material/casino:")


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
        made[""] = made["n"]
        behind.append(made)
    table(view, customer_tables.kind_rows(found), behind, "kinds", "Kinds of customers", names=seen.names)
