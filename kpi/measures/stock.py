"""A stock: how many are open at one moment, from what came in and what went out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kpi.measures.statistics import Cells


@dataclass(frozen=True)
class Stock:
    """Rows opened − rows closed, up to the last day of the period.

    ``opened`` and ``closed`` are flag columns. A row is counted in on the day in column ``opened_day`` and out on the
    day in column ``closed_day`` (read only where ``closed`` is set), so its two days differ: statistics come from
    :meth:`collect`, or from adding ``opened`` by one day column and ``closed`` by the other.
    Statistics: ``opened``, ``closed`` by day, from the first day of the data (not of the period).
    """

    opened: str
    closed: str
    opened_day: str = "created_day"
    closed_day: str = "solved_day"

    @property
    def collects(self) -> type[Cells]:
        return Cells

    def reads(self) -> tuple[str, ...]:
        return (self.opened, self.closed, self.opened_day, self.closed_day)

    def contributions(self, columns: Mapping[str, NDArray[Any]]) -> Mapping[str, NDArray[np.number[Any]]]:
        opened = columns[self.opened] != 0
        return {"opened": opened.view(np.uint8), "closed": (opened & (columns[self.closed] != 0)).view(np.uint8)}

    def collect(
        self,
        day: NDArray[np.integer[Any]] | None,
        agent: NDArray[np.integer[Any]] | None,
        columns: Mapping[str, NDArray[Any]],
    ) -> Cells:
        """Cells with both flows; ``day`` is not used, the two day columns are."""
        given = self.contributions(columns)
        into, out = given["opened"] != 0, given["closed"] != 0
        days = np.concatenate([columns[self.opened_day][into], columns[self.closed_day][out]])
        agents = None if agent is None else np.concatenate([agent[into], agent[out]])
        flow = np.concatenate([np.ones(int(into.sum())), np.zeros(int(out.sum()))])
        return Cells.of_rows(days, agents, {"opened": flow, "closed": 1 - flow})

    def formula(self) -> str:
        """The arithmetic on fact columns.

        >>> Stock("created", "solved").formula()
        'sum(created by created_day) - sum(solved by solved_day), up to the last day'
        """
        return f"sum({self.opened} by {self.opened_day}) - sum({self.closed} by {self.closed_day}), up to the last day"
