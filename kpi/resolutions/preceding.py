"""What came shortly before a lasting drop: known events, values and tags first seen then, agents who started.

Each value is held against the days before: its share of the contacts of the same issue before and after the
drop, judged by the project's evidence, all values as one family. That something came first is no proof that
it was the cause.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpi import engine
from kpi.compare import compare
from kpi.facts import NONE
from kpi.issues.sorting import of_persons
from kpi.measures import Share
from kpi.model import EPOCH, Filter, Metric, Period
from kpi.resolutions.lasting import Drop
from kpi.resolutions.preparing import HOUR, Kept, outcome
from kpi.resolutions.sharing import AGENT, of_outcome
from kpi.stats import benjamini_hochberg, miettinen_nurminen
from kpi.trend.nouns import KnownEvent
from kpi.verdicts import chance

SHORTLY = 42
"""Days before a drop in which something counts as shortly before."""
BESIDE = 182
"""Days before and after that shares are counted on."""
FEWEST = 10
MOST_JUDGED = 40
TAGS = "tags"


@dataclass(frozen=True)
class New:
    """A value of a column in the contacts of one issue, before and after.

    Attributes:
        first_seen: day of its first contact of this issue; new: that lies shortly before (or within the range
            of) the drop, and no contact of the issue had it earlier.
        k, n: contacts with it and all since the drop; k_before, n_before: in the days before.
        elsewhere: share of the other contacts since the drop that have it; None without other contacts.
        gap, low, high: difference of both shares.
        p_adjusted: over all values that were looked at.
    """

    field: str
    value: str
    first_seen: date
    new: bool
    k: int
    n: int
    k_before: int
    n_before: int
    elsewhere: float | None
    gap: float
    low: float
    high: float
    p_adjusted: float

    @property
    def person(self) -> bool:
        """Whether the value is an agent."""
        return self.field == AGENT


@dataclass(frozen=True)
class Preceded:
    """What came before a drop.

    Attributes:
        since, until: the days that are called shortly before.
        events: known ones in those days; found: values beyond chance, the new ones first.
        looked_at: values that were tested.
    """

    since: date
    until: date
    before: Period
    after: Period
    events: tuple[KnownEvent, ...]
    found: tuple[New, ...]
    looked_at: int


def drop_period(drop: Drop, found: Preceded | None, since: bool) -> Period:
    """The days on which contacts before or since a drop are counted; those of what came before it."""
    if found is not None:
        return found.after if since else found.before
    return Period(drop.day, drop.until) if since else Period(drop.since, drop.day - timedelta(days=1))


@dataclass(frozen=True, eq=False)
class _Token:
    """A value of a column: the codes of the column by row, and which of them have the value."""

    field: str
    value: str
    codes: NDArray[np.integer]
    held: NDArray[np.bool_]

    def of(self, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Whether each of the rows has the value."""
        found: NDArray[np.bool_] = self.held[self.codes[rows]]
        return found


def preceded(
    kept: Kept, drop: Drop, events: Sequence[KnownEvent] = (), *, where: tuple[Filter, ...] = ()
) -> Preceded:
    """What is known to have come within six weeks before a drop, and what is seen in its contacts."""
    since, until = drop.low - timedelta(days=SHORTLY), drop.high
    before = Period(max(drop.since, drop.low - timedelta(days=BESIDE)), drop.low - timedelta(days=1))
    after = Period(drop.day, min(drop.until, drop.day + timedelta(days=BESIDE - 1)))
    known = tuple(each for each in events if since <= each.day <= until)
    tokens = _tokens(kept, drop.field)
    found, looked = _judged(kept, drop, tokens, (before, after), (since, until), where)
    return Preceded(since, until, before, after, known, found, looked)


def _tokens(kept: Kept, field: str) -> list[_Token]:
    """Every value of every column that could be a way of working."""
    table = kept.table
    found: list[_Token] = []
    for name, dimension in table.dimensions.items():
        skip = of_outcome(name) or name in (field, HOUR) or name == TAGS
        if skip or (of_persons(name) and name != AGENT):
            continue
        counts = np.bincount(dimension.codes, minlength=len(dimension.categories))
        if len(dimension.categories) < 2:
            continue
        for code in np.flatnonzero(counts >= FEWEST).tolist():
            value = str(dimension.categories[code])
            if value != NONE:
                held = np.arange(len(dimension.categories)) == code
                found.append(_Token(name, value, dimension.codes, held))
    if TAGS in table.source.columns:
        found += tags(kept)
    return found


def tags(kept: Kept) -> list[_Token]:
    """Every tag that enough contacts carry."""
    codes, together = _sets_of_tags(kept.table.source[TAGS])
    counts = np.bincount(codes, minlength=len(together))
    holders: dict[str, list[int]] = {}
    for place, names in enumerate(together):
        for name in names:
            holders.setdefault(name, []).append(place)
    found = []
    for name, at in sorted(holders.items()):
        if int(counts[at].sum()) >= FEWEST:
            held = np.zeros(len(together), np.bool_)
            held[at] = True
            found.append(_Token(TAGS, name, codes, held))
    return found


def tags_of(kept: Kept, rows: NDArray[np.intp] | None = None) -> list[tuple[str, ...]]:
    """The tags of each contact (of some rows); none where there is no such column."""
    if TAGS not in kept.table.source.columns:
        return [()] * (len(kept.table) if rows is None else rows.size)
    column = kept.table.source[TAGS]
    codes, together = _sets_of_tags(column if rows is None else column.iloc[rows])
    return [together[code] for code in codes.tolist()]


def distinct_tags(kept: Kept) -> set[str]:
    """Every tag that some contact carries."""
    if TAGS not in kept.table.source.columns:
        return set()
    return {tag for names in _sets_of_tags(kept.table.source[TAGS])[1] for tag in names}


def _sets_of_tags(column: pd.Series) -> tuple[NDArray[np.int64], list[tuple[str, ...]]]:
    """Number of the cell's tags by row, and the tags of each number: few cells of a column are different."""
    cells = column.tolist()
    if set(map(type, cells)) <= {list, tuple}:
        keys: list[Hashable] = list(map(tuple, cells))
    else:
        keys = [_hashable(cell) for cell in cells]
    places = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    codes = np.fromiter(map(places.__getitem__, keys), np.int64, len(keys))
    return codes, [_tags_in(cell) for cell in places]


def _hashable(cell: Any) -> Hashable:
    """A cell as a key: text, the things that it lists, or None."""
    if isinstance(cell, list | tuple | set | np.ndarray):
        return tuple(cell)
    return cell if isinstance(cell, str) else None


def _tags_in(cell: Any) -> tuple[str, ...]:
    """The tags of one cell, each once."""
    if isinstance(cell, str):
        parts = cell.replace(";", ",").split(",") if "," in cell or ";" in cell else cell.split()
        return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))
    return tuple(dict.fromkeys(str(tag).strip() for tag in cell or () if str(tag).strip()))


def _judged(
    kept: Kept,
    drop: Drop,
    tokens: Sequence[_Token],
    periods: tuple[Period, Period],
    shortly: tuple[date, date],
    where: tuple[Filter, ...],
) -> tuple[tuple[New, ...], int]:
    table = kept.table
    own = (*where, Filter(drop.field, (drop.value,)))
    everything = engine.select(table, kept.created, None, where=own).rows
    sides = [engine.select(table, kept.created, period, where=own).rows for period in periods]
    rest = engine.select(table, kept.created, periods[1], where=where).rows
    codes = table.dimensions[drop.field].codes
    names = [str(name) for name in table.dimensions[drop.field].categories]
    others = rest[codes[rest] != names.index(drop.value)]
    n_before, n_after = (rows.size for rows in sides)
    if not n_before or not n_after:
        return (), 0
    days = table.columns[kept.created.value]
    kept_tokens, k0, k1 = [], [], []
    for token in tokens:
        one, other = int(token.of(sides[0]).sum()), int(token.of(sides[1]).sum())
        if one + other >= FEWEST and not (one == n_before and other == n_after):
            kept_tokens.append(token)
            k0.append(one)
            k1.append(other)
    if not kept_tokens:
        return (), 0
    before, after = np.array(k0, dtype=np.float64), np.array(k1, dtype=np.float64)
    ones = np.ones(before.size)
    _, _, least = miettinen_nurminen(after, n_after * ones, before, n_before * ones)
    p = [float(each) for each in least]
    alpha = chance(kept.facts.definitions.confidence)
    more = after / n_after > before / n_before
    may = [at for at, q in enumerate(benjamini_hochberg(p)) if q is not None and q < alpha and more[at]]
    may = sorted(may, key=lambda at: p[at])[:MOST_JUDGED]
    compared = _compared(kept, [kept_tokens[at] for at in may], periods, own)
    for at, (_, _, _, judged_p) in zip(may, compared, strict=True):
        p[at] = max(p[at], judged_p)
    final = benjamini_hochberg(p)
    found = []
    for at, (gap, low, high, _) in zip(may, compared, strict=True):
        q = final[at]
        if q is None or q >= alpha:
            continue
        token = kept_tokens[at]
        mine = days[everything[token.of(everything)]]
        first = EPOCH + timedelta(days=int(mine.min()))
        elsewhere = float(token.of(others).mean()) if others.size else None
        found.append(
            New(token.field, token.value, first, shortly[0] <= first <= shortly[1], k1[at], n_after, k0[at],
                n_before, elsewhere, gap, low, high, q)
        )  # fmt: skip
    found.sort(key=lambda each: (not each.new, -each.low, each.field, each.value))
    return tuple(found), len(kept_tokens)


def _compared(
    kept: Kept, tokens: Sequence[_Token], periods: tuple[Period, Period], own: tuple[Filter, ...]
) -> list[tuple[float, float, float, float]]:
    """Gap, interval and p of each by the days around both periods."""
    if not tokens:
        return []
    table = kept.table
    columns = dict(table.columns)
    metrics: list[Metric] = []
    for place, token in enumerate(tokens):
        name = f"preceding_{place}"
        columns[name] = token.held[token.codes].astype(np.uint8)
        base = outcome(kept, "good")
        metrics.append(
            replace(base, key=name, name=token.value, measure=Share(name, kept.whole), basis=kept.created)
        )
    tables = {**kept.facts.tables, kept.grain: replace(table, columns=columns)}
    found = compare(replace(kept.facts, tables=tables), periods[1], periods[0], metrics=metrics, where=own)
    made = []
    for each in found:
        d = each.difference
        if d is None or d.p is None or d.low is None or d.high is None:
            made.append((0.0, -1.0, 1.0, 1.0))
        else:
            made.append((d.value, d.low, d.high, d.p))
    return made
