"""The table of calls."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sample_data.chance import choose
from sample_data.clock import Clock, Ints, stamp_seconds
from sample_data.contacts import Contacts
from sample_data.world import AGENTS, ISSUES, PHONE

QUEUES = ("Orders", "Payments", "Account")
QUEUE_OF_ISSUE = (0, 1, 0, 1, 2, 2, 0, 0)


def call_table(
    rng: np.random.Generator,
    contacts: Contacts,
    ticket_ids: Ints,
    lost: tuple[Ints, Ints, Ints],
    clock: Clock,
) -> pd.DataFrame:
    """Calls that became tickets and calls that were given up (``lost``: UTC minute, issue, seconds waited).

    Times are local wall time, lengths are seconds. The ticket of a call is created in the minute of the call.
    """
    rows = contacts.take(contacts.channel == PHONE)
    ids = ticket_ids[contacts.channel == PHONE]
    lost_at, lost_issue, lost_wait = lost
    answered = len(rows)
    created = np.concatenate([rows.created, lost_at])
    issue = np.concatenate([rows.issue, lost_issue])
    wait = np.concatenate([rows.wait_seconds, lost_wait])
    size = len(created)
    effort = np.array([one.effort_minutes for one in ISSUES])[issue] * 60
    talk = np.rint(np.clip(effort * 0.55 * np.exp(0.6 * rng.standard_normal(size)), 20, 5400)).astype(
        np.int64
    )
    held = rng.random(size) < 0.3
    hold = np.where(held, np.rint(rng.exponential(75, size)) + 5, 0).astype(np.int64)
    wrap = np.rint(np.clip(70 * np.exp(0.5 * rng.standard_normal(size)), 5, 900)).astype(np.int64)
    taken = np.arange(size) < answered
    agents = np.array([agent.name for agent in AGENTS], dtype=object)
    agent = np.full(size, "", dtype=object)
    agent[:answered] = agents[rows.agent]
    ticket = np.full(size, "", dtype=object)
    ticket[:answered] = ids.astype(str)
    settled = np.full(size, "", dtype=object)
    settled[:answered] = np.where(rows.long | rows.repeats | (rows.reopens > 0), "no", "yes")
    seconds = clock.local(created) * 60 + choose(rng, np.ones(60), size)
    calls = pd.DataFrame(
        {
            "started": seconds,
            "ticket_id": ticket,
            "queue": np.array(QUEUES, dtype=object)[np.array(QUEUE_OF_ISSUE)[issue]],
            "agent": agent,
            "wait_s": wait,
            "talk_s": np.where(taken, talk, 0),
            "hold_s": np.where(taken, hold, 0),
            "after_call_work_s": np.where(taken, wrap, 0),
            "outcome": np.where(taken, "answered", "abandoned"),
            "resolved": settled,
        }
    )
    calls = calls.sort_values("started", kind="stable", ignore_index=True)
    calls.insert(0, "call_id", "C" + (500_001 + calls.index).astype(str))
    calls.insert(3, "started_at", stamp_seconds(calls["started"].to_numpy()))
    return calls.drop(columns="started")
