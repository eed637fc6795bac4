"""Contacts as a help desk exports them: the Zendesk CSV layout with custom columns."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sample_data.chance import choose
from sample_data.clock import DAY, Clock, Ints, day_number, stamp
from sample_data.contacts import Bools, Contacts
from sample_data.customers import Customers
from sample_data.texts import subjects
from sample_data.world import (
    AGENTS,
    CHANNELS,
    DELETED,
    DISPUTE,
    FORGOTTEN,
    ISSUES,
    LIVE,
    LOGIN,
    MERGED,
    NAMES,
    PRIORITIES,
    PRODUCTS,
    SUSPENDED,
    TEAMS,
    Plan,
)

FIRST_ID = 100_001
VIA = ("Chat", "Mail", "Phone call (inbound)", "Facebook")
SECOND_SOCIAL = "Twitter"
CLOSES_AFTER_DAYS = 4
ORDINARY, MERGE, DELETE, SUSPEND, FORGET = range(5)
Texts = NDArray[np.object_]


def draw_fates(rng: np.random.Generator, contacts: Contacts) -> Ints:
    """What becomes of each ticket: ordinary, merged, deleted, suspended as spam, or forgotten while open."""
    fate = choose(
        rng,
        (1 - MERGED - DELETED - SUSPENDED - FORGOTTEN, MERGED, DELETED, SUSPENDED, FORGOTTEN),
        len(contacts),
    )
    return np.where((fate != ORDINARY) & np.array(LIVE)[contacts.channel], ORDINARY, fate)


def ticket_table(
    rng: np.random.Generator,
    contacts: Contacts,
    fate: Ints,
    ids: Ints,
    customers: Customers,
    clock: Clock,
    export_at: int,
    plan: Plan,
) -> pd.DataFrame:
    """One row per ticket in order of creation; stamps are local wall time, lengths whole minutes."""
    size = len(contacts)
    merged, gone, spam = fate == MERGE, np.isin(fate, (DELETE, SUSPEND)), fate == SUSPEND
    solved_at = np.where(merged, contacts.created + 30, contacts.solved)
    solved = (solved_at <= export_at) & ~gone & (fate != FORGET)
    replied = (contacts.replied <= export_at) & ~merged & ~gone
    first_solved = (contacts.first_solved <= export_at) & ~gone & ~merged & (fate != FORGET)
    reopens = np.where(first_solved & (contacts.reopens > 0), contacts.reopens, 0)
    owned = ~spam & (replied | merged)
    closed = solved & ((solved_at + CLOSES_AFTER_DAYS * DAY) <= export_at)
    status = _statuses(rng, replied, solved, closed, reopens > 0)
    status[merged], status[fate == DELETE], status[spam] = "Closed", "Deleted", "Suspended"

    assigned_at = contacts.replied - np.minimum(
        contacts.replied - contacts.created, rng.integers(0, 20, size)
    )
    assigned_at = np.where(merged, contacts.created, assigned_at)
    touched = np.where(replied, contacts.replied, contacts.created)
    touched = np.where(solved, np.where(closed, solved_at + CLOSES_AFTER_DAYS * DAY, solved_at), touched)
    touched = np.where(gone, contacts.created + 60, touched)
    idle = rng.integers(0, 2 * DAY, size)
    touched = np.minimum(np.where(~solved & ~gone & replied, touched + idle, touched), export_at)

    full = solved_at - contacts.created
    full_open = clock.open_between(contacts.created, solved_at)
    work, work_open = solved_at - contacts.replied, clock.open_between(contacts.replied, solved_at)
    asked_back = (
        rng.random(size) < np.where(np.array(LIVE)[contacts.channel] & ~contacts.long, 0.04, 0.35)
    ) & ~merged
    pending = np.where(asked_back, rng.uniform(0.15, 0.5, size), 0.0)
    parked = np.where(
        rng.random(size) < np.where(contacts.issue == DISPUTE, 0.4, 0.03), rng.uniform(0.1, 0.3, size), 0.0
    )
    parked = np.where(merged, 0.0, parked)

    transferred = (rng.random(size) < 0.11) & owned
    escalated = (
        (rng.random(size) < np.array([one.escalated for one in ISSUES])[contacts.issue]) & owned & ~merged
    )
    stations = owned.astype(np.int64) + (transferred | escalated) + (transferred & (rng.random(size) < 0.15))
    replies = 1 + rng.poisson(np.where(contacts.issue == DISPUTE, 2.4, 0.7)) + reopens + contacts.repeats
    replies = np.where(replied, replies, 0)

    german = customers.german[contacts.customer]
    names = customers.name[contacts.customer]
    agents = np.array([agent.name for agent in AGENTS], dtype=object)[contacts.agent]
    via = np.array(VIA, dtype=object)[contacts.channel]
    via[(contacts.channel == CHANNELS.index("social")) & (rng.random(size) < 0.35)] = SECOND_SOCIAL
    owners = customers.ids[contacts.customer].astype(str).astype(object)

    tickets = pd.DataFrame(
        {
            "Summation column": np.full(size, "1", dtype=object),
            "Id": ids.astype(str).astype(object),
            "Requester": names,
            "Requester id": owners,
            "Requester external id": "",
            "Requester email": "c" + owners + "@mail.example",
            "Requester domain": "mail.example",
            "Submitter": np.where(contacts.channel == CHANNELS.index("phone"), agents, names),
            "Assignee": np.where(owned, agents, ""),
            "Group": np.where(spam, "", np.array(TEAMS, dtype=object)[contacts.channel]),
            "Subject": subjects(rng, contacts.issue, german),
            "Tags": np.where(
                merged, "closed_by_merge", np.where(customers.segment[contacts.customer] == 1, "plus", "")
            ),
            "Status": status,
            "Priority": np.array(PRIORITIES, dtype=object)[contacts.priority],
            "Via": via,
            "Ticket type": np.array([one.kind for one in ISSUES], dtype=object)[contacts.issue],
            "Created at": created_stamps(contacts.created, clock, plan),
            "Updated at": stamp(clock.local(touched)),
            "Assigned at": stamp(clock.local(assigned_at), owned),
            "Organization": "",
            "Due date": "",
            "Initially assigned at": stamp(clock.local(assigned_at), owned),
            "Solved at": stamp(clock.local(solved_at), solved),
            "Resolution time": _whole(full // 60, solved),
            "Satisfaction Score": "",
            "Group stations": _whole(owned.astype(np.int64) + escalated),
            "Assignee stations": _whole(stations),
            "Reopens": _whole(reopens),
            "Replies": _whole(replies),
        }
    )
    reply, reply_open = (
        contacts.replied - contacts.created,
        clock.open_between(contacts.created, contacts.replied),
    )
    first, first_open = (
        np.where(merged, full, contacts.first_solved - contacts.created),
        np.where(merged, full_open, clock.open_between(contacts.created, contacts.first_solved)),
    )
    agent_wait, agent_open = (
        np.rint(work * pending).astype(np.int64),
        np.rint(work_open * pending).astype(np.int64),
    )
    hold, hold_open = np.rint(work * parked).astype(np.int64), np.rint(work_open * parked).astype(np.int64)
    for name, clocked, opened, known in (
        ("First reply", reply, reply_open, replied),
        ("First resolution", first, first_open, first_solved | (merged & solved)),
        ("Full resolution", full, full_open, solved),
        ("Agent wait", agent_wait, agent_open, solved),
        ("Requester wait", full - agent_wait - hold, full_open - agent_open - hold_open, solved),
        ("On hold", hold, hold_open, solved),
    ):
        tickets[f"{name} time in minutes"] = _whole(clocked, known)
        tickets[f"{name} time in minutes within business hours"] = _whole(opened, known)
    tickets["Issue [list]"] = np.where(spam, "", np.array(NAMES, dtype=object)[contacts.issue])
    tickets["Product area [list]"] = np.where(spam, "", np.array(PRODUCTS, dtype=object)[contacts.product])
    tickets["Language [list]"] = np.where(german, "de", "en")
    tickets["Escalated [flag]"] = np.where(escalated, "Yes", "No")
    return tickets


def with_macro(
    rng: np.random.Generator, table: pd.DataFrame, contacts: Contacts, fate: Ints, clock: Clock, plan: Plan
) -> pd.DataFrame:
    """The table with the tag of the macro at most contacts about login problems from ``lasting_from`` on."""
    days = clock.local(contacts.created) // DAY
    used = (contacts.issue == LOGIN) & (days >= day_number(plan.lasting_from)) & (fate == ORDINARY)
    used &= rng.random(len(contacts)) < plan.lasting_tagged
    tags = table["Tags"].where(~used, (table["Tags"] + f" {plan.lasting_tag}").str.strip())
    return table.assign(Tags=tags)


def created_stamps(created: Ints, clock: Clock, plan: Plan) -> Texts:
    """Local wall time, but UTC for tickets of the week of the zone change."""
    wall = clock.local(created)
    days = wall // DAY
    changed = (days >= day_number(plan.zone_from)) & (days <= day_number(plan.zone_until))
    return stamp(np.where(changed, created, wall))


def _statuses(
    rng: np.random.Generator, replied: Bools, solved: Bools, closed: Bools, reopened: Bools
) -> Texts:
    waiting = np.array(("Open", "Pending", "Hold"), dtype=object)[
        choose(rng, (0.5, 0.35, 0.15), len(replied))
    ]
    waiting = np.where(reopened, "Open", waiting)
    fresh = np.where(rng.random(len(replied)) < 0.7, "New", "Open")
    return np.asarray(
        np.where(closed, "Closed", np.where(solved, "Solved", np.where(replied, waiting, fresh)))
    )


def _whole(values: Ints, known: Bools | None = None) -> Texts:
    text = values.astype(np.int64).astype(str).astype(object)
    if known is not None:
        text[~known] = ""
    return np.asarray(text)
