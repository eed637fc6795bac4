"""Events that a lead knows of: what happened on a day, marked on the history."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from kpi.workspace.form import Form


class EventKind(StrEnum):
    """What kind of thing happened."""

    RELEASE = "release"
    OUTAGE = "outage"
    CAMPAIGN = "campaign"
    STAFFING = "staffing"
    OTHER = "other"


@dataclass(frozen=True)
class Event:
    """One thing that happened on a day, or from that day until another one, both included."""

    id: str
    """Empty for one that was never kept."""
    day: date
    name: str
    kind: str = EventKind.OTHER.value
    """A value of :class:`EventKind`."""
    note: str = ""
    until: date | None = None
    """Last day; None when it happened on ``day`` alone."""
    version: int = 0
    """Which version this is: counted up whenever it is kept."""

    def checked(self) -> Event:
        """The same event with blanks and invisible characters taken away.

        Raises:
            Invalid: with everything that is wrong.

        >>> Event("", date(2026, 3, 2), " Release 2.4 ", "Release").checked().name
        'Release 2.4'
        """
        form = Form("this event")
        day = form.day("day", self.day)
        until = form.day("until", self.until, needed=False)
        form.order("day", day, "until", until)
        cleaned = replace(
            self,
            name=form.line("name", self.name),
            kind=form.choice("kind", self.kind, EventKind),
            note=form.text("note", self.note),
            until=None if until == day else until,
        )
        form.check()
        return cleaned

    def order(self) -> tuple[object, ...]:
        """By day, then name."""
        return self.day, self.name.casefold()
