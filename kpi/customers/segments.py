"""Kinds of customers: what changed in which of them, and in what they differ from the others."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kpi import compare, drivers
from kpi.customers.knowing import Known
from kpi.drivers import Scan
from kpi.facts import NONE
from kpi.facts.customers import has_dates_of_leaving
from kpi.metrics import metric as catalogue_metric
from kpi.model import Comparison, Filter, Metric, Period
from kpi.stats import benjamini_hochberg

METRICS = ("repeat_contact", "churn", "csat", "nps", "ces")
NO_KINDS = (
    "no column of a customer list says what kind of customer somebody is; a list with the customer's key "
    "and a "
    "column such as segment or region would help"
)
AS_IT_STANDS = "Share that left, of the list as it stands"
MOST_VALUES = 12
"""Kinds of one column that are compared; columns with more are left to the filters."""


@dataclass(frozen=True)
class Kind:
    """One kind of customer in one metric, against all others of the same column; p over all of the table."""

    dimension: str
    name: str
    comparison: Comparison

    @property
    def differs(self) -> bool:
        """Beyond chance."""
        d = self.comparison.difference
        return d is not None and d.p_adjusted is not None and d.p_adjusted < 0.05


@dataclass(frozen=True)
class Kinds:
    """All kinds of customers.

    Attributes:
        period: what the levels speak of; None for the customer list as it stands, when it has no dates.
        kinds: levels in that period; looks: how many were tested.
        scan: what changed from before to now, in a family of its own; None where periods cannot be compared.
        refused: why there are none, else empty.
    """

    period: Period | None = None
    kinds: tuple[Kind, ...] = ()
    looks: int = 0
    scan: Scan | None = None
    refused: str = ""


def segments(known: Known, now: Period, before: Period | None, *, where: tuple[Filter, ...] = ()) -> Kinds:
    """Kinds of customers in the period now, and the changes since the period before."""
    names = [name for name in known.dimensions if len(kinds_of(known, name)) <= MOST_VALUES]
    if not names:
        return Kinds(refused=NO_KINDS)
    period, metrics = _asked(known, now)
    found: list[Kind] = []
    for name in names:
        values = kinds_of(known, name)
        # Of two kinds one against the other says it all.
        for value in values if len(values) > 2 else values[:1]:
            others = tuple(each for each in values if each != value)
            compared = compare.compare_segments(
                known.facts,
                period,
                (Filter(name, (value,)),),
                (Filter(name, others),),
                metrics=metrics,
                where=where,
            )
            found += [Kind(name, value, each) for each in compared if each.now.value is not None]
    differences = [kind.comparison.difference for kind in found]
    adjusted = benjamini_hochberg([None if d is None else d.p for d in differences])
    told = tuple(
        kind
        if d is None
        else replace(kind, comparison=replace(kind.comparison, difference=replace(d, p_adjusted=q)))
        for kind, d, q in zip(found, differences, adjusted, strict=True)
    )
    told = tuple(sorted(told, key=_surest))
    scan = None
    if before is not None and period is not None:
        scan = drivers.scan(known.facts, now, before, dimensions=names, metrics=metrics, where=where)
    if not told:
        return Kinds(period, scan=scan, refused="no number of customers has an answer in this period")
    return Kinds(period, told, sum(q is not None for q in adjusted), scan)


def _surest(kind: Kind) -> tuple[bool, float]:
    """Kinds that differ first, the surest of them before the others; the rest as they came."""
    d = kind.comparison.difference
    return (not kind.differs, d.p or 0.0 if d is not None and kind.differs else 0.0)


def _asked(known: Known, now: Period) -> tuple[Period | None, tuple[str | Metric, ...]]:
    """The period and the metrics; of a list without dates the share that left, as it stands."""
    table = known.list
    if table is not None and not known.dated and not has_dates_of_leaving(table):
        return None, (replace(catalogue_metric("churn"), name=AS_IT_STANDS),)
    dated = table is not None and has_dates_of_leaving(table)
    return now, tuple(key for key in METRICS if key != "churn" or dated)


def kinds_of(known: Known, name: str) -> tuple[str, ...]:
    """The kinds of customers that a column of the list names."""
    table = known.list
    if table is None:
        return ()
    return tuple(each for each in map(str, table.dimensions[name].categories) if each != NONE)
