"""The daily engine against reference computations, dense algebra, and its own promises."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import linalg, special

from kpi.stats import Contrast, daily_contrast, daily_contrasts, daily_mean, project, scan_steps
from kpi.stats.day_noise import WEEKLY_PERSISTENCE, grid, spread_of_sum, whitened

CASES = Path(__file__).resolve().parents[3] / "shared" / "cases" / "stat_cases.json"


def correlation(day: np.ndarray, point: int) -> np.ndarray:
    """The correlation matrix of one point of the grid, written out."""
    points = grid()
    apart = np.abs(day[:, None] - day[None, :])
    phi, share, weekly = points.persistence[point], points.persistent[point], points.weekly[point]
    matrix = share * np.where(apart > 0, phi**apart, 1.0)
    matrix += np.where(apart % 7 == 0, weekly * WEEKLY_PERSISTENCE ** (apart / 7), 0.0)
    return matrix + (1 - share - weekly) * np.eye(day.size)


def dense(
    day: np.ndarray, value: np.ndarray, design: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Coefficients [g, k], their covariance [g, k, k], weights [g], df, by matrix inversion."""
    n, k = design.shape
    coefficients, covariances, logs = [], [], []
    for point in range(grid().size):
        matrix = correlation(day, point)
        inverse = linalg.inv(matrix)
        inner = design.T @ inverse @ design
        beta = linalg.solve(inner, design.T @ inverse @ value)
        rest = value - design @ beta
        squares = float(rest @ inverse @ rest)
        logs.append(
            np.log(grid().prior[point])
            - 0.5 * ((n - k) * np.log(squares) + np.linalg.slogdet(inner)[1] + np.linalg.slogdet(matrix)[1])
        )
        coefficients.append(beta)
        covariances.append(linalg.inv(inner) * squares / (n - k))
    weight = np.exp(np.array(logs) - max(logs))
    return np.array(coefficients), np.array(covariances), weight / weight.sum(), float(n - k)


def design_of(day: np.ndarray, column: np.ndarray) -> np.ndarray:
    weekday = day % 7
    return np.column_stack(
        [np.ones(day.size), column] + [(weekday == each).astype(float) for each in range(1, 7)]
    )


@pytest.fixture(scope="module")
def gappy() -> tuple[np.ndarray, np.ndarray]:
    """70 of 90 days, with a run of missing days, and their values."""
    rng = np.random.default_rng(11)
    day = np.sort(rng.choice(np.setdiff1d(np.arange(90), np.arange(40, 52)), 70, replace=False))
    noise = np.cumsum(rng.normal(0, 0.4, 90))[day] + rng.normal(0, 1, 70)
    return day, 80 + noise + (day % 7 == 5) * 2.0


# ---------------------------------------------------------------- reference computations


@pytest.mark.shared
@pytest.mark.parametrize("case_id", ["sngls_1", "sngls_2", "sngls_4", "sngls_6", "sngls_7"])
def test_worked_numbers(case_id: str) -> None:
    # Source: worked numbers of the method, made independently of this code.
    if not CASES.is_file():
        pytest.skip("the worked numbers lie in ../shared/cases, which is not here")
    case: dict[str, Any] = next(c for c in json.loads(CASES.read_text()) if c["id"] == case_id)
    given_, expected = case["inputs"], case["expected"]
    y = np.array(given_["y"])
    t = np.arange(y.size)
    column = (t - t.mean()) / y.size if given_["contrast"] == "trend" else t >= given_["step_from"]
    found = daily_contrast(y, column, (t + given_["first_weekday"]) % 7)
    assert found.p == pytest.approx(expected["p"], rel=1e-6)
    assert found.estimate == pytest.approx(expected["estimate"], abs=1e-9)
    assert (found.low, found.high) == pytest.approx(tuple(expected["ci"]), abs=1e-9)


def test_innovations_are_those_of_the_dense_correlation(gappy: tuple[np.ndarray, np.ndarray]) -> None:
    day, value = gappy
    columns = np.column_stack([value, day.astype(float)])
    white, log_determinant = whitened(day.astype(np.int64), columns)
    for point in (0, 3, 20, 77, 120, 157):
        lower = linalg.cholesky(correlation(day, point), lower=True)
        assert white[point] == pytest.approx(linalg.solve_triangular(lower, columns, lower=True), abs=1e-8)
        assert log_determinant[point] == pytest.approx(2 * np.log(np.diag(lower)).sum(), abs=1e-8)


def test_innovations_are_the_same_however_many_go_together(gappy: tuple[np.ndarray, np.ndarray]) -> None:
    """Many columns leave out the states that stay at 0; few points, or own columns, change nothing."""
    day, value = gappy
    number = day.astype(np.int64)
    many = np.column_stack([np.roll(value, shift) for shift in range(12)])
    white, log_determinant = whitened(number, many)
    for column in (0, 5, 11):
        alone, _ = whitened(number, many[:, column : column + 1])
        assert np.array_equal(white[:, :, column : column + 1], alone)
    chosen = np.array([0, 3, 20, 77, 120, 157])
    some, its_determinant = whitened(number, many, chosen)
    assert np.array_equal(some, white[chosen])
    assert np.array_equal(its_determinant, log_determinant[chosen])
    each, _ = whitened(number, np.repeat(many[:, None, :], grid().size, axis=1))
    assert np.array_equal(each, white)


@pytest.mark.parametrize("kind", ["trend", "step"])
def test_contrast_with_gaps_equals_dense_algebra(gappy: tuple[np.ndarray, np.ndarray], kind: str) -> None:
    day, value = gappy
    column = (day - day.mean()) / 90 if kind == "trend" else (day >= 60).astype(float)
    coefficients, covariances, weight, df = dense(day, value, design_of(day, column))
    found = daily_contrast(value, column, day % 7, day=day)
    assert found.estimate == pytest.approx(weight @ coefficients[:, 1], abs=1e-9)
    scale = np.sqrt(covariances[:, 1, 1])
    below = weight @ special.stdtr(df, -coefficients[:, 1] / scale)
    assert found.p == pytest.approx(2 * min(below, 1 - below), rel=1e-7)
    for bound, tail in ((found.low, 0.025), (found.high, 0.975)):
        assert weight @ special.stdtr(df, (bound - coefficients[:, 1]) / scale) == pytest.approx(
            tail, abs=1e-7
        )


def test_missing_values_are_days_left_out(gappy: tuple[np.ndarray, np.ndarray]) -> None:
    day, value = gappy
    full = np.full(90, np.nan)
    full[day] = value
    t = np.arange(90)
    assert daily_contrast(full, t >= 60, t % 7) == daily_contrast(value, day >= 60, day % 7, day=day)


def test_projection_equals_dense_conditional_distribution(gappy: tuple[np.ndarray, np.ndarray]) -> None:
    day, value = gappy
    ahead, within = 9, day >= 75
    future = day[-1] + 1 + np.arange(ahead)
    found = project(value, day % 7, within, ahead, day=day)
    assert found.known is not None
    design = np.delete(design_of(day, np.zeros(day.size)), 1, axis=1)
    coming = np.delete(design_of(future, np.zeros(ahead)), 1, axis=1)
    coefficients, covariances, _, _ = dense(day, value, design)
    total = int(within.sum()) + ahead
    share = np.full(ahead, 1 / total)
    both = np.concatenate([day, future])
    for point in (0, 40, 130):
        matrix = correlation(both, point)
        n = day.size
        inverse = linalg.inv(matrix[:n, :n])
        across = matrix[n:, :n] @ inverse
        rest = value - design @ coefficients[point]
        mean = value[within].sum() / total + share @ (coming @ coefficients[point] + across @ rest)
        squares = float(rest @ inverse @ rest) / (n - design.shape[1])
        gap = share @ (coming - across @ design)
        spread = squares * share @ (matrix[n:, n:] - across @ matrix[:n, n:]) @ share
        spread += gap @ covariances[point] @ gap
        assert found.known.centre[point] == pytest.approx(mean, abs=1e-8)
        assert found.known.scale[point] ** 2 == pytest.approx(spread, rel=1e-6)


def test_spread_of_a_sum_equals_the_quadratic_form() -> None:
    rng = np.random.default_rng(5)
    day = np.array([0, 1, 2, 5, 7, 8, 14, 30, 31, 400])
    share = rng.normal(size=day.size)
    found = spread_of_sum(day, share)
    for point in (0, 1, 33, 90, 157):
        assert found[point] == pytest.approx(share @ correlation(day, point) @ share, rel=1e-9, abs=1e-12)


def test_many_series_at_once_are_each_alone() -> None:
    rng = np.random.default_rng(6)
    table = rng.normal(0, 1, (84, 3)) + np.arange(3) * 100
    t = np.arange(84)
    alone = [daily_contrast(table[:, place], t >= 60, t % 7) for place in range(3)]
    for one, other in zip(daily_contrasts(table, t >= 60, t % 7), alone, strict=True):
        assert one.p == pytest.approx(other.p, rel=1e-9)
        assert (one.low, one.estimate, one.high) == pytest.approx((other.low, other.estimate, other.high))


# ---------------------------------------------------------------- promises

series_of_days = st.lists(
    st.floats(-1e3, 1e3, allow_nan=False).map(lambda x: round(x, 3)) | st.just(float("nan")),
    min_size=0,
    max_size=70,
)


def holds(answer: Contrast, level: float = 0.95) -> None:
    if answer.estimate is None:
        assert answer.reason
        assert (answer.low, answer.high, answer.p) == (None, None, None)
        return
    assert np.isfinite(answer.estimate)
    if answer.low is None or answer.high is None:
        assert answer.reason
        assert answer.p is None
        return
    assert answer.low <= answer.estimate <= answer.high
    assert np.isfinite([answer.low, answer.high]).all()
    if answer.p is not None:
        assert 0 < answer.p <= 1
        outside = answer.low > 0 or answer.high < 0
        if abs(answer.p - (1 - level)) > 1e-6:
            assert outside == (answer.p < 1 - level)


@settings(max_examples=60, deadline=None)
@given(values=series_of_days, start=st.integers(0, 60), level=st.sampled_from([0.8, 0.95, 0.99]))
def test_any_series_has_an_answer_or_a_reason(values: list[float], start: int, level: float) -> None:
    t = np.arange(len(values))
    holds(daily_contrast(values, t >= start, t % 7, level=level), level)
    mean = daily_mean(values, t % 7, level=level)
    holds(mean, level)
    end = project(values, t % 7, t >= start, 5, level=level)
    if end.value is None:
        assert end.reason
    elif end.low is not None and end.high is not None:
        assert end.low <= end.value + 1e-9 <= end.high + 2e-9
    for step in scan_steps(values, t % 7, level=level):
        assert step.low <= step.at <= step.high
        assert step.size_low <= step.size <= step.size_high


@settings(max_examples=20, deadline=None)
@given(
    seed=st.integers(0, 10**6), factor=st.sampled_from([-3.0, 0.001, 1e6]), shift=st.sampled_from([0.0, 1e4])
)
def test_the_unit_does_not_matter(seed: int, factor: float, shift: float) -> None:
    rng = np.random.default_rng(seed)
    values = rng.normal(0, 1, 63)
    t = np.arange(63)
    one = daily_contrast(values, t >= 40, t % 7)
    other = daily_contrast(values * factor + shift * factor, t >= 40, t % 7)
    assert one.estimate is not None
    assert other.estimate == pytest.approx(one.estimate * factor, rel=1e-5, abs=1e-9 * abs(factor))
    assert other.p == pytest.approx(one.p, rel=1e-4)
    assert other.persistence == pytest.approx(one.persistence, abs=1e-4)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([], "no day has a value"),
        ([float("nan")] * 60, "no day has a value"),
        ([1.0], "too few"),
        ([3.0] * 60, "the same value on every day"),
    ],
)
def test_no_answer_says_why(values: list[float], words: str) -> None:
    t = np.arange(len(values))
    answer = daily_contrast(values, t >= 30, t % 7)
    assert answer.reason is not None
    assert words in answer.reason
    assert answer.p is None


def test_a_contrast_that_never_changes_has_no_answer() -> None:
    t = np.arange(60)
    values = np.random.default_rng(1).normal(size=60)
    assert daily_contrast(values, t >= 0, t % 7).estimate is None
    values[:30] = np.nan
    assert daily_contrast(values, t >= 30, t % 7).estimate is None


@pytest.mark.parametrize(
    ("values", "contrast", "day"),
    [
        ([1.0, 2.0], [0.0], None),
        ([1.0, float("inf")], [0.0, 1.0], None),
        ([1.0, 2.0], [0.0, float("nan")], None),
        ([1.0, 2.0], [0.0, 1.0], [3, 3]),
    ],
)
def test_impossible_input_is_named(values: list[float], contrast: list[float], day: list[int] | None) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        daily_contrast(values, contrast, day=day)


def test_overwhelming_evidence_is_no_certainty() -> None:
    t = np.arange(300)
    values = (t >= 150) * 1e6 + np.random.default_rng(2).normal(size=300)
    answer = daily_contrast(values, t >= 150, t % 7)
    assert answer.p is not None
    assert 0 < answer.p < 1e-100


def test_two_steps_are_both_found_with_their_sizes() -> None:
    rng = np.random.default_rng(9)
    t = np.arange(364)
    values = rng.normal(50, 1, 364) + 2.5 * (t >= 120) - 4 * (t >= 250)
    first, second = scan_steps(values, t % 7)
    assert first.low <= 120 <= first.high
    assert second.low <= 250 <= second.high
    assert first.size_low < 2.5 < first.size_high
    assert second.size_low < -4 < second.size_high


def test_a_target_is_judged_by_the_mean() -> None:
    rng = np.random.default_rng(10)
    values = rng.normal(80, 1, 90)
    t = np.arange(90)
    assert daily_mean(values, t % 7, target=float(values.mean())).p > 0.5
    assert daily_mean(values, t % 7, target=85.0).p < 1e-6
    assert daily_mean(values, t % 7).p is None


@pytest.mark.parametrize("seed", [95, 161, 204])
def test_a_further_step_that_takes_back_one_it_could_stand_before_is_none(seed: int) -> None:
    """One true step at day 100 in AR(.5) noise; a further date passes the cut, before it or after it."""
    rng = np.random.default_rng(seed)
    t = np.arange(200)
    noise = rng.normal(0, 1, 260)
    for day in range(1, 260):
        noise[day] = 0.5 * noise[day - 1] + 0.866 * noise[day]
    (step,) = scan_steps(80 + noise[60:] + 2.5 * (t >= 100), t % 7)
    assert step.low <= 100 <= step.high
    assert step.size_low < 2.5 < step.size_high
