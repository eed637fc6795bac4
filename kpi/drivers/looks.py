"""The looks of a scan: every segment of every metric in both periods, and the least that chance can be.

Rows that come in days, weeks and agents vary at least as much as independent rows, so the p-value of
independent rows is the least that a look can have. What is no finding by that is none, and is not judged
further: Benjamini-Hochberg decides the same as if it had been, since raising p-values of what is not chosen
(and of what is) never brings in more.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from kpi import engine, fields
from kpi.estimates import exposure_of
from kpi.facts import Facts, FactTable
from kpi.measures import Cells, Counts, Days, Gap, Mean, Measure, Rate, Score, Share, Statistics, Stock
from kpi.measures.evidence import Evidence
from kpi.model import Basis, Comparison, Difference, Filter, Group, Metric, Period
from kpi.stats import two_sided_p

ROUGHLY = 1.0
"""A share, score or mean that differs by fewer standard errors of independent rows has this rough p-value."""


@dataclass(frozen=True)
class Scanned:
    """What is scanned: both periods under the filters, and the whole of every metric by its key."""

    facts: Facts
    now: Period
    before: Period
    where: tuple[Filter, ...]
    wholes: Mapping[str, Comparison]

    @property
    def level(self) -> float:
        """Confidence of the definitions."""
        return self.facts.definitions.confidence


@dataclass(frozen=True)
class Look:
    """One segment of one metric in both periods; ``least`` is the smallest p-value it can have."""

    metric: Metric
    dimension: str
    group: Group
    now: Statistics
    before: Statistics
    n: tuple[int, int]
    days: tuple[Days, Days] | None
    least: float

    def gap(self, level: float) -> Gap | Difference | None:
        """The difference, still to be judged."""
        found: Gap | Difference | None = self.metric.measure.gap(
            self.now, self.before, level=level, exposure=self.days
        )
        return found


def looks_by(scanned: Scanned, name: str) -> tuple[list[Look], int]:
    """Every segment of a dimension with enough rows on both sides, and how many have too few.

    Raises:
        ValueError: for a field that the tables of the metrics do not have.
    """
    facts = scanned.facts
    chosen = [each.metric for each in scanned.wholes.values()]
    found: list[Look] = []
    small = 0
    for grain, basis in dict.fromkeys((metric.grain, metric.basis) for metric in chosen):
        table = facts.table(grain)
        if table is None or fields.resolve(table, name) is None:
            continue
        metrics = [each for each in chosen if (each.grain, each.basis) == (grain, basis)]
        one, other = (
            _statistics(table, metrics, basis, period, name, scanned.where)
            for period in (scanned.now, scanned.before)
        )
        days = _days(facts, table, basis, scanned)
        for metric in metrics:
            for group in dict.fromkeys([*one, *other]):
                look = None
                if group in one and group in other:
                    sides = one[group][metric.key], other[group][metric.key]
                    look = _look(facts, metric, name, group, sides, days, scanned.level)
                if look is None:
                    small += 1
                else:
                    found.append(look)
    return found, small


def _statistics(
    table: FactTable,
    metrics: list[Metric],
    basis: Basis,
    period: Period,
    name: str,
    where: tuple[Filter, ...],
) -> engine.Result:
    measures: dict[str, Measure] = {metric.key: metric.measure for metric in metrics}
    return engine.aggregate(table, measures, basis=basis, period=period, by=(name,), where=where)


def _days(facts: Facts, table: FactTable, basis: Basis, scanned: Scanned) -> tuple[Days, Days] | None:
    now, before = (exposure_of(facts, table, basis, period) for period in (scanned.now, scanned.before))
    return None if now is None or before is None else (now, before)


def _look(
    facts: Facts,
    metric: Metric,
    name: str,
    group: Group,
    sides: tuple[Statistics, Statistics],
    days: tuple[Days, Days] | None,
    level: float,
) -> Look | None:
    """None with too few rows, or where the two sides give no test."""
    n = _rows(metric, sides[0], days, 0), _rows(metric, sides[1], days, 1)
    fewest = facts.definitions.minimum_n
    if metric.key == "asat":
        fewest = max(fewest, facts.definitions.minimum_agent_answers)
    if not isinstance(metric.measure, Stock) and min(n) < fewest:
        return None
    look = Look(metric, name, group, sides[0], sides[1], n, days, 1.0)
    rough = _rough(metric, *sides)
    if rough is not None and rough < ROUGHLY:
        return Look(metric, name, group, sides[0], sides[1], n, days, two_sided_p(rough))
    gap = look.gap(level)
    if isinstance(gap, Gap):
        gap = gap.finish(Evidence(gap.plain, gap.plain_df, 1.0, "independent rows"))
    if gap is None or gap.p is None:
        return None
    return Look(metric, name, group, sides[0], sides[1], n, days, gap.p)


def _rows(metric: Metric, statistics: Statistics, days: tuple[Days, Days] | None, side: int) -> int:
    """``n`` as the estimate has it."""
    if isinstance(statistics, Counts):
        return statistics.total
    if isinstance(metric.measure, Rate):
        span = None if days is None else days[side]
        return round(float((statistics if span is None else statistics.select(span)).total("events")))
    return 0 if isinstance(metric.measure, Stock) else round(statistics.total("n"))


def _rough(metric: Metric, now: Statistics, before: Statistics) -> float | None:
    """Standard errors between two shares, scores or means of independent rows; None for other kinds."""
    if not isinstance(now, Cells) or not isinstance(before, Cells):
        return None
    measure = metric.measure
    moments = [_moments(measure, side) for side in (now, before)]
    if moments[0] is None or moments[1] is None:
        return None
    (n1, mean1, spread1), (n2, mean2, spread2) = moments[0], moments[1]
    # The smaller of the two usual variances, so that nothing is passed over that another test would see.
    apart = spread1 / n1 + spread2 / n2
    together = (n1 * spread1 + n2 * spread2) / (n1 + n2) * (1 / n1 + 1 / n2)
    variance = min(apart, together)
    return abs(mean1 - mean2) / math.sqrt(variance) if variance > 0 else None


def _moments(measure: Measure, cells: Cells) -> tuple[float, float, float] | None:
    """Rows, mean, variance of one row; None where a row is no single thing."""
    if "kn" in cells.sums:
        return None
    n = cells.total("n") if "n" in cells.sums else 0.0
    if n <= 0:
        return None
    if isinstance(measure, Share):
        mean = cells.total("k") / n
        return n, mean, mean * (1 - mean)
    if isinstance(measure, Score):
        up, down = cells.total("up") / n, cells.total("down") / n
        return n, up - down, up + down - (up - down) ** 2
    if isinstance(measure, Mean):
        mean = cells.total("sum") / n
        return n, mean, max(0.0, cells.total("sumsq") / n - mean * mean)
    return None
