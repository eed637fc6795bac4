"""How far single answers and silent customers pull an estimate: the way from counts to its chance.

Every estimate here is smooth in the counts, so its error is a sum over rows: an answer y of kind k pulls it
by α_k·y + β_k, a silent customer by γ_k. Days, weeks and agents then enter as in every other comparison
(:mod:`kpi.measures.evidence`), from the daily series where eight weeks are there.

Source: linearisation of post-stratified means, Särndal, Swensson & Wretman (1992), Model Assisted Survey
Sampling, section 7.6.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpi.measures.daily_evidence import Case, evidence_for
from kpi.measures.evidence import Evidence, Gap, Side, evidence_of
from kpi.model import Difference
from kpi.stats import detectable_change, two_sided_p
from kpi.surveying.kinds import Rows

Floats = NDArray[np.float64]
NEGLIGIBLE = 1e-24


@dataclass(frozen=True)
class Pull:
    """An estimate of one period, how far each cell pulls it, and its variance under independent rows."""

    value: float
    side: Side
    plain: float


def pull(rows: Rows, value: float, alpha: Floats, beta: Floats, gamma: Floats, size: Floats) -> Pull:
    """The pull of rows whose answers weigh α·y + β and whose silence weighs γ, all by kind.

    Args:
        size: float64[m], rows of each cell of ``rows`` that count for the size of clusters.
    """
    silent = rows.asked - rows.answers
    a, b, c = alpha[rows.kind], beta[rows.kind], gamma[rows.kind]
    residual = a * rows.total + b * rows.answers + c * silent
    squares = a * a * rows.squares + 2 * a * b * rows.total + b * b * rows.answers + c * c * silent
    plain = float(squares.sum())
    return Pull(value, Side(rows.day, rows.agent, residual, size, rows.days), max(0.0, plain))


def evidence(one: Pull) -> Evidence | None:
    """The evidence of one estimate; None where nothing varies."""
    return evidence_of(one.side, one.plain) if one.plain > NEGLIGIBLE else None


def differences(pairs: Sequence[tuple[Pull, Pull]], level: float, farthest: float) -> tuple[Difference, ...]:
    """now − before of many estimates with their chance; those without any variance have no interval.

    Args:
        farthest: the largest difference that there can be.
    """
    gaps = []
    for now, before in pairs:
        finish = _finish(now.value - before.value, level, farthest)
        gaps.append(Gap.of(now.side, before.side, now.plain + before.plain, finish))
    cases = [Case(gap, (gap.now.span, gap.before.span)) for gap in gaps]
    varies = [place for place, gap in enumerate(gaps) if gap.plain > NEGLIGIBLE]
    known = dict(zip(varies, evidence_for([cases[place] for place in varies]), strict=True))
    return tuple(
        gap.finish(known[place])
        if place in known
        else Difference(now.value - before.value, None, None, None, "nothing varies", level=level)
        for place, (gap, (now, before)) in enumerate(zip(gaps, pairs, strict=True))
    )


def against_nothing(one: Pull, level: float, farthest: float) -> Difference:
    """An estimate that is itself a difference (within one period) with its interval and p-value."""
    found = evidence(one)
    if found is None:
        return Difference(one.value, None, None, None, "nothing varies", level=level)
    return _finish(one.value, level, farthest)(found)


def _finish(value: float, level: float, farthest: float) -> Callable[[Evidence], Difference]:
    def finish(found: Evidence) -> Difference:
        half = found.crit(level) * found.se
        return Difference(
            value,
            min(value, max(-farthest, value - half)),
            max(value, min(farthest, value + half)),
            two_sided_p(value / found.se, found.df),
            f"linearised, t; {found.words}",
            detectable=detectable_change(found.se, found.df, level),
            level=level,
        )

    return finish
