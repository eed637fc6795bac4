"""What can be derived from what (stamps, durations, status), marked where it was."""

from __future__ import annotations

import numpy as np
import pandas as pd

SOLVED = ("solved", "closed")


def derive(table: str, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with derived columns added; what is there is only filled where the schema says so."""
    if table == "tickets":
        return _status(_durations(_stamps(rows)))
    if table == "calls":
        return _calls(rows)
    return rows


def _stamps(tickets: pd.DataFrame) -> pd.DataFrame:
    """Solve stamp from the close stamp or from created + resolution; first response from created + reply."""
    added: dict[str, pd.Series] = {}
    solved = tickets.get("solved_at")
    closed = tickets.get("closed_at")
    if closed is not None:
        lacking = closed.notna() if solved is None else solved.isna() & closed.notna()
        if lacking.any():
            added["solved_at"] = closed if solved is None else solved.fillna(closed)
            added["solved_from_closed"] = lacking.astype("boolean")
    elif solved is None:
        added |= _after(tickets, "solved_at", "full_resolution_cal_s")
    if "first_response_at" not in tickets:
        added |= _after(tickets, "first_response_at", "first_reply_cal_s")
    return tickets.assign(**added)


def _after(tickets: pd.DataFrame, name: str, duration: str) -> dict[str, pd.Series]:
    if "created_at" not in tickets or duration not in tickets:
        return {}
    stamp = tickets["created_at"] + pd.to_timedelta(tickets[duration], unit="s")
    return {name: stamp.mask(_by_day(tickets)).astype("datetime64[ns, UTC]")}


def _by_day(tickets: pd.DataFrame) -> pd.Series:
    """Rows whose creation is known to the day only."""
    precision = tickets.get("created_at_precision")
    if precision is None:
        return pd.Series(False, index=tickets.index)
    return precision.eq("day").astype(bool)


def _durations(tickets: pd.DataFrame) -> pd.DataFrame:
    """Clock times between stamps where the export gives none."""
    added: dict[str, pd.Series] = {}
    for name, end in (("first_reply_cal_s", "first_response_at"), ("full_resolution_cal_s", "solved_at")):
        if "created_at" not in tickets or end not in tickets:
            continue
        spent = (tickets[end] - tickets["created_at"]).dt.total_seconds().mask(_by_day(tickets))
        spent = spent.mask(spent < 0)
        added[name] = tickets[name].fillna(spent) if name in tickets else spent
    return tickets.assign(**added)


def _status(tickets: pd.DataFrame) -> pd.DataFrame:
    """Status from the stamps when the file has none: closed, solved, else open."""
    if "status" in tickets:
        return tickets
    stamps = [name for name in ("solved_at", "closed_at") if name in tickets]
    if not stamps:
        return tickets
    derived = pd.Series("open", index=tickets.index, dtype="str")
    for name, word in (("solved_at", "solved"), ("closed_at", "closed")):
        if name in tickets:
            derived = derived.mask(tickets[name].notna(), word)
    return tickets.assign(
        status=derived, status_derived=pd.Series(True, index=tickets.index, dtype="boolean")
    )


def _calls(calls: pd.DataFrame) -> pd.DataFrame:
    """Handle time from its parts, waits from stamps, offered calls, outcome from what is filled."""
    added: dict[str, pd.Series] = {}
    parts = [calls[name] for name in ("talk_s", "hold_s", "acw_s") if name in calls]
    if parts and "handle_s" not in calls:
        added["handle_s"] = pd.concat(parts, axis=1).sum(axis=1, min_count=1)
    if "wait_s" not in calls and "started_at" in calls and "answered_at" in calls:
        waited = (calls["answered_at"] - calls["started_at"]).dt.total_seconds()
        added["wait_s"] = waited.mask(waited < 0)
    if "outcome" not in calls:
        answered = calls.get("answered_at", pd.Series(pd.NaT, index=calls.index)).notna()
        for name in ("talk_s", "handle_s"):
            column = calls[name] if name in calls else added.get(name)
            if column is not None:
                answered = answered | (column > 0)
        if answered.any():
            words = np.where(answered, "answered", "abandoned")
            added["outcome"] = pd.Series(words, index=calls.index).astype("str")
    direction = calls.get("direction")
    offered = pd.Series(True, index=calls.index, dtype="boolean")
    if direction is not None:
        offered = offered & ~direction.isin(["outbound", "internal"])
    if "within_business_hours" in calls:
        offered = offered & calls["within_business_hours"].fillna(True)
    added["counts_as_offered"] = offered
    return calls.assign(**added)
