"""Onsets on made series: days and kinds of rise, intervals that hold them, no rise without one."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from kpi.issues import Onset, Rise
from kpi.issues.onset import onset
from kpi.model import EPOCH
from kpi.words import issue_sentences as words

FIRST = (date(2026, 1, 1) - EPOCH).days
AT = 150
"""The day of every rise here."""


def series(
    days_of_rise: int, factor: float, seed: int, *, per_day: float = 36, persistent: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """300 days of contacts in the rhythm of a week, with a rise over so many days (1: at once)."""
    random = np.random.default_rng(seed)
    day = np.arange(300)
    rhythm = np.array([1.25, 1.12, 1.05, 1.0, 0.98, 0.62, 0.45])[day % 7]
    rise = 1 + (factor - 1) * np.clip((day - AT + 1) / days_of_rise, 0, 1)
    drift = np.zeros(day.size)
    noise = random.normal(size=day.size) * persistent
    drift[0] = noise[0]
    for place in range(1, day.size):
        drift[place] = 0.8 * drift[place - 1] + 0.6 * noise[place]
    totals = random.poisson(per_day * rhythm)
    return random.binomial(totals, 0.08 * rise * np.exp(drift)).astype(float), totals.astype(float)


def found(seeds: int, days_of_rise: int, factor: float, **how: float) -> list[Onset]:
    each = [onset(FIRST, *series(days_of_rise, factor, seed, **how)) for seed in range(seeds)]
    assert all(each)
    return [one for one in each if one is not None]


def place(day: date) -> int:
    return (day - EPOCH).days - FIRST


KINDS_OF_RISE: tuple[tuple[int, float, dict[str, float]], ...] = (
    (1, 1.4, {}),
    (1, 2.5, {"persistent": 0.15}),
    (28, 2.0, {"per_day": 200.0}),
    (60, 2.0, {"per_day": 200.0, "persistent": 0.15}),
    (120, 2.0, {"persistent": 0.15}),
    (120, 3.0, {}),
)
"""Days of the rise, factor, how: at once to four months, with and without days that resemble each other."""


@pytest.mark.parametrize("seeds", [4, pytest.param(100, marks=pytest.mark.full)])
def test_the_interval_holds_the_first_day_of_the_rise(seeds: int) -> None:
    """95 % is stated. Over all kinds nine in ten are asked for, of each kind alone three in four: a rise
    that looks like one of another kind pulls the interval its way."""
    inside = []
    for days_of_rise, factor, how in KINDS_OF_RISE:
        rises = found(seeds, days_of_rise, factor, **how)
        inside.append(sum(place(one.low) <= AT <= place(one.high) for one in rises))
        assert all(one.low <= one.day <= one.high for one in rises)
        assert all(one.until is None or one.until >= one.day for one in rises)
    assert min(inside) >= (2 if seeds == 4 else 75), inside
    assert sum(inside) >= 0.88 * seeds * len(KINDS_OF_RISE), inside


def test_a_large_step_is_dated_within_a_week_and_called_a_jump() -> None:
    rises = found(12, 1, 2.5)
    assert sum(abs(place(one.day) - AT) <= 7 for one in rises) >= 11
    assert sum(one.kind is Rise.STEP_BY_STEP for one in rises) <= 1
    assert "It jumped (at once or within four weeks), most likely from" in words.onset_sentence(
        next(one for one in rises if one.kind is Rise.AT_ONCE)
    )


def test_a_long_rise_is_told_as_one_with_its_end() -> None:
    rises = found(8, 90, 3.0, per_day=200.0)
    assert sum(one.kind is Rise.STEP_BY_STEP for one in rises) >= 7
    assert not any(one.kind is Rise.AT_ONCE for one in rises)
    ends = [place(one.until) for one in rises if one.until is not None]
    assert abs(float(np.median(ends)) - (AT + 89)) <= 15
    assert "step by step from about" in words.onset_sentence(rises[0])


def test_a_rise_that_still_goes_on_has_no_end() -> None:
    hits, totals = series(150, 3.0, 1, per_day=300.0)
    still = onset(FIRST, hits[:260], totals[:260])
    assert still is not None
    assert still.kind is Rise.STEP_BY_STEP
    assert still.until is None
    assert "and still does" in words.onset_sentence(still)


@pytest.mark.parametrize(
    ("hits", "totals"),
    [
        (np.zeros(100), np.full(100, 30.0)),
        (np.full(100, 3.0), np.zeros(100)),
        (np.ones(10), np.full(10, 5.0)),
        (np.zeros(0), np.zeros(0)),
        (np.linspace(20, 1, 100).round(), np.full(100, 40.0)),
        (np.full(60, 5.0), np.full(60, 5.0)),
    ],
    ids=["no hits", "no contacts", "ten days", "nothing", "it falls", "every contact"],
)
def test_without_a_rise_there_is_no_onset_or_a_tiny_one(hits: np.ndarray, totals: np.ndarray) -> None:
    tiny = onset(FIRST, hits, totals)
    assert tiny is None or (tiny.low <= tiny.day <= tiny.high and 0 <= tiny.before <= tiny.after <= 1)


def test_days_without_contacts_and_a_perfect_fit_have_a_defined_answer() -> None:
    hits, totals = series(1, 2.5, 3)
    totals[::3], hits[::3] = 0, 0
    gaps = onset(FIRST, hits, totals)
    assert gaps is not None
    assert abs(place(gaps.day) - AT) <= 20
    exact = onset(FIRST, np.where(np.arange(80) >= 40, 8.0, 2.0), np.full(80, 20.0))
    assert exact is None or abs(place(exact.day) - 40) <= 1
