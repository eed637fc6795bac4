"""Has it changed who answers? Each kind of ticket's share of the answers beyond its share of those asked.

When the tickets themselves change, the answers change with them, and that is no fault of the survey. So the
question is whether a kind of ticket is found among the answers more often *than among those asked* now than
before, and whether more or fewer answer at all. Where those asked are not known, only the answers can be
compared, and a change may come from the tickets.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kpi.compare import compare
from kpi.measures import Share
from kpi.metrics.satisfaction import RESPONSE_RATE
from kpi.model import Comparison, Filter, Metric, Period
from kpi.stats import benjamini_hochberg
from kpi.surveying.influence import Pull, differences, pull
from kpi.surveying.kinds import Rows, aligned, rows_of
from kpi.surveying.nouns import Alarm, Shift
from kpi.surveying.population import ANSWERED, ASKED, Population
from kpi.verdicts import chance

MATTERS = 0.02
"""A kind of ticket whose share of the answers moved by less is no reason for an alarm."""
RATE_MATTERS = 0.1
"""Nor is a rate that moved by less than this part of itself (or by less than :data:`MATTERS`, if smaller)."""
FEWEST_ASKED = 30
FEWEST_EXPECTED = 5.0
"""Answers that a kind would have on either side if it answered like the others."""


def rate_metric(found: Population) -> Metric | None:
    """Response rate or coverage of the very rows that are looked at."""
    if found.asked is None:
        return None
    response = found.asked.is_response
    return replace(
        RESPONSE_RATE,
        key="survey_rate",
        name="Response rate" if response else "Coverage",
        grain=found.asked.grain,
        basis=found.asked.basis,
        measure=Share(ANSWERED, ASKED),
        formula=f"{found.asked.words} with an answer ÷ {found.asked.words}",
        needs=(),
        parts={},
        left_out={},
        benchmarks=(),
    )


def alarm(
    found: Population,
    now: Period,
    before: Period,
    dimensions: tuple[str, ...],
    where: tuple[Filter, ...],
) -> Alarm:
    """Whether it rings, and why: p-values are adjusted over the rate and every kind that was looked at."""
    definitions = found.facts.definitions
    level = definitions.confidence
    rate = _rate(found, now, before, where)
    asked_about: list[tuple[str, str]] = []
    pairs: list[tuple[Pull, Pull]] = []
    for dimension in dimensions:
        sides = aligned(*(rows_of(found, period, (dimension,), where) for period in (now, before)))
        names = sides[0].names
        enough = _enough(*sides)
        last = int(enough.sum()) - 1 if len(names) == 2 and enough.all() else None
        for place in np.flatnonzero(enough).tolist():
            if place == last:
                continue  # of two kinds, the second only mirrors the first
            asked_about.append((dimension, names[place][0]))
            pairs.append((_lead(sides[0], place, found), _lead(sides[1], place, found)))
    found_differences = differences(pairs, level, 2.0) if pairs else ()
    rate_p = None if rate is None or rate.difference is None else rate.difference.p
    adjusted = benjamini_hochberg([rate_p, *(one.p for one in found_differences)])
    alpha = chance(level)
    shifts = [
        Shift(
            dimension,
            name,
            pair[0].value,
            pair[1].value,
            replace(change, p_adjusted=p),
            p is not None and p < alpha and abs(change.value) >= MATTERS,
        )
        for (dimension, name), pair, change, p in zip(
            asked_about, pairs, found_differences, adjusted[1:], strict=True
        )
    ]
    shifts.sort(key=lambda shift: (not shift.clear, -abs(shift.change.value)))
    rate_clear = _rate_clear(rate, adjusted[0], alpha)
    if rate is not None and rate.difference is not None:
        rate = replace(rate, difference=replace(rate.difference, p_adjusted=adjusted[0]))
    looks = sum(p is not None for p in adjusted)
    return Alarm(
        rings=rate_clear or any(shift.clear for shift in shifts),
        rate=rate,
        rate_clear=rate_clear,
        shifts=tuple(shifts),
        looks=looks,
        relative=found.asked is not None,
        words="surveys" if found.asked is None else found.asked.words,
        reason="" if looks else "there are too few answers in one of the periods, or no kinds to compare",
    )


def _rate(found: Population, now: Period, before: Period, where: tuple[Filter, ...]) -> Comparison | None:
    metric = rate_metric(found)
    if metric is None:
        return None
    (comparison,) = compare(found.facts, now, before, metrics=(metric,), where=where)
    return comparison


def _rate_clear(rate: Comparison | None, p: float | None, alpha: float) -> bool:
    if rate is None or rate.difference is None or p is None or rate.before.value is None:
        return False
    least = min(MATTERS, RATE_MATTERS * rate.before.value)
    few = min(rate.now.n, rate.before.n) < FEWEST_ASKED
    return not few and p < alpha and abs(rate.difference.value) >= least


def _enough(now: Rows, before: Rows) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Kinds of which enough were asked in both periods to expect a few answers."""
    fine = np.ones(len(now.names), np.bool_)
    for rows in (now, before):
        asked, answers = rows.by_kind(rows.asked), rows.by_kind(rows.answers)
        total = float(answers.sum())
        expected = asked * (total / max(float(asked.sum()), 1.0))
        fine &= (np.minimum(asked, asked.sum() - asked) >= FEWEST_ASKED) & (expected >= FEWEST_EXPECTED)
        fine &= total - expected >= FEWEST_EXPECTED
    return fine


def _lead(rows: Rows, place: int, found: Population) -> Pull:
    """Share of the answers − share of those asked, of one kind (of the answers alone where nobody else is
    known)."""
    asked, answers = rows.by_kind(rows.asked), rows.by_kind(rows.answers)
    many, some = float(asked.sum()), float(answers.sum())
    this = (np.arange(asked.size) == place).astype(np.float64)
    among_answers = float(answers[place]) / some
    nothing = np.zeros(asked.size)
    if found.asked is None:
        return pull(rows, among_answers, nothing, (this - among_answers) / some, nothing, rows.answers)
    among_asked = float(asked[place]) / many
    silent = -(this - among_asked) / many
    answered = (this - among_answers) / some + silent
    return pull(rows, among_answers - among_asked, nothing, answered, silent, rows.asked)
