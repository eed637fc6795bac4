"""Values compared with the mix of cases made alike: the level of each beside the level of each kind of case.

An issue that comes by e-mail takes longer because of the e-mail, and a channel full of disputes satisfies
less because of the disputes. So the mean of every value in every kind of case is taken as level of the value
+ level of the kind, both fitted by least squares with the rows as weights: a value is compared with others
within the kinds of cases that both have. (Taking from each row what its kind gets on average, its own rows
included, would give a value with most rows of a kind part of its own level away.)

Values are peers where they are joined by kinds of cases that both have, or through others in between; those
of another set cannot be compared with them. What is known of each level hangs on the others; a variance for
each alone that gives the variance of the differences well is the quasi-variance.

Sources: two-way analysis of variance without interaction, Searle (1971), Linear Models, chapter 7;
quasi-variances: Firth & de Menezes (2004), Biometrika 91:65-80, by least squares.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
TOLD = 0.25
"""Less of a value than this in kinds of cases that others have too, and it is not compared."""


def made_alike(n: Floats, value: Longs, stratum: Longs, count: int) -> tuple[tuple[int, ...], Floats, Longs]:
    """Which of ``count`` values can be compared, [K]; the weights of their levels on groups; their peers.

    Args:
        n: rows of each group, float64[G]; value: of each group, −1 for those that are not compared, which
            help to tell the kinds of cases apart; stratum: kind of case of each group.

    Returns:
        Places of the K values; float64[K, G], levels less the mean level of their peers; int[K], the number
        of the set of peers, each of 2 or more.

    >>> n = np.array([800.0, 200.0, 100.0, 900.0])  # email hard, email easy, chat hard, chat easy
    >>> kept, own, peers = made_alike(n, np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), 2)
    >>> levels = own @ np.array([0.5, 0.9, 0.6, 1.0])
    >>> kept, peers.tolist(), round(float(levels[1] - levels[0]), 6)
    ((0, 1), [0, 0], 0.1)
    """
    rest = np.where(value < 0, count, value)
    kinds = int(stratum.max()) + 1
    rows = np.zeros((count + 1, kinds))
    np.add.at(rows, (rest, stratum), n)
    of_value, of_kind = rows.sum(axis=1), rows.sum(axis=0)
    share = rows / np.where(of_kind > 0, of_kind, 1.0)[None, :]
    held = (rows * share).sum(axis=1)
    told = 1 - held / np.where(of_value > 0, of_value, 1.0)
    inverse = np.linalg.pinv(np.diag(of_value) - share @ rows.T, hermitian=True)
    mine = rest[None, :] == np.arange(count + 1)[:, None]
    own = inverse @ (np.where(mine, n, 0.0) - share[:, stratum] * n)
    fit = (of_value > 0) & (told >= TOLD)
    fit[count] = False
    joined = sparse.csr_matrix((n, (rest, stratum + count + 1)), shape=(count + 1 + kinds,) * 2)
    _, part = csgraph.connected_components(joined, directed=False)
    size = np.bincount(part[: count + 1][fit], minlength=int(part.max()) + 1)
    fit &= size[part[: count + 1]] >= 2
    kept = np.flatnonzero(fit)
    return tuple(kept.tolist()), own[kept], part[kept].astype(np.int64)


def quasi_variances(covariance: Floats, peers: Longs) -> Floats:
    """A variance for each value such that those of two add up to the variance of their difference, nearly.

    Args:
        covariance: float64[K, K] of the levels; peers: int[K], only differences within a set count.

    >>> quasi_variances(np.diag([1.0, 2.0, 4.0]), np.zeros(3, np.int64)).round(6).tolist()
    [1.0, 2.0, 4.0]
    """
    own = np.diag(covariance).copy()
    found: Floats = own.copy()
    for peer in np.unique(peers):
        among = np.flatnonzero(peers == peer)
        count = among.size
        one = own[among]
        apart = one[:, None] + one[None, :] - 2 * covariance[np.ix_(among, among)]
        np.fill_diagonal(apart, 0.0)
        if count == 2:
            found[among] = apart[0, 1] / 2
        elif count > 2:
            total = apart.sum() / 2 / (count - 1)
            least = np.where(apart > 0, apart, np.inf).min(axis=1) / 20
            found[among] = np.maximum((apart.sum(axis=1) - total) / (count - 2), least)
    return found
