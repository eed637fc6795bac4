"""What common issues are made of. Frozen values; ``None`` is "no answer" and has a reason beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from kpi.model import Basis, Difference, Estimate, Filter, Grain, Period

OTHER = "(other texts)"
"""Texts that no rule and no group takes."""
NO_TEXT = "(no text)"
"""Contacts whose text is empty or too short to say anything."""
NOT_MAPPED = "not mapped"
"""The family of an issue that neither a rule nor its words put into one of the four."""
SURE = 0.8
"""A kind of rise is told when it is at least this likely."""


class Origin(StrEnum):
    """Where issues come from."""

    FIELD = "field"
    RULES = "rules"
    TEXTS = "texts"
    NOTHING = "nothing"


class Rule(Protocol):
    """Words in a text → an issue → a family (``kpi.workspace.CategoryRule``)."""

    @property
    def patterns(self) -> tuple[str, ...]: ...
    @property
    def issue(self) -> str: ...
    @property
    def family(self) -> str: ...


@dataclass(frozen=True)
class Source:
    """Where the issues come from: the kind, the name of the column, and why this one."""

    origin: Origin
    field: str = ""
    why: str = ""
    groups: int = 0
    """Number of groups that texts were sorted into; 0 for fields and rules."""


class Rise(StrEnum):
    """How an issue grew."""

    AT_ONCE = "jumped"
    STEP_BY_STEP = "grew step by step"
    UNCLEAR = "grew"


@dataclass(frozen=True)
class Onset:
    """When a share began to rise.

    Attributes:
        day: the first day of the rise, as likely too early as too late; ``low`` and ``high`` the days between
            which it lies (95 %), whatever kind of rise it was.
        until: the day on which a rise step by step ended; None for one at once or one that still goes on.
        step_by_step: how likely it came over four weeks or more (0 to 1), against at once or in fewer days.
        before, after: the share before and after the rise.
    """

    day: date
    low: date
    high: date
    until: date | None
    step_by_step: float
    before: float
    after: float

    @property
    def kind(self) -> Rise:
        """The kind of rise, where the days tell it with four to one."""
        if self.step_by_step >= SURE:
            return Rise.STEP_BY_STEP
        return Rise.AT_ONCE if self.step_by_step <= 1 - SURE else Rise.UNCLEAR


@dataclass(frozen=True)
class Ratio:
    """Share now ÷ share before, with its interval.

    ``high`` is ``inf`` where the data set no bound. ``p`` is the larger of the exact conditional and the
    daily answer; ``p_adjusted`` allows for every issue that was looked at (Benjamini-Hochberg).
    """

    value: float
    low: float
    high: float
    p: float
    p_adjusted: float
    effect: float


@dataclass(frozen=True)
class More:
    """Contacts of the period now beyond those that the share before would have given, with the interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Issue:
    """One issue in the period now.

    Attributes:
        family: one of the four families, or "not mapped"; ``family_from`` says who says so.
        n, n_before: contacts created in each period.
        share, share_before: of all contacts (0 to 1) with intervals; × 1,000 is the rate per 1,000 contacts.
        change: share now − share before; None with ``change_reason``.
        more: contacts more than at the share before; None where that cannot be said.
        minutes: handled minutes of the ``timed`` contacts where they are known; None where they never are.
        wait_hours: hours from creation to solution, over the ``ended`` solved contacts; None where unknown.
        unhappy: of ``rated`` answers, how many were not satisfied (1 or 2 of 5); None without any survey.
        reopened, repeated: share of solved contacts that came back, and that were followed by another.
        negative: share of contacts with a sentiment whose sentiment is negative.
        again: contacts that were reopened or followed by another one of the customer; ``again_minutes`` of
            handling the ``again_timed`` of them cost.
    """

    name: str
    family: str
    family_from: str
    n: int
    n_before: int
    share: Estimate
    share_before: Estimate | None
    change: Difference | None
    change_reason: str
    ratio: Ratio | None
    minutes: float | None
    timed: int
    wait_hours: float | None
    ended: int
    unhappy: int | None
    rated: int
    reopened: Estimate
    repeated: Estimate
    negative: Estimate
    again: int
    again_minutes: float
    again_timed: int
    grows: bool = False
    falls: bool = False
    onset: Onset | None = None
    more: More | None = None


@dataclass(frozen=True)
class Report:
    """The issues of a data set in a period, the most frequent first.

    Attributes:
        source: where they come from.
        grain, basis: which contacts were counted, and by which date.
        now, before: the periods; None where contacts have no date.
        total, total_before: contacts in each period, those without an issue among them.
        unnamed: contacts of the period now without an issue, by what they lack.
        looked_at: how many issues were tested; ``too_few`` how many were too rare for it.
        emerging: issues whose share grew beyond chance, first the one that surely brought most contacts more
            (lower end of the interval of :attr:`Issue.more`).
        refused: why there are no issues at all, None when there are.
        no_change: why now is not held against before, None when it is.
        minutes_from, wait_from: what handling time and waiting are made from, or why they are not there.
        feeling: what sentiments are made from where no column holds them.
    """

    source: Source
    grain: Grain
    basis: Basis
    now: Period | None
    before: Period | None
    where: tuple[Filter, ...]
    total: int
    total_before: int
    unnamed: tuple[tuple[str, int], ...]
    issues: tuple[Issue, ...]
    emerging: tuple[Issue, ...]
    looked_at: int
    too_few: int
    refused: str | None
    no_change: str | None
    minutes_from: str
    wait_from: str
    unhappy_from: str
    level: float
    feeling: str = ""

    @property
    def named(self) -> int:
        """Contacts of the period now that have an issue."""
        return sum(issue.n for issue in self.issues)
