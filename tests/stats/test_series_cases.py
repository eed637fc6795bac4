"""Published numbers of trends and change points, each with its source and the tolerance its digits allow."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy import stats as reference

from kpi.stats import (
    buishand_range,
    buishand_u,
    cox_stuart,
    mann_kendall,
    pettitt,
    seasonal_mann_kendall,
    snht,
    sup_f,
)

# Monthly mean air temperature at Nottingham Castle 1920-1939 (R datasets: nottem).
NOTTEM = [
    40.6, 40.8, 44.4, 46.7, 54.1, 58.5, 57.7, 56.4, 54.3, 50.5, 42.9, 39.8, 44.2, 39.8, 45.1, 47, 54.1,
    58.7, 66.3, 59.9, 57, 54.2, 39.7, 42.8, 37.5, 38.7, 39.5, 42.1, 55.7, 57.8, 56.8, 54.3, 54.3, 47.1,
    41.8, 41.7, 41.8, 40.1, 42.9, 45.8, 49.2, 52.7, 64.2, 59.6, 54.4, 49.2, 36.3, 37.6, 39.3, 37.5,
    38.3, 45.5, 53.2, 57.7, 60.8, 58.2, 56.4, 49.8, 44.4, 43.6, 40, 40.5, 40.8, 45.1, 53.8, 59.4, 63.5,
    61, 53, 50, 38.1, 36.3, 39.2, 43.4, 43.4, 48.9, 50.6, 56.8, 62.5, 62, 57.5, 46.7, 41.6, 39.8, 39.4,
    38.5, 45.3, 47.1, 51.7, 55, 60.4, 60.5, 54.7, 50.3, 42.3, 35.2, 40.8, 41.1, 42.8, 47.3, 50.9, 56.4,
    62.2, 60.5, 55.4, 50.2, 43, 37.3, 34.8, 31.3, 41, 43.9, 53.1, 56.9, 62.5, 60.3, 59.8, 49.2, 42.9,
    41.9, 41.6, 37.1, 41.2, 46.9, 51.2, 60.4, 60.1, 61.6, 57, 50.9, 43, 38.8, 37.1, 38.4, 38.4, 46.5,
    53.5, 58.4, 60.6, 58.2, 53.8, 46.6, 45.5, 40.6, 42.4, 38.4, 40.3, 44.6, 50.9, 57, 62.1, 63.5, 56.3,
    47.3, 43.6, 41.8, 36.2, 39.3, 44.5, 48.7, 54.2, 60.8, 65.5, 64.9, 60.1, 50.2, 42.1, 35.8, 39.4,
    38.2, 40.4, 46.9, 53.4, 59.6, 66.5, 60.4, 59.2, 51.2, 42.8, 45.8, 40, 42.6, 43.5, 47.1, 50, 60.5,
    64.6, 64, 56.8, 48.6, 44.2, 36.4, 37.3, 35, 44, 43.9, 52.7, 58.6, 60, 61.1, 58.1, 49.6, 41.6, 41.3,
    40.8, 41, 38.4, 47.4, 54.1, 58.6, 61.4, 61.8, 56.3, 50.9, 41.4, 37.1, 42.1, 41.2, 47.3, 46.6, 52.4,
    59, 59.6, 60.4, 57, 50.7, 47.8, 39.2, 39.4, 40.9, 42.4, 47.8, 52.4, 58, 60.7, 61.8, 58.2, 46.7,
    46.6, 37.8,
]  # fmt: skip

# Annual flow of the Nile at Aswan 1871-1970 (R datasets: Nile; Durbin & Koopman 2001).
NILE = [
    1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180, 799,
    958, 1140, 1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694, 940, 833, 701, 916,
    692, 1020, 1050, 969, 831, 726, 456, 824, 702, 1120, 1100, 832, 764, 821, 768, 845, 864, 862, 698,
    845, 744, 796, 1040, 759, 781, 865, 845, 944, 984, 897, 822, 1010, 771, 676, 649, 846, 812, 742,
    801, 1040, 860, 874, 848, 890, 744, 749, 838, 1050, 918, 986, 797, 923, 975, 815, 1020, 906, 901,
    1170, 912, 746, 919, 718, 714, 740,
]  # fmt: skip

# Annual precipitation of the Great Lakes 1900-1986 (R package Kendall: PrecipGL).
PRECIPGL = [
    31.69, 29.77, 31.7, 33.06, 31.31, 32.72, 31.18, 29.9, 29.17, 31.48, 28.11, 32.61, 31.31, 30.96,
    28.4, 30.68, 33.67, 28.65, 30.62, 30.21, 28.79, 30.92, 30.92, 28.13, 30.51, 27.63, 34.8, 32.1,
    33.86, 32.33, 25.69, 30.6, 32.85, 30.31, 27.71, 30.34, 29.14, 33.41, 33.51, 29.9, 32.69, 32.34,
    35.01, 33.05, 31.15, 36.36, 29.83, 33.7, 29.81, 32.41, 35.9, 37.45, 30.39, 31.15, 35.75, 31.14,
    30.06, 32.4, 28.44, 36.38, 31.73, 31.27, 28.51, 26.01, 31.27, 35.57, 30.85, 33.35, 35.82, 31.78,
    34.25, 31.43, 35.97, 33.87, 28.94, 34.62, 31.06, 38.84, 32.25, 35.86, 32.93, 32.69, 34.39, 33.97,
    32.15, 40.16, 36.32,
]  # fmt: skip

# Sachs (1997) Angewandte Statistik, p. 486.
SACHS = [5, 6, 2, 3, 5, 6, 4, 3, 7, 8, 9, 7, 5, 3, 4, 7, 3, 5, 6, 7, 8, 9]


def test_smk_nottem() -> None:
    """Vignette of the R package trend (Pohlert): smk.test(nottem)."""
    trend = seasonal_mann_kendall(NOTTEM, 12)
    assert trend.s == 224
    assert trend.variance == pytest.approx(11364, abs=0.5)
    assert trend.z == pytest.approx(2.0919, abs=6e-5)
    assert trend.p == pytest.approx(0.03645, abs=6e-6)


def test_sea_sen_nottem() -> None:
    """Vignette of the R package trend: sea.sens.slope(nottem)."""
    trend = seasonal_mann_kendall(NOTTEM, 12)
    assert trend.slope == pytest.approx(0.05, abs=1e-9)
    assert trend.low is not None
    assert trend.high is not None
    assert trend.low <= 0.05 <= trend.high


def test_mk_precipgl() -> None:
    """R package Kendall: MannKendall(PrecipGL) gives tau = .265, p = .00029206."""
    trend = mann_kendall(PRECIPGL)
    assert trend.tau == pytest.approx(0.265, abs=6e-4)
    assert trend.p == pytest.approx(0.00029206, abs=5e-8)


def test_mk_nile() -> None:
    """pymannkendall 1.4.3 original_test and scipy's theilslopes: a trend test that fires on a level shift."""
    trend = mann_kendall(NILE)
    assert trend.s == -1387
    assert trend.variance == pytest.approx(112728.3333, abs=1e-3)
    assert trend.z == pytest.approx(-4.128067, abs=1e-6)
    assert trend.p == pytest.approx(3.658263e-05, abs=1e-11)
    assert trend.slope == pytest.approx(-2.6, abs=1e-9)
    slope, _, low, high = reference.theilslopes(NILE, np.arange(100), 0.95)
    assert (trend.slope, trend.low, trend.high) == pytest.approx((slope, low, high), abs=0.02)


def test_cox_stuart_sachs() -> None:
    """Vignette of the R package trend: cs.test on the data of Sachs."""
    trend = cox_stuart(SACHS)
    assert trend.z == pytest.approx(2.0926, abs=6e-5)
    assert trend.p == pytest.approx(0.03639, abs=6e-6)


def test_nile_buishand() -> None:
    """Vignette of the R package trend: br.test(Nile), bu.test(Nile); Buishand (1982, 1984)."""
    assert buishand_range(NILE).statistic == pytest.approx(2.9518, abs=6e-5)
    assert buishand_u(NILE).statistic == pytest.approx(2.4764, abs=6e-5)
    assert buishand_range(NILE).at == buishand_u(NILE).at == 28


def test_nile_supF() -> None:
    """R package strucchange: Fstats and breakpoints of the Nile; Bai & Perron."""
    change = sup_f(NILE, trim=0.15)
    assert change.statistic == pytest.approx(75.93, abs=6e-3)
    assert change.at == 28
    assert change.rss_without == pytest.approx(2835157, abs=0.6)
    assert change.rss_with == pytest.approx(1597457, abs=0.6)


def test_nile_snht_and_pettitt() -> None:
    """R package trend: snh.test and pettitt.test of the Nile."""
    assert snht(NILE).statistic == pytest.approx(43.219, abs=6e-4)
    assert snht(NILE).at == pettitt(NILE).at == 28
    assert pettitt(NILE).statistic == 1617
    assert pettitt(NILE).p == pytest.approx(3.591e-07, abs=6e-11)


def test_sup_f_p_is_that_of_the_tables() -> None:
    # Andrews (2003) corrected tables: one parameter, trimming 15 %: 8.68 at 5 %, 12.16 at 1 %. A series
    # whose largest F is near the tabled value must get a p near the level of the table.
    rng = np.random.default_rng(11)
    found = [sup_f(rng.standard_normal(300)) for _ in range(400)]
    beyond = [one for one in found if one.statistic is not None and one.statistic > 8.68]
    assert all(one.p is not None and one.p < 0.052 for one in beyond)
    assert 0.02 < len(beyond) / 400 < 0.085


def test_nile_local_level() -> None:
    """Durbin & Koopman (2001), section 2.10: 15099 and 1469.1, by statsmodels, which only tests use.

    The product has no local-level model: the daily engine averages over persistence instead. The number is
    kept as a check of the data and of the two settings statsmodels needs to reach it.
    """
    structural = pytest.importorskip("statsmodels.tsa.statespace.structural")
    model = structural.UnobservedComponents(np.array(NILE, float), "local level", use_exact_diffuse=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = model.fit(disp=0, pgtol=1e-12, factr=1)
    irregular, level = (float(value) for value in fitted.params)
    assert irregular == pytest.approx(15099, abs=6)
    assert level == pytest.approx(1469.1, abs=6)
    # What it says of the Nile, the single break says as well: the level fell around 1898.
    smoothed = fitted.smoothed_state[0]
    assert smoothed[:28].mean() - smoothed[28:].mean() > 150
    assert sup_f(NILE).at == 28


def test_pairs_of_statsmodels_and_scipy_agree() -> None:
    rng = np.random.default_rng(5)
    for _ in range(20):
        values = rng.integers(0, 12, 40).astype(float)
        tau = reference.kendalltau(np.arange(40), values).statistic
        assert mann_kendall(values).tau == pytest.approx(float(tau), abs=1e-12)
