"""A median or another quantile of a time that has not ended yet for some rows (Kaplan–Meier)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kpi.measures.evidence import Evidence, Gap, Side, evidence_of, settled
from kpi.measures.intervals import finite, moved
from kpi.measures.quantiles_by_day import quantiles_by_day
from kpi.measures.series import DailyValues, every_day
from kpi.measures.statistics import Column, Columns, Counts, Days, Exposure
from kpi.model import Difference, Estimate
from kpi.stats import Bounds, Curve, influence, kaplan_meier, mover, quantile


@dataclass(frozen=True)
class Survival:
    """Quantile ``q`` of the time ``of`` over rows with flag ``among``, divided by ``per_unit``.

    ``observed`` flags the rows whose time has ended; for the others ``of`` is the time waited so far and they
    count as censored, never as ended and never as missing. Statistics: value counts.
    """

    of: str
    observed: str
    q: float
    among: str
    per_unit: float = 1

    @property
    def collects(self) -> type[Counts]:
        return Counts

    def reads(self) -> tuple[str, ...]:
        return (self.of, self.observed, self.among)

    def contributions(self, columns: Columns) -> Columns:
        among = columns[self.among] != 0
        ended = columns[self.observed] != 0
        return {
            "value": columns[self.of],
            "observed": (among & ended).view(np.uint8),
            "censored": (among & ~ended).view(np.uint8),
        }

    def collect(self, day: Column, agent: Column | None, columns: Columns) -> Counts:
        given = self.contributions(columns)
        return Counts.of_rows(day, agent, given["value"], given["observed"], given["censored"])

    def estimate(self, statistics: Counts, *, level: float = 0.95, exposure: Days | None = None) -> Estimate:
        """Kaplan-Meier quantile with its log-log interval, widened by the design effect of clusters.

        ``parts``: ``ended`` and ``open`` rows, and ``ended_only``, the quantile that leaves the open ones
        out. While the quantile is not reached the value is None, with the reason, and ``low`` is what it is
        at least.
        """
        values, ended, still = statistics.by_value
        rows = statistics.total
        if rows == 0:
            return Estimate.absent("no rows with a time")
        naive = quantile(values, ended, self.q)
        parts = {
            "ended": int(ended.sum()),
            "open": int(still.sum()),
            "ended_only": None if naive is None else naive / self.per_unit,
        }
        curve = kaplan_meier(values, ended, still)
        value = curve.quantile(self.q)
        side, plain = self._side(statistics, curve, value)
        evidence = evidence_of(side, plain)
        bounds = curve.quantile_interval(self.q, effect=evidence.effect, crit=evidence.crit(level))
        low, high = (finite(bound, self.per_unit) for bound in bounds)
        method = f"Kaplan-Meier, log-log; {evidence.words}"
        if value is None:
            reason = (
                f"not reached yet: {parts['open']} of {rows} still open, fewer than {self.q:.0%} have ended"
            )
            return Estimate(None, rows, low if parts["ended"] else None, None, method, reason, parts)
        return Estimate(value / self.per_unit, rows, low, high, method, parts=parts)

    def difference(
        self, now: Counts, before: Counts, *, level: float = 0.95, exposure: Exposure | None = None
    ) -> Difference | None:
        """The gap with its interval and p-value, by the evidence of clusters of rows."""
        return settled(self.gap(now, before, level=level, exposure=exposure))

    def gap(
        self, now: Counts, before: Counts, *, level: float = 0.95, exposure: Exposure | None = None
    ) -> Gap | Difference | None:
        """MOVER on both log-log intervals and the p-value that agrees; None until both sides are reached."""
        curve1, curve2 = kaplan_meier(*now.by_value), kaplan_meier(*before.by_value)
        value1, value2 = curve1.quantile(self.q), curve2.quantile(self.q)
        if value1 is None or value2 is None:
            return None
        side1, plain1 = self._side(now, curve1, value1)
        side2, plain2 = self._side(before, curve2, value2)

        def finish(evidence: Evidence) -> Difference:
            def bounds(z: float) -> Bounds:
                return mover(
                    value1,
                    curve1.quantile_interval(self.q, effect=evidence.effect, crit=z),
                    value2,
                    curve2.quantile_interval(self.q, effect=evidence.effect, crit=z),
                )

            method = f"MOVER on Kaplan-Meier; {evidence.words}"
            return moved(value1 - value2, bounds, evidence, level, self.per_unit, method)

        return Gap.of(side1, side2, plain1 + plain2, finish)

    def side(self, statistics: Counts, days: Days) -> Side | None:
        """What each cell adds to the share ended by the quantile of the whole; None until it is reached."""
        curve = kaplan_meier(*statistics.by_value)
        value = curve.quantile(self.q)
        return None if value is None else self._side(statistics, curve, value)[0]

    def _side(self, counts: Counts, curve: Curve, value: float | None) -> tuple[Side, float]:
        """What each cell adds to the share ended by then, and Greenwood's variance of that share."""
        until = value if value is not None else (float(curve.time[-1]) if curve.time.size else 0.0)
        values, observed, censored = counts.by_value
        ended, still = influence(curve, until, values)
        plain = float((observed * ended**2 + censored * still**2).sum())
        at = counts.places
        day, agent, place = counts.cells
        pull = counts.observed * ended[at] + counts.censored * still[at]
        residual = np.bincount(place, weights=pull, minlength=day.size).astype(np.float64)
        size = np.bincount(place, weights=counts.observed + counts.censored, minlength=day.size).astype(
            np.float64
        )
        return Side(day, agent, residual, size), plain

    def by_day(self, statistics: Counts, days: Days) -> DailyValues:
        """Logarithm of the Kaplan-Meier quantile of each day; none where it is not reached yet."""
        found, n = quantiles_by_day(statistics, self.q, days, censored=True)
        return DailyValues(every_day(days), np.log(np.maximum(found, 0.5) / self.per_unit), n, log=True)

    def formula(self) -> str:
        """The arithmetic on fact columns.

        >>> Survival("resolution_s", "solved", 0.5, "counts", 3600).formula()
        'Kaplan-Meier median of resolution_s (ended where solved) where counts / 3600'
        """
        name = "median" if self.q == 0.5 else f"quantile {self.q:g}"
        unit = f" / {self.per_unit:g}" if self.per_unit != 1 else ""
        return f"Kaplan-Meier {name} of {self.of} (ended where {self.observed}) where {self.among}{unit}"
