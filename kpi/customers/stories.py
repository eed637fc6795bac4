"""What happened to one account, in order of time, and what it is called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpi.customers.knowing import Known, Unit
from kpi.facts import FactTable
from kpi.model import Grain


@dataclass(frozen=True)
class Happening:
    """Something that happened to an account."""

    at: datetime
    what: str
    contact: str
    detail: str


def names(known: Known, codes: list[int]) -> dict[int, str]:
    """The newest name that contacts give each account; its key where they give none."""
    found = {code: str(known.keys[code]) for code in codes}
    source = known.contacts.source if known.who is not None else None
    if source is None or known.who is None or "requester_name" not in source.columns:
        return found
    if known.unit is Unit.ORGANISATION:
        return found
    wanted = np.isin(known.who, np.array(codes, np.int64))
    rows = np.flatnonzero(wanted)
    rows = rows[np.argsort(known.days()[rows], kind="stable")]
    for code, name in zip(
        known.who[rows].tolist(), source["requester_name"].iloc[rows].tolist(), strict=True
    ):
        if isinstance(name, str) and name.strip():
            found[code] = name
    return found


def story(known: Known, code: int) -> tuple[Happening, ...]:
    """Joining, contacts, answers and leaving of one account, in order of time."""
    found: list[Happening] = []
    if known.who is not None:
        rows = np.flatnonzero(known.who == code)
        stamp, key = (
            ("created_at", "ticket_id") if known.grain is Grain.TICKETS else ("started_at", "call_id")
        )
        found += _happenings(
            known.contacts, rows, stamp, key, "wrote" if known.grain is Grain.TICKETS else "called", _contact
        )
        if known.grain is Grain.TICKETS:
            found += _happenings(known.contacts, rows, "solved_at", key, "was solved", lambda row: "")
    surveys = known.surveys
    if surveys is not None and known.answers is not None:
        rows = np.flatnonzero(known.answers == code)
        found += _happenings(surveys, rows, "responded_at", "ticket_id", "answered", _answer)
    table = known.list
    if table is not None and known.listed is not None:
        rows = np.flatnonzero(known.listed == code)
        for column, what in (("joined_at", "joined"), ("churned_at", "left")):
            found += _happenings(table, rows, column, "", what, lambda row: "")
    return tuple(sorted(found, key=lambda each: each.at))


def _happenings(
    table: FactTable, rows: NDArray[np.intp], stamp: str, key: str, what: str, tell: Any
) -> list[Happening]:
    if stamp not in table.source.columns:
        return []
    made = []
    for row in table.source.iloc[rows].to_dict("records"):
        at = row.get(stamp)
        if isinstance(at, pd.Timestamp) and not pd.isna(at):
            contact = row.get(key)
            said = "" if contact is None or pd.isna(contact) else str(contact)
            made.append(Happening(at.to_pydatetime(), what, said, tell(row)))
    return made


def _contact(row: dict[str, Any]) -> str:
    told = [str(row[name]) for name in ("channel", "category", "queue", "status") if _there(row.get(name))]
    if _there(row.get("reopens")) and float(row["reopens"]) > 0:
        told.append("reopened")
    if row.get("escalated") is True or str(row.get("escalated")) == "True":
        told.append("escalated")
    return ", ".join(told)


def _answer(row: dict[str, Any]) -> str:
    scores = (("csat_raw", "CSAT"), ("nps_raw", "NPS"), ("ces_raw", "CES"))
    return ", ".join(f"{label} {row[name]}" for name, label in scores if _there(row.get(name)))


def _there(value: Any) -> bool:
    return value is not None and not (isinstance(value, str) and not value.strip()) and not pd.isna(value)
