"""Change points: how often one is found where there is none, how often a real one is, and when."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibration.naive import days as naive
from calibration.record import Method, Row
from calibration.worlds.days import Noise, Series, ar, iid, series, step
from kpi.stats import scan_steps

Floats = NDArray[np.float64]
SCAN = "scan (SN-GLS)"
WORLDS: dict[str, Noise] = {"iid": iid(), "ar3": ar(0.3), "ar5": ar(0.5), "ar7": ar(0.7)}
AT = 91
"""Days after the step."""


def found_any(drawn: Series) -> Floats:
    """1 where the scan finds a step."""
    return np.array([float(len(scan_steps(column, drawn.weekday)) > 0) for column in drawn.values.T])


def found_right(drawn: Series) -> Floats:
    """1 where the scan finds a step upwards within a week of the true one."""
    truth = drawn.values.shape[0] - AT
    return np.array(
        [
            float(any(abs(one.at - truth) <= 7 and one.size > 0 for one in scan_steps(column, drawn.weekday)))
            for column in drawn.values.T
        ]
    )


def range_holds(drawn: Series) -> Floats:
    """1 where the stated range of days of the nearest step holds the true one; NaN where none is found."""
    truth = drawn.values.shape[0] - AT
    found = []
    for column in drawn.values.T:
        steps = scan_steps(column, drawn.weekday)
        if not steps:
            found.append(math.nan)
            continue
        nearest = min(steps, key=lambda one: abs(one.at - truth))
        found.append(float(nearest.low <= truth <= nearest.high))
    return np.array(found)


def _none(key: str, n: int) -> Row[Any]:
    return Row(
        f"steps-{key}-{n}",
        "Change point found where there is none",
        series(WORLDS[key], n),
        (
            Method("Pettitt", naive.pettitt),
            Method("CUSUM", naive.cumulative_sum),
        ),
        (Method(SCAN, found_any),),
        0.0,
        6.0,
        quick=20 if f"{key}-{n}" == "ar5-91" else 0,
        full=600 if n < 100 else 400,
        block=20,
    )


def _real(key: str) -> Row[Any]:
    n = 182
    return Row(
        f"step-found-{key}",
        "Step of 1.5 sd: found within a week of its day",
        series(WORLDS[key], n, added=1.5 * step(n, AT)),
        (),
        (Method(SCAN, found_right),),
        None,
        None,
        full=200,
        block=20,
        note="stated",
    )


def _dated(key: str) -> Row[Any]:
    n = 182
    return Row(
        f"step-dated-{key}",
        "Step of 1.5 sd: the stated range of days holds its day",
        series(WORLDS[key], n, added=1.5 * step(n, AT)),
        (),
        (Method(SCAN, range_holds),),
        90.0,
        None,
        quick=10 if key == "ar3" else 0,
        full=200,
        block=20,
        note="range of 95 % of the likelihood",
    )


ROWS: tuple[Row[Any], ...] = (
    *(_none(key, n) for n in (91, 182) for key in WORLDS),
    *(_real(key) for key in ("ar3", "ar5", "ar7")),
    *(_dated(key) for key in ("ar3", "ar5", "ar7")),
)
