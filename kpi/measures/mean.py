"""An arithmetic mean of a score or a duration."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kpi.measures.evidence import Evidence, Gap, Side, evidence_of, settled
from kpi.measures.series import DailyValues, ratio_by_day
from kpi.measures.statistics import Cells, Column, Columns, Days, Exposure
from kpi.model import Difference, Estimate
from kpi.stats import detectable_change, satterthwaite, two_sided_p


@dataclass(frozen=True)
class Mean:
    """Sum of ``of`` ÷ rows with flag ``among``, ÷ ``per_unit`` (60 shows a column of seconds in minutes).

    Statistics: ``n``, ``sum``, ``sumsq`` (in the unit of the column).
    """

    of: str
    among: str
    per_unit: float = 1

    @property
    def collects(self) -> type[Cells]:
        return Cells

    def reads(self) -> tuple[str, ...]:
        return (self.of, self.among)

    def contributions(self, columns: Columns) -> Columns:
        among = columns[self.among] != 0
        values = np.where(among, columns[self.of], 0).astype(np.float64)
        return {"n": among.view(np.uint8), "sum": values, "sumsq": values * values}

    def collect(self, day: Column, agent: Column | None, columns: Columns) -> Cells:
        return Cells.of_rows(day, agent, self.contributions(columns))

    def estimate(self, statistics: Cells, *, level: float = 0.95, exposure: Days | None = None) -> Estimate:
        """t interval; without bounds for a single row."""
        n, mean, variance = _moments(statistics)
        if n <= 0:
            return Estimate.absent("no rows to average")
        value = mean / self.per_unit
        if n < 2:
            return Estimate(value, round(n), method="mean; one row gives no interval")
        evidence = evidence_of(self._side(statistics, mean), variance / n, n - 1)
        half = evidence.crit(level) * evidence.se / self.per_unit
        return Estimate(value, round(n), value - half, value + half, f"mean, t; {evidence.words}")

    def difference(
        self, now: Cells, before: Cells, *, level: float = 0.95, exposure: Exposure | None = None
    ) -> Difference | None:
        """The gap with its interval and p-value, by the evidence of clusters of rows."""
        return settled(self.gap(now, before, level=level, exposure=exposure))

    def gap(
        self, now: Cells, before: Cells, *, level: float = 0.95, exposure: Exposure | None = None
    ) -> Gap | Difference | None:
        """t interval of the difference; None with fewer than two rows on a side."""
        (n1, mean1, variance1), (n2, mean2, variance2) = _moments(now), _moments(before)
        if n1 < 2 or n2 < 2:
            return None
        plain, df = _plain(n1, variance1, n2, variance2)
        value = (mean1 - mean2) / self.per_unit

        def finish(evidence: Evidence) -> Difference:
            se = evidence.se / self.per_unit
            if se <= 1e-12 * max(abs(mean1), abs(mean2)) / self.per_unit:
                return _constant(value, n1, n2, level)
            half = evidence.crit(level) * se
            return Difference(
                value,
                value - half,
                value + half,
                two_sided_p(value / se, evidence.df),
                f"t on means; {evidence.words}",
                detectable=detectable_change(se, evidence.df, level),
                level=level,
            )

        return Gap.of(self._side(now, mean1), self._side(before, mean2), plain, finish, df)

    def side(self, statistics: Cells, days: Days) -> Side | None:
        """How far each cell pulls the mean away from that of the whole; None without rows."""
        n, mean, _ = _moments(statistics)
        return self._side(statistics, mean) if n > 0 else None

    def _side(self, cells: Cells, mean: float) -> Side:
        n = cells.sums["n"]
        return Side(cells.day, cells.agent, (cells.sums["sum"] - mean * n) / float(n.sum()), n)

    def by_day(self, statistics: Cells, days: Days) -> DailyValues:
        """Mean of each day."""
        sums = statistics.sums
        return ratio_by_day(statistics.day, sums["sum"], sums["n"], days, 1 / self.per_unit)

    def formula(self) -> str:
        """The arithmetic on fact columns.

        >>> Mean("handle_s", "handled", 60).formula()
        'sum(handle_s) / sum(handled) / 60'
        """
        return f"sum({self.of}) / sum({self.among})" + (f" / {self.per_unit:g}" if self.per_unit != 1 else "")


def _plain(n1: float, variance1: float, n2: float, variance2: float) -> tuple[float, float]:
    """Variance of the difference under independent rows, and degrees of freedom: Welch's or pooled.

    Where rare values make the spread (a failed review counts 0), a small side may by luck hold none of them,
    and its own variance says far too little: 11 % false alarms. The larger of both is taken.
    """
    v1, v2 = variance1 / n1, variance2 / n2
    pooled = ((n1 - 1) * variance1 + (n2 - 1) * variance2) / (n1 + n2 - 2) * (1 / n1 + 1 / n2)
    if pooled > v1 + v2:
        return pooled, n1 + n2 - 2
    return v1 + v2, satterthwaite([(v1, n1 - 1), (v2, n2 - 1)])


def _moments(cells: Cells) -> tuple[float, float, float]:
    """Rows, mean, sample variance (0 where it is only rounding)."""
    n, total, squares = cells.total("n"), cells.total("sum"), cells.total("sumsq")
    if n <= 0:
        return 0.0, 0.0, 0.0
    mean = total / n
    spread = squares - total * mean
    return n, mean, spread / (n - 1) if n > 1 and spread > 1e-12 * squares else 0.0


def _constant(value: float, n1: float, n2: float, level: float) -> Difference:
    """Both sides without any spread: the exact permutation p, and no more certainty than it allows."""
    if value == 0:
        return Difference(0.0, 0.0, 0.0, 1.0, "all values are the same", detectable=0.0, level=level)
    splits = math.lgamma(n1 + n2 + 1) - math.lgamma(n1 + 1) - math.lgamma(n2 + 1)
    p = min(1.0, max(math.exp(max(math.log(2) - splits, -700.0)), two_sided_p(math.inf)))
    low, high = (value, value) if p < 1 - level else (min(0.0, value), max(0.0, value))
    return Difference(
        value, low, high, p, "no spread on either side; permutation", detectable=0.0, level=level
    )
