"""Look closer: one metric week by week, what stands beside it, and the way to its rows."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kpi import words
from kpi.charts import distribution, has_shares, history, shares
from kpi.model import Claim, Unit
from ui import figures, next_steps, store
from ui.choices import choose as choose_one
from ui.escape import sentence
from ui.view import View


def show(view: View, claims: Sequence[Claim]) -> None:
    """Choose a card; its history, its shares, its rows."""
    if not claims:
        return
    st.header("Look closer", anchor=False)
    names = [claim.comparison.metric.name for claim in claims]
    claim = claims[names.index(choose_one("Metric", names, "closer", width=420))]
    with st.container(border=True):
        weeks(view, claim)
        next_steps.show(view, claim)
        with st.expander("How sure is this, and how was it computed?"):
            st.markdown(sentence(words.explain(claim)))
    nps_of((claim,))
    spread(view, claim)


def weeks(view: View, claim: Claim) -> None:
    """The metric over whole weeks, with the claim as its finding."""
    comparison = claim.comparison
    metric = comparison.metric
    points = store.histories(view)[metric.key]
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
            target=metric.target,
            now=view.now,
            before=view.before,
        ),
        f"{metric.name} by week from {points[0].start} to {points[-1].end}. {words.sentence(claim)}",
        f"{metric.name}, {metric.basis.words}, whole weeks only",
        "Line: value; band: interval; bars: n; shaded: the two periods compared",
    )


def nps(claim: Claim) -> None:
    """The three shares behind a net score, now and before."""
    sides = [(claim.now_label, claim.comparison.now), (claim.before_label, claim.comparison.before)]
    known = [(label, estimate) for label, estimate in sides if has_shares(estimate)]
    finding = "; ".join(
        f"{label}: {Unit.PERCENT.level(estimate.parts['promoters'], 0)} promoters, "
        f"{Unit.PERCENT.level(estimate.parts['detractors'], 0)} detractors"
        for label, estimate in known
    )
    figures.show(
        finding,
        shares(known, figures.colours()),
        f"Detractors, passives and promoters. {finding}",
        "Orange: detractors (0-6); blue: promoters (9-10); dot and line: score with its interval",
    )


def spread(view: View, claim: Claim) -> None:
    """How a duration is spread: a median alone hides the long waits."""
    comparison = claim.comparison
    metric, now = comparison.metric, comparison.now
    values = store.durations(view, metric.key)
    if values is None or now.value is None or now.parts.get("median") is None:
        return
    half, tenth = now.parts["median"], now.parts.get("p90")
    finding = f"{claim.now_label}: half took at most {metric.unit.level(half)}"
    finding += f", one in ten longer than {metric.unit.level(tenth)}" if tenth is not None else ""
    with st.container(border=True):
        figures.show(
            finding,
            distribution(*values, metric.unit, figures.colours(), (claim.now_label, claim.before_label)),
            f"{metric.name}, share of all by how long it took. {finding}",
            f"Bars: {claim.now_label}; lines: {claim.before_label}; what is still open stands at its age",
        )


def nps_of(claims: Sequence[Claim]) -> None:
    """The shares of the net promoter score, where the data hold one."""
    for claim in claims:
        if has_shares(claim.comparison.now):
            with st.container(border=True):
                nps(claim)
