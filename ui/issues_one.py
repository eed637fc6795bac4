"""One issue: how it changed, what its texts say, its contacts, and the story of one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from kpi import issues
from kpi.issues import Issue
from kpi.model import Filter, Period
from kpi.words import issue_sentences as words
from kpi.words import issue_tables
from ui import choices, contacts, downloads, issues_store, tables
from ui.escape import plain, sentence
from ui.view import View

if TYPE_CHECKING:
    from ui.issues import Asked

EVERY = "All issues"
ELSEWHERE = "elsewhere"
"""In the name of a column whose numbers are of the other issues."""


def one(view: View, asked: Asked) -> None:
    """The issue that was clicked or chosen, its phrases and its contacts."""
    report = asked.report
    if report.refused is not None or not report.issues:
        return
    names = [issue.name for issue in report.issues]
    st.header("One issue", anchor=False)
    name = choices.choose("Issue", [EVERY, *names], "issue", first=1)
    chosen = next((issue for issue in report.issues if issue.name == name), None)
    if chosen is not None:
        st.markdown(sentence(words.issue_sentence(report, chosen)))
        family = f"Family: {chosen.family}" + (f", by {chosen.family_from}" if chosen.family_from else "")
        st.caption(sentence(" ".join(filter(None, (f"{family}.", words.again_sentence(report, chosen))))))
        _again(asked, chosen)
    _words(view, asked, chosen.name if chosen else "")
    with st.container(horizontal=True, vertical_alignment="bottom", key="issue-what"):
        sides = [issues_store.NOW] if report.before is None else [issues_store.NOW, issues_store.BEFORE]
        side = choices.choose("Contacts of", sides, "issue_side", width=190)
        part = choices.choose("Which of them", issues.parts(asked.kept), "issue_part", width=230)
        phrase = st.text_input("With the phrase", key="phrase", max_chars=80, width=260, bind="query-params")
    period = report.now if side == issues_store.NOW else report.before
    _contacts(view, asked, None if chosen is None else chosen.name, period, part, phrase)


def _again(asked: Asked, chosen: Issue) -> None:
    """The contacts that came back, in one click."""
    told = chosen.reopened.value is not None or chosen.repeated.value is not None
    if told and chosen.again:
        st.button(
            f"Show the {chosen.again:,} {words.contacts(asked.report.grain, chosen.again)} that came back",
            key="show-again",
            on_click=issues_store.show_part,
            args=(issues.AGAIN,),
            icon=":material/table_rows:",
            type="tertiary",
        )


def _words(view: View, asked: Asked, name: str) -> None:
    """What the texts of an issue say, and what it comes together with."""
    report = asked.report
    typical, new = issues_store.phrases(view, asked.source, asked.known, asked.kept, name)
    left, right = st.columns(2)
    many = words.contacts(report.grain).capitalize()
    with left, st.container(border=True, height="stretch"):
        st.subheader("What the texts say", anchor=False)
        if typical is not None:
            said = words.phrases_sentence(typical, "more frequent here than in other contacts")
            st.markdown(sentence(said))
            _phrase_table(view, asked, name, issue_tables.phrase_rows(typical, many, ELSEWHERE), "typical")
        st.markdown(sentence(f"New: {words.phrases_sentence(new, 'more frequent than before')}"))
        _phrase_table(view, asked, name, issue_tables.phrase_rows(new, many, "before"), "new")
    with right, st.container(border=True, height="stretch"):
        st.subheader("What it comes together with", anchor=False)
        if not name:
            st.caption("Choose one issue to see which channels, products and other columns it comes with.")
            return
        company = issues_store.company(view, asked.source, asked.known, asked.kept, name)
        st.markdown(sentence(words.company_sentence(company, name)))
        records = issue_tables.company_rows(company)
        if not records:
            return
        label = f"Values that are more frequent in {plain(name)} than elsewhere"
        clicked = tables.choosable(records, "together-table", label)
        downloads.rows("Download what comes together", records, f"together {name}", "together", {})
        if clicked is not None and clicked[0] < len(records):
            each = company.found[clicked[0]]
            where = (*report.where, Filter(each.field, (each.value,)))
            others = ELSEWHERE in clicked[1]
            rows = issues.rows(asked.kept, report.now, where=where, issue=name, elsewhere=others)
            said = f"{each.value}, about other issues" if others else each.value
            _below(view, asked, rows, f": {said}", f"{name} {said}", "together")


def _phrase_table(view: View, asked: Asked, name: str, records: list[dict[str, object]], key: str) -> None:
    """Phrases; a click on a number shows the contacts that hold it: those of other issues right below."""
    if not records:
        return
    clicked = tables.choosable(records, f"phrases-{key}", "Phrases with counts; a click shows the contacts")
    if clicked is None or clicked[0] >= len(records) or ELSEWHERE not in clicked[1]:
        issues_store.phrase_clicked(f"phrases-{key}", clicked, [str(row["Phrase"]) for row in records])
        return
    report, phrase = asked.report, str(records[clicked[0]]["Phrase"])
    rows = issues.rows(asked.kept, report.now, where=report.where, issue=name, phrase=phrase, elsewhere=True)
    said = f" about other issues with “{phrase}”"
    _below(view, asked, rows, said, f"not {name} {phrase}", f"phrases-{key}")


def _below(view: View, asked: Asked, rows: pd.DataFrame, said: str, name: str, key: str) -> None:
    """Contacts of other issues, or of one value, below the table that counts them."""
    counted = f"{len(rows):,} {words.contacts(asked.report.grain, len(rows))}{said}"
    contacts.below(view, rows, counted, name, box=f"behind-{key}", key=f"{key}-rows", order="newest")


def _contacts(
    view: View, asked: Asked, name: str | None, period: Period | None, part: str, phrase: str
) -> None:
    """The contacts, the newest first; a click on a row tells the story of one."""
    rows = issues.rows(
        asked.kept, period, where=asked.report.where, issue=name, part=part, phrase=phrase.strip()
    )
    counted = f"{len(rows):,} {words.contacts(asked.report.grain, len(rows))}"
    which = "" if part == issues.ALL else f", {part.lower()}"
    said = f" with “{phrase.strip()}”" if phrase.strip() else ""
    st.subheader(sentence(f"{counted}{which}{said}"), anchor=False)
    if rows.empty:
        st.caption("None of them.")
        return
    if len(rows) > contacts.MOST_BELOW:
        st.caption(f"The newest {contacts.MOST_BELOW:,} are shown; the download has all.")
    shown = rows.head(contacts.MOST_BELOW)
    zone = view.definitions.timezone
    place = contacts.choosable(shown, zone, "issue-rows-table", f"{counted}, the newest first")
    downloads.table("Download these contacts", lambda: rows, f"issue {name or 'all'} {part}", "issue-rows")
    if place is None:
        st.caption("Choose a row to read its story.")
        return
    contacts.story(issues.story(view.facts, shown.iloc[place]), zone, "story")
