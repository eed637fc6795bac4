"""Contacts that say (nearly) the same: groups of near-duplicate texts.

Texts are cut into runs of five letters; MinHash signatures (Broder 1997) in bands propose pairs (Leskovec,
Rajaraman & Ullman, Mining of Massive Datasets, ch. 3), whose true Jaccard similarity then decides. Groups
are what hangs together by such pairs. Numbers and addresses were taken out before, so an order number does
not part two texts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from kpi import engine
from kpi.calendars import MISSING_DAY
from kpi.issues.costing import costs_of
from kpi.issues.sorting import ISSUE, UNNAMED, Sorted
from kpi.issues.texts import text_columns, texts_of
from kpi.model import Filter, Period
from kpi.periods.kinds import as_date
from kpi.persons import quoted

ALIKE = 0.6
"""Texts with at least this Jaccard similarity of their letter runs are near-duplicates."""
RUN = 5
HASHES, BANDS = 96, 24
"""Signatures of 96 hashes in 24 bands of 4: a pair at 0.6 is proposed with probability 0.96, one at .75 with
0.9999, one at .2 with .04."""
FEWEST = 3
"""Contacts that make a group."""
FEWEST_RUNS = 6
"""Shorter texts are only compared as they are."""
MOST_TEXTS = 30_000
MOST_GROUPS = 200
_PRIME = np.uint64(2**31 - 1)


@dataclass(frozen=True)
class Group:
    """Contacts that say nearly the same.

    Attributes:
        text: the most frequent wording, cut and masked as quotes are; ``wordings``: how many there are.
        issue: the most frequent issue among them, "" without any.
        first, last: days of the first and the last one; None without dates.
        reopened, repeated: how many came back, and how many were followed by another contact of the customer.
        minutes: handled minutes of the ``timed`` ones; None where no handling time is known.
        rows: row numbers in the table of contacts.
    """

    text: str
    wordings: int
    n: int
    issue: str
    first: date | None
    last: date | None
    reopened: int
    repeated: int
    minutes: float | None
    timed: int
    unhappy: int
    rows: NDArray[np.intp] = field(repr=False, compare=False)


@dataclass(frozen=True)
class Recurring:
    """Groups, the largest first; the texts that were compared; contacts without one; why there is nothing."""

    groups: tuple[Group, ...]
    texts: int
    without_text: int
    contacts: int
    refused: str | None = None

    @property
    def covered(self) -> int:
        """Contacts that belong to a group."""
        return sum(group.n for group in self.groups)


def recurring(kept: Sorted, now: Period | None, *, where: tuple[Filter, ...] = ()) -> Recurring:
    """Groups of near-duplicate contacts of the period."""
    rows = engine.select(kept.table, kept.basis, now, where=where).rows
    columns = list(text_columns(kept.table.source))
    if not columns:
        why = "no column holds a text: subject, description or tags would help"
        return Recurring((), 0, rows.size, rows.size, why)
    texts = texts_of(kept.table.source[columns].iloc[rows])
    counts = np.bincount(texts.place[texts.place >= 0], minlength=len(texts.clean))
    often = np.sort(np.argsort(-counts, kind="stable")[:MOST_TEXTS])
    label = np.full(len(texts.clean), -1, np.int64)
    label[often] = near_duplicates([texts.clean[at] for at in often])
    of_row = np.append(label, -1)[texts.place]
    held = of_row >= 0
    if not held.any():
        return Recurring((), 0, texts.empty, rows.size, "no contact has a text with words")
    sizes = np.bincount(of_row[held])
    costs = costs_of(kept)
    by_label = pd.Series(np.flatnonzero(held)).groupby(of_row[held]).indices
    places = np.flatnonzero(held)
    chosen = [int(c) for c in np.argsort(-sizes, kind="stable")[:MOST_GROUPS] if sizes[c] >= FEWEST]
    groups = []
    for code in chosen:
        mine = places[by_label[code]]
        own = rows[mine]
        wordings, often_of = np.unique(texts.place[mine], return_counts=True)
        groups.append(
            Group(
                quoted(kept.facts, texts.shown[int(wordings[np.argmax(often_of)])][:300]),
                int(wordings.size),
                int(own.size),
                _issue(kept, own),
                *_days(kept, own),
                _flagged(kept, own, "reopened", "reopen_mature"),
                _flagged(kept, own, "repeated", "repeat_mature"),
                float(costs.minutes[own].sum()) if costs.timed.any() else None,
                int(costs.timed[own].sum()),
                int((costs.unhappy & costs.rated)[own].sum()),
                own,
            )
        )
    return Recurring(tuple(groups), len(texts.clean), texts.empty, int(rows.size))


def near_duplicates(clean: list[str]) -> NDArray[np.int64]:
    """The group of each text; texts that resemble no other have one of their own.

    >>> near_duplicates(["the card was declined at checkout", "card was declined at the checkout", "hello"])
    array([0, 0, 1])
    """
    if not clean:
        return np.zeros(0, np.int64)
    runs = [_runs(text) for text in clean]
    long_enough = np.array([len(each) >= FEWEST_RUNS for each in runs], dtype=np.bool_)
    pairs = _proposed(runs, np.flatnonzero(long_enough))
    alike = [(a, b) for a, b in pairs if _jaccard(runs[a], runs[b]) >= ALIKE]
    size = len(clean)
    ends = np.array(alike, dtype=np.int64).reshape(-1, 2)
    graph = sparse.coo_matrix((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(size, size))
    _, label = connected_components(graph, directed=False)
    found: NDArray[np.int64] = np.asarray(label, dtype=np.int64)
    return found


def _runs(text: str) -> NDArray[np.int64]:
    """Numbers of the different runs of five letters of a text, sorted."""
    letters = np.frombuffer(f" {text} ".encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    if letters.size < RUN:
        return np.zeros(0, np.int64)
    number = np.zeros(letters.size - RUN + 1, np.uint64)
    for shift in range(RUN):
        number = number * np.uint64(1_000_003) + letters[shift : shift + number.size]
    return np.unique((number % _PRIME).astype(np.int64))


def _jaccard(one: NDArray[np.int64], other: NDArray[np.int64]) -> float:
    both = np.intersect1d(one, other, assume_unique=True).size
    return both / (one.size + other.size - both) if one.size + other.size else 0.0


def _proposed(runs: list[NDArray[np.int64]], places: NDArray[np.intp]) -> set[tuple[int, int]]:
    """Pairs that share a band of their signatures."""
    if places.size < 2:
        return set()
    rng = np.random.default_rng(20260901)
    factor = rng.integers(1, int(_PRIME), HASHES).astype(np.uint64)
    shift = rng.integers(0, int(_PRIME), HASHES).astype(np.uint64)
    sizes = np.array([runs[at].size for at in places])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    everything = np.concatenate([runs[at] for at in places]).astype(np.uint64)
    signature = np.empty((places.size, HASHES), np.uint64)
    for number in range(HASHES):
        hashed = (everything * factor[number] + shift[number]) % _PRIME
        signature[:, number] = np.minimum.reduceat(hashed, starts)
    found: set[tuple[int, int]] = set()
    width = HASHES // BANDS
    for band in range(BANDS):
        part = np.ascontiguousarray(signature[:, band * width : (band + 1) * width])
        _, group = np.unique(part, axis=0, return_inverse=True)
        order = np.argsort(group.ravel(), kind="stable")
        same = np.flatnonzero(np.diff(group.ravel()[order]) == 0)
        # Neighbours in a bucket are enough: what hangs together is found through them.
        found.update((int(places[order[at]]), int(places[order[at + 1]])) for at in same)
    return found


def _issue(kept: Sorted, rows: NDArray[np.intp]) -> str:
    dimension = kept.table.dimensions.get(ISSUE)
    if dimension is None:
        return ""
    counts = np.bincount(dimension.codes[rows].astype(np.int64), minlength=len(dimension.categories))
    name = str(dimension.categories[int(np.argmax(counts))])
    return "" if name in UNNAMED else name


def _days(kept: Sorted, rows: NDArray[np.intp]) -> tuple[date | None, date | None]:
    days = kept.table.columns.get(kept.basis.value)
    known = None if days is None else days[rows][days[rows] != MISSING_DAY]
    if known is None or not known.size:
        return None, None
    return as_date(int(known.min())), as_date(int(known.max()))


def _flagged(kept: Sorted, rows: NDArray[np.intp], flag: str, mature: str) -> int:
    columns = kept.table.columns
    if flag not in columns or mature not in columns:
        return 0
    return int(((columns[flag] != 0) & (columns[mature] != 0))[rows].sum())
