"""The pieces of arithmetic: the reference, the contrast, the interval, what cannot be told apart."""

from __future__ import annotations

import itertools
import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.charts import LIGHT
from kpi.charts.impact import MOST, ImpactBar, impact
from kpi.improvements.contrasts import bounds_of, compared, exact, grouped, pulls, sides
from kpi.improvements.placing import _same
from kpi.improvements.references import references
from kpi.measures import Cells, Share
from kpi.measures.evidence import Evidence
from kpi.model import Unit
from kpi.stats import empirical_bayes
from kpi.words.improvement_sentences import tied


def test_the_reference_is_the_median_of_the_others_where_they_are_known_well() -> None:
    values = np.array([0.5, 0.8, 0.82, 0.84, 0.9])
    found = references(values, np.full(5, 1e-9))
    for place in range(5):
        assert found.values[place] == pytest.approx(np.median(np.delete(values, place)), abs=1e-4)


def test_the_reference_is_the_common_mean_where_the_others_do_not_differ() -> None:
    rows = np.array([1000, 10, 10, 10, 10, 10, 10])
    # Shares of ten rows are 0.8 or 0.9 when the truth is 0.85: their plain median is drawn to one of them.
    hits = np.array([850, 9, 8, 9, 8, 9, 8])
    variances = 0.85 * 0.15 / rows
    found = references(hits / rows, variances)
    assert found.values[0] == pytest.approx(0.85)
    assert np.diag(found.weights) == pytest.approx(np.zeros(7))


def test_the_others_are_shrunk_as_the_estimator_shrinks_them() -> None:
    values, variances = np.array([0.9, 0.70, 0.80, 0.95]), np.full(4, 0.004)
    mine = references(values, variances)
    theirs = empirical_bayes(values[1:], variances[1:])
    assert theirs.values is not None  # equal variances: both moment estimators agree
    assert mine.values[0] == pytest.approx(float(np.median(theirs.values)), abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(1e-6, 1)), min_size=2, max_size=12))
def test_weights_of_a_reference_add_up_and_leave_the_value_out(pairs: list[tuple[float, float]]) -> None:
    values, variances = (np.array(each) for each in zip(*pairs, strict=True))
    found = references(values, variances)
    assert found.weights.sum(axis=1) == pytest.approx(np.ones(values.size))
    assert (found.weights >= -1e-12).all()
    assert np.diag(found.weights) == pytest.approx(np.zeros(values.size))
    for place in range(values.size):
        others = np.delete(values, place)
        assert others.min() - 1e-9 <= found.values[place] <= others.max() + 1e-9


def cells(n: int, k: int, day: int = 0) -> Cells:
    return Cells.of_rows([day, day + 1], [0, 1], {"n": [n - n // 2, n // 2], "k": [k - k // 2, k // 2]})


def test_two_values_are_each_others_reference() -> None:
    made = compared(
        grouped(Share("k", "n"), [("a", (), cells(100, 80)), ("b", (), cells(50, 45))], ("a", "b"))
    )
    assert made is not None
    assert made.gap == pytest.approx([0.1, -0.1])
    pooled = (100 * 0.8 * 0.2 + 50 * 0.9 * 0.1) / 150
    assert made.plain == pytest.approx([pooled * (1 / 100 + 1 / 50)] * 2)  # larger than each apart


def test_a_channel_is_not_blamed_for_its_issues() -> None:
    """Simpson: within each issue both channels are alike; e-mail carries the hard one."""
    found = [
        ("email", ("hard",), cells(800, 400)),
        ("email", ("easy",), cells(200, 180)),
        ("chat", ("hard",), cells(100, 50)),
        ("chat", ("easy",), cells(900, 810)),
    ]
    alike = compared(grouped(Share("k", "n"), found, ("email", "chat")))
    assert alike is not None
    assert alike.alike
    assert alike.level == pytest.approx([0.58, 0.86])
    assert alike.gap == pytest.approx([0.0, 0.0], abs=1e-12)
    raw = compared(grouped(Share("k", "n"), [(a, (), c) for a, _, c in found], ("email", "chat")))
    assert raw is not None
    assert raw.gap == pytest.approx([0.28, -0.28])


def test_a_value_with_issues_of_its_own_alone_is_not_compared() -> None:
    found = [
        ("email", ("letters",), cells(500, 100)),
        ("chat", ("links",), cells(500, 400)),
        ("phone", ("links",), cells(500, 450)),
    ]
    made = compared(grouped(Share("k", "n"), found, ("email", "chat", "phone")))
    assert made is not None
    assert made.groups.names == ("chat", "phone")


def test_pulls_of_days_add_up_to_nothing() -> None:
    found = [("a", (), cells(100, 80)), ("b", (), cells(50, 45)), ("c", (), cells(70, 60))]
    made = compared(grouped(Share("k", "n"), found, ("a", "b", "c")))
    assert made is not None
    given_days = pulls(made.groups, (0, 1))
    for at in range(3):
        one, other = sides(made, at, given_days)
        assert one.residual.sum() == pytest.approx(0.0)
        assert other.residual.sum() == pytest.approx(0.0)
        assert other.size.sum() == pytest.approx(made.n[at])


def test_all_or_none_in_every_group_still_has_an_answer_and_alike_rows_have_none() -> None:
    apart = compared(
        grouped(Share("k", "n"), [("a", (), cells(40, 0)), ("b", (), cells(40, 40))], ("a", "b"))
    )
    assert apart is not None
    assert (apart.plain > 0).all()
    same = [("a", (), cells(40, 40)), ("b", (), cells(40, 40))]
    assert compared(grouped(Share("k", "n"), same, ("a", "b"))) is None


def test_exact_bounds_agree_with_published_ones() -> None:
    # Newcombe (1998), Stat Med 17:857, table I, method 5
    for k, n, low, high in ((81, 263, 0.2527, 0.3676), (15, 148, 0.0578, 0.1617), (0, 20, 0.0, 0.1684)):
        assert exact(k, n, 0.025) == pytest.approx((low, high), abs=5e-5)
    assert exact(3, 10, 0.0) == (0.0, 1.0)


def test_columns_that_part_rows_alike_are_one() -> None:
    one = pd.Categorical(["a", "b", "a"])
    assert _same(one, pd.Categorical(["x", "y", "x"])) == {"a": "x", "b": "y"}
    assert _same(one, pd.Categorical(["x", "y", "y"])) is None
    assert _same(one, pd.Categorical(["x", "y", "z"])) is None


def look(low: float, high: float) -> Any:
    return SimpleNamespace(low=low, high=high)


def test_what_overlaps_the_first_is_not_ranked_below_it() -> None:
    first, second, third = look(3, 5), look(2, 3.5), look(1, 2.9)
    assert tied([first, second, third]) == (first, second)
    assert tied([]) == ()


def bar(name: str, value: float, tone: str = "unclear") -> ImpactBar:
    return ImpactBar(name, value, value - 0.01, value + 0.01, tone, f"{value}", "interval")


def test_the_picture_shows_the_first_rows_with_their_intervals() -> None:
    bars = [bar(f"v{n}", 0.1 - n / 1000, "behind" if not n else "unclear") for n in range(MOST + 5)]
    chart = impact(bars, Unit.PERCENT, "gain", LIGHT).to_dict()
    rows = next(data for data in chart["datasets"].values() if data and "tone" in data[0])
    assert len(rows) == MOST
    assert rows[0]["value"] == pytest.approx(10.0)
    assert rows[0]["low"] == pytest.approx(9.0)
    assert [row["tone"] for row in rows[:2]] == ["behind", "unclear"]
    colours = list(itertools.chain.from_iterable(_ranges(chart)))
    assert LIGHT.worse in colours
    assert LIGHT.better in colours


def _ranges(node: Any) -> list[list[str]]:
    if isinstance(node, dict):
        own = [node["range"]] if isinstance(node.get("range"), list) else []
        return own + [each for value in node.values() for each in _ranges(value)]
    return [each for value in node for each in _ranges(value)] if isinstance(node, list) else []


def test_no_bars_and_unknown_tones_are_refused_in_words() -> None:
    with pytest.raises(ValueError, match="nothing to draw"):
        impact([], Unit.PERCENT, "gain", LIGHT)
    with pytest.raises(ValueError, match="purple"):
        impact([bar("a", 0.1, "purple")], Unit.PERCENT, "gain", LIGHT)


def test_intervals_hold_the_gap_to_the_median_of_the_true_others() -> None:
    """One value far behind seven that are alike: coverage over 200 seeded worlds, every value looked at."""
    random = np.random.default_rng(7)
    truth, n = np.array([0.58] + [0.84] * 7), [240, 50, 80, 85, 85, 115, 170, 140]
    gap = np.array([float(np.median(np.delete(truth, at))) for at in range(8)]) - truth
    inside = worlds = 0
    for _ in range(200):
        hits = random.binomial(n, truth)
        found = [(str(at), (), Cells.of_rows([0], [0], {"n": [n[at]], "k": [hits[at]]})) for at in range(8)]
        made = compared(grouped(Share("k", "n"), found, tuple(map(str, range(8)))))
        assert made is not None
        for at in range(8):
            evidence = Evidence(float(made.plain[at]), math.inf, 1.0, "independent rows")
            low, high = bounds_of(made, at, evidence, evidence.crit(0.95))
            inside += low <= gap[at] <= high
            worlds += 1
    assert 0.93 <= inside / worlds <= 0.985
