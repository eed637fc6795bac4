"""How often "changed" is said of a process that did not change, and how often an interval holds the truth.

The world: agents who differ (intra-class correlation .05) and change a little from period to period, days
that follow each other (autocorrelation .6), a weekly rhythm, heavy-tailed durations. Independent rows would
call 8 to 40 % of such months "significant".
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from kpi.measures import Mean, Measure, Quantile, Rate, Score, Share, Survival
from kpi.stats import miettinen_nurminen

FIRST = 20000
MEASURES: dict[str, Measure] = {
    "share": Share("good", "all"),
    "score": Score("good", "bad", "all"),
    "mean": Mean("score", "all"),
    "median": Quantile("seconds", 0.5, "all"),
    "p90": Quantile("seconds", 0.9, "all"),
    "survival": Survival("waited", "ended", 0.5, "all"),
    "volume": Rate("all", total=True),
}
Rows = tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]
Span = tuple[int, int]


def draw_team(random: np.random.Generator, agents: int = 20) -> tuple[np.ndarray, np.ndarray]:
    """What lasts of each agent, and their shares of the work.

    Intra-class correlation on the logit scale: variance ÷ (variance + π²/3), so .4² gives .05.
    """
    return random.normal(0, 0.4, agents), random.dirichlet(np.full(agents, 3.0))


def world(
    random: np.random.Generator,
    now: int,
    before: int,
    agents: int = 20,
    per_day: float = 25,
    team: tuple[np.ndarray, np.ndarray] | None = None,
) -> tuple[Rows, Rows]:
    """Rows of two periods that follow each other, of a team drawn anew unless one is given."""
    lasting, shares = draw_team(random, agents) if team is None else team
    length = now + before
    shock = random.normal(0, 0.2, length)
    day_effect = np.zeros(length)
    day_effect[0] = shock[0]
    for t in range(1, length):
        day_effect[t] = 0.6 * day_effect[t - 1] + 0.8 * shock[t]
    weekend = (np.arange(length) + FIRST + 3) % 7 >= 5
    count = random.poisson(per_day * np.where(weekend, 0.3, 1.0) * np.exp(random.normal(0, 0.1, length)))
    day = np.repeat(np.arange(length), count)
    agent = random.choice(shares.size, day.size, p=shares)
    passing = random.normal(0, 0.12, (2, shares.size))
    late = day >= before
    eta = day_effect[day] + lasting[agent] + passing[late.astype(int), agent] + 0.1 * weekend[day]
    good = random.random(day.size) < 1 / (1 + np.exp(-1.4 - eta))
    seconds = np.ceil(np.exp(6 + 1.2 * random.normal(size=day.size) + 0.5 * eta)).astype(np.int32)
    so_far = np.ceil(np.exp(7.5 + random.normal(size=day.size))).astype(np.int32)
    columns = {
        "all": np.ones(day.size, np.uint8),
        "good": good.astype(np.uint8),
        "bad": (~good & (random.random(day.size) < 0.5)).astype(np.uint8),
        "score": np.clip(np.round(3.6 + 0.5 * eta + random.normal(size=day.size)), 1, 5),
        "seconds": seconds,
        "waited": np.minimum(seconds, so_far),
        "ended": (seconds <= so_far).astype(np.uint8),
    }

    def part(rows: np.ndarray) -> Rows:
        return day[rows] + FIRST, agent[rows], {name: column[rows] for name, column in columns.items()}

    return part(late), part(~late)


def false_alarms(seed: int, runs: int, now: int, before: int, **kind: float) -> tuple[Counter[str], float]:
    """How often each measure says "changed" at 5 %, and how often independent rows would, in percent."""
    random = np.random.default_rng(seed)
    alarms: Counter[str] = Counter(dict.fromkeys(MEASURES, 0))
    plain = 0
    spans = ((FIRST + before, FIRST + before + now - 1), (FIRST, FIRST + before - 1))
    for _ in range(runs):
        one, two = world(random, now, before, **kind)
        for name, measure in MEASURES.items():
            difference = measure.difference(measure.collect(*one), measure.collect(*two), exposure=spans)
            assert difference is not None
            assert difference.p is not None
            alarms[name] += difference.p < 0.05
        k1, n1, k2, n2 = one[2]["good"].sum(), one[0].size, two[2]["good"].sum(), two[0].size
        plain += miettinen_nurminen(int(k1), n1, int(k2), n2)[2] < 0.05
    return Counter({name: 100 * found / runs for name, found in alarms.items()}), 100 * plain / runs


TEAMS = 6


def covered(seed: int, runs: int, days: int) -> dict[str, float]:
    """How often the interval of one period holds the value of this team in the long run, in percent."""
    random = np.random.default_rng(seed)
    names = ("share", "score", "mean", "median", "p90")
    hits: Counter[str] = Counter()
    for _ in range(TEAMS):
        team = draw_team(random)
        many = [world(random, days, 1, per_day=40, team=team)[0][2] for _ in range(150)]
        pool = {
            name: np.concatenate([columns[name] for columns in many])
            for name in ("good", "bad", "score", "seconds")
        }
        truth = {
            "share": pool["good"].mean(),
            "score": 100 * (pool["good"].mean() - pool["bad"].mean()),
            "mean": pool["score"].mean(),
            "median": np.median(pool["seconds"]),
            "p90": np.quantile(pool["seconds"], 0.9),
        }
        for _ in range(runs // TEAMS):
            rows, _before = world(random, days, 1, team=team)
            for name in names:
                measure = MEASURES[name]
                estimate = measure.estimate(measure.collect(*rows))
                low = -np.inf if estimate.low is None else estimate.low
                high = np.inf if estimate.high is None else estimate.high
                hits[name] += low <= truth[name] <= high
    return {name: 100 * hits[name] / (runs // TEAMS * TEAMS) for name in names}


def test_month_against_month() -> None:
    alarms, plain = false_alarms(11, 300, 31, 30)
    assert max(alarms.values()) <= 8, alarms
    assert plain > 8
    # A procedure that never says anything would pass as well; this one does speak.
    assert sum(alarms.values()) / len(alarms) > 1.5, alarms


@pytest.mark.parametrize("days", [28, 31])
def test_one_period_is_covered(days: int) -> None:
    shares = covered(12, 300, days)
    assert min(shares.values()) >= 91, shares


def test_a_real_change_is_found() -> None:
    """Ten points less satisfied, 30 tickets a day: found in most months, never called an improvement."""
    random = np.random.default_rng(13)
    share = MEASURES["share"]
    worse = better = 0
    for _ in range(100):
        one, two = world(random, 31, 30, per_day=30)
        fewer = one[2]["good"] * (random.random(one[0].size) < 0.87)
        difference = share.difference(
            share.collect(one[0], one[1], one[2] | {"good": fewer.astype(np.uint8)}), share.collect(*two)
        )
        assert difference is not None
        assert difference.p is not None
        worse += difference.p < 0.05 and difference.value < 0
        better += difference.p < 0.05 and difference.value > 0
    assert worse >= 55
    assert better == 0


@pytest.mark.full
@pytest.mark.parametrize(
    ("now", "before", "kind", "limit"),
    [
        (31, 30, {}, 8.0),
        (28, 31, {"per_day": 8}, 8.0),
        (31, 30, {"per_day": 80}, 8.5),
        (31, 30, {"agents": 6}, 9.0),
        (7, 7, {}, 8.0),
        (14, 14, {}, 9.0),
        (91, 92, {}, 9.0),
    ],
)
def test_false_alarms_in_many_worlds(now: int, before: int, kind: dict[str, float], limit: float) -> None:
    alarms, _ = false_alarms(21, 2000, now, before, **kind)
    assert max(alarms.values()) <= limit, alarms


@pytest.mark.full
@pytest.mark.parametrize("days", [28, 31, 91])
def test_coverage_in_many_worlds(days: int) -> None:
    shares = covered(22, 2000, days)
    assert min(shares.values()) >= 91, shares


def halves(seed: int, runs: int, by_agent: bool) -> Counter[str]:
    """False alarms between two random halves of the rows, or between two halves of the agents, in percent."""
    random = np.random.default_rng(seed)
    alarms: Counter[str] = Counter()
    for _ in range(runs):
        rows, _before = world(random, 31, 1)
        first = rows[1] % 2 == 0 if by_agent else random.random(rows[0].size) < 0.5
        sides = [
            (rows[0][part], rows[1][part], {name: column[part] for name, column in rows[2].items()})
            for part in (first, ~first)
        ]
        for name, measure in MEASURES.items():
            if by_agent and name == "volume":
                continue
            one, two = (measure.collect(*side) for side in sides)
            difference = measure.difference(one, two, exposure=(FIRST + 1, FIRST + 31))
            assert difference is not None
            assert difference.p is not None
            alarms[name] += difference.p < 0.05
    return Counter({name: 100 * found / runs for name, found in alarms.items()})


@pytest.mark.parametrize("by_agent", [False, True], ids=["random halves", "halves of the agents"])
def test_two_halves_of_one_month(by_agent: bool) -> None:
    alarms = halves(14, 150, by_agent)
    assert max(alarms.values()) <= 8, alarms


@pytest.mark.full
@pytest.mark.parametrize("by_agent", [False, True], ids=["random halves", "halves of the agents"])
def test_two_halves_of_many_months(by_agent: bool) -> None:
    alarms = halves(24, 2000, by_agent)
    assert max(alarms.values()) <= 6.5, alarms
