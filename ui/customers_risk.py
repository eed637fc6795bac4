"""Accounts at risk: the list with its reasons, the story of one account, what such a list was worth."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from kpi import charts, customers, export
from kpi.charts import TwoSides
from kpi.customers import Account, Known, Outcome, Proofs, Reason, rows
from kpi.words import customer_sentences as words
from kpi.words import customer_tables
from ui import customers_store, figures, tables
from ui.customers_parts import Seen
from ui.customers_rows import Behind, Columns, choosable, show, table
from ui.escape import escape, plain, sentence
from ui.view import View

MOST_ACCOUNTS = 500


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
        return customers.names(known, codes)
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
        told = customer_tables.story_rows(customers.story(known, code), view.definitions.timezone)
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
            "Lines: 95 % intervals",
            words.among_sentence(proofs),
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
        behind.append({"": sides["n listed"], **sides})
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
