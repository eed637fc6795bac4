"""Verdicts of actions: a planted step lies in its interval, and what did nothing is hardly ever a success.

Whatever the size of the step, the same noise gives the same interval moved by that size (a test below), so
200 runs without a step say both how often a null plan is called something and how often a step is covered.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from noisy_days import FIRST, noise, series
from scipy.stats import binom

from kpi.actions.nouns import Effect
from kpi.actions.stepping import Refusal, gap_between, step_at
from kpi.stats import daily_contrast

RUNS, DAYS, AT = 200, 112, 70
DAY = FIRST + timedelta(days=AT)
AFTER = np.arange(DAYS) >= AT
MOST = int(binom.ppf(0.999, RUNS, 0.05))
"""More than this of 200 happen less than once in a thousand times when each has a chance of 5 %."""


def alone(seed: int, size: float = 0.0) -> Effect:
    effect = step_at(series(noise(seed, DAYS) + size * AFTER), DAY, 0.95)
    assert isinstance(effect, Effect)
    return effect


def against(seed: int, size: float = 0.0) -> Effect:
    """Both segments share a wave that a control takes out."""
    wave = noise(seed + 10_000, DAYS, 0.9, 0.9)
    one = series(noise(seed + 20_000, DAYS) + wave + size * AFTER)
    other = series(noise(seed + 30_000, DAYS) + wave)
    effect = step_at(gap_between(one, other), DAY, 0.95, gap=True)
    assert isinstance(effect, Effect)
    return effect


@pytest.mark.parametrize("judge", [alone, against])
def test_null_plans_are_hardly_ever_a_success_and_planted_steps_are_covered(judge) -> None:  # type: ignore[no-untyped-def]
    effects = [judge(seed) for seed in range(RUNS)]
    successes = sum(effect.p < 0.05 and effect.value > 0 for effect in effects)
    uncovered = sum(not effect.low <= 0.0 <= effect.high for effect in effects)
    assert successes <= 0.05 * RUNS
    assert uncovered <= MOST
    assert np.mean([effect.value for effect in effects]) == pytest.approx(0.0, abs=0.1)


@pytest.mark.parametrize("judge", [alone, against])
def test_a_planted_step_moves_estimate_and_interval_by_its_size(judge) -> None:  # type: ignore[no-untyped-def]
    for seed in range(3):
        null, planted = judge(seed), judge(seed, 6.0)
        for name in ("value", "low", "high"):
            assert getattr(planted, name) - getattr(null, name) == pytest.approx(6.0, abs=1e-6)
        assert planted.p < 0.01


def test_a_wave_that_moves_both_segments_is_taken_out_by_the_control() -> None:
    seed = 3
    jump = 3.0 * AFTER
    one, other = series(noise(seed, DAYS) + jump), series(noise(seed + 1, DAYS) + jump)
    by_itself, gap = step_at(one, DAY, 0.95), step_at(gap_between(one, other), DAY, 0.95, gap=True)
    assert isinstance(by_itself, Effect)
    assert isinstance(gap, Effect)
    assert by_itself.p < 0.01
    assert gap.low < 0 < gap.high


def test_a_rise_that_had_begun_before_is_no_step() -> None:
    days = np.arange(DAYS) / 7
    effect = step_at(series(noise(5, DAYS, 0.0, 0.0) + 0.8 * days), DAY, 0.95)
    assert isinstance(effect, Effect)
    assert effect.drift
    assert effect.low < 0 < effect.high
    assert "straight line beside it" in effect.method


@pytest.mark.parametrize("seed", [5010, 5032])
def test_a_line_through_a_quiet_year_makes_no_step_where_it_ends(seed: int) -> None:
    """Noise that seems to drift before the action: drawn on, its line leaves a step with p < 0.05."""
    long, at = 364, 252
    quiet = series(noise(seed, long, 0.7, 0.8))
    line = np.arange(long) / long
    after = (np.arange(long) >= at).astype(np.float64)
    along = daily_contrast(quiet.value, after, quiet.weekday, beside=line[:, None])
    assert along.p is not None
    assert along.p < 0.05
    effect = step_at(quiet, FIRST + timedelta(days=at), 0.95)
    assert isinstance(effect, Effect)
    assert effect.p > 0.3
    assert effect.low < 0 < effect.high
    assert "straight line" not in effect.method


def test_a_step_of_logs_is_a_share_of_the_level_before() -> None:
    values = noise(2, DAYS) * 0.05 + np.log(30.0) + np.log(0.5) * AFTER
    effect = step_at(series(values, log=True), DAY, 0.95, typical=30.0)
    assert isinstance(effect, Effect)
    assert effect.relative_low is not None
    assert effect.relative_low < -0.5 < effect.relative_high
    assert effect.value == pytest.approx(30.0 * effect.relative)
    assert effect.low < -15 < effect.high


@pytest.mark.parametrize(
    ("missing", "early", "words"),
    [
        (slice(0, 60), False, "only 10 days have a value before it: at least 28"),
        (slice(0, 70), False, "no day has a value before it"),
        (slice(71, 112), True, "only 1 day has a value since it: at least 14"),
        (slice(70, 112), True, "no day has a value since it"),
        (slice(0, 40), True, ""),
        (slice(0, 112), False, "no day has a value before it"),
    ],
)
def test_too_few_days_are_refused_with_their_number(missing: slice, early: bool, words: str) -> None:
    values = noise(1, DAYS)
    values[missing] = np.nan
    if missing == slice(0, 40):
        values[90:] = np.nan
    answer = step_at(series(values), DAY, 0.95)
    assert isinstance(answer, Refusal)
    assert answer.early is early
    assert words in answer.reason
    assert not early or answer.missing > 0


def test_days_that_never_vary_are_refused() -> None:
    answer = step_at(series(np.full(DAYS, 0.8)), DAY, 0.95)
    assert isinstance(answer, Refusal)
    assert "nothing varies" in answer.reason


def test_a_series_that_is_exact_but_for_the_step_is_refused() -> None:
    answer = step_at(series(0.5 + 0.1 * AFTER), DAY, 0.95)
    assert isinstance(answer, Refusal)
