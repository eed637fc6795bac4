"""The dimensions by which a change can be taken apart, and how much each of them tells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats as distributions

from kpi import fields
from kpi.drivers.explaining import split_of
from kpi.drivers.medians import MedianTerms, median_terms
from kpi.drivers.nouns import Split
from kpi.drivers.sides import gather, ratio_side, times_side
from kpi.drivers.terms import Terms, terms_of
from kpi.facts import Facts
from kpi.facts.dimensions import CUSTOM
from kpi.measures import Quantile, Survival
from kpi.measures.daily_evidence import Case
from kpi.model import Filter, Metric, Period

USUAL = (
    "channel",
    "team",
    "agent",
    "category",
    "priority",
    "product",
    "queue",
    "type",
    "language",
    "segment",
    "region",
)
MOST_VALUES = 2_000
"""A column with more values than this is an identifier or a text, and no dimension."""


@dataclass(frozen=True)
class Ranked:
    """A dimension and how far what it shows is from chance: a z-like score, for ordering only."""

    dimension: str
    score: float


def dimensions(facts: Facts, metric: Metric | None = None) -> tuple[str, ...]:
    """Names of dimensions with at least two values: the usual ones, then the reader's own columns.

    With a metric: those of the table it is computed on.
    """
    grains = facts.tables if metric is None else {metric.grain: facts.tables[metric.grain]}
    found: dict[str, int] = {}
    own: dict[str, None] = {}
    for table in grains.values():
        for name, column in table.dimensions.items():
            is_own = name.startswith(CUSTOM) or f"{CUSTOM}{name}" in table.source.columns
            if name in USUAL or is_own:
                found[name] = max(found.get(name, 0), len(column.categories))
                own.update({name: None} if is_own else {})
    names = [*(name for name in USUAL if name in found and name not in own), *own]
    return tuple(name for name in names if 2 <= found[name] <= MOST_VALUES)


def rank(
    facts: Facts,
    metric: Metric,
    now: Period,
    before: Period,
    names: tuple[str, ...],
    *,
    where: tuple[Filter, ...] = (),
) -> tuple[Ranked, ...]:
    """Dimensions by how much they tell of the change: first where segments moved apart or the mix moved.

    The score is from independent rows and only puts dimensions in an order; what a dimension shows is judged
    by :func:`kpi.drivers.explain`. Counts are ordered by how differently their segments moved.
    """
    scored = []
    for name in names:
        table = facts.table(metric.grain)
        if table is None or fields.resolve(table, name) is None:
            continue
        scored.append(Ranked(name, _score(facts, metric, now, before, name, where)))
    return tuple(sorted(scored, key=lambda each: -each.score))


def _score(
    facts: Facts, metric: Metric, now: Period, before: Period, name: str, where: tuple[Filter, ...]
) -> float:
    segments = gather(facts, metric, now, before, name, where)
    split = split_of(metric)
    if len(segments.names) < 2 or split is Split.NONE:
        return 0.0
    if split is Split.SUM:
        counts = [
            np.array([0.0 if one is None else float(one.estimate.n) for one in side])
            for side in (segments.now, segments.before)
        ]
        return _apart(counts[0] - counts[1], counts[0] + counts[1], counts[1])
    measure = metric.measure
    if isinstance(measure, Quantile | Survival):
        found = median_terms(measure, times_side(segments.now), times_side(segments.before))
        if not isinstance(found, MedianTerms):
            return 0.0
        return _told(found.terms)
    now_side, before_side = ratio_side(metric, segments.now), ratio_side(metric, segments.before)
    if now_side.n.sum() <= 0 or before_side.n.sum() <= 0:
        return 0.0
    return _told(terms_of(now_side, before_side))


def _told(terms: Terms) -> float:
    """The larger of: how differently segments moved, how far the mix moved."""
    both = terms.both
    if not both.any():
        return 0.0
    change = (terms.now.rate - terms.before.rate)[both]
    variance = terms.now.spread[both] / terms.now.n[both] + terms.before.spread[both] / terms.before.n[both]
    known = variance > 0
    weight = 1 / variance[known]
    apart = _normal(
        float((weight * (change[known] - _mean(change[known], weight)) ** 2).sum()), weight.size - 1
    )
    case = terms.case(terms.parts.mix.value, terms.mix(), 0.95)
    evidence = (case.gap if isinstance(case, Case) else case).clustered()
    mix = abs(terms.parts.mix.value) / evidence.se if evidence.se > 0 else 0.0
    return max(apart, mix)


def _apart(change: NDArray[np.float64], variance: NDArray[np.float64], base: NDArray[np.float64]) -> float:
    """How far counts are from all having grown by the same factor."""
    total = float(base.sum())
    if total <= 0:
        return 0.0
    expected = base * float(change.sum()) / total
    known = variance > 0
    return _normal(float(((change - expected)[known] ** 2 / variance[known]).sum()), int(known.sum()) - 1)


def _mean(values: NDArray[np.float64], weight: NDArray[np.float64]) -> float:
    return float((values * weight).sum() / weight.sum()) if weight.size else 0.0


def _normal(chi2: float, df: int) -> float:
    """The normal deviate with the same tail as a χ² value."""
    if df < 1 or chi2 <= 0:
        return 0.0
    return float(distributions.norm.isf(max(distributions.chi2.sf(chi2, df), 1e-300)))
