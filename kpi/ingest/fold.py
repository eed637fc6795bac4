"""Event rows folded to one row per ticket: the last state, the first start, counts of what happened."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kpi.ingest.split import PROVENANCE

OPEN = frozenset({"new", "open", "pending", "on_hold"})
DONE = frozenset({"solved", "closed"})
SUMS = frozenset({"handle_s"})
MAXIMA = frozenset(
    {
        "reopens",
        "replies",
        "customer_messages",
        "comment_count",
        "reassignments",
        "assignee_stations",
        "group_stations",
    }
)
FIRSTS = frozenset(
    {"subject", "description", "requester_id", "requester_name", "requester_email", "created_at_precision"}
)
NOT_AN_EVENT = frozenset({"first_reply_cal_s", "full_resolution_cal_s", "status_derived"})


def fold_events(events: pd.DataFrame) -> pd.DataFrame:
    """One ticket per ``ticket_id`` from rows that each say what was true at ``created_at``.

    The first event opens the ticket; the last one gives its state. ``solved_at`` is the last change to solved
    or closed while the ticket is so now; ``reopens`` counts changes from there back to an open state;
    ``reassignments`` counts changes of the agent.
    """
    events = events.drop(columns=[name for name in NOT_AN_EVENT if name in events])
    events = events.sort_values(["ticket_id", "created_at"], kind="stable").reset_index(drop=True)
    by_ticket = events.groupby("ticket_id", sort=False)
    last = by_ticket.last()
    tickets = last.copy()
    tickets["updated_at"] = last["created_at"]
    tickets["created_at"] = by_ticket["created_at"].first()
    for name in events.columns:
        if name in SUMS:
            tickets[name] = by_ticket[name].sum(min_count=1)
        elif name in MAXIMA:
            tickets[name] = by_ticket[name].max()
        elif name in FIRSTS:
            tickets[name] = by_ticket[name].first()
    if "status" in events:
        # the state is that of the last event, even where an earlier one said more
        tickets["status"] = events.groupby("ticket_id", sort=False)["status"].tail(1).to_numpy()
        tickets["status_raw"] = events.groupby("ticket_id", sort=False)["status_raw"].tail(1).to_numpy()
        tickets = tickets.assign(**_history(events, tickets))
    if "agent_name" in events:
        named = events[events["agent_name"].notna()]
        changed = named["agent_name"] != named.groupby("ticket_id", sort=False)["agent_name"].shift()
        changes = changed.groupby(named["ticket_id"], sort=False).sum() - 1
        tickets["first_assigned_at"] = (
            named.groupby("ticket_id", sort=False)["created_at"].first().reindex(tickets.index)
        )
        if "reassignments" not in events:
            tickets["reassignments"] = changes.reindex(tickets.index).fillna(0).astype("Int64")
    tickets = tickets.reset_index()
    return tickets[[*[name for name in tickets if name not in PROVENANCE], *PROVENANCE]]


def _history(events: pd.DataFrame, tickets: pd.DataFrame) -> dict[str, pd.Series]:
    done = events["status"].isin(DONE)
    before = done.groupby(events["ticket_id"], sort=False).shift(fill_value=False)
    solved = (
        events[done & ~before].groupby("ticket_id", sort=False)["created_at"].last().reindex(tickets.index)
    )
    reopened = (
        (before & events["status"].isin(OPEN))
        .groupby(events["ticket_id"], sort=False)
        .sum()
        .reindex(tickets.index)
    )
    now_done = tickets["status"].isin(DONE)
    history = {"solved_at": solved.where(now_done), "reopens": reopened.astype("Int64")}
    closed = events[events["status"] == "closed"].groupby("ticket_id", sort=False)["created_at"].last()
    if len(closed):
        history["closed_at"] = closed.reindex(tickets.index).where(np.asarray(tickets["status"] == "closed"))
    return {name: values for name, values in history.items() if name not in events}
