"""Values are those of pandas; intervals those of the method that the estimate names."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kpi.measures import Cells, Counts, Mean, Quantile, Rate, Score, Share, Survival
from kpi.stats import kaplan_meier, nps_interval, poisson_exact, quantile_interval, wilson

ONE_DAY = np.full(40, 20000)


def rows(seed: int = 0, size: int = 40) -> dict[str, np.ndarray]:
    random = np.random.default_rng(seed)
    return {
        "among": (random.random(size) < 0.8).astype(np.uint8),
        "flag": (random.random(size) < 0.7).astype(np.uint8),
        "other": np.zeros(size, np.uint8),
        "value": np.ceil(random.lognormal(4, 1, size)).astype(np.int32),
        "hours": np.round(random.uniform(1, 8, size)),
    }


def test_share() -> None:
    columns = rows()
    measure = Share("flag", "among")
    estimate = measure.estimate(measure.collect(ONE_DAY, None, columns))
    counted = columns["flag"][columns["among"] == 1]
    assert estimate.value == counted.mean()
    assert estimate.n == counted.size
    assert estimate.parts["count"] == counted.sum()
    # On a single day nothing shows how days differ: the plain Wilson interval.
    assert (estimate.low, estimate.high) == pytest.approx(wilson(int(counted.sum()), counted.size))
    assert "independent" in estimate.method


def test_a_row_counts_above_only_if_it_counts_below() -> None:
    measure = Share("flag", "among")
    cells = measure.collect(np.array([1, 1]), None, {"flag": np.array([1, 1]), "among": np.array([1, 0])})
    assert measure.estimate(cells).value == 1


def test_score_and_its_three_shares() -> None:
    three = np.repeat([0, 1, 2], [15, 9, 12])
    columns = {"up": three == 0, "down": three == 2, "all": np.ones(36, np.uint8)}
    measure = Score("up", "down", "all")
    estimate = measure.estimate(measure.collect(np.zeros(36, np.int32), None, columns))
    assert estimate.value == pytest.approx(100 * 3 / 36)
    assert (estimate.low, estimate.high) == pytest.approx([100 * bound for bound in nps_interval(15, 9, 12)])
    assert dict(estimate.parts) == pytest.approx(
        {"promoters": 15 / 36, "passives": 9 / 36, "detractors": 12 / 36}
    )


def test_mean_is_in_the_shown_unit() -> None:
    columns = rows()
    measure = Mean("value", "among", 60)
    estimate = measure.estimate(measure.collect(ONE_DAY, None, columns))
    seconds = pd.Series(columns["value"][columns["among"] == 1])
    assert estimate.value == pytest.approx(seconds.mean() / 60)
    assert estimate.high is not None
    assert estimate.low is not None
    assert (estimate.high - estimate.low) / 2 == pytest.approx(
        2.04 * seconds.sem() / 60, rel=0.01
    )  # t with 31 df


@pytest.mark.parametrize("q", [0.5, 0.9])
def test_quantile_is_that_of_pandas(q: float) -> None:
    columns = rows()
    measure = Quantile("value", q, "among", 60)
    estimate = measure.estimate(measure.collect(ONE_DAY, None, columns))
    seconds = columns["value"][columns["among"] == 1]
    assert estimate.value == pytest.approx(pd.Series(seconds).quantile(q) / 60)
    low, high = quantile_interval(*np.unique(seconds, return_counts=True), q)
    assert estimate.low == (pytest.approx(low / 60) if np.isfinite(low) else None)
    assert estimate.high == (pytest.approx(high / 60) if np.isfinite(high) else None)


def test_survival_counts_open_rows_as_open() -> None:
    columns = rows()
    measure = Survival("value", "flag", 0.5, "among", 60)
    counts = measure.collect(ONE_DAY, None, columns)
    estimate = measure.estimate(counts)
    curve = kaplan_meier(*counts.by_value)
    assert estimate.value == pytest.approx(curve.quantile(0.5) / 60)
    counted = columns["among"] == 1
    ended = counted & (columns["flag"] == 1)
    assert estimate.n == counted.sum()
    assert estimate.parts["ended"] == ended.sum()
    assert estimate.parts["open"] == counted.sum() - ended.sum()
    assert estimate.parts["ended_only"] == pytest.approx(np.median(columns["value"][ended]) / 60)
    assert estimate.value > estimate.parts["ended_only"]


def test_survival_without_open_rows_is_the_median() -> None:
    columns = rows() | {"flag": np.ones(40, np.uint8)}
    measure, plain = Survival("value", "flag", 0.5, "among"), Quantile("value", 0.5, "among")
    one = measure.estimate(measure.collect(ONE_DAY, None, columns))
    two = plain.estimate(plain.collect(ONE_DAY, None, columns))
    assert one.value == two.value


def test_survival_not_reached_says_so_and_gives_its_lower_bound() -> None:
    measure = Survival("value", "flag", 0.5, "among", 60)
    day = np.full(50, 20000)
    flag = np.repeat([1, 0], [15, 35]).astype(np.uint8)
    columns = {"value": np.full(50, 600), "flag": flag, "among": np.ones(50, np.uint8)}
    columns["value"][:15] = 60 * np.arange(1, 16)
    columns["value"][15:] = 60 * 1000
    estimate = measure.estimate(measure.collect(day, None, columns))
    assert estimate.value is None
    assert estimate.reason is not None
    assert estimate.reason.startswith("not reached yet")
    assert estimate.n == 50
    assert estimate.low is not None
    assert estimate.low == 15
    assert estimate.high is None


def test_rate_per_exposure() -> None:
    columns = rows()
    measure = Rate("flag", "hours")
    estimate = measure.estimate(measure.collect(ONE_DAY, None, columns))
    events, hours = int(columns["flag"].sum()), float(columns["hours"].sum())
    assert estimate.value == pytest.approx(events / hours)
    assert (estimate.low, estimate.high) == pytest.approx(poisson_exact(events, hours))


def test_total_counts_every_row_and_every_day() -> None:
    day = np.array([20000, 20000, 20003])
    measure = Rate("one", total=True)
    estimate = measure.estimate(measure.collect(day, None, {"one": np.ones(3)}), exposure=(20000, 20013))
    assert (estimate.value, estimate.n) == (3, 3)
    assert estimate.parts["per_day"] == pytest.approx(3 / 14)
    assert estimate.parts["per_week"] == pytest.approx(1.5)


def test_days_without_rows_are_days_without_events() -> None:
    measure = Rate("one")
    cells = measure.collect(np.array([20000]), None, {"one": np.ones(1)})
    assert measure.estimate(cells, exposure=(20000, 20009)).value == pytest.approx(0.1, abs=0.05)
    nothing = measure.estimate(Cells.empty(["events"]), exposure=(20000, 20009))
    assert (nothing.value, nothing.low) == (0, 0)
    assert nothing.high == pytest.approx(3.689 / 10, abs=1e-3)


def test_overdispersed_days_widen_the_interval_of_a_total() -> None:
    day = np.arange(20000, 20028)
    measure = Rate("calls", total=True)
    calm = measure.estimate(measure.collect(day, None, {"calls": np.full(28, 20)}), exposure=(20000, 20027))
    wild = np.repeat([5, 35, 10, 30], 7)
    rough = measure.estimate(measure.collect(day, None, {"calls": wild}), exposure=(20000, 20027))
    assert calm.value == rough.value == 560
    assert (calm.low, calm.high) == pytest.approx(poisson_exact(560, 1))
    assert rough.high is not None
    assert calm.high is not None
    assert rough.high - 560 > 5 * (calm.high - 560)


def test_weeks_that_differ_widen_the_interval_of_a_share_and_agents_of_the_team_do_not() -> None:
    day = np.repeat(np.arange(20000, 20028), 20)
    agent = np.tile(np.arange(20), 28)
    measure = Share("flag", "among")
    columns = {"among": np.ones(560, np.uint8), "flag": (np.arange(560) % 2).astype(np.uint8)}
    random = np.random.default_rng(0)
    mixed = random.permutation(columns["flag"])
    by_agent = (agent < 10).astype(np.uint8)
    by_week = (((day - 20000) // 7) % 2).astype(np.uint8)

    def width(flag: np.ndarray) -> float:
        estimate = measure.estimate(measure.collect(day, agent, columns | {"flag": flag}))
        assert estimate.value == 0.5
        assert estimate.low is not None
        assert estimate.high is not None
        return estimate.high - estimate.low

    assert width(mixed) < 0.15
    assert width(by_agent) < 0.15
    assert width(by_week) > 0.8


def test_level_widens() -> None:
    columns = rows()
    for measure in (Share("flag", "among"), Mean("value", "among"), Quantile("value", 0.5, "among")):
        statistics = measure.collect(ONE_DAY, None, columns)
        narrow, wide = (measure.estimate(statistics, level=level) for level in (0.8, 0.99))
        assert wide.low < narrow.low < narrow.high < wide.high


def test_no_rows_is_no_answer_with_a_reason() -> None:
    nothing = [
        Share("k", "n").estimate(Cells.empty(["n", "k"])),
        Score("a", "b", "n").estimate(Cells.empty(["n", "up", "down"])),
        Mean("v", "n").estimate(Cells.empty(["n", "sum", "sumsq"])),
        Quantile("v", 0.5, "n").estimate(Counts.empty()),
        Survival("v", "e", 0.5, "n").estimate(Counts.empty()),
        Rate("e", "x").estimate(Cells.empty(["events", "exposure"])),
        Rate("e").estimate(Cells.empty(["events"])),
    ]
    for estimate in nothing:
        assert estimate.value is None
        assert estimate.reason
        assert estimate.n == 0


def test_a_total_has_no_exposure() -> None:
    with pytest.raises(ValueError, match="no exposure"):
        Rate("events", "hours", total=True)
