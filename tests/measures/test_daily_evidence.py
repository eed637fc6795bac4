"""The judge by daily series: its variance against algebra, its conditions, and its false alarms."""

from __future__ import annotations

from types import MappingProxyType, SimpleNamespace

import numpy as np
import pytest
from scipy import special

from kpi.measures import Cells, Mean, Rate, Share, settled
from kpi.measures.daily_evidence import Case, Stretch, evidence_for
from kpi.measures.evidence import Evidence, Gap
from kpi.stats.day_noise import learn, spread_of_sum
from kpi.surroundings import Compared, _runs

SHARE = Share("k", "n")
FIRST = 20_000


def answers(counts: np.ndarray, good: np.ndarray, days: tuple[int, int]) -> Cells:
    """Cells of the days (counted from FIRST) of answers by day and agent, int[T, agents] each."""
    day, agent = np.nonzero(counts[days[0] : days[1] + 1])
    place = (day + days[0], agent)
    return Cells(
        (day + days[0] + FIRST).astype(np.int32),
        agent.astype(np.int32),
        MappingProxyType({"n": counts[place].astype(float), "k": good[place].astype(float)}),
    )


def desk(
    rng: np.random.Generator, days: int, agents: int = 12, persistence: float = 0.6, spread: float = 0.2
) -> tuple[np.ndarray, np.ndarray]:
    """Answers and good ones of a desk whose days wander and where weekends are quiet."""
    weekday = np.arange(days) % 7
    wander = np.zeros(days)
    for t in range(1, days):
        wander[t] = persistence * wander[t - 1] + rng.normal() * np.sqrt(1 - persistence**2)
    rate = np.where(weekday >= 5, 1.5, 6.0)[:, None] * np.ones(agents)
    counts = rng.poisson(rate)
    skill = rng.normal(0, 0.2, agents)
    chance = 1 / (1 + np.exp(-(1.7 + spread * wander[:, None] + skill[None])))
    return counts, rng.binomial(counts, chance)


def shifted(days: tuple[int, int]) -> tuple[int, int]:
    return days[0] + FIRST, days[1] + FIRST


def judged(
    counts: np.ndarray,
    good: np.ndarray,
    now: tuple[int, int],
    before: tuple[int, int],
    beside: tuple[tuple[int, int], ...],
) -> tuple[Gap, Evidence]:
    gap = SHARE.gap(answers(counts, good, now), answers(counts, good, before))
    assert isinstance(gap, Gap)
    runs = []
    for run in beside:
        side = SHARE.side(answers(counts, good, run), shifted(run))
        assert side is not None
        runs.append(Stretch(shifted(run), side))
    (evidence,) = evidence_for([Case(gap, (shifted(now), shifted(before)), tuple(runs))])
    return gap, evidence


def test_variance_is_that_of_the_pooled_difference_over_the_learned_noise() -> None:
    rng = np.random.default_rng(3)
    counts, good = desk(rng, 112, agents=1, persistence=0.7, spread=1.2)
    gap, evidence = judged(counts, good, (84, 111), (56, 83), ((0, 55),))
    day = np.arange(112)
    level = np.where(day >= 84, 0, np.where(day >= 56, 1, 2))
    value = np.zeros(112)
    for number, (days, width) in enumerate((((84, 111), 28), ((56, 83), 28), ((0, 55), 56))):
        part = slice(days[0], days[1] + 1)
        n, k = counts[part].sum(axis=1), good[part].sum(axis=1)
        value[part] = (k - k.sum() / n.sum() * n) / n.sum() * width
        assert number in level[part]
    weekday = (day + FIRST + 3) % 7
    design = np.column_stack(
        [(level == each).astype(float) for each in range(3)]
        + [(level == each) * (day - day[level == each].mean()) for each in range(3)]
        + [(weekday == each).astype(float) for each in range(1, 7)]
    )
    learned = learn(day.astype(np.int64), design, value[:, None])
    share = np.where(day >= 84, 1 / 28, np.where(day >= 56, -1 / 28, 0.0))
    deviation = np.sqrt(learned.variance[:, 0] * spread_of_sum(day.astype(np.int64), share))
    # The mixture and its Student t agree where they are made to: at 5 % two-sided.
    outside = learned.weight[:, 0] @ special.stdtr(learned.df, -evidence.crit(0.95) * evidence.se / deviation)
    assert evidence.variance > gap.plain
    assert outside == pytest.approx(0.025, abs=1e-6)
    assert "daily series of 112 days" in evidence.words


def test_rows_taken_as_independent_are_the_least() -> None:
    counts = np.full((112, 3), 4)
    good = np.full((112, 3), 3)
    good[::5] = 4
    gap, evidence = judged(counts, good, (84, 111), (56, 83), ((0, 55),))
    assert evidence.variance >= gap.plain


@pytest.mark.parametrize(
    ("now", "before", "beside"),
    [
        ((28, 47), (0, 19), ()),  # fewer than eight weeks of days
        ((50, 111), (30, 80), ()),  # periods that overlap in part
    ],
)
def test_without_a_daily_series_clusters_judge(
    now: tuple[int, int], before: tuple[int, int], beside: tuple[tuple[int, int], ...]
) -> None:
    counts, good = desk(np.random.default_rng(4), 112)
    gap, evidence = judged(counts, good, now, before, beside)
    assert evidence == gap.clustered()
    assert "daily series" not in evidence.words


def test_sparse_segments_are_judged_by_clusters() -> None:
    rng = np.random.default_rng(5)
    counts = (rng.random((182, 1)) < 0.1).astype(int)
    good = rng.binomial(counts, 0.8)
    gap, evidence = judged(counts, good, (154, 181), (126, 153), ((0, 125),))
    assert evidence == gap.clustered()


def test_two_weeks_are_judged_by_the_weeks_around_them() -> None:
    counts, good = desk(np.random.default_rng(6), 182)
    gap, evidence = judged(counts, good, (175, 181), (168, 174), ((0, 167),))
    assert "daily series of 182 days" in evidence.words
    assert evidence.df > gap.clustered().df


def test_weekdays_on_which_nothing_happens_are_no_days() -> None:
    counts, good = desk(np.random.default_rng(7), 182)
    closed = (np.arange(182) + FIRST + 3) % 7 >= 5
    counts[closed], good[closed] = 0, 0
    _, evidence = judged(counts, good, (154, 181), (126, 153), ((0, 125),))
    assert "daily series of 130 days" in evidence.words


def test_segments_of_the_same_days_share_what_moves_both() -> None:
    rng = np.random.default_rng(8)
    counts, good = desk(rng, 112, agents=8, persistence=0.8, spread=0.6)
    halves = [(counts * mask, good * mask) for mask in (np.arange(8) < 4, np.arange(8) >= 4)]
    days, run = (84, 111), (0, 83)
    gap = SHARE.gap(*(answers(*half, days) for half in halves))
    assert isinstance(gap, Gap)
    sides = [SHARE.side(answers(*half, run), shifted(run)) for half in halves]
    assert sides[0] is not None
    (evidence,) = evidence_for(
        [Case(gap, (shifted(days), shifted(days)), (Stretch(shifted(run), sides[0], sides[1]),))]
    )
    assert "daily series" in evidence.words
    difference = gap.finish(evidence)
    assert difference.low is not None
    assert difference.low <= difference.value


def test_counts_per_day_are_judged_by_days() -> None:
    rng = np.random.default_rng(9)
    rate = Rate("created", total=True)
    created = rng.poisson(np.where(np.arange(182) % 7 >= 5, 10, 40))

    def cells(days: tuple[int, int]) -> Cells:
        day = np.arange(days[0], days[1] + 1)
        return Cells(
            (day + FIRST).astype(np.int32),
            np.full(day.size, -1, np.int32),
            MappingProxyType({"events": created[day].astype(float)}),
        )

    now, before, run = (154, 181), (126, 153), (0, 125)
    gap = rate.gap(cells(now), cells(before), exposure=(shifted(now), shifted(before)))
    assert isinstance(gap, Gap)
    side = rate.side(cells(run), shifted(run))
    assert side is not None
    (evidence,) = evidence_for([Case(gap, (shifted(now), shifted(before)), (Stretch(shifted(run), side),))])
    assert "daily series of 182 days" in evidence.words
    difference = gap.finish(evidence)
    assert difference.value == created[154:182].sum() - created[126:154].sum()
    assert difference.low is not None
    assert difference.high is not None
    assert difference.low <= difference.value <= difference.high


def test_a_gap_settled_alone_is_the_difference() -> None:
    counts, good = desk(np.random.default_rng(10), 60)
    now, before = answers(counts, good, (30, 59)), answers(counts, good, (0, 29))
    assert settled(SHARE.gap(now, before)) == SHARE.difference(now, before)
    assert settled(None) is None
    assert Mean("x", "n").gap(Cells.empty(("n", "sum", "sumsq")), Cells.empty(("n", "sum", "sumsq"))) is None


def test_days_that_never_move_leave_the_judging_to_clusters() -> None:
    counts, good = np.full((112, 2), 4), np.full((112, 2), 3)
    gap, evidence = judged(counts, good, (84, 111), (56, 83), ((0, 55),))
    assert evidence == gap.clustered()


@pytest.mark.parametrize("persistence", [0.0, 0.7])
def test_false_alarms_of_two_months_within_half_a_year(persistence: float) -> None:
    # 300 desks whose days wander; 5 % ± 3 Monte-Carlo errors, and not far below either.
    rng = np.random.default_rng(2026)
    alarms = 0
    for _ in range(300):
        counts, good = desk(rng, 140, persistence=persistence)
        gap, evidence = judged(counts, good, (112, 139), (84, 111), ((0, 83),))
        p = gap.finish(evidence).p
        assert p is not None
        alarms += p < 0.05
    assert alarms / 300 <= 0.088


def test_the_days_around_never_hold_a_compared_day() -> None:
    facts = SimpleNamespace(first_day=100, last_day=500)
    runs = _runs(facts, Compared((401, 430), (340, 369)))  # type: ignore[arg-type]
    assert runs == [(100, 339), (370, 400), (431, 463)]
    assert sum(last - first + 1 for first, last in runs) == 364 - 60
    assert _runs(facts, Compared((251, 430), (100, 250))) == [(431, 463)]  # type: ignore[arg-type]
    assert _runs(facts, Compared((495, 500), (489, 494))) == [(137, 488)]  # type: ignore[arg-type]
