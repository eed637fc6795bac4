"""From a finding onwards: its rows, its history, what moved it, what is to be done about it."""

from __future__ import annotations

import streamlit as st

from kpi import words
from kpi.model import Claim
from ui import actions, comparing, drill, places
from ui.view import View


def show(view: View, claim: Claim) -> None:
    """Links to the pages that go on from a finding, with the metric already chosen."""
    metric = claim.comparison.metric
    with st.container(horizontal=True, key="next-steps"):
        drill.link(claim.comparison, "Show the {rows}")
        st.page_link(
            places.page_named("trends"),
            label="Follow it over time",
            icon=":material/show_chart:",
            query_params={"metric": metric.name},
        )
        st.page_link(
            places.page_named("compare"),
            label="Why it moved",
            icon=":material/compare_arrows:",
            query_params={"compare": comparing.WHY, "why": metric.name},
        )
        actions.link(words.sentence(claim), metric.key, view.where)
