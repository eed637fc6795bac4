"""What happened to a kept record, and what happens when two people change one at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar, runtime_checkable

from kpi.workspace.nouns import Invalid, WorkspaceError, Wrong


class Kept(Protocol):
    """A frozen dataclass that people keep: plain values, dates, filters, and tuples of them."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def id(self) -> str:
        """Empty for one that was never kept."""
        ...

    @property
    def version(self) -> int:
        """Counted up whenever it is kept."""
        ...

    def checked(self) -> Self:
        """The record as it is kept; raises Invalid with everything that is wrong."""
        ...

    def order(self) -> tuple[Any, ...]:
        """Where it stands among those of its kind."""
        ...


@runtime_checkable
class Beside(Protocol):
    """A record that must also go together with the others of its kind."""

    def wrongs_beside(self, others: Sequence[Any]) -> tuple[Wrong, ...]:
        """What is wrong with it beside the others."""
        ...


K = TypeVar("K", bound=Kept)


class Fate(StrEnum):
    """What became of a change."""

    KEPT = "kept"
    SET_ASIDE = "set aside"
    """It came too late: somebody had changed the record meanwhile. It was not applied and is not lost."""
    DROPPED = "dropped"


@dataclass(frozen=True)
class Change(Generic[K]):
    """One change of a record."""

    record: K
    """As it was after the change; what was to be kept when it was set aside; as it last was when dropped."""
    fate: Fate
    at: datetime
    """UTC."""
    author: str
    """Who did it, "" when nobody was named."""


class Conflict(WorkspaceError):
    """Somebody changed the record after it was read. Nothing was written over; both versions are here.

    ``kept`` is what stands (None: it was dropped meanwhile), ``given`` what was to be kept (None: it was to
    be dropped), ``base`` the version that was read. To put ``given`` in place of ``kept`` all the same, keep
    it again with ``version``; ``given`` also stands in the history, set aside. ``together`` are all records
    that were to be kept with it; none of them was.
    """

    def __init__(
        self,
        noun: str,
        kept: Kept | None,
        given: Kept | None,
        base: Kept | None,
        version: int,
        together: Sequence[Kept] = (),
    ) -> None:
        self.together = tuple(together)
        self.kept = kept
        self.given = given
        self.base = base
        self.version = version
        did = "dropped" if kept is None else "changed"
        super().__init__(
            f"somebody {did} {noun} after you opened it; nothing was lost: look at both and keep the one "
            "that is right"
        )

    @property
    def clashing(self) -> tuple[str, ...]:
        """Fields that both changed, each to another value."""
        if self.kept is None or self.given is None:
            return ()
        return tuple(
            name
            for name in _names(self.given)
            if getattr(self.given, name) != getattr(self.kept, name)
            and (
                self.base is None
                or getattr(self.base, name) not in (getattr(self.given, name), getattr(self.kept, name))
            )
        )

    @property
    def merged(self) -> Kept | None:
        """Both changes together, ready to be kept; None when they clash or do not go together."""
        if self.kept is None or self.given is None or self.base is None or self.clashing:
            return None
        ours = {
            name: getattr(self.given, name)
            for name in _names(self.given)
            if getattr(self.given, name) != getattr(self.base, name)
        }
        try:
            return replace(self.kept, **ours).checked()
        except Invalid:
            return None


def same(one: Kept, other: Kept) -> bool:
    """Whether two versions say the same."""
    return all(getattr(one, name) == getattr(other, name) for name in _names(one))


def _names(record: Kept) -> list[str]:
    return [field.name for field in fields(record) if field.name not in ("id", "version")]
