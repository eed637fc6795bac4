"""Notes: what somebody wrote beside a number, a page or a segment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from kpi.workspace.form import Form


@dataclass(frozen=True)
class Note:
    """A remark. ``about`` says of what: a page of the app with its choices, or a metric."""

    id: str
    """Empty for one that was never kept."""
    about: str
    """Free words or a reference: "csat", "compare?metric=csat"; notes about the same thing share it."""
    text: str
    writer: str = ""
    day: date | None = None
    """The day it speaks of, None for none."""
    version: int = 0

    def checked(self) -> Note:
        """The same note with blanks and invisible characters taken away.

        Raises:
            Invalid: with everything that is wrong.
        """
        form = Form("this note")
        form.day("day", self.day, needed=False)
        cleaned = replace(
            self,
            about=form.line("about", self.about, most=500),
            text=form.text("text", self.text, needed=True),
            writer=form.line("writer", self.writer, needed=False),
        )
        form.check()
        return cleaned

    def order(self) -> tuple[object, ...]:
        """By what it is about, then day; those without a day first."""
        return self.about.casefold(), self.day or date.min
