"""The contacts behind a number of an issue, and the story of one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpi import engine
from kpi.facts import Facts
from kpi.issues.costing import costs_of
from kpi.issues.counting import SHARES, again_of, flagged_by
from kpi.issues.sorting import ISSUE, Sorted
from kpi.issues.texts import cleaned, text_columns, texts_of
from kpi.issues.topics import terms_of
from kpi.model import Filter, Grain, Period, Unit
from kpi.persons import quoted

ALL, TIMED, ENDED, UNHAPPY, RATED, REOPENED, REPEATED, AGAIN, NEGATIVE = (
    "All of them",
    "With handling time",
    "Solved",
    "Unhappy",
    "With an answer",
    "Reopened",
    "Followed by another",
    "Came back",
    "Negative sentiment",
)
PARTS = (ALL, UNHAPPY, RATED, REOPENED, REPEATED, AGAIN, NEGATIVE, TIMED, ENDED)


def rows(
    kept: Sorted,
    period: Period | None,
    *,
    where: tuple[Filter, ...] = (),
    issue: str | None = None,
    part: str = ALL,
    phrase: str = "",
    elsewhere: bool = False,
) -> pd.DataFrame:
    """The canonical rows of the contacts of an issue (of every issue when None), the newest first.

    With ``elsewhere`` those of every other issue. ``part`` keeps those that a number counts; ``phrase`` those
    whose text holds the words of a phrase side by side, read as :mod:`kpi.issues.phrases` reads them.

    Raises:
        ValueError: for an unknown part.
    """
    selection = engine.select(kept.table, kept.basis, period, where=where)
    found = selection.rows
    if issue is not None:
        dimension = kept.table.dimensions[ISSUE]
        code = {str(name): code for code, name in enumerate(dimension.categories)}.get(issue, -2)
        found = found[(dimension.codes[found] == code) != elsewhere]
    found = found[_counts(kept, part)[found]]
    if phrase:
        found = found[_holds(kept, found, phrase)]
    days = kept.table.columns.get(kept.basis.value)
    if days is not None:
        found = found[np.argsort(days[found], kind="stable")[::-1]]
    return kept.table.source.iloc[found].reset_index(drop=True)


def rows_of(kept: Sorted, places: NDArray[np.intp], part: str = ALL) -> pd.DataFrame:
    """Of the contacts at some places of the table (those of a group), the ones that a number counts.

    Raises:
        ValueError: for an unknown part.
    """
    return kept.table.source.iloc[places[_counts(kept, part)[places]]].reset_index(drop=True)


def parts(kept: Sorted) -> tuple[str, ...]:
    """The parts that the data can tell."""
    return tuple(part for part in PARTS if part == ALL or bool(_counts(kept, part).any()))


def _counts(kept: Sorted, part: str) -> NDArray[np.bool_]:
    size = len(kept.table)
    if part == ALL:
        return np.ones(size, np.bool_)
    shares = {REOPENED: "reopened", REPEATED: "repeated", NEGATIVE: "negative"}
    if part == AGAIN:
        return again_of(kept)
    if part in shares:
        return flagged_by(kept, SHARES[shares[part]])
    costs = costs_of(kept)
    known = {
        TIMED: costs.timed,
        ENDED: costs.ended,
        UNHAPPY: costs.rated & costs.unhappy,
        RATED: costs.rated,
    }
    if part not in known:
        raise ValueError(f"unknown part '{part}'; known: {', '.join(PARTS)}")
    return known[part]


def _holds(kept: Sorted, found: NDArray[np.intp], phrase: str) -> NDArray[np.bool_]:
    texts = texts_of(kept.table.source.iloc[found])
    wanted = cleaned(phrase)
    fits = np.array([wanted in terms_of(text) for text in texts.clean] + [False], dtype=np.bool_)
    return fits[texts.place]


# ---------------------------------------------------------------- one contact


@dataclass(frozen=True)
class Moment:
    """Something that happened to a contact; ``after`` is the time since the moment before, in minutes."""

    at: datetime
    what: str
    detail: str = ""
    after: float | None = None


@dataclass(frozen=True)
class Story:
    """One contact from the first stamp to the last.

    Attributes:
        key: its id; ``text`` its words, masked as quotes are, empty without any.
        moments: what has a stamp, in order of time.
        told: what is known besides, as (what, value).
    """

    key: str
    text: str
    moments: tuple[Moment, ...]
    told: tuple[tuple[str, str], ...]


STAMPS = (
    ("created_at", "created"),
    ("started_at", "call came in"),
    ("first_assigned_at", "first assigned"),
    ("first_response_at", "first response"),
    ("first_resolved_at", "first solved"),
    ("solved_at", "solved"),
    ("closed_at", "closed"),
)
COUNTS = (
    ("assignee_stations", "agents it went through"),
    ("group_stations", "teams it went through"),
    ("replies", "replies"),
    ("reopens", "times reopened"),
    ("status_raw", "status"),
    ("priority_raw", "priority"),
    ("channel_raw", "channel"),
    ("product", "product"),
    ("agent_name", "agent"),
    ("escalated", "escalated"),
    ("outcome", "outcome"),
    ("csat_raw", "satisfaction answer"),
)
WAITS = (
    ("requester_wait_cal_s", "customer waited"),
    ("agent_wait_cal_s", "agent waited for the customer"),
    ("on_hold_cal_s", "on hold"),
    ("wait_s", "waited in the queue"),
    ("talk_s", "talked"),
    ("handle_s", "handled"),
)


def story(facts: Facts, row: pd.Series) -> Story:
    """The story of one contact: its stamps, waits, hand-overs, calls and answers."""
    found: list[tuple[datetime, str, str]] = []
    for column, what in STAMPS:
        if (at := _stamp(row.get(column))) is not None:
            found.append((at, what, ""))
    own = [str(row["requester_name"])] if _none(row.get("requester_name")) is not None else []
    ticket, call = row.get("ticket_id"), row.get("call_id")
    found += _calls(facts, ticket)
    found += _answers(facts, row, own)
    found.sort(key=lambda each: each[0])
    moments = []
    for place, (at, what, detail) in enumerate(found):
        after = None if not place else (at - found[place - 1][0]).total_seconds() / 60
        moments.append(Moment(at, what, detail, after))
    told = [(what, _duration(float(row[column]))) for column, what in WAITS if _none(row.get(column))]
    told += [(what, _said(row[column])) for column, what in COUNTS if _none(row.get(column)) is not None]
    words = [_said(row[name]) for name in text_columns(row.to_frame().T) if _none(row.get(name)) is not None]
    key = next((str(v) for v in (ticket, call) if _none(v) is not None), "without a number")
    return Story(key, quoted(facts, " — ".join(words), own), tuple(moments), tuple(told))


def _calls(facts: Facts, ticket: object) -> list[tuple[datetime, str, str]]:
    table = facts.table(Grain.CALLS)
    if table is None or _none(ticket) is None or "ticket_id" not in table.source.columns:
        return []
    mine = table.source[(table.source["ticket_id"] == ticket).fillna(False).to_numpy(dtype=bool)]
    found = []
    for row in mine.to_dict("records"):
        at = _stamp(row.get("started_at"))
        spans = ", ".join(
            f"{what} {_duration(float(row[name]))}" for name, what in WAITS if _none(row.get(name))
        )
        if at is not None:
            found.append((at, "call", spans))
    return found


def _answers(facts: Facts, contact: pd.Series, own: Sequence[str]) -> list[tuple[datetime, str, str]]:
    table = facts.table(Grain.SURVEYS)
    key = "call_id" if _none(contact.get("ticket_id")) is None else "ticket_id"
    value = contact.get(key)
    if table is None or _none(value) is None or key not in table.source.columns:
        return []
    mine = table.source[(table.source[key] == value).fillna(False).to_numpy(dtype=bool)]
    found = []
    for row in mine.to_dict("records"):
        said = [f"{label} {row[name]}" for name, label in SCORES if _none(row.get(name)) is not None]
        if _none(row.get("comment")) is not None:
            said.append(f"“{quoted(facts, str(row['comment']), own)}”")
        at = _stamp(row.get("responded_at")) or _stamp(row.get("sent_at"))
        if at is not None:
            found.append((at, "survey answered" if said else "survey sent", ", ".join(said)))
    return found


SCORES = (("csat_raw", "CSAT"), ("nps_raw", "NPS"), ("ces_raw", "CES"))


def _said(value: Any) -> str:
    """A value in words: lists without brackets, flags as yes and no."""
    if isinstance(value, list | tuple | np.ndarray):
        return ", ".join(map(str, value))
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    return str(value)


def _none(value: Any) -> Any:
    """The value, None where it is missing, empty or an empty list."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, list | tuple | np.ndarray):
        return value if len(value) else None
    return None if pd.isna(value) else value


def _stamp(value: Any) -> datetime | None:
    return value.to_pydatetime() if isinstance(value, pd.Timestamp) and not pd.isna(value) else None


def _duration(seconds: float) -> str:
    return Unit.MINUTES.level(seconds / 60)
