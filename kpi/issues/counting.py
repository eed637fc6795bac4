"""What each issue costs: contacts, handled minutes, hours of waiting, unhappy answers, what came back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kpi import engine, fields
from kpi.calendars import MISSING_DAY
from kpi.issues.changes import Changed, changes, surely_more
from kpi.issues.costing import Costs, costs_of
from kpi.issues.families import family_of
from kpi.issues.nouns import Issue, Report, Rule
from kpi.issues.sorting import ISSUE, UNNAMED, Sorted
from kpi.measures import Share, Statistics
from kpi.model import Estimate, Filter, Group, Period
from kpi.stats import wilson

Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
SHARES: Mapping[str, Share] = MappingProxyType(
    {
        "reopened": Share("reopened", "reopen_mature"),
        "repeated": Share("repeated", "repeat_mature"),
        "negative": Share("sentiment_negative", "sentiment_known"),
    }
)
"""Shares of contacts that every issue is told with."""


def report(
    kept: Sorted,
    now: Period | None,
    before: Period | None,
    *,
    where: tuple[Filter, ...] = (),
    rules: Sequence[Rule] = (),
) -> Report:
    """The issues of the period now, each against the period before.

    ``now`` None means all data; contacts without a date are counted only then. A filter by a field that the
    contacts do not have is refused in words.
    """
    level = kept.facts.definitions.confidence
    lacking = next((each.field for each in where if fields.resolve(kept.table, each.field) is None), None)
    refused = kept.refused
    if lacking is not None and refused is None:
        refused = f"the {kept.grain.value} have no column '{lacking}', which a filter asks for"
    if refused is not None:
        return Report(
            kept.source, kept.grain, kept.basis, now, before, where, 0, 0, (), (), (), 0, 0, refused,
            None, "", "", "", level,
        )  # fmt: skip
    now, before, no_change = _periods(kept, now, before)
    one = engine.select(kept.table, kept.basis, now, where=where)
    codes = kept.table.dimensions[ISSUE].codes.astype(np.int64)
    size = len(kept.table.dimensions[ISSUE].categories)
    counts = np.bincount(codes[one.rows], minlength=size)
    counts_before = np.zeros(size, np.int64)
    if before is not None:
        rows_before = engine.select(kept.table, kept.basis, before, where=where).rows
        counts_before = np.bincount(codes[rows_before], minlength=size)
        if not rows_before.size:
            before, no_change = None, "there are no contacts in the period before"
    totals = int(counts.sum()), int(counts_before.sum())
    found: dict[int, Changed] = {}
    looked_at = too_few = 0
    if before is not None and now is not None and counts.any():
        named_codes = ~np.isin(np.asarray(kept.table.dimensions[ISSUE].categories, dtype=object), UNNAMED)
        tested = counts * named_codes, counts_before * named_codes
        looked = changes(kept, now, before, where, tested, totals)
        found, looked_at, too_few = looked.found, looked.looked_at, looked.too_few
    costs = costs_of(kept)
    every = _issues(kept, one.rows, (counts, counts_before), totals, found, costs, rules, now, before, where)
    named = tuple(issue for issue in every if issue.name not in UNNAMED)
    unnamed = tuple((issue.name, issue.n) for issue in every if issue.name in UNNAMED and issue.n)
    emerging = sorted(
        (issue for issue in named if issue.grows and issue.ratio is not None),
        key=lambda issue: (-surely_more(issue.more), issue.name),
    )
    return Report(
        kept.source,
        kept.grain,
        kept.basis,
        now,
        before,
        where,
        *totals,
        unnamed,
        tuple(issue for issue in named if issue.n or issue.n_before),
        tuple(emerging),
        looked_at,
        too_few,
        None if named else "no contact of this period has an issue",
        no_change,
        costs.minutes_from,
        costs.wait_from,
        costs.unhappy_from,
        level,
        kept.feeling,
    )


def flagged_by(kept: Sorted, measure: Share) -> NDArray[np.bool_]:
    """Rows that count above in a share; none where the data do not hold it."""
    columns = kept.table.columns
    if not all(name in columns for name in measure.reads()):
        return np.zeros(len(kept.table), np.bool_)
    both: NDArray[np.bool_] = (columns[measure.of] != 0) & (columns[measure.among] != 0)
    return both


def again_of(kept: Sorted) -> NDArray[np.bool_]:
    """Contacts that were reopened or followed by another."""
    return flagged_by(kept, SHARES["reopened"]) | flagged_by(kept, SHARES["repeated"])


def periods_of(
    kept: Sorted, now: Period | None, before: Period | None
) -> tuple[Period | None, Period | None]:
    """The periods as the contacts allow: both None where no contact has a date."""
    return _periods(kept, now, before)[:2]


def _periods(
    kept: Sorted, now: Period | None, before: Period | None
) -> tuple[Period | None, Period | None, str | None]:
    days = kept.table.columns.get(kept.basis.value)
    if days is None or not bool((days != MISSING_DAY).any()):
        return None, None, "no contact has a date of creation, so all are counted together"
    if now is None or before is None:
        return now, None, "there is no period before"
    return now, before, None


def _issues(
    kept: Sorted,
    rows: NDArray[np.intp],
    counts: tuple[Longs, Longs],
    totals: tuple[int, int],
    found: Mapping[int, Changed],
    costs: Costs,
    rules: Sequence[Rule],
    now: Period | None,
    before: Period | None,
    where: tuple[Filter, ...],
) -> list[Issue]:
    dimension = kept.table.dimensions[ISSUE]
    size = len(dimension.categories)
    codes = dimension.codes[rows].astype(np.int64)

    def summed(values: NDArray[Any]) -> Floats:
        found = np.bincount(codes, weights=values[rows].astype(np.float64), minlength=size)
        return found.astype(np.float64)

    minutes, timed = summed(costs.minutes), summed(costs.timed)
    hours, ended = summed(costs.hours), summed(costs.ended)
    rated, unhappy = summed(costs.rated), summed(costs.unhappy & costs.rated)
    again = summed(again_of(kept))
    again_minutes, again_timed = summed(again_of(kept) * costs.minutes), summed(again_of(kept) & costs.timed)
    came_back = _came_back(kept, now, where)
    level = kept.facts.definitions.confidence
    made = []
    for code in np.argsort(-counts[0], kind="stable").tolist():
        n, n_before = int(counts[0][code]), int(counts[1][code])
        if not n and not n_before:
            continue
        name = str(dimension.categories[code])
        family, said_by = family_of(name, rules)
        changed = found.get(code)
        reopened, repeated, negative = (came_back[which].get(name) for which in SHARES)
        made.append(
            Issue(
                name,
                family,
                said_by,
                n,
                n_before,
                _share(n, totals[0], level, changed),
                None if before is None else _share(n_before, totals[1], level, changed),
                None if changed is None else changed.difference,
                "" if changed is not None else ("too few contacts to judge" if before is not None else ""),
                None if changed is None else changed.ratio,
                float(minutes[code]) if costs.timed.any() else None,
                int(timed[code]),
                float(hours[code]) if costs.ended.any() else None,
                int(ended[code]),
                int(unhappy[code]) if costs.rated.any() else None,
                int(rated[code]),
                reopened or Estimate.absent("no solved contact, or no column says whether one was reopened"),
                repeated or Estimate.absent("no column says which customer wrote"),
                negative or Estimate.absent("no column holds a sentiment"),
                int(again[code]),
                float(again_minutes[code]),
                int(again_timed[code]),
                changed is not None and changed.grows,
                changed is not None and changed.falls,
                None if changed is None else changed.onset,
                None if changed is None else changed.more,
            )
        )
    return made


def _share(k: int, n: int, level: float, changed: Changed | None) -> Estimate:
    """Wilson on as many contacts as the days are worth."""
    if not n:
        return Estimate.absent("no contacts in this period")
    effect = 1.0 if changed is None or changed.ratio is None else changed.ratio.effect
    low, high = wilson(k / effect, n / effect, level)
    return Estimate(k / n, n, low, high, "Wilson on effective contacts", parts={"count": k})


def _came_back(kept: Sorted, now: Period | None, where: tuple[Filter, ...]) -> dict[str, dict[str, Estimate]]:
    """Shares of contacts that were reopened, followed by another, of negative sentiment, by issue."""
    level = kept.facts.definitions.confidence
    found: dict[str, dict[str, Estimate]] = {which: {} for which in SHARES}
    for which, measure in SHARES.items():
        if not all(name in kept.table.columns for name in measure.reads()):
            continue
        result: Mapping[Group, Mapping[str, Statistics]] = engine.aggregate(
            kept.table, {which: measure}, basis=kept.basis, period=now, by=(ISSUE,), where=where
        )
        for group, statistics in result.items():
            cells = statistics[which]
            if hasattr(cells, "sums"):
                found[which][group.keys[0][1]] = measure.estimate(cells, level=level)  # type: ignore[arg-type]
    return found
