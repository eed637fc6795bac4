"""Onsets on made series: a step within days, a ramp within its range, no rise without one."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from kpi.issues.onset import onset
from kpi.model import EPOCH

FIRST = (date(2026, 1, 1) - EPOCH).days


def series(rise: np.ndarray, seed: int, base: float = 0.08) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    totals = random.poisson(40, rise.size).astype(float)
    return random.binomial(totals.astype(int), base * rise).astype(float), totals


def test_steps_are_dated_and_their_range_holds_them() -> None:
    at, inside, near = 150, 0, 0
    for seed in range(20):
        found = onset(FIRST, *series(np.where(np.arange(240) >= at, 2.5, 1.0), seed))
        assert found is not None
        inside += (found.low - EPOCH).days - FIRST <= at <= (found.high - EPOCH).days - FIRST
        near += abs((found.day - EPOCH).days - FIRST - at) <= 7
        assert found.low <= found.day <= found.high
    assert inside >= 17
    assert near >= 18


def test_ramps_are_found_gradual_and_their_start_lies_in_the_range() -> None:
    start, inside, gradual = 80, 0, 0
    shape = 1 + 3 * np.clip((np.arange(300) - start) / 140, 0, 1)
    for seed in range(12):
        found = onset(FIRST, *series(shape, seed))
        assert found is not None
        inside += (found.earliest - EPOCH).days - FIRST <= start <= (found.high - EPOCH).days - FIRST
        gradual += found.gradual
    assert gradual >= 10
    assert inside >= 10


@pytest.mark.parametrize(
    ("hits", "totals"),
    [
        (np.zeros(100), np.full(100, 30.0)),
        (np.full(100, 3.0), np.zeros(100)),
        (np.ones(10), np.full(10, 5.0)),
        (np.zeros(0), np.zeros(0)),
        (np.linspace(20, 1, 100).round(), np.full(100, 40.0)),
    ],
    ids=["no hits", "no contacts", "ten days", "nothing", "it falls"],
)
def test_without_a_rise_there_is_no_onset_or_a_tiny_one(hits: np.ndarray, totals: np.ndarray) -> None:
    found = onset(FIRST, hits, totals)
    assert found is None or found.after - found.before < 0.02 or found.low <= found.day <= found.high


def test_every_contact_about_it() -> None:
    found = onset(FIRST, np.full(60, 5.0), np.full(60, 5.0))
    assert found is None or 0 <= found.before <= found.after <= 1
