"""From arrivals to contacts with their whole course: reply, solution, reopening, repeat contacts."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from sample_data.arrivals import Arrivals, lunch_factor, quarter_of
from sample_data.chance import Floats, choose, normal_of, spread_evenly
from sample_data.clock import DAY, Clock, Ints, day_number
from sample_data.queue import Waits
from sample_data.roster import Roster, assign
from sample_data.world import (
    CHAT,
    ISSUES,
    LIVE,
    LONG_FACTOR,
    LONG_SHARE,
    MAIL,
    PHONE,
    PRIORITY_SHARE,
    PRIORITY_SPEED,
    PRODUCT_SHARE,
    REOPENED,
    REPLY_MEDIAN,
    REPLY_SPREAD,
    SOLVE_MEDIAN,
    SOLVE_SPREAD,
    Plan,
)

Bools = NDArray[np.bool_]
REPEAT_IMPROVEMENT = 0.025
"""The chance of a repeat contact falls by this in every issue from ``mix_from`` on."""
DAYS_TO_REPEAT = (0.3, 5.2)


@dataclass(frozen=True)
class Contacts:
    """One row per contact; minutes are UTC since 1970, the rest are indices, counts and flags."""

    created: Ints
    issue: Ints
    channel: Ints
    customer: Ints
    agent: Ints
    priority: Ints
    product: Ints
    wait_seconds: Ints
    """Time in the queue, phone only."""
    replied: Ints
    first_solved: Ints
    solved: Ints
    reopens: Ints
    repeats: Bools
    """The customer writes again about the same issue within a week."""
    long: Bools
    made: Bools
    """False for contacts that the lasting drop or the lunch hour takes away; they stand in no file."""

    def __len__(self) -> int:
        return len(self.created)

    def take(self, rows: NDArray[np.int64] | Bools) -> Contacts:
        """These rows only."""
        return Contacts(**{one.name: getattr(self, one.name)[rows] for one in fields(self)})


def together(parts: list[Contacts]) -> Contacts:
    """All parts in order of time."""
    joined = {
        one.name: np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(Contacts)
    }
    return Contacts(**joined).take(np.argsort(joined["created"], kind="stable"))


@dataclass(frozen=True)
class Course:
    """What decides the course of contacts."""

    clock: Clock
    roster: Roster
    plan: Plan
    slow_days: Floats
    """Log of the factor on times, by day of the roster."""


def follow(
    rng: np.random.Generator,
    arrivals: Arrivals,
    customer: Ints,
    made: Bools,
    course: Course,
    waits: Waits,
) -> Contacts:
    """The course of these contacts."""
    clock, roster, plan = course.clock, course.roster, course.plan
    created, issue, channel = arrivals.created, arrivals.issue, arrivals.channel
    size = len(created)
    days = clock.local(created) // DAY
    priority = choose(rng, PRIORITY_SHARE, size)
    product = choose(rng, PRODUCT_SHARE, size)

    slow = np.exp(course.slow_days[roster.place(days)])
    reply = np.array(REPLY_MEDIAN)[channel] * slow
    reply = reply * np.exp(np.array(REPLY_SPREAD)[channel] * rng.standard_normal(size))
    reply_open = np.maximum(np.rint(reply * np.array(PRIORITY_SPEED)[priority]), 0).astype(np.int64)
    on_phone = channel == PHONE
    replied = np.where(on_phone, created + waits.usual // 60, clock.after_open(created, reply_open))
    agent = assign(rng, roster, clock.local(replied) // DAY, channel, issue, plan)

    cell = (quarter_of(days) * 8 + issue) * 4 + channel
    noise = normal_of(spread_evenly(rng, cell))
    long = spread_evenly(rng, cell) < np.array(LONG_SHARE)[channel]
    work = np.array(SOLVE_MEDIAN)[channel] * np.exp(np.array(SOLVE_SPREAD)[channel] * noise)
    work = work * np.array([one.slow for one in ISSUES])[issue] * np.array(PRIORITY_SPEED)[priority]
    work = work * np.where(long, LONG_FACTOR, 1.0) * roster.speed[agent] * slow
    work = work * np.where(days >= day_number(plan.mix_from), plan.mix_faster, 1.0)
    first_solved = clock.after_open(replied, np.maximum(np.rint(work), 1).astype(np.int64))

    again = spread_evenly(rng, quarter_of(clock.local(first_solved) // DAY) * 8 + issue)
    reopened = again < REOPENED
    twice = again < REOPENED / 8
    gap = np.rint(np.exp(rng.normal(np.log(500), 0.8, size))).astype(np.int64)
    solved = np.where(reopened, clock.after_open(first_solved, gap), first_solved)
    later = (clock.local(first_solved) // DAY) >= day_number(plan.mix_from)
    chance = np.array([one.repeat for one in ISSUES])[issue] - REPEAT_IMPROVEMENT * later
    repeats = ~reopened & (again < REOPENED + chance)
    return Contacts(
        created=created,
        issue=issue,
        channel=channel,
        customer=customer,
        agent=agent,
        priority=priority,
        product=product,
        wait_seconds=waits.seconds,
        replied=replied,
        first_solved=first_solved,
        solved=solved,
        reopens=reopened.astype(np.int64) + twice,
        repeats=repeats,
        long=long,
        made=made,
    )


def with_lunch(contacts: Contacts, clock: Clock, plan: Plan) -> Contacts:
    """With what the lunch hour adds to the waits; it comes last, so that no draw depends on it."""
    chat, phone = contacts.channel == CHAT, contacts.channel == PHONE
    factor = np.where(chat, lunch_factor(contacts.created, clock, plan), 1.0)
    usual = clock.open_between(contacts.created, contacts.replied)
    later = np.rint(usual * (factor - 1)).astype(np.int64)
    later = np.where(phone, contacts.wait_seconds // 60 - (contacts.replied - contacts.created), later)

    def delayed(moment: Ints) -> Ints:
        return np.where(later > 0, clock.after_open(moment, later), moment)

    return replace(
        contacts,
        replied=delayed(contacts.replied),
        first_solved=delayed(contacts.first_solved),
        solved=delayed(contacts.solved),
    )


def come_again(
    rng: np.random.Generator, before: Contacts, clock: Clock, until: int
) -> tuple[Arrivals, Ints, Bools]:
    """The next contacts of customers whose matter was not settled, who they are, and which are made.

    ``until`` is the last minute (UTC) at which a contact can still be created.
    """
    rows = before.take(before.repeats)
    low, high = DAYS_TO_REPEAT
    when = rows.solved + np.rint(rng.uniform(low, high, len(rows)) * DAY).astype(np.int64)
    live = np.array(LIVE)[rows.channel]
    channel = np.where(rng.random(len(rows)) < 0.25, MAIL, rows.channel)
    live &= channel != MAIL
    settled = clock.after_open(when, rng.integers(1, 240, len(rows))) - 1
    when = np.where(live, settled, when)
    kept = when <= until
    order = np.argsort(when[kept], kind="stable")
    arrivals = Arrivals(when[kept][order], rows.issue[kept][order], channel[kept][order])
    return arrivals, rows.customer[kept][order], rows.made[kept][order]
