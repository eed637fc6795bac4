"""Tests of a daily series as they are usually done."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
import statsmodels.api as sm
from numpy.typing import NDArray
from scipy import special

from calibration.worlds.days import Counted, Series

Floats = NDArray[np.float64]
Judge = Callable[[Series], Floats]
ALPHA = 0.05


def ordinary(contrast: Floats, *, weekdays: bool = True) -> Judge:
    """Ordinary least squares, t test."""

    def judge(drawn: Series) -> Floats:
        design = _design(contrast, drawn.weekday if weekdays else None)
        inverse = np.linalg.inv(design.T @ design)
        beta = inverse @ design.T @ drawn.values
        rest = drawn.values - design @ beta
        df = design.shape[0] - design.shape[1]
        t = beta[0] / np.sqrt((rest**2).sum(axis=0) / df * inverse[0, 0])
        return _called(special.stdtr(df, -np.abs(t)) * 2)

    return judge


def robust(contrast: Floats) -> Judge:
    """Ordinary least squares with Newey-West standard errors (statsmodels HAC)."""

    def judge(drawn: Series) -> Floats:
        n = contrast.size
        lags = int(4 * (n / 100) ** (2 / 9))
        design = _design(contrast, drawn.weekday)
        fits = (
            sm.OLS(column, design).fit(cov_type="HAC", cov_kwds={"maxlags": lags})
            for column in drawn.values.T
        )
        return _called(np.array([fit.pvalues[0] for fit in fits]))

    return judge


def autoregressive(contrast: Floats) -> Judge:
    """Generalised least squares with one plugged-in autocorrelation (statsmodels GLSAR)."""

    def judge(drawn: Series) -> Floats:
        design = _design(contrast, drawn.weekday)
        fits = (sm.GLSAR(column, design, rho=1).iterative_fit(maxiter=8) for column in drawn.values.T)
        return _called(np.array([fit.pvalues[0] for fit in fits]))

    return judge


def mann_kendall(drawn: Series) -> Floats:
    """Mann-Kendall test, days taken for independent."""
    values = drawn.values
    n = values.shape[0]
    score = sum(np.sign(values[place + 1 :] - values[place]).sum(axis=0) for place in range(n - 1))
    variance = n * (n - 1) * (2 * n + 5) / 18
    z = (np.abs(score) - 1) / np.sqrt(variance)
    return _called(2 * special.ndtr(-z))


def logistic(contrast: Floats, *, quasi: bool = False) -> Callable[[Counted], Floats]:
    """Logistic regression on tickets; ``quasi`` with the dispersion estimated from the days."""

    def judge(drawn: Counted) -> Floats:
        assert drawn.hits is not None
        design = _design(contrast, drawn.weekday)
        p = []
        for rows, hits in zip(drawn.rows.T, drawn.hits.T, strict=True):
            model = sm.GLM(np.column_stack([hits, rows - hits]), design, family=sm.families.Binomial())
            p.append(_fitted(model, quasi))
        return _called(np.array(p))

    return judge


def poisson(contrast: Floats) -> Callable[[Counted], Floats]:
    """Poisson regression on daily counts."""

    def judge(drawn: Counted) -> Floats:
        design = _design(contrast, drawn.weekday)
        models = (sm.GLM(rows, design, family=sm.families.Poisson()) for rows in drawn.rows.T)
        return _called(np.array([_fitted(model, False) for model in models]))

    return judge


def pettitt(drawn: Series) -> Floats:
    """Pettitt's test for a change at an unknown day, on values less their weekday's mean."""
    values = _deseasonalised(drawn)
    n = values.shape[0]
    ranks = values.argsort(axis=0).argsort(axis=0) + 1.0
    upto = 2 * np.cumsum(ranks, axis=0) - np.arange(1, n + 1)[:, None] * (n + 1)
    largest = np.abs(upto).max(axis=0)
    return _called(2 * np.exp(-6 * largest**2 / (n**3 + n**2)))


def cumulative_sum(drawn: Series) -> Floats:
    """CUSUM against the Kolmogorov distribution, on values less their weekday's mean."""
    values = _deseasonalised(drawn)
    n = values.shape[0]
    path = np.cumsum(values - values.mean(axis=0), axis=0) / values.std(axis=0, ddof=1) / np.sqrt(n)
    return _called(special.kolmogorov(np.abs(path).max(axis=0)))


def foretold(trend: bool) -> Judge:
    """Whether the mean of the coming days lies in the 95 % interval of least squares."""

    def judge(drawn: Series) -> Floats:
        n, ahead = drawn.values.shape[0], drawn.coming.shape[0]
        day = np.arange(n + ahead, dtype=np.float64)
        weekday = np.arange(n + ahead) % 7
        column = day if trend else None
        design = _design(column, weekday) if column is not None else _dummies(weekday)
        seen, future = design[:n], design[n:].mean(axis=0)
        inverse = np.linalg.inv(seen.T @ seen)
        beta = inverse @ seen.T @ drawn.values
        df = n - seen.shape[1]
        variance = ((drawn.values - seen @ beta) ** 2).sum(axis=0) / df
        se = np.sqrt(variance * (1 / ahead + future @ inverse @ future))
        gap = np.abs(drawn.coming.mean(axis=0) - future @ beta)
        found: Floats = (gap <= special.stdtrit(df, 0.975) * se).astype(np.float64)
        return found

    return judge


def t_mean(truth: float) -> Judge:
    """Whether the t interval of the mean of all days holds the truth."""

    def judge(drawn: Series) -> Floats:
        n = drawn.values.shape[0]
        values = drawn.values
        half = special.stdtrit(n - 1, 0.975) * values.std(axis=0, ddof=1) / np.sqrt(n)
        found: Floats = (np.abs(values.mean(axis=0) - truth) <= half).astype(np.float64)
        return found

    return judge


def _fitted(model: sm.GLM, quasi: bool) -> float:
    """p of the first coefficient; with ``quasi`` by the dispersion of Pearson residuals of whole days."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = model.fit()
    z = abs(float(fit.tvalues[0]))
    if not quasi:
        return float(2 * special.ndtr(-z))
    rows = model.endog * 0 + model.n_trials
    hits, mean = model.endog * rows, fit.fittedvalues
    dispersion = ((hits - rows * mean) ** 2 / (rows * mean * (1 - mean))).sum() / fit.df_resid
    return float(2 * special.stdtr(fit.df_resid, -z / np.sqrt(dispersion)))


def _dummies(weekday: NDArray[np.int64]) -> Floats:
    return np.column_stack([(weekday == each).astype(np.float64) for each in range(7)])


def _design(contrast: Floats, weekday: NDArray[np.int64] | None) -> Floats:
    rest = np.ones((contrast.size, 1)) if weekday is None else _dummies(weekday)
    return np.column_stack([contrast, rest])


def _deseasonalised(drawn: Series) -> Floats:
    values = drawn.values.copy()
    for weekday in range(7):
        same = drawn.weekday == weekday
        values[same] -= values[same].mean(axis=0)
    return values


def _called(p: Floats) -> Floats:
    return np.where(np.isnan(p), np.nan, (p < ALPHA).astype(np.float64))
