"""What is said about who answers surveys: rates, segments, bounds, re-weighting, the alarm."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from kpi.model import Basis, Comparison, Difference, Estimate, Grain, Metric, Period


class Lean(Enum):
    """How often a kind of ticket is found among the answers, compared with all others."""

    OVER = "over-represented"
    UNDER = "under-represented"
    UNCLEAR = "no clear difference"
    TOO_FEW = "too few"


@dataclass(frozen=True)
class Asked:
    """Those whose answer could be known.

    Attributes:
        words: "surveys sent", "solved tickets" …; ``one`` is the same for one of them.
        rate: "response rate" where it is known who was asked, else "coverage".
        flag: fact column of those that count; ``key`` joins answers to them ("" where they are one table).
    """

    words: str
    one: str
    rate: str
    grain: Grain
    basis: Basis
    flag: str
    key: str = ""

    @property
    def is_response(self) -> bool:
        """Whether silence means that somebody was asked and did not answer."""
        return self.rate == "response rate"


@dataclass(frozen=True)
class Bounds:
    """What the value of everybody can be, whatever the silent would have said.

    Attributes:
        worst, best: every silent customer at the bottom, at the top of the scale.
        low, high: the same with the chance in which days and customers these were.
    """

    worst: float
    best: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Tipping:
    """What the silent would have to be like, on average, to move the value of everybody across a line.

    Attributes:
        line: the value in question; ``of`` says what it is ("the target of 80.0 %").
        silent: the average the silent would need; None where no answer on the scale is enough.
        gap: ``silent`` (or what it would take) − the average of those who answered.
        above: whether those who answered are above the line.
    """

    of: str
    line: float
    silent: float | None
    gap: float
    above: bool


@dataclass(frozen=True)
class Side:
    """One period: who was asked, who answered, what they said and what everybody may have said."""

    period: Period
    asked: int
    answered: int
    raw: Estimate
    bounds: Bounds | None
    tipping: tuple[Tipping, ...]
    reweighted: Reweighted | None

    @property
    def silent(self) -> int:
        """How many did not answer."""
        return self.asked - self.answered

    @property
    def share(self) -> float | None:
        """Share of those asked that answered."""
        return self.answered / self.asked if self.asked else None


@dataclass(frozen=True)
class Reweighted:
    """The value with every kind of ticket counted as often as it was asked, not as often as it answered.

    Attributes:
        difference: re-weighted − raw, with its interval.
        effective: answers of equal weight that these are worth (Kish).
        heaviest: the largest weight of one answer; 1 is the average.
    """

    value: float
    low: float | None
    high: float | None
    difference: Difference
    n: int
    effective: float
    heaviest: float
    method: str


@dataclass(frozen=True)
class Weighting:
    """The kinds of tickets that are weighted.

    Attributes:
        dimensions: crossed with each other.
        kinds: how many there are after small ones were put together; ``merged`` is how many fewer those are.
        fewest: answers that every kind has at least, in each period.
        chosen: whether the reader named the dimensions.
        matters: whether those who answer and what they say both differ by the dimensions, beyond chance.
    """

    dimensions: tuple[str, ...]
    kinds: int
    merged: int
    fewest: int
    chosen: bool
    matters: bool


@dataclass(frozen=True)
class Represented:
    """One kind of ticket in the period now.

    Attributes:
        rate: how many of them answered; ``difference`` is that less the rate of all others.
        of_asked, of_answers: its share of those asked and of the answers.
    """

    dimension: str
    name: str
    asked: int
    answered: int
    of_asked: float
    of_answers: float
    rate: Estimate
    difference: Difference | None
    lean: Lean


@dataclass(frozen=True)
class Shift:
    """How much more of the answers one kind of ticket makes up than before, beyond its share of those asked.

    Attributes:
        now, before: share of the answers − share of those asked (of the answers alone, where those asked are
            not known).
        change: now − before with p adjusted over everything the alarm looked at.
        clear: beyond chance and large enough to matter.
    """

    dimension: str
    name: str
    now: float
    before: float
    change: Difference
    clear: bool


@dataclass(frozen=True)
class Alarm:
    """Whether those who answer are no longer the same kind of customers.

    Attributes:
        rate: response rate or coverage now and before; None where those asked are not known.
        rate_clear: the rate changed beyond chance, and enough to matter.
        shifts: every kind of ticket that was looked at, clear ones first, largest first.
        looks: how many questions p-values are adjusted for.
        relative: whether shifts are beyond those of the rows that were asked.
        words: what was asked: "surveys sent".
        reason: why nothing could be looked at, else empty.
    """

    rings: bool
    rate: Comparison | None
    rate_clear: bool
    shifts: tuple[Shift, ...]
    looks: int
    relative: bool
    words: str = "surveys"
    reason: str = ""

    @property
    def clear(self) -> tuple[Shift, ...]:
        """The shifts beyond chance that matter."""
        return tuple(shift for shift in self.shifts if shift.clear)


@dataclass(frozen=True)
class ChangeSplit:
    """The change of the value: as it reads, re-weighted, and what is only due to who answers.

    ``raw.value`` = ``reweighted.value`` + ``who.value``.
    """

    raw: Difference
    reweighted: Difference
    who: Difference


@dataclass(frozen=True)
class Honesty:
    """Everything about who answers, for one metric in two periods.

    Attributes:
        asked: None where it is not known who could have answered; ``unknown`` then says why.
        coverage: answers ÷ solved tickets, where that is another question than the response rate.
        refused: why there is nothing at all to say, else empty.
        not_weighted: why nothing is re-weighted, else empty.
        unbounded: why there are no worst and best cases, else empty.
        official: the metric as it stands on the other pages (by date answered).
    """

    metric: Metric
    official: Comparison | None
    asked: Asked | None
    now: Side | None
    before: Side | None
    coverage: Comparison | None
    segments: tuple[Represented, ...]
    segment_looks: int
    weighting: Weighting | None
    change: ChangeSplit | None
    alarm: Alarm
    scale: tuple[float, float] | None
    level: float = 0.95
    refused: str = ""
    unknown: str = ""
    not_weighted: str = ""
    unbounded: str = ""
