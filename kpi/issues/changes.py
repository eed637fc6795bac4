"""Which issues grew or fell: every issue's share of contacts, now against before, as one family of tests.

Each issue is judged by the days around both periods (``kpi.measures.daily_evidence``) wherever eight weeks of
days are there, and by the exact conditional test of two rates (Przyborowski & Wilenski 1940) on as many
contacts as those days are worth; the larger p-value counts. Issues that cannot be findings even if contacts
were independent are not judged in full: Benjamini-Hochberg decides the same.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import stats as distributions

from kpi.estimates import measured
from kpi.facts import Facts
from kpi.issues.nouns import More, Onset, Ratio
from kpi.issues.onset import onset
from kpi.issues.sorting import ISSUE, Sorted
from kpi.measures import Cells, Gap, Share
from kpi.measures.daily_evidence import Case, evidence_for
from kpi.measures.evidence import Evidence
from kpi.model import Difference, Direction, Family, Filter, Grain, Group, Metric, Period, Unit
from kpi.periods.kinds import as_date
from kpi.stats import benjamini_hochberg, rate_ratio
from kpi.surroundings import Compared, around
from kpi.verdicts import chance

MOST_JUDGED = 60
"""So many of the most frequent issues are judged in full, and every other one that may be a finding."""
FEWEST = 10
"""Issues with fewer contacts in both periods together are not tested."""
HISTORY = 182
"""Days before the earlier period in which an onset may lie."""
MOST_DATED = 8
"""So many growing issues get a day from which they grew, those first that brought most contacts more."""

Longs = NDArray[np.int64]
Judged = dict[int, tuple[Difference | None, float, float]]
"""Code of the issue → difference, p, effect."""


@dataclass(frozen=True)
class Changed:
    """One issue now against before."""

    difference: Difference | None
    ratio: Ratio | None
    onset: Onset | None
    grows: bool
    falls: bool
    more: More | None = None


@dataclass(frozen=True)
class Looked:
    """Every issue by its code, how many were tested, how many were too rare."""

    found: dict[int, Changed]
    looked_at: int
    too_few: int


def changes(
    kept: Sorted,
    now: Period,
    before: Period,
    where: tuple[Filter, ...],
    counts: tuple[Longs, Longs],
    totals: tuple[int, int],
) -> Looked:
    """Changes of the issues; ``counts`` are contacts by code of the issue now and before."""
    one, other = counts
    # The total of both periods says nothing about the change between them, so it may decide who is tested.
    tested = np.flatnonzero(one + other >= FEWEST)
    rare = int(((one + other > 0) & (one + other < FEWEST)).sum())
    if not tested.size or min(totals) <= 0:
        return Looked({}, 0, rare)
    least = _least(one[tested], other[tested], *totals)
    alpha = chance(kept.facts.definitions.confidence)
    may = np.array([q is not None and q < alpha for q in benjamini_hochberg(least.tolist())])
    often = np.argsort(-(one + other)[tested], kind="stable")[:MOST_JUDGED]
    full = may.copy()
    full[often] = True
    judged = _judged(kept, now, before, where, tested[full])
    p = least.copy()
    for place, code in enumerate(tested.tolist()):
        if code in judged:
            p[place] = max(least[place], judged[code][1])
    adjusted = benjamini_hochberg(p.tolist())
    q_of = {code: 1.0 if q is None else float(q) for code, q in zip(tested.tolist(), adjusted, strict=True)}
    found: dict[int, Changed] = {}
    for code, (difference, tested_p, effect) in judged.items():
        n, n_before = int(one[code]), int(other[code])
        low, high, _ = rate_ratio(n / effect, totals[0] / effect, n_before / effect, totals[1] / effect)
        value = math.inf if not n_before else n / totals[0] / (n_before / totals[1])
        ratio = Ratio(value, float(low), float(high), float(tested_p), q_of[code], float(effect))
        real = bool(q_of[code] < alpha)
        grows = real and value > 1
        found[code] = Changed(
            None if difference is None else replace(difference, p_adjusted=q_of[code]),
            ratio,
            None,
            grows,
            real and value < 1,
            _more(difference, ratio, n, totals[0]),
        )
    return Looked(_with_onsets(kept, now, before, where, found), int(tested.size), rare)


def _least(one: Longs, other: Longs, n1: int, n2: int) -> NDArray[np.float64]:
    """Exact conditional p of two rates of independent contacts, doubled tails."""
    both = one + other
    share = n1 / (n1 + n2)
    low = distributions.binom.cdf(one, both, share)
    high = distributions.binom.sf(one - 1, both, share)
    p: NDArray[np.float64] = np.clip(2 * np.minimum(low, high), 1e-300, 1.0)
    return p


def issue_metric(kept: Sorted, code: int, name: str) -> Metric:
    """The share of contacts that are about one issue."""
    return Metric(
        key=f"issue_{code}",
        name=name,
        question="How many contacts are about it?",
        family=Family.RESOLUTION,
        unit=Unit.PERCENT,
        better=Direction.DOWN,
        grain=kept.grain,
        basis=kept.basis,
        measure=Share(f"issue_{code}", "ticket" if kept.grain is Grain.TICKETS else "call", theirs=False),
        formula="contacts about the issue ÷ all contacts",
        needs=(),
        matters=0.0,
    )


def flagged(kept: Sorted, codes: Sequence[int]) -> tuple[Facts, tuple[Metric, ...]]:
    """Facts with a flag for each of the issues, and the share of each as a metric."""
    table = kept.table
    dimension = table.dimensions[ISSUE]
    columns = dict(table.columns)
    for code in codes:
        columns[f"issue_{code}"] = (dimension.codes == code).astype(np.uint8)
    tables = {**kept.facts.tables, kept.grain: replace(table, columns=columns)}
    metrics = tuple(issue_metric(kept, code, str(dimension.categories[code])) for code in codes)
    return replace(kept.facts, tables=tables), metrics


def _judged(kept: Sorted, now: Period, before: Period, where: tuple[Filter, ...], codes: Longs) -> Judged:
    """Difference, p and effect (how much more days vary than independent contacts) of each issue."""
    facts, metrics = flagged(kept, [int(code) for code in codes])
    sides = [measured(facts, metrics, period, where=where, parts=False) for period in (now, before)]
    days = (now.first_day, now.last_day), (before.first_day, before.last_day)
    near = around(facts, metrics, Compared(*days), where=where)
    level = facts.definitions.confidence
    gaps: list[tuple[int, Gap, Cells, Cells]] = []
    cases: list[Case] = []
    for code, metric in zip(codes, metrics, strict=True):
        one, other = (side[metric.key].get(Group()) for side in sides)
        if one is None or other is None:
            continue
        if not isinstance(one.statistics, Cells) or not isinstance(other.statistics, Cells):
            continue
        gap = metric.measure.gap(one.statistics, other.statistics, level=level, exposure=days)
        if isinstance(gap, Gap):
            gaps.append((int(code), gap, one.statistics, other.statistics))
            cases.append(Case(gap, days, near.get(metric.key, {}).get(Group(), ())))
    found: Judged = {}
    for (code, gap, one_side, other_side), evidence in zip(gaps, evidence_for(cases), strict=True):
        found[code] = _answer(gap, one_side, other_side, evidence)
    return found


def _answer(gap: Gap, now: Cells, before: Cells, evidence: Evidence) -> tuple[Difference, float, float]:
    difference = gap.finish(evidence)
    effect = max(1.0, evidence.effect)
    _, _, exact = rate_ratio(
        now.total("k") / effect,
        now.total("n") / effect,
        before.total("k") / effect,
        before.total("n") / effect,
    )
    return difference, max(exact, 1.0 if difference.p is None else difference.p), effect


def surely_more(more: More | None) -> float:
    """What growing issues are ordered by: so many contacts more at least."""
    return -math.inf if more is None else more.low


def _more(difference: Difference | None, ratio: Ratio, n: int, total: int) -> More | None:
    """Contacts beyond the share before: by the daily judge, by the ratio where that gives no interval."""
    if difference is not None and difference.low is not None and difference.high is not None:
        return More(*(each * total for each in (difference.value, difference.low, difference.high)))
    if min(ratio.value, ratio.low) <= 0:
        return None
    value, low, high = (n * (1 - 1 / each) for each in (ratio.value, ratio.low, ratio.high))
    return More(value, min(low, value), max(high, value))


def _with_onsets(
    kept: Sorted, now: Period, before: Period, where: tuple[Filter, ...], found: dict[int, Changed]
) -> dict[int, Changed]:
    """The day from which each growing issue grew."""
    growing = [code for code, each in found.items() if each.grows]
    growing = sorted(growing, key=lambda code: -surely_more(found[code].more))[:MOST_DATED]
    if not growing:
        return found
    facts, metrics = flagged(kept, growing)
    first = max(facts.first_day, min(before.first_day, now.first_day) - HISTORY)
    last = min(now.last_day, facts.last_day)
    span = Period(as_date(first), as_date(last))
    result = measured(facts, metrics, span, where=where, parts=False)
    changed = dict(found)
    for code, metric in zip(growing, metrics, strict=True):
        one = result[metric.key].get(Group())
        if one is None or not isinstance(one.statistics, Cells):
            continue
        hits, totals = (_by_day(one.statistics, name, first, last) for name in ("k", "n"))
        changed[code] = replace(found[code], onset=onset(first, hits, totals))
    return changed


def _by_day(statistics: object, name: str, first: int, last: int) -> NDArray[np.float64]:
    """Sums of each day from the first to the last."""
    if not isinstance(statistics, Cells):
        return np.zeros(last - first + 1)
    place = statistics.day.astype(np.int64) - first
    found = np.bincount(place, weights=statistics.sums[name], minlength=last - first + 1)
    return found.astype(np.float64)
