"""Are promises kept? Met, missed, by how much, still waiting; and every target against its metric."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from kpi import fields
from kpi.attainment.aiming import aim
from kpi.attainment.clocks import (
    ANY,
    READS,
    SOLVED_WITHIN,
    as_promised,
    limits,
    overrun_of,
    share_of,
    why_not,
    with_promises,
)
from kpi.attainment.judging import Case, judge
from kpi.attainment.nouns import Aim, Clock, Judged, Kept, Origin, Promise, Side, Standing
from kpi.estimates import Measured, measured
from kpi.facts import Facts
from kpi.measures import Stock
from kpi.metrics import catalogue
from kpi.model import Estimate, Filter, Group, Metric, Period
from kpi.workspace import Target

NOWHERE = Measured(Estimate.absent("no row counts here"))
UNJUDGED = Judged(Side.NO_TARGET)
SPLITS = ("channel", "priority", "team", "category", "product")
"""Fields by which promises may be told apart further."""


def splits(facts: Facts) -> tuple[str, ...]:
    """The fields by which promises can be told apart further in these data."""
    return tuple(
        name
        for name in SPLITS
        if any(name in table.dimensions and len(table.dimensions[name].categories) > 1
               for table in facts.tables.values())
    )  # fmt: skip


def keeping(
    facts: Facts,
    period: Period,
    targets: Iterable[Target] = (),
    *,
    where: tuple[Filter, ...] = (),
    split: str = "",
) -> Kept:
    """Every promise of the definitions and every target over the rows of a period, judged as one family.

    Parameters
        targets: those that are kept; see :func:`kpi.attainment.aim` for which of them holds.
        split: a further field by which promises are told apart ("priority").

    Raises:
        ValueError: for a field that no table has.
    """
    kept = tuple(targets)
    ready = with_promises(facts)
    promises, cases, absent = _promises(ready, period, kept, where, split)
    standings, more = _standings(ready, period, kept, where)
    definitions = facts.definitions
    judged = judge([*cases, *more], definitions.confidence, definitions.minimum_n)
    parts = judged[: len(cases)], judged[len(cases) :]
    return Kept(
        period=period,
        promises=tuple(replace(one, judged=said) for one, said in zip(promises, parts[0], strict=True)),
        standings=tuple(
            one if one.judged.side is Side.NOT_NOW else replace(one, judged=said)
            for one, said in zip(standings, parts[1], strict=True)
        ),
        absent=absent,
        business_hours=definitions.business_hours,
        level=definitions.confidence,
        looks=judged[0].looks if judged else 0,
    )


# ---------------------------------------------------------------- promises

Found = tuple[list[Promise], list[Case], tuple[tuple[Clock, str], ...]]


def _promises(
    facts: Facts, period: Period, kept: Sequence[Target], where: tuple[Filter, ...], split: str
) -> Found:
    promises: list[Promise] = []
    cases: list[Case] = []
    absent: list[tuple[Clock, str]] = []
    for clock, reads in READS.items():
        reason = why_not(facts, clock)
        table = facts.table(reads.grain)
        if reason is not None or table is None:
            absent.append((clock, reason or f"the data hold no {reads.grain.value}"))
            continue
        by = tuple(
            dict.fromkeys(
                name for name in (reads.field, split) if name and fields.resolve(table, name) is not None
            )
        )
        share, late = share_of(clock), overrun_of(clock)
        results = measured(facts, (share, late), period, by=by, where=where)
        before = len(promises)
        for group, one in results[share.key].items():
            limit = _limit(facts, clock, group)
            if limit is None or not _rows(one.estimate):
                continue
            own = tuple(Filter(name, (value,)) for name, value in group.keys)
            aimed = aim(facts.definitions, kept, share.key, (*where, *own), period.end, share.target)
            estimate = one.estimate
            overrun = results[late.key].get(group, NOWHERE).estimate
            promises.append(_promise(clock, group, own, share, limit, estimate, overrun, aimed))
            cases.append(Case(share, estimate, aimed.value, _at(share, one)))
        if len(promises) == before:
            none = next(iter(results[share.key].values()), NOWHERE).estimate.reason
            absent.append((clock, none or "no row of this period has a promise"))
    return promises, cases, tuple(absent)


def _promise(
    clock: Clock,
    group: Group,
    own: tuple[Filter, ...],
    share: Metric,
    limit: float,
    estimate: Estimate,
    overrun: Estimate,
    aimed: Aim,
) -> Promise:
    parts = estimate.parts
    met = int(parts.get("met") or 0)
    longest = parts.get("longest")
    return Promise(
        clock=clock,
        name=str(group),
        where=own,
        metric=share,
        limit_s=limit,
        kept=estimate,
        met=met,
        missed=estimate.n - met,
        late_open=int(parts.get("late_open") or 0),
        pending=int(parts.get("pending") or 0),
        longest_s=None if longest is None else float(longest),
        overrun=overrun,
        aim=aimed,
        judged=UNJUDGED,
    )


def _rows(estimate: Estimate) -> int:
    return estimate.n + int(estimate.parts.get("pending") or 0)


def _limit(facts: Facts, clock: Clock, group: Group) -> float | None:
    known = limits(facts.definitions, clock)
    name = dict(group.keys).get(READS[clock].field, "")
    return known.get(name.casefold(), known.get(ANY))


# ---------------------------------------------------------------- targets


def _standings(
    facts: Facts, period: Period, kept: Sequence[Target], where: tuple[Filter, ...]
) -> tuple[list[Standing], list[Case]]:
    known = {each.key: as_promised(each) for each in catalogue(facts.definitions, facts)}
    standings: list[Standing] = []
    cases: list[Case] = []
    for key, segment, aimed in _wanted(facts, known, period, kept):
        metric = known.get(key)
        days = _shared(period, aimed.target)
        if metric is None or days is None:
            reason = f"there is no metric '{key}' in the list any more"
            side = Side.NO_VALUE
            if metric is not None:
                reason, side = _not_now(aimed.target), Side.NOT_NOW
            bare = Estimate.absent(reason)
            standings.append(Standing(key, metric, segment, aimed, days, bare, Judged(side, reason=reason)))
            cases.append(Case(metric or SOLVED_WITHIN, bare, aimed.value, lambda _: Estimate.absent("")))
            continue
        one = _measured(facts, metric, days, (*where, *segment))
        if not one.estimate.n and (gone := _vanished(facts, metric, segment)):
            one = Measured(Estimate.absent(gone))
        standings.append(Standing(key, metric, segment, aimed, days, one.estimate, UNJUDGED))
        cases.append(Case(metric, one.estimate, aimed.value, _at(metric, one)))
    return standings, cases


def _wanted(
    facts: Facts, known: Mapping[str, Metric], period: Period, kept: Sequence[Target]
) -> list[tuple[str, tuple[Filter, ...], Aim]]:
    """Kept targets, and those of the definitions for which no kept one stands in."""
    found = [(one.metric, one.where, Aim(one.value, Origin.KEPT, one)) for one in kept]
    for key in dict.fromkeys([*known, *facts.definitions.targets]):
        usual = known[key].target if key in known else None
        general = aim(facts.definitions, kept, key, (), period.end, usual)
        if general.origin is Origin.DEFINITIONS:
            found.append((key, (), general))
    return found


def _measured(facts: Facts, metric: Metric, days: Period, where: tuple[Filter, ...]) -> Measured:
    try:
        results = measured(facts, (metric,), days, where=where)
    except ValueError as error:
        return Measured(Estimate.absent(str(error).split(";")[0]))
    one = results[metric.key].get(Group(), NOWHERE)
    if isinstance(metric.measure, Stock) and one.estimate.low is None and one.estimate.value is not None:
        # What is open at one moment is counted, not estimated.
        value = one.estimate.value
        return replace(one, estimate=replace(one.estimate, low=value, high=value), statistics=None)
    return one


def _vanished(facts: Facts, metric: Metric, segment: tuple[Filter, ...]) -> str:
    """That the data no longer hold what a target is for: a channel given up, a team by its old name."""
    table = facts.table(metric.grain)
    for each in segment:
        field = None if table is None else fields.resolve(table, each.field)
        if table is None or field is None or field not in table.dimensions:
            continue
        known = {value.casefold() for value in fields.values(table, field)}
        if not known & {value.casefold() for value in each.values}:
            named = " or ".join(f"'{value}'" for value in each.values)
            return f"the data hold no {each.field.removeprefix('custom:')} {named} any more"
    return ""


def _at(metric: Metric, one: Measured) -> Any:
    if one.statistics is None:
        return lambda level: one.estimate
    statistics: Any = one.statistics
    return lambda level: metric.measure.estimate(statistics, level=level, exposure=one.exposure)


def _shared(period: Period, target: Target | None) -> Period | None:
    """The days of the period on which the target holds."""
    if target is None:
        return period
    first = max(period.start, target.valid_from or period.start)
    last = min(period.end, target.valid_until or period.end)
    return Period(first, last) if first <= last else None


def _not_now(target: Target | None) -> str:
    if target is not None and target.valid_until is not None and target.valid_from is None:
        return f"it held until {target.valid_until}"
    if target is not None and target.valid_until is not None:
        return f"it holds from {target.valid_from} to {target.valid_until}"
    return f"it holds from {target.valid_from if target else None} on"
