"""Cohorts by hand: what is not observable is never a 0."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from customer_desk import Desk, facts_of, tables_of

from kpi import customers
from kpi.customers import Cohorts, Follow, Since
from kpi.customers.cohorts import EARLIER, LATER, TRUNCATED
from kpi.ingest.nouns import Tables


def desk(contacts: list[tuple[str, str]], people: list[tuple[str, str, str]] | None = None) -> Tables:
    """Contacts as (customer, day); the list as (customer, joined, left or "")."""
    tickets = pd.DataFrame(
        {
            "ticket_id": [f"T{number}" for number in range(len(contacts))],
            "requester_id": [who for who, _ in contacts],
            "created_at": pd.to_datetime([day for _, day in contacts], utc=True),
            "source": "made",
        }
    )
    if people is None:
        return Tables(tickets=tickets)
    listed = pd.DataFrame(
        {
            "requester_id": [who for who, _, _ in people],
            "joined_at": pd.to_datetime([joined for _, joined, _ in people], utc=True),
            "churned_at": pd.to_datetime([left or None for _, _, left in people], utc=True),
            "source": "made",
        }
    )
    return Tables(tickets=tickets, customers=listed)


def made(tables: Tables, follow: Follow, grain: str = "month", least: int = 1) -> Cohorts:
    from dataclasses import replace

    from kpi.definitions import Definitions

    return customers.cohorts(
        customers.know(facts_of(tables, replace(Definitions(), minimum_n=least))), follow, grain
    )


def cell(found: Cohorts, name: str, step: int) -> tuple[int | None, int]:
    cohort = next(each for each in found.cohorts if each.name == name)
    share = cohort.cells[step - 1].share
    count = share.parts.get("count")
    return (None if share.value is None else int(count or 0)), share.n


def test_still_there_by_hand() -> None:
    """Three join in February; one leaves after 20 days, one after 50 days. The list knows since 1 January."""
    people = [
        ("a", "2025-02-03", "2025-02-23"),
        ("b", "2025-02-10", "2025-04-01"),
        ("c", "2025-02-20", ""),
        ("d", "2024-03-01", "2025-01-01"),
        ("e", "2025-05-01", ""),
    ]
    found = made(desk([("a", "2025-02-04"), ("c", "2025-06-15")], people), Follow.THERE)
    assert found.since is Since.JOINED
    assert [cell(found, "2025-02", step) for step in (1, 2, 3)] == [(2, 3), (1, 3), (1, 3)]
    assert cell(found, "2025-02", 4) == (None, 3)
    assert found.cohorts[0].cells[3].share.reason == LATER
    assert [cohort.name for cohort in found.cohorts] == ["2025-02", "2025-05"]
    ((out, why),) = found.left_out
    assert out == 1
    assert TRUNCATED in why


def test_writing_by_date_of_joining_by_hand() -> None:
    people = [("a", "2025-02-03", ""), ("b", "2025-02-10", ""), ("z", "2024-06-01", "")]
    contacts = [
        ("z", "2025-01-01"),
        ("a", "2025-02-03"),
        ("a", "2025-03-20"),
        ("b", "2025-03-05"),
        ("z", "2025-07-01"),
    ]
    found = made(desk(contacts, people), Follow.WRITES)
    assert found.since is Since.JOINED
    # b's first month ends on 11 March, a's on 4 March.
    assert [cell(found, "2025-02", step) for step in (1, 2, 3)] == [(2, 2), (1, 2), (0, 2)]
    ((out, why),) = found.left_out
    assert out == 1
    assert EARLIER in why


def test_without_dates_of_joining_the_first_contact_counts_and_is_no_coming_back() -> None:
    contacts = [("a", "2025-01-05"), ("a", "2025-01-20"), ("b", "2025-01-09"), ("c", "2025-05-30")]
    found = made(desk(contacts), Follow.WRITES)
    assert found.since is Since.FIRST
    assert cell(found, "2025-01", 1) == (1, 2)
    assert cell(found, "2025-01", 2) == (0, 2)
    assert cell(found, "2025-05", 1) == (None, 1)
    assert "before the data begin" in found.cohorts[0].note


def test_too_few_are_grey() -> None:
    contacts = [("a", "2025-01-05"), ("a", "2025-01-20"), ("b", "2025-01-09"), ("c", "2025-05-30")]
    found = made(desk(contacts), Follow.WRITES, least=3)
    assert found.cohorts[0].cells[0].share.value is None
    assert found.cohorts[0].cells[0].share.reason == "fewer than 3 customers"


@pytest.mark.parametrize("follow", list(Follow))
def test_a_shorter_list_never_changes_what_was_known(follow: Follow) -> None:
    """Cut the data off earlier: cells that both can tell agree, and none appears that the whole lacks."""
    tables = tables_of(Desk(customers=300, rate=4.0), 3)
    end = date(2025, 9, 30)
    stop = pd.Timestamp(end + timedelta(days=1), tz="UTC")
    assert tables.tickets is not None
    assert tables.customers is not None
    left = tables.customers["churned_at"]
    cut = Tables(
        tickets=tables.tickets[tables.tickets["created_at"] < stop].reset_index(drop=True),
        customers=tables.customers[tables.customers["joined_at"] < stop]
        .assign(churned_at=left.where(left < stop))
        .reset_index(drop=True),
    )
    whole, early = made(tables, follow, least=5), made(cut, follow, least=5)
    compared = 0
    for cohort in early.cohorts:
        if cohort.last_day >= np.datetime64(end).astype(int):
            continue
        for place, each in enumerate(cohort.cells):
            if each.share.value is None:
                continue
            now = cell(whole, cohort.name, place + 1)
            assert now == (each.share.parts["count"], each.share.n)
            compared += 1
    assert compared > 10
