"""How much people of the same group differ, and what that makes of a difference between groups of people.

A team of six differs from other teams by which six are in it. To say that the team is behind is to say that
it is further behind than teams made of such people at random would be, so the agent is the unit of chance and
not the contact: the one-way random-effects analysis of variance. The variance between agents is pooled over
all groups (Henderson's method 3 with the means of the groups taken out, so unequal numbers of contacts are
allowed for), which holds where a team has two or three agents and clusters of its own could say nothing; what
is known of it is a Student t with about as many degrees of freedom as agents less groups.

Sources: Henderson (1953), Biometrics 9:226-252; Searle, Casella & McCulloch (1992), Variance Components,
chapters 3 and 5; Satterthwaite (1946).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class BetweenAgents:
    """The variance between agents of the same group.

    Attributes:
        variance: of an agent's level, beyond what its rows vary; below 0 where agents differ less than their
            rows alone would have them.
        df: degrees of freedom; agents: how many are known.
        rows: of each agent in each group, a sparse matrix [agents, groups].
    """

    variance: float
    df: float
    agents: int
    rows: sparse.csr_matrix

    def of_contrast(self, weight: Floats) -> float:
        """What agents add to the variance of Σ weight·mean over groups; may be below 0.

        An agent who stands in several groups counts with the sum of the weights, so that what an agent has in
        common on both sides cancels.
        """
        total = np.asarray(self.rows.sum(axis=0)).ravel()
        share = np.divide(weight, total, out=np.zeros_like(total), where=total > 0)
        pull = np.asarray(self.rows @ share).ravel()
        return self.variance * float((pull * pull).sum())


def between_agents(
    agent: Longs, group: Longs, rows: Floats, residual: Floats, row: float
) -> BetweenAgents | None:
    """The variance between agents of the same group; None where no group has two agents.

    Args:
        agent, group: int[m] of each cell; cells of unknown agents (below 0) are left out. A cell may be
            repeated.
        rows: float64[m]; residual: float64[m], sum of its rows less the mean of its group times ``rows``.
        row: variance of a row around the level of its agent.

    >>> two = np.array([0, 1, 2, 3]), np.array([0, 0, 1, 1]), np.full(4, 10.0)
    >>> found = between_agents(*two, residual=np.array([5.0, -5.0, 5.0, -5.0]), row=1.0)
    >>> round(found.variance, 3), round(found.df, 1), found.agents  # (20 · 0.5² − 2) ÷ 20
    (0.4, 2.0, 4)
    """
    known = (agent >= 0) & (rows > 0)
    if not known.any():
        return None
    names, who = np.unique(agent[known], return_inverse=True)
    groups = int(group.max()) + 1
    shape = (names.size, groups)
    table = sparse.csr_matrix((rows[known], (who, group[known])), shape=shape)
    n = np.asarray(table.sum(axis=1)).ravel()
    total = np.asarray(table.sum(axis=0)).ravel()
    away = np.bincount(who, weights=residual[known], minlength=names.size) / n
    inverse = sparse.diags(np.divide(1.0, total, out=np.zeros_like(total), where=total > 0))
    # Row a of ``centred``: how an agent's distance from its groups hangs on the level of every agent.
    centred = sparse.identity(names.size, format="csr") - sparse.diags(1 / n) @ table @ inverse @ table.T
    root = sparse.diags(np.sqrt(n))
    spread = root @ centred @ centred.T @ root
    whole = float(spread.diagonal().sum())
    if whole <= 1e-9 * float(n.sum()):
        return None
    noise = float(centred.diagonal().sum())
    variance = (float((n * away * away).sum()) - row * noise) / whole
    df = whole * whole / float(spread.multiply(spread).sum())
    return BetweenAgents(variance, max(1.0, df), names.size, table)
