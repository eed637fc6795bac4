"""Whether facts feed a metric, and in plain words why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpi.facts.periodic import PERIODIC
from kpi.model import Grain, Metric, inside

if TYPE_CHECKING:
    from kpi.facts import Facts, FactTable


def feeds(metric: Metric, facts: Facts) -> bool:
    """Whether the data hold what the metric reads."""
    return why_not(metric, facts) is None


def why_not(metric: Metric, facts: Facts) -> str | None:
    """Why the data do not feed a metric; None when they do.

    The sentence reads "no CSAT: no column holds satisfaction answers".
    """
    table = facts.table(metric.grain)
    if table is None:
        return f"no {inside(metric.name)}: {metric.lacking}"
    for column in metric.measure.reads():
        if not readable(table, column):
            told = table.absent.get(column, metric.lacking)
            return f"no {inside(metric.name)}: {told}"
    return None


def readable(table: FactTable, column: str) -> bool:
    """Whether the table has a fact column, or what a column that depends on the period is made from."""
    if column == "days":
        return True
    periodic = PERIODIC.get(column)
    if periodic is None:
        return column in table.columns
    if periodic.agents and "agent" not in table.dimensions:
        return False
    return all(name in table.columns for name in periodic.needs)


def lowest_is_best(facts: Facts) -> bool:
    """Whether effort scores are on a scale on which low is good."""
    table = facts.table(Grain.SURVEYS)
    column = None if table is None else table.columns.get("ces_low_is_good")
    return column is not None and bool(column.any())
