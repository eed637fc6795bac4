"""What is said about why a metric moved: parts of a change, segments, a scan over many of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from kpi.model import Comparison, Group, Metric, Period, Verdict


class Split(Enum):
    """How a change is taken apart; the value is the name in JSON."""

    RATIO = "mix and performance"
    """Shares, scores, means, rates: the weights and the values of segments (Kitagawa, exact)."""
    QUANTILE = "mix and performance of a median"
    """Medians: one period re-weighted to the mix of the other, both ways round."""
    SUM = "contributions"
    """Counts and stocks: every segment adds its own change; there is no mix."""
    NONE = "none"
    """Nothing can be taken apart; the reason is said."""


@dataclass(frozen=True)
class Part:
    """One part of a change, in the unit of the metric.

    Attributes:
        low, high, p: None, always with a ``reason``, where chance cannot be judged.
        p_adjusted: p allowing for all parts of the same kind that were looked at; None when not looked at.
        verdict: better or worse only if it is beyond chance and large enough to matter.
    """

    value: float
    low: float | None = None
    high: float | None = None
    p: float | None = None
    p_adjusted: float | None = None
    verdict: Verdict = Verdict.UNCLEAR
    reason: str = ""

    @property
    def beyond_chance(self) -> bool:
        """Whether the interval leaves out no change."""
        return (self.low is not None and self.low > 0) or (self.high is not None and self.high < 0)


class Presence(Enum):
    """In which of the two periods a segment has rows."""

    BOTH = "both"
    NEW = "new"
    VANISHED = "vanished"


@dataclass(frozen=True)
class Segment:
    """One segment in both periods, and its parts of the change.

    ``weight_now`` and ``weight_before`` are shares of all rows (or of the exposure) of the period; None for
    counts. ``mix`` and ``performance`` are None where the segment lacks one of the periods or the metric has
    no mix; then ``alone`` is what the segment as a whole adds.
    """

    name: str
    presence: Presence
    n_now: int
    n_before: int
    weight_now: float | None
    weight_before: float | None
    value_now: float | None
    value_before: float | None
    mix: Part | None
    performance: Part | None
    alone: Part | None
    comparison: Comparison | None
    """The segment now against the segment before, as on Compare; p adjusted over all segments."""

    @property
    def contribution(self) -> float:
        """All that the segment adds to the change."""
        return sum(part.value for part in (self.mix, self.performance, self.alone) if part is not None)


@dataclass(frozen=True)
class Drivers:
    """Why a metric moved, by one dimension.

    ``mix`` + ``performance`` + ``new_and_vanished`` (those that are there) add up to ``total``, and so do the
    contributions of the segments. ``total`` is None when ``refused`` says why.
    """

    metric: Metric
    now: Period
    before: Period
    dimension: str
    split: Split
    comparison: Comparison
    """The whole now against before."""
    total: Part | None
    mix: Part | None
    performance: Part | None
    new_and_vanished: Part | None
    segments: tuple[Segment, ...]
    """Largest contribution first."""
    simpson: bool
    """Performance and total go opposite ways, and the reversal is more than chance in the mix."""
    simpson_sure: bool
    """Both directions are beyond chance."""
    per: str
    """ "per day" when totals had to be put on a per-day basis, else empty."""
    method: str
    refused: str = ""


@dataclass(frozen=True)
class Finding:
    """A segment whose metric changed beyond chance among everything that was looked at.

    ``comparison`` has the p-value adjusted for all looks and the interval adjusted for the selection.
    ``weight`` is the segment's part of the rows, ``contribution`` what it adds to the change of the whole.
    """

    comparison: Comparison
    dimension: str
    weight: float | None
    contribution: float
    importance: float
    """Contribution in units of the smallest difference that matters to the metric."""
    also: tuple[str, ...] = ()
    """Values of other dimensions that hold the very same rows."""

    @property
    def metric(self) -> Metric:
        """The metric."""
        return self.comparison.metric

    @property
    def group(self) -> Group:
        """The segment."""
        return self.comparison.group


@dataclass(frozen=True)
class Scan:
    """All segments × metrics of the chosen dimensions in one family.

    ``looks`` is how many comparisons were tested, ``small`` how many had too few rows to be looked at,
    ``fewest`` the number of rows that was asked for, ``lesser`` how many changed beyond chance but by less
    than matters.
    """

    now: Period
    before: Period
    dimensions: tuple[str, ...]
    metrics: tuple[str, ...]
    looks: int
    small: int
    fewest: int
    lesser: int
    findings: tuple[Finding, ...]
    """What matters most first."""
    level: float
    """Confidence of each finding's interval that keeps the share of wrong intervals among all findings."""
    confidence: float = 0.95
    """1 − the share of false findings that is held."""
    skipped: tuple[str, ...] = ()
    """Metrics or dimensions that could not be looked at, with the reason."""
