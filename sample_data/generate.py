"""Make the files: ``python -m sample_data.generate --out DIR --seed 20260901 --tickets 40000``."""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sample_data.arrivals import Arrivals, draw_arrivals, lunch_factor, quarter_of, still_made
from sample_data.calls import call_table
from sample_data.chance import Floats, choose, persistent
from sample_data.clock import DAY, Clock, Ints, day_number, stamp
from sample_data.contacts import Bools, Contacts, Course, come_again, follow, together, with_lunch
from sample_data.customers import Customers, customer_table, draw_customers
from sample_data.queue import draw_waits
from sample_data.roster import draw_roster
from sample_data.staff import agent_day_table
from sample_data.surveys import survey_table
from sample_data.tickets import FIRST_ID, FORGET, MERGE, ORDINARY, draw_fates, ticket_table, with_macro
from sample_data.truths import Copies, truths
from sample_data.world import EXPORT_HOUR, FIRST_DAY, LAST_DAY, PHONE, PLAN, ZONE, Plan

SEED = 20_260_901
COMMITTED_TICKETS = 19_000
FIRST_CONTACTS = 0.86
"""Of all tickets; the rest are customers writing again."""
GENERATIONS = 6
CUSTOMERS_PER_TICKET = 0.45
SLOW_SPREAD, HAPPY_SPREAD = 0.12, 0.02


@dataclass(frozen=True)
class Desk:
    """The five tables as they are written, and what was planted."""

    tickets: pd.DataFrame
    surveys: pd.DataFrame
    calls: pd.DataFrame
    agent_days: pd.DataFrame
    customers: pd.DataFrame
    truths: dict[str, Any]


def generate(seed: int = SEED, tickets: int = COMMITTED_TICKETS, plan: Plan = PLAN) -> Desk:
    """A help desk of about so many tickets over the whole time; the same seed gives the same tables.

    Raises:
        ValueError: for fewer than 2,000 tickets, too few for what is planted.
    """
    if tickets < 2_000:
        raise ValueError(f"at least 2,000 tickets are needed to plant the truths, {tickets} were asked for")
    rooms = [np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(13)]
    clock = Clock.of(FIRST_DAY, LAST_DAY, ZONE)
    ends = _minute_of(clock, day_number(LAST_DAY) + 1, 0)
    export_at = _minute_of(clock, day_number(LAST_DAY) + 1, EXPORT_HOUR * 60)
    roster = draw_roster(rooms[0], clock)
    slow, happy = _days(rooms[1], SLOW_SPREAD), _days(rooms[1], HAPPY_SPREAD)
    customers = draw_customers(rooms[2], max(300, round(tickets * CUSTOMERS_PER_TICKET)))

    arrivals = draw_arrivals(rooms[3], round(tickets * FIRST_CONTACTS), clock, plan)
    # Stream 11 stays free: by its luck fewer payment failures were settled at once in Q3 than in Q2.
    made = still_made((rooms[10], rooms[12]), arrivals, clock, plan)
    contacts, lost = _contacts(rooms[4], arrivals, made, customers, Course(clock, roster, plan, slow), ends)
    contacts = with_lunch(contacts, clock, plan)
    fate = draw_fates(rooms[5], contacts)
    ids = FIRST_ID - 1 + np.cumsum(contacts.made)
    table = ticket_table(rooms[5], contacts, fate, ids, customers, clock, export_at, plan)
    table = with_macro(rooms[10], table, contacts, fate, clock, plan)[contacts.made].reset_index(drop=True)
    counted = contacts.made & (contacts.replied <= export_at) & np.isin(fate, (ORDINARY, FORGET))
    solved = contacts.made & (contacts.solved <= export_at) & np.isin(fate, (ORDINARY, MERGE))
    left = contacts.take(contacts.made)
    with_copies, copies = add_copies(rooms[6], table, left, fate[contacts.made], clock, plan)
    exported = str(stamp(clock.local(np.array([export_at])))[0])
    return Desk(
        tickets=with_copies,
        surveys=survey_table(rooms[7], contacts, fate, ids, customers, roster, happy, clock, export_at, plan),
        calls=call_table(rooms[8], left, ids[contacts.made], lost, clock),
        agent_days=agent_day_table(rooms[9], contacts, counted, solved, roster, clock),
        customers=customer_table(rooms[2], customers, contacts, clock),
        truths=truths(plan, copies, seed, exported),
    )


def _contacts(
    rng: np.random.Generator,
    arrivals: Arrivals,
    made: Bools,
    customers: Customers,
    course: Course,
    until: int,
) -> tuple[Contacts, tuple[Ints, Ints, Ints]]:
    """All contacts with those that follow from them, and the calls that were given up.

    Contacts that are not ``made``, and those that would follow from them, are drawn and marked: leaving them
    out at the end changes nothing about the others.
    """
    who = choose(rng, customers.weight, len(arrivals.created))
    parts: list[Contacts] = []
    lost: list[tuple[Ints, Ints, Ints]] = []
    for _ in range(GENERATIONS):
        waits = draw_waits(rng, lunch_factor(arrivals.created, course.clock, course.plan))
        on_phone = arrivals.channel == PHONE
        gone, stays = on_phone & waits.hung_up & made, ~(on_phone & waits.would_hang_up)
        lost.append((arrivals.created[gone], arrivals.issue[gone], waits.seconds[gone]))
        made_here = (made & ~gone)[stays]
        parts.append(follow(rng, arrivals.take(stays), who[stays], made_here, course, waits.take(stays)))
        arrivals, who, made = come_again(rng, parts[-1], course.clock, until - 1)
        if not len(made):
            break
    given_up = tuple(np.concatenate(pieces) for pieces in zip(*lost, strict=True))
    return together(parts), (given_up[0], given_up[1], given_up[2])


def add_copies(
    rng: np.random.Generator, table: pd.DataFrame, contacts: Contacts, fate: Ints, clock: Clock, plan: Plan
) -> tuple[pd.DataFrame, Copies]:
    """The ticket table with a block of exact copies and then a block of older states of other tickets."""
    place = int(
        np.searchsorted(clock.local(contacts.created) // DAY, day_number(plan.copies_after), side="right")
    )
    exact = table.iloc[place - plan.exact_copies : place]
    earlier = table.iloc[: place - plan.exact_copies]
    usable = earlier.index[(fate[: len(earlier)] == ORDINARY) & (earlier["Status"] == "Closed")][-400:]
    changed = table.loc[np.sort(rng.choice(usable.to_numpy(), plan.changed_copies, replace=False))].copy()
    changed["Status"] = "Open"
    changed["Updated at"] = changed["Assigned at"]
    emptied = [
        name for name in table.columns if "resolution time" in name.lower() or " wait time" in name.lower()
    ]
    changed[["Solved at", *emptied, *(name for name in table.columns if name.startswith("On hold"))]] = ""
    copies = Copies(
        first_exact=place + 1,
        exact=len(exact),
        first_changed=place + 1 + len(exact),
        changed=len(changed),
        exact_ids=tuple(exact["Id"]),
        changed_ids=tuple(changed["Id"]),
    )
    parts = [table.iloc[:place], exact, changed, table.iloc[place:]]
    return pd.concat(parts, ignore_index=True), copies


def _days(rng: np.random.Generator, spread: float) -> Floats:
    days = day_number(FIRST_DAY) + np.arange((LAST_DAY - FIRST_DAY) // timedelta(days=1) + 2, dtype=np.int64)
    return persistent(rng, len(days), quarter_of(days), spread)


def _minute_of(clock: Clock, day: int, minute: int) -> int:
    return int(clock.utc(np.array([day * DAY + minute], dtype=np.int64))[0])


def write(desk: Desk, folder: Path) -> tuple[Path, ...]:
    """The five CSV files (UTF-8, comma, line feed) and truths.json in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for name in ("tickets", "surveys", "calls", "agent_days", "customers"):
        path = folder / f"{name}.csv"
        table: pd.DataFrame = getattr(desk, name)
        table.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")
        written.append(path)
    path = folder / "truths.json"
    path.write_bytes((json.dumps(desk.truths, indent=2, ensure_ascii=False) + "\n").encode())
    return (*written, path)


def main(arguments: list[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m sample_data.generate", description=__doc__)
    parser.add_argument(
        "--out", type=Path, required=True, help="folder for the files; made when it is not there"
    )
    parser.add_argument(
        "--seed", type=int, default=SEED, help="the same seed gives the same bytes (default %(default)s)"
    )
    parser.add_argument(
        "--tickets", type=int, default=COMMITTED_TICKETS, help="about so many (default %(default)s)"
    )
    chosen = parser.parse_args(arguments)
    if chosen.tickets < 2_000:
        parser.error(f"--tickets must be at least 2000, is {chosen.tickets}")
    for path in write(generate(chosen.seed, chosen.tickets), chosen.out):
        print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
