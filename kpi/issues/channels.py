"""One channel beside the others: which issues are more frequent there, and which less."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kpi import engine
from kpi.compare import compare_segments
from kpi.facts import NONE
from kpi.issues.changes import FEWEST, flagged
from kpi.issues.sorting import ISSUE, UNNAMED, Sorted
from kpi.model import Difference, Estimate, Filter, Period
from kpi.stats import benjamini_hochberg, miettinen_nurminen
from kpi.verdicts import chance

CHANNEL, SOCIAL = "channel", "social"
MOST_JUDGED = 40
"""So many of the most frequent issues are judged in full, and every other one that may be a finding."""


@dataclass(frozen=True)
class Here:
    """One issue on a channel and on the others.

    Attributes:
        n, n_others: contacts about it; share, share_others: of all contacts there, with intervals.
        difference: share here − share on the others; None where it was not judged.
        p_adjusted: over all issues of the list.
        more: beyond chance more frequent here (True), less frequent (False), None where that is not clear.
    """

    issue: str
    n: int
    n_others: int
    share: Estimate
    share_others: Estimate
    difference: Difference | None
    p_adjusted: float
    more: bool | None


@dataclass(frozen=True)
class Beside:
    """A channel beside the others: issues in the order of their contacts there, the largest first.

    Attributes:
        others: names of the other channels; total, total_others: contacts on the one and on the others.
        refused: why they cannot be held against each other, None when they can.
    """

    channel: str
    others: tuple[str, ...]
    total: int
    total_others: int
    found: tuple[Here, ...]
    looked_at: int
    refused: str | None = None


def channels(kept: Sorted) -> tuple[str, ...]:
    """Channels of the contacts: social media first, else in the order of their contacts."""
    if kept.facts.table(kept.grain) is None:
        return ()
    dimension = kept.table.dimensions.get(CHANNEL)
    if dimension is None:
        return ()
    counts = np.bincount(dimension.codes, minlength=len(dimension.categories))
    names = [str(dimension.categories[code]) for code in np.argsort(-counts, kind="stable") if counts[code]]
    known = [name for name in names if name != NONE]
    if len(known) < 2:
        return ()
    return tuple(sorted(known, key=lambda name: name != SOCIAL))


def beside(kept: Sorted, channel: str, now: Period | None, *, where: tuple[Filter, ...] = ()) -> Beside:
    """The issues of a channel beside those of all others, as one family of tests."""
    others = tuple(name for name in channels(kept) if name != channel)
    nothing = Beside(channel, others, 0, 0, (), 0)
    if channel not in channels(kept):
        return _refusing(nothing, "there are no contacts on this channel, or on no other")
    table = kept.table
    codes, place = table.dimensions[ISSUE].codes.astype(np.int64), table.dimensions[CHANNEL]
    names = [str(name) for name in table.dimensions[ISSUE].categories]
    rows = engine.select(table, kept.basis, now, where=where).rows
    mine = place.codes[rows] == list(map(str, place.categories)).index(channel)
    theirs = np.isin(place.codes[rows], [list(map(str, place.categories)).index(name) for name in others])
    k, m = (np.bincount(codes[rows[side]], minlength=len(names)) for side in (mine, theirs))
    total, total_others = int(mine.sum()), int(theirs.sum())
    nothing = Beside(channel, others, total, total_others, (), 0)
    least_n = kept.facts.definitions.minimum_n
    if min(total, total_others) < least_n:
        return _refusing(nothing, f"fewer than {least_n} contacts on this channel, or on the others")
    looked = np.array(
        [c for c, name in enumerate(names) if name not in UNNAMED and k[c] + m[c] >= FEWEST], dtype=np.int64
    )
    if not looked.size:
        return _refusing(nothing, f"no issue has {FEWEST} contacts")
    ones = np.ones(looked.size)
    _, _, least = miettinen_nurminen(
        k[looked].astype(np.float64), total * ones, m[looked].astype(np.float64), total_others * ones
    )
    alpha = chance(kept.facts.definitions.confidence)
    p: list[float | None] = [float(each) for each in least]
    judged = np.array([q is not None and q < alpha for q in benjamini_hochberg(p)])
    judged[np.argsort(-k[looked], kind="stable")[:MOST_JUDGED]] = True
    facts, metrics = flagged(kept, looked[judged].tolist())
    compared = compare_segments(
        facts,
        now,
        (Filter(CHANNEL, (channel,)),),
        (Filter(CHANNEL, others),),
        metrics=metrics,
        where=where,
    )
    by_code = dict(zip(looked[judged].tolist(), compared, strict=True))
    for at, code in enumerate(looked.tolist()):
        if code in by_code:
            difference = by_code[code].difference
            known = None if difference is None else difference.p
            p[at] = 1.0 if known is None else max(float(least[at]), known)
    found = []
    for code, q in zip(looked.tolist(), benjamini_hochberg(p), strict=True):
        if code not in by_code:
            continue
        one, q = by_code[code], 1.0 if q is None else float(q)
        clear = q < alpha and one.difference is not None
        more = k[code] / total > m[code] / total_others
        found.append(
            Here(
                names[code], int(k[code]), int(m[code]), one.now, one.before, one.difference, q,
                bool(more) if clear else None,
            )
        )  # fmt: skip
    found.sort(key=lambda each: (-each.n, each.issue))
    return Beside(channel, others, total, total_others, tuple(found), int(looked.size))


def _refusing(nothing: Beside, why: str) -> Beside:
    return Beside(nothing.channel, nothing.others, nothing.total, nothing.total_others, (), 0, why)
