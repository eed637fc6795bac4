"""Groups of texts that speak of the same thing: TF-IDF and non-negative matrix factorisation.

Source: Lee & Seung (1999), Nature 401:788-791. Started from the singular vectors (Boutsidis & Gallopoulos
2008), so that the same texts always give the same groups.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kpi.issues.texts import words_of

GROUPS = 16
"""How many groups are made unless the reader wants another number."""
MOST_FITTED = 20_000
"""Texts that groups are learned from at most, the most frequent ones; the others are put beside them."""
MOST_WORDS = 5_000
ROUNDS = 200
FEWEST_TEXTS = 5
CLOSE = 0.3
"""Cosine between a text and the words of its group below which it belongs to none."""
STRONG = 0.25
"""Phrases with less than this part of the strength of the strongest one do not name a group."""


@dataclass(frozen=True, eq=False)
class Topics:
    """Groups of texts.

    Attributes:
        names: a name for each group: its strongest phrases.
        phrases: the top phrases of each group.
        group: int64[texts], −1 where no word of a text belongs to any group.
    """

    names: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...]
    group: NDArray[np.int64]


def terms_of(clean: str) -> list[str]:
    """Words and pairs of neighbouring words of a cleaned text.

    >>> terms_of("the card declined at checkout")
    ['card', 'declined', 'checkout', 'card declined', 'declined checkout']
    """
    words = words_of(clean)
    return [*words, *(f"{one} {other}" for one, other in pairwise(words))]


def topics(clean: tuple[str, ...], counts: NDArray[np.int64], groups: int = GROUPS) -> Topics:
    """Groups of the texts; ``counts`` says how often each occurs. No group where there are too few texts."""
    # Loaded when groups are made: it takes longer than a page may.
    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.feature_extraction.text import TfidfVectorizer

    nothing = Topics((), (), np.full(len(clean), -1, np.int64))
    if len(clean) < FEWEST_TEXTS or groups < 2:
        return nothing
    order = np.argsort(-counts, kind="stable")[:MOST_FITTED]
    fitted = [clean[at] for at in order]
    vectors = TfidfVectorizer(
        analyzer=terms_of,
        min_df=2 if len(fitted) > 200 else 1,
        max_df=0.5 if len(fitted) > 20 else 1.0,
        max_features=MOST_WORDS,
        sublinear_tf=True,
    )
    try:
        table = vectors.fit_transform(fitted)
    except ValueError:
        return nothing
    number = min(groups, min(table.shape) - 1)
    if number < 2:
        return nothing
    model = NMF(number, init="nndsvda", solver="cd", max_iter=ROUNDS, random_state=0, tol=1e-3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        # Frequent texts pull with the root of their number: a template sent 500 times is one wording.
        model.fit(table.multiply(np.sqrt(counts[order])[:, None]).tocsr())
        everything = vectors.transform(clean)
        weights = model.transform(everything)
    strength = model.components_ / np.maximum(model.components_.sum(axis=1, keepdims=True), 1e-12)
    terms = vectors.get_feature_names_out()
    phrases = tuple(_phrases(row, terms) for row in strength)
    best = weights.argmax(axis=1)
    length = np.sqrt((model.components_**2).sum(axis=1))
    near = np.asarray(everything @ (model.components_ / np.maximum(length, 1e-12)[:, None]).T)
    close = near[np.arange(len(clean)), best] >= CLOSE
    group = np.where((weights.max(axis=1) > 1e-9) & close, best, -1).astype(np.int64)
    return Topics(_names(phrases), phrases, group)


def _phrases(strength: NDArray[np.float64], terms: NDArray[np.object_], most: int = 6) -> tuple[str, ...]:
    """The strongest terms of a group; a word that stands in a pair already named is not said again."""
    # A pair says more than its words, so it goes first where it is nearly as strong.
    weighed = strength * np.array([1.3 if " " in str(term) else 1.0 for term in terms])
    chosen: list[str] = []
    for at in np.argsort(-weighed, kind="stable")[: most * 8]:
        term = str(terms[at])
        if strength[at] < STRONG * strength.max() or any(
            set(term.split()) & set(known.split()) for known in chosen
        ):
            continue
        chosen.append(term)
        if len(chosen) == most:
            break
    return tuple(chosen)


def _names(phrases: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    names: list[str] = []
    for group in phrases:
        name = " · ".join(group[:3]) or "unnamed"
        names.append(name if name not in names else f"{name} ({names.count(name) + 1})")
    return tuple(names)
