"""Targets: the value a metric is to reach, for everybody or for a segment, while they hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from kpi.model import Filter
from kpi.workspace.form import Form
from kpi.workspace.nouns import Wrong


@dataclass(frozen=True)
class Target:
    """What a metric is to reach. Which side of ``value`` is good follows from the metric's direction."""

    id: str
    """Empty for one that was never kept."""
    metric: str
    """Key of a metric; it may have vanished from the data."""
    value: float
    """In the metric's own unit, shares 0-1."""
    where: tuple[Filter, ...] = ()
    """The segment it is for (chats, urgent tickets); empty for everything."""
    valid_from: date | None = None
    """First day it holds; None for always until then."""
    valid_until: date | None = None
    """Last day it holds; None for always from then."""
    note: str = ""
    version: int = 0

    def checked(self) -> Target:
        """The same target with its filters in order and blanks taken away.

        Raises:
            Invalid: with everything that is wrong.
        """
        form = Form("this target")
        first = form.day("valid_from", self.valid_from, needed=False)
        last = form.day("valid_until", self.valid_until, needed=False)
        form.order("valid_from", first, "valid_until", last)
        value = form.number("value", self.value)
        cleaned = replace(
            self,
            metric=form.line("metric", self.metric),
            value=self.value if value is None else value,
            where=form.where("where", self.where),
            note=form.text("note", self.note),
        )
        form.check()
        return cleaned

    def holds_on(self, day: date) -> bool:
        """Whether it holds on a day.

        >>> Target("", "csat", 0.9, valid_until=date(2026, 6, 30)).holds_on(date(2026, 7, 1))
        False
        """
        return (self.valid_from or day) <= day <= (self.valid_until or day)

    def wrongs_beside(self, others: Sequence[Target]) -> tuple[Wrong, ...]:
        """Another target for the same metric and segment that holds on some of the same days."""
        return tuple(
            Wrong(
                "valid_from",
                f"there is a target of {other.value:g} for the same metric and segment that holds "
                f"{_span(other)}; change that one, or let it end before this one begins",
            )
            for other in others
            if other.metric == self.metric and _segment(other) == _segment(self) and _overlap(self, other)
        )

    def order(self) -> tuple[object, ...]:
        """By metric, the one for everything first, then by segment and first day."""
        return self.metric, len(self.where), _segment(self), self.valid_from or date.min


def _segment(target: Target) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((item.field, tuple(sorted(v.casefold() for v in item.values))) for item in target.where)


def _overlap(one: Target, other: Target) -> bool:
    begins = max(one.valid_from or date.min, other.valid_from or date.min)
    return begins <= min(one.valid_until or date.max, other.valid_until or date.max)


def _span(target: Target) -> str:
    first, last = target.valid_from, target.valid_until
    words = [f"from {first.isoformat()}" if first else "", f"until {last.isoformat()}" if last else ""]
    return " ".join(word for word in words if word) or "always"
