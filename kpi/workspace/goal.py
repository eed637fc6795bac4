"""Goals: a metric is to go from one value to another by a date."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from kpi.model import Filter
from kpi.workspace.form import Form

LONGEST_WINDOW = 366


@dataclass(frozen=True)
class Goal:
    """ "Rolling 7-day CSAT from 82 % to 87 % by 28 February"."""

    id: str
    """Empty for one that was never kept."""
    metric: str
    """Key of a metric; it may have vanished from the data."""
    from_value: float
    """Where it stood at the start, in the metric's own unit, shares 0-1."""
    to_value: float
    by: date
    """The last day on which it may be reached."""
    window_days: int = 7
    """The value is that of so many days together, the last of them the day it is looked at."""
    where: tuple[Filter, ...] = ()
    """The segment it is for; empty for everything."""
    start: date | None = None
    """Day from which the pace is reckoned; None for the day it was first kept (see its history)."""
    name: str = ""
    owner: str = ""
    note: str = ""
    version: int = 0

    def checked(self) -> Goal:
        """The same goal with its filters in order and blanks taken away.

        Raises:
            Invalid: with everything that is wrong.
        """
        form = Form("this goal")
        start = form.day("start", self.start, needed=False)
        by = form.day("by", self.by)
        form.order("start", start, "by", by)
        low, high = form.number("from_value", self.from_value), form.number("to_value", self.to_value)
        if low is not None and low == high:
            form.wrong("to_value", f"{high:g} is where it starts; a goal is a change")
        cleaned = replace(
            self,
            metric=form.line("metric", self.metric),
            from_value=self.from_value if low is None else low,
            to_value=self.to_value if high is None else high,
            window_days=form.whole("window_days", self.window_days, low=1, high=LONGEST_WINDOW),
            where=form.where("where", self.where),
            name=form.line("name", self.name, needed=False),
            owner=form.line("owner", self.owner, needed=False),
            note=form.text("note", self.note),
        )
        form.check()
        return cleaned

    def order(self) -> tuple[object, ...]:
        """By the date it ends, then metric."""
        return self.by, self.metric
