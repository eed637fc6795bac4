"""Which number is the day: decided for a whole column by what its cells prove, never cell by cell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kpi.ingest.cells.stamps import FIXED, NUMBER, OPEN, Parts

SLIPS = 0.02
"""Contradicting cells up to this share of the proving ones are typing errors, not a half converted column."""

ENOUGH = 10
"""So many cells with days above 12 and none below: chance (12/31 have days up to 12) gives that under 1 in
100.
"""


@dataclass(frozen=True)
class Proof:
    """What the cells of one group (same separator, same width of the year) prove, counted in rows."""

    day_first: int
    month_first: int
    neither: int

    @property
    def order(self) -> str:
        """ "dmy", "mdy", "both" or "neither"."""
        most, least = max(self.day_first, self.month_first), min(self.day_first, self.month_first)
        if most == 0:
            return "neither"
        if least > SLIPS * most:
            return "both"
        return "dmy" if self.day_first >= self.month_first else "mdy"


@dataclass(frozen=True)
class Order:
    """The decision for a column: its order, that of each group, and whether a spreadsheet half converted it.

    Orders are "dmy", "mdy", "ymd", "ydm" (year first, day and month turned round) or "ambiguous"; of a group
    also "dmy+mdy" (days above 12 come first, the others are turned round) and "mdy+dmy".
    """

    order: str
    groups: tuple[tuple[str, str], ...]
    half_converted: bool


def decide(parts: Parts, weights: np.ndarray) -> Order:
    """Decide the order of a column from its taken-apart distinct cells and how many rows have each."""
    named: dict[str, str] = {}
    open_groups = {
        number: label
        for number, label in enumerate(parts.groups)
        if bool((_of(parts, number) & (parts.state == OPEN)).any())
    }
    fixed = [(label, "ymd") for label in parts.groups if label in ("ymd", "serial", "word")]
    for number, label in list(open_groups.items()):
        if label.endswith("yy") and not label.endswith("yyyy") and _year_first(parts, weights, number):
            named[label] = "ymd"
            del open_groups[number]
    if not open_groups:
        return Order("ymd", tuple(sorted([*fixed, *named.items()])), False)
    proofs = {number: _prove(parts, weights, number) for number in open_groups}
    orders = {number: proof.order for number, proof in proofs.items()}
    proven = {order for order in orders.values() if order in ("dmy", "mdy")}
    half = "both" in orders.values() or len(proven) == 2
    for number, order in list(orders.items()):
        if order == "neither" and len(proven) == 1:
            orders[number] = next(iter(proven))
            decided = [other for other in open_groups if proofs[other].order in ("dmy", "mdy")]
            if _only_late_days(proofs, decided):
                half = True
                orders[number] = _by_months(parts, number, decided, orders)
        elif order == "neither" and not proven and open_groups[number].startswith("."):
            # No country writes the month first with full stops.
            orders[number] = "dmy"
    for number, label in open_groups.items():
        order = "ambiguous" if orders[number] in ("both", "neither") else orders[number]
        if proofs[number].order in ("dmy", "mdy") and _split(parts, weights, number, order):
            order, half = f"{order}+{'mdy' if order == 'dmy' else 'dmy'}", True
        named[label] = order
    for label, order in fixed:
        named[label] = order
        if label in ("ymd", "serial") and _turned(parts, weights, label, proofs, orders):
            named[label], half = "ydm", True
    main = max(open_groups, key=lambda number: int(weights[_of(parts, number)].sum()))
    order = "ambiguous" if "ambiguous" in named.values() else named[open_groups[main]].split("+")[0]
    return Order(order, tuple(sorted(named.items())), half)


def _of(parts: Parts, number: int) -> np.ndarray:
    mask: np.ndarray = parts.group == number
    return mask


def _prove(parts: Parts, weights: np.ndarray, number: int) -> Proof:
    mine = _of(parts, number) & (parts.state == OPEN)
    first, second, weight = parts.first[mine], parts.second[mine], weights[mine]
    valid = (first >= 1) & (second >= 1) & (first <= 31) & (second <= 31)
    day_first = valid & (first > 12) & (second <= 12)
    month_first = valid & (second > 12) & (first <= 12)
    neither = valid & (first <= 12) & (second <= 12)
    return Proof(int(weight[day_first].sum()), int(weight[month_first].sum()), int(weight[neither].sum()))


def _year_first(parts: Parts, weights: np.ndarray, number: int) -> bool:
    """Whether the first of three two-digit numbers is the year: above 31, or hardly changing."""
    mine = _of(parts, number) & (parts.state == OPEN)
    first, second, third, weight = parts.first[mine], parts.second[mine], parts.third[mine], weights[mine]
    total = int(weight.sum())
    if int(weight[(second > 12) | (third > 31)].sum()) > SLIPS * total:
        return False
    if int(weight[first > 31].sum()) >= (1 - SLIPS) * total:
        return True
    return len(np.unique(third)) > 12 and len(np.unique(first)) <= 3


def _split(parts: Parts, weights: np.ndarray, number: int, order: str) -> bool:
    """Whether the undecided cells of a proven group fall into its months only when they are turned round."""
    mine = _of(parts, number) & (parts.state == OPEN)
    late = mine & ((parts.first > 12) if order == "dmy" else (parts.second > 12))
    early = mine & (parts.first <= 12) & (parts.second <= 12)
    if int(weights[late].sum()) < ENOUGH or int(weights[early].sum()) < ENOUGH:
        return False
    known = _months_of(parts, late, order)
    own, other = (
        _fits(_months_of(parts, early, way), known) for way in (order, "mdy" if order == "dmy" else "dmy")
    )
    return other >= 0.98 and own < 0.9


def _only_late_days(proofs: dict[int, Proof], decided: list[int]) -> bool:
    """Whether the decided groups have no day up to 12 at all, which a natural column always has."""
    late = sum(max(proofs[number].day_first, proofs[number].month_first) for number in decided)
    early = sum(proofs[number].neither for number in decided)
    return late >= ENOUGH and early == 0


def _months(parts: Parts, number: int, order: str) -> np.ndarray:
    """Months since year 0 of the cells of a group read in an order."""
    return _months_of(parts, _of(parts, number) & (parts.state != 0), order)


def _months_of(parts: Parts, mine: np.ndarray, order: str) -> np.ndarray:
    month = parts.second[mine] if order in ("dmy", "ydm") else parts.first[mine]
    year = np.where(parts.third[mine] < 100, parts.third[mine] + 2000, parts.third[mine])
    kept: np.ndarray = (year * 12 + month - 1)[(month >= 1) & (month <= 12)]
    return kept


def _fits(months: np.ndarray, known: np.ndarray) -> float:
    """Share of the months that lie within the known ones, one month either side."""
    if len(months) == 0 or len(known) == 0:
        return 0.0
    return float(((months >= known.min() - 1) & (months <= known.max() + 1)).mean())


def _by_months(parts: Parts, number: int, decided: list[int], orders: dict[int, str]) -> str:
    """The order that puts a group into the months of the decided ones; "ambiguous" if both do."""
    known = np.concatenate([_months(parts, other, orders[other]) for other in decided])
    fits = {order: _fits(_months(parts, number, order), known) for order in ("dmy", "mdy")}
    best, other = ("dmy", "mdy") if fits["dmy"] >= fits["mdy"] else ("mdy", "dmy")
    return best if fits[best] >= 0.98 and fits[other] < 0.9 else "ambiguous"


def _turned(
    parts: Parts, weights: np.ndarray, label: str, proofs: dict[int, Proof], orders: dict[int, str]
) -> bool:
    """Whether real dates (ISO or serial) are cells that a spreadsheet took for month-first: day and month
    swapped.
    """
    number = parts.groups.index(label)
    mine = _of(parts, number) & ((parts.state == FIXED) | (parts.state == NUMBER))
    decided = [other for other, proof in proofs.items() if proof.order in ("dmy", "mdy")]
    if not decided or int(weights[mine].sum()) < ENOUGH or not _only_late_days(proofs, decided):
        return False
    if bool((parts.second[mine] > 12).any()):
        return False
    known = np.concatenate([_months(parts, other, orders[other]) for other in decided])
    return (
        _fits(_months(parts, number, "ydm"), known) >= 0.98
        and _fits(_months(parts, number, "ymd"), known) < 0.9
    )
