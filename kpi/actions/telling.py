"""What customers are told was changed because of their feedback: nobody's name, address or number in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from kpi.actions.nouns import Outcome, Review
from kpi.periods.wording import MONTHS
from kpi.workspace import ActionStatus

TITLE = "What we changed because of your feedback"
UNDER_WAY = "What we are working on"
EMAIL = re.compile(r"[^\s@<>()\[\],;:\"']+@[^\s@<>()\[\],;:\"']+\.\w{2,}")
NUMBER = re.compile(r"(?<![\w.,:/-])\+?\(?\d[\d \-./()]{5,}\d(?![\w:])")
A_DATE = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}")
SHORTEST_NAME = 3
FEWEST_DIGITS = 7


def told_text(reviews: Sequence[Review], names: Iterable[str] = ()) -> str:
    """A text for customers from the ``told`` of actions that are done or under way; "" when there is none.

    Parameters
        names: of persons (agents, owners); they and their parts become "a colleague", e-mail addresses and
            telephone numbers are taken out.

    Results are never promised: whether an action helped is for the team.
    """
    hidden = _names(names)
    done = sorted(
        (one.action for one in reviews if one.action.told and one.action.status == ActionStatus.DONE),
        key=lambda action: action.done_on or action.due,
        reverse=True,
    )
    begun = [
        one.action for one in reviews if one.action.told and one.action.status == ActionStatus.IN_PROGRESS
    ]
    parts = []
    if done:
        said = []
        for action in done:
            day = action.done_on or action.due
            said.append(f"- {MONTHS[day.month - 1]} {day.year}: {_one_line(redacted(action.told, hidden))}")
        parts.append("\n".join([TITLE, "", *said]))
    if begun:
        said = [f"- {_one_line(redacted(action.told, hidden))}" for action in begun]
        parts.append("\n".join([UNDER_WAY, "", *said]))
    return "\n\n".join(parts)


def harmful(reviews: Sequence[Review]) -> tuple[str, ...]:
    """Titles of actions that customers would be told of and that made things worse."""
    return tuple(one.action.title for one in reviews if one.action.told and one.outcome is Outcome.MADE_WORSE)


def redacted(text: str, names: re.Pattern[str] | None) -> str:
    """The text without names, e-mail addresses and telephone numbers.

    >>> redacted("Ask Ana Lopez, a@b.de or 0171 2345678; new since 2026-06-15", _names(["Ana Lopez"]))
    'Ask a colleague, [e-mail] or [number]; new since 2026-06-15'
    """
    text = EMAIL.sub("[e-mail]", text)
    text = NUMBER.sub(_number, text)
    return text if names is None else re.sub(r"a colleague(\W+a colleague)+", "a colleague",
                                             names.sub("a colleague", text))  # fmt: skip


def _number(found: re.Match[str]) -> str:
    text = found.group()
    digits = sum(letter.isdigit() for letter in text)
    return text if digits < FEWEST_DIGITS or A_DATE.fullmatch(text) else "[number]"


def _names(names: Iterable[str]) -> re.Pattern[str] | None:
    """Whole names in any case; their parts as they are written, so that "may" stays and "May" goes."""
    every = {" ".join(name.split()) for name in names}
    every = {name for name in every if len(name) >= SHORTEST_NAME and any(map(str.isalpha, name))}
    whole = {name for name in every if " " in name}
    parts = {part for name in whole for part in re.findall(r"[^\W\d_]+", name)}
    parts = {part for part in parts if len(part) >= SHORTEST_NAME and part[0].isupper()} | (every - whole)
    patterns = [(whole, "?i:"), (parts, "?:")]
    said = [rf"(?<!\w)({mode}{_either(words)})(?!\w)" for words, mode in patterns if words]
    return re.compile("|".join(said)) if said else None


def _either(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _one_line(text: str) -> str:
    return " ".join(text.split())
