"""All segments × metrics of the chosen dimensions, as one family of comparisons.

Benjamini-Hochberg holds the share of false findings over everything that was looked at; the interval of each
finding is widened so that the share of findings whose interval misses the truth is held as well (Benjamini &
Yekutieli 2005, JASA 100:71-81).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kpi.compare import compare
from kpi.drivers.dimensions import dimensions as all_dimensions
from kpi.drivers.explaining import split_of
from kpi.drivers.looks import Look, Scanned, looks_by
from kpi.drivers.nouns import Finding, Scan, Split
from kpi.estimates import checked_fields
from kpi.facts import Facts
from kpi.measures import Gap
from kpi.measures.daily_evidence import Case, evidence_for
from kpi.measures.evidence import Evidence
from kpi.model import Comparison, Difference, Estimate, Filter, Metric, Period, Verdict
from kpi.stats import benjamini_hochberg, fcr_level
from kpi.surroundings import Around, Compared, around
from kpi.verdicts import chance, judge, matters

CLEAR = frozenset({Verdict.BETTER, Verdict.WORSE, Verdict.CHANGED})


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
    scanned = Scanned(facts, now, before, where, {each.metric.key: each for each in splits})
    looks: list[Look] = []
    small = 0
    for name in names:
        found, few = looks_by(scanned, name)
        looks += found
        small += few
    real, level = _real(scanned, looks)
    findings = [each for each in real if each.comparison.verdict in CLEAR]
    findings.sort(key=lambda each: (-each.importance, each.metric.key, str(each.group)))
    return Scan(
        now,
        before,
        names,
        tuple(scanned.wholes),
        len(looks),
        small,
        facts.definitions.minimum_n,
        len(real) - len(findings),
        _once(findings),
        level,
        scanned.level,
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


def _real(scanned: Scanned, looks: Sequence[Look]) -> tuple[list[Finding], float]:
    """The looks that are beyond chance in the family, and the confidence of their intervals."""
    alpha = chance(scanned.level)
    least = benjamini_hochberg([look.least for look in looks])
    candidates = [place for place, q in enumerate(least) if q is not None and q < alpha]
    differences, evidence = _differences(scanned, [looks[place] for place in candidates])
    p: list[float | None] = [look.least for look in looks]
    for place, difference in zip(candidates, differences, strict=True):
        p[place] = difference.p
    adjusted = benjamini_hochberg(p)
    chosen = [at for at, place in enumerate(candidates) if (q := adjusted[place]) is not None and q < alpha]
    level = fcr_level(len(chosen), len(looks), alpha) if looks else scanned.level
    found = []
    for at in chosen:
        difference = replace(differences[at], p_adjusted=adjusted[candidates[at]])
        look = looks[candidates[at]]
        found.append(_finding(scanned, look, difference, evidence[at], level, len(looks)))
    return found, level


def _differences(
    scanned: Scanned, candidates: Sequence[Look]
) -> tuple[list[Difference], list[Evidence | None]]:
    """Every candidate judged as on Compare, with its evidence (None where none is needed)."""
    near = _near(scanned, candidates)
    gaps = [look.gap(scanned.level) for look in candidates]
    evidence: list[Evidence | None] = [None] * len(candidates)
    cases: dict[int, Case] = {}
    for place, (look, gap) in enumerate(zip(candidates, gaps, strict=True)):
        beside = near.get(look.dimension, {}).get(look.metric.key)
        if isinstance(gap, Gap) and beside is not None and look.days is not None:
            cases[place] = Case(gap, look.days, beside.get(look.group, ()))
        elif isinstance(gap, Gap):
            evidence[place] = gap.clustered()
    for place, each in zip(cases, evidence_for(list(cases.values())), strict=True):
        evidence[place] = each
    found = []
    for gap, known in zip(gaps, evidence, strict=True):
        judged = gap.finish(known) if isinstance(gap, Gap) and known is not None else gap
        if not isinstance(judged, Difference):
            raise TypeError("a look with a p-value has no difference")
        found.append(judged)
    return found, evidence


def _near(scanned: Scanned, candidates: Sequence[Look]) -> dict[str, Around]:
    """The days beside the compared ones, by dimension, for the candidates alone."""
    now, before = scanned.now, scanned.before
    compared = Compared((now.first_day, now.last_day), (before.first_day, before.last_day))
    found = {}
    for name in dict.fromkeys(look.dimension for look in candidates):
        mine = [look for look in candidates if look.dimension == name]
        metrics = list({look.metric.key: look.metric for look in mine}.values())
        only = Filter(name, tuple(dict.fromkeys(look.group.keys[0][1] for look in mine)))
        found[name] = around(scanned.facts, metrics, compared, by=(name,), where=(*scanned.where, only))
    return found


def _finding(
    scanned: Scanned,
    look: Look,
    difference: Difference,
    evidence: Evidence | None,
    level: float,
    looks: int,
) -> Finding:
    """What is said of a look; with the interval at the confidence that allows for the selection."""
    definitions = scanned.facts.definitions
    now, before = (_estimate(look, side, scanned.level) for side in range(2))
    judgement = judge(
        look.metric,
        now,
        before,
        difference,
        confidence=definitions.confidence,
        minimum_n=definitions.minimum_n,
        looks=looks,
    )
    wider = look.gap(level)
    if isinstance(wider, Gap):
        wider = None if evidence is None else wider.finish(evidence)
    shown = difference
    if wider is not None:
        shown = replace(wider, p_adjusted=difference.p_adjusted, level=_printable(level))
    comparison = Comparison(look.metric, look.group, now, before, shown, judgement.verdict, judgement.reason)
    return _weighed(comparison, look, scanned.wholes)


def _estimate(look: Look, side: int, level: float) -> Estimate:
    statistics = (look.now, look.before)[side]
    days = None if look.days is None else look.days[side]
    found: Estimate = look.metric.measure.estimate(statistics, level=level, exposure=days)
    return found


def _weighed(comparison: Comparison, look: Look, wholes: Mapping[str, Comparison]) -> Finding:
    """With the segment's part of the rows and of the change."""
    whole, difference = wholes[look.metric.key], comparison.difference
    split = split_of(look.metric)
    weight = None
    if split is not Split.SUM and whole.now.n and whole.before.n:
        weight = (comparison.now.n / whole.now.n + comparison.before.n / whole.before.n) / 2
    value = 0.0 if difference is None else difference.value
    contribution = value if weight is None else weight * value
    # A median has no additive contribution: its change counts by what matters to the segment itself.
    base = comparison.before if split is Split.QUANTILE else whole.before
    least = matters(look.metric, base, difference)
    importance = abs(contribution) / least if least > 0 else abs(contribution)
    return Finding(comparison, look.dimension, weight, contribution, importance)
