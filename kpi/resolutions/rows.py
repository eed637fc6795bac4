"""The contacts behind every number of the page."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpi import engine
from kpi.model import Basis, Filter, Period
from kpi.resolutions.counting import ENDINGS, flag
from kpi.resolutions.preceding import distinct_tags, tags_of
from kpi.resolutions.preparing import Kept

ALL, GOOD, JUDGED, QUICK, TIMED, HAPPY, RATED = (
    "All of them",
    "Quick and satisfied",
    "Judged: solved with a rating",
    "Quick",
    "Solved with a known time",
    "Satisfied",
    "With an answer",
)
ESCALATED, E_SOLVED, E_OPEN, E_REOPENED, E_HAPPY, E_QUICK = (
    "Escalated",
    "Escalated, solved",
    "Escalated, still open",
    "Escalated, reopened",
    "Escalated, satisfied",
    "Escalated, quick",
)
WITHOUT = "Judged, without counterpart"
"""Of a value of a column; see :func:`kpi.resolutions.unmatched.without_counterpart`."""
CAME = "Came in"
"""All contacts of the period by the day they came, as rates of issues count them."""
OUTCOMES: dict[str, tuple[str, str]] = {
    GOOD: ("good", "quick_rated"),
    JUDGED: ("quick_rated", "quick_rated"),
    QUICK: ("quick", "timed"),
    TIMED: ("timed", "timed"),
    HAPPY: ("happy", "rated"),
    RATED: ("rated", "rated"),
    WITHOUT: ("quick_rated", "quick_rated"),
}
ENDED = {E_SOLVED: "solved", E_OPEN: "open", E_REOPENED: "reopened", E_HAPPY: "happy", E_QUICK: "quick"}
PART_OF_ENDING = {key: part for part, key in ENDED.items()}
AMONG = {
    "Escalated, with a known state": "solved",
    "Escalated, solved long enough ago": "reopened",
    "Escalated, with an answer": "happy",
    "Escalated, solved with a known time": "quick",
}
"""The escalated contacts that an ending is counted among → the ending."""
AMONG_OF_ENDING = {key: part for part, key in AMONG.items()} | {"open": "Escalated, with a known state"}
PARTS = (GOOD, JUDGED, WITHOUT, QUICK, TIMED, HAPPY, RATED, ESCALATED, *ENDED, *AMONG, CAME, ALL)


def rows(
    kept: Kept,
    period: Period | None,
    *,
    where: tuple[Filter, ...] = (),
    part: str = ALL,
    tag: str = "",
    created: bool = False,
) -> pd.DataFrame:
    """The canonical rows of the contacts that a number counts, the newest first.

    Outcomes go by the date of the outcome, escalations and what came in by the date of creation (everything
    where ``created``). ``tag`` keeps those that carry it.

    Raises:
        ValueError: for an unknown part, or a field that contacts do not have.
    """
    if part not in PARTS:
        raise ValueError(f"unknown part '{part}'; known: {', '.join(PARTS)}")
    basis = kept.created if created else basis_of(kept, part)
    selection = engine.select(kept.table, basis, period if kept.dated else None, where=where)
    found = selection.rows[_counts(kept, part)[selection.rows]]
    if tag:
        found = found[[tag in names for names in tags_of(kept, found)]]
    days = kept.table.columns.get(basis.value)
    if days is not None:
        found = found[np.argsort(days[found], kind="stable")[::-1]]
    return kept.table.source.iloc[found].reset_index(drop=True)


def basis_of(kept: Kept, part: str) -> Basis:
    """The date by which the contacts of a part belong to a period."""
    return kept.created if part in (ESCALATED, CAME, *ENDED, *AMONG) else kept.basis


def parts(kept: Kept) -> tuple[str, ...]:
    """The parts that the data can tell."""
    return tuple(part for part in PARTS if part in (ALL, CAME) or bool(_counts(kept, part).any()))


def _counts(kept: Kept, part: str) -> NDArray[np.bool_]:
    if part in OUTCOMES:
        of, among = OUTCOMES[part]
        return flag(kept, of) & flag(kept, among)
    if part in (ALL, CAME):
        return np.ones(len(kept.table), np.bool_)
    up = flag(kept, "escalation_known") & flag(kept, "escalated")
    if part == ESCALATED:
        return up
    if part in AMONG:
        return up & flag(kept, ENDINGS[AMONG[part]][1])
    of, among = ENDINGS[ENDED[part]]
    return up & flag(kept, of) & flag(kept, among)


def contact(kept: Kept, key: str) -> pd.Series | None:
    """The row of one contact by its number; None when there is none."""
    for name in ("ticket_id", "call_id"):
        if name in kept.table.source.columns:
            found = np.flatnonzero((kept.table.source[name].astype("str") == key).to_numpy(dtype=bool))
            if found.size:
                return kept.table.source.iloc[int(found[-1])]
    return None


def tag_names(kept: Kept) -> tuple[str, ...]:
    """Every tag that a contact carries, in the order of the alphabet."""
    return tuple(sorted(distinct_tags(kept), key=lambda tag: (tag.casefold(), tag)))
