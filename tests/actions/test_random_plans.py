"""Verdicts on the sample's own days: planted steps lie in their interval, null plans are hardly ever a
success."""

from __future__ import annotations

import pytest
from random_plans import plan
from scipy.stats import binom

from kpi.actions import Outcome
from kpi.facts import Facts

RUNS = [12, pytest.param(400, marks=pytest.mark.full)]
JUDGED = (Outcome.HELPED, Outcome.MADE_WORSE, Outcome.TOO_SMALL, Outcome.CANNOT_TELL)


@pytest.mark.parametrize("runs", RUNS)
@pytest.mark.parametrize("control", [False, True])
def test_null_plans_are_called_a_success_at_most_as_stated(sample: Facts, runs: int, control: bool) -> None:
    found = [plan(sample, seed, control=control).found for seed in range(runs)]
    assert all(one.outcome in JUDGED for one in found)
    helped = sum(one.outcome is Outcome.HELPED for one in found)
    worse = sum(one.outcome is Outcome.MADE_WORSE for one in found)
    assert helped <= int(binom.isf(0.001, runs, 0.025))
    assert helped + worse <= int(binom.isf(0.001, runs, 0.05))


@pytest.mark.parametrize("runs", RUNS)
@pytest.mark.parametrize("control", [False, True])
def test_planted_steps_lie_in_their_interval(sample: Facts, runs: int, control: bool) -> None:
    plans = [plan(sample, 10_000 + seed, control=control, fall=0.15) for seed in range(runs)]
    effects = [(one.found.effect, one.planted) for one in plans]
    covered = sum(e is not None and e.low <= planted <= e.high for e, planted in effects)
    called = sum(one.found.outcome is Outcome.MADE_WORSE for one in plans)
    helped = sum(one.found.outcome is Outcome.HELPED for one in plans)
    assert all(-0.16 < planted < -0.08 for _, planted in effects)
    assert runs - covered <= int(binom.isf(0.001, runs, 0.05))
    assert called > 0.3 * runs
    assert helped <= int(binom.isf(0.001, runs, 0.001))
