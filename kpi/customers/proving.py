"""How good the list is: what became of those it would have named at the end of the earlier period.

The list is made with what was known then; what happened in the later period to those on it is held against
those who were not. All outcomes are one family (Benjamini-Hochberg).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from kpi.calendars import MISSING_DAY
from kpi.customers.knowing import Bools, Known, Longs, holds, kept
from kpi.customers.risk import LISTED, Looked, look
from kpi.customers.scores import unhappy
from kpi.model import Estimate, Filter, Period
from kpi.stats import benjamini_hochberg, miettinen_nurminen, wilson

MOST_STEPS = 4
"""Accounts with this many reasons or more are shown together."""


class Outcome(StrEnum):
    """What became of an account in the later period."""

    LEFT = "Left"
    UNHAPPY = "Gave an unhappy answer"
    WROTE = "Wrote again"


AMONG = {
    Outcome.LEFT: "those on the customer list who had not left before",
    Outcome.UNHAPPY: "those who answered a survey in the later period",
    Outcome.WROTE: "all who had not left before",
}


@dataclass(frozen=True)
class Proof:
    """One outcome of those on the list and of the others.

    Attributes:
        listed, others: share with the outcome, with intervals.
        gap: listed − others with ``low``, ``high``; ``p_adjusted`` over all outcomes. None without an answer.
        by_reasons: the same share by number of reasons, 0 first.
        refused: why there is no answer, else empty.
    """

    outcome: Outcome
    listed: Estimate
    others: Estimate
    gap: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    p_adjusted: float | None = None
    by_reasons: tuple[tuple[int, Estimate], ...] = ()
    refused: str = ""

    @property
    def helps(self) -> bool:
        """The outcome is more frequent among those listed, beyond chance."""
        return self._clear and (self.gap or 0.0) > 0

    @property
    def misleads(self) -> bool:
        """The outcome is rarer among those listed, beyond chance."""
        return self._clear and (self.gap or 0.0) < 0

    @property
    def _clear(self) -> bool:
        return self.p_adjusted is not None and self.p_adjusted < 0.05


@dataclass(frozen=True)
class Proofs:
    """The list of the earlier period and what became of it in the later one.

    ``refused``: why the list cannot be tried on the past, else empty.
    """

    earlier: Period
    later: Period
    listed: int
    every: int
    proofs: tuple[Proof, ...]
    refused: str = ""

    @property
    def looks(self) -> int:
        """How many outcomes were compared."""
        return sum(proof.p is not None for proof in self.proofs)


def prove(known: Known, later: Period, earlier: Period, *, where: tuple[Filter, ...] = ()) -> Proofs:
    """The list of ``earlier``, held against what happened in ``later``."""
    if earlier.last_day >= later.first_day:
        return Proofs(
            earlier, later, 0, 0, (), "the period to compare with does not end before the other begins"
        )
    looked = look(known, earlier, where=where)
    if isinstance(looked, str):
        return Proofs(earlier, later, 0, 0, (), looked)
    listed = looked.reasons >= LISTED
    if not listed.any() or listed.all():
        which = "nobody" if not listed.any() else "everybody"
        why = f"{which} would have been on the list of {earlier}, so there is nothing to compare"
        return Proofs(earlier, later, int(listed.sum()), looked.code.size, (), why)
    proofs = [_proof(known, looked, outcome, earlier, later, where) for outcome in Outcome]
    adjusted = benjamini_hochberg([each.p for each in proofs])
    told = tuple(replace(each, p_adjusted=q) for each, q in zip(proofs, adjusted, strict=True))
    return Proofs(earlier, later, int(listed.sum()), looked.code.size, told)


def happened(
    known: Known, looked: Looked, outcome: Outcome, earlier: Period, later: Period, where: tuple[Filter, ...]
) -> tuple[Bools, Bools] | str:
    """Which accounts can have the outcome, and which have it; or why that cannot be told."""
    there = _there(known, looked.code, earlier)
    makers: dict[Outcome, Callable[[], tuple[Bools, Bools] | str]] = {
        Outcome.LEFT: lambda: _left(known, looked.code, earlier, later),
        Outcome.UNHAPPY: lambda: _unhappy(known, looked.code, later, where),
        Outcome.WROTE: lambda: _wrote(known, looked.code, later, where),
    }
    found = makers[outcome]()
    if isinstance(found, str):
        return found
    can, has = found
    return can & there, has & there


def _there(known: Known, code: Longs, earlier: Period) -> Bools:
    """Accounts that had not left by the end of the earlier period, as far as the customer list says so."""
    table = known.list
    there = np.ones(known.keys.size, np.bool_)
    if table is not None and known.listed is not None and "lost" in table.columns:
        day = table.columns["lost_day"]
        gone = (known.listed >= 0) & (day != MISSING_DAY) & (day <= earlier.last_day)
        there[known.listed[gone]] = False
    return there[code]


def _left(known: Known, code: Longs, earlier: Period, later: Period) -> tuple[Bools, Bools] | str:
    table = known.list
    if table is None or known.listed is None:
        return "the data hold no customer list"
    if "lost" not in table.columns or not (table.columns["lost_day"] != MISSING_DAY).any():
        return "the customer list does not say when customers left"
    if known.noun == "organisations":
        return "organisations have no day of leaving"
    day = np.full(known.keys.size, MISSING_DAY, np.int64)
    there = np.zeros(known.keys.size, np.bool_)
    use = known.listed >= 0
    lost_day = table.columns["lost_day"].astype(np.int64)
    undated = (table.columns["lost"] != 0) & (lost_day == MISSING_DAY)
    there[known.listed[use & ~undated]] = True
    day[known.listed[use]] = lost_day[use]
    own = day[code]
    can = there[code] & ((own == MISSING_DAY) | (own > earlier.last_day))
    return can, can & (own != MISSING_DAY) & (own <= later.last_day)


def _unhappy(
    known: Known, code: Longs, later: Period, where: tuple[Filter, ...]
) -> tuple[Bools, Bools] | str:
    table = known.surveys
    if table is None or known.answers is None or holds(table, where):
        return "answers cannot be put to customers"
    day = table.columns["answered_day"].astype(np.int64)
    use = (known.answers >= 0) & (day >= later.first_day) & (day <= later.last_day) & kept(table, where)
    scored = np.zeros(len(table), np.bool_)
    for flag in ("csat_answered", "nps_answered", "ces_answered"):
        if flag in table.columns:
            scored |= table.columns[flag] != 0
    answered = np.bincount(known.answers[use & scored], minlength=known.keys.size)[code] > 0
    bad = np.bincount(known.answers[use & unhappy(known)], minlength=known.keys.size)[code] > 0
    return answered, bad & answered


def _wrote(known: Known, code: Longs, later: Period, where: tuple[Filter, ...]) -> tuple[Bools, Bools] | str:
    if known.who is None:
        return known.refused
    wrote = np.bincount(known.who[known.rows(later, where)], minlength=known.keys.size)[code] > 0
    return np.ones(code.size, np.bool_), wrote


def _proof(
    known: Known, looked: Looked, outcome: Outcome, earlier: Period, later: Period, where: tuple[Filter, ...]
) -> Proof:
    found = happened(known, looked, outcome, earlier, later, where)
    nothing = Estimate.absent("no answer")
    if isinstance(found, str):
        return Proof(outcome, nothing, nothing, refused=found)
    can, has = found
    reasons, level = looked.reasons, known.facts.definitions.confidence
    on = reasons >= LISTED
    sides = [(int((has & mask).sum()), int((can & mask).sum())) for mask in (on, ~on)]
    listed, others = (share(k, n, level) for k, n in sides)
    fewest = known.facts.definitions.minimum_n
    if min(n for _, n in sides) < fewest:
        few = sides[0][1] if sides[0][1] < fewest else sides[1][1]
        side = "on the list" if sides[0][1] < fewest else "not on it"
        return Proof(
            outcome,
            listed,
            others,
            refused=f"only {few} {known.noun} {side} can be looked at, fewer than {fewest}",
        )
    (k1, n1), (k2, n2) = sides

    low, high, p = miettinen_nurminen(k1, n1, k2, n2, level)
    steps = []
    for many in range(MOST_STEPS + 1):
        mask = can & ((reasons >= many) if many == MOST_STEPS else (reasons == many))
        if mask.any():
            steps.append((many, share(int((has & mask).sum()), int(mask.sum()), level)))
    return Proof(outcome, listed, others, k1 / n1 - k2 / n2, low, high, p, None, tuple(steps))


def share(k: int, n: int, level: float) -> Estimate:
    """k of n with Wilson's interval."""
    if not n:
        return Estimate.absent("nobody to look at")
    low, high = wilson(k, n, level)
    return Estimate(k / n, n, low, high, "Wilson", parts={"count": k})
