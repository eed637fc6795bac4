"""Common issues: what was chosen, what is new, the Pareto, one issue down to one contact, rules."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from kpi import issues
from kpi.charts import ParetoBar
from kpi.charts import pareto as pareto_chart
from kpi.issues import Agreement, Issue, Order, Origin, Ranked, Report, Sorted, Source
from kpi.words import issue_sentences as words
from kpi.words import issue_tables
from ui import choices, downloads, figures, issues_rules, issues_store, page, tables
from ui.escape import plain, sentence
from ui.issues_channels import channels
from ui.issues_one import one
from ui.view import View

__all__ = [
    "about",
    "channels",
    "choose",
    "emerging",
    "finding",
    "method",
    "one",
    "pareto",
    "recurring",
    "rules",
]

BEST = "The data's own column, else rules, else words"
RULES, TEXTS = "Your rules", "Words of the texts"
NO_FEELING = "Not read"
FEELINGS = (NO_FEELING, "Word list, English and German")
GROUPS = ("16", "6", "8", "12", "24", "32")
MOST_ROWS = 500
MOST_GROUPS = 20


@dataclass(frozen=True)
class Asked:
    """What is wanted, and what was found."""

    source: Source | None
    known: issues_store.Rules
    kept: Sorted
    report: Report
    order: Order
    price: float | None
    agreement: Agreement | None = None


def choose(view: View) -> Asked:
    """Where issues come from and what they are ordered by, from the address or chosen here."""
    known = issues_store.rules()
    columns = {f"Column {name.removeprefix('custom:')}": name for name in issues.choices(view.facts)}
    with st.container(horizontal=True, vertical_alignment="bottom", key="issues-what"):
        label = choices.choose("Issues from", [BEST, *columns, RULES, TEXTS], "issues_from")
        source = _source(label, columns)
        if source is not None and source.origin is Origin.TEXTS:
            number = choices.choose("Groups", GROUPS, "groups", width=110)
            source = Source(Origin.TEXTS, why="chosen here", groups=int(number))
        price = st.number_input(
            "Cost of a handled minute",
            min_value=0.0,
            value=None,
            step=0.1,
            key="minute_cost",
            width=260,
            help="In your currency. With it, issues can be ordered by what they cost; nothing is assumed.",
        )
        kept = issues_store.sorted_by(view, source, known)
        agreement = None
        if (
            issues.can_feel(kept)
            and choices.choose("Sentiment", FEELINGS, "issue_sentiment", width=250) != NO_FEELING
        ):
            kept, agreement = issues_store.felt(view, source, known, kept)
        report = issues_store.reported(view, source, known, kept)
        offered = [order.value for order in issues.orders(report, price)]
        order = Order(choices.choose("Order by", offered, "issues_by", width=210))
    return Asked(source, known, kept, report, order, price, agreement)


def _source(label: str, columns: dict[str, str]) -> Source | None:
    if label in columns:
        return Source(Origin.FIELD, columns[label], "chosen here")
    if label == RULES:
        return Source(Origin.RULES, why="chosen here")
    return Source(Origin.TEXTS, why="chosen here") if label == TEXTS else None


def finding(asked: Asked) -> str:
    """What customers contact the team about, and what is new."""
    return words.issue_title(asked.report)


def about(view: View, asked: Asked) -> tuple[str, ...]:
    """What the page speaks of."""
    report = asked.report
    if report.refused is None and report.now is None:
        every = f"all {words.contacts(report.grain)} together, whatever the periods above"
        return (view.label, every, words.source_sentence(report))
    return (*page.about(view), words.source_sentence(report))


def emerging(asked: Asked) -> None:
    """The issues that grew, since when, and why the first stands first."""
    report = asked.report
    if report.refused is not None:
        st.info(sentence(f"{report.refused[:1].upper()}{report.refused[1:]}."), icon=":material/info:")
        return
    if said := words.hint(report):
        st.info(sentence(said), icon=":material/info:")
    with st.container(border=True):
        st.subheader("What is new", anchor=False)
        if not report.emerging:
            st.markdown(sentence(words.no_growth_sentence(report)))
        else:
            st.markdown(
                "\n".join(
                    f"- {sentence(words.emerging_sentence(report, each))}" for each in report.emerging[:8]
                )
            )
            for note in (words.first_why(report), words.fallen_note(report)):
                if note:
                    st.caption(sentence(note))


def pareto(view: View, asked: Asked) -> None:
    """The Pareto and the table of all issues; a click on a number opens the contacts behind it."""
    report = asked.report
    ranked = issues.ranked(report, asked.order, asked.price)
    if not ranked:
        return
    bars = [_bar(report, asked.order, each) for each in ranked]
    with st.container(border=True):
        figures.show(
            words.pareto_sentence(report, asked.order, ranked),
            pareto_chart(bars, words.axis(asked.order), figures.colours()),
            words.pareto_alt(report, asked.order, ranked),
            *words.pareto_key(report, asked.order),
        )
    records = [issue_tables.issue_cells(report, each.issue, asked.price) for each in ranked[:MOST_ROWS]]
    said = (words.families_sentence(report), words.unnamed_sentence(report))
    if asked.agreement is not None:
        st.caption(sentence(f"Sentiment by words: {words.agreement_sentence(asked.agreement, report.grain)}"))
    st.caption(sentence(" ".join(filter(None, (*said, "Click a number to see the contacts behind it.")))))
    clicked = tables.choosable(records, "issue-table", f"{len(records)} issues with their numbers")
    issues_store.clicked("issue-table", clicked, [each.issue.name for each in ranked])
    everything = [issue_tables.issue_cells(report, each.issue, asked.price) for each in ranked]
    downloads.rows("Download all issues", everything, "issues", "issues")


def _bar(report: Report, order: Order, each: Ranked) -> ParetoBar:
    issue: Issue = each.issue
    if order is not Order.CONTACTS:
        return ParetoBar(
            plain(issue.name, 60),
            each.value,
            words.ranked_value(order, each.value),
            each.cumulated,
            grew=issue.grows,
        )
    now, before = words.rates(issue)
    return ParetoBar(
        plain(issue.name, 60),
        now[0],
        f"{words.per_thousand(issue.share.value)} of 1,000",
        each.cumulated,
        now[1],
        now[2],
        before,
        issue.grows,
        words.interval(issue.share),
        words.per_thousand(issue.share_before.value) if issue.share_before else "",
    )


def recurring(view: View, asked: Asked) -> None:
    """Contacts that say nearly the same, when asked for; a click shows those of one group."""
    if asked.report.refused is not None:
        return
    st.header("What comes again and again", anchor=False)
    if not st.toggle(
        "Look for texts that repeat",
        key="repeats",
        bind="query-params",
        help="Compares all texts of the period; a few seconds for 10,000.",
    ):
        st.caption("Groups of contacts with nearly the same text, with what they cost.")
        return
    found = issues_store.recurring(view, asked.source, asked.known, asked.kept)
    st.markdown(f"**{sentence(words.recurring_sentence(found))}**")
    records = issue_tables.recurring_rows(found)
    if not records:
        return
    clicked = tables.choosable(
        records[:MOST_GROUPS], "repeats-table", "Groups of contacts with the same text"
    )
    downloads.rows("Download the groups", records, "repeats", "repeats", {"Text": "text"})
    if clicked is not None and clicked[0] < len(found.groups):
        group = found.groups[clicked[0]]
        part, _ = issues_store.COLUMNS.get(clicked[1], (issues.ALL, ""))
        rows = issues.rows_of(asked.kept, group.rows, part)
        which = "" if part == issues.ALL else f", {part.lower()}"
        with st.container(border=True, key="behind-repeats"):
            st.subheader(f"{len(rows):,} contacts of this group{which}", anchor=False)
            if rows.empty:
                st.caption("None of them.")
                return
            label = f"{len(rows)} contacts with nearly the same text"
            tables.frame(rows, view.definitions.timezone, label, {})
            downloads.table("Download these contacts", lambda: rows, "repeated contacts", "repeat-rows")


def rules(view: View, asked: Asked) -> None:
    """The lead's rules and families."""
    issues_rules.edit(asked.known, [(issue.name, issue.family) for issue in asked.report.issues])


def method(asked: Asked) -> None:
    """How all this was computed."""
    if asked.report.refused is not None:
        return
    with st.expander("How sure is this, and how was it computed?"):
        st.markdown("\n".join(f"- {sentence(text)}" for text in words.method_sentences(asked.report)))
