"""A share: how many of the rows that count have a flag."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kpi.measures.statistics import Cells


@dataclass(frozen=True)
class Share:
    """Rows with flag ``of`` ÷ rows with flag ``among`` (a row counts above only if it counts below). 0 to 1.

    Statistics: ``n``, ``k``.
    """

    of: str
    among: str

    @property
    def collects(self) -> type[Cells]:
        return Cells

    def reads(self) -> tuple[str, ...]:
        return (self.of, self.among)

    def contributions(self, columns: Mapping[str, NDArray[Any]]) -> Mapping[str, NDArray[np.number[Any]]]:
        among = columns[self.among] != 0
        return {"n": among.view(np.uint8), "k": (among & (columns[self.of] != 0)).view(np.uint8)}

    def collect(
        self, day: NDArray[np.integer[Any]], agent: NDArray[np.integer[Any]] | None, columns: Mapping[str, NDArray[Any]]
    ) -> Cells:
        return Cells.of_rows(day, agent, self.contributions(columns))

    def formula(self) -> str:
        """The arithmetic on fact columns.

        >>> Share("satisfied", "answered").formula()
        'sum(satisfied) / sum(answered)'
        """
        return f"sum({self.of}) / sum({self.among})"
