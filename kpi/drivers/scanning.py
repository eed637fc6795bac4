"""All segments × metrics of the chosen dimensions, as one family of comparisons.

Benjamini-Hochberg holds the share of false findings over everything that was looked at; the interval of each
finding is widened so that the share of findings whose interval misses the truth is held as well (Benjamini &
Yekutieli 2005, JASA 100:71-81).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kpi import fields
from kpi.compare import compare
from kpi.drivers.dimensions import dimensions as all_dimensions
from kpi.drivers.explaining import split_of
from kpi.drivers.nouns import Finding, Scan, Split
from kpi.estimates import Measured, checked_fields, measured
from kpi.facts import Facts
from kpi.measures import Days, Gap, Stock
from kpi.measures.daily_evidence import Case, Stretch, evidence_for
from kpi.measures.evidence import Evidence
from kpi.model import Comparison, Difference, Filter, Group, Metric, Period, Verdict
from kpi.stats import benjamini_hochberg, fcr_level
from kpi.surroundings import Around, Compared, around
from kpi.verdicts import chance, judge, matters

CLEAR = frozenset({Verdict.BETTER, Verdict.WORSE, Verdict.CHANGED})
SCREEN = 0.25
"""Independent rows are the least variance there is: what they alone leave this far from a finding is none,
whatever its clusters, and needs no more work."""


@dataclass(frozen=True)
class _Look:
    """One segment of one metric, with the gap still to be judged."""

    metric: Metric
    dimension: str
    group: Group
    now: Measured
    before: Measured
    gap: Gap | Difference
    near: tuple[Stretch, ...] | None
    weight: float | None

    @property
    def days(self) -> tuple[Days, Days] | None:
        """The days of both sides."""
        if self.now.exposure is None or self.before.exposure is None:
            return None
        return self.now.exposure, self.before.exposure

    def again(self, level: float) -> Gap | Difference | None:
        """The same gap at another confidence."""
        found: Gap | Difference | None = self.metric.measure.gap(
            self.now.statistics, self.before.statistics, level=level, exposure=self.days
        )
        return found


def scan(
    facts: Facts,
    now: Period,
    before: Period,
    *,
    dimensions: Sequence[str] | None = None,
    metrics: Sequence[str | Metric] | None = None,
    where: tuple[Filter, ...] = (),
) -> Scan:
    """Which segments changed, among all values of the dimensions and all metrics.

    Parameters
        dimensions: all that :func:`kpi.drivers.dimensions` finds when None.
        metrics: every metric that two periods can be compared on when None.

    Raises:
        ValueError: for an unknown metric or a dimension that no table has.
    """
    names = tuple(all_dimensions(facts) if dimensions is None else dict.fromkeys(dimensions))
    checked_fields(facts, names)
    wholes = compare(facts, now, before, metrics=metrics, where=where)
    splits = [each for each in wholes if each.difference is not None and _splits(each)]
    skipped = tuple(f"{each.metric.name}: {_why(each)}" for each in wholes if each not in splits)
    chosen = {each.metric.key: each for each in splits}
    looks: list[_Look] = []
    small = 0
    for name in names:
        found, few = _looked(facts, chosen, now, before, name, where)
        looks += found
        small += few
    confidence = facts.definitions.confidence
    differences, evidence = _differences(looks, chance(confidence))
    p = benjamini_hochberg([each.p for each in differences])
    judged = [
        _judged(facts, look, replace(difference, p_adjusted=q), len(looks))
        for look, difference, q in zip(looks, differences, p, strict=True)
    ]
    real = [place for place, q in enumerate(p) if q is not None and q < chance(confidence)]
    loud = [place for place in real if judged[place].verdict in CLEAR]
    level = fcr_level(len(real), len(looks), chance(confidence)) if looks else confidence
    findings = [_finding(looks[place], judged[place], evidence.get(place), level, chosen) for place in loud]
    findings.sort(key=lambda each: (-each.importance, each.metric.key, str(each.group)))
    return Scan(
        now,
        before,
        names,
        tuple(chosen),
        len(looks),
        small,
        facts.definitions.minimum_n,
        len(real) - len(loud),
        _once(findings),
        level,
        confidence,
        skipped,
    )


def _printable(level: float) -> float:
    """A confidence with one digit of what it leaves out, to be read.

    >>> _printable(0.999525), _printable(0.9999917)
    (0.9995, 0.999992)
    """
    return float(f"{1 - float(f'{1 - level:.1g}'):.9g}")


def _once(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Findings on the very same rows (a team that is a channel) are one, told with the other names."""
    found: dict[tuple[str, int, int, float | None, float | None], Finding] = {}
    for each in findings:
        now, before = each.comparison.now, each.comparison.before
        key = (each.metric.key, now.n, before.n, now.value, before.value)
        first = found.get(key)
        if first is None:
            found[key] = each
        elif first.dimension != each.dimension:
            found[key] = replace(first, also=(*first.also, f"{each.dimension} {each.group}"))
    return tuple(found.values())


def _splits(whole: Comparison) -> bool:
    return split_of(whole.metric) is not Split.NONE and not whole.metric.incomparable_segments


def _why(whole: Comparison) -> str:
    return whole.metric.incomparable_segments if whole.difference is not None else whole.reason


def _looked(
    facts: Facts,
    wholes: Mapping[str, Comparison],
    now: Period,
    before: Period,
    name: str,
    where: tuple[Filter, ...],
) -> tuple[list[_Look], int]:
    """All segments with enough rows on both sides, and how many had too few."""
    there = [
        each.metric
        for key, each in wholes.items()
        if (table := facts.table(each.metric.grain)) is not None and fields.resolve(table, name) is not None
    ]
    sides = [measured(facts, there, period, by=(name,), where=where, parts=False) for period in (now, before)]
    compared = Compared((now.first_day, now.last_day), (before.first_day, before.last_day))
    near = around(facts, there, compared, by=(name,), where=where)
    found: list[_Look] = []
    small = 0
    for metric in there:
        here, past = (side[metric.key] for side in sides)
        for group in dict.fromkeys([*here, *past]):
            if not group.keys:
                continue
            one, other = here.get(group), past.get(group)
            look = None
            if one is not None and other is not None and _enough(facts, metric, one, other):
                look = _look(facts, metric, name, group, one, other, near, wholes)
            if look is None:
                small += 1
            else:
                found.append(look)
    return found, small


def _enough(facts: Facts, metric: Metric, now: Measured, before: Measured) -> bool:
    if now.statistics is None or before.statistics is None:
        return False
    fewest = min(now.estimate.n, before.estimate.n)
    return isinstance(metric.measure, Stock) or fewest >= facts.definitions.minimum_n


def _look(
    facts: Facts,
    metric: Metric,
    name: str,
    group: Group,
    now: Measured,
    before: Measured,
    near: Around,
    wholes: Mapping[str, Comparison],
) -> _Look | None:
    """None where the two sides give no test."""
    beside = near[metric.key].get(group, ()) if metric.key in near else None
    exposure = None if not (now.exposure and before.exposure) else (now.exposure, before.exposure)
    gap = metric.measure.gap(
        now.statistics, before.statistics, level=facts.definitions.confidence, exposure=exposure
    )
    if gap is None or (isinstance(gap, Difference) and gap.p is None):
        return None
    whole = wholes[metric.key]
    weight = None
    if split_of(metric) is not Split.SUM and whole.now.n and whole.before.n:
        weight = (now.estimate.n / whole.now.n + before.estimate.n / whole.before.n) / 2
    return _Look(metric, name, group, now, before, gap, beside, weight)


def _differences(looks: Sequence[_Look], alpha: float) -> tuple[list[Difference], dict[int, Evidence]]:
    """Every gap judged; and the evidence of those that were worth it."""
    found: list[Difference | None] = [None] * len(looks)
    cases: dict[int, Case] = {}
    evidence: dict[int, Evidence] = {}
    for place, look in enumerate(looks):
        if isinstance(look.gap, Difference):
            found[place] = look.gap
            continue
        least = look.gap.finish(Evidence(look.gap.plain, look.gap.plain_df, 1.0, "independent rows"))
        if least.p is not None and least.p > max(SCREEN, 2 * alpha):
            found[place] = least
        elif look.near is not None and look.days is not None:
            cases[place] = Case(look.gap, look.days, look.near)
        else:
            evidence[place] = look.gap.clustered()
    evidence |= dict(zip(cases, evidence_for(list(cases.values())), strict=True))
    for place, known in evidence.items():
        gap = looks[place].gap
        if isinstance(gap, Gap):
            found[place] = gap.finish(known)
    return [each for each in found if each is not None], evidence


def _judged(facts: Facts, look: _Look, difference: Difference, looks: int) -> Comparison:
    judgement = judge(
        look.metric,
        look.now.estimate,
        look.before.estimate,
        difference,
        confidence=facts.definitions.confidence,
        minimum_n=facts.definitions.minimum_n,
        looks=looks,
    )
    return Comparison(
        look.metric,
        look.group,
        look.now.estimate,
        look.before.estimate,
        difference,
        judgement.verdict,
        judgement.reason,
    )


def _finding(
    look: _Look,
    judged: Comparison,
    evidence: Evidence | None,
    level: float,
    wholes: Mapping[str, Comparison],
) -> Finding:
    """With the interval at the level that allows for the selection."""
    value = 0.0 if judged.difference is None else judged.difference.value
    wider = look.again(level)
    if isinstance(wider, Gap):
        wider = None if evidence is None else wider.finish(evidence)
    if wider is not None and judged.difference is not None:
        shown = replace(wider, p_adjusted=judged.difference.p_adjusted, level=_printable(level))
        judged = replace(judged, difference=shown)
    contribution = value if look.weight is None else look.weight * value
    whole = wholes[look.metric.key]
    # A median has no additive contribution: its change counts by what matters to the segment itself.
    base = look.before.estimate if split_of(look.metric) is Split.QUANTILE else whole.before
    least = matters(look.metric, base, judged.difference)
    importance = abs(contribution) / least if least > 0 else abs(contribution)
    return Finding(judged, look.dimension, look.weight, contribution, importance)
