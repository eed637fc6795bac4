"""Fact columns that depend on the period: distinct customers, agent-days, who was there at the start.

They cannot be kept per row once and for all, so they are made for the rows of one selection and one period.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from kpi.calendars import MISSING_DAY
from kpi.facts.columns import flags


class Rows(Protocol):
    """Rows of a selection, as the makers need them."""

    @property
    def group(self) -> NDArray[np.int64]:
        """Code of the group of each row."""

    @property
    def day(self) -> NDArray[np.int32]:
        """Day of each row by the basis."""

    @property
    def agent(self) -> NDArray[np.int32]:
        """Code of the agent of each row; −1 unknown."""

    @property
    def days(self) -> tuple[int, int] | None:
        """First and last day of the period; None for all data."""

    def column(self, name: str) -> NDArray[Any]:
        """A fact column of the rows."""


@dataclass(frozen=True)
class Periodic:
    """How a column is made, from which fact columns, and whether rows must have agents."""

    needs: tuple[str, ...]
    make: Callable[[Rows], NDArray[Any]]
    agents: bool = False


def _first_of(group: NDArray[np.int64], key: NDArray[np.int64]) -> NDArray[np.bool_]:
    """True at the first row of each (group, key); never where the key is negative."""
    result = np.zeros(key.size, dtype=np.bool_)
    there = np.flatnonzero(key >= 0)
    if there.size:
        width = int(key.max()) + 1
        _, first = np.unique(group[there] * width + key[there], return_index=True)
        result[there[first]] = True
    return result


def _customer(rows: Rows) -> NDArray[Any]:
    return flags(_first_of(rows.group, rows.column("requester").astype(np.int64)))


def _returned(rows: Rows) -> NDArray[Any]:
    once = _customer(rows) != 0
    if rows.days is None:
        return flags(once & (rows.column("contacts") > 1))
    first = rows.column("first_contact_day")
    return flags(once & (first != MISSING_DAY) & (first < rows.days[0]))


def _agent_day(rows: Rows) -> NDArray[Any]:
    dated = (rows.column("solved_dated") != 0) & (rows.agent >= 0)
    width = int(rows.agent.max(initial=0)) + 1
    low = int(rows.day.min(initial=0))
    key = (rows.day.astype(np.int64) - low) * width + rows.agent
    return flags(_first_of(rows.group, np.where(dated, key, -1)))


def _solved_by_agent(rows: Rows) -> NDArray[Any]:
    return flags((rows.column("solved_dated") != 0) & (rows.agent >= 0))


def _at_start(rows: Rows) -> NDArray[np.bool_]:
    """Joined before the period and not lost before it; everyone on the list for all data."""
    known: NDArray[np.bool_] = rows.column("loss_known") != 0
    if rows.days is None:
        return known
    joined, lost, day = rows.column("joined_day"), rows.column("lost") != 0, rows.column("lost_day")
    there = (joined < rows.days[0]) & (~lost | (day >= rows.days[0]))
    found: NDArray[np.bool_] = there & ~(lost & (day == MISSING_DAY)) & known
    return found


def _lost(rows: Rows) -> NDArray[np.bool_]:
    lost: NDArray[np.bool_] = rows.column("lost") != 0
    if rows.days is not None:
        lost = lost & (rows.column("lost_day") <= rows.days[1])
    return lost & _at_start(rows)


PERIODIC: Mapping[str, Periodic] = MappingProxyType(
    {
        "customer_in_period": Periodic(("requester",), _customer),
        "customer_returned": Periodic(("requester", "first_contact_day", "contacts"), _returned),
        "agent_day_in_period": Periodic(("solved_dated",), _agent_day, agents=True),
        "solved_by_agent": Periodic(("solved_dated",), _solved_by_agent, agents=True),
        "customer_at_start": Periodic(
            ("lost", "loss_known", "joined_day", "lost_day"), lambda rows: flags(_at_start(rows))
        ),
        "customer_lost": Periodic(
            ("lost", "loss_known", "joined_day", "lost_day"), lambda rows: flags(_lost(rows))
        ),
        "customer_kept": Periodic(
            ("lost", "loss_known", "joined_day", "lost_day"),
            lambda rows: flags(_at_start(rows) & ~_lost(rows)),
        ),
    }
)
