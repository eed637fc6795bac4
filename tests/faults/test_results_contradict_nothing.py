"""No verdict, sentence, colour, arrow, mark, row or JSON value contradicts its numbers, whatever is drawn."""

from __future__ import annotations

import random
from collections import Counter
from types import SimpleNamespace

import pytest
from checks_numbers import check_comparisons, check_estimate, check_measure
from checks_recount import channel_filter, check_against_rows, check_newest_days_are_provisional
from checks_said import (
    check_claims,
    check_explanation,
    check_headline,
    check_sentence,
    check_target,
    check_title,
)
from checks_shown import (
    check_card,
    check_chart,
    check_comparison_row,
    check_json,
    check_metric_row,
    check_shown,
)
from claim_cases import claim, random_case
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from moving_team import moving_team

from kpi import compare, periods
from kpi.charts import DARK, LIGHT
from kpi.estimates import measured
from kpi.metrics import catalogue
from kpi.model import Group, Period, Verdict
from kpi.periods.kinds import as_date

SEEDS = st.integers(0, 100_000)


def drawn(times: int) -> settings:
    """So many examples; a smaller seed is no simpler one, so none is looked for."""
    return settings(max_examples=times, deadline=None, phases=(Phase.explicit, Phase.generate))


@drawn(20)
@given(SEEDS, st.sampled_from([0.8, 0.95, 0.99]))
def test_two_periods_of_any_team(seed: int, confidence: float) -> None:
    """Numbers, verdicts and words, from the tables to the sentence; the values are those of the rows."""
    moved = moving_team(seed, confidence)
    found = moved.comparisons
    check_comparisons(found, confidence, moved.facts.definitions.minimum_n)
    check_against_rows(moved, found)
    check_claims(compare.claims(found, moved.now, moved.before), moved.now, moved.before)


@drawn(12)
@given(SEEDS)
def test_what_is_shown_of_any_team(seed: int) -> None:
    moved = moving_team(seed)
    claims = compare.claims(moved.comparisons, moved.now, moved.before)
    check_shown(claims, moved.now, moved.before, moved.facts.definitions)
    check_chart([each.comparison for each in claims], DARK if seed % 2 else LIGHT)


@drawn(10)
@given(SEEDS, st.sampled_from(["channel", "agent", "category", "weekday"]))
def test_every_segment_of_any_team(seed: int, field: str) -> None:
    moved = moving_team(seed)
    found = compare.compare(moved.facts, moved.now, moved.before, by=(field,))
    check_comparisons(found, 0.95, moved.facts.definitions.minimum_n)
    claims = compare.claims(found, moved.now, moved.before)
    check_claims(claims, moved.now, moved.before)
    for each in claims[:20]:
        check_json(each.comparison)


@drawn(10)
@given(SEEDS)
def test_two_segments_of_any_team(seed: int) -> None:
    moved = moving_team(seed)
    found = compare.compare_segments(moved.facts, None, channel_filter("chat"), channel_filter("email"))
    check_comparisons(found, 0.95, moved.facts.definitions.minimum_n)
    claims = compare.claims(found, "Chat", "E-mail")
    check_claims(claims, "Chat", "E-mail")
    check_against_rows(
        moved, compare.compare(moved.facts, moved.now, moved.before, where=channel_filter("chat")), "chat"
    )


@drawn(10)
@given(SEEDS)
def test_interval_and_p_of_every_measure_are_one_test(seed: int) -> None:
    moved = moving_team(seed)
    metrics = catalogue(moved.facts.definitions, moved.facts)
    now, before = (
        measured(moved.facts, metrics, period, parts=False) for period in (moved.now, moved.before)
    )
    for metric in metrics:
        here, there = now[metric.key].get(Group()), before[metric.key].get(Group())
        if here is not None and there is not None and here.statistics and there.statistics:
            exposure = None if here.exposure is None else (here.exposure, there.exposure)
            check_measure(metric.measure, here.statistics, there.statistics, exposure)


@drawn(10)
@given(SEEDS)
def test_every_week_of_any_team(seed: int) -> None:
    """Values in a history lie in their intervals, and the newest week is provisional."""
    facts = moving_team(seed).facts
    span = Period(as_date(facts.first_day), as_date(facts.last_day))
    weeks = periods.grid(span, "week", facts.definitions, partial="drop")
    histories = compare.histories(facts, None, weeks)
    for metric in catalogue(facts.definitions, facts):
        for estimate in histories[metric.key]:
            check_estimate(estimate, metric)
    if len(weeks) >= 8:
        check_newest_days_are_provisional(facts, weeks)


@drawn(60)
@given(st.randoms(use_true_random=False))
def test_claims_of_any_kind(draw: random.Random) -> None:
    """Cases that a data set may never hold: any unit and direction, open intervals, tiny and huge numbers."""
    made = [claim(random_case(draw)) for _ in range(4)]
    for each in made:
        for check in (check_sentence, check_explanation, check_card):
            check(each)
        for check_one in (check_target, check_comparison_row, check_json):
            check_one(each.comparison)
        check_metric_row(each.comparison, SimpleNamespace(targets={}))
        check_headline([each])
        check_title([each])


def test_the_teams_hold_every_verdict_in_every_direction() -> None:
    """Otherwise the properties above would be true of nothing."""
    seen: Counter[tuple[Verdict, int]] = Counter()
    for seed in range(40):
        for each in moving_team(seed).comparisons:
            seen[(each.verdict, each.metric.better.value)] += 1
    for verdict in (Verdict.BETTER, Verdict.WORSE):
        assert min(seen[(verdict, 1)], seen[(verdict, -1)]) >= 2, seen
    assert seen[(Verdict.CHANGED, 0)] >= 2, seen
    assert min(sum(n for (v, _), n in seen.items() if v is verdict) for verdict in Verdict) >= 2, seen


@pytest.mark.parametrize("level", [0.8, 0.9, 0.99])
def test_other_confidence_gives_other_intervals(level: float) -> None:
    usual, other = moving_team(4).comparisons, moving_team(4, level).comparisons
    wider = 0
    for one, two in zip(usual, other, strict=True):
        if one.difference and two.difference and one.difference.low is not None and two.difference.low:
            assert (two.difference.low <= one.difference.low + 1e-9) is (level > 0.95) or (
                two.difference.low == one.difference.low
            )
            wider += 1
    assert wider > 10
