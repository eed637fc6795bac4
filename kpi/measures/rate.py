"""A rate: events per calendar day or per unit of exposure (agent-days, hours), or their total."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kpi.measures.statistics import Cells

CALENDAR = "days"
"""The exposure that is no fact column: calendar days of the period, those without rows included."""


@dataclass(frozen=True)
class Rate:
    """Sum of ``events`` ÷ sum of the column ``per``; or per calendar day with ``per="days"``.

    With ``total`` the value is the count itself, and only differences between periods of unequal days are put on a
    per-day basis. Statistics: ``events`` and, unless per calendar day, ``exposure``.
    """

    events: str
    per: str = CALENDAR
    total: bool = False

    @property
    def collects(self) -> type[Cells]:
        return Cells

    def reads(self) -> tuple[str, ...]:
        return (self.events,) if self.per == CALENDAR else (self.events, self.per)

    def contributions(self, columns: Mapping[str, NDArray[Any]]) -> Mapping[str, NDArray[np.number[Any]]]:
        if self.per == CALENDAR:
            return {"events": columns[self.events]}
        return {"events": columns[self.events], "exposure": columns[self.per]}

    def collect(
        self, day: NDArray[np.integer[Any]], agent: NDArray[np.integer[Any]] | None, columns: Mapping[str, NDArray[Any]]
    ) -> Cells:
        return Cells.of_rows(day, agent, self.contributions(columns))

    def formula(self) -> str:
        """The arithmetic on fact columns.

        >>> Rate("created", total=True).formula(), Rate("solved", "agent_days").formula()
        ('sum(created)', 'sum(solved) / sum(agent_days)')
        """
        if self.total:
            return f"sum({self.events})"
        return f"sum({self.events}) / " + ("calendar days" if self.per == CALENDAR else f"sum({self.per})")
