"""The lead's category rules: words in a text → an issue → a family, kept in the workspace."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from kpi.issues import FAMILIES
from kpi.workspace import CategoryRule, WorkspaceError
from ui import issues_store, store
from ui.escape import sentence

SEEN = "issue_rules_seen"
PATTERNS, ISSUE, FAMILY = "Words (several patterns parted by ;)", "Issue", "Family"


def edit(known: issues_store.Rules, families: Sequence[tuple[str, str]]) -> None:
    """A form to put an issue into a family, and the list of rules."""
    if st.session_state.pop("kept_rules", False):
        st.toast("Kept. The issues follow the rules from now on.", icon=":material/check:")
    if problem := st.session_state.pop("rules_problem", ""):
        st.error(sentence(problem), icon=":material/block:", title="These rules were not kept")
    # What is saved is held against what this reader saw, so that nobody's change is written over unseen.
    seen: issues_store.Rules = st.session_state.setdefault(SEEN, known)
    with st.expander(f"Your rules and families ({len(known)})", icon=":material/rule:", key="issue-rules"):
        st.markdown(
            "A rule finds its words in the subject, description or tags: all words of one pattern must stand "
            "there, a star at the end of a word stands for any ending. The first rule that fits wins. A rule "
            "named like an issue also says which of the four families it belongs to."
        )
        if seen != known:
            st.warning("Somebody changed the rules meanwhile.", icon=":material/sync_problem:")
            st.button("Show them as they are now", on_click=_look_again, key="rules-again")
        _family(seen, families)
        with st.form("issue-rules-form", border=False):
            edited = st.data_editor(
                _frame(seen),
                hide_index=True,
                num_rows="dynamic",
                key=f"issue-rules-table-{len(seen)}-{sum(rule.version for rule in seen)}",
                column_config={
                    FAMILY: st.column_config.SelectboxColumn(FAMILY, options=list(FAMILIES), required=True),
                    PATTERNS: st.column_config.TextColumn(PATTERNS, required=True),
                    ISSUE: st.column_config.TextColumn(ISSUE, required=True),
                },
            )
            if st.form_submit_button("Keep these rules", icon=":material/save:"):
                _keep(seen, edited.to_dict("records"))


def _look_again() -> None:
    st.session_state.pop(SEEN, None)


def _family(known: issues_store.Rules, families: Sequence[tuple[str, str]]) -> None:
    """One issue moved into a family."""
    if not families:
        return
    of = dict(families)
    with st.form("issue-family", border=True):
        left, right = st.columns(2)
        issue = left.selectbox("Issue", list(of), key="family-issue")
        family = right.selectbox("belongs to", FAMILIES, key="family-name")
        if st.form_submit_button("Put it there", icon=":material/drive_file_move:") and issue:
            rule = next((r for r in known if r.issue.casefold() == issue.casefold()), None)
            patterns = rule.patterns if rule else (issue.replace("*", " ")[:120],)
            made = CategoryRule(
                rule.id if rule else "",
                patterns,
                issue,
                str(family),
                rule.place if rule else len(known),
                rule.version if rule else 0,
            )
            _save([made], [])


def _frame(known: issues_store.Rules) -> pd.DataFrame:
    return pd.DataFrame(
        [{PATTERNS: "; ".join(r.patterns), ISSUE: r.issue, FAMILY: r.family} for r in known],
        columns=[PATTERNS, ISSUE, FAMILY],
        dtype="str",
    )


def _keep(known: issues_store.Rules, records: Sequence[dict[Any, Any]]) -> None:
    """The whole list as edited: rows that stay keep their identity by position of their content."""
    left = list(known)
    made = []
    for place, record in enumerate(records):
        patterns, issue, family = (str(record.get(name) or "") for name in (PATTERNS, ISSUE, FAMILY))
        rule = next((r for r in left if r.issue == issue), None)
        if rule is not None:
            left.remove(rule)
        made.append(
            CategoryRule(
                rule.id if rule else "",
                tuple(part.strip() for part in patterns.split(";") if part.strip()),
                issue,
                family,
                place,
                rule.version if rule else 0,
            )
        )
    _save(made, left)


def _save(made: Sequence[CategoryRule], without: Sequence[CategoryRule]) -> None:
    try:
        store.workspace().keep_all(made, without=without)
        st.session_state["kept_rules"] = True
        _look_again()
    except WorkspaceError as error:
        st.session_state["rules_problem"] = str(error)
    st.rerun()
