"""Trends, changes, means and projections of a daily series."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibration.naive import days as naive
from calibration.record import Method, Row
from calibration.worlds.days import (
    RHYTHM,
    Counted,
    Noise,
    Series,
    ar,
    ar_and_white,
    counts,
    findable,
    heavy_tailed,
    iid,
    line,
    seasonal,
    series,
    shares,
    step,
)
from kpi.stats import daily_contrast, daily_contrasts, daily_mean, project

Floats = NDArray[np.float64]
ENGINE = "daily engine (SN-GLS)"
QUICK = {"iid-91", "ar5-91", "ar7-91", "ar85w-91", "seasonal-91", "t3-56", "ar7-182"}
"""Worlds and days of the quick tier."""
WORLDS = {
    "iid": iid(),
    "ar5": ar(0.5),
    "ar7": ar(0.7),
    "ar85w": ar_and_white(0.85, 0.5),
    "seasonal": seasonal(0.4, 0.3),
    "t3": heavy_tailed(0.5),
}


def engine(contrast: Floats) -> Callable[[Series], Floats]:
    """1 where the daily engine calls the contrast."""

    def judge(drawn: Series) -> Floats:
        return called([each.p for each in daily_contrasts(drawn.values, contrast, drawn.weekday)])

    return judge


def called(p: list[float | None]) -> Floats:
    """1 where p < .05, NaN where there is none."""
    return np.array([math.nan if each is None else float(each < 0.05) for each in p])


def _trend(key: str, noise: Noise, n: int, low: float | None, high: float | None, note: str = "") -> Row[Any]:
    contrast = line(n)
    return Row(
        f"trend-{key}-{n}",
        "Trend called where there is none",
        series(noise, n),
        (
            Method("OLS", naive.ordinary(contrast, weekdays=False)),
            Method("OLS + weekday", naive.ordinary(contrast)),
            Method("Mann-Kendall", naive.mann_kendall),
            Method("Newey-West", naive.robust(contrast), every=8),
            Method("AR(1) plug-in", naive.autoregressive(contrast), every=8),
        ),
        (Method(ENGINE, engine(contrast)),),
        low,
        high,
        quick=100 if f"{key}-{n}" in QUICK else 0,
        note=note,
    )


def _trend_band(key: str, n: int) -> tuple[float, float, str]:
    if key == "ar85w":
        return (0.0, 9.0, "stated limit: 8 weeks of so slow a noise") if n == 56 else (0.0, 8.0, "")
    return (1.0 if key in ("ar5", "ar7") and n == 91 else 0.0), 6.5, ""


TRENDS = tuple(
    _trend(key, noise, n, *_trend_band(key, n)) for n in (56, 91, 182, 364) for key, noise in WORLDS.items()
) + tuple(
    _trend("slow", ar_and_white(0.95, 0.7), n, None, None, "stated, not promised: almost a random walk")
    for n in (56, 91, 182, 364)
)


def _change(key: str, noise: Noise, n: int, high: float, note: str = "") -> Row[Any]:
    contrast = step(n, 28)
    return Row(
        f"change-{key}-{n}",
        "Change of the last 28 days called where there is none",
        series(noise, n),
        (
            Method("OLS + weekday", naive.ordinary(contrast)),
            Method("Newey-West", naive.robust(contrast), every=8),
        ),
        (Method(ENGINE, engine(contrast)),),
        0.0,
        high,
        quick=100 if f"{key}-{n}" in {"ar5-56", "ar7-112"} else 0,
        note=note,
    )


CHANGES = tuple(
    _change(
        key,
        noise,
        n,
        9.0 if key == "ar85w" and n == 56 else 8.0 if key == "ar85w" else 6.5,
        "stated limit: 8 weeks of so slow a noise" if key == "ar85w" and n == 56 else "",
    )
    for n in (56, 112)
    for key, noise in WORLDS.items()
)


def _power(key: str, n: int) -> Row[Any]:
    noise, contrast = WORLDS[key], line(n)
    return Row(
        f"power-{key}-{n}",
        "Trend found that a test which knows the noise finds in 80 %",
        series(noise, n, added=findable(noise, contrast)),
        (),
        (Method(ENGINE, engine(contrast)),),
        60.0 if n >= 182 else None,
        None,
        quick=100 if f"{key}-{n}" == "ar5-182" else 0,
        note="" if n >= 182 else "stated: nothing is promised below 26 weeks",
    )


POWER = tuple(_power(key, n) for n in (91, 182, 364) for key in ("iid", "ar5", "ar7"))


def _table(drawn: Counted) -> Series:
    values = np.log(drawn.rows + 0.5) if drawn.hits is None else drawn.hits / drawn.rows
    return Series(np.asarray(values, np.float64), drawn.weekday, np.zeros((0, values.shape[1])))


def _on_table(judge: Callable[[Series], Floats]) -> Callable[[Counted], Floats]:
    return lambda drawn: judge(_table(drawn))


def _shares(key: str, noise: Noise, n: int, tickets: float) -> Row[Any]:
    contrast = line(n)
    return Row(
        f"shares-{key}-{n}",
        "Trend of a daily share called where there is none",
        shares(noise, n, tickets=tickets, share=0.85, sd=0.2),
        (
            Method("logistic", naive.logistic(contrast), every=8),
            Method("quasi-logistic", naive.logistic(contrast, quasi=True), every=8),
            Method("OLS + weekday", _on_table(naive.ordinary(contrast))),
            Method("Newey-West", _on_table(naive.robust(contrast)), every=8),
        ),
        (Method(ENGINE, _on_table(engine(contrast))),),
        0.0,
        6.5,
        quick=100 if n == 91 else 0,
    )


SHARES = (
    _shares("ar7", ar(0.7), 182, 200),
    _shares("ar7", ar(0.7), 91, 200),
    _shares("ar6-few", ar(0.6), 91, 40),
)


def _counts(key: str, noise: Noise, n: int) -> Row[Any]:
    contrast = line(n)
    return Row(
        f"counts-{key}-{n}",
        "Trend of counts per day called where there is none",
        counts(noise, n, tickets=200, sd=0.10),
        (
            Method("Poisson regression", naive.poisson(contrast), every=8),
            Method("OLS + weekday on logs", _on_table(naive.ordinary(contrast))),
        ),
        (Method(ENGINE + " on logs", _on_table(engine(contrast))),),
        0.0,
        6.5,
        quick=100 if n == 91 else 0,
    )


COUNTS = tuple(_counts(key, WORLDS[key], n) for key in ("ar5", "ar7") for n in (91, 182))


def with_gaps(drawn: Series) -> Floats:
    """1 where the engine calls a trend in what is left after weekends, a lost fortnight and lost days."""
    n = drawn.values.shape[0]
    lost = drawn.weekday >= 5
    lost[n // 3 : n // 3 + 14] = True
    lost[np.arange(n) % 17 == 3] = True
    contrast = line(n)
    found = [
        daily_contrast(np.where(lost, np.nan, column), contrast, drawn.weekday).p for column in drawn.values.T
    ]
    return called(found)


GAPS = tuple(
    Row(
        f"gaps-{key}-126",
        "Trend called where there is none, weekends, a fortnight and single days missing",
        series(WORLDS[key], 126),
        (),
        (Method(ENGINE, with_gaps),),
        0.0,
        6.5,
        quick=50 if key == "ar7" else 0,
        full=1000,
        block=50,
    )
    for key in ("iid", "ar5", "ar7", "seasonal")
)


def covers_mean(drawn: Series) -> Floats:
    """1 where the interval of the weekday-balanced mean holds the truth."""
    truth = float(RHYTHM.mean())
    found = [daily_mean(column, drawn.weekday) for column in drawn.values.T]
    return np.array(
        [
            math.nan if one.low is None or one.high is None else float(one.low <= truth <= one.high)
            for one in found
        ]
    )


def covers_coming(drawn: Series) -> Floats:
    """1 where the projection of the coming days holds their mean."""
    ahead, truth = drawn.coming.shape[0], drawn.coming.mean(axis=0)
    none = np.zeros(drawn.values.shape[0], np.bool_)
    found = [project(column, drawn.weekday, none, ahead) for column in drawn.values.T]
    return np.array(
        [
            math.nan if one.low is None or one.high is None else float(one.low <= mean <= one.high)
            for one, mean in zip(found, truth, strict=True)
        ]
    )


def _mean(key: str, n: int) -> Row[Any]:
    return Row(
        f"mean-{key}-{n}",
        "95 % interval of a mean holds it",
        series(WORLDS[key], n),
        (Method("t interval of days", naive.t_mean(float(RHYTHM.mean()))),),
        (Method(ENGINE, covers_mean),),
        92.0,
        99.5,
        quick=50 if n == 56 else 0,
        full=1000,
        block=50,
    )


MEANS = tuple(_mean(key, n) for n in (56, 182) for key in ("iid", "ar5", "ar7"))


def _projection(key: str, noise: Noise, low: float | None, note: str = "") -> Row[Any]:
    return Row(
        f"projection-{key}",
        "95 % interval of the next 28 days holds their mean",
        series(noise, 56, coming=28),
        (
            Method("OLS level", naive.foretold(False)),
            Method("OLS trend", naive.foretold(True)),
        ),
        (Method(ENGINE, covers_coming),),
        low,
        None if low is None else 99.5,
        quick=50 if key in ("ar5", "ar7") else 0,
        full=2000,
        block=50,
        note=note,
    )


PROJECTIONS = (
    *(_projection(key, WORLDS[key], 92.0) for key in ("iid", "ar5", "ar7", "ar85w", "seasonal")),
    _projection("slow", ar_and_white(0.95, 0.7), None, "stated, not promised: almost a random walk"),
)

ROWS: tuple[Row[Any], ...] = (
    *TRENDS,
    *CHANGES,
    *POWER,
    *SHARES,
    *COUNTS,
    *GAPS,
    *MEANS,
    *PROJECTIONS,
)
