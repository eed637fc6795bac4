"""What an issue comes together with: channels, products, releases and other columns of the data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from kpi import engine
from kpi.compare import compare_segments
from kpi.facts import NONE
from kpi.issues.changes import FEWEST, issue_metric
from kpi.issues.sorting import ISSUE, Sorted, of_persons
from kpi.measures import Share
from kpi.model import Comparison, Filter, Grain, Metric, Period
from kpi.stats import benjamini_hochberg, critical, miettinen_nurminen, ratio_miettinen_nurminen
from kpi.verdicts import chance

MOST_VALUES = 60
"""A column with more different values than this is not looked at."""
MOST_JUDGED = 40
LEAST_LIFT = 1.2
"""A smaller lift is told of no value, however clear it is."""
LEFT_OUT = """
status status_raw channel_raw priority_raw source source_file csat_raw nps_raw outcome survey_type
sentiment
"""
NEVER = frozenset(LEFT_OUT.split())


@dataclass(frozen=True)
class Together:
    """One value of one column among the contacts of an issue, and among all others of the period.

    ``n`` and ``n_others`` are contacts with the value here and among the others; ``lift`` is share here ÷
    share among the others, with its interval.
    """

    field: str
    value: str
    n: int
    share: float
    share_others: float
    lift: float
    low: float
    high: float
    p_adjusted: float
    n_others: int
    also: tuple[str, ...] = ()
    """Other values on the very same contacts."""


@dataclass(frozen=True)
class Company:
    """What stands out, the largest lift first; how many values were looked at; why none could be."""

    found: tuple[Together, ...]
    looked_at: int
    refused: str | None = None


def together(kept: Sorted, issue: str, now: Period | None, *, where: tuple[Filter, ...] = ()) -> Company:
    """Values that are more frequent in an issue than in the other contacts, beyond chance (one family)."""
    table, dimension = kept.table, kept.table.dimensions[ISSUE]
    names = [str(name) for name in dimension.categories]
    if issue not in names:
        return Company((), 0, "there is no such issue")
    rows = engine.select(table, kept.basis, now, where=where).rows
    mine = dimension.codes[rows] == names.index(issue)
    inside, outside = int(mine.sum()), int((~mine).sum())
    least_n = kept.facts.definitions.minimum_n
    if min(inside, outside) < least_n:
        return Company((), 0, f"fewer than {least_n} contacts of this issue, or of the others")
    pairs: list[tuple[str, str, int, int]] = []
    for field, values in _fields(kept):
        codes = values.codes[rows]
        size = len(values.categories)
        here, there = (np.bincount(codes[side], minlength=size) for side in (mine, ~mine))
        if here.max(initial=0) == inside and there.max(initial=0) == outside:
            continue
        pairs += [
            (field, str(name), int(here[code]), int(there[code]))
            for code, name in enumerate(values.categories)
            if str(name) != NONE and here[code] + there[code] >= max(FEWEST, least_n)
        ]
    # A column that is the issue itself (or is made of it) says nothing about it.
    own = {field for field, _, here, there in pairs if here == inside and there == 0}
    pairs = [pair for pair in pairs if pair[0] not in own]
    if not pairs:
        return Company((), 0, "no column besides the issue has values that are frequent enough")
    return Company(_judged(kept, issue, now, where, pairs, (inside, outside)), len(pairs))


def _fields(kept: Sorted) -> list[tuple[str, pd.Categorical]]:
    found = []
    for name, dimension in kept.table.dimensions.items():
        known = len(dimension.categories)
        if name in (*NEVER, ISSUE, kept.source.field) or of_persons(name):
            continue
        if not 2 <= known <= MOST_VALUES:
            continue
        found.append((name, dimension))
    return found


def _judged(
    kept: Sorted,
    issue: str,
    now: Period | None,
    where: tuple[Filter, ...],
    pairs: Sequence[tuple[str, str, int, int]],
    totals: tuple[int, int],
) -> tuple[Together, ...]:
    inside, outside = (float(total) for total in totals)
    here, there = (np.array([pair[which] for pair in pairs], dtype=np.float64) for which in (2, 3))
    ones = np.ones(len(pairs))
    _, _, least = miettinen_nurminen(here, inside * ones, there, outside * ones)
    alpha = chance(kept.facts.definitions.confidence)
    adjusted = benjamini_hochberg([float(p) for p in least])
    more = here / inside > there / outside
    may = [at for at, q in enumerate(adjusted) if q is not None and q < alpha and more[at]]
    may = sorted(may, key=lambda at: float(least[at]))[:MOST_JUDGED]
    compared = _compared(kept, issue, now, where, [pairs[at] for at in may])
    p: list[float | None] = [float(each) for each in least]
    for at, comparison in zip(may, compared, strict=True):
        difference = comparison.difference
        p[at] = 1.0 if difference is None or difference.p is None else max(float(least[at]), difference.p)
    final = benjamini_hochberg(p)
    found = []
    for at, comparison in zip(may, compared, strict=True):
        q, difference = final[at], comparison.difference
        if q is None or q >= alpha or difference is None or difference.low is None or difference.high is None:
            continue
        field, value, k, m = pairs[at]
        effect = _effect(k, inside, m, outside, difference.high - difference.low, difference.level)
        low, high, _ = ratio_miettinen_nurminen(k / effect, inside / effect, m / effect, outside / effect)
        lift = (k / inside) / (m / outside) if m else float("inf")
        if lift < LEAST_LIFT:
            continue
        found.append(Together(field, value, k, k / inside, m / outside, lift, low, high, q, m))
    return _once(sorted(found, key=lambda each: (-each.low, each.field, each.value)))


def _once(found: Sequence[Together]) -> tuple[Together, ...]:
    """Values on the very same contacts (a team that is a channel) are one, told with the other names."""
    kept: dict[tuple[int, float, float], Together] = {}
    for each in found:
        key = (each.n, each.share, each.share_others)
        first = kept.get(key)
        kept[key] = (
            each if first is None else replace(first, also=(*first.also, f"{each.field} {each.value}"))
        )
    return tuple(kept.values())


def _effect(k: float, n: float, m: float, other: float, width: float, level: float) -> float:
    """How many rows one independent row is worth, by the width of the interval that the evidence gave."""
    plain = k / n * (1 - k / n) / n + m / other * (1 - m / other) / other
    if plain <= 0:
        return 1.0
    return max(1.0, (width / 2 / critical(level)) ** 2 / plain)


def _compared(
    kept: Sorted,
    issue: str,
    now: Period | None,
    where: tuple[Filter, ...],
    pairs: Sequence[tuple[str, str, int, int]],
) -> tuple[Comparison, ...]:
    """Each value's share in the issue against its share in the others, judged as on Compare."""
    if not pairs:
        return ()
    table, dimension = kept.table, kept.table.dimensions[ISSUE]
    columns = dict(table.columns)
    metrics: list[Metric] = []
    among = "ticket" if kept.grain is Grain.TICKETS else "call"
    for place, (field, value, _, _) in enumerate(pairs):
        values = table.dimensions[field]
        code = list(map(str, values.categories)).index(value)
        flag = f"together_{place}"
        columns[flag] = (values.codes == code).astype(np.uint8)
        made = issue_metric(kept, place, value)
        metrics.append(replace(made, key=flag, measure=Share(flag, among, theirs=False)))
    facts = replace(kept.facts, tables={**kept.facts.tables, kept.grain: replace(table, columns=columns)})
    others = tuple(str(name) for name in dimension.categories if str(name) != issue)
    return compare_segments(
        facts, now, (Filter(ISSUE, (issue,)),), (Filter(ISSUE, others),), metrics=metrics, where=where
    )
