"""Which target holds: the one rule for every place that holds a value against a target."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import TypeVar

from kpi.attainment.nouns import Aim, Origin
from kpi.definitions import Definitions
from kpi.metrics import BY_KEY
from kpi.model import Comparison, Filter, Group, Metric, MetricEstimate
from kpi.workspace import Target

Result = TypeVar("Result", Comparison, MetricEstimate)


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


def aim_of(
    metric: Metric,
    definitions: Definitions,
    kept: Iterable[Target],
    where: tuple[Filter, ...],
    last: date,
    group: Group | None = None,
) -> Aim:
    """The same for a metric, in one group of the segment; it does not matter which target it carries."""
    segment = where if group is None else (*where, *(Filter(name, (value,)) for name, value in group.keys))
    declared = BY_KEY.get(metric.key)
    return aim(definitions, kept, metric.key, segment, last, declared.target if declared else None)


def aimed(
    results: Iterable[Result],
    definitions: Definitions,
    kept: Iterable[Target],
    where: tuple[Filter, ...],
    last: date,
) -> tuple[Result, ...]:
    """Estimates or comparisons whose metrics carry the target that holds for them on the last day.

    Cards, tables, charts and sentences read ``metric.target``; it is this rule that sets it.

    >>> from kpi.metrics import metric
    >>> from kpi.model import Estimate
    >>> found = MetricEstimate(metric("csat"), Group((("channel", "chat"),)), Estimate(0.85, 100, 0.8, 0.9))
    >>> kept = (Target("1", "csat", 0.9, (Filter("channel", ("chat",)),)),)
    >>> aimed((found,), Definitions(), kept, (), date(2026, 9, 30))[0].metric.target
    0.9
    """
    known = tuple(kept)
    made: list[Result] = []
    for each in results:
        goal = aim_of(each.metric, definitions, known, where, last, each.group).value
        same = goal == each.metric.target
        made.append(each if same else replace(each, metric=replace(each.metric, target=goal)))
    return tuple(made)


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
