"""A stock: how many are open at one moment, from what came in and what went out."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpi.measures.evidence import Gap, Side
from kpi.measures.series import DailyValues, every_day, summed
from kpi.measures.statistics import Cells, Column, Columns, Days, Exposure, each_side
from kpi.model import Difference, Estimate
from kpi.stats import critical, detectable_change, two_sided_p

WEEK = 7
ENOUGH = 4


@dataclass(frozen=True)
class Stock:
    """Rows opened − rows closed, up to the last day of the period.

    ``opened`` and ``closed`` are flag columns. A row is counted in on the day in column ``opened_day`` and
    out on the day in column ``closed_day`` (read only where ``closed`` is set), so its two days differ:
    statistics come from :meth:`collect`, or from adding ``opened`` by one day column and ``closed`` by the
    other. Statistics: ``opened``, ``closed`` by day, from the first day of the data (not of the period).
    """

    opened: str
    closed: str
    opened_day: str = "created_day"
    closed_day: str = "solved_day"

    @property
    def collects(self) -> type[Cells]:
        return Cells

    def reads(self) -> tuple[str, ...]:
        return (self.opened, self.closed, self.opened_day, self.closed_day)

    def contributions(self, columns: Columns) -> Columns:
        opened = columns[self.opened] != 0
        return {
            "opened": opened.view(np.uint8),
            "closed": (opened & (columns[self.closed] != 0)).view(np.uint8),
        }

    def collect(self, day: Column | None, agent: Column | None, columns: Columns) -> Cells:
        """Cells with both flows; ``day`` is not used, the two day columns are."""
        given = self.contributions(columns)
        into, out = given["opened"] != 0, given["closed"] != 0
        days = np.concatenate([columns[self.opened_day][into], columns[self.closed_day][out]])
        agents = None if agent is None else np.concatenate([agent[into], agent[out]])
        flow = np.concatenate([np.ones(int(into.sum())), np.zeros(int(out.sum()))])
        return Cells.of_rows(days, agents, {"opened": flow, "closed": 1 - flow})

    def estimate(self, statistics: Cells, *, level: float = 0.95, exposure: Days | None = None) -> Estimate:
        """The exact count at the end of the last day of ``exposure`` (of all days when None); also ``n``.

        A count of what is open has no sampling error and so no interval. ``parts``: ``opened``, ``closed`` so
        far.
        """
        until = statistics if exposure is None else statistics.select((-(2**31), exposure[1]))
        opened, closed = round(until.total("opened")), round(until.total("closed"))
        if opened == 0 and closed == 0:
            return Estimate.absent("nothing was opened up to then")
        parts = {"opened": opened, "closed": closed}
        return Estimate(float(opened - closed), opened - closed, method="exact count", parts=parts)

    def gap(
        self, now: Cells, before: Cells, *, level: float = 0.95, exposure: Exposure | None = None
    ) -> Gap | Difference | None:
        """The difference itself: net flows between two moments have one way of being judged."""
        return self.difference(now, before, level=level, exposure=exposure)

    def side(self, statistics: Cells, days: Days) -> Side | None:
        """None: a stock is no average of its days."""
        return None

    def difference(
        self, now: Cells, before: Cells, *, level: float = 0.95, exposure: Exposure | None = None
    ) -> Difference | None:
        """Change of the count; evidence from the net flow (opened − closed) of the whole weeks in between.

        The interval is that of the mean weekly net flow times the weeks between the ends, stretched so that
        it holds the exact change: a weekly rhythm alone is no evidence. Without interval and p under four
        whole weeks.
        """
        days1, days2 = each_side(exposure)
        end1, end2 = _last(now, days1), _last(before, days2)
        here = self.estimate(now, exposure=None if end1 is None else (end1, end1))
        there = self.estimate(before, exposure=None if end2 is None else (end2, end2))
        if here.value is None or there.value is None or end1 is None or end2 is None:
            return None
        change = here.value - there.value
        source, first, last = (now, end2, end1) if end1 >= end2 else (before, end1, end2)
        weeks = (last - first) // WEEK
        if weeks < ENOUGH:
            why = "fewer than four whole weeks in between: the change is exact, its meaning cannot be judged"
            return Difference(change, None, None, None, why, level=level)
        flow = _weekly_net_flow(source, last, weeks) * (1 if end1 >= end2 else -1)
        span = (last - first) / WEEK
        drift, se, df = (
            float(flow.mean()) * span,
            float(flow.std(ddof=1)) / math.sqrt(weeks) * span,
            weeks - 1.0,
        )
        # Weeks that are all alike have no spread; then only their number speaks (sign test).
        alike = se <= 1e-12 * max(1.0, abs(drift))
        p = (1.0 if drift == 0 else 2.0 ** (1 - weeks)) if alike else two_sided_p(drift / se, df)
        half = critical(level, df) * se
        low, high = min(drift - half, change), max(drift + half, change)
        if p >= 1 - level:
            low, high = min(low, 0.0), max(high, 0.0)
        if low <= 0 <= high:
            p = max(p, 1 - level)
        method = f"t on the net flow of {weeks} weeks"
        return Difference(
            change, low, high, p, method, detectable=detectable_change(se, df, level), level=level
        )

    def by_day(self, statistics: Cells, days: Days) -> DailyValues:
        """What is open at the end of each day."""
        net = statistics.sums["opened"] - statistics.sums["closed"]
        brought = float(net[statistics.day < days[0]].sum())
        level = brought + np.cumsum(summed(statistics.day, net, days))
        return DailyValues(every_day(days), level, level)

    def formula(self) -> str:
        """The arithmetic on fact columns.

        >>> Stock("created", "solved").formula()
        'sum(created by created_day) - sum(solved by solved_day), up to the last day'
        """
        flows = f"sum({self.opened} by {self.opened_day}) - sum({self.closed} by {self.closed_day})"
        return f"{flows}, up to the last day"


def _last(cells: Cells, days: Days | None) -> int | None:
    if days is not None:
        return days[1]
    return int(cells.day.max()) if cells.day.size else None


def _weekly_net_flow(cells: Cells, last: int, weeks: int) -> NDArray[np.float64]:
    """Opened − closed in each of the whole weeks that end with the last day."""
    place = (last - cells.day) // WEEK
    inside = (cells.day <= last) & (place < weeks)
    net = cells.sums["opened"] - cells.sums["closed"]
    return np.bincount(place[inside], weights=net[inside], minlength=weeks).astype(np.float64)
