"""What bottlenecks are made of. Frozen values; ``None`` is "no answer" and has a reason beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kpi.model import Comparison, Estimate, Filter, Grain, Period

Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
NO_ROWS: Longs = np.zeros(0, np.int64)

FIRST, TEAM, WORK, CUSTOMER, THIRD, CLOSED, UNTOLD = (
    "Waiting for the first reply",
    "With the team after the first reply",
    "Being worked on",
    "Waiting for the customer",
    "Waiting for a third party",
    "Desk closed",
    "Not told by the data",
)
PARTS = (FIRST, TEAM, WORK, CUSTOMER, THIRD, CLOSED, UNTOLD)
"""Parts of the time from creation to solution; of every contact they add up to the whole."""

QUEUE, TALK, HELD, AFTER = (
    "Waiting in the queue",
    "Talking",
    "On hold during the call",
    "Work after the call",
)
CALL_PARTS = (QUEUE, TALK, HELD, AFTER)
"""Parts of the time of an answered call, from its coming to the end of the work on it."""


@dataclass(frozen=True, eq=False)
class Behind:
    """The rows behind a number: places in the table of one grain. ``n`` is the number itself."""

    grain: Grain
    rows: Longs

    @property
    def n(self) -> int:
        """How many there are."""
        return int(self.rows.size)


@dataclass(frozen=True)
class Effect:
    """What goes with a flag or a doubling, within the same kind; None with a ``reason``.

    ``clusters`` is how many equal clusters the evidence is worth.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    se: float | None = None
    df: float | None = None
    clusters: float = 0.0
    reason: str | None = None


# ---------------------------------------------------------------- where time goes


@dataclass(frozen=True, eq=False)
class Part:
    """One part of the time of solved contacts.

    Attributes:
        hours, hours_before: of all solved contacts of a period together.
        share, share_before: of the whole time, with intervals (days as clusters).
        comparison: mean hours of a contact, now against before; None where it was not judged.
        behind, behind_before: contacts that have any of it.
    """

    name: str
    hours: float
    hours_before: float
    share: Estimate
    share_before: Estimate | None
    comparison: Comparison | None
    behind: Behind
    behind_before: Behind


@dataclass(frozen=True, eq=False)
class Slice:
    """The parts of one channel or issue (now): hours by name of the part."""

    name: str
    hours: Mapping[str, float]
    behind: Behind

    @property
    def total(self) -> float:
        """Hours of all parts."""
        return sum(self.hours.values())


@dataclass(frozen=True, eq=False)
class Split:
    """Where the time of solved contacts went.

    Attributes:
        told: contacts whose time is known; ``solved`` those solved in the period.
        closed_from: whose opening hours tell when the desk is closed; ``why_open`` why that is not told.
        notes: what had to be assumed, and which columns would tell more.
        refused: why there is no answer at all.
    """

    now: Period
    before: Period
    where: tuple[Filter, ...]
    solved: int
    told: Behind
    told_before: Behind
    parts: tuple[Part, ...]
    closed_from: str
    why_open: str
    notes: tuple[str, ...]
    refused: str | None
    level: float

    @property
    def hours(self) -> float:
        """Hours of all parts now."""
        return sum(part.hours for part in self.parts)

    @property
    def hours_before(self) -> float:
        """Hours of all parts before."""
        return sum(part.hours_before for part in self.parts)


@dataclass(frozen=True, eq=False)
class Stage:
    """One stage of a contact: median and 90th percentile of its wait.

    ``still``: of the contacts ``behind`` it those that are still in it; their time so far counts as such.
    """

    name: str
    median: Comparison
    p90: Comparison
    behind: Behind
    behind_before: Behind
    still: Behind


@dataclass(frozen=True)
class Stages:
    """Stages in their order; ``missing`` says which could not be told, and which column would tell."""

    found: tuple[Stage, ...]
    missing: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()


# ---------------------------------------------------------------- hours


@dataclass(frozen=True)
class Slot:
    """An hour of the day on some weekdays (0 Monday)."""

    weekdays: tuple[int, ...]
    hour: int


@dataclass(frozen=True, eq=False)
class Standing:
    """An hour held against the other open hours of the same days.

    Attributes:
        effect: log of the ratio of typical waits; for shares the difference (0 to 1).
        shrunk: the effect pulled towards those of the other hours.
        typical, typical_others: median wait in seconds, or share, in the hour and in the others of its days.
        p_adjusted: for every hour of every measure that was looked at.
    """

    measure: str
    slot: Slot
    effect: Effect
    shrunk: float | None
    typical: float
    typical_others: float
    p_adjusted: float | None
    behind: Behind
    others: int

    @property
    def slower(self) -> bool:
        """Whether customers fare worse in it."""
        return (self.effect.value or 0.0) > 0


@dataclass(frozen=True, eq=False)
class Cell:
    """One hour of one weekday: what came, and how it fared against the other hours of its days."""

    weekday: int
    hour: int
    behind: Behind
    value: float | None
    """Median seconds, share, or number per day."""
    against: float | None
    """Ratio (waits) or difference (shares) to the other open hours of the same days; None with too few."""
    stands_out: bool = False


@dataclass(frozen=True, eq=False)
class Grid:
    """Cells of one thing by hour and weekday. ``kind``: "wait", "share" or "count"."""

    name: str
    kind: str
    cells: tuple[Cell, ...]
    about: str
    grain: Grain = Grain.TICKETS


@dataclass(frozen=True, eq=False)
class Hours:
    """Which hours stand out.

    Attributes:
        days: the days looked at; ``found`` hours beyond chance, slower ones first.
        looked_at: hours tested, ``too_few`` those with too few contacts.
        working: weekdays taken together as working days.
        open_from: what tells the open hours.
    """

    days: Period
    zone: str
    grids: tuple[Grid, ...]
    found: tuple[Standing, ...]
    looked_at: int
    too_few: int
    working: tuple[int, ...]
    open_from: str
    notes: tuple[str, ...]
    refused: str | None
    level: float


@dataclass(frozen=True, eq=False)
class Load:
    """How much comes and is answered in an hour of its days, and in their other open hours, on average.

    ``behind``: contacts of the hour; ``behind_others`` those of the other open hours.
    """

    name: str
    value: float
    others: float
    behind: Behind
    behind_others: Behind


# ---------------------------------------------------------------- backlog


@dataclass(frozen=True, eq=False)
class Age:
    """Open contacts of an age band (days) at the end of both periods."""

    name: str
    low: int
    high: int | None
    behind: Behind
    behind_before: Behind


@dataclass(frozen=True, eq=False)
class Ageing:
    """The age of what is open; ``by`` is value of a dimension → open, and open for more than a week."""

    now: Period
    before: Period
    bands: tuple[Age, ...]
    behind: Behind
    behind_before: Behind
    oldest: int | None
    comparison: Comparison | None
    by: Mapping[str, tuple[tuple[str, Behind, Behind], ...]]
    notes: tuple[str, ...]
    refused: str | None


# ---------------------------------------------------------------- loops


@dataclass(frozen=True, eq=False)
class Loop:
    """Contacts that went round: handed over, to and fro, opened again.

    Attributes:
        share: of the solved contacts where it is known; ``of_time`` their share of the time to solution.
        effect: log of the ratio of times to solution against the same kind of contacts.
        behind, behind_others: contacts that went round, and the others where it is known.
    """

    name: str
    share: Estimate
    of_time: Estimate
    median: float
    median_others: float
    effect: Effect
    p_adjusted: float | None
    behind: Behind
    behind_others: Behind


@dataclass(frozen=True)
class Loops:
    """Every loop that the data can tell. ``kinds``: what "the same kind" means."""

    found: tuple[Loop, ...]
    kinds: tuple[str, ...]
    missing: tuple[str, ...]
    refused: str | None
    level: float


# ---------------------------------------------------------------- satisfaction


@dataclass(frozen=True, eq=False)
class Band:
    """Satisfaction of contacts whose time lies in one band of their channel, with the case mix made alike."""

    name: str
    satisfied: Estimate
    raw: float
    behind: Behind


@dataclass(frozen=True, eq=False)
class Relation:
    """How satisfaction goes with a time. ``slope``: change of the share for every doubling of the time."""

    name: str
    slope: Effect
    p_adjusted: float | None
    detectable: float | None
    bands: tuple[Band, ...]
    kinds: tuple[str, ...]
    behind: Behind
    mean: float
    refused: str | None = None
    clear: bool = field(default=False)
