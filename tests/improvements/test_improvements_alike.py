"""Levels with the mix of cases made alike: against ordinary least squares, what is joined and what is not."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.improvements.contrasts import compared, grouped
from kpi.improvements.making_alike import made_alike, quasi_variances
from kpi.measures import Cells, Share


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_levels_are_those_of_least_squares_on_value_and_kind(seed: int) -> None:
    random = np.random.default_rng(seed)
    value, stratum = (each.ravel() for each in np.meshgrid(np.arange(4), np.arange(3)))
    n = random.integers(5, 200, 12).astype(np.float64)
    mean = random.normal(0, 1, 12)
    kept, own, peers = made_alike(n, value, stratum, 4)
    assert kept == (0, 1, 2, 3)
    assert len(set(peers.tolist())) == 1
    dummies = np.column_stack(
        [value == at for at in range(4)] + [stratum == at for at in range(1, 3)]
    ).astype(np.float64)
    fitted = sm.WLS(mean, dummies, weights=n).fit().params[:4]
    levels = own @ mean
    assert levels - levels.mean() == pytest.approx(fitted - fitted.mean(), abs=1e-8)


def test_a_value_that_makes_up_most_of_its_kind_keeps_its_gap() -> None:
    """Disputes come by mail, which has little else: what mail gets on average is theirs, and no excuse."""
    n = np.array([900.0, 100.0, 100.0, 100.0, 800.0, 800.0])
    value, stratum = np.array([0, 1, 2, 0, 1, 2]), np.array([0, 0, 0, 1, 1, 1])
    mean = np.array([0.4, 0.7, 0.7, 0.6, 0.9, 0.9])  # disputes −0.3, mail −0.2
    _, own, _ = made_alike(n, value, stratum, 3)
    levels = own @ mean
    assert levels - levels[1] == pytest.approx([-0.3, 0.0, 0.0], abs=1e-9)


def test_teams_of_two_channels_are_peers_within_their_channel_only() -> None:
    def cells(k: int) -> Cells:
        return Cells.of_rows([0, 1], [0, 1], {"n": [50, 50], "k": [k // 2, k - k // 2]})

    found = [
        ("chat a", ("chat",), cells(90)),
        ("chat b", ("chat",), cells(70)),
        ("mail a", ("email",), cells(50)),
        ("mail b", ("email",), cells(40)),
        ("phone", ("phone",), cells(60)),
    ]
    made = compared(grouped(Share("k", "n"), found, tuple(name for name, _, _ in found)))
    assert made is not None
    assert made.groups.names == ("chat a", "chat b", "mail a", "mail b")
    assert made.gap == pytest.approx([-0.2, 0.2, -0.1, 0.1])


def test_rows_of_no_compared_value_tell_the_kinds_apart_and_are_no_peers() -> None:
    n, value, stratum = np.full(4, 100.0), np.array([0, 1, -1, -1]), np.array([0, 1, 0, 1])
    kept, own, peers = made_alike(n, value, stratum, 2)
    assert kept == (0, 1)
    assert peers[0] == peers[1]
    levels = own @ np.array([0.9, 0.5, 0.8, 0.4])  # the second kind is 0.4 lower for the rest
    assert levels[0] - levels[1] == pytest.approx(0.0, abs=1e-9)


def test_quasi_variances_give_the_variances_of_differences() -> None:
    assert quasi_variances(np.array([[0.25, -0.25], [-0.25, 0.25]]), np.zeros(2, np.int64)).tolist() == [
        0.5,
        0.5,
    ]
    centre = np.eye(3) - 1 / 3
    covariance = centre @ np.diag([1.0, 2.0, 4.0]) @ centre.T
    assert quasi_variances(covariance, np.zeros(3, np.int64)) == pytest.approx([1.0, 2.0, 4.0])
    apart = quasi_variances(np.diag([1.0, 2.0, 3.0, 4.0]), np.array([0, 0, 1, 1]))
    assert apart == pytest.approx([1.5, 1.5, 3.5, 3.5])
