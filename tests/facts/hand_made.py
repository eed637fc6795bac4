"""A small data set made by hand; the numbers that follow from it are worked out in the tests' comments."""

from __future__ import annotations

import pandas as pd

from kpi.ingest.nouns import Tables


def times(*stamps: str | None) -> pd.Series:
    return pd.Series(pd.to_datetime(list(stamps), utc=True, format="ISO8601").astype("datetime64[ns, UTC]"))


def texts(*words: str | None) -> pd.Series:
    return pd.Series(list(words), dtype="str")


def yes_no(*flags: bool | None) -> pd.Series:
    return pd.Series(list(flags), dtype="boolean")


def whole(*numbers: int | None) -> pd.Series:
    return pd.Series(list(numbers), dtype="Int64")


TICKETS = pd.DataFrame(
    [
        # id, created, first response, solved, status, requester, channel, agent, category,
        # reopens, replies, moves
        ("1", "05 10:00", "05 10:30", "05 12:00", "solved", "a", "email", "Ann", "bill", 0, 1, 0),
        ("2", "06 09:00", "06 09:10", "08 09:00", "closed", "a", "chat", "Ann", "bill", 1, 3, 1),
        ("3", "07 08:00", "07 08:02", "07 09:00", "solved", "b", "chat", "Ben", "tech", 0, 1, 0),
        ("4", "09 12:00", "10 18:00", "20 12:00", "solved", "b", "email", "Ben", "bill", 0, 2, 2),
        ("5", "12 10:00", None, "12 11:00", "solved", "c", "phone", None, "tech", 0, 0, 0),
        ("11", "13 10:00", "13 10:15", "14 10:00", "solved", "f", "email", "Ann", "bill", 0, 1, 0),
        ("6", "25 10:00", "25 10:20", None, "open", "d", "chat", "Ann", "tech", 0, 1, 0),
        ("7", "27 10:00", None, None, "new", "d", "email", "Ann", None, 0, 0, 0),
        ("10", "30 10:00", "30 10:05", "30 12:00", "solved", "e", "chat", "Ben", "tech", 0, 1, 0),
        ("8", "08 10:00", None, None, "spam", "x", "email", None, None, 0, 0, 0),
        ("9", "09 10:00", None, None, "merged", "a", "email", None, "bill", 0, 0, 0),
    ],
    columns=[
        *("ticket_id", "created_at", "first_response_at", "solved_at", "status", "requester_id", "channel"),
        *("agent_name", "category", "reopens", "replies", "reassignments"),
    ],
)  # fmt: skip


def tickets() -> pd.DataFrame:
    made = TICKETS.copy()
    for column in ("created_at", "first_response_at", "solved_at"):
        made[column] = times(*(f"2026-01-{day}" if isinstance(day, str) else None for day in made[column]))
    for column in ("reopens", "replies", "reassignments"):
        made[column] = made[column].astype("Int64")
    for column in ("ticket_id", "status", "requester_id", "channel", "agent_name", "category"):
        made[column] = texts(*made[column])
    made["escalated"] = yes_no(*(key == "11" for key in made["ticket_id"]))
    met = {"1": (True, True), "2": (True, False), "3": (True, True), "4": (False, False)}
    made["sla_first_response_met"] = yes_no(*(met.get(key, (None, None))[0] for key in made["ticket_id"]))
    made["sla_resolution_met"] = yes_no(*(met.get(key, (None, None))[1] for key in made["ticket_id"]))
    made["handle_s"] = [{"1": 600.0, "2": 1200.0}.get(key) for key in made["ticket_id"]]
    mood = {"1": "positive", "2": "very negative", "3": "neutral"}
    made["sentiment"] = texts(*(mood.get(key) for key in made["ticket_id"]))
    made["custom:Plan"] = texts(*("pro" if key in "136" else "free" for key in made["ticket_id"]))
    return made


def surveys() -> pd.DataFrame:
    rows = [
        # id, ticket, sent, answered, csat 0-100, nps, ces
        ("s1", "1", "2026-01-05 13:00", "2026-01-06 10:00", 100.0, None, None),
        ("s2", "2", "2026-01-08 10:00", "2026-01-09 10:00", 25.0, None, None),
        ("s3", "3", "2026-01-07 10:00", "2026-01-08 10:00", 75.0, None, None),
        ("s4", "4", "2026-01-20 13:00", "2026-01-21 10:00", 50.0, None, None),
        ("s5", "5", "2026-01-13 10:00", None, None, None, None),
        ("s6", "11", "2026-01-14 10:00", "2026-01-15 10:00", None, 10, None),
        ("s7", None, "2026-01-15 10:00", "2026-01-16 10:00", None, 7, None),
        ("s8", None, "2026-01-16 10:00", "2026-01-17 10:00", None, 3, None),
        ("s9", None, "2026-01-17 10:00", "2026-01-18 10:00", None, 9, None),
        ("s10", None, "2026-01-14 10:00", "2026-01-15 10:00", None, None, 6.0),
        ("s11", None, "2026-01-15 10:00", "2026-01-16 10:00", None, None, 4.0),
    ]
    made = pd.DataFrame(
        rows, columns=["survey_id", "ticket_id", "sent_at", "responded_at", "csat_norm", "nps_raw", "ces_raw"]
    )
    made["sent_at"], made["responded_at"] = times(*made["sent_at"]), times(*made["responded_at"])
    made["ticket_id"] = texts(*made["ticket_id"])
    made["nps_raw"] = made["nps_raw"].astype("Int64")
    scored = made["csat_norm"].notna()
    made["scale_min"] = pd.Series(1.0, index=made.index).where(scored)
    made["scale_max"] = pd.Series(5.0, index=made.index).where(scored)
    made["higher_is_better"] = yes_no(*([True] * len(made)))
    return made


def calls() -> pd.DataFrame:
    rows = [
        # id, started, direction, outcome, wait, talk, hold, after-call work
        ("c1", "2026-01-05 10:00", "inbound", "answered", 30.0, 300.0, 60.0, 40.0),
        ("c2", "2026-01-06 10:00", "inbound", "answered", 400.0, 200.0, 0.0, 0.0),
        ("c3", "2026-01-06 11:00", "inbound", "abandoned", 5.0, None, None, None),
        ("c4", "2026-01-07 10:00", "inbound", "abandoned", 100.0, None, None, None),
        ("c5", "2026-01-08 10:00", "outbound", "answered", 1.0, 999.0, 0.0, 0.0),
        ("c6", "2026-01-09 10:00", "inbound", "answered", 50.0, 100.0, 0.0, 100.0),
    ]
    columns = ["call_id", "started_at", "direction", "outcome", "wait_s", "talk_s", "hold_s", "acw_s"]
    made = pd.DataFrame(rows, columns=columns)
    made["started_at"] = times(*made["started_at"])
    return made


def agent_days() -> pd.DataFrame:
    rows = [
        ("Ann", "2026-01-05", 2, 5.0, 1.0, 4.0, 80.0, False, 4, 1),
        ("Ann", "2026-01-06", 1, 3.0, 3.0, None, 90.0, True, 0, 0),
        ("Ben", "2026-01-05", 3, 4.0, 2.0, 2.0, 70.0, False, 6, 3),
    ]
    made = pd.DataFrame(
        rows,
        columns=[
            *("agent_name", "date", "solved", "contact_s", "available_s", "asat_score", "qa_score"),
            *("qa_critical_failed", "offers", "sales"),
        ],
    )
    made["date"] = times(*made["date"])
    made["contact_s"] *= 3600
    made["available_s"] *= 3600
    return made


def customers() -> pd.DataFrame:
    made = pd.DataFrame({"requester_id": texts("k1", "k2", "k3", "k4", "k5")})
    made["joined_at"] = times("2025-01-01", "2025-02-01", "2026-01-05", "2025-01-01", "2025-03-01")
    made["churned_at"] = times(None, "2026-01-10", "2026-01-20", "2025-12-01", None)
    return made


def tables() -> Tables:
    return Tables(
        tickets=tickets(),
        surveys=surveys(),
        calls=calls(),
        agent_days=agent_days(),
        customers=customers(),
    )
