"""The files of a help desk in which every week is the same, to the minute on the clock of the wall.

From Monday 2 January 2023 on, exported on Thursday 26 June 2025 at noon: 29 February 2024 and five changes of
the clock lie inside, the newest day is not over, and the newest tickets are still open.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd

FIRST, WEEKS = date(2023, 1, 2), 130
LAST = date(2025, 6, 26)
EXPORTED = datetime(2025, 6, 26, 12)
PER_DAY = (14, 12, 11, 10, 10, 4, 3)
"""New tickets on Monday … Sunday."""
CHANNELS = {"Chat": 3.0, "Email": 180.0, "Phone": 0.0}
"""Median minutes to the first reply."""
CATEGORIES = ("Delivery", "Refund", "Login", "Account")
AGENTS = tuple(f"{name} {initial}" for name in ("Anna", "Ben", "Carla", "David") for initial in "KL")
LONG_DAYS = 20
"""Three tickets a week take so long, so that there always is a backlog."""
BASE_CUSTOMERS, LEAVE_PER_WEEK = 3_000, 6
FOLLOW_UPS = 6
"""Customers who write twice in each week."""


def week_of_tickets() -> pd.DataFrame:
    """One week: minute of the week, channel, agent, category, lengths in minutes, flags, answers."""
    random = np.random.default_rng(77)
    day = np.repeat(np.arange(7), PER_DAY)
    size = len(day)
    minute = np.sort(random.integers(8 * 60, 19 * 60, size) + 1440 * day)
    channel = random.choice(list(CHANNELS), size, p=(0.5, 0.3, 0.2))
    reply = np.array([CHANNELS[one] for one in channel]) * np.exp(0.8 * random.standard_normal(size))
    work = 60 * np.exp(1.3 * random.standard_normal(size)) * np.where(channel == "Email", 8, 1)
    work[[3, 21, 40]] = LONG_DAYS * 1440
    answers = np.arange(size) % 3 == 0
    return pd.DataFrame(
        {
            "minute": minute,
            "channel": channel,
            "agent": np.array(AGENTS)[np.arange(size) % len(AGENTS)],
            "category": np.array(CATEGORIES)[random.integers(0, len(CATEGORIES), size)],
            "reply": np.rint(reply).astype(np.int64),
            "work": np.rint(work).astype(np.int64) + 1,
            "reopens": (np.arange(size) % 16 == 5).astype(np.int64),
            "escalated": np.where(np.arange(size) % 20 == 7, "Yes", "No"),
            "answers": answers,
            "delay": np.rint(np.exp(random.normal(np.log(300), 1.2, size))).astype(np.int64),
            "csat": random.choice([1, 2, 3, 4, 5], size, p=(0.06, 0.05, 0.09, 0.4, 0.4)),
            "nps": random.integers(3, 11, size),
            "ces": random.integers(3, 8, size),
            "wait": np.rint(np.exp(random.normal(4, 1, size))).astype(np.int64),
            "talk": random.integers(120, 900, size),
        }
    )


def files() -> list[tuple[str, bytes]]:
    """Tickets, surveys, calls, agent days and customers as CSV."""
    week = week_of_tickets()
    slots = len(week)
    number = np.arange(WEEKS * slots)
    rows = week.loc[number % slots].reset_index(drop=True)
    start = np.datetime64(FIRST) + 7 * (number // slots)
    created = pd.Series(start.astype("datetime64[m]") + rows["minute"].to_numpy().astype("timedelta64[m]"))
    replied = created + pd.to_timedelta(rows["reply"], unit="min")
    solved = replied + pd.to_timedelta(rows["work"], unit="min")
    again = np.arange(slots)
    again[-FOLLOW_UPS:] = np.arange(FOLLOW_UPS)
    customer = [f"V{w}-{again[slot]}" for w, slot in zip(number // slots, number % slots, strict=True)]
    ids = pd.Series(100_001 + number).astype(str)
    tickets = pd.DataFrame(
        {
            "Ticket ID": ids,
            "Created at": stamps(created),
            "First response at": stamps(replied),
            "Solved at": stamps(solved),
            "Status": np.where(solved < EXPORTED, "Solved", "Open"),
            "Channel": rows["channel"],
            "Agent": rows["agent"],
            "Category": rows["category"],
            "Customer ID": customer,
            "Reopens": rows["reopens"].where(solved < EXPORTED, 0),
            "Escalated": rows["escalated"],
        }
    )[created < EXPORTED]
    return [
        ("tickets.csv", written(tickets)),
        ("surveys.csv", written(surveys(ids, solved, rows))),
        ("calls.csv", written(calls(ids, created, rows))),
        ("agent_days.csv", written(agent_days())),
        ("customers.csv", written(customers())),
    ]


def surveys(ids: pd.Series, solved: pd.Series, rows: pd.DataFrame) -> pd.DataFrame:
    sent = solved + pd.Timedelta(hours=1)
    responded = sent + pd.to_timedelta(rows["delay"], unit="min")
    given = rows["answers"] & (responded < EXPORTED)

    def answer(name: str) -> pd.Series:
        return rows[name].astype(str).where(given, "")

    return pd.DataFrame(
        {
            "survey_id": "S" + ids,
            "ticket_id": ids,
            "sent_at": stamps(sent),
            "responded_at": stamps(responded).where(given, ""),
            "csat_score": answer("csat"),
            "nps_score": answer("nps"),
            "ces_score": answer("ces"),
        }
    )[sent < EXPORTED]


def calls(ids: pd.Series, created: pd.Series, rows: pd.DataFrame) -> pd.DataFrame:
    """Every sixth call is given up."""
    phone = (rows["channel"] == "Phone").to_numpy()
    lost = pd.Series((rows["minute"] % 6 == 0) & phone)
    table = pd.DataFrame(
        {
            "call_id": "C" + ids,
            "ticket_id": ids.where(~lost, ""),
            "started_at": created.dt.strftime("%Y-%m-%d %H:%M:%S"),
            "queue": rows["category"],
            "agent": rows["agent"].where(~lost, ""),
            "wait_s": rows["wait"],
            "talk_s": rows["talk"].where(~lost, 0),
            "hold_s": 0,
            "after_call_work_s": np.where(lost, 0, 60),
            "outcome": np.where(lost, "abandoned", "answered"),
            "resolved": np.where(lost, "", np.where(rows["talk"] % 4 == 0, "no", "yes")),
        }
    )
    return table[phone & (created < EXPORTED).to_numpy()]


def agent_days() -> pd.DataFrame:
    """Every agent on Monday to Friday, half of them on Saturday."""

    def lines() -> Iterator[tuple[object, ...]]:
        for shift in range((LAST - FIRST).days):
            day, weekday = FIRST + timedelta(days=shift), shift % 7
            for place, agent in enumerate(AGENTS):
                if weekday < 5 or (weekday == 5 and place % 2 == 0):
                    busy = 10_000 + 300 * ((place + weekday) % 5)
                    reviewed, asked = (place + weekday) % 7 == 0, (place + weekday) % 5 == 0
                    quality = str(78 + 2 * place) if reviewed else ""
                    own = str(3 + place % 3) if asked else ""
                    sales = int((place + weekday) % 3 == 0)
                    yield agent, day, 16_000, 14_500 - busy, busy, 1_500, 2, 2, own, quality, 2, sales

    names = "agent date logged_in_s available_s contact_s break_s handled solved asat_score qa_score"
    return pd.DataFrame(lines(), columns=[*names.split(), "offers", "sales"])


def customers() -> pd.DataFrame:
    """As many join as leave, on every day but Sunday; those who leave have been there for years."""
    base: list[tuple[str, str, str]] = [(f"B{place}", "2020-03-02", "") for place in range(BASE_CUSTOMERS)]
    joined = []
    for place in range(LEAVE_PER_WEEK * WEEKS):
        day = FIRST + timedelta(days=7 * (place // LEAVE_PER_WEEK) + place % LEAVE_PER_WEEK)
        if day >= LAST:
            break
        base[place] = (base[place][0], base[place][1], day.isoformat())
        joined.append((f"J{place}", day.isoformat(), ""))
    return pd.DataFrame([*base, *joined], columns=["customer_id", "joined_at", "left_at"])


def stamps(moments: pd.Series) -> pd.Series:
    """Local wall time; empty where it lies behind the export."""
    return moments.dt.strftime("%Y-%m-%d %H:%M").where(moments < EXPORTED, "")


def written(table: pd.DataFrame) -> bytes:
    text: str = table.to_csv(index=False)
    return text.encode()
