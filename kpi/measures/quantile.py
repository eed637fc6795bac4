"""A median or another quantile of a value that is known for every row that counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kpi.measures.evidence import Evidence, Gap, Side, evidence_of, settled
from kpi.measures.intervals import finite, moved
from kpi.measures.quantiles_by_day import quantiles_by_day
from kpi.measures.series import DailyValues, every_day
from kpi.measures.statistics import Column, Columns, Counts, Days, Exposure
from kpi.model import Difference, Estimate
from kpi.stats import Bounds, mover, quantile, quantile_interval


@dataclass(frozen=True)
class Quantile:
    """Quantile ``q`` (0.5 the median) of ``of`` over rows with flag ``among``, divided by ``per_unit``.

    Statistics: value counts; ``of`` is rounded to whole units of the column.
    """

    of: str
    q: float
    among: str
    per_unit: float = 1

    @property
    def collects(self) -> type[Counts]:
        return Counts

    def reads(self) -> tuple[str, ...]:
        return (self.of, self.among)

    def contributions(self, columns: Columns) -> Columns:
        among = (columns[self.among] != 0).view(np.uint8)
        return {"value": columns[self.of], "observed": among, "censored": np.zeros(among.size, np.uint8)}

    def collect(self, day: Column, agent: Column | None, columns: Columns) -> Counts:
        given = self.contributions(columns)
        return Counts.of_rows(day, agent, given["value"], given["observed"], given["censored"])

    def estimate(self, statistics: Counts, *, level: float = 0.95, exposure: Days | None = None) -> Estimate:
        """Order-statistic interval on the effective number of rows; a bound is None if rows are too few."""
        values, observed, _ = statistics.by_value
        value = quantile(values, observed, self.q)
        if value is None:
            return Estimate.absent("no rows with a value")
        side, plain = self._side(statistics, value)
        evidence = evidence_of(side, plain)
        bounds = quantile_interval(
            values, observed, self.q, effect=evidence.effect, crit=evidence.crit(level)
        )
        low, high = (finite(bound, self.per_unit) for bound in bounds)
        method = f"order statistics; {evidence.words}"
        return Estimate(value / self.per_unit, int(observed.sum()), low, high, method)

    def difference(
        self, now: Counts, before: Counts, *, level: float = 0.95, exposure: Exposure | None = None
    ) -> Difference | None:
        """The gap with its interval and p-value, by the evidence of clusters of rows."""
        return settled(self.gap(now, before, level=level, exposure=exposure))

    def gap(
        self, now: Counts, before: Counts, *, level: float = 0.95, exposure: Exposure | None = None
    ) -> Gap | Difference | None:
        """MOVER on the order-statistic intervals of both sides, and the p-value that agrees with it."""
        (values1, counts1, _), (values2, counts2, _) = now.by_value, before.by_value
        value1, value2 = quantile(values1, counts1, self.q), quantile(values2, counts2, self.q)
        if value1 is None or value2 is None:
            return None
        (side1, plain1), (side2, plain2) = self._side(now, value1), self._side(before, value2)

        def finish(evidence: Evidence) -> Difference:
            def bounds(z: float) -> Bounds:
                return mover(
                    value1,
                    quantile_interval(values1, counts1, self.q, effect=evidence.effect, crit=z),
                    value2,
                    quantile_interval(values2, counts2, self.q, effect=evidence.effect, crit=z),
                )

            method = f"MOVER on order statistics; {evidence.words}"
            return moved(value1 - value2, bounds, evidence, level, self.per_unit, method)

        return Gap.of(side1, side2, plain1 + plain2, finish)

    def side(self, statistics: Counts, days: Days) -> Side | None:
        """How far each cell pulls the share at or below the quantile of the whole; None without rows."""
        values, observed, _ = statistics.by_value
        value = quantile(values, observed, self.q)
        return None if value is None else self._side(statistics, value)[0]

    def _side(self, counts: Counts, value: float) -> tuple[Side, float]:
        """The share at or below the value, cell by cell, and its variance under independent rows."""
        day, agent, place = counts.cells
        size = np.bincount(place, weights=counts.observed, minlength=day.size).astype(np.float64)
        below = np.bincount(place, weights=counts.observed * (counts.value <= value), minlength=day.size)
        rows = float(size.sum())
        share = float(below.sum()) / rows
        return Side(day, agent, (below - share * size) / rows, size), share * (1 - share) / rows

    def by_day(self, statistics: Counts, days: Days) -> DailyValues:
        """Logarithm of the quantile of each day; a value of 0 counts as half a unit of the column."""
        found, n = quantiles_by_day(statistics, self.q, days)
        return DailyValues(every_day(days), np.log(np.maximum(found, 0.5) / self.per_unit), n, log=True)

    def formula(self) -> str:
        """The arithmetic on fact columns.

        >>> Quantile("wait_s", 0.9, "answered", 60).formula()
        'quantile 0.9 of wait_s where answered / 60'
        """
        name = "median" if self.q == 0.5 else f"quantile {self.q:g}"
        return f"{name} of {self.of} where {self.among}" + (
            f" / {self.per_unit:g}" if self.per_unit != 1 else ""
        )
