"""Small measures of the metrics' own: shares of counted things, and numbers that stand beside a headline."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kpi.measures import Cells, Counts, Days, Gap, Mean, Share
from kpi.measures.series import DailyValues, every_day
from kpi.measures.statistics import Exposure
from kpi.model import Difference, Estimate

Columns = Mapping[str, NDArray[Any]]
SMALLEST_FACTOR = 1e-6
"""So that rows which are all alike still have a finite effective number."""


@dataclass(frozen=True)
class CountedShare(Share):
    """Sum of ``of`` ÷ sum of ``among``, where a row counts more than once or in part (commitments, shifts).

    What stands in one row is not independent, so the variance is that between rows (ratio estimator) and not
    the binomial one; days, weeks and agents enter as in :class:`Share`. ``of`` never exceeds ``among``.
    Statistics: ``n``, ``k``, ``rows``, and the sums of k², k·n and n² over rows.

    >>> import numpy as np
    >>> share = CountedShare("met", "decided")
    >>> columns = {"met": np.array([2, 0, 1]), "decided": np.array([2, 2, 1])}
    >>> estimate = share.estimate(share.collect(np.array([1, 1, 1]), None, columns))
    >>> estimate.value, estimate.n
    (0.6, 5)
    """

    def contributions(self, columns: Columns) -> Columns:
        n = columns[self.among].astype(np.float64)
        k = columns[self.of].astype(np.float64)
        return {"n": n, "k": k, "rows": (n > 0).view(np.uint8), "kk": k * k, "kn": k * n, "nn": n * n}

    def estimate(self, statistics: Cells, *, level: float = 0.95, exposure: Days | None = None) -> Estimate:
        """Wilson interval on the effective number; ``parts``: ``count``, the sum above."""
        found = super().estimate(_effective(statistics), level=level, exposure=exposure)
        n, k = statistics.total("n"), statistics.total("k")
        return replace(found, n=round(n), parts={"count": round(k)}) if found.value is not None else found

    def gap(
        self, now: Cells, before: Cells, *, level: float = 0.95, exposure: Exposure | None = None
    ) -> Gap | Difference | None:
        """Miettinen-Nurminen on the effective numbers."""
        return super().gap(_effective(now), _effective(before), level=level, exposure=exposure)


def _effective(cells: Cells) -> Cells:
    """The sums scaled so that their binomial variance is the variance between rows."""
    n, k, rows = cells.total("n"), cells.total("k"), cells.total("rows")
    share = k / n if n > 0 else 0.0
    if rows < 2 or not 0 < share < 1:
        return cells
    squares = cells.total("kk") - 2 * share * cells.total("kn") + share * share * cells.total("nn")
    factor = max(squares, 0.0) / n**2 * rows / (rows - 1) / (share * (1 - share) / n)
    factor = max(factor, SMALLEST_FACTOR)
    sums = {name: cells.sums[name] / factor for name in ("n", "k")}
    return Cells(cells.day, cells.agent, MappingProxyType(sums))


class Companion:
    """What stands beside a headline: it is shown, and never compared or followed by itself."""

    def difference(self, now: Any, before: Any, *, level: float = 0.95, exposure: Any = None) -> None:
        """None."""
        return None

    def gap(self, now: Any, before: Any, *, level: float = 0.95, exposure: Any = None) -> None:
        """None."""
        return None

    def side(self, statistics: Any, days: Days) -> None:
        """None."""
        return None

    def by_day(self, statistics: Any, days: Days) -> DailyValues:
        """No value on any day."""
        day = every_day(days)
        return DailyValues(day, np.full(day.size, np.nan), np.zeros(day.size))


@dataclass(frozen=True)
class Count(Companion):
    """How many rows have a flag, or the sum of a column; a number beside a headline, without an interval.

    >>> import numpy as np
    >>> count, columns = Count("open"), {"open": np.array([1, 1])}
    >>> count.estimate(count.collect(np.array([1, 1]), None, columns)).value
    2.0
    """

    of: str

    @property
    def collects(self) -> type[Cells]:
        return Cells

    def reads(self) -> tuple[str, ...]:
        return (self.of,)

    def contributions(self, columns: Columns) -> Columns:
        return {"sum": columns[self.of]}

    def collect(self, day: NDArray[Any], agent: NDArray[Any] | None, columns: Columns) -> Cells:
        return Cells.of_rows(day, agent, self.contributions(columns))

    def estimate(self, statistics: Cells, *, level: float = 0.95, exposure: Days | None = None) -> Estimate:
        """The sum."""
        total = statistics.total("sum")
        return Estimate(total, round(total), method="exact count")

    def formula(self) -> str:
        """The arithmetic on fact columns."""
        return f"sum({self.of})"


@dataclass(frozen=True)
class Deviation(Companion):
    """Sample standard deviation of ``of`` over rows with flag ``among``, divided by ``per_unit``."""

    of: str
    among: str
    per_unit: float = 1

    @property
    def collects(self) -> type[Cells]:
        return Cells

    def reads(self) -> tuple[str, ...]:
        return (self.of, self.among)

    def contributions(self, columns: Columns) -> Columns:
        return Mean(self.of, self.among).contributions(columns)

    def collect(self, day: NDArray[Any], agent: NDArray[Any] | None, columns: Columns) -> Cells:
        return Cells.of_rows(day, agent, self.contributions(columns))

    def estimate(self, statistics: Cells, *, level: float = 0.95, exposure: Days | None = None) -> Estimate:
        """Root of the sample variance; no answer for fewer than two rows."""
        n, total, squares = (statistics.total(name) for name in ("n", "sum", "sumsq"))
        if n < 2:
            return Estimate.absent("fewer than two rows have no spread", round(n))
        spread = max(0.0, squares - total * total / n) / (n - 1)
        return Estimate(math.sqrt(spread) / self.per_unit, round(n), method="sample standard deviation")

    def formula(self) -> str:
        """The arithmetic on fact columns."""
        return f"standard deviation of {self.of} where {self.among}"


@dataclass(frozen=True)
class Largest(Companion):
    """The largest value of ``of`` over rows with flag ``among``, divided by ``per_unit``.

    Statistics: value counts, as for a quantile.
    """

    of: str
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

    def collect(self, day: NDArray[Any], agent: NDArray[Any] | None, columns: Columns) -> Counts:
        given = self.contributions(columns)
        return Counts.of_rows(day, agent, given["value"], given["observed"], given["censored"])

    def estimate(self, statistics: Counts, *, level: float = 0.95, exposure: Days | None = None) -> Estimate:
        """The maximum; no answer without rows."""
        if not statistics.value.size:
            return Estimate.absent("no rows with a value")
        return Estimate(float(statistics.value.max()) / self.per_unit, statistics.total, method="maximum")

    def formula(self) -> str:
        """The arithmetic on fact columns."""
        return f"maximum of {self.of} where {self.among}"


@dataclass(frozen=True)
class Smallest(Largest):
    """The smallest value of ``of`` over rows with flag ``among``, divided by ``per_unit``."""

    def estimate(self, statistics: Counts, *, level: float = 0.95, exposure: Days | None = None) -> Estimate:
        """The minimum; no answer without rows."""
        if not statistics.value.size:
            return Estimate.absent("no rows with a value")
        return Estimate(float(statistics.value.min()) / self.per_unit, statistics.total, method="minimum")

    def formula(self) -> str:
        """The arithmetic on fact columns."""
        return f"minimum of {self.of} where {self.among}"
