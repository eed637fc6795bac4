"""How often the intervals of mix and performance hold the truth, on a desk whose days and agents differ.

Quarter against quarter, 40 tickets a day, five segments whose weights wander from day to day. The bounds
allow for the few runs; docs/statistics.md has the figures of longer ones.
"""

from __future__ import annotations

import numpy as np
import pytest

from kpi.drivers.medians import MedianTerms, median_terms
from kpi.drivers.sides import Floats, Longs, Side, Times
from kpi.drivers.terms import terms_of
from kpi.measures import Survival
from kpi.measures.daily_evidence import Case, evidence_for

DAYS, AGENTS, A_DAY, RUNS = 91, 20, 40, 30
WEIGHTS = np.array([0.20, 0.22, 0.20, 0.13, 0.25]), np.array([0.30, 0.25, 0.20, 0.15, 0.10])
RATES = np.array([0.92, 0.85, 0.83, 0.68, 0.52]), np.array([0.90, 0.85, 0.80, 0.70, 0.50])
SPANS = ((1_000 + DAYS, 999 + 2 * DAYS), (1_000, 999 + DAYS))
MEDIAN = Survival("minutes", "ended", 0.5, "counts")


def rows(
    random: np.random.Generator, first: int, weight: Floats, noise: float
) -> tuple[Longs, Longs, Longs, Floats]:
    """Day, agent, segment, and the shock of its day (an AR(1) of .5) and of its agent, of each row."""
    shock = np.zeros(DAYS)
    for at in range(1, DAYS):
        shock[at] = 0.5 * shock[at - 1] + np.sqrt(0.75) * random.normal()
    of_agent = random.normal(size=AGENTS) * noise / 2
    day = np.repeat(np.arange(DAYS), random.poisson(A_DAY, DAYS))
    wander = weight * np.exp(noise * random.normal(size=(DAYS, weight.size)))
    upto = np.cumsum(wander / wander.sum(axis=1, keepdims=True), axis=1)
    segment = np.minimum((random.random(day.size)[:, None] > upto[day]).sum(axis=1), weight.size - 1)
    agent = random.integers(0, AGENTS, day.size)
    return first + day, agent, segment, noise * shock[day] / 2 + of_agent[agent]


def hits(truth: tuple[float, float], cases: list[Case]) -> list[bool]:
    found = []
    for value, case, evidence in zip(truth, cases, evidence_for(cases), strict=True):
        difference = case.gap.finish(evidence)
        assert difference.low is not None
        assert difference.high is not None
        found.append(difference.low <= value <= difference.high)
    return found


@pytest.mark.parametrize("noise", [0.0, 0.08])
def test_intervals_of_shares_hold_the_truth(noise: float) -> None:
    (w2, w1), (r2, r1) = WEIGHTS, RATES
    truth = float(((w2 - w1) * (r1 + r2) / 2).sum()), float(((r2 - r1) * (w1 + w2) / 2).sum())
    random = np.random.default_rng(11)
    found = []
    for _ in range(RUNS):
        sides = []
        for (first, _), weight, rate in zip(SPANS, WEIGHTS, RATES, strict=True):
            day, agent, segment, shock = rows(random, first, weight, noise)
            y = (random.random(day.size) < np.clip(rate[segment] + shock, 0, 1)).astype(np.float64)
            n = np.bincount(segment, minlength=5).astype(np.float64)
            mean = np.bincount(segment, weights=y, minlength=5) / n
            spread = mean * (1 - mean)
            sides.append(
                Side(day, agent, segment, np.ones(day.size), y - mean[segment], n, mean, spread, n.copy())
            )
        terms = terms_of(sides[0], sides[1], [], SPANS)
        cases = [
            terms.case(terms.parts.mix.value, terms.mix(), 0.95),
            terms.case(terms.parts.performance.value, terms.performance(), 0.95),
        ]
        found.append(hits(truth, [case for case in cases if isinstance(case, Case)]))
    assert np.mean(found, axis=0).min() >= 0.86


def test_intervals_of_medians_hold_the_truth() -> None:
    """Slow tickets of one kind grow while all get faster by an eighth; some are still open."""
    slow = np.log(np.array([60.0, 90.0, 120.0, 200.0, 4_000.0]))
    random = np.random.default_rng(12)

    def side(first: int, weight: Floats, faster: float, many: int) -> Times:
        days = [rows(random, first, weight, 0.0) for _ in range(many)]
        day, agent, segment, _ = (np.concatenate(each) for each in zip(*days, strict=True))
        took = np.rint(np.exp(slow[segment] + np.log(faster) + 1.2 * random.normal(size=day.size))) + 1
        until = random.exponential(30_000, day.size) + 1
        ended = (took <= until).astype(np.float64)
        value = np.minimum(took, until).astype(np.int64)
        n = np.bincount(segment, minlength=5).astype(np.float64)
        return Times(day, agent, segment, value, ended, 1 - ended, n)

    def of(many: int) -> MedianTerms:
        now, before = (
            side(first, weight, faster, many)
            for (first, _), weight, faster in zip(SPANS, WEIGHTS, (0.88, 1.0), strict=True)
        )
        made = median_terms(MEDIAN, now, before, [], SPANS)
        assert isinstance(made, MedianTerms)
        return made

    truth = of(60)
    assert truth.sums[0] == pytest.approx(54, abs=3)
    assert truth.sums[1] == pytest.approx(-17, abs=3)
    found = []
    for _ in range(RUNS):
        made = of(1)
        cases = [made.case(kind, 0.95) for kind in (0, 1)]
        found.append(hits((truth.sums[0], truth.sums[1]), [case for case in cases if isinstance(case, Case)]))
    assert np.mean(found, axis=0).min() >= 0.86
