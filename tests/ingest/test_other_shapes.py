"""Files as team leads have them: what each column becomes, and that only answerable things are asked."""

from __future__ import annotations

import io
import json
from datetime import datetime, timedelta

import openpyxl
import pandas as pd
import pytest
from exports import lines

from kpi.ingest import Account, Import, import_files
from kpi.ingest.fields import FEEDS_A_KPI, WORDS

START = datetime(2026, 1, 5, 8, 0)
PEOPLE = ("Ann Lee", "Bob Ray", "Cy Fox")


def read(data: bytes, name: str = "sheet.csv") -> tuple[Import, Account]:
    imported = import_files([(name, data)], team_zone="Europe/Vienna")
    account = imported.files[0]
    assert account.rows_read == account.rows_kept + len(account.rejects)
    return imported, account


def asked(account: Account) -> list[str]:
    return [question.id for question in account.questions]


def opened(number: int) -> datetime:
    """Any hour of any day, twelve hours and some minutes apart."""
    return START + timedelta(hours=12 * number, minutes=number * 37 % 540)


def test_an_issue_list() -> None:
    header = (
        "Summary,Issue key,Issue id,Issue Type,Status,Priority,Assignee,Reporter,Created,Resolved,Labels,"
        "Custom field (Request Type),Custom field (Satisfaction),Custom field (Time to first response)"
    )
    rows = [
        f"Printer {n},SUP-{1000 + n},{20000 + n},Incident,{('Done', 'Waiting for customer')[n % 2]},High,"
        f"{PEOPLE[n % 3]},Dora M,{opened(n):%d/%b/%y %I:%M %p},"
        f"{'' if n % 2 else format(opened(n) + timedelta(hours=5), '%d/%b/%y %I:%M %p')},vpn,"
        f"Get IT help,{'' if n % 2 else n % 5 + 1},-{n % 5}:{10 + n % 50}"
        for n in range(60)
    ]
    imported, account = read(lines(header, *rows))
    assert asked(account) == ["timezone"]
    mapping = account.mapping
    assert mapping["Issue key"] == "tickets.ticket_id"
    assert mapping["Reporter"] == "tickets.requester_name"
    assert mapping["Issue Type"] == "tickets.category"
    assert mapping["Custom field (Satisfaction)"] == "tickets.csat_raw"
    # the time left on a target is no response time
    assert mapping["Custom field (Time to first response)"] == "tickets.custom"
    tickets = imported.tables.tickets
    assert tickets is not None
    assert set(tickets["status"]) == {"solved", "pending"}
    assert tickets["created_at"].iloc[0] == pd.Timestamp("2026-01-05T07:00Z")


def test_a_german_sheet() -> None:
    header = (
        "Vorgangsnr.;Eingang;Uhrzeit;Kunde;Kanal;Thema;Bearbeiter;Status;Erledigt am;"
        "Erste Antwort nach (Min.);Bearbeitungszeit (Min.);Zufriedenheit;Eskaliert;Kosten"
    )
    rows = [
        f"V{2026000 + n};{opened(n):%d.%m.%Y};{opened(n):%H:%M};K-{n % 9:04d};{('Telefon', 'Brief')[n % 2]};"
        f"Rechnung;Müller, Anna;{('erledigt', 'wartet auf Kunde')[n % 2]};"
        f"{'' if n % 2 else format(opened(n) + timedelta(hours=5), '%d.%m.%Y %H:%M')};{n + 3};"
        f"{n},5;{n % 5 + 1};{('ja', 'nein')[n % 2]};{n + 1}.234,50"
        for n in range(60)
    ]
    imported, account = read(lines(header, *rows, encoding="cp1252"))
    assert asked(account) == ["timezone", "basis:Erste Antwort nach (Min.)"]
    tickets = imported.tables.tickets
    assert tickets is not None
    first = tickets.iloc[0]
    assert first["first_reply_cal_s"] == 180
    assert first["agent_name"] == "Anna Müller"
    assert (first["handle_s"], first["cost"]) == (30, 1234.5)
    assert first["created_at"] == pd.Timestamp("2026-01-05T07:00Z")
    assert set(tickets["status"]) == {"solved", "pending"}
    assert tickets["escalated"].sum() == 30


def test_answers_to_the_recommendation_question_only() -> None:
    rows = [
        f"R{n + 1},{opened(n):%m/%d/%Y},{(10, 9, 7, 3)[n % 4]},Great help,{('US', 'CA')[n % 2]}"
        for n in range(60)
    ]
    imported, account = read(
        lines(
            "Respondent ID,Date,How likely are you to recommend us to a friend or colleague?,"
            "What is the main reason for your score?,Country",
            *rows,
        )
    )
    assert asked(account) == []
    assert account.settings["date_order"] == "mdy"
    surveys = imported.tables.surveys
    assert surveys is not None
    assert imported.tables.tickets is None
    assert surveys["nps_bucket"].value_counts().to_dict() == {"promoter": 30, "passive": 15, "detractor": 15}


def test_a_form_with_satisfaction_and_effort() -> None:
    words = ("Very satisfied", "Satisfied", "Neutral", "Dissatisfied", "Very dissatisfied")
    rows = [
        f"{opened(n):%Y/%m/%d %I:%M:%S %p} GMT+1,{1000 + n},{words[n % 5]},{n % 7 + 1},fine"
        for n in range(60)
    ]
    imported, account = read(
        lines(
            "Timestamp,Ticket number,How satisfied are you with the support you received?,"
            "How easy was it to get your issue resolved?,Any comments?",
            *rows,
        )
    )
    assert asked(account) == []
    surveys = imported.tables.surveys
    assert surveys is not None
    assert surveys["csat_norm"].value_counts().to_dict() == dict.fromkeys((0, 25, 50, 75, 100), 12)
    assert surveys["ces_raw"].max() == 7
    assert surveys["ces_higher_is_better"].all()
    assert surveys["comment"].notna().all()
    assert surveys["responded_at"].iloc[0] == pd.Timestamp("2026-01-05T07:00Z")


def test_a_call_log() -> None:
    rows = [
        f"C{5000 + n},{opened(n):%Y-%m-%d},{opened(n):%H:%M:%S},Inbound,Support,"
        + (
            f"{PEOPLE[n % 3]},00:00:{n % 50 + 10:02d},01:05:{n % 60:02d},00:00:30,00:01:00,Answered,5"
            if n % 4
            else ",00:03:20,00:00:00,00:00:00,00:00:00,Missed,"
        )
        for n in range(60)
    ]
    imported, account = read(
        lines(
            "Call ID,Date,Start Time,Direction,Queue,Agent,Wait Time,Talk Time,Hold Time,After Call Work,"
            "Disposition,Rating",
            *rows,
        )
    )
    assert asked(account) == ["timezone"]
    calls = imported.tables.calls
    assert calls is not None
    assert calls["outcome"].value_counts().to_dict() == {"answered": 45, "missed": 15}
    assert calls.iloc[0][["wait_s", "started_at"]].tolist() == [200, pd.Timestamp("2026-01-05T07:00Z")]
    # nobody talked: no handle time of 0 that would pull the mean down
    assert calls.loc[calls["outcome"].eq("missed"), "handle_s"].isna().all()
    assert calls.iloc[1]["handle_s"] == 3901 + 30 + 60


def test_a_chat_log_as_json_lines() -> None:
    chats = [
        {
            "chatId": f"ch_{n:05d}",
            "startedAt": f"{opened(n).isoformat()}Z",
            "endedAt": f"{(opened(n) + timedelta(seconds=300 + n)).isoformat()}Z",
            "agent": {"name": PEOPLE[n % 3], "email": f"{n % 3}@x.example"} if n % 10 else None,
            "visitor": {"id": f"v{n % 7}", "country": "AT"},
            "firstResponseSeconds": n + 3,
            "durationSeconds": 300 + n,
            "rating": (None, "good", "bad")[n % 3],
            "tags": ["billing"],
        }
        for n in range(60)
    ]
    imported, account = read("\n".join(map(json.dumps, chats)).encode(), "chats.jsonl")
    assert asked(account) == ["basis:firstResponseSeconds"]
    tickets, agents = imported.tables.tickets, imported.tables.agents
    assert tickets is not None
    assert agents is not None
    assert tickets["agent_name"].isna().sum() == 6
    assert set(agents["name"]) == set(PEOPLE)
    assert tickets["requester_id"].nunique() == 7
    assert tickets["full_resolution_cal_s"].tolist() == [300 + n for n in range(60)]
    assert tickets["closed_at"].notna().all()


def test_agents_known_by_e_mail_only() -> None:
    rows = [f"T-{100 + n},{opened(n):%Y-%m-%d %H:%M},{'AB'[n % 2]}@x.example" for n in range(10)]
    imported, _ = read(lines("Ticket ID,Created,Agent email", *rows))
    assert imported.tables.agents is not None
    assert imported.tables.agents["email"].str.lower().tolist() == ["a@x.example", "b@x.example"]


def workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Tickets Q1"
    sheet.append(["Support report Q1 2026"])
    sheet.append(["Exported by: Ops"])
    sheet.append([])
    sheet.append(
        ["No.", "Opened", "Closed", "Team", "Handled by", "Topic", "Priority", "CSAT (1-5)", "Reopened?"]
    )
    for n in range(60):
        row = [n + 1, opened(n), opened(n) + timedelta(hours=30), "North", PEOPLE[n % 3], "Billing", "P1"]
        sheet.append([*row, n % 5 + 1, "NY"[n % 2]])
    sheet.append(["Total", None, None, None, None, None, None, 3.0, None])
    totals = book.create_sheet("Summary")
    for line in (["Team", "Tickets", "Avg CSAT"], ["North", 40, 4.1], ["South", 20, 4.0]):
        totals.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_with_titles_totals_and_a_summary_sheet() -> None:
    imported = import_files([("report.xlsx", workbook())])
    account, summary = imported.files
    assert asked(account) == ["timezone"]
    assert account.settings["header_row"] == "4"
    assert [(reject.reason, reject.record) for reject in account.rejects] == [("R_TOTALS", 61)]
    tickets, periods = imported.tables.tickets, imported.tables.agent_periods
    assert tickets is not None
    assert periods is not None
    assert len(tickets) == 60
    assert tickets["reopens"].sum() == 30
    assert periods["assigned"].tolist() == [40, 20]
    assert summary.mapping["Avg CSAT"] == "agent_periods.custom"


def test_agents_by_day() -> None:
    rows = [
        f"{START + timedelta(days=day):%d.%m.%Y},{person},North,07:45:00,05:10:00,02:{day:02d}:00,00:45:00,"
        f"{day + 5},{day + 3},{80 + day}"
        for day in range(20)
        for person in PEOPLE
    ]
    imported, account = read(
        lines(
            "Date,Agent,Team,Login time,Available time,Talk time,Break time,Calls answered,Tickets solved,"
            "QA score",
            *rows,
        )
    )
    assert asked(account) == []
    days = imported.tables.agent_days
    assert days is not None
    assert len(days) == 60
    first = days.iloc[0][["logged_in_s", "contact_s", "handled", "solved", "qa_score"]]
    assert first.tolist() == [27900, 7200, 5, 3, 80]


def test_a_french_list() -> None:
    rows = []
    for n in range(60):
        at, end = opened(n), opened(n) + timedelta(hours=9)
        closed = "" if n % 2 else f"{end:%d/%m/%Y %H:%M}"
        state, channel = ("Clos", "En attente client")[n % 2], ("Tchat", "Courriel")[n % 2]
        rows.append(
            f"{3000 + n};{at:%d/%m/%Y %H:%M};{closed};Facturation;Léa Roy;{state};{channel};{n % 5 + 1}"
        )
    imported, account = read(
        lines(
            "N° ticket;Date d'ouverture;Date de clôture;Motif;Conseiller;Statut;Canal;Note de satisfaction",
            *rows,
        )
    )
    assert asked(account) == ["timezone"]
    assert not [f for f in account.findings if f.code == "C_ENUM_UNKNOWN"]
    tickets = imported.tables.tickets
    assert tickets is not None
    assert set(tickets["status"]) == {"closed", "pending"}
    assert set(tickets["channel"]) == {"chat", "email"}
    best = tickets[tickets["csat_raw"].eq("5")]
    assert set(best["csat_norm"]) == {100.0}


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("How likely are you to recommend our service?", "nps_raw"),
        ("Wie zufrieden sind Sie mit unserer Antwort?", "csat_raw"),
        ("Overall, how satisfied were you?", "csat_raw"),
        ("How easy was it to solve your issue?", "ces_raw"),
        ("Wie einfach war es, Hilfe zu bekommen?", "ces_raw"),
    ],
)
def test_questions_put_to_customers(header: str, kind: str) -> None:
    rows = [f"{opened(n):%Y-%m-%d},A{n},{n % 7 + 1 if kind == 'ces_raw' else n % 5 + 1}" for n in range(40)]
    data = lines("Date,Response ID,Q", *rows).replace(b",Q\n", f',"{header}"\n'.encode())
    _, account = read(data)
    assert account.mapping[header] == f"surveys.{kind}"


def test_text_answers_to_a_question_are_no_scores() -> None:
    header = "What could we do to make you more satisfied?"
    rows = [f"{opened(n):%Y-%m-%d},A{n},{n % 5 + 1},please call back {n}" for n in range(40)]
    _, account = read(lines(f"Date,Response ID,CSAT,{header}", *rows))
    assert account.mapping["CSAT"] == "surveys.csat_raw"
    assert account.mapping[header] != "surveys.csat_raw"


@pytest.mark.parametrize(
    ("header", "cells", "target"),
    [
        ("Create date", "2026-01-%02d 09:00", "created_at"),
        ("Created datetime", "2026-01-%02dT09:00:00Z", "created_at"),
        ("Closed datetime", "2026-02-%02d 09:00", "closed_at"),
        ("Resolved datetime", "2026-02-%02d 09:00", "solved_at"),
        ("Ticket name", "Printer %02d is on fire", "subject"),
        ("Replies sent", "%02d", "replies"),
        ("Messages count", "%02d", "comment_count"),
        ("made_sla", ("true", "false"), "sla_resolution_met"),
    ],
)
def test_names_that_help_desks_use(header: str, cells: str | tuple[str, str], target: str) -> None:
    """Column titles of well-known help desks, each read without asking what it is."""
    start = "" if target == "created_at" else "Opened at,"
    rows = []
    for day in range(1, 29):
        cell = cells[day % 2] if isinstance(cells, tuple) else cells % day
        rows.append(f"T-{100 + day},{f'2026-01-{day:02d} 08:00,' if start else ''}{cell}")
    _, account = read(lines(f"Ticket ID,{start}{header}", *rows))
    assert account.mapping[header] == f"tickets.{target}"
    assert not [question for question in asked(account) if question.startswith("role:")]


def test_every_field_that_may_be_asked_about_has_words_for_a_lead() -> None:
    assert {*FEEDS_A_KPI, "agent_name", "group"} <= set(WORDS)
    rows = [f"{n + 1},{opened(n):%Y-%m-%d %H:%M},{n % 5 + 1}" for n in range(40)]
    _, account = read(lines("Ticket ID,Moment,CSAT", *rows))
    question = next(question for question in account.questions if question.id == "role:Moment")
    assert question.about.startswith("Does 'Moment' say the time the ticket was opened?")
    assert "created_at" not in question.about + question.why
