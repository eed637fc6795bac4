"""Questions about what no test settles, and the answers to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from zoneinfo import available_timezones

from kpi.ingest.nouns import Question
from kpi.ingest.reading import Finding

LONGEST_EXAMPLE = 80
MOST_BEFORE_THE_FIRST_CHART = 5

Answers = Mapping[str, "str | Mapping[str, str]"]
"""Question id → answer, or file name (or header fingerprint) → {question id: answer}."""


def shortened(text: str) -> str:
    """A cell made fit for being shown."""
    return text if len(text) <= LONGEST_EXAMPLE else text[: LONGEST_EXAMPLE - 1] + "…"


@dataclass
class Asking:
    """Collects the questions of one file, looks up their answers, and notes what was assumed."""

    file: str
    fingerprint: str
    answers: Answers
    asked: list[Question] = field(default_factory=list)
    assumed: list[str] = field(default_factory=list)
    used: dict[str, str] = field(default_factory=dict)
    problems: list[Finding] = field(default_factory=list)

    def given(self, key: str) -> str | None:
        """The answer that was given for this file, asked or not; the nearest one wins."""
        for scope in (self.file, self.fingerprint):
            scoped = self.answers.get(scope)
            if isinstance(scoped, Mapping) and key in scoped:
                return str(scoped[key]).strip()
        answer = self.answers.get(key)
        return None if answer is None or isinstance(answer, Mapping) else str(answer).strip()

    def volunteered(self, key: str, allowed: Callable[[str], bool], expected: str) -> str | None:
        """A given answer to something not asked; None when absent or not usable (reported)."""
        answer = self.given(key)
        if answer is None:
            return None
        if not allowed(answer):
            self._refuse(key, answer, expected)
            return None
        self.used[key] = answer
        return answer

    def ask(self, question: Question, assumption: str = "") -> tuple[str | None, str]:
        """The answer to a question and its origin: ``asked`` (answered) or ``assumed`` (default taken).

        An answer outside the choices is reported as ``A_INVALID`` and the default is taken.
        """
        shown = tuple(shortened(example) for example in question.examples)
        self.asked.append(replace(question, examples=shown))
        answer = self.given(question.id)
        if answer is not None:
            folded = {choice.casefold(): choice for choice in question.choices}
            if not question.choices or answer.casefold() in folded:
                answer = folded.get(answer.casefold(), answer)
                self.used[question.id] = answer
                return answer, "asked"
            self._refuse(question.id, answer, "one of: " + ", ".join(question.choices))
        if question.default is not None:
            self.assumed.append(assumption or f"{question.about} Taken: {question.default}.")
        return question.default, "assumed"

    def ask_zone(self, header: str, examples: tuple[str, ...], default: str) -> tuple[str, str]:
        """The zone of times that declare none."""
        question = Question(
            id="timezone",
            about=f"In which time zone are the times of '{header}' written? The file does not say.",
            default=default,
            choices=(),
            column=header,
            examples=tuple(shortened(example) for example in examples),
            why="Days, hours, opening times and clock changes of every time in this file depend on it.",
        )
        self.asked.append(question)
        answer = self.given("timezone")
        if answer is not None:
            if answer in available_timezones():
                self.used["timezone"] = answer
                return answer, "asked"
            self._refuse("timezone", answer, "an IANA zone such as Europe/Berlin")
        self.assumed.append(f"Times without a zone were read as {default}, the zone of the team.")
        return default, "assumed"

    def _refuse(self, key: str, answer: str, expected: str) -> None:
        self.problems.append(
            Finding(
                code="A_INVALID",
                column=None,
                count=1,
                detail=f"The answer '{answer}' to '{key}' was not used: expected {expected}.",
            )
        )


def unknown_answers(answers: Answers, files: Mapping[str, str], known: frozenset[str]) -> tuple[str, ...]:
    """Sentences about answers that no file had a use for, so that a typing error never passes unseen.

    ``files`` is file name → fingerprint, ``known`` the ids that were asked or used.
    """
    scopes = set(files) | set(files.values())
    lost: list[str] = []
    for key, answer in answers.items():
        if isinstance(answer, Mapping):
            if key not in scopes:
                lost.append(f"Answers for '{key}' were not used: no such file; files are {', '.join(files)}.")
                continue
            lost += [
                f"The answer to '{inner}' ({key}) was not used: nothing asks it."
                for inner in answer
                if inner not in known
            ]
        elif key not in known:
            lost.append(f"The answer to '{key}' was not used: nothing asks it.")
    return tuple(lost)
