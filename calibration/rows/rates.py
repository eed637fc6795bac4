"""Intervals of rates and of net scores: coverage over every possible outcome, or simulated."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from calibration.record import Method, Row, World
from calibration.rows.enumeration import exact
from kpi.stats import (
    nps_difference,
    nps_interval,
    poisson_exact,
    rate_difference,
    rate_jeffreys,
    rate_ratio,
    rate_ratio_score,
    rate_score,
)

Floats = NDArray[np.float64]
Z = float(stats.norm.ppf(0.975))


# ---------------------------------------------------------------- rates

MEANS = np.concatenate([np.arange(0.5, 10, 0.25), np.arange(10, 60, 2.5)])


def _poisson(least: bool) -> Row[Any]:
    methods = (
        Method("Wald", one_count(lambda k: (k - Z * math.sqrt(k), k + Z * math.sqrt(k)))),
        Method("exact (Garwood)", one_count(lambda k: poisson_exact(k, 1))),
    )
    return exact(
        "rate-least" if least else "rate",
        f"95 % interval of a count: {'least' if least else 'mean'}",
        World("means .5 to 57.5, every outcome", lambda rng, runs: MEANS),
        methods,
        1,
        (95.0, None) if least else (95.0, 98.5),
        least=least,
    )


def _rate_row(key: str, name: str, interval: Callable[[float, float], tuple[float, float]]) -> Row[Any]:
    return exact(
        f"rate-{key}",
        "95 % interval of a count: mean",
        World("means .5 to 57.5, every outcome", lambda rng, runs: MEANS),
        (Method(name, one_count(lambda k: interval(k, 1))),),
        0,
        (94.0, 97.0),
    )


def one_count(interval: Callable[[int], tuple[float, float]]) -> Callable[[Floats], Floats]:
    """Probability that the interval of a Poisson count holds its mean, for each mean."""

    def covered(means: Floats) -> Floats:
        outcomes = np.arange(140)
        bounds = np.array([interval(int(k)) for k in outcomes])
        chance = stats.poisson.pmf(outcomes[None, :], means[:, None])
        held = (bounds[None, :, 0] <= means[:, None]) & (means[:, None] <= bounds[None, :, 1])
        found: Floats = (chance * held).sum(axis=1)
        return found

    return covered


def _rates_drawn(rng: np.random.Generator, runs: int) -> NDArray[np.int64]:
    """Counts of two equal rates, the second with twice the exposure: int64[runs, 2], means 2 to 40."""
    mean = rng.uniform(2, 40, runs)
    return np.stack([rng.poisson(mean), rng.poisson(2 * mean)], axis=1)


def ratio_holds(drawn: NDArray[np.int64]) -> Floats:
    """1 where the exact interval of the ratio holds 1."""
    bounds = [rate_ratio(e1, 1, e2, 2)[:2] for e1, e2 in drawn.tolist()]
    return np.array([float(low <= 1 <= high) for low, high in bounds])


def score_ratio_holds(drawn: NDArray[np.int64]) -> Floats:
    """The same by the score interval."""
    bounds = [rate_ratio_score(e1, 1, e2, 2)[:2] for e1, e2 in drawn.tolist()]
    return np.array([float(low <= 1 <= high) for low, high in bounds])


def difference_holds(drawn: NDArray[np.int64]) -> Floats:
    """1 where the MOVER interval of the difference holds 0."""
    bounds = [rate_difference(e1, 1, e2, 2)[:2] for e1, e2 in drawn.tolist()]
    return np.array([float(low <= 0 <= high) for low, high in bounds])


RATES: tuple[Row[Any], ...] = (
    _poisson(False),
    _poisson(True),
    Row(
        "rates",
        "95 % interval of the ratio (difference) of two equal rates holds 1 (0)",
        World("means 2 to 40, exposure 1 and 2", _rates_drawn),
        (),
        (Method("exact ratio", ratio_holds), Method("MOVER on Garwood", difference_holds)),
        95.0,
        99.0,
        full=10_000,
        block=500,
        quick=500,
        note="exact limits hold at least their level",
    ),
    Row(
        "rates-score",
        "95 % interval of the ratio of two equal rates holds 1",
        World("means 2 to 40, exposure 1 and 2", _rates_drawn),
        (),
        (Method("score ratio", score_ratio_holds),),
        94.0,
        97.0,
        full=10_000,
        block=500,
        quick=500,
    ),
)


# ---------------------------------------------------------------- net scores

MIXES = [
    (up, down) for up in np.arange(0.1, 0.85, 0.1) for down in np.arange(0.05, 0.5, 0.1) if up + down <= 0.95
]


def net_score(interval: Callable[[int, int, int], tuple[float, float]]) -> Callable[[int], Floats]:
    """Probability that the interval holds the net score, for each mix."""

    def judge(n: int) -> Floats:
        outcomes = [(up, down) for up in range(n + 1) for down in range(n + 1 - up)]
        bounds = np.array([interval(up, n - up - down, down) for up, down in outcomes])
        counts = np.array([[up, n - up - down, down] for up, down in outcomes])
        found = []
        for up, down in MIXES:
            chance = stats.multinomial.pmf(counts, n, [up, 1 - up - down, down])
            truth = up - down
            held = (bounds[:, 0] <= truth + 1e-12) & (truth - 1e-12 <= bounds[:, 1])
            found.append(float(chance @ held))
        return np.array(found)

    return judge


def wald_net(up: int, rest: int, down: int) -> tuple[float, float]:
    """Net score ± 1.96 SE."""
    n = up + rest + down
    score = (up - down) / n
    half = Z * math.sqrt(max((up + down) / n - score**2, 0.0) / n)
    return score - half, score + half


def _scores_drawn(n: int) -> Callable[[np.random.Generator, int], NDArray[np.int64]]:
    def draw(rng: np.random.Generator, runs: int) -> NDArray[np.int64]:
        chosen = rng.integers(0, len(MIXES), runs)
        p = np.array([(up, 1 - up - down, down) for up, down in MIXES])[chosen]
        return np.stack([rng.multinomial(n, p), rng.multinomial(n, p)], axis=1)

    return draw


def score_difference_holds(drawn: NDArray[np.int64]) -> Floats:
    """1 where the interval of the difference of two net scores holds 0."""
    bounds = [nps_difference(tuple(now), tuple(before))[:2] for now, before in drawn.tolist()]
    return np.array([float(low <= 0 <= high) for low, high in bounds])


SCORES: tuple[Row[Any], ...] = (
    *(
        exact(
            f"nps-{n}",
            "95 % interval of a net promoter score: mean",
            World(f"n {n}, {len(MIXES)} mixes, every outcome", lambda rng, runs, n=n: n),  # type: ignore[misc]
            (Method("Wald", net_score(wald_net)), Method("adjusted Wald", net_score(nps_interval))),
            1,
            (94.0, 97.0),
        )
        for n in (10, 20, 50)
    ),
    *(
        Row(
            f"nps-difference-{n}",
            "95 % interval of the difference of two equal net promoter scores holds 0",
            World(f"n {n} and {n}, {len(MIXES)} mixes", _scores_drawn(n)),
            (),
            (Method("adjusted Wald", score_difference_holds),),
            94.5,
            99.8,
            full=10_000,
            block=500,
            quick=500,
        )
        for n in (10, 50)
    ),
)


OTHER_RATES: tuple[Row[Any], ...] = (
    *(
        _rate_row(key, name, interval)
        for key, name, interval in (
            ("score", "score", rate_score),
            ("jeffreys", "Jeffreys", rate_jeffreys),
        )
    ),
)

ROWS: tuple[Row[Any], ...] = (*RATES, *OTHER_RATES, *SCORES)
