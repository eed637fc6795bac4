"""Further contacts: solved at first contact, reopened, followed by another, customers who return."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kpi.facts import contacts
from kpi.facts.columns import SECOND, Bools, flags
from kpi.facts.ticket_columns import DAY_NS, TicketColumns


def recontact(made: TicketColumns) -> None:
    """First contact resolution, repeat contacts, returning customers."""
    c, d, columns = made.canonical, made.definitions, made.columns
    keys, _ = c.keys("requester_id", "requester_email")
    known = keys >= 0
    reopens = c.number("reopens")
    reopened = reopens.known & (reopens.values > 0) if reopens.known.any() else c.time("reopened_at").known
    _reopened(made, reopened, bool(reopens.known.any()) or c.has("reopened_at"))
    window = d.fcr_window_days * 86_400
    mature = made.solved_at.known & (made.solved_at.values <= made.as_of - window * SECOND)
    if known.any() and made.solved_at.known.any() and made.created.known.any():
        category = made.dimensions.get("category")
        issue = keys if category is None else contacts.combined(keys, category.codes)
        again = contacts.followed(
            issue,
            made.created.values,
            made.created.known,
            made.solved_at.values,
            made.solved_at.known,
            window,
        )
        columns["fcr_mature"] = flags(mature & known)
        columns["fcr"] = flags(mature & known & ~again & ~reopened)
        columns["fcr_again"] = flags(mature & known & again)
        columns["fcr_immature"] = flags(made.solved_at.known & ~mature & known)
        if "reopened" not in columns:
            made.notes["fcr_mature"] = "the data do not say whether a ticket was reopened"
        if (made.solved_at.known & ~known).any():
            words = f"{int((made.solved_at.known & ~known).sum()):,} solved tickets without a "
            "customer left out"
            made.notes["fcr_mature"] = "; ".join(filter(None, [made.notes.get("fcr_mature"), words]))
    else:
        for column in ("fcr_mature", "fcr", "fcr_again", "fcr_immature"):
            made.absent[column] = (
                "no column says which customer wrote, so a further contact cannot be seen"
                if not known.any()
                else "no ticket has a time of solving"
                if not made.solved_at.known.any()
                else "no column holds the time a ticket was created"
            )
    replies = c.number("replies")
    if replies.known.any() and reopens.known.any():
        touched = made.solved & replies.known
        columns["touch_known"] = flags(touched)
        columns["one_touch"] = flags(touched & (replies.values == 1) & ~reopened)
    flagged = c.flag("fcr")
    if flagged.known.any():
        columns["fcr_flag"] = flags(flagged.values)
        columns["fcr_flag_known"] = flags(flagged.known)
    _customers(made, keys, known)


def _reopened(made: TicketColumns, reopened: Bools, said: bool) -> None:
    columns, d = made.columns, made.definitions
    if not said:
        why = "no column says whether a ticket was reopened"
        made.absent |= dict.fromkeys(("reopened", "reopen_mature", "reopen_immature"), why)
        return
    mature = made.solved_at.values <= made.as_of - d.reopen_window_days * DAY_NS
    columns["reopened"] = flags(reopened)
    columns["reopen_mature"] = flags(made.solved & (mature | ~made.solved_at.known))
    columns["reopen_immature"] = flags(made.solved_at.known & ~mature)


def _customers(made: TicketColumns, keys: NDArray[np.int64], known: Bools) -> None:
    columns, d = made.columns, made.definitions
    if not known.any():
        why = "no column says which customer wrote"
        names = (
            "requester",
            "first_contact_day",
            "contacts",
            "repeat_mature",
            "repeated",
            "repeat_immature",
        )
        made.absent |= dict.fromkeys((*names, "customer_in_period", "customer_returned"), why)
        return
    columns["requester"] = keys.astype(np.int32)
    columns["contacts"] = contacts.times_seen(keys)
    columns["first_contact_day"] = contacts.first_days(keys, columns["created_day"], made.created.known)
    if not made.created.known.any():
        why = "no column holds the time a ticket was created"
        made.absent |= dict.fromkeys(("repeat_mature", "repeated", "repeat_immature"), why)
        return
    window = d.repeat_window_days * 86_400
    again = contacts.followed(
        keys, made.created.values, made.created.known, made.created.values, made.created.known, window
    )
    mature = made.created.known & (made.created.values <= made.as_of - window * SECOND)
    columns["repeat_mature"] = flags(mature & known)
    columns["repeated"] = flags(mature & known & again)
    columns["repeat_immature"] = flags(made.created.known & ~mature & known)
