"""A rate: events per calendar day or per unit of exposure (agent-days, hours), or their total."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kpi.measures.daily import Daily, Weighted, comparable, evidence_of_days, evidence_of_two
from kpi.measures.evidence import Evidence, Gap, Side, evidence_of, settled
from kpi.measures.intervals import finite, moved
from kpi.measures.series import DailyValues, every_day, ratio_by_day, summed, without_closed_weekdays
from kpi.measures.statistics import Cells, Column, Columns, Days, Exposure, each_side
from kpi.model import Difference, Estimate
from kpi.stats import Bounds, mover, poisson_exact

CALENDAR = "days"
"""The exposure that is no fact column: calendar days of the period, those without rows included."""


@dataclass(frozen=True)
class Rate:
    """Sum of ``events`` ÷ sum of the column ``per``; or per calendar day with ``per="days"``.

    With ``total`` the value is the count itself, and only differences between periods of unequal days are put
    on a per-day basis. Statistics: ``events`` and, unless per calendar day, ``exposure``.
    """

    events: str
    per: str = CALENDAR
    total: bool = False

    def __post_init__(self) -> None:
        if self.total and self.per != CALENDAR:
            raise ValueError(f"a total has no exposure: leave out per={self.per!r} or total=True")

    @property
    def collects(self) -> type[Cells]:
        return Cells

    def reads(self) -> tuple[str, ...]:
        return (self.events,) if self.per == CALENDAR else (self.events, self.per)

    def contributions(self, columns: Columns) -> Columns:
        if self.per == CALENDAR:
            return {"events": columns[self.events]}
        return {"events": columns[self.events], "exposure": columns[self.per]}

    def collect(self, day: Column, agent: Column | None, columns: Columns) -> Cells:
        return Cells.of_rows(day, agent, self.contributions(columns))

    def estimate(self, statistics: Cells, *, level: float = 0.95, exposure: Days | None = None) -> Estimate:
        """Exact Poisson (Garwood) interval, widened by the design effect of clusters. ``n`` is the events.

        Per calendar day, ``exposure`` gives the period; days without rows are days without events. A whole
        week or more is averaged weekday by weekday. With ``total``, ``parts`` are ``per_day`` and
        ``per_week``.
        """
        if self.per == CALENDAR:
            return self._estimate_by_day(statistics, level, exposure)
        events, size = statistics.total("events"), statistics.total("exposure")
        if size <= 0:
            return Estimate.absent("no exposure: nothing was worked or offered", round(events))
        evidence = evidence_of(self._side(statistics, events / size), events / size**2)
        f = evidence.effect
        low, high = poisson_exact(events / f, size / f, crit=evidence.crit(level))
        return Estimate(events / size, round(events), low, high, f"exact Poisson; {evidence.words}")

    def difference(
        self, now: Cells, before: Cells, *, level: float = 0.95, exposure: Exposure | None = None
    ) -> Difference | None:
        """The gap with its interval and p-value, by the evidence of clusters of rows."""
        return settled(self.gap(now, before, level=level, exposure=exposure))

    def gap(
        self, now: Cells, before: Cells, *, level: float = 0.95, exposure: Exposure | None = None
    ) -> Gap | Difference | None:
        """MOVER on both exact Poisson intervals and the p-value that agrees with it.

        Per calendar day both sides are balanced by weekday, so a weekly rhythm cannot look like a change.
        Totals of periods with unequal days are compared per day (``per`` says so).
        """
        if self.per == CALENDAR:
            return self._gap_by_day(now, before, level, exposure)
        (e1, x1), (e2, x2) = ((side.total("events"), side.total("exposure")) for side in (now, before))
        if x1 <= 0 or x2 <= 0:
            return None

        def finish(evidence: Evidence) -> Difference:
            f = evidence.effect

            def bounds(z: float) -> Bounds:
                return mover(
                    e1 / x1,
                    poisson_exact(e1 / f, x1 / f, crit=z),
                    e2 / x2,
                    poisson_exact(e2 / f, x2 / f, crit=z),
                )

            method = f"MOVER on exact Poisson; {evidence.words}"
            return moved(e1 / x1 - e2 / x2, bounds, evidence, level, 1, method)

        plain = e1 / x1**2 + e2 / x2**2
        return Gap.of(self._side(now, e1 / x1), self._side(before, e2 / x2), plain, finish)

    def side(self, statistics: Cells, days: Days) -> Side | None:
        """How far each cell (of counts per calendar day: each day) pulls the rate; None without exposure."""
        if self.per == CALENDAR:
            daily = Daily.of(statistics.day, statistics.sums["events"], days)
            return None if daily is None else _as_side(daily.balanced())
        size = statistics.total("exposure")
        return self._side(statistics, statistics.total("events") / size) if size > 0 else None

    def _side(self, cells: Cells, rate: float) -> Side:
        size = cells.sums["exposure"]
        return Side(cells.day, cells.agent, (cells.sums["events"] - rate * size) / float(size.sum()), size)

    def _estimate_by_day(self, cells: Cells, level: float, exposure: Days | None) -> Estimate:
        daily = Daily.of(cells.day, cells.sums["events"], exposure)
        if daily is None:
            return Estimate.absent("no rows, and no period to count them in")
        mean = daily.balanced()
        shown = daily.summed() if self.total else mean
        evidence = evidence_of_days(shown)
        low, high = shown.bounds(evidence.effect, evidence.crit(level))
        parts = {"per_day": mean.value, "per_week": 7 * mean.value} if self.total else {}
        method = f"exact Poisson; {evidence.words}"
        events = round(float(daily.events.sum()))
        return Estimate(shown.value, events, finite(low), finite(high), method, parts=parts)

    def _gap_by_day(
        self, now: Cells, before: Cells, level: float, exposure: Exposure | None
    ) -> Gap | Difference | None:
        days1, days2 = each_side(exposure)
        daily1 = Daily.of(now.day, now.sums["events"], days1)
        daily2 = Daily.of(before.day, before.sums["events"], days2)
        if daily1 is None or daily2 is None:
            return None
        as_totals = self.total and daily1.same_weekdays(daily2)
        side1, side2, how = comparable(daily1, daily2, as_totals)
        per = "per day" if self.total and not as_totals else ""

        def finish(evidence: Evidence) -> Difference:
            def bounds(z: float) -> Bounds:
                return mover(
                    side1.value,
                    side1.bounds(evidence.effect, z),
                    side2.value,
                    side2.bounds(evidence.effect, z),
                )

            method = f"MOVER on exact Poisson, {how}; {evidence.words}"
            return moved(side1.value - side2.value, bounds, evidence, level, 1, method, per)

        return Gap(
            _as_side(side1),
            _as_side(side2),
            side1.plain + side2.plain,
            math.inf,
            finish,
            lambda: evidence_of_two(side1, side2),
        )

    def by_day(self, statistics: Cells, days: Days) -> DailyValues:
        """Events ÷ exposure of each day; per calendar day the logarithm of events + ½."""
        events = statistics.sums["events"]
        if self.per != CALENDAR:
            return ratio_by_day(statistics.day, events, statistics.sums["exposure"], days)
        counted = summed(statistics.day, events, days)
        value = without_closed_weekdays(np.log(counted + 0.5), counted, days)
        return DailyValues(every_day(days), value, counted, log=True, offset=0.5)

    def formula(self) -> str:
        """The arithmetic on fact columns.

        >>> Rate("created", total=True).formula(), Rate("solved", "agent_days").formula()
        ('sum(created)', 'sum(solved) / sum(agent_days)')
        """
        if self.total:
            return f"sum({self.events})"
        return f"sum({self.events}) / " + ("calendar days" if self.per == CALENDAR else f"sum({self.per})")


def _as_side(side: Weighted) -> Side:
    """Days as cells; the desk's agents do not share in counts per calendar day."""
    day = np.arange(side.days[0], side.days[1] + 1, dtype=np.int64)
    none = np.full(day.size, -1, np.int32)
    return Side(day, none, side.residual, side.events, side.days, False, side.weight)
