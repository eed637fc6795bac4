"""A net score: the share of one kind minus the share of the other, −100 to +100 (net promoter score)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kpi.measures.statistics import Cells


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

    def contributions(self, columns: Mapping[str, NDArray[Any]]) -> Mapping[str, NDArray[np.number[Any]]]:
        among = columns[self.among] != 0
        return {
            "n": among.view(np.uint8),
            "up": (among & (columns[self.up] != 0)).view(np.uint8),
            "down": (among & (columns[self.down] != 0)).view(np.uint8),
        }

    def collect(
        self, day: NDArray[np.integer[Any]], agent: NDArray[np.integer[Any]] | None, columns: Mapping[str, NDArray[Any]]
    ) -> Cells:
        return Cells.of_rows(day, agent, self.contributions(columns))

    def formula(self) -> str:
        """The arithmetic on fact columns.

        >>> Score("promoter", "detractor", "nps_answered").formula()
        '100 * (sum(promoter) - sum(detractor)) / sum(nps_answered)'
        """
        return f"100 * (sum({self.up}) - sum({self.down})) / sum({self.among})"
