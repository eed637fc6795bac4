"""A median or another quantile of a time that has not ended yet for some rows (Kaplan–Meier)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kpi.measures.statistics import Counts


@dataclass(frozen=True)
class Survival:
    """Quantile ``q`` of the time ``of`` over rows with flag ``among``, divided by ``per_unit``.

    ``observed`` flags the rows whose time has ended; for the others ``of`` is the time waited so far and they count as
    censored, never as ended and never as missing. Statistics: value counts.
    """

    of: str
    observed: str
    q: float
    among: str
    per_unit: float = 1

    @property
    def collects(self) -> type[Counts]:
        return Counts

    def reads(self) -> tuple[str, ...]:
        return (self.of, self.observed, self.among)

    def contributions(self, columns: Mapping[str, NDArray[Any]]) -> Mapping[str, NDArray[np.number[Any]]]:
        among = columns[self.among] != 0
        ended = columns[self.observed] != 0
        return {
            "value": columns[self.of],
            "observed": (among & ended).view(np.uint8),
            "censored": (among & ~ended).view(np.uint8),
        }

    def collect(
        self, day: NDArray[np.integer[Any]], agent: NDArray[np.integer[Any]] | None, columns: Mapping[str, NDArray[Any]]
    ) -> Counts:
        given = self.contributions(columns)
        return Counts.of_rows(day, agent, given["value"], given["observed"], given["censored"])

    def formula(self) -> str:
        """The arithmetic on fact columns.

        >>> Survival("resolution_s", "solved", 0.5, "counts", 3600).formula()
        'Kaplan-Meier median of resolution_s (ended where solved) where counts / 3600'
        """
        name = "median" if self.q == 0.5 else f"quantile {self.q:g}"
        unit = f" / {self.per_unit:g}" if self.per_unit != 1 else ""
        return f"Kaplan-Meier {name} of {self.of} (ended where {self.observed}) where {self.among}{unit}"
