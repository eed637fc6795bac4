"""How many contacts were quick and satisfied, now against before, and how the escalated ones ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kpi import engine, fields
from kpi.compare import compare, measure
from kpi.facts import Facts
from kpi.model import Comparison, Estimate, Filter, Grain, Metric, Period
from kpi.resolutions.matching import Matched, Rows, matched
from kpi.resolutions.preparing import ESCALATED, YES, Kept, outcome
from kpi.stats import benjamini_hochberg, wilson

OUTCOMES = ("good", "quick", "happy")


@dataclass(frozen=True)
class Report:
    """Quick and satisfied in a period.

    Attributes:
        now, before: the periods; None where contacts have no date, or there is none before.
        contacts: contacts of the period (by the date of the outcome).
        comparisons: quick and satisfied, quick, satisfied: now against before, one family. Without a period
            before: estimates of the period now with no difference.
        refused: why nothing can be said of quick and satisfied, None when something can; one of its parts may
            still be among the comparisons.
        no_change: why now is not held against before.
    """

    now: Period | None
    before: Period | None
    where: tuple[Filter, ...]
    contacts: int
    comparisons: tuple[Comparison, ...]
    refused: str | None = None
    no_change: str | None = None

    def of(self, key: str) -> Comparison | None:
        """One of the outcomes."""
        return next((each for each in self.comparisons if each.metric.key == f"resolutions_{key}"), None)


def lacking(kept: Kept, where: tuple[Filter, ...]) -> str | None:
    """A sentence when a filter asks for a column that contacts do not have."""
    for each in where:
        if fields.resolve(kept.table, each.field) is None:
            many = "tickets" if kept.grain is Grain.TICKETS else "calls"
            return f"the {many} have no column '{each.field}', which a filter asks for"
    return None


def report(
    kept: Kept, now: Period | None, before: Period | None, *, where: tuple[Filter, ...] = ()
) -> Report:
    """The share of judged contacts that were quick and satisfied, and its two parts."""
    refused = lacking(kept, where)
    if not kept.dated:
        now = before = None
    no_change = (
        None if before is not None else "contacts have no date" if not kept.dated else "no period before"
    )
    if refused is not None:
        return Report(now, before, where, 0, (), refused, no_change)
    total = int(engine.select(kept.table, kept.basis, now, where=where).rows.size)
    metrics = [outcome(kept, key) for key in OUTCOMES if _told(kept, key)]
    if now is not None and before is not None:
        found = compare(kept.facts, now, before, metrics=metrics, where=where)
    else:
        found = tuple(_alone(kept.facts, now, metric, where) for metric in metrics)
    good = next((each for each in found if each.metric.key == "resolutions_good"), None)
    if good is None or good.now.value is None:
        nothing = "no contact of this period has both a time to its solution and a satisfaction answer"
        refused = kept.refused or nothing
    return Report(now, before, where, total, found, refused, no_change)


def _told(kept: Kept, key: str) -> bool:
    """Whether the data hold what a share is made of."""
    return bool(flag(kept, {"good": "quick_rated", "quick": "timed", "happy": "rated"}[key]).any())


def _alone(facts: Facts, now: Period | None, metric: Metric, where: tuple[Filter, ...]) -> Comparison:
    from kpi.model import Group, Verdict

    (one,) = measure(facts, now, metrics=(metric,), where=where)
    nothing = Estimate.absent("no period before")
    return Comparison(metric, Group(), one.estimate, nothing, None, Verdict.TOO_FEW, "no period before")


# ---------------------------------------------------------------- the escalated


@dataclass(frozen=True)
class Ending:
    """How one thing ended for the escalated, beside contacts of the same kind that were not escalated.

    ``share`` carries the interval; ``matched`` the comparison with its p adjusted over all endings.
    """

    key: str
    share: Estimate
    matched: Matched


@dataclass(frozen=True)
class Escalations:
    """The escalated contacts that came in a period.

    Attributes:
        n, known: escalated ones, and contacts of which it is known.
        hours, hours_others: median hours to the solution (open ones counted as such) of the escalated and of
            all others, not of the same kind.
        endings: solved, open, reopened, satisfied, quick.
        refused: why nothing can be said.
        from_teams: that escalated means: went through more than one team.
    """

    n: int
    known: int
    share: Estimate
    hours: Estimate
    hours_others: Estimate
    endings: tuple[Ending, ...]
    refused: str | None = None
    note: str = ""


ENDINGS: Mapping[str, tuple[str, str]] = {
    "solved": ("solved", "state_known"),
    "open": ("still_open", "state_known"),
    "reopened": ("reopened", "reopen_mature"),
    "happy": ("happy", "rated"),
    "quick": ("quick", "timed"),
}
"""Key → flags of the outcome and of the contacts that count."""


def escalations(kept: Kept, now: Period | None, *, where: tuple[Filter, ...] = ()) -> Escalations:
    """How the escalated contacts of a period ended, beside others of the same kind."""
    table = kept.table
    absent = Estimate.absent("no answer")
    refused = lacking(kept, where)
    if refused is None and "escalation_known" not in table.columns:
        why = table.absent.get("escalation_known", "no column says whether a contact was escalated")
        refused = f"{why}: a column such as escalated (yes or no), or the number of teams, would help"
    if refused is not None:
        return Escalations(0, 0, absent, absent, absent, (), refused)
    if not kept.dated:
        now = None
    selection = engine.select(table, kept.created, now, where=where)
    rows = selection.rows
    known = table.columns["escalation_known"][rows] != 0
    up = known & (table.columns["escalated"][rows] != 0)
    n, total = int(up.sum()), int(known.sum())
    level = kept.facts.definitions.confidence
    if not n:
        return Escalations(0, total, absent, absent, absent, (), "no contact of this period was escalated")
    share = Estimate(n / total, total, *wilson(n, total, level), method="Wilson")
    endings = []
    for key, (of, among) in ENDINGS.items():
        counted = flag(kept, among)[rows] & known
        if not (counted & up).any():
            continue
        hit = flag(kept, of)[rows]
        used = np.flatnonzero(counted)
        some = Rows(
            hit[used],
            selection.day[used].astype(np.int64),
            selection.agent[used].astype(np.int64),
            tuple(kind[rows][used] for kind in kept.kinds),
            _span(selection.day[used]),
        )
        (one,) = matched(some, [up[used]], level=level)
        low, high = wilson(one.k, one.n, level)
        endings.append(Ending(key, Estimate(one.k / one.n, one.n, low, high, parts={"count": one.k}), one))
    p = benjamini_hochberg([e.matched.difference.p if e.matched.difference else None for e in endings])
    endings = [with_adjusted(each, q) for each, q in zip(endings, p, strict=True)]
    hours, others = _hours(kept, now, where)
    note = table.notes.get("escalation_known", "")
    return Escalations(n, total, share, hours, others, tuple(endings), None, note)


def with_adjusted(ending: Ending, q: float | None) -> Ending:
    """The ending with its adjusted p."""
    difference = ending.matched.difference
    if difference is None or q is None:
        return ending
    return replace(ending, matched=replace(ending.matched, difference=replace(difference, p_adjusted=q)))


def flag(kept: Kept, name: str) -> NDArray[np.bool_]:
    """A flag by row; none where the data do not hold it."""
    columns = kept.table.columns
    if name == "still_open":
        return flag(kept, "state_known") & ~flag(kept, "solved") & ~_gone(kept)
    if name not in columns:
        return np.zeros(len(kept.table), np.bool_)
    found: NDArray[np.bool_] = columns[name] != 0
    return found


def _gone(kept: Kept) -> NDArray[np.bool_]:
    """Contacts that ended without a solution (deleted, merged), where the stock of open ones tells them."""
    left = kept.table.columns.get("left")
    if left is None:
        return np.zeros(len(kept.table), np.bool_)
    found: NDArray[np.bool_] = (left != 0) & ~flag(kept, "solved")
    return found


def _hours(kept: Kept, now: Period | None, where: tuple[Filter, ...]) -> tuple[Estimate, Estimate]:
    """Median hours to the solution, escalated and not."""
    nothing = Estimate.absent("no time of solving")
    if kept.grain is not Grain.TICKETS or "ttr_counts" not in kept.table.columns:
        return nothing, nothing
    found = {
        group.group.keys[0][1]: group.estimate
        for group in measure(kept.facts, now, metrics=("ttr",), by=(ESCALATED,), where=where)
        if group.group.keys
    }
    return found.get(YES, nothing), found.get("no", nothing)


def _span(day: NDArray[np.int32]) -> tuple[int, int]:
    return (int(day.min()), int(day.max())) if day.size else (0, 0)
