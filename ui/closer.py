"""Look closer: one metric week by week, what stands beside it, and the way to its rows."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kpi import words
from kpi.charts import has_shares, history, shares
from kpi.model import Claim
from ui import drill, figures, store
from ui.escape import sentence
from ui.view import View


def show(view: View, claims: Sequence[Claim]) -> None:
    """Choose a card; its history, its shares, its rows."""
    if not claims:
        return
    st.header("Look closer", anchor=False)
    names = [claim.comparison.metric.name for claim in claims]
    chosen = st.selectbox("Metric", names, key="closer", bind="query-params", width=420)
    claim = claims[names.index(chosen)] if chosen in names else claims[0]
    with st.container(border=True):
        weeks(view, claim)
        drill.link(claim.comparison, "Show the {rows}")
        with st.expander("How sure is this, and how was it computed?"):
            st.markdown(sentence(words.explain(claim)))
    if has_shares(claim.comparison.now):
        with st.container(border=True):
            nps(claim)


def weeks(view: View, claim: Claim) -> None:
    """The metric over whole weeks, with the claim as its finding."""
    comparison = claim.comparison
    metric = comparison.metric
    points = store.histories(view, (metric.key,))[metric.key]
    if not any(point.estimate.value is not None for point in points):
        st.subheader(sentence(words.sentence(claim)), anchor=False)
        st.caption("There is no whole week to draw.")
        return
    figures.show(
        words.sentence(claim),
        history(
            points,
            metric.unit,
            figures.colours(),
            target=view.definitions.targets.get(metric.key, metric.target),
            now=view.now,
            before=view.before,
        ),
        f"{metric.name} by week from {points[0].start} to {points[-1].end}. {words.sentence(claim)}",
        f"{metric.name}, {metric.basis.words}, whole weeks only",
        "Line: value; band: 95 % interval; bars: n; shaded: the two periods compared",
    )


def nps(claim: Claim) -> None:
    """The three shares behind a net score, now and before."""
    comparison = claim.comparison
    sides = [(str(claim.now_label), comparison.now), (str(claim.before_label), comparison.before)]
    figures.show(
        words.sentence(claim),
        shares(sides, figures.colours()),
        f"Detractors, passives and promoters. {words.sentence(claim)}",
        "Orange: detractors (0-6); blue: promoters (9-10); dot and line: score with its 95 % interval",
    )


def nps_of(claims: Sequence[Claim]) -> None:
    """The shares of the net promoter score, where the data hold one."""
    for claim in claims:
        if has_shares(claim.comparison.now):
            with st.container(border=True):
                nps(claim)
