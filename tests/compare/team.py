"""A team whose process never changes: Poisson arrivals with a weekly rhythm, everything else at random."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from kpi.ingest.nouns import Tables

WEEKLY = np.array([1.2, 1.1, 1.0, 1.0, 0.9, 0.3, 0.25])


def constant_team(seed: int, first: date, days: int, per_day: float = 30.0, zone: str = "UTC") -> Tables:
    """Tickets, surveys, calls and agent-days of a constant process."""
    rng = np.random.default_rng(seed)
    start = pd.Timestamp(first, tz=zone)
    weekday = (np.arange(days) + first.weekday()) % 7
    counts = rng.poisson(per_day * WEEKLY[weekday])
    size = int(counts.sum())
    local = pd.DatetimeIndex(
        start.tz_localize(None) + pd.to_timedelta(np.repeat(np.arange(days), counts), unit="D")
    ) + pd.to_timedelta(8 * 3600 + np.sort(rng.integers(0, 36_000, size)), unit="s")
    created = local.tz_localize(zone, nonexistent="shift_forward", ambiguous=True).tz_convert("UTC")
    end = (start + pd.Timedelta(days=days)).tz_convert("UTC")

    def after(base: pd.DatetimeIndex, seconds: np.ndarray) -> pd.Series:
        moment = pd.Series(base + pd.to_timedelta(np.rint(seconds), unit="s"))
        return moment.where(moment < end)

    first_response = after(created, rng.lognormal(7.5, 1.1, size))
    solved = after(created, rng.lognormal(10.3, 1.0, size))
    agents = np.array([f"Agent {number}" for number in range(9)])
    tickets = pd.DataFrame(
        {
            "ticket_id": np.arange(size).astype(str),
            "created_at": created,
            "first_response_at": first_response,
            "solved_at": solved,
            "status": np.where(solved.notna(), "solved", "open"),
            "requester_id": rng.integers(0, max(size // 2, 1), size).astype(str),
            "channel": rng.choice(["chat", "email", "phone"], size),
            "category": rng.choice(["billing", "login", "delivery"], size),
            "agent_name": rng.choice(agents, size),
            "reopens": pd.array(rng.poisson(0.08, size), dtype="Int64"),
            "replies": pd.array(1 + rng.poisson(0.8, size), dtype="Int64"),
            "reassignments": pd.array(rng.poisson(0.2, size), dtype="Int64"),
            "escalated": pd.array(rng.random(size) < 0.06, dtype="boolean"),
            "sla_resolution_met": pd.array(rng.random(size) < 0.9, dtype="boolean"),
        }
    )
    asked = solved.notna().to_numpy() & (rng.random(size) < 0.5)
    replied = rng.random(size) < 0.4
    sent = solved[asked].reset_index(drop=True)
    answered = (sent + pd.to_timedelta(rng.integers(600, 86_400, len(sent)), unit="s")).where(replied[asked])
    kind = rng.random(len(sent)) < 0.5
    surveys = pd.DataFrame(
        {
            "survey_id": np.arange(len(sent)).astype(str),
            "ticket_id": tickets["ticket_id"][asked].to_numpy(),
            "sent_at": sent,
            "responded_at": answered,
            "csat_norm": pd.Series(rng.choice([0, 25, 50, 75, 100.0], len(sent))).where(
                answered.notna() & kind
            ),
            "nps_raw": pd.Series(rng.integers(0, 11, len(sent)).astype(float)).where(
                answered.notna() & ~kind
            ),
            "scale_min": 1.0,
            "scale_max": 5.0,
        }
    )
    ring = rng.random(size) < 0.4
    count = int(ring.sum())
    outcome = np.where(rng.random(count) < 0.08, "abandoned", "answered")
    talk = pd.Series(rng.lognormal(5.5, 0.6, count).round()).where(outcome == "answered")
    calls = pd.DataFrame(
        {
            "call_id": np.arange(count).astype(str),
            "started_at": created[ring],
            "outcome": outcome,
            "wait_s": rng.exponential(80, count).round(),
            "talk_s": talk,
            "agent_name": rng.choice(agents, count),
        }
    )
    grid = pd.MultiIndex.from_product([range(days), agents], names=["day", "agent_name"]).to_frame(
        index=False
    )
    dates = pd.to_datetime(first) + pd.to_timedelta(grid["day"], unit="D")
    contact = rng.uniform(3, 6, len(grid)) * 3600
    agent_days = pd.DataFrame(
        {
            "agent_name": grid["agent_name"],
            "date": dates.dt.tz_localize("UTC"),
            "solved": rng.poisson(4, len(grid)),
            "contact_s": contact,
            "available_s": rng.uniform(0.5, 2, len(grid)) * 3600,
            "qa_score": pd.Series(rng.normal(85, 8, len(grid)).clip(0, 100)).where(
                rng.random(len(grid)) < 0.1
            ),
            "offers": rng.poisson(2, len(grid)),
        }
    )
    agent_days["sales"] = rng.binomial(agent_days["offers"], 0.2)
    return Tables(tickets=tickets, surveys=surveys, calls=calls, agent_days=agent_days)
