"""Times to an end for those who are watched from a later time on: curves and the log-rank test.

Who joined before anybody was recorded as leaving is only known to have stayed until then, so such a customer
counts from that time on (delayed entry). The risk set at time t holds those with entry < t ≤ exit. Sources:
Kaplan & Meier (1958); Andersen, Borgan, Gill & Keiding (1993), Statistical Models Based on Counting
Processes, III.4; Mantel (1966) for the test, here with any number of groups.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from kpi.stats import Curve
from kpi.stats.intervals import SMALLEST_P

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def curve(entry: Floats, exit: Floats, ended: Bools) -> Curve:
    """The curve of those who are still there.

    Args:
        entry: float[n], time from which each is watched (0: from the start); exit: when each ended or was
            last seen; rows with exit ≤ entry were never watched and do not count.

    >>> made = curve(np.zeros(4), np.array([1.0, 2.0, 3.0, 4.0]), np.ones(4, bool))
    >>> made.at(2.5), made.at_risk.tolist()
    (0.5, [4.0, 3.0, 2.0, 1.0])
    """
    watched = exit > entry
    entry, exit, ended = entry[watched], exit[watched], ended[watched]
    time, d = np.unique(exit[ended], return_counts=True)
    n = _at_risk(entry, exit, time)
    left = n - d
    hazard = np.divide(d, n * left, out=np.full(d.size, np.inf), where=left > 0)
    share = np.cumprod(left / n).astype(np.float64)
    return Curve(time, share, np.cumsum(hazard), n, d.astype(np.float64))


def _at_risk(entry: Floats, exit: Floats, time: Floats) -> Floats:
    """How many are watched just before each time."""
    entered = np.searchsorted(np.sort(entry), time, side="left")
    gone = np.searchsorted(np.sort(exit), time, side="left")
    return (entered - gone).astype(np.float64)


@dataclass(frozen=True)
class GroupTest:
    """Log-rank test of k groups; ``p`` None with a reason.

    ``observed`` and ``expected`` are ends in each group, if all groups were alike.
    """

    chi2: float
    df: int
    p: float | None
    observed: tuple[float, ...]
    expected: tuple[float, ...]
    reason: str = ""


def log_rank(entry: Floats, exit: Floats, ended: Bools, group: NDArray[np.int64], groups: int) -> GroupTest:
    """Do the groups end at the same rate?

    Args:
        group: int[n] from 0 to ``groups`` − 1.
    """
    watched = exit > entry
    entry, exit, ended, group = entry[watched], exit[watched], ended[watched], group[watched]
    time = np.unique(exit[ended])
    n = np.stack([_at_risk(entry[group == g], exit[group == g], time) for g in range(groups)])
    d = np.stack([_ends(exit[(group == g) & ended], time) for g in range(groups)])
    total, ends = n.sum(axis=0), d.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(total > 0, n / total, 0.0)
        spread = np.where(total > 1, ends * (total - ends) / (total - 1), 0.0)
    expected = (share * ends).sum(axis=1)
    observed = d.sum(axis=1)
    covariance = np.diag((share * spread).sum(axis=1)) - (share * spread) @ share.T
    gap = (observed - expected)[:-1]
    seen = tuple(observed.tolist()), tuple(expected.tolist())
    if not time.size:
        return GroupTest(0.0, groups - 1, None, *seen, "nobody has left")
    inner = covariance[:-1, :-1]
    df = int(np.linalg.matrix_rank(inner))
    if not df:
        return GroupTest(0.0, groups - 1, None, *seen, "the groups are never there at the same time")
    chi2 = float(gap @ np.linalg.pinv(inner) @ gap)
    return GroupTest(chi2, df, max(SMALLEST_P, float(special.chdtrc(df, chi2))), *seen)


def _ends(times: Floats, grid: Floats) -> Floats:
    return np.bincount(np.searchsorted(grid, times), minlength=grid.size).astype(np.float64)
