"""The largest of many: top movers, funnels, mix and performance, peeking, refusals."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from calibration.naive import tickets as naive
from calibration.record import Method, Row, World
from calibration.rows.judging import ALPHA, below, bounds_hold, p_values
from calibration.rows.tickets import judged
from calibration.worlds.days import Series, ar, iid, series
from calibration.worlds.tickets import Desk, Months, months
from kpi.stats import fcr_intervals
from kpi.stats.decomposition import Part, kitagawa
from kpi.stats.funnel import funnel
from kpi.trend.changes import refusal
from kpi.trend.daily_series import DailySeries

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]


# ---------------------------------------------------------------- the top mover


def _top(many: int) -> Row[Any]:
    world: World[Floats] = World(
        f"{many} segments without a change, normal estimates",
        lambda rng, runs: rng.standard_normal((runs, many)),
    )
    return Row(
        f"mover-{many}",
        "95 % interval of the top mover holds its true change",
        world,
        (Method("its own interval", lambda drawn: np.abs(drawn).max(axis=1) <= 1.959964),),
        (Method("FCR interval", mover_holds),),
        93.0,
        None,
        quick=400,
        full=10_000,
        block=400,
    )


def mover_holds(drawn: Floats) -> Floats:
    """1 where the interval of the one chosen, widened for the choice, holds 0."""
    found = []
    for estimates in drawn:
        chosen = np.abs(estimates) == np.abs(estimates).max()
        bounds = fcr_intervals(estimates.tolist(), [1.0] * estimates.size, chosen.tolist())
        (only,) = [one for one in bounds if one is not None]
        found.append(bounds_hold(*only, 0.0))
    return np.array(found)


# ---------------------------------------------------------------- funnels


def _funnel_world(sd: float) -> World[tuple[Longs, Longs]]:
    def draw(rng: np.random.Generator, runs: int) -> tuple[Longs, Longs]:
        rows = np.maximum(20, np.rint(rng.lognormal(math.log(150), 0.7, (runs, 50)))).astype(np.int64)
        p = special.expit(special.logit(0.85) + sd * rng.standard_normal((runs, 50)))
        return rng.binomial(rows, p).astype(np.int64), rows

    return World(f"50 segments of about 150 tickets, sd {sd:g} logit between them", draw)


def _outliers(overdispersed: bool) -> Any:
    def judge(drawn: tuple[Longs, Longs]) -> Floats:
        good, rows = drawn
        return np.array(
            [
                float(funnel(k, n, overdispersed=overdispersed).flags.any())
                for k, n in zip(good, rows, strict=True)
            ]
        )

    return judge


def published(drawn: tuple[Longs, Longs]) -> Floats:
    """1 where the limits with the uncorrected factor (Spiegelhalter 2005) leave a segment out."""
    good, rows = drawn
    found = []
    for k, n in zip(good, rows, strict=True):
        chart = funnel(k, n)
        variance = 1 / (4 * n + 2.0)
        weight = 1 / variance
        phi, many = chart.phi_uncorrected, n.size
        spare = weight.sum() - (weight**2).sum() / weight.sum()
        tau2 = max(0.0, (many * phi - (many - 1)) / spare)
        z = chart.z / np.sqrt(1 + tau2 / variance)
        found.append(float((np.abs(z) > special.ndtri(0.999)).any()))
    return np.array(found)


FUNNELS = tuple(
    Row(
        f"funnel-{100 * sd:.0f}",
        "Funnel of 50 segments without an outlier: at least one outside the 99.8 % limits",
        _funnel_world(sd),
        (Method("binomial limits", _outliers(False)), Method("Spiegelhalter's factor", published)),
        (Method("corrected factor", _outliers(True)),),
        0.0,
        25.0,
        quick=200,
        full=2000,
        note="independent limits known exactly would give 9.5",
    )
    for sd in (0.0, 0.2, 0.3, 0.4)
)


# ---------------------------------------------------------------- mix and performance


def _mix_world() -> World[tuple[Longs, Longs]]:
    """Four channels whose mix and rates both change: rows and good ones int64[runs, 2, 4]."""

    def draw(rng: np.random.Generator, runs: int) -> tuple[Longs, Longs]:
        rows = np.stack([rng.multinomial(2000, WAS[0], runs), rng.multinomial(2500, NOW[0], runs)], axis=1)
        return rows, rng.binomial(rows, np.stack([WAS[1], NOW[1]])[None])

    return World("four channels, mix and rates change, 2,000 and 2,500 tickets", draw)


WAS = np.array([[0.4, 0.3, 0.2, 0.1], [0.90, 0.80, 0.70, 0.85]])
NOW = np.array([[0.3, 0.3, 0.3, 0.1], [0.91, 0.82, 0.74, 0.80]])
MIX = float(((NOW[0] - WAS[0]) * (WAS[1] + NOW[1]) / 2).sum())
PERFORMANCE = float(((NOW[1] - WAS[1]) * (WAS[0] + NOW[0]) / 2).sum())


def _part_holds(name: str, truth: float) -> Any:
    def judge(drawn: tuple[Longs, Longs]) -> Floats:
        found = []
        for rows, good in zip(*drawn, strict=True):
            share, rate = rows / rows.sum(axis=1, keepdims=True), good / rows
            spread = rate * (1 - rate) / rows
            parts = kitagawa(
                share[0], rate[0], share[1], rate[1], v1=spread[0], v2=spread[1],
                n1=float(rows[0].sum()), n2=float(rows[1].sum()),
            )  # fmt: skip
            part: Part = getattr(parts, name)
            found.append(bounds_hold(part.low, part.high, truth))
        return np.array(found)

    return judge


DECOMPOSITION = (
    Row(
        "mix",
        "95 % intervals of mix, of performance and of the whole change hold them",
        _mix_world(),
        (),
        (
            Method("mix", _part_holds("mix", MIX)),
            Method("performance", _part_holds("performance", PERFORMANCE)),
            Method("whole", _part_holds("total", MIX + PERFORMANCE)),
        ),
        94.0,
        96.5,
        quick=200,
        full=4000,
    ),
)


# ---------------------------------------------------------------- looking every day


def daily_looks(drawn: Months) -> Floats:
    """1 where the z test of the month so far calls a change on any of its days."""
    first, last = drawn.before
    days = slice(first, last + 1)
    before_k, before_n = (
        np.asarray(each[:, days].sum(axis=(1, 2)), np.float64) for each in (drawn.good, drawn.rows)
    )
    good = np.cumsum(drawn.good[:, drawn.split :].sum(axis=2), axis=1).astype(np.float64)
    rows = np.cumsum(drawn.rows[:, drawn.split :].sum(axis=2), axis=1).astype(np.float64)
    p = naive.two_proportions(good, rows, before_k[:, None], before_n[:, None])
    return np.asarray((p < ALPHA).any(axis=1), np.float64)


PEEKING = (
    Row(
        "peeking",
        "A month looked at on each of its 28 days: change called where there is none",
        months(Desk(own=0.0, restless=0.0, day_sd=0.0)),
        (Method("z, every day", daily_looks),),
        (Method("kpi.measures, closed month", lambda drawn: below(p_values(judged(drawn)))),),
        0.0,
        5.0,
        quick=50,
    ),
)


# ---------------------------------------------------------------- refusals


def refused(drawn: Series) -> Floats:
    """1 where the Trends page refuses to speak of a trend."""
    many = np.full(drawn.values.shape[0], 100.0)
    return np.array(
        [
            float(refusal(DailySeries(date(2024, 1, 1), values, many, False, ())) is not None)
            for values in drawn.values.T
        ]
    )


REFUSALS = tuple(
    Row(
        f"refused-{n}-{key}",
        f"Trend of {n} days refused",
        series(noise, n),
        (),
        (Method("kpi.trend", refused),),
        *((100.0, 100.0) if n < 56 else (0.0, 0.0)),
        quick=20,
        full=100,
        block=20,
    )
    for n in (28, 55, 56)
    for key, noise in (("iid", iid()), ("ar7", ar(0.7)))
)

ROWS: tuple[Row[Any], ...] = (
    _top(50),
    _top(200),
    *FUNNELS,
    *DECOMPOSITION,
    *PEEKING,
    *REFUSALS,
)
