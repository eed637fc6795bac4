"""Statistics of any parts of the rows, added, are those of the whole; so is every number made of them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.measures import (
    Cells,
    Counts,
    Mean,
    Measure,
    Quantile,
    Rate,
    Score,
    Share,
    Statistics,
    Stock,
    Survival,
)

MEASURES: list[Measure] = [
    Share("good", "answered"),
    Score("good", "bad", "answered"),
    Mean("seconds", "answered", 60),
    Quantile("seconds", 0.5, "answered", 60),
    Quantile("seconds", 0.9, "answered"),
    Survival("seconds", "good", 0.5, "answered", 60),
    Rate("answered", total=True),
    Rate("answered", "hours"),
    Stock("created", "good"),
]
PERIOD = (20000, 20034)


def table(seed: int, rows: int) -> tuple[np.ndarray, np.ndarray, Mapping[str, np.ndarray]]:
    random = np.random.default_rng(seed)
    day = random.integers(PERIOD[0], PERIOD[1] + 1, rows).astype(np.int32)
    answered = (random.random(rows) < 0.8).astype(np.uint8)
    good = (random.random(rows) < 0.6).astype(np.uint8)
    return (
        day,
        random.integers(-1, 6, rows).astype(np.int16),
        {
            "answered": answered,
            "good": good,
            "bad": ((random.random(rows) < 0.5) & (good == 0)).astype(np.uint8),
            "seconds": np.ceil(np.exp(random.normal(5, 1.3, rows))).astype(np.int32),
            "hours": np.round(random.uniform(0, 8, rows) * 4) / 4,
            "created": np.ones(rows, np.uint8),
            "created_day": day,
            "solved_day": day + random.integers(0, 9, rows).astype(np.int32),
        },
    )


def same(one: Statistics, two: Statistics) -> bool:
    if isinstance(one, Cells) and isinstance(two, Cells):
        return (
            np.array_equal(one.day, two.day)
            and np.array_equal(one.agent, two.agent)
            and all(np.array_equal(one.sums[name], two.sums[name]) for name in one.sums)
        )
    if isinstance(one, Counts) and isinstance(two, Counts):
        pairs = [
            (getattr(one, f), getattr(two, f)) for f in ("day", "agent", "value", "observed", "censored")
        ]
        return all(np.array_equal(a, b) for a, b in pairs)
    return False


@pytest.mark.parametrize("measure", MEASURES, ids=repr)
@given(seed=st.integers(0, 10_000), rows=st.integers(1, 300), parts=st.integers(1, 5))
@settings(max_examples=12, deadline=None)
def test_parts_add_up_to_the_whole(measure: Measure, seed: int, rows: int, parts: int) -> None:
    day, agent, columns = table(seed, rows)
    part = np.random.default_rng(seed + 1).integers(0, parts, rows)
    pieces: list[Statistics] = []
    for number in range(parts):
        mine = part == number
        pieces.append(measure.collect(day[mine], agent[mine], {name: c[mine] for name, c in columns.items()}))
    whole = measure.collect(day, agent, columns)
    forward, backward = pieces[0], pieces[-1]
    for piece in pieces[1:]:
        forward = forward + piece
    for piece in pieces[-2::-1]:
        backward = piece + backward
    assert same(forward, whole)
    assert same(backward, whole)
    assert measure.estimate(forward, exposure=PERIOD) == measure.estimate(whole, exposure=PERIOD)


def test_nothing_added_changes_nothing() -> None:
    day, agent, columns = table(1, 50)
    for measure in MEASURES:
        whole = measure.collect(day, agent, columns)
        nothing = Counts.empty() if isinstance(whole, Counts) else Cells.empty(list(whole.sums))
        assert same(whole + nothing, whole)


def test_contributions_sum_to_the_statistics() -> None:
    day, agent, columns = table(2, 200)
    for measure in MEASURES:
        given_by_row = measure.contributions(columns)
        whole = measure.collect(day, agent, columns)
        if isinstance(whole, Cells):
            assert {name: float(values.astype(float).sum()) for name, values in given_by_row.items()} == {
                name: whole.total(name) for name in whole.sums
            }
        else:
            assert isinstance(whole, Counts)
            counted = given_by_row["observed"].astype(int).sum() + given_by_row["censored"].astype(int).sum()
            assert whole.total == counted


def test_every_column_that_is_read_is_declared() -> None:
    day, agent, columns = table(3, 20)
    for measure in MEASURES:
        measure.collect(day, agent, {name: columns[name] for name in measure.reads()})


def test_a_stretch_of_days_can_be_selected() -> None:
    day, agent, columns = table(4, 300)
    for measure in MEASURES[:8]:
        whole = measure.collect(day, agent, columns)
        inside = (day >= 20005) & (day <= 20011)
        part = measure.collect(day[inside], agent[inside], {name: c[inside] for name, c in columns.items()})
        assert same(whole.select((20005, 20011)), part)


def test_different_sums_cannot_be_added() -> None:
    with pytest.raises(ValueError, match="cannot be added"):
        Cells.empty(["n"]) + Cells.empty(["n", "k"])


def test_keys_far_apart_are_still_told_apart() -> None:
    far = np.array([-(2**31), 2**31 - 1, 0, 0])
    counts = Counts.of_rows(far, far, far[[1, 0, 2, 2]], [1, 1, 1, 1])
    assert counts.observed.tolist() == [1, 2, 1]
    assert counts.day.tolist() == [-(2**31), 0, 2**31 - 1]
