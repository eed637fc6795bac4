"""What customers are told was changed because of their feedback: nobody's name, address or number in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kpi.actions.nouns import Outcome, Review
from kpi.export import OWN_WORDS, Names, masked
from kpi.periods.wording import MONTHS
from kpi.workspace import ActionStatus

TITLE = "What we changed because of your feedback"
UNDER_WAY = "What we are working on"


def told_text(reviews: Sequence[Review], names: Iterable[str] = ()) -> str:
    """A text for customers from the ``told`` of actions that are done or under way; "" when there is none.

    Parameters
        names: of persons (agents, owners); they and their parts become "a colleague", e-mail addresses and
            telephone numbers are taken out.

    Results are never promised: whether an action helped is for the team.
    """
    hidden = Names()
    for name in names:
        hidden.add(name, parts=True)
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
            said.append(
                f"- {MONTHS[day.month - 1]} {day.year}: {_one_line(masked(action.told, hidden, OWN_WORDS))}"
            )
        parts.append("\n".join([TITLE, "", *said]))
    if begun:
        said = [f"- {_one_line(masked(action.told, hidden, OWN_WORDS))}" for action in begun]
        parts.append("\n".join([UNDER_WAY, "", *said]))
    return "\n\n".join(parts)


def harmful(reviews: Sequence[Review]) -> tuple[str, ...]:
    """Titles of actions that customers would be told of and that made things worse."""
    return tuple(one.action.title for one in reviews if one.action.told and one.outcome is Outcome.MADE_WORSE)


def _one_line(text: str) -> str:
    return " ".join(text.split())
