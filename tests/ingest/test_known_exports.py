"""Recognised exports, in our own small files: Zendesk-like and Freshdesk-like."""

from __future__ import annotations

import pandas as pd
import pytest
from exports import FRESHDESK_HEADER, ZENDESK_HEADER, write

from kpi.ingest import Account, Import, import_files

ZENDESK_ROWS = [
    {
        "Summation column": "1",
        "Id": "501",
        "Requester": "Rosa Vidal",
        "Requester id": "77",
        "Assignee": "Lou Frey",
        "Group": "First line",
        "Subject": "<b>Bold</b> & [link](http://x)",
        "Tags": "alpha beta",
        "Status": "Solved",
        "Priority": "Urgent",
        "Via": "Phone call (outbound)",
        "Created at": "2026-03-28 22:10",
        "Solved at": "2026-03-29 03:10",
        "Updated at": "2026-03-29 04:00",
        "Satisfaction Score": "Offered",
        "Reopens": "1",
        "Replies": "2",
        "First reply time in minutes": "15",
        "First reply time in minutes within business hours": "0",
        "Full resolution time in minutes": "240",
        "Full resolution time in minutes within business hours": "0",
        "Plan [list]": "Gold",
    },
    {
        "Summation column": "1",
        "Id": "502",
        "Assignee": "-",
        "Status": "Suspended",
        "Via": "Mail",
        "Tags": "",
        "Created at": "2026-03-30 09:00",
        "Satisfaction Score": "Bad with comment",
    },
    {
        "Summation column": "1",
        "Id": "503",
        "Assignee": "Lou Frey",
        "Status": "Escalated to lab",
        "Via": "Carrier pigeon",
        "Created at": "2026-03-30 10:00",
        "Satisfaction Score": "Not Offered",
        "Reopens": "many",
    },
]


def zendesk(rows: list[dict[str, str]], **answers: str) -> Import:
    data = write([*ZENDESK_HEADER, "Plan [list]"], rows)
    return import_files([("export.csv", data)], {"timezone": "Europe/Madrid", **answers})


def ticket(imported: Import, key: str) -> pd.Series:
    assert imported.tables.tickets is not None
    return imported.tables.tickets.set_index("ticket_id").loc[key]


def test_zendesk_columns_reach_their_fields() -> None:
    imported = zendesk(ZENDESK_ROWS)
    row = ticket(imported, "501")
    assert imported.files[0].source == "zendesk_csv_export"
    assert row["created_at"] == pd.Timestamp("2026-03-28T21:10Z")
    assert row["solved_at"] == pd.Timestamp("2026-03-29T01:10Z")
    assert row["full_resolution_cal_s"] == 240 * 60
    assert row["first_response_at"] == pd.Timestamp("2026-03-28T21:25Z")
    assert (row["channel"], row["direction"]) == ("phone", "outbound")
    assert row["tags"] == ["alpha", "beta"]
    assert row["custom:Plan [list]"] == "Gold"
    assert row["subject"] == "<b>Bold</b> & [link](http://x)"
    assert (row["status_raw"], row["status"]) == ("Solved", "solved")


def test_offered_is_not_answered() -> None:
    surveys = zendesk(ZENDESK_ROWS).tables.surveys
    assert surveys is not None
    by_ticket = surveys.set_index("ticket_id")
    assert by_ticket.loc["501", "status"] == "offered"
    assert pd.isna(by_ticket.loc["501", "responded_at"])
    assert by_ticket.loc["502", "status"] == "answered"
    assert by_ticket.loc["502", "csat_label"] == "negative"
    assert "503" not in by_ticket.index


def test_unknown_words_keep_their_text() -> None:
    imported = zendesk(ZENDESK_ROWS)
    row = ticket(imported, "503")
    assert (row["status_raw"], row["channel_raw"]) == ("Escalated to lab", "Carrier pigeon")
    assert row["channel"] == "other"
    assert pd.isna(row["reopens"])
    codes = {(finding.code, finding.column) for finding in imported.files[0].findings}
    assert {("C_ENUM_UNKNOWN", "Via"), ("C_NUM_UNPARSEABLE", "Reopens")} <= codes
    assert any(question.id == "status:Escalated to lab" for question in imported.files[0].questions)


def test_a_status_answer_is_used() -> None:
    imported = zendesk(ZENDESK_ROWS, **{"status:Escalated to lab": "on_hold"})
    assert ticket(imported, "503")["status"] == "on_hold"
    assert imported.answers["status:Escalated to lab"] == "on_hold"


def test_spam_and_outbound_are_counted_not_dropped() -> None:
    account = zendesk(ZENDESK_ROWS).files[0]
    policy = next(finding for finding in account.findings if finding.code == "X_POLICY_EXCLUDED")
    assert policy.count == 2
    assert "spam: 1" in policy.detail
    assert "outbound: 1" in policy.detail
    assert account.rows_kept == 3


FRESHDESK_ROWS = [
    {
        "Ticket ID": "9",
        "Subject": "Late parcel",
        "Status": "Resolved",
        "Priority": "Medium",
        "Source": "Portal",
        "Agent": "Uma Blom",
        "Created time": "2026-02-01 08:00:00",
        "Resolved time": "2026-02-03 08:00:00",
        "Initial response time": "2026-02-01 08:00:00",
        "First response time (in hrs)": "00:00:00",
        "Resolution time (in hrs)": "31:30:00",
        "Time tracked": "00:00:00",
        "Agent interactions": "2",
        "Resolution status": "SLA Violated",
        "First response status": "Within SLA",
        "Survey results": "Very happy",
    },
    {
        "Ticket ID": "10",
        "Status": "Waiting on Customer",
        "Source": "Email",
        "Agent": "No Agent",
        "Created time": "2026-02-02 08:00:00",
        "First response time (in hrs)": "00:00:00",
        "Resolution time (in hrs)": "00:00:00",
        "Survey results": "not rated",
    },
]


def freshdesk(**answers: str) -> tuple[Import, Account]:
    imported = import_files([("tickets.csv", write(FRESHDESK_HEADER, FRESHDESK_ROWS))], answers)
    return imported, imported.files[0]


def test_zero_is_a_value_only_where_its_stamp_is_filled() -> None:
    imported, account = freshdesk()
    assert ticket(imported, "9")["first_reply_bus_s"] == 0
    assert pd.isna(ticket(imported, "10")["first_reply_bus_s"])
    assert pd.isna(ticket(imported, "10")["full_resolution_bus_s"])
    assert pd.isna(ticket(imported, "9")["handle_s"])
    zeros = {
        finding.column: finding.count for finding in account.findings if finding.code == "C_ZERO_IS_NONE"
    }
    assert zeros == {"Time tracked": 1, "First response time (in hrs)": 1, "Resolution time (in hrs)": 1}


def test_hours_above_a_day_and_both_bases() -> None:
    imported, _ = freshdesk()
    row = ticket(imported, "9")
    assert row["full_resolution_bus_s"] == 31.5 * 3600
    assert row["full_resolution_cal_s"] == 48 * 3600
    assert (row["sla_resolution_met"], row["sla_first_response_met"]) == (False, True)
    assert row["csat_norm"] == pytest.approx(83.3)


def test_waiting_statuses_are_asked_with_pending_suggested() -> None:
    imported, account = freshdesk()
    question = next(q for q in account.questions if q.id.startswith("status:"))
    assert (question.id, question.default) == ("status:Waiting on Customer", "pending")
    assert any("Waiting on Customer" in sentence for sentence in account.assumed)
    answered, after = freshdesk(**{"status:Waiting on Customer": "on_hold"})
    assert ticket(answered, "10")["status"] == "on_hold"
    assert not any("Waiting on Customer" in sentence for sentence in after.assumed)
    assert pd.isna(ticket(imported, "10")["agent_name"])


def test_a_subset_of_columns_is_still_recognised() -> None:
    header = [name for name in FRESHDESK_HEADER if name not in ("Agent interactions", "Tags", "Product")]
    rows = [{name: row[name] for name in row if name in header} for row in FRESHDESK_ROWS]
    account = import_files([("few.csv", write(header, rows))]).files[0]
    assert account.source == "freshdesk_ticket_csv"
    assert account.confidence < 1


def test_a_weakly_recognised_source_is_asked() -> None:
    gone = ("Agent interactions", "Resolution status", "Last update time")
    header = [name for name in FRESHDESK_HEADER if name not in gone]
    rows = [{name: row[name] for name in row if name in header} for row in FRESHDESK_ROWS]
    data = write(header, rows)
    account = import_files([("few.csv", data)]).files[0]
    assert [q.id for q in account.questions if q.id == "source"] == ["source"]
    generic = import_files([("few.csv", data)], {"source": "generic_flat"}).files[0]
    assert generic.source == "generic_flat"


def zendesk_with(cells: dict[str, list[str]], **answers: str) -> tuple[Import, Account]:
    """Forty sound tickets with further columns; the cells of each repeat."""
    rows = []
    for number in range(40):
        row = {
            "Summation column": "1",
            "Id": str(700 + number),
            "Status": "Solved",
            "Via": "Mail",
            "Created at": f"2026-02-{number % 28 + 1:02d} 09:00",
            "Solved at": f"2026-02-{number % 28 + 1:02d} 12:00",
            "Full resolution time in minutes": "180",
        }
        rows.append(row | {header: values[number % len(values)] for header, values in cells.items()})
    data = write([*ZENDESK_HEADER, *(name for name in cells if name not in ZENDESK_HEADER)], rows)
    imported = import_files([("export.csv", data)], {"timezone": "UTC", **answers})
    return imported, imported.files[0]


def test_own_fields_with_the_name_of_a_known_one_are_that_one() -> None:
    imported, account = zendesk_with(
        {
            "Issue [list]": ["Payment failed", "Late parcel"],
            "Product area [list]": ["Books", "Toys"],
            "Language [list]": ["de", "en"],
            "Country [list]": ["AT", "CH"],
            "Brand [txt]": ["North"],
            "Escalated [flag]": ["Yes", "No"],
            "Refund issued [flag]": ["Yes", "No"],
        }
    )
    fields = ("category", "product", "language", "country", "brand", "escalated", "custom")
    assert list(account.mapping.values())[-7:] == [f"tickets.{field}" for field in fields]
    row = ticket(imported, "701")
    assert [row[name] for name in fields[:5]] == ["Late parcel", "Toys", "en", "CH", "North"]
    assert imported.tables.tickets is not None
    assert imported.tables.tickets["escalated"].sum() == 20
    assert row["custom:Refund issued [flag]"] == "No"
    assert ids_of(account) == ["timezone"]


@pytest.mark.parametrize("header", ["Issue [list]", "Category [list]", "Topic", "Contact reason [list]"])
def test_one_own_field_for_the_topic(header: str) -> None:
    _, account = zendesk_with({header: ["a", "b", "c"]})
    assert account.mapping[header] == "tickets.category"


def test_of_two_own_fields_for_the_topic_the_plainer_name_wins() -> None:
    _, account = zendesk_with({"Issue [list]": ["x", "y"], "Category [list]": ["a", "b"]})
    assert account.mapping["Category [list]"] == "tickets.category"
    assert account.mapping["Issue [list]"] == "tickets.custom"


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Issue [txt]", [f"My parcel {n} is late since monday and nobody answers" for n in range(40)]),
        ("Issue [flag]", ["Yes", "No"]),
        ("Issue [int]", [str(n * 31) for n in range(40)]),
        ("Issue [date]", ["2026-01-05", "2026-01-06"]),
        ("Escalated [list]", ["Tier 2", "Tier 3"]),
        ("Reopen reason [list]", ["a", "b"]),
        ("Billing country code [list]", ["a", "b"]),
    ],
)
def test_own_fields_that_are_not_certain_stay_custom(header: str, cells: list[str]) -> None:
    imported, account = zendesk_with({header: cells})
    assert account.mapping[header] == "tickets.custom"
    assert imported.tables.tickets is not None
    assert f"custom:{header}" in imported.tables.tickets


def test_a_person_may_keep_an_own_field_custom_or_name_another() -> None:
    cells = {"Issue [list]": ["a", "b"], "Aisle [list]": ["x", "y"]}
    roles = {"role:Issue [list]": "tickets.custom", "role:Aisle [list]": "tickets.subcategory"}
    _, account = zendesk_with(cells, **roles)
    assert account.mapping["Issue [list]"] == "tickets.custom"
    assert account.mapping["Aisle [list]"] == "tickets.subcategory"
    assert not [finding for finding in account.findings if finding.code == "A_UNKNOWN"]


def test_own_fields_of_another_source_too() -> None:
    rows = [{**row, "Category": "Delivery", "Product": "Lamp"} for row in FRESHDESK_ROWS]
    imported = import_files([("tickets.csv", write([*FRESHDESK_HEADER, "Category"], rows))])
    assert imported.files[0].mapping["Category"] == "tickets.category"
    assert imported.files[0].mapping["Product"] == "tickets.product"


def test_tickets_closed_by_a_merge_are_merged() -> None:
    cells = {
        "Tags": ["vip closed_by_merge", "vip", "merged", "closed_by_merge_old", ""],
        "Status": ["Closed", "Solved", "Solved", "Solved", "Open"],
    }
    imported, account = zendesk_with(cells)
    states = [ticket(imported, str(700 + number))["status"] for number in range(5)]
    assert states == ["merged", "solved", "merged", "solved", "open"]
    assert ticket(imported, "700")["status_raw"] == "Closed"
    found = {finding.code: finding for finding in account.findings}
    assert (found["C_STATUS_BY_TAG"].column, found["C_STATUS_BY_TAG"].count) == ("Tags", 16)
    assert "merged: 16" in found["X_POLICY_EXCLUDED"].detail


def test_an_open_ticket_into_which_others_were_merged_stays_open() -> None:
    imported, _ = zendesk_with({"Tags": ["merged"], "Status": ["Open", "Pending"]})
    assert imported.tables.tickets is not None
    assert set(imported.tables.tickets["status"]) == {"open", "pending"}


def ids_of(account: Account) -> list[str]:
    return [question.id for question in account.questions]
