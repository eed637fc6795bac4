"""Estimates, comparisons, verdicts, claims: what the numbers are, and what may be said about their
changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from kpi.drill import fact_frame
from kpi.estimates import Measured, Results, exposure_of, measured, within
from kpi.facts import Facts
from kpi.maturity import followed, still_maturing
from kpi.measures import Days, Gap, Stock, settled
from kpi.measures.daily_evidence import Case, evidence_for
from kpi.metrics import catalogue
from kpi.model import (
    Claim,
    Comparison,
    Difference,
    Direction,
    Estimate,
    Filter,
    Group,
    Metric,
    MetricEstimate,
    Period,
    Verdict,
)
from kpi.stats import benjamini_hochberg
from kpi.surroundings import Around, Compared, around, depends_on_period
from kpi.verdicts import judge, matters

__all__ = [
    "against_target",
    "claims",
    "compare",
    "compare_segments",
    "fact_frame",
    "histories",
    "history",
    "measure",
    "on_target",
    "provisional",
]

Chosen = Sequence[str | Metric] | None
NOWHERE = Measured(Estimate.absent("no rows on this side"))
ALIKE_LENGTHS = 1.11
"""31 days against 28 are alike; beyond that, what grows with the length of a period is not compared."""


def measure(
    facts: Facts,
    period: Period | None,
    *,
    metrics: Chosen = None,
    by: tuple[str, ...] = (),
    where: tuple[Filter, ...] = (),
    level: float | None = None,
) -> tuple[MetricEstimate, ...]:
    """Every metric (or the chosen ones) in a period, by group.

    A metric without an answer is there once, with its reason. ``period=None`` means everything in the data,
    rows
    without a date included.

    Raises:
        ValueError: for an unknown metric or a field that no table has.
    """
    chosen = _chosen(facts, metrics)
    results = measured(facts, chosen, period, by=by, where=where, level=level)
    return tuple(
        MetricEstimate(metric, group, one.estimate)
        for metric in chosen
        for group, one in results[metric.key].items()
    )


def compare(
    facts: Facts,
    now: Period,
    before: Period,
    *,
    metrics: Chosen = None,
    by: tuple[str, ...] = (),
    where: tuple[Filter, ...] = (),
) -> tuple[Comparison, ...]:
    """Every metric now against before, with verdicts; p-values are adjusted over all comparisons of the call.

    Totals of periods of unequal length are compared per day (``Difference.per``). A metric without an
    answer on both
    sides is there once, with its reason.

    Raises:
        ValueError: for an unknown metric or a field that no table has.
    """
    chosen = _compared(facts, metrics, by)
    sides = [measured(facts, chosen, period, by=by, where=where) for period in (now, before)]
    shorter, longer = sorted((now.days, before.days))
    unequal = longer > shorter * ALIKE_LENGTHS
    unlike = {
        m.key: ("" if followed(facts, m, (now, before)) else m.incomparable)
        or (m.incomparable_lengths if unequal else "")
        for m in chosen
    }
    compared = Compared(_days(now), _days(before))
    near = around(facts, [m for m in chosen if not unlike[m.key]], compared, by=by, where=where)
    return _judged(facts, chosen, sides[0], sides[1], unlike, near)


def compare_segments(
    facts: Facts,
    period: Period | None,
    one: tuple[Filter, ...],
    other: tuple[Filter, ...],
    *,
    metrics: Chosen = None,
    where: tuple[Filter, ...] = (),
) -> tuple[Comparison, ...]:
    """The same for two segments in one period: ``one`` stands as now, ``other`` as before.

    Raises:
        ValueError: for an unknown metric or a field that no table has.
    """
    chosen = _compared(facts, metrics, ())
    sides = [measured(facts, chosen, period, where=(*where, *segment)) for segment in (one, other)]
    unlike = {m.key: m.incomparable_segments for m in chosen}
    near: Around = {}
    if period is not None:
        compared = Compared(_days(period), _days(period), (one, other))
        near = around(facts, [m for m in chosen if not unlike[m.key]], compared, where=where)
    return _judged(facts, chosen, sides[0], sides[1], unlike, near)


def claims(comparisons: Sequence[Comparison], now: Period | str, before: Period | str) -> tuple[Claim, ...]:
    """What may be said, what needs attention first: worse, better, changed, unclear, too few.

    ``now`` and ``before`` are two periods, or the names of two segments.

    Within each the largest first, measured in what matters for the metric. What has no value on either side
    is no
    claim.
    """
    looks = sum(each.difference is not None and each.difference.p is not None for each in comparisons)
    order = (Verdict.WORSE, Verdict.BETTER, Verdict.CHANGED, Verdict.UNCLEAR, Verdict.TOO_FEW)
    said = [each for each in comparisons if each.now.value is not None or each.before.value is not None]
    said.sort(key=lambda each: (order.index(each.verdict), -_weight(each)))
    over_time = isinstance(now, Period)
    return tuple(Claim(each, str(now), str(before), looks, over_time) for each in said)


def history(
    facts: Facts, metric: str | Metric, spans: Sequence[Period], *, where: tuple[Filter, ...] = ()
) -> tuple[Estimate, ...]:
    """A metric in each of several periods, for sparklines; without the numbers beside the headline."""
    return next(iter(histories(facts, (metric,), spans, where=where).values()))


def histories(
    facts: Facts, metrics: Chosen, spans: Sequence[Period], *, where: tuple[Filter, ...] = ()
) -> Mapping[str, tuple[Estimate, ...]]:
    """Several metrics in each of several periods, by key, with one pass over the facts per grain and
    basis."""
    chosen = _chosen(facts, metrics)
    if not spans:
        return {metric.key: () for metric in chosen}
    whole = Period(min(span.start for span in spans), max(span.end for span in spans))
    apart = [metric for metric in chosen if depends_on_period(metric)]
    single = {span: measured(facts, apart, span, where=where, parts=False) if apart else {} for span in spans}
    together = measured(
        facts, [metric for metric in chosen if metric not in apart], whole, where=where, parts=False
    )
    found: dict[str, tuple[Estimate, ...]] = {}
    for metric in chosen:
        if metric in apart:
            found[metric.key] = tuple(_whole(single[span], metric).estimate for span in spans)
        else:
            one = _whole(together, metric)
            found[metric.key] = tuple(_cut(facts, metric, one, span) for span in spans)
    return found


def provisional(facts: Facts, metric: str, spans: Sequence[Period]) -> tuple[bool, ...]:
    """For each period of a history, whether more of its outcomes are still to come."""
    (chosen,) = _chosen(facts, (metric,))
    return tuple(reason is not None for reason in still_maturing(facts, chosen, spans))


def against_target(estimate: Estimate, metric: Metric) -> Literal["above", "below", "cannot tell"]:
    """On which side of its target the whole interval lies; a bound on the target itself counts as
    reaching it."""
    low, high = _bounds(estimate, metric)
    if metric.target is None or low is None or high is None:
        return "cannot tell"
    if metric.better is Direction.DOWN:
        return "below" if high <= metric.target else "above" if low > metric.target else "cannot tell"
    return "above" if low >= metric.target else "below" if high < metric.target else "cannot tell"


def on_target(estimate: Estimate, metric: Metric) -> bool | None:
    """Whether the target is reached, beyond doubt; None when that cannot be told or neither side is
    better."""
    side = against_target(estimate, metric)
    if side == "cannot tell" or metric.better is Direction.NEUTRAL:
        return None
    return (side == "above") == (metric.better is Direction.UP)


# ---------------------------------------------------------------- choosing


def _chosen(facts: Facts, metrics: Chosen) -> list[Metric]:
    """Metrics under the definitions, as the data feed them, in the order asked for."""
    known = {metric.key: metric for metric in catalogue(facts.definitions, facts)}
    if metrics is None:
        return list(known.values())
    everything = {metric.key: metric for metric in catalogue(facts.definitions)} | known
    found: list[Metric] = []
    wrong = [each for each in metrics if isinstance(each, str) and each not in everything]
    if wrong:
        raise ValueError(f"unknown metric {', '.join(map(repr, wrong))}; known: {', '.join(everything)}")
    for each in metrics:
        one = everything[each] if isinstance(each, str) else each
        if all(one.key != other.key for other in found):
            found.append(one)
    return found


def _compared(facts: Facts, metrics: Chosen, by: tuple[str, ...]) -> list[Metric]:
    """Resolution time per agent repeats time to resolution unless agents are told apart."""
    chosen = _chosen(facts, metrics)
    if metrics is None and not {"agent", "agent_name"} & {name.strip().casefold() for name in by}:
        chosen = [metric for metric in chosen if metric.key != "ttr_agent"]
    return chosen


# ---------------------------------------------------------------- judging


def _judged(
    facts: Facts,
    metrics: Sequence[Metric],
    now: Results,
    before: Results,
    unlike: Mapping[str, str],
    near: Around,
) -> tuple[Comparison, ...]:
    asked: list[tuple[Metric, Group, Measured, Measured]] = []
    gaps: list[Gap | Difference | None] = []
    cases: dict[int, Case] = {}
    for metric in metrics:
        here, there = now[metric.key], before[metric.key]
        groups = list(dict.fromkeys([*here, *there]))
        answered = [
            group
            for group in groups
            if any(side.get(group, NOWHERE).statistics is not None for side in (here, there))
        ]
        for group in answered or groups:
            one, other = here.get(group, NOWHERE), there.get(group, NOWHERE)
            gap = None if unlike.get(metric.key) else _gap(facts, metric, one, other)
            if isinstance(gap, Gap) and metric.key in near and one.exposure and other.exposure:
                beside = near[metric.key].get(group, ())
                cases[len(gaps)] = Case(gap, (one.exposure, other.exposure), beside)
            asked.append((metric, group, one, other))
            gaps.append(gap)
    evidence = dict(zip(cases, evidence_for(list(cases.values())), strict=True))
    differences = [
        gap.finish(evidence[place]) if isinstance(gap, Gap) and place in evidence else settled(gap)
        for place, gap in enumerate(gaps)
    ]
    tested = [place for place, each in enumerate(differences) if each is not None and each.p is not None]
    adjusted = benjamini_hochberg([each.p for each in differences if each is not None and each.p is not None])
    p_of = {place: p for place, p in zip(tested, adjusted, strict=True) if p is not None}
    found = []
    for place, (metric, group, one, other) in enumerate(asked):
        difference = differences[place]
        if difference is not None and place in p_of:
            difference = replace(difference, p_adjusted=p_of[place])
        judgement = judge(
            metric,
            one.estimate,
            other.estimate,
            difference,
            confidence=facts.definitions.confidence,
            minimum_n=facts.definitions.minimum_n,
            looks=len(tested),
            unlike=unlike.get(metric.key, ""),
        )
        found.append(
            Comparison(
                metric, group, one.estimate, other.estimate, difference, judgement.verdict, judgement.reason
            )
        )
    return tuple(found)


def _days(period: Period) -> Days:
    return period.first_day, period.last_day


def _gap(facts: Facts, metric: Metric, now: Measured, before: Measured) -> Gap | Difference | None:
    if now.statistics is None or before.statistics is None:
        return None
    exposure = None if now.exposure is None or before.exposure is None else (now.exposure, before.exposure)
    return metric.measure.gap(
        now.statistics, before.statistics, level=facts.definitions.confidence, exposure=exposure
    )


def _weight(comparison: Comparison) -> float:
    """Size of the difference in units of what matters."""
    if comparison.difference is None:
        return 0.0
    least = matters(comparison.metric, comparison.before, comparison.difference)
    return abs(comparison.difference.value) / least if least > 0 else abs(comparison.difference.value)


# ---------------------------------------------------------------- histories, targets


def _whole(results: Results, metric: Metric) -> Measured:
    return results[metric.key].get(Group(), NOWHERE)


def _cut(facts: Facts, metric: Metric, one: Measured, span: Period) -> Estimate:
    if one.statistics is None:
        return one.estimate
    exposure = exposure_of(facts, facts.tables[metric.grain], metric.basis, span)
    if exposure is None:
        return Estimate.absent("the data hold nothing in this period")
    part = one.statistics
    if not isinstance(metric.measure, Stock):
        part = within(part, (span.first_day, span.last_day))
    return metric.measure.estimate(part, level=facts.definitions.confidence, exposure=exposure)


def _bounds(estimate: Estimate, metric: Metric) -> tuple[float | None, float | None]:
    """The interval; of an exact count the count itself."""
    if isinstance(metric.measure, Stock) and estimate.low is None:
        return estimate.value, estimate.value
    return estimate.low, estimate.high
