"""A net score: the share of one kind minus the share of the other, −100 to +100 (net promoter score)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kpi.measures.evidence import Evidence, Gap, Side, evidence_of, settled
from kpi.measures.intervals import possible
from kpi.measures.series import DailyValues, ratio_by_day
from kpi.measures.statistics import Cells, Column, Columns, Days, Exposure
from kpi.model import Difference, Estimate
from kpi.stats import detectable_change, nps_difference, nps_interval, nps_variance


@dataclass(frozen=True)
class Score:
    """(rows ``up`` − rows ``down``) ÷ rows ``among`` × 100. Points, −100 to +100.

    Statistics: ``n``, ``up``, ``down``.
    """

    up: str
    down: str
    among: str

    @property
    def collects(self) -> type[Cells]:
        return Cells

    def reads(self) -> tuple[str, ...]:
        return (self.up, self.down, self.among)

    def contributions(self, columns: Columns) -> Columns:
        among = columns[self.among] != 0
        return {
            "n": among.view(np.uint8),
            "up": (among & (columns[self.up] != 0)).view(np.uint8),
            "down": (among & (columns[self.down] != 0)).view(np.uint8),
        }

    def collect(self, day: Column, agent: Column | None, columns: Columns) -> Cells:
        return Cells.of_rows(day, agent, self.contributions(columns))

    def estimate(self, statistics: Cells, *, level: float = 0.95, exposure: Days | None = None) -> Estimate:
        """Adjusted Wald interval on the effective number of rows; ``parts``: the three shares, 0 to 1."""
        up, rest, down = _three(statistics)
        n = up + rest + down
        if n <= 0:
            return Estimate.absent("no rows to count")
        score = (up - down) / n
        evidence = evidence_of(self._side(statistics, score), nps_variance(up, rest, down))
        f = evidence.effect
        low, high = nps_interval(up / f, rest / f, down / f, crit=evidence.crit(level))
        parts = {"promoters": up / n, "passives": rest / n, "detractors": down / n}
        return Estimate(
            100 * score, round(n), 100 * low, 100 * high, f"adjusted Wald; {evidence.words}", parts=parts
        )

    def difference(
        self, now: Cells, before: Cells, *, level: float = 0.95, exposure: Exposure | None = None
    ) -> Difference | None:
        """The gap with its interval and p-value, by the evidence of clusters of rows."""
        return settled(self.gap(now, before, level=level, exposure=exposure))

    def gap(
        self, now: Cells, before: Cells, *, level: float = 0.95, exposure: Exposure | None = None
    ) -> Gap | Difference | None:
        """Adjusted Wald on the effective numbers of rows."""
        three1, three2 = _three(now), _three(before)
        n1, n2 = sum(three1), sum(three2)
        if n1 <= 0 or n2 <= 0:
            return None
        score1, score2 = (three1[0] - three1[2]) / n1, (three2[0] - three2[2]) / n2
        plain = nps_variance(*three1) + nps_variance(*three2)

        def finish(evidence: Evidence) -> Difference:
            f = evidence.effect
            low, high, p = nps_difference(
                (three1[0] / f, three1[1] / f, three1[2] / f),
                (three2[0] / f, three2[1] / f, three2[2] / f),
                level,
                df=evidence.df,
            )
            # Answers that are all alike have no sample variance; the adjusted interval still has a width.
            se = evidence.se if plain > 0 else (high - low) / 2 / evidence.crit(level)
            return Difference(
                100 * (score1 - score2),
                100 * low,
                100 * high,
                p,
                f"adjusted Wald; {evidence.words}",
                detectable=possible(100 * detectable_change(se, evidence.df, level), 200),
                level=level,
            )

        return Gap.of(self._side(now, score1), self._side(before, score2), plain, finish)

    def side(self, statistics: Cells, days: Days) -> Side | None:
        """How far each cell pulls the score away from that of the whole; None without rows."""
        up, rest, down = _three(statistics)
        n = up + rest + down
        return self._side(statistics, (up - down) / n) if n > 0 else None

    def _side(self, cells: Cells, score: float) -> Side:
        n = cells.sums["n"]
        net = cells.sums["up"] - cells.sums["down"]
        return Side(cells.day, cells.agent, (net - score * n) / float(n.sum()), n)

    def by_day(self, statistics: Cells, days: Days) -> DailyValues:
        """Score of each day."""
        net = statistics.sums["up"] - statistics.sums["down"]
        return ratio_by_day(statistics.day, net, statistics.sums["n"], days, 100.0)

    def formula(self) -> str:
        """The arithmetic on fact columns.

        >>> Score("promoter", "detractor", "nps_answered").formula()
        '100 * (sum(promoter) - sum(detractor)) / sum(nps_answered)'
        """
        return f"100 * (sum({self.up}) - sum({self.down})) / sum({self.among})"


def _three(cells: Cells) -> tuple[float, float, float]:
    up, down = cells.total("up"), cells.total("down")
    return up, cells.total("n") - up - down, down
