"""A median or another quantile of a value that is known for every row that counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kpi.measures.statistics import Counts


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

    def contributions(self, columns: Mapping[str, NDArray[Any]]) -> Mapping[str, NDArray[np.number[Any]]]:
        among = (columns[self.among] != 0).view(np.uint8)
        return {"value": columns[self.of], "observed": among, "censored": np.zeros(among.size, np.uint8)}

    def collect(
        self, day: NDArray[np.integer[Any]], agent: NDArray[np.integer[Any]] | None, columns: Mapping[str, NDArray[Any]]
    ) -> Counts:
        given = self.contributions(columns)
        return Counts.of_rows(day, agent, given["value"], given["observed"], given["censored"])

    def formula(self) -> str:
        """The arithmetic on fact columns.

        >>> Quantile("wait_s", 0.9, "answered", 60).formula()
        'quantile 0.9 of wait_s where answered / 60'
        """
        name = "median" if self.q == 0.5 else f"quantile {self.q:g}"
        return f"{name} of {self.of} where {self.among}" + (f" / {self.per_unit:g}" if self.per_unit != 1 else "")
