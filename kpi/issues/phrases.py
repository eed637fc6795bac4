"""Words and pairs of words that stand out in one set of texts against another.

Weighted log-odds with an informative Dirichlet prior (Monroe, Colaresi & Quinn 2008, Political Analysis
16:372-403): the prior is how often a phrase occurs in both sets together, so that rare phrases need more
evidence. A phrase counts once per contact. Contacts of one week resemble each other, so the z of each phrase
that may be told is divided by the root of how much more its weeks vary than independent contacts would (its
days where weeks are few).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy import stats as distributions

from kpi.issues.reading import Reading
from kpi.issues.sorting import ISSUE, Sorted
from kpi.persons import names_of
from kpi.stats import benjamini_hochberg

CUT = 2.5758
"""A phrase is told from this z on (1 %, two-sided) ..."""
FALSE = 0.05
"""... and when it survives Benjamini-Hochberg over all phrases at this rate."""
FEWEST = 5
"""Contacts with the phrase on the side where it stands out."""
FEWEST_BLOCKS = 6
"""So many weeks make a period whose weeks are compared; the days of a shorter one are."""
PRIOR = 0.1
"""What the prior is worth, as a part of the smaller set ..."""
LARGEST_PRIOR = 500.0
"""... and in contacts at most."""
MOST_PHRASES = 12


@dataclass(frozen=True)
class Phrase:
    """One phrase: how many of the contacts on each side hold it, and how far that is beyond chance.

    Attributes:
        n, total: contacts with it, and all with a text, on the side where it stands out; ``n_other`` and
            ``total_other`` on the other.
        z: weighted log-odds in standard errors; ``p_adjusted`` over all phrases that were looked at.
    """

    text: str
    n: int
    total: int
    n_other: int
    total_other: int
    z: float
    p_adjusted: float


@dataclass(frozen=True)
class Phrases:
    """Phrases that stand out, the clearest first; ``refused`` says why none could be looked for."""

    found: tuple[Phrase, ...]
    looked_at: int
    without_text: int
    refused: str | None = None
    spread: bool = False
    """Whether the texts of some contacts were not read, evenly spread over the period."""


def log_odds(
    one: NDArray[np.float64], other: NDArray[np.float64], total: float, total_other: float
) -> NDArray[np.float64]:
    """z of each phrase: above 0 where it is more frequent in the first set.

    Args:
        one, other: contacts with each phrase; total, total_other: contacts of each set.

    >>> import numpy as np
    >>> z = log_odds(np.array([30.0, 10.0]), np.array([10.0, 10.0]), 100, 100)
    >>> bool(z[0] > 3), bool(abs(z[1]) < 0.1)
    (True, True)
    """
    worth = max(1.0, min(LARGEST_PRIOR, PRIOR * min(total, total_other)))
    prior = worth * (one + other) / max(total + total_other, 1.0)
    rest = worth - prior
    a, b = one + prior, other + prior
    # What stands in every contact would have no odds.
    not_a = np.maximum(total - one + rest, 0.5)
    not_b = np.maximum(total_other - other + rest, 0.5)
    delta = np.log(a / not_a) - np.log(b / not_b)
    z: NDArray[np.float64] = delta / np.sqrt(1 / a + 1 / b + 1 / not_a + 1 / not_b)
    return z


def new_phrases(kept: Sorted, reading: Reading, issue: str | None = None) -> Phrases:
    """Phrases that are more frequent now than before, among the contacts of an issue (of all when None)."""
    if not reading.before.size and reading.refused is None:
        return Phrases((), 0, 0, "without a period before, nothing can be called new")
    now, before = (_about(kept, rows, issue) for rows in (reading.now, reading.before))
    return _standing_out(kept, reading, now, before)


def typical_phrases(kept: Sorted, reading: Reading, issue: str) -> Phrases:
    """Phrases that are more frequent in the contacts of an issue than in all others of the period now."""
    mine = _about(kept, reading.now, issue)
    if mine.size == reading.now.size and reading.refused is None:
        return Phrases((), 0, 0, "there is only one issue, so nothing to hold its words against")
    return _standing_out(kept, reading, mine, np.setdiff1d(reading.now, mine))


def _about(kept: Sorted, rows: NDArray[np.intp], issue: str | None) -> NDArray[np.intp]:
    if issue is None:
        return rows
    dimension = kept.table.dimensions[ISSUE]
    code = {str(name): code for code, name in enumerate(dimension.categories)}.get(issue, -2)
    mine: NDArray[np.intp] = rows[dimension.codes[rows] == code]
    return mine


def _standing_out(kept: Sorted, reading: Reading, one: NDArray[np.intp], other: NDArray[np.intp]) -> Phrases:
    if reading.refused is not None:
        return Phrases((), 0, 0, reading.refused)
    if not one.size or not other.size:
        return Phrases(
            (), 0, 0, "there is nothing to hold the words against: only one of the two sides has contacts"
        )
    counts = [reading.counts(rows) for rows in (one, other)]
    n, m = (np.asarray(reading.holds.T @ each).ravel() for each in counts)
    total, total_other = (float(each.sum()) for each in counts)
    without = int(one.size + other.size - total - total_other)
    looked = np.flatnonzero(n + m >= 2 * FEWEST)
    if not looked.size or not total or not total_other:
        return Phrases((), 0, without, "no phrase is frequent enough")
    z = log_odds(n[looked], m[looked], total, total_other)
    may = np.flatnonzero(z > CUT)
    z[may] /= np.sqrt(_more_than_independent(kept, reading, (one, other), looked[may]))
    adjusted = benjamini_hochberg(np.clip(2 * distributions.norm.sf(np.abs(z)), 1e-300, 1).tolist())
    chosen: list[Phrase] = []
    for at in np.argsort(-z, kind="stable").tolist():
        q = adjusted[at]
        if z[at] <= CUT or q is None or q >= FALSE or len(chosen) >= MOST_PHRASES * 3:
            break
        code = int(looked[at])
        # Who a text is written to says nothing of what it is about.
        if n[code] >= FEWEST and not names_of(kept.facts).mentions(str(reading.terms[code]), fewest=2):
            sides = round(n[code]), round(total), round(m[code]), round(total_other)
            chosen.append(Phrase(str(reading.terms[code]), *sides, float(z[at]), float(q)))
    return Phrases(_without_parts(chosen)[:MOST_PHRASES], int(looked.size), without, spread=reading.spread)


def _more_than_independent(
    kept: Sorted, reading: Reading, sides: tuple[NDArray[np.intp], NDArray[np.intp]], codes: NDArray[np.intp]
) -> NDArray[np.float64]:
    """How much more weeks (days) vary in each phrase than independent contacts would, float64[c], at least 1.

    Pearson's dispersion around the share of each side, over both sides.
    """
    ones: NDArray[np.float64] = np.ones(codes.size)
    days = kept.table.columns.get(kept.basis.value)
    if days is None or not codes.size:
        return ones
    chosen = reading.holds[:, codes].tocsr()
    squares, free = np.zeros(codes.size), 0
    for rows in sides:
        told = rows[reading.place[rows] >= 0]
        day = days[told].astype(np.int64)
        if not told.size:
            continue
        block = day - day.min()
        if block.max() >= FEWEST_BLOCKS * 7 - 1:
            block = block // 7
        used, place = np.unique(block, return_inverse=True)
        by_block = sparse.csr_matrix(
            (np.ones(told.size), (place.reshape(-1), reading.place[told])), shape=(used.size, chosen.shape[0])
        )
        hits = np.asarray((by_block @ chosen).todense(), dtype=np.float64)
        size = np.bincount(place.reshape(-1)).astype(np.float64)[:, None]
        share = np.clip(hits.sum(axis=0) / told.size, 0.5 / told.size, 1 - 0.5 / told.size)
        squares += ((hits - size * share) ** 2 / (size * share * (1 - share))).sum(axis=0)
        free += used.size - 1
    return ones if free < 1 else np.maximum(ones, squares / free)


def _without_parts(found: Sequence[Phrase]) -> tuple[Phrase, ...]:
    """A word that stands (nearly) only in a longer phrase of the list is not told beside it."""
    kept: list[Phrase] = []
    for each in found:
        longer = any(
            other is not each
            and len(other.text.split()) > len(each.text.split())
            and set(each.text.split()) <= set(other.text.split())
            and other.n >= 0.9 * each.n
            for other in found
        )
        if not longer:
            kept.append(each)
    return tuple(kept)
