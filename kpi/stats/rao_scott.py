"""Is a share the same in several groups, when the rows of each come in clusters?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from kpi.stats import checks
from kpi.stats.intervals import SMALLEST_P


@dataclass(frozen=True)
class RaoScott:
    """Design effect of each group (in ascending order of its name), χ² of the effective counts, p and df."""

    effects: tuple[float, ...]
    chi2: float
    p: float
    df: int


def rao_scott(hits: ArrayLike, rows: ArrayLike, group: ArrayLike) -> RaoScott | None:
    """χ² test of equal shares on effective counts: hits and rows of each group ÷ its design effect.

    A design effect is the variance of the share between clusters ÷ the binomial one; 1 for a group whose
    share is 0 or 1, and for a group of one cluster, whose effect cannot be known.

    Source: Rao & Scott (1992), Biometrics 48:577-585.

    Args:
        hits, rows, group: one of each per cluster.

    Returns:
        None with fewer than two groups that have rows. All or none in every group: χ² 0, p 1.

    >>> test = rao_scott([9, 5, 8, 2, 3, 1], [10, 10, 10, 10, 10, 10], ["a", "a", "a", "b", "b", "b"])
    >>> [round(effect, 2) for effect in test.effects], round(test.chi2, 2), round(test.p, 4)
    ([2.22, 0.62], 13.87, 0.0002)
    """
    y, n = checks.finite(hits=hits, rows=rows)
    if ((y < 0) | (y > n)).any():
        raise ValueError("each cluster needs 0 to all of its rows as hits")
    codes = np.unique(np.atleast_1d(np.asarray(group)), return_inverse=True)[1]
    if codes.size != y.size:
        raise ValueError(f"one group for each cluster is needed: {codes.size:,} of {y.size:,}")
    y, n, codes = y[n > 0], n[n > 0], codes[n > 0]
    found, place = np.unique(codes, return_inverse=True)
    if found.size < 2:
        return None
    total, share = np.bincount(place, n), np.bincount(place, y) / np.bincount(place, n)
    clusters = np.bincount(place).astype(np.float64)
    squares = np.bincount(place, (y - share[place] * n) ** 2)
    binomial = share * (1 - share) / total
    between = clusters / np.maximum(clusters - 1, 1) * squares / total**2
    known = (binomial > 0) & (clusters > 1) & (between > 0)
    effects = np.where(known, between / np.where(known, binomial, 1.0), 1.0)
    worth = total / effects
    pooled = float((share * worth).sum() / worth.sum())
    df = int(found.size) - 1
    if not 0 < pooled < 1:
        return RaoScott(tuple(effects.tolist()), 0.0, 1.0, df)
    chi2 = float((worth * (share - pooled) ** 2).sum() / (pooled * (1 - pooled)))
    p = min(1.0, max(float(special.chdtrc(df, chi2)), SMALLEST_P))
    return RaoScott(tuple(effects.tolist()), chi2, p, df)
