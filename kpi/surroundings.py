"""The days around what is compared: where the noise of days is learned from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from kpi import fields
from kpi.estimates import measured, within
from kpi.facts import Facts
from kpi.facts.periodic import PERIODIC
from kpi.measures import Days, Stock
from kpi.measures.daily_evidence import Stretch
from kpi.model import EPOCH, Basis, Filter, Group, Metric, Period

WANTED = 364
"""Days that are looked at together, if the data hold them: a year. The longer it is, the better is known how
much the desk's days wander, and the smaller a change can be seen."""
SHORTEST = 7
"""A run of fewer days beside the compared ones has no rhythm of its own."""

Around = Mapping[str, Mapping[Group, tuple[Stretch, ...]]]
"""Key of the metric → group → the runs of days beside the compared ones."""


@dataclass(frozen=True)
class Compared:
    """The days of both sides. Two segments of the same days have ``segments``: their filters."""

    now: Days
    before: Days
    segments: tuple[tuple[Filter, ...], tuple[Filter, ...]] | None = None


def around(
    facts: Facts,
    metrics: Sequence[Metric],
    compared: Compared,
    *,
    by: tuple[str, ...] = (),
    where: tuple[Filter, ...] = (),
) -> Around:
    """Residuals of the runs of days beside the compared ones, as far as a year is not filled by those.

    A group without an entry has no days beside it. Metrics are left out whose facts depend on the period, and
    stocks; all of them for splits by time.
    """
    runs = _runs(facts, compared)
    chosen = [metric for metric in metrics if followed_daily(metric)]
    if not chosen or any(name.strip().casefold() in fields.GRAINS for name in by):
        return {}
    if not runs:
        return {metric.key: {} for metric in chosen}
    span = Period(_date(runs[0][0]), _date(runs[-1][1]))
    segments = compared.segments or ((),)
    sides = [measured(facts, chosen, span, by=by, where=(*where, *one), parts=False) for one in segments]
    found: dict[str, dict[Group, tuple[Stretch, ...]]] = {}
    for metric in chosen:
        groups = sides[0][metric.key]
        found[metric.key] = {}
        for group in groups:
            statistics = [
                None if group not in side[metric.key] else side[metric.key][group].statistics
                for side in sides
            ]
            if any(each is None for each in statistics):
                continue
            stretches = [_stretch(metric, statistics, run) for run in runs]
            found[metric.key][group] = tuple(each for each in stretches if each is not None)
    return found


def followed_daily(metric: Metric) -> bool:
    """Whether the days of a metric make a series whose noise can be learned."""
    return not (isinstance(metric.measure, Stock) or metric.basis is Basis.POINT or depends_on_period(metric))


def depends_on_period(metric: Metric) -> bool:
    """Whether its facts are other ones in another period, so that statistics cannot be cut by day."""
    return metric.basis is Basis.LISTED or any(column in PERIODIC for column in metric.measure.reads())


def _stretch(metric: Metric, statistics: Sequence[Any], days: Days) -> Stretch | None:
    sides = [metric.measure.side(within(each, days), days) for each in statistics]
    if any(side is None for side in sides):
        return None
    return Stretch(days, sides[0], sides[1] if len(sides) > 1 else None)  # type: ignore[arg-type]


def _runs(facts: Facts, compared: Compared) -> list[Days]:
    """The runs of days before, between and after the compared ones, oldest first."""
    first, last = min(compared.now[0], compared.before[0]), max(compared.now[1], compared.before[1])
    missing = WANTED - (last - first + 1)
    if missing > 0:
        earlier = max(facts.first_day, first - missing)
        later = min(facts.last_day, last + missing - (first - earlier))
        first, last = min(first, earlier), max(last, later)
    runs = [(first, last)]
    for taken in (compared.now, compared.before):
        runs = [piece for run in runs for piece in _without(run, taken)]
    return [run for run in runs if run[1] - run[0] + 1 >= SHORTEST]


def _without(run: Days, taken: Days) -> list[Days]:
    if taken[1] < run[0] or taken[0] > run[1]:
        return [run]
    pieces = [(run[0], taken[0] - 1), (taken[1] + 1, run[1])]
    return [piece for piece in pieces if piece[0] <= piece[1]]


def _date(day: int) -> date:
    return EPOCH + timedelta(days=day)
