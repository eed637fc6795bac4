"""Tables that no record describes: names in several languages, grain, questions, splits."""

from __future__ import annotations

import pandas as pd
import pytest
from exports import lines

from kpi.ingest import Account, Import, Refused, import_files
from kpi.ingest.helper_columns import check_helper
from kpi.ingest.roles import name_fit
from kpi.ingest.stack import match_keys


def read(*rows: str, answers: dict[str, str] | None = None, zone: str = "UTC") -> tuple[Import, Account]:
    imported = import_files([("table.csv", lines(*rows))], answers or {}, team_zone=zone)
    return imported, imported.files[0]


def ids(account: Account) -> list[str]:
    return [question.id for question in account.questions]


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        (
            "Ticketnummer;Erstellt am;Gelöst am;Status;Priorität;Kanal;Bearbeiter;Team;CSAT",
            "de",
        ),
        (
            "Numéro;Date de création;Date de résolution;Statut;Priorité;Canal;Assigné à;Groupe;CSAT",
            "fr",
        ),
        (
            "Número;Fecha de creación;Fecha de resolución;Estado;Prioridad;Canal;Agente;Equipo;CSAT",
            "es",
        ),
        (
            "Case Number;Opened At;Resolved_Date;State;Severity;ContactMethod;Owner;Team;csat_score",
            "en",
        ),
    ],
)
def test_roles_in_several_languages(header: str, rows: str) -> None:
    words = {
        "de": ("gelöst", "offen", "hoch", "Telefon"),
        "fr": ("résolu", "ouvert", "haute", "Téléphone"),
        "es": ("resuelto", "abierto", "alta", "Teléfono"),
        "en": ("Resolved", "Open", "High", "Phone"),
    }[rows]
    _, account = read(
        header,
        f"A-101;03.02.2026 08:15;04.02.2026 17:00;{words[0]};{words[2]};{words[3]};Ina Moll;Nord;5",
        f"A-102;14.02.2026 09:15;;{words[1]};{words[2]};{words[3]};Udo Rau;Nord;",
        f"A-103;15.02.2026 10:15;16.02.2026 17:00;{words[0]};{words[2]};{words[3]};Ina Moll;Süd;2",
    )
    targets = [
        "ticket_id",
        "created_at",
        "solved_at",
        "status_raw",
        "priority_raw",
        "channel_raw",
        "agent_name",
        "group",
        "csat_raw",
    ]
    assert list(account.mapping.values()) == [f"tickets.{target}" for target in targets]
    assert ids(account) == ["timezone"]


@pytest.mark.parametrize(
    ("header", "aliases", "score", "tier"),
    [
        ("First_Response_Time", ("first response time",), 0.5, 0),
        ("Ticket Status", ("status",), 0.5, 1),
        ("Time of creation", ("creation time",), 0.5, 2),
        ("Overall CSAT", ("csat",), 0.35, 3),
        ("Agent Shift", ("agent",), 0.0, 9),
        ("Average resolution time", ("resolution time",), 0.0, 9),
        ("Date of purchase", ("date",), 0.0, 9),
    ],
)
def test_names(header: str, aliases: tuple[str, ...], score: float, tier: int) -> None:
    assert name_fit(header, aliases)[:2] == (score, tier)


def test_the_same_name_is_a_stamp_or_a_duration_by_its_cells() -> None:
    _, stamps = read(
        "Ticket ID,Created,First response time,Resolution time",
        "T-101,2026-01-05 09:00,2026-01-05 09:30,2026-01-05 12:00",
        "T-102,2026-01-06 09:00,2026-01-06 09:30,",
    )
    assert stamps.mapping["First response time"] == "tickets.first_response_at"
    assert stamps.mapping["Resolution time"] == "tickets.solved_at"
    _, spans = read(
        "Ticket ID,Created,First response time (min),Resolution time (hours)",
        "T-101,2026-01-05 09:00,30,3",
        "T-102,2026-01-06 09:00,45,",
    )
    assert spans.mapping["First response time (min)"] == "tickets.first_reply_cal_s"
    assert spans.mapping["Resolution time (hours)"] == "tickets.full_resolution_cal_s"
    assert ids(spans) == ["timezone", "basis:First response time (min)", "basis:Resolution time (hours)"]


def test_stamps_settle_unit_and_basis_without_a_question() -> None:
    rows = [
        f"T-{100 + day},2026-03-{day:02d} {hour:02d}:00,2026-03-{day + 1:02d} {hour:02d}:30,{24.5}"
        for day, hour in zip(range(1, 29), (8, 11, 15, 20) * 7, strict=True)
    ]
    imported, account = read("Ticket ID,Created,Resolved at,TTR", *rows)
    assert ids(account) == ["timezone"]
    assert imported.tables.tickets is not None
    assert set(imported.tables.tickets["full_resolution_cal_s"]) == {24.5 * 3600}


def test_a_column_that_contradicts_its_stamps_is_kept_beside_them() -> None:
    rows = [
        f"T-{100 + n},2026-03-{n:02d} 08:00,2026-03-{n:02d} 09:00,{n * 7919 % 9000 + 4000}"
        for n in range(1, 29)
    ]
    imported, account = read("Ticket ID,Created,Resolved at,Resolution time (seconds)", *rows)
    assert account.mapping["Resolution time (seconds)"] == "tickets.custom"
    assert imported.tables.tickets is not None
    assert set(imported.tables.tickets["full_resolution_cal_s"]) == {3600}
    assert any(finding.code == "C_SUM_MISMATCH" for finding in account.findings)


def test_a_place_called_state_is_no_status() -> None:
    imported, account = read(
        "Ticket ID,Created,State,Channel",
        "T-101,2026-01-05,Texas,Chat",
        "T-102,2026-01-06,Ohio,Email",
    )
    assert account.mapping["State"] == "tickets.custom"
    assert imported.tables.tickets is not None
    assert "status" not in imported.tables.tickets
    assert not account.questions


def test_day_precision_asks_no_zone_and_stays_that_day() -> None:
    imported, account = read(
        "Ticket ID,Created,Status", "T-1,2026-01-05,open", "T-2,2026-01-06,open", zone="Asia/Tokyo"
    )
    assert not account.questions
    assert imported.tables.tickets is not None
    local = imported.tables.tickets["created_at"].dt.tz_convert("Asia/Tokyo")
    assert local.dt.strftime("%Y-%m-%d %H:%M").tolist() == ["2026-01-05 00:00", "2026-01-06 00:00"]


def test_an_ambiguous_order_is_asked_or_proven_by_a_sister_column() -> None:
    rows = ("T-101,03/04/2026,05/04/2026", "T-102,04/04/2026,06/04/2026")
    _, open_order = read("Ticket ID,Created,Resolved at", *rows)
    assert [key for key in ids(open_order) if key.startswith("date_order")]
    imported, _ = read("Ticket ID,Created,Resolved at", *rows, answers={"date_order:Created": "mdy"})
    assert imported.tables.tickets is not None
    assert imported.tables.tickets["created_at"].dt.month.tolist() == [3, 4]
    _, proven = read("Ticket ID,Created,Resolved at", *rows, "T-103,05/04/2026,25/04/2026")
    assert not [key for key in ids(proven) if key.startswith("date_order")]


def test_no_id_gives_rows_named_by_record() -> None:
    rows = ("2026-01-01,Chat,5", "2026-01-02,Email,4", "2026-01-02,Email,4")
    imported, account = read("Date,Channel,CSAT", *rows)
    assert imported.tables.tickets is not None
    assert imported.tables.tickets["ticket_id"].tolist() == ["row-1", "row-2", "row-3"]
    assert any("No column holds an id" in sentence for sentence in account.assumed)


def test_date_and_time_columns_are_joined_and_helpers_ignored() -> None:
    imported, account = read(
        "Call ID,Date,Call time,Month,Day of week,Answered,Talk time,Queue",
        "C-1001,05/01/2026,09:15:30,1,Monday,Y,00:02:10,Sales",
        "C-1002,16/01/2026,10:00:00,1,Friday,N,00:00:00,Sales",
        "C-1003,17/02/2026,11:30:00,1,Tuesday,Y,00:03:00,Help",
    )
    calls = imported.tables.calls
    assert calls is not None
    assert calls["started_at"].iloc[0] == pd.Timestamp("2026-01-05T09:15:30Z")
    assert account.mapping["Call time"] == account.mapping["Date"] == "calls.started_at"
    assert account.mapping["Month"] == account.mapping["Day of week"] == "ignored"
    found = [finding for finding in account.findings if finding.code == "C_HELPER_CONTRADICTS"]
    assert [(finding.column, finding.count, finding.examples[0][:2]) for finding in found] == [
        ("Month", 1, (3, "1"))
    ]
    assert pd.isna(calls["talk_s"].iloc[1])
    assert calls["outcome"].tolist() == ["answered", "abandoned", "answered"]


@pytest.mark.parametrize(
    ("part", "cells"),
    [
        ("month", ["January", "Feb", "12"]),
        ("month", ["2026-01", "2026-02", "2026-12"]),
        ("quarter", ["Q1", "1", "Q4 2026"]),
        ("year", ["2026", "2026", "2026"]),
        ("year", ["26", "26", "26"]),
        ("weekday", ["Monday", "Di", "jeudi"]),
        ("hour", ["9", "10:00", "23"]),
        ("day or weekday", ["5", "3", "31"]),
        ("week", ["2026-01-05", "2026-02-02", "2026-12-28"]),
    ],
)
def test_parts_of_a_date(part: str, cells: list[str]) -> None:
    local = pd.Series(pd.to_datetime(["2026-01-05 09:10", "2026-02-03 10:59", "2026-12-31 23:00"]))
    helper = check_helper(pd.Series(cells, dtype="str"), part, local)
    assert helper is not None
    assert not helper.contradicts.any()


def test_events_fold_to_their_last_state() -> None:
    imported, account = read(
        "Ticket,At,Status,Assigned to,Timestamp",
        "K-0001 / Sales / Ann Lee,x,New,Unassigned,2026-01-05 08:00",
        "K-0001 / Sales / Ann Lee,x,In progress,Bo,2026-01-05 09:00",
        "K-0001 / Sales / Ann Lee,x,Closed,Cy,2026-01-06 09:00",
        "K-0001 / Sales / Ann Lee,x,In progress,Bo,2026-01-07 09:00",
        "K-0001 / Sales / Ann Lee,x,Closed,Bo,2026-01-08 09:00",
        "K-0002 / Help / Jo Day,x,New,Unassigned,2026-01-05 10:00",
        "K-0002 / Help / Jo Day,x,In progress,Bo,2026-01-05 11:00",
    )
    tickets = imported.tables.tickets
    assert tickets is not None
    assert (account.rows_kept, len(tickets)) == (7, 2)
    first = tickets.set_index("ticket_id").loc["K-0001"]
    assert first["created_at"] == pd.Timestamp("2026-01-05T08:00Z")
    assert first["solved_at"] == pd.Timestamp("2026-01-08T09:00Z")
    assert (first["reopens"], first["reassignments"], first["group"]) == (1, 2, "Sales")
    second = tickets.set_index("ticket_id").loc["K-0002"]
    assert pd.isna(second["solved_at"])
    assert second["requester_name"] == "Jo Day"


def test_rows_fanned_out_by_a_list_are_folded() -> None:
    imported, account = read(
        "Ticket ID,Created,Status,Tag",
        "T-101,2026-01-05 10:00,open,red",
        "T-101,2026-01-05 10:00,open,blue",
        "T-102,2026-01-06 10:00,closed,red",
        "T-103,2026-01-06 10:00,closed,green",
        "T-103,2026-01-06 10:00,closed,red",
    )
    assert imported.tables.tickets is not None
    assert imported.tables.tickets["tags"].tolist() == [["red", "blue"], ["red"], ["green", "red"]]
    assert (account.rows_read, account.rows_kept, len(account.rejects)) == (5, 5, 0)


def test_aggregates_become_periods_or_are_refused() -> None:
    imported, account = read(
        "Agent,Tickets,Avg first response time (min),CSAT %", "Ann,120,35,91%", "Bob,80,50,85%"
    )
    periods = imported.tables.agent_periods
    assert periods is not None
    assert periods["first_reply_mean_s"].tolist() == [2100, 3000]
    assert periods["csat_pct"].tolist() == [91, 85]
    assert imported.tables.tickets is None
    assert any(finding.code == "F_AGGREGATE" for finding in account.findings)
    for rows in (
        ("Day,Calls,Answer rate", "2026-01-01,200,94%", "2026-01-02,210,95%"),
        ("Row Labels,Count of id", "Chat,10", "Email,20", "Grand Total,30"),
    ):
        with pytest.raises(Refused) as refusal:
            read(*rows)
        assert refusal.value.problems[0].code == "F_AGGREGATE"


def test_one_row_per_agent_and_day_is_working_time_not_tickets() -> None:
    imported, account = read(
        "agent,date,team,logged_in_s,available (min),handled,solved,qa_score,Shift",
        "Ann,2026-01-05,North,28800,60,20,18,90,early",
        "Bo,2026-01-05,North,27000,45,22,19,,late",
        "Ann,2026-01-06,North,28800,30,25,20,85,early",
        zone="Asia/Tokyo",
    )
    days = imported.tables.agent_days
    assert days is not None
    assert imported.tables.tickets is None
    assert not account.questions
    assert days["date"].dt.strftime("%Y-%m-%d %H:%M").tolist()[:2] == ["2026-01-05 00:00", "2026-01-05 00:00"]
    assert days["available_s"].tolist() == [3600, 2700, 1800]
    assert days["solved"].tolist() == [18, 19, 20]
    assert days["agent_day"].iloc[2] == "Ann 2026-01-06"
    assert days["custom:Shift"].tolist() == ["early", "late", "early"]


def test_counts_by_team_and_day_are_no_tickets() -> None:
    imported, _ = read("Date,Team,Tickets,Solved", "2026-01-05,North,20,18", "2026-01-05,South,22,19")
    periods = imported.tables.agent_periods
    assert periods is not None
    assert imported.tables.tickets is None
    assert set(periods["scope_kind"]) == {"team"}
    assert periods["assigned"].tolist() == [20, 22]
    assert periods["period_start"].dt.strftime("%Y-%m-%d").tolist() == ["2026-01-05", "2026-01-05"]


def test_a_foreign_table_is_refused_until_its_columns_are_named() -> None:
    rows = ("Dish,Served,Taste", "Soup,2026-01-05,good", "Stew,2026-01-06,bad")
    foreign = ("Dish,Cuisine,Grams", "Soup,French,300", "Stew,Irish,900")
    with pytest.raises(Refused, match="no column could be understood"):
        read(*foreign)
    imported, _ = read(*rows, answers={"role:Served": "tickets.created_at", "role:Dish": "tickets.category"})
    assert imported.tables.tickets is not None
    assert imported.tables.tickets["category"].tolist() == ["Soup", "Stew"]


def test_wide_rows_are_split_into_tickets_and_answers() -> None:
    imported, _ = read(
        "Ticket ID,Created,Resolved at,Status,CSAT,NPS,Comment,Customer ID",
        "T-101,2026-01-05 08:00,2026-01-05 09:00,closed,5,10,fine,0042",
        "T-102,2026-01-05 08:00,2026-01-06 09:00,closed,,3,,0043",
        "T-103,2026-01-05 08:00,,open,,,,0044",
    )
    surveys, tickets = imported.tables.surveys, imported.tables.tickets
    assert surveys is not None
    assert tickets is not None
    assert surveys["survey_id"].tolist() == ["T-101/1", "T-102/1"]
    assert surveys["nps_bucket"].tolist() == ["promoter", "detractor"]
    assert surveys["survey_type"].tolist() == ["csat", "nps"]
    assert surveys["responded_at_origin"].tolist() == ["solved", "solved"]
    assert "nps_raw" not in tickets
    assert tickets["requester_id"].tolist() == ["0042", "0043", "0044"]
    assert imported.tables.customers is not None
    assert imported.tables.customers["requester_id"].tolist() == ["0042", "0043", "0044"]
    assert not imported.tables.customers["listed"].any()


@pytest.mark.parametrize(
    ("answer", "norms", "up"),
    [("1-7, high is good", [0, 100], True), ("1-5, low is good", [100, 25], False)],
)
def test_the_scale_of_effort_is_asked_and_turned(answer: str, norms: list[float], up: bool) -> None:
    high = "7" if up else "4"
    imported, account = read(
        "Ticket ID,Created,Status,Customer effort,CSAT",
        "T-101,2026-01-05,closed,1,5",
        f"T-102,2026-01-06,closed,{high},4",
        answers={"scale:Customer effort": answer},
    )
    surveys = imported.tables.surveys
    assert surveys is not None
    assert account.mapping["Customer effort"] == "surveys.ces_raw"
    assert surveys["ces_norm"].tolist() == norms
    assert set(surveys["higher_is_better"]) == {up}
    assert surveys["csat_norm"].tolist() == [100, 75]


def test_keys_of_two_tables_meet_after_cleaning() -> None:
    tickets = pd.Series(["101", "102", "103"], dtype="str")
    for keys, way in (
        (["101", "102", "999"], "as written"),
        (["https://desk/x/101", "https://desk/x/102?a=1", None], "number in a URL"),
        (["INC0000101", "INC0000102", "INC0000777"], "prefix and zeros removed"),
    ):
        match = match_keys(pd.Series(keys, dtype="str"), tickets)
        assert (match.way, match.matched) == (way, 2)
        assert match.keys.iloc[:2].tolist() == ["101", "102"]


def test_waits_of_a_ticket_are_no_work() -> None:
    """'Agent wait time' is time that the agent waits for the customer, not time at work."""
    heads = (
        "ticket number,opened,closed,agent,topic,Agent wait time in minutes,Requester wait time in minutes"
    )
    rows = [f"{heads},On hold time in minutes"]
    for i in range(40):
        day = f"2026-03-{1 + i % 28:02}"
        rows.append(f"T{i},{day} 09:00,{day} 14:00,Ana,refund,{30 + i},{100 + i},{i % 5}")
    found = import_files([("waits.csv", "\n".join(rows).encode())], {"timezone": "UTC"})
    tickets = found.tables.tickets
    assert tickets is not None
    assert "handle_s" not in tickets
    for column, minutes in (("agent_wait_cal_s", 30), ("requester_wait_cal_s", 100), ("on_hold_cal_s", 0)):
        assert tickets[column].iloc[0] == 60 * minutes
