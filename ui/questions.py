"""What the files leave open, asked as widgets: default first, examples and reason beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import available_timezones

import streamlit as st

from kpi.ingest import Account, Import, Question
from ui.escape import escape, plain, sentence

LEAVE_OUT = "Leave it out"
MOST_EXAMPLES = 5
SHARED = frozenset({"timezone"})
"""Questions that have one answer for all files of an upload."""


@dataclass(frozen=True)
class Asked:
    """One question and the files it is about."""

    question: Question
    files: tuple[Account, ...]

    @property
    def fingerprints(self) -> tuple[str, ...]:
        """Headers for which the answer is remembered."""
        return tuple(dict.fromkeys(file.fingerprint for file in self.files))


def open_questions(imported: Import) -> tuple[Asked, ...]:
    """Every question once: files with the same headers share theirs, and all files share the zone."""
    found: dict[tuple[str, str], Asked] = {}
    for account in imported.files:
        for question in account.questions:
            place = ("" if question.id in SHARED else account.fingerprint, question.id)
            known = found.get(place)
            found[place] = Asked(
                known.question if known else question, (*(known.files if known else ()), account)
            )
    return tuple(found.values())


def unanswered(imported: Import) -> int:
    """How many questions still stand on their default."""
    return sum(asked.question.id not in imported.answers for asked in open_questions(imported))


def ask(imported: Import, key: str) -> Mapping[str, dict[str, str]] | None:
    """A form with one widget a question; {header fingerprint: {question id: answer}} when it was sent."""
    with st.form(f"questions-{key}", border=True):
        answers = [(asked, _widget(asked, imported.answers, key)) for asked in open_questions(imported)]
        sent = st.form_submit_button("Use these answers", icon=":material/check:")
    if not sent:
        return None
    given: dict[str, dict[str, str]] = {}
    for asked, answer in answers:
        for fingerprint in asked.fingerprints if answer not in (None, LEAVE_OUT) else ():
            given.setdefault(fingerprint, {})[asked.question.id] = str(answer)
    return given


def _widget(asked: Asked, answers: Mapping[str, str], key: str) -> str | None:
    question = asked.question
    choices = _choices(question)
    given = answers.get(question.id, question.default)
    answer = st.selectbox(
        f"{sentence(question.about)} *({', '.join(escape(file.name) for file in asked.files)})*",
        choices,
        index=choices.index(given) if given in choices else 0,
        key=f"answer-{key}-{asked.fingerprints[0][:8]}-{question.id}",
        format_func=plain,
    )
    notes = []
    if question.examples:
        notes.append(f"Found: {', '.join(escape(e, 60) for e in question.examples[:MOST_EXAMPLES])}")
    if question.why:
        notes.append(sentence(question.why[:1].upper() + question.why[1:]))
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
    return list(dict.fromkeys([LEAVE_OUT if question.default is None else question.default, *choices]))
