"""Seeded simulations: how often charts, funnels and parts are wrong when the truth is known.

Bands are the claims of the documentation with room for the Monte-Carlo error of these few rounds.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import lfilter

from kpi.stats import (
    NELSON,
    NHS_MDC,
    WESTERN_ELECTRIC,
    expected_false_signals,
    funnel,
    kitagawa,
    overdispersion,
    run_length,
    shift_rule,
    signals,
    xmr,
)
from kpi.stats.control_rules import LIMITS, RECOMMENDED, Rule

AFTER = 100


def autoregressive(rng: np.random.Generator, rounds: int, points: int, phi: float) -> np.ndarray:
    """[rounds, points], stationary, standard deviation 1."""
    noise = rng.standard_normal((rounds, points + 200)) * np.sqrt(1 - phi**2)
    return np.asarray(lfilter([1.0], [1.0, -phi], noise, axis=1)[:, 200:])


def flagged_per_hundred(
    series: np.ndarray, baseline: int, rules: tuple[Rule, ...], *, persistent: bool
) -> float:
    """Points flagged by any of the rules per 100 points after the baseline, on average over the rounds."""
    count = 0
    for values in series:
        found = signals(xmr(values, baseline=slice(0, baseline), persistent=persistent), rules)
        count += int(np.any(list(found.flags.values()), axis=0)[baseline:].sum())
    return count / len(series) * 100 / AFTER


def test_rule_1_on_independent_points() -> None:
    """.8 points in 100 with limits from 30 (known limits: .27), as the page says."""
    series = autoregressive(np.random.default_rng(1), 1500, 30 + AFTER, 0.0)
    assert flagged_per_hundred(series, 30, (LIMITS,), persistent=False) == pytest.approx(0.9, abs=0.25)
    assert flagged_per_hundred(series, 30, (LIMITS,), persistent=True) < 0.8


@pytest.mark.parametrize(("rules", "expected"), [(NHS_MDC, 3.5), (WESTERN_ELECTRIC, 3.3), (NELSON, 3.9)])
def test_big_sets_of_rules_cry_wolf_more_often(rules: tuple[Rule, ...], expected: float) -> None:
    series = autoregressive(np.random.default_rng(2), 250, 30 + AFTER, 0.0)
    assert flagged_per_hundred(series, 30, rules, persistent=False) == pytest.approx(expected, abs=1.2)


@pytest.mark.parametrize(("phi", "most"), [(0.5, 0.6), (0.7, 1.0)])
def test_persistent_points(phi: float, most: float) -> None:
    """Limits from 60 points that resemble their neighbours: plain ones flag 5 to 13 in 100."""
    series = autoregressive(np.random.default_rng(7), 1500, 60 + AFTER, phi)
    assert flagged_per_hundred(series[:200], 60, (LIMITS,), persistent=False) > 3.5
    assert flagged_per_hundred(series, 60, (LIMITS,), persistent=True) <= most + 0.1


@pytest.mark.parametrize("phi", [0.5, 0.7])
def test_weekly_points_of_persistent_days(phi: float) -> None:
    days = autoregressive(np.random.default_rng(8), 700, (60 + AFTER) * 7, phi)
    weeks = days.reshape(700, 60 + AFTER, 7).mean(axis=2)
    assert flagged_per_hundred(weeks, 60, (LIMITS,), persistent=True) <= 0.6


@pytest.mark.parametrize(("phi", "baseline"), [(0.0, 26), (0.0, 60), (0.5, 26), (0.5, 60), (0.7, 60)])
def test_the_expected_number_of_false_signals_is_what_happens(phi: float, baseline: int) -> None:
    series = autoregressive(np.random.default_rng(3), 500, baseline + AFTER, phi)
    found = flagged_per_hundred(series, baseline, RECOMMENDED, persistent=True)
    # Runs across the end of the baseline are in the count: eight points more in which one can complete.
    said = expected_false_signals(AFTER + 7, baseline, persistence=phi) * 100 / AFTER
    assert found == pytest.approx(said, rel=0.25, abs=0.35)


@pytest.mark.parametrize("phi", [0.3, 0.5, 0.7])
def test_the_longer_run_is_as_rare_as_eight_independent_points(phi: float) -> None:
    series = autoregressive(np.random.default_rng(4), 400, 52 + AFTER, phi)
    longer = shift_rule(run_length(phi, 52))
    assert flagged_per_hundred(series, 52, (longer,), persistent=True) < 1.6


@pytest.mark.parametrize("spread", [0.2, 0.3, 0.4])
def test_funnel_false_outliers(spread: float) -> None:
    """50 segments that differ (logit sd .2-.4) without outliers: a false one in at most 24 % of charts.

    Without the correction of φ it is about one chart in two.
    """
    rng = np.random.default_rng(5)
    corrected = plain = 0
    rounds = 1000
    for _ in range(rounds):
        totals = rng.integers(40, 600, 50)
        truth = 1 / (1 + np.exp(-(1.7 + spread * rng.standard_normal(50))))
        chart = funnel(rng.binomial(totals, truth), totals)
        corrected += bool(chart.flags.any())
        # The uncorrected τ² by the same formula, from the winsorised φ as published.
        weight = 4 * totals + 2.0
        spare = weight.sum() - (weight**2).sum() / weight.sum()
        tau2 = max(0.0, (50 * chart.phi_uncorrected - 49) / spare)
        plain += bool((np.abs(chart.z) / np.sqrt(1 + weight * tau2) > 3.0902).any())
    assert corrected / rounds <= 0.24
    assert plain / rounds > 0.4


def test_funnel_finds_the_outlier() -> None:
    rng = np.random.default_rng(6)
    hits = 0
    for _ in range(200):
        totals = np.full(50, 300)
        truth = 1 / (1 + np.exp(-(1.7 + 0.2 * rng.standard_normal(50))))
        truth[0] = 1 / (1 + np.exp(-0.4))
        hits += bool(funnel(rng.binomial(totals, truth), totals).flags[0])
    assert hits / 200 > 0.85


@pytest.mark.parametrize("count", [10, 20, 50, 200])
def test_the_correction_of_phi_is_unbiased(count: int) -> None:
    rng = np.random.default_rng(9)
    found = np.array([overdispersion(rng.standard_normal(count)) for _ in range(3000)])
    assert found[:, 1].mean() == pytest.approx(1, abs=0.03)
    assert found[:, 0].mean() < 0.75


def test_kitagawa_intervals_cover() -> None:
    """Total, mix and performance at 95 %, shares and rates both sampled, one segment vanished and one new."""
    rng = np.random.default_rng(10)
    share1, share2 = np.array([0.5, 0.3, 0.1, 0.1, 0.0]), np.array([0.35, 0.35, 0.2, 0.0, 0.1])
    rate1, rate2 = np.array([0.9, 0.8, 0.6, 0.7, 0.0]), np.array([0.88, 0.8, 0.65, 0.0, 0.75])
    for centred in (False, True):
        truth = kitagawa(share1, rate1, share2, rate2, centred=centred)
        inside = np.zeros(4)
        each = np.zeros((3, 5))
        rounds = 1500
        for _ in range(rounds):
            n1, n2 = rng.multinomial(800, share1), rng.multinomial(700, share2)
            p1, p2 = rng.binomial(n1, rate1) / np.maximum(n1, 1), rng.binomial(n2, rate2) / np.maximum(n2, 1)
            found = kitagawa(
                n1 / 800,
                p1,
                n2 / 700,
                p2,
                v1=p1 * (1 - p1) / np.maximum(n1 - 1, 1),
                v2=p2 * (1 - p2) / np.maximum(n2 - 1, 1),
                n1=800,
                n2=700,
                centred=centred,
            )
            for place, name in enumerate(("total", "mix", "performance", "new_and_vanished")):
                part = getattr(found, name)
                inside[place] += part.low <= getattr(truth, name).value <= part.high
            for place, name in enumerate(("mix", "performance", "new_and_vanished")):
                off = getattr(found, f"{name}_terms") - getattr(truth, f"{name}_terms")
                each[place] += np.abs(off) <= 1.96 * getattr(found, f"{name}_se") + 1e-15
        assert (inside / rounds >= 0.935).all(), inside / rounds
        assert (inside / rounds <= 0.975).all(), inside / rounds
        assert (each / rounds >= 0.92).all(), each / rounds
