"""The calibration itself: its arithmetic, its worlds, and that a method which is wrong is caught."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm

from calibration import table
from calibration.naive import days as naive_days
from calibration.record import SIGMAS, Found, Method, Outcome, Row, Tally, World, edge_error, within
from calibration.rows import ROWS, SUBJECTS, row_of
from calibration.rows.shares import one_share
from calibration.rows.trends import engine
from calibration.running import outcome, run_row, run_rows
from calibration.worlds.days import (
    ar,
    ar_and_white,
    findable,
    heavy_tailed,
    iid,
    line,
    seasonal,
    series,
)
from calibration.worlds.durations import share_open
from calibration.worlds.tickets import Desk, Shape, months, teams
from kpi.stats import daily_contrast, mann_kendall, quantile_interval, wilson

ROOT = Path(__file__).resolve().parents[2]
RESULTS, PAGE = ROOT / "calibration" / "results.json", ROOT / "docs" / "statistics.md"


def coin(share: float, *, low: float | None = 0.0, high: float | None = 6.5) -> Row[Any]:
    """A row whose method calls with a known probability."""
    world: World[Any] = World("coins", lambda rng, runs: rng.random(runs))
    return Row("coin", "claim", world, (), (Method("coin", lambda u: u < share),), low, high, 200, 2000)


# ---------------------------------------------------------------- arithmetic


def test_tallies_add_up_to_the_tally_of_all() -> None:
    values = np.array([1.0, 0.0, math.nan, 1.0, 0.0, 0.0])
    assert Tally.of(values[:3]) + Tally.of(values[3:]) == Tally.of(values)


def test_value_and_error_of_yes_or_no_are_those_of_a_share() -> None:
    row = coin(0.05)
    found = Found.of(row, row.ours[0], True, Tally.of([1] * 5 + [0] * 95))
    assert found.value == pytest.approx(5)
    assert found.error == pytest.approx(100 * math.sqrt(0.05 * 0.95 / 100), abs=1e-4)


def test_band_is_widened_by_the_error_on_its_edge() -> None:
    row = coin(0.05)
    found = Found("m", True, 0.0, 0.0, 400, 0)
    assert edge_error(row, found, 6.5) == pytest.approx(100 * math.sqrt(0.065 * 0.935 / 400))
    just = 6.5 + SIGMAS * edge_error(row, found, 6.5)
    assert within(row, replace(found, value=just - 1e-9), SIGMAS)
    assert not within(row, replace(found, value=just + 1e-9), SIGMAS)
    assert not within(row, replace(found, value=6.51), 0.0)


def test_enumerations_have_no_error() -> None:
    row = replace(coin(0.05), exact=True)
    assert not within(row, Found("m", True, 6.51, 0.0, 400, 0), SIGMAS)


def test_no_answer_at_all_is_a_miss() -> None:
    row = replace(coin(0.05), ours=(Method("silent", lambda u: np.full(u.size, np.nan)),))
    assert run_row(row, 100).passes(SIGMAS) is False


def test_smaller_runs_are_the_beginning_of_larger_ones() -> None:
    row = coin(0.3)
    assert row.blocks(250) == [100, 100, 50]
    first = run_row(row, 100).found[0].value
    both = run_row(row, 200).found[0].value
    second = 2 * (both or 0) - (first or 0)
    assert 0 <= second <= 100
    assert run_row(row, 200) == run_row(row, 200)


def test_processes_give_the_same_numbers() -> None:
    rows = [row_of("team-12x60-5"), row_of("mover-50")]
    alone = {found.key: found for found in run_rows(rows, lambda row: 400)}
    together = {found.key: found for found in run_rows(rows, lambda row: 400, processes=2)}
    for key, one in alone.items():
        for mine, other in zip(one.found, together[key].found, strict=True):
            assert mine.value == pytest.approx(other.value)
            assert mine.error == pytest.approx(other.error)


def test_a_broken_row_does_not_end_the_run() -> None:
    rows = [replace(coin(0.05), key="unknown to the workers"), row_of("mover-50")]
    done = run_rows(rows, lambda row: 400)
    assert next(done).key == "mover-50"
    with pytest.raises(RuntimeError, match="unknown to the workers"):
        next(done)


# ---------------------------------------------------------------- wrong methods are caught


@pytest.mark.parametrize(("share", "kept"), [(0.05, True), (0.065, True), (0.25, False)])
def test_a_method_that_calls_too_often_is_caught_in_the_quick_tier(share: float, kept: bool) -> None:
    assert run_row(coin(share), 200).passes(SIGMAS) is kept


def test_a_method_that_never_calls_is_caught_where_a_least_rate_is_set() -> None:
    assert run_row(coin(0.0, low=60.0, high=None), 100).passes(SIGMAS) is False


BROKEN = {
    "trend-ar7-91": Method[Any]("OLS + weekday", naive_days.ordinary(line(91))),
    "trend-ar5-56": Method[Any]("OLS + weekday", naive_days.ordinary(line(56))),
    "power-ar5-182": Method[Any]("never", lambda drawn: np.zeros(drawn.values.shape[1])),
    "share-20": Method[Any]("half as wide", lambda drawn: _coverage_of_half(drawn)),
    "heavy-median": Method[Any]("one in three rows", lambda drawn: _median_of_too_many(drawn)),
}


def _coverage_of_half(drawn: Any) -> Any:
    def half(k: int, n: int) -> tuple[float, float]:
        low, high = wilson(k, n)
        return (low + k / n) / 2, (high + k / n) / 2

    return one_share(half)(drawn)


def _median_of_too_many(drawn: Any) -> Any:
    """The interval of three times as many rows as there are."""
    found = []
    for run in range(drawn.minutes.shape[0]):
        values, counts = drawn.counted(run)
        low, high = quantile_interval(values, 3 * counts, 0.5)
        found.append(float(low <= 300 <= high))
    return np.array(found)


@pytest.mark.parametrize("key", BROKEN)
def test_a_broken_method_misses_its_band(key: str) -> None:
    row = replace(row_of(key), ours=(BROKEN[key],))
    assert run_row(row, max(100, row.quick) if not row.exact else 1, only_ours=True).passes(SIGMAS) is False


@pytest.mark.parametrize("key", ["month-both-85", "team-12x60-5", "ranks-10", "funnel-30", "open-40"])
def test_usual_methods_miss_the_band_that_ours_keep(key: str) -> None:
    row = row_of(key)
    usual = replace(row, naive=(), ours=row.naive[:1])
    assert run_row(usual, 200).passes(SIGMAS) is False


# ---------------------------------------------------------------- worlds and usual methods are what they say


@pytest.mark.parametrize(
    "noise", [iid(), ar(0.7), ar_and_white(0.85, 0.5), seasonal(0.4, 0.3)], ids=lambda noise: noise.name
)
def test_noise_has_variance_one_and_its_correlation(noise: Any) -> None:
    drawn = noise.draw(np.random.default_rng(1), 60, 4000)
    assert float(drawn.var()) == pytest.approx(1, abs=0.03)
    if noise.correlation is not None:
        told = noise.correlation(np.array([0, 1, 5]))
        for lag, expected in zip((0, 1, 5), told, strict=True):
            assert float((drawn[: 60 - lag] * drawn[lag:]).mean()) == pytest.approx(float(expected), abs=0.03)


def test_shocks_of_heavy_tails_reach_far() -> None:
    drawn = heavy_tailed(0.0).draw(np.random.default_rng(1), 100, 1000)
    assert float((np.abs(drawn) > 4).mean()) > 10 * 6.3e-5


def test_a_test_that_knows_the_noise_finds_four_in_five() -> None:
    noise, contrast = ar(0.5), line(182)
    drawn = series(noise, 182, added=findable(noise, contrast)).draw(np.random.default_rng(3), 2000)
    day = np.arange(182)
    covariance = noise.correlation(np.abs(day[:, None] - day[None, :]))  # type: ignore[misc]
    design = np.column_stack([contrast, *(day % 7 == weekday for weekday in range(7))]).astype(float)
    inverse = np.linalg.inv(covariance)
    spread = np.linalg.inv(design.T @ inverse @ design)
    z = (spread @ design.T @ inverse @ drawn.values)[0] / math.sqrt(spread[0, 0])
    assert float((z > 1.96).mean()) == pytest.approx(0.80, abs=0.03)


def test_least_squares_and_newey_west_are_those_of_statsmodels() -> None:
    drawn = series(ar(0.5), 70).draw(np.random.default_rng(2), 40)
    contrast = line(70)
    design = np.column_stack([contrast, *(drawn.weekday == weekday for weekday in range(7))]).astype(float)
    p = [float(sm.OLS(column, design).fit().pvalues[0]) for column in drawn.values.T]
    assert naive_days.ordinary(contrast)(drawn).tolist() == [float(each < 0.05) for each in p]


def test_mann_kendall_is_that_of_the_stats_room() -> None:
    drawn = series(ar(0.5), 60).draw(np.random.default_rng(2), 60)
    ours = [float(mann_kendall(column).p < 0.05) for column in drawn.values.T]
    assert naive_days.mann_kendall(drawn).tolist() == ours


def test_desks_and_teams_have_the_shares_they_say() -> None:
    desk = Desk(share=0.85, own=0.0, restless=0.0, day_sd=0.0)
    drawn = months(desk).draw(np.random.default_rng(4), 20)
    assert drawn.good.sum() / drawn.rows.sum() == pytest.approx(0.85, abs=0.01)
    weekday = drawn.rows.sum(axis=(0, 2))[:182].reshape(-1, 7).sum(axis=0)
    assert weekday[5] / weekday[0] == pytest.approx(0.25, abs=0.02)
    pair = teams(Shape((12, 12), 60), 0.10).draw(np.random.default_rng(4), 400)
    share = pair.good[0] / pair.rows[0]
    between = float(share.var()) - 0.8 * 0.2 / 60
    assert between / (0.8 * 0.2) == pytest.approx(0.10, abs=0.015)


def test_share_of_open_tickets_is_as_said() -> None:
    assert [round(100 * share_open(median)) for median in (560.0, 2600.0, 4300.0)] == [14, 40, 52]


def test_engine_in_batches_is_the_engine_alone() -> None:
    drawn = series(ar(0.5), 63).draw(np.random.default_rng(6), 5)
    alone = [daily_contrast(column, line(63), drawn.weekday).p for column in drawn.values.T]
    assert engine(line(63))(drawn).tolist() == [float((p or 1) < 0.05) for p in alone]


# ---------------------------------------------------------------- records and table


def test_keys_are_unique_and_every_row_has_a_method_of_ours() -> None:
    assert len({row.key for row in ROWS}) == len(ROWS)
    assert all(row.ours and row.full for row in ROWS)
    assert all(row.low is None or row.high is None or row.low <= row.high for row in ROWS)


def test_results_survive_being_kept(tmp_path: Path) -> None:
    row, path = coin(0.05), tmp_path / "results.json"
    found = outcome(row, [Tally.of([1, 0, 0, 0])], 1.25)
    table.keep(path, {"coin": found, "gone": replace(found, key="gone")}, [row])
    assert table.read(path, [row]) == {"coin": found}
    assert table.read(tmp_path / "nothing.json", [row]) == {}


def test_results_of_renamed_methods_are_left_out(tmp_path: Path) -> None:
    row, path = coin(0.05), tmp_path / "results.json"
    table.keep(path, {"coin": outcome(row, [Tally.of([1, 0])])}, [row])
    renamed = replace(row, ours=(replace(row.ours[0], name="another"),))
    assert table.read(path, [renamed]) == {}
    narrower = replace(row, high=1.0)
    assert table.read(path, [narrower])["coin"].high == 1.0


def test_table_goes_between_its_markers_and_nowhere_else(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"# A\n\n{table.BEGIN}\nold\n{table.END}\n\nrest\n", encoding="utf-8")
    row = coin(0.05)
    table.write(page, {"coin": outcome(row, [Tally.of([0] * 19 + [1])])}, {"Coins": [row]})
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# A\n\n{table.BEGIN}\n")
    assert text.endswith(f"{table.END}\n\nrest\n")
    assert "old" not in text
    assert "### Coins" in text
    assert "1 of 1 rows with a band keep it" in text
    assert "| `coin` | claim | coins | – | coin 5.0 ± 4.9 | ≤ 6.5 | 20 | kept |" in text
    page.write_text("no markers", encoding="utf-8")
    with pytest.raises(ValueError, match="once each"):
        table.write(page, {}, {})


def test_verdicts_say_what_they_mean() -> None:
    row = coin(0.05)
    base = Outcome("k", "c", "w", 0.0, 6.5, (Found("m", True, 6.0, 1.0, 400, 0),))
    assert table.verdict(base) == "kept"
    assert table.verdict(replace(base, found=(Found("m", True, 7.0, 1.0, 400, 0),))) == "within error"
    assert table.verdict(replace(base, found=(Found("m", True, 12.0, 1.0, 400, 0),))) == "**missed**"
    assert table.verdict(replace(base, low=None, high=None)) == "–"
    assert row.methods == row.ours


def test_every_row_has_a_committed_result_and_the_page_shows_it() -> None:
    kept = table.read(RESULTS, ROWS)
    assert set(kept) == {row.key for row in ROWS}, "run python -m calibration --rows … --write"
    text = PAGE.read_text(encoding="utf-8")
    shown = text[text.index(table.BEGIN) + len(table.BEGIN) : text.index(table.END)]
    assert shown.strip() == table.markdown(kept, SUBJECTS).strip()
