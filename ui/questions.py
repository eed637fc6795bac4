"""What the files leave open, asked as widgets: default first, examples and reason beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import available_timezones

import streamlit as st

from kpi.ingest import Account, Import, Question
from ui.escape import escape, plain, sentence

LEAVE_OUT = "Leave it out"
MOST_EXAMPLES = 5


def open_questions(imported: Import) -> tuple[tuple[Account, Question], ...]:
    """Every question of every file, in their order."""
    return tuple((account, question) for account in imported.files for question in account.questions)


def unanswered(imported: Import) -> int:
    """How many questions still stand on their default."""
    return sum(question.id not in imported.answers for _, question in open_questions(imported))


def ask(imported: Import, key: str) -> Mapping[str, dict[str, str]] | None:
    """A form with one widget a question; {header fingerprint: {question id: answer}} when it was sent."""
    asked = open_questions(imported)
    with st.form(f"questions-{key}", border=True):
        answers = [
            (account, question, _widget(account, question, imported.answers, key))
            for account, question in asked
        ]
        sent = st.form_submit_button("Use these answers", type="primary", icon=":material/check:")
    if not sent:
        return None
    given: dict[str, dict[str, str]] = {}
    for account, question, answer in answers:
        if answer is not None and answer != LEAVE_OUT:
            given.setdefault(account.fingerprint, {})[question.id] = answer
    return given


def _widget(account: Account, question: Question, answers: Mapping[str, str], key: str) -> str | None:
    choices = _choices(question)
    given = answers.get(question.id, question.default)
    at = choices.index(given) if given in choices else 0
    answer = st.selectbox(
        f"{sentence(question.about)} *({escape(account.name)})*",
        choices,
        index=at,
        key=f"answer-{key}-{account.fingerprint[:8]}-{question.id}",
        format_func=plain,
        help=sentence(question.why) or None,
    )
    notes = (
        [f"Found: {', '.join(escape(e, 60) for e in question.examples[:MOST_EXAMPLES])}"]
        if question.examples
        else []
    )
    if question.why:
        notes.append(sentence(question.why))
    if notes:
        st.caption(" · ".join(notes))
    return None if answer is None else str(answer)


def _choices(question: Question) -> Sequence[str]:
    """The default first; of zones the one of this browser next; "leave it out" where nothing is assumed."""
    choices = list(question.choices)
    if not choices:
        here = st.context.timezone
        zones = sorted(available_timezones())
        choices = [here, *zones] if here in zones else zones
    if question.default is None:
        return list(dict.fromkeys([LEAVE_OUT, *choices]))
    return list(dict.fromkeys([question.default, *choices]))
