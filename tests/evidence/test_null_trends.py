"""Trends of stretches in which nothing was planted: slopes, steps at random dates, and the search for steps.

At a confidence of 95 % at most 5 % of the slopes, of the steps at random dates, and of the searches may say
that something changed. Shares are of single trends: a page shows one metric at a time.
"""

from __future__ import annotations

import numpy as np
import pytest
from null_stretches import LOUD, NOMINAL, Seen, looked_at, steady_metrics, untouched, windows

from kpi.facts import Facts
from kpi.trend import trend
from kpi.words import trend_findings, trend_title


def test_the_stretches_hold_no_planted_truth() -> None:
    drawn = list(windows(np.random.default_rng(1), 100, (91, 182)))
    assert len(drawn) == 100
    assert all(untouched(window.start, window.end) for window in drawn)


def test_random_stretches_show_nothing(sample: Facts) -> None:
    seen = looked_at(sample, 0, 8, 2, (91, 112))
    assert seen.slopes >= 10
    assert seen.dates >= 10
    assert seen.loud_slopes <= 1, seen
    assert seen.loud_dates <= 1, seen
    assert seen.with_steps <= 2, seen


def test_a_constant_process_is_said_to_be_calm(sample: Facts) -> None:
    """Where slope and search say nothing, so do the title and the sentences."""
    random = np.random.default_rng(7)
    keys = [key for key in steady_metrics(sample) if key in ("csat", "frt", "fcr", "abandonment")]
    calm = 0
    for window, key in zip(windows(random, len(keys), (112,)), keys, strict=True):
        found = trend(sample, key, period=window)
        if found.refused is None and not found.change_points and found.slope.verdict not in LOUD:
            calm += 1
            said = " ".join([trend_title(found), *trend_findings(found)])
            assert any(phrase in said.casefold() for phrase in ("no evidence", "no clear", "nothing")), said
            for word in (" better", " worse", " rose ", " fell "):
                assert word not in trend_title(found), trend_title(found)
    assert calm >= len(keys) - 1


@pytest.mark.full
def test_200_stretches_show_no_more_than_chance(sample: Facts) -> None:
    """Two metrics in each; 5 % and two standard errors of so many trends of one desk."""
    seen: Seen = looked_at(sample, 1, 200, 2)
    print(seen)
    assert seen.slopes >= 300
    for loud, small, number in (
        (seen.loud_slopes, seen.small_slopes, seen.slopes),
        (seen.loud_dates, seen.small_dates, seen.dates),
        (seen.with_steps, seen.with_steps, seen.scans),
    ):
        assert loud <= NOMINAL * number, seen
        assert small <= (NOMINAL + 2 * (NOMINAL * (1 - NOMINAL) / number) ** 0.5) * number, seen
