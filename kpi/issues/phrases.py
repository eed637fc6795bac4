"""Words and pairs of words that stand out in one set of texts against another.

Weighted log-odds with an informative Dirichlet prior (Monroe, Colaresi & Quinn 2008, Political Analysis
16:372-403): the prior is how often a phrase occurs in both sets together, so that rare phrases need more
evidence. A phrase counts once per contact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy import stats as distributions
from sklearn.feature_extraction.text import CountVectorizer

from kpi import engine
from kpi.issues.sorting import ISSUE, Sorted
from kpi.issues.texts import text_columns, texts_of
from kpi.issues.topics import terms_of
from kpi.model import Filter, Period
from kpi.stats import benjamini_hochberg

CUT = 2.5758
"""A phrase is told from this z on (1 %, two-sided) ..."""
FALSE = 0.05
"""... and when it survives Benjamini-Hochberg over all phrases at this rate."""
FEWEST = 5
"""Contacts with the phrase on the side where it stands out."""
PRIOR = 0.1
"""What the prior is worth, as a part of the smaller set ..."""
LARGEST_PRIOR = 500.0
"""... and in contacts at most."""
MOST_CONTACTS = 60_000
"""Contacts of each side that are read, evenly spread over the period."""
MOST_PHRASES = 12


@dataclass(frozen=True)
class Phrase:
    """One phrase: how many of the contacts on each side hold it, and how far that is beyond chance.

    Attributes:
        n, total: contacts with it, and all with a text, on the side where it stands out; ``n_other`` and
            ``total_other`` on the other.
        z: weighted log-odds in standard errors; ``p_adjusted`` over all phrases that were looked at.
        wordings: different texts it stands in.
    """

    text: str
    n: int
    total: int
    n_other: int
    total_other: int
    z: float
    p_adjusted: float
    wordings: int


@dataclass(frozen=True)
class Phrases:
    """Phrases that stand out, the clearest first; ``refused`` says why none could be looked for."""

    found: tuple[Phrase, ...]
    looked_at: int
    without_text: int
    refused: str | None = None


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


def new_phrases(
    kept: Sorted,
    now: Period | None,
    before: Period | None,
    *,
    where: tuple[Filter, ...] = (),
    issue: str | None = None,
) -> Phrases:
    """Phrases that are more frequent now than before, among the contacts of an issue (of all when None)."""
    if now is None or before is None:
        return Phrases((), 0, 0, "without a period before, nothing can be called new")
    sides = [_rows(kept, period, where, issue) for period in (now, before)]
    return _standing_out(kept, sides[0], sides[1])


def typical_phrases(
    kept: Sorted, now: Period | None, *, where: tuple[Filter, ...] = (), issue: str
) -> Phrases:
    """Phrases that are more frequent in the contacts of an issue than in all others of the same period."""
    everything = _rows(kept, now, where, None)
    dimension = kept.table.dimensions[ISSUE]
    code = {str(name): code for code, name in enumerate(dimension.categories)}.get(issue, -2)
    mine = dimension.codes[everything] == code
    if mine.all():
        return Phrases((), 0, 0, "there is only one issue, so nothing to hold its words against")
    return _standing_out(kept, everything[mine], everything[~mine])


def _rows(
    kept: Sorted, period: Period | None, where: tuple[Filter, ...], issue: str | None
) -> NDArray[np.intp]:
    rows = engine.select(kept.table, kept.basis, period, where=where).rows
    if issue is None:
        return rows
    dimension = kept.table.dimensions[ISSUE]
    code = {str(name): code for code, name in enumerate(dimension.categories)}.get(issue, -2)
    mine: NDArray[np.intp] = rows[dimension.codes[rows] == code]
    return mine


def _spread(rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """Evenly spread rows where there are too many."""
    if rows.size <= MOST_CONTACTS:
        return rows
    return rows[np.linspace(0, rows.size - 1, MOST_CONTACTS).astype(np.int64)]


@dataclass(frozen=True, eq=False)
class _Table:
    """Phrases × different texts, and how many contacts of each set have each text."""

    terms: NDArray[np.object_]
    holds: sparse.csr_matrix
    one: NDArray[np.float64]
    other: NDArray[np.float64]
    without: int


def _table(kept: Sorted, one: NDArray[np.intp], other: NDArray[np.intp]) -> _Table | str:
    source = kept.table.source
    if not text_columns(source):
        return "no column holds a text: subject, description or tags would help"
    one, other = _spread(one), _spread(other)
    texts = texts_of(source.iloc[np.concatenate([one, other])])
    if not texts.clean:
        return "no contact has a text with words"
    size = len(texts.clean)
    counts = [
        np.bincount(place[place >= 0], minlength=size).astype(np.float64)
        for place in (texts.place[: one.size], texts.place[one.size :])
    ]
    reader = CountVectorizer(analyzer=terms_of, binary=True, min_df=1, max_features=50_000)
    try:
        holds = reader.fit_transform(texts.clean)
    except ValueError:
        return "no text holds a word that says anything"
    return _Table(reader.get_feature_names_out(), holds, counts[0], counts[1], texts.empty)


def _standing_out(kept: Sorted, one: NDArray[np.intp], other: NDArray[np.intp]) -> Phrases:
    if not one.size or not other.size:
        return Phrases((), 0, 0, "there are contacts on one side only")
    table = _table(kept, one, other)
    if isinstance(table, str):
        return Phrases((), 0, 0, table)
    n, m = (np.asarray(table.holds.T @ counts).ravel() for counts in (table.one, table.other))
    total, total_other = float(table.one.sum()), float(table.other.sum())
    looked = np.flatnonzero(n + m >= 2 * FEWEST)
    if not looked.size or not total or not total_other:
        return Phrases((), 0, table.without, "no phrase is frequent enough")
    z = log_odds(n[looked], m[looked], total, total_other)
    adjusted = benjamini_hochberg(np.clip(2 * distributions.norm.sf(np.abs(z)), 1e-300, 1).tolist())
    wordings = np.asarray((table.holds[:, looked] > 0).sum(axis=0)).ravel()
    chosen: list[Phrase] = []
    for at in np.argsort(-z, kind="stable").tolist():
        q = adjusted[at]
        if z[at] <= CUT or q is None or q >= FALSE or len(chosen) >= MOST_PHRASES * 3:
            break
        code = int(looked[at])
        if n[code] < FEWEST:
            continue
        chosen.append(
            Phrase(
                str(table.terms[code]),
                round(n[code]),
                round(total),
                round(m[code]),
                round(total_other),
                float(z[at]),
                float(q),
                int(wordings[at]),
            )
        )
    return Phrases(_without_parts(chosen)[:MOST_PHRASES], int(looked.size), table.without)


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
