"""Canonical tables under definitions → facts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import numpy as np
import pandas as pd

from kpi.calendars import MISSING_DAY, local_days
from kpi.definitions import Definitions
from kpi.facts.agent_days import agent_day_facts
from kpi.facts.calls import call_facts
from kpi.facts.columns import SECOND, Canonical
from kpi.facts.customers import customer_facts
from kpi.facts.nouns import Facts, FactTable
from kpi.facts.ratings import Ratings
from kpi.facts.surveys import survey_facts
from kpi.facts.tickets import ticket_facts
from kpi.ingest.nouns import Tables
from kpi.model import EPOCH, Grain
from kpi.periods import ended_before, newest_day_is_partial

STAMPS: Mapping[str, tuple[str, ...]] = {
    "tickets": (
        "created_at",
        "first_assigned_at",
        "first_response_at",
        "solved_at",
        "closed_at",
        "updated_at",
        "reopened_at",
        "csat_at",
    ),
    "surveys": ("sent_at", "responded_at"),
    "calls": ("started_at", "answered_at", "ended_at"),
    "agent_days": ("date",),
    "customers": ("churned_at",),
}
"""Times at which something happened; deadlines are no such times."""
DAYS = ("created_day", "solved_day", "answered_day", "started_day", "worked_day", "lost_day")

EXPECTED: Mapping[str, tuple[str, ...]] = {
    "tickets": (
        *("created_at", "first_response_at", "solved_at", "status", "requester_id", "reopens", "replies"),
        *("first_reply_cal_s", "full_resolution_cal_s", "escalated", "reassignments", "assignee_stations"),
        *(
            "group_stations",
            "sla_first_response_met",
            "sla_resolution_met",
            "due_at",
            "first_response_due_at",
        ),
        *(
            "handle_s",
            "fcr",
            "sentiment",
            "agent_name",
            "group",
            "category",
            "channel",
            "priority",
            "product",
        ),
    ),
    "surveys": ("csat_norm", "csat_label", "nps_raw", "ces_raw", "sent_at", "responded_at", "ticket_id"),
    "calls": (
        "started_at",
        "outcome",
        "wait_s",
        "talk_s",
        "hold_s",
        "acw_s",
        "handle_s",
        "resolved",
        "transferred",
    ),
    "agent_days": ("date", "solved", "available_s", "contact_s", "asat_score", "qa_score", "offers", "sales"),
    "customers": ("requester_id", "joined_at", "churned_at", "churned"),
}
"""Canonical columns that feed a metric."""


def build_facts(tables: Tables, definitions: Definitions) -> Facts:
    """Facts of every grain that the tables feed.

    Raises:
        ValueError: when the definitions are out of range or name a calendar that cannot be used.
    """
    definitions.checked()
    as_of = _newest(tables)
    bots = _bots(tables.agents)
    ratings = Ratings.from_surveys(tables.surveys, definitions)
    customers = _listed(tables.customers)
    made: list[FactTable | None] = []
    if tables.tickets is not None:
        made.append(
            ticket_facts(tables.tickets, definitions, as_of, ratings=ratings, bots=bots, customers=customers)
        )
    if tables.surveys is not None:
        made.append(
            survey_facts(tables.surveys, definitions, as_of, tickets=tables.tickets, calls=tables.calls)
        )
    if tables.calls is not None:
        made.append(
            call_facts(tables.calls, definitions, as_of, ratings=ratings, bots=bots, tickets=tables.tickets)
        )
    if tables.agent_days is not None:
        made.append(agent_day_facts(_with_teams(tables.agent_days, tables.agents), definitions, bots=bots))
    if tables.customers is not None:
        made.append(customer_facts(tables.customers, definitions))
    found = {table.grain: table for table in made if table is not None}
    first, newest = _span(found.values())
    last = _until(found, newest)
    return Facts(
        tables=MappingProxyType(found),
        definitions=definitions,
        as_of=datetime.fromtimestamp(as_of / SECOND, UTC),
        first_day=first if first <= last else 0,
        last_day=last if first <= last else 0,
        missing=MappingProxyType(_missing(tables)),
        notes=_notes(found.values(), first <= last, last, newest),
        fingerprint=_fingerprint(found.values(), definitions),
        dated=first <= last,
        newest_day_whole=not _cut_short(tables, definitions, last),
    )


def _cut_short(tables: Tables, definitions: Definitions, last: int) -> bool:
    """Whether the export was made in the middle of the newest day."""
    for table, column in ((tables.tickets, "created_at"), (tables.calls, "started_at")):
        if table is None or column not in table:
            continue
        arrivals = table[column].to_numpy(dtype="datetime64[ns]")
        days = local_days(arrivals, definitions.timezone)
        return bool(
            days.size and days.max() == last and newest_day_is_partial(arrivals, definitions.timezone)
        )
    return False


def _newest(tables: Tables) -> int:
    """Newest stamp of anything that happened, UTC nanoseconds; 0 when nothing has a time."""
    newest = 0
    for name, columns in STAMPS.items():
        rows = getattr(tables, name)
        if rows is None:
            continue
        canonical = Canonical(name, rows)
        for column in columns:
            if column in rows.columns:
                time = canonical.time(column)
                if time.known.any():
                    newest = max(newest, int(time.values[time.known].max()))
    return newest


def _span(tables: Iterable[FactTable]) -> tuple[int, int]:
    """First and last local day on which anything happened; (1, 0) when nothing has a date."""
    lows, highs = [], []
    for table in tables:
        for column in DAYS:
            days = table.columns.get(column)
            if days is not None:
                known = days[days != MISSING_DAY]
                if known.size:
                    lows.append(int(known.min()))
                    highs.append(int(known.max()))
    return (min(lows), max(highs)) if lows else (1, 0)


def _until(tables: Mapping[Grain, FactTable], newest: int) -> int:
    """The last day of the data: not those after the newest ticket on which no further one can be in them.

    Solves and answers follow from tickets; calls, agent-days and customers who leave do not, so their days
    count whatever the tickets do.
    """
    tickets = tables.get(Grain.TICKETS)
    if tickets is None or "created_day" not in tickets.columns:
        return newest
    created = tickets.columns["created_day"]
    if not (created != MISSING_DAY).any():
        return newest
    others = [table for grain, table in tables.items() if grain not in (Grain.TICKETS, Grain.SURVEYS)]
    last = max(int(created.max()), _span(others)[1] if others else int(created.max()))
    return last if last < newest and ended_before(created, newest) else newest


def _listed(customers: pd.DataFrame | None) -> int:
    """Customers on a list of customers; those only known from their tickets are no list."""
    if customers is None:
        return 0
    if "listed" not in customers.columns:
        return len(customers)
    return int(Canonical("customers", customers).flag("listed").values.sum())


def _bots(agents: pd.DataFrame | None) -> frozenset[str]:
    """Names (lower case) of agents marked as bots."""
    if agents is None or "is_bot" not in agents.columns or "name" not in agents.columns:
        return frozenset()
    machine = Canonical("agents", agents).flag("is_bot").values
    return frozenset(str(name).strip().lower() for name in agents["name"][machine])


def _with_teams(agent_days: pd.DataFrame, agents: pd.DataFrame | None) -> pd.DataFrame:
    """Agent-days with the main team of the agent where they name none."""
    if agents is None or "group" in agent_days.columns or not {"name", "group"} <= set(agents.columns):
        return agent_days
    teams = agents.drop_duplicates("name").set_index("name")["group"]
    return agent_days.assign(group=agent_days["agent_name"].map(teams))


def _missing(tables: Tables) -> dict[str, str]:
    missing: dict[str, str] = {}
    for name, columns in EXPECTED.items():
        rows = getattr(tables, name)
        for column in columns:
            if rows is None:
                missing[f"{name}.{column}"] = f"the data hold no {name.replace('_', ' ')}"
            elif column not in rows.columns:
                missing[f"{name}.{column}"] = "no column of the files was understood as this"
            elif not rows[column].notna().any():
                missing[f"{name}.{column}"] = "the column is empty"
    return missing


def _notes(tables: Iterable[FactTable], dated: bool, last: int, newest: int) -> tuple[str, ...]:
    notes = [] if dated else ["no column holds a date: only the data as a whole can be measured"]
    if last < newest:
        days = f"{newest - last:,} days" if newest - last > 1 else "day"
        notes.append(
            f"the data are taken to end on {EPOCH + timedelta(days=last)}: no ticket came on the {days} "
            "after it, though some were solved or answered then, as in an export by date of creation"
        )
    for table in tables:
        if table.excluded:
            counts = ", ".join(f"{count:,} {reason}" for reason, count in table.excluded.items())
            notes.append(f"{table.grain.value.replace('_', ' ')} left out by choice: {counts}")
    return tuple(notes)


def _fingerprint(tables: Iterable[FactTable], definitions: Definitions) -> str:
    digest = hashlib.blake2b(definitions.fingerprint().encode(), digest_size=16)
    for table in tables:
        digest.update(f"{table.grain.value}:{len(table)}".encode())
        for name in sorted(table.columns):
            digest.update(name.encode())
            digest.update(np.ascontiguousarray(table.columns[name]).data)
        for name in sorted(table.dimensions):
            dimension = table.dimensions[name]
            digest.update(name.encode())
            digest.update("\0".join(map(str, dimension.categories)).encode("utf-8", "surrogatepass"))
            digest.update(np.ascontiguousarray(dimension.codes).data)
    return digest.hexdigest()
