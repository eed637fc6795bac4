"""One group of contacts against all others of the same kinds.

The others are weighted so that they have the kinds of the group (direct standardisation: the expected value
is what the others reach in the kinds that the group has). A kind of which the others have fewer than
:data:`LEAST` contacts is widened, but never to all contacts where there are kinds at all; contacts without
any counterpart are left out and counted. The evidence is the project's own: residuals by day and agent,
judged by the daily series where eight weeks of days are there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpi.measures import Days, Gap
from kpi.measures.daily_evidence import Case, evidence_for
from kpi.measures.evidence import Evidence, Side
from kpi.model import Difference
from kpi.stats import miettinen_nurminen

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
LEAST = 10


@dataclass(frozen=True, eq=False)
class Rows:
    """Contacts that count: whether each has the outcome, its day, agent (−1 unknown) and kinds."""

    hit: Bools
    day: Longs
    agent: Longs
    kinds: tuple[Longs, ...]
    days: Days


@dataclass(frozen=True)
class Matched:
    """A group against others of the same kinds.

    Attributes:
        n, k: contacts of the group and those with the outcome, all of them; compared: of them those with a
            counterpart; left_out: the rest.
        others: contacts of the others that were used.
        share, expected: of the compared contacts, and of the others weighted to the same kinds.
        difference: share − expected with interval and p; None where nothing can be compared, with reason.
    """

    n: int
    k: int
    compared: int
    left_out: int
    others: int
    share: float | None
    expected: float | None
    difference: Difference | None
    variance: float
    reason: str = ""


@dataclass(frozen=True, eq=False)
class _Open:
    """A comparison whose evidence is still open."""

    matched: Matched
    gap: Gap | None


def matched(
    rows: Rows,
    groups: Sequence[Bools],
    *,
    kinds: Sequence[tuple[Longs, ...]] | None = None,
    level: float = 0.95,
) -> list[Matched]:
    """Each group against all other rows; ``kinds`` where groups are matched by other kinds than the rows'.

    p-values are not adjusted here.
    """
    chosen = [rows.kinds] * len(groups) if kinds is None else list(kinds)
    made = [_opened(rows, group, own, level) for group, own in zip(groups, chosen, strict=True)]
    cases = [Case(one.gap, (rows.days, rows.days)) for one in made if one.gap is not None]
    evidence = iter(evidence_for(cases))
    found = []
    for one in made:
        if one.gap is None:
            found.append(one.matched)
            continue
        known = next(evidence)
        m = one.matched
        found.append(
            Matched(
                m.n, m.k, m.compared, m.left_out, m.others, m.share, m.expected,
                one.gap.finish(known), max(known.variance, 1e-12),
            )
        )  # fmt: skip
    return found


def _opened(rows: Rows, group: Bools, kinds: tuple[Longs, ...], level: float) -> _Open:
    n, k = int(group.sum()), int((group & rows.hit).sum())
    nothing = Matched(n, k, 0, n, 0, None, None, None, 0.0, "no other contacts of the same kind")
    if not n:
        return _Open(Matched(0, 0, 0, 0, 0, None, None, None, 0.0, "no contacts"), None)
    weight = np.zeros(rows.hit.size)
    expected = np.zeros(rows.hit.size)
    pooled = np.zeros(rows.hit.size)
    own, own_kind, other_var = np.zeros(rows.hit.size, np.bool_), np.zeros(rows.hit.size), 0.0
    left = group.copy()
    for kind in kinds[:-1] or kinds:
        size = int(kind.max(initial=0)) + 1
        there = np.bincount(kind[~group], minlength=size)
        take = left & (there >= LEAST)[kind]
        if not take.any():
            continue
        hits = np.bincount(kind[~group], weights=rows.hit[~group], minlength=size)
        here = np.bincount(kind[take], minlength=size)
        rate = hits / np.maximum(there, 1)
        all_hits = hits + np.bincount(kind[group], weights=rows.hit[group], minlength=size)
        every = there + np.bincount(kind[group], minlength=size)
        pool = (all_hits + 0.5) / (every + 1.0)
        share = here / np.maximum(there, 1)
        used = ~group & (here > 0)[kind]
        weight[used] += share[kind[used]]
        # A row of the others may stand for several widths of kinds; it pulls with the sum of its weights.
        own_kind[used] += share[kind[used]] * (rows.hit[used] - rate[kind[used]])
        expected[take], pooled[take] = rate[kind[take]], pool[kind[take]]
        own |= take
        other_var += float((here**2 / np.maximum(there, 1) * pool * (1 - pool)).sum())
        left &= ~take
    compared = int(own.sum())
    if not compared:
        return _Open(nothing, None)
    share_in, share_out = float(rows.hit[own].mean()), float(expected[own].mean())
    pull_in = (rows.hit[own] - expected[own] - (share_in - share_out)) / compared
    used = weight > 0
    own_var = float((pooled[own] * (1 - pooled[own])).sum()) / compared**2
    out_var = other_var / compared**2
    now = _side(rows, own, pull_in, np.ones(compared))
    before = _side(rows, used, own_kind[used] / compared, weight[used])
    spread = max(share_out * (1 - share_out), 1e-9)
    worth_in, worth_out = compared, max(1.0, min(float(used.sum()), spread / max(out_var, 1e-300)))
    plain = own_var + out_var

    def finish(evidence: Evidence) -> Difference:
        f = max(evidence.effect, 1e-9)
        one, other = worth_in / f, worth_out / f
        low, high, p = miettinen_nurminen(
            share_in * one, one, share_out * other, other, level, df=evidence.df
        )
        return Difference(
            share_in - share_out,
            low,
            high,
            p,
            f"others weighted to the same kinds, Miettinen-Nurminen; {evidence.words}",
            level=level,
        )

    gap = Gap.of(now, before, plain, finish)
    return _Open(
        Matched(n, k, compared, n - compared, int(used.sum()), share_in, share_out, None, plain), gap
    )


def _side(rows: Rows, mask: Bools, pull: Floats, size: Floats) -> Side:
    """Cells of day and agent."""
    day, agent = rows.day[mask], rows.agent[mask]
    codes, place = np.unique((day << 32) + (agent + 1), return_inverse=True)
    place = place.reshape(-1)
    return Side(
        (codes >> 32).astype(np.int64),
        ((codes & 0xFFFFFFFF) - 1).astype(np.int64),
        np.bincount(place, weights=pull, minlength=codes.size).astype(np.float64),
        np.bincount(place, weights=size, minlength=codes.size).astype(np.float64),
        days=rows.days,
    )
