"""Intervals and tests of shares: coverage and false alarms over every possible outcome."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from calibration.record import Method, Row, World
from calibration.rows.enumeration import exact
from kpi.stats import (
    clopper_pearson,
    detectable_difference,
    koopman,
    mee,
    mid_p,
    miettinen_nurminen,
    newcombe,
    newcombe_continuity,
    odds_ratio,
    ratio_miettinen_nurminen,
    ratio_mover,
    wilson,
    wilson_continuity,
)

Floats = NDArray[np.float64]
Z = float(stats.norm.ppf(0.975))
HIGH = np.linspace(0.80, 0.97, 18)
"""Shares as help desks have them."""
VERY_HIGH = np.linspace(0.95, 0.995, 46)
ALL = np.linspace(0.02, 0.98, 97)


@dataclass(frozen=True)
class Trials:
    """Rows of one or two groups, and the true shares that are gone through."""

    n1: int
    n2: int
    shares: tuple[float, ...]


def _enumerated(n1: int, n2: int, shares: Floats) -> World[Trials]:
    groups = f"n {n1}" if not n2 else f"n {n1} and {n2}"
    reach = f"{shares.min():g} to {shares.max():g}" if shares.size > 1 else f"around {shares[0]:g}"
    name = f"{groups}, shares {reach}, every outcome"
    return World(name, lambda rng, runs: Trials(n1, n2, tuple(shares.tolist())))


# ---------------------------------------------------------------- one share


def one_share(interval: Callable[[int, int], tuple[float, float]]) -> Callable[[Trials], Floats]:
    """Probability that the interval holds the share, for each share."""

    def judge(drawn: Trials) -> Floats:
        outcomes = np.arange(drawn.n1 + 1)
        bounds = np.array([interval(int(k), drawn.n1) for k in outcomes])
        p = np.array(drawn.shares)[:, None]
        chance = stats.binom.pmf(outcomes[None, :], drawn.n1, p)
        held = (bounds[None, :, 0] <= p + 1e-12) & (p - 1e-12 <= bounds[None, :, 1])
        found: Floats = (chance * held).sum(axis=1)
        return found

    return judge


def wald(k: int, n: int) -> tuple[float, float]:
    """p ± 1.96 SE."""
    half = Z * math.sqrt(k / n * (1 - k / n) / n)
    return k / n - half, k / n + half


ONE = (
    Method("Wald", one_share(wald)),
    Method("Wilson", one_share(lambda k, n: wilson(k, n))),
)


def _share_rows(n: int, low_high: float, low_least: float) -> tuple[Row[Any], ...]:
    return (
        exact(f"share-{n}", "95 % interval of a share: mean", _enumerated(n, 0, ALL), ONE, 1, (94.0, 97.0)),
        exact(
            f"share-high-{n}",
            "95 % interval of a high share: mean",
            _enumerated(n, 0, VERY_HIGH),
            ONE,
            1,
            (low_high, 99.0),
        ),
        exact(
            f"share-least-{n}",
            "95 % interval of a high share: least",
            _enumerated(n, 0, VERY_HIGH),
            ONE,
            1,
            (low_least, None),
            least=True,
        ),
    )


# ---------------------------------------------------------------- two shares

Two = Callable[[int, int, int, int], tuple[float, float]]


@lru_cache(maxsize=16)
def _table(interval: Two, n1: int, n2: int) -> Floats:
    """Bounds of every outcome, float64[n1 + 1, n2 + 1, 2]."""
    return np.array([[interval(k1, n1, k2, n2)[:2] for k2 in range(n2 + 1)] for k1 in range(n1 + 1)])


def two_shares(interval: Two, truth: Callable[[float, float], float]) -> Callable[[Trials], Floats]:
    """Probability that the interval holds ``truth(p1, p2)``, for each pair of shares."""

    def judge(drawn: Trials) -> Floats:
        bounds = _table(interval, drawn.n1, drawn.n2)
        found = []
        for p1 in drawn.shares:
            first = stats.binom.pmf(np.arange(drawn.n1 + 1), drawn.n1, p1)
            for p2 in drawn.shares:
                second = stats.binom.pmf(np.arange(drawn.n2 + 1), drawn.n2, p2)
                value = truth(p1, p2)
                held = (bounds[..., 0] <= value + 1e-12) & (value - 1e-12 <= bounds[..., 1])
                found.append(float(first @ held @ second))
        return np.array(found)

    return judge


def wald_difference(k1: int, n1: int, k2: int, n2: int) -> tuple[float, float]:
    """p1 − p2 ± 1.96 SE."""
    p1, p2 = k1 / n1, k2 / n2
    half = Z * math.sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2)
    return p1 - p2 - half, p1 - p2 + half


def _mn(k1: int, n1: int, k2: int, n2: int) -> tuple[float, float]:
    return miettinen_nurminen(k1, n1, k2, n2)[:2]


def _newcombe(k1: int, n1: int, k2: int, n2: int) -> tuple[float, float]:
    return newcombe(k1, n1, k2, n2)


def _ratio(k1: int, n1: int, k2: int, n2: int) -> tuple[float, float]:
    low, high = ratio_miettinen_nurminen(k1, n1, k2, n2)[:2]
    return low, high


def _gap(p1: float, p2: float) -> float:
    return p1 - p2


def false_alarms(drawn: Trials) -> Floats:
    """Probability of p < .05 by Miettinen-Nurminen where both shares are the same."""
    called = np.array(
        [
            [miettinen_nurminen(k1, drawn.n1, k2, drawn.n2)[2] < 0.05 for k2 in range(drawn.n2 + 1)]
            for k1 in range(drawn.n1 + 1)
        ]
    )
    found = []
    for p in drawn.shares:
        first = stats.binom.pmf(np.arange(drawn.n1 + 1), drawn.n1, p)
        second = stats.binom.pmf(np.arange(drawn.n2 + 1), drawn.n2, p)
        found.append(float(first @ called @ second))
    return np.array(found)


def kept_back(drawn: Trials) -> Floats:
    """1 − the same, so that the least of it is the worst."""
    return 1 - false_alarms(drawn)


def _two_rows(n1: int, n2: int, mean: tuple[float, float], least: float) -> tuple[Row[Any], ...]:
    world = _enumerated(n1, n2, HIGH)
    methods = (
        Method("Wald", two_shares(wald_difference, _gap)),
        Method("Newcombe", two_shares(_newcombe, _gap)),
        Method("Miettinen-Nurminen", two_shares(_mn, _gap)),
    )
    claim = "95 % interval of a difference of high shares"
    return (
        exact(f"difference-{n1}-{n2}", f"{claim}: mean", world, methods, 2, mean, quick=n1 < 50),
        exact(
            f"difference-least-{n1}-{n2}",
            f"{claim}: least",
            world,
            methods,
            2,
            (least, None),
            least=True,
            quick=n1 < 50,
        ),
    )


TWO: tuple[Row[Any], ...] = (
    *_two_rows(15, 15, (95.0, 98.0), 93.0),
    *_two_rows(50, 100, (94.5, 97.0), 93.0),
    *(
        exact(
            f"difference-p-{n1}-{n2}",
            "Equal shares: probability that p < .05 does not call a difference, least",
            _enumerated(n1, n2, ALL),
            (Method("Miettinen-Nurminen", kept_back),),
            0,
            (94.4, None),
            least=True,
            quick=n1 < 50,
        )
        for n1, n2 in ((15, 15), (30, 30), (50, 100))
    ),
    *(
        exact(
            "ratio-least-30-30" if least else "ratio-30-30",
            f"95 % interval of a ratio of high shares: {'least' if least else 'mean'}",
            _enumerated(30, 30, HIGH),
            (Method("Miettinen-Nurminen ratio", two_shares(_ratio, lambda p1, p2: p1 / p2)),),
            0,
            (None, None) if least else (94.0, 97.0),
            least=least,
        )
        for least in (False, True)
    ),
)


def _pair(interval: Callable[..., tuple[float, ...]]) -> Two:
    return lambda k1, n1, k2, n2: interval(k1, n1, k2, n2)[:2]  # type: ignore[return-value]


def _odds(p1: float, p2: float) -> float:
    return p1 / (1 - p1) / (p2 / (1 - p2))


def _shared(p1: float, p2: float) -> float:
    return p1 / p2


OTHER_PAIRS: tuple[Row[Any], ...] = (
    *(
        exact(
            f"share-{key}",
            "95 % interval of a share: mean",
            _enumerated(40, 0, ALL),
            (Method(name, one_share(interval)),),
            0,
            band,
        )
        for key, name, interval, band in (
            ("mid-p", "mid-P", mid_p, (94.0, 97.0)),
            ("continuity", "Wilson, continuity-corrected", wilson_continuity, (95.0, 98.5)),
        )
    ),
    *(
        exact(
            f"pair-{key}",
            claim,
            _enumerated(30, 30, HIGH),
            (Method(name, two_shares(interval, truth)),),
            0,
            band,
        )
        for key, claim, name, interval, truth, band in (
            ("mee", "95 % interval of a difference: mean", "Mee", _pair(mee), _gap, (94.0, 97.0)),
            (
                "newcombe-cc",
                "95 % interval of a difference: mean",
                "Newcombe, continuity-corrected",
                _pair(newcombe_continuity),
                _gap,
                (95.0, 99.5),
            ),
            ("koopman", "95 % interval of a ratio: mean", "Koopman", _pair(koopman), _shared, (94.0, 97.0)),
            (
                "mover-r",
                "95 % interval of a ratio: mean",
                "MOVER-R",
                _pair(ratio_mover),
                _shared,
                (94.0, 98.0),
            ),
            ("odds", "95 % interval of an odds ratio: mean", "score", _pair(odds_ratio), _odds, (94.0, 97.5)),
        )
    ),
)

EXACT = tuple(
    exact(
        f"share-exact-{n}",
        "Exact 95 % interval of a share: least",
        _enumerated(n, 0, ALL),
        (Method("Clopper-Pearson", one_share(clopper_pearson)),),
        0,
        (95.0, None),
        least=True,
    )
    for n in (20, 100)
)
# ---------------------------------------------------------------- the smallest change that would be seen


def _power(share: float, n: int) -> Callable[[Trials], Floats]:
    """Chance that the test calls the smallest detectable fall, and rise; every outcome near enough."""

    def judge(drawn: Trials) -> Floats:
        least = detectable_difference(share, n, n)
        k = np.arange(n + 1)
        k1, k2 = (each.ravel() for each in np.meshgrid(k, k, indexing="ij"))
        rows = np.full(k1.size, float(n))
        p = miettinen_nurminen(k1.astype(np.float64), rows, k2.astype(np.float64), rows)[2]
        called = (p < 0.05).reshape(n + 1, n + 1)
        second = stats.binom.pmf(k, n, share)
        found = []
        for now in (share - (least.down or 0.0), share + (least.up or 0.0)):
            found.append(float(stats.binom.pmf(k, n, now) @ called @ second))
        return np.array(found)

    return judge


DETECTABLE: tuple[Row[Any], ...] = tuple(
    exact(
        f"detectable-{100 * share:.0f}-{n}",
        "Smallest detectable fall and rise of a share: found in 80 %, mean of both",
        _enumerated(n, n, np.array([share])),
        (Method("solved for", _power(share, n)),),
        0,
        (77.0, 83.0),
        quick=n < 200,
    )
    for share, n in ((0.85, 200), (0.85, 100), (0.7, 60))
)

ROWS: tuple[Row[Any], ...] = (
    *_share_rows(20, 93.0, 83.0),
    *_share_rows(100, 94.0, 90.5),
    *EXACT,
    *TWO,
    *OTHER_PAIRS,
    *DETECTABLE,
)
