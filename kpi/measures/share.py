"""A share: how many of the rows that count have a flag."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kpi.measures.evidence import Evidence, Gap, Side, evidence_of, settled
from kpi.measures.intervals import possible
from kpi.measures.series import DailyValues, ratio_by_day
from kpi.measures.statistics import Cells, Column, Columns, Days, Exposure
from kpi.model import Difference, Estimate
from kpi.stats import detectable_change, miettinen_nurminen, wilson


@dataclass(frozen=True)
class Share:
    """Rows with flag ``of`` ÷ rows with flag ``among`` (a row counts above only if it counts below). 0 to 1.

    Statistics: ``n``, ``k``. ``theirs``: whether agents have a part in the flag; none has in what customers
    write about.
    """

    of: str
    among: str
    theirs: bool = True

    @property
    def collects(self) -> type[Cells]:
        return Cells

    def reads(self) -> tuple[str, ...]:
        return (self.of, self.among)

    def contributions(self, columns: Columns) -> Columns:
        among = columns[self.among] != 0
        return {"n": among.view(np.uint8), "k": (among & (columns[self.of] != 0)).view(np.uint8)}

    def collect(self, day: Column, agent: Column | None, columns: Columns) -> Cells:
        return Cells.of_rows(day, agent, self.contributions(columns))

    def estimate(self, statistics: Cells, *, level: float = 0.95, exposure: Days | None = None) -> Estimate:
        """Wilson interval on the effective number of rows; ``parts``: ``count``, the rows with the flag."""
        n, k = statistics.total("n"), statistics.total("k")
        if n <= 0:
            return Estimate.absent("no rows to count")
        evidence = evidence_of(self._side(statistics, k / n), _binomial(k, n))
        low, high = wilson(k / evidence.effect, n / evidence.effect, crit=evidence.crit(level))
        return Estimate(k / n, round(n), low, high, f"Wilson; {evidence.words}", parts={"count": round(k)})

    def difference(
        self, now: Cells, before: Cells, *, level: float = 0.95, exposure: Exposure | None = None
    ) -> Difference | None:
        """The gap with its interval and p-value, by the evidence of clusters of rows."""
        return settled(self.gap(now, before, level=level, exposure=exposure))

    def gap(
        self, now: Cells, before: Cells, *, level: float = 0.95, exposure: Exposure | None = None
    ) -> Gap | Difference | None:
        """Miettinen-Nurminen on the effective numbers of rows."""
        n1, k1, n2, k2 = now.total("n"), now.total("k"), before.total("n"), before.total("k")
        if n1 <= 0 or n2 <= 0:
            return None
        plain = _binomial(k1, n1) + _binomial(k2, n2)

        def finish(evidence: Evidence) -> Difference:
            f = evidence.effect
            low, high, p = miettinen_nurminen(k1 / f, n1 / f, k2 / f, n2 / f, level, df=evidence.df)
            # A share of exactly 0 or 1 has no sample variance; its effective interval still has a width.
            se = evidence.se if plain > 0 else (high - low) / 2 / evidence.crit(level)
            return Difference(
                k1 / n1 - k2 / n2,
                low,
                high,
                p,
                f"Miettinen-Nurminen; {evidence.words}",
                detectable=possible(detectable_change(se, evidence.df, level), 1),
                level=level,
            )

        return Gap.of(self._side(now, k1 / n1), self._side(before, k2 / n2), plain, finish)

    def side(self, statistics: Cells, days: Days) -> Side | None:
        """How far each cell pulls the share away from that of the whole; None without rows."""
        n, k = statistics.total("n"), statistics.total("k")
        return self._side(statistics, k / n) if n > 0 else None

    def _side(self, cells: Cells, share: float) -> Side:
        n = cells.sums["n"]
        residual = (cells.sums["k"] - share * n) / float(n.sum())
        return Side(cells.day, cells.agent, residual, n, theirs=self.theirs)

    def by_day(self, statistics: Cells, days: Days) -> DailyValues:
        """Share of each day."""
        return ratio_by_day(statistics.day, statistics.sums["k"], statistics.sums["n"], days)

    def formula(self) -> str:
        """The arithmetic on fact columns.

        >>> Share("satisfied", "answered").formula()
        'sum(satisfied) / sum(answered)'
        """
        return f"sum({self.of}) / sum({self.among})"


def _binomial(k: float, n: float) -> float:
    return k / n * (1 - k / n) / n
