"""What came shortly before a lasting drop: known events, values and tags first seen then, agents who started.

Each value is held against the days before: its share of the contacts of the same issue before and after the
drop, judged by the project's evidence, all values as one family. That something came first is no proof that
it was the cause.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
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


@dataclass(frozen=True)
class _Token:
    field: str
    value: str
    rows: NDArray[np.bool_]


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
    """Every value of every column that could be a way of working, as a mask over all rows."""
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
                found.append(_Token(name, value, dimension.codes == code))
    if TAGS in table.source.columns:
        found += tags(kept)
    return found


def tags(kept: Kept) -> list[_Token]:
    """Every tag that enough contacts carry."""
    places: dict[str, list[int]] = {}
    for place, names in enumerate(tags_of(kept)):
        for name in names:
            places.setdefault(name, []).append(place)
    found = []
    for name, at in sorted(places.items()):
        if len(at) >= FEWEST:
            mask = np.zeros(len(kept.table), np.bool_)
            mask[at] = True
            found.append(_Token(TAGS, name, mask))
    return found


def tags_of(kept: Kept, rows: NDArray[np.intp] | None = None) -> list[tuple[str, ...]]:
    """The tags of each contact (of some rows); none where there is no such column."""
    if TAGS not in kept.table.source.columns:
        return [()] * (len(kept.table) if rows is None else rows.size)
    column = kept.table.source[TAGS] if rows is None else kept.table.source[TAGS].iloc[rows]
    made: list[tuple[str, ...]] = []
    for cell in column.tolist():
        if isinstance(cell, list | tuple | set | np.ndarray):
            made.append(tuple(dict.fromkeys(str(tag).strip() for tag in cell if str(tag).strip())))
        elif isinstance(cell, str) and cell.strip():
            parts = cell.replace(";", ",").split(",") if "," in cell or ";" in cell else cell.split()
            made.append(tuple(dict.fromkeys(part.strip() for part in parts if part.strip())))
        else:
            made.append(())
    return made


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
        one, other = int(token.rows[sides[0]].sum()), int(token.rows[sides[1]].sum())
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
        mine = days[everything[token.rows[everything]]]
        first = EPOCH + timedelta(days=int(mine.min()))
        elsewhere = float(token.rows[others].mean()) if others.size else None
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
        columns[name] = token.rows.astype(np.uint8)
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
