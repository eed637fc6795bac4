"""Which target holds: the one rule for every place that holds a value against a target."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from kpi.attainment.nouns import Aim, Origin
from kpi.definitions import Definitions
from kpi.model import Filter
from kpi.workspace import Target


def aim(
    definitions: Definitions,
    kept: Iterable[Target],
    key: str,
    where: tuple[Filter, ...],
    last: date,
    usual: float | None = None,
) -> Aim:
    """The target of a metric in a segment, on the last day that is looked at.

    Of the kept targets that hold on that day and whose segment holds the one asked for, the narrowest: most
    fields, then fewest values, then the one that began last. Else that of the definitions, else ``usual``,
    the metric's own.

    >>> targets = (Target("1", "csat", 0.9), Target("2", "csat", 0.8, (Filter("channel", ("chat",)),)))
    >>> chat = (Filter("channel", ("chat",)),)
    >>> aim(Definitions(), targets, "csat", chat, date(2026, 9, 30)).value
    0.8
    >>> aim(Definitions(), targets, "csat", (), date(2026, 9, 30)).value
    0.9
    >>> aim(Definitions(), (), "csat", chat, date(2026, 9, 30)).value
    0.8
    """
    fitting = [
        target
        for target in kept
        if target.metric == key and target.holds_on(last) and _holds(target.where, where)
    ]
    if fitting:
        best = max(fitting, key=_narrowness)
        return Aim(best.value, Origin.KEPT, best)
    value = definitions.targets.get(key, usual)
    return Aim(value, Origin.NONE if value is None else Origin.DEFINITIONS)


def _holds(wide: tuple[Filter, ...], narrow: tuple[Filter, ...]) -> bool:
    """Whether every row of the second segment is in the first."""
    return all(
        any(
            own.field == given.field
            and {value.casefold() for value in own.values} <= {value.casefold() for value in given.values}
            for own in narrow
        )
        for given in wide
    )


def _narrowness(target: Target) -> tuple[int, int, date]:
    values = sum(len(each.values) for each in target.where)
    return len(target.where), -values, target.valid_from or date.min
