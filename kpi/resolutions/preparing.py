"""Contacts that were solved quickly against their own kind and rated satisfied, as flags of facts.

A contact is quick when at most a given share (a half, a quarter) of the solved contacts of its own kind took
less time than it did; its kind is channel, issue and priority, widened where fewer than
:data:`LEAST` contacts of it were ever solved. The yardstick is that of all data, so that two periods are
measured by the same one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpi.calendars import MISSING_DAY
from kpi.facts import NONE, Facts, FactTable
from kpi.issues import ISSUE, Rule, Source, sort
from kpi.issues.sorting import contacts
from kpi.measures import Share
from kpi.model import Basis, Direction, Family, Grain, Metric, Unit
from kpi.resolutions.responding import RESPONDER, responders

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Longs = NDArray[np.int64]

LEAST = 20
"""A kind with fewer solved contacts than this is widened by leaving out its last part."""
KIND = ("channel", ISSUE, "priority")
KIND_WORDS = {"channel": "channel", ISSUE: "issue", "priority": "priority"}
ESCALATED = "escalated contact"
"""The dimension that says of each contact whether it was escalated."""
REPLIES, HANDS, HOUR = "replies of the agents", "agents it went through", "hour of creation"
"""Dimensions made for the page: numbers put in bands."""
YES, NO = "yes", "no"
FLAGS = ("timed", "quick", "quick_rated", "good", "happy")


class Quick(StrEnum):
    """What counts as quick."""

    HALF = "Faster than half of its kind"
    QUARTER = "Among the fastest quarter of its kind"

    @property
    def share(self) -> float:
        """The share of contacts that are quick, were all of one kind."""
        return 0.5 if self is Quick.HALF else 0.25


@dataclass(frozen=True, eq=False)
class Kept:
    """Contacts with their flags.

    Attributes:
        facts: whose table of contacts has the flags ``timed`` (solved, with a known time), ``quick``,
            ``quick_rated`` (timed and rated), ``good`` (quick and satisfied), ``happy`` (satisfied).
        created, basis: the dates that put a contact in a period: when it came, and when it was solved.
        minutes: float64[n], from creation to solution (of a call: its wait and its handling).
        kinds: codes of the kind of each contact, the finest first; ``by`` names its parts.
        refused: why no contact can be called quick and satisfied, None when some can.
        missing: what else is not in the data, with the column that would help.
        has_issue: whether the contacts have issues.
    """

    facts: Facts
    grain: Grain
    created: Basis
    basis: Basis
    source: Source
    quick: Quick
    minutes: Floats
    time_from: str
    kinds: tuple[Longs, ...]
    by: tuple[str, ...]
    refused: str | None
    missing: tuple[str, ...]
    has_issue: bool

    @property
    def table(self) -> FactTable:
        """The table of contacts."""
        return self.facts.tables[self.grain]

    @property
    def dated(self) -> bool:
        """Whether contacts have a date to be put in a period by."""
        days = self.table.columns.get(self.basis.value)
        return days is not None and bool((days != MISSING_DAY).any())

    @property
    def whole(self) -> str:
        """The flag of every contact."""
        return "ticket" if self.grain is Grain.TICKETS else "call"


def prepare(
    facts: Facts, rules: Sequence[Rule] = (), wanted: Source | None = None, quick: Quick = Quick.HALF
) -> Kept | str:
    """The contacts with their flags, or a sentence when there are no contacts at all."""
    found = contacts(facts)
    if found is None:
        return "the data hold neither tickets nor calls"
    grain, created = found
    sorted_ = sort(facts, rules, wanted)
    table = sorted_.facts.tables[grain]
    minutes, timed, time_from = _times(table)
    kinds, by = kinds_of(table, KIND)
    place = _placed(minutes, timed, kinds)
    rated, happy = (_flag(table, name) for name in ("rated", "rated_satisfied"))
    is_quick = timed & (place < quick.share)
    flags = {
        "timed": timed,
        "quick": is_quick,
        "quick_rated": timed & rated,
        "good": is_quick & rated & happy,
        "happy": rated & happy,
    }
    columns = {**table.columns, **{name: mask.astype(np.uint8) for name, mask in flags.items()}}
    dimensions = {**table.dimensions, **_dimensions(table)}
    made = replace(table, columns=columns, dimensions=dimensions)
    basis = created
    if grain is Grain.TICKETS and bool((table.columns["solved_day"][timed] != MISSING_DAY).any()):
        basis = Basis.SOLVED
    return Kept(
        replace(sorted_.facts, tables={**sorted_.facts.tables, grain: made}),
        grain,
        created,
        basis,
        sorted_.source,
        quick,
        minutes,
        time_from,
        kinds,
        by,
        _refusal(table, timed, rated, flags["quick_rated"]),
        _missing(table, bool(sorted_.refused)),
        sorted_.refused is None and ISSUE in dimensions,
    )


def kinds_of(table: FactTable, names: Sequence[str]) -> tuple[tuple[Longs, ...], tuple[str, ...]]:
    """Codes of the kind of each row by those dimensions that tell rows apart, the finest first, all last."""
    used = [name for name in names if name in table.dimensions and len(table.dimensions[name].categories) > 1]
    kinds: list[Longs] = []
    for depth in range(len(used), 0, -1):
        code = np.zeros(len(table), np.int64)
        for name in used[:depth]:
            dimension = table.dimensions[name]
            code = code * len(dimension.categories) + dimension.codes
        kinds.append(np.unique(code, return_inverse=True)[1].reshape(-1).astype(np.int64))
    return (*kinds, np.zeros(len(table), np.int64)), tuple(used)


def outcome(kept: Kept, key: str) -> Metric:
    """One of the three shares: ``good`` (quick and satisfied), ``quick``, ``happy`` (satisfied)."""
    many = "tickets" if kept.grain is Grain.TICKETS else "calls"
    fast = kept.quick.value[:1].lower() + kept.quick.value[1:]
    name, of, among, formula = {
        "good": (
            "Quick and satisfied",
            "good",
            "quick_rated",
            f"{many} that were {fast} and rated satisfied ÷ solved {many} with a rating",
        ),
        "quick": ("Quick", "quick", "timed", f"{many} that were {fast} ÷ solved {many}"),
        "happy": ("Satisfied", "happy", "rated", f"{many} rated satisfied ÷ {many} with a rating"),
    }[key]
    return Metric(
        key=f"resolutions_{key}",
        name=name,
        question="What went well?",
        family=Family.RESOLUTION,
        unit=Unit.PERCENT,
        better=Direction.UP,
        grain=kept.grain,
        basis=kept.basis,
        measure=Share(of, among),
        formula=formula,
        needs=(),
        matters=0.02,
    )


# ---------------------------------------------------------------- time


def _times(table: FactTable) -> tuple[Floats, Bools, str]:
    """Minutes to the solution, where they are known, and what they are made from."""
    size = len(table)
    if table.grain is Grain.TICKETS:
        if "ttr_counts" not in table.columns:
            return np.zeros(size), np.zeros(size, np.bool_), table.absent.get("ttr_min", "no time of solving")
        timed = (table.columns["ttr_ended"] != 0) & (table.columns["ttr_counts"] != 0)
        return np.where(timed, table.columns["ttr_min"], 0).astype(np.float64), timed, "creation to solution"
    if "handle_known" not in table.columns:
        return np.zeros(size), np.zeros(size, np.bool_), table.absent.get("handle_s", "no length of a call")
    timed = table.columns["handle_known"] != 0
    seconds = np.where(timed, table.columns["handle_s"], 0).astype(np.float64)
    words = "handling of the call"
    if "wait_known" in table.columns:
        known = table.columns["wait_known"] != 0
        seconds, timed = seconds + np.where(known, table.columns["wait_s"], 0), timed & known
        words = "wait and handling of the call"
    if "resolved" in table.columns:
        timed = timed & (table.columns["resolved"] != 0)
        words += ", resolved calls only"
    return seconds / 60.0, timed, words


def _placed(minutes: Floats, timed: Bools, kinds: Sequence[Longs]) -> Floats:
    """The share of the solved contacts of the same kind that took less time (ties count half)."""
    place = np.full(minutes.size, 1.0)
    rows = np.flatnonzero(timed)
    left = np.ones(rows.size, np.bool_)
    for kind in kinds:
        codes = kind[rows]
        enough = np.bincount(codes, minlength=1)[codes] >= LEAST if codes.size else left
        take = left & enough
        if take.any():
            place[rows[take]] = midranks(codes, minutes[rows])[take]
            left &= ~take
    return place


def midranks(group: Longs, value: Floats) -> Floats:
    """For each row the share of its group that is smaller, ties and the row itself counting half; exact, so
    that the middle one of an odd number lies at ½ and not just below.

    >>> midranks(np.zeros(5, np.int64), np.array([3.0, 1.0, 9.0, 4.0, 1.0])).tolist()
    [0.5, 0.2, 0.9, 0.7, 0.2]
    """
    if not value.size:
        return np.zeros(0)
    order = np.lexsort((value, group))
    g, v = group[order], value[order]
    fresh = np.ones(value.size, np.bool_)
    fresh[1:] = (g[1:] != g[:-1]) | (v[1:] != v[:-1])
    starts = np.flatnonzero(fresh)
    ends = np.append(starts[1:], value.size)
    tie = np.cumsum(fresh) - 1
    size = np.bincount(group)
    first = np.cumsum(size) - size
    twice = (starts + ends)[tie] - 2 * first[g]
    found = np.empty(value.size)
    found[order] = twice / (2 * size[g])
    return found


def _flag(table: FactTable, name: str) -> Bools:
    values = table.columns.get(name)
    return np.zeros(len(table), np.bool_) if values is None else values != 0


# ---------------------------------------------------------------- dimensions made here


def _dimensions(table: FactTable) -> dict[str, pd.Categorical]:
    """Whether escalated, who answered first, and bands of replies, agents and hours."""
    found: dict[str, pd.Categorical] = {}
    if (first := responders(table)) is not None:
        found[RESPONDER] = first
    if "escalation_known" in table.columns:
        known = table.columns["escalation_known"] != 0
        codes = np.where(known, (table.columns["escalated"] != 0).astype(np.int64), 2)
        found[ESCALATED] = pd.Categorical.from_codes(codes, [NO, YES, NONE])
    for name, column, edges, words in (
        (REPLIES, "replies", (1, 2, 3, 5), ("none", "1", "2", "3 to 4", "5 and more")),
        (HANDS, "assignee_stations", (2, 3), ("1", "2", "3 and more")),
    ):
        if column in table.source.columns:
            made = banded(pd.to_numeric(table.source[column], errors="coerce"), edges, words)
            if made is not None:
                found[name] = made
    hours = table.columns.get("created_hour" if table.grain is Grain.TICKETS else "started_hour")
    if hours is not None and bool((hours < 24).any()):
        names = [f"{hour:02d}:00 to {hour:02d}:59" for hour in range(24)]
        found[HOUR] = pd.Categorical.from_codes(hours.astype(np.int64), [*names, NONE])
    return found


def banded(values: pd.Series, edges: Sequence[float], words: Sequence[str]) -> pd.Categorical | None:
    """Numbers in bands, the first below ``edges[0]``; None when no number is known.

    >>> list(banded(pd.Series([0, 1, 7, None]), (1, 2), ("none", "1", "2 and more")))
    ['none', '1', '2 and more', '(none)']
    """
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    known = np.isfinite(numbers)
    if not known.any():
        return None
    codes = np.where(
        known, np.searchsorted(np.asarray(edges), np.where(known, numbers, 0), "right"), len(words)
    )
    return pd.Categorical.from_codes(codes.astype(np.int64), [*words, NONE])


# ---------------------------------------------------------------- what is not there


def _refusal(table: FactTable, timed: Bools, rated: Bools, both: Bools) -> str | None:
    if both.any():
        return None
    lacking = []
    if not timed.any():
        lacking.append(
            "no contact has a known time to its solution: columns such as created at and solved at, or the "
            "full resolution time, would help"
        )
    if not rated.any():
        reason = table.absent.get("rated", "no contact has a satisfaction answer")
        lacking.append(
            f"{reason}: a satisfaction score in the tickets, or surveys with the ticket id, would help"
        )
    return "; ".join(lacking) or "no contact has both a time to its solution and a satisfaction answer"


HELPED: Mapping[str, str] = {
    "channel": "channel",
    "priority": "priority",
}


def _missing(table: FactTable, no_issue: bool) -> tuple[str, ...]:
    said = []
    if no_issue:
        said.append("no column names the issue: a column such as category or reason would make kinds finer")
    for name, column in HELPED.items():
        dimension: Any = table.dimensions.get(name)
        if dimension is None or len(dimension.categories) < 2:
            few = "all contacts have the same" if dimension is not None else "no column names the"
            said.append(f"{few} {column}: kinds cannot be told apart by it")
    return tuple(said)
