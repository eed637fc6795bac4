"""The kinds of measure. Each says which fact columns it reads, what is summed, and what the sums mean.

A measure never sees rows: it turns mergeable statistics (sums or value counts by day and agent) into an
estimate with an interval, and two of them into a difference with an interval and a p-value.
"""

from __future__ import annotations

from typing import Any, Protocol

from kpi.measures.evidence import Gap, Side, settled
from kpi.measures.mean import Mean
from kpi.measures.quantile import Quantile
from kpi.measures.rate import Rate
from kpi.measures.score import Score
from kpi.measures.series import DailyValues, daily_values
from kpi.measures.share import Share
from kpi.measures.statistics import Cells, Column, Columns, Counts, Days, Exposure, Statistics
from kpi.measures.stock import Stock
from kpi.measures.survival import Survival
from kpi.model import Difference, Estimate

__all__ = [
    "Cells",
    "Counts",
    "DailyValues",
    "Days",
    "Exposure",
    "Gap",
    "Mean",
    "Measure",
    "Quantile",
    "Rate",
    "Score",
    "Share",
    "Side",
    "Statistics",
    "Stock",
    "Survival",
    "daily_values",
    "settled",
]


class Measure(Protocol):
    """What every kind of measure can do, in this order."""

    @property
    def collects(self) -> type[Cells] | type[Counts]:
        """Which statistics it is computed from."""

    def reads(self) -> tuple[str, ...]:
        """Names of the fact columns it needs."""

    def contributions(self, columns: Columns) -> Columns:
        """One value per row and name.

        For ``Cells`` their sums by cell are the statistics; for ``Counts`` the names are ``value``,
        ``observed`` and ``censored`` (rows with neither are not counted).
        """

    def collect(self, day: Column, agent: Column | None, columns: Columns) -> Statistics:
        """The statistics of rows, aggregated in the plainest way; the engine gives the same, faster."""

    def estimate(self, statistics: Any, *, level: float = 0.95, exposure: Days | None = None) -> Estimate:
        """The value in the metric's unit with its interval.

        ``exposure``: first and last day of the period; needed by counts per calendar day and by stocks,
        ignored by the rest.
        """

    def difference(
        self,
        now: Any,
        before: Any,
        *,
        level: float = 0.95,
        exposure: Exposure | None = None,
    ) -> Difference | None:
        """``now`` − ``before`` (two periods, or two segments of one period) with interval and p-value.

        None when either side has no value. ``exposure``: the days of both sides, or of each.
        """

    def gap(
        self,
        now: Any,
        before: Any,
        *,
        level: float = 0.95,
        exposure: Exposure | None = None,
    ) -> Gap | Difference | None:
        """The same before its evidence is settled: a difference where there is nothing to settle."""

    def side(self, statistics: Any, days: Days) -> Side | None:
        """How far each cell of a stretch of days pulls the value away from that of the whole stretch."""

    def by_day(self, statistics: Any, days: Days) -> DailyValues:
        """The value of each day from the first to the last, as a series to be analysed."""

    def formula(self) -> str:
        """The arithmetic on fact columns."""
