"""Solved within target: one metric everywhere, and newest days that do not look better than they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from teams_by_hand import AS_OF, rows, team  # noqa: F401

from kpi import attainment, compare, drill
from kpi.attainment import Clock
from kpi.definitions import Definitions
from kpi.facts import Facts
from kpi.model import Filter, Period

LIMITED = replace(Definitions(), ttr_target_hours={"high": 4.0, "*": 24.0})
SEPTEMBER = Period(date(2026, 9, 1), date(2026, 9, 30))
KEY = "ttr_within_target"


def test_the_page_of_targets_and_the_list_of_metrics_show_one_number(team: Any, rows: Any) -> None:  # noqa: F811
    facts = team(rows, LIMITED)
    results = compare.measure(facts, SEPTEMBER, metrics=(KEY,), by=("priority",))
    listed = {str(each.group): each.estimate for each in results}
    for one in attainment.keeping(facts, SEPTEMBER).promises:
        if one.clock is Clock.RESOLUTION:
            assert (one.kept.value, one.kept.n) == (listed[one.name].value, listed[one.name].n)
            segment = (Filter("priority", (one.name,)),)
            assert len(drill.rows(facts, KEY, SEPTEMBER, where=segment)) == one.kept.n
            assert len(drill.rows(facts, KEY, SEPTEMBER, where=segment, part="met")) == one.met
    whole = compare.measure(facts, SEPTEMBER, metrics=(KEY, "sla"))
    assert whole[0].estimate.value == whole[1].estimate.parts["resolution"]


def desk(team: Any, seed: int, share: float, hours: float) -> Facts:  # noqa: F811
    """Four weeks of tickets until a moment before AS_OF: most solved within minutes, the others too late."""
    draw = np.random.default_rng(seed)
    made: list[tuple[str, str, str, float, float | None]] = []
    for number in range(2_000):
        ago = float(draw.uniform(0.1, 28 * 24))
        takes = float(draw.uniform(0.05, 0.1)) if draw.random() < share else hours * 1.5
        made.append((f"T{number}", "email", "normal", ago, takes if takes < ago else None))
    return team(made, replace(Definitions(), ttr_target_hours={"*": hours}))


def in_time(facts: Facts, days: Period) -> float:
    (found,) = compare.measure(facts, days, metrics=(KEY,))
    assert found.estimate.value is not None
    return found.estimate.value


@pytest.mark.parametrize("hours", [24.0, 72.0])
def test_the_newest_week_of_a_constant_process_is_no_better(team: Any, hours: float) -> None:  # noqa: F811
    newest = Period(AS_OF.date() - timedelta(days=6), AS_OF.date())
    values: Sequence[float] = [in_time(desk(team, seed, 0.7, hours), newest) for seed in range(4)]
    # 4 seeds of about 500 tickets (300 whose three days are over): σ of the mean is below .014.
    assert abs(float(np.mean(values)) - 0.7) < 0.05


def test_every_outcome_counts_where_nothing_is_open(team: Any) -> None:  # noqa: F811
    young = [(f"T{n}", "email", "normal", 2.0, 0.5) for n in range(20)]
    facts = team(young, LIMITED)
    (found,) = compare.measure(facts, SEPTEMBER, metrics=(KEY,))
    assert (found.estimate.value, found.estimate.n) == (1.0, 20)
    open_one = team([*young, ("W", "email", "normal", 2.0, None)], LIMITED)
    (found,) = compare.measure(open_one, SEPTEMBER, metrics=(KEY,))
    assert (found.estimate.value, found.estimate.n) == (None, 0)
    assert "21 tickets left out: the time they were promised is not over yet" in (found.estimate.note or "")


def test_without_a_limit_the_list_says_what_to_set(team: Any, rows: Any) -> None:  # noqa: F811
    (found,) = compare.measure(team(rows), SEPTEMBER, metrics=(KEY,))
    assert found.estimate.reason == (
        "no solved within target: no resolution target is set for any priority in the data"
    )
