"""The value if every kind of ticket had answered as often as it was asked (post-stratification).

It repairs what can be seen: kinds of tickets that answer more often and are happier. It cannot repair what
cannot be seen: within one kind of ticket the silent may still be unhappier, or happier, than the others.

Sources: Holt & Smith (1979), JRSS A 142:33-46 (post-stratified mean); Kish (1965), Survey Sampling, section
11.7 (effective number of answers).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from kpi.measures import Share
from kpi.model import Difference, Filter, Metric, Period
from kpi.stats import wilson
from kpi.surveying.influence import Pull, against_nothing, differences, evidence, pull
from kpi.surveying.kinds import Rows, aligned, merged, rows_of
from kpi.surveying.nouns import ChangeSplit, Reweighted, Weighting
from kpi.surveying.population import Population

Floats = NDArray[np.float64]
FEWEST_ANSWERS = 20
"""A kind with fewer answers in one of the periods is put together with others."""
BEYOND_CHANCE = 1.645
"""Normal deviate from which a dimension counts as going with answering, or with what is said."""


@dataclass(frozen=True)
class PostStratified:
    """A post-stratified mean: value, answers of equal weight it is worth, weight of an answer by kind."""

    value: float
    effective: float
    weights: tuple[float, ...]


def post_stratified(asked: ArrayLike, answers: ArrayLike, totals: ArrayLike) -> PostStratified:
    """Mean over kinds weighted by how many were asked: Σ (N_k ÷ N)·(T_k ÷ n_k).

    Args:
        asked, answers, totals: by kind: how many were asked and answered, and the sum of the answers.

    Raises:
        ValueError: for negative numbers, more answers than asked, or a kind asked without any answer.

    >>> found = post_stratified([500, 500], [300, 100], [270, 60])
    >>> found.value, round(found.effective, 1), [round(weight, 3) for weight in found.weights]
    (0.75, 300.0, [0.667, 2.0])
    """
    many, some, total = (np.asarray(given, np.float64) for given in (asked, answers, totals))
    wrong = []
    if not (np.isfinite(many).all() and np.isfinite(some).all() and np.isfinite(total).all()):
        wrong.append("counts and sums must be numbers")
    elif (some < 0).any() or (many < some).any():
        wrong.append("answers must lie between 0 and how many were asked")
    elif ((many > 0) & (some <= 0)).any():
        wrong.append("a kind that was asked has no answer: put it together with others")
    if wrong or not many.sum() > 0:
        raise ValueError("; ".join(wrong) or "nobody was asked")
    there = some > 0
    share = many[there] / many.sum()
    value = float((share * total[there] / some[there]).sum())
    weights = np.zeros(many.size)
    weights[there] = share * some.sum() / some[there]
    return PostStratified(value, float(1 / (share**2 / some[there]).sum()), tuple(weights.tolist()))


@dataclass(frozen=True)
class Result:
    """Both periods re-weighted, the change split, and by what."""

    now: Reweighted
    before: Reweighted
    weighting: Weighting
    change: ChangeSplit


def reweight(
    found: Population,
    periods: tuple[Period, Period],
    candidates: tuple[str, ...],
    where: tuple[Filter, ...],
    *,
    chosen: tuple[str, ...] = (),
) -> Result | str:
    """Now and before re-weighted to those asked in each; a reason where that cannot be.

    Args:
        candidates: dimensions to choose from: those that go most clearly both with answering and with what is
            said, not those that would change the result most.
        chosen: dimensions named by the reader instead.
    """
    if found.asked is None or found.scale is None:
        return found.unknown or "the ends of the scale of answers are not known"
    ranked = _ranked(found, periods, candidates, where)
    fewest = max(FEWEST_ANSWERS, found.facts.definitions.minimum_n)
    crossed = _crossed(
        found, periods, chosen or tuple(name for name, _ in ranked), where, fewest, bool(chosen)
    )
    if crossed is None:
        return "those asked have no channel, category, team or other dimension to tell kinds of tickets apart"
    names, old, (now, before) = crossed
    told = now.names
    if len(told) < 2:
        return f"there are no two kinds of tickets with {fewest} answers in both periods"
    level = found.facts.definitions.confidence
    width = found.scale[1] - found.scale[0]
    raws, weighted, gaps = zip(*(_pulls(rows) for rows in (now, before)), strict=True)
    raw, reweighted, less = differences(
        ((raws[0], raws[1]), (weighted[0], weighted[1]), (gaps[0], gaps[1])), level, 2 * width
    )
    who = _opposite(less)
    score = dict(ranked)
    weighting = Weighting(
        names,
        len(told),
        old - len(told),
        fewest,
        bool(chosen),
        any(score.get(name, 0.0) >= BEYOND_CHANCE for name in names),
    )
    sides = [
        _reweighted(found.metric, rows, one, gap, level, found.scale)
        for rows, one, gap in zip((now, before), weighted, gaps, strict=True)
    ]
    return Result(sides[0], sides[1], weighting, ChangeSplit(raw, reweighted, who))


def _crossed(
    found: Population,
    periods: tuple[Period, Period],
    ranked: tuple[str, ...],
    where: tuple[Filter, ...],
    fewest: int,
    chosen: bool,
) -> tuple[tuple[str, ...], int, tuple[Rows, Rows]] | None:
    """The dimensions that are crossed, how many kinds that makes, and both periods with small kinds merged.

    Of ranked dimensions a second one is taken only where it tells more kinds apart than the first.
    """
    best: tuple[tuple[str, ...], int, tuple[Rows, Rows]] | None = None
    tries = [ranked] if chosen else [ranked[:1], *((ranked[0], name) for name in ranked[1:])]
    for names in tries:
        if not names:
            continue
        now, before = aligned(*(rows_of(found, period, names, where) for period in periods))
        fewer = np.minimum(now.by_kind(now.answers), before.by_kind(before.answers))
        place, told = merged(now.names, fewer, fewest)
        made = names, len(now.names), (now.told_as(place, told), before.told_as(place, told))
        if best is None:
            best = made
        elif len(told) > len(best[2][0].names):
            return made
    return best


def _pulls(rows: Rows) -> tuple[Pull, Pull, Pull]:
    """The raw value, the re-weighted one, and re-weighted − raw."""
    asked, answers, total = (rows.by_kind(v) for v in (rows.asked, rows.answers, rows.total))
    many, some = float(asked.sum()), float(answers.sum())
    found = post_stratified(asked, answers, total)
    raw = float(total.sum()) / some
    mean = np.divide(total, answers, out=np.zeros(answers.size), where=answers > 0)
    nothing = np.zeros(answers.size)
    one = np.full(answers.size, 1 / some)
    share = np.divide(asked / many, answers, out=np.zeros(answers.size), where=answers > 0)
    apart = np.where(answers > 0, (mean - found.value) / many, 0.0)
    heavy = -share * mean + apart
    return (
        pull(rows, raw, one, -raw * one, nothing, rows.answers),
        pull(rows, found.value, share, heavy, apart, rows.answers),
        pull(rows, found.value - raw, share - one, heavy + raw * one, apart, rows.answers),
    )


def _reweighted(
    metric: Metric, rows: Rows, one: Pull, gap: Pull, level: float, scale: tuple[float, float]
) -> Reweighted:
    asked, answers, total = (rows.by_kind(v) for v in (rows.asked, rows.answers, rows.total))
    found = post_stratified(asked, answers, total)
    known = evidence(one)
    low = high = None
    words = "all answers are the same"
    if known is not None:
        words = known.words
        value = found.value
        if isinstance(metric.measure, Share) and 0 < value < 1:
            worth = value * (1 - value) / known.variance
            low, high = wilson(value * worth, worth, crit=known.crit(level))
        else:
            half = known.crit(level) * known.se
            low, high = max(scale[0], value - half), min(scale[1], value + half)
    return Reweighted(
        found.value,
        low,
        high,
        against_nothing(gap, level, scale[1] - scale[0]),
        round(float(answers.sum())),
        found.effective,
        max(found.weights),
        f"post-stratified; {words}",
    )


def _opposite(less: Difference) -> Difference:
    """raw − re-weighted from re-weighted − raw."""
    low = None if less.high is None else -less.high
    high = None if less.low is None else -less.low
    return replace(less, value=-less.value, low=low, high=high)


def _ranked(
    found: Population, periods: tuple[Period, Period], candidates: tuple[str, ...], where: tuple[Filter, ...]
) -> list[tuple[str, float]]:
    """Dimensions by the lesser of two scores: how far answering differs between their values, and how far
    what is said does; both as normal deviates, both periods together."""
    scored = []
    for name in candidates:
        now, before = aligned(*(rows_of(found, period, (name,), where) for period in periods))
        asked, answers, total, squares = (
            now.by_kind(getattr(now, column)) + before.by_kind(getattr(before, column))
            for column in ("asked", "answers", "total", "squares")
        )
        enough = answers >= FEWEST_ANSWERS
        if int(enough.sum()) >= 2:
            scored.append((name, _score(*(v[enough] for v in (asked, answers, total, squares)))))
    return sorted(scored, key=lambda pair: -pair[1])


def _score(asked: Floats, answers: Floats, total: Floats, squares: Floats) -> float:
    rate = float(answers.sum() / asked.sum())
    mean = float(total.sum() / answers.sum())
    inside = float((squares - total * total / answers).sum()) / max(float(answers.sum()) - answers.size, 1.0)
    if not 0 < rate < 1 or inside <= 0:
        return 0.0
    answering = float(((answers - rate * asked) ** 2 / (asked * rate * (1 - rate))).sum())
    saying = float((answers * (total / answers - mean) ** 2).sum()) / inside
    return min(_deviate(answering, answers.size - 1), _deviate(saying, answers.size - 1))


def _deviate(chi2: float, df: int) -> float:
    """The normal deviate with the same upper tail as a χ² value."""
    tail = max(float(special.chdtrc(df, chi2)), 1e-300)
    return -float(special.ndtri(tail))
