"""Small measures of the metrics' own: shares of counted things, and numbers that stand beside a headline."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kpi.measures import Cells, Counts, Days, Mean, Share
from kpi.model import Estimate

Columns = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class CountedShare(Share):
    """Sum of ``of`` ÷ sum of ``among``, where a row may count more than once (commitments, offers, shifts).

    Statistics, interval and test are those of :class:`Share`; ``of`` never exceeds ``among``.
    """

    def contributions(self, columns: Columns) -> Columns:
        return {"n": columns[self.among], "k": columns[self.of]}


@dataclass(frozen=True)
class Count:
    """How many rows have a flag, or the sum of a column; a number beside a headline, without an interval.

    >>> import numpy as np
    >>> Count("open").estimate(Count("open").collect(np.array([1, 1]), None, {"open": np.array([1, 1])})).value
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

    def difference(self, now: Any, before: Any, *, level: float = 0.95, exposure: Any = None) -> None:
        """A companion is never compared."""
        return None

    def formula(self) -> str:
        """The arithmetic on fact columns."""
        return f"sum({self.of})"


@dataclass(frozen=True)
class Deviation:
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

    def difference(self, now: Any, before: Any, *, level: float = 0.95, exposure: Any = None) -> None:
        """A companion is never compared."""
        return None

    def formula(self) -> str:
        """The arithmetic on fact columns."""
        return f"standard deviation of {self.of} where {self.among}"


@dataclass(frozen=True)
class Largest:
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

    def difference(self, now: Any, before: Any, *, level: float = 0.95, exposure: Any = None) -> None:
        """A companion is never compared."""
        return None

    def formula(self) -> str:
        """The arithmetic on fact columns."""
        return f"maximum of {self.of} where {self.among}"
