"""Facts of tickets, one row each."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kpi.definitions import Definitions
from kpi.facts.columns import Canonical
from kpi.facts.exclusions import excluded_tickets
from kpi.facts.nouns import FactTable
from kpi.facts.ratings import Ratings
from kpi.facts.sentiments import sentiment_columns
from kpi.facts.ticket_columns import TicketColumns
from kpi.facts.ticket_contacts import recontact
from kpi.facts.ticket_promises import commitments
from kpi.facts.ticket_work import handling, movement, surveyed
from kpi.model import Grain


def ticket_facts(
    rows: pd.DataFrame,
    definitions: Definitions,
    as_of: int,
    *,
    ratings: Ratings,
    bots: frozenset[str],
    customers: int,
) -> FactTable | None:
    """Facts of the tickets that the policy counts; None when none is left.

    Parameters
        rows: the canonical table.
        as_of: newest stamp in the data, UTC nanoseconds.
        ratings: answered surveys by ticket.
        bots: names of agents who are no people.
        customers: size of the customer list, 0 without one.
    """
    keep, excluded = excluded_tickets(Canonical("tickets", rows), definitions, bots)
    source = rows if keep.all() else rows[keep]
    source = source.reset_index(drop=True)
    if not len(source):
        return None
    made = TicketColumns(source, definitions, as_of)
    made.state()
    made.response()
    made.resolution()
    made.backlog()
    recontact(made)
    movement(made)
    commitments(made)
    handling(made)
    surveyed(made, ratings)
    sentiment_columns(made.canonical, made.columns, made.absent)
    if customers:
        made.columns["ticket_per_1000_customers"] = np.full(len(source), 1000.0 / customers)
    return FactTable(
        grain=Grain.TICKETS,
        columns=made.columns,
        dimensions=made.dimensions,
        source=source,
        excluded=excluded,
        notes=made.notes,
        absent=made.absent,
        definitions=definitions,
    )
