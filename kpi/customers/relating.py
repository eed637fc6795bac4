"""What comes after an answer: do customers for whom it was hard write again, or leave, more often?

Each answer of the data is followed for as many days as a repeat contact may take, and for a quarter of a year
on the customer list. Good and bad answers are compared by the project's evidence for two segments of the
same days; all of it is one family. Within the same issue the odds are compared once more (Mantel & Haenszel
1959), so that hard issues do not pass for hard service. What goes together need not cause each other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpi import compare
from kpi.calendars import MISSING_DAY
from kpi.customers.knowing import Bools, Known, holds, kept
from kpi.facts import Facts
from kpi.facts.columns import SECOND, Canonical
from kpi.facts.contacts import followed
from kpi.measures import Share
from kpi.model import Basis, Difference, Direction, Estimate, Family, Filter, Grain, Metric, Period, Unit
from kpi.periods.kinds import as_date
from kpi.stats import CommonOdds, benjamini_hochberg, mantel_haenszel

LEAVING_DAYS = 91
ALPHA = 0.05


class Asked(StrEnum):
    """A survey question."""

    CES = "Effort (CES)"
    CSAT = "Satisfaction (CSAT)"
    NPS = "Recommendation (NPS)"


class After(StrEnum):
    """What came after an answer."""

    AGAIN = "Wrote again"
    LEFT = "Left"


@dataclass(frozen=True)
class Side:
    """One side of a question: its words and the fact flag of the answers on it."""

    words: str
    flag: str


SIDES = {
    Asked.CES: ("ces_answered", Side("hard", ""), Side("easy", "ces_easy")),
    Asked.CSAT: ("csat_answered", Side("not satisfied", ""), Side("satisfied", "csat_satisfied")),
    Asked.NPS: ("nps_answered", Side("detractors", "nps_detractor"), Side("promoters", "nps_promoter")),
}
"""Question → flag of its answers, the bad side (all other answers where it has no flag), the good one."""


@dataclass(frozen=True)
class Relation:
    """One question and what came after.

    Attributes:
        bad, good: share of the answers after which it came, with intervals; difference: bad − good.
        within: the same as odds within the same category; None where there is none.
        days: for how long each answer was followed.
        refused: why there is no answer, else empty.
    """

    asked: Asked
    after: After
    bad: Estimate
    good: Estimate
    difference: Difference | None
    within: CommonOdds | None
    days: int
    refused: str = ""

    @property
    def clear(self) -> bool:
        """Beyond chance."""
        d = self.difference
        return d is not None and d.p_adjusted is not None and d.p_adjusted < ALPHA


@dataclass(frozen=True, eq=False)
class Followed:
    """Answers with what came after: flags over the rows of the surveys."""

    known: MappingProxyType[After, Bools]
    came: MappingProxyType[After, Bools]
    lacking: MappingProxyType[After, str]


def relations(known: Known, *, where: tuple[Filter, ...] = ()) -> tuple[Relation, ...]:
    """Every question against everything that can come after, as one family."""
    table = known.surveys
    if table is None:
        return ()
    questions = [asked for asked, (flag, _, _) in SIDES.items() if flag in table.columns]
    found = follow(known)
    why = holds(table, where)
    facts = _with_sides(known, found)
    period = _period(known.facts)
    made: list[Relation] = []
    for asked in questions:
        for after in After:
            reason = found.lacking.get(after) or (
                f"filtered by what answers do not hold: {why}" if why else ""
            )
            made.append(_relation(known, facts, found, asked, after, period, where, reason))
    adjusted = benjamini_hochberg([None if r.difference is None else r.difference.p for r in made])
    return tuple(
        r if r.difference is None else replace(r, difference=replace(r.difference, p_adjusted=q))
        for r, q in zip(made, adjusted, strict=True)
    )


def follow(known: Known) -> Followed:
    """What came after each answer, and for which answers that is known."""
    table = known.surveys
    size = 0 if table is None else len(table)
    nothing = np.zeros(size, np.bool_)
    knows = dict.fromkeys(After, nothing)
    came = dict.fromkeys(After, nothing)
    lacking: dict[After, str] = {}
    if table is None or known.answers is None:
        lacking = dict.fromkeys(After, "no answer can be put to a customer")
    else:
        time = Canonical("surveys", table.source).time("responded_at")
        use = time.known & (known.answers >= 0)
        again = _again(known, time.values, use)
        if isinstance(again, str):
            lacking[After.AGAIN] = again
        else:
            knows[After.AGAIN], came[After.AGAIN] = again
        left = _left(known, use)
        if isinstance(left, str):
            lacking[After.LEFT] = left
        else:
            knows[After.LEFT], came[After.LEFT] = left
    return Followed(MappingProxyType(knows), MappingProxyType(came), MappingProxyType(lacking))


def sides_of(known: Known, asked: Asked) -> tuple[Bools, Bools]:
    """Rows of the surveys on the bad and on the good side of a question."""
    table = known.surveys
    if table is None:
        return np.zeros(0, np.bool_), np.zeros(0, np.bool_)
    flag, bad, good = SIDES[asked]
    answered = table.columns[flag] != 0
    on = table.columns[good.flag] != 0
    off = (table.columns[bad.flag] != 0) if bad.flag else answered & ~on
    return answered & off, answered & on


def _again(known: Known, answered: NDArray[np.int64], use: Bools) -> tuple[Bools, Bools] | str:
    if known.who is None or known.answers is None:
        return known.refused or "no answer can be put to a customer"
    column = "created_at" if known.grain is Grain.TICKETS else "started_at"
    created = Canonical(known.grain.value, known.contacts.source).time(column)
    if not created.known.any():
        return "contacts have no dates"
    window = known.facts.definitions.repeat_window_days * 86_400
    n = created.known.size
    keys = np.concatenate([known.who, known.answers])
    none = np.zeros(use.size, np.bool_)
    came = followed(
        keys,
        np.concatenate([created.values, np.zeros(use.size, np.int64)]),
        np.concatenate([created.known, none]),
        np.concatenate([np.zeros(n, np.int64), answered]),
        np.concatenate([np.zeros(n, np.bool_), use]),
        window,
    )[n:]
    as_of = int(pd.Timestamp(known.facts.as_of).value)
    mature = use & (answered <= as_of - window * SECOND)
    return mature, mature & came


def _left(known: Known, use: Bools) -> tuple[Bools, Bools] | str:
    table, surveys = known.list, known.surveys
    if table is None or known.listed is None or known.answers is None or surveys is None:
        return "the data hold no customer list"
    if "lost" not in table.columns or not (table.columns["lost_day"] != MISSING_DAY).any():
        return "the customer list does not say when customers left"
    own = np.full(known.keys.size + 1, MISSING_DAY, np.int64)
    there = np.zeros(known.keys.size + 1, np.bool_)
    lost_day = table.columns["lost_day"].astype(np.int64)
    fits = (known.listed >= 0) & ~((table.columns["lost"] != 0) & (lost_day == MISSING_DAY))
    own[known.listed[fits]] = lost_day[fits]
    there[known.listed[fits]] = True
    left = own[known.answers]
    day = surveys.columns["answered_day"].astype(np.int64)
    mature = use & there[known.answers] & (day <= known.facts.last_day - LEAVING_DAYS)
    mature &= (left == MISSING_DAY) | (left >= day)
    return mature, mature & (left != MISSING_DAY) & (left <= day + LEAVING_DAYS)


def _with_sides(known: Known, found: Followed) -> Facts:
    """Facts whose answers have a flag for what came after, and the side of each question."""
    table = known.surveys
    if table is None:
        return known.facts
    columns, dimensions = dict(table.columns), dict(table.dimensions)
    for after in After:
        columns[f"after_{after.name}"] = found.came[after].astype(np.uint8)
        columns[f"after_{after.name}_known"] = found.known[after].astype(np.uint8)
    for asked in SIDES:
        if SIDES[asked][0] in table.columns:
            bad, good = sides_of(known, asked)
            codes = np.where(bad, 0, np.where(good, 1, 2))
            dimensions[f"side {asked.name}"] = pd.Categorical.from_codes(codes, ["bad", "good", "neither"])
    tables = {**known.facts.tables, Grain.SURVEYS: replace(table, columns=columns, dimensions=dimensions)}
    return replace(known.facts, tables=MappingProxyType(tables))


def _metric(after: After) -> Metric:
    return Metric(
        key=f"after_{after.name.lower()}",
        name=after.value,
        question="What came after the answer?",
        family=Family.LOYALTY,
        unit=Unit.PERCENT,
        better=Direction.DOWN,
        grain=Grain.SURVEYS,
        basis=Basis.ANSWERED,
        measure=Share(f"after_{after.name}", f"after_{after.name}_known"),
        formula="answers after which it came ÷ answers that could be followed",
        needs=(),
        matters=0.0,
    )


def _period(facts: Facts) -> Period:
    return Period(as_date(facts.first_day), as_date(max(facts.last_day, facts.first_day)))


def _relation(
    known: Known,
    facts: Facts,
    found: Followed,
    asked: Asked,
    after: After,
    period: Period,
    where: tuple[Filter, ...],
    reason: str,
) -> Relation:
    days = known.facts.definitions.repeat_window_days if after is After.AGAIN else LEAVING_DAYS
    nothing = Estimate.absent(reason or "no answers")
    if reason:
        return Relation(asked, after, nothing, nothing, None, None, days, reason)
    name = f"side {asked.name}"
    (compared,) = compare.compare_segments(
        facts,
        period,
        (Filter(name, ("bad",)),),
        (Filter(name, ("good",)),),
        metrics=(_metric(after),),
        where=where,
    )
    fewest = known.facts.definitions.minimum_n
    if min(compared.now.n, compared.before.n) < fewest:
        why = f"fewer than {fewest} answers on one side could be followed"
        return Relation(asked, after, compared.now, compared.before, None, None, days, why)
    within = _within(known, found, asked, after, where)
    return Relation(asked, after, compared.now, compared.before, compared.difference, within, days)


def _within(
    known: Known, found: Followed, asked: Asked, after: After, where: tuple[Filter, ...]
) -> CommonOdds | None:
    """The odds after a bad answer over those after a good one, within the same category."""
    table = known.surveys
    category = None if table is None else table.dimensions.get("category")
    if table is None or category is None:
        return None
    use = found.known[after] & kept(table, where)
    bad, good = sides_of(known, asked)
    size = len(category.categories)
    codes = category.codes.astype(np.int64)
    counted = [
        np.bincount(codes[use & side & extra], minlength=size)
        for side in (bad, good)
        for extra in (found.came[after], np.ones(len(table), np.bool_))
    ]
    return mantel_haenszel(counted[0], counted[1], counted[2], counted[3])
