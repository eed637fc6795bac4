"""The judge of the pages: differences whose evidence comes from the days around both sides."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kpi.measures import Days, Gap, Measure, settled
from kpi.measures.daily_evidence import Case, Stretch, evidence_for
from kpi.model import Difference

Floats = NDArray[np.float64]
ALPHA = 0.05


@dataclass(frozen=True)
class Question:
    """Now against before, with the days of both.

    ``around`` are statistics of other days: of one side, or of both where two segments are compared.
    """

    now: Any
    before: Any
    days: tuple[Days, Days]
    around: tuple[tuple[Days, tuple[Any, ...]], ...] = ()


def differences(measure: Measure, questions: Sequence[Question]) -> list[Difference | None]:
    """As :func:`kpi.compare.compare` judges them: all at once, by their days where eight weeks are there."""
    gaps = [measure.gap(one.now, one.before, exposure=one.days) for one in questions]
    cases = {
        place: Case(gap, one.days, _stretches(measure, one))
        for place, (gap, one) in enumerate(zip(gaps, questions, strict=True))
        if isinstance(gap, Gap)
    }
    evidence = dict(zip(cases, evidence_for(list(cases.values())), strict=True))
    return [
        gap.finish(evidence[place]) if isinstance(gap, Gap) else settled(gap)
        for place, gap in enumerate(gaps)
    ]


def _stretches(measure: Measure, question: Question) -> tuple[Stretch, ...]:
    found = []
    for days, statistics in question.around:
        sides = [measure.side(each, days) for each in statistics]
        if all(side is not None for side in sides):
            found.append(Stretch(days, *sides))  # type: ignore[arg-type]
    return tuple(found)


def p_values(found: Sequence[Difference | None]) -> Floats:
    """NaN where there is none."""
    return np.array([math.nan if one is None or one.p is None else one.p for one in found], np.float64)


def below(p: Floats, alpha: float = ALPHA) -> Floats:
    """1 where p is below, NaN where there is no p."""
    return np.where(np.isnan(p), np.nan, (p < alpha).astype(np.float64))


def holds(found: Sequence[Difference | None], truth: float) -> Floats:
    """1 where the interval holds the truth; a missing bound is no bound; NaN without a difference."""
    return np.array([math.nan if one is None else bounds_hold(one.low, one.high, truth) for one in found])


def bounds_hold(low: float | None, high: float | None, truth: float) -> float:
    """1 or 0; None is no bound."""
    return float((low is None or low <= truth) and (high is None or truth <= high))
