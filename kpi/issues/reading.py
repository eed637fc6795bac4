"""The phrases of the contacts of two periods, read once: which different text holds which phrase."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from kpi import engine
from kpi.issues.sorting import Sorted
from kpi.issues.texts import text_columns, texts_of
from kpi.issues.topics import terms_of
from kpi.model import Filter, Period

MOST_CONTACTS = 20_000
"""Contacts of each period whose texts are read, evenly spread over it; reading more takes too long."""
MOST_PHRASES = 50_000


@dataclass(frozen=True, eq=False)
class Reading:
    """What was read.

    Attributes:
        now, before: rows of the table of contacts that were read, by period.
        place: position of the text of each row of the table; −1 without words, −2 not read.
        terms, holds: phrases, and texts × phrases (1 where a text holds a phrase).
        spread: whether some contacts of a period were left out.
        refused: why nothing could be read, None when it could.
    """

    now: NDArray[np.intp]
    before: NDArray[np.intp]
    place: NDArray[np.int64]
    terms: NDArray[np.object_]
    holds: sparse.csr_matrix
    spread: bool = False
    refused: str | None = None

    def counts(self, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        """How many of the rows have each text."""
        place = self.place[rows]
        found = np.bincount(place[place >= 0], minlength=self.holds.shape[0])
        return found.astype(np.float64)


def read(
    kept: Sorted, now: Period | None, before: Period | None, *, where: tuple[Filter, ...] = ()
) -> Reading:
    """The phrases of the contacts of both periods (of all contacts where ``now`` is None)."""
    sides = [engine.select(kept.table, kept.basis, now, where=where).rows]
    if before is not None:
        sides.append(engine.select(kept.table, kept.basis, before, where=where).rows)
    spread = any(side.size > MOST_CONTACTS for side in sides)
    one, other = (_spread(side) for side in (*sides, np.zeros(0, np.intp))[:2])
    place = np.full(len(kept.table), -2, np.int64)
    nothing = Reading(one, other, place, np.zeros(0, object), sparse.csr_matrix((0, 0)), spread)
    columns = list(text_columns(kept.table.source))
    if not columns:
        return _refusing(nothing, "no column holds a text: subject, description or tags would help")
    rows = np.unique(np.concatenate([one, other]))
    texts = texts_of(kept.table.source[columns].iloc[rows])
    place[rows] = texts.place
    if not texts.clean:
        return _refusing(nothing, "no contact has a text with words")
    terms, holds = _counted(texts.clean)
    if not terms.size:
        return _refusing(nothing, "no text holds a word that says anything")
    return Reading(one, other, place, terms, holds, spread)


def _counted(clean: Sequence[str]) -> tuple[NDArray[np.object_], sparse.csr_matrix]:
    """The phrases of the texts in the order of letters, the most frequent where there are too many; and
    which text holds which."""
    codes: dict[str, int] = {}
    columns: list[int] = []
    starts = np.zeros(len(clean) + 1, np.int64)
    for row, text in enumerate(clean):
        columns.extend(codes.setdefault(term, len(codes)) for term in set(terms_of(text)))
        starts[row + 1] = len(columns)
    terms = np.array(list(codes), dtype=object)
    holds = sparse.csr_matrix(
        (np.ones(len(columns)), np.array(columns, dtype=np.int64), starts), shape=(len(clean), terms.size)
    )
    order = np.argsort(terms.astype(str), kind="stable")
    if terms.size > MOST_PHRASES:
        often = np.asarray(holds.sum(axis=0)).ravel()
        order = order[np.sort(np.argsort(-often[order], kind="stable")[:MOST_PHRASES])]
    return terms[order], holds[:, order].tocsr()


def _refusing(reading: Reading, why: str) -> Reading:
    return Reading(
        reading.now, reading.before, reading.place, reading.terms, reading.holds, reading.spread, why
    )


def _spread(rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """Evenly spread rows where there are too many."""
    if rows.size <= MOST_CONTACTS:
        return rows
    return rows[np.linspace(0, rows.size - 1, MOST_CONTACTS).astype(np.int64)]
