"""An arithmetic mean of a score or a duration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kpi.measures.statistics import Cells


@dataclass(frozen=True)
class Mean:
    """Sum of ``of`` ÷ rows with flag ``among``, divided by ``per_unit`` (60 shows a column of seconds in minutes).

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

    def contributions(self, columns: Mapping[str, NDArray[Any]]) -> Mapping[str, NDArray[np.number[Any]]]:
        among = columns[self.among] != 0
        values = np.where(among, columns[self.of], 0).astype(np.float64)
        return {"n": among.view(np.uint8), "sum": values, "sumsq": values * values}

    def collect(
        self, day: NDArray[np.integer[Any]], agent: NDArray[np.integer[Any]] | None, columns: Mapping[str, NDArray[Any]]
    ) -> Cells:
        return Cells.of_rows(day, agent, self.contributions(columns))

    def formula(self) -> str:
        """The arithmetic on fact columns.

        >>> Mean("handle_s", "handled", 60).formula()
        'sum(handle_s) / sum(handled) / 60'
        """
        return f"sum({self.of}) / sum({self.among})" + (f" / {self.per_unit:g}" if self.per_unit != 1 else "")
