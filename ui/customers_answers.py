"""Answers of customers: what follows them, NPS groups by quarter, moves between groups."""

from __future__ import annotations

from functools import partial

import streamlit as st

from kpi import charts
from kpi.charts import TwoSides
from kpi.customers import GROUPS, After, Asked, Moves, rows
from kpi.model import Estimate
from kpi.words import customer_sentences as words
from kpi.words import customer_tables
from ui import customers_store, figures
from ui.customers_parts import Seen
from ui.customers_rows import Behind, Columns, table
from ui.escape import sentence
from ui.view import View


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
        behind.append({"": sides["n bad"], **sides})
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
