"""Published control charts, each with its source and the tolerance its digits allow."""

from __future__ import annotations

import numpy as np
import pytest

from kpi.stats import c_chart, cusum, ewma, laney, p_chart, signals, u_chart, xmr
from kpi.stats.control_rules import (
    LIMITS,
    NELSON,
    NHS_MDC,
    TREND_7,
    TWO_OF_THREE_NHS,
    alternating,
    anhoej_runs,
    four_of_five,
    outside_one_sigma,
    shift,
    trend,
    two_of_three,
    within_one_sigma,
)

MORTGAGE = [
    310, 288, 297, 298, 307, 303, 294, 297, 308, 306, 294, 299, 297, 299, 314, 295, 293, 306, 301, 304,
]  # fmt: skip
ORANGE_JUICE = [
    12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7,
    13, 9, 6,
]  # fmt: skip
CIRCUIT_BOARDS = [
    21, 24, 16, 12, 15, 5, 28, 20, 31, 25, 20, 24, 16, 19, 10, 17, 13, 22, 18, 39, 30, 24, 16, 19, 17,
    15,
]  # fmt: skip
ORDERS = [
    100, 80, 80, 100, 110, 110, 100, 100, 90, 90, 110, 120, 120, 120, 110, 80, 80, 80, 90, 100, 100,
    100, 100, 90, 90,
]  # fmt: skip
ORDER_ERRORS = [
    12, 8, 6, 9, 10, 12, 11, 16, 10, 6, 20, 15, 9, 8, 6, 8, 10, 7, 5, 8, 5, 8, 10, 6, 9,
]  # fmt: skip
MONTGOMERY = [
    9.45, 7.99, 9.29, 11.66, 12.16, 10.18, 8.04, 11.46, 9.2, 10.34, 9.03, 11.47, 10.51, 9.4, 10.08,
    9.37, 10.62, 10.31, 8.52, 10.84, 10.9, 9.33, 12.29, 11.5, 10.6, 11.08, 10.38, 11.62, 11.31, 10.52,
]  # fmt: skip
NIST = [
    52, 47, 53, 49.3, 50.1, 47, 51, 50.1, 51.2, 50.5, 49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4,
    53.6, 52.1,
]  # fmt: skip
NIST_EWMA = [
    50.6, 49.52, 50.56, 50.18, 50.16, 49.21, 49.75, 49.85, 50.26, 50.33, 50.11, 49.36, 49.52, 50.05,
    49.38, 49.92, 50.73, 51.23, 51.94, 51.99,
]  # fmt: skip


def numbers(flags: np.ndarray) -> list[int]:
    """1-based numbers of the flagged points, as the books count them."""
    return [int(place) + 1 for place in np.flatnonzero(flags)]


def outside(chart: object) -> list[int]:
    return numbers(signals(chart, (LIMITS,)).flags["limits"])


def test_xmr_mortgage() -> None:
    """Montgomery, Introduction to Statistical Quality Control, 6th ed., example 6.5."""
    chart = xmr(MORTGAGE)
    assert chart.centre == pytest.approx(300.5, abs=0.02)
    assert chart.mean_range == pytest.approx(7.79, abs=0.02)
    assert chart.lower[0] == pytest.approx(279.78, abs=0.02)
    assert chart.upper[0] == pytest.approx(321.22, abs=0.02)
    assert chart.range_limit == pytest.approx(25.45, abs=0.02)


def test_xmr_nhs_screen() -> None:
    """NHSRplotthedots, vignette "Deviations from Excel defaults" (Making Data Count); Nelson (1982)."""
    values = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
    screened, plain = xmr(values), xmr(values, screen=False)
    assert screened.centre == plain.centre == pytest.approx(1.94, abs=0.006)
    assert (screened.lower[0], screened.upper[0]) == pytest.approx((-0.72, 4.6), abs=0.006)
    assert (plain.lower[0], plain.upper[0]) == pytest.approx((-3.06, 6.95), abs=0.006)
    assert numbers(screened.screened) == [5, 6]


def test_nhs_two_of_three_sides() -> None:
    """NHSRplotthedots, test-ptd_spc_standard.R and issue 143: the two must be on the same side."""
    values = [1.0, -1.0] * 7 + [5.5, -5.5]
    found = signals(xmr(values), NHS_MDC).flags["2 of 3, one side"]
    assert not found[-2:].any()
    # Whatever the limits, two points on opposite sides never complete the pattern.
    z = np.array(values) / 2.2
    for one_side in (True, False):
        assert not two_of_three(z, one_side=one_side)[-2:].any()


def test_pchart_oj() -> None:
    """Montgomery, example 7.1 (frozen orange juice concentrate); R qcc: orangejuice."""
    chart = p_chart(ORANGE_JUICE, 50)
    assert chart.centre == pytest.approx(0.2313, abs=1.1e-4)
    assert (chart.lower[0], chart.upper[0]) == pytest.approx((0.0524, 0.4102), abs=1.1e-4)
    assert outside(chart) == [15, 23]
    kept = ~signals(chart, (LIMITS,)).flags["limits"]
    revised = p_chart(ORANGE_JUICE, 50, baseline=kept)
    assert revised.centre == pytest.approx(0.215, abs=1.1e-4)
    assert (revised.lower[0], revised.upper[0]) == pytest.approx((0.0407, 0.3893), abs=1.1e-4)


def test_cchart_pcb() -> None:
    """Montgomery, example 7.3 (printed circuit boards); R qcc: circuit."""
    chart = c_chart(CIRCUIT_BOARDS)
    assert chart.centre == pytest.approx(19.85, abs=0.011)
    assert (chart.lower[0], chart.upper[0]) == pytest.approx((6.48, 33.22), abs=0.011)
    assert outside(chart) == [6, 20]
    revised = c_chart(CIRCUIT_BOARDS, baseline=~signals(chart, (LIMITS,)).flags["limits"])
    assert revised.centre == pytest.approx(19.67, abs=0.011)
    assert (revised.lower[0], revised.upper[0]) == pytest.approx((6.36, 32.97), abs=0.011)


def test_pchart_variable() -> None:
    """Montgomery, table 7.4 (purchase orders): p̄ = 234/2450, sample 11 out of control."""
    chart = p_chart(ORDER_ERRORS, ORDERS)
    assert chart.centre == pytest.approx(0.096, abs=6e-4)
    assert outside(chart) == [11]


def test_cusum_montgomery() -> None:
    """Montgomery, tables 9.1 and 9.2: C+ exceeds H = 5 first at period 29, at 5.28."""
    sums = cusum(MONTGOMERY, 10, 1, k=0.5, h=5)
    assert sums.high[28] == pytest.approx(5.28, abs=0.006)
    assert numbers(sums.above)[0] == 29
    assert not sums.below.any()


def test_cusum_qcc() -> None:
    """R qcc, test-cusum.R: a sum at the boundary is no signal."""
    sums = cusum([1.5, 0.5, 0.6, -1.5, -0.5, -0.8], 0, 1, k=0.5, h=1)
    assert sums.high.tolist() == pytest.approx([1.0, 1.0, 1.1, 0, 0, 0], abs=1e-12)
    assert sums.low.tolist() == pytest.approx([0, 0, 0, -1.0, -1.0, -1.3], abs=1e-12)
    assert numbers(sums.above) == [3]
    assert numbers(sums.below) == [6]


def test_ewma_nist() -> None:
    """NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.4."""
    chart = ewma(NIST, 50, 2.0539, weight=0.3)
    assert chart.steady == pytest.approx((47.4115, 52.5884), abs=0.011)
    assert chart.average.tolist() == pytest.approx(NIST_EWMA, abs=0.011)
    assert not chart.beyond.any()
    assert chart.upper[-1] == pytest.approx(52.5884, abs=0.011)


def test_nelson_rule7() -> None:
    """R qcc, test-qcc.R: Nelson's rule of 15 points within 1 σ flags points 15 and 16."""
    z = np.array([0.3] * 16 + [1.2])
    assert numbers(within_one_sigma(z)) == [15, 16]
    assert "15 within 1 σ" in [rule.name for rule in NELSON]


# Every rule at its edge: the shortest pattern that counts, the longest that does not.
UP = np.arange(7.0)
EDGES = [
    ("8 on one side", shift(np.full(8, 0.1)), [8]),
    ("7 are not 8", shift(np.full(7, 0.1)), []),
    ("a point on the centre ends a run", shift(np.array([1.0] * 4 + [0.0] + [1.0] * 4)), []),
    ("7 rising points", trend(UP), [7]),
    ("6 rising points", trend(UP[:6]), []),
    ("7 falling points", trend(-UP), [7]),
    ("equal neighbours end a trend", trend(np.array([0, 1, 2, 3, 3, 4, 5.0])), []),
    ("a trend goes on", trend(np.arange(9.0)), [7, 8, 9]),
    ("14 alternating", alternating(np.array([0.0, 1.0] * 7)), [14]),
    ("13 alternating", alternating(np.array([0.0, 1.0] * 6 + [0.0])), []),
    ("equal neighbours do not alternate", alternating(np.array([0.0, 1.0] * 3 + [1.0, 0.0] * 4)), []),
    ("2 of 3", two_of_three(np.array([2.1, 0.0, 2.1])), [3]),
    ("2 of 3: 2 σ exactly is not beyond", two_of_three(np.array([2.0, 0.0, 2.1])), []),
    ("2 of 4", two_of_three(np.array([2.1, 0.0, 0.0, 2.1])), []),
    ("2 of 3, the third on the other side", two_of_three(np.array([2.1, -0.1, 2.1])), [3]),
    ("NHS: all three on one side", two_of_three(np.array([2.1, -0.1, 2.1]), one_side=True), []),
    ("NHS: all three on one side, met", two_of_three(np.array([2.1, 0.1, 2.1]), one_side=True), [3]),
    (
        "NHS: a point beyond 3 σ is not one of two",
        two_of_three(np.array([3.1, 0.1, 2.1]), extremes=False),
        [],
    ),
    ("elsewhere it is", two_of_three(np.array([3.1, 0.1, 2.1])), [3]),
    ("4 of 5", four_of_five(np.array([1.1, 1.1, 0.0, 1.1, 1.1])), [5]),
    ("4 of 5 on two sides", four_of_five(np.array([1.1, 1.1, 0.0, 1.1, -1.1])), []),
    ("3 of 5", four_of_five(np.array([1.1, 1.1, 0.0, 0.0, 1.1])), []),
    ("8 outside 1 σ, on both sides", outside_one_sigma(np.array([1.1, -1.1] * 4)), [8]),
    ("one inside", outside_one_sigma(np.array([1.1, -1.1] * 3 + [0.9, 1.1])), []),
]


@pytest.mark.parametrize(("found", "expected"), [edge[1:] for edge in EDGES], ids=[edge[0] for edge in EDGES])
def test_rule(found: np.ndarray, expected: list[int]) -> None:
    assert numbers(found) == expected


def test_the_nhs_set_has_the_fixes_of_its_tool() -> None:
    assert [rule.name for rule in NHS_MDC] == ["limits", "shift of 7", "trend of 7", "2 of 3, one side"]
    assert TWO_OF_THREE_NHS.found(np.array([3.1, 0.1, 2.1])).tolist() == [False] * 3
    assert TWO_OF_THREE_NHS.found(np.array([2.1, 2.2, -0.1])).tolist() == [False] * 3
    assert numbers(TREND_7.found(np.array([0, 1, 2, 3, 4, 5, 5, 6.0]))) == []


def test_patterns_cover_the_points_of_a_run() -> None:
    baseline = [1.0, -1.0] * 10
    found = signals(xmr(baseline + [0.5] * 9, baseline=slice(0, 20)))
    assert numbers(found.flags["shift of 8"]) == [28, 29]
    assert numbers(found.patterns["shift of 8"]) == list(range(21, 30))
    assert found.names[27] == "shift of 8"


def test_laney_of_very_large_counts() -> None:
    """Laney (2002): with counts this large a p chart is all signals and P' has none."""
    rng = np.random.default_rng(2)
    totals = np.full(24, 1_700_000)
    share = 0.9 + 0.003 * rng.standard_normal(24)
    events = np.round(totals * share)
    assert len(outside(p_chart(events, totals))) > 12
    wide = laney(events, totals)
    assert outside(wide) == []
    assert wide.sigma_z == pytest.approx(0.003 / np.sqrt(0.09 / 1_700_000), rel=0.4)
    # Where counts vary as binomial or Poisson ones do, σz is near 1 and the charts agree.
    binomial = rng.binomial(400, 0.3, 3000)
    assert laney(binomial, np.full(3000, 400)).sigma_z == pytest.approx(1, abs=0.04)
    poisson = rng.poisson(30, 3000)
    assert laney(poisson, np.full(3000, 5.0), kind="u").sigma_z == pytest.approx(1, abs=0.04)
    assert u_chart(poisson, np.full(3000, 5.0)).centre == pytest.approx(6, abs=0.1)


def test_anhoej_runs_table() -> None:
    """Anhøj & Olesen (2014), PLoS ONE 9:e113825, table 1: limits at 10, 20 and 24 useful observations."""
    for n, longest, crossings in ((10, 6, 2), (20, 7, 6), (24, 8, 8)):
        runs = anhoej_runs(np.tile([1.0, -1.0], n // 2))
        assert (runs.longest_limit, runs.crossings_limit) == (longest, crossings)
        assert (runs.longest, runs.crossings) == (1, n - 1)
