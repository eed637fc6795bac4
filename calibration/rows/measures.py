"""Every kind of measure, as the pages judge it: a month against a month, and the intervals of one month."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from calibration.record import Method, Row
from calibration.rows.judging import ALPHA, Question, below, bounds_hold, differences, p_values
from calibration.worlds.days import RHYTHM, Counted, ar, counts, line
from calibration.worlds.tickets import WEEKEND
from calibration.worlds.work import Work, within, work
from kpi.measures import Cells, Mean, Measure, Quantile, Rate, Score, Share, Survival, daily_values
from kpi.stats import daily_contrast

Floats = NDArray[np.float64]
Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Kind:
    """A measure, the columns it reads, made from the values of the rows, and the usual test of two samples.

    ``columns(value, day, end)``: ``end`` is the day on which the data end. ``test`` takes the columns of now
    and of before and gives a p-value.
    """

    key: str
    name: str
    measure: Measure
    columns: Callable[[Floats, NDArray[np.int64], int], Columns]
    usual: str
    test: Callable[[Columns, Columns], float]


def _flags(value: Floats, day: NDArray[np.int64], end: int) -> Columns:
    ones = np.ones(value.size, np.uint8)
    return {
        "all": ones,
        "good": (value > -1.04).astype(np.uint8),
        "up": (value > -0.25).astype(np.uint8),
        "down": (value < -0.84).astype(np.uint8),
        "seconds": np.rint(400 * np.exp(0.8 * value)),
        "minutes": np.rint(300 * np.exp(1.2 * value)).astype(np.int64),
        "score": np.clip(np.rint(4.2 + value), 1, 5),
        "hours": np.full(value.size, 0.25),
    }


def _open(value: Floats, day: NDArray[np.int64], end: int) -> Columns:
    """Times to the end; the newest tickets may still be open."""
    needed = 1000 * np.exp(1.3 * value)
    waited = (end - day - 0.5) * 1440
    return {
        "all": np.ones(value.size, np.uint8),
        "closed": (needed <= waited).astype(np.uint8),
        "minutes": np.maximum(1, np.rint(np.minimum(needed, waited))).astype(np.int64),
    }


def _welch(of: Callable[[Columns], NDArray[Any]]) -> Callable[[Columns, Columns], float]:
    return lambda now, before: float(stats.ttest_ind(of(now) * 1.0, of(before) * 1.0, equal_var=False).pvalue)


def _ranks(of: Callable[[Columns], NDArray[Any]]) -> Callable[[Columns, Columns], float]:
    return lambda now, before: float(stats.mannwhitneyu(of(now), of(before), method="asymptotic").pvalue)


def _minutes(columns: Columns) -> NDArray[Any]:
    return columns["minutes"]


def _good(columns: Columns) -> NDArray[Any]:
    return columns["good"]


KINDS = (
    Kind("share", "share", Share("good", "all"), _flags, "Welch", _welch(_good)),
    Kind(
        "score",
        "net score",
        Score("up", "down", "all"),
        _flags,
        "Welch",
        _welch(lambda columns: columns["up"] * 1.0 - columns["down"]),
    ),
    Kind(
        "mean",
        "mean of a score from 1 to 5",
        Mean("score", "all"),
        _flags,
        "Welch",
        _welch(lambda columns: columns["score"]),
    ),
    Kind(
        "handle",
        "mean handle time",
        Mean("seconds", "all", 60),
        _flags,
        "Welch",
        _welch(lambda columns: columns["seconds"]),
    ),
    Kind("median", "median wait", Quantile("minutes", 0.5, "all"), _flags, "Mann-Whitney", _ranks(_minutes)),
    Kind(
        "p90",
        "90th percentile of a wait",
        Quantile("minutes", 0.9, "all"),
        _flags,
        "Mann-Whitney",
        _ranks(_minutes),
    ),
    Kind(
        "survival",
        "median time to the end",
        Survival("minutes", "closed", 0.5, "all"),
        _open,
        "Mann-Whitney, closed only,",
        _ranks(lambda columns: columns["minutes"][columns["closed"] > 0]),
    ),
    Kind("rate", "good ones per hour worked", Rate("good", "hours"), _flags, "Welch", _welch(_good)),
)


def called(kind: Kind) -> Callable[[Work], Floats]:
    """1 where the pages call a change of the month."""

    def judge(drawn: Work) -> Floats:
        questions = []
        for run in range(len(drawn.day)):
            columns = kind.columns(drawn.value[run], drawn.day[run], drawn.end)
            whole = drawn.statistics(run, kind.measure, columns)
            now, before = within(whole, drawn.now), within(whole, drawn.before)
            earlier = (0, drawn.start - 1)
            around = ((earlier, (within(whole, earlier),)),) if drawn.start else ()
            questions.append(Question(now, before, (drawn.now, drawn.before), around))
        return below(p_values(differences(kind.measure, questions)))

    return judge


def usually_called(kind: Kind) -> Callable[[Work], Floats]:
    """1 where the usual test of two samples of rows calls a change."""

    def judge(drawn: Work) -> Floats:
        found = []
        for day, value in zip(drawn.day, drawn.value, strict=True):
            columns = kind.columns(value, day, drawn.end)
            sides = [
                {name: column[(day >= first) & (day <= last)] for name, column in columns.items()}
                for first, last in (drawn.now, drawn.before)
            ]
            found.append(float(kind.test(sides[0], sides[1]) < ALPHA))
        return np.array(found)

    return judge


MONTHS: tuple[Row[Any], ...] = tuple(
    Row(
        f"kind-{kind.key}",
        f"Month against month, {kind.name}: change called where there is none",
        work(),
        (Method(f"{kind.usual} on rows", usually_called(kind)),),
        (Method("kpi.measures", called(kind)),),
        0.0,
        8.0,
        quick=20,
        full=1000,
        block=20,
    )
    for kind in KINDS
)


# ---------------------------------------------------------------- counts per day

TOTAL = Rate("created", total=True)


def _month_of_counts(drawn: Counted) -> tuple[int, int, int]:
    n = drawn.rows.shape[0]
    return n - 56, n - 28, n


def count_called(drawn: Counted) -> Floats:
    """1 where the pages call a change of the number of tickets."""
    start, split, end = _month_of_counts(drawn)
    questions = []
    for rows in drawn.rows.T:
        cells = Cells.of_rows(np.arange(end), None, {"events": rows.astype(np.float64)})
        parts = [cells.select(days) for days in ((split, end - 1), (start, split - 1), (0, start - 1))]
        around = (((0, start - 1), (parts[2],)),) if start else ()
        questions.append(Question(parts[0], parts[1], ((split, end - 1), (start, split - 1)), around))
    return below(p_values(differences(TOTAL, questions)))


def poisson_called(drawn: Counted) -> Floats:
    """1 where the comparison of two Poisson counts calls a change."""
    start, split, end = _month_of_counts(drawn)
    now, before = (drawn.rows[days].sum(axis=0) for days in (slice(split, end), slice(start, split)))
    z = (now - before) / np.sqrt(now + before)
    found: Floats = (2 * special.ndtr(-np.abs(z)) < ALPHA).astype(np.float64)
    return found


COUNTS: tuple[Row[Any], ...] = tuple(
    Row(
        f"kind-count-{key}",
        "Month against month, number of tickets: change called where there is none",
        counts(ar(phi), 182, tickets=200, sd=0.10),
        (Method("two Poisson counts", poisson_called),),
        (Method("kpi.measures", count_called),),
        0.0,
        8.0,
        quick=100,
        full=2000,
    )
    for key, phi in (("ar5", 0.5), ("ar7", 0.7))
)


# ---------------------------------------------------------------- the value of twelve weeks


def holds_level(kind: Kind, spread: float) -> Callable[[Work], Floats]:
    """1 where the interval that the pages show of all days holds the long-run value."""

    def judge(drawn: Work) -> Floats:
        truth, found = _long_run(kind.key, spread), []
        for run in range(len(drawn.day)):
            columns = kind.columns(drawn.value[run], drawn.day[run], drawn.end)
            shown = kind.measure.estimate(
                drawn.statistics(run, kind.measure, columns), exposure=(0, drawn.end - 1)
            )
            found.append(bounds_hold(shown.low, shown.high, truth))
        return np.array(found)

    return judge


@cache
def _long_run(key: str, spread: float) -> float:
    """The value over two million rows of the same process; days add ``spread`` to the sd of rows."""
    kind = next(kind for kind in KINDS if kind.key == key)
    rng, n = np.random.default_rng(5), 2_000_000
    weekday = rng.choice(7, n, p=WEEKEND / WEEKEND.sum())
    value = rng.standard_normal(n) * np.sqrt(1 + spread**2) + 0.1 * RHYTHM[weekday]
    found = kind.measure.estimate(
        kind.measure.collect(np.zeros(n, np.int64), None, kind.columns(value, np.zeros(n, np.int64), 10**6))
    )
    assert found.value is not None
    return found.value


LEVELS: tuple[Row[Any], ...] = tuple(
    Row(
        f"level-{kind.key}-{name}",
        f"95 % interval of twelve weeks, {kind.name}: holds the long-run value",
        work(agents=12, rows=rows, day_sd=spread, own=0.0, restless=0.0, history=28),
        (),
        (Method("kpi.measures", holds_level(kind, spread)),),
        low,
        None if kind.key == "rate" else 99.0,
        quick=20 if name == "days" else 0,
        full=1000,
        block=20,
        note="with few, dependent weeks" if spread else "",
    )
    for name, rows, spread, low in (("few", 6, 0.0, 93.0), ("days", 80, 0.15, 90.0))
    for kind in KINDS
)

# ---------------------------------------------------------------- the trend of thirteen weeks


def trend_called(kind: Kind) -> Callable[[Work], Floats]:
    """1 where the daily engine calls a trend of the measure's own daily values."""

    def judge(drawn: Work) -> Floats:
        contrast, found = line(drawn.end), []
        for run in range(len(drawn.day)):
            columns = kind.columns(drawn.value[run], drawn.day[run], drawn.end)
            daily = daily_values(kind.measure, drawn.statistics(run, kind.measure, columns), 0, drawn.end - 1)
            answer = daily_contrast(daily.value, contrast, daily.weekday)
            found.append(math.nan if answer.p is None else float(answer.p < ALPHA))
        return np.array(found)

    return judge


TRENDS: tuple[Row[Any], ...] = tuple(
    Row(
        f"trend-{kind.key}",
        f"Trend of the daily values, {kind.name}: called where there is none",
        work(history=35, restless=0.0),
        (),
        (Method("daily engine (SN-GLS)", trend_called(kind)),),
        0.0,
        6.5,
        quick=20,
        full=1000,
        block=20,
    )
    for kind in KINDS
    if kind.key != "survival"
)

ROWS: tuple[Row[Any], ...] = (*MONTHS, *COUNTS, *LEVELS, *TRENDS)
