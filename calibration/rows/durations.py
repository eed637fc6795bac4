"""Durations: medians, ranks, heavy tails, tickets that are still open."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibration.naive import durations as naive
from calibration.record import Method, Row
from calibration.rows.judging import Question, below, bounds_hold, differences, p_values
from calibration.worlds.durations import (
    MEDIAN,
    Sample,
    Two,
    Weeks,
    sample,
    shifted,
    two_spreads,
    two_teams,
    weeks,
)
from kpi.measures import Counts, Quantile, Survival
from kpi.stats import (
    Bounds,
    agreeing_p,
    brunner_munzel,
    hodges_lehmann,
    kaplan_meier,
    log_rank,
    mover,
    quantile,
    quantile_interval,
    woodruff_interval,
)

Floats = NDArray[np.float64]
ALPHA = 0.05
QUANTILE = Quantile("minutes", 0.5, "all")
SURVIVAL = Survival("minutes", "closed", 0.5, "all")
DAYS = 84


# ---------------------------------------------------------------- ranks and medians of two groups


def ranks(clustered: bool) -> Callable[[Two], Floats]:
    """1 where Brunner-Munzel calls a difference."""

    def judge(drawn: Two) -> Floats:
        found = []
        for run in range(drawn.one.minutes.shape[0]):
            one, other = drawn.one, drawn.other
            if clustered:
                answer = brunner_munzel(
                    one.minutes[run],
                    np.ones(one.agent.size),
                    other.minutes[run],
                    np.ones(other.agent.size),
                    x_clusters=one.agent,
                    y_clusters=other.agent,
                )
            else:
                answer = brunner_munzel(*one.counted(run), *other.counted(run))
            found.append(math.nan if answer is None else float(answer.p < ALPHA))
        return np.array(found)

    return judge


def woodruff_covers(drawn: Two) -> Floats:
    """1 where the clustered interval of the first group's median holds it."""
    return np.array(
        [
            bounds_hold(*woodruff_interval(minutes, np.ones(minutes.size), drawn.one.agent, 0.5), drawn.truth)
            for minutes in drawn.one.minutes
        ]
    )


def order_covers(drawn: Two) -> Floats:
    """The same with tickets for independent."""
    return sample_covers(drawn.one)


def sample_covers(drawn: Sample) -> Floats:
    """1 where the order-statistic interval holds the median."""
    return np.array(
        [
            bounds_hold(*quantile_interval(*drawn.counted(run), 0.5), MEDIAN)
            for run in range(drawn.minutes.shape[0])
        ]
    )


def ratio_covers(drawn: Two) -> Floats:
    """1 where the MOVER interval of the difference of medians holds 0."""
    found = []
    for run in range(drawn.one.minutes.shape[0]):
        one, other = drawn.one.counted(run), drawn.other.counted(run)
        value1, value2 = quantile(*one, 0.5), quantile(*other, 0.5)
        assert value1 is not None
        assert value2 is not None
        bounds = mover(value1, quantile_interval(*one, 0.5), value2, quantile_interval(*other, 0.5))
        found.append(bounds_hold(*bounds, 0.0))
    return np.array(found)


def shift_covers(drawn: Two) -> Floats:
    """1 where the Hodges-Lehmann interval holds the true shift."""
    found = []
    for run in range(drawn.one.minutes.shape[0]):
        answer = hodges_lehmann(*drawn.one.counted(run), *drawn.other.counted(run))
        found.append(math.nan if answer is None else bounds_hold(answer.low, answer.high, drawn.truth))
    return np.array(found)


def _on_days(group: Sample, run: int) -> Counts:
    """Tickets of a group spread over days that do not differ."""
    n = group.agent.size
    day = np.random.default_rng([run, n]).integers(0, DAYS, n)
    return Counts.of_rows(day, group.agent, group.minutes[run], np.ones(n, np.int64))


def medians_called(drawn: Two) -> Floats:
    """1 where the pages call a difference of the medians of two segments."""
    days = (0, DAYS - 1)
    runs = range(drawn.one.minutes.shape[0])
    questions = [Question(_on_days(drawn.one, run), _on_days(drawn.other, run), (days, days)) for run in runs]
    return below(p_values(differences(QUANTILE, questions)))


def _clusters(icc: float) -> tuple[Row[Any], ...]:
    world, key = two_teams(12, 60, icc), f"{100 * icc:.0f}"
    return (
        Row(
            f"ranks-{key}",
            "Durations of two teams: difference called where there is none",
            world,
            (Method("Mann-Whitney", naive.mann_whitney), Method("Brunner-Munzel", ranks(False))),
            (Method("Brunner-Munzel by agents", ranks(True)),),
            3.5,
            6.0,
            quick=100,
            full=4000,
        ),
        Row(
            f"ranks-shown-{key}",
            "Medians of two teams as the pages judge them: difference called where there is none",
            world,
            (Method("Mann-Whitney", naive.mann_whitney),),
            (Method("kpi.measures", medians_called),),
            0.0,
            6.0,
            quick=50 if icc == 0.10 else 0,
            full=600,
            block=50,
            note="at most the stated rate",
        ),
        Row(
            f"median-{key}",
            "95 % interval of a team's median holds it",
            world,
            (Method("order statistics", order_covers),),
            (Method("Woodruff by agents", woodruff_covers),),
            94.0,
            98.0,
            quick=100,
            full=4000,
        ),
    )


SPREADS = (("narrow", 0.6, 100, 1.5, 1000), ("wide", 1.5, 100, 0.6, 1000))
TAILS: tuple[Row[Any], ...] = (
    Row(
        "heavy-median",
        "95 % interval of a heavy-tailed duration holds it",
        sample(1.5, 50),
        (
            Method(
                "t on raw minutes, of the mean",
                lambda drawn: naive.mean_covers(drawn, MEDIAN * math.exp(1.5**2 / 2)),
            ),
        ),
        (Method("order statistics, of the median", sample_covers),),
        94.0,
        98.0,
        quick=400,
        full=4000,
    ),
    *(
        Row(
            f"spread-ranks-{key}",
            "Equal medians, unequal spread: difference called",
            two_spreads(sd1, n1, sd2, n2),
            (Method("Welch on raw minutes", naive.welch), Method("Mann-Whitney", naive.mann_whitney)),
            (Method("Brunner-Munzel", ranks(False)),),
            4.0,
            6.0,
            quick=200,
            full=6000,
        )
        for key, sd1, n1, sd2, n2 in SPREADS
    ),
    *(
        Row(
            f"spread-medians-{key}",
            "Equal medians, unequal spread: 95 % interval of their difference holds 0",
            two_spreads(sd1, n1, sd2, n2),
            (),
            (Method("MOVER on order statistics", ratio_covers),),
            94.0,
            97.0,
            quick=200,
            full=4000,
        )
        for key, sd1, n1, sd2, n2 in SPREADS
    ),
    *(
        Row(
            f"shift-{n1}-{n2}",
            "95 % interval of a shift holds it",
            shifted(n1, n2, 200),
            (),
            (Method("Hodges-Lehmann", shift_covers),),
            94.0,
            97.0,
            quick=200,
            full=4000,
        )
        for n1, n2 in ((15, 20), (80, 150))
    ),
)


# ---------------------------------------------------------------- tickets that are still open


def log_rank_called(drawn: Weeks) -> Floats:
    """1 where the log-rank test calls a difference between both weeks."""
    runs = range(drawn.day.shape[0])
    return np.array([float(log_rank(drawn.group(run, 1), drawn.group(run, 0)).p < ALPHA) for run in runs])


def survival_medians_called(drawn: Weeks) -> Floats:
    """1 where MOVER on both Kaplan-Meier medians leaves 0 out; NaN while one is not reached."""
    found = []
    for run in range(drawn.day.shape[0]):
        now, before = (kaplan_meier(*drawn.group(run, week)) for week in (1, 0))
        value1, value2 = now.quantile(0.5), before.quantile(0.5)
        if value1 is None or value2 is None:
            found.append(math.nan)
            continue

        def bounds(z: float, now: Any = now, before: Any = before) -> Bounds:
            return mover(
                now.quantile(0.5),
                now.quantile_interval(0.5, crit=z),
                before.quantile(0.5),
                before.quantile_interval(0.5, crit=z),
            )

        found.append(float(agreeing_p(bounds) < ALPHA))
    return np.array(found)


def survival_covers(drawn: Weeks) -> Floats:
    """1 where the log-log interval of the newest week's median holds it."""
    runs = range(drawn.day.shape[0])
    curves = [kaplan_meier(*drawn.group(run, 1)) for run in runs]
    return np.array([bounds_hold(*curve.quantile_interval(0.5), drawn.truth) for curve in curves])


def _week(drawn: Weeks, run: int, week: int) -> Counts:
    chosen = drawn.day[run] // 7 == week
    closed = drawn.closed[run][chosen]
    return Counts.of_rows(drawn.day[run][chosen], None, drawn.minutes[run][chosen], closed, ~closed)


def weeks_called(drawn: Weeks) -> Floats:
    """1 where the pages call a difference between both weeks."""
    days = ((7, 13), (0, 6))
    runs = range(drawn.day.shape[0])
    questions = [Question(_week(drawn, run, 1), _week(drawn, run, 0), days) for run in runs]
    return below(p_values(differences(SURVIVAL, questions)))


def estimate_covers(drawn: Weeks) -> Floats:
    """1 where the interval the pages show of the newest week holds the median."""
    found = []
    for run in range(drawn.day.shape[0]):
        shown = SURVIVAL.estimate(_week(drawn, run, 1), exposure=(7, 13))
        found.append(bounds_hold(shown.low, shown.high, drawn.truth))
    return np.array(found)


def _open(share: int, median: float) -> tuple[Row[Any], ...]:
    world = weeks(median, share)
    return (
        Row(
            f"open-{share}",
            "Newest week with open tickets: difference from the week before called where there is none",
            world,
            (Method("t on logs, closed only", naive.closed_only),),
            (
                Method("log-rank", log_rank_called),
                Method("MOVER on Kaplan-Meier medians", survival_medians_called),
            ),
            3.0,
            6.5,
            quick=100,
            full=4000,
        ),
        Row(
            f"open-shown-{share}",
            "The same as the pages judge it",
            world,
            (Method("t on logs, closed only", naive.closed_only),),
            (Method("kpi.measures", weeks_called),),
            0.0,
            6.5,
            quick=50,
            full=2000,
            note="at most the stated rate",
        ),
        Row(
            f"open-median-{share}",
            "95 % interval of the newest week's median holds it",
            world,
            (Method("order statistics, closed only", naive.closed_median_covers),),
            (Method("Kaplan-Meier, log-log", survival_covers), Method("kpi.measures", estimate_covers)),
            93.5,
            98.0,
            quick=50,
            full=2000,
        ),
    )


OPEN = (*_open(14, 560.0), *_open(40, 2600.0), *_open(52, 4300.0))


ROWS: tuple[Row[Any], ...] = (
    *(row for icc in (0.0, 0.03, 0.05, 0.10) for row in _clusters(icc)),
    *TAILS,
    *OPEN,
)
