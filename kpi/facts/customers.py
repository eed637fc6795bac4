"""Facts of customers, one row each: joined, lost. Who is there at the start of a period depends on the
period."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpi.definitions import Definitions
from kpi.facts.columns import Canonical, days_of, flags
from kpi.facts.dimensions import dimensions_of
from kpi.facts.nouns import FactTable
from kpi.model import Grain

UNDATED = "the customer list has no dates"


def customer_facts(rows: pd.DataFrame, definitions: Definitions) -> FactTable | None:
    """Facts of the customer list.

    ``lost`` says that a customer has left, ``lost_day`` when; without dates of leaving only the list as a
    whole has
    a churn rate.
    """
    if not len(rows):
        return None
    rows = rows.reset_index(drop=True)
    canonical = Canonical("customers", rows)
    joined, left, flag = canonical.time("joined_at"), canonical.time("churned_at"), canonical.flag("churned")
    columns: dict[str, NDArray[Any]] = {
        "customer": np.ones(len(rows), np.uint8),
        "joined_day": days_of(joined, definitions.timezone),
        "lost_day": days_of(left, definitions.timezone),
    }
    absent: dict[str, str] = {}
    notes: dict[str, str] = {}
    if flag.known.any() or left.known.any():
        lost = left.known | flag.values
        columns["lost"] = flags(lost)
        columns["loss_known"] = flags(flag.known | left.known | (~flag.known.any() & ~left.known))
        undated = lost & ~left.known
        if left.known.any() and undated.any():
            notes["lost"] = (
                f"{int(undated.sum()):,} customers lost at an unknown time are left out of dated periods"
            )
        if left.known.any() and not joined.known.any():
            notes["lost"] = (
                "the list has no dates of joining: everyone not lost before counts as there at the start"
            )
    else:
        why = "the customer list does not say who has left"
        absent |= dict.fromkeys(
            ("lost", "loss_known", "customer_at_start", "customer_lost", "customer_kept"), why
        )
    return FactTable(
        grain=Grain.CUSTOMERS,
        columns=columns,
        dimensions=dimensions_of(rows),
        source=rows,
        notes=notes,
        absent=absent,
        definitions=definitions,
    )


def has_dates_of_leaving(table: FactTable) -> bool:
    """Whether any customer has a date of leaving."""
    return "churned_at" in table.source.columns and bool(table.source["churned_at"].notna().any())
